#include "base/odbc_driver.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* Rows of a query, block by block, into buffers that grow. */

enum {
    BLOCK_ROWS_MAX = 200,              /* more gains nothing (libsqliteodbc, psqlODBC) */
    BLOCK_BYTES_MAX = 8 * 1024 * 1024, /* but one row fits always */
    FIRST_VALUE_BYTES = 256,           /* room for a value, its NUL included, until one is longer */
    GROWTH = 4,                        /* each growing runs the query again */
    VALUE_BYTES_MAX = 16 * 1024 * 1024 /* a value over this is taken for a broken source */
};

struct odbc_column {
    size_t value_bytes; /* room for one value */
    char *values;       /* block_rows times value_bytes */
    int64_t *lengths;   /* bytes, or below 0 */
};

struct odbc_cursor {
    struct odbc_statement *statement;
    const char *query;
    struct arena *arena; /* owns the names */
    struct slice *names;
    struct odbc_column *columns;
    size_t column_count;
    size_t block_rows;
    struct odbc_block block;
    size_t next; /* the next row of the block to give */
    struct slice *row;
    uint64_t read; /* rows read by this run of the query, and a hash of all that was in them */
    uint64_t read_hash;
    uint64_t given; /* the same of the rows given, by this or an earlier run */
    uint64_t given_hash;
};

/* ---- cursor ---- */

/* Binds all columns anew: how many rows a block has follows from how long they are. */
static void bind_columns(struct odbc_cursor *cursor)
{
    size_t row_bytes = sizeof(uint16_t); /* its state */
    for (size_t i = 0; i < cursor->column_count; i++)
        row_bytes += cursor->columns[i].value_bytes;
    cursor->block_rows = BLOCK_BYTES_MAX / row_bytes;
    if (cursor->block_rows > BLOCK_ROWS_MAX)
        cursor->block_rows = BLOCK_ROWS_MAX;
    if (cursor->block_rows == 0)
        cursor->block_rows = 1;
    odbc_statement_block(cursor->statement, cursor->block_rows, &cursor->block);
    for (size_t i = 0; i < cursor->column_count; i++) {
        struct odbc_column *column = &cursor->columns[i];
        column->values =
            memory_resize_array(column->values, cursor->block_rows, column->value_bytes);
        /* A driver that tells a greater length than it has written shows nothing of ours. */
        memset(column->values, 0, cursor->block_rows * column->value_bytes);
        odbc_statement_bind(cursor->statement, i, column->values, column->value_bytes,
                            column->lengths);
    }
}

static bool run_query(struct odbc_cursor *cursor, struct error *error)
{
    cursor->block.fetched = 0;
    cursor->next = 0;
    cursor->read = 0;
    cursor->read_hash = 0;
    return odbc_statement_run(cursor->statement, cursor->query, "run the query", error);
}

static bool describe_columns(struct odbc_cursor *cursor, struct error *error)
{
    if (!odbc_statement_columns(cursor->statement, &cursor->column_count, error))
        return false;
    if (cursor->column_count == 0) {
        error_set(error, EXIT_CONFIGURATION, "the query gives no rows");
        return error_hint(error, "it has to be a select");
    }
    cursor->names = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->row = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->columns =
        arena_allocate_array(cursor->arena, cursor->column_count, sizeof(*cursor->columns));
    for (size_t i = 0; i < cursor->column_count; i++) {
        if (!odbc_statement_name(cursor->statement, i, cursor->arena, &cursor->names[i], error))
            return false;
        cursor->columns[i].lengths =
            arena_allocate_array(cursor->arena, BLOCK_ROWS_MAX, sizeof(int64_t));
        cursor->columns[i].value_bytes = FIRST_VALUE_BYTES;
    }
    bind_columns(cursor);
    return true;
}

struct odbc_cursor *odbc_query(struct odbc_connection *connection, const char *query,
                               struct error *error)
{
    struct odbc_cursor *cursor = memory_allocate_array(1, sizeof(*cursor));
    cursor->query = query;
    cursor->arena = arena_create();
    cursor->statement = odbc_statement_open(connection);
    cursor->block.states =
        arena_allocate_array(cursor->arena, BLOCK_ROWS_MAX, sizeof(*cursor->block.states));
    if (run_query(cursor, error) && describe_columns(cursor, error))
        return cursor;
    odbc_close(cursor);
    return NULL;
}

void odbc_close(struct odbc_cursor *cursor)
{
    if (!cursor)
        return;
    odbc_statement_close(cursor->statement);
    for (size_t i = 0; i < cursor->column_count; i++)
        memory_free(cursor->columns[i].values);
    arena_destroy(cursor->arena);
    memory_free(cursor);
}

size_t odbc_column_count(const struct odbc_cursor *cursor)
{
    return cursor->column_count;
}

const struct slice *odbc_column_names(const struct odbc_cursor *cursor)
{
    return cursor->names;
}

/* ---- rows ---- */

