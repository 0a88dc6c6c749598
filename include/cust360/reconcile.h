/* reconcile.h: two sides that must hold the same rows, and what has silently gone wrong between.
 *
 *   source ──► rows ─┐                          ┌─► rows: missing, extra, duplicate, other key
 *                    ├─► by key, then by value ─┼─► cells: cut, default, damaged, lost, changed
 *   target ──► rows ─┘                          └─► fill, distinct, longest, hashes: both sides
 *
 * The sides are whatever a caller reads by two ways that do not know of each other: the feed and
 * its control copy, the feed read again and the state, the state and the view, the view and a
 * database. Rows are kept in a scratch file; memory does not grow with them but for a hash a row.
 * The order of rows does not matter. Values are masked before they are given out, unless the
 * comparison is told to show them. One thread a comparison. */
#ifndef CUST360_RECONCILE_H
#define CUST360_RECONCILE_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config_class.h"
#include <stdint.h>

enum side { SIDE_SOURCE, SIDE_TARGET, SIDES };

enum discrepancy_kind {
    /* between the sides: a fault */
    ROWS_MISSING, /* the target lacks the row */
    ROWS_EXTRA,   /* the source does not have it */
    DUPLICATES,   /* the target has a row of the source more often */
    KEY_CHANGED,  /* the row is there under another key */
    CUT,          /* the target has the begin of the value only */
    DEFAULT_VALUE,
    ENCODING, /* characters were damaged or dropped */
    LOST,     /* there was a value, and there is none */
    MOVED,    /* it stands in another column */
    MASKED,   /* stars stand for characters */
    ZEROS_LOST,
    ROUNDED,
    DAY_AND_MONTH, /* changed places */
    TIME_SHIFTED,  /* by a day, or by hours */
    REWRITTEN,     /* the same in capitals, full width … */
    CHANGED,
    /* of one side alone: a person has to judge */
    SUSPECT_CUT,       /* many values end at one length */
    SUSPECT_DEFAULT,   /* one value stands in for many */
    SUSPECT_ENCODING,  /* signs of damage that was there before */
    SUSPECT_DUPLICATE, /* equal rows under several keys */
    SUSPECT_REPEATED,  /* equal rows under one key */
    SUSPECT_KEY,       /* a key with several different rows */
    DISCREPANCY_KINDS
};

/* rows_missing, cut … as machines are told; and a sentence for people. */
const char *discrepancy_name(enum discrepancy_kind kind);
const char *discrepancy_sentence(enum discrepancy_kind kind);
bool discrepancy_is_fault(enum discrepancy_kind kind);

/* How a cell differs from the source's: CUT … CHANGED, but MOVED. They are not equal. */
enum discrepancy_kind discrepancy_of_cell(struct slice source, struct slice target);

/* Whether it was decoded wrongly: U+FFFD, "??" for characters, UTF-8 read as something else. */
bool text_looks_damaged(struct slice text);

/* Whether programs put this text in where there is none (1900-01-01, 13800000000, 未知). */
bool text_is_default(struct slice text);

enum { DISCREPANCY_EXAMPLES = 5 };

struct discrepancy_example {
    const char *key;
    const char *place; /* file:line, or a table's name */
    const char *source;
    const char *target;
};

struct discrepancy {
    enum discrepancy_kind kind;
    const char *column; /* NULL: of rows; of MOVED: "from → to" */
    uint64_t count;
    struct discrepancy_example examples[DISCREPANCY_EXAMPLES];
    size_t example_count;
};

struct comparison_column {
    const char *name;
    const char *affinity; /* as the target keeps it: TEXT, INTEGER, REAL */
    bool is_key;          /* part of the key: a copy under another key differs in it */
    bool is_other; /* of something else in the row than the key is of: may differ under one key */
    enum field_showing showing; /* of its values in examples */
};

struct side_column {
    uint64_t filled, distinct;
    uint64_t longest; /* characters */
    uint64_t hash;    /* of keys and values, whatever their order */
};

struct side_result {
    uint64_t rows;
    uint64_t hash;
    struct side_column *columns;
};

struct comparison_result {
    const struct comparison_column *columns;
    size_t column_count;
    struct side_result sides[SIDES];
    struct discrepancy *discrepancies;
    size_t discrepancy_count;
};

struct comparison_options {
    const char *scratch; /* path of a file to be made and removed */
    const struct comparison_column *columns;
    size_t column_count;
    bool single;   /* there is no target side: the source is only looked at */
    bool suspect;  /* what the source shows by itself is told as well */
    bool unmasked; /* examples show whole values */
};

struct comparison;

/* Options and columns are borrowed. */
struct comparison *comparison_open(const struct comparison_options *options, struct error *error);

struct comparison_row {
    struct slice key;
    struct slice place;
    const struct slice *values; /* one a column; empty: no value */
};
bool comparison_add(struct comparison *comparison, enum side side, const struct comparison_row *row,
                    struct error *error);

/* Compares; the result lives in the arena. */
bool comparison_finish(struct comparison *comparison, struct arena *arena,
                       struct comparison_result *result, struct error *error);

/* Closes and removes the scratch file; NULL is allowed. */
void comparison_close(struct comparison *comparison);

/* A few of a side's rows, from equal stretches of it. */
typedef bool sample_taker(void *context, const struct comparison_row *row, struct error *error);
bool comparison_sample(struct comparison *comparison, enum side side, size_t count,
                       sample_taker *take, void *context, struct error *error);

/* Before comparison_finish: of rows with one key only the last counts; *repeated: how many went. */
bool comparison_keep_last(struct comparison *comparison, enum side side, uint64_t *repeated,
                          struct error *error);

/* The same: rows of the target whose keys the source lacks are no fault; with `key` that one. */
bool comparison_allow(struct comparison *comparison, const struct slice *key, struct error *error);

#endif
