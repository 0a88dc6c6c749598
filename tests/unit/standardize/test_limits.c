/* A pattern that explodes stops the run as a mistake of the configuration, told at its place. */
#include "support.h"

TestSuite(limits, .init = standardize_open, .fini = standardize_close, .timeout = 20);

/* Forty a and one other sign: nested repetition tries every way to part the forty. */
static const char exploding[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";

static void expect_limit(const char *text, unsigned line, unsigned column)
{
    struct error error = {0};
    struct rules *rules = standardize_rule_file(text, &error);
    cr_assert(rules, "%d:%d: %s", (int)error.line, (int)error.column, error.message);
    struct rule_context context;
    struct rule_result result;
    struct rule_input input = {.value = slice_of(exploding), .arena = standardize_arena()};
    rule_context_open(&context, rules->reference, STANDARDIZE_TODAY);
    cr_expect_not(rule_run(&rules->rules[0], &context, &input, &result, &error), "%s", text);
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.file, "kind.yaml"), "%s", error.file);
    cr_expect_eq(error.line, line, "line %d of: %s", (int)error.line, text);
    cr_expect_eq(error.column, column, "column %d of: %s", (int)error.column, text);
    cr_expect(strstr(error.message, "takes too long"), "%s", error.message);
    cr_expect(rules_have_file(rules, error.file));
    cr_expect_not(rules_have_file(rules, "customers.csv"));
    rule_context_close(&context);
    rules_destroy(rules);
}

Test(limits, of_each_step_with_a_pattern_are_errors_at_its_place)
{
    expect_limit("kind: kind\nlabel: A kind\nsteps:\n  - match: {pattern: '^(a+)+$'}\n", 4, 22);
    expect_limit("kind: kind\nlabel: A kind\nsteps:\n  - reject: {pattern: '^(a|aa)+$'}\n", 4, 23);
    expect_limit("kind: kind\nlabel: A kind\nsteps:\n"
                 "  - replace:\n      pattern: '^(\\w+\\s?)+$'\n      with: ''\n",
                 5, 16);
}
