#include "cust360/base/memory.h"
#include "cust360/match_diagnose.h"
#include "lab.h"

enum { THRESHOLDS = 5 };

struct taken {
    uint32_t *cluster[THRESHOLDS];
    uint32_t records;
};

static void take(void *context, size_t threshold, const uint32_t *cluster)
{
    struct taken *taken = context;
    taken->cluster[threshold] = memory_resize_array(NULL, taken->records, sizeof(**taken->cluster));
    memcpy(taken->cluster[threshold], cluster, taken->records * sizeof(*cluster));
}

static uint32_t count_clusters(const uint32_t *cluster, uint32_t records)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < records; i++)
        count += cluster[i] == i;
    return count;
}

static void run_curve(struct lab *lab, const struct match_decision *decisions, size_t count,
                      unsigned threads, struct taken *taken)
{
    static const int32_t thresholds[THRESHOLDS] = {20 * WEIGHT_ONE, -30 * WEIGHT_ONE,
                                                   5 * WEIGHT_ONE, 0, 10 * WEIGHT_ONE};
    struct match_scene *scene = match_scene_create(lab->rules, lab->model, lab->input);
    const struct match_curve curve = {thresholds, THRESHOLDS, decisions, count, threads};
    const struct match_curve_taker taker = {take, taken};
    *taken = (struct taken){.records = match_input_count(lab->input)};
    match_scene_curve(scene, &curve, &taker);
    match_scene_destroy(scene);
}

static void release(struct taken *taken)
{
    for (size_t i = 0; i < THRESHOLDS; i++)
        memory_free(taken->cluster[i]);
}

Test(match_diagnose, at_the_runs_own_threshold_the_curve_is_the_run)
{
    uint64_t state = 51;
    for (int round = 0; round < 20; round++) {
        struct lab lab;
        struct taken one;
        struct taken three;
        lab_begin(&lab, NULL);
        for (int i = 0; i < 60; i++)
            lab_add_random(&lab, &state, 12);
        const struct match_decision decisions[] = {{3, 40, true}, {4, 41, false}};
        lab_match(&lab, decisions, 2, 1);
        run_curve(&lab, decisions, 2, 1, &one);
        run_curve(&lab, decisions, 2, 3, &three);
        cr_assert_eq(memcmp(one.cluster[2], lab.result.cluster, 60 * sizeof(uint32_t)), 0);
        for (size_t i = 0; i < THRESHOLDS; i++)
            cr_assert_eq(memcmp(one.cluster[i], three.cluster[i], 60 * sizeof(uint32_t)), 0);
        cr_expect_geq(count_clusters(one.cluster[0], 60), count_clusters(one.cluster[2], 60));
        cr_expect_geq(count_clusters(one.cluster[2], 60), count_clusters(one.cluster[1], 60));
        release(&one);
        release(&three);
        lab_end(&lab);
    }
}

static uint64_t count_sharing(const struct match_scene *scene, uint32_t records,
                              const size_t *attributes, size_t count)
{
    uint64_t sum = 0;
    for (uint32_t a = 0; a < records; a++)
        for (uint32_t b = a + 1; b < records; b++) {
            size_t shared = 0;
            while (shared < count && match_scene_shares(scene, attributes[shared], a, b))
                shared++;
            sum += shared == count;
        }
    return sum;
}

Test(match_diagnose, a_keys_pairs_are_counted_without_going_through_them)
{
    uint64_t state = 53;
    struct lab lab;
    lab_begin(&lab, NULL);
    for (int i = 0; i < 80; i++)
        lab_add_random(&lab, &state, 12);
    struct match_scene *scene = match_scene_create(lab.rules, lab.model, lab.input);
    static const size_t keys[][2] = {{NAME, PHONE}, {BIRTH, NAME}, {PHONE, KIND}};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(match_scene_key_pairs(scene, keys[i], 2, 2),
                     count_sharing(scene, 80, keys[i], 2));
        cr_expect_eq(match_scene_key_pairs(scene, keys[i], 1, 1),
                     count_sharing(scene, 80, keys[i], 1));
    }
    cr_expect_eq(match_rules_attribute_count(lab.rules), LAB_ATTRIBUTES);
    cr_expect_str_eq(match_rules_attribute_name(lab.rules, PHONE), "phone");
    match_scene_destroy(scene);
    lab_end(&lab);
}
