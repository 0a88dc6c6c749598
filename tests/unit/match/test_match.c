#include "lab.h"
#include "match/compare/test.h"

#include <string.h>

/* Three records of one, two of another who shares the phone, one stranger. */
static void add_household(struct lab *lab)
{
    lab_add(lab, "name=Bea birth=1980 phone=5 number=11");
    lab_add(lab, "name=Bea birth=1980 phone=5");
    lab_add(lab, "name=Carl birth=1979 phone=5 vin=X");
    lab_add(lab, "name=Bea phone=6 number=11");
    lab_add(lab, "name=Carl birth=1979 phone=5 vin=Y");
    lab_add(lab, "name=Dora birth=1960 phone=7");
}

Test(match, a_household_is_parted_and_each_of_it_found)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    add_household(&lab);
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 2 0 2 5");
    cr_expect_eq(lab.result.statistics.clusters, 3);
    cr_expect_eq(lab.result.statistics.largest_cluster, 3);
    cr_assert_eq(lab.result.link_count, 3);
    cr_expect_eq(lab.result.links[0].a, 0);
    cr_expect_eq(lab.result.links[0].b, 1);
    cr_expect_eq(lab.result.links[1].b, 3);
    cr_expect_eq(lab.result.statistics.pairs_matched, 3);
    lab_end(&lab);
}

Test(match, a_stewards_word_joins_and_parts)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    add_household(&lab);
    const struct match_decision joined = {5, 0, true};
    lab_match(&lab, &joined, 1, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 2 0 2 0");
    const struct match_decision parted = {1, 0, false};
    lab_match(&lab, &parted, 1, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 1 2 0 2 5");
    cr_expect_eq(lab.result.possible_count, 0, "the question has been answered");
    const struct match_decision same[] = {{0, 1, true}, {1, 2, true}};
    lab_match(&lab, same, 2, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 0 0 0 5");
    const struct match_decision outside = {0, 6, true};
    match_result_release(&lab.result);
    cr_expect_not(
        match_run(lab.rules, lab.model, lab.input, &outside, 1, 1, &lab.result, &lab.error));
    lab_end(&lab);
}

Test(match, parted_records_stay_apart_when_a_third_bridges_them)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Bea birth=1980 phone=5");
    lab_add(&lab, "name=Bea birth=1980 phone=6");
    lab_add(&lab, "name=Bea birth=1980 phone=6 vin=X"); /* nearer to 1 */
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 0");
    const struct match_decision parted = {0, 1, false};
    lab_match(&lab, &parted, 1, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 1 1", "the weaker link of the bridge is cut");
    cr_expect_eq(lab.result.statistics.links_refused, 2);
    lab_end(&lab);
}

Test(match, decisions_that_contradict_each_other_keep_apart)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    add_household(&lab);
    const struct match_decision decisions[] = {{0, 2, false}, {0, 5, true}, {2, 5, true}};
    lab_match(&lab, decisions, 3, 1);
    cr_expect_neq(lab.result.cluster[0], lab.result.cluster[2]);
    lab_end(&lab);
}

Test(match, hard_rules_hold_within_clusters_and_are_told_as_reasons)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=1");
    lab_add(&lab, "name=Bea birth=1980 phone=5"); /* could be either */
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=2");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 2");
    cr_assert_eq(lab.result.possible_count, 1);
    cr_expect_str_eq(lab.result.possible[0].reason, "other numbers");
    cr_expect_eq(lab.result.possible[0].a, 1);
    cr_expect_eq(lab.result.possible[0].b, 2);
    lab_end(&lab);
}

Test(match, what_must_be_asked_is_asked_however_sure)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=1 kind=x");
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=1 kind=y");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 1");
    cr_assert_eq(lab.result.possible_count, 1);
    cr_expect_str_eq(lab.result.possible[0].reason, "other kinds");
    cr_expect_eq(lab.result.statistics.pairs_matched, 0);
    const struct match_decision same = {0, 1, true};
    lab_match(&lab, &same, 1, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0");
    lab_end(&lab);
}

Test(match, a_doubt_about_a_pair_alone_is_lifted_by_a_third)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Bea birth=1980 phone=5 city=x");
    lab_add(&lab, "name=Bea birth=1980 phone=5 city=y");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 1");
    cr_assert_eq(lab.result.possible_count, 1);
    cr_expect_str_eq(lab.result.possible[0].reason, "other cities");
    match_result_release(&lab.result);
    lab_add(&lab, "name=Bea birth=1980 phone=5");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 0");
    lab_end(&lab);
}

Test(match, a_cluster_over_the_limit_is_asked_with_its_weakest_link)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab.rules->max_cluster = 2;
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=11");
    lab_add(&lab, "name=Bea birth=1980 phone=5 number=11");
    lab_add(&lab, "name=Bea birth=1980 phone=5");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 2");
    cr_assert_eq(lab.result.possible_count, 1);
    cr_expect(strstr(lab.result.possible[0].reason, "limit"));
    cr_expect_eq(lab.result.statistics.cluster_sizes[0], 1);
    cr_expect_eq(lab.result.statistics.cluster_sizes[1], 1);
    lab_end(&lab);
}

