#include "rule.h"

/* The fields are named and not taken from `with`, because not all parts are worth the same: an
 * address with a district can be found, one with a room number alone cannot. */
static int64_t take_complete(const struct tally *tally, const struct candidate *candidate,
                             const struct rule_fields *fields)
{
    int64_t filled = 0;
    for (size_t i = 0; i < fields->count; i++)
        filled += !slice_is_empty(candidate->record->values[fields->fields[i]]);
    return greater(tally->score, filled);
}

const struct merge_rule rule_complete = {
    .name = "complete",
    .reason = "it is the most complete",
    .takes = TAKES_ARGUMENTS,
    .classes = CLASS_EACH,
    .take = take_complete,
};
