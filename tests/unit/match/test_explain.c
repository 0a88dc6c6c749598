#include "cust360/match_explain.h"
#include "lab.h"

#include <math.h>
#include <string.h>

struct stage {
    struct lab lab;
    struct match_scene *scene;
};

static void stage_open(struct stage *stage)
{
    stage->scene = match_scene_create(stage->lab.rules, stage->lab.model, stage->lab.input);
}

static void stage_close(struct stage *stage)
{
    match_scene_destroy(stage->scene);
    lab_end(&stage->lab);
}

static struct match_pair_detail explain(struct stage *stage, uint32_t a, uint32_t b)
{
    struct match_pair_detail detail;
    match_explain_pair(stage->scene, a, b, stage->lab.arena, &detail);
    match_explain_keys(stage->scene, stage->lab.arena, &detail);
    return detail;
}

static const struct match_part *part_of(const struct match_pair_detail *detail, const char *name)
{
    for (size_t i = 0; i < detail->part_count; i++)
        if (strcmp(detail->parts[i].comparison, name) == 0)
            return &detail->parts[i];
    cr_assert_fail("no comparison %s", name);
    return NULL;
}

static const struct match_key *key_of(const struct match_pair_detail *detail, const char *rule)
{
    for (size_t i = 0; i < detail->key_count; i++)
        if (strcmp(detail->keys[i].rule, rule) == 0)
            return &detail->keys[i];
    cr_assert_fail("no key %s", rule);
    return NULL;
}

static void expect_text(struct slice text, const char *expected)
{
    cr_expect(slice_equal(text, slice_of(expected)), "\"%.*s\" is not \"%s\"",
              SLICE_ARGUMENTS(text), expected);
}

Test(match_explain, each_comparison_tells_its_level_values_and_weights)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "name=Ann birth=1980 phone=5 vin=A vin=B");
    lab_add(&stage.lab, "name=Ann birth=1981 phone=5 vin=B");
    stage_open(&stage);
    struct match_pair_detail detail = explain(&stage, 0, 1);
    cr_assert_eq(detail.part_count, 5);
    const struct match_part *name = part_of(&detail, "name");
    cr_expect_str_eq(name->level, "same");
    cr_expect_eq(name->silence, MATCH_SPEAKS);
    cr_assert_eq(name->evidence_count, 1);
    cr_expect_str_eq(name->evidence[0].attribute, "name");
    expect_text(name->evidence[0].a, "Ann");
    expect_text(name->evidence[0].b, "Ann");
    cr_assert_eq(name->frequency_count, 1);
    cr_expect_float_eq(name->frequencies[0].share, 0.05, 0.001);
    cr_expect_float_eq(name->stranger, 0.05, 0.001, "Ann is commoner than names are");
    cr_expect_lt(name->adjustment, 0);
    cr_expect_float_eq(name->match, 0.9, 1e-9);
    const struct match_part *birth = part_of(&detail, "birth");
    cr_expect_str_eq(birth->level, "different");
    expect_text(birth->evidence[0].b, "1981");
    cr_expect_eq(birth->adjustment, 0);
    cr_expect_float_eq(birth->stranger, 0.999, 1e-9);
    const struct match_part *car = part_of(&detail, "car");
    expect_text(car->evidence[0].a, "A, B");
    stage_close(&stage);
}

Test(match_explain, silence_has_a_reason)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "number=7 birth=1 name=Bea");
    lab_add(&stage.lab, "number=7 birth=1");
    stage_open(&stage);
    struct match_pair_detail detail = explain(&stage, 0, 1);
    const struct match_part *birth = part_of(&detail, "birth");
    cr_expect_null(birth->level);
    cr_expect_eq(birth->silence, MATCH_IMPLIED);
    cr_expect_str_eq(birth->implied_by, "number");
    const struct match_part *name = part_of(&detail, "name");
    cr_expect_eq(name->silence, MATCH_UNKNOWN);
    expect_text(name->evidence[0].a, "Bea");
    expect_text(name->evidence[0].b, "");
    cr_expect_eq(name->against_stranger, 0);
    stage_close(&stage);
}

