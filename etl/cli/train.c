#include "cust360/train.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/run/feeds.h"
#include "cli/run/job.h"
#include "cli/run/match_input.h"
#include "cli/train/train_blocking.h"
#include "cli/train/train_labels.h"
#include "cli/train/weights.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

#include <stdio.h>
#include <string.h>

/* One training while it is under way. */
struct trainer {
    struct job job; /* arena, project and store; more of it when the feeds are read */
    const struct match_rules *rules;
    struct match_intake *intake; /* when the feeds are read */
    struct match_input *input;
    struct train_options options;
    struct train_labels labels;
    struct truth_file *truth; /* NULL: none is named */
    uint32_t *entity;         /* by record, with a truth */
    size_t entity_capacity;
    bool blocking; /* keys are asked for, not a model */
    bool json;
    const char *out;
    const char *chart; /* where the picture goes; or NULL */
};

static bool read_options(struct trainer *trainer, const struct invocation *invocation,
                         struct error *error)
{
    int64_t seed = 1;
    int64_t threads = (int64_t)pool_processors();
    if (!invocation_as_of(invocation, &trainer->job.as_of_days, error) ||
        !invocation_integer(invocation, "seed", 0, INT64_MAX, &seed, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error))
        return false;
    const char *note = invocation_option(invocation, "note");
    const char *format = invocation_option(invocation, "format");
    trainer->blocking = invocation_flag(invocation, "blocking");
    trainer->json = format && strcmp(format, "json") == 0;
    if (format && (!trainer->blocking || (!trainer->json && strcmp(format, "text") != 0)))
        return error_set(error, EXIT_USAGE,
                         "train: --format is text or json, and goes with "
                         "--blocking");
    trainer->out = invocation_option(invocation, "out");
    trainer->chart = invocation_option(invocation, "chart");
    trainer->options.seed = (uint64_t)seed;
    trainer->options.threads = trainer->job.threads = (unsigned)threads;
    trainer->options.command =
        note ? arena_format(trainer->job.arena, "cust360 train --seed %lld; %s", (long long)seed,
                            note)
             : arena_format(trainer->job.arena, "cust360 train --seed %lld", (long long)seed);
    return true;
}

static void print_report(const struct trainer *trainer, const struct train_report *report)
{
    for (size_t i = 0; i < report->note_count; i++)
        log_warning("%s", report->notes[i]);
    printf("%u records: %llu random pairs, %llu certain ones, %llu of one customer's, %llu of "
           "relatives\n",
           match_input_count(trainer->input), (unsigned long long)report->random_pairs,
           (unsigned long long)report->certain_pairs, (unsigned long long)report->pass_pairs,
           (unsigned long long)report->relative_pairs);
    if (report->labelled_records)
        printf("labels: %llu records are known, %llu pairs of one customer's: what these show is "
               "learned from them%s\n",
               (unsigned long long)report->labelled_records,
               (unsigned long long)report->labelled_pairs,
               report->labelled_prior ? ", and how many there are" : "");
    if (report->labelled_same || report->labelled_not_same)
        printf("stewards' decisions: %llu same, %llu not the same; each corrects what its pair was "
               "counted as\n",
               (unsigned long long)report->labelled_same,
               (unsigned long long)report->labelled_not_same);
    printf("%s after at most %u iterations; written to %s\n",
           report->converged ? "converged" : "not converged", report->iterations, trainer->out);
}

/* ---- the records ---- */

/* The records that a run would find: a group that has had no run yet has no state, and a run needs
 * the model that is to be trained. */
static bool read_feeds(struct trainer *trainer, struct error *error)
{
    struct job *job = &trainer->job;
    struct feeds_counts counts;
    job->rules = rules_load(job->project, job->as_of_days, error);
    if (!job->rules)
        return false;
    struct feeds_settings settings = {job->project, job->rules, job->threads};
    trainer->intake = match_intake_create(trainer->rules, job->project->model);
    if (!feeds_read(&settings, trainer->intake, &counts, error))
        return false;
    trainer->input = match_intake_finish(trainer->intake);
    return true;
}

