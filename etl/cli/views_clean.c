#include "cli/open.h"
#include "cli/views.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/subject_view.h"

/* Views of former runs show what is past its term by now. Of the persons whom that is about they
 * get the rows that the present view has, none where it has none:
 *
 *   touched ──► temp.gone_id ──► rows by golden id ──► temp.gone_contact, temp.gone_vin
 *                                                 └──► rows by contact value or VIN alone
 *
 * Of the view's tables nothing is known but how their columns are called (as in an erasure,
 * subject_view.h), and customer_source, which says whose a record is. A view without it is let go
 * of. */

static const char tables_sql[] =
    "CREATE TEMP TABLE touched(source TEXT, source_key TEXT, is_sure INTEGER);"
    "CREATE TEMP TABLE gone_id(value TEXT PRIMARY KEY);"
    "CREATE TEMP TABLE gone_contact(value TEXT PRIMARY KEY);"
    "CREATE TEMP TABLE gone_vin(value TEXT PRIMARY KEY);";

struct cleaning {
    struct arena *arena;
    struct database *view;
    const struct retention_touched *touched;
    size_t touched_count;
};

struct view_table {
    const char *name;
    const char *columns; /* those that both views have: "a", "b" */
    const char *by_id;   /* a condition; NULL: no golden ids */
    const char *forget;  /* SQL that takes out mentions; may be empty */
    bool has_contact;
    bool has_vin;
    bool is_now; /* the present view has it */
};

static bool run(const struct cleaning *cleaning, const char *sql, struct error *error)
{
    return database_run(cleaning->view, sql, error);
}

/* ---- who is meant ---- */

static bool put_touched(const struct cleaning *cleaning, struct error *error)
{
    struct statement *put =
        statement_prepare(cleaning->view, "INSERT INTO temp.touched VALUES(?1, ?2, ?3)", error);
    bool done = put != NULL;
    for (size_t i = 0; done && i < cleaning->touched_count; i++) {
        statement_bind_text(put, 1, slice_of(cleaning->touched[i].source));
        statement_bind_text(put, 2, slice_of(cleaning->touched[i].key));
        statement_bind_integer(put, 3, cleaning->touched[i].is_sure);
        done = statement_run(put, error);
    }
    statement_destroy(put);
    return done;
}

/* Where a value stood that stands there no more: k is the former row, n the present one. */
static bool lost_values(const struct cleaning *cleaning, const char *table, const char **lost,
                        struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    struct statement *rows =
        statement_prepare(cleaning->view,
                          arena_format(cleaning->arena,
                                       "SELECT a.name FROM pragma_table_info('%s', 'main') a JOIN"
                                       " pragma_table_info('%s', 'now') b USING (name)",
                                       table, table),
                          error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    buffer_append_text(&sql, "0");
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        struct slice name = statement_text(rows, 0);
        buffer_format(&sql, " OR (k.\"%.*s\" IS NOT NULL AND n.\"%.*s\" IS NULL)",
                      SLICE_ARGUMENTS(name), SLICE_ARGUMENTS(name));
    }
    statement_destroy(rows);
    *lost = arena_text(cleaning->arena, buffer_slice(&sql));
    buffer_release(&sql);
    return outcome != FAILED;
}

/* What is emptied comes with each night's export and goes again: only who has lost something since
 * the former view is meant. */
static bool find_ids(const struct cleaning *cleaning, int64_t *count, struct error *error)
{
    const char *of_record = NULL;
    const char *of_customer = NULL;
    return lost_values(cleaning, "customer_source", &of_record, error) &&
           lost_values(cleaning, "customer", &of_customer, error) &&
           run(cleaning,
               arena_format(
                   cleaning->arena,
                   "INSERT OR IGNORE INTO temp.gone_id SELECT k.golden_id FROM temp.touched t JOIN"
                   " main.customer_source k USING (source, source_key) LEFT JOIN"
                   " now.customer_source n ON n.source = k.source AND n.source_key = k.source_key"
                   " AND n.golden_id = k.golden_id WHERE t.is_sure OR n.golden_id IS NULL OR %s;"
                   "INSERT OR IGNORE INTO temp.gone_id SELECT k.golden_id FROM temp.touched t JOIN"
                   " main.customer_source c USING (source, source_key) JOIN main.customer k"
                   " USING (golden_id) JOIN now.customer n USING (golden_id) WHERE %s",
                   of_record, of_customer),
               error) &&
           database_integer(cleaning->view, "SELECT count(*) FROM temp.gone_id", 0, count, error);
}

