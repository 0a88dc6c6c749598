/* restore.h: the rows that a target has, as a table of a SQLite file, when what was sent is not
 * known here: the first time, when its copy was lost, when somebody else has written there. */
#ifndef CUST360_PUBLISH_RESTORE_H
#define CUST360_PUBLISH_RESTORE_H

#include "publish/statement.h"

/* Makes the table in `scratch` and reads the target's rows into it. Rows without a key are deleted
 * at the target instead: they cannot be told from each other once one is lost. */
bool restore_table(struct session *session, const struct sent_table *table,
                   struct database *scratch, struct error *error);

/* The same for looking only: whatever key the table has, nothing there is changed. */
bool restore_copy(struct session *session, const struct sent_table *table, struct database *scratch,
                  struct error *error);

/* Counts the rows of a table at the target and adds up their hashes. */
bool restore_sum(struct session *session, const struct sent_table *table, struct shape_sum *sum,
                 struct error *error);

#endif
