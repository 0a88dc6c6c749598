/* patterns.h: what pairs show, counted.
 *
 * A pattern is one byte a comparison: its level plus one, 0 when it is silent. Patterns are
 * numbered in the order in which they are first met, which does not depend on threads. */
#ifndef CUST360_MATCH_PATTERNS_H
#define CUST360_MATCH_PATTERNS_H

#include "match/block.h"
#include "match/test.h"

struct patterns {
    struct map *numbers; /* bytes → number */
    uint64_t *counts;    /* pairs, by number */
    size_t capacity;
    uint64_t pairs;
};

struct patterns *patterns_create(void);
void patterns_destroy(struct patterns *patterns);
void patterns_add(struct patterns *patterns, struct slice pattern, uint64_t pairs);

/* Adds one pair by what it shows. */
void patterns_add_pair(struct patterns *patterns, const struct pair_view *view);

/* The pairs of some blocking rules, each pair once. */
struct block_choice {
    const size_t *rules;
    size_t rule_count;
    bool without_never; /* not those that a `never` rule parts */
};
void patterns_of_blocks(struct patterns *patterns, const struct table *table,
                        const struct block_choice *choice, unsigned threads);

/* `count` pairs drawn at random; a pair within one cluster (by record; NULL: none known) is not
 * counted. */
struct random_pairs {
    uint64_t count;
    uint64_t seed;
    const uint32_t *cluster;
};
void patterns_of_random(struct patterns *patterns, const struct table *table,
                        const struct random_pairs *random, unsigned threads);

/* The number of pairs that the blocking rules meet and of which the test holds. */
uint64_t count_certain(const struct table *table, const struct test *test, unsigned threads);

#endif
