#include "extract/odbc.h"
#include "cust360/base/arena.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <sql.h>
#include <sqlext.h>
#include <stdio.h>

enum {
    BLOCK_ROWS = 200,        /* fetched at once: more gains nothing (libsqliteodbc, psqlODBC) */
    FIRST_VALUE_BYTES = 256, /* room for a value, its NUL included, until one is longer */
    LOGIN_TIMEOUT_SECONDS = 30
};

/* A value over this is taken for a broken source. */
#define VALUE_BYTES_MAX ((size_t)16 << 20)

struct odbc_connection {
    SQLHENV environment;
    SQLHDBC handle;
    bool connected;
};

struct odbc_column {
    size_t value_bytes; /* room for one value */
    char *values;       /* BLOCK_ROWS times value_bytes */
    SQLLEN *lengths;    /* [BLOCK_ROWS] bytes, or SQL_NULL_DATA */
};

struct odbc_cursor {
    struct odbc_connection *connection;
    SQLHSTMT handle;
    const char *query;
    struct arena *arena; /* owns the names */
    struct slice *names;
    struct odbc_column *columns;
    size_t column_count;
    SQLULEN fetched; /* rows in the block; written by the driver */
    size_t next;     /* the next of them to give */
    struct slice *row;
    uint64_t given; /* rows given so far, and a hash of all that was in them */
    uint64_t given_hash;
};

/* ---- errors ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool hint_for(const char *state, const char *message, struct error *error)
{
    if (starts_with(state, "IM") || strstr(message, "Can't open lib"))
        return error_hint(error, "install the ODBC driver that the connection names (Debian: "
                                 "libsqliteodbc, odbc-postgresql, odbc-mariadb, tdsodbc); "
                                 "odbcinst -q -d lists those that are there");
    if (starts_with(state, "28"))
        return error_hint(error, "check the user and the password of this source");
    if (starts_with(state, "08"))
        return error_hint(error, "check that the server runs and can be reached from here");
    if (starts_with(state, "42") || strstr(message, "no such"))
        return error_hint(error, "compare the query in the mapping with the tables of the source");
    return false;
}

/* Takes the first diagnostic of a handle. Drivers put line ends into their messages. */
static bool odbc_failure(SQLSMALLINT kind, SQLHANDLE handle, const char *what, struct error *error)
{
    SQLCHAR state[6] = "";
    SQLCHAR message[400] = "";
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLGetDiagRec(kind, handle, 1, state, &native, message,
                                   (SQLSMALLINT)sizeof(message), &length);
    if (!SQL_SUCCEEDED(code))
        return error_set(error, EXIT_FAILED, "could not %s: the driver does not say why", what);
    for (unsigned char *byte = message; *byte; byte++)
        if (*byte < ' ')
            *byte = ' ';
    bool refused = starts_with((const char *)state, "28");
    error_set(error, refused ? EXIT_CREDENTIALS : EXIT_FAILED, "could not %s: %s (SQLSTATE %s)",
              what, (const char *)message, (const char *)state);
    return hint_for((const char *)state, (const char *)message, error);
}

/* ---- connection ---- */

/* The API wants text that it may write to, though it does not. */
static SQLCHAR *api_text(struct arena *arena, const char *text)
{
    return (SQLCHAR *)arena_text(arena, slice_of(text));
}

static bool open_connection(struct odbc_connection *connection, const char *text,
                            struct error *error)
{
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &connection->environment);
    SQLSetEnvAttr(connection->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, connection->environment, &connection->handle);
    SQLSetConnectAttr(connection->handle, SQL_ATTR_LOGIN_TIMEOUT,
                      (SQLPOINTER)(SQLULEN)LOGIN_TIMEOUT_SECONDS, 0);
    struct arena *arena = arena_create();
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLDriverConnect(connection->handle, NULL, api_text(arena, text), SQL_NTS,
                                      NULL, 0, &length, SQL_DRIVER_NOPROMPT);
    arena_destroy(arena);
    connection->connected = SQL_SUCCEEDED(code);
    return connection->connected ||
           odbc_failure(SQL_HANDLE_DBC, connection->handle, "connect", error);
}

