/* match_suggest.h: which blocking keys would serve these records.
 *
 *   attributes, and pairs of them ──► what each would compare, and which matches it would find
 *        ──► a set: from the key that finds most for what it costs, until hardly any is missed
 *
 * Matches are pairs that are one customer: known from a truth, or found by a model, with whatever
 * keys it has. Does not depend on the number of threads. */
#ifndef CUST360_MATCH_SUGGEST_H
#define CUST360_MATCH_SUGGEST_H

#include "cust360/base/arena.h"
#include "cust360/match_scene.h"

enum { SUGGEST_ATTRIBUTES_MAX = 2 };

struct match_suggested_key {
    const char *attributes[SUGGEST_ATTRIBUTES_MAX];
    size_t attribute_count;
    uint64_t pairs;   /* that share it, blocks uncut */
    uint64_t largest; /* block, in records */
    uint64_t found;   /* of the matches */
    size_t rank;      /* in the set, from 1; 0: not of it */
    uint64_t missed;  /* of the set: matches that neither it nor those before it find */
};

struct match_suggestion {
    uint64_t records;
    uint64_t all_pairs; /* of the records */
    uint64_t matches;   /* that keys were held against; of very many an even choice */
    const struct match_suggested_key *keys; /* the set first, by rank; then by matches found */
    size_t key_count;
    size_t set_count;
};

/* `cluster` tells which records are one customer (by record; MATCH_NO_CLUSTER: not known). The
 * result lives in the arena. */
#define MATCH_NO_CLUSTER UINT32_MAX
void match_suggest(const struct match_scene *scene, const uint32_t *cluster, unsigned threads,
                   struct arena *arena, struct match_suggestion *suggestion);

#endif
