#include "cli/run/arrival.h"
#include "cli/run/gates.h"
#include "cli/run/job.h"
#include "cli/run/keep.h"
#include "cli/run/reading.h"
#include "cli/run/rejects.h"
#include "cli/run/retry.h"
#include "cli/run/unchanged.h"
#include "cli/run/watermark.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/store_operation.h"

/*
 *   reading (threads) ──► batches ──► store_put ──► state.db (a savepoint a source)
 *                                 └─► rejects   ──► SOURCE.rejects.csv, SOURCE.reasons.tsv
 */

/* Kinds of findings of one source are few: looked for one by one. */
enum { FINDING_KINDS = 200 };

struct source_progress {
    struct job *job;
    const struct source *source;
    struct report_source *report;
    struct source_state *state;
    struct report_finding *findings;
    struct rejects *rejects;
    uint64_t rows_read;
};

static void count_finding(struct source_progress *progress, const struct finding *finding)
{
    struct report_source *report = progress->report;
    const char *severity = severity_names[finding->severity];
    for (size_t i = 0; i < report->finding_count; i++) {
        struct report_finding *kind = &progress->findings[i];
        if (strcmp(kind->code, finding->code) == 0 && kind->severity == severity) {
            kind->count++;
            return;
        }
    }
    if (report->finding_count == FINDING_KINDS)
        return;
    const char *code = arena_text(progress->job->arena, slice_of(finding->code));
    progress->findings[report->finding_count++] = (struct report_finding){code, severity, 1};
}

static bool keep_reject(struct source_progress *progress, const struct read_row *row,
                        struct error *error)
{
    const struct job *job = progress->job;
    const struct row_result *result = &row->result;
    bool added =
        row->raw_path
            ? rejects_add_span(progress->rejects, row->table, row->heading,
                               &(struct reject_span){row->raw_path, row->place.byte_offset,
                                                     row->place.byte_length},
                               error)
            : rejects_add_row(progress->rejects, row->table, row->heading, row->raw, error);
    if (!added)
        return false;
    for (size_t i = 0; i < result->finding_count; i++)
        if (!rejects_add_reason(progress->rejects, store_run_id(job->store), &row->place,
                                job->project->model, &result->findings[i], error))
            return false;
    return true;
}

static bool put_batch(struct source_progress *progress, const struct batch *batch,
                      struct error *error)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct read_row *row = &batch->rows[i];
        bool suppressed = false;
        if (!store_put(progress->job->store, &row->result, &row->place, &suppressed, error))
            return false;
        if (row->result.outcome == REJECTED && !suppressed && !keep_reject(progress, row, error))
            return false;
        for (size_t j = 0; j < row->result.finding_count; j++)
            count_finding(progress, &row->result.findings[j]);
    }
    progress->rows_read += batch->row_count;
    return true;
}

/* Takes all batches of a source. FAILED: the run cannot go on. REJECTED: the source failed, with
 * its reason in `why`. */
static enum outcome put_source(struct source_progress *progress, struct reading *reading,
                               size_t index, struct error *why, struct error *error)
{
    struct batch *batch = NULL;
    while ((batch = reading_next(reading, index, why)) != NULL) {
        /* What is contested is read again: the rest only has to be out of the way. */
        bool put = store_rows_contested(progress->job->store) || put_batch(progress, batch, error);
        batch_destroy(batch);
        if (!put || job_stopped(progress->job, error))
            return FAILED;
        log_progress("reading", index, progress->job->project->source_count);
    }
    if (why->exit_code == EXIT_CONFIGURATION && rules_have_file(progress->job->rules, why->file)) {
        *error = *why;
        return FAILED;
    }
    return why->exit_code ? REJECTED : ACCEPTED;
}

static bool open_rejects(struct source_progress *progress, struct error *error)
{
    struct job *job = progress->job;
    rejects_close(progress->rejects);
    const char *folder =
        job->retry ? job->retry->folder : file_join(job->arena, job->project->state, "rejects");
    progress->rejects =
        rejects_open(folder, progress->source, &job->project->operation.seals, error);
    return progress->rejects != NULL;
}

