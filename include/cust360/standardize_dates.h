/* standardize_dates.h: whether a source writes the day or the month first, by its own dates.
 *
 *   05/08/2013  could be either        25/08/2013  the day is first      08/25/2013  the month is
 *
 * A mapping's hint (`format: d/m/y`) goes before all of this. Without one the dates of the column
 * that can be only one of the two decide for those that could be either; a column without such
 * dates follows those of the source's other columns. */
#ifndef CUST360_STANDARDIZE_DATES_H
#define CUST360_STANDARDIZE_DATES_H

#include "cust360/standardize.h"

struct date_tally {
    uint64_t either; /* both numbers are at most 12 and not the same */
    uint64_t day_first;
    uint64_t month_first;
};

/* Counts a text as it stands in the source, when it begins with a date of two numbers of one or two
 * digits and a year of four; others count nothing. */
void date_tally_add(struct date_tally *tally, struct slice text);

/* "d/m/y" or "m/d/y", when nearly all that tell it (49 of 50) say the same; else NULL. */
const char *date_tally_order(const struct date_tally *tally);

/* Whether values of a kind are dates, by the check that its rule names. */
bool rules_read_dates(const struct rules *rules, const char *kind);

#endif
