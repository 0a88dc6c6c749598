#include "match/em.h"
#include "cust360/base/map.h"

#include <math.h>

/* Converged: no probability moved by more. */
#define EM_TOLERANCE 1e-6

/* What was counted, with half a pair added to each level so that none is impossible, and what is
 * believed, in the proportion of their pairs. */
static void estimate_levels(const struct em_kind *kind, size_t comparison, size_t level_count,
                            double *levels)
{
    const double *counts = kind->counts[comparison];
    double pairs = 0;
    for (size_t i = 0; i < level_count; i++)
        pairs += counts[i];
    double belief = kind->belief_pairs / (kind->belief_pairs + pairs);
    if (kind->belief_pairs + pairs <= 0)
        belief = 0;
    for (size_t i = 0; i < level_count; i++) {
        double counted = (counts[i] + 0.5) / (pairs + 0.5 * (double)level_count);
        levels[i] = belief * kind->belief[comparison][i] + (1 - belief) * counted;
    }
}

static double pattern_probability(const struct em_problem *problem, const struct em_kind *kind,
                                  struct slice pattern)
{
    double probability = 1;
    for (size_t i = 0; i < pattern.length; i++)
        if (pattern.data[i] && !(problem->excluded & UINT32_C(1) << i))
            probability *= kind->levels[i][pattern.data[i] - 1];
    return probability;
}

static void count_pattern(struct em_kind *kind, struct slice pattern, double pairs, double share)
{
    if (kind->learns_from_likely)
        share = share > 0.5 ? 1 : 0;
    for (size_t i = 0; i < pattern.length; i++)
        if (pattern.data[i])
            kind->counts[i][pattern.data[i] - 1] += pairs * share;
}

/* Shares each pattern's pairs between the kinds; returns kind one's and two's masses. */
static void expect(struct em_problem *problem, double *mass_one, double *mass_two)
{
    struct em_kind *one = &problem->one;
    struct em_kind *two = &problem->two;
    memset(one->counts, 0, sizeof(one->counts));
    memset(two->counts, 0, sizeof(two->counts));
    *mass_one = *mass_two = 0;
    for (uint32_t i = 0; i < map_count(problem->patterns->numbers); i++) {
        struct slice pattern = map_key(problem->patterns->numbers, i);
        double pairs = (double)problem->patterns->counts[i];
        double of_one = one->mass * pattern_probability(problem, one, pattern);
        double of_two = two->mass * pattern_probability(problem, two, pattern);
        if (problem->three.mass > 0)
            of_two += problem->three.mass * pattern_probability(problem, &problem->three, pattern);
        double share = of_one + of_two > 0 ? of_one / (of_one + of_two) : 0.5;
        count_pattern(one, pattern, pairs, share);
        count_pattern(two, pattern, pairs, 1 - share);
        *mass_one += pairs * share;
        *mass_two += pairs * (1 - share);
    }
}

/* Takes over what was counted; returns the greatest change of a probability. */
static double maximize(const struct em_problem *problem, struct em_kind *kind, double mass,
                       double all)
{
    double change = 0;
    if (kind->learns_mass) {
        change = fabs(kind->mass - mass) / (all > 1 ? all : 1);
        kind->mass = mass;
    }
    for (size_t i = 0; i < problem->rules->comparison_count && kind->learns_levels; i++) {
        double levels[LEVELS_MAX];
        if (problem->excluded & UINT32_C(1) << i)
            continue;
        estimate_levels(kind, i, problem->rules->comparisons[i].level_count, levels);
        for (size_t j = 0; j < problem->rules->comparisons[i].level_count; j++) {
            change = fmax(change, fabs(levels[j] - kind->levels[i][j]));
            kind->levels[i][j] = levels[j];
        }
    }
    return change;
}

struct em_outcome em_run(struct em_problem *problem)
{
    struct em_outcome outcome = {0, false};
    double all = (double)problem->patterns->pairs;
    while (outcome.iterations < EM_ITERATIONS_MAX && !outcome.converged) {
        double mass_one = 0;
        double mass_two = 0;
        outcome.iterations++;
        expect(problem, &mass_one, &mass_two);
        double change = maximize(problem, &problem->one, mass_one, all);
        change = fmax(change, maximize(problem, &problem->two, mass_two, all));
        outcome.converged = change < EM_TOLERANCE;
    }
    return outcome;
}
