#include "cust360/view.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "view/lane.h"
#include "view/refresh.h"

enum { SQL_FILE_BYTES_MAX = 1 << 20 };

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
        if (!file_read(build->arena, paths[i], SQL_FILE_BYTES_MAX, &build->files[i].sql, error) ||
            !axis_read(build->arena, &build->files[i], error))
            return false;
    }
    return true;
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
    *result = (struct view_result){0};
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

static bool run_round(struct lane *first, struct lane *second, const struct round *round,
                      struct error *error)
{
    if (!lane_open_second(second, first, round, error))
        return false;
    bool has_second = second->database != NULL;
    bool done = database_run(first->database, "BEGIN", error) &&
                lanes_run(first, second, round, error) &&
                (!has_second || lane_bring_over(first, second, round, error)) &&
                lane_run_after(first, round, error) &&
                (!has_second || database_run(first->database, "DETACH lane", error));
    lane_close(second);
    return done;
}

static bool run_rounds(struct build *build, struct lane *first, struct lane *second,
                       struct error *error)
{
    if (!lane_open(first, build, error))
        return false;
    for (size_t i = 0; i < ROUNDS; i++)
        if (!run_round(first, second, &lane_rounds[i], error))
            return false;
    return database_run(first->database,
                        arena_format(build->arena, "PRAGMA user_version=%d", refresh_basis(build)),
                        error);
}

static bool build_scratch(struct build *build, struct view_result *result, struct error *error)
{
    struct lane first = {0};
    struct lane second = {0};
    bool built = run_rounds(build, &first, &second, error) &&
                 count_tables(build, first.database, result, error);
    log_progress_end();
    if (built) {
        built = database_finish(first.database, error);
        first.database = NULL;
    }
    lane_close(&first);
    lane_close(&second);
    file_remove(build->lane_path);
    return built;
}

static bool refresh_scratch(struct build *build, struct view_result *result, struct error *error)
{
    struct database *database = NULL;
    bool done =
        refresh_run(build, &database, error) && count_tables(build, database, result, error);
    log_progress_end();
    if (!done) {
        database_close(database);
        return false;
    }
    result->refreshed = true;
    return database_finish(database, error);
}

/* What could not be brought up to date can still be made anew, and only that may fail. */
static bool build_new_file(struct build *build, struct view_result *result, struct error *error)
{
    if (refresh_possible(build)) {
        if (refresh_scratch(build, result, error))
            return true;
        log_failure(LOG_WARNING, error);
        log_warning("the view is made anew: it could not be brought up to date");
        *error = (struct error){0};
    }
    return build_scratch(build, result, error);
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
    build.path = arena_format(arena, "%s.new", options->path);
    build.lane_path = arena_format(arena, "%s.new-lane", options->path);
    if (!file_exists(options->state_path)) {
        error_set(error, EXIT_STATE, "could not find the state %s", options->state_path);
        return error_hint(error, "cust360 run makes it");
    }
    if (!read_files(&build, error) || !file_make_folder(file_folder(arena, options->path), error))
        return false;
    if (!build_new_file(&build, result, error)) {
        file_remove(build.path);
        return false;
    }
    remove_companions(arena, options->path);
    if (!file_publish(build.path, options->path, error))
        return false;
    result->seconds = date_monotonic_seconds() - started;
    return true;
}
