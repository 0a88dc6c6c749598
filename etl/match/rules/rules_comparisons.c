#include "match/rules/rules_bind.h"

static const struct key_rule comparison_keys[] = {
    {"name", KEY_REQUIRED, NODE_SCALAR},
    {"when", KEY_OPTIONAL, KEY_ANY_KIND},
    {"levels", KEY_REQUIRED, NODE_SEQUENCE},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule level_keys[] = {
    {"level", KEY_REQUIRED, NODE_SCALAR},       {"if", KEY_OPTIONAL, KEY_ANY_KIND},
    {"frequency", KEY_OPTIONAL, NODE_SEQUENCE}, {"implies", KEY_OPTIONAL, NODE_SEQUENCE},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

size_t rules_find_comparison(const struct match_rules *rules, struct slice name)
{
    for (size_t i = 0; i < rules->comparison_count; i++)
        if (slice_equal(slice_of(rules->comparisons[i].name), name))
            return i;
    return ATTRIBUTE_NONE;
}

static bool bind_implies(struct binder *binder, const struct node *list, size_t own, uint32_t *mask)
{
    const struct match_rules *rules = binder->rules;
    const char *names[COMPARISONS_MAX];
    for (size_t i = 0; i < rules->comparison_count; i++)
        names[i] = rules->comparisons[i].name;
    for (size_t i = 0; list && i < node_count(list); i++) {
        const struct node *node = node_item(list, i);
        size_t number = rules_find_comparison(rules, node_slice(node));
        if (number == ATTRIBUTE_NONE)
            return bind_unknown(binder, node, "comparison", names, rules->comparison_count);
        if (number <= own)
            return node_error(node, binder->error,
                              "what is implied must be a comparison further below");
        *mask |= UINT32_C(1) << number;
    }
    return true;
}

static bool bind_level(struct binder *binder, const struct node *node, size_t own,
                       struct level *level)
{
    if (!node_check_keys(node, level_keys, binder->error))
        return false;
    level->name = arena_text(binder->arena, node_slice(node_find(node, "level")));
    return bind_test(binder, node_find(node, "if"), &level->test) &&
           bind_attribute_list(binder, node_find(node, "frequency"), &level->frequency,
                               &level->frequency_count) &&
           bind_implies(binder, node_find(node, "implies"), own, &level->implies);
}

static bool bind_levels(struct binder *binder, const struct node *list, size_t own,
                        struct comparison *comparison)
{
    size_t count = node_count(list);
    if (count == 0 || count > LEVELS_MAX)
        return node_error(list, binder->error, "a comparison has 1 to %d levels", LEVELS_MAX);
    comparison->levels = arena_allocate_array(binder->arena, count, sizeof(*comparison->levels));
    comparison->level_count = count;
    for (size_t i = 0; i < count; i++) {
        struct level *level = &comparison->levels[i];
        if (!bind_level(binder, node_item(list, i), own, level))
            return false;
        if (i + 1 < count && level->test.alternative_count == 0)
            return node_error(node_item(list, i), binder->error,
                              "only the last level can be without `if`");
        for (size_t j = 0; j < i; j++)
            if (slice_equal(slice_of(comparison->levels[j].name), slice_of(level->name)))
                return node_error(node_item(list, i), binder->error, "two levels named %s",
                                  level->name);
    }
    return true;
}

/* Names first, so that a level can imply a comparison that stands further below. */
static bool bind_names(struct binder *binder, const struct node *list)
{
    struct match_rules *rules = binder->rules;
    for (size_t i = 0; i < node_count(list); i++) {
        const struct node *node = node_item(list, i);
        if (!node_check_keys(node, comparison_keys, binder->error))
            return false;
        struct slice name = node_slice(node_find(node, "name"));
        if (rules_find_comparison(rules, name) != ATTRIBUTE_NONE)
            return node_error(node, binder->error, "two comparisons named %.*s",
                              SLICE_ARGUMENTS(name));
        rules->comparisons[rules->comparison_count++].name = arena_text(binder->arena, name);
    }
    return true;
}

bool bind_comparisons(struct binder *binder, const struct node *list)
{
    struct match_rules *rules = binder->rules;
    size_t count = node_count(list);
    if (count == 0 || count > COMPARISONS_MAX)
        return node_error(list, binder->error, "there are 1 to %d comparisons", COMPARISONS_MAX);
    rules->comparisons = arena_allocate_array(binder->arena, count, sizeof(*rules->comparisons));
    if (!bind_names(binder, list))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = node_item(list, i);
        struct comparison *comparison = &rules->comparisons[i];
        if (!bind_test(binder, node_find(node, "when"), &comparison->when) ||
            !bind_levels(binder, node_find(node, "levels"), i, comparison))
            return false;
    }
    return true;
}
