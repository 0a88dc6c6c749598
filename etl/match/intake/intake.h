/* intake.h: what the parts of the intake share.
 *
 *   intake_batch.c    rows, taken apart by attribute
 *   intake.c          batches, their values numbered
 *   intake_arrange.c  records in the order of (source, key) */
#ifndef CUST360_MATCH_INTAKE_PARTS_H
#define CUST360_MATCH_INTAKE_PARTS_H

#include "cust360/base/buffer.h"
#include "cust360/match_intake.h"
#include "match/intake/table.h"

/* One entity whose records refer to those matched, by one field. */
struct referrer_plan {
    size_t entity;
    size_t reference;   /* the field that holds the matched record's key */
    size_t *attributes; /* what it gives */
    size_t *fields;     /* and from which field */
    size_t count;
};

struct intake_plan {
    size_t entity;      /* the matched one */
    size_t *attributes; /* its own, */
    size_t *fields;     /* from these fields */
    size_t count;
    struct referrer_plan *referrers;
    size_t referrer_count;
};

struct referrer_batch {
    uint32_t *rows;              /* the record of the same row with that key, or NO_ROW */
    struct map_text *keys;       /* of the referring record itself */
    struct map_text *references; /* the matched record's key */
    struct map_text **values;    /* [attribute][index] */
    size_t count;
    size_t capacity;
};

#define NO_ROW UINT32_MAX

struct intake_batch {
    const struct intake_plan *plan;
    struct buffer text;
    struct map_text *keys;
    struct map_text **values; /* [attribute][record]; length 0: none */
    size_t count;
    size_t capacity;
    struct referrer_batch *referrers;
};

/* A referring record: whom it refers to, by arrival, or where the key stands that says it. */
struct referrer_record {
    uint64_t key_hash; /* of source and its own key */
    uint32_t record;   /* or NO_ROW: not found in its own row */
    uint32_t source;
    uint64_t reference_offset; /* into the intake's references; NO_ROW only */
    uint32_t reference_length;
};

struct referrer_list {
    struct referrer_record *records;
    size_t count;
    size_t capacity;
    uint32_t **values; /* [attribute][index] */
    size_t value_capacity;
};

struct intake_source {
    struct slice name;
    uint32_t first; /* of its records, by arrival */
};

struct match_intake {
    struct arena *arena;
    const struct match_rules *rules;
    struct intake_plan plan;
    struct input_field *fields; /* as the input will have them, by arrival */
    uint32_t record_count;
    struct intake_source *sources;
    size_t source_count;
    size_t source_capacity;
    struct buffer keys;   /* all records' keys, one behind the other */
    uint64_t *key_starts; /* by arrival, and one more */
    size_t key_capacity;
    struct buffer references; /* keys that were not found in the row itself */
    struct referrer_list *referrers;
    bool unordered;     /* the keys of a source did not come ascending, or one came twice */
    uint32_t *arrivals; /* by final number; NULL: the same */
    uint32_t final_count;
};

/* The key of a record by its arrival. */
static inline struct slice intake_arrival_key(const struct match_intake *intake, uint32_t arrival)
{
    uint64_t start = intake->key_starts[arrival];
    return slice_make(intake->keys.data + start, intake->key_starts[arrival + 1] - start);
}

/* The source of a record by its arrival: an index into `sources`. */
size_t intake_arrival_source(const struct match_intake *intake, uint32_t arrival);

/* Fills `arrivals`; returns for each arrival the final number (of its key), NULL: the same. */
uint32_t *intake_arrange(struct match_intake *intake);

#endif
