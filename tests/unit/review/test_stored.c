#include "review/session.h"

#include <criterion/criterion.h>

static size_t count_blind(enum review_kind kind, bool control)
{
    size_t blind = 0;
    for (int64_t key = -500; key < 500; key++) {
        struct stored_case stored = {.key = key, .kind = kind, .control = control};
        blind += stored_is_blind(&stored);
    }
    return blind;
}

Test(review_stored, known_pairs_are_blind_and_so_are_enough_others_to_hide_them)
{
    cr_assert_eq(count_blind(REVIEW_POSSIBLE, true), 1000);
    size_t others = count_blind(REVIEW_POSSIBLE, false);
    cr_assert(others > 50 && others < 200, "%zu of 1,000", others);
}

Test(review_stored, other_questions_show_their_reasons)
{
    for (enum review_kind kind = REVIEW_POSSIBLE + 1; kind < REVIEW_KINDS; kind++)
        cr_assert_eq(count_blind(kind, false), 0, "%s", review_kind_name(kind));
}
