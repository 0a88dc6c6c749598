/* match.h: which records mean the same customer.
 *
 *   records ──► blocks ──► pairs ──► weights (Fellegi–Sunter) ──► constrained clusters
 *
 * Driven by match.yaml (attributes, blocking keys, comparisons with levels, hard rules,
 * thresholds) and a trained model file (m, u, prior, term frequencies), for any schema. Nothing
 * here knows of dealers or of the store. The result depends on the records, the rules, the model
 * and the decisions only: not on threads, nor on the order in which records were added (ties are
 * broken by source and key).
 *
 * Weights are fixed point: WEIGHT_ONE units are one bit (log2 of m/u). */
#ifndef CUST360_MATCH_H
#define CUST360_MATCH_H

#include "cust360/config.h"

#define WEIGHT_ONE 1024

struct match_attribute {
    const char *name;
    const char *entity; /* NULL: the matched entity itself; else records that refer to it */
    const char *field;
    const char *reference; /* the field of `entity` that holds the matched record's key */
    size_t shared_limit;   /* a value that goes with more names than this belongs to nobody; 0: no
                              matter */
    size_t shared_by;      /* the attribute that is meant by names */
};

struct match_rules; /* match.yaml, bound */
struct match_model; /* parameters, as trained */

struct match_rules *match_rules_load(struct arena *arena, const char *path,
                                     const struct model *model, struct error *error);
const char *match_rules_entity(const struct match_rules *rules);
size_t match_rules_attributes(const struct match_rules *rules,
                              const struct match_attribute **attributes);

struct match_model *match_model_load(struct arena *arena, const char *path,
                                     const struct match_rules *rules, struct error *error);
bool match_model_save(const struct match_model *model, const struct match_rules *rules,
                      const char *path, struct error *error);

/* The records to match, by columns. Values are interned. */
struct match_input;
struct match_input *match_input_create(const struct match_rules *rules);
void match_input_destroy(struct match_input *input);

/* Adds a record; numbers count from 0. Records are added in the order of (source, key). */
uint32_t match_input_add(struct match_input *input, struct slice source, struct slice key);

/* Gives a record a value of attribute `attribute`; attributes of another entity may have several.
 * Empty values are passed over. */
void match_input_set(struct match_input *input, uint32_t record, size_t attribute,
                     struct slice value);
uint32_t match_input_count(const struct match_input *input);

/* The number of a record's value of an attribute of the matched entity itself, below
 * match_input_values; UINT32_MAX: it has none. And the text of a number. */
uint32_t match_input_value(const struct match_input *input, uint32_t record, size_t attribute);
uint32_t match_input_values(const struct match_input *input, size_t attribute);
struct slice match_input_text(const struct match_input *input, size_t attribute, uint32_t value);

/* A steward's word about two records. */
struct match_decision {
    uint32_t a;
    uint32_t b;
    bool same;
};

struct match_pair {
    uint32_t a; /* a < b */
    uint32_t b;
    int32_t weight;     /* in 1/WEIGHT_ONE bits, prior included */
    const char *reason; /* why it is not merged, or by which hard rule it is; may be NULL */
};

struct match_statistics {
    uint64_t pairs_compared;
    uint64_t pairs_matched;
    uint64_t pairs_possible;
    uint64_t pairs_left_out;       /* not compared because their block is too large */
    uint64_t values_shared_widely; /* values too common to be evidence */
    uint64_t links_refused;        /* matches that the constraints kept apart */
    uint32_t clusters;
    uint32_t largest_cluster;
    /* Clusters by their number of records: 1, 2, 3, 4, 5 to 9, 10 and more. */
    uint32_t cluster_sizes[6];
};

/* Records that share a blocking key: the largest such, before a block that is too large is cut. */
struct match_block {
    const char *rule;
    const char *values; /* "name Wang*, city ..."; of personal attributes masked */
    uint64_t records;
    uint64_t pairs_left_out; /* not compared by this key, for the block is too large */
};

struct match_result {
    uint32_t record_count;
    uint32_t *cluster;        /* a record's cluster: the smallest record number in it */
    struct match_pair *links; /* the pairs that hold the clusters, by (a, b) */
    size_t link_count;
    struct match_pair *possible; /* for the steward, by weight, highest first */
    size_t possible_count;
    struct match_block *blocks; /* the largest, from the largest */
    size_t block_count;
    struct arena *texts; /* what they point at */
    struct match_statistics statistics;
};

/* Matches all of the input. The result is freed by match_result_release. */
bool match_run(const struct match_rules *rules, const struct match_model *model,
               const struct match_input *input, const struct match_decision *decisions,
               size_t decision_count, unsigned threads, struct match_result *result,
               struct error *error);
void match_result_release(struct match_result *result);

#endif
