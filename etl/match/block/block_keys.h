/* block_keys.h: the keys of one blocking rule, and the blocks that they make. */
#ifndef CUST360_MATCH_BLOCK_KEYS_H
#define CUST360_MATCH_BLOCK_KEYS_H

#include "cust360/base/hash.h"
#include "match/block/block.h"
#include "match/block/block_cuts.h"

/* The hash of a further value of a key; never 0. */
static inline uint64_t key_mix(uint64_t hash, uint64_t value)
{
    uint64_t mixed = hash_combine(hash, value);
    return mixed ? mixed : 1;
}

/* The hashes of each record's keys; 0 is no key. A rule all of whose attributes have one value has
 * one a record; else they are hashes[starts[record]] up to starts[record + 1]. After
 * block_list_make they are those under which pairs were really met: refined ones for large blocks,
 * none for windowed ones. */
struct key_set {
    const struct block_rule *rule;
    uint32_t *starts; /* or NULL */
    uint64_t *hashes;
    bool decides; /* two records with the rule's keys in common need not have met by it */
    bool cut;     /* a record has more keys than are made */
};

struct block {
    uint64_t hash;
    size_t first; /* of its entries */
    size_t count;
    uint64_t pairs; /* that are gone through */
    bool windowed;  /* too large: each record meets only its neighbours */
};

struct block_list {
    struct hash_pair *entries; /* the records, block by block */
    struct block *blocks;
    size_t count;
    size_t capacity;
    uint64_t pairs_left_out;
    struct large_block largest[LARGE_BLOCKS];
    size_t largest_count;
    struct block_cuts *cuts; /* NULL: they are not asked for; else the caller's */
};

void key_set_compute(struct key_set *keys, const struct table *table, const struct block_rule *rule,
                     unsigned threads);
void key_set_release(struct key_set *keys);

/* The least key that two records have in common, or 0. */
uint64_t key_set_common(const struct key_set *keys, uint32_t a, uint32_t b);

/* Whether two records have met by the rule, from their values; the hashes are only asked where the
 * keys decide, and are released before where they do not (key_set_forget). */
bool key_set_met(const struct key_set *keys, const struct table *table, uint32_t a, uint32_t b);
void key_set_forget(struct key_set *keys);

/* Makes the blocks of two and more records. */
void block_list_make(struct block_list *list, struct key_set *keys, const struct table *table,
                     unsigned threads);
void block_list_release(struct block_list *list);

#endif
