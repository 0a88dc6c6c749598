#include "match/model/model.h"

#include <math.h>

/* A probability is never quite 0: what training has not seen can still happen. */
#define PROBABILITY_LEAST 1e-9

static int32_t bits_of(double probability)
{
    double least = probability > PROBABILITY_LEAST ? probability : PROBABILITY_LEAST;
    return (int32_t)lround(log2(least) * WEIGHT_ONE);
}

static int32_t bits_of_lift(double lift)
{
    return lift > 1 ? (int32_t)lround(log2(lift) * WEIGHT_ONE) : 0;
}

static int32_t bound_weight(int32_t weight)
{
    const int32_t most = LEVEL_BITS_MAX * WEIGHT_ONE;
    return weight > most ? most : weight < -most ? -most : weight;
}

struct match_model *model_create(struct arena *arena, const struct match_rules *rules)
{
    struct match_model *model = arena_allocate(arena, sizeof(*model));
    model->rules = rules;
    model->frequencies =
        arena_allocate_array(arena, rules->attribute_count, sizeof(*model->frequencies));
    for (size_t i = 0; i < rules->comparison_count; i++) {
        const struct comparison *comparison = &rules->comparisons[i];
        model->levels[i] =
            arena_allocate_array(arena, comparison->level_count, sizeof(*model->levels[i]));
        for (size_t j = 0; j < comparison->level_count; j++)
            for (size_t k = 0; k < comparison->levels[j].frequency_count; k++)
                model->frequencies[comparison->levels[j].frequency[k]].used = true;
    }
    return model;
}

static void weigh_level(struct match_model *model, struct level_parameters *level)
{
    level->match_bits = bits_of(level->match);
    level->against_stranger = bound_weight(level->match_bits - bits_of(level->stranger));
    level->against_relative =
        model->relatives > 0 ? bound_weight(level->match_bits - bits_of(level->relative)) : 0;
}

void model_weigh(struct match_model *model)
{
    const struct match_rules *rules = model->rules;
    model->prior_stranger = bits_of(model->prior) - bits_of(1 - model->prior);
    model->prior_relative = model->relatives > 0 ? -bits_of(model->relatives) : 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            weigh_level(model, &model->levels[i][j]);
    for (size_t i = 0; i < model->dependence_count; i++)
        for (size_t j = 0; j < LEVELS_MAX; j++)
            for (size_t k = 0; k < LEVELS_MAX; k++)
                model->dependences[i].bits[j][k] = bits_of_lift(model->dependences[i].lift[j][k]);
    for (size_t i = 0; i < rules->attribute_count; i++) {
        struct frequency_table *table = &model->frequencies[i];
        table->rest_bits = -bits_of(table->rest);
        for (size_t j = 0; j < table->count; j++)
            table->bits[j] = -bits_of(table->shares[j]);
    }
}

int32_t model_frequency_bits(const struct frequency_table *table, struct slice value)
{
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(value, table->values[middle]);
        if (order == 0)
            return table->bits[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return table->rest_bits;
}
