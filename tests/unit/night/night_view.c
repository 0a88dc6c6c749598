#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/view.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* The published view, brought up to date night by night, beside one that is made anew of the same
 * state: row for row the same in every table. */

static const char *path_of(struct arena *arena, const struct nights *nights, const char *name)
{
    return arena_format(arena, "%s/%s", nights->folder, name);
}

static bool build(const struct nights *nights, const char *name, int64_t run_id, int64_t former)
{
    struct error error = {0};
    struct view_result result;
    struct arena *arena = arena_create();
    const struct view_options options = {
        .folder = nights->project->view,
        .reference = nights->project->reference,
        .state_path = path_of(arena, nights, "state/state.db"),
        .path = path_of(arena, nights, name),
        .run_id = run_id,
        .former_run_id = former,
        .as_of_days = nights->as_of_days,
        .threads = 1,
    };
    cr_assert(view_build(arena, &options, &result, &error), "seed %llu: %s:%d: %s",
              (unsigned long long)nights->seed, error.file, (int)error.line, error.message);
    arena_destroy(arena);
    return result.refreshed;
}

static void expect_same_table(const struct nights *nights, struct database *database,
                              const char *table)
{
    struct error error;
    char sql[400];
    int64_t different = -1;
    snprintf(sql, sizeof(sql),
             "SELECT (SELECT count(*) FROM (SELECT * FROM main.\"%s\" EXCEPT SELECT * FROM"
             " other.\"%s\")) + (SELECT count(*) FROM (SELECT * FROM other.\"%s\" EXCEPT SELECT *"
             " FROM main.\"%s\")) + abs((SELECT count(*) FROM main.\"%s\") - (SELECT count(*) FROM"
             " other.\"%s\"))",
             table, table, table, table, table, table);
    cr_assert(database_integer(database, sql, 0, &different, &error), "%s", error.message);
    cr_assert_eq(different, 0, "seed %llu: %s of the view differs from one made anew",
                 (unsigned long long)nights->seed, table);
}

static void expect_same(const struct nights *nights)
{
    struct error error;
    struct arena *arena = arena_create();
    struct database *database =
        database_open(path_of(arena, nights, "view.db"), DATABASE_READ, &error);
    cr_assert(database &&
                  database_attach(database, path_of(arena, nights, "anew.db"), "other", &error),
              "%s", error.message);
    struct statement *tables = statement_prepare(
        database, "SELECT name FROM main.sqlite_master WHERE type='table' ORDER BY name", &error);
    size_t count = 0;
    for (; statement_step(tables, &error) == ACCEPTED; count++)
        expect_same_table(nights, database, arena_text(arena, statement_text(tables, 0)));
    cr_assert_gt(count, 20);
    statement_destroy(tables);
    database_close(database);
    arena_destroy(arena);
}

void night_view_forget(struct nights *nights)
{
    struct arena *arena = arena_create();
    file_remove(path_of(arena, nights, "view.db"));
    file_remove(path_of(arena, nights, "anew.db"));
    arena_destroy(arena);
    nights->view_run = 0;
}

void night_view_update(struct nights *nights, int64_t run_id, int64_t former_run_id)
{
    nights->views_refreshed += build(nights, "view.db", run_id, former_run_id);
    nights->view_run = run_id;
}

void night_view_check(struct nights *nights)
{
    build(nights, "anew.db", nights->view_run, 0);
    expect_same(nights);
}
