/* Rule files bound: each step once compiled, each mistake shown at its place. */
#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/base/text.h"
#include "standardize/checks.h"
#include "standardize/rule/rule_change.h"
#include "standardize/rule/rule_finding.h"
#include "standardize/rule/rule_gate.h"

#include <limits.h>

enum { CHECK_NAMES_MAX = 64, LISTED_BYTES_LIMIT = 64 };

const char *const severity_names[] = {"information", "warn", "error", "fatal"};

static const char *const severity_choices[] = {"information", "warn", "error", "fatal", NULL};

static bool bind_pattern(const struct step_binding *binding, const struct node *node, bool whole,
                         struct rule_step *step)
{
    struct error found = {0};
    step->node = node;
    step->pattern = pattern_compile(node_slice(node), whole, &found);
    if (step->pattern)
        return true;
    size_t offset = found.column > 0 ? (size_t)found.column - 1 : 0;
    return node_error_at(node, offset, binding->error, "%s", found.message);
}

/* code, severity and message of a step that makes findings. */
static bool bind_finding(const struct step_binding *binding, const struct node *node,
                         const char *default_code, struct rule_step *step)
{
    const struct node *code = node_find(node, "code");
    const struct node *message = node_find(node, "message");
    size_t severity = SEVERITY_ERROR;
    if (!node_read_choice(node_find(node, "severity"), severity_choices, &severity, binding->error))
        return false;
    step->code = code ? node_text(code) : default_code;
    step->message = message ? node_text(message) : "The value does not follow the rule.";
    step->severity = (enum severity)severity;
    return true;
}

static bool bind_unicode(const struct step_binding *binding, const struct node *node,
                         struct rule_step *step)
{
    static const char *const forms[] = {"none", "fold", "nfkc", NULL};
    size_t form = 0;
    if (!node_read_choice(node, forms, &form, binding->error))
        return false;
    step->form = (enum unicode_form)form;
    return true;
}

