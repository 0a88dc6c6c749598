/* csv.h: CSV (RFC 4180), read strictly and written.
 *
 *   bytes in any pieces ──► csv_stream ──► rows, each with its place
 *   a small file        ──► csv_table  ──► cells by row and column
 *
 * Strict: a quote belongs at the begin and end of a field, or stands doubled inside one. A quote in
 * the wrong place costs its own record and never the rows behind it. Blanks and tabs around an
 * unquoted field are not part of it; blank lines are passed over; LF, CRLF and a lone CR end a
 * row. Text may hold any byte and is passed on as it is. */
#ifndef CUST360_BASE_CSV_H
#define CUST360_BASE_CSV_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

/* ---- a stream of rows ---- */

struct csv_options {
    char delimiter;
    char quote;
    size_t record_bytes_max; /* 0: 1 MiB */
    size_t record_lines_max; /* 0: 200 */
};

struct csv_row {
    struct slice *fields; /* text without quotes; never NULL data */
    size_t field_count;
    uint64_t line;   /* 1-based line in which it begins */
    uint64_t offset; /* of its first byte in the stream, from 0 */
    uint64_t length; /* bytes up to the next row, with the line end */
    /* When REJECTED (fields may be empty): */
    const char *reject_code;   /* columns, quote, record_size */
    const char *reject_reason; /* a sentence, without values */
};

struct csv_stream;

struct csv_stream *csv_stream_create(const struct csv_options *options);
void csv_stream_destroy(struct csv_stream *stream);

/* Where to append the next piece of input, of any length, once csv_stream_next has returned ENDED.
 * The stream takes what it has used away itself: append only. */
struct buffer *csv_stream_input(struct csv_stream *stream);

/* Says that the input is complete: the last row needs no line end. */
void csv_stream_finish(struct csv_stream *stream);

/* From here on a row of another number of fields is REJECTED with code columns; it is also what a
 * line must have for reading to begin again behind a broken quote. 0 (the start): any number. */
void csv_stream_expect(struct csv_stream *stream, size_t field_count);

/* The next row. ACCEPTED, or REJECTED: *row is filled, valid until the next call. ENDED: the input
 * is used up; append more, or after csv_stream_finish there are no more rows. */
enum outcome csv_stream_next(struct csv_stream *stream, struct csv_row *row);

/* Once csv_stream_next has returned ENDED: whether all input was used up by whole records, so that
 * a stream which begins behind it reads the same rows as this one would; and the line where it
 * begins. */
bool csv_stream_is_between(const struct csv_stream *stream);
uint64_t csv_stream_line(const struct csv_stream *stream);

/* One past the end of the line that begins at `from` (its LF, CRLF or lone CR included), or `end`
 * when none ends before. *newline keeps the next LF between calls with rising `from`; NULL first.
 */
const char *csv_line_end(const char *from, const char *end, const char **newline);

/* ---- a table: a whole file with its heading, e.g. reference data ---- */

struct csv_table {
    const char *path;
    struct slice *heading;
    size_t column_count;
    struct slice *cells; /* row-major, row_count * column_count; shorter rows are an error */
    size_t row_count;
};

/* Reads a UTF-8 file (a BOM is passed over) of at most 256 MiB. False: `error` names file and line.
 */
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

/* ---- writing ---- */

/* Appends one field, quoted when it must be; the caller writes delimiters and line ends. */
void csv_append_field(struct buffer *buffer, struct slice field, char delimiter);

#endif
