/* The rule engine: what a rule file may say, and what its steps do to a value. */
#include "support.h"

TestSuite(engine, .init = standardize_open, .fini = standardize_close);

#define HEAD "kind: kind\nlabel: A kind\nsteps:\n"

/* A value through a rule file of one kind; NULL: it was refused or nothing is left. */
static const char *run(const char *steps, const char *value, struct rule_result *result)
{
    struct error error = {0};
    char *text = arena_format(standardize_arena(), HEAD "%s", steps);
    struct rules *rules = standardize_rule_file(text, &error);
    cr_assert(rules, "%d:%d: %s", (int)error.line, (int)error.column, error.message);
    standardize_value(rules, "kind", slice_of(value), NULL, result);
    const char *out = result->value.data ? standardize_text(result->value) : NULL;
    for (size_t i = 0; i < result->finding_count; i++) {
        result->findings[i].code =
            arena_format(standardize_arena(), "%s", result->findings[i].code);
        result->findings[i].place =
            arena_format(standardize_arena(), "%s", result->findings[i].place);
        result->findings[i].message =
            arena_format(standardize_arena(), "%s", result->findings[i].message);
    }
    for (size_t i = 0; i < result->part_count; i++)
        result->parts[i].name = arena_format(standardize_arena(), "%s", result->parts[i].name);
    rules_destroy(rules);
    return out;
}

static void expect_error(const char *text, unsigned line, unsigned column, const char *message,
                         const char *hint)
{
    struct error error = {0};
    struct rules *rules = standardize_rule_file(text, &error);
    cr_assert_not(rules, "taken: %s", text);
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect_eq(error.line, line, "line %d of: %s", (int)error.line, text);
    if (column)
        cr_expect_eq(error.column, column, "column %d of: %s", (int)error.column, text);
    cr_expect(strstr(error.message, message), "'%s' of: %s", error.message, text);
    if (hint)
        cr_expect(strstr(error.hint, hint), "hint '%s' of: %s", error.hint, text);
}

Test(engine, trims_white_space_of_all_kinds)
{
    struct rule_result result;
    cr_assert_str_eq(run("  - unicode: none\n", " \t\u3000\u00A0\uFEFFab c\u200B\r\n ", &result),
                     "ab c");
    cr_assert_null(run("  - unicode: none\n", " \u3000 ", &result));
    cr_assert_eq(result.finding_count, 0);
}

Test(engine, folds_and_normalizes)
{
    struct rule_result result;
    cr_assert_str_eq(run("  - unicode: fold\n", "１３８－Ａｂ", &result), "138-Ab");
    cr_assert_str_eq(run("  - unicode: nfkc\n", "㎏ﬁ①", &result), "kgfi1");
    cr_assert_str_eq(run("  - unicode: none\n", "１３８", &result), "１３８");
}

Test(engine, replaces_every_match)
{
    struct rule_result result;
    const char *steps = "  - replace: {pattern: '[-. ]+', with: ''}\n"
                        "  - replace: {pattern: '^(?<head>..)(.*)$', with: '$2/${head}'}\n";
    cr_assert_str_eq(run(steps, "ab-c d.e", &result), "cde/ab");
}

Test(engine, a_step_may_leave_nothing)
{
    struct rule_result result;
    cr_assert_null(run("  - replace: {pattern: '.+', with: ''}\n  - check: vin\n", "x", &result));
    cr_assert_not(result.refused);
    cr_assert_eq(result.finding_count, 0);
}

Test(engine, rejects_listed_values_whatever_their_case)
{
    struct rule_result result;
    const char *steps = "  - reject: {values: [None, 无], code: placeholder, message: Nothing.}\n";
    cr_assert_null(run(steps, "NONE", &result));
    cr_assert(result.refused);
    cr_assert_eq(result.finding_count, 1);
    cr_assert_str_eq(result.findings[0].code, "placeholder");
    cr_assert_str_eq(result.findings[0].message, "Nothing.");
    cr_assert_str_eq(result.findings[0].place, "kind.yaml:4");
    cr_assert_eq(result.findings[0].severity, SEVERITY_ERROR);
    cr_assert_null(run(steps, "无", &result));
    cr_assert_str_eq(run(steps, "no", &result), "no");
}