/* From the begin, with nothing remembered: rows contradict each other, and their order counts. */
static enum outcome put_again(struct source_progress *progress, struct error *why,
                              struct error *error)
{
    struct job *job = progress->job;
    struct store_rows *const nothing[] = {NULL};
    size_t index = (size_t)(progress->source - job->project->sources);
    struct project single = *job->project;
    single.sources = &job->project->sources[index];
    single.source_count = 1;
    struct reading_settings settings = {
        .project = &single, .rules = job->rules, .threads = job->threads, .remembered = nothing};
    log_debug("source %s: rows contradict each other, it is read as a whole", progress->source->id);
    progress->rows_read = 0;
    progress->report->finding_count = 0;
    if (!store_source_restart(job->store, error) || !open_rejects(progress, error))
        return FAILED;
    struct reading *reading = reading_start(&settings);
    enum outcome outcome = put_source(progress, reading, 0, why, error);
    reading_stop(reading);
    return outcome;
}

/* A source without a declared encoding may come in another one from one night to the next. It is
 * read as well, but somebody has changed something there. */
static bool note_encoding(struct source_progress *progress, const char *encoding,
                          struct error *error)
{
    struct job *job = progress->job;
    const char *name = arena_format(job->arena, "encoding:%s", progress->source->id);
    const char *former = NULL;
    if (!encoding)
        return true;
    if (!store_note_read(job->store, name, job->arena, &former, error))
        return false;
    if (strcmp(former, encoding) == 0)
        return true;
    if (*former)
        log_warning("source %s: %s: its encoding has changed: it was %s and is now %s",
                    progress->source->id, progress->source->name, former, encoding);
    return store_note_write(job->store, name, encoding, error);
}

/* What the schema and the encoding showed. That a column is new is said once: the mapping does not
 * name it tomorrow either. */
static bool report_notices(struct source_progress *progress, struct reading *reading, size_t index,
                           struct error *error)
{
    struct job *job = progress->job;
    const struct notice *notices = NULL;
    size_t count = reading_notices(reading, index, &notices);
    const char **texts = arena_allocate_array(job->arena, count, sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        if (strcmp(notices[i].code, "column_new") == 0 &&
            !store_notice_known(job->store, notices[i].code, notices[i].text, &known, error))
            return false;
        if (known)
            continue;
        const char *text = arena_text(job->arena, slice_of(notices[i].text));
        log_warning("source %s: %s", progress->source->id, text);
        texts[progress->report->notice_count++] = text;
        if (!store_notice(job->store, notices[i].code, notices[i].text, error))
            return false;
    }
    progress->report->notices = texts;
    return note_encoding(progress, reading_encoding(reading, index), error);
}

static void report_trouble(struct source_progress *progress, enum source_status status,
                           const struct error *why)
{
    struct job *job = progress->job;
    struct buffer text = BUFFER_EMPTY;
    log_failure(LOG_ERROR, why);
    if (why->file[0])
        buffer_format(&text, "%s", why->file);
    if (why->file[0] && why->line)
        buffer_format(&text, ":%llu", (unsigned long long)why->line);
    buffer_format(&text, "%s%s", text.length ? ": " : "", why->message);
    progress->report->message = arena_text(job->arena, buffer_slice(&text));
    progress->report->status = status;
    /* What was counted of a reading that is taken back would not balance with anything. */
    progress->report->file_count = 0;
    progress->report->finding_count = 0;
    job->incomplete = true;
    buffer_release(&text);
}

static void report_files(struct source_progress *progress)
{
    struct job *job = progress->job;
    size_t count = 0;
    const struct store_file *files = store_source_files(job->store, &count);
    struct report_file *reported = arena_allocate_array(job->arena, count, sizeof(*reported));
    for (size_t i = 0; i < count; i++)
        reported[i] = (struct report_file){
            .name = arena_text(job->arena, slice_of(files[i].name)),
            .rows_read = files[i].read,
            .rows_accepted = files[i].accepted,
            .rows_rejected = files[i].rejected,
            .rows_discarded = files[i].discarded,
            .rows_suppressed = files[i].suppressed,
        };
    progress->report->files = reported;
    progress->report->file_count = count;
}

/* What was read of files that changed meanwhile is not what their stamps say. */
static bool save_reading(struct source_progress *progress, struct error *error)
{
    struct source_state *state = progress->state;
    store_rows_save(progress->job->store, &state->now.token);
    return !unchanged_since(state) ? store_reading_forget(progress->job->store, error)
                                   : store_reading_save(progress->job->store, &state->now, error);
}

static bool keep_files(struct source_progress *progress, struct error *error)
{
    const char *const *files = NULL;
    size_t count = rejects_files(progress->rejects, &files);
    return keep_source_files(progress->job, progress->source, files, count, error);
}

