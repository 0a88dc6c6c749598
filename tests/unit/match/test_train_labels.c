#include "cust360/base/memory.h"
#include "cust360/train.h"
#include "lab.h"
#include "match/model/model.h"
#include "match/train/training.h"

#include <math.h>

/* Comparisons of the lab's rules, by number. */
enum { OF_NAME = 1, OF_BIRTH = 2, PEOPLE = 300 };

/* Each person twice: number and name the same, every tenth with another birth date. */
static void add_people(struct lab *lab)
{
    for (uint32_t i = 0; i < PEOPLE; i++)
        for (uint32_t copy = 0; copy < 2; copy++)
            lab_add(lab, arena_format(lab->arena, "number=n%u name=N%u birth=%u phone=p%u", i, i,
                                      copy && i % 10 == 0 ? 1 : 1900 + i, i));
}

static const struct match_model *train(struct lab *lab, const struct train_labels *labels,
                                       struct train_report *report)
{
    const struct train_options options = {.seed = 1, .threads = 1, .labels = labels};
    struct match_model *model =
        match_train(lab->arena, lab->rules, lab->input, &options, report, &lab->error);
    cr_assert(model, "%s", lab_described(lab));
    return model;
}

/* The first `count` persons' records are known. */
static uint32_t *label(struct lab *lab, uint32_t count)
{
    uint32_t *entity = arena_allocate_array(lab->arena, PEOPLE * 2, sizeof(*entity));
    for (uint32_t i = 0; i < PEOPLE * 2; i++)
        entity[i] = i / 2 < count ? i / 2 : TRAIN_UNLABELLED;
    return entity;
}

Test(match_labels, who_is_who_teaches_what_one_customer_shows_and_how_many_there_are)
{
    struct lab lab;
    struct train_report report;
    lab_begin(&lab, NULL);
    add_people(&lab);
    const struct train_labels labels = {.entity = label(&lab, PEOPLE)};
    const struct match_model *model = train(&lab, &labels, &report);
    cr_expect_eq(report.labelled_records, PEOPLE * 2);
    cr_expect_eq(report.labelled_pairs, PEOPLE);
    cr_expect(report.labelled_prior);
    double all = PEOPLE * 2.0 * (PEOPLE * 2.0 - 1) / 2;
    cr_expect(fabs(model->prior - PEOPLE / all) < 1e-9);
    cr_expect(fabs(model->levels[OF_BIRTH][0].match - 0.9) < 0.01, "%f",
              model->levels[OF_BIRTH][0].match);
    lab_end(&lab);
}

Test(match_labels, few_labels_do_not_ruin_a_level)
{
    struct lab lab;
    struct train_report report;
    lab_begin(&lab, NULL);
    add_people(&lab);
    double without = train(&lab, NULL, &report)->levels[OF_BIRTH][1].match;
    cr_expect_eq(report.labelled_records, 0);
    /* The first person of all has another birth date: one pair, and it differs. */
    const struct train_labels labels = {.entity = label(&lab, 1)};
    double with = train(&lab, &labels, &report)->levels[OF_BIRTH][1].match;
    cr_expect_eq(report.labelled_pairs, 1);
    cr_expect(!report.labelled_prior);
    cr_expect(with > without && with < without + 0.05, "%f %f", with, without);
    lab_end(&lab);
}

Test(match_labels, a_stewards_word_corrects_what_its_pair_was_counted_as)
{
    struct lab lab;
    struct train_report report;
    struct match_decision decisions[30];
    lab_begin(&lab, NULL);
    add_people(&lab);
    double without = train(&lab, NULL, &report)->levels[OF_BIRTH][1].match;
    /* Those with another birth date are not one customer, says the steward. */
    for (uint32_t i = 0; i < 30; i++)
        decisions[i] = (struct match_decision){i * 20, i * 20 + 1, false};
    struct train_labels labels = {.decisions = decisions, .decision_count = 30};
    double parted = train(&lab, &labels, &report)->levels[OF_BIRTH][1].match;
    cr_expect_eq(report.labelled_not_same, 30);
    cr_expect(parted < without / 2, "%f %f", parted, without);
    /* That they are one was known already. */
    for (uint32_t i = 0; i < 30; i++)
        decisions[i].same = true;
    double joined = train(&lab, &labels, &report)->levels[OF_BIRTH][1].match;
    cr_expect_eq(report.labelled_same, 30);
    cr_expect(fabs(joined - without) < 0.02, "%f %f", joined, without);
    lab_end(&lab);
}

Test(match_labels, known_records_take_the_place_of_clusters_that_were_found)
{
    const uint32_t entity[] = {7, TRAIN_UNLABELLED, 7, 3, 3, TRAIN_UNLABELLED};
    const struct train_labels labels = {.entity = entity};
    uint32_t cluster[] = {0, 0, 2, 2, 4, 4};
    labels_correct_clusters(&labels, 6, cluster);
    static const uint32_t expected[] = {0, 0, 0, 3, 3, 4};
    for (size_t i = 0; i < 6; i++)
        cr_expect_eq(cluster[i], expected[i], "%zu: %u", i, cluster[i]);
}
