/* night.h: the sample group's night in the test's workspace. */
#ifndef CUST360_TESTS_E2E_NIGHT_H
#define CUST360_TESTS_E2E_NIGHT_H

#include "support.h"

/* The project's own sample, on the workspace's feeds, state and out. */
#define NIGHT "-c samples/group/cust360.yaml --feeds @/feeds --state @/state --out @/out"
#define AS_OF "--as-of 2026-06-30"

/* For .init: a workspace with the sample's feeds. */
void night_open(void);

/* Runs the night (with further options, or "") and checks the exit code. */
void night_run(const char *options, int exit_code);

/* The same, giving what it printed on stderr; freed by the caller. */
char *night_messages(const char *options, int exit_code);

/* All of a view that has meaning, as one hash: equal when and only when customers, their sources,
 * ids and values are equal. */
char *view_content(void);

#endif
