/* hash.h: 64-bit hashes (XXH3), stable across runs, machines and versions of the program.
 *
 * Not for secrets. Two different values share a hash with probability 2^-64 a pair. */
#ifndef CUST360_BASE_HASH_H
#define CUST360_BASE_HASH_H

#include "cust360/base/slice.h"

#include <endian.h>
#include <stdint.h>

uint64_t hash_bytes(struct slice bytes, uint64_t seed);

/* Mixes a further value into a hash; order matters. */
static inline uint64_t hash_combine(uint64_t hash, uint64_t value);

/* Goes on from a hash with a further text, in a few instructions when it is short: for the many
 * texts of a record. To be ended by hash_combine, which spreads what is left together. */
static inline uint64_t hash_further(uint64_t hash, struct slice text);

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

/* ---- the inline functions and what they need ---- */

/* The finalizer of SplitMix64 over both: cheap, and every bit of each input reaches every bit. */
static inline uint64_t hash_combine(uint64_t hash, uint64_t value)
{
    uint64_t mixed = hash * UINT64_C(0x9E3779B97F4A7C15) + value;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

__extension__ typedef unsigned __int128 hash_product;

static inline uint64_t hash_multiply(uint64_t a, uint64_t b)
{
    hash_product product = (hash_product)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_eight(const char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof(eight));
    return le64toh(eight);
}

static inline uint64_t hash_four(const char *bytes)
{
    uint32_t four;
    memcpy(&four, bytes, sizeof(four));
    return le32toh(four);
}

/* Both halves of up to 16 bytes, which overlap in fewer; in one to three bytes each is in. */
static inline uint64_t hash_further(uint64_t hash, struct slice text)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    const uint64_t prime = UINT64_C(0xD6E8FEB86659FD93);
    const char *bytes = text.data;
    size_t left = text.length;
    uint64_t first = 0;
    uint64_t last = 0;
    hash += (text.length + 1) * odd;
    for (; left > 16; left -= 16, bytes += 16)
        hash = hash_multiply(hash_eight(bytes) ^ prime, hash_eight(bytes + 8) ^ hash);
    if (left >= 8) {
        first = hash_eight(bytes);
        last = hash_eight(bytes + left - 8);
    } else if (left >= 4) {
        first = hash_four(bytes);
        last = hash_four(bytes + left - 4);
    } else if (left > 0) {
        first = (uint64_t)(unsigned char)bytes[0] << 16 |
                (uint64_t)(unsigned char)bytes[left / 2] << 8 | (unsigned char)bytes[left - 1];
    }
    return hash_multiply(first ^ prime, last ^ hash ^ odd);
}

#endif
