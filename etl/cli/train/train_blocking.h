/* train_blocking.h: suggested blocking keys, as a table with a piece of match.yaml, and as JSON. */
#ifndef CUST360_CLI_TRAIN_BLOCKING_H
#define CUST360_CLI_TRAIN_BLOCKING_H

#include "cust360/base/buffer.h"
#include "cust360/match_suggest.h"

/* `is_exact`: the matches come from a truth, not from a model. */
void blocking_table(const struct match_suggestion *suggestion, bool is_exact, struct buffer *text);
void blocking_json(const struct match_suggestion *suggestion, bool is_exact, struct buffer *text);

#endif
