#include "publish/structure.h"

enum { KEY_TEXT_MAX = 255 };

/* ---- what is there ---- */

/* Each database has its own way to say that a table is missing; all say it when it is asked for. */
static bool says_missing(const struct session *session, const struct error *error)
{
    static const char *const states[] = {"42P01", "42S02", "3F000"};
    const char *state = odbc_state(session->connection);
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(state, states[i]) == 0)
            return true;
    return strstr(error->message, "no such table") != NULL;
}

bool structure_columns(struct session *session, const char *table, struct arena *arena,
                       struct slice **names, size_t *count, bool *there, struct error *error)
{
    const char *sql = arena_format(arena, "SELECT * FROM %s WHERE 1 = 0", table);
    struct odbc_cursor *cursor = odbc_query(session->connection, sql, error);
    *count = 0;
    *there = cursor != NULL;
    if (!cursor)
        return says_missing(session, error);
    *count = odbc_column_count(cursor);
    *names = arena_allocate_array(arena, *count, sizeof(**names));
    for (size_t i = 0; i < *count; i++)
        (*names)[i] = arena_copy(arena, odbc_column_names(cursor)[i]);
    odbc_close(cursor);
    return true;
}

static bool has_name(const struct slice *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(names[i], slice_of(name)))
            return true;
    return false;
}

/* ---- how it is to be ---- */

static const struct shape_column *shape_column(const struct sent_table *table, size_t column)
{
    return column < table->shape->column_count ? &table->shape->columns[column] : NULL;
}

static unsigned key_texts(const struct sent_table *table)
{
    unsigned count = 0;
    for (size_t i = 0; i < table->key_count; i++)
        count += table->key[i].kind == COLUMN_TEXT;
    return count ? count : 1;
}

/* The length that a column's text is limited to; 0: it is not. */
static unsigned text_length(const struct session *session, const struct sent_table *table,
                            size_t column)
{
    const struct shape_column *shape = shape_column(table, column);
    unsigned all = session->dialect->key_characters;
    if (!shape || shape->kind != COLUMN_TEXT)
        return 0;
    if (shape->length || !shape->is_key || all == 0)
        return shape->length;
    unsigned each = all / key_texts(table);
    return each < KEY_TEXT_MAX ? each : KEY_TEXT_MAX;
}

static void append_type(struct buffer *sql, const struct session *session,
                        const struct sent_table *table, size_t column)
{
    unsigned length = text_length(session, table, column);
    dialect_name(sql, table->columns[column].name);
    buffer_append_byte(sql, ' ');
    if (length == 0) {
        buffer_append_text(sql, session->dialect->types[table->columns[column].kind]);
        return;
    }
    const char *type = session->dialect->text_varying;
    size_t before = (size_t)(strstr(type, "%u") - type);
    buffer_append(sql, slice_make(type, before));
    buffer_format(sql, "%u", length);
    buffer_append_text(sql, type + before + strlen("%u"));
}

static const char *column_comment(const struct sent_table *table, size_t column)
{
    const struct shape_column *shape = shape_column(table, column);
    if (shape)
        return shape->comment;
    return strcmp(table->columns[column].name, ROW_HASH) == 0
               ? "of the other values; cust360 compares by it"
               : "which of the rows with equal values";
}

static void append_comment(struct buffer *sql, const struct session *session,
                           const struct sent_table *table, size_t column)
{
    const char *comment = column_comment(table, column);
    if (session->dialect->comment != COMMENT_INLINE || !comment)
        return;
    buffer_append_text(sql, " COMMENT ");
    dialect_text(sql, slice_of(comment));
}

static bool is_required(const struct sent_table *table, size_t column)
{
    const struct shape_column *shape = shape_column(table, column);
    return !shape || shape->required || shape->is_key;
}

void structure_define(struct buffer *sql, const struct session *session,
                      const struct sent_table *table)
{
    buffer_append_text(sql, table->name);
    buffer_append_text(sql, " (");
    for (size_t i = 0; i < table->column_count; i++) {
        append_type(sql, session, table, i);
        buffer_append_text(sql, is_required(table, i) ? " NOT NULL" : "");
        append_comment(sql, session, table, i);
        buffer_append_text(sql, ", ");
    }
    buffer_append_text(sql, "PRIMARY KEY (");
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_text(sql, i > 0 ? ", " : "");
        dialect_name(sql, table->key[i].name);
    }
    buffer_append_text(sql, "))");
    buffer_append_text(sql, session->dialect->table_end);
    if (session->dialect->comment == COMMENT_INLINE && table->shape->comment) {
        buffer_append_text(sql, " COMMENT ");
        dialect_text(sql, slice_of(table->shape->comment));
    }
}