struct odbc_connection *odbc_connect(const char *connection_string, struct error *error)
{
    struct odbc_connection *connection = memory_allocate_array(1, sizeof(*connection));
    if (open_connection(connection, connection_string, error))
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
    memory_free(connection);
}

/* ---- cursor ---- */

static bool cursor_failure(const struct odbc_cursor *cursor, const char *what, struct error *error)
{
    return odbc_failure(SQL_HANDLE_STMT, cursor->handle, what, error);
}

static void bind_column(struct odbc_cursor *cursor, size_t index)
{
    struct odbc_column *column = &cursor->columns[index];
    column->values = memory_resize_array(column->values, BLOCK_ROWS, column->value_bytes);
    SQLBindCol(cursor->handle, (SQLUSMALLINT)(index + 1), SQL_C_CHAR, column->values,
               (SQLLEN)column->value_bytes, column->lengths);
}

static bool run_query(struct odbc_cursor *cursor, struct error *error)
{
    struct arena *arena = arena_create();
    SQLRETURN code = SQLExecDirect(cursor->handle, api_text(arena, cursor->query), SQL_NTS);
    arena_destroy(arena);
    cursor->fetched = 0;
    cursor->next = 0;
    return SQL_SUCCEEDED(code) || cursor_failure(cursor, "run the query", error);
}

