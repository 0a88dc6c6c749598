/* support.h: rules, mappings and rows for the tests of standardizing. */
#ifndef CUST360_TESTS_UNIT_STANDARDIZE_SUPPORT_H
#define CUST360_TESTS_UNIT_STANDARDIZE_SUPPORT_H

#include "cust360/base/date.h"
#include "standardize/rule/rules.h"

#include <criterion/criterion.h>

/* The day that counts as today in these tests. */
#define STANDARDIZE_TODAY date_to_days((struct date_parts){2026, 6, 30})

/* An arena and a folder for the test: use as .init and .fini. */
void standardize_open(void);
void standardize_close(void);

struct arena *standardize_arena(void);

/* Writes a file into the test's folder; returns its path. */
const char *standardize_write(const char *name, const char *text);

/* The program's own rules (closed by standardize_close). */
const struct rules *standardize_rules(void);

/* A folder with one rule file ("kind.yaml"); NULL: `error` says why. Closed by the caller. */
struct rules *standardize_rule_file(const char *text, struct error *error);

/* A value through the chain of a kind, with the mapping's hint (may be NULL). */
void standardize_value(const struct rules *rules, const char *kind, struct slice value,
                       const char *format, struct rule_result *result);

/* Whether there is a finding with this code. */
bool standardize_found(const struct rule_result *result, const char *code);

/* The part of this name, or the empty slice. */
struct slice standardize_part(const struct rule_result *result, const char *name);

/* The text as the test's C string, for messages and cr_assert_str_eq. */
const char *standardize_text(struct slice slice);

#endif
