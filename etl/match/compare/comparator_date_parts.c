#include "cust360/base/date.h"
#include "match/compare/comparator.h"

/* date_parts: N: of year, month and day at least N are the same: somebody remembers the year, or
 * mistakes the month. */

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    int32_t x = 0;
    int32_t y = 0;
    if (!date_parse(a, &x) || !date_parse(b, &y))
        return false;
    struct date_parts first = date_from_days(x);
    struct date_parts second = date_from_days(y);
    int same =
        (first.year == second.year) + (first.month == second.month) + (first.day == second.day);
    return same >= (int)argument->limit;
}

const struct comparator comparator_date_parts = {
    .name = "date_parts",
    .relation = RELATION_TEXTS,
    .limit = "the least number of equal parts",
    .limit_least = 1,
    .limit_most = 2,
    .holds = holds,
};
