#include "cli/run/job.h"
#include "cli/views.h"
#include "cust360/store_retention.h"

/* What was accepted when it was read and is past its term counts as expired. */
static bool expire_rows(struct job *job, struct report_source *source, struct error *error)
{
    struct report_file *files =
        arena_allocate_array(job->arena, source->file_count, sizeof(*files));
    for (size_t i = 0; i < source->file_count; i++) {
        files[i] = source->files[i];
        if (!store_retention_rows(job->store, job->report.run_id, source->id, files[i].name,
                                  &files[i].rows_expired, error))
            return false;
        files[i].rows_accepted -= files[i].rows_expired;
    }
    source->files = files;
    return true;
}

static bool expire_all(struct job *job, struct error *error)
{
    for (size_t i = 0; i < job->report.source_count; i++)
        if (!expire_rows(job, &job->sources[i], error))
            return false;
    return true;
}

bool job_apply_retention(struct job *job, struct error *error)
{
    struct retention_counts *counts = NULL;
    size_t count = 0;
    const struct retention_input input = {&job->project->operation.retention, job->project->sources,
                                          job->project->source_count};
    if (!store_retention_apply(job->store, &input, job->arena, &counts, &count, error) ||
        (input.rules->count > 0 && !expire_all(job, error)))
        return false;
    struct report_retention *told = arena_allocate_array(job->arena, count, sizeof(*told));
    for (size_t i = 0; i < count; i++)
        told[i] = (struct report_retention){job->project->model->entities[counts[i].entity].name,
                                            counts[i].records, counts[i].emptied};
    job->report.retention = told;
    job->report.retention_count = count;
    job->changed = job->changed || count > 0;
    return true;
}

static bool clean_views(struct job *job, struct error *error)
{
    struct retention_touched *touched = NULL;
    size_t count = 0;
    return store_retention_touched(job->store, job->arena, &touched, &count, error) &&
           views_clean(job->project, job->arena, touched, count, error);
}

bool job_finish_retention(struct job *job, struct error *error)
{
    return job->project->operation.retention.count == 0 ||
           (clean_views(job, error) && store_retention_finish(job->store, error));
}
