#include "cust360/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(struct slice bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.length ? bytes.data : "", bytes.length, seed);
}

/* The finalizer of SplitMix64 over both: cheap, and every bit of each input reaches every bit. */
uint64_t hash_combine(uint64_t hash, uint64_t value)
{
    uint64_t mixed = hash * UINT64_C(0x9E3779B97F4A7C15) + value;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

/* One pass of a stable radix sort on `bits` from `shift` of the hash, or of the value when
 * `by_value`. */
static void radix_pass(const struct hash_pair *from, struct hash_pair *to, size_t count,
                       unsigned shift, bool by_value)
{
    enum { BUCKETS = 1 << 11 };
    size_t starts[BUCKETS] = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t key = by_value ? from[i].value : from[i].hash;
        starts[(key >> shift) & (BUCKETS - 1)]++;
    }
    size_t sum = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        size_t size = starts[bucket];
        starts[bucket] = sum;
        sum += size;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t key = by_value ? from[i].value : from[i].hash;
        to[starts[(key >> shift) & (BUCKETS - 1)]++] = from[i];
    }
}

static bool values_ascend(const struct hash_pair *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (pairs[i - 1].value > pairs[i].value)
            return false;
    return true;
}

void hash_pairs_sort(struct hash_pair *pairs, size_t count, struct hash_pair *scratch)
{
    struct hash_pair *from = pairs;
    struct hash_pair *to = scratch;
    /* Pairs are usually made record by record, so that the passes on the value can be left out. */
    unsigned value_passes = values_ascend(pairs, count) ? 0 : 3;
    for (unsigned pass = 0; pass < value_passes + 6; pass++) {
        bool by_value = pass < value_passes;
        radix_pass(from, to, count, 11 * (by_value ? pass : pass - value_passes), by_value);
        struct hash_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs && count)
        memcpy(pairs, from, count * sizeof(*pairs));
}
