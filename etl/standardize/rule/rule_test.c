/* The tests that rule files carry: `{in: …, out: …, code: …, parts: {…}}`.
 *
 * Beside each test's own outcome it is looked at whether the tests reach each step that can change
 * or refuse a value: one that no test has ever seen at work is a rule without a test. */
#include "cust360/base/file.h"
#include "standardize/rule/rule_explain.h"

/* Tests of a rule on their way. */
struct rule_trial {
    const struct rules *rules;
    const struct rule *rule;
    const struct node *test;
    struct rule_context *context;
    struct arena *arena; /* of one test */
    struct explained_step *steps;
    bool *seen; /* by step: at work in one of the tests */
    const struct rule_listener *listener;
    const char **mute; /* codes that were told to have no advice */
    size_t mute_count;
};

enum { MUTE_CODES_MAX = 64 };

static void tell(const struct rule_trial *trial, const struct node *node, const char *aspect,
                 const char *expected, const char *got)
{
    struct rule_failure failure = {.kind = trial->rule->kind,
                                   .file = node_file(node),
                                   .line = node_line(node),
                                   .column = node_column(node),
                                   .aspect = aspect,
                                   .expected = expected,
                                   .got = got};
    if (trial->test)
        failure.input = node_slice(node_find(trial->test, "in"));
    trial->listener->hear(trial->listener->context, &failure);
}

static struct slice find_part(const struct rule_result *result, const char *name)
{
    for (size_t i = 0; i < result->part_count; i++) {
        if (strcmp(result->parts[i].name, name) == 0)
            return result->parts[i].text;
    }
    return slice_make(NULL, 0);
}

static bool out_is_right(const struct rule_trial *trial, const struct rule_result *result)
{
    const struct node *out = node_find(trial->test, "out");
    struct slice expected = out ? node_slice(out) : slice_make(NULL, 0);
    if (slice_equal(expected, result->value))
        return true;
    tell(trial, out ? out : trial->test, "value", arena_text(trial->arena, expected),
         arena_text(trial->arena, result->value));
    return false;
}

static bool has_code(const struct rule_result *result, const char *code)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (strcmp(result->findings[i].code, code) == 0)
            return true;
    }
    return false;
}

static bool is_expected(const char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i], code) == 0)
            return true;
    }
    return false;
}

/* The findings must be those of `code` and no others. */
static bool codes_are_right(const struct rule_trial *trial, const struct rule_result *result,
                            struct error *error, bool *right)
{
    const char **codes = NULL;
    size_t count = 0;
    const struct node *node = node_find(trial->test, "code");
    if (!node_read_texts(node, trial->arena, &codes, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (has_code(result, codes[i]))
            continue;
        tell(trial, node, "finding", codes[i], "");
        *right = false;
    }
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct rule_finding *found = &result->findings[i];
        if (is_expected(codes, count, found->code))
            continue;
        tell(trial, node ? node : trial->test, "finding", "",
             arena_format(trial->arena, "%s (%s) of %s", found->code, found->message,
                          found->place[0] ? found->place : "the program"));
        *right = false;
    }
    return true;
}

static bool parts_are_right(const struct rule_trial *trial, const struct rule_result *result)
{
    const struct node *parts = node_find(trial->test, "parts");
    size_t count = parts ? node_count(parts) : 0;
    bool right = true;
    for (size_t i = 0; i < count; i++) {
        const char *name = node_text(node_key(parts, i));
        struct slice expected = node_slice(node_value(parts, i));
        struct slice got = find_part(result, name);
        if (slice_equal(expected, got))
            continue;
        tell(trial, node_value(parts, i), arena_format(trial->arena, "part %s", name),
             arena_text(trial->arena, expected), arena_text(trial->arena, got));
        right = false;
    }
    return right;
}

/* What a check finds is told with what the clerk is to do, which only the rule file can say. */
static bool has_advice(const struct rule_step *step, const char *code)
{
    for (size_t i = 0; i < step->finding_rule_count; i++) {
        const struct finding_rule *rule = &step->finding_rules[i];
        if (strcmp(rule->code, code) == 0 && (rule->advice || rule->message))
            return true;
    }
    return false;
}

