#include "rule.h"

/* Whether a name stands in "mobile,address,". */
static bool is_flagged(struct slice flagged, const char *field)
{
    size_t length = strlen(field);
    for (size_t at = 0; at + length < flagged.length; at++) {
        bool whole = (at == 0 || flagged.data[at - 1] == ',') && flagged.data[at + length] == ',';
        if (whole && memcmp(flagged.data + at, field, length) == 0)
            return true;
    }
    return false;
}

/* Values with errors were blanked before; what is left to tell apart are warnings. */
static int64_t take_validated(const struct tally *tally, const struct candidate *candidate,
                              const struct rule_fields *fields)
{
    (void)fields;
    return greater(tally->score, !is_flagged(candidate->record->flagged, candidate->field));
}

const struct merge_rule rule_validated = {
    .name = "validated",
    .reason = "the only ones that pass their check without a warning",
    .takes = TAKES_NOTHING,
    .classes = CLASS_EACH,
    .take = take_validated,
};
