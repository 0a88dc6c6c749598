/* rule_explain.h: what each step of a chain made of a value.
 *
 * The chain is run again and again, each time one step further, and the results are held side by
 * side: so what is explained cannot differ from what a run does, and a run pays nothing for it. */
#ifndef CUST360_STANDARDIZE_RULE_EXPLAIN_H
#define CUST360_STANDARDIZE_RULE_EXPLAIN_H

#include "standardize/rule/rules.h"

/* The value after each step that it came to; `steps` has room for all of them. *result is that of
 * the whole chain. Borrowed from the input's arena. False: a pattern hit its limit. */
bool rule_explain(const struct rule *rule, struct rule_context *context,
                  const struct rule_input *input, struct explained_step *steps, size_t *step_count,
                  struct rule_result *result, struct error *error);

void rule_step_summary(const struct rule_step *step, struct arena *arena,
                       struct step_summary *summary);

#endif
