#include "cli/run/job.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"

/* Configuration files are small; a larger one is somebody's mistake. */
#define CONFIGURATION_BYTES_MAX ((size_t)64 << 20)

static bool hash_file(const char *path, uint64_t *hash, struct error *error)
{
    struct arena *arena = arena_create();
    struct slice content;
    bool read = file_read(arena, path, CONFIGURATION_BYTES_MAX, &content, error);
    if (read)
        *hash = hash_combine(*hash, hash_bytes(content, 0));
    arena_destroy(arena);
    return read;
}

/* The files of a folder that match, by name; a folder that is not there counts as empty. */
static bool hash_folder(struct job *job, const char *folder, const char *pattern, uint64_t *hash,
                        struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    if (!folder || !file_exists(folder))
        return true;
    if (!file_glob(job->arena, file_join(job->arena, folder, pattern), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        *hash = hash_combine(*hash, hash_bytes(slice_of(file_name(paths[i])), 0));
        if (!hash_file(paths[i], hash, error))
            return false;
    }
    return true;
}

/* A dealer's own rules: the files of a folder, or a file. */
static bool hash_own_rules(struct job *job, const char *path, uint64_t *hash, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    if (!path)
        return true;
    if (!file_glob(job->arena, file_join(job->arena, path, "*.yaml"), &paths, &count, error))
        return false;
    return count > 0 ? hash_folder(job, path, "*.yaml", hash, error) : hash_file(path, hash, error);
}

/* Of all that decides what a row of any source becomes: another build of the program may read the
 * same bytes otherwise. */
static bool hash_reading(struct job *job, uint64_t *hash, struct error *error)
{
    const struct project *project = job->project;
    return file_hash("/proc/self/exe", hash, error) &&
           hash_file(project->model_path, hash, error) &&
           hash_folder(job, project->rules, "*.yaml", hash, error) &&
           hash_folder(job, project->codes, "*.yaml", hash, error) &&
           hash_folder(job, project->reference, "*.csv", hash, error);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_combine(hash, text ? hash_bytes(slice_of(text), 1) : 0);
}

bool job_hash_reading(struct job *job, const struct source *source, uint64_t *hash,
                      struct error *error)
{
    *hash = hash_combine(job->reading_hash, source->delta);
    *hash = hash_text(*hash, source->encoding);
    *hash = hash_text(*hash, source->name);
    *hash = hash_text(*hash, source->connection);
    /* What went by another term has to come again, when it still may. */
    if (job->project->operation.retention.hash)
        *hash = hash_combine(*hash, job->project->operation.retention.hash);
    if (!hash_file(source->mapping->path, hash, error) ||
        !hash_own_rules(job, source->rules, hash, error))
        return false;
    *hash >>= 1; /* stored as a signed number */
    return true;
}

/* Of all that the stages' outcome depends on but the sources: which of these there are is a matter
 * of the feeds folder, which not all stages see. */
bool job_hash_stages(struct job *job, uint64_t *hash, struct error *error)
{
    const struct project *project = job->project;
    const char *dialects =
        file_join(job->arena, file_folder(job->arena, project->model_path), "dms");
    *hash = hash_combine(1, (uint64_t)job->as_of_days);
    return hash_reading(job, hash, error) && hash_file(project->path, hash, error) &&
           hash_file(project->match, hash, error) && hash_file(project->match_model, hash, error) &&
           hash_file(project->survivorship, hash, error) &&
           hash_folder(job, dialects, "*.yaml", hash, error);
}

bool job_hash_configuration(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    const char *const files[] = {project->path, project->match, project->match_model,
                                 project->survivorship};
    uint64_t hash = 0;
    if (!hash_reading(job, &job->reading_hash, error))
        return false;
    hash = job->reading_hash;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (files[i] && !hash_file(files[i], &hash, error))
            return false;
    for (size_t i = 0; i < project->source_count; i++)
        if (!hash_file(project->sources[i].mapping->path, &hash, error))
            return false;
    for (size_t i = 0; i < project->source_count; i++)
        if (!hash_own_rules(job, project->sources[i].rules, &hash, error))
            return false;
    if (!hash_folder(job, project->view, "*.sql", &hash, error) ||
        !hash_folder(job, project->view, "*.yaml", &hash, error))
        return false;
    /* Stored as a signed number. */
    job->configuration_hash = hash >> 1;
    return true;
}
