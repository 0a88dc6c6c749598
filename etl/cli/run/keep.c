#include "cli/run/keep.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"
#include "cust360/store_operation.h"

/* A run's folders are made when there is something for them, so that quiet nights leave none. */

static const char *run_folder(const struct job *job, const char *kind, int64_t run_id)
{
    return file_join(job->arena, job->project->state,
                     arena_format(job->arena, "%s/run-%06lld", kind, (long long)run_id));
}

static bool keep_rejects(struct job *job, const char *const *files, size_t count,
                         struct error *error)
{
    const char *folder = run_folder(job, "rejects", job->report.run_id);
    for (size_t i = 0; i < count; i++) {
        if (!file_exists(files[i]))
            continue;
        if (!file_make_folder(folder, error) ||
            !file_link(files[i], file_join(job->arena, folder, file_name(files[i])), error))
            return false;
    }
    return true;
}

/* The path within the feeds folder; of a file from elsewhere only its name. */
static const char *raw_name(const struct project *project, const char *path)
{
    size_t length = strlen(project->feeds);
    if (strncmp(path, project->feeds, length) == 0 && path[length] == '/')
        return path + length + 1;
    return file_name(path);
}

static bool copy_feed(const struct job *job, const char *from, const char *to, struct error *error)
{
    const struct seal_ring *seals = &job->project->operation.seals;
    struct slice content;
    if (seals->count == 0 || !file_map(from, &content))
        return file_copy(from, to, error);
    bool done = seal_replace_file(seals, to, content, error);
    file_unmap(content);
    return done;
}

static bool keep_raw(struct job *job, const struct source *source, struct error *error)
{
    const char **paths = NULL;
    const char *folder = run_folder(job, "raw", job->report.run_id);
    size_t count = source_files(source, job->arena, &paths);
    for (size_t i = 0; i < count; i++) {
        const char *kept = file_join(job->arena, folder, raw_name(job->project, paths[i]));
        if (!file_exists(paths[i]))
            continue;
        if (!file_make_folder(file_folder(job->arena, kept), error) ||
            !copy_feed(job, paths[i], kept, error))
            return false;
    }
    return true;
}

bool keep_source_files(struct job *job, const struct source *source,
                       const char *const *reject_files, size_t reject_count, struct error *error)
{
    const struct retention *keep = &job->project->operation.keep;
    return (keep->rejects_days == 0 || keep_rejects(job, reject_files, reject_count, error)) &&
           (keep->raw_days == 0 || keep_raw(job, source, error));
}

const char *keep_report_path(const struct job *job, const char *extension)
{
    return file_join(job->arena, job->project->out,
                     arena_format(job->arena, "reports/run-%06lld.%s",
                                  (long long)job->report.run_id, extension));
}

const char *latest_report_path(const struct job *job, const char *extension)
{
    return file_join(job->arena, job->project->out,
                     arena_format(job->arena, "report.%s", extension));
}

/* ---- letting go ---- */

bool keep_forget(struct job *job, struct error *error)
{
    enum { RUNS_REMEMBERED = 1000 };
    return store_forget_runs(job->store, job->report.run_id - RUNS_REMEMBERED, error);
}

static bool run_of(const char *path, int64_t *run_id)
{
    const char *name = file_name(path) + strlen("run-");
    return text_to_integer(slice_make(name, strcspn(name, ".")), run_id);
}

/* Everything of `folder` that is named after a run; none: 0. */
static size_t list_runs(const struct job *job, const char *folder, char ***paths)
{
    struct error error;
    size_t count = 0;
    if (!file_exists(folder))
        return 0;
    if (file_glob(job->arena, file_join(job->arena, folder, "run-[0-9]*"), paths, &count, &error))
        return count;
    log_failure(LOG_WARNING, &error);
    return 0;
}

static void prune_reports(const struct job *job)
{
    char **paths = NULL;
    size_t count = list_runs(job, file_join(job->arena, job->project->out, "reports"), &paths);
    int64_t oldest = job->report.run_id - (int64_t)job->project->operation.keep.reports_runs;
    for (size_t i = 0; i < count; i++) {
        int64_t run_id = 0;
        if (run_of(paths[i], &run_id) && run_id <= oldest)
            file_remove(paths[i]);
    }
}

/* Runs of more than so many days ago are let go of; the last one's number, 0: none. */
static bool last_run_before(const struct job *job, uint32_t days, int64_t *run_id,
                            struct error *error)
{
    char day[DATE_TEXT_BYTES];
    date_format(job->as_of_days - (int32_t)days, day);
    struct statement *find =
        statement_prepare(store_database(job->store),
                          "SELECT coalesce(max(run_id), 0) FROM run WHERE as_of < ?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(day));
    bool found = statement_step(find, error) == ACCEPTED;
    *run_id = found ? statement_integer(find, 0) : 0;
    statement_destroy(find);
    return found;
}

static void prune_days(const struct job *job, const char *kind, uint32_t days)
{
    struct error error;
    char **paths = NULL;
    int64_t last = 0;
    size_t count = list_runs(job, file_join(job->arena, job->project->state, kind), &paths);
    if (count == 0)
        return;
    if (!last_run_before(job, days, &last, &error)) {
        log_failure(LOG_WARNING, &error);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t run_id = 0;
        if (run_of(paths[i], &run_id) && run_id <= last && run_id != job->report.run_id &&
            !file_remove_folder(paths[i], &error))
            log_failure(LOG_WARNING, &error);
    }
}

void keep_prune(struct job *job)
{
    const struct retention *keep = &job->project->operation.keep;
    prune_reports(job);
    prune_days(job, "rejects", keep->rejects_days);
    prune_days(job, "raw", keep->raw_days);
}
