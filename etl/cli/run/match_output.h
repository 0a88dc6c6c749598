/* match_output.h: a match as CSV files. */
#ifndef CUST360_CLI_MATCH_OUTPUT_H
#define CUST360_CLI_MATCH_OUTPUT_H

#include "cust360/match_intake.h"

/* source,key,cluster of each record, in order; path NULL: to standard output. */
bool match_write_clusters(const struct match_intake *intake, const struct match_result *result,
                          const char *path, struct error *error);

/* source_a,key_a,source_b,key_b,weight_bits,probability,kind,reason: the links, then the questions.
 */
bool match_write_pairs(const struct match_intake *intake, const struct match_result *result,
                       const char *path, struct error *error);

#endif
