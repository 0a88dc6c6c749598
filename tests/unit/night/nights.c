#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/store_rows.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One sequence:
 *
 *   exports ──► run (whole, or killed at some step) ──┐
 *      ▲ changed at random                            │ a few nights
 *      └──────────────────────────────────────────────┘
 *   the state  ══ must say what says ══  a new state, fed what each source gave last */

enum { STEP_BEGUN = 1, STEP_READ, STEP_MATCHED, STEP_MERGED, STEP_ALL };

static const struct {
    const char *name;
    size_t source;
} file_list[NIGHT_FILES] = {{"D02_customers.csv", 0}, {"D02_vehicles.csv", 0},
                            {"D06_archive.csv", 1},   {"D07_customers.csv", 2},
                            {"D07_vehicles.csv", 2},  {"hq_members.csv", 3}};

/* Tables that take no part, but belong to an export that is whole. */
static const struct {
    const char *name;
    size_t source;
} empty_list[] = {{"D02_repairs.csv", 0}, {"D07_repairs.csv", 2}};

static const char *in_folder(const struct nights *nights, const char *name)
{
    static char paths[8][500];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", nights->folder, name);
    return path;
}

static void write_file(const char *path, struct slice content)
{
    struct error error;
    cr_assert(file_write(path, content, &error), "%s", error.message);
}

/* The group's own rules for matching, with limits that a small group reaches. */
static void write_match_rules(struct nights *nights)
{
    static const char *const changes[][2] = {
        {"max_block: 200", "max_block: 5"},     {"window: 20", "window: 2"},
        {"shared_limit: 5", "shared_limit: 2"}, {"shared_limit: 20", "shared_limit: 2"},
        {"max_block: 16", "max_block: 3"},
    };
    struct error error;
    struct slice text;
    struct buffer changed = BUFFER_EMPTY;
    cr_assert(file_read(nights->arena, "mappings/match.yaml", 1 << 20, &text, &error));
    while (text.length) {
        size_t best = 0;
        for (; best < sizeof(changes) / sizeof(changes[0]); best++)
            if (slice_starts_with(text, slice_of(changes[best][0])))
                break;
        if (best < sizeof(changes) / sizeof(changes[0])) {
            buffer_append_text(&changed, changes[best][1]);
            text = slice_cut(text, strlen(changes[best][0]), text.length);
        } else if (slice_starts_with(text, SLICE("reference/"))) {
            buffer_format(&changed, "%s/mappings/reference/", getenv("PWD"));
            text = slice_cut(text, strlen("reference/"), text.length);
        } else {
            buffer_append_byte(&changed, text.data[0]);
            text = slice_cut(text, 1, text.length);
        }
    }
    write_file(in_folder(nights, "match.yaml"), buffer_slice(&changed));
    buffer_release(&changed);
}

static void write_project(struct nights *nights)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text,
                  "name: Nights\nmappings: %s/mappings\nmatch: match.yaml\nfeeds: feeds\n"
                  "state: state\nout: out\nsources:\n"
                  "  - {path: 'D*_archive.csv', mapping: wide, trust: 50}\n"
                  "  - {path: 'D*_customers.csv', mapping: split, trust: 60}\n"
                  "  - {id: hq_members, path: hq_members.csv, mapping: hq_members, trust: 70}\n",
                  getenv("PWD"));
    write_file(in_folder(nights, "cust360.yaml"), buffer_slice(&text));
    buffer_release(&text);
}

static void read_pool(struct nights *nights, struct night_file *file)
{
    char path[200];
    struct error error;
    struct slice text;
    snprintf(path, sizeof(path), "samples/group/feeds/%s", file->name);
    cr_assert(file_read(nights->arena, path, 10 << 20, &text, &error), "%s", error.message);
    while (text.length) {
        ptrdiff_t end = slice_find(text, SLICE("\n"));
        size_t length = end < 0 ? text.length : (size_t)end;
        size_t kept = length && text.data[length - 1] == '\r' ? length - 1 : length;
        lines_add(&file->pool, text.data, kept);
        text = slice_cut(text, length + (end >= 0), text.length);
    }
}

