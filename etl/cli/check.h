/* check.h: the parts of `cust360 check`. */
#ifndef CUST360_CLI_CHECK_H
#define CUST360_CLI_CHECK_H

#include "cust360/config.h"
#include "cust360/merge.h"

/* Builds the view of a state without records, in a temporary folder, so that a mistake in the SQL
 * shows before a night does. */
bool check_view(const struct project *project, const struct survivorship *survivorship,
                struct arena *arena, struct error *error);

#endif