Test(engine, a_warning_keeps_the_value_and_goes_on)
{
    struct rule_result result;
    const char *steps = "  - reject: {pattern: '^1', code: one, severity: warn}\n"
                        "  - reject: {values: '12', code: two, severity: warn}\n"
                        "  - replace: {pattern: '2', with: '3'}\n";
    cr_assert_str_eq(run(steps, "12", &result), "13");
    cr_assert_eq(result.finding_count, 2);
    cr_assert(standardize_found(&result, "one") && standardize_found(&result, "two"));
    cr_assert_not(result.refused);
}

Test(engine, an_error_ends_the_chain_and_drops_the_parts)
{
    struct rule_result result;
    const char *steps = "  - match: {pattern: '(?<first>.)(?<rest>.*)'}\n"
                        "  - reject: {pattern: 'x', code: first, severity: fatal}\n"
                        "  - reject: {pattern: 'x', code: second}\n";
    cr_assert_null(run(steps, "axb", &result));
    cr_assert_eq(result.finding_count, 1);
    cr_assert_eq(result.findings[0].severity, SEVERITY_FATAL);
    cr_assert_eq(result.part_count, 0);
    cr_assert_str_eq(run(steps, "ab", &result), "ab");
    cr_assert_str_eq(standardize_text(standardize_part(&result, "rest")), "b");
}

Test(engine, match_must_be_whole_and_takes_groups)
{
    struct rule_result result;
    const char *steps = "  - match: {pattern: '(?<area>\\d{3})-(\\d+)', take: '(${area}) $2!'}\n";
    cr_assert_str_eq(run(steps, "021-55", &result), "(021) 55!");
    cr_assert_str_eq(standardize_text(standardize_part(&result, "area")), "021");
    cr_assert_null(run(steps, "x021-55", &result));
    cr_assert_str_eq(result.findings[0].code, "format");
}

Test(engine, a_check_gives_its_step_as_place)
{
    struct rule_result result;
    cr_assert_null(run("  - unicode: fold\n  - check: vin\n", "short", &result));
    cr_assert_str_eq(result.findings[0].code, "length");
    cr_assert_str_eq(result.findings[0].place, "kind.yaml:5");
}

Test(engine, very_long_values_are_refused)
{
    struct rule_result result;
    char *text = arena_allocate_bytes(standardize_arena(), 20001);
    memset(text, 'a', 20000);
    text[20000] = '\0';
    cr_assert_null(run("  - replace: {pattern: 'a', with: b}\n", text, &result));
    cr_assert(standardize_found(&result, "length"));
}

