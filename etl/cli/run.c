#include "cli/audit.h"
#include "cli/open.h"
#include "cli/review/review_run.h"
#include "cli/roles.h"
#include "cli/run/gates.h"
#include "cli/run/job.h"
#include "cli/run/keep.h"
#include "cli/run/rehearsal.h"
#include "cli/run/retry.h"
#include "cli/signals.h"
#include "cli/streams.h"
#include "cli/subject.h"
#include "cli/targets.h"
#include "cli/views.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/publish_corrections.h"
#include "cust360/store_reading.h"
#include "cust360/store_rows.h"
#include "cust360/view.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The whole flow, top to bottom (see run_steps):
 *
 *   feeds ──► read_sources ──► match ──► merge ──► gates ──► commit ──► publish ──► report
 *
 * Until the commit nothing of the former state is touched for good; until the view is renamed
 * readers see the former one.
 */

/* How long a step took is the time from the step before to its end. */
static void stage_done(struct job *job, const char *name)
{
    double now = date_monotonic_seconds();
    struct run_report *report = &job->report;
    if (report->stage_count < JOB_STAGES)
        job->stages[report->stage_count++] = (struct report_stage){name, now - job->stage_began};
    job->stage_began = now;
    log_progress_end();
}

static bool load_configuration(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    job->rules = rules_load(project, job->as_of_days, error);
    if (!job->rules)
        return false;
    job->match_rules = match_rules_load(job->arena, project->match, project->model, error);
    if (!job->match_rules)
        return false;
    job->match_model = match_model_load(job->arena, project->match_model, job->match_rules, error);
    if (!job->match_model)
        return false;
    job->survivorship = survivorship_load(job->arena, project->survivorship, project->model, error);
    return job->survivorship && job_hash_configuration(job, error);
}

static bool begin_run(struct job *job, unsigned lock_wait_seconds, struct error *error)
{
    const struct project *project = job->project;
    if (!file_make_folder(project->state, error) || !file_make_folder(project->out, error))
        return false;
    job->store = store_open(project->state, project->model, STORE_WRITE, lock_wait_seconds, error);
    if (!job->store || (!job->rehearsal && !erasures_complete(project, job->store, error)) ||
        !store_former_run(job->store, &job->former, error))
        return false;
    char as_of[DATE_TEXT_BYTES];
    date_format(job->as_of_days, as_of);
    if (!store_run_begin(job->store, as_of, job->configuration_hash, error))
        return false;
    job->report.run_id = store_run_id(job->store);
    database_stop_when(store_database(job->store), &job->stop);
    job->changed = job->former.configuration_hash != job->configuration_hash ||
                   strcmp(job->former.as_of, as_of) != 0;
    return true;
}

static bool resolve(struct job *job, struct error *error)
{
    struct match_result result;
    bool before = false;
    if (!job_resolved_before(job, &before, error))
        return false;
    if (before) {
        stage_done(job, "match");
        return true;
    }
    bool matched = job_match(job, &result, error);
    stage_done(job, "match");
    bool merged = matched && job_merge(job, &result, error) && job_make_cases(job, error) &&
                  job_note_resolved(job, error);
    stage_done(job, "merge");
    match_result_release(&result);
    return merged;
}

/* The view of a state that has not changed would be the same again, byte for byte but for nothing
 * that anybody needs: it is left alone, so that its readers are as well. One that cannot be read is
 * made again. */
static bool view_stands(const struct job *job)
{
    struct view_stand stand = {0};
    bool is_due = job->changed || job->incomplete || !job->former.published ||
                  strcmp(job->former.status, "done") != 0;
    if (!is_due)
        view_stand(job->project, job->arena, &stand);
    return stand.run_id != 0;
}

/* A view that stands is of an earlier run: which one is noted with the run that leaves it, so that
 * the next one can bring it up to date. */
static bool note_view_run(struct job *job, struct error *error)
{
    const char *former = NULL;
    if (!store_note_read(job->store, "view_run", job->arena, &former, error))
        return false;
    job->former_view_run = strtoll(former, NULL, 10);
    if (view_stands(job))
        return true;
    const char *now = arena_format(job->arena, "%lld", (long long)job->report.run_id);
    return store_note_write(job->store, "view_run", now, error);
}

/* What the dealers are to correct, out of what the state now knows. */
static bool write_corrections(struct job *job, struct error *error)
{
    const char *folder = file_join(job->arena, job->project->out, "corrections");
    bool written =
        corrections_write(job->arena, store_database(job->store), job->project->model, folder,
                          &job->report.corrections, &job->report.correction_count, error);
    stage_done(job, "corrections");
    return written;
}

