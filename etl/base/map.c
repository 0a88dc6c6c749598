#include "cust360/base/map.h"
#include "cust360/base/arena.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* Open addressing with linear probing. A slot holds all that tells most keys apart, so that a key
 * is only touched when it is the one. number_plus_one 0: empty. */
struct map_slot {
    uint64_t hash;
    uint32_t number_plus_one;
    uint32_t length;
};

struct map_entry {
    const char *text;
    uint32_t length;
    uint32_t value;
};

struct map {
    struct arena *arena; /* owns the keys */
    struct map_entry *entries;
    size_t entries_capacity;
    uint32_t count;
    struct map_slot *slots; /* NULL: frozen */
    size_t slots_mask;      /* number of slots - 1, a power of two less one */
};

/* Of many keys, how far ahead their slots are asked for. */
enum { FIRST_SLOTS = 64, SLOTS_AHEAD = 16 };

/* Whether keys of one hash and length are looked at as well. */
enum identity { BY_TEXT, BY_HASH };

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
static inline struct map_slot *slot_find(const struct map *map, struct slice key, uint64_t hash,
                                         enum identity identity)
{
    for (size_t i = hash & map->slots_mask;; i = (i + 1) & map->slots_mask) {
        struct map_slot *slot = &map->slots[i];
        if (slot->number_plus_one == 0)
            return slot;
        if (slot->hash != hash || slot->length != key.length)
            continue;
        if (identity == BY_HASH || key.length == 0 ||
            memcmp(map->entries[slot->number_plus_one - 1].text, key.data, key.length) == 0)
            return slot;
    }
}

static void slots_double(struct map *map)
{
    struct map_slot *former = map->slots;
    size_t former_count = map->slots_mask + 1;
    map->slots = memory_allocate_array(former_count * 2, sizeof(*map->slots));
    map->slots_mask = former_count * 2 - 1;
    for (size_t i = 0; i < former_count; i++) {
        size_t place = former[i].hash & map->slots_mask;
        if (former[i].number_plus_one == 0)
            continue;
        while (map->slots[place].number_plus_one)
            place = (place + 1) & map->slots_mask;
        map->slots[place] = former[i];
    }
    memory_free(former);
}

/* Gives a key that is new the next number. */
static uint32_t add_key(struct map *map, struct map_slot *slot, struct slice key, uint64_t hash)
{
    uint32_t number = map->count++;
    map->entries =
        memory_grow(map->entries, &map->entries_capacity, map->count, sizeof(*map->entries));
    map->entries[number] = (struct map_entry){arena_text(map->arena, key), (uint32_t)key.length, 0};
    *slot = (struct map_slot){hash, number + 1, (uint32_t)key.length};
    if ((size_t)map->count * 3 > (map->slots_mask + 1) * 2)
        slots_double(map);
    return number;
}

/* Inlined into each caller: most keys are there already, and told by a few words of the slot. */
static inline uint32_t intern_hashed(struct map *map, struct slice key, uint64_t hash,
                                     enum identity identity)
{
    struct map_slot *slot = slot_find(map, key, hash, identity);
    return slot->number_plus_one ? slot->number_plus_one - 1 : add_key(map, slot, key, hash);
}

uint32_t map_intern(struct map *map, struct slice key)
{
    return intern_hashed(map, key, hash_bytes(key, 0), BY_TEXT);
}

void map_intern_many(struct map *map, const char *base, const struct map_text *texts, size_t count,
                     uint32_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        if (i + SLOTS_AHEAD < count)
            __builtin_prefetch(&map->slots[texts[i + SLOTS_AHEAD].hash & map->slots_mask]);
        struct slice key = slice_make(base + texts[i].offset, texts[i].length);
        numbers[i] = key.length ? intern_hashed(map, key, texts[i].hash, BY_HASH) : MAP_NONE;
    }
}

void map_freeze(struct map *map)
{
    memory_free(map->slots);
    map->slots = NULL;
    map->entries = memory_resize_array(map->entries, map->count, sizeof(*map->entries));
    map->entries_capacity = map->count;
}

static uint32_t search(const struct map *map, struct slice key)
{
    for (uint32_t number = 0; number < map->count; number++)
        if (slice_equal(map_key(map, number), key))
            return number;
    return MAP_NONE;
}

uint32_t map_number(const struct map *map, struct slice key)
{
    if (!map->slots)
        return search(map, key);
    const struct map_slot *slot = slot_find(map, key, hash_bytes(key, 0), BY_TEXT);
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
