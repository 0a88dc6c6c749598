#include "cust360/base/buffer.h"
#include "cust360/merge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Each rule by itself: the attribute `name` with one rule, and what it leaves of two or three
 * records. Every other survivorship may be written with these. */

static struct arena *arena;
static struct model *model;
static char path[256];

static void begin(void)
{
    struct error error;
    const char *base = getenv("TMPDIR");
    arena = arena_create();
    model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    snprintf(path, sizeof(path), "%s/rules-%d.yaml", base ? base : "/tmp", (int)getpid());
}

static void end(void)
{
    unlink(path);
    arena_destroy(arena);
}

TestSuite(merge_rules, .init = begin, .fini = end);

struct typed { /* a record */
    uint32_t source;
    int trust;
    const char *name;
    const char *mobile;
    const char *updated;
    const char *flagged;
};

struct scene {
    const char *rules;
    struct typed records[3];
    uint32_t winner; /* member */
    const char *rule;
};

static struct survivorship *load(const char *rules)
{
    struct error error;
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fprintf(file,
            "entity: customer\nupdated: updated_at\nattributes:\n"
            "  name: {with: mobile, rules: [%s]}\n",
            rules);
    fclose(file);
    struct survivorship *survivorship = survivorship_load(arena, path, model, &error);
    cr_assert(survivorship, "%s: %s", rules, error.message);
    return survivorship;
}

static void play(const struct scene *scene)
{
    uint32_t count = 0;
    uint32_t number[3] = {1, 1, 1};
    uint32_t held[2] = {0, 0};
    const size_t *fields;
    struct golden_record golden;
    struct survivorship *survivorship = load(scene->rules);
    size_t field_count = survivorship_fields(survivorship, &fields);
    while (count < 3 && scene->records[count].name)
        count++;
    held[1] = count;
    struct golden_assignment assignment = {
        .count = count, .number = number, .ids = {.issued = 1, .record_count = held}};
    struct merge *merge = merge_create(survivorship, &assignment);
    for (uint32_t i = 0; i < count; i++) {
        const struct typed *typed = &scene->records[i];
        struct slice values[8] = {{NULL, 0}};
        for (size_t f = 0; f < field_count; f++) {
            const char *name = model->entities[0].fields[fields[f]].name;
            values[f] = slice_of(strcmp(name, "name") == 0         ? typed->name
                                 : strcmp(name, "mobile") == 0     ? typed->mobile
                                 : strcmp(name, "updated_at") == 0 ? typed->updated
                                                                   : NULL);
        }
        struct merge_record record = {i, typed->source, typed->trust, values,
                                      slice_of(typed->flagged)};
        cr_assert_eq(merge_add(merge, &record, &golden), i + 1 == count);
    }
    cr_expect_eq(golden.choices[0].member, scene->winner, "%s: member %u", scene->rules,
                 golden.choices[0].member);
    cr_expect_str_eq(golden.choices[0].rule, scene->rule, "%s: by %s", scene->rules,
                     golden.choices[0].rule);
    merge_destroy(merge);
}

