/* rules.h: what the parts of `cust360 rules` share. */
#ifndef CUST360_CLI_RULES_H
#define CUST360_CLI_RULES_H

#include "cli/command.h"
#include "cust360/standardize_rules.h"

struct rules_session {
    const struct invocation *invocation;
    struct arena *arena;
    struct rules *group;
    const struct rules *rules; /* the group's, or those of --source */
    int32_t as_of_days;
    bool json;
};

/* Each returns the exit code. `arguments` are those behind the word. */
int rules_list_run(struct rules_session *session, const char **arguments, size_t count);
int rules_test_run(struct rules_session *session, const char **arguments, size_t count);
int rules_check_run(struct rules_session *session, const char **arguments, size_t count);
int rules_explain_run(struct rules_session *session, const char **arguments, size_t count);

/* The mappings that came with the program: beside it or above it as it was built (mappings/), or
 * under the same prefix as it was installed (share/cust360/mappings/). NULL: there are none. */
const char *shipped_mappings(struct arena *arena);

/* The text in single quotes, with what cannot be seen as an escape: \t, \u{200B}. */
void quote_visibly(struct buffer *buffer, struct slice text);

#endif
