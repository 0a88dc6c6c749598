#include "rule.h"

const struct merge_rule *const merge_rules[] = {
    &rule_steward, &rule_validated, &rule_trusted, &rule_recent,     &rule_frequent,
    &rule_longest, &rule_complete,  &rule_han,     &rule_simplified, NULL,
};

/* Also for what is noted where no rule was needed. A name that is not known is of a state that
 * another version wrote; it is shown as it is. */
const char *survivorship_reason(const char *rule)
{
    static const struct {
        const char *name;
        const char *reason;
    } without_rule[] = {
        {"only", "no other record has one"},
        {"agreed", "all records say the same"},
        {"first", "nothing tells them apart: the first by source and key"},
    };
    for (size_t i = 0; merge_rules[i]; i++)
        if (strcmp(merge_rules[i]->name, rule) == 0)
            return merge_rules[i]->reason;
    for (size_t i = 0; i < sizeof(without_rule) / sizeof(without_rule[0]); i++)
        if (strcmp(without_rule[i].name, rule) == 0)
            return without_rule[i].reason;
    return rule;
}
