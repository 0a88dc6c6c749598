#include "view/each.h"
#include "cust360/base/database.h"

/* Temporary views belong to the connection and are looked up before all else, so that a view which
 * touched.sql has made already stays. Names within them are resolved when they are asked: the
 * tables need not be there yet. */
static bool make(const struct build *build, struct database *database, const char *name,
                 const char *select, struct error *error)
{
    const char *sql = arena_format(build->arena, "CREATE TEMP VIEW IF NOT EXISTS \"each_%s\" AS %s",
                                   name, select);
    return database_run(database, sql, error);
}

static bool make_of_axis(const struct build *build, struct database *database,
                         const struct axis *axis, bool only_touched, struct error *error)
{
    const char *select =
        only_touched ? arena_format(build->arena,
                                    "SELECT * FROM main.\"%s\" WHERE \"%s\" IN temp.\"touched_%s\"",
                                    axis->table, axis->column, axis->column)
                     : arena_format(build->arena, "SELECT * FROM main.\"%s\"", axis->table);
    return make(build, database, axis->table, select, error);
}

static bool make_of_state(const struct build *build, struct database *database, struct error *error)
{
    struct statement *names = statement_prepare(
        database,
        "SELECT name FROM state.sqlite_master WHERE type = 'table' AND (name LIKE 'record\\_%'"
        " ESCAPE '\\' OR name IN ('golden', 'golden_choice', 'crosswalk')) ORDER BY name",
        error);
    if (!names)
        return false;
    enum outcome outcome;
    bool made = true;
    while (made && (outcome = statement_step(names, error)) == ACCEPTED) {
        const char *name = arena_text(build->arena, statement_text(names, 0));
        made = make(build, database, name,
                    arena_format(build->arena, "SELECT * FROM state.\"%s\"", name), error);
    }
    statement_destroy(names);
    return made && outcome == ENDED;
}

bool each_make(const struct build *build, struct database *database, bool only_touched,
               struct error *error)
{
    for (size_t i = 0; i < build->file_count; i++)
        for (size_t a = 0; a < build->files[i].axis_count; a++)
            if (build->files[i].axes[a].column &&
                !make_of_axis(build, database, &build->files[i].axes[a], only_touched, error))
                return false;
    return make_of_state(build, database, error);
}
