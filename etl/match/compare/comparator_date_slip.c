#include "cust360/base/date.h"
#include "match/compare/comparator.h"

/* date_slip: the same date but for day and month swapped, one digit, or a day before or after. */

static bool day_and_month_swapped(int32_t a, int32_t b)
{
    struct date_parts x = date_from_days(a);
    struct date_parts y = date_from_days(b);
    return x.year == y.year && x.month == y.day && x.day == y.month;
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    (void)argument;
    int32_t x = 0;
    int32_t y = 0;
    if (is_one_slip(a, b))
        return true;
    if (!date_parse(a, &x) || !date_parse(b, &y))
        return false;
    return x - y == 1 || y - x == 1 || day_and_month_swapped(x, y);
}

const struct comparator comparator_date_slip = {
    .name = "date_slip",
    .relation = RELATION_TEXTS,
    .holds = holds,
};