static bool load_rules(struct trainer *trainer, struct error *error)
{
    struct job *job = &trainer->job;
    trainer->rules = match_rules_load(job->arena, job->project->match, job->project->model, error);
    return trainer->rules != NULL;
}

static void label_record(struct trainer *trainer, uint32_t record, struct slice source,
                         struct slice key)
{
    trainer->entity = memory_grow(trainer->entity, &trainer->entity_capacity, (size_t)record + 1,
                                  sizeof(*trainer->entity));
    trainer->entity[record] = truth_file_entity(trainer->truth, source, key);
}

static void label_member(void *context, uint32_t record, const struct store_member *member)
{
    struct trainer *trainer = context;
    if (trainer->truth)
        label_record(trainer, record, member->source, member->key);
}

/* Those of the last run, with what stewards have said of them. */
static bool load_state(struct trainer *trainer, struct error *error)
{
    struct job *job = &trainer->job;
    job->store = store_open(job->project->state, job->project->model, STORE_READ, 0, error);
    if (!job->store || !load_rules(trainer, error))
        return false;
    trainer->input = match_input_create(trainer->rules);
    const struct match_input_choice all = {.added = label_member, .context = trainer};
    return match_input_load_chosen(trainer->input, job->store, trainer->rules, &all, job->arena,
                                   error) &&
           labels_load_decisions(&trainer->labels, job->store, job->arena, error);
}

/* Who is who, told to the training; a truth of other records is of no use. */
static bool take_labels(struct trainer *trainer, const char *path, struct error *error)
{
    uint32_t count = match_input_count(trainer->input);
    size_t known = 0;
    if (trainer->intake && trainer->truth)
        for (uint32_t i = 0; i < count; i++)
            label_record(trainer, i, match_intake_source(trainer->intake, i),
                         match_intake_key(trainer->intake, i));
    for (uint32_t i = 0; trainer->truth && i < count; i++)
        known += trainer->entity[i] != TRAIN_UNLABELLED;
    if (trainer->truth && known == 0) {
        error_set(error, EXIT_FAILED, "none of the %u records is named by the truth", count);
        error_place(error, path, 0, 0);
        return error_hint(error, "its columns are source, key and entity, a record in each row");
    }
    trainer->labels.entity = trainer->entity;
    if (known || trainer->labels.decision_count)
        trainer->options.labels = &trainer->labels;
    return true;
}

static bool open_records(struct trainer *trainer, const struct invocation *invocation,
                         struct error *error)
{
    struct job *job = &trainer->job;
    job->project = open_project_without_sources(invocation, job->arena, error);
    if (!job->project)
        return false;
    bool has_state = file_exists(state_path(job->project, job->arena));
    if (has_state && !invocation_option(invocation, "feeds"))
        return load_state(trainer, error);
    job->project = open_project(invocation, job->arena, error);
    return job->project && load_rules(trainer, error) && read_feeds(trainer, error);
}

