#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/evaluate.h"
#include "cust360/train.h"
#include "lab.h"
#include "match/model/model.h"
#include "match/train/em.h"

#include <math.h>
#include <stdio.h>

/* A level drawn by its probabilities. */
static char draw_level(uint64_t *state, const double *levels)
{
    double number = lab_random(state, 1 << 30) / (double)(1 << 30);
    char level = 0;
    while (number >= levels[(int)level] && level < 2)
        number -= levels[(int)level++];
    return level;
}

Test(match_train, em_finds_the_probabilities_that_patterns_were_drawn_with)
{
    static const double of_match[5][3] = {
        {.97, .03, 0}, {.85, .1, .05}, {.9, .1, 0}, {.7, .3, 0}, {.4, .6, 0}};
    static const double of_other[5][3] = {
        {.02, .98, 0}, {.05, .1, .85}, {.1, .9, 0}, {.05, .95, 0}, {.02, .98, 0}};
    enum { PAIRS = 40000 };
    uint64_t state = 29;
    struct lab lab;
    lab_begin(&lab, NULL);
    struct em_problem *problem = arena_allocate(lab.arena, sizeof(*problem));
    struct patterns *patterns = patterns_create();
    for (int i = 0; i < PAIRS; i++) {
        char pattern[5];
        bool match = lab_random(&state, 10) < 3;
        for (int j = 0; j < 5; j++) {
            char level = draw_level(&state, match ? of_match[j] : of_other[j]);
            pattern[j] = lab_random(&state, 5) ? (char)(level + 1) : 0;
        }
        patterns_add(patterns, slice_make(pattern, 5), 1);
    }
    problem->rules = lab.rules;
    problem->patterns = patterns;
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < lab.rules->comparisons[i].level_count; j++) {
            problem->one.levels[i][j] = j == 0 ? 0.9 : 0.05;
            problem->two.levels[i][j] = of_other[i][j];
        }
    problem->one.mass = problem->two.mass = PAIRS / 2;
    problem->one.learns_mass = problem->two.learns_mass = true;
    problem->one.learns_levels = true;
    struct em_outcome outcome = em_run(problem);
    cr_expect(outcome.converged);
    cr_expect(fabs(problem->one.mass / PAIRS - 0.3) < 0.01, "%f", problem->one.mass / PAIRS);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < lab.rules->comparisons[i].level_count; j++)
            cr_expect(fabs(problem->one.levels[i][j] - of_match[i][j]) < 0.02, "%zu %zu: %f", i, j,
                      problem->one.levels[i][j]);
    patterns_destroy(patterns);
    lab_end(&lab);
}

Test(match_train, em_believes_what_it_was_told_until_pairs_say_otherwise)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct em_problem *problem = arena_allocate(lab.arena, sizeof(*problem));
    struct patterns *patterns = patterns_create();
    patterns_add(patterns, slice_make("\1\0\0\0\2", 5), 1000);
    problem->rules = lab.rules;
    problem->patterns = patterns;
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 3; j++) {
            problem->one.levels[i][j] = problem->two.levels[i][j] = 0.5;
            problem->two.belief[i][j] = j == 0 ? 0.2 : 0.8;
        }
    problem->one.mass = 1e-6;
    problem->two.mass = 1000;
    problem->two.learns_levels = true;
    problem->two.belief_pairs = 10;
    problem->excluded = 1U << 4;
    em_run(problem);
    cr_expect_gt(problem->two.levels[0][0], 0.98, "a thousand pairs outweigh ten");
    cr_expect(fabs(problem->two.levels[2][0] - 0.2) < 1e-9, "nothing was seen");
    cr_expect(fabs(problem->two.levels[4][0] - 0.5) < 1e-9, "excluded");
    patterns_destroy(patterns);
    lab_end(&lab);
}

/* A night of `people` with two records each; every third pair of people shares a phone and a car.
 */
