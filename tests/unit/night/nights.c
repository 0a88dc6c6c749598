#include "cli/commands.h"
#include "cli/run/gates.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/store_rows.h"
#include "night.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* One sequence:
 *
 *   exports ──► run (whole, stopped by a gate, given up or killed at some moment) ──┐
 *      ▲ changed at random                                                         │ a few nights
 *      └───────────────────────────────────────────────────────────────────────────┘
 *   the state  ══ must say what says ══  a new state, fed what each source gave last */

enum { STEP_BEGUN = 1, STEP_READ, STEP_MATCHED, STEP_MERGED, STEP_COMMITTED, STEP_ALL };

enum { NO_STEP = 0 };

static void configure(struct nights *nights)
{
    struct error error;
    struct job *job = &nights->configured;
    nights->project = project_load(nights->arena, night_path(nights, "cust360.yaml"), NULL, &error);
    cr_assert(nights->project, "%s", error.message);
    const struct project *project = nights->project;
    job->arena = nights->arena;
    job->project = project;
    job->as_of_days = nights->as_of_days;
    job->match_rules = match_rules_load(nights->arena, project->match, project->model, &error);
    cr_assert(job->match_rules, "%s:%d: %s", error.file, (int)error.line, error.message);
    job->match_model =
        match_model_load(nights->arena, project->match_model, job->match_rules, &error);
    cr_assert(job->match_model, "%s", error.message);
    job->survivorship =
        survivorship_load(nights->arena, project->survivorship, project->model, &error);
    cr_assert(job->survivorship && job_hash_configuration(job, &error), "%s", error.message);
}

void nights_open(struct nights *nights)
{
    const char *folder = getenv("TMPDIR");
    log_configure(LOG_ERROR, LOG_TEXT);
    *nights = (struct nights){.arena = arena_create()};
    snprintf(nights->folder, sizeof(nights->folder), "%s/nights-%d", folder ? folder : "/tmp",
             (int)getpid());
    cr_assert(date_parse(SLICE("2026-06-30"), &nights->as_of_days));
    nights->configured.as_of_days = nights->as_of_days;
    night_feeds_open(nights);
    night_first(nights);
    night_write_feeds(nights, false);
    configure(nights);
}

void nights_close(struct nights *nights)
{
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        lines_free(&nights->files[i].pool);
        lines_free(&nights->files[i].now);
        lines_free(&nights->files[i].good);
    }
    for (size_t i = 0; i < NIGHT_DAYS_MAX; i++)
        rules_destroy(nights->rules[i]);
    arena_destroy(nights->arena);
}

/* ---- runs ---- */

static void write_decision(struct database *database, const struct night_decision *decision,
                           size_t number)
{
    struct error error;
    struct statement *put = statement_prepare(
        database,
        "INSERT INTO decision(decision_id, decided_at, decided_by, kind, source_a, key_a, source_b,"
        " key_b, attribute, value, undone) VALUES(?1,'2026-06-30T08:00:00','t',?2,?3,?4,?5,?6,?7,"
        " ?8,?9) ON CONFLICT(decision_id) DO UPDATE SET undone=excluded.undone",
        &error);
    bool value = strcmp(decision->kind, "value") == 0;
    cr_assert(put, "%s", error.message);
    statement_bind_integer(put, 1, (int64_t)number + 1);
    statement_bind_text(put, 2, slice_of(decision->kind));
    statement_bind_text(put, 3, slice_of(decision->source_a));
    statement_bind_text(put, 4, slice_of(decision->key_a));
    if (!value) {
        statement_bind_text(put, 5, slice_of(decision->source_b));
        statement_bind_text(put, 6, slice_of(decision->key_b));
    } else {
        statement_bind_text(put, 7, SLICE("email"));
        statement_bind_text(put, 8, slice_of(decision->value));
    }
    statement_bind_integer(put, 9, decision->undone);
    cr_assert(statement_run(put, &error), "%s", error.message);
    statement_destroy(put);
}

/* Rules read dates by the run's day. */
static struct rules *rules_of_day(struct nights *nights)
{
    struct error error;
    int32_t day = nights->as_of_days - nights->configured.as_of_days;
    cr_assert(day >= 0 && day < NIGHT_DAYS_MAX);
    if (!nights->rules[day])
        nights->rules[day] = rules_load(nights->project, nights->as_of_days, &error);
    cr_assert(nights->rules[day], "%s", error.message);
    return nights->rules[day];
}

static bool resolve(struct job *job, int steps, struct error *error)
{
    struct match_result result = {0};
    bool before = false;
    if (!job_resolved_before(job, &before, error))
        return false;
    if (before)
        return true;
    bool done =
        job_match(job, &result, error) &&
        (steps < STEP_MERGED || (job_merge(job, &result, error) && job_note_resolved(job, error)));
    match_result_release(&result);
    return done;
}

