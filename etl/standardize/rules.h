/* rules.h: all rules of a project, by kind. The public face is cust360/standardize.h. */
#ifndef CUST360_STANDARDIZE_RULES_H
#define CUST360_STANDARDIZE_RULES_H

#include "standardize/rule.h"

struct rules {
    struct arena *arena;
    struct rule *rules;
    size_t count;
    struct reference *reference;
    int32_t as_of_days;
};

/* Loads the rule files of a folder with the tables of another. NULL: error. */
struct rules *rules_open(const char *rules_folder, const char *reference_folder, int32_t as_of_days,
                         struct error *error);

/* The rule of a kind, or NULL. */
const struct rule *rules_find(const struct rules *rules, const char *kind);

#endif
