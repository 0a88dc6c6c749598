#include "rule.h"

/* Trust is the group's own word about a source (cust360.yaml), the same for all its values. */
static int64_t take_trusted(const struct tally *tally, const struct candidate *candidate,
                            const struct rule_fields *fields)
{
    (void)fields;
    return greater(tally->score, candidate->record->trust);
}

const struct merge_rule rule_trusted = {
    .name = "trusted",
    .reason = "it is of the most trusted source",
    .takes = TAKES_CLASS,
    .classes = CLASS_EACH,
    .take = take_trusted,
};
