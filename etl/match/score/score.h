/* score.h: the weight of a pair of records.
 *
 * A scorer is read-only once made and may be used by any number of threads. */
#ifndef CUST360_MATCH_SCORE_H
#define CUST360_MATCH_SCORE_H

#include "match/compare/test.h"
#include "match/model/model.h"

struct scorer {
    const struct table *table;
    const struct match_rules *rules;
    const struct match_model *model;
    /* By attribute, of those with frequencies: -log2 of the share of each value number. */
    int32_t **frequency_bits;
    /* The most that a level can weigh against the stranger, whatever its values. */
    int32_t most_of_level[COMPARISONS_MAX][LEVELS_MAX];
    /* The most that comparisons i and above can add, against the stranger and the relative. */
    int32_t most_stranger[COMPARISONS_MAX + 1];
    int32_t most_relative[COMPARISONS_MAX + 1];
    /* The dependences on comparison i are those from [i] up to [i + 1]. */
    size_t dependences[COMPARISONS_MAX + 1];
};

struct scorer *scorer_create(const struct table *table, const struct match_model *model);
void scorer_destroy(struct scorer *scorer);

/* The level of a comparison that two records show, or -1 when it is silent. Takes no account of
 * what implies what. */
int comparison_level(const struct table *table, const struct comparison *comparison, uint32_t a,
                     uint32_t b);

int comparison_level_in(const struct pair_view *view, const struct comparison *comparison);

/* What the level `number` weighs against the stranger, for the values of these two records. */
int32_t score_stranger(const struct scorer *scorer, size_t comparison, int number,
                       const struct pair_view *view);

/* What a comparison has said of a pair, its own weight. */
struct spoken {
    int level; /* -1: nothing */
    int32_t weight;
};

/* What the comparisons before `number` that it depends on have said of its weight already. Two that
 * agree tell together at least what the one that tells more does. */
int32_t score_repeated(const struct scorer *scorer, size_t number, int level, int32_t weight,
                       const struct spoken *spoken);

/* Whether a comparison repeats what earlier ones say. */
static inline bool score_depends(const struct scorer *scorer, size_t number)
{
    return scorer->dependences[number] < scorer->dependences[number + 1];
}

/* The smaller of two sums; of a model without relatives the first. */
static inline int32_t score_combine(const struct scorer *scorer, int32_t stranger, int32_t relative)
{
    return scorer->model->relatives > 0 && relative < stranger ? relative : stranger;
}

/* The weight of a pair, prior included. When it cannot reach `least`, any weight below. */
int32_t score_pair(const struct scorer *scorer, uint32_t a, uint32_t b, int32_t least);
int32_t score_view(const struct scorer *scorer, const struct pair_view *view, int32_t least);

/* What each comparison gave. */
struct score_part {
    int level;                /* -1: silent */
    bool implied;             /* silent because another one implies it */
    int32_t against_stranger; /* `repeated` taken off */
    int32_t against_relative;
    int32_t repeated; /* what earlier comparisons have said already */
};

/* The same weight with its parts, one a comparison. */
int32_t score_pair_parts(const struct scorer *scorer, uint32_t a, uint32_t b,
                         struct score_part *parts);

/* -log2 of the frequency of an attribute's value, in 1/WEIGHT_ONE bits; where the two records'
 * values differ the more common one speaks. INT32_MAX: neither has a value. Only for attributes
 * that levels name under `frequency`. */
int32_t score_frequency_bits(const struct scorer *scorer, size_t attribute, uint32_t a, uint32_t b);

/* The first hard rule that holds for a pair, or NULL. */
const struct hard_rule *hard_rule_find(const struct table *table, uint32_t a, uint32_t b);
const struct hard_rule *hard_rule_find_in(const struct pair_view *view);

/* The same among the rules of one verdict. */
const struct hard_rule *hard_rule_of(const struct pair_view *view, enum verdict verdict);

#endif
