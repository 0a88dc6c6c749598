#include "publish/sender.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdio.h>

enum {
    BATCH_BYTES_MAX = 4 * 1024 * 1024,  /* of values; then a batch is sent before it is full */
    BLOCK_BYTES_MAX = 64 * 1024 * 1024, /* of parameters with equal room for each value */
    NUMBER_BYTES = 24,
    NAMED_MASKED_LEAST = 2 /* bytes; what is shorter tells nothing */
};

struct sender {
    struct session *session;
    const struct sent_table *table;
    enum sender_work work;
    const struct sent_column *columns; /* those of the statement */
    size_t column_count;
    struct odbc_statement *statement;
    struct arena *batch;  /* the values' bytes */
    struct slice *values; /* of the batch, row by row */
    uint64_t *hashes;
    size_t rows;
    struct odbc_parameter *parameters;
    struct buffer *texts; /* a parameter's bytes */
    int64_t **lengths;
    struct buffer scratch;
};

struct sender *sender_open(struct session *session, const struct sent_table *table,
                           enum sender_work work, struct error *error)
{
    struct sender *sender = memory_allocate_array(1, sizeof(*sender));
    size_t rows = session->dialect->batch_rows;
    bool upserts = work == SENDER_UPSERT;
    sender->session = session;
    sender->table = table;
    sender->work = work;
    sender->columns = upserts ? table->columns : table->key;
    sender->column_count = upserts ? table->column_count : table->key_count;
    sender->batch = arena_create();
    sender->values = memory_allocate_array(rows * sender->column_count, sizeof(struct slice));
    sender->hashes = memory_allocate_array(rows, sizeof(*sender->hashes));
    sender->parameters = memory_allocate_array(sender->column_count, sizeof(*sender->parameters));
    sender->texts = memory_allocate_array(sender->column_count, sizeof(*sender->texts));
    sender->lengths = memory_allocate_array(sender->column_count, sizeof(*sender->lengths));
    for (size_t i = 0; i < sender->column_count; i++)
        sender->lengths[i] = memory_allocate_array(rows, sizeof(**sender->lengths));
    sender->statement = odbc_prepare(
        session->connection,
        upserts ? statement_upsert(session, table) : statement_delete(session, table), error);
    if (sender->statement)
        return sender;
    session_fail(session, table->shape->name, error);
    sender_close(sender);
    return NULL;
}

void sender_close(struct sender *sender)
{
    if (!sender)
        return;
    odbc_statement_close(sender->statement);
    for (size_t i = 0; i < sender->column_count; i++) {
        buffer_release(&sender->texts[i]);
        memory_free(sender->lengths[i]);
    }
    buffer_release(&sender->scratch);
    memory_free(sender->lengths);
    memory_free(sender->texts);
    memory_free(sender->parameters);
    memory_free(sender->hashes);
    memory_free(sender->values);
    arena_destroy(sender->batch);
    memory_free(sender);
}

/* ---- parameters ---- */

static const struct slice *row_values(const struct sender *sender, size_t row)
{
    return sender->values + row * sender->column_count;
}

/* An array a column, as one text. */
static void fill_arrays(struct sender *sender, size_t from, size_t count)
{
    for (size_t i = 0; i < sender->column_count; i++) {
        struct buffer *text = &sender->texts[i];
        buffer_clear(text);
        statement_array(text, row_values(sender, from) + i, count, sender->column_count);
        sender->lengths[i][0] = (int64_t)text->length;
        sender->parameters[i] =
            (struct odbc_parameter){text->data, text->length, sender->lengths[i]};
    }
}

static size_t longest_value(const struct sender *sender, size_t column, size_t from, size_t count)
{
    size_t longest = 1;
    for (size_t row = from; row < from + count; row++)
        if (row_values(sender, row)[column].length > longest)
            longest = row_values(sender, row)[column].length;
    return longest;
}

