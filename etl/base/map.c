#include "cust360/base/map.h"
#include "cust360/base/arena.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* Open addressing with linear probing. A slot holds the upper half of the hash and the key's number
 * plus one (0: empty), so that most probes that miss never touch the key itself. */
struct map_slot {
    uint32_t tag;
    uint32_t number_plus_one;
};

struct map_entry {
    const char *text;
    uint32_t length;
    uint32_t value;
    uint64_t hash; /* kept, so that more slots need no look at the keys */
};

struct map {
    struct arena *arena; /* owns the keys */
    struct map_entry *entries;
    size_t entries_capacity;
    uint32_t count;
    struct map_slot *slots;
    size_t slots_mask; /* number of slots - 1, a power of two less one */
};

enum {
    FIRST_SLOTS = 64,
    /* Of many keys, how far ahead their slots, entries and texts are asked for. */
    SLOTS_AHEAD = 24,
    ENTRIES_AHEAD = 16,
    TEXTS_AHEAD = 8
};

struct map *map_create(void)
{
    struct map *map = memory_allocate_array(1, sizeof(*map));
    map->arena = arena_create();
    map->slots = memory_allocate_array(FIRST_SLOTS, sizeof(*map->slots));
    map->slots_mask = FIRST_SLOTS - 1;
    return map;
}

void map_destroy(struct map *map)
{
    if (!map)
        return;
    arena_destroy(map->arena);
    memory_free(map->entries);
    memory_free(map->slots);
    memory_free(map);
}

uint32_t map_count(const struct map *map)
{
    return map->count;
}

/* The slot that holds the key, or the empty slot where it belongs. */
static struct map_slot *slot_find(const struct map *map, struct slice key, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t i = hash & map->slots_mask;; i = (i + 1) & map->slots_mask) {
        struct map_slot *slot = &map->slots[i];
        if (slot->number_plus_one == 0)
            return slot;
        const struct map_entry *entry = &map->entries[slot->number_plus_one - 1];
        if (slot->tag == tag && entry->length == key.length &&
            (key.length == 0 || memcmp(entry->text, key.data, key.length) == 0))
            return slot;
    }
}

static void slots_double(struct map *map)
{
    size_t slots = (map->slots_mask + 1) * 2;
    memory_free(map->slots);
    map->slots = memory_allocate_array(slots, sizeof(*map->slots));
    map->slots_mask = slots - 1;
    for (uint32_t number = 0; number < map->count; number++) {
        uint64_t hash = map->entries[number].hash;
        size_t i = hash & map->slots_mask;
        while (map->slots[i].number_plus_one)
            i = (i + 1) & map->slots_mask;
        map->slots[i] = (struct map_slot){(uint32_t)(hash >> 32), number + 1};
    }
}

static uint32_t intern_hashed(struct map *map, struct slice key, uint64_t hash)
{
    struct map_slot *slot = slot_find(map, key, hash);
    if (slot->number_plus_one)
        return slot->number_plus_one - 1;
    uint32_t number = map->count++;
    map->entries =
        memory_grow(map->entries, &map->entries_capacity, map->count, sizeof(*map->entries));
    map->entries[number] =
        (struct map_entry){arena_text(map->arena, key), (uint32_t)key.length, 0, hash};
    *slot = (struct map_slot){(uint32_t)(hash >> 32), number + 1};
    if ((size_t)map->count * 3 > (map->slots_mask + 1) * 2)
        slots_double(map);
    return number;
}

uint32_t map_intern(struct map *map, struct slice key)
{
    return intern_hashed(map, key, hash_bytes(key, 0));
}

/* The entry that is probably a key's: the first of its tag in its place. */
static const struct map_entry *probable_entry(const struct map *map, uint64_t hash)
{
    const struct map_slot *slot = &map->slots[hash & map->slots_mask];
    bool fits = slot->number_plus_one && slot->tag == (uint32_t)(hash >> 32);
    return fits ? &map->entries[slot->number_plus_one - 1] : NULL;
}

/* Slot, entry and text of a key stand anywhere in memory, and each is only known from the one
 * before: they are asked for in three steps while other keys are looked up. */
static void ask_ahead(const struct map *map, const struct map_text *texts, size_t i, size_t count)
{
    if (i + SLOTS_AHEAD < count)
        __builtin_prefetch(&map->slots[texts[i + SLOTS_AHEAD].hash & map->slots_mask]);
    if (i + ENTRIES_AHEAD < count) {
        const struct map_entry *entry = probable_entry(map, texts[i + ENTRIES_AHEAD].hash);
        if (entry)
            __builtin_prefetch(entry);
    }
    if (i + TEXTS_AHEAD < count) {
        const struct map_entry *entry = probable_entry(map, texts[i + TEXTS_AHEAD].hash);
        if (entry)
            __builtin_prefetch(entry->text);
    }
}

void map_intern_many(struct map *map, const char *base, const struct map_text *texts, size_t count,
                     uint32_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        ask_ahead(map, texts, i, count);
        struct slice key = slice_make(base + texts[i].offset, texts[i].length);
        numbers[i] = key.length ? intern_hashed(map, key, texts[i].hash) : MAP_NONE;
    }
}

uint32_t map_number(const struct map *map, struct slice key)
{
    const struct map_slot *slot = slot_find(map, key, hash_bytes(key, 0));
    return slot->number_plus_one ? slot->number_plus_one - 1 : MAP_NONE;
}

struct slice map_key(const struct map *map, uint32_t number)
{
    return slice_make(map->entries[number].text, map->entries[number].length);
}

uint32_t map_put(struct map *map, struct slice key, uint32_t value)
{
    uint32_t number = map_intern(map, key);
    map->entries[number].value = value;
    return number;
}

uint32_t map_find(const struct map *map, struct slice key)
{
    uint32_t number = map_number(map, key);
    return number == MAP_NONE ? MAP_NONE : map->entries[number].value;
}

uint32_t map_value(const struct map *map, uint32_t number)
{
    return map->entries[number].value;
}
