#include "base/odbc_driver.h"
#include "cust360/base/memory.h"
#include "cust360/base/odbc_message.h"

#include <sql.h>
#include <sqlext.h>

/* All that the program asks of unixODBC. */

enum { NAME_BYTES = 512, LOGIN_TIMEOUT_SECONDS = 30 };

_Static_assert(sizeof(SQLLEN) == sizeof(int64_t), "lengths are bound as 64-bit numbers");
_Static_assert(sizeof(SQLULEN) == sizeof(uint64_t), "counts are bound as 64-bit numbers");
_Static_assert((int)SQL_NULL_DATA == (int)ODBC_NULL, "the driver's NULL is ours");
_Static_assert((int)SQL_NO_TOTAL == (int)ODBC_UNKNOWN, "the driver's unknown length is ours");

struct odbc_connection {
    SQLHENV environment;
    SQLHDBC handle;
    bool connected;
    char *text;    /* the connection string, to keep it out of messages */
    char state[6]; /* SQLSTATE of the last failure */
};

struct odbc_statement {
    struct odbc_connection *connection;
    SQLHSTMT handle;
    struct odbc_block *block; /* NULL: no rows are fetched in blocks */
};

/* ---- errors ---- */

static bool odbc_failure(struct odbc_connection *connection, SQLSMALLINT kind, SQLHANDLE handle,
                         const char *what, struct error *error)
{
    struct odbc_message message = {"", ""};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    SQLGetDiagRec(kind, handle, 1, (SQLCHAR *)message.state, &native, (SQLCHAR *)message.text,
                  (SQLSMALLINT)sizeof(message.text), &length);
    message.state[sizeof(message.state) - 1] = '\0';
    message.text[sizeof(message.text) - 1] = '\0';
    memcpy(connection->state, message.state, sizeof(connection->state));
    return odbc_message_report(connection->text, &message, what, error);
}

static bool statement_failure(const struct odbc_statement *statement, const char *what,
                              struct error *error)
{
    return odbc_failure(statement->connection, SQL_HANDLE_STMT, statement->handle, what, error);
}

const char *odbc_state(const struct odbc_connection *connection)
{
    return connection->state;
}

/* ---- connection ---- */

static bool open_connection(struct odbc_connection *connection, SQLULEN access_mode,
                            struct error *error)
{
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &connection->environment);
    SQLSetEnvAttr(connection->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, connection->environment, &connection->handle);
    SQLSetConnectAttr(connection->handle, SQL_ATTR_LOGIN_TIMEOUT,
                      (SQLPOINTER)(SQLULEN)LOGIN_TIMEOUT_SECONDS, 0);
    SQLSetConnectAttr(connection->handle, SQL_ATTR_ACCESS_MODE, (SQLPOINTER)access_mode, 0);
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLDriverConnect(connection->handle, NULL, (SQLCHAR *)connection->text,
                                      SQL_NTS, NULL, 0, &length, SQL_DRIVER_NOPROMPT);
    connection->connected = SQL_SUCCEEDED(code);
    return connection->connected ||
           odbc_failure(connection, SQL_HANDLE_DBC, connection->handle, "connect", error);
}

static struct odbc_connection *connect_as(const char *connection_string, SQLULEN access_mode,
                                          struct error *error)
{
    struct odbc_connection *connection = memory_allocate_array(1, sizeof(*connection));
    connection->text = memory_copy_text(connection_string);
    if (open_connection(connection, access_mode, error))
        return connection;
    odbc_disconnect(connection);
    return NULL;
}

struct odbc_connection *odbc_connect(const char *connection_string, struct error *error)
{
    return connect_as(connection_string, SQL_MODE_READ_ONLY, error);
}

struct odbc_connection *odbc_connect_writing(const char *connection_string, struct error *error)
{
    return connect_as(connection_string, SQL_MODE_READ_WRITE, error);
}

void odbc_disconnect(struct odbc_connection *connection)
{
    if (!connection)
        return;
    if (connection->connected)
        SQLDisconnect(connection->handle);
    SQLFreeHandle(SQL_HANDLE_DBC, connection->handle);
    SQLFreeHandle(SQL_HANDLE_ENV, connection->environment);
    explicit_bzero(connection->text, strlen(connection->text));
    memory_free(connection->text);
    memory_free(connection);
}

/* ---- statements ---- */

struct odbc_statement *odbc_statement_open(struct odbc_connection *connection)
{
    struct odbc_statement *statement = memory_allocate_array(1, sizeof(*statement));
    statement->connection = connection;
    SQLAllocHandle(SQL_HANDLE_STMT, connection->handle, &statement->handle);
    return statement;
}

void odbc_statement_close(struct odbc_statement *statement)
{
    if (!statement)
        return;
    SQLFreeHandle(SQL_HANDLE_STMT, statement->handle);
    memory_free(statement);
}

