#include "match/compare/comparator.h"

/* Two attributes whose values have changed places: given name and surname, as a form with two
 * boxes invites. `swapped: OTHER` holds when both have, with a slip in each at most; `moved: OTHER`
 * when one value stands where the other record has the other attribute. */

enum { LONG_CHARACTERS = 4 };

static bool are_nearly_equal(struct slice a, struct slice b)
{
    uint32_t characters[CHARACTERS_MAX];
    if (slice_equal(a, b))
        return true;
    return characters_decode(a, characters) >= LONG_CHARACTERS && edit_distance(a, b, 1) <= 1;
}

static bool swapped(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    (void)argument;
    return are_nearly_equal(a, b);
}

static bool moved(struct slice a, struct slice b, const struct comparator_argument *argument)
{
    (void)argument;
    return slice_equal(a, b);
}

const struct comparator comparator_swapped = {
    .name = "swapped",
    .relation = RELATION_CROSSED_BOTH,
    .holds = swapped,
};

const struct comparator comparator_moved = {
    .name = "moved",
    .relation = RELATION_CROSSED_ONE,
    .holds = moved,
};
