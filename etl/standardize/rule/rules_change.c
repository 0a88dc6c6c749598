/* The own rules of a dealer: a file, or a folder of files, whose `overrides` name kinds of the
 * group. What they leave alone is the group's, so that a dealer costs its own steps only. */
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "standardize/rule/rule_change.h"
#include "standardize/rule/rules.h"

/* The kind that an item changes, to be changed: of the group, or as an item before has left it. */
static struct rule *find_base(struct rules *rules, const struct node *item, struct error *error)
{
    const char *names[KINDS_MAX];
    size_t count = 0;
    const struct node *kind = node_find(item, "kind");
    if (!kind) {
        node_error(item, error, "the key \"kind\" is missing");
        return NULL;
    }
    for (size_t i = 0; i < rules->count && count < KINDS_MAX; i++) {
        if (strcmp(rules->rules[i].kind, node_text(kind)) == 0)
            return &rules->rules[i];
        names[count++] = rules->rules[i].kind;
    }
    node_error_names(kind, error, names, count, "the group has no rules for a kind '%s'",
                     node_text(kind));
    return NULL;
}

static bool change_kind(struct rules *rules, const struct node *item, struct error *error)
{
    struct rule *rule = find_base(rules, item, error);
    if (!rule)
        return false;
    if (!rule->inherited)
        return node_error(item, error, "the kind '%s' is changed already: %s:%llu", rule->kind,
                          node_file(rule->node), (unsigned long long)node_line(rule->node));
    struct rule base = *rule;
    return rule_bind_change(item, &base, rules->arena, &rules->owns[rules->own_count++], rule,
                            error);
}

static bool change_file(struct rules *rules, const char *path, struct error *error)
{
    static const struct key_rule keys[] = {{"overrides", KEY_REQUIRED, NODE_SEQUENCE},
                                           {NULL, KEY_OPTIONAL, NODE_SCALAR}};
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    rules->documents[rules->document_count++] = document;
    if (!node_check_keys(document_root(document), keys, error))
        return error_hint(error, "a dealer's rules: `overrides: [{kind: …, steps: […]}]`");
    const struct node *items = node_find(document_root(document), "overrides");
    for (size_t i = 0; i < node_count(items); i++) {
        if (!change_kind(rules, node_item(items, i), error))
            return false;
    }
    return true;
}

static bool change_all(struct rules *rules, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    struct arena *arena = rules->arena;
    const char *folder = file_join(arena, rules->path, "*.yaml");
    if (!file_glob(arena, folder, &paths, &count, error))
        return false;
    if (count == 0) {
        paths = arena_allocate_array(arena, 1, sizeof(*paths));
        paths[count++] = arena_text(arena, slice_of(rules->path));
    }
    rules->documents = arena_allocate_array(arena, count, sizeof(*rules->documents));
    for (size_t i = 0; i < count; i++) {
        if (!change_file(rules, paths[i], error))
            return false;
    }
    return true;
}

struct rules *rules_change(const struct rules *group, const char *path, struct error *error)
{
    struct rules *rules = memory_allocate_array(1, sizeof(*rules));
    rules->arena = arena_create();
    rules->path = arena_text(rules->arena, slice_of(path));
    rules->as_of_days = group->as_of_days;
    rules->reference = group->reference;
    rules->count = group->count;
    rules->rules = arena_allocate_array(rules->arena, group->count, sizeof(*rules->rules));
    rules->owns = arena_allocate_array(rules->arena, group->count, sizeof(*rules->owns));
    memcpy(rules->rules, group->rules, group->count * sizeof(*rules->rules));
    for (size_t i = 0; i < rules->count; i++)
        rules->rules[i].inherited = true;
    if (change_all(rules, error))
        return rules;
    rules_destroy(rules);
    return NULL;
}

void rules_release_change(struct rules *rules)
{
    for (size_t i = 0; i < rules->own_count; i++)
        rule_release_steps(rules->owns[i].steps, rules->owns[i].step_count);
    for (size_t i = 0; i < rules->document_count; i++)
        document_close(rules->documents[i]);
}

static bool is_change(const char *path, bool *change, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    *change = node_find(document_root(document), "overrides") != NULL;
    document_close(document);
    return true;
}

struct rules *rules_open_file(const char *path, const struct rules *group, struct error *error)
{
    bool change = false;
    if (!is_change(path, &change, error))
        return NULL;
    return change ? rules_change(group, path, error) : rules_alone(group, path, error);
}
