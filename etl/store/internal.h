/* internal.h: what the files of the store share. */
#ifndef CUST360_STORE_INTERNAL_H
#define CUST360_STORE_INTERNAL_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/store_golden.h"
#include "cust360/store_operation.h"
#include "known.h"
#include "quality.h"
#include "rows.h"

#define STATE_FILE     "state.db"
#define SCHEMA_VERSION 5

/* The one code of findings that are of the run and not of a source's reading. */
#define SHARED_CODE "shared_widely"

/* ---- the store ---- */

/* The statements on one entity's table; prepared when first needed. */
struct record_table {
    const struct model_entity *entity;
    struct statement *insert;
    struct statement *update;
    struct statement *reopen;
    struct statement *close;
    struct statement *find;
    struct statement *recall;      /* a record as it is stored, for its quality */
    struct field_quality *quality; /* of the source being read; one a field */
    int64_t quality_rows;
    struct store_removals removals; /* of the source being read */
    struct known known;             /* of the source being read */
};

struct reading { /* of a source */
    const struct source *source;
    int64_t source_id;
    bool open;
    bool counted; /* by store_source_count */
    struct store_counts counts;
    struct store_file *files;
    size_t file_count;
    size_t files_capacity;
    struct arena *arena;     /* the files' names */
    struct store_rows *rows; /* what is remembered of the last reading; NULL: nothing */
    bool rows_contested;
    struct told_rows told;
};

struct roster_source {
    int64_t source_id;
    struct slice name;
    int trust;
};

struct roster { /* the members of the last scan */
    size_t entity;
    struct arena *arena;
    struct roster_source *sources; /* by name */
    size_t source_count;
    int64_t *record_ids; /* [count] */
    uint32_t *member_source;
    bool *changed;
    uint32_t count;
    bool chosen; /* only some records: whose customers are whole */
    size_t record_ids_capacity;
    size_t member_source_capacity;
    size_t changed_capacity;
};

struct golden_store;
struct suppressed;

struct store {
    struct database *database;
    const struct model *model;
    char *folder;
    int lock;
    bool writing;
    int64_t run_id; /* 0: no run has been begun */
    char as_of[11];
    struct record_table *tables; /* one an entity */
    struct statement *add_finding;
    struct statement *add_notice;
    struct statement *add_shared;
    struct statement *add_change;
    bool lists_changes; /* of this run: there was one before it */
    bool has_changes;
    struct reading reading;
    struct roster roster;
    struct decisions *decisions;
    struct golden_store *golden;
    struct suppressed *suppressed; /* persons who were erased; NULL: nobody */
    struct gate_notes *gates;      /* what the gates of this run said so far; NULL: nothing */
};

/* ---- schema.c ---- */

/* Checks the version; for writing, makes what is missing. */
bool schema_open(struct store *store, struct error *error);

/* Makes the indexes that loading does without when a table is filled for the first time. */
bool schema_index(struct store *store, struct error *error);

/* ---- put.c, finding.c, source.c ---- */

void record_table_release(struct record_table *table);
bool finding_add(struct store *store, const struct finding *finding, const struct place *place,
                 struct error *error);
bool findings_forget(struct store *store, bool delta, struct error *error);
void source_reading_release(struct reading *reading);
/* Makes the source the one at hand, and known to the state as it is described. */
bool source_describe(struct store *store, const struct source *source, struct error *error);
bool source_set_good(struct store *store, struct error *error);

/* Prepares *statement from the text unless it is there. */
bool store_prepare(struct store *store, struct statement **statement, const char *sql,
                   struct error *error);

/* Runs SQL with one number bound to its ?1. */
bool store_run_with(struct store *store, const char *sql, int64_t number, struct error *error);

/* ---- scan.c, decision.c, golden.c ---- */

void roster_release(struct roster *roster);
bool roster_begin(struct store *store, size_t entity, struct error *error);

struct decisions *decisions_load(struct store *store, struct error *error);
void decisions_destroy(struct decisions *decisions);
/* Tells which member has this source and key. */
void decisions_note_member(struct decisions *decisions, struct slice source, struct slice key,
                           uint32_t member);
/* Marks members whose golden record a steward's value concerns or has concerned. */
void decisions_mark_values(const struct decisions *decisions, bool *changed);

void golden_store_destroy(struct golden_store *golden);
/* Append a name, or "record_ENTITY". */
void append_identifier(struct buffer *sql, const char *name);
void append_table(struct buffer *sql, const struct model_entity *entity);

#endif
