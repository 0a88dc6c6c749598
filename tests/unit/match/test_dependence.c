#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/train.h"
#include "lab.h"
#include "match/score/score.h"
#include "match/train/dependence.h"

#include <math.h>

/* Comparisons of the lab's rules, by number. */
enum { OF_NUMBER, OF_NAME, OF_BIRTH, OF_PHONE, OF_CAR, COMPARISONS };

/* Patterns of so many pairs: one byte a comparison, a level plus one. */
static struct patterns *make_patterns(const char *const *patterns, const uint64_t *pairs,
                                      size_t count)
{
    struct patterns *made = patterns_create();
    for (size_t i = 0; i < count; i++)
        patterns_add(made, slice_make(patterns[i], COMPARISONS), pairs[i]);
    return made;
}

static void learn(struct lab *lab, const struct patterns *patterns, double matches)
{
    dependences_learn(lab->arena, patterns, matches, lab->model);
    model_weigh(lab->model);
}

/* Birth and phone agree for one in a hundred each; together for `together` of a million. */
static struct patterns *births_and_phones(uint64_t together)
{
    static const char *const texts[] = {"\2\3\1\1\2", "\2\3\1\2\2", "\2\3\2\1\2", "\2\3\2\2\2"};
    const uint64_t pairs[] = {together, 10000 - together, 10000 - together, 980000 + together};
    return make_patterns(texts, pairs, 4);
}

Test(match_dependence, what_comes_together_by_chance_is_no_dependence)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct patterns *patterns = births_and_phones(100);
    learn(&lab, patterns, 0);
    cr_expect_eq(lab.model->dependence_count, 0);
    cr_expect_eq(dependences_lift(lab.model, SLICE("\2\3\1\1\2")), 1);
    patterns_destroy(patterns);
    lab_end(&lab);
}

Test(match_dependence, what_strangers_show_together_is_told_with_how_often)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct patterns *patterns = births_and_phones(5000);
    learn(&lab, patterns, 0);
    cr_assert_eq(lab.model->dependence_count, 1);
    const struct dependence *found = &lab.model->dependences[0];
    cr_expect_eq(found->first, OF_BIRTH);
    cr_expect_eq(found->second, OF_PHONE);
    cr_expect(found->lift[0][0] > 45 && found->lift[0][0] < 50, "%f", found->lift[0][0]);
    cr_expect_eq(found->lift[1][1], 1);
    cr_expect_eq(found->bits[1][1], 0);
    cr_expect_eq(found->bits[0][0], (int32_t)lround(log2(found->lift[0][0]) * WEIGHT_ONE));
    cr_expect(dependences_lift(lab.model, SLICE("\0\0\1\1\0")) > 45);
    cr_expect_eq(dependences_lift(lab.model, SLICE("\0\0\1\0\0")), 1);
    patterns_destroy(patterns);
    lab_end(&lab);
}

Test(match_dependence, pairs_that_may_be_one_customer_prove_nothing)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct patterns *patterns = births_and_phones(5000);
    learn(&lab, patterns, 8000);
    cr_expect_eq(lab.model->dependence_count, 0,
                 "95 %% of 80 %% of 8,000 pairs are more than seen");
    patterns_destroy(patterns);
    lab_end(&lab);
}

Test(match_dependence, no_ring_is_closed_and_the_strongest_stay)
{
    /* Birth, phone and car agree together or not at all, birth and phone more often. */
    static const char *const texts[] = {"\2\3\1\1\1", "\2\3\1\1\2", "\2\3\2\2\2"};
    static const uint64_t pairs[] = {3000, 5000, 992000};
    struct lab lab;
    lab_begin(&lab, NULL);
    struct patterns *patterns = make_patterns(texts, pairs, 3);
    learn(&lab, patterns, 0);
    cr_assert_eq(lab.model->dependence_count, 2);
    cr_expect_eq(lab.model->dependences[0].first, OF_BIRTH);
    cr_expect_eq(lab.model->dependences[0].second, OF_PHONE);
    cr_expect_eq(lab.model->dependences[1].second, OF_CAR);
    patterns_destroy(patterns);
    lab_end(&lab);
}

/* A model in which birth and phone together are as frequent among strangers as birth alone. */
static struct scorer *scorer_with(struct lab *lab, struct table **table, double lift)
{
    static struct dependence dependence;
    dependence = (struct dependence){.first = OF_BIRTH, .second = OF_PHONE};
    for (size_t i = 0; i < LEVELS_MAX; i++)
        for (size_t j = 0; j < LEVELS_MAX; j++)
            dependence.lift[i][j] = 1;
    dependence.lift[0][0] = lift;
    lab->model->dependences = &dependence;
    lab->model->dependence_count = 1;
    lab->model->relatives = 0;
    model_weigh(lab->model);
    lab_add(lab, "name=Cay birth=1980-01-02 phone=1");
    lab_add(lab, "name=Cay birth=1980-01-02 phone=1");
    lab_add(lab, "name=Cay birth=1980-01-03 phone=1");
    *table = table_create(lab->rules, lab->input, 1);
    return scorer_create(*table, lab->model);
}

