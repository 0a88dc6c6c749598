#include "match/train/em.h"
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

struct em_masses {
    double one;
    double two;
    double three;
};

static bool learns(const struct em_kind *kind)
{
    return kind->learns_mass || kind->learns_levels;
}

/* How many pairs of each kind there should be with this pattern. */
static struct em_masses expect_pattern(const struct em_problem *problem, uint32_t number)
{
    struct slice pattern = map_key(problem->patterns->numbers, number);
    const struct em_kind *one = &problem->one;
    const struct em_kind *two = &problem->two;
    const struct em_kind *three = &problem->three;
    struct em_masses masses = {one->mass * pattern_probability(problem, one, pattern),
                               two->mass * pattern_probability(problem, two, pattern), 0};
    if (problem->lifts_of_two)
        masses.two *= problem->lifts_of_two[number];
    if (three->mass > 0)
        masses.three = three->mass * pattern_probability(problem, three, pattern);
    return masses;
}

double em_likelihood(const struct em_problem *problem)
{
    double sum = -problem->one.mass - problem->two.mass - problem->three.mass;
    for (uint32_t i = 0; i < map_count(problem->patterns->numbers); i++) {
        struct em_masses expected = expect_pattern(problem, i);
        double all = expected.one + expected.two + expected.three;
        if (all > 0)
            sum += (double)problem->patterns->counts[i] * log(all);
    }
    return sum * M_LOG2E;
}

/* Shares each pattern's pairs between the kinds; returns their masses. */
static struct em_masses expect(struct em_problem *problem)
{
    struct em_kind *one = &problem->one;
    struct em_kind *two = &problem->two;
    struct em_kind *three = &problem->three;
    struct em_masses masses = {0, 0, 0};
    memset(one->counts, 0, sizeof(one->counts));
    memset(two->counts, 0, sizeof(two->counts));
    memset(three->counts, 0, sizeof(three->counts));
    for (uint32_t i = 0; i < map_count(problem->patterns->numbers); i++) {
        struct slice pattern = map_key(problem->patterns->numbers, i);
        double pairs = (double)problem->patterns->counts[i];
        struct em_masses expected = expect_pattern(problem, i);
        double all = expected.one + expected.two + expected.three;
        double share = all > 0 ? expected.one / all : 0.5;
        double third = all > 0 && learns(three) ? expected.three / all : 0;
        count_pattern(one, pattern, pairs, share);
        count_pattern(two, pattern, pairs, 1 - share - third);
        count_pattern(three, pattern, pairs, third);
        masses.one += pairs * share;
        masses.two += pairs * (1 - share - third);
        masses.three += pairs * third;
    }
    return masses;
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
        if ((problem->excluded | kind->keeps) & UINT32_C(1) << i)
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
        outcome.iterations++;
        struct em_masses masses = expect(problem);
        double change = maximize(problem, &problem->one, masses.one, all);
        change = fmax(change, maximize(problem, &problem->two, masses.two, all));
        change = fmax(change, maximize(problem, &problem->three, masses.three, all));
        outcome.converged = change < EM_TOLERANCE;
    }
    return outcome;
}
