/* roles.h: the files of the roles that the project has (`roles` in cust360.yaml). */
#ifndef CUST360_CLI_ROLES_H
#define CUST360_CLI_ROLES_H

#include "cust360/config.h"

enum roles_wanted { ROLES_ALL, ROLES_MISSING };

/* OUT/ROLE.db of each, from the view that stands; ROLES_ALL when it has been replaced. Files of
 * roles that the project has no more are its owner's to remove. */
bool roles_publish(const struct project *project, struct arena *arena, enum roles_wanted wanted,
                   struct error *error);

/* Tries each role's SQL on a view in another folder. */
bool roles_try(const struct project *project, const char *folder, struct arena *arena,
               struct error *error);

#endif
