/* secret.h: passwords and the like, which never stand in a file that is shared.
 *
 *   password: {file: secrets/d40}       the first line of a file
 *   password: {env: D40_PASSWORD}       a variable of the environment
 *   password: {command: 'pass d40'}     the first line that a command prints
 */
#ifndef CUST360_CONFIG_SECRET_H
#define CUST360_CONFIG_SECRET_H

#include "cust360/yaml.h"

/* Checks the form only: nothing is fetched. */
bool secret_check(const struct node *node, struct error *error);

/* Fetches it; `folder` is where the names of files are relative to. Failure: exit code 12, and the
 * message says why without telling any of it. */
bool secret_fetch(const struct node *node, const char *folder, struct arena *arena,
                  const char **secret, struct error *error);

/* Fetches from a command, given to /bin/sh; it is stopped after half a minute. */
bool secret_run(const struct node *node, struct buffer *output, struct error *error);

#endif