static bool describe_columns(struct odbc_cursor *cursor, struct error *error)
{
    SQLSMALLINT count = 0;
    if (!SQL_SUCCEEDED(SQLNumResultCols(cursor->handle, &count)))
        return cursor_failure(cursor, "describe the result", error);
    if (count <= 0)
        return error_set(error, EXIT_CONFIGURATION, "the query gives no columns");
    cursor->column_count = (size_t)count;
    cursor->names = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->row = arena_allocate_array(cursor->arena, cursor->column_count, sizeof(struct slice));
    cursor->columns =
        arena_allocate_array(cursor->arena, cursor->column_count, sizeof(*cursor->columns));
    for (size_t i = 0; i < cursor->column_count; i++) {
        SQLCHAR name[256] = "";
        SQLSMALLINT length = 0;
        if (!SQL_SUCCEEDED(SQLDescribeCol(cursor->handle, (SQLUSMALLINT)(i + 1), name,
                                          (SQLSMALLINT)sizeof(name), &length, NULL, NULL, NULL,
                                          NULL)))
            return cursor_failure(cursor, "describe the result", error);
        cursor->names[i] = arena_copy(cursor->arena, slice_of((const char *)name));
        cursor->columns[i].lengths =
            arena_allocate_array(cursor->arena, BLOCK_ROWS, sizeof(SQLLEN));
        cursor->columns[i].value_bytes = FIRST_VALUE_BYTES;
        bind_column(cursor, i);
    }
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
    SQLSetStmtAttr(cursor->handle, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(SQLULEN)BLOCK_ROWS, 0);
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

/* Grows the buffers of columns of which the block holds a value cut short. Some drivers tell the
 * whole length, some that they do not know it. */
static bool grow_columns(struct odbc_cursor *cursor, bool *grown, struct error *error)
{
    *grown = false;
    for (size_t i = 0; i < cursor->column_count; i++) {
        struct odbc_column *column = &cursor->columns[i];
        size_t needed = column->value_bytes;
        for (size_t row = 0; row < cursor->fetched; row++) {
            SQLLEN length = column->lengths[row];
            if (length == SQL_NO_TOTAL && needed < 2 * column->value_bytes)
                needed = 2 * column->value_bytes;
            else if (length >= 0 && (size_t)length + 1 > needed)
                needed = (size_t)length + 1;
        }
        if (needed > VALUE_BYTES_MAX)
            return error_set(error, EXIT_FAILED, "a value of the column %.*s is over %zu bytes",
                             SLICE_ARGUMENTS(cursor->names[i]), VALUE_BYTES_MAX);
        if (needed == column->value_bytes)
            continue;
        column->value_bytes = needed;
        bind_column(cursor, i);
        *grown = true;
    }
    return true;
}

static enum outcome fetch_block(struct odbc_cursor *cursor, struct error *error)
{
    cursor->next = 0;
    cursor->fetched = 0;
    SQLRETURN code = SQLFetch(cursor->handle);
    if (code == SQL_NO_DATA || (SQL_SUCCEEDED(code) && cursor->fetched == 0))
        return ENDED;
    if (!SQL_SUCCEEDED(code)) {
        cursor_failure(cursor, "read on", error);
        return FAILED;
    }
    return ACCEPTED;
}

static void take_row(struct odbc_cursor *cursor)
{
    size_t row = cursor->next++;
    for (size_t i = 0; i < cursor->column_count; i++) {
        const struct odbc_column *column = &cursor->columns[i];
        SQLLEN length = column->lengths[row];
        cursor->row[i] =
            length == SQL_NULL_DATA
                ? slice_make(NULL, 0)
                : slice_make(column->values + row * column->value_bytes, (size_t)length);
    }
}

static uint64_t hash_row(const struct odbc_cursor *cursor, uint64_t hash)
{
    for (size_t i = 0; i < cursor->column_count; i++)
        hash = hash_combine(hash, hash_bytes(cursor->row[i], cursor->row[i].data ? 1 : 0));
    return hash;
}

static bool changed_meanwhile(struct error *error)
{
    error_set(error, EXIT_FAILED, "the source changed while it was read");
    return error_hint(error, "give the query an ORDER BY, or read a copy that nobody writes to");
}

static enum outcome fetch_whole_block(struct odbc_cursor *cursor, struct error *error);

/* Runs the query again with the larger buffers and passes over the rows that were given. */
static enum outcome start_again(struct odbc_cursor *cursor, struct error *error)
{
    uint64_t wanted = cursor->given;
    uint64_t wanted_hash = cursor->given_hash;
    uint64_t hash = 0;
    SQLFreeStmt(cursor->handle, SQL_CLOSE);
    if (!run_query(cursor, error))
        return FAILED;
    cursor->given = 0;
    for (uint64_t i = 0; i < wanted; i++) {
        enum outcome outcome =
            cursor->next < cursor->fetched ? ACCEPTED : fetch_whole_block(cursor, error);
        if (outcome == ENDED)
            changed_meanwhile(error);
        if (outcome != ACCEPTED)
            return FAILED;
        take_row(cursor);
        hash = hash_row(cursor, hash);
    }
    cursor->given = wanted;
    if (hash != wanted_hash) {
        changed_meanwhile(error);
        return FAILED;
    }
    return cursor->next < cursor->fetched ? ACCEPTED : fetch_whole_block(cursor, error);
}

static enum outcome fetch_whole_block(struct odbc_cursor *cursor, struct error *error)
{
    bool grown = false;
    enum outcome outcome = fetch_block(cursor, error);
    if (outcome != ACCEPTED)
        return outcome;
    if (!grow_columns(cursor, &grown, error))
        return FAILED;
    return grown ? start_again(cursor, error) : ACCEPTED;
}

enum outcome odbc_next(struct odbc_cursor *cursor, const struct slice **values, struct error *error)
{
    if (cursor->next >= cursor->fetched) {
        enum outcome outcome = fetch_whole_block(cursor, error);
        if (outcome != ACCEPTED)
            return outcome;
    }
    take_row(cursor);
    cursor->given++;
    cursor->given_hash = hash_row(cursor, cursor->given_hash);
    *values = cursor->row;
    return ACCEPTED;
}
