#include "match/compare/comparator.h"
#include "match/compare/confusions.h"

/* confusable: N: as long as each other, and at most N characters differ, each of which is taken
 * for the other's (by the table that match.yaml names). */

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    uint32_t x[CHARACTERS_MAX];
    uint32_t y[CHARACTERS_MAX];
    size_t count = characters_decode(a, x);
    if (!argument->confusions || characters_decode(b, y) != count)
        return false;
    double differences = 0;
    for (size_t i = 0; i < count; i++) {
        if (x[i] == y[i])
            continue;
        if (++differences > argument->limit || !confusions_has(argument->confusions, x[i], y[i]))
            return false;
    }
    return true;
}

const struct comparator comparator_confusable = {
    .name = "confusable",
    .relation = RELATION_TEXTS,
    .limit = "the greatest number of characters that differ",
    .limit_least = 1,
    .limit_most = 16,
    .changes = 2, /* a character replaced is one more and one fewer */
    .holds = holds,
};
