#include "publish/statement.h"

/* ---- what is sent ---- */

struct sent_table *sent_table_of(const struct session *session, const struct shape *shape)
{
    enum { EXTRA_COLUMNS = 2 };
    struct arena *arena = session->arena;
    struct sent_table *table = arena_allocate(arena, sizeof(*table));
    size_t count = shape->column_count;
    table->shape = shape;
    table->name = session_table(session, shape->name);
    table->columns = arena_allocate_array(arena, count + EXTRA_COLUMNS, sizeof(*table->columns));
    for (size_t i = 0; i < count; i++)
        table->columns[i] = (struct sent_column){shape->columns[i].name, shape->columns[i].kind};
    table->key_columns = arena_allocate_array(arena, count + EXTRA_COLUMNS, sizeof(size_t));
    table->columns[count] = (struct sent_column){ROW_HASH, COLUMN_INTEGER};
    table->column_count = count + 1;
    for (size_t i = 0; i < shape->key_count; i++)
        table->key_columns[table->key_count++] = shape->key[i];
    if (shape->key_count == 0) {
        table->columns[count + 1] = (struct sent_column){ROW_COPY, COLUMN_INTEGER};
        table->column_count = count + EXTRA_COLUMNS;
        table->key_columns[table->key_count++] = count;
        table->key_columns[table->key_count++] = count + 1;
    }
    table->key = arena_allocate_array(arena, table->key_count, sizeof(*table->key));
    for (size_t i = 0; i < table->key_count; i++)
        table->key[i] = table->columns[table->key_columns[i]];
    return table;
}

static bool is_key(const struct sent_table *table, size_t column)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (table->key_columns[i] == column)
            return true;
    return false;
}

/* ---- pieces ---- */

void statement_names(struct buffer *sql, const struct sent_column *columns, size_t count,
                     const char *alias)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(sql, i > 0 ? ", " : "");
        buffer_append_text(sql, alias);
        dialect_name(sql, columns[i].name);
    }
}

static const char *array_type(const struct session *session, const struct sent_column *column)
{
    return session->dialect->types[column->kind];
}

/* unnest(CAST(? AS bigint[]), …) */
static void append_unnest(struct buffer *sql, const struct session *session,
                          const struct sent_column *columns, size_t count)
{
    buffer_append_text(sql, "unnest(");
    for (size_t i = 0; i < count; i++)
        buffer_format(sql, "%sCAST(? AS %s[])", i > 0 ? ", " : "",
                      array_type(session, &columns[i]));
    buffer_append_byte(sql, ')');
}

/* a = s.a AND b = s.b */
static void append_equal(struct buffer *sql, const struct sent_table *table, const char *left,
                         const char *right)
{
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_text(sql, i > 0 ? " AND " : "");
        statement_names(sql, &table->key[i], 1, left);
        buffer_append_text(sql, " = ");
        statement_names(sql, &table->key[i], 1, right);
    }
}

/* "a" = before"a"after, … of all columns but the key's. */
static void append_assignments(struct buffer *sql, const struct sent_table *table,
                               const char *before, const char *after)
{
    const char *comma = "";
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_key(table, i))
            continue;
        buffer_append_text(sql, comma);
        dialect_name(sql, table->columns[i].name);
        buffer_append_text(sql, " = ");
        buffer_append_text(sql, before);
        dialect_name(sql, table->columns[i].name);
        buffer_append_text(sql, after);
        comma = ", ";
    }
}

static const char *finish(const struct session *session, struct buffer *sql)
{
    const char *copy = arena_text(session->arena, buffer_slice(sql));
    buffer_release(sql);
    return copy;
}

/* ---- statements ---- */

static void append_merge(struct buffer *sql, const struct sent_table *table)
{
    buffer_format(sql, "MERGE INTO %s WITH (HOLDLOCK) AS t USING (SELECT ", table->name);
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_text(sql, i > 0 ? ", ? AS " : "? AS ");
        dialect_name(sql, table->columns[i].name);
    }
    buffer_append_text(sql, ") AS s ON ");
    append_equal(sql, table, "t.", "s.");
    buffer_append_text(sql, " WHEN MATCHED THEN UPDATE SET ");
    append_assignments(sql, table, "s.", "");
    buffer_append_text(sql, " WHEN NOT MATCHED THEN INSERT (");
    statement_names(sql, table->columns, table->column_count, "");
    buffer_append_text(sql, ") VALUES (");
    statement_names(sql, table->columns, table->column_count, "s.");
    buffer_append_text(sql, ");");
}

static void append_insert(struct buffer *sql, const struct session *session,
                          const struct sent_table *table)
{
    buffer_format(sql, "INSERT INTO %s (", table->name);
    statement_names(sql, table->columns, table->column_count, "");
    if (session->dialect->batch == BATCH_UNNEST) {
        buffer_append_text(sql, ") SELECT * FROM ");
        append_unnest(sql, session, table->columns, table->column_count);
        return;
    }
    buffer_append_text(sql, ") VALUES (");
    for (size_t i = 0; i < table->column_count; i++)
        buffer_append_text(sql, i > 0 ? ", ?" : "?");
    buffer_append_byte(sql, ')');
}

