#include "match/compare/comparator.h"

/* slip: what a finger does to a number: one character replaced, or two neighbours swapped. Unlike
 * an edit it never changes the length, for numbers of a fixed length lose no digit unseen. */

bool is_one_slip(struct slice a, struct slice b)
{
    uint32_t x[CHARACTERS_MAX];
    uint32_t y[CHARACTERS_MAX];
    size_t count = characters_decode(a, x);
    if (characters_decode(b, y) != count)
        return false;
    size_t first = 0;
    while (first < count && x[first] == y[first])
        first++;
    size_t last = count;
    while (last > first && x[last - 1] == y[last - 1])
        last--;
    if (last - first == 1)
        return true;
    return last - first == 2 && x[first] == y[first + 1] && x[first + 1] == y[first];
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    (void)argument;
    return is_one_slip(a, b);
}

const struct comparator comparator_slip = {
    .name = "slip",
    .relation = RELATION_TEXTS,
    .changes = 2, /* a character replaced is one more and one fewer */
    .holds = holds,
};