/* The same room for each value of a column. */
static void fill_column(struct sender *sender, size_t column, size_t from, size_t count)
{
    struct buffer *text = &sender->texts[column];
    size_t value_bytes = longest_value(sender, column, from, count) + 1;
    buffer_clear(text);
    char *to = buffer_reserve(text, value_bytes * count);
    for (size_t i = 0; i < count; i++, to += value_bytes) {
        struct slice value = row_values(sender, from + i)[column];
        if (value.length)
            memcpy(to, value.data, value.length);
        to[value.length] = '\0';
        sender->lengths[column][i] = value.data ? (int64_t)value.length : ODBC_NULL;
    }
    sender->parameters[column] =
        (struct odbc_parameter){text->data, value_bytes, sender->lengths[column]};
}

/* How many of the rows their parameters leave room for. */
static size_t rows_with_room(const struct sender *sender, size_t from, size_t count)
{
    size_t row_bytes = 1;
    for (size_t i = 0; i < sender->column_count; i++)
        row_bytes += longest_value(sender, i, from, count) + 1;
    size_t rows = BLOCK_BYTES_MAX / row_bytes;
    return rows == 0 ? 1 : rows < count ? rows : count;
}

static bool execute(struct sender *sender, size_t from, size_t count, struct error *error)
{
    if (sender->session->dialect->batch == BATCH_UNNEST) {
        fill_arrays(sender, from, count);
        return odbc_execute(sender->statement, sender->parameters, sender->column_count, 1, error);
    }
    while (count) {
        size_t rows = rows_with_room(sender, from, count);
        for (size_t i = 0; i < sender->column_count; i++)
            fill_column(sender, i, from, rows);
        if (!odbc_execute(sender->statement, sender->parameters, sender->column_count, rows, error))
            return false;
        from += rows;
        count -= rows;
    }
    return true;
}

/* ---- the row that cannot be written ---- */

/* Whether a value may be shown whole: numbers of the view's own say nothing of a person. */
static bool is_plain(const struct sent_column *column)
{
    return column->kind == COLUMN_INTEGER || strcmp(column->name, "golden_id") == 0;
}

/* What the driver says may repeat values of the row. */
static void mask_message(const struct sender *sender, size_t row, struct error *error)
{
    for (size_t i = 0; i < sender->column_count; i++) {
        struct slice value = row_values(sender, row)[i];
        ptrdiff_t at;
        if (is_plain(&sender->columns[i]) || value.length < NAMED_MASKED_LEAST)
            continue;
        while ((at = slice_find(slice_of(error->message), value)) >= 0)
            memset(error->message + at, '*', value.length);
    }
}

static bool fail_row(const struct sender *sender, size_t row, struct error *error)
{
    struct buffer name = BUFFER_EMPTY;
    const struct sent_table *table = sender->table;
    mask_message(sender, row, error);
    for (size_t i = 0; i < table->key_count; i++) {
        size_t column = sender->work == SENDER_UPSERT ? table->key_columns[i] : i;
        struct slice value = row_values(sender, row)[column];
        if (!is_plain(&table->key[i]))
            value = text_mask(sender->batch, value);
        buffer_format(&name, "%s%s %.*s", i > 0 ? ", " : "row ", table->key[i].name,
                      SLICE_ARGUMENTS(value));
    }
    struct error cause = *error;
    error_set(error, cause.exit_code, "%s: %s", name.data, cause.message);
    buffer_release(&name);
    return cause.hint[0] ? error_hint(error, "%s", cause.hint) : false;
}

/* ---- what has been written ---- */

static enum outcome sum_read(struct sender *sender, const char *sql, struct shape_sum *sum,
                             struct error *error)
{
    const struct slice *values = NULL;
    struct odbc_cursor *cursor = odbc_query(sender->session->connection, sql, error);
    enum outcome outcome = FAILED;
    while (cursor && (outcome = odbc_next(cursor, &values, error)) == ACCEPTED)
        shape_sum_add(sum, shape_hash(sender->table->shape, values, &sender->scratch));
    odbc_close(cursor);
    return outcome;
}