static void write_lines(const struct nights *nights, const char *name,
                        const struct night_lines *lines, size_t most)
{
    struct buffer text = BUFFER_EMPTY;
    char path[100];
    for (size_t i = 0; i < lines->count && i < most; i++) {
        buffer_append_text(&text, lines->items[i]);
        buffer_append_text(&text, "\r\n");
    }
    snprintf(path, sizeof(path), "feeds/%s", name);
    write_file(in_folder(nights, path), buffer_slice(&text));
    buffer_release(&text);
}

static void remove_feed(const struct nights *nights, const char *name)
{
    char path[100];
    snprintf(path, sizeof(path), "feeds/%s", name);
    file_remove(in_folder(nights, path));
}

/* Tonight's exports, or what each source gave last. */
static void write_feeds(const struct nights *nights, bool good)
{
    static const char *const headings[] = {"\xEF\xBB\xBFOrderNo,CustNo,VIN,InDate,JobType,Amount,"
                                           "Mileage"};
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        const struct night_file *file = &nights->files[i];
        bool there = good ? file->ever_good : !nights->late[file->source];
        if (there)
            write_lines(nights, file->name, good ? &file->good : &file->now, SIZE_MAX);
        else
            remove_feed(nights, file->name);
    }
    for (size_t i = 0; i < sizeof(empty_list) / sizeof(empty_list[0]); i++) {
        struct buffer text = BUFFER_EMPTY;
        char path[100];
        buffer_format(&text, "%s\r\n", headings[0]);
        snprintf(path, sizeof(path), "feeds/%s", empty_list[i].name);
        write_file(in_folder(nights, path), buffer_slice(&text));
        buffer_release(&text);
    }
}

static void configure(struct nights *nights)
{
    struct error error;
    struct job *job = &nights->configured;
    nights->project = project_load(nights->arena, in_folder(nights, "cust360.yaml"), NULL, &error);
    cr_assert(nights->project, "%s", error.message);
    const struct project *project = nights->project;
    job->arena = nights->arena;
    job->project = project;
    job->as_of_days = nights->as_of_days;
    job->rules = rules_load(project, job->as_of_days, &error);
    job->match_rules = match_rules_load(nights->arena, project->match, project->model, &error);
    cr_assert(job->match_rules, "%s:%d: %s", error.file, (int)error.line, error.message);
    job->match_model =
        match_model_load(nights->arena, project->match_model, job->match_rules, &error);
    cr_assert(job->match_model, "%s", error.message);
    job->survivorship =
        survivorship_load(nights->arena, project->survivorship, project->model, &error);
    cr_assert(job->rules && job->survivorship && job_hash_configuration(job, &error), "%s",
              error.message);
}

void nights_open(struct nights *nights)
{
    const char *folder = getenv("TMPDIR");
    struct error error;
    log_configure(LOG_ERROR, LOG_TEXT);
    *nights = (struct nights){.arena = arena_create()};
    snprintf(nights->folder, sizeof(nights->folder), "%s/nights-%d", folder ? folder : "/tmp",
             (int)getpid());
    cr_assert(date_parse(SLICE("2026-06-30"), &nights->as_of_days));
    cr_assert(file_make_folder(in_folder(nights, "feeds"), &error), "%s", error.message);
    write_match_rules(nights);
    write_project(nights);
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        nights->files[i].name = file_list[i].name;
        nights->files[i].source = file_list[i].source;
        read_pool(nights, &nights->files[i]);
    }
    night_first(nights);
    write_feeds(nights, false);
    configure(nights);
}

void nights_close(struct nights *nights)
{
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        lines_free(&nights->files[i].pool);
        lines_free(&nights->files[i].now);
        lines_free(&nights->files[i].good);
    }
    rules_destroy(nights->configured.rules);
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

static bool resolve(struct job *job, int steps, struct error *error)
{
    struct match_result result = {0};
    bool before = false;
    if (!job_resolved_before(job, &before, error))
        return false;
    if (before)
        return true;
    bool done = job_match(job, &result, error) &&
                (steps < STEP_MATCHED + 1 ||
                 (job_merge(job, &result, error) && job_note_resolved(job, error)));
    match_result_release(&result);
    return done;
}