Test(match_dependence, what_was_said_already_is_taken_off_once)
{
    static const double lifts[] = {8, 1e6};
    for (size_t i = 0; i < sizeof(lifts) / sizeof(lifts[0]); i++) {
        struct lab lab;
        struct table *table;
        struct score_part parts[COMPARISONS_MAX];
        lab_begin(&lab, NULL);
        struct scorer *scorer = scorer_with(&lab, &table, lifts[i]);
        int32_t weight = score_pair_parts(scorer, 0, 1, parts);
        int32_t birth = lab.model->levels[OF_BIRTH][0].against_stranger;
        /* Never more than the smaller of the two: together they say at least what one does. */
        int32_t expected = i == 0 ? 3 * WEIGHT_ONE : birth;
        cr_expect_eq(parts[OF_PHONE].repeated, expected);
        int32_t sum = lab.model->prior_stranger;
        for (size_t j = 0; j < COMPARISONS; j++)
            sum += parts[j].level >= 0 ? parts[j].against_stranger : 0;
        cr_expect_eq(weight, sum);
        cr_expect_eq(score_pair(scorer, 0, 1, INT32_MIN), weight);
        score_pair_parts(scorer, 0, 2, parts);
        cr_expect_eq(parts[OF_PHONE].repeated, 0, "a birth date that differs has said nothing");
        scorer_destroy(scorer);
        table_destroy(table);
        lab_end(&lab);
    }
}

Test(match_dependence, a_model_is_read_as_it_was_written)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct patterns *patterns = births_and_phones(5000);
    learn(&lab, patterns, 0);
    const char *path = lab_write(&lab, "written.yaml", "");
    cr_assert(match_model_save(lab.model, lab.rules, path, &lab.error), "%s", lab.error.message);
    struct match_model *read = match_model_load(lab.arena, path, lab.rules, &lab.error);
    cr_assert(read, "%s", lab_described(&lab));
    cr_assert_eq(read->dependence_count, 1);
    cr_expect_eq(read->dependences[0].first, OF_BIRTH);
    cr_expect_eq(read->dependences[0].second, OF_PHONE);
    cr_expect(fabs(read->dependences[0].lift[0][0] - lab.model->dependences[0].lift[0][0]) < 1e-3);
    cr_expect_eq(read->dependences[0].lift[1][0], 1);
    patterns_destroy(patterns);
    lab_end(&lab);
}

Test(match_dependence, a_model_of_other_rules_is_refused)
{
    static const struct {
        const char *together;
        const char *message;
    } cases[] = {
        {"together: {height: {name: {same: {same: 2}}}}\n", "comparison height is not the same"},
        {"together: {name: {phone: {same: {same: 2}}}}\n", "comparison phone is not the same"},
        {"together: {phone: {name: {so: {same: 2}}}}\n", "level so is not the same"},
        {"together: {phone: {name: {same: {so: 2}}}}\n", "level so is not the same"},
        {"together: {phone: {name: {same: {same: 0.5}}}}\n", "1 and above"},
        {"together: {phone: {name: {same: {same: x}}}}\n", "number"},
        {"together: {phone: {}, name: {}}\n", "comparison name is not the same"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lab lab;
        lab_begin(&lab, NULL);
        const char *text = arena_format(lab.arena, "%s%s", lab_model_text, cases[i].together);
        const char *path = lab_write(&lab, "other.yaml", text);
        cr_assert_null(match_model_load(lab.arena, path, lab.rules, &lab.error), "%s",
                       cases[i].together);
        const char *described = lab_described(&lab);
        cr_expect(strstr(described, cases[i].message), "%s", described);
        lab_end(&lab);
    }
}

/* Nine comparisons have 36 pairs, and a model says it of 32. */
Test(match_dependence, a_model_with_more_of_them_than_fit_is_refused)
{
    enum { ALL = 9 };
    struct lab lab;
    struct buffer rules = BUFFER_EMPTY;
    struct buffer model = BUFFER_EMPTY;
    buffer_append_text(&rules, "entity: person\nattributes: {name: {field: name}}\nblocking: {"
                               "max_block: 50, rules: {name: {keys: [name]}}}\ncomparisons:\n");
    buffer_append_text(&model, "prior: 0.001\nrelatives: 0.25\ncomparisons:\n");
    for (int i = 0; i < ALL; i++) {
        buffer_format(&rules,
                      "  - {name: c%d, when: {name: known}, levels: [{level: same, if: {name: "
                      "exact}}, {level: different}]}\n",
                      i);
        buffer_format(&model,
                      "  c%d: {same: {match: 0.9, stranger: 0.1, relative: 0.1}, different: "
                      "{match: 0.1, stranger: 0.9, relative: 0.9}}\n",
                      i);
    }
    buffer_append_text(&rules, "thresholds: {merge: 5, review: 0}\ntraining: {joint: true}\n");
    buffer_append_text(&model, "together:\n");
    for (int second = 1; second < ALL; second++) {
        buffer_format(&model, "  c%d: {", second);
        for (int first = 0; first < second; first++)
            buffer_format(&model, "%sc%d: {same: {same: 2}}", first ? ", " : "", first);
        buffer_append_text(&model, "}\n");
    }
    lab_begin(&lab, rules.data);
    const char *path = lab_write(&lab, "many.yaml", model.data);
    cr_assert_null(match_model_load(lab.arena, path, lab.rules, &lab.error));
    const char *described = lab_described(&lab);
    cr_expect(strstr(described, "many.yaml:21:") && strstr(described, "there are more than 32"),
              "%s", described);
    lab_end(&lab);
    buffer_release(&rules);
    buffer_release(&model);
}
