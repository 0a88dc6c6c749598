/* odbc.h: databases over ODBC, behind our errors.
 *
 * Reading: rows are fetched in blocks into bound buffers. A value that does not fit is never cut:
 * the buffer grows and the query is run again up to the row where it was, which must give the same
 * rows again. Writing: a statement is prepared once and run with many rows of parameters.
 * Transactions are begun and ended by the database's own statements, through odbc_run.
 *
 * Cursors and statements belong to their connection, and all to one thread. No message ever shows a
 * connection string. Errors have exit code 12 when user or password were refused, else 1. */
#ifndef CUST360_BASE_ODBC_H
#define CUST360_BASE_ODBC_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct odbc_connection;
struct odbc_cursor;
struct odbc_statement;

/* Connects for reading; NULL: `error` says what the driver said. */
struct odbc_connection *odbc_connect(const char *connection_string, struct error *error);

/* The same for writing. */
struct odbc_connection *odbc_connect_writing(const char *connection_string, struct error *error);
void odbc_disconnect(struct odbc_connection *connection);

/* The SQLSTATE of the last failure, "" when there was none or the driver gave none. */
const char *odbc_state(const struct odbc_connection *connection);

/* ---- reading ---- */

/* Runs a query. The text is borrowed until the cursor is closed. */
struct odbc_cursor *odbc_query(struct odbc_connection *connection, const char *query,
                               struct error *error);
void odbc_close(struct odbc_cursor *cursor);

size_t odbc_column_count(const struct odbc_cursor *cursor);

/* The columns' names; they live as long as the cursor. */
const struct slice *odbc_column_names(const struct odbc_cursor *cursor);

/* The next row: a value a column (NULL has no data), valid until the next call. ENDED, FAILED. The
 * bytes are what the driver gave: they need not be UTF-8. */
enum outcome odbc_next(struct odbc_cursor *cursor, const struct slice **values,
                       struct error *error);

/* The first value of a query's first row, owned by the arena; no data when there is no row. */
bool odbc_value(struct odbc_connection *connection, const char *query, struct arena *arena,
                struct slice *value, struct error *error);

/* The names of the database's tables and views, in the driver's order, in the arena. */
bool odbc_list_tables(struct odbc_connection *connection, struct arena *arena, const char ***names,
                      size_t *count, struct error *error);

/* What names are put into in SQL: " or ` mostly; ' ': nothing; '\0': the driver does not tell. */
char odbc_name_quote(struct odbc_connection *connection);

/* The columns of a table's primary key; 0: it has none, or the driver does not tell. */
size_t odbc_primary_key(struct odbc_connection *connection, const char *table, struct arena *arena,
                        const char ***names);

/* A column that refers to a row of another table, as the database declares it. */
struct odbc_reference {
    const char *column;
    const char *table;
    const char *to; /* its column; empty: its primary key */
};

/* What a table's columns refer to, in the arena; 0: nothing, or the driver does not tell. */
size_t odbc_references(struct odbc_connection *connection, const char *table, struct arena *arena,
                       struct odbc_reference **references);

/* ---- writing ---- */

/* Runs SQL; rows that it gives are passed over. */
bool odbc_run(struct odbc_connection *connection, const char *sql, struct error *error);

/* Prepares SQL with a "?" for each parameter. */
struct odbc_statement *odbc_prepare(struct odbc_connection *connection, const char *sql,
                                    struct error *error);
void odbc_statement_close(struct odbc_statement *statement);

enum { ODBC_NULL = -1 };

/* The values of one parameter, one a row. */
struct odbc_parameter {
    char *values;       /* value i begins at i * value_bytes */
    size_t value_bytes; /* room for each of them */
    int64_t *lengths;   /* bytes, or ODBC_NULL */
};

/* Runs the statement for each of `rows` rows. When it fails it is not known which of them went
 * through: whoever wants to know goes back to a savepoint and runs them one by one. */
bool odbc_execute(struct odbc_statement *statement, const struct odbc_parameter *parameters,
                  size_t parameter_count, size_t rows, struct error *error);

#endif
