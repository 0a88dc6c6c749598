#include "lab.h"
#include "match/score/outline.h"
#include "match/train/patterns.h"

#include <limits.h>

enum { RECORDS = 60, PEOPLE = 20 };

struct bench {
    struct lab lab;
    struct table *table;
    struct scorer *scorer;
};

static void bench_open(struct bench *bench, uint64_t seed)
{
    lab_begin(&bench->lab, NULL);
    for (int i = 0; i < RECORDS; i++)
        lab_add_random(&bench->lab, &seed, PEOPLE);
    bench->table = table_create(bench->lab.rules, bench->lab.input, 2);
    bench->scorer = scorer_create(bench->table, bench->lab.model);
}

static void bench_close(struct bench *bench)
{
    scorer_destroy(bench->scorer);
    table_destroy(bench->table);
    lab_end(&bench->lab);
}

Test(match_outline, a_pair_weighs_the_same_with_an_outline)
{
    struct bench bench;
    bench_open(&bench, 7);
    struct outlines *outlines = outlines_create(bench.scorer);
    for (uint32_t a = 0; a < RECORDS; a++) {
        for (uint32_t b = 0; b < RECORDS; b++) {
            struct score_part parts[COMPARISONS_MAX];
            struct pair_view view = pair_view_make(bench.table, a, b);
            int32_t weight = score_pair_parts(bench.scorer, a, b, parts);
            cr_assert_eq(outlines_score(outlines, &view, INT32_MIN), weight, "%u %u", a, b);
            cr_assert_eq(outlines_score(outlines, &view, weight), weight, "it reaches itself");
            cr_assert_lt(outlines_score(outlines, &view, weight + 1), weight + 1);
        }
    }
    outlines_destroy(outlines);
    bench_close(&bench);
}

/* The pattern as the comparisons tell it one by one. */
static void plain_pattern(const struct bench *bench, const struct pair_view *view, bool implies,
                          char *pattern)
{
    const struct match_rules *rules = bench->lab.rules;
    uint32_t implied = 0;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        bool is_silent = implies && implied & UINT32_C(1) << i;
        int level = is_silent ? -1 : comparison_level_in(view, &rules->comparisons[i]);
        pattern[i] = (char)(level + 1);
        if (level >= 0)
            implied |= rules->comparisons[i].levels[level].implies;
    }
}

Test(match_outline, the_pattern_is_that_of_the_comparisons)
{
    struct bench bench;
    bench_open(&bench, 11);
    for (int implies = 0; implies < 2; implies++) {
        struct outlines *outlines = outlines_create_for_levels(bench.lab.rules, implies, 0);
        for (uint32_t a = 0; a < RECORDS; a++) {
            for (uint32_t b = a + 1; b < RECORDS; b++) {
                char wanted[COMPARISONS_MAX];
                char pattern[COMPARISONS_MAX];
                struct pair_view view = pair_view_make(bench.table, a, b);
                plain_pattern(&bench, &view, implies, wanted);
                outlines_pattern(outlines, outlines_find(outlines, &view), &view, pattern);
                cr_assert_arr_eq(pattern, wanted, bench.lab.rules->comparison_count, "%u %u", a, b);
            }
        }
        outlines_destroy(outlines);
    }
    bench_close(&bench);
}

Test(match_outline, what_a_never_rule_says_is_known_or_left_open)
{
    struct bench bench;
    bench_open(&bench, 13);
    struct outlines *outlines = outlines_create(bench.scorer);
    unsigned answers[3] = {0};
    for (uint32_t a = 0; a < RECORDS; a++) {
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            struct pair_view view = pair_view_make(bench.table, a, b);
            enum answer answer = outlines_find(outlines, &view)->never;
            bool is_never = hard_rule_of(&view, VERDICT_NEVER) != NULL;
            cr_assert(answer == ANSWER_OPEN || (answer == ANSWER_YES) == is_never, "%u %u", a, b);
            answers[answer]++;
        }
    }
    cr_expect(answers[ANSWER_NO] > 0);
    outlines_destroy(outlines);
    bench_close(&bench);
}
