/* checks.h: the built-in checks by name. A check's constant is declared here and defined in its own
 * file; the table of checks.c makes it known to rule files. */
#ifndef CUST360_STANDARDIZE_CHECKS_H
#define CUST360_STANDARDIZE_CHECKS_H

#include "standardize/check.h"

extern const struct check check_email;
extern const struct check check_name;

/* The check of this name, or NULL. */
const struct check *check_find(const char *name);

/* Writes up to `limit` names, for "did you mean"; returns how many. */
size_t check_names(const char **names, size_t limit);

#endif
