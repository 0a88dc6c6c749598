#include "rule.h"

/* Sources before records: what two dealers were told weighs more than what one of them has copied
 * into a second record. */
enum { RECORDS_MAX = 1 << 24 };

static int64_t take_frequent(const struct tally *tally, const struct candidate *candidate,
                             const struct rule_fields *fields)
{
    (void)candidate;
    (void)fields;
    return (int64_t)tally->sources * RECORDS_MAX + tally->candidates;
}

const struct merge_rule rule_frequent = {
    .name = "frequent",
    .reason = "most sources say so",
    .takes = TAKES_CLASS,
    .classes = CLASS_VALUE,
    .take = take_frequent,
};