static void add_people(struct lab *lab, unsigned people, uint64_t *state)
{
    for (unsigned i = 0; i < people; i++)
        for (int record = 0; record < 2; record++) {
            unsigned phone = i % 6 < 2 ? i / 6 * 6 : i;
            if (lab_random(state, 10) == 0)
                phone += 100000;
            const char *text = arena_format(
                lab->arena, "name=%s%u phone=%u vin=%u", i % 10 ? "N" : "Ann", i % 10 ? i : 0,
                phone, i % 6 < 2 ? i / 6 * 6 : 50000 + i * 2 + (unsigned)record);
            if (lab_random(state, 4))
                text = arena_format(lab->arena, "%s birth=%u", text, 1000 + i * 7 % 5000);
            if (lab_random(state, 4))
                text = arena_format(lab->arena, "%s number=%u", text, 7000 + i);
            lab_add(lab, text);
        }
}

static const struct match_model *train(struct lab *lab, unsigned threads, uint64_t seed,
                                       struct train_report *report)
{
    const struct train_options options = {.seed = seed, .threads = threads, .random_pairs = 200000};
    const struct match_model *model =
        match_train(lab->arena, lab->rules, lab->input, &options, report, &lab->error);
    cr_assert(model, "%s", lab->error.message);
    return model;
}

Test(match_train, a_night_teaches_what_belongs_to_one_and_what_is_shared)
{
    uint64_t state = 31;
    struct lab lab;
    struct train_report report;
    lab_begin(&lab, NULL);
    add_people(&lab, 1500, &state);
    const struct match_model *model = train(&lab, 2, 1, &report);
    cr_expect(report.converged);
    cr_expect_gt(report.certain_pairs, 1000);
    /* 1,500 pairs of one customer among 3,000 records. */
    cr_expect(fabs(log2(model->prior / (1500 / (3000 * 2999 / 2.)))) < 0.3, "%g", model->prior);
    cr_expect(fabs(model->levels[3][0].match - 0.82) < 0.04, "phone: %f",
              model->levels[3][0].match);
    cr_expect_gt(model->levels[3][0].relative, 0.5, "relatives share it too");
    cr_expect_lt(model->levels[3][0].stranger, 0.001);
    cr_expect_gt(model->levels[1][0].match, 0.95, "names agree");
    cr_expect_lt(model->levels[1][0].relative, 0.05, "relatives have other names");
    cr_expect_lt(model->levels[2][0].relative, 0.1, "and other birth dates");
    /* One of ten is called the same; a customer's two records count once. */
    const struct frequency_table *names = &model->frequencies[NAME];
    cr_assert_geq(names->count, 1);
    cr_expect(fabs(model_frequency_bits(names, SLICE("Ann0")) / (double)WEIGHT_ONE - log2(10)) <
              0.5);
    cr_expect_gt(model_frequency_bits(names, SLICE("N7")), 9 * WEIGHT_ONE);
    lab_end(&lab);
}

Test(match_train, the_same_records_and_seed_give_the_same_model)
{
    uint64_t state = 37;
    struct lab lab;
    struct train_report report;
    struct slice files[3];
    lab_begin(&lab, NULL);
    add_people(&lab, 300, &state);
    for (unsigned i = 0; i < 3; i++) {
        const char *path = file_join(lab.arena, lab.folder, "trained.yaml");
        const struct match_model *model = train(&lab, 1 + i % 2 * 2, i < 2 ? 5 : 6, &report);
        cr_assert(match_model_save(model, lab.rules, path, &lab.error));
        cr_assert(file_read(lab.arena, path, 1 << 20, &files[i], &lab.error));
        cr_assert(match_model_load(lab.arena, path, lab.rules, &lab.error), "%s",
                  lab_described(&lab));
    }
    cr_expect(slice_equal(files[0], files[1]), "one thread or three");
    cr_expect_not(slice_equal(files[0], files[2]), "another seed");
    lab_end(&lab);
}

Test(match_train, levels_that_nobody_has_shown_are_named)
{
    uint64_t state = 41;
    struct lab lab;
    struct train_report report;
    bool named = false;
    lab_begin(&lab, NULL);
    add_people(&lab, 100, &state);
    train(&lab, 1, 1, &report);
    for (size_t i = 0; i < report.note_count; i++)
        named |= strstr(report.notes[i], "name: level \"close\" was never seen") != NULL;
    cr_expect(named);
    lab_end(&lab);
}

