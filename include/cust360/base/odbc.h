/* odbc.h: queries over ODBC, row by row, behind our errors.
 *
 * Rows are fetched in blocks into bound buffers. A value that does not fit is never cut: the buffer
 * grows and the query is run again up to the row where it was, which must give the same rows again.
 * A cursor belongs to its connection, and both to one thread. No message ever shows a connection
 * string. */
#ifndef CUST360_BASE_ODBC_H
#define CUST360_BASE_ODBC_H

#include "cust360/base/error.h"
#include "cust360/base/slice.h"

struct odbc_connection;
struct odbc_cursor;

/* Connects; NULL: `error` says what the driver said (exit code 12 when it refused user or
 * password). */
struct odbc_connection *odbc_connect(const char *connection_string, struct error *error);
void odbc_disconnect(struct odbc_connection *connection);

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

#endif
