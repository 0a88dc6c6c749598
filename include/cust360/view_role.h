/* view_role.h: the part of the published view that a role may see, as a file of its own.
 *
 *   OUT/customer360.db (schema `whole`, read only) ──► mappings/view/roles/NAME.sql ──► OUT/NAME.db
 *
 * The SQL makes the role's tables. It finds a key in the table role_key(key) and the function
 * pseudonym(key, value): 20 characters that stay the same for a value, that two values do not
 * share, and that nobody without the key can turn back. NULL gives NULL. */
#ifndef CUST360_VIEW_ROLE_H
#define CUST360_VIEW_ROLE_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct role_options {
    const char *folder;    /* of the view's SQL: roles/ is in it */
    const char *role;      /* NAME */
    const char *view_path; /* the published view */
    const char *key_path;  /* of the pseudonyms; made when it is not there, mode 0600 */
    const char *path;      /* what is replaced, atomically */
};

/* False: the former file still stands. Exit code 78 (with file and line) when the SQL is at fault
 * or not there, 12 when the key cannot be read, else 1. */
bool role_build(struct arena *arena, const struct role_options *options, struct error *error);

#endif