Test(engine, an_exploding_pattern_is_a_configuration_error)
{
    struct error error = {0};
    struct rules *rules = standardize_rule_file(HEAD "  - match: {pattern: '(a|aa)+'}\n", &error);
    cr_assert(rules, "%s", error.message);
    struct rule_context context;
    rule_context_open(&context, rules->reference, rules->as_of_days);
    struct rule_input input = {.value = SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
                               .arena = standardize_arena()};
    struct rule_result result;
    cr_assert_not(rule_run(&rules->rules[0], &context, &input, &result, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect_eq(error.line, 4);
    cr_expect(strstr(error.file, "kind.yaml"));
    cr_expect(strstr(error.hint, "nested repetition"));
    rule_context_close(&context);
    rules_destroy(rules);
}

Test(engine, mistakes_in_rule_files_are_shown_in_place)
{
    static const struct {
        const char *text;
        unsigned line;
        unsigned column;
        const char *message;
        const char *hint;
    } cases[] = {
        {"label: x\n", 1, 0, "kind", NULL},
        {"kind: ''\nlabel: x\n", 1, 7, "no name", NULL},
        {"kind: a\nlabel: x\nstep: []\n", 3, 1, "step", "steps"},
        {HEAD "  - chek: vin\n", 4, 5, "chek", "check"},
        {HEAD "  - check: vim\n", 4, 12, "no check 'vim'", "vin"},
        {HEAD "  - unicode: folded\n", 4, 14, "folded", "fold"},
        {HEAD "  - {check: vin, unicode: fold}\n", 4, 0, "a step is one of", NULL},
        {HEAD "  - reject: {code: x}\n", 4, 0, "neither", NULL},
        {HEAD "  - reject: {values: [a], severity: worn}\n", 4, 0, "worn", "warn"},
        {HEAD "  - replace: {pattern: 'a'}\n", 4, 0, "with", NULL},
        {HEAD "  - match: {pattern: 'a', message: [x]}\n", 4, 0, "single value", NULL},
        {HEAD "  - match: {pattern: '(?<area>a)', take: '${arae}'}\n", 4, 0, "no group 'arae'",
         "area"},
        {HEAD "  - match: {pattern: 'ab(c'}\n", 4, 0, "missing closing parenthesis", NULL},
        {HEAD "  - replace: {pattern: '年[月', with: ''}\n", 4, 0, "missing terminating ]", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_error(cases[i].text, cases[i].line, cases[i].column, cases[i].message,
                     cases[i].hint);
}

Test(engine, a_pattern_error_points_into_the_pattern)
{
    /* The pattern begins in column 23; the nothing-to-repeat star is its fourth character. */
    expect_error(HEAD "  - match: {pattern: 'ab|*c'}\n", 4, 26, "quantifier", NULL);
}

Test(engine, two_files_of_one_kind_are_an_error)
{
    struct error error = {0};
    standardize_write("rules/other.yaml", "kind: kind\nlabel: x\n");
    cr_assert_not(standardize_rule_file(HEAD "  - unicode: fold\n", &error));
    cr_expect(strstr(error.message, "has a rule file already"), "%s", error.message);
}

Test(engine, a_folder_without_rules_is_an_error)
{
    struct error error = {0};
    cr_assert_not(rules_open("tests/unit", "mappings/reference", STANDARDIZE_TODAY, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.message, "could not find a rule file"), "%s", error.message);
}

Test(engine, missing_reference_tables_are_an_error)
{
    struct error error = {0};
    cr_assert_not(rules_open("mappings/rules", "tests/unit", STANDARDIZE_TODAY, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
}

Test(engine, a_value_that_is_listed_is_short)
{
    struct error error = {0};
    cr_assert_null(standardize_rule_file("kind: kind\nlabel: x\nsteps:\n  - reject: {values: "
                                         "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                         "aaaaaaaaaaaa], code: c, severity: "
                                         "error, message: m}\n",
                                         &error));
    cr_expect_str_eq(error.message, "a listed value has 68 bytes");
}

Test(engine, failing_tests_of_a_rule_file_are_told)
{
    struct error error = {0};
    struct rules *rules = standardize_rule_file(
        "kind: kind\nlabel: x\nsteps:\n  - match: {pattern: '(?<n>\\d)', code: digit, "
        "severity: error, message: m}\ntests:\n"
        "  - {in: '1', out: '2'}\n"
        "  - {in: '1', out: '1', parts: {n: '3'}}\n"
        "  - {in: 'x', code: other}\n"
        "  - {in: '1', out: '1', parts: {n: '1'}}\n",
        &error);
    cr_assert(rules, "%s", error.message);
    struct buffer report = BUFFER_EMPTY;
    size_t tests = 0;
    size_t failures = 0;
    cr_assert(rules_test(rules, &report, &tests, &failures, &error));
    cr_expect_eq(tests, 4);
    cr_expect_eq(failures, 3);
    cr_expect(strstr(report.data, "kind.yaml:6:20: in '1': expected '2', got '1'"), "%s",
              report.data);
    cr_expect(strstr(report.data, "part n: expected '3', got '1'"), "%s", report.data);
    cr_expect(strstr(report.data, "expected the finding 'other', which is not there"), "%s",
              report.data);
    cr_expect(strstr(report.data, "got the finding digit (m)"), "%s", report.data);
    buffer_release(&report);
    rules_destroy(rules);
}

Test(engine, a_test_with_an_unknown_key_is_an_error)
{
    struct error error = {0};
    struct rules *rules =
        standardize_rule_file("kind: kind\nlabel: x\ntests:\n  - {in: '1', outt: '2'}\n", &error);
    cr_assert(rules, "%s", error.message);
    struct buffer report = BUFFER_EMPTY;
    size_t tests = 0;
    size_t failures = 0;
    cr_assert_not(rules_test(rules, &report, &tests, &failures, &error));
    cr_expect_eq(error.line, 4);
    buffer_release(&report);
    rules_destroy(rules);
}

Test(engine, one_value_for_a_search)
{
    const struct rules *rules = standardize_rules();
    struct slice value =
        rules_apply(rules, "mobile", SLICE("+86 138-1234-5678"), standardize_arena());
    cr_assert_str_eq(standardize_text(value), "13812345678");
    cr_assert_eq(rules_apply(rules, "mobile", SLICE("x"), standardize_arena()).length, 0);
    cr_assert_eq(rules_apply(rules, "no such kind", SLICE("x"), standardize_arena()).length, 0);
}
