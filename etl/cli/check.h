/* check.h: the parts of `cust360 check`. */
#ifndef CUST360_CLI_CHECK_H
#define CUST360_CLI_CHECK_H

#include "cust360/config.h"
#include "cust360/merge.h"

/* Builds the view of a state without records, in a temporary folder, so that a mistake in the SQL
 * shows before a night does. */
bool check_view(const struct project *project, const struct survivorship *survivorship,
                struct arena *arena, struct error *error);

/* Whether a run can write to a folder: a file is written there, synced, and taken away. One that is
 * not there is not made; whether it can be is asked. `file` is what stands in it and each run
 * replaces: `warning` says that there is no room for another, else its exit_code stays 0. */
bool check_folder(const char *path, const char *file, struct arena *arena, struct error *warning,
                  struct error *error);

#endif
