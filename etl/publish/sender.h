/* sender.h: rows to a table of a target, many at once, the fastest way its driver has.
 *
 *   put ─► batch ─► savepoint ─► one statement for all ─► read again, compared by hash
 *                       └── failed: back, by halves, until the row is found and can be named
 *
 * No driver tells reliably which row of a batch failed. Everything happens in the transaction that
 * the session has begun. */
#ifndef CUST360_PUBLISH_SENDER_H
#define CUST360_PUBLISH_SENDER_H

#include "publish/statement.h"

struct sender;

enum sender_work { SENDER_UPSERT, SENDER_DELETE };

/* The session and the table are borrowed. NULL: `error` is filled. */
struct sender *sender_open(struct session *session, const struct sent_table *table,
                           enum sender_work work, struct error *error);

/* Adds a row: the view's values, and which of equal rows it is. */
bool sender_put(struct sender *sender, const struct slice *values, uint32_t copy,
                struct error *error);

/* Sends what is left. */
bool sender_finish(struct sender *sender, struct error *error);
void sender_close(struct sender *sender);

#endif
