/* block.h: which pairs are compared.
 *
 *   rule ──► (hash of its keys, record), sorted ──► blocks ──► too large: refined, else windowed
 *        ──► pairs, of which each belongs to the first rule that both records share
 *
 * There is no table of pairs: rules are gone through one after the other, and whether an earlier
 * rule has met a pair is read off the two records' keys. Work is cut into pieces whose bounds do
 * not depend on the number of threads. */
#ifndef CUST360_MATCH_BLOCK_H
#define CUST360_MATCH_BLOCK_H

#include "match/compare/test.h"

struct pair_batch {
    size_t piece;
    unsigned thread; /* below the number of threads */
    const struct pair_view *pairs;
    size_t count;
};

/* Who takes the pairs: for each rule, begin, the pieces (any thread, any order; each piece by one
 * thread, some pairs after the other), end. Begin and end may be NULL. Of a pair a < b. */
struct pair_taker {
    void (*begin)(void *context, size_t rule, size_t pieces);
    void (*take)(void *context, const struct pair_batch *batch);
    void (*end)(void *context);
    void *context;
};

static inline void pair_taker_begin(const struct pair_taker *taker, size_t rule, size_t pieces)
{
    if (taker->begin)
        taker->begin(taker->context, rule, pieces);
}

static inline void pair_taker_end(const struct pair_taker *taker)
{
    if (taker->end)
        taker->end(taker->context);
}

/* Records that share the keys of a rule, as they are before a large block is cut. */
struct large_block {
    size_t rule; /* number into rules->blocks */
    uint64_t records;
    uint64_t pairs_left_out;
    uint32_t a; /* two of them, which have the keys' values in common */
    uint32_t b;
};

enum { LARGE_BLOCKS = 5 };

/* Keeps a block if it is among the largest; of equal ones the first that was noted. */
void large_blocks_note(struct large_block *largest, size_t *count, const struct large_block *block);

struct block_statistics {
    uint64_t pairs;
    uint64_t pairs_left_out; /* of blocks that were too large */
    struct large_block largest[LARGE_BLOCKS];
    size_t largest_count;
};

/* Goes through the pairs of these rules (numbers into rules->blocks, in this order). A pair of a
 * block that stayed too large may come again by a later rule. */
void blocks_enumerate(const struct table *table, const size_t *rules, size_t rule_count,
                      unsigned threads, const struct pair_taker *taker,
                      struct block_statistics *statistics);

/* Blocks that somebody else has made, of a table that has not all records: one key set and one list
 * a rule, in the order of the rules. */
struct key_set;
struct block_list;
struct given_blocks {
    const struct key_set *keys;
    const struct block_list *lists;
    size_t rule_count;
};
void blocks_enumerate_given(const struct table *table, const struct given_blocks *given,
                            const struct pair_taker *taker, struct block_statistics *statistics);

/* The same for some of the pairs. */
struct block_search {
    const struct table *table;
    const size_t *rules;
    size_t rule_count;
    unsigned threads;
    const bool *only;        /* by record: of each pair at least one is of these; NULL: all */
    struct block_cuts *cuts; /* gets the blocks that are too large; may be NULL */
};

/* The taker may be NULL: only the blocks are made. */
void blocks_search(const struct block_search *search, const struct pair_taker *taker,
                   struct block_statistics *statistics);

#endif
