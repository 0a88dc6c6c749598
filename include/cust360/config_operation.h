/* config_operation.h: what a group has configured about its nights: gates, what is kept and for how
 * long, who has left. Read-only once loaded, in the arena of the project. */
#ifndef CUST360_CONFIG_OPERATION_H
#define CUST360_CONFIG_OPERATION_H

#include "cust360/base/seal.h"
#include "cust360/config_retention.h"

#include <stddef.h>

/* ---- gates: what is measured before publishing, and from where on it warns or stops ---- */

enum gate_kind {
    /* of one source */
    GATE_REJECT_SHARE,   /* rejected rows, of the rows read */
    GATE_SOURCE_ROWS,    /* rows more or fewer, of the median of former runs */
    GATE_FILL_RATE,      /* points that a field's fill rate moved, of the median of former runs */
    GATE_DUPLICATE_KEYS, /* records whose key came again with other content, of all its records */
    GATE_REMOVALS,       /* records gone from a full feed, of those that were there */
    GATE_STALE_DAYS,     /* days since the source's last good data */
    /* of the whole run */
    GATE_GOLDEN_COUNT,    /* golden records more or fewer, of those of the former run */
    GATE_MERGE_SHARE,     /* points that the share of merged records moved, of the former share */
    GATE_LARGEST_CLUSTER, /* records in the largest cluster; its growth, of the former one */
    GATES
};

const char *gate_name(enum gate_kind gate);

/* The gate of that name, or GATES. */
enum gate_kind gate_find(const char *name);

/* All names, ending with NULL, for "did you mean". */
const char *const *gate_names_all(void);

/* Gates of a source come before those of the run. */
static inline bool gate_is_of_source(enum gate_kind gate)
{
    return gate < GATE_GOLDEN_COUNT;
}

/* "200": an amount; "5 %": a share; "5 % and 200": both; "5 % or 200": either. A limit is passed
 * when the measure is greater. */
struct gate_limit {
    bool is_set; /* false: never passed */
    bool has_amount;
    bool has_percent;
    bool either;
    double amount;
    double percent;
};

enum gate_action {
    GATE_STOP,  /* nothing is published */
    GATE_FREEZE /* gates of a source: it keeps its last good data, and the run goes on */
};

enum gate_direction { GATE_BOTH, GATE_FALL, GATE_RISE };

struct gate_rule {
    struct gate_limit warn;
    struct gate_limit stop;
    enum gate_action action;       /* when `stop` is passed */
    enum gate_direction direction; /* of the gates that measure a change */
    uint32_t least;                /* silent when the measure's base is smaller */
    uint32_t runs;                 /* former runs that a median is taken of */
    const char *const *fields;     /* fill_rate: "customer.mobile" … */
    size_t field_count;
};

/* ---- the rest ---- */

struct retention {
    uint32_t reports_runs; /* reports of the last runs, OUT/reports */
    uint32_t views_runs;   /* former views to go back to, OUT/views */
    uint32_t rejects_days; /* rejected rows of former runs, STATE/rejects; 0: of the last only */
    uint32_t raw_days;     /* copies of the feeds as they came, STATE/raw; 0: none */
};

struct departure { /* a source that has left: its records stay, it is not expected any more */
    const char *source;
    int32_t days; /* its first day without it */
};

struct review_rules {           /* how stewards work */
    uint32_t lease_cases;       /* handed to a steward at a time */
    uint32_t lease_minutes;     /* until they are given back when nothing is done */
    uint32_t control_every;     /* one known pair among so many cases; 0: none */
    uint32_t four_eyes_records; /* a merge of more records needs a second steward; 0: never */
    bool four_eyes_conflicts;   /* so does a merge of contrary identity values */
    bool four_eyes_splits;      /* so does what parts a customer of so many, or of such values */
    double weak_bits;           /* a link of less above the merge threshold is weak */
    uint32_t apply_records;     /* a decision that touches more is applied by the next run */
};

struct operation {
    struct review_rules review;
    struct gate_rule gates[GATES];
    struct retention keep;
    struct retention_rules retention; /* of what is known of persons */
    const char *const *roles; /* whose parts of the view are published as files of their own */
    size_t role_count;
    const char *const *backups; /* files, folders and shell patterns that erasures reach */
    size_t backup_count;
    struct seal_ring seals; /* keys of what is sealed at rest; none: nothing is */
    const char *metrics;    /* file for the node exporter's textfile collector; NULL: none */
    const struct departure *left;
    size_t left_count;
};

/* The departure of a source on or before that day, or NULL. */
const struct departure *operation_departure(const struct operation *operation, const char *source,
                                            int32_t as_of_days);

#endif