bool odbc_statement_run(struct odbc_statement *statement, const char *sql, const char *what,
                        struct error *error)
{
    char *text = memory_copy_text(sql);
    SQLRETURN code = SQLExecDirect(statement->handle, (SQLCHAR *)text, SQL_NTS);
    memory_free(text);
    return SQL_SUCCEEDED(code) || code == SQL_NO_DATA || statement_failure(statement, what, error);
}

void odbc_statement_rewind(struct odbc_statement *statement)
{
    SQLFreeStmt(statement->handle, SQL_CLOSE);
}

bool odbc_run(struct odbc_connection *connection, const char *sql, struct error *error)
{
    struct odbc_statement *statement = odbc_statement_open(connection);
    bool run = odbc_statement_run(statement, sql, "run the statement", error);
    odbc_statement_close(statement);
    return run;
}

/* ---- results ---- */

bool odbc_statement_columns(struct odbc_statement *statement, size_t *count, struct error *error)
{
    SQLSMALLINT columns = 0;
    if (!SQL_SUCCEEDED(SQLNumResultCols(statement->handle, &columns)))
        return statement_failure(statement, "describe the result", error);
    *count = columns > 0 ? (size_t)columns : 0;
    return true;
}

bool odbc_statement_name(struct odbc_statement *statement, size_t column, struct arena *arena,
                         struct slice *name, struct error *error)
{
    SQLCHAR text[NAME_BYTES] = "";
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLDescribeCol(statement->handle, (SQLUSMALLINT)(column + 1), text,
                                    (SQLSMALLINT)sizeof(text), &length, NULL, NULL, NULL, NULL);
    if (!SQL_SUCCEEDED(code))
        return statement_failure(statement, "describe the result", error);
    text[sizeof(text) - 1] = '\0'; /* whatever the driver has left there */
    *name = arena_copy(arena, slice_of((const char *)text));
    return true;
}

void odbc_statement_block(struct odbc_statement *statement, size_t rows, struct odbc_block *block)
{
    statement->block = block;
    block->rows = rows;
    memset(block->states, 0, rows * sizeof(*block->states));
    SQLSetStmtAttr(statement->handle, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)rows, 0);
    SQLSetStmtAttr(statement->handle, SQL_ATTR_ROW_STATUS_PTR, block->states, 0);
    SQLSetStmtAttr(statement->handle, SQL_ATTR_ROWS_FETCHED_PTR, &block->fetched, 0);
}

void odbc_statement_bind(struct odbc_statement *statement, size_t column, char *values,
                         size_t value_bytes, int64_t *lengths)
{
    SQLBindCol(statement->handle, (SQLUSMALLINT)(column + 1), SQL_C_CHAR, values,
               (SQLLEN)value_bytes, lengths);
}

enum outcome odbc_statement_fetch(struct odbc_statement *statement, struct error *error)
{
    struct odbc_block *block = statement->block;
    block->fetched = 0;
    SQLRETURN code = SQLFetch(statement->handle);
    bool read = SQL_SUCCEEDED(code);
    if (code == SQL_NO_DATA || (read && block->fetched == 0))
        return ENDED;
    if (read && block->fetched > block->rows) {
        error_set(error, EXIT_FAILED, "the driver tells of %llu rows where %llu were asked for",
                  (unsigned long long)block->fetched, (unsigned long long)block->rows);
        error_hint(error, "it is broken: take another version of the ODBC driver");
        return FAILED;
    }
    for (size_t i = 0; i < block->fetched && read; i++)
        read = block->states[i] != SQL_ROW_ERROR;
    if (read)
        return ACCEPTED;
    statement_failure(statement, "read on", error);
    return FAILED;
}

/* ---- the catalogue ---- */

enum { TABLE_COLUMN = 3, KEY_COLUMN = 4, REFERRING_COLUMN = 8 };

/* Collects the texts of one column of a catalogue's result. */
static size_t collect_names(struct odbc_statement *statement, SQLUSMALLINT column,
                            struct arena *arena, const char ***names)
{
    SQLCHAR text[NAME_BYTES] = "";
    SQLLEN length = 0;
    size_t count = 0;
    size_t capacity = 0;
    const char **list = NULL;
    SQLBindCol(statement->handle, column, SQL_C_CHAR, text, (SQLLEN)sizeof(text), &length);
    while (SQL_SUCCEEDED(SQLFetch(statement->handle))) {
        list = memory_grow(list, &capacity, count + 1, sizeof(*list));
        list[count++] = arena_text(arena, slice_of(length == SQL_NULL_DATA ? "" : (char *)text));
    }
    *names = arena_allocate_array(arena, count, sizeof(**names));
    if (count)
        memcpy(*names, list, count * sizeof(*list));
    memory_free(list);
    return count;
}

bool odbc_list_tables(struct odbc_connection *connection, struct arena *arena, const char ***names,
                      size_t *count, struct error *error)
{
    SQLCHAR types[] = "TABLE,VIEW";
    struct odbc_statement *statement = odbc_statement_open(connection);
    SQLRETURN code = SQLTables(statement->handle, NULL, 0, NULL, 0, NULL, 0, types, SQL_NTS);
    bool listed = SQL_SUCCEEDED(code) || statement_failure(statement, "list the tables", error);
    if (listed)
        *count = collect_names(statement, TABLE_COLUMN, arena, names);
    odbc_statement_close(statement);
    return listed;
}

