#include "publish/restore.h"

#include <stdlib.h>

enum { DECIMAL = 10 };

static bool make_table(const struct shape *shape, struct database *scratch, struct error *error)
{
    static const char *const types[COLUMN_KINDS] = {"TEXT", "INTEGER", "REAL", "DATE"};
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

/* A table of the target while it is read. */
struct reading {
    struct session *session;
    const struct sent_table *table;
    struct statement *insert;
    uint64_t rows; /* of the last query */
    bool stale;    /* a row is not what its hash there says */
    struct buffer scratch;
};

static bool keep_row(struct reading *reading, const struct slice *values, struct error *error)
{
    const struct shape *shape = reading->table->shape;
    size_t count = shape->column_count;
    uint64_t hash = shape_hash(shape, values, &reading->scratch);
    for (size_t i = 0; i < count; i++)
        statement_bind_text(reading->insert, (int)i + 1, values[i]);
    reading->rows++;
    if (!values[count].data || strtoull(values[count].data, NULL, DECIMAL) != hash)
        reading->stale = true;
    return statement_run(reading->insert, error);
}

static bool read_rows(struct reading *reading, const char *query, struct error *error)
{
    const struct slice *values = NULL;
    enum outcome outcome = FAILED;
    reading->rows = 0;
    struct odbc_cursor *cursor = odbc_query(reading->session->connection, query, error);
    while (cursor && (outcome = odbc_next(cursor, &values, error)) == ACCEPTED)
        if (!keep_row(reading, values, error)) {
            outcome = FAILED;
            break;
        }
    odbc_close(cursor);
    return outcome == ENDED;
}

static const char *whole_table(struct session *session, const struct sent_table *table)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT ");
    for (size_t i = 0; i <= table->shape->column_count; i++) { /* with the rows' hashes */
        buffer_append_text(&sql, i > 0 ? ", " : "");
        dialect_name(&sql, table->columns[i].name);
    }
    buffer_format(&sql, " FROM %s", table->name);
    const char *copy = arena_text(session->arena, buffer_slice(&sql));
    buffer_release(&sql);
    return copy;
}

/* Piece by piece where a driver would have the whole result in memory. */
static bool read_table(struct reading *reading, struct error *error)
{
    struct session *session = reading->session;
    const struct dialect *dialect = session->dialect;
    const char *query = whole_table(session, reading->table);
    if (!dialect->read_begin)
        return read_rows(reading, query, error);
    const char *at = strstr(dialect->read_begin, "%s");
    const char *begin = arena_format(session->arena, "%.*s%s", (int)(at - dialect->read_begin),
                                     dialect->read_begin, query);
    bool read = session_run(session, begin, error);
    do
        read = read && read_rows(reading, dialect->read_next, error);
    while (read && reading->rows);
    return read && session_run(session, dialect->read_end, error);
}

/* Rows that are not what their hashes say are sent again, all of the table: a column more makes it
 * another table than the view's. */
static bool spoil(const struct shape *shape, struct database *scratch, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "ALTER TABLE ");
    dialect_name(&sql, shape->name);
    buffer_append_text(&sql, " ADD COLUMN cust360_stale");
    bool spoilt = database_run(scratch, sql.data, error);
    buffer_release(&sql);
    return spoilt;
}

static bool delete_rows(struct session *session, const struct sent_table *table,
                        struct error *error)
{
    return session_run(session, arena_format(session->arena, "DELETE FROM %s", table->name), error);
}

/* Makes the table and fills it; *stale: a row there is not what its hash says. */
static bool copy_table(struct session *session, const struct sent_table *table,
                       struct database *scratch, bool *stale, struct error *error)
{
    const struct shape *shape = table->shape;
    if (!make_table(shape, scratch, error))
        return false;
    struct reading reading = {
        .session = session, .table = table, .insert = open_insert(shape, scratch, error)};
    bool read = reading.insert && database_run(scratch, "BEGIN", error) &&
                read_table(&reading, error) && database_run(scratch, "COMMIT", error);
    statement_destroy(reading.insert);
    buffer_release(&reading.scratch);
    *stale = reading.stale;
    return read;
}

bool restore_table(struct session *session, const struct sent_table *table,
                   struct database *scratch, struct error *error)
{
    const struct shape *shape = table->shape;
    bool stale = false;
    if (shape->key_count == 0)
        return delete_rows(session, table, error) || session_fail(session, shape->name, error);
    bool read = copy_table(session, table, scratch, &stale, error);
    read = read && (!stale || spoil(shape, scratch, error));
    return read || session_fail(session, shape->name, error);
}

bool restore_copy(struct session *session, const struct sent_table *table, struct database *scratch,
                  struct error *error)
{
    bool stale = false;
    return copy_table(session, table, scratch, &stale, error) ||
           session_fail(session, table->shape->name, error);
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
