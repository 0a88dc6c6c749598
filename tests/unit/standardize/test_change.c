/* A dealer's own rules on top of the group's. */
#include "support.h"

TestSuite(change, .init = standardize_open, .fini = standardize_close);

static const char group[] =
    "kind: kind\nlabel: A kind\nsteps:\n"
    "  - unicode: fold\n"
    "  - name: dashes\n    replace: {pattern: '-', with: ''}\n"
    "  - name: dummies\n"
    "    reject: {values: [none], severity: error, code: placeholder, message: No.}\n"
    "  - check: count\n"
    "findings:\n  format: {advice: Digits.}\n  range: {advice: Less.}\n"
    "tests: [{in: 1-2, out: '12'}, {in: none, code: placeholder}, {in: x, code: format}]\n";

static struct rules *own_group;

static struct rules *change(const char *text, struct error *error)
{
    own_group = standardize_rule_file(group, error);
    cr_assert(own_group, "%s", error->message);
    return rules_change(own_group, standardize_write("dealer.yaml", text), error);
}

static void finish(struct rules *rules)
{
    rules_destroy(rules);
    rules_destroy(own_group);
}

/* What becomes of a value; the texts outlive the rules. */
static const char *value_of(const struct rules *rules, const char *value, struct rule_result *got)
{
    standardize_value(rules, "kind", slice_of(value), NULL, got);
    return got->value.data ? standardize_text(got->value) : "";
}

#define OVERRIDE "overrides:\n  - kind: kind\n    steps:\n"

Test(change, a_step_of_the_same_name_takes_the_groups_place)
{
    struct error error = {0};
    struct rule_result got;
    struct rules *rules = change(
        OVERRIDE "      - name: dashes\n        replace: {pattern: '/', with: ''}\n", &error);
    cr_assert(rules, "%s", error.message);
    cr_expect_str_eq(value_of(rules, "1/2", &got), "12");
    cr_expect_str_eq(value_of(rules, "1-2", &got), "", "the group's step is gone");
    cr_expect_str_eq(value_of(own_group, "1-2", &got), "12", "the group keeps its own");
    finish(rules);
}

Test(change, steps_are_added_and_removed)
{
    struct error error = {0};
    struct rule_result got;
    struct rules *rules = change(
        OVERRIDE "      - {name: nines, before: dashes, replace: {pattern: '9', with: '-'}}\n"
                 "      - {after: count, replace: {pattern: '2', with: '3'}}\n"
                 "      - remove: dummies\n",
        &error);
    cr_assert(rules, "%s", error.message);
    cr_expect_str_eq(value_of(rules, "192", &got), "13");
    value_of(rules, "none", &got);
    cr_assert_eq(got.finding_count, 1);
    cr_expect_str_eq(got.findings[0].code, "format", "no longer a placeholder");
    finish(rules);
}

Test(change, a_finding_is_told_in_the_dealers_words)
{
    struct error error = {0};
    struct rule_result got;
    struct rules *rules = change("overrides:\n  - kind: kind\n    findings:\n"
                                 "      format: {severity: warn, message: A number please.}\n",
                                 &error);
    cr_assert(rules, "%s", error.message);
    cr_expect_str_eq(value_of(rules, "x", &got), "x", "a warning keeps the value");
    cr_expect_str_eq(got.findings[0].message, "A number please. Digits.");
    cr_expect(strstr(got.findings[0].place, "kind.yaml:"), "%s", got.findings[0].place);
    value_of(own_group, "x", &got);
    cr_expect(got.refused);
    finish(rules);
}

Test(change, a_finding_names_the_file_of_its_step)
{
    struct error error = {0};
    struct rule_result got;
    struct rules *rules = change(OVERRIDE "      - name: dummies\n"
                                          "        reject: {values: [nil], code: placeholder}\n",
                                 &error);
    cr_assert(rules, "%s", error.message);
    value_of(rules, "nil", &got);
    cr_expect_str_eq(got.findings[0].place, "dealer.yaml:4");
    finish(rules);
}

