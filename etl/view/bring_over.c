#include "cust360/base/arena.h"
#include "cust360/base/database.h"
#include "view/lane.h"

/* A table that is made anew and filled by "SELECT *" from one of the same text is filled by SQLite
 * page by page, its indexes too, without a look into the rows ("transfer optimization"). */

/* What the second lane has made: a row of its sqlite_master. */
struct object {
    const char *type;
    const char *name;
    const char *sql;
};

struct object_list {
    struct object *objects; /* in the order in which they were made */
    size_t count;
};

static const char *made_by(const struct lane *lane, struct slice name)
{
    uint32_t number = map_find(lane->made, name);
    return number == MAP_NONE ? "" : lane->build->files[number].path;
}

/* A name that both lanes have made is told with both files. */
static bool check_made_once(const struct lane *first, const struct lane *second,
                            const struct round *round, struct error *error)
{
    struct statement *both =
        statement_prepare(first->database,
                          "SELECT a.name, b.name FROM main.sqlite_master a"
                          " JOIN lane.sqlite_master b ON b.name = a.name COLLATE NOCASE"
                          " WHERE a.sql IS NOT NULL AND b.sql IS NOT NULL ORDER BY b.rowid",
                          error);
    if (!both)
        return false;
    enum outcome outcome = statement_step(both, error);
    if (outcome == ACCEPTED) {
        struct slice name = statement_text(both, 1);
        error_set(error, EXIT_CONFIGURATION, "%.*s is made by %s too", SLICE_ARGUMENTS(name),
                  made_by(first, statement_text(both, 0)));
        error_place(error, made_by(second, name), 0, 0);
        error_hint(error,
                   "the lanes %cNN and %cNN run at the same time: make it in one of them, and "
                   "what needs both in a file from %s on",
                   round->first[1], round->own[0], round->rest);
    }
    statement_destroy(both);
    return outcome == ENDED;
}

static bool list_objects(const struct lane *lane, struct object_list *list, struct error *error)
{
    struct arena *arena = lane->build->arena;
    int64_t count = 0;
    if (!database_integer(lane->database, "SELECT count(*) FROM lane.sqlite_master", 0, &count,
                          error))
        return false;
    list->objects = arena_allocate_array(arena, (size_t)count + 1, sizeof(*list->objects));
    struct statement *rows =
        statement_prepare(lane->database,
                          "SELECT type, name, sql FROM lane.sqlite_master WHERE sql IS NOT NULL"
                          " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                          " AND tbl_name NOT LIKE 'work\\_%' ESCAPE '\\' ORDER BY rowid",
                          error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        list->objects[list->count++] = (struct object){arena_text(arena, statement_text(rows, 0)),
                                                       arena_text(arena, statement_text(rows, 1)),
                                                       arena_text(arena, statement_text(rows, 2))};
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool fails_in(const struct lane *second, const struct object *object, struct error *error)
{
    error->exit_code = EXIT_CONFIGURATION;
    return error_place(error, made_by(second, slice_of(object->name)), 0, 0);
}

/* A virtual table's rows are its module's: they cannot be told from tables of their own. */
static bool refuse_virtual(const struct lane *second, const struct object *object,
                           struct error *error)
{
    error_set(error, EXIT_CONFIGURATION, "the virtual table %s cannot be brought over",
              object->name);
    error_hint(error, "make it in another lane, or after both");
    return fails_in(second, object, error);
}

/* Indexes first, empty: only so are they filled page by page as well. */
static bool create(struct lane *first, const struct lane *second, const struct object_list *list,
                   bool with_rows, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct object *object = &list->objects[i];
        if (strncmp(object->sql, "CREATE VIRTUAL", strlen("CREATE VIRTUAL")) == 0)
            return refuse_virtual(second, object, error);
        bool holds_rows = strcmp(object->type, "table") == 0 || strcmp(object->type, "index") == 0;
        if (holds_rows == with_rows && !database_run(first->database, object->sql, error))
            return fails_in(second, object, error);
    }
    return true;
}

/* The columns of a table some of which are generated, else NULL: those cannot be given, and "*"
 * means them too. */
static bool given_columns(const struct lane *first, const char *table, const char **columns,
                          struct error *error)
{
    static const char sql[] =
        "SELECT group_concat('\"' || replace(name, '\"', '\"\"') || '\"')"
        " FROM pragma_table_info(?1, 'lane') WHERE EXISTS"
        " (SELECT 1 FROM pragma_table_xinfo(?1, 'lane') WHERE hidden IN (2, 3))";
    struct statement *statement = statement_prepare(first->database, sql, error);
    if (!statement)
        return false;
    statement_bind_text(statement, 1, slice_of(table));
    bool asked = statement_step(statement, error) == ACCEPTED;
    *columns = asked && !statement_is_null(statement, 0)
                   ? arena_text(first->build->arena, statement_text(statement, 0))
                   : NULL;
    statement_destroy(statement);
    return asked;
}

static bool fill_table(struct lane *first, const char *table, struct error *error)
{
    struct arena *arena = first->build->arena;
    const char *columns = NULL;
    if (!given_columns(first, table, &columns, error))
        return false;
    const char *sql =
        columns ? arena_format(arena, "INSERT INTO main.\"%s\"(%s) SELECT %s FROM lane.\"%s\"",
                               table, columns, columns, table)
                : arena_format(arena, "INSERT INTO main.\"%s\" SELECT * FROM lane.\"%s\"", table,
                               table);
    return database_run(first->database, sql, error);
}

static bool fill(struct lane *first, const struct lane *second, const struct object_list *list,
                 struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct object *object = &list->objects[i];
        if (strcmp(object->type, "table") == 0 && !fill_table(first, object->name, error))
            return fails_in(second, object, error);
    }
    return true;
}

bool lane_bring_over(struct lane *first, const struct lane *second, const struct round *round,
                     struct error *error)
{
    struct object_list list = {NULL, 0};
    /* A file cannot be attached within a transaction. */
    return database_run(first->database, "COMMIT", error) &&
           database_attach(first->database, first->build->lane_path, "lane", error) &&
           database_run(first->database, "BEGIN", error) &&
           check_made_once(first, second, round, error) && list_objects(first, &list, error) &&
           create(first, second, &list, true, error) && fill(first, second, &list, error) &&
           create(first, second, &list, false, error);
}
