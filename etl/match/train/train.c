#include "cust360/train.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "match/model/frequency.h"
#include "match/train/training.h"

#define RANDOM_PAIRS_DEFAULT (UINT64_C(4) << 20)
#define RANDOM_PAIRS_JOINT   (UINT64_C(1) << 20) /* levels are finer, comparing dearer */

/* A first round only has to find good clusters: with a part of the random pairs. */
enum { NOTES_MAX = 64, ROUNDS = 2, JOINT_ROUNDS = 3, FIRST_ROUND_PART = 4 };

/* Of so many records one round is enough: pairs that are one customer are rare among random ones,
 * and the clusters of those that surely are one tell well enough whose values are counted once. */
enum { ONE_ROUND_RECORDS = 200000 };

/* Before any relatives are seen they are believed to look like strangers; as many pairs of
 * relatives outweigh that. */
#define BELIEF_PAIRS_RELATIVE 20

void training_note(struct training *training, const char *format, ...)
{
    struct train_report *report = training->report;
    va_list arguments;
    if (!training->last_round || report->note_count == NOTES_MAX)
        return;
    va_start(arguments, format);
    report->notes[report->note_count++] = arena_format_list(training->arena, format, arguments);
    va_end(arguments);
}

void training_note_outcome(struct training *training, const char *what, struct em_outcome outcome)
{
    struct train_report *report = training->report;
    if (outcome.iterations > report->iterations)
        report->iterations = outcome.iterations;
    if (outcome.converged)
        return;
    report->converged = false;
    training_note(training, "%s: not converged after %u iterations", what, outcome.iterations);
}

/* ---- strangers ---- */

void patterns_count_levels(const struct patterns *patterns, double counts[][LEVELS_MAX])
{
    for (uint32_t i = 0; i < map_count(patterns->numbers); i++) {
        struct slice pattern = map_key(patterns->numbers, i);
        for (size_t j = 0; j < pattern.length; j++)
            if (pattern.data[j])
                counts[j][pattern.data[j] - 1] += (double)patterns->counts[i];
    }
}

void normalize_levels(const struct comparison *comparison, const double *counts, double *levels)
{
    double sum = 0;
    for (size_t i = 0; i < comparison->level_count; i++)
        sum += counts[i] + 0.5;
    for (size_t i = 0; i < comparison->level_count; i++)
        levels[i] = (counts[i] + 0.5) / sum;
}

static void learn_strangers(struct training *training)
{
    const struct match_rules *rules = training->rules;
    double counts[COMPARISONS_MAX][LEVELS_MAX] = {{0}};
    double levels[LEVELS_MAX];
    struct patterns *patterns = patterns_create();
    struct random_pairs random = {training->report->random_pairs, training->options->seed,
                                  training->cluster};
    if (!training->last_round)
        random.count = random.count / FIRST_ROUND_PART + 1;
    patterns_of_random(patterns, training->table, &random, training->options->threads);
    patterns_count_levels(patterns, counts);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        normalize_levels(&rules->comparisons[i], counts[i], levels);
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            training->model->levels[i][j].stranger = levels[j];
    }
    if (rules->training.joint)
        learn_joint(training, patterns);
    patterns_destroy(patterns);
}

/* ---- one customer ---- */

/* Whether an attribute is, or comes from, a field that another one is or comes from. */
static bool are_kin(const struct match_rules *rules, size_t a, size_t b)
{
    if (a == b)
        return true;
    for (size_t i = 0; i < rules->attributes[a].from_count; i++)
        if (are_kin(rules, rules->attributes[a].from[i], b))
            return true;
    for (size_t i = 0; i < rules->attributes[b].from_count; i++)
        if (are_kin(rules, a, rules->attributes[b].from[i]))
            return true;
    return false;
}

static bool test_looks_at(const struct match_rules *rules, const struct test *test,
                          size_t attribute)
{
    for (size_t i = 0; i < test->alternative_count; i++)
        for (size_t j = 0; j < test->alternatives[i].condition_count; j++)
            if (are_kin(rules, test->alternatives[i].conditions[j].attribute, attribute))
                return true;
    return false;
}

/* The comparisons of which a blocking rule decides the outcome. */
static uint32_t find_excluded(const struct match_rules *rules, const struct block_rule *block)
{
    uint32_t excluded = 0;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            for (size_t k = 0; k < block->key_count; k++)
                if (test_looks_at(rules, &rules->comparisons[i].levels[j].test, block->keys[k]))
                    excluded |= UINT32_C(1) << i;
    return excluded;
}

/* Where EM begins: mostly the best level for one customer, what is known for strangers. */
static void begin_pass(const struct training *training, struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        size_t count = rules->comparisons[i].level_count;
        for (size_t j = 0; j < count; j++) {
            double others = count > 1 ? 0.1 / (double)(count - 1) : 0;
            problem->one.levels[i][j] = j == 0 ? 1 - others * (double)(count - 1) : others;
            problem->two.levels[i][j] = training->model->levels[i][j].stranger;
        }
    }
    problem->one.mass = (double)problem->patterns->pairs * 0.9;
    problem->two.mass = (double)problem->patterns->pairs * 0.1;
    problem->one.learns_mass = problem->two.learns_mass = true;
    problem->one.learns_levels = true;
}