Test(merge_rules, each_keeps_the_best)
{
    static const struct scene scenes[] = {
        {"trusted",
         {{.source = 1, .trust = 50, .name = "a"},
          {.source = 2, .trust = 70, .name = "b"},
          {.source = 3, .trust = 60, .name = "c"}},
         1,
         "trusted"},
        {"trusted",
         {{.source = 1, .trust = 50, .name = "a"}, {.source = 2, .trust = 50, .name = "b"}},
         0,
         "first"},
        {"recent",
         {{.source = 1, .trust = 0, .name = "a", .updated = "2026-01-02"},
          {.source = 2, .trust = 0, .name = "b", .updated = "2026-01-01"}},
         0,
         "recent"},
        {"recent",
         {{.source = 1, .trust = 0, .name = "a", .updated = "2026-01-01"},
          {.source = 2, .trust = 0, .name = "b", .updated = "2026-01-01T00:00:01"}},
         1,
         "recent"},
        {"recent",
         {{.source = 1, .trust = 0, .name = "a"},
          {.source = 2, .trust = 0, .name = "b", .updated = "1999-12-31"}},
         1,
         "recent"},
        {"longest",
         {{.source = 1, .trust = 0, .name = "王伟"}, {.source = 2, .trust = 0, .name = "abc"}},
         1,
         "longest"}, /* characters, not bytes */
        {"frequent",
         {{.source = 1, .trust = 0, .name = "a"},
          {.source = 2, .trust = 0, .name = "b"},
          {.source = 3, .trust = 0, .name = "b"}},
         1,
         "frequent"},
        {"frequent",
         {{.source = 1, .trust = 0, .name = "a"},
          {.source = 1, .trust = 0, .name = "b"},
          {.source = 1, .trust = 0, .name = "b"}},
         1,
         "frequent"},
        {"frequent",
         {{.source = 1, .trust = 0, .name = "a"}, {.source = 2, .trust = 0, .name = "b"}},
         0,
         "first"},
        {"validated",
         {{.source = 1, .trust = 0, .name = "a", .flagged = "mobile,name,"},
          {.source = 2, .trust = 0, .name = "b"}},
         1,
         "validated"},
        {"validated",
         {{.source = 1, .trust = 0, .name = "a", .flagged = "name_key,"},
          {.source = 2, .trust = 0, .name = "b", .flagged = "name,"}},
         0,
         "validated"},
        {"validated",
         {{.source = 1, .trust = 0, .name = "a", .flagged = "name,"},
          {.source = 2, .trust = 0, .name = "b", .flagged = "name,"}},
         0,
         "first"},
        {"han",
         {{.source = 1, .trust = 0, .name = "Wang Wei"}, {.source = 2, .trust = 0, .name = "王伟"}},
         1,
         "han"},
        {"{complete: mobile}",
         {{.source = 1, .trust = 0, .name = "a"},
          {.source = 2, .trust = 0, .name = "b", .mobile = "13800138000"}},
         1,
         "complete"},
        {"{simplified: mobile}",
         {{.source = 1, .trust = 0, .name = "a", .mobile = "x"},
          {.source = 2, .trust = 0, .name = "b", .mobile = "b"}},
         1,
         "simplified"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge_rules, fields_make_classes)
{
    static const struct scene scenes[] = {
        /* a and c have the same mobile: together they are the most. */
        {"{frequent: mobile}, longest",
         {{.source = 1, .trust = 0, .name = "a", .mobile = "1"},
          {.source = 2, .trust = 0, .name = "b", .mobile = "2"},
          {.source = 3, .trust = 0, .name = "cc", .mobile = "1"}},
         2,
         "longest"},
        {"{recent: mobile}, longest",
         {{.source = 1, .trust = 0, .name = "aa", .mobile = "1", .updated = "2020-01-01"},
          {.source = 2, .trust = 0, .name = "b", .mobile = "2", .updated = "2021-01-01"},
          {.source = 3, .trust = 0, .name = "c", .mobile = "1", .updated = "2022-01-01"}},
         0,
         "longest"},
        {"{trusted: mobile}, longest",
         {{.source = 1, .trust = 10, .name = "aa", .mobile = "1"},
          {.source = 2, .trust = 20, .name = "b", .mobile = "2"},
          {.source = 3, .trust = 30, .name = "c", .mobile = "1"}},
         0,
         "longest"},
        /* What has no value in the field is a class too. */
        {"{frequent: mobile}, recent",
         {{.source = 1, .trust = 0, .name = "a", .updated = "2020-01-01"},
          {.source = 2, .trust = 0, .name = "b", .mobile = "2", .updated = "2022-01-01"},
          {.source = 3, .trust = 0, .name = "c", .updated = "2021-01-01"}},
         2,
         "recent"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge_rules, the_first_rule_that_settles_it_is_named)
{
    static const struct scene scenes[] = {
        {"trusted, longest",
         {{.source = 1, .trust = 50, .name = "aa"}, {.source = 2, .trust = 70, .name = "b"}},
         1,
         "trusted"},
        {"trusted, longest",
         {{.source = 1, .trust = 70, .name = "aa"}, {.source = 2, .trust = 70, .name = "b"}},
         0,
         "longest"},
        {"trusted, longest", {{.source = 1, .trust = 70, .name = "aa"}}, 0, "only"},
        {"trusted, longest",
         {{.source = 1, .trust = 70, .name = "aa"}, {.source = 2, .trust = 90, .name = "aa"}},
         0,
         "agreed"},
        /* Equal in the name but not in what comes with it: the rules go on. */
        {"trusted, longest",
         {{.source = 1, .trust = 70, .name = "aa", .mobile = "1"},
          {.source = 2, .trust = 90, .name = "aa", .mobile = "2"}},
         1,
         "trusted"},
        {"steward, trusted",
         {{.source = 1, .trust = 70, .name = "a"}, {.source = 2, .trust = 90, .name = "b"}},
         1,
         "trusted"},
        {"steward",
         {{.source = 1, .trust = 70, .name = "a"}, {.source = 2, .trust = 90, .name = "b"}},
         0,
         "first"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge_rules, without_the_stewards_rule_there_is_no_word_from_stewards)
{
    uint32_t number = 1;
    uint32_t held[2] = {0, 1};
    struct golden_record golden;
    struct golden_assignment assignment = {
        .count = 1, .number = &number, .ids = {.issued = 1, .record_count = held}};
    static const char *const rules[] = {"recent", "recent, steward"};
    for (int i = 0; i < 2; i++) {
        struct survivorship *survivorship = load(rules[i]);
        struct merge *merge = merge_create(survivorship, &assignment);
        struct slice values[8] = {SLICE("2026-01-01"), SLICE("a")};
        struct merge_record record = {.source = 1, .values = values};
        cr_assert(merge_decide(merge, 0, "name", SLICE("decided")));
        cr_assert(merge_add(merge, &record, &golden));
        cr_expect(slice_equal(golden.values[0], i ? SLICE("decided") : SLICE("a")));
        merge_destroy(merge);
    }
}
