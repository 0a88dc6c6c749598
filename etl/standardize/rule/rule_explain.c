#include "standardize/rule/rule_explain.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "standardize/checks.h"

enum { LISTED_SHOWN_MAX = 3 };

static const char *const action_names[] = {"unicode", "replace", "reject", "match", "check"};

/* The first of the listed values: "无, 無, 没有 …". */
static const char *listed_values(const struct node *values, struct arena *arena)
{
    size_t count = node_count(values);
    if (count == 0)
        return node_text(values);
    const char *text = node_text(node_item(values, 0));
    for (size_t i = 1; i < count && i < LISTED_SHOWN_MAX; i++)
        text = arena_format(arena, "%s, %s", text, node_text(node_item(values, i)));
    return count > LISTED_SHOWN_MAX ? arena_format(arena, "%s …", text) : text;
}

static const char *step_subject(const struct rule_step *step, struct arena *arena)
{
    const struct node *body = node_find(step->item, action_names[step->kind]);
    const struct node *pattern = node_find(body, "pattern");
    const struct node *values = node_find(body, "values");
    if (node_kind(body) == NODE_SCALAR)
        return node_text(body);
    if (pattern && values)
        return arena_format(arena, "%s | %s", node_text(pattern), listed_values(values, arena));
    return pattern ? node_text(pattern) : listed_values(values, arena);
}

void rule_step_summary(const struct rule_step *step, struct arena *arena,
                       struct step_summary *summary)
{
    bool finds = step->kind == STEP_REJECT || step->kind == STEP_MATCH;
    *summary = (struct step_summary){
        .action = action_names[step->kind],
        .subject = step_subject(step, arena),
        .name = step->name,
        .place = arena_format(arena, "%s:%llu", node_file(step->item),
                              (unsigned long long)node_line(step->item)),
        .code = finds ? step->code : NULL,
        .message = finds ? step->message : NULL,
        .severity = finds ? step->severity : SEVERITY_INFORMATION,
    };
}

/* Fills a step from the chain's results before it and behind it. */
static void compare_results(const struct rule_step *step, const struct rule_result *before,
                            const struct rule_result *after, struct arena *arena,
                            struct explained_step *explained)
{
    size_t found = after->finding_count - before->finding_count;
    rule_step_summary(step, arena, &explained->step);
    explained->before = before->value;
    explained->after = after->value;
    struct rule_finding *findings = arena_allocate_array(arena, found + 1, sizeof(*findings));
    memcpy(findings, after->findings + before->finding_count, found * sizeof(*findings));
    explained->findings = findings;
    explained->finding_count = found;
    bool changed = !slice_equal(before->value, after->value);
    explained->matched = step->kind == STEP_MATCH ? found == 0 : changed || found > 0;
}

bool rule_explain(const struct rule *rule, struct rule_context *context,
                  const struct rule_input *input, struct explained_step *steps, size_t *step_count,
                  struct rule_result *result, struct error *error)
{
    struct rule part = *rule;
    part.step_count = 0;
    *step_count = 0;
    if (!rule_run(&part, context, input, result, error))
        return false;
    while (part.step_count < rule->step_count && result->value.length > 0) {
        struct rule_result before = *result;
        part.step_count++;
        if (!rule_run(&part, context, input, result, error))
            return false;
        compare_results(&rule->steps[part.step_count - 1], &before, result, input->arena,
                        &steps[(*step_count)++]);
    }
    return true;
}

/* ---- the public face ---- */

size_t rules_count(const struct rules *rules)
{
    return rules->count;
}

void rules_summary(const struct rules *rules, size_t index, struct rule_summary *summary)
{
    const struct rule *rule = &rules->rules[index];
    *summary = (struct rule_summary){
        .kind = rule->kind,
        .label = rule->label,
        .standard = rule->standard,
        .path = rule->path,
        .step_count = rule->step_count,
        .test_count = rule->tests ? node_count(rule->tests) : 0,
        .saying_count = rule->finding_rule_count,
    };
}

void rules_saying(const struct rules *rules, size_t index, size_t saying, struct arena *arena,
                  struct rule_saying *said)
{
    const struct finding_rule *rule = &rules->rules[index].finding_rules[saying];
    *said = (struct rule_saying){
        .code = rule->code,
        .severity = rule->has_severity ? severity_names[rule->severity] : NULL,
        .message = rule->message,
        .advice = rule->advice,
        .place = arena_format(arena, "%s:%llu", node_file(rule->node),
                              (unsigned long long)node_line(rule->node)),
    };
}

void rules_step(const struct rules *rules, size_t index, size_t step, struct arena *arena,
                struct step_summary *summary)
{
    rule_step_summary(&rules->rules[index].steps[step], arena, summary);
}

size_t rules_index(const struct rules *rules, const char *kind, struct error *error)
{
    const char *names[KINDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < rules->count && count < KINDS_MAX; i++) {
        if (strcmp(rules->rules[i].kind, kind) == 0)
            return i;
        names[count++] = rules->rules[i].kind;
    }
    const char *near = nearest_name(kind, names, count);
    error_set(error, EXIT_USAGE, "there is no kind %s", kind);
    if (near)
        error_hint(error, "did you mean %s?", near);
    else
        error_hint(error, "cust360 rules list names them");
    return SIZE_MAX;
}

struct explainer {
    const struct rules *rules;
    struct rule_context context;
};

struct explainer *explainer_create(const struct rules *rules)
{
    struct explainer *explainer = memory_allocate_array(1, sizeof(*explainer));
    explainer->rules = rules;
    rule_context_open(&explainer->context, rules->reference, rules->as_of_days);
    return explainer;
}

void explainer_destroy(struct explainer *explainer)
{
    if (!explainer)
        return;
    rule_context_close(&explainer->context);
    memory_free(explainer);
}

bool explainer_run(struct explainer *explainer, const struct rule_question *question,
                   struct arena *arena, struct explanation *explanation, struct error *error)
{
    const struct rule *rule = &explainer->rules->rules[question->index];
    struct rule_input input = {
        .value = question->value, .format = question->format, .arena = arena};
    struct rule_result *result = arena_allocate(arena, sizeof(*result));
    struct explained_step *steps = NULL;
    size_t step_count = 0;
    bool done = false;
    if (question->steps) {
        steps = arena_allocate_array(arena, rule->step_count + 1, sizeof(*steps));
        done = rule_explain(rule, &explainer->context, &input, steps, &step_count, result, error);
    } else {
        done = rule_run(rule, &explainer->context, &input, result, error);
    }
    *explanation = (struct explanation){
        .value = result->value,
        .refused = result->refused,
        .parts = result->parts,
        .part_count = result->part_count,
        .findings = result->findings,
        .finding_count = result->finding_count,
        .steps = steps,
        .step_count = step_count,
    };
    return done;
}
