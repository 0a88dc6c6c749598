#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "match/train/dependence.h"
#include "match/train/training.h"
#include <math.h>

/* One EM over all pairs that meet by any blocking rule.
 *
 * How many pairs there are in all is known, and what two records taken at random show; so of the
 * pairs with a pattern a known number are strangers, and the rest are one customer. That holds for
 * the pairs that meet as it does for all, for which pairs meet depends on what they show. So no
 * choice of pairs excludes a comparison from learning, and the number of pairs that are one
 * customer, which is the prior, comes with it.
 *
 * Random pairs hold a few that are one customer; what these are expected to show is taken off, as
 * long as no clusters of a former round tell them apart. */

enum { TAKE_OFF_STEPS = 4 };

/* Before anything is seen: mostly the best level, the others evenly. */
#define BEST_LEVEL_SHARE 0.7

/* As many pairs of one customer outweigh what is believed before any is seen. Where hardly anybody
 * stands twice, two pairs that happen to look alike would else teach what one customer looks like.
 */
#define BELIEF_PAIRS_MATCH 10

/* Before anything is seen: pairs that are one customer, by record. */
#define PAIRS_A_RECORD 0.5

/* Fewer pairs of one customer beside neighbours are none. */
#define MATCHES_LEAST 1.0

/* Pairs whose own fields weigh less than this on average are two people. */
#define OWN_BITS_LESS (-2.0)

/* … and they are by less than this share as far from strangers as one customer's pairs are. */
#define OWN_DISTANCE_SHARE 0.5

/* Before any are seen: twins for each pair of one customer. */
#define TWINS_SHARE 0.1

/* Fewer, or such as do not explain so much more of what is seen, are none. */
#define TWINS_LEAST     3.0
#define TWINS_GAIN_BITS 20.0

/* Pairs of one customer that may be among the random ones all the same, by record. */
#define PAIRS_MISSED_A_RECORD 0.5

static void begin(const struct training *training, struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    double records = training->table->record_count;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        size_t count = rules->comparisons[i].level_count;
        for (size_t j = 0; j < count; j++) {
            const struct level_parameters *level = &training->model->levels[i][j];
            double others = count > 1 ? (1 - BEST_LEVEL_SHARE) / (double)(count - 1) : 0;
            double best = count > 1 ? BEST_LEVEL_SHARE : 1;
            problem->one.levels[i][j] = j == 0 ? best : others;
            problem->one.belief[i][j] = problem->one.levels[i][j];
            problem->two.levels[i][j] = level->stranger;
            problem->three.levels[i][j] = level->relative;
        }
    }
    problem->one.belief_pairs = BELIEF_PAIRS_MATCH;
    problem->one.mass = records * PAIRS_A_RECORD;
    problem->one.learns_mass = problem->one.learns_levels = true;
    problem->two.mass = records * (records - 1) / 2;
    problem->three.mass = training->cluster ? training->model->relatives * training->matches : 0;
}

/* What random pairs would show without those that are one customer. */
static void take_off_matches(struct training *training, const struct patterns *random,
                             const struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    double counts[COMPARISONS_MAX][LEVELS_MAX] = {{0}};
    double levels[LEVELS_MAX];
    patterns_count_levels(random, counts);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++) {
            counts[i][j] -= problem->one.counts[i][j] * (double)random->pairs / problem->two.mass;
            if (counts[i][j] < 0)
                counts[i][j] = 0;
        }
        normalize_levels(&rules->comparisons[i], counts[i], levels);
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            training->model->levels[i][j].stranger = levels[j];
    }
}

static void take_over(struct training *training, const struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        const double *levels = problem->one.levels[i];
        training_note_unseen(training, i, problem->one.counts[i]);
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++) {
            struct level_parameters *level = &training->model->levels[i][j];
            level->match = (1 - MATCH_SURPRISE) * levels[j] + MATCH_SURPRISE * level->stranger;
        }
    }
    training->matches = problem->one.mass > 0.5 ? problem->one.mass : 0.5;
    training->model->prior = training->matches / problem->two.mass;
    if (training->model->prior > 0.5)
        training->model->prior = 0.5;
    if (training->has_neighbours) {
        training->model->relatives = problem->three.mass / training->matches;
        for (size_t i = 0; i < rules->comparison_count; i++)
            for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
                training->model->levels[i][j].relative = problem->three.levels[i][j];
    }
    training->report->certain_pairs = (uint64_t)training->matches;
    training->report->pass_pairs = training->met->pairs;
}

