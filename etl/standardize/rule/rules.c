#include "standardize/rule/rules.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "standardize/reference/reference.h"

const struct rule *rules_find(const struct rules *rules, const char *kind)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->rules[i].kind, kind) == 0)
            return &rules->rules[i];
    }
    return NULL;
}

static bool load_rule(struct rules *rules, const char *path, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    struct rule *rule = &rules->rules[rules->count];
    if (!rule_bind(document, rules->arena, rule, error)) {
        rule_release(rule);
        return false;
    }
    const struct rule *other = rules_find(rules, rule->kind);
    rules->count++;
    if (!other)
        return true;
    return node_error(node_find(document_root(document), "kind"), error,
                      "the kind '%s' has a rule file already: %s", rule->kind, other->path);
}

static bool load_folder(struct rules *rules, const char *folder, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    if (!file_glob(rules->arena, file_join(rules->arena, folder, "*.yaml"), &paths, &count, error))
        return false;
    if (count == 0) {
        error_set(error, EXIT_CONFIGURATION, "could not find a rule file (*.yaml) in %s", folder);
        return error_hint(error, "`rules` of the project file names the folder.");
    }
    rules->rules = arena_allocate_array(rules->arena, count, sizeof(*rules->rules));
    for (size_t i = 0; i < count; i++) {
        if (!load_rule(rules, paths[i], error))
            return false;
    }
    return true;
}

static struct rules *create_rules(int32_t as_of_days)
{
    struct rules *rules = memory_allocate_array(1, sizeof(*rules));
    rules->arena = arena_create();
    rules->as_of_days = as_of_days;
    return rules;
}

/* Adds the reference tables; frees the rules when that or what was before did not go well. */
static struct rules *finish_rules(struct rules *rules, bool loaded, const char *reference_folder,
                                  struct error *error)
{
    if (loaded)
        rules->reference = reference_load(reference_folder, error);
    if (rules->reference)
        return rules;
    rules_destroy(rules);
    return NULL;
}

struct rules *rules_open(const char *rules_folder, const char *reference_folder, int32_t as_of_days,
                         struct error *error)
{
    struct rules *rules = create_rules(as_of_days);
    bool loaded = load_folder(rules, rules_folder, error);
    return finish_rules(rules, loaded, reference_folder, error);
}

struct rules *rules_alone(const struct rules *group, const char *path, struct error *error)
{
    struct rules *rules = create_rules(group->as_of_days);
    rules->reference = group->reference;
    rules->borrowed = true;
    rules->rules = arena_allocate_array(rules->arena, 1, sizeof(*rules->rules));
    if (load_rule(rules, path, error))
        return rules;
    rules_destroy(rules);
    return NULL;
}

static bool unknown_kind(const struct rules *rules, const struct project *project,
                         const struct model_entity *entity, const struct model_field *field,
                         struct error *error)
{
    const char *names[KINDS_MAX];
    size_t count = 0;
    for (; count < rules->count && count < KINDS_MAX; count++)
        names[count] = rules->rules[count].kind;
    const char *near = nearest_name(field->kind, names, count);
    error_set(error, EXIT_CONFIGURATION, "%s.%s: there is no rule file for the kind '%s' in %s",
              entity->name, field->name, field->kind, project->rules);
    error_place(error, project->model_path, 0, 0);
    return near ? error_hint(error, "Did you mean '%s'?", near) : false;
}

static bool check_kinds(const struct rules *rules, const struct project *project,
                        struct error *error)
{
    for (size_t e = 0; e < project->model->entity_count; e++) {
        const struct model_entity *entity = &project->model->entities[e];
        for (size_t f = 0; f < entity->field_count; f++) {
            const struct model_field *field = &entity->fields[f];
            if (field->from == FIELD_NONE && !rules_find(rules, field->kind))
                return unknown_kind(rules, project, entity, field, error);
        }
    }
    return true;
}

static const struct rules *find_dealer(const struct rules *rules, const char *path)
{
    for (size_t i = 0; i < rules->dealer_count; i++) {
        if (strcmp(rules->dealers[i]->path, path) == 0)
            return rules->dealers[i];
    }
    return NULL;
}

static bool load_dealers(struct rules *rules, const struct project *project, struct error *error)
{
    for (size_t i = 0; i < project->source_count; i++) {
        const char *path = project->sources[i].rules;
        if (!path || find_dealer(rules, path))
            continue;
        rules->dealers = memory_grow(rules->dealers, &rules->dealer_capacity,
                                     rules->dealer_count + 1, sizeof(struct rules *));
        struct rules *dealer = rules_change(rules, path, error);
        if (!dealer)
            return false;
        rules->dealers[rules->dealer_count++] = dealer;
    }
    return true;
}

const struct rules *rules_of_source(const struct rules *rules, const struct source *source)
{
    const struct rules *own = source->rules ? find_dealer(rules, source->rules) : NULL;
    return own ? own : rules;
}

struct rules *rules_load(const struct project *project, int32_t as_of_days, struct error *error)
{
    struct rules *rules = rules_open(project->rules, project->reference, as_of_days, error);
    if (rules && check_kinds(rules, project, error) && load_dealers(rules, project, error))
        return rules;
    rules_destroy(rules);
    return NULL;
}

void rules_destroy(struct rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->dealer_count; i++)
        rules_destroy(rules->dealers[i]);
    memory_free(rules->dealers);
    if (rules->path) {
        rules_release_change(rules);
    } else {
        for (size_t i = 0; i < rules->count; i++)
            rule_release(&rules->rules[i]);
        if (!rules->borrowed)
            reference_destroy(rules->reference);
    }
    arena_destroy(rules->arena);
    memory_free(rules);
}

static bool steps_have_file(const struct rules *rules, const char *file)
{
    for (size_t i = 0; i < rules->count; i++)
        for (size_t step = 0; step < rules->rules[i].step_count; step++)
            if (strcmp(node_file(rules->rules[i].steps[step].node), file) == 0)
                return true;
    return false;
}

bool rules_have_file(const struct rules *rules, const char *file)
{
    if (steps_have_file(rules, file))
        return true;
    for (size_t i = 0; i < rules->dealer_count; i++)
        if (steps_have_file(rules->dealers[i], file))
            return true;
    return false;
}

/* False: there is no such kind, or a pattern hit its limit. */
static bool run_alone(const struct rules *rules, const char *kind, struct slice value,
                      struct arena *arena, struct rule_result *result)
{
    const struct rule *rule = rules_find(rules, kind);
    if (!rule)
        return false;
    struct rule_context context;
    rule_context_open(&context, rules->reference, rules->as_of_days);
    struct rule_input input = {.value = value, .arena = arena};
    struct error error = {0};
    bool done = rule_run(rule, &context, &input, result, &error);
    rule_context_close(&context);
    return done;
}

struct slice rules_apply(const struct rules *rules, const char *kind, struct slice value,
                         struct arena *arena)
{
    struct rule_result result;
    return run_alone(rules, kind, value, arena, &result) ? result.value : slice_make(NULL, 0);
}

struct slice rules_apply_part(const struct rules *rules, const char *kind, const char *part,
                              struct slice value, struct arena *arena)
{
    struct rule_result result;
    if (!run_alone(rules, kind, value, arena, &result))
        return slice_make(NULL, 0);
    for (size_t i = 0; i < result.part_count; i++)
        if (strcmp(result.parts[i].name, part) == 0)
            return result.parts[i].text;
    return slice_make(NULL, 0);
}
