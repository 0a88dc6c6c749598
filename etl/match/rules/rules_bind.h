/* rules_bind.h: how match.yaml becomes struct match_rules; between the rules_*.c files only. */
#ifndef CUST360_MATCH_RULES_BIND_H
#define CUST360_MATCH_RULES_BIND_H

#include "cust360/yaml.h"
#include "match/rules/rules.h"

struct binder {
    struct arena *arena;
    const struct model *model;
    struct match_rules *rules;
    struct error *error;
};

/* An array of names as attributes' numbers; a missing node leaves the array empty. */
bool bind_attribute_list(struct binder *binder, const struct node *node, size_t **attributes,
                         size_t *count);

/* One attribute's number by name. */
bool bind_attribute(struct binder *binder, const struct node *node, size_t *attribute);

/* The section `attributes`. */
bool bind_attributes(struct binder *binder, const struct node *node);

/* An `if`: a mapping (all must hold) or a list of mappings (one must). */
bool bind_test(struct binder *binder, const struct node *node, struct test *test);

bool bind_blocking(struct binder *binder, const struct node *node);
bool bind_comparisons(struct binder *binder, const struct node *node);
bool bind_hard_rules(struct binder *binder, const struct node *node);

/* "unknown WHAT NAME", with "did you mean"; returns false. */
bool bind_unknown(struct binder *binder, const struct node *node, const char *what,
                  const char *const *names, size_t count);

#endif