const char *statement_upsert(const struct session *session, const struct sent_table *table)
{
    struct buffer sql = BUFFER_EMPTY;
    switch (session->dialect->upsert) {
    case UPSERT_CONFLICT:
        append_insert(&sql, session, table);
        buffer_append_text(&sql, " ON CONFLICT (");
        statement_names(&sql, table->key, table->key_count, "");
        buffer_append_text(&sql, ") DO UPDATE SET ");
        append_assignments(&sql, table, "excluded.", "");
        break;
    case UPSERT_DUPLICATE:
        append_insert(&sql, session, table);
        buffer_append_text(&sql, " ON DUPLICATE KEY UPDATE ");
        append_assignments(&sql, table, "VALUES(", ")");
        break;
    case UPSERT_MERGE:
        append_merge(&sql, table);
        break;
    }
    return finish(session, &sql);
}

const char *statement_delete(const struct session *session, const struct sent_table *table)
{
    struct buffer sql = BUFFER_EMPTY;
    if (session->dialect->batch == BATCH_UNNEST) {
        buffer_format(&sql, "DELETE FROM %s AS t USING ", table->name);
        append_unnest(&sql, session, table->key, table->key_count);
        buffer_append_text(&sql, " AS s(");
        statement_names(&sql, table->key, table->key_count, "");
        buffer_append_text(&sql, ") WHERE ");
        append_equal(&sql, table, "t.", "s.");
        return finish(session, &sql);
    }
    buffer_format(&sql, "DELETE FROM %s WHERE ", table->name);
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_text(&sql, i > 0 ? " AND " : "");
        dialect_name(&sql, table->key[i].name);
        buffer_append_text(&sql, " = ?");
    }
    return finish(session, &sql);
}

/* ---- reading rows again ---- */

void statement_array(struct buffer *text, const struct slice *values, size_t count, size_t stride)
{
    buffer_append_byte(text, '{');
    for (size_t i = 0; i < count; i++) {
        struct slice value = values[i * stride];
        buffer_append_text(text, i > 0 ? "," : "");
        if (!value.data) {
            buffer_append_text(text, "NULL");
            continue;
        }
        buffer_append_byte(text, '"');
        char *to = buffer_reserve(text, 2 * value.length + 1);
        size_t length = 0;
        for (size_t at = 0; at < value.length; at++) {
            if (value.data[at] == '"' || value.data[at] == '\\')
                to[length++] = '\\';
            to[length++] = value.data[at];
        }
        text->length += length;
        buffer_append_byte(text, '"');
    }
    buffer_append_byte(text, '}');
}

static void append_key_arrays(struct buffer *sql, const struct session *session,
                              const struct sent_table *table, const struct slice *keys,
                              size_t count)
{
    struct buffer array = BUFFER_EMPTY;
    buffer_append_text(sql, " AS t JOIN unnest(");
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_clear(&array);
        statement_array(&array, keys + i, count, table->key_count);
        buffer_append_text(sql, i > 0 ? ", CAST(" : "CAST(");
        dialect_text(sql, buffer_slice(&array));
        buffer_format(sql, " AS %s[])", array_type(session, &table->key[i]));
    }
    buffer_append_text(sql, ") AS s(");
    statement_names(sql, table->key, table->key_count, "");
    buffer_append_text(sql, ") ON ");
    append_equal(sql, table, "t.", "s.");
    buffer_release(&array);
}

static void append_key_value(struct buffer *sql, const struct sent_column *column,
                             struct slice value)
{
    if (column->kind == COLUMN_INTEGER)
        buffer_append(sql, value);
    else
        dialect_text(sql, value);
}

/* WHERE (a = 1 AND b = 2) OR (a = …) */
static void append_key_tests(struct buffer *sql, const struct sent_table *table,
                             const struct slice *keys, size_t count)
{
    buffer_append_text(sql, " AS t WHERE");
    for (size_t row = 0; row < count; row++) {
        buffer_append_text(sql, row > 0 ? " OR (" : " (");
        for (size_t i = 0; i < table->key_count; i++) {
            buffer_append_text(sql, i > 0 ? " AND " : "");
            statement_names(sql, &table->key[i], 1, "t.");
            buffer_append_text(sql, " = ");
            append_key_value(sql, &table->key[i], keys[row * table->key_count + i]);
        }
        buffer_append_byte(sql, ')');
    }
}

/* WHERE (a, b) IN ((1, 2), …) */
static void append_key_list(struct buffer *sql, const struct session *session,
                            const struct sent_table *table, const struct slice *keys, size_t count)
{
    bool several = table->key_count > 1;
    buffer_append_text(sql, several ? " AS t WHERE (" : " AS t WHERE ");
    statement_names(sql, table->key, table->key_count, "t.");
    buffer_append_text(sql, several ? ") IN (" : " IN (");
    buffer_append_text(sql, several ? session->dialect->pair_in : "");
    for (size_t row = 0; row < count; row++) {
        buffer_append_text(sql, row > 0 ? ", " : "");
        buffer_append_text(sql, several ? "(" : "");
        for (size_t i = 0; i < table->key_count; i++) {
            buffer_append_text(sql, i > 0 ? ", " : "");
            append_key_value(sql, &table->key[i], keys[row * table->key_count + i]);
        }
        buffer_append_text(sql, several ? ")" : "");
    }
    buffer_append_byte(sql, ')');
}

void statement_read(struct buffer *sql, const struct session *session,
                    const struct sent_table *table, const struct slice *keys, size_t count)
{
    buffer_append_text(sql, "SELECT ");
    statement_names(sql, table->columns, table->shape->column_count, "t.");
    buffer_format(sql, " FROM %s", table->name);
    if (session->dialect->batch == BATCH_UNNEST)
        append_key_arrays(sql, session, table, keys, count);
    else if (table->key_count > 1 && !session->dialect->pair_in)
        append_key_tests(sql, table, keys, count);
    else
        append_key_list(sql, session, table, keys, count);
}
