#include "cli/commands.h"
#include "cli/open.h"
#include "cli/run/feeds.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/base/log.h"
#include "cust360/base/pool.h"
#include "cust360/publish.h"
#include "cust360/train.h"

#include "cli/run/match_output.h"

/*
 *   feeds ──► intake ──► match_input ──► (train) ──► match_run ──► clusters.csv, pairs.csv
 *
 * The very functions of a run, without a state behind and a view in front of them.
 */

enum { STAGES_MAX = 8 };

struct matcher_job {
    struct arena *arena;
    const struct project *project;
    struct rules *rules;
    struct match_rules *match_rules;
    struct match_model *model;
    struct match_intake *intake;
    struct match_input *input;
    struct match_result result;
    struct feeds_counts counts;
    unsigned threads;
    int32_t as_of_days;
    uint64_t seed;
    bool trains;
    const char *model_path; /* NULL: not asked for */
    const char *out;        /* NULL: standard output */
    const char *pairs;
    const char *report;
    double stage_began;
    double stage_began_cpu;
    struct stage {
        const char *name;
        double seconds;
        double cpu_seconds;
    } stages[STAGES_MAX];
    size_t stage_count;
};

static void stage_done(struct matcher_job *job, const char *name)
{
    double now = date_monotonic_seconds();
    double now_cpu = date_cpu_seconds();
    job->stages[job->stage_count++] =
        (struct stage){name, now - job->stage_began, now_cpu - job->stage_began_cpu};
    job->stage_began = now;
    job->stage_began_cpu = now_cpu;
    log_progress_end();
}

static bool read_options(struct matcher_job *job, const struct invocation *invocation,
                         struct error *error)
{
    int64_t seed = 1;
    int64_t threads = (int64_t)pool_processors();
    if (!invocation_as_of(invocation, &job->as_of_days, error) ||
        !invocation_integer(invocation, "seed", 0, INT64_MAX, &seed, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error))
        return false;
    job->seed = (uint64_t)seed;
    job->threads = (unsigned)threads;
    job->trains = invocation_flag(invocation, "train");
    job->model_path = invocation_option(invocation, "model");
    job->out = invocation_option(invocation, "out");
    job->pairs = invocation_option(invocation, "pairs");
    job->report = invocation_option(invocation, "report");
    return true;
}

static bool configure(struct matcher_job *job, struct error *error)
{
    const struct project *project = job->project;
    job->rules = rules_load(project, job->as_of_days, error);
    if (!job->rules)
        return false;
    job->match_rules = match_rules_load(job->arena, project->match, project->model, error);
    if (!job->match_rules)
        return false;
    if (job->trains)
        return true;
    const char *path = job->model_path ? job->model_path : project->match_model;
    job->model = match_model_load(job->arena, path, job->match_rules, error);
    return job->model != NULL;
}

static bool read_feeds(struct matcher_job *job, struct error *error)
{
    struct feeds_settings settings = {job->project, job->rules, job->threads};
    job->intake = match_intake_create(job->match_rules, job->project->model);
    if (!feeds_read(&settings, job->intake, &job->counts, error))
        return false;
    job->input = match_intake_finish(job->intake);
    stage_done(job, "read");
    if (match_input_count(job->input) > 0)
        return true;
    error_set(error, EXIT_FAILED, "no source has given a single record to match");
    return error_hint(error, "see the messages above, and `feeds:` in %s", job->project->path);
}

static bool train(struct matcher_job *job, struct error *error)
{
    struct train_report report;
    struct train_options options = {.seed = job->seed, .threads = job->threads};
    options.command = arena_format(job->arena, "cust360 match --train --seed %llu",
                                   (unsigned long long)job->seed);
    log_progress("training", 0, 0);
    job->model = match_train(job->arena, job->match_rules, job->input, &options, &report, error);
    if (!job->model)
        return false;
    for (size_t i = 0; i < report.note_count; i++)
        log_warning("%s", report.notes[i]);
    if (job->model_path && !match_model_save(job->model, job->match_rules, job->model_path, error))
        return false;
    stage_done(job, "train");
    return true;
}

static bool write_files(struct matcher_job *job, struct error *error)
{
    if (job->pairs && !match_write_pairs(job->intake, &job->result, job->pairs, error))
        return false;
    return match_write_clusters(job->intake, &job->result, job->out, error);
}

