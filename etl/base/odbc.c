#include "cust360/base/odbc.h"
#include "cust360/base/arena.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/odbc_message.h"

#include <sql.h>
#include <sqlext.h>

enum {
    BLOCK_ROWS_MAX = 200,              /* more gains nothing (libsqliteodbc, psqlODBC) */
    BLOCK_BYTES_MAX = 8 * 1024 * 1024, /* but one row fits always */
    FIRST_VALUE_BYTES = 256,           /* room for a value, its NUL included, until one is longer */
    GROWTH = 4,                        /* each growing runs the query again */
    VALUE_BYTES_MAX = 16 * 1024 * 1024, /* a value over this is taken for a broken source */
    NAME_BYTES = 512,
    LOGIN_TIMEOUT_SECONDS = 30
};

struct odbc_connection {
    SQLHENV environment;
    SQLHDBC handle;
    bool connected;
    char *text; /* the connection string, to keep it out of messages */
};

struct odbc_column {
    size_t value_bytes; /* room for one value */
    char *values;       /* block_rows times value_bytes */
    SQLLEN *lengths;    /* bytes, or SQL_NULL_DATA */
};

struct odbc_cursor {
    struct odbc_connection *connection;
    SQLHSTMT handle;
    const char *query;
    struct arena *arena; /* owns the names */
    struct slice *names;
    struct odbc_column *columns;
    size_t column_count;
    size_t block_rows;
    SQLULEN fetched; /* rows in the block; written by the driver, as are their states */
    SQLUSMALLINT *states;
    size_t next; /* the next of them to give */
    struct slice *row;
    uint64_t read; /* rows read by this run of the query, and a hash of all that was in them */
    uint64_t read_hash;
    uint64_t given; /* the same of the rows given, by this or an earlier run */
    uint64_t given_hash;
};

/* ---- errors ---- */

static bool odbc_failure(const struct odbc_connection *connection, SQLSMALLINT kind,
                         SQLHANDLE handle, const char *what, struct error *error)
{
    struct odbc_message message = {"", ""};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    SQLGetDiagRec(kind, handle, 1, (SQLCHAR *)message.state, &native, (SQLCHAR *)message.text,
                  (SQLSMALLINT)sizeof(message.text), &length);
    return odbc_message_report(connection->text, &message, what, error);
}

/* ---- connection ---- */

static bool open_connection(struct odbc_connection *connection, struct error *error)
{
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &connection->environment);
    SQLSetEnvAttr(connection->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, connection->environment, &connection->handle);
    SQLSetConnectAttr(connection->handle, SQL_ATTR_LOGIN_TIMEOUT,
                      (SQLPOINTER)(SQLULEN)LOGIN_TIMEOUT_SECONDS, 0);
    SQLSetConnectAttr(connection->handle, SQL_ATTR_ACCESS_MODE,
                      (SQLPOINTER)(SQLULEN)SQL_MODE_READ_ONLY, 0);
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLDriverConnect(connection->handle, NULL, (SQLCHAR *)connection->text,
                                      SQL_NTS, NULL, 0, &length, SQL_DRIVER_NOPROMPT);
    connection->connected = SQL_SUCCEEDED(code);
    return connection->connected ||
           odbc_failure(connection, SQL_HANDLE_DBC, connection->handle, "connect", error);
}

struct odbc_connection *odbc_connect(const char *connection_string, struct error *error)
{
    struct odbc_connection *connection = memory_allocate_array(1, sizeof(*connection));
    connection->text = memory_copy_text(connection_string);
    if (open_connection(connection, error))
        return connection;
    odbc_disconnect(connection);
    return NULL;
}

void odbc_disconnect(struct odbc_connection *connection)
{
    if (!connection)
        return;
    if (connection->connected)
        SQLDisconnect(connection->handle);
    SQLFreeHandle(SQL_HANDLE_DBC, connection->handle);
    SQLFreeHandle(SQL_HANDLE_ENV, connection->environment);
    memory_free(connection->text);
    memory_free(connection);
}

/* ---- cursor ---- */

static bool cursor_failure(const struct odbc_cursor *cursor, const char *what, struct error *error)
{
    return odbc_failure(cursor->connection, SQL_HANDLE_STMT, cursor->handle, what, error);
}

/* Binds all columns anew: how many rows a block has follows from how long they are. */
static void bind_columns(struct odbc_cursor *cursor)
{
    size_t row_bytes = sizeof(SQLUSMALLINT); /* its state */
    for (size_t i = 0; i < cursor->column_count; i++)
        row_bytes += cursor->columns[i].value_bytes;
    cursor->block_rows = BLOCK_BYTES_MAX / row_bytes;
    if (cursor->block_rows > BLOCK_ROWS_MAX)
        cursor->block_rows = BLOCK_ROWS_MAX;
    if (cursor->block_rows == 0)
        cursor->block_rows = 1;
    SQLSetStmtAttr(cursor->handle, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)cursor->block_rows, 0);
    memset(cursor->states, 0, BLOCK_ROWS_MAX * sizeof(*cursor->states));
    for (size_t i = 0; i < cursor->column_count; i++) {
        struct odbc_column *column = &cursor->columns[i];
        column->values =
            memory_resize_array(column->values, cursor->block_rows, column->value_bytes);
        SQLBindCol(cursor->handle, (SQLUSMALLINT)(i + 1), SQL_C_CHAR, column->values,
                   (SQLLEN)column->value_bytes, column->lengths);
    }
}

