#include "match/compare/comparator.h"

/* edit: N: at most N characters inserted, left out, replaced or swapped with their neighbour. */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t edit_distance(struct slice a, struct slice b, size_t limit)
{
    uint32_t x[CHARACTERS_MAX];
    uint32_t y[CHARACTERS_MAX];
    size_t rows[3][CHARACTERS_MAX + 1];
    size_t *before = rows[0]; /* two rows up, for swaps */
    size_t *above = rows[1];
    size_t *row = rows[2];
    size_t x_count = characters_decode(a, x);
    size_t y_count = characters_decode(b, y);
    size_t difference = x_count > y_count ? x_count - y_count : y_count - x_count;
    if (difference > limit)
        return limit + 1;
    for (size_t j = 0; j <= y_count; j++)
        above[j] = j;
    for (size_t i = 1; i <= x_count; i++) {
        size_t smallest = row[0] = i;
        for (size_t j = 1; j <= y_count; j++) {
            size_t replaced = above[j - 1] + (x[i - 1] != y[j - 1]);
            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            smallest = least(smallest, row[j]);
        }
        /* A swap looks back two rows, so that a row over the limit does not yet decide alone. */
        if (smallest > limit + 1)
            return limit + 1;
        size_t *recycled = before;
        before = above;
        above = row;
        row = recycled;
    }
    return least(above[y_count], limit + 1);
}

static bool holds(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    size_t limit = (size_t)argument->limit;
    return edit_distance(a, b, limit) <= limit;
}

const struct comparator comparator_edit = {
    .name = "edit",
    .relation = RELATION_TEXTS,
    .limit = "the greatest number of edits",
    .limit_least = 1,
    .limit_most = 16,
    .changes = 2, /* a character replaced is one more and one fewer */
    .holds = holds,
};
