/* check_support.h: running a check on one value, as the rule engine does, and looking at what it
 * found. */
#ifndef CUST360_TESTS_STANDARDIZE_CHECK_SUPPORT_H
#define CUST360_TESTS_STANDARDIZE_CHECK_SUPPORT_H

#include "standardize/check.h"
#include "standardize/reference/reference.h"

/* The reference tables that the program comes with; the test fails when they cannot be loaded. */
struct reference *reference_open(void);

/* Runs the check of this name with one field standing before it (`field` may be NULL). */
struct check_output check_run(const struct reference *reference, struct arena *arena,
                              const char *check, struct slice value, const char *field,
                              const char *field_value);

/* The part of this name, or the empty slice; whether there is a finding with the code. */
struct slice output_part(const struct check_output *output, const char *name);
bool output_has(const struct check_output *output, const char *code);

/* What a value is expected to become. NULL: not looked at; "": not there. */
struct expected_part {
    const char *name;
    const char *text;
};
enum { EXPECTED_PARTS = 10 };
struct check_case {
    const char *input;
    const char *output;
    const char *code; /* of one finding; NULL: there is none but informations */
    struct expected_part parts[EXPECTED_PARTS];
    const char *field_value;
};

/* Runs each case and tells every difference. */
void expect_cases(const char *check, const char *field, const struct check_case *cases,
                  size_t count);

/* Changes a text at random (bytes of characters dropped, doubled, swapped, replaced by others of
 * `alphabet`), always to valid UTF-8. */
struct slice text_mutate(struct arena *arena, struct slice text, struct slice alphabet,
                         uint64_t *state);

#endif
