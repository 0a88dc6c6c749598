/* known.h: the keys of one entity that a source has. */
#ifndef CUST360_STORE_KNOWN_H
#define CUST360_STORE_KNOWN_H

#include "cust360/base/map.h"

#include <stdint.h>

struct known_record {
    int64_t record_id;
    uint64_t hash;
    uint64_t stored_hash; /* before this reading */
    bool was_there;       /* before this reading */
    bool closed;
    bool was_closed; /* before this reading */
    bool seen;       /* in this reading */
    bool changed;    /* counted so in this reading */
    bool kept;       /* its row was rejected in this reading: it stays as it was */
};

struct known {
    struct map *keys; /* the number of a key is its index in `records` */
    struct known_record *records;
    size_t capacity;
};

void known_begin(struct known *known);
void known_end(struct known *known);

/* The record of a key; *is_new: it was not there (and is cleared). Valid until the next call. */
struct known_record *known_find(struct known *known, struct slice key, bool *is_new);

#endif
