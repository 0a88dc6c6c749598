/* signals.h: what a run does when it is asked to end, or how far it is.
 *
 *   SIGTERM, SIGINT  the run is taken back, and ends with 143 or 130
 *   SIGUSR1          one line on stderr: stage and progress
 *
 * The signals are waited for by a thread of their own, so that nothing happens in the midst of
 * anything. */
#ifndef CUST360_CLI_SIGNALS_H
#define CUST360_CLI_SIGNALS_H

#include "cli/run/job.h"

struct signals;

/* To be called before any other thread is started: threads inherit what is blocked. NULL: signals
 * do what they do to any program. */
struct signals *signals_start(struct job *job);

/* Nothing is waited for any more. NULL is allowed. */
void signals_end(struct signals *signals);

#endif