/* ---- making it ---- */

static bool run_buffer(struct session *session, struct buffer *sql, struct error *error)
{
    bool run = session_run(session, sql->data, error);
    buffer_release(sql);
    return run;
}

static bool comment_table(struct session *session, const struct sent_table *table,
                          struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    if (session->dialect->comment != COMMENT_STATEMENT || !table->shape->comment)
        return true;
    buffer_format(&sql, "COMMENT ON TABLE %s IS ", table->name);
    dialect_text(&sql, slice_of(table->shape->comment));
    return run_buffer(session, &sql, error);
}

static bool comment_columns(struct session *session, const struct sent_table *table,
                            struct error *error)
{
    bool run = true;
    if (session->dialect->comment != COMMENT_STATEMENT)
        return true;
    for (size_t i = 0; i < table->column_count && run; i++) {
        struct buffer sql = BUFFER_EMPTY;
        const char *comment = column_comment(table, i);
        if (!comment)
            continue;
        buffer_format(&sql, "COMMENT ON COLUMN %s.", table->name);
        dialect_name(&sql, table->columns[i].name);
        buffer_append_text(&sql, " IS ");
        dialect_text(&sql, slice_of(comment));
        run = run_buffer(session, &sql, error);
    }
    return run;
}

static bool make_table(struct session *session, const struct sent_table *table, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE TABLE ");
    structure_define(&sql, session, table);
    return run_buffer(session, &sql, error) && comment_table(session, table, error) &&
           comment_columns(session, table, error);
}

/* A column that comes later cannot be NOT NULL: there are rows that do not have it yet. */
static void define_column(struct buffer *sql, const struct session *session,
                          const struct sent_table *table, size_t column)
{
    buffer_format(sql, "ALTER TABLE %s ADD ", table->name);
    append_type(sql, session, table, column);
    append_comment(sql, session, table, column);
}

bool structure_make(struct session *session, const struct sent_table *table, size_t *made,
                    struct error *error)
{
    struct slice *names = NULL;
    size_t count = 0;
    bool there = false;
    bool done =
        structure_columns(session, table->name, session->arena, &names, &count, &there, error);
    if (done && !there) {
        ++*made;
        done = make_table(session, table, error);
    }
    for (size_t i = 0; i < table->column_count && done && there; i++) {
        struct buffer sql = BUFFER_EMPTY;
        if (has_name(names, count, table->columns[i].name))
            continue;
        define_column(&sql, session, table, i);
        ++*made;
        done = run_buffer(session, &sql, error);
    }
    return done || session_fail(session, table->shape->name, error);
}

bool structure_make_schema(struct session *session, size_t *made, struct error *error)
{
    const struct dialect *dialect = session->dialect;
    const char *schema = session->target->schema;
    uint64_t there = 0;
    if (!schema || !dialect->schema_exists)
        return true;
    const char *query = dialect->schema_exists;
    const char *make = dialect->schema_make;
    query = arena_format(session->arena, "%.*s%s%s", (int)(strstr(query, "%s") - query), query,
                         schema, strstr(query, "%s") + 2);
    make = arena_format(session->arena, "%.*s%s%s", (int)(strstr(make, "%s") - make), make, schema,
                        strstr(make, "%s") + 2);
    if (!session_number(session, query, &there, error))
        return session_fail(session, NULL, error);
    if (there)
        return true;
    ++*made;
    return session_run(session, make, error) || session_fail(session, NULL, error);
}

/* ---- whether it fits ---- */

static bool fail_column(const struct session *session, const struct sent_table *table,
                        size_t column, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    define_column(&sql, session, table, column);
    error_set(error, EXIT_FAILED, "the column %s is not there", table->columns[column].name);
    error_hint(error, "`cust360 publish --init --target %s` adds it, and so does: %s",
               session->target->name, sql.data);
    buffer_release(&sql);
    return session_fail(session, table->shape->name, error);
}

bool structure_check(struct session *session, const struct sent_table *table, struct error *error)
{
    struct slice *names = NULL;
    size_t count = 0;
    bool there = false;
    if (!structure_columns(session, table->name, session->arena, &names, &count, &there, error))
        return session_fail(session, table->shape->name, error);
    if (!there) {
        error_set(error, EXIT_FAILED, "the table is not there");
        error_hint(error, "`cust360 publish --init --target %s` makes it", session->target->name);
        return session_fail(session, table->shape->name, error);
    }
    for (size_t i = 0; i < table->column_count; i++)
        if (!has_name(names, count, table->columns[i].name))
            return fail_column(session, table, i, error);
    return true;
}
