/* What is shown of rules: the kinds, the way of a value, the tests that rule files carry. */
#include "support.h"

TestSuite(explain, .init = standardize_open, .fini = standardize_close);

static const char three_steps[] =
    "kind: kind\nlabel: A kind\nsteps:\n"
    "  - unicode: fold\n"
    "  - name: dashes\n    replace: {pattern: '-', with: ''}\n"
    "  - reject: {values: [none, x, y, z], severity: error, code: placeholder, message: No.}\n"
    "  - match: {pattern: '\\d+', severity: warn, code: format, message: Digits only.}\n";

static struct rules *open_text(const char *text)
{
    struct error error = {0};
    struct rules *rules = standardize_rule_file(text, &error);
    cr_assert(rules, "%s:%d: %s", error.file, (int)error.line, error.message);
    return rules;
}

static struct explanation explain(const struct rules *rules, const char *value, bool steps)
{
    struct error error = {0};
    struct explanation explanation;
    struct rule_question question = {.index = 0, .value = slice_of(value), .steps = steps};
    struct explainer *explainer = explainer_create(rules);
    cr_assert(explainer_run(explainer, &question, standardize_arena(), &explanation, &error), "%s",
              error.message);
    explainer_destroy(explainer);
    return explanation;
}

Test(explain, shows_each_step_with_the_value_before_and_after)
{
    struct rules *rules = open_text(three_steps);
    struct explanation way = explain(rules, " １-2 ", true);
    static const struct {
        const char *action;
        bool matched;
        const char *before;
        const char *after;
    } expected[] = {{"unicode", true, "１-2", "1-2"},
                    {"replace", true, "1-2", "12"},
                    {"reject", false, "12", "12"},
                    {"match", true, "12", "12"}};
    cr_assert_eq(way.step_count, 4);
    for (size_t i = 0; i < way.step_count; i++) {
        cr_expect_str_eq(way.steps[i].step.action, expected[i].action);
        cr_expect_eq(way.steps[i].matched, expected[i].matched, "step %zu", i);
        cr_expect_str_eq(standardize_text(way.steps[i].before), expected[i].before);
        cr_expect_str_eq(standardize_text(way.steps[i].after), expected[i].after);
    }
    cr_expect_str_eq(way.steps[1].step.name, "dashes");
    cr_expect(strstr(way.steps[1].step.place, "/kind.yaml:5"), "%s", way.steps[1].step.place);
    cr_expect_str_eq(way.steps[2].step.subject, "none, x, y …");
    cr_expect_str_eq(standardize_text(way.value), "12");
    cr_expect_not(way.refused);
    rules_destroy(rules);
}

Test(explain, ends_at_the_step_that_refuses)
{
    struct rules *rules = open_text(three_steps);
    struct explanation way = explain(rules, "N-O-N-E", true);
    cr_assert_eq(way.step_count, 3);
    cr_expect(way.refused);
    cr_expect_eq(way.value.length, 0);
    cr_assert_eq(way.steps[2].finding_count, 1);
    cr_expect_str_eq(way.steps[2].findings[0].code, "placeholder");
    cr_expect_str_eq(way.steps[2].findings[0].message, "No.");
    rules_destroy(rules);
}

Test(explain, a_warning_keeps_the_value)
{
    struct rules *rules = open_text(three_steps);
    struct explanation way = explain(rules, "a1", true);
    cr_assert_eq(way.step_count, 4);
    cr_expect_not(way.steps[3].matched);
    cr_expect_eq(way.steps[3].finding_count, 1);
    cr_expect_eq(way.findings[0].severity, SEVERITY_WARNING);
    cr_expect_str_eq(standardize_text(way.value), "a1");
    rules_destroy(rules);
}

Test(explain, with_and_without_steps_gives_the_same)
{
    static const char *const values[] = {"13812345678", " +86 138-0013-8000",      "13800000000",
                                         "x",           "13812345678/13912345678", "",
                                         "   "};
    const struct rules *rules = standardize_rules();
    struct error error;
    size_t mobile = rules_index(rules, "mobile", &error);
    struct explainer *explainer = explainer_create(rules);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct explanation whole;
        struct explanation steps;
        struct rule_question question = {.index = mobile, .value = slice_of(values[i])};
        cr_assert(explainer_run(explainer, &question, standardize_arena(), &whole, &error));
        question.steps = true;
        cr_assert(explainer_run(explainer, &question, standardize_arena(), &steps, &error));
        cr_expect(slice_equal(whole.value, steps.value), "%s", values[i]);
        cr_expect_eq(whole.finding_count, steps.finding_count, "%s", values[i]);
        cr_expect_eq(whole.part_count, steps.part_count, "%s", values[i]);
    }
    explainer_destroy(explainer);
}