/* Runs so many steps; with all of them the run is committed. False: a gate has stopped it. */
static bool run_steps(struct job *job, int steps)
{
    char as_of[DATE_TEXT_BYTES];
    struct error error = {0};
    date_format(job->as_of_days, as_of);
    bool done =
        store_former_run(job->store, &job->former, &error) &&
        store_run_begin(job->store, as_of, job->configuration_hash, &error) &&
        (steps < STEP_READ || job_read_sources(job, &error)) &&
        (steps < STEP_MATCHED || resolve(job, steps, &error)) &&
        (steps < STEP_COMMITTED ||
         (gates_of_run(job, &error) &&
          store_run_commit(job->store, job->incomplete ? "incomplete" : "done", &error))) &&
        (steps < STEP_ALL || (store_rows_tidy(job->store, &error) && job_tidy_match(job, &error)));
    bool stopped = !done && error.exit_code == EXIT_GATE;
    cr_assert(done || (stopped && store_run_abandon(job->store, "stopped", &error)), "%s: %s",
              error.file, error.message);
    return done;
}

static void accept_all(struct job *job)
{
    struct error error;
    struct invocation accepts = {.command = &command_run};
    for (size_t i = 0; command_run.options[i].name; i++) {
        if (strcmp(command_run.options[i].name, "accept") == 0)
            accepts.values[i] = "removals,golden_count";
        if (strcmp(command_run.options[i].name, "reason") == 0)
            accepts.values[i] = "it is so";
    }
    cr_assert(gates_accept(job, &accepts, &error), "%s", error.message);
}

/* False: a gate has stopped it. To be ended by end_night. */
static bool run_night(struct nights *nights, const char *state, int steps, struct job *job)
{
    struct error error = {0};
    struct project project = *nights->project;
    project.state = night_path(nights, state);
    project.sources = memory_allocate_array(project.source_count, sizeof(*project.sources));
    memcpy(project.sources, nights->project->sources,
           project.source_count * sizeof(*project.sources));
    for (size_t i = 0; i < project.source_count; i++)
        if (!file_exists(project.sources[i].path))
            error_set(&project.sources[i].missing, EXIT_SOURCE_MISSING, "late");
    *job = nights->configured;
    job->arena = arena_create();
    job->project = &project;
    job->as_of_days = nights->as_of_days;
    job->rules = rules_of_day(nights);
    job->threads = 1 + (unsigned)(nights->seed % 2);
    if (nights->accepted)
        accept_all(job);
    job->store = store_open(project.state, project.model, STORE_WRITE, 0, &error);
    cr_assert(job->store, "%s", error.message);
    for (size_t i = 0; i < nights->decision_count; i++)
        write_decision(store_database(job->store), &nights->decisions[i], i);
    nights->decisions_written = nights->decision_count;
    bool done = run_steps(job, steps);
    memory_free(project.sources);
    return done;
}

static void end_night(struct job *job)
{
    store_close(job->store);
    memory_free(job->gates);
    arena_destroy(job->arena);
}

static void end_and_publish(struct nights *nights, struct job *job)
{
    int64_t run_id = store_run_id(job->store);
    int64_t former_run_id = job->former.run_id;
    end_night(job);
    if (nights->has_views)
        night_view_update(nights, run_id, former_run_id);
}

static int64_t number_of(struct database *database, const char *sql)
{
    struct error error;
    int64_t number = -1;
    cr_assert(database_integer(database, sql, 0, &number, &error), "%s", error.message);
    return number;
}

static void check_ids(const struct nights *nights, struct database *database)
{
    const char *fault = night_ids_fault(database);
    cr_assert_null(fault, "seed %llu: %s", (unsigned long long)nights->seed, fault);
    cr_assert_eq(number_of(database, "SELECT count(*) FROM source WHERE status='failed'"), 0,
                 "seed %llu: a source failed", (unsigned long long)nights->seed);
}

/* ---- nights that come to grief ---- */

/* The run in a process of its own, which SIGKILL ends: behind a step, or at any moment. */
static void run_and_kill(struct nights *nights, int step)
{
    enum { MOMENTS_US = 60000 };
    struct job job;
    unsigned moment_us = (unsigned)night_draw(nights, MOMENTS_US);
    int status = 0;
    rules_of_day(nights); /* loaded here, for all nights of that day */
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        run_night(nights, "state", step ? step : STEP_ALL, &job);
        if (step)
            kill(getpid(), SIGKILL);
        end_night(&job);
        _exit(0);
    }
    if (!step) {
        usleep(moment_us);
        kill(child, SIGKILL);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0,
              "seed %llu: the killed night ended with %d", (unsigned long long)nights->seed,
              status);
}

