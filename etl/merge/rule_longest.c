#include "cust360/base/text.h"
#include "rule.h"

/* Characters and not bytes: three ideographs must not beat eight letters by their encoding. */
static int64_t take_longest(const struct tally *tally, const struct candidate *candidate,
                            const struct rule_fields *fields)
{
    (void)fields;
    return greater(tally->score, (int64_t)text_length(candidate->value));
}

const struct merge_rule rule_longest = {
    .name = "longest",
    .reason = "it is the longest",
    .takes = TAKES_NOTHING,
    .classes = CLASS_EACH,
    .take = take_longest,
};