static bool advice_is_there(struct rule_trial *trial, const struct rule_step *step,
                            const char *code)
{
    if (step->kind != STEP_CHECK || has_advice(step, code) ||
        is_expected(trial->mute, trial->mute_count, code))
        return true;
    if (trial->mute_count < MUTE_CODES_MAX)
        trial->mute[trial->mute_count++] = code;
    tell(trial, step->item, "rule", arena_format(trial->arena, "findings: {%s: {advice: …}}", code),
         "");
    return false;
}

static bool advices_are_there(struct rule_trial *trial, size_t step_count)
{
    bool right = true;
    for (size_t i = 0; i < step_count; i++) {
        for (size_t f = 0; f < trial->steps[i].finding_count; f++)
            right =
                advice_is_there(trial, &trial->rule->steps[i], trial->steps[i].findings[f].code) &&
                right;
    }
    return right;
}

/* A pattern to be matched is seen at work when it refuses, any other step when it does something.
 */
static void note_steps(const struct rule_trial *trial, size_t step_count)
{
    for (size_t i = 0; i < step_count; i++) {
        bool is_match = trial->rule->steps[i].kind == STEP_MATCH;
        if (trial->steps[i].matched != is_match)
            trial->seen[i] = true;
    }
}

static bool run_trial(struct rule_trial *trial, struct error *error, bool *right)
{
    static const struct key_rule keys[] = {
        {"in", KEY_REQUIRED, NODE_SCALAR},     {"out", KEY_OPTIONAL, NODE_SCALAR},
        {"code", KEY_OPTIONAL, KEY_ANY_KIND},  {"parts", KEY_OPTIONAL, NODE_MAPPING},
        {"format", KEY_OPTIONAL, NODE_SCALAR}, {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    if (!node_check_keys(trial->test, keys, error))
        return false;
    const struct node *format = node_find(trial->test, "format");
    struct rule_input input = {.value = node_slice(node_find(trial->test, "in")),
                               .format = format ? node_text(format) : NULL,
                               .arena = trial->arena};
    struct rule_result result;
    size_t step_count = 0;
    if (!rule_explain(trial->rule, trial->context, &input, trial->steps, &step_count, &result,
                      error))
        return false;
    note_steps(trial, step_count);
    *right = true;
    if (!codes_are_right(trial, &result, error, right))
        return false;
    bool out_right = out_is_right(trial, &result);
    bool parts_right = parts_are_right(trial, &result);
    bool advised = advices_are_there(trial, step_count);
    *right = *right && out_right && parts_right && advised;
    return true;
}

static bool run_tests(struct rule_trial *trial, struct rule_trials *trials, struct error *error)
{
    const struct node *list = trial->rule->tests;
    size_t count = list ? node_count(list) : 0;
    for (size_t i = 0; i < count; i++) {
        bool right = false;
        trial->test = node_item(list, i);
        if (!run_trial(trial, error, &right))
            return false;
        trials->tests++;
        if (!right)
            trials->failures++;
        arena_reset(trial->arena);
    }
    return true;
}

/* ---- what a rule must have ---- */

static void miss(const struct rule_trial *trial, const struct node *node, const char *aspect,
                 const char *expected, struct rule_trials *trials)
{
    tell(trial, node, aspect, expected, "");
    trials->failures++;
}

/* A step that makes findings says how grave they are, under which code, and what the clerk is to
 * do. */
static void check_finding(const struct rule_trial *trial, const struct rule_step *step,
                          struct rule_trials *trials)
{
    static const char *const keys[] = {"severity", "code", "message"};
    const struct node *body = node_find(step->item, step->kind == STEP_MATCH ? "match" : "reject");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!node_find(body, keys[i]))
            miss(trial, body, "rule", keys[i], trials);
    }
}

