/* json_value.h: how a value that people see is written. */
#ifndef CUST360_REVIEW_JSON_VALUE_H
#define CUST360_REVIEW_JSON_VALUE_H

#include "cust360/review_json.h"

/* NULL is written as the empty text. */
void json_value(struct json_writer *json, const char *key, const char *text);

/* Masked, if `mask` says so. */
void json_masked(struct json_writer *json, const char *key, const char *text, bool mask);

#endif