Test(explain, a_kind_that_is_not_there)
{
    struct error error = {0};
    cr_expect_eq(rules_index(standardize_rules(), "mobil", &error), SIZE_MAX);
    cr_expect_eq(error.exit_code, EXIT_USAGE);
    cr_expect_str_eq(error.hint, "did you mean mobile?");
}

Test(explain, kinds_are_listed_with_their_steps)
{
    struct rules *rules = open_text(three_steps);
    struct rule_summary rule;
    struct step_summary step;
    cr_assert_eq(rules_count(rules), 1);
    rules_summary(rules, 0, &rule);
    cr_expect_str_eq(rule.kind, "kind");
    cr_expect_eq(rule.step_count, 4);
    cr_expect_eq(rule.test_count, 0);
    rules_step(rules, 0, 3, standardize_arena(), &step);
    cr_expect_str_eq(step.code, "format");
    cr_expect_eq(step.severity, SEVERITY_WARNING);
    rules_step(rules, 0, 1, standardize_arena(), &step);
    cr_expect_null(step.code);
    rules_destroy(rules);
}

/* ---- what the tests of a rule file must show ---- */

static struct buffer told = BUFFER_EMPTY;

static void hear(void *context, const struct rule_failure *failure)
{
    (void)context;
    rule_failure_describe(failure, &told);
}

static size_t failures_of(const char *text)
{
    struct error error = {0};
    struct rule_trials trials;
    struct rule_listener listener = {hear, NULL};
    struct rules *rules = open_text(text);
    buffer_clear(&told);
    buffer_append_text(&told, "");
    cr_assert(rules_try(rules, SIZE_MAX, &listener, &trials, &error), "%s", error.message);
    rules_destroy(rules);
    return trials.failures;
}

Test(explain, a_rule_without_tests_is_told)
{
    cr_expect_eq(failures_of("kind: kind\nlabel: x\nsteps: [{unicode: fold}]\n"), 1);
    cr_expect(strstr(told.data, "kind.yaml:1:1: the rule for kind lacks: tests"), "%s", told.data);
    buffer_release(&told);
}

Test(explain, a_rule_without_severity_code_or_message_is_told)
{
    cr_expect_eq(failures_of("kind: kind\nlabel: x\nsteps:\n"
                             "  - reject: {values: [a]}\n"
                             "tests: [{in: a, code: rejected}, {in: b, out: b}]\n"),
                 3);
    cr_expect(strstr(told.data, "kind.yaml:4:13: the rule for kind lacks: severity"), "%s",
              told.data);
    cr_expect(strstr(told.data, "lacks: code"), "%s", told.data);
    cr_expect(strstr(told.data, "lacks: message"), "%s", told.data);
    buffer_release(&told);
}

Test(explain, a_step_that_no_test_shows_at_work_is_told)
{
    cr_expect_eq(failures_of("kind: kind\nlabel: x\nsteps:\n"
                             "  - replace: {pattern: '-', with: ''}\n"
                             "  - match: {pattern: '.', severity: warn, code: c, message: m}\n"
                             "tests: [{in: b, out: b}]\n"),
                 2);
    cr_expect(strstr(told.data, "kind.yaml:4:5: the rule for kind lacks: a test that shows it"),
              "%s", told.data);
    cr_expect(strstr(told.data, "kind.yaml:5:5:"), "%s", told.data);
    cr_expect_eq(failures_of("kind: kind\nlabel: x\nsteps:\n"
                             "  - replace: {pattern: '-', with: ''}\n"
                             "  - match: {pattern: '.', severity: warn, code: c, message: m}\n"
                             "tests: [{in: -b, out: b}, {in: bb, out: bb, code: c}]\n"),
                 0, "%s", told.data);
    buffer_release(&told);
}
