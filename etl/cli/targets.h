/* targets.h: the databases that a project sends its view to. */
#ifndef CUST360_CLI_TARGETS_H
#define CUST360_CLI_TARGETS_H

#include "cust360/config.h"
#include "cust360/publish.h"

/* Sends the published view to each target, or to the one named `name`. What goes wrong with one is
 * logged, told in its report and does not keep the others from being sent to. Reports are in the
 * arena; *exit_code is that of the first failure, else 0. False: there is no such target. */
bool targets_publish(const struct project *project, const char *name, struct arena *arena,
                     struct report_targets *reports, int *exit_code, struct error *error);

/* Makes what the targets lack, and prints what that was. Stops at the first failure. */
bool targets_init(const struct project *project, const char *name, struct arena *arena,
                  struct error *error);

/* The targets' canaries, one after the other: 0 … target_count. `warning` as of target_check. */
bool targets_check(const struct project *project, size_t target, struct arena *arena,
                   struct error *warning, struct error *error);

#endif