/* Among random pairs those of one customer look as if everything depended on everything. When
 * clusters are known those that were found are not counted, but some may have been missed. */
static double *learn_dependences(const struct training *training, const struct patterns *random)
{
    const struct map *numbers = training->met->numbers;
    uint32_t count = map_count(numbers);
    double records = training->table->record_count;
    double matches = (double)random->pairs * PAIRS_MISSED_A_RECORD / ((records - 1) / 2);
    double *lifts = memory_allocate_array((size_t)count + 1, sizeof(*lifts));
    dependences_learn(training->arena, random, matches, training->model);
    for (uint32_t i = 0; i < count; i++)
        lifts[i] = dependences_lift(training->model, map_key(numbers, i));
    return lifts;
}

static void meet_all(struct training *training)
{
    const struct survey_choice all = {.without_never = true};
    training->met = survey_patterns(training->survey, &all);
}

/* ---- neighbours ---- */

/* What kind three's pairs weigh on average by some comparisons, as evidence for kind one. */
static double mean_weight(const struct match_rules *rules, const struct em_problem *problem,
                          uint32_t comparisons)
{
    const struct em_kind *one = &problem->one;
    const struct em_kind *three = &problem->three;
    double sum = 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            if (comparisons & UINT32_C(1) << i)
                sum += three->counts[i][j] * log2(one->levels[i][j] / problem->two.levels[i][j]);
    return sum / three->mass;
}

/* How far a kind's pairs are from strangers by some comparisons, on average. */
static double mean_distance(const struct match_rules *rules, const struct em_problem *problem,
                            const struct em_kind *kind, uint32_t comparisons)
{
    double sum = 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            if (comparisons & UINT32_C(1) << i && kind->levels[i][j] > 0)
                sum += kind->levels[i][j] * log2(kind->levels[i][j] / problem->two.levels[i][j]);
    return sum;
}

/* Whether kind three is nearer to strangers than a share of what kind one is away from them. Where
 * exact copies make kind one narrow, who has errors weighs little as evidence for it, and is still
 * far from strangers. */
static bool is_nearer(const struct match_rules *rules, const struct em_problem *problem,
                      uint32_t comparisons, double share)
{
    return mean_distance(rules, problem, &problem->three, comparisons) <
           share * mean_distance(rules, problem, &problem->one, comparisons);
}

/* Of people: not who they are. A home and a phone are shared by a household, and left behind by who
 * moves; name and birth date are not. Of other things: all in all they would not be merged. */
static bool are_neighbours(const struct match_rules *rules, const struct em_problem *problem)
{
    uint32_t own = rules->training.own;
    if (problem->three.mass <= 0 || problem->one.mass < MATCHES_LEAST)
        return false;
    if (own)
        return mean_weight(rules, problem, own) < OWN_BITS_LESS &&
               is_nearer(rules, problem, own, OWN_DISTANCE_SHARE);
    double prior_bits = log2(problem->one.mass / problem->two.mass);
    return prior_bits + mean_weight(rules, problem, UINT32_MAX) < 0 &&
           is_nearer(rules, problem, UINT32_MAX, 1);
}

/* Where more pairs share a town, a street and a dialling code than are one customer, two kinds are
 * not enough: EM takes the neighbours for those who are one. So it is asked again, with what it
 * took for one customer as a third kind, and kind one again from where it began. If the third is
 * such that its pairs on average would not be merged, they are neighbours, and are the relatives of
 * the model. Else they are one customer's, those with errors, and what was found first stays. */
static struct em_outcome learn_neighbours(struct training *training, struct em_problem *found)
{
    struct em_problem *problem = memory_allocate_array(1, sizeof(*problem));
    problem->patterns = found->patterns;
    problem->rules = found->rules;
    problem->lifts_of_two = found->lifts_of_two;
    begin(training, problem);
    problem->three = found->one;
    problem->three.belief_pairs = 0; /* they have been seen */
    struct em_outcome outcome = em_run(problem);
    training->has_neighbours = are_neighbours(training->rules, problem);
    if (training->has_neighbours)
        *found = *problem;
    memory_free(problem);
    return outcome;
}

