/* arrival.h: which sources are there tonight, and whole.
 *
 *   left? ─► there? ─► done file? ─► settled? ─► (read) ─► as many rows as the control file says?
 */
#ifndef CUST360_CLI_ARRIVAL_H
#define CUST360_CLI_ARRIVAL_H

#include "cli/run/job.h"

/* Looks at all sources before they are read. What must not be read gets source->missing filled in,
 * and its report a status (late, missing, left). Waits, at most for the longest `settle`, until
 * files that are still being written have come to rest. */
bool arrivals_look(struct job *job, struct error *error);

/* Compares what was read with the source's control file. False: *why says what is wrong. */
bool arrival_is_whole(struct job *job, const struct source *source, struct error *why);

#endif
