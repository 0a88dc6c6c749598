#include "rule.h"

/* Has no score: a value that a steward has given ends the choice wherever the rule stands. Without
 * it in the list the attribute takes no word from stewards. */
const struct merge_rule rule_steward = {
    .name = "steward",
    .reason = "a steward decided so",
};