static bool bind_replace(const struct step_binding *binding, const struct node *node,
                         struct rule_step *step)
{
    static const struct key_rule keys[] = {{"pattern", KEY_REQUIRED, NODE_SCALAR},
                                           {"with", KEY_REQUIRED, NODE_SCALAR},
                                           {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    if (!node_check_keys(node, keys, binding->error))
        return false;
    step->with = node_slice(node_find(node, "with"));
    return bind_pattern(binding, node_find(node, "pattern"), false, step);
}

/* A value may have the small letter or the large one. */
static void note_byte(uint64_t lengths[UCHAR_MAX + 1], struct slice text, size_t place)
{
    unsigned char byte = (unsigned char)text.data[place];
    uint64_t length = (uint64_t)1 << text.length;
    lengths[byte] |= length;
    if (byte >= 'a' && byte <= 'z')
        lengths[byte - 'a' + 'A'] |= length;
}

static void note_listed(struct listed_lengths *listed, struct slice text)
{
    note_byte(listed->first, text, 0);
    note_byte(listed->middle, text, text.length / 2);
    note_byte(listed->last, text, text.length - 1);
}

static bool bind_values(const struct step_binding *binding, const struct node *node,
                        struct rule_step *step)
{
    const char **texts = NULL;
    size_t count = 0;
    if (!node_read_texts(node, binding->arena, &texts, &count, binding->error))
        return false;
    step->values = map_create();
    step->listed = arena_allocate(binding->arena, sizeof(*step->listed));
    for (size_t i = 0; i < count; i++) {
        struct slice text = text_lower(binding->arena, slice_of(texts[i]));
        if (text.length >= LISTED_BYTES_LIMIT) {
            node_error(node, binding->error, "a listed value has %zu bytes", text.length);
            return error_hint(binding->error, "From %d bytes on write a pattern.",
                              LISTED_BYTES_LIMIT);
        }
        map_intern(step->values, text);
        if (text.length > 0)
            note_listed(step->listed, text);
    }
    return true;
}

static bool bind_reject(const struct step_binding *binding, const struct node *node,
                        struct rule_step *step)
{
    static const struct key_rule keys[] = {
        {"pattern", KEY_OPTIONAL, NODE_SCALAR}, {"values", KEY_OPTIONAL, KEY_ANY_KIND},
        {"code", KEY_OPTIONAL, NODE_SCALAR},    {"severity", KEY_OPTIONAL, NODE_SCALAR},
        {"message", KEY_OPTIONAL, NODE_SCALAR}, {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    if (!node_check_keys(node, keys, binding->error))
        return false;
    const struct node *pattern = node_find(node, "pattern");
    const struct node *values = node_find(node, "values");
    if (!pattern && !values)
        return node_error(node, binding->error, "reject has neither 'pattern' nor 'values'");
    return bind_finding(binding, node, "rejected", step) &&
           (!values || bind_values(binding, values, step)) &&
           (!pattern || bind_pattern(binding, pattern, false, step));
}

/* The name of the group that `$…` at `start` means, and behind it where the text goes on. */
static struct slice take_name(struct slice text, size_t start, size_t *end)
{
    bool braced = start + 1 < text.length && text.data[start + 1] == '{';
    size_t from = start + (braced ? 2 : 1);
    size_t to = from;
    while (to < text.length &&
           (text.data[to] == '_' || (text.data[to] >= '0' && text.data[to] <= '9') ||
            (text.data[to] >= 'a' && text.data[to] <= 'z') ||
            (text.data[to] >= 'A' && text.data[to] <= 'Z')))
        to++;
    *end = to + (braced && to < text.length && text.data[to] == '}' ? 1 : 0);
    return slice_cut(text, from, to);
}

static int group_of(const struct rule_step *step, struct slice name)
{
    int64_t number = 0;
    if (text_to_integer(name, &number))
        return number < 100 ? (int)number : -1;
    for (size_t i = 0; i < step->group_count; i++) {
        if (slice_equal(slice_of(step->groups[i].name), name))
            return step->groups[i].group;
    }
    return -1;
}

static bool unknown_group(const struct step_binding *binding, const struct node *node,
                          const struct rule_step *step, struct slice name)
{
    const char *names[CHECK_NAMES_MAX];
    size_t count = 0;
    for (; count < step->group_count && count < CHECK_NAMES_MAX; count++)
        names[count] = step->groups[count].name;
    return node_error_names(node, binding->error, names, count, "the pattern has no group '%.*s'",
                            SLICE_ARGUMENTS(name));
}

static bool bind_take(const struct step_binding *binding, const struct node *node,
                      struct rule_step *step)
{
    struct slice text = node_slice(node);
    step->pieces = arena_allocate_array(binding->arena, 2 * text.length + 1, sizeof(*step->pieces));
    size_t literal = 0;
    for (size_t i = 0; i < text.length;) {
        if (text.data[i] != '$') {
            i++;
            continue;
        }
        size_t end = 0;
        struct slice name = take_name(text, i, &end);
        int group = group_of(step, name);
        if (group < 0)
            return unknown_group(binding, node, step, name);
        if (i > literal)
            step->pieces[step->piece_count++] =
                (struct take_piece){slice_cut(text, literal, i), -1};
        step->pieces[step->piece_count++] = (struct take_piece){slice_make(NULL, 0), group};
        i = literal = end;
    }
    if (text.length > literal)
        step->pieces[step->piece_count++] =
            (struct take_piece){slice_cut(text, literal, text.length), -1};
    return true;
}

static void bind_groups(const struct step_binding *binding, struct rule_step *step)
{
    step->group_count = pattern_name_count(step->pattern);
    step->groups =
        arena_allocate_array(binding->arena, step->group_count + 1, sizeof(*step->groups));
    for (size_t i = 0; i < step->group_count; i++)
        step->groups[i].name = pattern_name(step->pattern, i, &step->groups[i].group);
}

static bool bind_match(const struct step_binding *binding, const struct node *node,
                       struct rule_step *step)
{
    static const struct key_rule keys[] = {
        {"pattern", KEY_REQUIRED, NODE_SCALAR}, {"take", KEY_OPTIONAL, NODE_SCALAR},
        {"code", KEY_OPTIONAL, NODE_SCALAR},    {"severity", KEY_OPTIONAL, NODE_SCALAR},
        {"message", KEY_OPTIONAL, NODE_SCALAR}, {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    if (!node_check_keys(node, keys, binding->error) ||
        !bind_finding(binding, node, "format", step) ||
        !bind_pattern(binding, node_find(node, "pattern"), true, step))
        return false;
    bind_groups(binding, step);
    const struct node *take = node_find(node, "take");
    return !take || bind_take(binding, take, step);
}

static bool bind_check(const struct step_binding *binding, const struct node *node,
                       struct rule_step *step)
{
    step->check = check_find(node_text(node));
    if (step->check)
        return true;
    const char *names[CHECK_NAMES_MAX];
    size_t count = check_names(names, CHECK_NAMES_MAX);
    return node_error_names(node, binding->error, names, count, "there is no check '%s'",
                            node_text(node));
}

typedef bool bind_function(const struct step_binding *binding, const struct node *node,
                           struct rule_step *step);

static bind_function *const bind_functions[] = {
    [STEP_UNICODE] = bind_unicode, [STEP_REPLACE] = bind_replace, [STEP_REJECT] = bind_reject,
    [STEP_MATCH] = bind_match,     [STEP_CHECK] = bind_check,
};

/* A step is one of the first five, in the order of enum step_kind. */
static const struct key_rule step_keys[] = {
    {"unicode", KEY_OPTIONAL, NODE_SCALAR}, {"replace", KEY_OPTIONAL, NODE_MAPPING},
    {"reject", KEY_OPTIONAL, NODE_MAPPING}, {"match", KEY_OPTIONAL, NODE_MAPPING},
    {"check", KEY_OPTIONAL, NODE_SCALAR},   {"name", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, NODE_SCALAR}};

static const struct key_rule change_keys[] = {
    {"unicode", KEY_OPTIONAL, NODE_SCALAR}, {"replace", KEY_OPTIONAL, NODE_MAPPING},
    {"reject", KEY_OPTIONAL, NODE_MAPPING}, {"match", KEY_OPTIONAL, NODE_MAPPING},
    {"check", KEY_OPTIONAL, NODE_SCALAR},   {"name", KEY_OPTIONAL, NODE_SCALAR},
    {"before", KEY_OPTIONAL, NODE_SCALAR},  {"after", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, NODE_SCALAR}};

enum { STEP_KINDS = STEP_CHECK + 1 };

bool rule_bind_step(const struct step_binding *binding, const struct node *node,
                    struct rule_step *step)
{
    if (!node_check_keys(node, binding->is_change ? change_keys : step_keys, binding->error))
        return false;
    size_t kinds = 0;
    for (size_t i = 0; i < STEP_KINDS; i++) {
        if (!node_find(node, step_keys[i].name))
            continue;
        step->kind = (enum step_kind)i;
        kinds++;
    }
    if (kinds != 1)
        return node_error(node, binding->error,
                          "a step is one of unicode, replace, reject, match "
                          "and check");
    const struct node *name = node_find(node, "name");
    step->name = name ? node_text(name) : "";
    step->item = node;
    step->node = node_find(node, step_keys[step->kind].name);
    step->place =
        arena_format(binding->arena, "%s:%llu", binding->file, (unsigned long long)node_line(node));
    return bind_functions[step->kind](binding, step->node, step);
}

static bool bind_steps(const struct step_binding *binding, const struct node *steps,
                       struct rule *rule)
{
    size_t count = node_count(steps);
    rule->steps = arena_allocate_array(binding->arena, count + 1, sizeof(*rule->steps));
    for (size_t i = 0; i < count; i++) {
        /* Counted first: rule_release frees what a step that fails has made so far. */
        rule->step_count = i + 1;
        if (!rule_bind_step(binding, node_item(steps, i), &rule->steps[i]))
            return false;
    }
    return true;
}

bool rule_bind(struct document *document, struct arena *arena, struct rule *rule,
               struct error *error)
{
    static const struct key_rule keys[] = {
        {"kind", KEY_REQUIRED, NODE_SCALAR},      {"label", KEY_REQUIRED, NODE_SCALAR},
        {"standard", KEY_OPTIONAL, NODE_SCALAR},  {"format", KEY_OPTIONAL, NODE_SCALAR},
        {"steps", KEY_OPTIONAL, NODE_SEQUENCE},   {"tests", KEY_OPTIONAL, NODE_SEQUENCE},
        {"findings", KEY_OPTIONAL, NODE_MAPPING}, {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    memset(rule, 0, sizeof(*rule));
    rule->document = document;
    rule->path = document_path(document);
    const struct node *root = document_root(document);
    if (!node_check_keys(root, keys, error))
        return false;
    const struct node *standard = node_find(root, "standard");
    rule->kind = node_text(node_find(root, "kind"));
    rule->label = node_text(node_find(root, "label"));
    rule->standard = standard ? node_text(standard) : "";
    const struct node *format = node_find(root, "format");
    rule->format = format ? node_text(format) : NULL;
    rule->tests = node_find(root, "tests");
    rule->node = root;
    if (rule->kind[0] == '\0')
        return node_error(node_find(root, "kind"), error, "the kind has no name");
    struct step_binding binding = {arena, file_name(rule->path), error, false};
    const struct node *steps = node_find(root, "steps");
    if ((steps && !bind_steps(&binding, steps, rule)) ||
        !rule_bind_findings(node_find(root, "findings"), arena, rule, error))
        return false;
    rule_share_findings(rule);
    rule->gate = rule_gate_make(rule, arena);
    return true;
}

void rule_release_steps(struct rule_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pattern_destroy(steps[i].pattern);
        map_destroy(steps[i].values);
    }
}

void rule_release(struct rule *rule)
{
    rule_release_steps(rule->steps, rule->step_count);
    document_close(rule->document);
}