/* *usable: both views say whose a record is. */
static bool begin(const struct cleaning *cleaning, const char *present, bool *usable,
                  struct error *error)
{
    int64_t tables = 0;
    bool done = database_attach(cleaning->view, present, "now", error) &&
                database_integer(cleaning->view,
                                 "SELECT (SELECT count(*) FROM main.sqlite_master WHERE name IN"
                                 " ('customer', 'customer_source')) + (SELECT count(*) FROM"
                                 " now.sqlite_master WHERE name IN ('customer',"
                                 " 'customer_source'))",
                                 0, &tables, error);
    *usable = tables == 4;
    return done && (!*usable || (run(cleaning, tables_sql, error) && put_touched(cleaning, error)));
}

/* ---- which rows ---- */

static void add_condition(struct buffer *condition, const char *column)
{
    buffer_format(condition, "%s\"%s\" IN (SELECT value FROM temp.gone_id)",
                  condition->length ? " OR " : "", column);
}

/* Who is in no view any more is not mentioned either. */
static void add_mention(struct buffer *forget, const char *table, const char *column)
{
    buffer_format(forget,
                  "UPDATE main.\"%s\" SET \"%s\" = NULL WHERE \"%s\" IN (SELECT value FROM"
                  " temp.gone_id) AND \"%s\" NOT IN (SELECT golden_id FROM now.customer);",
                  table, column, column, column);
}

static bool read_table(const struct cleaning *cleaning, struct view_table *table,
                       struct error *error)
{
    struct buffer columns = BUFFER_EMPTY;
    struct buffer condition = BUFFER_EMPTY;
    struct buffer forget = BUFFER_EMPTY;
    struct statement *rows = statement_prepare(
        cleaning->view,
        arena_format(cleaning->arena,
                     "SELECT a.name, b.name IS NOT NULL FROM pragma_table_info('%s', 'main') a LEFT"
                     " JOIN pragma_table_info('%s', 'now') b USING (name)",
                     table->name, table->name),
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        const char *name = arena_text(cleaning->arena, statement_text(rows, 0));
        enum view_column of = view_column_of(name);
        if (of == VIEW_COLUMN_MEANT)
            add_condition(&condition, name);
        if (of == VIEW_COLUMN_MENTIONED)
            add_mention(&forget, table->name, name);
        table->has_contact = table->has_contact || of == VIEW_COLUMN_CONTACT;
        table->has_vin = table->has_vin || of == VIEW_COLUMN_VIN;
        if (statement_integer(rows, 1) != 0)
            buffer_format(&columns, "%s\"%s\"", columns.length ? ", " : "", name);
    }
    statement_destroy(rows);
    table->columns = arena_text(cleaning->arena, buffer_slice(&columns));
    table->is_now = columns.length > 0;
    table->by_id = condition.length ? arena_text(cleaning->arena, buffer_slice(&condition)) : NULL;
    table->forget = arena_text(cleaning->arena, buffer_slice(&forget));
    buffer_release(&columns);
    buffer_release(&condition);
    buffer_release(&forget);
    return outcome != FAILED;
}

