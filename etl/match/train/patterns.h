/* patterns.h: what pairs show, counted.
 *
 * A pattern is one byte a comparison: its level plus one, 0 when it is silent. Patterns are
 * numbered in the order of their bytes, so that sums over them do not depend on threads. */
#ifndef CUST360_MATCH_PATTERNS_H
#define CUST360_MATCH_PATTERNS_H

#include "match/score/outline.h"

struct patterns {
    struct map *numbers; /* bytes → number */
    uint64_t *counts;    /* pairs, by number */
    size_t capacity;
    uint64_t pairs;
};

struct patterns *patterns_create(void);
void patterns_destroy(struct patterns *patterns);
/* Adds pairs of a pattern; returns its number. */
uint32_t patterns_add(struct patterns *patterns, struct slice pattern, uint64_t pairs);

/* Adds what a single pair shows. */
void patterns_add_pair(struct patterns *patterns, const struct pair_view *view);

/* Counting by several threads: a counter each. `also` are attributes (a bit each) on which the tail
 * of a pattern depends. */
struct pattern_counter {
    struct patterns *patterns;
    struct outlines *outlines;
};
struct pattern_counter *pattern_counters_create(const struct match_rules *rules, uint64_t also,
                                                unsigned threads);

/* What may stand behind the levels of a pattern, and whether the outline decides it. */
enum { PATTERN_TAIL_BYTES = 16 };
enum pattern_tail { PATTERN_SETTLED_TAIL, PATTERN_OPEN_TAIL };

/* Counts a pair. */
void pattern_count(struct pattern_counter *counter, const struct pair_view *view,
                   struct outline *outline, enum pattern_tail kind, struct slice tail);

/* Adds what all of them have counted, in the order of the patterns' bytes, and frees them. */
void pattern_counters_join(struct pattern_counter *counters, unsigned threads,
                           struct patterns *patterns);

/* `count` pairs drawn at random; a pair within one cluster (by record; NULL: none known) is not
 * counted. */
struct random_pairs {
    uint64_t count;
    uint64_t seed;
    const uint32_t *cluster;
};
void patterns_of_random(struct patterns *patterns, const struct table *table,
                        const struct random_pairs *random, unsigned threads);

#endif
