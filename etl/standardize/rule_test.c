/* The tests that rule files carry: `{in: …, out: …, code: …, parts: {…}}`. */
#include "cust360/base/file.h"
#include "standardize/rules.h"

/* One test on its way. */
struct rule_trial {
    const struct rules *rules;
    const struct rule *rule;
    const struct node *test;
    struct rule_context *context;
    struct arena *arena;
    struct buffer *report;
};

static void report_place(const struct rule_trial *trial, const struct node *node)
{
    const struct node *in = node_find(trial->test, "in");
    buffer_format(trial->report, "%s:%llu:%llu: in '%.*s': ", node_file(node),
                  (unsigned long long)node_line(node), (unsigned long long)node_column(node),
                  SLICE_ARGUMENTS(node_slice(in)));
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
    report_place(trial, out ? out : trial->test);
    buffer_format(trial->report, "expected '%.*s', got '%.*s'\n", SLICE_ARGUMENTS(expected),
                  SLICE_ARGUMENTS(result->value));
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
        report_place(trial, node);
        buffer_format(trial->report, "expected the finding '%s', which is not there\n", codes[i]);
        *right = false;
    }
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct rule_finding *found = &result->findings[i];
        if (is_expected(codes, count, found->code))
            continue;
        report_place(trial, node ? node : trial->test);
        buffer_format(trial->report, "got the finding '%s' (%s) of %s\n", found->code,
                      found->message, found->place[0] ? found->place : "the program");
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
        report_place(trial, node_value(parts, i));
        buffer_format(trial->report, "part %s: expected '%.*s', got '%.*s'\n", name,
                      SLICE_ARGUMENTS(expected), SLICE_ARGUMENTS(got));
        right = false;
    }
    return right;
}

static bool run_trial(const struct rule_trial *trial, struct error *error, bool *right)
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
    if (!rule_run(trial->rule, trial->context, &input, &result, error))
        return false;
    *right = true;
    if (!codes_are_right(trial, &result, error, right))
        return false;
    bool out_right = out_is_right(trial, &result);
    bool parts_right = parts_are_right(trial, &result);
    *right = *right && out_right && parts_right;
    return true;
}

static bool test_rule(struct rule_trial *trial, size_t *tests, size_t *failures,
                      struct error *error)
{
    const struct node *list = trial->rule->tests;
    size_t count = list ? node_count(list) : 0;
    for (size_t i = 0; i < count; i++) {
        bool right = false;
        trial->test = node_item(list, i);
        if (!run_trial(trial, error, &right))
            return false;
        ++*tests;
        if (!right)
            ++*failures;
        arena_reset(trial->arena);
    }
    return true;
}

bool rules_test(const struct rules *rules, struct buffer *report, size_t *tests, size_t *failures,
                struct error *error)
{
    struct rule_context context;
    rule_context_open(&context, rules->reference, rules->as_of_days);
    struct arena *arena = arena_create();
    bool done = true;
    *tests = 0;
    *failures = 0;
    for (size_t i = 0; i < rules->count && done; i++) {
        struct rule_trial trial = {rules, &rules->rules[i], NULL, &context, arena, report};
        done = test_rule(&trial, tests, failures, error);
    }
    arena_destroy(arena);
    rule_context_close(&context);
    return done;
}
