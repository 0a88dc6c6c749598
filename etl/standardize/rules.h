/* rules.h: all rules of a project, by kind. The public faces are cust360/standardize.h
 * and cust360/standardize_rules.h. */
#ifndef CUST360_STANDARDIZE_RULES_H
#define CUST360_STANDARDIZE_RULES_H

#include "standardize/rule.h"

enum { KINDS_MAX = 128 }; /* that a hint looks among */

struct rules {
    struct arena *arena;
    struct rule *rules;
    size_t count;
    struct reference *reference;
    int32_t as_of_days;
};

/* The rule of a kind, or NULL. */
const struct rule *rules_find(const struct rules *rules, const char *kind);

#endif
