/* hash.h: 64-bit hashes (XXH3), stable across runs, machines and versions of the program.
 *
 * Not for secrets. Two different values share a hash with probability 2^-64 a pair. */
#ifndef CUST360_BASE_HASH_H
#define CUST360_BASE_HASH_H

#include "cust360/base/slice.h"
#include <stdint.h>

uint64_t hash_bytes(struct slice bytes, uint64_t seed);

/* Mixes a further value into a hash; order matters. */
uint64_t hash_combine(uint64_t hash, uint64_t value);

/* Sorts `count` pairs by (hash, value), ascending, in linear time; `scratch` has room for as many.
 */
struct hash_pair {
    uint64_t hash;
    uint32_t value;
};
void hash_pairs_sort(struct hash_pair *pairs, size_t count, struct hash_pair *scratch);

/* The same, in a third of the passes, for hashes that are spread evenly but for their first
 * `known_bits` (at most 32), which all have in common; few should share the next 22 without being
 * equal. Any others are sorted as well, but slowly. */
void hash_pairs_sort_spread(struct hash_pair *pairs, size_t count, unsigned known_bits,
                            struct hash_pair *scratch);

#endif
