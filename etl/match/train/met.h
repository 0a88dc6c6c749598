/* met.h: the pairs that meet by any blocking rule, kept.
 *
 * Training looks at them several times and matching once more; finding them again would cost more
 * than going through a list of eight bytes a pair. */
#ifndef CUST360_MATCH_MET_H
#define CUST360_MATCH_MET_H

#include "match/block/block.h"

struct met_pair {
    uint32_t a; /* a < b */
    uint32_t b;
};

struct met_pairs {
    struct met_pair *pairs; /* in an order that does not depend on threads */
    size_t count;
    size_t capacity;
    struct block_statistics statistics;
};

/* All pairs of all blocking rules. */
struct met_pairs *met_pairs_find(const struct table *table, unsigned threads);
void met_pairs_destroy(struct met_pairs *met);

/* Hands them to a taker as blocks_enumerate does, as if by one rule (number 0). */
void met_pairs_take(const struct met_pairs *met, const struct table *table, unsigned threads,
                    const struct pair_taker *taker);

#endif
