#include "cli/job.h"
#include "cli/reading.h"
#include "cli/rejects.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/map.h"

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
    if (!rejects_add_row(progress->rejects, row->table, row->heading, row->raw, error))
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
        if (!store_put(progress->job->store, &row->result, &row->place, NULL, error))
            return false;
        if (row->result.outcome == REJECTED && !keep_reject(progress, row, error))
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
        bool put = put_batch(progress, batch, error);
        batch_destroy(batch);
        if (!put)
            return FAILED;
        log_progress("reading", index, progress->job->project->source_count);
    }
    if (why->exit_code == EXIT_CONFIGURATION && rules_have_file(progress->job->rules, why->file)) {
        *error = *why;
        return FAILED;
    }
    return why->exit_code ? REJECTED : ACCEPTED;
}

static void report_notices(struct source_progress *progress, struct reading *reading, size_t index)
{
    struct arena *arena = progress->job->arena;
    const struct notice *notices = NULL;
    size_t count = reading_notices(reading, index, &notices);
    const char **texts = arena_allocate_array(arena, count, sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        texts[i] = arena_text(arena, slice_of(notices[i].text));
        log_warning("source %s: %s", progress->source->id, texts[i]);
    }
    progress->report->notices = texts;
    progress->report->notice_count = count;
}

static bool store_notices(struct job *job, struct reading *reading, size_t index,
                          struct error *error)
{
    const struct notice *notices = NULL;
    size_t count = reading_notices(reading, index, &notices);
    for (size_t i = 0; i < count; i++)
        if (!store_notice(job->store, notices[i].code, notices[i].text, error))
            return false;
    return true;
}

static void report_trouble(struct source_progress *progress, const struct error *why)
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
    progress->report->status = progress->source->missing.exit_code ? SOURCE_MISSING : SOURCE_FAILED;
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

static bool end_source(struct source_progress *progress, struct error *error)
{
    struct store_counts counts;
    if (!store_source_end(progress->job->store, progress->rows_read, &counts, error))
        return false;
    report_files(progress);
    if (counts.records_new || counts.records_changed || counts.records_closed ||
        counts.records_reopened)
        progress->job->changed = true;
    return rejects_finish(progress->rejects, error);
}

/* A full feed without a single row, of a source that had records, is a broken export: closing
 * everything would be the wrong lesson to draw from it. */
static bool suddenly_empty(struct source_progress *progress, struct error *why, struct error *error)
{
    const struct source *source = progress->source;
    if (progress->rows_read || source->delta)
        return false;
    struct statement *statement = statement_prepare(
        store_database(progress->job->store),
        "SELECT count(*) FROM source s JOIN run_source r ON r.source_id = s.source_id "
        "WHERE s.name = ?1 AND r.rows_read > 0",
        error);
    if (!statement)
        return false;
    statement_bind_text(statement, 1, slice_of(source->id));
    bool had_rows =
        statement_step(statement, error) == ACCEPTED && statement_integer(statement, 0) > 0;
    statement_destroy(statement);
    if (!had_rows)
        return false;
    error_set(why, EXIT_SOURCE_MISSING, "no rows, though former nights had some");
    error_place(why, source->name, 0, 0);
    error_source(why, source->id);
    error_hint(why, "the last good data stay; send the export again");
    return true;
}

static bool read_one(struct source_progress *progress, struct reading *reading, size_t index,
                     struct error *error)
{
    struct job *job = progress->job;
    struct error why = {0};
    if (progress->source->missing.exit_code) {
        report_trouble(progress, &progress->source->missing);
        return store_source_absent(job->store, progress->source, "missing",
                                   &progress->source->missing, error);
    }
    if (!store_source_begin(job->store, progress->source, error))
        return false;
    enum outcome outcome = put_source(progress, reading, index, &why, error);
    if (outcome == FAILED)
        return false;
    report_notices(progress, reading, index);
    if (outcome == ACCEPTED && suddenly_empty(progress, &why, error))
        outcome = REJECTED;
    if (outcome == REJECTED) {
        report_trouble(progress, &why);
        return store_source_fail(job->store, &why, error);
    }
    return store_notices(job, reading, index, error) && end_source(progress, error);
}

static bool read_source(struct job *job, struct reading *reading, size_t index, struct error *error)
{
    struct source_progress progress = {
        .job = job,
        .source = &job->project->sources[index],
        .report = &job->sources[index],
        .findings = arena_allocate_array(job->arena, FINDING_KINDS, sizeof(*progress.findings)),
    };
    progress.report->id = progress.source->id;
    progress.report->findings = progress.findings;
    const char *folder = file_join(job->arena, job->project->state, "rejects");
    progress.rejects = rejects_open(folder, progress.source, error);
    bool read = progress.rejects && read_one(&progress, reading, index, error);
    rejects_close(progress.rejects);
    return read;
}

/* Dealers that patterns found on former nights and whose files are not there tonight: their data
 * stay, but somebody has to know. */
static bool note_vanished(struct job *job, struct error *error)
{
    struct map *present = map_create();
    for (size_t i = 0; i < job->project->source_count; i++)
        map_intern(present, slice_of(job->project->sources[i].id));
    struct statement *statement = statement_prepare(store_database(job->store),
                                                    "SELECT name FROM source ORDER BY name", error);
    enum outcome outcome = statement ? ACCEPTED : FAILED;
    while (statement && (outcome = statement_step(statement, error)) == ACCEPTED) {
        struct slice name = statement_text(statement, 0);
        if (map_number(present, name) != MAP_NONE)
            continue;
        struct report_source *report = &job->sources[job->report.source_count++];
        report->id = arena_text(job->arena, name);
        report->status = SOURCE_MISSING;
        report->message = "no file of it matches the project's patterns; its last good data stay";
        job->incomplete = true;
        log_warning("source %s: %s", report->id, report->message);
    }
    statement_destroy(statement);
    map_destroy(present);
    return outcome != FAILED;
}

static bool count_known_sources(struct job *job, int64_t *count, struct error *error)
{
    return database_integer(store_database(job->store), "SELECT count(*) FROM source", 0, count,
                            error);
}

bool job_read_sources(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    int64_t known = 0;
    if (!count_known_sources(job, &known, error))
        return false;
    size_t most = project->source_count + (size_t)known;
    job->sources = arena_allocate_array(job->arena, most, sizeof(*job->sources));
    job->report.sources = job->sources;
    job->report.source_count = project->source_count;
    job->incomplete = project->files_passed_over > 0;
    struct reading_settings settings = {
        .project = project, .rules = job->rules, .threads = job->threads};
    struct reading *reading = reading_start(&settings);
    bool done = true;
    for (size_t i = 0; i < project->source_count && done; i++)
        done = read_source(job, reading, i, error);
    reading_stop(reading);
    log_progress_end();
    return done && note_vanished(job, error);
}
