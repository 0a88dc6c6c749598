/* em.h: two kinds of pairs, told apart by what they show (Dempster, Laird, Rubin 1977).
 *
 * Given patterns with their counts, each pair belongs to kind one or two; a kind has a mass (the
 * number of its pairs) and, for each comparison, the probabilities of its levels, independent of
 * the other comparisons; a silent comparison tells nothing. Whatever of this is said to be learned
 * is estimated; the rest stays as given. */
#ifndef CUST360_MATCH_EM_H
#define CUST360_MATCH_EM_H

#include "match/train/patterns.h"

struct em_kind {
    double mass;
    double levels[COMPARISONS_MAX][LEVELS_MAX];
    double counts[COMPARISONS_MAX][LEVELS_MAX]; /* of its pairs that show it, as estimated */
    bool learns_mass;
    bool learns_levels;
    uint32_t keeps; /* comparisons (a bit each) whose levels are not learned all the same */
    /* What is believed before anything is seen, and how many pairs seen are worth as much. */
    double belief[COMPARISONS_MAX][LEVELS_MAX];
    double belief_pairs;
    /* Only pairs that are likelier of this kind than of the other teach it, and whole: for a kind
     * of which some comparisons see no true example, and would otherwise learn from a share of the
     * other kind's. */
    bool learns_from_likely;
};

struct em_problem {
    const struct match_rules *rules;
    const struct patterns *patterns;
    uint32_t excluded; /* comparisons (a bit each) that the choice of pairs decides */
    struct em_kind one;
    struct em_kind two;
    /* How often strangers show what a pattern shows, times what its levels alone say; NULL: 1 for
     * all. By pattern number. */
    const double *lifts_of_two;
    /* Further pairs that are no more of kind one; mass 0: none. They count as kind two's unless
     * kind three learns. */
    struct em_kind three;
};

struct em_outcome {
    unsigned iterations;
    bool converged;
};

enum { EM_ITERATIONS_MAX = 500 };

struct em_outcome em_run(struct em_problem *problem);

/* How likely the patterns are as they are, in bits, up to a constant of theirs: of two problems
 * with the same patterns the one with more explains them better. The number of pairs counts, too.
 */
double em_likelihood(const struct em_problem *problem);

#endif