static void learn_pass(struct training *training, size_t block, double counts[][LEVELS_MAX],
                       uint32_t *taught)
{
    const struct match_rules *rules = training->rules;
    struct em_problem *problem = memory_allocate_array(1, sizeof(*problem));
    const struct survey_choice choice = {&block, 1, true};
    struct patterns *patterns = survey_patterns(training->survey, &choice);
    problem->rules = rules;
    problem->patterns = patterns;
    problem->excluded = find_excluded(rules, &rules->blocks[block]);
    begin_pass(training, problem);
    struct em_outcome outcome = em_run(problem);
    training_note_outcome(training, rules->blocks[block].name, outcome);
    if (patterns->pairs == 0)
        training_note(training, "pass %s: no pairs", rules->blocks[block].name);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        if (problem->excluded & UINT32_C(1) << i)
            continue;
        *taught |= UINT32_C(1) << i;
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            counts[i][j] += problem->one.counts[i][j];
    }
    if (training->last_round)
        training->report->pass_pairs += patterns->pairs;
    patterns_destroy(patterns);
    memory_free(problem);
}

void training_note_unseen(struct training *training, size_t comparison, const double *counts)
{
    const struct comparison *rule = &training->rules->comparisons[comparison];
    for (size_t i = 0; i < rule->level_count; i++)
        if (counts[i] < 0.5)
            training_note(training,
                          "%s: level \"%s\" was never seen in pairs of one customer, its "
                          "weight is a guess",
                          rule->name, rule->levels[i].name);
}

static void learn_matches(struct training *training)
{
    const struct match_rules *rules = training->rules;
    double counts[COMPARISONS_MAX][LEVELS_MAX] = {{0}};
    double levels[LEVELS_MAX];
    uint32_t taught = 0;
    for (size_t i = 0; i < rules->training.pass_count; i++)
        learn_pass(training, rules->training.passes[i], counts, &taught);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        if (!(taught & UINT32_C(1) << i))
            training_note(training, "%s: no training pass can teach it, for all depend on it",
                          rules->comparisons[i].name);
        else
            training_note_unseen(training, i, counts[i]);
        size_t level_count = rules->comparisons[i].level_count;
        normalize_levels(&rules->comparisons[i], counts[i], levels);
        for (size_t j = 0; j < level_count; j++) {
            struct level_parameters *level = &training->model->levels[i][j];
            level->match = (1 - MATCH_SURPRISE) * levels[j] + MATCH_SURPRISE * level->stranger;
        }
    }
}

/* ---- relatives ---- */

/* Pairs that share something are one customer, which is known by now in kind and number, or
 * relatives, which are learned. In what the blocking rules look at, relatives begin as all these
 * pairs together; in everything else, as strangers, or, where there are twins, halfway between
 * strangers and one customer: but what tells twins apart is as strangers have it, and stays so. */
static void begin_relatives(const struct training *training, struct em_problem *problem)
{
    const struct match_rules *rules = training->rules;
    double counts[COMPARISONS_MAX][LEVELS_MAX] = {{0}};
    uint32_t shared = 0;
    patterns_count_levels(problem->patterns, counts);
    for (size_t i = 0; i < rules->training.relative_count; i++)
        shared |= find_excluded(rules, &rules->blocks[rules->training.relatives[i]]);
    for (size_t i = 0; i < rules->comparison_count; i++) {
        const struct level_parameters *levels = training->model->levels[i];
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++) {
            problem->one.levels[i][j] = levels[j].match;
            problem->two.levels[i][j] = levels[j].stranger;
            if (training->has_twins && !(training->apart & UINT32_C(1) << i))
                problem->two.levels[i][j] = (levels[j].match + levels[j].stranger) / 2;
            problem->two.belief[i][j] = problem->two.levels[i][j];
        }
        if (shared & UINT32_C(1) << i)
            normalize_levels(&rules->comparisons[i], counts[i], problem->two.levels[i]);
    }
    problem->one.mass = training->matches;
    problem->two.mass = (double)problem->patterns->pairs * 0.5;
    problem->two.learns_mass = problem->two.learns_levels = true;
    problem->two.belief_pairs = BELIEF_PAIRS_RELATIVE;
    problem->two.learns_from_likely = true;
    problem->two.keeps = training->apart;
}

