/* quality.h: how good the living records of a source are, field by field (see quality.c). */
#ifndef CUST360_STORE_QUALITY_H
#define CUST360_STORE_QUALITY_H

#include "cust360/record.h"

struct store;
struct record_table;

/* How many of a source's living records have a field, and how good it is. */
struct field_quality {
    int64_t filled;
    int64_t repaired; /* of those filled */
    int64_t warned;   /* of those filled */
    int64_t refused;
};

void quality_begin(struct store *store);
/* Begins with the counts of the source's last good reading. */
bool quality_recall(struct store *store, struct error *error);
void quality_release(struct record_table *table);

/* Counts a record that is put. */
void quality_count(struct record_table *table, const struct record *record);

/* Counts (1) or takes away (-1) a record as it is stored. */
bool quality_count_stored(struct store *store, struct record_table *table, int64_t record_id,
                          int sign, struct error *error);

/* Counts the living records that the reading did not speak of, and keeps the counts as this run's.
 */
bool quality_end(struct store *store, struct error *error);

/* The fields of a record that were repaired: bit n is the model's field n, of the first 63. */
int64_t quality_repaired(const struct record *record, size_t field_count);

#endif
