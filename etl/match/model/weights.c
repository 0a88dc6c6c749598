#include "cust360/train.h"
#include "match/model/model.h"

const struct match_weight *match_model_weights(struct arena *arena, const struct match_model *model,
                                               size_t *count)
{
    const struct match_rules *rules = model->rules;
    *count = 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        *count += rules->comparisons[i].level_count;
    struct match_weight *weights = arena_allocate_array(arena, *count + 1, sizeof(*weights));
    size_t used = 0;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++) {
            const struct level_parameters *level = &model->levels[i][j];
            weights[used++] = (struct match_weight){
                .comparison = rules->comparisons[i].name,
                .level = rules->comparisons[i].levels[j].name,
                .match = level->match,
                .stranger = level->stranger,
                .bits = (double)level->against_stranger / WEIGHT_ONE,
                .relative_bits = (double)level->against_relative / WEIGHT_ONE,
                .has_relative = model->relatives > 0,
            };
        }
    }
    return weights;
}
