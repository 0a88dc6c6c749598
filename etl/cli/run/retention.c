#include "cli/run/job.h"
#include "cust360/store_retention.h"

bool job_apply_retention(struct job *job, struct error *error)
{
    struct retention_counts *counts = NULL;
    size_t count = 0;
    if (!store_retention_apply(job->store, &job->project->operation.retention, job->arena, &counts,
                               &count, error))
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

bool job_finish_retention(struct job *job, struct error *error)
{
    return job->project->operation.retention.count == 0 ||
           store_retention_finish(job->store, error);
}
