/* change.h: how what a run changes is listed; see store_changes.h. */
#ifndef CUST360_STORE_CHANGE_H
#define CUST360_STORE_CHANGE_H

#include "internal.h"

bool changes_begin(struct store *store, struct error *error);

/* `change` is one of those that store_changes.h names. */
bool change_record(struct store *store, const struct record_table *table, int64_t record_id,
                   const char *change, struct error *error);

/* Once the golden ids are assigned. */
bool changes_of_golden(struct store *store, struct error *error);

#endif
