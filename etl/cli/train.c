#include "cust360/train.h"
#include "cli/commands.h"
#include "cli/match_input.h"
#include "cli/open.h"
#include "cust360/base/log.h"
#include "cust360/base/pool.h"

#include <stdio.h>

/* One training while it is under way. */
struct trainer {
    struct arena *arena;
    const struct project *project;
    const struct match_rules *rules;
    struct store *store;
    struct match_input *input;
    struct train_options options;
    const char *out;
};

static bool read_options(struct trainer *trainer, const struct invocation *invocation,
                         struct error *error)
{
    int64_t seed = 1;
    int64_t threads = (int64_t)pool_processors();
    if (!invocation_integer(invocation, "seed", 0, INT64_MAX, &seed, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error))
        return false;
    const char *note = invocation_option(invocation, "note");
    trainer->out = invocation_option(invocation, "out");
    trainer->options.seed = (uint64_t)seed;
    trainer->options.threads = (unsigned)threads;
    trainer->options.command =
        note ? arena_format(trainer->arena, "cust360 train --seed %lld; %s", (long long)seed, note)
             : arena_format(trainer->arena, "cust360 train --seed %lld", (long long)seed);
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
    printf("%s after at most %u iterations; written to %s\n",
           report->converged ? "converged" : "not converged", report->iterations, trainer->out);
}

static bool train(struct trainer *trainer, struct error *error)
{
    const struct project *project = trainer->project;
    struct train_report report;
    trainer->rules = match_rules_load(trainer->arena, project->match, project->model, error);
    if (!trainer->rules)
        return false;
    trainer->store = store_open(project->state, project->model, STORE_READ, 0, error);
    if (!trainer->store)
        return false;
    trainer->input = match_input_create(trainer->rules);
    log_progress("training", 0, 0);
    if (!match_input_load(trainer->input, trainer->store, trainer->rules, trainer->arena, error))
        return false;
    const struct match_model *model = match_train(trainer->arena, trainer->rules, trainer->input,
                                                  &trainer->options, &report, error);
    log_progress_end();
    if (!model || !match_model_save(model, trainer->rules, trainer->out, error))
        return false;
    print_report(trainer, &report);
    return true;
}

static int run_train(const struct invocation *invocation)
{
    struct error error = {0};
    struct trainer trainer = {.arena = arena_create()};
    int code = EXIT_DONE;
    trainer.project = read_options(&trainer, invocation, &error)
                          ? open_project(invocation, trainer.arena, &error)
                          : NULL;
    if (trainer.project && !trainer.out)
        trainer.out = trainer.project->match_model;
    if (!trainer.project || !train(&trainer, &error))
        code = command_failed(&error);
    match_input_destroy(trainer.input);
    store_close(trainer.store);
    arena_destroy(trainer.arena);
    return code;
}

static const struct option_rule train_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    {"seed", 0, "N", "of the random pairs (default: 1)"},
    {"out", 'o', "FILE", "where the model goes (default: the project's model file)"},
    {"note", 0, "TEXT", "kept in the model: which data it was trained on"},
    {"threads", 0, "N", "threads to work with (default: the processors)"},
    OPTION_END,
};

const struct command command_train = {
    .name = "train",
    .summary = "learn from the state's records how much each agreement weighs",
    .options = train_options,
    .details =
        "Needs no examples: what agreement means among strangers comes from random pairs, among\n"
        "one customer's records from blocks that belong to one person (an identity number), among\n"
        "relatives from what families and former owners of a car share. Frequencies of names\n"
        "are counted as well. The model is a text file, to be looked at and compared; a run uses\n"
        "it as it is, and nothing but this command changes it. The same records and seed\n"
        "give the same model.",
    .run = run_train,
};