static void learn_relatives(struct training *training)
{
    const struct match_rules *rules = training->rules;
    if (rules->training.relative_count == 0 || training->has_neighbours)
        return;
    struct em_problem *problem = memory_allocate_array(1, sizeof(*problem));
    /* With those that a `never` rule parts: no doubt that these are two. */
    const struct survey_choice choice = {rules->training.relatives, rules->training.relative_count,
                                         false};
    struct patterns *patterns = survey_patterns(training->survey, &choice);
    problem->rules = rules;
    problem->patterns = patterns;
    begin_relatives(training, problem);
    training_note_outcome(training, "relatives", em_run(problem));
    /* At least half a pair, for a model without relatives would have other weights. */
    double mass = problem->two.mass > 0.5 ? problem->two.mass : 0.5;
    training->model->relatives = mass / training->matches;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            training->model->levels[i][j].relative = problem->two.levels[i][j];
    training->report->relative_pairs = patterns->pairs;
    patterns_destroy(patterns);
    memory_free(problem);
}

/* ---- all of it ---- */

static bool learn_prior(struct training *training, struct error *error)
{
    const struct match_rules *rules = training->rules;
    double records = training->table->record_count;
    training->report->certain_pairs = training->survey->certain_pairs;
    if (training->report->certain_pairs == 0) {
        error_set(error, EXIT_FAILED, "could not train: no pair of the %u records is certain",
                  training->table->record_count);
        return error_hint(error, "train on more records, or see training: certain in %s",
                          rules->path);
    }
    training->matches = (double)training->report->certain_pairs / rules->training.certain_share;
    training->model->prior = training->matches / (records * (records - 1) / 2);
    if (training->model->prior > 0.5)
        training->model->prior = 0.5;
    return true;
}

static void learn_round(struct training *training)
{
    learn_strangers(training);
    frequencies_learn(training->arena, training->table, training->cluster, training->model);
    if (!training->rules->training.joint)
        learn_matches(training);
    learn_relatives(training);
    model_weigh(training->model);
}

static bool learn(struct training *training, const struct match_input *input, struct error *error)
{
    if (!training->rules->training.joint && !learn_prior(training, error))
        return false;
    unsigned rounds = training->rules->training.joint ? JOINT_ROUNDS : ROUNDS;
    if (!training->rules->training.joint && training->table->record_count > ONE_ROUND_RECORDS) {
        rounds = 1;
        training->cluster = training->survey->cluster;
        training->survey->cluster = NULL;
    }
    for (unsigned round = 1; round <= rounds; round++) {
        training->last_round = round == rounds;
        learn_round(training);
        if (training->last_round)
            break;
        /* The clusters of a first model tell whose values are counted once, and which random pairs
         * are no strangers. */
        struct match_result result;
        if (!match_run(training->rules, training->model, input, NULL, 0, training->options->threads,
                       &result, error))
            return false;
        memory_free(training->cluster);
        training->cluster = result.cluster;
        result.cluster = NULL;
        match_result_release(&result);
        if (training->options->labels)
            labels_correct_clusters(training->options->labels, training->table->record_count,
                                    training->cluster);
    }
    if (training->options->labels)
        learn_labels(training);
    return true;
}

static uint64_t choose_random_pairs(const struct train_options *options, bool joint,
                                    uint32_t records)
{
    uint64_t all = (uint64_t)records * (records - 1) / 2;
    uint64_t usual = joint ? RANDOM_PAIRS_JOINT : RANDOM_PAIRS_DEFAULT;
    uint64_t wanted = options->random_pairs ? options->random_pairs : usual;
    return wanted < all ? wanted : all;
}

static bool check_trainable(const struct match_rules *rules, const struct match_input *input,
                            struct error *error)
{
    if (rules->training.pass_count == 0 && !rules->training.joint) {
        error_set(error, EXIT_CONFIGURATION, "could not train: no training passes are named");
        error_place(error, rules->path, 0, 0);
        return error_hint(error, "add the section `training`");
    }
    if (match_input_count(input) < 2)
        return error_set(error, EXIT_FAILED, "could not train: there are fewer than two records");
    return true;
}

struct match_model *match_train(struct arena *arena, const struct match_rules *rules,
                                const struct match_input *input,
                                const struct train_options *options, struct train_report *report,
                                struct error *error)
{
    *report = (struct train_report){.converged = true};
    if (!check_trainable(rules, input, error))
        return NULL;
    const struct prepared *prepared = input_prepare(input, options->threads);
    const struct table *table = prepared->table;
    struct training training = {.arena = arena,
                                .rules = rules,
                                .table = table,
                                .survey = survey_make(table, prepared->met, options->threads),
                                .options = options,
                                .report = report,
                                .model = model_create(arena, rules)};
    report->notes = arena_allocate_array(arena, NOTES_MAX, sizeof(*report->notes));
    report->random_pairs = choose_random_pairs(options, rules->training.joint, table->record_count);
    training.model->trained_records = table->record_count;
    training.model->trained_by =
        options->command ? arena_text(arena, slice_of(options->command)) : NULL;
    bool learned = learn(&training, input, error);
    memory_free(training.cluster);
    patterns_destroy(training.met);
    survey_destroy(training.survey);
    return learned ? training.model : NULL;
}