/* Below 0 there are two lengths that mean something. */
static bool check_lengths(const struct odbc_cursor *cursor, const struct odbc_column *column,
                          struct error *error)
{
    for (size_t row = 0; row < cursor->block.fetched; row++)
        if (column->lengths[row] < 0 && column->lengths[row] != ODBC_NULL &&
            column->lengths[row] != ODBC_UNKNOWN) {
            error_set(error, EXIT_FAILED, "the driver tells of a value of %lld bytes",
                      (long long)column->lengths[row]);
            return error_hint(error, "it is broken: take another version of the ODBC driver");
        }
    return true;
}

/* What the longest value of the block needs. Some drivers tell the whole length, some that they do
 * not know it. */
static size_t needed_bytes(const struct odbc_cursor *cursor, const struct odbc_column *column)
{
    size_t needed = 0;
    for (size_t row = 0; row < cursor->block.fetched; row++) {
        int64_t length = column->lengths[row];
        if (length == ODBC_UNKNOWN && needed <= column->value_bytes)
            needed = column->value_bytes + 1;
        else if (length >= 0 && (size_t)length + 1 > needed)
            needed = (size_t)length + 1;
    }
    return needed;
}

/* Makes room in the columns of which the block holds a value cut short. */
static bool grow_columns(struct odbc_cursor *cursor, bool *grown, struct error *error)
{
    *grown = false;
    for (size_t i = 0; i < cursor->column_count; i++) {
        struct odbc_column *column = &cursor->columns[i];
        if (!check_lengths(cursor, column, error))
            return false;
        size_t needed = needed_bytes(cursor, column);
        if (needed <= column->value_bytes)
            continue;
        if (needed > VALUE_BYTES_MAX) {
            error_set(error, EXIT_FAILED, "a value of the column \"%.*s\" is over %d bytes",
                      SLICE_ARGUMENTS(cursor->names[i]), VALUE_BYTES_MAX);
            return error_hint(error, "leave the column out of the query");
        }
        column->value_bytes *= GROWTH;
        if (column->value_bytes < needed)
            column->value_bytes = needed;
        *grown = true;
    }
    return true;
}

static void take_row(struct odbc_cursor *cursor)
{
    size_t row = cursor->next++;
    for (size_t i = 0; i < cursor->column_count; i++) {
        const struct odbc_column *column = &cursor->columns[i];
        int64_t length = column->lengths[row];
        cursor->row[i] =
            length < 0 ? slice_make(NULL, 0)
                       : slice_make(column->values + row * column->value_bytes, (size_t)length);
    }
}

static uint64_t hash_row(const struct odbc_cursor *cursor, uint64_t hash)
{
    for (size_t i = 0; i < cursor->column_count; i++)
        hash = hash_combine(hash, hash_bytes(cursor->row[i], cursor->row[i].data ? 1 : 0));
    return hash;
}

static enum outcome changed_meanwhile(struct error *error)
{
    error_set(error, EXIT_FAILED, "the query gives other rows when it runs again");
    error_hint(error, "give it an ORDER BY over the key, or read a copy that nobody writes to");
    return FAILED;
}

/* Has a row at `next` of which nothing is cut. When the buffers had to grow the query runs again,
 * from its first row. */
static enum outcome fill_block(struct odbc_cursor *cursor, struct error *error)
{
    bool grown = false;
    while (cursor->next == cursor->block.fetched) {
        cursor->next = 0;
        enum outcome outcome = odbc_statement_fetch(cursor->statement, error);
        if (outcome != ACCEPTED)
            return outcome;
        if (!grow_columns(cursor, &grown, error))
            return FAILED;
        if (!grown)
            break;
        odbc_statement_rewind(cursor->statement);
        bind_columns(cursor);
        if (!run_query(cursor, error))
            return FAILED;
    }
    return ACCEPTED;
}

enum outcome odbc_next(struct odbc_cursor *cursor, const struct slice **values, struct error *error)
{
    do {
        enum outcome outcome = fill_block(cursor, error);
        if (outcome == ENDED && cursor->read < cursor->given)
            return changed_meanwhile(error);
        if (outcome != ACCEPTED)
            return outcome;
        take_row(cursor);
        cursor->read++;
        cursor->read_hash = hash_row(cursor, cursor->read_hash);
        if (cursor->read == cursor->given && cursor->read_hash != cursor->given_hash)
            return changed_meanwhile(error);
    } while (cursor->read <= cursor->given);
    cursor->given = cursor->read;
    cursor->given_hash = cursor->read_hash;
    *values = cursor->row;
    return ACCEPTED;
}

bool odbc_value(struct odbc_connection *connection, const char *query, struct arena *arena,
                struct slice *value, struct error *error)
{
    *value = slice_make(NULL, 0);
    struct odbc_cursor *cursor = odbc_query(connection, query, error);
    if (!cursor)
        return false;
    const struct slice *values = NULL;
    enum outcome outcome = odbc_next(cursor, &values, error);
    if (outcome == ACCEPTED && values[0].data)
        *value = arena_copy(arena, values[0]);
    odbc_close(cursor);
    return outcome != FAILED;
}
