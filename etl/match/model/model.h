/* model.h: what training has learned, as numbers.
 *
 * Each level of a comparison has three probabilities: `match`, that a pair which is one customer
 * shows it; `stranger`, that two customers taken at random do; `relative`, that two customers who
 * have something in common (a household, a resold car) do. They turn into two weights: against the
 * stranger and against the relative. A pair's weight is the smaller of the two sums: to be one
 * customer it must be unlike strangers and unlike relatives. Without relatives in the model there
 * is one sum, the classic one of Fellegi and Sunter (JASA 1969).
 *
 * Agreement on a rare value weighs more: a level that names `frequency` attributes replaces
 * `stranger` by the product of its values' frequencies, from tables that belong to the model. */
#ifndef CUST360_MATCH_MODEL_H
#define CUST360_MATCH_MODEL_H

#include "match/rules/rules.h"

struct level_parameters {
    double match;
    double stranger;
    double relative;
    int32_t against_stranger; /* weights, from the above */
    int32_t against_relative;
    int32_t match_bits; /* log2 of `match`, for levels with frequencies */
};

/* How often values occur, as shares of all known values. Those listed have a share of their own;
 * the others have `rest`, which is what a random one of them has on average. */
struct frequency_table {
    bool used;
    struct slice *values; /* ascending */
    double *shares;
    int32_t *bits; /* -log2 of the share, in 1/WEIGHT_ONE */
    size_t count;
    double rest;
    int32_t rest_bits;
};

/* Two comparisons of which strangers show some levels together more often than by chance: so many
 * times as often; 1: as by chance. The bits are taken from a pair's weight against the stranger. */
struct dependence {
    size_t first; /* comparison, before `second` */
    size_t second;
    double lift[LEVELS_MAX][LEVELS_MAX]; /* by the first's level, the second's */
    int32_t bits[LEVELS_MAX][LEVELS_MAX];
};

struct match_model {
    const struct match_rules *rules;
    double prior;     /* that two records taken at random are one customer */
    double relatives; /* pairs of relatives for each pair that is one customer; 0: no such */
    int32_t prior_stranger;
    int32_t prior_relative;
    struct level_parameters *levels[COMPARISONS_MAX];
    struct frequency_table *frequencies; /* by attribute */
    struct dependence *dependences;
    size_t dependence_count;
    uint64_t trained_records;
    const char *trained_by; /* how it can be trained again; NULL: not known */
};

/* No single level weighs more than this. */
enum { LEVEL_BITS_MAX = 24 };

/* An empty model of these rules, all probabilities 0, whole in the arena. */
struct match_model *model_create(struct arena *arena, const struct match_rules *rules);

/* Computes all weights from the probabilities. */
void model_weigh(struct match_model *model);

/* -log2 of the share of a value of a `frequency` attribute, in 1/WEIGHT_ONE bits. */
int32_t model_frequency_bits(const struct frequency_table *table, struct slice value);

#endif