static bool publish(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    const char *path = view_path(project, job->arena);
    struct view_result view = {0};
    struct view_options options = {.folder = project->view,
                                   .reference = project->reference,
                                   .state_path = state_path(project, job->arena),
                                   .path = path,
                                   .run_id = job->report.run_id,
                                   .former_run_id = job->former_view_run,
                                   .as_of_days = job->as_of_days,
                                   .threads = job->threads,
                                   .stop = &job->stop};
    if (view_stands(job)) {
        if (!roles_publish(project, job->arena, ROLES_MISSING, error))
            return false;
        job->report.result = "nothing has changed; the published view stands";
    } else {
        log_progress("publishing", 0, 0);
        if (!views_keep(project, job->arena, project->operation.keep.views_runs, error) ||
            !view_build(job->arena, &options, &view, error) ||
            !roles_publish(project, job->arena, ROLES_ALL, error))
            return false;
        job->report.result = "published";
    }
    struct report_count *tables =
        arena_allocate_array(job->arena, view.table_count, sizeof(*tables));
    for (size_t i = 0; i < view.table_count; i++)
        tables[i] = (struct report_count){view.tables[i].name, view.tables[i].rows};
    job->report.view_tables = tables;
    job->report.view_table_count = view.table_count;
    job->report.published = true;
    stage_done(job, "publish");
    return store_run_published(job->store, job->report.run_id, error);
}

/* What has become of the targets is told in the report and by the exit code: the view is published
 * whether they are there or not, and the next run sends them what they missed. */
static bool send_to_targets(struct job *job, struct error *error)
{
    if (job->project->target_count == 0)
        return true;
    bool sent = targets_publish(job->project, NULL, job->arena, &job->report.targets,
                                &job->targets_exit_code, error);
    stage_done(job, "targets");
    return sent;
}

/* What others see; a rehearsal shows nobody anything. */
static bool publish_all(struct job *job, struct error *error)
{
    return job->rehearsal ||
           (!job_stopped(job, error) && write_corrections(job, error) && publish(job, error) &&
            send_to_targets(job, error) && job_finish_retention(job, error));
}

/* Removes what the committed state does not ask for any more. */
static bool tidy(struct job *job, struct error *error)
{
    return job_forget_absorbed(job, error) && store_rows_tidy(job->store, error) &&
           job_tidy_match(job, error);
}

/* Everything from the feeds to the view. False: nothing was published, and the state is as before
 * unless it had been committed. */
static bool run_steps(struct job *job, struct error *error)
{
    if (!job_read_sources(job, error))
        return false;
    stage_done(job, "read");
    if (!job_apply_retention(job, error) || !job_absorb_decisions(job, error) ||
        !resolve(job, error) || !gates_of_run(job, error) || !keep_forget(job, error) ||
        !note_view_run(job, error) || job_stopped(job, error))
        return false;
    if (!store_run_commit(job->store, job->incomplete ? "incomplete" : "done", error))
        return false;
    job->committed = true;
    if (!tidy(job, error) || (job->retry && !retry_finish(job->retry, error)))
        return false;
    stage_done(job, "commit");
    return publish_all(job, error);
}

static bool write_report(struct job *job, bool quiet, struct error *error)
{
    struct buffer summary = BUFFER_EMPTY;
    bool written = job_write_reports(job, &summary, error);
    if (written && !quiet)
        command_print(buffer_slice(&summary));
    buffer_release(&summary);
    return written;
}

/* A run that failed or was stopped leaves its report too: operations read it first. */
static int run_failed(struct job *job, struct error *why)
{
    struct error ignored;
    /* What a signal broke off came to grief in its own way: the signal is the reason. */
    job_stopped(job, why);
    int code = command_failed(why);
    database_stop_when(store_database(job->store), NULL);
    job->report.result = why->message;
    job->report.exit_code = code;
    if (!job->committed)
        store_run_abandon(job->store, code == EXIT_GATE ? "stopped" : "failed", &ignored);
    write_report(job, true, &ignored);
    job->report.result = NULL; /* the message ends with the error that holds it */
    return code;
}

/* The report of a rehearsal, also of one that a gate would have stopped. */
static int run_rehearsed(struct job *job, const struct invocation *invocation)
{
    struct error error = {0};
    struct error why = {0};
    struct error ignored;
    struct buffer text = BUFFER_EMPTY;
    bool json = false;
    int code = EXIT_DONE;
    if (!invocation_json(invocation, &json, &error))
        return command_failed(&error);
    if (!run_steps(job, &why)) {
        job_stopped(job, &why);
        code = command_failed(&why);
        job->report.result = why.message;
        if (!job->committed)
            store_run_abandon(job->store, code == EXIT_GATE ? "stopped" : "failed", &ignored);
    } else if (job->incomplete) {
        code = EXIT_SOURCE_MISSING;
    }
    bool written = rehearsal_report(job->rehearsal, json, &text, &error);
    if (written && !invocation_flag(invocation, "no-summary"))
        command_print(buffer_slice(&text));
    buffer_release(&text);
    job->report.result = NULL; /* the message ends with the error that holds it */
    return written ? code : command_failed(&error);
}

