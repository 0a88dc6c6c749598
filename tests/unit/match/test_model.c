#include "cust360/base/file.h"
#include "lab.h"
#include "match/model/model.h"

#include <math.h>
#include <stdlib.h>

/* lab_model_text with one piece of it replaced, refused; how that reads. */
static const char *refused(struct lab *lab, const char *from, const char *to)
{
    const char *place = strstr(lab_model_text, from);
    cr_assert(place, "%s", from);
    const char *text = arena_format(lab->arena, "%.*s%s%s", (int)(place - lab_model_text),
                                    lab_model_text, to, place + strlen(from));
    const char *path = lab_write(lab, "refused.yaml", text);
    lab->error = (struct error){0};
    cr_assert_null(match_model_load(lab->arena, path, lab->rules, &lab->error), "%s", text);
    cr_assert_eq(lab->error.exit_code, EXIT_CONFIGURATION);
    return lab_described(lab);
}

Test(match_model, what_is_written_reads_back_the_same)
{
    struct lab lab;
    struct slice first;
    struct slice second;
    lab_begin(&lab, NULL);
    lab.model->trained_by = "cust360 train: it's \"quoted\", # and all";
    lab.model->trained_records = 12345;
    const char *a = file_join(lab.arena, lab.folder, "a.yaml");
    const char *b = file_join(lab.arena, lab.folder, "b.yaml");
    cr_assert(match_model_save(lab.model, lab.rules, a, &lab.error), "%s", lab.error.message);
    struct match_model *again = match_model_load(lab.arena, a, lab.rules, &lab.error);
    cr_assert(again, "%s", lab_described(&lab));
    cr_expect_str_eq(again->trained_by, lab.model->trained_by);
    cr_expect_eq(again->trained_records, 12345);
    cr_expect_eq(again->prior_stranger, lab.model->prior_stranger);
    for (size_t i = 0; i < lab.rules->comparison_count; i++)
        for (size_t j = 0; j < lab.rules->comparisons[i].level_count; j++) {
            cr_expect_eq(again->levels[i][j].against_stranger,
                         lab.model->levels[i][j].against_stranger);
            cr_expect_eq(again->levels[i][j].against_relative,
                         lab.model->levels[i][j].against_relative);
        }
    cr_assert(match_model_save(again, lab.rules, b, &lab.error));
    cr_assert(file_read(lab.arena, a, 1 << 20, &first, &lab.error));
    cr_assert(file_read(lab.arena, b, 1 << 20, &second, &lab.error));
    cr_expect(slice_equal(first, second));
    cr_expect_not(match_model_save(again, lab.rules, "/nowhere/model.yaml", &lab.error));
    lab_end(&lab);
}

Test(match_model, weights_are_the_logarithms_of_the_probabilities)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    const struct level_parameters *same = &lab.model->levels[3][0]; /* phone */
    cr_expect(abs(same->against_stranger - (int)lround(log2(0.8 / 0.0001) * WEIGHT_ONE)) <= 1);
    cr_expect(abs(same->against_relative - (int)lround(log2(0.8 / 0.5) * WEIGHT_ONE)) <= 1);
    cr_expect_eq(lab.model->prior_relative, 2 * WEIGHT_ONE);
    const struct frequency_table *names = &lab.model->frequencies[NAME];
    cr_expect_eq(model_frequency_bits(names, SLICE("Ann")), (int)lround(-log2(0.05) * WEIGHT_ONE));
    cr_expect_eq(model_frequency_bits(names, SLICE("Zoe")),
                 (int)lround(-log2(0.0005) * WEIGHT_ONE));
    lab_end(&lab);
}

Test(match_model, a_model_that_does_not_fit_the_rules_is_refused_with_its_place)
{
    static const struct {
        const char *from;
        const char *to;
        const char *message;
    } cases[] = {
        {"  birth:\n", "  births:\n", "refused.yaml:11:3: comparison births is not the same"},
        {"    close: ", "    near: ", "level close is not the same"},
        {"    different: {match: 0.7, stranger: 0.9999, relative: 0.7}\n", "",
         "level different is not the same"},
        {"prior: 0.001", "prior: 0", "refused.yaml:1:8: the prior is above 0 and below 1"},
        {"prior: 0.001", "prior: 1.5", "refused.yaml:1:8: a probability is from 0 to 1"},
        {"relatives: 0.25", "relatives: -1",
         "refused.yaml:2:12: the number of relatives is not below 0"},
        {"match: 0.9,", "match: 1.9,", "refused.yaml:8:19: a probability is from 0 to 1"},
        {"match: 0.9,", "mtach: 0.9,", "refused.yaml:8:12:"},
        {"  name:\n    rest", "  phone:\n    rest", "frequency of phone is not the same"},
        {"    rest: 0.0005\n", "", "rest"},
    };
    struct lab lab;
    lab_begin(&lab, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = refused(&lab, cases[i].from, cases[i].to);
        cr_expect(strstr(text, cases[i].message), "%s\nlacks: %s", text, cases[i].message);
    }
    refused(&lab, "frequencies:\n  name:\n    rest: 0.0005\n    values: {Ann: 0.05}\n", "");
    cr_expect(strstr(lab.error.message, "the frequencies of name are missing"));
    cr_expect(strstr(lab.error.hint, "cust360 train"));
    lab_end(&lab);
}

Test(match_model, a_model_that_is_not_there_can_be_trained)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    cr_expect_null(match_model_load(lab.arena, "/nowhere/model.yaml", lab.rules, &lab.error));
    cr_expect_str_eq(lab.error.hint, "cust360 train makes it");
    lab_end(&lab);
}