Test(match_explain, a_value_that_belongs_to_nobody_is_named_as_ignored)
{
    static const char rules[] = "entity: person\n"
                                "attributes:\n"
                                "  name: {field: name}\n"
                                "  phone: {field: phone, shared_by: name, shared_limit: 2}\n"
                                "  end: {from: phone, last: 2}\n"
                                "blocking:\n"
                                "  rules:\n"
                                "    name: {keys: [name]}\n"
                                "    end: {keys: [end]}\n"
                                "comparisons:\n"
                                "  - name: phone\n"
                                "    when: {phone: known}\n"
                                "    levels:\n"
                                "      - {level: same, if: {phone: exact}}\n"
                                "      - {level: different}\n"
                                "thresholds: {merge: 5, review: 0}\n";
    struct stage stage;
    lab_begin(&stage.lab, rules);
    const char *model = lab_write(&stage.lab, "model.yaml",
                                  "prior: 0.1\nrelatives: 0\ncomparisons:\n  phone:\n"
                                  "    same: {match: 0.9, stranger: 0.1, relative: 0.1}\n"
                                  "    different: {match: 0.1, stranger: 0.9, relative: 0.9}\n");
    stage.lab.model = match_model_load(stage.lab.arena, model, stage.lab.rules, &stage.lab.error);
    cr_assert(stage.lab.model, "%s", lab_described(&stage.lab));
    lab_add(&stage.lab, "name=Ann phone=1355");
    lab_add(&stage.lab, "name=Ann phone=1355");
    lab_add(&stage.lab, "name=Bea phone=1355");
    lab_add(&stage.lab, "name=Cid phone=1355");
    stage_open(&stage);
    struct match_pair_detail detail = explain(&stage, 0, 1);
    cr_expect_eq(detail.parts[0].silence, MATCH_UNKNOWN);
    cr_expect(detail.parts[0].evidence[0].a_ignored);
    cr_expect_not(detail.has_relatives);
    cr_expect_eq(detail.weight, detail.stranger);
    const struct match_key *end = key_of(&detail, "end");
    cr_expect_not(end->shared);
    cr_expect(end->missing[0].b_ignored, "what is derived from it is ignored as well");
    stage_close(&stage);
}

Test(match_explain, keys_tell_what_brings_two_records_together_or_parts_them)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "name=Bea birth=1980 phone=5");
    lab_add(&stage.lab, "name=Bea birth=1980 phone=6");
    lab_add(&stage.lab, "name=Bea birth=1980");
    lab_add(&stage.lab, "name=Bea birth=1981 phone=7");
    stage_open(&stage);
    struct match_pair_detail detail = explain(&stage, 0, 1);
    const struct match_key *both = key_of(&detail, "name and birth");
    cr_expect(both->shared);
    cr_expect_eq(both->records, 3);
    const struct match_key *phone = key_of(&detail, "phone");
    cr_expect_not(phone->shared);
    cr_assert_eq(phone->missing_count, 1);
    expect_text(phone->missing[0].b, "6");
    const struct match_question questions[] = {{0, 1}, {0, 3}, {2, 0}, {1, 0}};
    bool compared[4];
    match_scene_compared(stage.scene, questions, 4, 2, compared);
    cr_expect(compared[0] && compared[2] && compared[3]);
    cr_expect_not(compared[1]);
    stage_close(&stage);
}