/* The weights: on stdout as a table, and as a picture when one is wanted. */
static bool show_weights(const struct trainer *trainer, const struct match_model *model,
                         struct error *error)
{
    size_t count = 0;
    const struct match_weight *weights = match_model_weights(trainer->job.arena, model, &count);
    struct buffer text = BUFFER_EMPTY;
    weights_table(weights, count, &text);
    command_print(buffer_slice(&text));
    buffer_clear(&text);
    weights_chart(weights, count, &text);
    bool written = !trainer->chart || file_replace(trainer->chart, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}

/* Who is one customer: known, or as the model finds it with the keys that there are. */
static bool find_clusters(struct trainer *trainer, const struct match_model *model,
                          struct match_result *result, struct error *error)
{
    const struct train_labels *labels = &trainer->labels;
    *result = (struct match_result){0};
    return trainer->truth ||
           match_run(trainer->rules, model, trainer->input, labels->decisions,
                     labels->decision_count, trainer->options.threads, result, error);
}

static bool suggest_blocking(struct trainer *trainer, const struct match_model *model,
                             struct error *error)
{
    struct match_suggestion suggestion;
    struct match_result result;
    struct buffer text = BUFFER_EMPTY;
    if (!find_clusters(trainer, model, &result, error))
        return false;
    struct match_scene *scene = match_scene_create(trainer->rules, model, trainer->input);
    match_suggest(scene, trainer->truth ? trainer->entity : result.cluster,
                  trainer->options.threads, trainer->job.arena, &suggestion);
    (trainer->json ? blocking_json : blocking_table)(&suggestion, trainer->truth != NULL, &text);
    command_print(buffer_slice(&text));
    if (suggestion.matches == 0)
        log_warning("there are no two records of one customer: no key can be judged");
    buffer_release(&text);
    match_scene_destroy(scene);
    match_result_release(&result);
    return true;
}

static bool train(struct trainer *trainer, const struct invocation *invocation, struct error *error)
{
    struct job *job = &trainer->job;
    struct train_report report;
    const char *truth = invocation_option(invocation, "truth");
    if (truth && !(trainer->truth = truth_file_read(job->arena, truth, error)))
        return false;
    if (!open_records(trainer, invocation, error) || !take_labels(trainer, truth, error))
        return false;
    if (!trainer->out)
        trainer->out = job->project->match_model;
    log_progress("training", 0, 0);
    const struct match_model *model =
        match_train(job->arena, trainer->rules, trainer->input, &trainer->options, &report, error);
    log_progress_end();
    if (model && trainer->blocking)
        return suggest_blocking(trainer, model, error);
    if (!model || !match_model_save(model, trainer->rules, trainer->out, error))
        return false;
    print_report(trainer, &report);
    return show_weights(trainer, model, error);
}

static int run_train(const struct invocation *invocation)
{
    struct error error = {0};
    struct trainer trainer = {.job.arena = arena_create()};
    int code = EXIT_DONE;
    if (!read_options(&trainer, invocation, &error) || !train(&trainer, invocation, &error))
        code = command_failed(&error);
    memory_free(trainer.entity);
    truth_file_destroy(trainer.truth);
    match_input_destroy(trainer.input);
    store_close(trainer.job.store);
    match_intake_destroy(trainer.intake);
    rules_destroy(trainer.job.rules);
    arena_destroy(trainer.job.arena);
    return code;
}

static const struct option_rule train_options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_STATE,
    OPTION_AS_OF,
    {"truth", 0, "FILE", "labels: a CSV with source, key, entity"},
    {"blocking", 0, NULL, "suggest blocking keys; no model is written"},
    {"format", 0, "FORMAT", "of --blocking: text or json (default: text)"},
    {"seed", 0, "N", "of the random pairs (default: 1)"},
    {"out", 'o', "FILE", "where the model goes (default: the project's model file)"},
    {"chart", 0, "FILE", "a picture of the weights (SVG)"},
    {"note", 0, "TEXT", "kept in the model: which data it was trained on"},
    OPTION_THREADS,
    OPTION_END,
};

const struct command command_train = {
    .name = "train",
    .summary = "learn from the records themselves how much each agreement weighs",
    .options = train_options,
    .details =
        "Needs no examples: what agreement means among strangers comes from random pairs, among\n"
        "one customer's records from blocks that belong to one person (an identity number), among\n"
        "relatives from what families and former owners of a car share. Frequencies of names\n"
        "are counted as well. The model is a text file, to be looked at and compared; a run uses\n"
        "it as it is, and nothing but this command changes it. The same records and seed\n"
        "give the same model. Records are those of the state; with --feeds, or before the first\n"
        "run, those that a run would find in the feeds.\n"
        "\n"
        "Where somebody knows better, that is used: with --truth what one customer's records show\n"
        "is learned from those named there (few labels count little: what was learned without\n"
        "them counts as 20 pairs), and stewards' decisions in the state correct what the pairs\n"
        "they speak of were taken for.\n"
        "\n"
        "--blocking tells, of each field, part of a field and pair of these, how many pairs it\n"
        "would compare, how many of all it saves, and how many matches it would lose: of those\n"
        "that --truth names, else of those that the model finds by the keys that there are. From\n"
        "these it makes a small set, to be pasted into match.yaml.",
    .run = run_train,
};
