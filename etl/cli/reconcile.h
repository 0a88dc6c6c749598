/* reconcile.h: one `cust360 reconcile` while it is under way.
 *
 *   control ─► feed ─► records ─► golden ─► view ─► targets
 *          a leg between each two: comparison of reconcile.h
 * Each leg reads both of its sides itself; what a run has noted about them is compared too, and
 * never taken for granted. */
#ifndef CUST360_CLI_RECONCILE_H
#define CUST360_CLI_RECONCILE_H

#include "cust360/base/buffer.h"
#include "cust360/config.h"
#include "cust360/reconcile.h"
#include "cust360/reconcile_count.h"
#include "cust360/standardize.h"
#include "cust360/store.h"

struct reconcile_leg {
    const char *name;   /* control, records, golden, view, target */
    const char *source; /* the sides in words */
    const char *target;
    const char *subject; /* a source's id, or a target's name */
    const char *table;   /* whose rows */
    const char *trouble; /* why it could not be compared; NULL: it was */
    bool trouble_is_encoding;
    struct comparison_result result;
};

struct reconcile_file {
    const char *source;
    const char *name;
    struct raw_count raw; /* by a count of its own; records beside the heading */
    bool counted;
    uint64_t told; /* rows that the run has noted */
    uint64_t accepted;
    uint64_t rejected;
    uint64_t discarded;
    uint64_t suppressed, expired; /* expired: told of what is past its term, and gone */
    uint64_t read;                /* rows that the reader gives now */
    uint64_t control;             /* rows of the control copy, or of --totals */
    bool has_control;
    const char *fault; /* NULL: it balances */
    const char *fault_name;
    const char *note;
};

/* Its name, behind the source's where that does not begin it (a database's tables). */
const char *reconcile_file_label(struct arena *arena, const struct reconcile_file *file);

struct reconcile_reason { /* why rows were set aside, or fields blanked */
    const char *source;
    const char *code;
    const char *severity;
    const char *message;
    const char *place; /* of the first */
    uint64_t count;
};

struct reconcile_sample {
    const char *source;
    const char *table;
    const char *key;
    const char *place;
    const char *golden_id;
    const char *values; /* name: value · … */
    const char *path;   /* of its file; NULL: in none (ODBC), or it was not found again */
    uint64_t byte_offset;
    uint64_t byte_length;
};

struct reconciling {
    struct arena *arena;
    const struct project *project;
    struct rules *rules;
    struct store *store;
    const char *scratch; /* a folder for scratch files */
    const char *control; /* a folder like the feeds; NULL: none */
    const char *totals;  /* a CSV file,rows; NULL: none */
    bool unmasked;
    unsigned threads;
    size_t samples_wanted;
    int32_t as_of_days;
    int64_t run_id;
    int64_t view_run; /* the run that the view is of: a quiet night leaves it alone */
    struct reconcile_leg *legs;
    size_t leg_count, leg_capacity;
    struct reconcile_file *files;
    size_t file_count, file_capacity;
    struct reconcile_reason *reasons;
    size_t reason_count, reason_capacity;
    struct reconcile_sample *samples;
    size_t sample_count, sample_capacity;
    uint64_t faults;
    uint64_t suspects;
    /* who signs */
    const char *signed_by;
    const char *signed_at;
    const char *signed_hash;
};

/* A leg, to be filled; its place may move with the next one. */
struct reconcile_leg *reconcile_leg_add(struct reconciling *work, const char *name);

/* Options of a comparison with a scratch file of its own. */
struct comparison_options reconcile_options(const struct reconciling *work,
                                            const struct comparison_column *columns, size_t count);

/* Notes how examples show columns that are named as the model's fields. */
void reconcile_showing(const struct reconciling *work, struct comparison_column *columns,
                       size_t count);

/* Finishes a comparison into the leg, and closes it. */
bool reconcile_finish(struct reconciling *work, struct comparison *comparison,
                      struct reconcile_leg *leg, struct error *error);

/* The files by their own count, and the feed against its control copy. */
bool reconcile_feeds(struct reconciling *work, struct error *error);

/* The feed, standardized again, against the records of the state; these against golden records,
 * both against the view. */
bool reconcile_records(struct reconciling *work, struct error *error);
bool reconcile_golden(struct reconciling *work, struct error *error);
bool reconcile_view(struct reconciling *work, struct error *error);

/* Two SQLite files, table by table. */
bool reconcile_tables(struct reconciling *work, const char *source_path, const char *target_path,
                      const struct reconcile_leg *pattern, struct error *error);

/* The view that the state gives against the published one. */
bool reconcile_rebuilt(struct reconciling *work, struct error *error);

/* The view against the databases that it is sent to. */
bool reconcile_targets(struct reconciling *work, struct error *error);

/* Reads the feeds once more for where the samples' rows stand; what cannot be read is left out. */
void reconcile_locate(struct reconciling *work);

/* What is printed, and the page. */
void reconcile_write_text(const struct reconciling *work, struct buffer *text);
void reconcile_write_json(const struct reconciling *work, bool with_signature, struct buffer *text);
void reconcile_write_page(const struct reconciling *work, struct buffer *html);

/* The columns of a table of an SQLite file, with their affinities. */
bool reconcile_columns(struct arena *arena, struct database *database, const char *table,
                       struct comparison_column **columns, size_t *count, struct error *error);

/* Adds all rows of a query (key, place, values) to a side. */
bool reconcile_add_query(struct database *database, const char *sql, struct comparison *comparison,
                         enum side side, struct error *error);

#endif