Test(change, mistakes_are_shown_at_their_place)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *message;
        const char *hint;
    } cases[] = {
        {"overrides:\n  - kind: kin\n", 2, "the group has no rules for a kind 'kin'", "kind"},
        {"kind: kind\n", 1, "", ""},
        {"overrides:\n  - kind: kind\n  - kind: kind\n", 3, "is changed already", ""},
        {OVERRIDE "      - {name: dashs, replace: {pattern: a, with: b}}\n", 4,
         "has no step 'dashs'", "dashes"},
        {OVERRIDE "      - {name: x, before: dashs, replace: {pattern: a, with: b}}\n", 4,
         "has no step 'dashs'", "dashes"},
        {OVERRIDE "      - {name: dashes, after: count, replace: {pattern: a, with: b}}\n", 4,
         "has a step 'dashes' already", "takes its place"},
        {OVERRIDE "      - {before: count, after: count, replace: {pattern: a, with: b}}\n", 4,
         "before or after another", ""},
        {OVERRIDE "      - {replace: {pattern: a, with: b}}\n", 4, "it is not said which step", ""},
        {OVERRIDE "      - remove: dash\n", 4, "has no step 'dash'", ""},
        {OVERRIDE "      - {remove: dashes, name: x}\n", 4, "unknown key", ""},
        {OVERRIDE "      - {name: dashes, replace: {pattern: '(', with: b}}\n", 4, "", ""},
        {"overrides:\n  - kind: kind\n    findings: {format: {severity: loud}}\n", 3, "", ""},
        {"overrides:\n  - kind: kind\n    findings: {format: {advise: x}}\n", 3, "", "advice"},
        {"overrides:\n  - steps: []\n", 2, "the key \"kind\" is missing", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        struct rules *rules = change(cases[i].text, &error);
        cr_assert_not(rules, "taken: %s", cases[i].text);
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION, "%s", cases[i].text);
        cr_expect_eq(error.line, cases[i].line, "line %d of %s", (int)error.line, cases[i].text);
        cr_expect(strstr(error.message, cases[i].message), "'%s' of: %s", error.message,
                  cases[i].text);
        cr_expect(strstr(error.hint, cases[i].hint), "hint '%s' of: %s", error.hint, cases[i].text);
        rules_destroy(own_group);
    }
}

static void hear_nothing(void *context, const struct rule_failure *failure)
{
    (void)context;
    (void)failure;
}

Test(change, the_tests_of_the_dealer_are_run_against_the_whole_chain)
{
    static const struct rule_listener listener = {hear_nothing, NULL};
    struct error error = {0};
    struct rule_trials trials;
    struct rules *rules = change(
        OVERRIDE
        "      - {name: dashes, replace: {pattern: '/', with: ''}}\n"
        "    tests: [{in: 1/2, out: '12'}, {in: none, code: placeholder}, {in: 1, out: 2}]\n",
        &error);
    cr_assert(rules, "%s", error.message);
    cr_assert(rules_try(rules, SIZE_MAX, &listener, &trials, &error));
    cr_expect_eq(trials.tests, 3);
    cr_expect_eq(trials.failures, 1);
    finish(rules);
    rules = change(OVERRIDE "      - {name: dashes, replace: {pattern: '/', with: ''}}\n", &error);
    cr_assert(rules_try(rules, SIZE_MAX, &listener, &trials, &error));
    cr_expect_eq(trials.failures, 2, "no tests, and none that shows the step at work");
    finish(rules);
}

Test(change, a_folder_of_files)
{
    struct error error = {0};
    struct rule_result got;
    own_group = standardize_rule_file(group, &error);
    standardize_write("own/a.yaml", OVERRIDE "      - remove: dashes\n");
    const char *path = standardize_write("own/b.yaml", "overrides: []\n");
    struct rules *rules = rules_change(
        own_group,
        arena_text(standardize_arena(), slice_make(path, strlen(path) - strlen("/b.yaml"))),
        &error);
    cr_assert(rules, "%s", error.message);
    value_of(rules, "1-2", &got);
    cr_expect(got.refused);
    finish(rules);
}
