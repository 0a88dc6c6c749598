/* shared.h: values that too many customers share, told to the dealers that have them. */
#ifndef CUST360_CLI_SHARED_H
#define CUST360_CLI_SHARED_H

#include "cli/run/job.h"

/* A finding `shared_widely` for each record whose value of an attribute with a `shared_limit`
 * (match.yaml) is that of more customers. */
bool job_tell_shared(struct job *job, const struct match_input *input,
                     const struct match_result *result, struct error *error);

#endif
