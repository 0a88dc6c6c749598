/* sketch.h: how many different values there are, from the smallest of their hashes.
 *
 * A value's hash is kept with its count as long as it is among the `most` smallest. Up to so many
 * different values everything is exact; beyond, the largest hash kept tells how dense they lie
 * (bottom-k sketch, Bar-Yossef and others 2002; standard error 1/sqrt(most)). */
#ifndef CUST360_PROFILE_SKETCH_H
#define CUST360_PROFILE_SKETCH_H

#include "cust360/base/slice.h"
#include <stdint.h>

struct sketch_entry {
    uint64_t hash;
    uint64_t count; /* 0: a free slot */
};

struct sketch {
    struct sketch_entry *slots;
    size_t slot_count; /* a power of two */
    size_t used;
    size_t most;
    uint64_t limit; /* hashes from here on are not kept */
    bool overflowed;
};

void sketch_begin(struct sketch *sketch, size_t most);
void sketch_release(struct sketch *sketch);
void sketch_add_many(struct sketch *sketch, uint64_t hash, uint64_t count);

static inline void sketch_add(struct sketch *sketch, uint64_t hash)
{
    if (hash < sketch->limit)
        sketch_add_many(sketch, hash, 1);
}

void sketch_join(struct sketch *sketch, const struct sketch *other);

/* The smallest, at most `most`, rising by hash; freed by the caller with memory_free. */
struct sketch_entry *sketch_sorted(const struct sketch *sketch, size_t *count);
uint64_t sketch_distinct(const struct sketch *sketch);

#endif
