#include "cust360/base/date.h"
#include "cust360/base/text.h"
#include "match/compare/comparator.h"

/* within: N: numbers no more than N apart, or dates no more than N days. */

static bool read_number(struct slice text, double *number)
{
    int32_t days = 0;
    if (date_parse(text, &days)) {
        *number = days;
        return true;
    }
    return text_to_number(text, number);
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    double x = 0;
    double y = 0;
    if (!read_number(a, &x) || !read_number(b, &y))
        return false;
    double difference = x > y ? x - y : y - x;
    return difference <= argument->limit;
}

const struct comparator comparator_within = {
    .name = "within",
    .relation = RELATION_TEXTS,
    .limit = "the greatest difference",
    .limit_least = 0,
    .limit_most = 1e12,
    .holds = holds,
};
