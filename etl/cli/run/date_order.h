/* date_order.h: the order of day and month of a source whose mapping does not give it. */
#ifndef CUST360_CLI_DATE_ORDER_H
#define CUST360_CLI_DATE_ORDER_H

#include "cust360/extract.h"
#include "cust360/standardize.h"

struct date_order_input {
    const struct model *model;
    const struct rules *rules;
    const struct source *source;
};

/* The source with the hints that its own dates give, or as it is when there is nothing to decide. A
 * notice (code date_order) tells of each column what was decided and on how many dates. All of it
 * lives in the arena. Reads a few rows, and those tables again that have such dates. */
const struct source *date_order_decide(const struct date_order_input *input, struct arena *arena,
                                       struct notice **notices, size_t *notice_count);

#endif
