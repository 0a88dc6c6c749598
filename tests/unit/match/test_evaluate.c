#include "cust360/evaluate.h"
#include "lab.h"

#include <math.h>

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

Test(match_evaluate, figures_of_a_partition_made_by_hand)
{
    /* Truth {a b c} {d e} {f}; found {a b} {c d e} {f}. */
    const uint32_t truth[] = {10, 10, 10, 20, 20, 30};
    const uint32_t found[] = {1, 1, 2, 2, 2, 3};
    struct evaluation evaluation;
    evaluate_partition(truth, found, 6, &evaluation);
    cr_expect_eq(evaluation.true_pairs, 4);
    cr_expect_eq(evaluation.found_pairs, 4);
    cr_expect_eq(evaluation.common_pairs, 2);
    cr_expect(is_near(evaluation.pairwise.precision, 0.5));
    cr_expect(is_near(evaluation.pairwise.recall, 0.5));
    cr_expect(is_near(evaluation.pairwise.f1, 0.5));
    /* Bagga and Baldwin: the mean over items of what is common to both clusters of the item. */
    cr_expect(is_near(evaluation.bcubed.precision, (1 + 1 + 1. / 3 + 2. / 3 + 2. / 3 + 1) / 6));
    cr_expect(is_near(evaluation.bcubed.recall, (2. / 3 + 2. / 3 + 1. / 3 + 1 + 1 + 1) / 6));
    cr_expect_eq(evaluation.true_clusters, 3);
    cr_expect_eq(evaluation.found_clusters, 3);
    cr_expect_eq(evaluation.exact_clusters, 1);
    cr_expect_eq(evaluation.over_merged, 1);
    cr_expect_eq(evaluation.split, 1);
}

Test(match_evaluate, nothing_found_nothing_true_and_all_the_same)
{
    const uint32_t apart[] = {5, 6, 7, 8};
    const uint32_t together[] = {9, 9, 9, 9};
    struct evaluation evaluation;
    evaluate_partition(together, apart, 4, &evaluation);
    cr_expect(is_near(evaluation.pairwise.precision, 1), "no wrong pair was found");
    cr_expect(is_near(evaluation.pairwise.recall, 0));
    cr_expect(is_near(evaluation.pairwise.f1, 0));
    cr_expect(is_near(evaluation.bcubed.recall, 0.25));
    cr_expect_eq(evaluation.split, 1);
    evaluate_partition(apart, together, 4, &evaluation);
    cr_expect(is_near(evaluation.pairwise.precision, 0));
    cr_expect(is_near(evaluation.pairwise.recall, 1), "no pair is missed");
    cr_expect_eq(evaluation.over_merged, 1);
    evaluate_partition(together, together, 4, &evaluation);
    cr_expect(is_near(evaluation.pairwise.f1, 1));
    cr_expect(is_near(evaluation.bcubed.f1, 1));
    cr_expect_eq(evaluation.exact_clusters, 1);
    evaluate_partition(NULL, NULL, 0, &evaluation);
    cr_expect_eq(evaluation.true_clusters, 0);
    cr_expect(is_near(evaluation.pairwise.f1, 1));
}

Test(match_evaluate, figures_of_random_partitions_are_those_of_the_definition)
{
    enum { ITEMS = 40 };
    uint64_t state = 3;
    for (int round = 0; round < 200; round++) {
        uint32_t truth[ITEMS];
        uint32_t found[ITEMS];
        uint64_t of_truth = 0;
        uint64_t of_found = 0;
        uint64_t of_both = 0;
        for (size_t i = 0; i < ITEMS; i++) {
            truth[i] = lab_random(&state, 12) * 1000000;
            found[i] = lab_random(&state, 4) ? truth[i] : UINT32_MAX - lab_random(&state, 9);
        }
        for (size_t i = 0; i < ITEMS; i++)
            for (size_t j = 0; j < i; j++) {
                of_truth += truth[i] == truth[j];
                of_found += found[i] == found[j];
                of_both += truth[i] == truth[j] && found[i] == found[j];
            }
        struct evaluation evaluation;
        evaluate_partition(truth, found, ITEMS, &evaluation);
        cr_assert_eq(evaluation.true_pairs, of_truth);
        cr_assert_eq(evaluation.found_pairs, of_found);
        cr_assert_eq(evaluation.common_pairs, of_both);
    }
}
