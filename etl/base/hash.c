#include "cust360/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(struct slice bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.length ? bytes.data : "", bytes.length, seed);
}

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS, INSERTION_MAX = 32 };

static unsigned digit_of(uint64_t key, unsigned shift)
{
    return (unsigned)(key >> shift) & (BUCKETS - 1);
}

/* One pass of a stable radix sort on the digit at `shift` of the hash, or of the value when
 * `by_value`. False: all have the same digit, and nothing was moved. */
static bool radix_pass(const struct hash_pair *from, struct hash_pair *to, size_t count,
                       unsigned shift, bool by_value)
{
    size_t starts[BUCKETS] = {0};
    for (size_t i = 0; i < count; i++)
        starts[digit_of(by_value ? from[i].value : from[i].hash, shift)]++;
    if (count == 0 || starts[digit_of(by_value ? from[0].value : from[0].hash, shift)] == count)
        return false;
    size_t sum = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        size_t size = starts[bucket];
        starts[bucket] = sum;
        sum += size;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[digit_of(by_value ? from[i].value : from[i].hash, shift)]++] = from[i];
    return true;
}

static bool values_ascend(const struct hash_pair *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (pairs[i - 1].value > pairs[i].value)
            return false;
    return true;
}

static bool stands_behind(const struct hash_pair *a, const struct hash_pair *b)
{
    return a->hash > b->hash || (a->hash == b->hash && a->value > b->value);
}

/* Linear for what is nearly in order. */
static void insertion_sort(struct hash_pair *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct hash_pair pair = pairs[i];
        size_t j = i;
        for (; j > 0 && stands_behind(&pairs[j - 1], &pair); j--)
            pairs[j] = pairs[j - 1];
        pairs[j] = pair;
    }
}

void hash_pairs_sort(struct hash_pair *pairs, size_t count, struct hash_pair *scratch)
{
    struct hash_pair *from = pairs;
    struct hash_pair *to = scratch;
    if (count <= INSERTION_MAX) {
        insertion_sort(pairs, count);
        return;
    }
    /* Pairs are usually made record by record, so that the passes on the value can be left out. */
    unsigned value_passes = values_ascend(pairs, count) ? 0 : 3;
    for (unsigned pass = 0; pass < value_passes + DIGITS; pass++) {
        bool by_value = pass < value_passes;
        unsigned digit = by_value ? pass : pass - value_passes;
        if (!radix_pass(from, to, count, DIGIT_BITS * digit, by_value))
            continue;
        struct hash_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs)
        memcpy(pairs, from, count * sizeof(*pairs));
}

void hash_pairs_sort_spread(struct hash_pair *pairs, size_t count, unsigned known_bits,
                            struct hash_pair *scratch)
{
    enum { SORTED_BITS = 2 * DIGIT_BITS };
    if (count > INSERTION_MAX) {
        unsigned shift = 64 - SORTED_BITS - known_bits;
        bool moved = radix_pass(pairs, scratch, count, shift, false);
        const struct hash_pair *from = moved ? scratch : pairs;
        struct hash_pair *to = moved ? pairs : scratch;
        if (radix_pass(from, to, count, shift + DIGIT_BITS, false))
            from = to;
        if (from != pairs)
            memcpy(pairs, from, count * sizeof(*pairs));
    }
    insertion_sort(pairs, count);
}
