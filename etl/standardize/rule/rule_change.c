/* A dealer's own rules: what they make of the group's.
 *
 *   the group's steps   a  b  c        remove: b
 *   the dealer's        a  x  c'       {name: x, before: c, …}  {name: c, …}
 *
 * A step of the same name takes the group's place; a new one says before or after which it goes. */
#include "standardize/rule/rule_change.h"
#include "cust360/base/file.h"
#include "standardize/rule/rule_finding.h"
#include "standardize/rule/rule_gate.h"

enum { NAMES_MAX = 64 };

/* The chain in the making. */
struct chain {
    struct step_binding binding;
    struct rule *rule; /* room for the group's steps and the dealer's */
    struct rule_change *own;
};

const char *rule_step_name(const struct rule_step *step)
{
    if (step->name[0])
        return step->name;
    if (step->kind == STEP_CHECK)
        return step->check->name;
    return step->kind == STEP_UNICODE ? "unicode" : "";
}

static size_t find_step(const struct rule *rule, const char *name)
{
    size_t index = 0;
    while (index < rule->step_count && strcmp(rule_step_name(&rule->steps[index]), name) != 0)
        index++;
    return index;
}

static bool unknown_step(const struct chain *chain, const struct node *node)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < chain->rule->step_count && count < NAMES_MAX; i++) {
        const char *name = rule_step_name(&chain->rule->steps[i]);
        if (name[0])
            names[count++] = name;
    }
    return node_error_names(node, chain->binding.error, names, count,
                            "the group's rule for %s has no step '%s' (a new step says before: or "
                            "after: which it goes)",
                            chain->rule->kind, node_text(node));
}

static bool remove_step(struct chain *chain, const struct node *item)
{
    static const struct key_rule keys[] = {{"remove", KEY_REQUIRED, NODE_SCALAR},
                                           {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    struct rule *rule = chain->rule;
    const struct node *name = node_find(item, "remove");
    if (!node_check_keys(item, keys, chain->binding.error))
        return false;
    size_t index = find_step(rule, node_text(name));
    if (index == rule->step_count)
        return unknown_step(chain, name);
    rule->step_count--;
    memmove(&rule->steps[index], &rule->steps[index + 1],
            (rule->step_count - index) * sizeof(*rule->steps));
    return true;
}

static bool insert_step(struct chain *chain, const struct node *anchor, bool after,
                        const struct rule_step *step)
{
    struct rule *rule = chain->rule;
    size_t index = find_step(rule, node_text(anchor));
    if (index == rule->step_count)
        return unknown_step(chain, anchor);
    if (step->name[0] && find_step(rule, step->name) < rule->step_count) {
        node_error(node_find(step->item, "name"), chain->binding.error,
                   "the group's rule for %s has a step '%s' already", rule->kind, step->name);
        return error_hint(chain->binding.error,
                          "without before and after the step takes its place");
    }
    index += after;
    memmove(&rule->steps[index + 1], &rule->steps[index],
            (rule->step_count - index) * sizeof(*rule->steps));
    rule->steps[index] = *step;
    rule->step_count++;
    return true;
}

static bool replace_step(struct chain *chain, const struct node *item, const struct rule_step *step)
{
    struct rule *rule = chain->rule;
    const char *name = rule_step_name(step);
    if (!name[0]) {
        node_error(item, chain->binding.error, "it is not said which step of the group this is");
        return error_hint(chain->binding.error,
                          "name: the step that it replaces; or before: or after: a step");
    }
    const struct node *node = node_find(item, "name");
    size_t index = find_step(rule, name);
    if (index == rule->step_count)
        return unknown_step(chain, node ? node : step->node);
    rule->steps[index] = *step;
    return true;
}

static bool apply_item(struct chain *chain, const struct node *item)
{
    if (node_kind(item) == NODE_MAPPING && node_find(item, "remove"))
        return remove_step(chain, item);
    /* Counted first, so that it is released whatever happens. */
    struct rule_step *step = &chain->own->steps[chain->own->step_count++];
    if (!rule_bind_step(&chain->binding, item, step))
        return false;
    const struct node *before = node_find(item, "before");
    const struct node *after = node_find(item, "after");
    if (before && after)
        return node_error(after, chain->binding.error, "a step goes before or after another");
    if (before || after)
        return insert_step(chain, before ? before : after, after != NULL, step);
    return replace_step(chain, item, step);
}

bool rule_bind_change(const struct node *item, const struct rule *base, struct arena *arena,
                      struct rule_change *own, struct rule *rule, struct error *error)
{
    static const struct key_rule keys[] = {{"kind", KEY_REQUIRED, NODE_SCALAR},
                                           {"steps", KEY_OPTIONAL, NODE_SEQUENCE},
                                           {"findings", KEY_OPTIONAL, NODE_MAPPING},
                                           {"tests", KEY_OPTIONAL, NODE_SEQUENCE},
                                           {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    const struct node *steps = node_find(item, "steps");
    size_t count = steps ? node_count(steps) : 0;
    if (!node_check_keys(item, keys, error))
        return false;
    *rule = *base;
    rule->inherited = false;
    rule->node = item;
    rule->path = node_file(item);
    rule->tests = node_find(item, "tests");
    rule->steps = arena_allocate_array(arena, base->step_count + count + 1, sizeof(*rule->steps));
    memcpy(rule->steps, base->steps, base->step_count * sizeof(*rule->steps));
    own->steps = arena_allocate_array(arena, count + 1, sizeof(*own->steps));
    struct chain chain = {{arena, file_name(rule->path), error, true}, rule, own};
    for (size_t i = 0; i < count; i++) {
        if (!apply_item(&chain, node_item(steps, i)))
            return false;
    }
    if (!rule_bind_findings(node_find(item, "findings"), arena, rule, error))
        return false;
    rule_share_findings(rule);
    rule->gate = rule_gate_make(rule, arena);
    return true;
}
