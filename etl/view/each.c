#include "view/each.h"
#include "cust360/base/database.h"

#include <ctype.h>

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

static bool make_of_axis(const struct build *build, struct database *database, const char *name,
                         const struct axis *axis, bool only_touched, struct error *error)
{
    const char *select =
        only_touched
            ? arena_format(build->arena, "SELECT * FROM \"%s\" WHERE \"%s\" IN temp.\"touched_%s\"",
                           axis->table, axis->column, axis->column)
            : arena_format(build->arena, "SELECT * FROM \"%s\"", axis->table);
    return make(build, database, name, select, error);
}

/* Where a name ends that begins at `start`. */
static size_t name_end(struct slice sql, size_t start)
{
    while (start < sql.length &&
           (isalnum((unsigned char)sql.data[start]) || sql.data[start] == '_'))
        start++;
    return start;
}

/* "TABLE_by_COLUMN", parted; false: the name is another. */
static bool part_name(struct arena *arena, struct slice name, struct axis *axis)
{
    static const char between[] = "_by_";
    const char *text = arena_text(arena, name);
    const char *at = strstr(text, between);
    if (!at || at == text)
        return false;
    *axis = (struct axis){arena_text(arena, slice_make(text, (size_t)(at - text))),
                          at + strlen(between)};
    return true;
}

/* The views that a file asks for by their names. */
static bool make_asked(const struct build *build, struct database *database,
                       const struct view_file *file, bool only_touched, struct error *error)
{
    static const char mark[] = "each_";
    const char *found = file->sql.data;
    while ((found = strstr(found, mark)) != NULL) {
        size_t start = (size_t)(found - file->sql.data) + strlen(mark);
        size_t end = name_end(file->sql, start);
        struct slice name = slice_cut(file->sql, start, end);
        struct axis axis;
        if (part_name(build->arena, name, &axis) &&
            !make_of_axis(build, database, arena_text(build->arena, name), &axis, only_touched,
                          error))
            return false;
        found = file->sql.data + end;
    }
    return true;
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
    for (size_t i = 0; i < build->file_count; i++) {
        const struct view_file *file = &build->files[i];
        for (size_t a = 0; a < file->axis_count; a++)
            if (file->axes[a].column && !make_of_axis(build, database, file->axes[a].table,
                                                      &file->axes[a], only_touched, error))
                return false;
        if (!make_asked(build, database, file, only_touched, error))
            return false;
    }
    return make_of_state(build, database, error);
}
