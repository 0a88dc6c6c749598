#include "cli/run/job.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/log.h"
#include "cust360/store_reading.h"

#include <inttypes.h>

/* The file is written before the run is committed and named by the commit: a file of a run that
 * came to nothing is not asked for, and one that a crash has torn is known by its hash. */

static const char *memory_path(const struct job *job, const char *token)
{
    const char *name = arena_format(job->arena, "match.%s", token);
    return file_join(job->arena, job->project->state, name);
}

bool job_recall_match(struct job *job, struct slice *former, struct error *error)
{
    const char *token = NULL;
    *former = (struct slice){NULL, 0};
    if (job->rebuild)
        return true;
    if (!store_note_read(job->store, "match", job->arena, &token, error))
        return false;
    if (*token && !file_map(memory_path(job, token), former))
        *former = (struct slice){NULL, 0};
    return true;
}

/* A file of that name and size was written by a run that came to the same; a torn one is written
 * again. */
static bool is_written(const char *path, size_t bytes)
{
    struct file_stamp stamp;
    return file_stamp(path, &stamp) && stamp.size_bytes == bytes;
}

bool job_remember_match(struct job *job, struct slice memory, struct error *error)
{
    struct error why;
    const char *token =
        memory.length ? arena_format(job->arena, "%016" PRIx64, hash_bytes(memory, 0)) : "";
    if (*token && !is_written(memory_path(job, token), memory.length) &&
        !file_write(memory_path(job, token), memory, &why)) {
        log_failure(LOG_WARNING, &why);
        token = "";
    }
    return store_note_write(job->store, "match", token, error);
}

bool job_tidy_match(struct job *job, struct error *error)
{
    const char *token = NULL;
    char **paths = NULL;
    size_t count = 0;
    if (!store_note_read(job->store, "match", job->arena, &token, error) ||
        !file_glob(job->arena, memory_path(job, "*"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(file_name(paths[i]), file_name(memory_path(job, token))) != 0)
            file_remove(paths[i]);
    return true;
}
