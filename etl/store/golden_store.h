/* golden_store.h: what golden_begin.c, golden_assign.c and golden_put.c share. */
#ifndef CUST360_GOLDEN_STORE_H
#define CUST360_GOLDEN_STORE_H

#include "internal.h"

struct closed_member { /* a record that is gone but was once published */
    int64_t record_id;
    uint32_t number;
};

struct golden_store {
    struct arena *arena;
    const struct golden_column *columns;
    size_t column_count;
    size_t choice_count;
    struct golden_ids ids; /* before the run */
    uint64_t *hash;        /* [ids.issued + 1] of the golden record as it stands; 0: none */
    bool columns_differ;   /* since the last run: everything is written anew */
    uint32_t *former;      /* [members] */
    uint32_t *home;
    bool *changed;
    struct closed_member *closed;
    size_t closed_count;
    size_t closed_capacity;
    const struct golden_assignment *assignment;
    struct store_golden_counts counts;
    struct statement *insert;
    struct statement *update;
    struct statement *drop_choices;
    struct statement *add_choice;
};

/* ---- golden_begin.c ---- */

void golden_add_closed(struct golden_store *golden, int64_t record_id, uint32_t number);

/* The highest number of all. */
bool golden_issued(struct store *store, uint32_t *issued, struct error *error);

/* Arrays for that many ids, all of nobody. */
void golden_make_ids(struct golden_store *golden, uint32_t issued);

/* ---- golden_chosen.c ---- */

/* Former numbers, homes and ids of the members of a scan of chosen records only, by places. */
bool golden_load_chosen(struct store *store, struct error *error);

#endif
