/* open.h: what most commands begin with. */
#ifndef CUST360_CLI_OPEN_H
#define CUST360_CLI_OPEN_H

#include "cli/command.h"
#include "cust360/config.h"

/* Loads the project that --config names (default cust360.yaml), with --feeds, --state and --out
 * in place of the file's folders where the command has these options and they were given. */
struct project *open_project(const struct invocation *invocation, struct arena *arena,
                             struct error *error);

/* The same without its sources, for a command that may not need them. */
struct project *open_project_without_sources(const struct invocation *invocation,
                                             struct arena *arena, struct error *error);

/* The paths of the state and of the published view. */
const char *state_path(const struct project *project, struct arena *arena);
const char *view_path(const struct project *project, struct arena *arena);

#endif
