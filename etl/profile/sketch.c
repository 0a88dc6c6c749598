#include "profile/sketch.h"
#include "cust360/base/memory.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

void sketch_begin(struct sketch *sketch, size_t most)
{
    memset(sketch, 0, sizeof(*sketch));
    sketch->most = most;
    sketch->limit = UINT64_MAX;
}

void sketch_release(struct sketch *sketch)
{
    memory_free(sketch->slots);
    sketch->slots = NULL;
}

static struct sketch_entry *find_slot(const struct sketch *sketch, uint64_t hash)
{
    size_t mask = sketch->slot_count - 1;
    size_t at = (size_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (sketch->slots[at].count && sketch->slots[at].hash != hash)
        at = (at + 1) & mask;
    return &sketch->slots[at];
}

static int compare_entries(const void *a, const void *b)
{
    uint64_t left = ((const struct sketch_entry *)a)->hash;
    uint64_t right = ((const struct sketch_entry *)b)->hash;
    return left < right ? -1 : left > right;
}

static struct sketch_entry *list_entries(const struct sketch *sketch)
{
    struct sketch_entry *entries = memory_allocate_array(sketch->used + 1, sizeof(*entries));
    size_t count = 0;
    for (size_t i = 0; i < sketch->slot_count; i++)
        if (sketch->slots[i].count)
            entries[count++] = sketch->slots[i];
    if (count)
        qsort(entries, count, sizeof(*entries), compare_entries);
    return entries;
}

static void put_again(struct sketch *sketch, const struct sketch_entry *entries, size_t count)
{
    memset(sketch->slots, 0, sketch->slot_count * sizeof(*sketch->slots));
    for (size_t i = 0; i < count; i++)
        *find_slot(sketch, entries[i].hash) = entries[i];
    sketch->used = count;
}

/* Twice as many as wanted are collected before the larger half goes: a sort for each `most`. */
static void make_room(struct sketch *sketch)
{
    struct sketch_entry *entries = list_entries(sketch);
    size_t count = sketch->used;
    if (count >= 2 * sketch->most) {
        count = sketch->most;
        sketch->limit = entries[count].hash;
        sketch->overflowed = true;
    } else {
        sketch->slot_count = sketch->slot_count ? 2 * sketch->slot_count : FIRST_SLOTS;
        sketch->slots =
            memory_resize_array(sketch->slots, sketch->slot_count, sizeof(*sketch->slots));
    }
    put_again(sketch, entries, count);
    memory_free(entries);
}

void sketch_add_many(struct sketch *sketch, uint64_t hash, uint64_t count)
{
    if (hash >= sketch->limit)
        return;
    if (sketch->used >= 2 * sketch->most || 3 * sketch->used >= 2 * sketch->slot_count)
        make_room(sketch);
    if (hash >= sketch->limit)
        return;
    struct sketch_entry *slot = find_slot(sketch, hash);
    sketch->used += slot->count == 0;
    slot->hash = hash;
    slot->count += count;
}

void sketch_join(struct sketch *sketch, const struct sketch *other)
{
    for (size_t i = 0; i < other->slot_count; i++)
        if (other->slots[i].count)
            sketch_add_many(sketch, other->slots[i].hash, other->slots[i].count);
    if (!other->overflowed)
        return;
    /* What the other has let go cannot be counted here either. */
    sketch->overflowed = true;
    if (other->limit >= sketch->limit)
        return;
    sketch->limit = other->limit;
    struct sketch_entry *entries = list_entries(sketch);
    size_t kept = 0;
    while (kept < sketch->used && entries[kept].hash < sketch->limit)
        kept++;
    put_again(sketch, entries, kept);
    memory_free(entries);
}

struct sketch_entry *sketch_sorted(const struct sketch *sketch, size_t *count)
{
    struct sketch_entry *entries = list_entries(sketch);
    *count = sketch->used < sketch->most ? sketch->used : sketch->most;
    return entries;
}

uint64_t sketch_distinct(const struct sketch *sketch)
{
    size_t count;
    if (!sketch->overflowed && sketch->used <= sketch->most)
        return sketch->used;
    struct sketch_entry *entries = sketch_sorted(sketch, &count);
    double density = count ? (double)entries[count - 1].hash / (double)UINT64_MAX : 1;
    memory_free(entries);
    return density > 0 ? (uint64_t)((double)(count - 1) / density + 0.5) : count;
}
