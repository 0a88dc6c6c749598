#include "match/score/score.h"
#include "cust360/base/memory.h"

#include <limits.h>

static int32_t *compute_frequency_bits(const struct table *table, size_t attribute,
                                       const struct frequency_table *frequencies)
{
    const struct map *dictionary = table->columns[attribute].dictionary;
    uint32_t count = map_count(dictionary);
    int32_t *bits = memory_resize_array(NULL, (size_t)count + 1, sizeof(*bits));
    struct map *listed = map_create();
    for (size_t i = 0; i < frequencies->count; i++)
        map_intern(listed, frequencies->values[i]);
    for (uint32_t value = 0; value < count; value++) {
        uint32_t number = map_number(listed, map_key(dictionary, value));
        bits[value] = number == MAP_NONE ? frequencies->rest_bits : frequencies->bits[number];
    }
    map_destroy(listed);
    return bits;
}

/* The most that agreement on a value of an attribute can weigh. */
static int32_t most_bits(const struct frequency_table *frequencies)
{
    int32_t most = frequencies->rest_bits;
    for (size_t i = 0; i < frequencies->count; i++)
        most = frequencies->bits[i] > most ? frequencies->bits[i] : most;
    return most;
}

static int32_t bound_level(const struct match_model *model, const struct level *level,
                           const struct level_parameters *parameters)
{
    const int64_t most = LEVEL_BITS_MAX * WEIGHT_ONE;
    int64_t weight = parameters->match_bits;
    if (level->frequency_count == 0)
        return parameters->against_stranger;
    for (size_t i = 0; i < level->frequency_count; i++)
        weight += most_bits(&model->frequencies[level->frequency[i]]);
    if (weight < parameters->against_stranger)
        return parameters->against_stranger; /* where no frequency is known */
    return (int32_t)(weight > most ? most : weight);
}

/* The most that any level of a comparison can weigh, at least 0 (it may be silent). */
static void bound_comparison(struct scorer *scorer, size_t number, int32_t *stranger,
                             int32_t *relative)
{
    const struct comparison *comparison = &scorer->rules->comparisons[number];
    *stranger = *relative = 0;
    for (size_t i = 0; i < comparison->level_count; i++) {
        const struct level_parameters *level = &scorer->model->levels[number][i];
        int32_t most = bound_level(scorer->model, &comparison->levels[i], level);
        scorer->most_of_level[number][i] = most;
        *stranger = most > *stranger ? most : *stranger;
        *relative = level->against_relative > *relative ? level->against_relative : *relative;
    }
}

struct scorer *scorer_create(const struct table *table, const struct match_model *model)
{
    struct scorer *scorer = memory_allocate_array(1, sizeof(*scorer));
    scorer->table = table;
    scorer->rules = table->rules;
    scorer->model = model;
    scorer->frequency_bits = memory_allocate_array(table->width, sizeof(*scorer->frequency_bits));
    for (size_t i = 0; i < table->width; i++)
        if (model->frequencies[i].used)
            scorer->frequency_bits[i] = compute_frequency_bits(table, i, &model->frequencies[i]);
    for (size_t i = scorer->rules->comparison_count; i-- > 0;) {
        int32_t stranger = 0;
        int32_t relative = 0;
        bound_comparison(scorer, i, &stranger, &relative);
        scorer->most_stranger[i] = scorer->most_stranger[i + 1] + stranger;
        scorer->most_relative[i] = scorer->most_relative[i + 1] + relative;
    }
    for (size_t i = 0; i < model->dependence_count; i++)
        for (size_t j = model->dependences[i].second; j < COMPARISONS_MAX; j++)
            scorer->dependences[j + 1] = i + 1;
    return scorer;
}

void scorer_destroy(struct scorer *scorer)
{
    if (!scorer)
        return;
    for (size_t i = 0; i < scorer->table->width; i++)
        memory_free(scorer->frequency_bits[i]);
    memory_free(scorer->frequency_bits);
    memory_free(scorer);
}

int comparison_level_in(const struct pair_view *view, const struct comparison *comparison)
{
    if (!test_holds_in(view, &comparison->when))
        return -1;
    for (size_t i = 0; i < comparison->level_count; i++)
        if (test_holds_in(view, &comparison->levels[i].test))
            return (int)i;
    return -1;
}

int comparison_level(const struct table *table, const struct comparison *comparison, uint32_t a,
                     uint32_t b)
{
    struct pair_view view = pair_view_make(table, a, b);
    return comparison_level_in(&view, comparison);
}

int32_t score_frequency_bits(const struct scorer *scorer, size_t attribute, uint32_t a, uint32_t b)
{
    const int32_t *bits = scorer->frequency_bits[attribute];
    int32_t least = INT32_MAX;
    const uint32_t records[2] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        const uint32_t *values = NULL;
        size_t count = table_values(scorer->table, records[i], attribute, &values);
        for (size_t j = 0; j < count; j++)
            least = bits[values[j]] < least ? bits[values[j]] : least;
    }
    return least;
}

