/* match_input.h: what is to be matched, as the state has it. */
#ifndef CUST360_CLI_MATCH_INPUT_H
#define CUST360_CLI_MATCH_INPUT_H

#include "cust360/match.h"
#include "cust360/store_golden.h"

/* Fills an input with all live records; they have the numbers of the store's members. */
bool match_input_load(struct match_input *input, struct store *store,
                      const struct match_rules *rules, struct arena *arena, struct error *error);

#endif
