#include "match/train/dependence.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

#include <math.h>
#include <stdlib.h>

/* A smaller lift is not worth telling. */
#define LIFT_LEAST 1.25

/* What was counted is taken for so many of its standard deviations less. */
#define LIFT_CAUTION 2.0

/* How often two comparisons show each two of their levels, among the pairs that know both. */
struct joint_counts {
    size_t first;
    size_t second;
    double pairs[LEVELS_MAX][LEVELS_MAX];
    double of_first[LEVELS_MAX];
    double of_second[LEVELS_MAX];
    double sum;
    double gain; /* bits that the lifts explain */
};

static void count_together(const struct patterns *patterns, struct joint_counts *counts)
{
    for (uint32_t i = 0; i < map_count(patterns->numbers); i++) {
        const char *levels = map_key(patterns->numbers, i).data;
        if (!levels[counts->first] || !levels[counts->second])
            continue;
        size_t first = (size_t)levels[counts->first] - 1;
        size_t second = (size_t)levels[counts->second] - 1;
        double pairs = (double)patterns->counts[i];
        counts->pairs[first][second] += pairs;
        counts->of_first[first] += pairs;
        counts->of_second[second] += pairs;
        counts->sum += pairs;
    }
}

/* 1: as by chance, as far as can be told. */
static double lift_of(const struct joint_counts *counts, size_t first, size_t second,
                      double matches)
{
    double seen = counts->pairs[first][second] - matches;
    double by_chance = counts->of_first[first] * counts->of_second[second] / counts->sum;
    if (seen <= 0 || by_chance <= 0)
        return 1;
    double surely = seen - LIFT_CAUTION * sqrt(seen);
    return surely > LIFT_LEAST * by_chance ? surely / by_chance : 1;
}

/* How many of one customer's pairs show a level, as far as is known by now. */
static double share_of_matches(const struct match_model *model, size_t comparison, size_t level)
{
    double share = model->levels[comparison][level].match;
    return share > 0 ? share : 1;
}

static struct dependence *make_dependence(struct arena *arena, struct joint_counts *counts,
                                          const struct match_model *model, double matches)
{
    const struct match_rules *rules = model->rules;
    struct dependence *dependence = arena_allocate(arena, sizeof(*dependence));
    dependence->first = counts->first;
    dependence->second = counts->second;
    for (size_t i = 0; i < LEVELS_MAX; i++)
        for (size_t j = 0; j < LEVELS_MAX; j++)
            dependence->lift[i][j] = 1;
    for (size_t i = 0; i < rules->comparisons[counts->first].level_count; i++)
        for (size_t j = 0; j < rules->comparisons[counts->second].level_count; j++) {
            double both = matches * share_of_matches(model, counts->first, i) *
                          share_of_matches(model, counts->second, j);
            double lift = counts->sum > 0 ? lift_of(counts, i, j, both) : 1;
            dependence->lift[i][j] = lift;
            counts->gain += counts->pairs[i][j] * log2(lift);
        }
    return dependence;
}

struct candidate {
    struct dependence *dependence;
    double gain;
};

static size_t find_head(const size_t *heads, size_t number)
{
    while (heads[number] != number)
        number = heads[number];
    return number;
}

/* Takes the candidates from the one that explains most; none that closes a ring. */
static void keep_tree(struct arena *arena, struct candidate *candidates, size_t count,
                      struct match_model *model)
{
    size_t heads[COMPARISONS_MAX];
    for (size_t i = 0; i < COMPARISONS_MAX; i++)
        heads[i] = i;
    model->dependences = arena_allocate_array(arena, COMPARISONS_MAX, sizeof(*model->dependences));
    model->dependence_count = 0;
    for (size_t taken = 0; taken < count; taken++) {
        struct candidate *best = &candidates[0];
        for (size_t i = 1; i < count; i++)
            best = candidates[i].gain > best->gain ? &candidates[i] : best;
        if (best->gain <= 0)
            return;
        size_t first = find_head(heads, best->dependence->first);
        size_t second = find_head(heads, best->dependence->second);
        if (first != second) {
            heads[second] = first;
            model->dependences[model->dependence_count++] = *best->dependence;
        }
        best->gain = 0;
    }
}

static int compare_seconds(const void *a, const void *b)
{
    const struct dependence *x = a;
    const struct dependence *y = b;
    return x->second != y->second ? (x->second > y->second) - (x->second < y->second)
                                  : (x->first > y->first) - (x->first < y->first);
}

void dependences_learn(struct arena *arena, const struct patterns *random, double matches,
                       struct match_model *model)
{
    const struct match_rules *rules = model->rules;
    struct candidate candidates[COMPARISONS_MAX * COMPARISONS_MAX / 2];
    size_t count = 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = i + 1; j < rules->comparison_count; j++) {
            struct joint_counts counts = {.first = i, .second = j};
            count_together(random, &counts);
            candidates[count].dependence = make_dependence(arena, &counts, model, matches);
            candidates[count++].gain = counts.gain;
        }
    keep_tree(arena, candidates, count, model);
    if (model->dependence_count)
        qsort(model->dependences, model->dependence_count, sizeof(*model->dependences),
              compare_seconds);
}

double dependences_lift(const struct match_model *model, struct slice pattern)
{
    double product = 1;
    for (size_t i = 0; i < model->dependence_count; i++) {
        const struct dependence *dependence = &model->dependences[i];
        char first = pattern.data[dependence->first];
        char second = pattern.data[dependence->second];
        if (first && second)
            product *= dependence->lift[first - 1][second - 1];
    }
    return product;
}
