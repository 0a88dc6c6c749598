#include "cust360/base/memory.h"
#include "internal.h"

/* Known keys are loaded once a source, in one pass, so that an unchanged row costs one look-up in
 * memory and none in the database. */

void known_begin(struct known *known)
{
    known_end(known);
    known->keys = map_create();
}

void known_end(struct known *known)
{
    map_destroy(known->keys);
    memory_free(known->records);
    *known = (struct known){NULL, NULL, 0};
}

struct known_record *known_find(struct known *known, struct slice key, bool *is_new)
{
    uint32_t before = map_count(known->keys);
    uint32_t number = map_intern(known->keys, key);
    *is_new = number == before;
    if (*is_new) {
        known->records = memory_grow(known->records, &known->capacity, (size_t)number + 1,
                                     sizeof(*known->records));
        known->records[number] = (struct known_record){0};
    }
    return &known->records[number];
}