static bool end_source(struct source_progress *progress, struct error *error)
{
    struct store_counts counts;
    if (!save_reading(progress, error) ||
        !store_source_end(progress->job->store, progress->rows_read, &counts, error))
        return false;
    report_files(progress);
    if (counts.records_new || counts.records_changed || counts.records_closed ||
        counts.records_reopened)
        progress->job->changed = true;
    return rejects_finish(progress->rejects, error) && keep_files(progress, error);
}

/* A source that is not to be read: it keeps its last good data. */
static bool pass_over(struct source_progress *progress, struct error *error)
{
    const struct source *source = progress->source;
    enum source_status status = progress->report->status;
    if (status == SOURCE_LEFT)
        progress->report->message =
            arena_text(progress->job->arena, slice_of(source->missing.message));
    else
        report_trouble(progress, status, &source->missing);
    return store_source_absent(progress->job->store, source, source_status_name(status),
                               &source->missing, error);
}

/* Takes back what was read: the source failed, or a gate has frozen it. */
static bool give_up(struct source_progress *progress, enum source_status status,
                    const struct error *why, struct error *error)
{
    struct store *store = progress->job->store;
    report_trouble(progress, status, why);
    return status == SOURCE_FROZEN ? store_source_freeze(store, why, error)
                                   : store_source_fail(store, why, error);
}

static bool report_kept(struct source_progress *progress, struct error *error)
{
    struct job *job = progress->job;
    struct report_source *report = progress->report;
    struct store_finding_count *counts = NULL;
    size_t count = 0;
    const char **notices = NULL;
    report_files(progress);
    if (!store_source_findings(job->store, job->arena, &counts, &count, error) ||
        !store_source_notices(job->store, job->arena, &notices, &report->notice_count, error))
        return false;
    for (size_t i = 0; i < count && i < FINDING_KINDS; i++)
        progress->findings[report->finding_count++] =
            (struct report_finding){counts[i].code, counts[i].severity, counts[i].count};
    report->notices = notices;
    return true;
}

static bool keep_source(struct source_progress *progress, struct error *error)
{
    log_debug("source %s: its files are as they were", progress->source->id);
    return store_source_keep(progress->job->store, progress->source, error) &&
           report_kept(progress, error);
}

static bool read_one(struct source_progress *progress, struct reading *reading, size_t index,
                     struct error *error)
{
    struct job *job = progress->job;
    struct error why = {0};
    struct store_counts counts;
    enum gate_outcome gates = GATE_PASSED;
    if (progress->source->missing.exit_code)
        return pass_over(progress, error);
    if (!store_source_begin_from(job->store, progress->source, progress->state->rows, error))
        return false;
    enum outcome outcome = put_source(progress, reading, index, &why, error);
    if (outcome == ACCEPTED && store_rows_contested(job->store))
        outcome = put_again(progress, &why, error);
    if (outcome == FAILED || !report_notices(progress, reading, index, error))
        return false;
    if (outcome == REJECTED || !unchanged_while_read(progress->source, progress->state, &why) ||
        !arrival_is_whole(job, progress->source, &why))
        return give_up(progress, SOURCE_FAILED, &why, error);
    if (!store_source_count(job->store, progress->rows_read, &counts, error) ||
        !gates_of_source(job, progress->source, &counts, &gates, &why, error))
        return false;
    if (gates == GATE_FROZEN)
        return give_up(progress, SOURCE_FROZEN, &why, error);
    return watermarks_save(job, reading, index, error) && end_source(progress, error);
}

/* How old the data are that a source which was not read keeps. */
static bool report_standing(struct job *job, struct report_source *report, struct error *error)
{
    struct store_standing standing;
    int32_t good_days = 0;
    if (report->status == SOURCE_OK)
        return true;
    if (!store_source_standing(job->store, report->id, &standing, error))
        return false;
    report->stale_days = -1;
    if (!date_parse(slice_of(standing.last_good_as_of), &good_days))
        return true;
    report->stale_days = job->as_of_days > good_days ? job->as_of_days - good_days : 0;
    report->last_good_as_of = arena_text(job->arena, slice_of(standing.last_good_as_of));
    return true;
}

static bool read_source(struct job *job, struct reading *reading, size_t index, struct error *error)
{
    struct source_progress progress = {
        .job = job,
        .source = &job->project->sources[index],
        .report = &job->sources[index],
        .state = &job->source_states[index],
        .findings = arena_allocate_array(job->arena, FINDING_KINDS, sizeof(*progress.findings)),
    };
    progress.report->findings = progress.findings;
    if (progress.state->unchanged)
        return keep_source(&progress, error);
    bool read = open_rejects(&progress, error) && read_one(&progress, reading, index, error) &&
                report_standing(job, progress.report, error);
    rejects_close(progress.rejects);
    return read;
}

