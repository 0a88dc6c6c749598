#include "rule.h"

/* The field given is the value in simplified characters, as the rules derive it. */
static int64_t take_simplified(const struct tally *tally, const struct candidate *candidate,
                               const struct rule_fields *fields)
{
    bool is_own_key = slice_equal(candidate->value, candidate->record->values[fields->fields[0]]);
    return greater(tally->score, is_own_key);
}

const struct merge_rule rule_simplified = {
    .name = "simplified",
    .reason = "it is written in simplified characters",
    .takes = TAKES_ARGUMENTS,
    .classes = CLASS_EACH,
    .take = take_simplified,
};
