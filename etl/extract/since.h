/* since.h: where a delta begins: the highest watermark that was read, less a look-back. */
#ifndef CUST360_EXTRACT_SINCE_H
#define CUST360_EXTRACT_SINCE_H

#include "cust360/base/arena.h"
#include "cust360/mapping.h"

/* The watermark so many days before; the arena owns it. */
const char *since_look_back(struct arena *arena, const char *watermark, int64_t days);

/* The table's query with {since} filled in; `watermark` NULL: from the begin of all. */
const char *since_query(struct arena *arena, const struct mapping_table *table,
                        const char *watermark);

/* Whether a value can be a watermark: an ISO date, and a time or not. Nothing else is in it, so
 * that it can stand in a query as it is. */
bool since_is_watermark(struct slice value);

/* Whether a watermark is higher than another (NULL: any is). */
bool since_is_higher(struct slice value, const char *than);

#endif
