/* rules_compare.h: the short form of match.yaml, written out.
 *
 *   compare: {given_name: given_name, surname: surname, dob: date, city: place}
 *
 * names what is compared and as what; attributes, blocking keys, levels, training and thresholds
 * are written from it as the long form would say them. Between the rules_*.c files only. */
#ifndef CUST360_MATCH_RULES_COMPARE_H
#define CUST360_MATCH_RULES_COMPARE_H

#include "cust360/base/buffer.h"
#include "cust360/yaml.h"

/* Appends the long form of `compare`, for records of `entity`. */
bool compare_write_out(const struct node *compare, const char *entity, struct buffer *text,
                       struct error *error);

#endif
