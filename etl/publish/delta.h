/* delta.h: what changes in one table of a target. */
#ifndef CUST360_PUBLISH_DELTA_H
#define CUST360_PUBLISH_DELTA_H

#include "publish/statement.h"

struct delta {
    struct shape_sum sum; /* of the rows that the table is to have now */
    uint64_t upserted;
    uint64_t deleted;
};

/* Deletes the rows whose keys are gone, then makes the others what they are in `fresh`. `former`:
 * what the table has now. */
bool delta_send(struct session *session, const struct sent_table *table, struct database *former,
                struct database *fresh, struct delta *delta, struct error *error);

#endif
