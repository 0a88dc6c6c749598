/* odbc_driver.h: the calls of unixODBC that cursors are made of, behind our errors and types.
 *
 * Buffers that are bound belong to the caller, live as long as the statement and are written by the
 * driver; lengths are bytes, or below 0 for NULL (ODBC_UNKNOWN: cut, and nobody knows how much). */
#ifndef CUST360_BASE_ODBC_DRIVER_H
#define CUST360_BASE_ODBC_DRIVER_H

#include "cust360/base/odbc.h"

enum { ODBC_UNKNOWN = -4 };

/* What the driver tells of a block of rows. */
struct odbc_block {
    uint64_t fetched; /* rows in it */
    uint64_t rows;    /* that it has room for */
    uint16_t *states; /* as many as the block has rows */
};

struct odbc_statement *odbc_statement_open(struct odbc_connection *connection);

/* Runs SQL; `what` ("run the query") is for the message. */
bool odbc_statement_run(struct odbc_statement *statement, const char *sql, const char *what,
                        struct error *error);

/* Ends a result, so that the statement can be run again. */
void odbc_statement_rewind(struct odbc_statement *statement);

/* The columns of the result (0: it has none) and their names. */
bool odbc_statement_columns(struct odbc_statement *statement, size_t *count, struct error *error);
bool odbc_statement_name(struct odbc_statement *statement, size_t column, struct arena *arena,
                         struct slice *name, struct error *error);

/* Rows come in blocks of so many, into bound columns. */
void odbc_statement_block(struct odbc_statement *statement, size_t rows, struct odbc_block *block);
void odbc_statement_bind(struct odbc_statement *statement, size_t column, char *values,
                         size_t value_bytes, int64_t *lengths);
enum outcome odbc_statement_fetch(struct odbc_statement *statement, struct error *error);

#endif
