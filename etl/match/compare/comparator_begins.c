#include "cust360/base/text.h"
#include "match/compare/comparator.h"

/* begins: N: one text begins with the other, which has at least N characters ("Rob", "Robert"). */

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    struct slice shorter = a.length < b.length ? a : b;
    struct slice longer = a.length < b.length ? b : a;
    return slice_starts_with(longer, shorter) && text_length(shorter) >= (size_t)argument->limit;
}

const struct comparator comparator_begins = {
    .name = "begins",
    .relation = RELATION_TEXTS,
    .limit = "the least number of characters",
    .limit_least = 1,
    .limit_most = CHARACTERS_MAX,
    .holds = holds,
};
