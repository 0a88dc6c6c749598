/* remembered.h: how a row that is as it was is put, and how others are told beside it. */
#ifndef CUST360_STORE_REMEMBERED_H
#define CUST360_STORE_REMEMBERED_H

#include "internal.h"

/* The record of a key, as the state has it; *is_new: it has none. NULL: failed. */
struct known_record *record_look_up(struct store *store, struct record_table *table,
                                    struct slice key, bool *is_new, struct error *error);

/* The same for a key that need not be known; *known is NULL then. */
bool record_find(struct store *store, struct record_table *table, struct slice key,
                 struct known_record **known, struct error *error);

/* Puts a row that is as it was; *repeated: all of its records have been put tonight. */
void remembered_put(struct store *store, uint64_t row_hash, bool *repeated);

/* Notes what was put of a known record by another row. */
void remembered_mark(struct store *store, const struct record_table *table,
                     const struct known_record *known, enum row_record_flag flag);

/* Closes the remembered records that did not come again. */
bool remembered_close(struct store *store,
                      bool (*close)(struct store *store, struct record_table *table,
                                    int64_t record_id, struct error *error),
                      struct error *error);

/* Closes a living record. */
bool source_close(struct store *store, struct record_table *table, int64_t record_id,
                  struct error *error);

/* Tells a record of the row at hand, a record that rows contradict each other about, and a row once
 * its records are told (or forgets them, when it is not to be remembered). */
void tell_record(struct store *store, const struct record_table *table, int64_t record_id);
void tell_contested(struct store *store, const struct record_table *table, int64_t record_id);
void tell_row(struct store *store, const struct row_result *row);

#endif
