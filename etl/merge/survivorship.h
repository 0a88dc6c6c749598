/* survivorship.h: survivorship.yaml as bound, for the files of merging. */
#ifndef CUST360_MERGE_SURVIVORSHIP_H
#define CUST360_MERGE_SURVIVORSHIP_H

#include "rule.h"

struct rule_use {
    const struct merge_rule *rule;
    struct rule_fields fields;
};

/* A choice and its columns: the attribute itself and what comes with it. */
struct attribute {
    const char *name;
    size_t *from; /* indexes into the record's values; the first field that any record has counts */
    const char **from_names; /* of the fields that findings speak of */
    size_t from_count;
    size_t *with; /* the values that come from the same record */
    size_t with_count;
    size_t first_column; /* of the attribute; those of `with` follow */
    struct rule_use *uses;
    size_t use_count;
};

#define FIELD_UNUSED SIZE_MAX

struct survivorship {
    size_t entity;
    size_t *fields; /* that are read, indexes into the entity's */
    size_t field_count;
    size_t updated; /* index into the record's values; FIELD_UNUSED: not known */
    struct attribute *attributes;
    size_t attribute_count;
    struct golden_column *columns;
    size_t column_count;
    uint64_t hash;
};

/* ---- choose.c ---- */

struct choosing { /* among the records of one cluster; the rest is room, used again and again */
    const struct merge_record *records; /* in the order of members */
    size_t record_count;
    size_t updated; /* as in struct survivorship */
    struct candidate *candidates;
    size_t candidates_capacity;
    uint32_t *classes; /* a candidate's: the index of the class's first candidate */
    size_t classes_capacity;
    struct tally *tallies;
    size_t tallies_capacity;
    uint32_t *last_sources;
    size_t last_sources_capacity;
};

void choosing_release(struct choosing *choosing);

/* Chooses for one attribute. `steward`: a decided value, or NULL. Fills the attribute's columns in
 * `values`, and its choice. */
void choose(struct choosing *choosing, const struct attribute *attribute,
            const struct slice *steward, struct slice *values, struct golden_choice *choice);

#endif
