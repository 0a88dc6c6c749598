/* desk.h: a review session on a small state that no input changes. */
#ifndef TESTS_FUZZ_DESK_H
#define TESTS_FUZZ_DESK_H

#include "support.h"

#include "cli/review/review_open.h"

/* A night of three feeds, so that there are questions. What is decided is taken back at the end of
 * each transaction. To be called once. */
void fuzz_desk_open(struct review_desk *desk);

/* How often something was to be committed. */
int fuzz_desk_commits(void);

#endif