static bool write_report(const struct matcher_job *job, struct error *error)
{
    const struct match_statistics *statistics = &job->result.statistics;
    struct buffer text = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER(&text);
    json_object_begin(&json, NULL);
    json_integer(&json, "rows_read", (int64_t)job->counts.rows_read);
    json_integer(&json, "rows_rejected", (int64_t)job->counts.rows_rejected);
    json_integer(&json, "rows_discarded", (int64_t)job->counts.rows_discarded);
    json_integer(&json, "records", job->result.record_count);
    json_integer(&json, "pairs_compared", (int64_t)statistics->pairs_compared);
    json_integer(&json, "pairs_matched", (int64_t)statistics->pairs_matched);
    json_integer(&json, "pairs_possible", (int64_t)statistics->pairs_possible);
    json_integer(&json, "pairs_left_out", (int64_t)statistics->pairs_left_out);
    json_integer(&json, "values_shared_widely", (int64_t)statistics->values_shared_widely);
    json_integer(&json, "links_refused", (int64_t)statistics->links_refused);
    json_integer(&json, "clusters", statistics->clusters);
    json_integer(&json, "largest_cluster", statistics->largest_cluster);
    json_array_begin(&json, "largest_blocks");
    for (size_t i = 0; i < job->result.block_count; i++) {
        const struct match_block *block = &job->result.blocks[i];
        json_object_begin(&json, NULL);
        json_text(&json, "rule", slice_of(block->rule));
        json_text(&json, "values", slice_of(block->values));
        json_integer(&json, "records", (int64_t)block->records);
        json_integer(&json, "pairs_left_out", (int64_t)block->pairs_left_out);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_begin(&json, "stages");
    for (size_t i = 0; i < job->stage_count; i++)
        json_number(&json, job->stages[i].name, job->stages[i].seconds);
    json_object_end(&json);
    json_object_begin(&json, "stages_cpu");
    for (size_t i = 0; i < job->stage_count; i++)
        json_number(&json, job->stages[i].name, job->stages[i].cpu_seconds);
    json_object_end(&json);
    json_integer(&json, "peak_memory_bytes", (int64_t)report_peak_memory());
    json_object_end(&json);
    bool written = file_replace(job->report, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}

static void log_summary(const struct matcher_job *job)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < job->stage_count; i++)
        buffer_format(&text, "%s%s %.2f s (CPU %.2f)", i ? ", " : "", job->stages[i].name,
                      job->stages[i].seconds, job->stages[i].cpu_seconds);
    log_information("%u records, %llu pairs compared, %u customers; %s", job->result.record_count,
                    (unsigned long long)job->result.statistics.pairs_compared,
                    job->result.statistics.clusters, text.data);
    buffer_release(&text);
}

static bool match_feeds(struct matcher_job *job, struct error *error)
{
    if (!configure(job, error))
        return false;
    stage_done(job, "configure");
    if (!read_feeds(job, error) || (job->trains && !train(job, error)))
        return false;
    log_progress("matching", 0, 0);
    if (!match_run(job->match_rules, job->model, job->input, NULL, 0, job->threads, &job->result,
                   error))
        return false;
    stage_done(job, "match");
    if (!write_files(job, error))
        return false;
    stage_done(job, "write");
    log_summary(job);
    return !job->report || write_report(job, error);
}

static int run_match(const struct invocation *invocation)
{
    struct error error = {0};
    struct matcher_job job = {.arena = arena_create(), .stage_began = date_monotonic_seconds()};
    int code = EXIT_DONE;
    if (read_options(&job, invocation, &error))
        job.project = open_project(invocation, job.arena, &error);
    if (!job.project || !match_feeds(&job, &error))
        code = command_failed(&error);
    else if (job.counts.sources_missing)
        code = EXIT_SOURCE_MISSING;
    match_result_release(&job.result);
    match_input_destroy(job.input);
    match_intake_destroy(job.intake);
    rules_destroy(job.rules);
    arena_destroy(job.arena);
    return code;
}

static const struct option_rule match_options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_AS_OF,
    {"train", 0, NULL, "learn from these records first, in place of a trained model"},
    {"model", 0, "FILE", "the model (default: the project's); with --train where it goes"},
    {"seed", 0, "N", "of the random pairs of --train (default: 1)"},
    {"out", 'o', "FILE", "where the clusters go (default: standard output)"},
    {"pairs", 0, "FILE", "where the pairs go that hold the clusters, or were left open"},
    {"report", 0, "FILE", "counts, seconds by stage and peak memory, as JSON"},
    OPTION_THREADS,
    OPTION_END,
};

const struct command command_match = {
    .name = "match",
    .summary = "find out which records of the feeds are one customer, and nothing else",
    .options = match_options,
    .details =
        "Reads, standardizes and matches the project's feeds as a run would, without a state\n"
        "and without a view: for a first look at data, for measuring, and for those who want\n"
        "the clusters only. Nothing of the project is changed.\n"
        "\n"
        "Clusters are a CSV with source, key, cluster: a cluster has the key of one of its\n"
        "records, and its source in front of it. Pairs are a CSV with both records, the weight\n"
        "in bits, the probability, and whether they are one customer (link) or a question.",
    .run = run_match,
};