Test(match_train, too_little_to_learn_from_is_an_error)
{
    struct lab lab;
    struct train_report report;
    const struct train_options options = {.seed = 1, .threads = 1};
    lab_begin(&lab, NULL);
    lab_add(&lab, "name=Ann");
    cr_expect_null(match_train(lab.arena, lab.rules, lab.input, &options, &report, &lab.error));
    cr_expect(strstr(lab.error.message, "fewer than two records"));
    lab_add(&lab, "name=Bea");
    cr_expect_null(match_train(lab.arena, lab.rules, lab.input, &options, &report, &lab.error));
    cr_expect(strstr(lab.error.message, "no pair of the 2 records is certain"));
    lab_end(&lab);
    char text[4096];
    snprintf(text, sizeof(text), "%.*s",
             (int)(strstr(lab_rules_text, "training:") - lab_rules_text), lab_rules_text);
    lab_begin(&lab, text);
    cr_expect_null(match_train(lab.arena, lab.rules, lab.input, &options, &report, &lab.error));
    cr_expect(strstr(lab.error.message, "no training passes"));
    lab_end(&lab);
}

/* ---- all pairs that meet ---- */

static const char *const givens[] = {"anna",   "berta", "carla",  "dora",   "emilia",   "franz",
                                     "gustav", "hanna", "ingrid", "johann", "karoline", "ludwig"};
static const char *const surnames[] = {"adler",   "bauer",  "conrad", "dietrich", "ebner",
                                       "fischer", "gruber", "huber",  "jansen",   "keller",
                                       "lehmann", "maier",  "neumann"};

/* People of whom some stand there two or three times, with a slip, a swap or a gap. */
static void add_erring_people(struct lab *lab, uint32_t people, uint32_t *truth)
{
    uint64_t state = 17;
    for (uint32_t person = 0; person < people; person++) {
        const char *given = givens[lab_random(&state, 12)];
        const char *surname = surnames[lab_random(&state, 13)];
        unsigned year = 1940 + lab_random(&state, 60);
        unsigned month = 1 + lab_random(&state, 12);
        unsigned day = 1 + lab_random(&state, 28);
        unsigned phone = 100000 + lab_random(&state, 900000);
        uint32_t copies = 1 + lab_random(&state, 3);
        for (uint32_t copy = 0; copy < copies; copy++) {
            char text[160];
            bool swapped = copy && lab_random(&state, 8) == 0;
            bool slipped = copy && lab_random(&state, 5) == 0;
            int length = snprintf(text, sizeof(text), "given=%s surname=%s",
                                  swapped ? surname : given, swapped ? given : surname);
            if (lab_random(&state, 5))
                length +=
                    snprintf(text + length, sizeof(text) - (size_t)length, " birth=%u-%02u-%02u",
                             year, month, slipped ? 1 + day % 28 : day);
            if (lab_random(&state, 3))
                snprintf(text + length, sizeof(text) - (size_t)length, " phone=%u", phone);
            truth[lab_add(lab, text)] = person;
        }
    }
}

Test(match_train, all_pairs_that_meet_teach_without_labels)
{
    enum { PEOPLE = 100 };
    uint32_t truth[PEOPLE * 3];
    struct lab lab;
    struct train_report report;
    struct train_options options = {.seed = 1, .threads = 2};
    lab_begin(&lab, "entity: person\n"
                    "compare: {given: given_name, surname: surname, birth: date, phone: phone}\n");
    add_erring_people(&lab, PEOPLE, truth);
    lab.model = match_train(lab.arena, lab.rules, lab.input, &options, &report, &lab.error);
    cr_assert(lab.model, "%s", lab_described(&lab));
    lab_match(&lab, NULL, 0, 2);
    struct evaluation evaluation;
    evaluate_partition(truth, lab.result.cluster, lab.result.record_count, &evaluation);
    cr_expect_gt(evaluation.pairwise.precision, 0.99);
    cr_expect_gt(evaluation.pairwise.recall, 0.7, "%g", evaluation.pairwise.recall);
    double expected = (double)evaluation.true_pairs;
    cr_expect(fabs((double)report.certain_pairs - expected) < 0.2 * expected,
              "the number of pairs is learned: %llu of %g",
              (unsigned long long)report.certain_pairs, expected);
    lab_end(&lab);
}
