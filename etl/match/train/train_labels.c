#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "match/score/score.h"
#include "match/train/training.h"

#include <math.h>

/* What was learned without labels counts as so many labelled pairs. */
#define BELIEF_PAIRS 20

/* Of a customer with very many records each meets so many others. */
enum { NEIGHBOURS_MAX = 50 };

/* Labels may take away this share of what a level was counted, at most. */
#define CORRECTION_MOST 0.99

/* ---- who is who ---- */

/* The labelled records by customer: *count of them, (customer, record), sorted. */
static struct hash_pair *sort_labelled(const struct train_labels *labels, uint32_t record_count,
                                       size_t *count)
{
    struct hash_pair *pairs = memory_resize_array(NULL, (size_t)record_count + 1, sizeof(*pairs));
    struct hash_pair *scratch =
        memory_resize_array(NULL, (size_t)record_count + 1, sizeof(*scratch));
    *count = 0;
    for (uint32_t i = 0; labels->entity && i < record_count; i++)
        if (labels->entity[i] != TRAIN_UNLABELLED)
            pairs[(*count)++] = (struct hash_pair){labels->entity[i], i};
    hash_pairs_sort(pairs, *count, scratch);
    memory_free(scratch);
    return pairs;
}

void labels_correct_clusters(const struct train_labels *labels, uint32_t record_count,
                             uint32_t *cluster)
{
    size_t count = 0;
    struct hash_pair *pairs = sort_labelled(labels, record_count, &count);
    for (size_t first = 0, i = 0; i < count; i++) {
        if (pairs[i].hash != pairs[first].hash)
            first = i;
        cluster[pairs[i].value] = pairs[first].value;
    }
    memory_free(pairs);
}

static struct patterns *count_same(struct training *training)
{
    const struct train_labels *labels = training->options->labels;
    struct train_report *report = training->report;
    struct patterns *patterns = patterns_create();
    size_t count = 0;
    struct hash_pair *pairs = sort_labelled(labels, training->table->record_count, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1;
             j < count && j <= i + NEIGHBOURS_MAX && pairs[j].hash == pairs[i].hash; j++) {
            struct pair_view view = pair_view_make(training->table, pairs[i].value, pairs[j].value);
            patterns_add_pair(patterns, &view);
        }
    memory_free(pairs);
    report->labelled_records = count;
    report->labelled_pairs = patterns->pairs;
    return patterns;
}

static void take_over_same(struct training *training, const struct patterns *same)
{
    const struct match_rules *rules = training->rules;
    double counts[COMPARISONS_MAX][LEVELS_MAX] = {{0}};
    patterns_count_levels(same, counts);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        struct level_parameters *levels = training->model->levels[i];
        double pairs = BELIEF_PAIRS;
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            pairs += counts[i][j];
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            levels[j].match = (counts[i][j] + BELIEF_PAIRS * levels[j].match) / pairs;
    }
}

/* Labels of a part that was chosen somehow say little of how many pairs there are in all. */
static void take_over_prior(struct training *training)
{
    struct train_report *report = training->report;
    struct match_model *model = training->model;
    double records = (double)report->labelled_records;
    report->labelled_prior =
        records * 2 >= training->table->record_count && report->labelled_pairs > 0;
    if (!report->labelled_prior)
        return;
    double before = model->prior;
    model->prior = (double)report->labelled_pairs / (records * (records - 1) / 2);
    if (model->prior > 0.5)
        model->prior = 0.5;
    /* As many relatives as before, for another number of matches. */
    model->relatives *= before / model->prior;
}

/* ---- stewards' words ---- */

/* By comparison and level: what labels add to the pairs of one customer. */
struct correction {
    double pairs[COMPARISONS_MAX][LEVELS_MAX];
};

static void correct_pair(const struct training *training, struct correction *correction,
                         const struct match_decision *decision, double pairs)
{
    const struct match_rules *rules = training->rules;
    struct patterns *one = patterns_create();
    struct pair_view view = pair_view_make(training->table, decision->a, decision->b);
    patterns_add_pair(one, &view);
    struct slice pattern = map_key(one->numbers, 0);
    for (size_t i = 0; i < rules->comparison_count; i++)
        if (pattern.data[i])
            correction->pairs[i][pattern.data[i] - 1] += pairs;
    patterns_destroy(one);
}

/* What a pair was counted as is its probability; what it is, 1 or 0. */
static void hear_decisions(struct training *training, struct correction *correction)
{
    const struct train_labels *labels = training->options->labels;
    struct scorer *scorer = scorer_create(training->table, training->model);
    for (size_t i = 0; i < labels->decision_count; i++) {
        const struct match_decision *decision = &labels->decisions[i];
        int32_t weight = score_pair(scorer, decision->a, decision->b, INT32_MIN);
        double counted = 1 / (1 + exp2(-(double)weight / WEIGHT_ONE));
        correct_pair(training, correction, decision, (decision->same ? 1 : 0) - counted);
        training->report->labelled_same += decision->same;
        training->report->labelled_not_same += !decision->same;
    }
    scorer_destroy(scorer);
}

static void correct_levels(struct training *training, const struct correction *correction)
{
    const struct match_rules *rules = training->rules;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        struct level_parameters *levels = training->model->levels[i];
        double sum = 0;
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++) {
            double counted = training->matches * levels[j].match;
            double more = fmax(correction->pairs[i][j], -CORRECTION_MOST * counted);
            levels[j].match = counted + more;
            sum += levels[j].match;
        }
        for (size_t j = 0; sum > 0 && j < rules->comparisons[i].level_count; j++)
            levels[j].match /= sum;
    }
}

void learn_labels(struct training *training)
{
    const struct train_labels *labels = training->options->labels;
    if (labels->entity) {
        struct patterns *same = count_same(training);
        take_over_same(training, same);
        take_over_prior(training);
        patterns_destroy(same);
        model_weigh(training->model);
    }
    if (labels->decision_count) {
        struct correction *correction = memory_allocate_array(1, sizeof(*correction));
        hear_decisions(training, correction);
        correct_levels(training, correction);
        memory_free(correction);
        model_weigh(training->model);
    }
}