/* Runs so many steps; with all of them the run is committed. */
static void run_steps(struct job *job, int steps, struct error *error)
{
    char as_of[DATE_TEXT_BYTES];
    date_format(job->as_of_days, as_of);
    bool done = store_former_run(job->store, &job->former, error) &&
                store_run_begin(job->store, as_of, job->configuration_hash, error) &&
                (steps < STEP_READ || job_read_sources(job, error)) &&
                (steps < STEP_MATCHED || resolve(job, steps, error)) &&
                (steps < STEP_ALL ||
                 (store_run_commit(job->store, job->incomplete ? "incomplete" : "done", error) &&
                  store_rows_tidy(job->store, error)));
    cr_assert(done, "%s: %s", error->file, error->message);
}

static struct database *run_night(struct nights *nights, const char *state, int steps,
                                  struct job *job)
{
    struct error error = {0};
    struct project project = *nights->project;
    project.state = in_folder(nights, state);
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
    job->threads = 1 + (unsigned)(nights->seed % 2);
    job->store = store_open(project.state, project.model, STORE_WRITE, 0, &error);
    cr_assert(job->store, "%s", error.message);
    for (size_t i = 0; i < nights->decision_count; i++)
        write_decision(store_database(job->store), &nights->decisions[i], i);
    nights->decisions_written = nights->decision_count;
    run_steps(job, steps, &error);
    memory_free(project.sources);
    return store_database(job->store);
}

static void end_night(struct job *job)
{
    store_close(job->store);
    arena_destroy(job->arena);
}

static void end_and_publish(struct nights *nights, struct job *job)
{
    int64_t run_id = store_run_id(job->store);
    end_night(job);
    if (nights->has_views)
        night_view_update(nights, run_id);
}

static void note_good(struct nights *nights)
{
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        struct night_file *file = &nights->files[i];
        if (nights->late[file->source])
            continue;
        lines_copy(&file->good, &file->now);
        file->ever_good = true;
    }
}

static void play_night(struct nights *nights, bool may_be_killed)
{
    struct job job;
    bool killed = may_be_killed && night_draw(nights, 6) == 0;
    int steps = killed ? STEP_BEGUN + (int)night_draw(nights, STEP_MERGED) : STEP_ALL;
    write_feeds(nights, false);
    struct database *database = run_night(nights, "state", steps, &job);
    if (!killed) {
        const char *fault = night_ids_fault(database);
        cr_assert_null(fault, "seed %llu: %s", (unsigned long long)nights->seed, fault);
        note_good(nights);
        end_and_publish(nights, &job);
        return;
    }
    end_night(&job);
}

static int64_t number_of(struct database *database, const char *sql)
{
    struct error error;
    int64_t number = -1;
    cr_assert(database_integer(database, sql, 0, &number, &error), "%s", error.message);
    return number;
}

/* What each source gave last, once more: nothing may move. */
static void play_quiet_night(struct nights *nights, struct buffer *text)
{
    struct job job;
    write_feeds(nights, true);
    struct database *database = run_night(nights, "state", STEP_ALL, &job);
    cr_assert_eq(number_of(database, "SELECT (SELECT count(*) FROM changed_record) +"
                                     " (SELECT count(*) FROM golden_history WHERE run_id ="
                                     " (SELECT max(run_id) FROM run)) + (SELECT count(*) FROM"
                                     " golden WHERE changed_run=(SELECT max(run_id) FROM run))"),
                 0, "seed %llu: a quiet night changes something", (unsigned long long)nights->seed);
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
    night_describe(run_night(nights, "rebuilt", STEP_ALL, &job), &rebuilt);
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
    night_first(nights);
    uint64_t count = 2 + night_draw(nights, 4);
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0)
            night_change(nights);
        play_night(nights, i + 1 < count);
    }
    compare_with_rebuild(nights);
    if (nights->has_views)
        night_view_check(nights);
    night_view_forget(nights);
    snprintf(command, sizeof(command), "rm -rf '%s' '%s'", in_folder(nights, "state"),
             in_folder(nights, "rebuilt"));
    cr_assert_eq(system(command), 0);
}
