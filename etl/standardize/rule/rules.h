/* rules.h: all rules of a project, by kind. The public faces are cust360/standardize.h
 * and cust360/standardize_rules.h. */
#ifndef CUST360_STANDARDIZE_RULES_H
#define CUST360_STANDARDIZE_RULES_H

#include "standardize/rule/rule.h"

enum { KINDS_MAX = 128 }; /* that a hint looks among */

struct rules {
    struct arena *arena;
    struct rule *rules;
    size_t count;
    struct reference *reference;
    bool borrowed; /* the reference is another's */
    int32_t as_of_days;
    struct rules **dealers; /* own rules of sources, one a path */
    size_t dealer_count;
    size_t dealer_capacity;
    /* Of a dealer's: */
    const char *path;         /* the file or folder; NULL: these are the group's */
    struct rule_change *owns; /* what is to be released: the rules' steps may be the group's */
    size_t own_count;
    struct document **documents;
    size_t document_count;
};

/* What the file or the files of the folder `path` make of the group's rules; NULL: error. */
struct rules *rules_change(const struct rules *group, const char *path, struct error *error);

/* A rule file by itself, with the group's reference tables. */
struct rules *rules_alone(const struct rules *group, const char *path, struct error *error);

/* Frees what the rules of a dealer own beside their arena. */
void rules_release_change(struct rules *rules);

/* The rule of a kind, or NULL. */
const struct rule *rules_find(const struct rules *rules, const char *kind);

#endif
