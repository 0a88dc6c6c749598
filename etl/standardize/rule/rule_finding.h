/* rule_finding.h: what rule files say of the findings that their checks make. */
#ifndef CUST360_STANDARDIZE_RULE_FINDING_H
#define CUST360_STANDARDIZE_RULE_FINDING_H

#include "standardize/rule/rule.h"

/* Binds `findings` (NULL: none) into the rule, before those it has. */
bool rule_bind_findings(const struct node *node, struct arena *arena, struct rule *rule,
                        struct error *error);

/* Hands the rule's finding_rules to its checks. */
void rule_share_findings(struct rule *rule);

/* A check's finding as the rule file wants it told. */
void rule_finding_make(const struct rule_step *step, const struct check_finding *found,
                       struct arena *arena, struct rule_finding *finding);

#endif