static int run_begun(struct job *job, bool quiet)
{
    struct error error = {0};
    if (!run_steps(job, &error))
        return run_failed(job, &error);
    bool incomplete = job->incomplete || job->targets_exit_code;
    job->report.exit_code = incomplete ? EXIT_SOURCE_MISSING : EXIT_DONE;
    if (job->targets_exit_code == EXIT_CREDENTIALS)
        job->report.exit_code = EXIT_CREDENTIALS;
    if (!write_report(job, quiet, &error))
        return command_failed(&error);
    return job->report.exit_code;
}

static int run_job(struct job *job, const struct invocation *invocation)
{
    struct error error = {0};
    int64_t threads = (int64_t)pool_processors();
    int64_t lock_wait_seconds = 0;
    if (!invocation_as_of(invocation, &job->as_of_days, &error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, &error) ||
        !invocation_integer(invocation, "lock-wait", 0, 86400, &lock_wait_seconds, &error) ||
        !gates_accept(job, invocation, &error))
        return command_failed(&error);
    job->threads = (unsigned)threads;
    job->rebuild = invocation_flag(invocation, "rebuild");
    job->report.as_of_days = job->as_of_days;
    job->project = open_project(invocation, job->arena, &error);
    if (!job->project)
        return command_failed(&error);
    job->report.project = job->project->name;
    if (job->rehearsal && job->rehearsal->unmasked &&
        !audit_unmasked(job->project, "run --dry-run", NULL, &error))
        return command_failed(&error);
    if (job->rehearsal && !rehearsal_begin(job->rehearsal, job, &error))
        return command_failed(&error);
    if (!load_configuration(job, &error))
        return command_failed(&error);
    stage_done(job, "configure");
    if (!begin_run(job, (unsigned)lock_wait_seconds, &error))
        return command_failed(&error);
    if (job->rehearsal)
        return run_rehearsed(job, invocation);
    return run_begun(job, invocation_flag(invocation, "no-summary"));
}

static int run_with(const struct invocation *invocation, struct rehearsal *rehearsal,
                    struct retry *retry)
{
    struct job job = {.arena = arena_create(), .rehearsal = rehearsal, .retry = retry};
    struct error ignored;
    char started[DATE_TIME_TEXT_BYTES];
    date_clock_text(started);
    job.report.started_at = started;
    job.began = date_monotonic_seconds();
    job.stage_began = job.began;
    streams_outlive_readers();
    struct signals *signals = signals_start(&job);
    int code = run_job(&job, invocation);
    signals_end(signals);
    store_close(job.store);
    if (rehearsal)
        rehearsal_end(rehearsal);
    if (retry && retry->readable)
        file_remove_folder(retry->readable, &ignored);
    memory_free(job.gates);
    rules_destroy(job.rules);
    arena_destroy(job.arena);
    return code;
}

static int run(const struct invocation *invocation)
{
    struct rehearsal rehearsal = {.unmasked = invocation_flag(invocation, "unmasked")};
    bool rehearse = invocation_flag(invocation, "dry-run");
    return run_with(invocation, rehearse ? &rehearsal : NULL, NULL);
}

int run_retry(const struct invocation *invocation)
{
    struct retry retry = {0};
    return run_with(invocation, NULL, &retry);
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_STATE,
    OPTION_OUT,
    OPTION_AS_OF,
    OPTION_THREADS,
    {"lock-wait", 0, "SECONDS", "how long to wait for another run (default: 0)"},
    {"accept", 0, "GATE", "let a gate pass this time: GATE or GATE:SOURCE, parted by commas"},
    {"reason", 0, "TEXT", "why it is accepted; recorded in state and report"},
    {"rebuild", 0, NULL, "read, match and merge everything anew, also what is as it was"},
    {"dry-run", 0, NULL, "rehearse on a copy: publish nothing, say what would change"},
    {"unmasked", 0, NULL, "with --dry-run: examples show whole values" UNMASKED_NOTED},
    {"format", 0, "FORMAT", "with --dry-run: text or json (default: text)"},
    {"no-summary", 0, NULL, "print no summary on stdout"},
    OPTION_END,
};

const struct command command_run = {
    .name = "run",
    .summary = "take the night's feeds through to the published view",
    .options = options,
    .details =
        "Reads every source of the project, standardizes and validates the rows, finds the\n"
        "records that mean the same customer, merges them into golden records, and replaces\n"
        "OUT/customer360.db. A run is one transaction: when it fails, state and view are as\n"
        "before. What it did is printed and written to OUT/report.json.\n"
        "\n"
        "A source that is missing or cannot be read keeps its last good data and the run\n"
        "ends with exit code 3; when the source is `required`, with 5 and nothing published.\n"
        "Gates (`gates:` in cust360.yaml) freeze a source or stop the run in the same way.\n"
        "\n"
        "--dry-run rehearses: all of it on a copy of the state, up to the gates. Told is what it\n"
        "would change of today's golden records, with examples, and what would repair the\n"
        "rejected rows; rehearsals are numbered and kept in STATE/rehearsals, each compared\n"
        "with the one before. State, view and targets stay as they are.\n"
        "\n"
        "SIGTERM and SIGINT take the run back and end with 143 and 130; SIGUSR1 tells how far\n"
        "it is, on stderr.",
    .run = run,
};