/* A source that the state knows and the project does not find. */
static bool note_one_vanished(struct job *job, const char *name, struct error *error)
{
    struct report_source *report = &job->sources[job->report.source_count++];
    const struct departure *departure =
        operation_departure(&job->project->operation, name, job->as_of_days);
    report->id = name;
    report->status = departure ? SOURCE_LEFT : SOURCE_MISSING;
    if (departure) {
        char day[DATE_TEXT_BYTES];
        date_format(departure->days, day);
        report->message = arena_format(job->arena, "left on %s; its records stay", day);
    } else {
        report->message = "no file of it matches the project's patterns; its last good data stay";
        job->incomplete = true;
        log_warning("source %s: %s", name, report->message);
    }
    return store_source_mark(job->store, name, source_status_name(report->status), report->message,
                             error) &&
           report_standing(job, report, error);
}

/* Dealers that patterns found on former nights and whose files are not there tonight: their data
 * stay, but somebody has to know. */
static bool note_vanished(struct job *job, struct error *error)
{
    struct map *present = map_create();
    for (size_t i = 0; i < job->project->source_count; i++)
        map_intern(present, slice_of(job->project->sources[i].id));
    struct statement *names = statement_prepare(store_database(job->store),
                                                "SELECT name FROM source ORDER BY name", error);
    const char **vanished = NULL;
    size_t capacity = 0;
    size_t count = 0;
    enum outcome outcome = names ? ACCEPTED : FAILED;
    while (names && (outcome = statement_step(names, error)) == ACCEPTED) {
        if (map_number(present, statement_text(names, 0)) != MAP_NONE)
            continue;
        vanished = memory_grow(vanished, &capacity, count + 1, sizeof(*vanished));
        vanished[count++] = arena_text(job->arena, statement_text(names, 0));
    }
    statement_destroy(names);
    map_destroy(present);
    bool done = outcome != FAILED;
    for (size_t i = 0; done && i < count; i++)
        done = note_one_vanished(job, vanished[i], error);
    memory_free(vanished);
    return done;
}

static bool count_known_sources(struct job *job, int64_t *count, struct error *error)
{
    return database_integer(store_database(job->store), "SELECT count(*) FROM source", 0, count,
                            error);
}

/* The rows that were rejected stand in for their sources; the other sources keep what they have. */
static bool take_retried(struct job *job, struct error *error)
{
    if (!job->retry)
        return true;
    if (!retry_open(job->retry, job->arena, job->project, job->store, error))
        return false;
    retry_count(job->retry, job->rules, job->threads);
    job->project = &job->retry->project;
    return true;
}

bool job_read_sources(struct job *job, struct error *error)
{
    int64_t known = 0;
    if (!take_retried(job, error) || !count_known_sources(job, &known, error))
        return false;
    const struct project *project = job->project;
    size_t most = project->source_count + (size_t)known;
    job->sources = arena_allocate_array(job->arena, most, sizeof(*job->sources));
    job->report.sources = job->sources;
    job->report.source_count = project->source_count;
    for (size_t i = 0; i < project->source_count; i++)
        job->sources[i].id = project->sources[i].id;
    job->incomplete = project->files_passed_over > 0;
    if (!arrivals_look(job, error) || !watermarks_load(job, error) ||
        !unchanged_find(job, &job->source_states, error))
        return false;
    bool *passed_over = arena_allocate_array(job->arena, most, sizeof(*passed_over));
    struct store_rows **rows = arena_allocate_array(job->arena, most, sizeof(struct store_rows *));
    for (size_t i = 0; i < project->source_count; i++) {
        if (job->retry)
            job->source_states[i].unchanged = !job->retry->sources[i].retried;
        passed_over[i] = job->source_states[i].unchanged;
        rows[i] = job->source_states[i].rows;
    }
    struct reading_settings settings = {.project = project,
                                        .rules = job->rules,
                                        .threads = job->threads,
                                        .remembered = rows,
                                        .passed_over = passed_over};
    struct reading *reading = reading_start(&settings);
    bool done = true;
    for (size_t i = 0; i < project->source_count && done; i++)
        done = read_source(job, reading, i, error);
    reading_stop(reading);
    for (size_t i = 0; i < project->source_count; i++)
        store_rows_close(rows[i]);
    log_progress_end();
    return done && note_vanished(job, error);
}
