/* review.h: the words behind `cust360 review`; each opens the session for itself. */
#ifndef CUST360_CLI_REVIEW_H
#define CUST360_CLI_REVIEW_H

#include "cli/review/review_open.h"

/* What the command line says, or the terminal's: --who, else the user's name; --language, else the
 * locale's. */
const char *review_who(const struct invocation *invocation);
bool review_is_chinese(const struct invocation *invocation);

/* The queue, one case after another, on a terminal or from a pipe. */
bool review_terminal(struct review_desk *desk, const struct invocation *invocation,
                     struct error *error);

#endif
