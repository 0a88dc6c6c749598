#include "match/compare/test.h"
#include "match/rules/rules_bind.h"

static bool bind_comparator(struct binder *binder, const struct node *name,
                            const struct node *limit, struct condition *condition)
{
    const struct comparator *comparator = comparator_find(node_slice(name));
    condition->comparator = comparator;
    condition->argument.confusions = binder->rules->confusions;
    if (!comparator) {
        size_t count = 0;
        while (comparator_names[count])
            count++;
        return bind_unknown(binder, name, "comparator", comparator_names, count);
    }
    condition->other = condition->attribute;
    if (comparator->relation == RELATION_CROSSED_BOTH ||
        comparator->relation == RELATION_CROSSED_ONE) {
        if (!limit)
            return node_error(name, binder->error, "`%s` needs an attribute: {%s: surname}",
                              comparator->name, comparator->name);
        return bind_attribute(binder, limit, &condition->other);
    }
    if (!comparator->limit)
        return !limit || node_error(limit, binder->error, "`%s` takes no number", comparator->name);
    if (!limit)
        return node_error(name, binder->error, "`%s` needs a number: {%s: …}, %s", comparator->name,
                          comparator->name, comparator->limit);
    double number = 0;
    if (!node_read_number(limit, &number, binder->error))
        return false;
    if (number < comparator->limit_least || number > comparator->limit_most)
        return node_error(limit, binder->error, "`%s` takes %s: %g to %g", comparator->name,
                          comparator->limit, comparator->limit_least, comparator->limit_most);
    condition->argument.limit = number;
    return true;
}

/* `exact`, `{edit: 1}`, `{not: slip}`, `{not: {edit: 1}}` */
static bool bind_condition(struct binder *binder, const struct node *node,
                           struct condition *condition)
{
    const struct node *negated = node_kind(node) == NODE_MAPPING ? node_find(node, "not") : NULL;
    if (negated && node_count(node) == 1) {
        condition->negated = true;
        node = negated;
    }
    if (node_kind(node) == NODE_SCALAR)
        return bind_comparator(binder, node, NULL, condition);
    if (node_kind(node) != NODE_MAPPING || node_count(node) != 1)
        return node_error(node, binder->error,
                          "how two values relate is written `exact` or `{edit: 1}`");
    return bind_comparator(binder, node_key(node, 0), node_value(node, 0), condition);
}

/* Whether equal and known values say something about the condition at all. */
static bool is_seen(const struct condition *condition)
{
    enum relation relation = condition->comparator->relation;
    return condition->attribute < SEEN_ATTRIBUTES && relation != RELATION_CROSSED_BOTH &&
           relation != RELATION_CROSSED_ONE && !(relation == RELATION_KNOWN && condition->negated);
}

/* Whether the condition is a matter of equal and known values only. */
static bool sum_up_condition(struct alternative *alternative, const struct condition *condition)
{
    enum relation relation = condition->comparator->relation;
    bool negated = condition->negated;
    if (!is_seen(condition))
        return false;
    uint64_t bit = UINT64_C(1) << condition->attribute;
    if (relation != RELATION_UNKNOWN || negated)
        alternative->known |= bit;
    if (relation == RELATION_UNKNOWN && !negated)
        alternative->unknown |= bit;
    else if (relation == (negated ? RELATION_DIFFERENT : RELATION_EXACT))
        alternative->equal |= bit;
    else if (relation == RELATION_EXACT || relation == RELATION_DIFFERENT)
        alternative->different |= bit;
    /* Equal texts are related in any way. */
    if (relation == RELATION_TEXTS && negated)
        alternative->different |= bit;
    return relation != RELATION_TEXTS;
}

static void sum_up(struct binder *binder, struct alternative *alternative)
{
    alternative->rest =
        arena_allocate_array(binder->arena, alternative->condition_count, sizeof(size_t));
    for (size_t i = 0; i < alternative->condition_count; i++) {
        const struct condition *condition = &alternative->conditions[i];
        if (condition->comparator->changes)
            binder->rules->attributes[condition->attribute].is_signed = true;
    }
    for (size_t i = 0; i < alternative->condition_count; i++)
        if (!sum_up_condition(alternative, &alternative->conditions[i]))
            alternative->rest[alternative->rest_count++] = i;
}

