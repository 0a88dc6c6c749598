/* map.h: from text to number.
 *
 * Two uses. As a dictionary (map_intern) it gives each distinct text a number, 0, 1, 2 … in the
 * order of first sight, and gives the text back for a number. As a table (map_put, map_find) it
 * keeps a 32-bit value a key. The map copies its keys. Not thread safe while it changes;
 * any number of threads may read a map that does not. */
#ifndef CUST360_BASE_MAP_H
#define CUST360_BASE_MAP_H

#include "cust360/base/slice.h"
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map;

struct map *map_create(void);
void map_destroy(struct map *map);

/* The number of distinct keys. */
uint32_t map_count(const struct map *map);

/* The number of `key`, which is added when it is new. */
uint32_t map_intern(struct map *map, struct slice key);

/* A text within others, with its hash (hash_bytes, seed 0). */
struct map_text {
    uint64_t hash;
    uint32_t offset; /* of its first byte, from the others' base */
    uint32_t length;
};

/* As map_intern for one text after the other, but without waiting for memory: texts of one hash and
 * length are taken for the same (two that differ are so with probability 2^-64). An empty text has
 * the number MAP_NONE. */
void map_intern_many(struct map *map, const char *base, const struct map_text *texts, size_t count,
                     uint32_t *numbers);

/* No more keys are to come: gives back the memory that finding them needs. Keys of numbers are told
 * as before; a number of a key only by looking at all of them. */
void map_freeze(struct map *map);

/* The number of `key`, or MAP_NONE. */
uint32_t map_number(const struct map *map, struct slice key);

/* The key of a number below map_count; valid as long as the map. */
struct slice map_key(const struct map *map, uint32_t number);

/* Sets the value of a key (default 0). Returns the key's number. */
uint32_t map_put(struct map *map, struct slice key, uint32_t value);

/* The value of `key`, or MAP_NONE when the key is not there. */
uint32_t map_find(const struct map *map, struct slice key);

/* The value at a number below map_count. */
uint32_t map_value(const struct map *map, uint32_t number);

#endif
