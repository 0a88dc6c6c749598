/* function.h: what the view's SQL can reckon with days beyond SQLite's own functions, which read
 * and write a day by way of printf, and let 31 January plus a month be 3 March.
 *
 *     months_after(day, months)  the same day so many months later, or the month's last: a year
 *                                after 29 February is 28 February; before, when months < 0
 *     days_after(day, days)
 *     day_number(day)            an integer whose differences are days
 *     month_number(day)          12 * year + month, of any text that begins with YYYY-MM
 *     years_begun(from, day)     1 in the first year after `from`, to its anniversary inclusive; 2
 * …
 *
 *     bits(number)               an aggregate: the numbers 0 to 62 of a group as bits of an
 * integer, 0 when there is none; others and NULL are passed over
 *
 * Days are YYYY-MM-DD. What is none, NULL, or would lie outside of the years 1 to 9999 gives NULL.
 */
#ifndef CUST360_VIEW_FUNCTION_H
#define CUST360_VIEW_FUNCTION_H

#include "cust360/base/error.h"

struct database;

/* Makes them known to a connection. */
bool functions_add(struct database *database, struct error *error);

#endif
