/* suppressed.h: persons who were erased and do not come back. */
#ifndef CUST360_STORE_SUPPRESSED_H
#define CUST360_STORE_SUPPRESSED_H

#include "internal.h"

/* Reads what the state knows of them; to be called when a run begins. EXIT_CREDENTIALS: there are
 * some, and their key is not there. */
bool suppressed_load(struct store *store, struct error *error);
void suppressed_destroy(struct suppressed *suppressed);

/* Whether a number of the source being read, a record, or a row is of somebody who was erased. */
bool suppressed_key(const struct store *store, struct slice key);
bool suppressed_record(const struct store *store, const struct record *record);
bool suppressed_row(const struct store *store, const struct row_result *row);

/* Whether a contact value in another customer's row is of somebody who was erased. */
bool suppressed_mention(const struct store *store, const struct record_table *table, size_t field,
                        struct slice value);

#endif