static void check_steps(struct rule_trial *trial, struct rule_trials *trials)
{
    const struct rule *rule = trial->rule;
    trial->test = NULL;
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct rule_step *step = &rule->steps[i];
        bool finds = step->kind == STEP_MATCH || step->kind == STEP_REJECT;
        /* What a dealer has from the group was tried there. */
        if (strcmp(node_file(step->item), rule->path) != 0)
            continue;
        if (finds)
            check_finding(trial, step, trials);
        if ((finds || step->kind == STEP_REPLACE) && !trial->seen[i])
            miss(trial, step->item, "rule", "a test that shows it at work", trials);
    }
    if (!rule->tests || node_count(rule->tests) == 0)
        miss(trial, rule->node, "rule", "tests", trials);
}

static bool try_rule(const struct rules *rules, const struct rule *rule,
                     const struct rule_listener *listener, struct rule_trials *trials,
                     struct error *error)
{
    struct rule_context context;
    struct arena *kept = arena_create();
    struct arena *arena = arena_create();
    rule_context_open(&context, rules->reference, rules->as_of_days);
    struct rule_trial trial = {
        .rules = rules, .rule = rule, .context = &context, .arena = arena, .listener = listener};
    trial.mute = arena_allocate_array(kept, MUTE_CODES_MAX, sizeof(*trial.mute));
    trial.steps = arena_allocate_array(kept, rule->step_count + 1, sizeof(*trial.steps));
    trial.seen = arena_allocate_array(kept, rule->step_count + 1, sizeof(*trial.seen));
    bool done = run_tests(&trial, trials, error);
    if (done)
        check_steps(&trial, trials);
    rule_context_close(&context);
    arena_destroy(arena);
    arena_destroy(kept);
    return done;
}

static bool try_rules(const struct rules *rules, size_t index, const struct rule_listener *listener,
                      struct rule_trials *trials, struct error *error)
{
    for (size_t i = 0; i < rules->count; i++) {
        if ((index == SIZE_MAX || index == i) && !rules->rules[i].inherited &&
            !try_rule(rules, &rules->rules[i], listener, trials, error))
            return false;
    }
    return true;
}

bool rules_try(const struct rules *rules, size_t index, const struct rule_listener *listener,
               struct rule_trials *trials, struct error *error)
{
    *trials = (struct rule_trials){0};
    bool done = try_rules(rules, index, listener, trials, error);
    /* The kinds of a dealer have the numbers that they have in the group. */
    for (size_t i = 0; done && i < rules->dealer_count; i++)
        done = try_rules(rules->dealers[i], index, listener, trials, error);
    return done;
}

void rule_failure_describe(const struct rule_failure *failure, struct buffer *text)
{
    buffer_format(text, "%s:%llu:%llu: ", failure->file, (unsigned long long)failure->line,
                  (unsigned long long)failure->column);
    if (strcmp(failure->aspect, "rule") == 0) {
        buffer_format(text, "the rule for %s lacks: %s\n", failure->kind, failure->expected);
        return;
    }
    buffer_format(text, "in '%.*s': ", SLICE_ARGUMENTS(failure->input));
    bool finding = strcmp(failure->aspect, "finding") == 0;
    if (finding && failure->expected[0])
        buffer_format(text, "expected the finding '%s', which is not there\n", failure->expected);
    else if (finding)
        buffer_format(text, "got the finding %s\n", failure->got);
    else if (strcmp(failure->aspect, "value") == 0)
        buffer_format(text, "expected '%s', got '%s'\n", failure->expected, failure->got);
    else
        buffer_format(text, "%s: expected '%s', got '%s'\n", failure->aspect, failure->expected,
                      failure->got);
}

static void hear_report(void *context, const struct rule_failure *failure)
{
    rule_failure_describe(failure, context);
}

bool rules_test(const struct rules *rules, struct buffer *report, size_t *tests, size_t *failures,
                struct error *error)
{
    struct rule_listener listener = {hear_report, report};
    struct rule_trials trials;
    bool done = rules_try(rules, SIZE_MAX, &listener, &trials, error);
    *tests = trials.tests;
    *failures = trials.failures;
    return done;
}