char odbc_name_quote(struct odbc_connection *connection)
{
    enum { QUOTE_BYTES = 16 };
    SQLCHAR quote[QUOTE_BYTES] = "";
    SQLSMALLINT length = 0;
    SQLRETURN code = SQLGetInfo(connection->handle, SQL_IDENTIFIER_QUOTE_CHAR, quote,
                                (SQLSMALLINT)sizeof(quote), &length);
    return SQL_SUCCEEDED(code) ? (char)quote[0] : '\0';
}

size_t odbc_primary_key(struct odbc_connection *connection, const char *table, struct arena *arena,
                        const char ***names)
{
    char *text = memory_copy_text(table);
    struct odbc_statement *statement = odbc_statement_open(connection);
    SQLRETURN code = SQLPrimaryKeys(statement->handle, NULL, 0, NULL, 0, (SQLCHAR *)text, SQL_NTS);
    size_t count = SQL_SUCCEEDED(code) ? collect_names(statement, KEY_COLUMN, arena, names) : 0;
    odbc_statement_close(statement);
    memory_free(text);
    return count;
}

static size_t collect_references(struct odbc_statement *statement, struct arena *arena,
                                 struct odbc_reference **references)
{
    enum { PARTS = 3 };
    static const SQLUSMALLINT columns[PARTS] = {REFERRING_COLUMN, TABLE_COLUMN, KEY_COLUMN};
    SQLCHAR texts[PARTS][NAME_BYTES] = {"", "", ""};
    SQLLEN lengths[PARTS] = {0, 0, 0};
    size_t count = 0;
    size_t capacity = 0;
    struct odbc_reference *list = NULL;
    for (size_t i = 0; i < PARTS; i++)
        SQLBindCol(statement->handle, columns[i], SQL_C_CHAR, texts[i], (SQLLEN)NAME_BYTES,
                   &lengths[i]);
    while (SQL_SUCCEEDED(SQLFetch(statement->handle))) {
        const char *told[PARTS];
        for (size_t i = 0; i < PARTS; i++)
            told[i] = arena_text(
                arena, slice_of(lengths[i] == SQL_NULL_DATA ? "" : (const char *)texts[i]));
        list = memory_grow(list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct odbc_reference){told[0], told[1], told[2]};
    }
    *references = arena_allocate_array(arena, count, sizeof(**references));
    if (count)
        memcpy(*references, list, count * sizeof(*list));
    memory_free(list);
    return count;
}

size_t odbc_references(struct odbc_connection *connection, const char *table, struct arena *arena,
                       struct odbc_reference **references)
{
    char *text = memory_copy_text(table);
    struct odbc_statement *statement = odbc_statement_open(connection);
    SQLRETURN code = SQLForeignKeys(statement->handle, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0,
                                    (SQLCHAR *)text, SQL_NTS);
    size_t count = SQL_SUCCEEDED(code) ? collect_references(statement, arena, references) : 0;
    odbc_statement_close(statement);
    memory_free(text);
    return count;
}

/* ---- parameters ---- */

struct odbc_statement *odbc_prepare(struct odbc_connection *connection, const char *sql,
                                    struct error *error)
{
    struct odbc_statement *statement = odbc_statement_open(connection);
    char *text = memory_copy_text(sql);
    SQLRETURN code = SQLPrepare(statement->handle, (SQLCHAR *)text, SQL_NTS);
    memory_free(text);
    if (SQL_SUCCEEDED(code))
        return statement;
    statement_failure(statement, "prepare the statement", error);
    odbc_statement_close(statement);
    return NULL;
}

static SQLRETURN bind_parameters(struct odbc_statement *statement,
                                 const struct odbc_parameter *parameters, size_t count)
{
    SQLRETURN code = SQL_SUCCESS;
    for (size_t i = 0; i < count && SQL_SUCCEEDED(code); i++)
        code =
            SQLBindParameter(statement->handle, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT, SQL_C_CHAR,
                             SQL_LONGVARCHAR, parameters[i].value_bytes, 0, parameters[i].values,
                             (SQLLEN)parameters[i].value_bytes, parameters[i].lengths);
    return code;
}

bool odbc_execute(struct odbc_statement *statement, const struct odbc_parameter *parameters,
                  size_t parameter_count, size_t rows, struct error *error)
{
    SQLFreeStmt(statement->handle, SQL_CLOSE);
    SQLSetStmtAttr(statement->handle, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)rows, 0);
    SQLRETURN code = bind_parameters(statement, parameters, parameter_count);
    if (SQL_SUCCEEDED(code))
        code = SQLExecute(statement->handle);
    return SQL_SUCCEEDED(code) || code == SQL_NO_DATA ||
           statement_failure(statement, "write the rows", error);
}