/* Reads rows by their keys and compares them with what was sent. */
static bool check_rows(struct sender *sender, size_t from, size_t count, struct error *error)
{
    const struct sent_table *table = sender->table;
    struct shape_sum sent = {0, 0, 0};
    struct shape_sum read = {0, 0, 0};
    struct slice *keys =
        arena_allocate_array(sender->batch, count * table->key_count, sizeof(*keys));
    for (size_t row = 0; row < count; row++) {
        shape_sum_add(&sent, sender->hashes[from + row]);
        for (size_t i = 0; i < table->key_count; i++)
            keys[row * table->key_count + i] =
                row_values(sender, from + row)[table->key_columns[i]];
    }
    struct buffer sql = BUFFER_EMPTY;
    statement_read(&sql, sender->session, table, keys, count);
    enum outcome outcome = sum_read(sender, sql.data, &read, error);
    buffer_release(&sql);
    if (outcome == FAILED)
        return false;
    if (shape_sum_equal(&sent, &read))
        return true;
    error_set(error, EXIT_FAILED, "what is read back differs from what was sent");
    return error_hint(error, "compare the types, character set and triggers of the table at the "
                             "target with what publish --init makes");
}

/* ---- sending ---- */

/* Sends rows and reads them back; when that fails, by halves until one row is left that fails by
 * itself. When the halves go through (a deadlock has passed) all is well. */
static bool send_rows(struct sender *sender, size_t from, size_t count, struct error *error)
{
    struct session *session = sender->session;
    const struct dialect *dialect = session->dialect;
    struct error ignored;
    if (!session_run(session, dialect->savepoint, error))
        return false;
    if (execute(sender, from, count, error) &&
        (sender->work == SENDER_DELETE || check_rows(sender, from, count, error)))
        return session_run(session, dialect->release, error);
    if (!session_run(session, dialect->rollback_to, &ignored))
        return false; /* the connection is gone, and with it the transaction */
    if (count == 1)
        return fail_row(sender, from, error);
    size_t half = count / 2;
    return send_rows(sender, from, half, error) &&
           send_rows(sender, from + half, count - half, error);
}

static bool send_batch(struct sender *sender, struct error *error)
{
    if (sender->rows == 0)
        return true;
    bool sent = send_rows(sender, 0, sender->rows, error);
    sender->rows = 0;
    arena_reset(sender->batch);
    return sent || session_fail(sender->session, sender->table->shape->name, error);
}

/* ---- rows ---- */

/* A value that outlives the caller's; one without data stays without. */
static struct slice keep(struct sender *sender, struct slice value)
{
    return value.data ? arena_copy(sender->batch, value) : value;
}

static struct slice keep_number(struct sender *sender, uint64_t number)
{
    char text[NUMBER_BYTES];
    int length = snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    return arena_copy(sender->batch, slice_make(text, (size_t)length));
}

bool sender_put(struct sender *sender, const struct slice *values, uint32_t copy,
                struct error *error)
{
    const struct sent_table *table = sender->table;
    size_t known = table->shape->column_count;
    uint64_t hash = shape_hash(table->shape, values, &sender->scratch);
    struct slice *to = sender->values + sender->rows * sender->column_count;
    for (size_t i = 0; i < sender->column_count; i++) {
        size_t column = sender->work == SENDER_UPSERT ? i : table->key_columns[i];
        to[i] = column < known    ? keep(sender, values[column])
                : column == known ? keep_number(sender, hash)
                                  : keep_number(sender, copy);
    }
    sender->hashes[sender->rows++] = hash;
    if (sender->rows == sender->session->dialect->batch_rows ||
        arena_used_bytes(sender->batch) > BATCH_BYTES_MAX)
        return send_batch(sender, error);
    return true;
}

bool sender_finish(struct sender *sender, struct error *error)
{
    return send_batch(sender, error);
}
