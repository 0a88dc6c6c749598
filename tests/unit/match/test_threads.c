#include "lab.h"

/* Enough records that each blocking rule is cut into several pieces of work. */
enum { RECORDS = 30000, PEOPLE = 4000, DECISIONS = 40 };

static void add_all(struct lab *lab)
{
    uint64_t state = 41;
    for (int i = 0; i < RECORDS; i++)
        lab_add_random(lab, &state, PEOPLE);
}

static void decide(struct match_decision *decisions)
{
    uint64_t state = 43;
    for (size_t i = 0; i < DECISIONS; i++)
        decisions[i] = (struct match_decision){lab_random(&state, RECORDS / 2),
                                               RECORDS / 2 + lab_random(&state, RECORDS / 2),
                                               lab_random(&state, 2) != 0};
}

Test(match_threads, one_two_three_and_eight_threads_give_one_result, .timeout = 120)
{
    static const unsigned threads[] = {2, 3, 8};
    struct match_decision decisions[DECISIONS];
    struct lab lab;
    lab_begin(&lab, NULL);
    add_all(&lab);
    decide(decisions);
    lab_match(&lab, decisions, DECISIONS, 1);
    struct match_result first = lab.result; /* ours from here on */
    lab.result = (struct match_result){0};
    cr_assert_gt(first.statistics.pairs_compared, 100000);
    cr_assert_gt(first.link_count, 1000);
    cr_assert_gt(first.possible_count, 50);
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        lab_match(&lab, decisions, DECISIONS, threads[i]);
        lab_expect_same(&first, &lab.result);
    }
    match_result_release(&first);
    lab_end(&lab);
}
