#include "lab.h"
#include "match/score/score.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

struct bench {
    struct lab lab;
    struct table *table;
    struct scorer *scorer;
};

static void bench_close(struct bench *bench)
{
    scorer_destroy(bench->scorer);
    table_destroy(bench->table);
    lab_end(&bench->lab);
}

static void bench_open(struct bench *bench)
{
    bench->table = table_create(bench->lab.rules, bench->lab.input, 2);
    bench->scorer = scorer_create(bench->table, bench->lab.model);
}

static int32_t bits(double ratio)
{
    return (int32_t)lround(log2(ratio) * WEIGHT_ONE);
}

/* Each factor is rounded by itself. */
static bool is_near(int32_t a, int32_t b)
{
    return abs(a - b) <= 8;
}

Test(match_score, the_weight_is_the_smaller_sum_against_stranger_and_relative)
{
    struct bench bench;
    lab_begin(&bench.lab, NULL);
    lab_add(&bench.lab, "name=Bea birth=1 phone=5");
    lab_add(&bench.lab, "name=Bea birth=1 phone=5");
    lab_add(&bench.lab, "name=Carl birth=2 phone=5");
    bench_open(&bench);
    int32_t stranger =
        bits(0.001 / 0.999) + bits(0.9 / 0.0005) + bits(0.95 / 0.001) + bits(0.8 / 0.0001);
    int32_t relative = bits(1 / 0.25) + bits(0.9 / 0.001) + bits(0.95 / 0.002) + bits(0.8 / 0.5);
    cr_assert(relative < stranger);
    cr_expect(is_near(score_pair(bench.scorer, 0, 1, INT32_MIN), relative));
    stranger = bits(0.001 / 0.999) + bits(0.02 / 0.989) + bits(0.05 / 0.999) + bits(0.8 / 0.0001);
    relative = bits(1 / 0.25) + bits(0.02 / 0.979) + bits(0.05 / 0.998) + bits(0.8 / 0.5);
    cr_expect(is_near(score_pair(bench.scorer, 0, 2, INT32_MIN),
                      stranger < relative ? stranger : relative));
    bench_close(&bench);
}

Test(match_score, a_common_value_weighs_less_than_a_rare_one)
{
    struct bench bench;
    lab_begin(&bench.lab, NULL);
    lab_add(&bench.lab, "name=Ann");
    lab_add(&bench.lab, "name=Ann");
    lab_add(&bench.lab, "name=Bea");
    lab_add(&bench.lab, "name=Bea");
    bench_open(&bench);
    struct score_part parts[COMPARISONS_MAX];
    score_pair_parts(bench.scorer, 0, 1, parts);
    cr_expect(is_near(parts[1].against_stranger, bits(0.9 / 0.05)));
    score_pair_parts(bench.scorer, 2, 3, parts);
    cr_expect(is_near(parts[1].against_stranger, bits(0.9 / 0.0005)));
    cr_expect(is_near(parts[1].against_relative, bits(0.9 / 0.001)), "relatives know no frequency");
    bench_close(&bench);
}

Test(match_score, what_is_implied_or_missing_is_silent)
{
    struct bench bench;
    lab_begin(&bench.lab, NULL);
    lab_add(&bench.lab, "number=7 birth=1 vin=A vin=B");
    lab_add(&bench.lab, "number=7 birth=1 vin=C vin=B");
    lab_add(&bench.lab, "number=8 birth=1 vin=C");
    bench_open(&bench);
    struct score_part parts[COMPARISONS_MAX];
    score_pair_parts(bench.scorer, 0, 1, parts);
    cr_expect_eq(parts[0].level, 0);
    cr_expect(parts[2].implied, "the birth date is in the number");
    cr_expect_eq(parts[2].level, -1);
    cr_expect_eq(parts[1].level, -1, "no name, nothing said");
    cr_expect_not(parts[1].implied);
    cr_expect_eq(parts[4].level, 0, "one car of several in common");
    score_pair_parts(bench.scorer, 0, 2, parts);
    cr_expect_not(parts[2].implied, "numbers that differ imply nothing");
    cr_expect_eq(parts[4].level, 1);
    cr_expect_eq(hard_rule_find(bench.table, 0, 2)->verdict, VERDICT_NEVER);
    cr_expect_null(hard_rule_find(bench.table, 0, 1));
    struct pair_view view = pair_view_make(bench.table, 0, 2);
    cr_expect_null(hard_rule_of(&view, VERDICT_ASK));
    bench_close(&bench);
}

static void add_random(struct lab *lab, uint64_t *state)
{
    static const char *const names[] = {"Ann", "Bea", "Ben", "Carl", "Dora"};
    lab_add(lab, arena_format(lab->arena, "name=%s birth=b%u phone=p%u vin=v%u",
                              names[lab_random(state, 5)], lab_random(state, 4),
                              lab_random(state, 4), lab_random(state, 4)));
}

Test(match_score, leaving_early_never_changes_what_reaches_the_least)
{
    uint64_t state = 5;
    struct bench bench;
    lab_begin(&bench.lab, NULL);
    for (int i = 0; i < 40; i++)
        add_random(&bench.lab, &state);
    bench_open(&bench);
    for (uint32_t a = 0; a < 40; a++)
        for (uint32_t b = 0; b < 40; b++) {
            struct score_part parts[COMPARISONS_MAX];
            int32_t weight = score_pair(bench.scorer, a, b, INT32_MIN);
            cr_assert_eq(weight, score_pair(bench.scorer, b, a, INT32_MIN), "not symmetric");
            cr_assert_eq(weight, score_pair_parts(bench.scorer, a, b, parts));
            for (int32_t least = -10; least <= 20; least += 5) {
                int32_t early = score_pair(bench.scorer, a, b, least * WEIGHT_ONE);
                cr_assert(early == weight ||
                          (early < least * WEIGHT_ONE && weight < least * WEIGHT_ONE));
            }
        }
    bench_close(&bench);
}
