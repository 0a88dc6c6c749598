/* What rule files say of the findings that checks make: `findings: {code: {message, advice,
 * severity}}`. A check knows what is wrong with a value; what the clerk is to do about it, and how
 * grave it is for this group, is for the rule file to say. */
#include "standardize/rule/rule_finding.h"

static bool bind_finding_rule(const struct node *code, const struct node *node,
                              struct finding_rule *rule, struct error *error)
{
    static const struct key_rule keys[] = {{"message", KEY_OPTIONAL, NODE_SCALAR},
                                           {"advice", KEY_OPTIONAL, NODE_SCALAR},
                                           {"severity", KEY_OPTIONAL, NODE_SCALAR},
                                           {"propose", KEY_OPTIONAL, NODE_SCALAR},
                                           {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    static const char *const severities[] = {"information", "warn", "error", "fatal", NULL};
    size_t chosen = SEVERITY_ERROR;
    if (!node_check_keys(node, keys, error))
        return false;
    const struct node *message = node_find(node, "message");
    const struct node *advice = node_find(node, "advice");
    const struct node *severity = node_find(node, "severity");
    bool propose = false;
    if (!node_read_choice(severity, severities, &chosen, error) ||
        !node_read_boolean(node_find(node, "propose"), &propose, error))
        return false;
    *rule = (struct finding_rule){.code = node_text(code),
                                  .message = message ? node_text(message) : NULL,
                                  .advice = advice ? node_text(advice) : NULL,
                                  .propose = propose,
                                  .has_severity = severity != NULL,
                                  .severity = (enum severity)chosen,
                                  .node = node};
    return true;
}

bool rule_bind_findings(const struct node *node, struct arena *arena, struct rule *rule,
                        struct error *error)
{
    size_t own = node ? node_count(node) : 0;
    size_t count = own + rule->finding_rule_count;
    if (own == 0)
        return true;
    struct finding_rule *rules = arena_allocate_array(arena, count, sizeof(*rules));
    for (size_t i = 0; i < own; i++) {
        if (!bind_finding_rule(node_key(node, i), node_value(node, i), &rules[i], error))
            return false;
    }
    if (rule->finding_rule_count > 0)
        memcpy(rules + own, rule->finding_rules, rule->finding_rule_count * sizeof(*rules));
    rule->finding_rules = rules;
    rule->finding_rule_count = count;
    return true;
}

void rule_share_findings(struct rule *rule)
{
    for (size_t i = 0; i < rule->step_count; i++) {
        if (rule->steps[i].kind != STEP_CHECK)
            continue;
        rule->steps[i].finding_rules = rule->finding_rules;
        rule->steps[i].finding_rule_count = rule->finding_rule_count;
    }
}

/* Without printf: a finding in ten values is common. */
static const char *join_sentences(struct arena *arena, const char *first, const char *second)
{
    size_t first_bytes = strlen(first);
    size_t second_bytes = strlen(second);
    size_t bytes = first_bytes + 1 + second_bytes;
    char *text = arena_allocate_bytes(arena, bytes + 1);
    memcpy(text, first, first_bytes);
    text[first_bytes] = ' ';
    memcpy(text + first_bytes + 1, second, second_bytes);
    text[bytes] = '\0';
    return text;
}

void rule_finding_make(const struct rule_step *step, const struct check_finding *found,
                       struct arena *arena, struct rule_finding *finding)
{
    struct finding_rule chosen = {0};
    for (size_t i = 0; i < step->finding_rule_count; i++) {
        const struct finding_rule *rule = &step->finding_rules[i];
        if (strcmp(rule->code, found->code) != 0)
            continue;
        chosen.propose = chosen.propose || rule->propose;
        if (!chosen.message)
            chosen.message = rule->message;
        if (!chosen.advice)
            chosen.advice = rule->advice;
        if (!chosen.has_severity && rule->has_severity) {
            chosen.has_severity = true;
            chosen.severity = rule->severity;
        }
    }
    const char *message = chosen.message ? chosen.message : found->message;
    if (chosen.advice)
        message = join_sentences(arena, message, chosen.advice);
    *finding = (struct rule_finding){
        .code = found->code,
        .place = step->place,
        .message = message,
        .proposes = chosen.propose,
        .severity = chosen.has_severity ? chosen.severity : found->severity,
    };
}
