/* part.h: what a part is made of (part.c, part_keys.c, part_pairs.c), and what all records together
 * have shown (common.c). */
#ifndef CUST360_MATCH_PART_INTERNAL_H
#define CUST360_MATCH_PART_INTERNAL_H

#include "cust360/match_part.h"
#include "match/block/block_keys.h"
#include "match/score/score.h"

struct match_common {
    const struct match_rules *rules;
    uint64_t record_count;
    struct map *dropped; /* hashes of attribute and value */
    struct map *cut;     /* hashes of rule and key */
    bool *is_cut;        /* by rule: one of its keys is */
    struct value_limits limits;
};

/* What stands for the text of a value. */
static inline uint64_t part_value_hash(struct slice text)
{
    return hash_bytes(text, 0);
}

bool common_has_cut(const struct match_common *common, size_t rule, uint64_t hash);

struct match_part {
    const struct match_rules *rules;
    const struct match_common *common;
    struct table *table;
    struct scorer *scorer; /* NULL: there is no model */
    /* One a rule, made when first asked for: keys before cuts, after cuts, and how they came. */
    struct key_set *keys;
    struct key_set *settled;
    bool keys_made;
    struct match_part_key *found;
    size_t found_capacity;
    struct match_limited *limited;
    size_t limited_capacity;
};

void part_make_keys(struct match_part *part);

/* The keys of a record by a rule: a range of key_set.hashes. */
struct part_range {
    size_t from;
    size_t to;
};
static inline struct part_range part_range_of(const struct key_set *keys, uint32_t record)
{
    if (keys->starts)
        return (struct part_range){keys->starts[record], keys->starts[record + 1]};
    return (struct part_range){record, keys->hashes ? (size_t)record + 1 : record};
}

#endif
