#include "match/compare/comparator.h"

/* contains: N: one text stands within the other and has at least N characters. */

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    uint32_t characters[CHARACTERS_MAX];
    struct slice shorter = a.length < b.length ? a : b;
    struct slice longer = a.length < b.length ? b : a;
    if ((double)characters_decode(shorter, characters) < argument->limit)
        return false;
    return slice_find(longer, shorter) >= 0;
}

const struct comparator comparator_contains = {
    .name = "contains",
    .relation = RELATION_TEXTS,
    .limit = "the least length in characters",
    .limit_least = 1,
    .limit_most = CHARACTERS_MAX,
    .holds = holds,
};
