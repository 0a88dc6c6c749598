#include "rule.h"

/* A record without a date counts as the oldest: nobody says that it was touched. */
static int64_t take_recent(const struct tally *tally, const struct candidate *candidate,
                           const struct rule_fields *fields)
{
    (void)fields;
    return greater(tally->score, candidate->updated);
}

const struct merge_rule rule_recent = {
    .name = "recent",
    .reason = "its record changed last",
    .takes = TAKES_CLASS,
    .classes = CLASS_EACH,
    .take = take_recent,
};
