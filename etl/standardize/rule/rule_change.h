/* rule_change.h: a dealer's own rules: what they make of a rule of the group. */
#ifndef CUST360_STANDARDIZE_RULE_CHANGE_H
#define CUST360_STANDARDIZE_RULE_CHANGE_H

#include "standardize/rule/rule.h"

/* ---- rule_bind.c, for rule_change.c ---- */

/* Where steps are bound. */
struct step_binding {
    struct arena *arena;
    const char *file; /* the rule file's name without folders, for findings */
    struct error *error;
    bool is_change; /* of a dealer's own rules: `before` and `after` are allowed */
};

bool rule_bind_step(const struct step_binding *binding, const struct node *node,
                    struct rule_step *step);

/* Frees what steps own beside the arena. */
void rule_release_steps(struct rule_step *steps, size_t count);

/* ---- rule_change.c ---- */

/* The name by which a step is referred to: its own, else the check's, else "unicode"; or empty. */
const char *rule_step_name(const struct rule_step *step);

/* Makes *rule what `item` (of a document's `overrides`) makes of the group's rule. Own steps are
 * counted in `own`, which is to be released with rule_release_steps, after a failure too. */
struct rule_change {
    struct rule_step *steps;
    size_t step_count;
};
bool rule_bind_change(const struct node *item, const struct rule *base, struct arena *arena,
                      struct rule_change *own, struct rule *rule, struct error *error);

#endif
