#include "view/refresh.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/log.h"
#include "cust360/view_dictionary.h"
#include "view/each.h"
#include "view/function.h"

enum {
    BASIS_VERSION = 3, /* of how the tables are built, where SQL does not tell */
    SQL_FILE_BYTES_MAX = 1 << 20,
    FULL_FROM_SHARE = 4 /* more than a quarter of the customers: a full build is quicker */
};

static const char refresh_settings[] =
    "PRAGMA secure_delete=OFF;PRAGMA cache_size=-524288;PRAGMA temp_store=MEMORY;"
    "PRAGMA state.cache_size=-131072;PRAGMA state.mmap_size=536870912;";

static const char *touched_path(const struct build *build)
{
    return file_join(build->arena, build->options->folder, "touched.sql");
}

static uint64_t hash_file(const struct build *build, const char *path, uint64_t hash)
{
    struct slice content;
    struct error ignored;
    if (!file_read(build->arena, path, SQL_FILE_BYTES_MAX, &content, &ignored))
        return hash_combine(hash, 0);
    return hash_combine(hash, hash_bytes(content, 1));
}

int32_t refresh_basis(const struct build *build)
{
    uint64_t hash = hash_combine(BASIS_VERSION, build->file_count);
    for (size_t i = 0; i < build->file_count; i++) {
        hash = hash_combine(hash, hash_bytes(slice_of(file_name(build->files[i].path)), 0));
        hash = hash_combine(hash, hash_bytes(build->files[i].sql, 0));
    }
    hash = hash_file(build, touched_path(build), hash);
    hash = hash_file(
        build, file_join(build->arena, build->options->folder, DICTIONARY_COLUMNS_FILE), hash);
    hash = hash_file(build, file_join(build->arena, build->options->folder, "view.yaml"), hash);
    hash = hash_file(build, file_join(build->arena, build->options->folder, "ahp.yaml"), hash);
    return (int32_t)(hash & INT32_MAX) | 1;
}

/* ---- whether ---- */

static bool ask(struct database *database, const char *sql, int64_t *value)
{
    struct error ignored;
    return database_integer(database, sql, 0, value, &ignored);
}

/* What depends on the day is brought up to a later one only. */
static bool fits_former(const struct build *build, struct database *former)
{
    int64_t basis = 0;
    int64_t run_id = 0;
    int64_t as_of_days = 0;
    return ask(former, "PRAGMA user_version", &basis) && basis == refresh_basis(build) &&
           ask(former, "SELECT value FROM parameter WHERE name='run_id'", &run_id) &&
           run_id == build->options->former_run_id &&
           ask(former,
               "SELECT CAST(julianday(value) - 2440587.5 AS INTEGER) FROM parameter"
               " WHERE name = 'as_of'",
               &as_of_days) &&
           as_of_days <= build->options->as_of_days;
}

static bool little_changed(const struct build *build)
{
    struct error ignored;
    int64_t changed = 0;
    int64_t issued = 0;
    struct database *state = database_open(build->options->state_path, DATABASE_READ, &ignored);
    bool asked = state && ask(state, "SELECT count(*) FROM changed_golden", &changed) &&
                 ask(state, "SELECT max(golden_number) FROM golden", &issued);
    database_close(state);
    return asked && changed * FULL_FROM_SHARE <= issued;
}

bool refresh_possible(const struct build *build)
{
    struct error ignored;
    const char *path = build->options->path;
    if (!build->options->former_run_id || !file_exists(path) || !file_exists(touched_path(build)))
        return false;
    struct database *former = database_open(path, DATABASE_READ, &ignored);
    bool fits = former && fits_former(build, former);
    database_close(former);
    return fits && little_changed(build);
}

/* ---- doing it ---- */

static bool open_copy(const struct build *build, struct database **database, struct error *error)
{
    if (!file_copy(build->options->path, build->path, error))
        return false;
    *database = database_open(build->path, DATABASE_REWORK, error);
    if (*database && build->options->stop)
        database_stop_when(*database, build->options->stop);
    return *database && functions_add(*database, error) &&
           lane_order_rows(*database, build->options, error) &&
           database_attach(*database, build->options->state_path, "state", error) &&
           database_run(*database, refresh_settings, error) &&
           database_run(*database,
                        "BEGIN;CREATE TEMP TABLE former_parameter AS SELECT * FROM parameter;"
                        "DELETE FROM parameter",
                        error) &&
           lane_fill_parameters(build, *database, error);
}

static bool find_touched(const struct build *build, struct database *database, struct error *error)
{
    struct slice sql;
    const char *path = touched_path(build);
    return file_read(build->arena, path, SQL_FILE_BYTES_MAX, &sql, error) &&
           database_run_file(database, path, sql, error) && each_make(build, database, true, error);
}

static bool delete_touched(const struct build *build, struct database *database,
                           const struct view_file *file, struct error *error)
{
    for (size_t i = 0; i < file->axis_count; i++) {
        const struct axis *axis = &file->axes[i];
        const char *sql = arena_format(
            build->arena, "DELETE FROM main.\"%s\" WHERE \"%s\" IN temp.\"touched_%s\"",
            axis->table, axis->column, axis->column);
        if (axis->column && !database_run(database, sql, error)) {
            error->exit_code = EXIT_CONFIGURATION;
            return error_place(error, file->path, 0, 0);
        }
    }
    return true;
}

static bool refresh_file(const struct build *build, struct database *database,
                         const struct view_file *file, struct error *error)
{
    if (file->refresh == REFRESH_NOT)
        return true;
    return delete_touched(build, database, file, error) &&
           database_run_file(database, file->path, axis_refresh_sql(build->arena, file), error);
}

bool refresh_run(const struct build *build, struct database **database, struct error *error)
{
    if (!open_copy(build, database, error) || !find_touched(build, *database, error))
        return false;
    for (size_t i = 0; i < build->file_count; i++) {
        log_progress("view", i, build->file_count);
        if (!refresh_file(build, *database, &build->files[i], error))
            return false;
    }
    return database_run(*database, "COMMIT", error);
}
