/* extract.h: rows out of a source.
 *
 *   bytes ──► decode (to UTF-8) ──► csv   ─┐
 *             bytes ──────────────► xml   ─┼─► struct row
 *             driver ─────────────► odbc  ─┘
 *
 * A reader goes once through all tables of a source, in the mapping's order (XML: in the file's).
 * The text of a row is valid UTF-8. One thread a reader; readers are independent of each other. */
#ifndef CUST360_EXTRACT_H
#define CUST360_EXTRACT_H

#include "cust360/config.h"
#include "cust360/row.h"

/* What the schema or the encoding showed that a person should know. */
struct notice {
    const char *code; /* column_missing, column_new, column_renamed, encoding … */
    const char *text; /* one sentence with the place */
};

struct row_reader;

/* What each kind of source does; a reader of a kind begins with a struct row_reader. */
struct row_reader_operations {
    enum outcome (*next)(struct row_reader *reader, struct row *row, struct error *error);
    bool (*raw)(struct row_reader *reader, const struct row *row, struct buffer *bytes,
                struct error *error);
    void (*close)(struct row_reader *reader);
};

struct row_reader {
    const struct row_reader_operations *operations;
    const struct source *source;
    struct arena *arena;    /* what lives as long as the reader */
    struct notice *notices; /* grows while reading; owned by the reader */
    size_t notice_count;
    size_t notice_capacity;
    struct slice *headings; /* one a table, see row_reader_heading; empty until it is read */
    uint64_t rows_read;     /* ACCEPTED and REJECTED, kept by row_reader_next */
};

/* Opens a source. NULL: error with source, place and hint. */
struct row_reader *row_reader_open(const struct source *source, struct error *error);

/* The next row. ACCEPTED, or REJECTED: *row is filled, valid until the next call. ENDED. FAILED:
 * the source cannot be read on (truncated XML, wrong encoding, a lost connection …). */
static inline enum outcome row_reader_next(struct row_reader *reader, struct row *row,
                                           struct error *error)
{
    enum outcome outcome = reader->operations->next(reader, row, error);
    if (outcome == ACCEPTED || outcome == REJECTED)
        reader->rows_read++;
    return outcome;
}

/* Appends the current row as it came, byte for byte, with its line end (XML: the record element;
 * ODBC: a CSV line). */
static inline bool row_reader_raw(struct row_reader *reader, const struct row *row,
                                  struct buffer *bytes, struct error *error)
{
    return reader->operations->raw(reader, row, bytes, error);
}

/* What must stand before the rejected rows of a table so that they can be read again: the heading
 * line as it came (CSV, ODBC), nothing (XML). */
bool row_reader_heading(struct row_reader *reader, size_t table, struct buffer *bytes,
                        struct error *error);

static inline void row_reader_close(struct row_reader *reader)
{
    if (reader)
        reader->operations->close(reader);
}

#endif
