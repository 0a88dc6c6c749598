#include "cli/page/report_page.h"
#include "cli/run/job.h"
#include "cli/run/keep.h"
#include "cust360/base/audit.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/publish_metrics.h"

/* Everything that a run tells about itself, also when it was stopped: OUT/report.json, .txt and
 * .html (and, for as many runs as are kept, OUT/reports/run-000012.*), and the metrics. */

/* A log that cannot be read is told, and seen by `audit verify`. */
static void note_audit_head(struct job *job)
{
    struct audit_head head;
    struct error error;
    if (!audit_head(job->project->state, &head, &error)) {
        log_failure(LOG_WARNING, &error);
        return;
    }
    char *text = arena_allocate(job->arena, AUDIT_HEAD_BYTES);
    audit_head_format(&head, text);
    job->report.audit_head = text;
}

static void finish_report(struct job *job)
{
    char finished[DATE_TIME_TEXT_BYTES];
    date_clock_text(finished);
    job->report.finished_at = arena_text(job->arena, slice_of(finished));
    job->report.seconds = date_monotonic_seconds() - job->began;
    job->report.peak_memory_bytes = report_peak_memory();
    job->report.stages = job->stages;
    note_audit_head(job);
}

/* The latest report is replaced and never written to, so the kept one may be another name of it. */
static bool keep_report(const struct job *job, const char *extension, struct error *error)
{
    const char *kept = keep_report_path(job, extension);
    return job->project->operation.keep.reports_runs == 0 ||
           (file_make_folder(file_folder(job->arena, kept), error) &&
            file_link(latest_report_path(job, extension), kept, error));
}

static bool write_page(struct job *job, struct error *error)
{
    struct buffer html = BUFFER_EMPTY;
    bool written = report_page_write(job, &html, error) &&
                   file_replace(latest_report_path(job, "html"), buffer_slice(&html), error);
    buffer_release(&html);
    return written && keep_report(job, "html", error);
}

static int64_t last_success(const struct job *job)
{
    struct error ignored;
    int64_t seconds = 0;
    struct statement *find = statement_prepare(
        store_database(job->store),
        "SELECT finished_at FROM run WHERE published = 1 ORDER BY run_id DESC LIMIT 1", &ignored);
    if (find && statement_step(find, &ignored) == ACCEPTED)
        seconds = metrics_seconds(arena_text(job->arena, statement_text(find, 0)));
    statement_destroy(find);
    return seconds;
}

/* Metrics are read by others and at another place: that they cannot be written stops nothing. */
static void write_metrics(const struct job *job)
{
    struct error error;
    const char *path = job->project->operation.metrics;
    struct metrics_moments moments = {metrics_seconds(job->report.finished_at), last_success(job)};
    if (path && !metrics_write(&job->report, &moments, path, &error))
        log_failure(LOG_WARNING, &error);
}

bool job_write_reports(struct job *job, struct buffer *summary, struct error *error)
{
    finish_report(job);
    write_metrics(job);
    report_summary(&job->report, summary);
    bool written = report_write(&job->report, latest_report_path(job, "json"), error) &&
                   keep_report(job, "json", error) &&
                   file_replace(latest_report_path(job, "txt"), buffer_slice(summary), error) &&
                   keep_report(job, "txt", error) && write_page(job, error);
    keep_prune(job);
    return written;
}