static bool run_query(struct odbc_cursor *cursor, struct error *error)
{
    char *query = memory_copy_text(cursor->query);
    SQLRETURN code = SQLExecDirect(cursor->handle, (SQLCHAR *)query, SQL_NTS);
    memory_free(query);
    cursor->fetched = 0;
    cursor->next = 0;
    cursor->read = 0;
    cursor->read_hash = 0;
    return SQL_SUCCEEDED(code) || code == SQL_NO_DATA ||
           cursor_failure(cursor, "run the query", error);
}

static bool describe_columns(struct odbc_cursor *cursor, struct error *error)
{
    SQLSMALLINT count = 0;
    if (!SQL_SUCCEEDED(SQLNumResultCols(cursor->handle, &count)))
        return cursor_failure(cursor, "describe the result", error);
    if (count <= 0) {
        error_set(error, EXIT_CONFIGURATION, "the query gives no rows");
        return error_hint(error, "it has to be a select");
    }
    cursor->column_count = (size_t)count;
    cursor->names = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->row = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->columns =
        arena_allocate_array(cursor->arena, cursor->column_count, sizeof(*cursor->columns));
    for (size_t i = 0; i < cursor->column_count; i++) {
        SQLCHAR name[NAME_BYTES] = "";
        SQLSMALLINT length = 0;
        if (!SQL_SUCCEEDED(SQLDescribeCol(cursor->handle, (SQLUSMALLINT)(i + 1), name,
                                          (SQLSMALLINT)sizeof(name), &length, NULL, NULL, NULL,
                                          NULL)))
            return cursor_failure(cursor, "describe the result", error);
        cursor->names[i] = arena_copy(cursor->arena, slice_of((const char *)name));
        cursor->columns[i].lengths =
            arena_allocate_array(cursor->arena, BLOCK_ROWS_MAX, sizeof(SQLLEN));
        cursor->columns[i].value_bytes = FIRST_VALUE_BYTES;
    }
    bind_columns(cursor);
    return true;
}

struct odbc_cursor *odbc_query(struct odbc_connection *connection, const char *query,
                               struct error *error)
{
    struct odbc_cursor *cursor = memory_allocate_array(1, sizeof(*cursor));
    cursor->connection = connection;
    cursor->query = query;
    cursor->arena = arena_create();
    SQLAllocHandle(SQL_HANDLE_STMT, connection->handle, &cursor->handle);
    cursor->states = arena_allocate_array(cursor->arena, BLOCK_ROWS_MAX, sizeof(*cursor->states));
    SQLSetStmtAttr(cursor->handle, SQL_ATTR_ROW_STATUS_PTR, cursor->states, 0);
    SQLSetStmtAttr(cursor->handle, SQL_ATTR_ROWS_FETCHED_PTR, &cursor->fetched, 0);
    if (run_query(cursor, error) && describe_columns(cursor, error))
        return cursor;
    odbc_close(cursor);
    return NULL;
}

void odbc_close(struct odbc_cursor *cursor)
{
    if (!cursor)
        return;
    SQLFreeHandle(SQL_HANDLE_STMT, cursor->handle);
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

/* What the longest value of the block needs. Some drivers tell the whole length, some that they do
 * not know it. */
static size_t needed_bytes(const struct odbc_cursor *cursor, const struct odbc_column *column)
{
    size_t needed = 0;
    for (size_t row = 0; row < cursor->fetched; row++) {
        SQLLEN length = column->lengths[row];
        if (length == SQL_NO_TOTAL && needed <= column->value_bytes)
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

static enum outcome fetch_block(struct odbc_cursor *cursor, struct error *error)
{
    cursor->next = 0;
    cursor->fetched = 0;
    SQLRETURN code = SQLFetch(cursor->handle);
    bool read = SQL_SUCCEEDED(code);
    if (code == SQL_NO_DATA || (read && cursor->fetched == 0))
        return ENDED;
    for (size_t i = 0; i < cursor->fetched && read; i++)
        read = cursor->states[i] != SQL_ROW_ERROR;
    if (read)
        return ACCEPTED;
    cursor_failure(cursor, "read on", error);
    return FAILED;
}

static void take_row(struct odbc_cursor *cursor)
{
    size_t row = cursor->next++;
    for (size_t i = 0; i < cursor->column_count; i++) {
        const struct odbc_column *column = &cursor->columns[i];
        SQLLEN length = column->lengths[row];
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
    while (cursor->next == cursor->fetched) {
        enum outcome outcome = fetch_block(cursor, error);
        if (outcome != ACCEPTED)
            return outcome;
        if (!grow_columns(cursor, &grown, error))
            return FAILED;
        if (!grown)
            break;
        SQLFreeStmt(cursor->handle, SQL_CLOSE);
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