Test(match, of_two_customers_only_the_strongest_pair_is_asked)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Bea birth=1980 phone=5");
    lab_add(&lab, "name=Bea birth=1980 phone=5");
    lab_add(&lab, "phone=5 kind=z");
    lab_add(&lab, "birth=1961 phone=5");
    lab_match(&lab, NULL, 0, 1);
    cr_expect_str_eq(lab_clusters(&lab), "0 0 2 3");
    for (size_t i = 0; i < lab.result.possible_count; i++) {
        cr_expect_leq(lab.result.possible[i].weight,
                      i ? lab.result.possible[i - 1].weight : INT32_MAX);
        for (size_t j = 0; j < i; j++) {
            const struct match_pair *x = &lab.result.possible[i];
            const struct match_pair *y = &lab.result.possible[j];
            cr_expect(lab.result.cluster[x->a] != lab.result.cluster[y->a] ||
                      lab.result.cluster[x->b] != lab.result.cluster[y->b]);
        }
    }
    cr_expect_gt(lab.result.possible_count, 0);
    lab_end(&lab);
}

Test(match, records_must_come_in_order_and_none_is_no_trouble)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    lab_match(&lab, NULL, 0, 2);
    cr_expect_eq(lab.result.record_count, 0);
    match_input_add(lab.input, SLICE("B"), SLICE("1"));
    match_input_add(lab.input, SLICE("B"), SLICE("2"));
    lab_match(&lab, NULL, 0, 2);
    cr_expect_str_eq(lab_clusters(&lab), "0 1");
    match_input_add(lab.input, SLICE("A"), SLICE("3"));
    match_result_release(&lab.result);
    cr_expect_not(match_run(lab.rules, lab.model, lab.input, NULL, 0, 1, &lab.result, &lab.error));
    cr_expect(strstr(lab.error.message, "records to match must be added in the order"));
    lab_end(&lab);
}

/* No cluster holds what a steward has parted or, unless joined by one, what a rule parts. */
static void check_constraints(struct lab *lab, const struct match_decision *decisions, size_t count)
{
    struct table *table = table_create(lab->rules, lab->input, 2);
    const uint32_t *cluster = lab->result.cluster;
    for (size_t i = 0; i < count; i++)
        if (!decisions[i].same)
            cr_assert_neq(cluster[decisions[i].a], cluster[decisions[i].b]);
    bool has_joined = false;
    for (size_t i = 0; i < count; i++)
        has_joined |= decisions[i].same;
    for (uint32_t a = 0; a < table->record_count && !has_joined; a++)
        for (uint32_t b = 0; b < a; b++)
            for (size_t i = 0; i < lab->rules->hard_rule_count; i++)
                cr_assert(cluster[a] != cluster[b] ||
                          !test_holds(table, &lab->rules->hard_rules[i].test, a, b));
    for (uint32_t a = 0; a < table->record_count; a++) {
        cr_assert(cluster[a] <= a);
        cr_assert_eq(cluster[cluster[a]], cluster[a], "a cluster goes by its smallest record");
    }
    table_destroy(table);
}

Test(match, random_nights_keep_all_constraints_and_do_not_depend_on_threads)
{
    enum { RECORDS = 50, DECISIONS = 6 };
    uint64_t state = 17;
    for (int round = 0; round < 40; round++) {
        struct lab lab;
        lab_begin(&lab, NULL);
        for (int i = 0; i < RECORDS; i++)
            lab_add_random(&lab, &state, 12);
        struct match_decision decisions[DECISIONS];
        size_t count = lab_random(&state, DECISIONS + 1);
        for (size_t i = 0; i < count; i++)
            decisions[i] = (struct match_decision){lab_random(&state, RECORDS / 2),
                                                   RECORDS / 2 + lab_random(&state, RECORDS / 2),
                                                   round % 2 && lab_random(&state, 2)};
        lab_match(&lab, decisions, count, 1);
        check_constraints(&lab, decisions, count);
        struct match_result first = lab.result;
        lab.result = (struct match_result){0};
        lab_match(&lab, decisions, count, 3);
        lab_expect_same(&first, &lab.result);
        match_result_release(&first);
        lab_end(&lab);
    }
}

Test(match, the_order_of_decisions_does_not_matter)
{
    uint64_t state = 23;
    for (int round = 0; round < 20; round++) {
        struct lab lab;
        struct match_decision decisions[4];
        struct match_decision backwards[4];
        lab_begin(&lab, NULL);
        for (int i = 0; i < 30; i++)
            lab_add_random(&lab, &state, 12);
        for (size_t i = 0; i < 4; i++) {
            decisions[i] = (struct match_decision){lab_random(&state, 15),
                                                   15 + lab_random(&state, 15), i % 2 == 0};
            backwards[3 - i] = (struct match_decision){decisions[i].b, decisions[i].a, i % 2 == 0};
        }
        lab_match(&lab, decisions, 4, 1);
        struct match_result first = lab.result;
        lab.result = (struct match_result){0};
        lab_match(&lab, backwards, 4, 1);
        lab_expect_same(&first, &lab.result);
        match_result_release(&first);
        lab_end(&lab);
    }
}
