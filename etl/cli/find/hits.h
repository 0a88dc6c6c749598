/* hits.h: customers found, as a list on stdout. */
#ifndef CUST360_CLI_HITS_H
#define CUST360_CLI_HITS_H

#include "cli/find/lookup.h"

/* Prints a line a customer. `format`: text, json, csv; NULL: text. Nothing is printed on failure.
 */
bool hits_print(struct lookup *lookup, const struct lookup_result *result, const char *format,
                struct error *error);

#endif
