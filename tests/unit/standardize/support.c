#include "support.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"

#include <stdio.h>
#include <stdlib.h>

static char folder[256];
static struct arena *arena;
static struct rules *own_rules;

void standardize_open(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-standardize-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
}

void standardize_close(void)
{
    char command[300];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
    rules_destroy(own_rules);
    own_rules = NULL;
    arena_destroy(arena);
}

struct arena *standardize_arena(void)
{
    return arena;
}

const char *standardize_write(const char *name, const char *text)
{
    struct error error;
    const char *path = file_join(arena, folder, name);
    cr_assert(file_make_folder(file_folder(arena, path), &error), "%s", error.message);
    cr_assert(file_replace(path, slice_of(text), &error), "%s", error.message);
    return path;
}

const struct rules *standardize_rules(void)
{
    struct error error;
    if (!own_rules)
        own_rules = rules_open("mappings/rules", "mappings/reference", STANDARDIZE_TODAY, &error);
    cr_assert(own_rules, "%s:%d: %s", error.file, (int)error.line, error.message);
    return own_rules;
}

struct rules *standardize_rule_file(const char *text, struct error *error)
{
    const char *path = standardize_write("rules/kind.yaml", text);
    return rules_open(file_folder(arena, path), "mappings/reference", STANDARDIZE_TODAY, error);
}

void standardize_value(const struct rules *rules, const char *kind, struct slice value,
                       const char *format, struct rule_result *result)
{
    struct error error;
    struct rule_context context;
    const struct rule *rule = rules_find(rules, kind);
    cr_assert(rule, "no kind %s", kind);
    struct rule_input input = {.value = value, .format = format, .arena = arena};
    rule_context_open(&context, rules->reference, rules->as_of_days);
    cr_assert(rule_run(rule, &context, &input, result, &error), "%s", error.message);
    rule_context_close(&context);
}

bool standardize_found(const struct rule_result *result, const char *code)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (strcmp(result->findings[i].code, code) == 0)
            return true;
    }
    return false;
}

struct slice standardize_part(const struct rule_result *result, const char *name)
{
    for (size_t i = 0; i < result->part_count; i++) {
        if (strcmp(result->parts[i].name, name) == 0)
            return result->parts[i].text;
    }
    return slice_make(NULL, 0);
}

const char *standardize_text(struct slice slice)
{
    return arena_text(arena, slice);
}