static int64_t last_run(struct store *store)
{
    return number_of(store_database(store), "SELECT coalesce(max(run_id), 0) FROM run WHERE"
                                            " status IN ('done','incomplete')");
}

/* Whether the run was committed before it was killed only the state can say. */
static void play_killed(struct nights *nights, int step)
{
    struct error error;
    struct store *store =
        store_open(night_path(nights, "state"), nights->project->model, STORE_WRITE, 0, &error);
    cr_assert(store, "%s", error.message);
    int64_t before = last_run(store);
    store_close(store);
    run_and_kill(nights, step);
    store = store_open(night_path(nights, "state"), nights->project->model, STORE_WRITE, 0, &error);
    cr_assert(store, "seed %llu: %s", (unsigned long long)nights->seed, error.message);
    nights->decisions_written = nights->decision_count;
    if (last_run(store) != before) {
        check_ids(nights, store_database(store));
        night_note_good(nights, store_database(store));
    }
    store_close(store);
}

/* A run that ends by itself before it is done. */
static void play_given_up(struct nights *nights)
{
    struct job job;
    run_night(nights, "state", STEP_BEGUN + (int)night_draw(nights, STEP_MERGED), &job);
    end_night(&job);
}

static void play_whole(struct nights *nights)
{
    struct job job;
    if (!run_night(nights, "state", STEP_ALL, &job)) {
        end_night(&job);
        return;
    }
    struct database *database = store_database(job.store);
    check_ids(nights, database);
    night_note_good(nights, database);
    end_and_publish(nights, &job);
}

static void play_night(struct nights *nights, bool is_last)
{
    nights->accepted |= is_last;
    night_write_feeds(nights, false);
    switch (is_last ? 0 : night_draw(nights, 12)) {
    case 1:
        play_given_up(nights);
        break;
    case 2:
        play_killed(nights, STEP_BEGUN + (int)night_draw(nights, STEP_COMMITTED));
        break;
    case 3:
        play_killed(nights, NO_STEP);
        break;
    default:
        play_whole(nights);
    }
}

/* What each source gave last, once more: nothing may move. */
static void play_quiet_night(struct nights *nights, struct buffer *text)
{
    struct job job;
    night_write_feeds(nights, true);
    cr_assert(run_night(nights, "state", STEP_ALL, &job));
    struct database *database = store_database(job.store);
    const char *moved = night_moved(database, job.arena);
    cr_assert_null(moved, "seed %llu: a quiet night changes %s", (unsigned long long)nights->seed,
                   moved);
    night_describe(database, text);
    end_and_publish(nights, &job);
}

static void show_difference(const struct nights *nights, const struct buffer *is,
                            const struct buffer *rebuilt)
{
    size_t at = 0;
    while (at < is->length && at < rebuilt->length && is->data[at] == rebuilt->data[at])
        at++;
    size_t line = at;
    while (line > 0 && is->data[line - 1] != '\n')
        line--;
    cr_assert(false, "seed %llu: the state says\n%.400s\nand one made anew\n%.400s",
              (unsigned long long)nights->seed, is->data + line, rebuilt->data + line);
}

static void compare_with_rebuild(struct nights *nights)
{
    struct job job;
    struct buffer is = BUFFER_EMPTY;
    struct buffer rebuilt = BUFFER_EMPTY;
    play_quiet_night(nights, &is);
    cr_assert(run_night(nights, "rebuilt", STEP_ALL, &job));
    night_describe(store_database(job.store), &rebuilt);
    end_night(&job);
    buffer_append_byte(&is, '\0');
    buffer_append_byte(&rebuilt, '\0');
    if (strcmp(is.data, rebuilt.data) != 0)
        show_difference(nights, &is, &rebuilt);
    buffer_release(&is);
    buffer_release(&rebuilt);
}

void nights_play(struct nights *nights, uint64_t seed)
{
    enum { VIEWS_EVERY = 10 }; /* sequences: building views takes longest */
    char command[700];
    nights->has_views = seed % VIEWS_EVERY == 0;
    nights->seed = seed;
    nights->random = seed * UINT64_C(0x2545F4914F6CDD1D);
    nights->decision_count = nights->decisions_written = 0;
    nights->as_of_days = nights->configured.as_of_days;
    memset(nights->late, 0, sizeof(nights->late));
    nights->accepted = false;
    night_first(nights);
    uint64_t count = 2 + night_draw(nights, 4);
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0)
            night_change(nights);
        play_night(nights, i + 1 == count);
    }
    compare_with_rebuild(nights);
    if (nights->has_views)
        night_view_check(nights);
    night_view_forget(nights);
    snprintf(command, sizeof(command), "rm -rf '%s' '%s'", night_path(nights, "state"),
             night_path(nights, "rebuilt"));
    cr_assert_eq(system(command), 0);
}
