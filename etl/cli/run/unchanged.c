#include "cli/run/unchanged.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/pool.h"
#include "cust360/extract.h"

#include <time.h>

/* Size, time and inode are a short way to "as it was": whoever writes a file without changing any
 * of them deceives it. But a file that was changed just before it was looked at could be changed
 * again within the same tick of the file system's clock, so such a file's bytes are asked. */
#define SETTLED_NS INT64_C(2000000000)

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* What stamps are taken of. */
struct stamping {
    struct job *job;
    struct source_state *states;
};

static const struct store_stamp *find_stamp(const struct store_reading *reading, const char *path)
{
    for (size_t i = 0; i < reading->file_count; i++)
        if (strcmp(reading->files[i].path, path) == 0)
            return &reading->files[i];
    return NULL;
}

/* False: the file cannot be read, and whoever reads the source will say why. */
static bool take_stamp(const struct store_reading *former, const char *path,
                       struct store_stamp *stamp)
{
    struct error ignored;
    struct file_stamp found;
    *stamp = (struct store_stamp){.path = path, .seen_ns = clock_ns()};
    if (!file_stamp(path, &found))
        return false;
    stamp->size_bytes = found.size_bytes;
    stamp->modified_ns = found.modified_ns;
    stamp->inode = found.inode;
    const struct store_stamp *was = find_stamp(former, path);
    bool same = was && was->size_bytes == stamp->size_bytes &&
                was->modified_ns == stamp->modified_ns && was->inode == stamp->inode &&
                was->seen_ns - was->modified_ns > SETTLED_NS;
    if (!same)
        return file_hash(path, &stamp->hash, &ignored);
    stamp->hash = was->hash;
    return true;
}

static bool is_optional(const struct source *source, const char *path)
{
    return source->mapping->kind == SOURCE_ODBC && strcmp(path, source->path) != 0 &&
           (!source->control_file || strcmp(path, source->control_file) != 0);
}

static void stamp_source(void *context, size_t number, unsigned thread)
{
    struct stamping *work = context;
    const struct source *source = &work->job->project->sources[number];
    struct source_state *state = &work->states[number];
    size_t expected = state->now.file_count;
    bool all = true;
    (void)thread;
    state->now.file_count = 0;
    for (size_t i = 0; i < expected && all; i++) {
        struct store_stamp stamp;
        const char *path = state->now.files[i].path;
        if (is_optional(source, path) && !file_exists(path))
            continue;
        all = take_stamp(&state->former, path, &stamp);
        state->now.files[state->now.file_count++] = stamp;
    }
    if (!all)
        state->now.file_count = 0;
}

/* Two-digit years and ages are read by the year; what lies ahead today no rule accepts, and it does
 * not lie ahead the less tomorrow. So a day of the same year that is not before says the same. */
static bool same_day_rules(const char *former, const char *now)
{
    enum { YEAR_DIGITS = 4 };
    return strncmp(former, now, YEAR_DIGITS) == 0 && strcmp(former, now) <= 0;
}

/* What a rule says of a day that lies ahead, or of an age, it need not say tomorrow. */
static bool depends_on_day(struct job *job, const char *source, bool *depends, struct error *error)
{
    struct statement *find =
        statement_prepare(store_database(job->store),
                          "SELECT count(*) FROM finding f JOIN source s ON s.source_id=f.source_id"
                          " WHERE s.name=? AND f.code IN ('range','date','age')",
                          error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(source));
    bool found = statement_step(find, error) == ACCEPTED;
    *depends = found && statement_integer(find, 0) > 0;
    statement_destroy(find);
    return found;
}

static bool same_files(const struct store_reading *former, const struct store_reading *now)
{
    if (now->file_count == 0 || former->file_count != now->file_count)
        return false;
    for (size_t i = 0; i < now->file_count; i++) {
        const struct store_stamp *was = find_stamp(former, now->files[i].path);
        if (!was || was->hash != now->files[i].hash || was->size_bytes != now->files[i].size_bytes)
            return false;
    }
    return true;
}

static bool begin_state(struct job *job, const struct source *source, struct source_state *state,
                        struct error *error)
{
    const char **paths = NULL;
    date_format(job->as_of_days, state->now.as_of);
    if (!job_hash_reading(job, source, &state->now.settings_hash, error) ||
        !store_reading_load(job->store, source->id, job->arena, &state->former, &state->known,
                            error))
        return false;
    if (source->missing.exit_code)
        return true;
    state->now.file_count = source_files(source, job->arena, &paths);
    state->now.files =
        arena_allocate_array(job->arena, state->now.file_count + 1, sizeof(*state->now.files));
    for (size_t i = 0; i < state->now.file_count; i++)
        state->now.files[i].path = paths[i];
    /* It may say that what was whole yesterday is not whole today. */
    if (state->now.file_count && source->control_file)
        state->now.files[state->now.file_count++].path = source->control_file;
    return true;
}

static bool decide(struct job *job, const char *source, struct source_state *state,
                   struct error *error)
{
    bool depends = false;
    state->same_settings = state->known && !job->rebuild &&
                           state->former.settings_hash == state->now.settings_hash &&
                           same_day_rules(state->former.as_of, state->now.as_of);
    if (!state->same_settings)
        return true;
    if (!same_files(&state->former, &state->now)) {
        state->rows = store_rows_open(job->store, source, state->former.token);
        return true;
    }
    bool same_day = strcmp(state->former.as_of, state->now.as_of) == 0;
    if (!same_day && !depends_on_day(job, source, &depends, error))
        return false;
    state->unchanged = !depends;
    if (depends)
        state->rows = store_rows_open(job->store, source, state->former.token);
    return true;
}

bool unchanged_find(struct job *job, struct source_state **states, struct error *error)
{
    size_t count = job->project->source_count;
    *states = arena_allocate_array(job->arena, count + 1, sizeof(**states));
    for (size_t i = 0; i < count; i++)
        if (!begin_state(job, &job->project->sources[i], &(*states)[i], error))
            return false;
    struct stamping work = {job, *states};
    pool_run(job->threads, count, stamp_source, &work);
    for (size_t i = 0; i < count; i++)
        if (!decide(job, job->project->sources[i].id, &(*states)[i], error))
            return false;
    return true;
}

bool unchanged_since(const struct source_state *state)
{
    for (size_t i = 0; i < state->now.file_count; i++) {
        const struct store_stamp *then = &state->now.files[i];
        struct file_stamp now;
        if (!file_stamp(then->path, &now) || now.size_bytes != then->size_bytes ||
            now.modified_ns != then->modified_ns || now.inode != then->inode)
            return false;
    }
    return true;
}

bool unchanged_while_read(const struct source *source, const struct source_state *state,
                          struct error *why)
{
    if (source->mapping->kind == SOURCE_ODBC) /* a database sees to that itself */
        return true;
    for (size_t i = 0; i < state->now.file_count; i++) {
        const struct store_stamp *then = &state->now.files[i];
        struct file_stamp now;
        if (!file_stamp(then->path, &now) || now.inode != then->inode ||
            (now.size_bytes == then->size_bytes && now.modified_ns == then->modified_ns))
            continue;
        error_set(why, EXIT_FAILED, "the file was written to while it was read");
        error_place(why, then->path, 0, 0);
        error_source(why, source->id);
        return error_hint(why, "have it written under another name and renamed when it is whole, "
                               "or set `settle` or `done_file` for this source");
    }
    return true;
}
