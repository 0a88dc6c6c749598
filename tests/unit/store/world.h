/* world.h: a small model, and whole nights in a few words. */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/store.h"
#include "cust360/store_golden.h"

enum { CUSTOMER, CAR, ENTITIES };
enum { NAME, MOBILE, SPENT, CUSTOMER_FIELDS };
enum { OWNER, VIN, CAR_FIELDS };

struct world {
    char folder[256];
    struct store *store;
    struct error error;
    uint64_t rows; /* put since the source was begun */
};

extern struct model world_model;

void world_begin(struct world *world); /* a folder that is not there yet */
void world_end(struct world *world);   /* closes and removes it */

void world_open(struct world *world);
void world_reopen(struct world *world);
void world_run_begin(struct world *world);
void world_run_commit(struct world *world);

/* A source of this name; its trust is 50. */
struct source world_source(const char *name);
void world_source_begin(struct world *world, const char *name);
struct store_counts world_source_end(struct world *world);

/* Puts a row with one record. Values may be NULL. */
bool world_customer(struct world *world, const char *key, const char *name, const char *mobile);
/* The same, of a customer that the row says is gone. */
bool world_customer_gone(struct world *world, const char *key, const char *name);
bool world_car(struct world *world, const char *key, const char *owner, const char *vin);

/* One whole night of one source; customers as "key name mobile" each, ending with NULL. */
struct store_counts world_night(struct world *world, const char *source,
                                const char *const *customers);

/* The first column of the first row of a query; -1: no row. */
int64_t world_number(struct world *world, const char *sql);

/* All rows of a query, columns parted by commas, rows by "; ". Valid until the next call. */
const char *world_text(struct world *world, const char *sql);

#endif
