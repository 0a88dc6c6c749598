/* night.h: sequences of random nights of a small group, by the program's own steps.
 *
 * Dealers' rows come from the sample group. Each night some are changed, added, dropped, doubled,
 * put in another order, rejected or broken; sources are late, or so much smaller that a gate stops
 * them or is overridden; one gives deltas, one is a table that is read from where it was read last;
 * stewards decide; runs are killed. What the state then holds must be what a state that never saw
 * the nights before would hold. */
#ifndef CUST360_TESTS_NIGHT_H
#define CUST360_TESTS_NIGHT_H

#include "cli/run/job.h"
#include "cust360/base/buffer.h"

enum { NIGHT_SOURCES = 6, NIGHT_DECISIONS_MAX = 64, NIGHT_FIELDS_MAX = 20, NIGHT_DAYS_MAX = 10 };

enum {
    CUSTOMERS_D02,
    VEHICLES_D02,
    REPAIRS_D02,
    ARCHIVE_D06,
    CUSTOMERS_D07,
    VEHICLES_D07,
    REPAIRS_D07,
    MEMBERS,
    DELTA_X01,
    TABLE_W01,
    NIGHT_FILES
};

enum { TABLE_MOBILE = 2, TABLE_CHANGED, TABLE_STATE, TABLE_COLUMNS };

/* A mobile number for which the dealer's own rule rejects the row. */
#define NIGHT_FATAL "16600000000"

enum feed_kind { FEED_FULL, FEED_DELTA, FEED_TABLE };

struct night_lines { /* of a file, without their ends; the heading first */
    char **items;
    size_t count;
    size_t capacity;
};

struct night_file {
    const char *name;
    size_t source; /* files of one source come and go together */
    enum feed_kind kind;
    size_t marked;           /* the field that may hold NIGHT_FATAL; FIELD_NONE: none */
    struct night_lines pool; /* the sample's */
    struct night_lines now;  /* tonight's export */
    struct night_lines good; /* what a state made from nothing is to be given */
    bool ever_good;
};

struct night_decision {
    const char *kind;
    const char *source_a;
    char key_a[80];
    const char *source_b;
    char key_b[80];
    char value[40];
    bool undone;
};

struct nights {
    uint64_t seed;
    uint64_t random;
    char folder[300];
    struct arena *arena; /* of the configuration, which all sequences share */
    struct project *project;
    struct job configured; /* rules, match, survivorship */
    struct night_file files[NIGHT_FILES];
    struct night_decision decisions[NIGHT_DECISIONS_MAX];
    size_t decision_count;
    size_t decisions_written;
    int32_t as_of_days;
    uint64_t clock_minutes;              /* of the dealer whose table is watched */
    bool late[NIGHT_SOURCES];            /* by source */
    bool accepted;                       /* whatever gates say tonight */
    struct rules *rules[NIGHT_DAYS_MAX]; /* by days since the first; NULL: not loaded yet */
    bool has_views;                      /* the view is published after each night */
    int64_t view_run;                    /* of the view; 0: there is none */
    unsigned views_refreshed;
};

void nights_open(struct nights *nights);
void nights_close(struct nights *nights);

/* A whole sequence: nights, then the comparison. Fails the test, naming the seed. */
void nights_play(struct nights *nights, uint64_t seed);

/* ---- night_change.c ---- */

uint64_t night_draw(struct nights *nights, uint64_t below);
void night_first(struct nights *nights);  /* the first night's exports */
void night_change(struct nights *nights); /* tonight's, from last night's */

/* ---- night_delta.c: what deltas say tonight, and what happens in the table ---- */

void night_delta(struct nights *nights);
void night_table(struct nights *nights);

/* ---- night_lines.c ---- */

void lines_add(struct night_lines *lines, const char *text, size_t length);
void lines_copy(struct night_lines *to, const struct night_lines *from);
void lines_drop(struct night_lines *lines, size_t row);
void lines_free(struct night_lines *lines);

/* The fields of a line without quotes; how many. */
size_t night_split(const char *line, struct slice *fields);
/* What stands before the first comma. */
struct slice night_key(const char *line);
/* The line with another value in a field; false: it has quotes, or no such field. */
bool night_set(const char *line, size_t field, struct slice value, struct buffer *text);
/* A row, never the heading; 0: there is none. */
size_t night_row(struct nights *nights, const struct night_lines *lines);

/* ---- night_feed.c ---- */

const char *night_path(const struct nights *nights,
                       const char *name);     /* in the sequences' folder */
void night_feeds_open(struct nights *nights); /* project, mappings, what rows are drawn from */
/* Tonight's exports, or what each source has given so far. */
void night_write_feeds(const struct nights *nights, bool good);
/* After a run that was committed: which sources it has read. */
void night_note_good(struct nights *nights, struct database *database);

/* ---- night_view.c ---- */

void night_view_forget(struct nights *nights);
/* Brings the view up to date with a run that has been committed, and with the one before it. */
void night_view_update(struct nights *nights, int64_t run_id, int64_t former_run_id);
/* Asserts that it is what one made anew would be. */
void night_view_check(struct nights *nights);

/* ---- night_compare.c ---- */

/* All of a state that has meaning, as text. */
void night_describe(struct database *database, struct buffer *text);

/* What the last run has changed, a line each; NULL: nothing. */
const char *night_moved(struct database *database, struct arena *arena);

/* What holds of golden ids after any night; NULL: all does. */
const char *night_ids_fault(struct database *database);

#endif