Test(match_explain, hard_rules_that_hold_are_listed)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "name=Bea number=1 kind=x");
    lab_add(&stage.lab, "name=Bea number=2 kind=y");
    lab_add(&stage.lab, "name=Bea");
    stage_open(&stage);
    struct match_pair_detail detail = explain(&stage, 0, 1);
    cr_assert_eq(detail.hard_rule_count, 2);
    cr_expect_eq(detail.hard_rules[0].verdict, MATCH_NEVER);
    cr_expect_str_eq(detail.hard_rules[0].reason, "other numbers");
    cr_expect_eq(detail.hard_rules[1].verdict, MATCH_ASK);
    struct match_hard_rule rule;
    cr_expect(match_scene_hard_rule(stage.scene, 0, 1, &rule));
    cr_expect_eq(rule.verdict, MATCH_NEVER);
    cr_expect_not(match_scene_hard_rule(stage.scene, 0, 2, &rule));
    stage_close(&stage);
}

/* What is explained is what was decided: the parts add up to the weight that the run has given. */
static void check_pairs(struct stage *stage, const struct match_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct match_pair_detail detail = explain(stage, pairs[i].a, pairs[i].b);
        int32_t stranger = detail.prior_stranger;
        int32_t relative = detail.prior_relative;
        size_t shared = 0;
        for (size_t j = 0; j < detail.part_count; j++) {
            stranger += detail.parts[j].against_stranger;
            relative += detail.parts[j].against_relative;
            cr_assert((detail.parts[j].level != NULL) == (detail.parts[j].silence == MATCH_SPEAKS));
        }
        for (size_t j = 0; j < detail.key_count; j++)
            shared += detail.keys[j].shared;
        cr_assert_eq(stranger, detail.stranger);
        cr_assert_eq(relative, detail.relative);
        cr_assert_eq(stranger < relative ? stranger : relative, pairs[i].weight);
        cr_assert_eq(detail.weight, pairs[i].weight);
        cr_assert_eq(match_scene_weight(stage->scene, pairs[i].b, pairs[i].a), pairs[i].weight);
        cr_assert_gt(shared, 0, "what was compared shares a key");
        const struct match_question question = {pairs[i].a, pairs[i].b};
        bool compared = false;
        match_scene_compared(stage->scene, &question, 1, 1, &compared);
        cr_assert(compared);
    }
}

Test(match_explain, the_sum_explained_is_the_weight_of_the_run)
{
    uint64_t state = 29;
    size_t checked = 0;
    for (int round = 0; round < 10; round++) {
        struct stage stage;
        lab_begin(&stage.lab, NULL);
        for (int i = 0; i < 60; i++)
            lab_add_random(&stage.lab, &state, 12);
        lab_match(&stage.lab, NULL, 0, 1);
        stage_open(&stage);
        const struct match_result *result = &stage.lab.result;
        check_pairs(&stage, result->links, result->link_count);
        check_pairs(&stage, result->possible, result->possible_count);
        checked += result->link_count + result->possible_count;
        stage_close(&stage);
    }
    cr_expect_gt(checked, 200);
}

Test(match_explain, thresholds_are_those_of_the_rules)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    struct match_thresholds thresholds = match_rules_thresholds(lab.rules);
    cr_expect_eq(thresholds.merge, 5 * WEIGHT_ONE);
    cr_expect_eq(thresholds.review, 0);
    cr_expect_eq(thresholds.max_block, 50);
    lab_end(&lab);
}

static bool relates(struct stage *stage, const char *name, const char *birth, const char *phone)
{
    struct slice texts[LAB_ATTRIBUTES] = {
        [NAME] = slice_of(name), [BIRTH] = slice_of(birth), [PHONE] = slice_of(phone)};
    struct match_values values[LAB_ATTRIBUTES] = {{0}};
    for (size_t i = 0; i < LAB_ATTRIBUTES; i++)
        values[i] = (struct match_values){&texts[i], texts[i].length > 0};
    return match_scene_relates(stage->scene, values, stage->lab.arena);
}

