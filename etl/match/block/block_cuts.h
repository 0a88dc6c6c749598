/* block_cuts.h: the blocks that were too large, and who was in them.
 *
 * Whether two records of a block that is not too large meet depends on the two alone; in one that
 * is refined or windowed it depends on the others as well. Who meets whom can therefore only have
 * changed, for records that have not, where a run of records is cut that was not, or the other way
 * round, or where a window stands over other records. */
#ifndef CUST360_MATCH_BLOCK_CUTS_H
#define CUST360_MATCH_BLOCK_CUTS_H

#include "match/intake/table.h"

/* A run of records that was too large for a block. */
struct cut_run {
    uint64_t name;  /* of its rule and the texts of its keys: the same in every match */
    uint32_t first; /* of its members */
    uint32_t count;
    uint32_t windowed; /* then the members stand in the window's order */
    uint32_t unused;   /* 0 */
};

struct block_cuts {
    struct cut_run *runs;
    size_t run_count;
    size_t run_capacity;
    uint32_t *members;
    size_t member_count;
    size_t member_capacity;
    bool incomplete; /* a record has more keys than are made: which, depends on other records */
};

void block_cuts_release(struct block_cuts *cuts);

/* Appends the runs of `other`. */
void block_cuts_join(struct block_cuts *cuts, const struct block_cuts *other);

/* Appends a run of `count` entries' records. */
void block_cuts_add(struct block_cuts *cuts, const struct cut_run *run,
                    const struct hash_pair *entries);

/* What a run is called whose records share a key of a rule, by one of them: the key of the hash
 * that block_keys.c made of it, and the first `steps` refining keys. */
uint64_t block_cuts_name(const struct table *table, const struct block_rule *rule, uint32_t record,
                         uint64_t hash, size_t steps);

#endif
