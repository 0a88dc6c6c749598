/* heads.h: disjoint sets of numbers, each known by its head (union-find with path halving). */
#ifndef CUST360_MATCH_HEADS_H
#define CUST360_MATCH_HEADS_H

#include <stdint.h>

/* `parent` holds for each number one of its set that is nearer to the head, which is its own; it is
 * shortened on the way. */
static inline uint32_t heads_find(uint32_t *parent, uint32_t number)
{
    while (parent[number] != number) {
        parent[number] = parent[parent[number]];
        number = parent[number];
    }
    return number;
}

/* The smaller head becomes that of both, so that it does not matter which pair comes first. */
static inline void heads_join(uint32_t *parent, uint32_t one, uint32_t other)
{
    uint32_t a = heads_find(parent, one);
    uint32_t b = heads_find(parent, other);
    parent[a > b ? a : b] = a > b ? b : a;
}

#endif
