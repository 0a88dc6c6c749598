#include "profile/frequent.h"
#include "cust360/base/memory.h"

#include <stdlib.h>

enum { FIRST_ENTRIES = 16 };

void frequent_begin(struct frequent *frequent, size_t most)
{
    memset(frequent, 0, sizeof(*frequent));
    frequent->most = most;
}

void frequent_release(struct frequent *frequent)
{
    memory_free(frequent->entries);
    memory_free(frequent->slots);
    memset(frequent, 0, sizeof(*frequent));
}

static uint32_t *find_slot(const struct frequent *frequent, uint64_t hash)
{
    size_t mask = frequent->slot_count - 1;
    size_t at = (size_t)hash & mask;
    while (frequent->slots[at] && frequent->entries[frequent->slots[at] - 1].hash != hash)
        at = (at + 1) & mask;
    return &frequent->slots[at];
}

static void fill_slots(struct frequent *frequent)
{
    memset(frequent->slots, 0, frequent->slot_count * sizeof(*frequent->slots));
    for (size_t i = 0; i < frequent->used; i++)
        *find_slot(frequent, frequent->entries[i].hash) = (uint32_t)i + 1;
}

static int compare_entries(const void *a, const void *b)
{
    const struct frequent_entry *left = a;
    const struct frequent_entry *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return slice_compare(slice_make(left->text, left->length),
                         slice_make(right->text, right->length));
}

void frequent_sort(struct frequent *frequent)
{
    if (frequent->used)
        qsort(frequent->entries, frequent->used, sizeof(*frequent->entries), compare_entries);
    if (frequent->slot_count)
        fill_slots(frequent);
}

static int compare_counts(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left > right ? -1 : left < right;
}

static uint64_t median_count(const struct frequent *frequent)
{
    uint64_t *counts = memory_allocate_array(frequent->used, sizeof(*counts));
    for (size_t i = 0; i < frequent->used; i++)
        counts[i] = frequent->entries[i].count;
    qsort(counts, frequent->used, sizeof(*counts), compare_counts);
    uint64_t median = counts[frequent->used / 2];
    memory_free(counts);
    return median;
}

/* Entries are long: their counts alone are sorted. */
static void halve(struct frequent *frequent)
{
    uint64_t median = median_count(frequent);
    size_t kept = 0;
    for (size_t i = 0; i < frequent->used; i++) {
        if (frequent->entries[i].count <= median)
            continue;
        if (kept < i)
            frequent->entries[kept] = frequent->entries[i];
        frequent->entries[kept++].count -= median;
    }
    frequent->used = kept;
    frequent->taken += median;
    fill_slots(frequent);
}

static void grow(struct frequent *frequent)
{
    if (frequent->used == frequent->most) {
        halve(frequent);
        return;
    }
    size_t wanted = frequent->capacity ? 2 * frequent->capacity : FIRST_ENTRIES;
    frequent->capacity = wanted < frequent->most ? wanted : frequent->most;
    frequent->entries =
        memory_resize_array(frequent->entries, frequent->capacity, sizeof(*frequent->entries));
    frequent->slot_count = FIRST_ENTRIES;
    while (frequent->slot_count < 2 * frequent->capacity)
        frequent->slot_count *= 2;
    frequent->slots =
        memory_resize_array(frequent->slots, frequent->slot_count, sizeof(*frequent->slots));
    fill_slots(frequent);
}

/* Cut between two characters of UTF-8. */
static uint16_t fitting_length(struct slice text)
{
    size_t length = text.length;
    if (length > FREQUENT_TEXT_BYTES) {
        length = FREQUENT_TEXT_BYTES;
        while (length && ((unsigned char)text.data[length] & 0xC0) == 0x80)
            length--;
    }
    return (uint16_t)length;
}

void frequent_add(struct frequent *frequent, uint64_t hash, struct slice text, uint64_t count)
{
    uint32_t *slot = frequent->slot_count ? find_slot(frequent, hash) : NULL;
    if (slot && *slot) {
        frequent->entries[*slot - 1].count += count;
        return;
    }
    if (frequent->used == frequent->capacity)
        grow(frequent);
    struct frequent_entry *entry = &frequent->entries[frequent->used];
    entry->hash = hash;
    entry->count = count;
    entry->length = fitting_length(text);
    if (entry->length)
        memcpy(entry->text, text.data, entry->length);
    *find_slot(frequent, hash) = (uint32_t)++frequent->used;
}

void frequent_join(struct frequent *frequent, const struct frequent *other)
{
    for (size_t i = 0; i < other->used; i++) {
        const struct frequent_entry *entry = &other->entries[i];
        frequent_add(frequent, entry->hash, slice_make(entry->text, entry->length), entry->count);
    }
    frequent->taken += other->taken;
}
