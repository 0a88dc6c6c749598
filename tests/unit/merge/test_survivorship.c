#include "cust360/base/buffer.h"
#include "cust360/merge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *arena;
static struct model *model;
static char path[256];

static void load_model(void)
{
    struct error error;
    arena = arena_create();
    model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%s/survivorship-%d.yaml", base ? base : "/tmp", (int)getpid());
}

static void drop_model(void)
{
    unlink(path);
    arena_destroy(arena);
}

TestSuite(survivorship, .init = load_model, .fini = drop_model);

static struct survivorship *load_text(const char *text, struct error *error)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
    return survivorship_load(arena, path, model, error);
}

Test(survivorship, the_groups_own_file_loads)
{
    struct error error;
    struct survivorship *survivorship =
        survivorship_load(arena, "mappings/survivorship.yaml", model, &error);
    cr_assert(survivorship, "%llu:%llu %s", (unsigned long long)error.line,
              (unsigned long long)error.column, error.message);
    const struct golden_column *columns;
    const size_t *fields;
    size_t column_count = survivorship_columns(survivorship, &columns);
    size_t field_count = survivorship_fields(survivorship, &fields);
    cr_assert_str_eq(model->entities[survivorship_entity(survivorship)].name, "customer");
    cr_assert_str_eq(columns[0].name, "type");
    cr_assert_eq(columns[0].choice, 0);
    cr_assert_str_eq(columns[2].name, "name_key");
    cr_assert_eq(columns[2].choice, 1, "what comes with a name shares its choice");
    cr_assert_gt(column_count, 20);
    cr_assert_gt(field_count, column_count - 1, "fields that only rules read are read too");
}

Test(survivorship, mistakes_are_told_with_their_place)
{
    static const struct {
        const char *text;
        uint64_t line;
        const char *message;
    } cases[] = {
        {"entity: costumer\nattributes: {name: {rules: [recent]}}\n", 1,
         "the model has no entity \"costumer\""},
        {"entity: customer\nattributes:\n  nam: {rules: [recent]}\n", 3,
         "the entity customer has no field \"nam\""},
        {"entity: customer\nattributes:\n  name: {rules: [resent]}\n", 3,
         "there is no survivorship rule \"resent\""},
        {"entity: customer\nattributes:\n  name: {rules: [complete]}\n", 3,
         "the rule complete needs fields: \"complete: [field, …]\""},
        {"entity: customer\nattributes:\n  name: {rules: [{longest: name}]}\n", 3,
         "the rule longest takes no fields"},
        {"entity: customer\nattributes:\n  name: {rules: []}\n", 3,
         "an attribute needs at least one rule"},
        {"entity: customer\nattributes:\n  name: {rules: [[recent]]}\n", 3,
         "a rule is needed here: a name, or name: fields"},
        {"entity: customer\nattributes:\n  hash: {from: name, rules: [recent]}\n", 3,
         "the name \"hash\" is taken: every golden record has one"},
        {"entity: customer\nattributes:\n  name: {with: name_key, rules: [recent]}\n"
         "  name_key: {rules: [recent]}\n",
         4, "the attribute \"name_key\" is there already"},
        {"entity: customer\nattributes:\n  name: {with: [], rules: [recent]}\n", 3,
         "the list of fields is empty"},
        {"entity: customer\nattributes:\n  name: {with: {a: b}, rules: [recent]}\n", 3,
         "a field or a list of fields is needed here"},
        {"entity: customer\nattributes: {}\n", 2, "a golden record without attributes"},
        {"entity: customer\nupdated: change_at\nattributes: {name: {rules: [recent]}}\n", 2,
         "the entity customer has no field \"change_at\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        cr_expect_null(load_text(cases[i].text, &error), "%s", cases[i].text);
        cr_expect_str_eq(error.message, cases[i].message);
        cr_expect_eq(error.line, cases[i].line, "%s: line %llu", cases[i].message,
                     (unsigned long long)error.line);
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    }
}

Test(survivorship, a_near_miss_is_guessed)
{
    struct error error = {0};
    cr_assert_null(
        load_text("entity: customer\nattributes:\n  mobil: {rules: [recent]}\n", &error));
    cr_assert(strstr(error.hint, "mobile"), "%s", error.hint);
}

Test(survivorship, a_file_that_is_not_there)
{
    struct error error = {0};
    cr_assert_null(survivorship_load(arena, "/nowhere/survivorship.yaml", model, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
}

Test(survivorship, the_hash_follows_the_rules_and_not_the_text)
{
    struct error error;
    uint64_t first = survivorship_hash(
        load_text("entity: customer\nattributes:\n  name: {rules: [recent]}\n", &error));
    uint64_t commented = survivorship_hash(
        load_text("# same\nentity: customer\nattributes: {name: {rules: [recent]}}\n", &error));
    uint64_t other = survivorship_hash(
        load_text("entity: customer\nattributes:\n  name: {rules: [longest]}\n", &error));
    uint64_t with = survivorship_hash(load_text(
        "entity: customer\nattributes:\n  name: {with: name_key, rules: [recent]}\n", &error));
    cr_assert_eq(first, commented);
    cr_assert_neq(first, other);
    cr_assert_neq(first, with);
}

Test(survivorship, every_rule_has_its_reason)
{
    static const char *const names[] = {"steward",    "validated", "trusted",  "recent",
                                        "frequent",   "longest",   "complete", "han",
                                        "simplified", "only",      "agreed",   "first"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        cr_expect_str_neq(survivorship_reason(names[i]), names[i]);
    cr_assert_str_eq(survivorship_reason("recent"), "its record changed last");
    cr_assert_str_eq(survivorship_reason("of old"), "of old", "a rule of another version");
}
