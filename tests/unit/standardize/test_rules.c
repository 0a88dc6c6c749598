/* The rules that the program comes with hold their own tests. */
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "standardize/rule/rules.h"
#include <criterion/criterion.h>
#include <stdio.h>

Test(rules, tests_of_all_rule_files_pass)
{
    struct error error = {0};
    int32_t as_of = date_to_days((struct date_parts){2026, 6, 30});
    struct rules *rules = rules_open("mappings/rules", "mappings/reference", as_of, &error);
    cr_assert(rules, "%s: %s", error.file, error.message);
    struct buffer report = BUFFER_EMPTY;
    size_t tests = 0;
    size_t failures = 0;
    cr_assert(rules_test(rules, &report, &tests, &failures, &error), "%s", error.message);
    cr_expect_eq(failures, 0, "%zu of %zu failed:\n%s", failures, tests, report.data);
    cr_expect_gt(tests, 200);
    buffer_release(&report);
    rules_destroy(rules);
}

/* ---- the README tells of every kind and of every finding that its tests show ---- */

static bool is_told(struct slice readme, const char *name)
{
    char quoted[128];
    snprintf(quoted, sizeof(quoted), "`%s`", name);
    return slice_find(readme, slice_of(quoted)) >= 0;
}

Test(rules, the_readme_tells_of_every_kind_and_finding)
{
    struct error error = {0};
    struct slice readme;
    struct arena *arena = arena_create();
    cr_assert(file_read(arena, "mappings/rules/README.md", (size_t)1 << 20, &readme, &error));
    int32_t as_of = date_to_days((struct date_parts){2026, 6, 30});
    struct rules *rules = rules_open("mappings/rules", "mappings/reference", as_of, &error);
    cr_assert(rules, "%s", error.message);
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        bool others = strcmp(rule->kind, "name") == 0 || strcmp(rule->kind, "address") == 0;
        cr_expect(is_told(readme, rule->kind), "no word of the kind %s", rule->kind);
        for (size_t t = 0; rule->tests && !others && t < node_count(rule->tests); t++) {
            const char **codes = NULL;
            size_t count = 0;
            const struct node *code = node_find(node_item(rule->tests, t), "code");
            cr_assert(node_read_texts(code, arena, &codes, &count, &error));
            for (size_t c = 0; c < count; c++)
                cr_expect(is_told(readme, codes[c]), "%s: no word of the finding %s", rule->kind,
                          codes[c]);
        }
    }
    rules_destroy(rules);
    arena_destroy(arena);
}