/* ---- twins ---- */

/* Two who share all that one customer's records share, but for `apart` (comparisons, a bit each).
 */
static void begin_twins(const struct training *training, const struct em_problem *found,
                        uint32_t apart, struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    problem->patterns = found->patterns;
    problem->rules = found->rules;
    problem->lifts_of_two = found->lifts_of_two;
    begin(training, problem);
    problem->three = found->one;
    problem->three.mass = found->one.mass * TWINS_SHARE;
    problem->three.learns_levels = false;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            if (apart & UINT32_C(1) << i)
                problem->three.levels[i][j] = problem->two.levels[i][j];
            else
                problem->one.levels[i][j] = found->one.levels[i][j];
}

/* If twins who differ in both of `apart` explain more than any before did, they are taken over.
 * Nothing of them is learned but how many they are, so that few are enough to be seen. */
static void try_twins(struct training *training, uint32_t apart, double *most_bits,
                      struct em_problem *found, struct em_problem *best)
{
    struct em_problem *problem = memory_allocate_array(1, sizeof(*problem));
    begin_twins(training, found, apart, problem);
    em_run(problem);
    double gain_bits = em_likelihood(problem) - em_likelihood(found);
    if (problem->three.mass >= TWINS_LEAST && gain_bits >= *most_bits) {
        *most_bits = gain_bits;
        *best = *problem;
        best->three.keeps = apart;
    }
    memory_free(problem);
}

/* A given name and a number go wrong independently of each other; where they differ together more
 * often than that, all else being the same, there are twins among those whom EM takes for one; by
 * birth date and number, fathers and sons of one name. One thing that differs may as well be a
 * slip: no data tell it from a twin. */
static void part_twins(struct training *training, struct em_problem *found)
{
    uint32_t twins = training->rules->training.twins;
    double most_bits = TWINS_GAIN_BITS;
    if (training->has_neighbours)
        return;
    struct em_problem *best = memory_allocate_array(1, sizeof(*best));
    for (uint32_t i = 0; i < COMPARISONS_MAX; i++)
        for (uint32_t j = i + 1; j < COMPARISONS_MAX; j++)
            if ((twins >> i & 1) && (twins >> j & 1))
                try_twins(training, UINT32_C(1) << i | UINT32_C(1) << j, &most_bits, found, best);
    if (best->three.keeps) {
        *found = *best;
        training->apart =
            training->has_twins ? training->apart & best->three.keeps : best->three.keeps;
        training->has_twins = true;
        training->has_neighbours = training->rules->training.relative_count == 0;
        training_note(training,
                      "some %.0f pairs agree in all that households share and differ in two things "
                      "that are a person's own: taken for twins, or for father and son, not for "
                      "one customer",
                      best->three.mass);
    }
    memory_free(best);
}

void learn_joint(struct training *training, const struct patterns *random)
{
    struct em_problem *problem = memory_allocate_array(1, sizeof(*problem));
    struct em_outcome outcome = {0, true};
    if (!training->met)
        meet_all(training);
    problem->rules = training->rules;
    problem->patterns = training->met;
    double *lifts = learn_dependences(training, random);
    problem->lifts_of_two = lifts;
    for (unsigned step = 0; step == 0 || (step < TAKE_OFF_STEPS && !training->cluster); step++) {
        begin(training, problem);
        outcome = em_run(problem);
        if (!training->cluster)
            take_off_matches(training, random, problem);
    }
    if (!training->has_neighbours) {
        struct em_outcome with_neighbours = learn_neighbours(training, problem);
        if (training->has_neighbours)
            outcome = with_neighbours;
        if (training->has_neighbours && !training->cluster)
            take_off_matches(training, random, problem);
    }
    part_twins(training, problem);
    training_note_outcome(training, "all pairs that meet", outcome);
    take_over(training, problem);
    memory_free(lifts);
    memory_free(problem);
}
