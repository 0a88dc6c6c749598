/* review_run.h: what a run does for stewards: their decisions before the match, their cases after.
 */
#ifndef CUST360_CLI_REVIEW_RUN_H
#define CUST360_CLI_REVIEW_RUN_H

#include "cli/run/job.h"

/* Takes over the decisions that came while a run held the state; and, once that is committed,
 * forgets that they waited. Customers that stewards have changed since the last view make the view
 * differ. */
bool job_absorb_decisions(struct job *job, struct error *error);
bool job_forget_absorbed(struct job *job, struct error *error);

/* Brings the cases up to date, in the run's transaction. */
bool job_make_cases(struct job *job, struct error *error);

#endif