Test(match_explain, a_record_relates_to_a_scene_when_all_keys_of_a_rule_may_be_shared)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "name=Bea birth=1980 phone=5");
    lab_add(&stage.lab, "name=Ann birth=1990");
    stage_open(&stage);
    cr_expect(relates(&stage, "", "", "5"));
    cr_expect(relates(&stage, "Bea", "1980", "6"));
    cr_expect_not(relates(&stage, "Bea", "1981", "6"));
    cr_expect_not(relates(&stage, "Bea", "", ""));
    cr_expect_not(relates(&stage, "", "", ""));
    stage_close(&stage);
}

static void check_compared(struct lab *whole, uint64_t *state)
{
    enum { CHOSEN = 4 };
    struct match_scene *scene = match_scene_create(whole->rules, whole->model, whole->input);
    uint32_t chosen[CHOSEN];
    for (size_t i = 0; i < CHOSEN; i++)
        chosen[i] = lab_random(state, match_input_count(whole->input));
    struct match_question questions[CHOSEN * CHOSEN];
    bool compared[CHOSEN * CHOSEN];
    for (size_t i = 0; i < (size_t)CHOSEN * CHOSEN; i++)
        questions[i] = (struct match_question){chosen[i / CHOSEN], chosen[i % CHOSEN]};
    match_scene_compared(scene, questions, (size_t)CHOSEN * CHOSEN, 2, compared);
    for (size_t i = 0; i < (size_t)CHOSEN * CHOSEN; i++) {
        struct match_pair_detail detail;
        size_t shared = 0;
        match_explain_pair(scene, questions[i].a, questions[i].b, whole->arena, &detail);
        match_explain_keys(scene, whole->arena, &detail);
        for (size_t j = 0; j < detail.key_count; j++)
            shared += detail.keys[j].shared;
        if (questions[i].a != questions[i].b)
            cr_assert_eq(compared[i], shared > 0, "no block of this lab is too large");
    }
    match_scene_destroy(scene);
}

Test(match_explain, two_records_are_compared_when_and_only_when_they_share_a_key)
{
    uint64_t state = 37;
    for (int round = 0; round < 20; round++) {
        struct lab lab;
        lab_begin(&lab, NULL);
        for (int i = 0; i < 40; i++)
            lab_add_random(&lab, &state, 12);
        check_compared(&lab, &state);
        lab_end(&lab);
    }
}

Test(match_explain, what_keeps_two_clusters_apart_is_told)
{
    struct stage stage;
    lab_begin(&stage.lab, NULL);
    lab_add(&stage.lab, "name=Bea birth=1980 phone=5 number=1");
    lab_add(&stage.lab, "name=Bea birth=1980 phone=5");
    lab_add(&stage.lab, "name=Bea birth=1980 phone=5 number=2");
    lab_add(&stage.lab, "name=Carl birth=1960");
    lab_add(&stage.lab, "name=Carl birth=1961");
    stage_open(&stage);
    static const uint32_t pair[] = {0, 1};
    static const uint32_t third = 2;
    static const uint32_t strangers[] = {3, 4};
    const struct match_sides numbers = {pair, 2, &third, 1};
    struct match_objection objection = match_scene_object(stage.scene, &numbers, NULL, 0);
    cr_assert_str_eq(objection.reason, "other numbers");
    cr_expect_eq(objection.kind, MATCH_BY_RULE);
    cr_expect(objection.a + objection.b == 2, "records 0 and 2");
    const struct match_sides far = {pair, 2, strangers, 2};
    objection = match_scene_object(stage.scene, &far, NULL, 0);
    cr_assert(objection.reason);
    cr_expect_eq(objection.kind, MATCH_BY_AVERAGE);
    cr_expect_lt(objection.average, 0);
    const struct match_decision parted = {1, 3, false};
    objection = match_scene_object(stage.scene, &far, &parted, 1);
    cr_expect_eq(objection.kind, MATCH_BY_STEWARD);
    cr_expect(objection.a + objection.b == 4, "records 1 and 3");
    const struct match_sides alike = {pair, 1, pair + 1, 1};
    cr_expect_null(match_scene_object(stage.scene, &alike, NULL, 0).reason);
    stage_close(&stage);
}
