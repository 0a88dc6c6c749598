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
    struct slice key;
    uint32_t value;
};

struct map {
    struct arena *arena; /* owns the keys */
    struct map_entry *entries;
    size_t entries_capacity;
    uint32_t count;
    struct map_slot *slots;
    size_t slots_mask; /* number of slots - 1, a power of two less one */
};

enum { FIRST_SLOTS = 64 };

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
        if (slot->tag == tag && slice_equal(map->entries[slot->number_plus_one - 1].key, key))
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
        uint64_t hash = hash_bytes(map->entries[number].key, 0);
        size_t i = hash & map->slots_mask;
        while (map->slots[i].number_plus_one)
            i = (i + 1) & map->slots_mask;
        map->slots[i] = (struct map_slot){(uint32_t)(hash >> 32), number + 1};
    }
}

uint32_t map_intern(struct map *map, struct slice key)
{
    uint64_t hash = hash_bytes(key, 0);
    struct map_slot *slot = slot_find(map, key, hash);
    if (slot->number_plus_one)
        return slot->number_plus_one - 1;
    uint32_t number = map->count++;
    map->entries =
        memory_grow(map->entries, &map->entries_capacity, map->count, sizeof(*map->entries));
    map->entries[number] = (struct map_entry){arena_copy(map->arena, key), 0};
    *slot = (struct map_slot){(uint32_t)(hash >> 32), number + 1};
    if ((size_t)map->count * 3 > (map->slots_mask + 1) * 2)
        slots_double(map);
    return number;
}

uint32_t map_number(const struct map *map, struct slice key)
{
    const struct map_slot *slot = slot_find(map, key, hash_bytes(key, 0));
    return slot->number_plus_one ? slot->number_plus_one - 1 : MAP_NONE;
}

struct slice map_key(const struct map *map, uint32_t number)
{
    return map->entries[number].key;
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
