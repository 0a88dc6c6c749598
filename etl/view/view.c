#include "cust360/view.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "view/parameter.h"

#include <stdio.h>

enum { SQL_FILE_BYTES_MAX = 1 << 20 };

/* The work tables and sorts of millions of rows go to temporary files (unlinked at once) when they
 * outgrow their caches; the state is read through memory mapping, so that its rows are not copied
 * twice. Sorts may use the second core. What is dropped need not be overwritten with zeros: the
 * file is new, and the work tables' files have no name. */
static const char build_settings[] = "PRAGMA secure_delete=OFF;PRAGMA cache_size=-262144;"
                                     "PRAGMA temp_store=FILE;PRAGMA temp.cache_size=-131072;"
                                     "PRAGMA state.cache_size=-65536;"
                                     "PRAGMA state.mmap_size=17179869184;PRAGMA threads=1;";

/* What one build works on. */
struct build {
    struct arena *arena;
    const struct view_options *options;
    const char *scratch_path; /* the new file, beside the old */
    struct view_file *files;
    size_t file_count;
};

/* The pattern of the folder's numbered files; what a shell would take for a pattern in the folder's
 * own name is escaped. */
static const char *files_pattern(struct arena *arena, const char *folder)
{
    struct buffer pattern = BUFFER_EMPTY;
    for (const char *byte = folder; *byte; byte++) {
        if (strchr("\\*?[", *byte))
            buffer_append_byte(&pattern, '\\');
        buffer_append_byte(&pattern, *byte);
    }
    buffer_append_text(&pattern, "/[0-9]*.sql");
    const char *copy = arena_text(arena, buffer_slice(&pattern));
    buffer_release(&pattern);
    return copy;
}

static bool read_files(struct build *build, struct error *error)
{
    char **paths = NULL;
    const char *folder = build->options->folder;
    if (!file_glob(build->arena, files_pattern(build->arena, folder), &paths, &build->file_count,
                   error)) {
        error->exit_code = EXIT_CONFIGURATION;
        return false;
    }
    if (build->file_count == 0)
        return error_set(error, EXIT_CONFIGURATION, "no SQL files (NNN-name.sql) are in %s",
                         folder);
    build->files = arena_allocate_array(build->arena, build->file_count, sizeof(*build->files));
    for (size_t i = 0; i < build->file_count; i++) {
        build->files[i].path = paths[i];
        if (!file_read(build->arena, paths[i], SQL_FILE_BYTES_MAX, &build->files[i].sql, error))
            return false;
    }
    return true;
}

/* A file name as SQLite's URI: what has a meaning there is written as %XX. */
static void append_uri(struct buffer *uri, const char *path)
{
    buffer_append_text(uri, "file:");
    for (const char *byte = path; *byte; byte++) {
        if (strchr("%?#", *byte))
            buffer_format(uri, "%%%02X", (unsigned)(unsigned char)*byte);
        else
            buffer_append_byte(uri, *byte);
    }
    buffer_append_text(uri, "?mode=ro");
}

static bool attach_state(struct database *database, const char *path, struct error *error)
{
    struct statement *statement = statement_prepare(database, "ATTACH ?1 AS state", error);
    if (!statement)
        return false;
    struct buffer uri = BUFFER_EMPTY;
    append_uri(&uri, path);
    statement_bind_text(statement, 1, buffer_slice(&uri));
    bool attached = statement_run(statement, error);
    statement_destroy(statement);
    buffer_release(&uri);
    return attached;
}

static bool add_run_parameters(struct database *database, const struct view_options *options,
                               struct error *error)
{
    char as_of[DATE_TEXT_BYTES];
    char run_id[24];
    date_format(options->as_of_days, as_of);
    snprintf(run_id, sizeof(run_id), "%lld", (long long)options->run_id);
    return parameter_add(database, "as_of", slice_of(as_of), error) &&
           parameter_add(database, "run_id", slice_of(run_id), error);
}

static bool run_files(const struct build *build, struct database *database, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < build->file_count; i++) {
        log_progress("view", i, build->file_count);
        done = database_run_file(database, build->files[i].path, build->files[i].sql, error);
    }
    log_progress_end();
    return done;
}

static bool list_tables(struct build *build, struct database *database, struct view_result *result,
                        struct error *error)
{
    int64_t count = 0;
    struct statement *names = statement_prepare(
        database, "SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name", error);
    if (!names)
        return false;
    if (!database_integer(database, "SELECT count(*) FROM main.sqlite_master", 0, &count, error)) {
        statement_destroy(names);
        return false;
    }
    result->tables = arena_allocate_array(build->arena, (size_t)count + 1, sizeof(*result->tables));
    enum outcome outcome;
    while ((outcome = statement_step(names, error)) == ACCEPTED)
        result->tables[result->table_count++].name =
            arena_text(build->arena, statement_text(names, 0));
    statement_destroy(names);
    return outcome == ENDED;
}

static bool count_tables(struct build *build, struct database *database, struct view_result *result,
                         struct error *error)
{
    *result = (struct view_result){NULL, 0, 0};
    if (!list_tables(build, database, result, error))
        return false;
    for (size_t i = 0; i < result->table_count; i++) {
        int64_t rows = 0;
        const char *sql =
            arena_format(build->arena, "SELECT count(*) FROM main.\"%s\"", result->tables[i].name);
        if (!database_integer(database, sql, 0, &rows, error))
            return false;
        result->tables[i].rows = (uint64_t)rows;
    }
    return true;
}

static bool fill(struct build *build, struct database *database, struct view_result *result,
                 struct error *error)
{
    const struct view_options *options = build->options;
    return attach_state(database, options->state_path, error) &&
           database_run(database, build_settings, error) &&
           database_run(database, "BEGIN", error) &&
           parameter_table_create(build->arena, database, options->folder, build->files,
                                  build->file_count, error) &&
           add_run_parameters(database, options, error) && run_files(build, database, error) &&
           database_run(database, "COMMIT", error) && count_tables(build, database, result, error);
}

static bool build_scratch(struct build *build, struct view_result *result, struct error *error)
{
    struct database *database = database_open(build->scratch_path, DATABASE_SCRATCH, error);
    if (!database)
        return false;
    if (!fill(build, database, result, error)) {
        database_close(database);
        return false;
    }
    return database_finish(database, error);
}

/* A journal that some reader left beside the old view would be taken for the new one's. */
static void remove_companions(struct arena *arena, const char *path)
{
    static const char *const endings[] = {"-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        file_remove(arena_format(arena, "%s%s", path, endings[i]));
}

bool view_build(struct arena *arena, const struct view_options *options, struct view_result *result,
                struct error *error)
{
    double started = date_monotonic_seconds();
    struct build build = {.arena = arena, .options = options};
    build.scratch_path = arena_format(arena, "%s.new", options->path);
    if (!file_exists(options->state_path)) {
        error_set(error, EXIT_STATE, "could not find the state %s", options->state_path);
        return error_hint(error, "cust360 run makes it");
    }
    if (!read_files(&build, error) || !file_make_folder(file_folder(arena, options->path), error))
        return false;
    if (!build_scratch(&build, result, error)) {
        file_remove(build.scratch_path);
        return false;
    }
    remove_companions(arena, options->path);
    if (!file_publish(build.scratch_path, options->path, error))
        return false;
    result->seconds = date_monotonic_seconds() - started;
    return true;
}
