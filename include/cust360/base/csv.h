/* csv.h: CSV (RFC 4180), read strictly and written.
 *
 * The parser takes decoded bytes in any pieces and calls back for each row; a quote in the wrong
 * place costs its own record and never the rows behind it. A table is a whole small file (reference
 * data, truth) with its heading, for programs that want rows by number and columns by name. */
#ifndef CUST360_BASE_CSV_H
#define CUST360_BASE_CSV_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct csv_table {
    const char *path;
    struct slice *heading;
    size_t column_count;
    struct slice *cells; /* row-major, row_count * column_count; shorter rows are an error */
    size_t row_count;
};

/* Reads a UTF-8 file (a BOM is passed over). False: `error` names file and line. */
bool csv_table_read(struct arena *arena, const char *path, char delimiter, struct csv_table *table,
                    struct error *error);

/* The index of a column by its heading, or SIZE_MAX; required: an error that names the heading. */
size_t csv_table_column(const struct csv_table *table, const char *heading);
bool csv_table_require(const struct csv_table *table, const char *heading, size_t *column,
                       struct error *error);

static inline struct slice csv_table_cell(const struct csv_table *table, size_t row, size_t column)
{
    return table->cells[row * table->column_count + column];
}

/* Appends one field, quoted when it must be; the caller writes delimiters and line ends. */
void csv_append_field(struct buffer *buffer, struct slice field, char delimiter);

#endif