/* One attribute's conditions: one, or a list of which all must hold. */
static bool bind_attribute_conditions(struct binder *binder, const struct node *name,
                                      const struct node *node, struct alternative *alternative)
{
    bool is_list = node_kind(node) == NODE_SEQUENCE;
    for (size_t i = 0; i < (is_list ? node_count(node) : 1); i++) {
        struct condition *condition = &alternative->conditions[alternative->condition_count++];
        if (!bind_attribute(binder, name, &condition->attribute) ||
            !bind_condition(binder, is_list ? node_item(node, i) : node, condition))
            return false;
    }
    return true;
}

static bool bind_alternative(struct binder *binder, const struct node *node,
                             struct alternative *alternative)
{
    size_t count = node_count(node);
    size_t most = 0;
    if (node_kind(node) != NODE_MAPPING || count == 0)
        return node_error(node, binder->error, "a test names attributes: {name: exact}");
    for (size_t i = 0; i < count; i++)
        most += 1 + node_count(node_value(node, i));
    alternative->conditions =
        arena_allocate_array(binder->arena, most, sizeof(*alternative->conditions));
    for (size_t i = 0; i < count; i++)
        if (!bind_attribute_conditions(binder, node_key(node, i), node_value(node, i), alternative))
            return false;
    sum_up(binder, alternative);
    return true;
}

bool bind_test(struct binder *binder, const struct node *node, struct test *test)
{
    if (!node)
        return true;
    bool is_list = node_kind(node) == NODE_SEQUENCE;
    size_t count = is_list ? node_count(node) : 1;
    if (count == 0)
        return node_error(node, binder->error, "an empty list of tests");
    test->alternatives = arena_allocate_array(binder->arena, count, sizeof(*test->alternatives));
    test->alternative_count = count;
    for (size_t i = 0; i < count; i++)
        if (!bind_alternative(binder, is_list ? node_item(node, i) : node, &test->alternatives[i]))
            return false;
    return true;
}

static const struct key_rule hard_keys[] = {
    {"reason", KEY_REQUIRED, NODE_SCALAR},
    {"if", KEY_REQUIRED, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule verdict_keys[] = {
    {"never", KEY_OPTIONAL, NODE_SEQUENCE}, {"always", KEY_OPTIONAL, NODE_SEQUENCE},
    {"ask", KEY_OPTIONAL, NODE_SEQUENCE},   {"alone", KEY_OPTIONAL, NODE_SEQUENCE},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static bool bind_hard_rule_list(struct binder *binder, const struct node *list,
                                enum verdict verdict)
{
    struct match_rules *rules = binder->rules;
    for (size_t i = 0; list && i < node_count(list); i++) {
        const struct node *node = node_item(list, i);
        struct hard_rule *rule = &rules->hard_rules[rules->hard_rule_count++];
        if (!node_check_keys(node, hard_keys, binder->error))
            return false;
        rule->name = arena_text(binder->arena, node_slice(node_find(node, "reason")));
        rule->verdict = verdict;
        if (!bind_test(binder, node_find(node, "if"), &rule->test))
            return false;
    }
    return true;
}

/* In the order in which they count: what must never be comes before what always is. */
bool bind_hard_rules(struct binder *binder, const struct node *node)
{
    if (!node)
        return true;
    if (!node_check_keys(node, verdict_keys, binder->error))
        return false;
    const struct node *never = node_find(node, "never");
    const struct node *always = node_find(node, "always");
    const struct node *ask = node_find(node, "ask");
    const struct node *alone = node_find(node, "alone");
    size_t count = (never ? node_count(never) : 0) + (always ? node_count(always) : 0) +
                   (ask ? node_count(ask) : 0) + (alone ? node_count(alone) : 0);
    struct match_rules *rules = binder->rules;
    rules->hard_rules = arena_allocate_array(binder->arena, count + 1, sizeof(*rules->hard_rules));
    return bind_hard_rule_list(binder, never, VERDICT_NEVER) &&
           bind_hard_rule_list(binder, always, VERDICT_ALWAYS) &&
           bind_hard_rule_list(binder, ask, VERDICT_ASK) &&
           bind_hard_rule_list(binder, alone, VERDICT_ALONE);
}