static bool list_tables(const struct cleaning *cleaning, struct view_table *tables, size_t most,
                        size_t *count, struct error *error)
{
    struct statement *rows = statement_prepare(
        cleaning->view,
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'golden_history' ORDER BY name",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED && *count < most)
        tables[(*count)++].name = arena_text(cleaning->arena, statement_text(rows, 0));
    statement_destroy(rows);
    bool done = outcome != FAILED;
    for (size_t i = 0; done && i < *count; i++)
        done = read_table(cleaning, &tables[i], error);
    return done;
}

/* ---- replacing them ---- */

static bool collect(const struct cleaning *cleaning, const struct view_table *table,
                    const char *column, const char *into, struct error *error)
{
    return run(cleaning,
               arena_format(cleaning->arena,
                            "INSERT OR IGNORE INTO temp.%s SELECT \"%s\" FROM main.\"%s\" WHERE"
                            " (%s) AND \"%s\" IS NOT NULL",
                            into, column, table->name, table->by_id, column),
               error);
}

static bool replace(const struct cleaning *cleaning, const struct view_table *table,
                    struct error *error)
{
    const char *condition = table->by_id ? table->by_id
                            : table->has_contact
                                ? "contact_value IN (SELECT value FROM temp.gone_contact)"
                            : table->has_vin ? "vin IN (SELECT value FROM temp.gone_vin)"
                                             : NULL;
    if (!condition)
        return true;
    return run(cleaning,
               arena_format(cleaning->arena, "DELETE FROM main.\"%s\" WHERE %s", table->name,
                            condition),
               error) &&
           (!table->is_now ||
            run(cleaning,
                arena_format(cleaning->arena,
                             "INSERT OR IGNORE INTO main.\"%s\"(%s) SELECT %s FROM now.\"%s\" WHERE"
                             " %s",
                             table->name, table->columns, table->columns, table->name, condition),
                error));
}

static bool replace_rows(const struct cleaning *cleaning, struct error *error)
{
    enum { TABLES_MOST = 400 };
    struct view_table *tables = arena_allocate_array(cleaning->arena, TABLES_MOST, sizeof(*tables));
    size_t count = 0;
    bool done = list_tables(cleaning, tables, TABLES_MOST, &count, error) &&
                run(cleaning, "PRAGMA secure_delete=ON; BEGIN IMMEDIATE", error);
    for (size_t i = 0; done && i < count; i++)
        if (tables[i].by_id)
            done = (!tables[i].has_contact ||
                    collect(cleaning, &tables[i], "contact_value", "gone_contact", error)) &&
                   (!tables[i].has_vin || collect(cleaning, &tables[i], "vin", "gone_vin", error));
    for (size_t i = 0; done && i < count; i++)
        done = replace(cleaning, &tables[i], error) && run(cleaning, tables[i].forget, error);
    return done && run(cleaning, "COMMIT", error);
}

/* ---- the files ---- */

/* Looks into the view without changing it. */
static bool count_meant(struct cleaning *cleaning, const char *path, const char *present,
                        int64_t *meant, struct error *error)
{
    bool usable = false;
    *meant = 0;
    cleaning->view = database_open(path, DATABASE_READ, error);
    bool done = cleaning->view && begin(cleaning, present, &usable, error);
    if (done && !usable)
        *meant = -1;
    done = done && (!usable || find_ids(cleaning, meant, error));
    database_close(cleaning->view);
    return done;
}

/* It may have other names, that of what a target was sent: only a copy is changed. */
static bool clean(struct cleaning *cleaning, const char *path, const char *present,
                  struct error *error)
{
    const char *fresh = arena_format(cleaning->arena, "%s.new", path);
    int64_t meant = 0;
    bool usable = false;
    if (!file_copy(path, fresh, error))
        return false;
    cleaning->view = database_open(fresh, DATABASE_WRITE, error);
    bool done = cleaning->view && begin(cleaning, present, &usable, error) &&
                find_ids(cleaning, &meant, error) && replace_rows(cleaning, error);
    database_close(cleaning->view);
    if (done && database_clear_gaps(fresh, error) && file_publish(fresh, path, error))
        return true;
    file_remove(fresh);
    return false;
}

static bool clean_kept(struct cleaning *cleaning, const char *path, const char *present,
                       struct error *error)
{
    int64_t meant = 0;
    if (!count_meant(cleaning, path, present, &meant, error))
        return false;
    if (meant < 0)
        file_remove(path);
    return meant <= 0 || clean(cleaning, path, present, error);
}

bool views_clean(const struct project *project, struct arena *arena,
                 const struct retention_touched *touched, size_t count, struct error *error)
{
    struct cleaning cleaning = {.arena = arena, .touched = touched, .touched_count = count};
    const char *present = view_path(project, arena);
    int64_t *runs = NULL;
    size_t kept = 0;
    if (count == 0 || !file_exists(present))
        return true;
    if (!views_list(project, arena, &runs, &kept, error))
        return false;
    for (size_t i = 0; runs && i < kept; i++) {
        struct error why = {0};
        const char *path = views_path(project, arena, runs[i]);
        if (clean_kept(&cleaning, path, present, &why))
            continue;
        /* Rather no way back to it than what is past its term for as long as it is kept. */
        log_warning("the view %s is not kept: what is past its term could not be taken out: %s",
                    path, why.message);
        file_remove(path);
    }
    return true;
}