/* For these values, if all their frequencies are known. */
int32_t score_stranger(const struct scorer *scorer, size_t comparison, int number,
                       const struct pair_view *view)
{
    const struct level *level = &scorer->rules->comparisons[comparison].levels[number];
    const struct level_parameters *parameters = &scorer->model->levels[comparison][number];
    const int32_t most = LEVEL_BITS_MAX * WEIGHT_ONE;
    int64_t weight = parameters->match_bits;
    for (size_t i = 0; i < level->frequency_count; i++) {
        int32_t bits = score_frequency_bits(scorer, level->frequency[i], view->a, view->b);
        if (bits == INT32_MAX)
            return parameters->against_stranger;
        weight += bits;
    }
    if (level->frequency_count == 0)
        return parameters->against_stranger;
    return weight > most ? most : weight < -most ? -most : (int32_t)weight;
}

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* What one comparison gives; `implied` and what follows from it are the caller's. */
static struct score_part weigh_comparison(const struct scorer *scorer, size_t number,
                                          const struct pair_view *view)
{
    const struct comparison *comparison = &scorer->rules->comparisons[number];
    struct score_part part = {.level = comparison_level_in(view, comparison)};
    if (part.level < 0)
        return part;
    const struct level_parameters *parameters = &scorer->model->levels[number][part.level];
    part.against_stranger = score_stranger(scorer, number, part.level, view);
    part.against_relative = parameters->against_relative;
    return part;
}

static int32_t smaller_of_all(int32_t a, int32_t b, int32_t c)
{
    return smaller(a, smaller(b, c));
}

int32_t score_repeated(const struct scorer *scorer, size_t number, int level, int32_t weight,
                       const struct spoken *spoken)
{
    int32_t left = weight;
    for (size_t i = scorer->dependences[number]; i < scorer->dependences[number + 1]; i++) {
        const struct dependence *dependence = &scorer->model->dependences[i];
        const struct spoken *first = &spoken[dependence->first];
        if (left <= 0)
            break;
        if (first->level >= 0 && first->weight > 0)
            left -= smaller_of_all(dependence->bits[first->level][level], first->weight, left);
    }
    return weight - left;
}

/* The one place where a pair's weight is summed: for the run, which leaves early, and for people,
 * who want to see the parts. Inlined into each, so that the run pays nothing for the parts. */
static inline int32_t sum_comparisons(const struct scorer *scorer, const struct pair_view *view,
                                      int32_t least, struct score_part *parts)
{
    const struct match_rules *rules = scorer->rules;
    int32_t stranger = scorer->model->prior_stranger;
    int32_t relative = scorer->model->prior_relative;
    uint32_t implied = 0;
    struct spoken spoken[COMPARISONS_MAX];
    for (size_t i = 0; i < rules->comparison_count; i++) {
        if (score_combine(scorer, stranger + scorer->most_stranger[i],
                          relative + scorer->most_relative[i]) < least)
            return INT32_MIN;
        struct score_part part = {.level = -1, .implied = (implied >> i) & 1};
        if (!part.implied)
            part = weigh_comparison(scorer, i, view);
        spoken[i] = (struct spoken){part.level, part.against_stranger};
        if (part.level >= 0 && scorer->dependences[i] < scorer->dependences[i + 1]) {
            part.repeated = score_repeated(scorer, i, part.level, part.against_stranger, spoken);
            part.against_stranger -= part.repeated;
        }
        if (parts)
            parts[i] = part;
        if (part.level < 0)
            continue;
        stranger += part.against_stranger;
        relative += part.against_relative;
        implied |= rules->comparisons[i].levels[part.level].implies;
    }
    return score_combine(scorer, stranger, relative);
}

int32_t score_view(const struct scorer *scorer, const struct pair_view *view, int32_t least)
{
    return sum_comparisons(scorer, view, least, NULL);
}

int32_t score_pair(const struct scorer *scorer, uint32_t a, uint32_t b, int32_t least)
{
    struct pair_view view = pair_view_make(scorer->table, a, b);
    return sum_comparisons(scorer, &view, least, NULL);
}

int32_t score_pair_parts(const struct scorer *scorer, uint32_t a, uint32_t b,
                         struct score_part *parts)
{
    struct pair_view view = pair_view_make(scorer->table, a, b);
    return sum_comparisons(scorer, &view, INT32_MIN, parts);
}

const struct hard_rule *hard_rule_find_in(const struct pair_view *view)
{
    const struct match_rules *rules = view->table->rules;
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        if (test_holds_in(view, &rules->hard_rules[i].test))
            return &rules->hard_rules[i];
    return NULL;
}

const struct hard_rule *hard_rule_find(const struct table *table, uint32_t a, uint32_t b)
{
    struct pair_view view = pair_view_make(table, a, b);
    return hard_rule_find_in(&view);
}

const struct hard_rule *hard_rule_of(const struct pair_view *view, enum verdict verdict)
{
    const struct match_rules *rules = view->table->rules;
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        if (rules->hard_rules[i].verdict == verdict &&
            test_holds_in(view, &rules->hard_rules[i].test))
            return &rules->hard_rules[i];
    return NULL;
}
