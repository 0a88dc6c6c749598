#include "publish/restore.h"

#include <stdlib.h>

enum { DECIMAL = 10 };

static bool make_table(const struct shape *shape, struct database *scratch, struct error *error)
{
    static const char *const types[COLUMN_KINDS] = {"TEXT", "INTEGER", "REAL", "TEXT"};
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE TABLE ");
    dialect_name(&sql, shape->name);
    for (size_t i = 0; i < shape->column_count; i++) {
        buffer_append_text(&sql, i > 0 ? ", " : " (");
        dialect_name(&sql, shape->columns[i].name);
        buffer_format(&sql, " %s", types[shape->columns[i].kind]);
    }
    buffer_append_byte(&sql, ')');
    bool made = database_run(scratch, sql.data, error);
    buffer_release(&sql);
    return made;
}

static struct statement *open_insert(const struct shape *shape, struct database *scratch,
                                     struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "INSERT INTO ");
    dialect_name(&sql, shape->name);
    for (size_t i = 0; i < shape->column_count; i++)
        buffer_append_text(&sql, i > 0 ? ", ?" : " VALUES (?");
    buffer_append_byte(&sql, ')');
    struct statement *insert = statement_prepare(scratch, sql.data, error);
    buffer_release(&sql);
    return insert;
}

/* Reads what one query gives; *rows is how many. */
static bool read_rows(struct session *session, const char *query, struct statement *insert,
                      uint64_t *rows, struct error *error)
{
    const struct slice *values = NULL;
    enum outcome outcome = FAILED;
    *rows = 0;
    struct odbc_cursor *cursor = odbc_query(session->connection, query, error);
    while (cursor && (outcome = odbc_next(cursor, &values, error)) == ACCEPTED) {
        for (size_t i = 0; i < odbc_column_count(cursor); i++)
            statement_bind_text(insert, (int)i + 1, values[i]);
        if (!statement_run(insert, error)) {
            outcome = FAILED;
            break;
        }
        ++*rows;
    }
    odbc_close(cursor);
    return outcome == ENDED;
}

static const char *whole_table(struct session *session, const struct sent_table *table)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT ");
    for (size_t i = 0; i < table->shape->column_count; i++) {
        buffer_append_text(&sql, i > 0 ? ", " : "");
        dialect_name(&sql, table->columns[i].name);
    }
    buffer_format(&sql, " FROM %s", table->name);
    const char *copy = arena_text(session->arena, buffer_slice(&sql));
    buffer_release(&sql);
    return copy;
}

/* Piece by piece where a driver would have the whole result in memory. */
static bool read_table(struct session *session, const struct sent_table *table,
                       struct statement *insert, struct error *error)
{
    const struct dialect *dialect = session->dialect;
    const char *query = whole_table(session, table);
    uint64_t rows = 0;
    if (!dialect->read_begin)
        return read_rows(session, query, insert, &rows, error);
    const char *at = strstr(dialect->read_begin, "%s");
    const char *begin = arena_format(session->arena, "%.*s%s", (int)(at - dialect->read_begin),
                                     dialect->read_begin, query);
    bool read = session_run(session, begin, error);
    do
        read = read && read_rows(session, dialect->read_next, insert, &rows, error);
    while (read && rows);
    return read && session_run(session, dialect->read_end, error);
}

static bool delete_rows(struct session *session, const struct sent_table *table,
                        struct error *error)
{
    return session_run(session, arena_format(session->arena, "DELETE FROM %s", table->name), error);
}

bool restore_table(struct session *session, const struct sent_table *table,
                   struct database *scratch, struct error *error)
{
    const struct shape *shape = table->shape;
    if (shape->key_count == 0)
        return delete_rows(session, table, error) || session_fail(session, shape->name, error);
    if (!make_table(shape, scratch, error))
        return false;
    struct statement *insert = open_insert(shape, scratch, error);
    bool read = insert && database_run(scratch, "BEGIN", error) &&
                read_table(session, table, insert, error) && database_run(scratch, "COMMIT", error);
    statement_destroy(insert);
    return read || session_fail(session, shape->name, error);
}

bool restore_sum(struct session *session, const struct sent_table *table, struct shape_sum *sum,
                 struct error *error)
{
    const struct slice *values = NULL;
    const char *sql = arena_format(session->arena, "SELECT count(*), %s FROM %s",
                                   session->dialect->halves, table->name);
    struct odbc_cursor *cursor = odbc_query(session->connection, sql, error);
    enum outcome outcome = cursor ? odbc_next(cursor, &values, error) : FAILED;
    if (outcome == ACCEPTED) {
        enum { ROWS, LOW, HIGH };
        *sum = (struct shape_sum){strtoull(values[ROWS].data, NULL, DECIMAL), 0, 0};
        if (values[LOW].data)
            sum->low = strtoull(values[LOW].data, NULL, DECIMAL);
        if (values[HIGH].data)
            sum->high = strtoull(values[HIGH].data, NULL, DECIMAL);
    }
    odbc_close(cursor);
    return outcome == ACCEPTED || session_fail(session, table->shape->name, error);
}
