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

/* The files whose bytes are all that a source's rows come from; some of them need not be there (the
 * journal of a database). 0: nobody can tell, as of a server. They live in the arena. */
size_t source_files(const struct source *source, struct arena *arena, const char ***paths);

struct row_reader;

/* What each kind of source does; a reader of a kind begins with a struct row_reader. */
struct row_reader_operations {
    enum outcome (*next)(struct row_reader *reader, struct row *row, struct error *error);
    bool (*raw)(struct row_reader *reader, const struct row *row, struct buffer *bytes,
                struct error *error);
    void (*close)(struct row_reader *reader);
};

/* The same for kinds that can be read in parts. */
struct row_part_operations {
    size_t (*cut)(struct row_reader *reader, size_t part_bytes, struct error *error);
    struct row_reader *(*open)(const struct row_reader *whole, size_t part, struct error *error);
    bool (*join)(struct row_reader *whole, const struct row_reader *part, struct error *error);
};

struct row_reader {
    const struct row_reader_operations *operations;
    const struct row_part_operations *parts; /* NULL: never cut */
    const struct source *source;
    struct arena *arena;    /* what lives as long as the reader */
    struct notice *notices; /* grows while reading; owned by the reader */
    size_t notice_count;
    size_t notice_capacity;
    const char *encoding;    /* what `auto` has found the first file to be; NULL: it is declared */
    struct slice *headings;  /* one a table, see row_reader_heading; empty until it is read */
    const char **watermarks; /* one a table: the highest that was read; NULL: no table has any */
    uint64_t rows_read;      /* ACCEPTED and REJECTED, kept by row_reader_next */
    size_t next_part;        /* a source in parts: the first that is not joined yet, */
    uint64_t lines_before;   /* and the lines of its file before it */
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

/* Where the bytes of a row stand as row_reader_raw gives them, at its place; NULL: in no file (XML
 * that is repaired, ODBC). It lives with the reader. For rows that are too long to be kept. */
const char *row_reader_path(struct row_reader *reader, size_t table);

/* What must stand before the rejected rows of a table so that they can be read again: the heading
 * line as it came (CSV, ODBC), nothing (XML). */
bool row_reader_heading(struct row_reader *reader, size_t table, struct buffer *bytes,
                        struct error *error);

/* ---- one source read by several threads ----
 *
 *   row_reader_open ──► row_reader_cut ──► row_reader_open_part (any thread, any order) ──► rows
 *                                      ──► row_reader_join (one thread, in order)
 *
 * Parts are cut by the file's bytes alone, and their rows put together are those of a single
 * reader. A part may turn out to reach into the ones behind it: it then gives their rows too, and
 * what they gave themselves is to be thrown away. */

/* Cuts the source into parts of about `part_bytes` (0: 1 MiB), before its first row is read.
 * Returns how many: 1: not cut, to be read as ever; more: only its parts give rows. 0: failed. */
static inline size_t row_reader_cut(struct row_reader *reader, size_t part_bytes,
                                    struct error *error)
{
    return reader->parts ? reader->parts->cut(reader, part_bytes, error) : 1;
}

/* Opens a part (from 0). `whole` must outlive it. Its rows' lines count from its begin: add what
 * whole->lines_before is when the parts before have been joined. */
static inline struct row_reader *row_reader_open_part(const struct row_reader *whole, size_t part,
                                                      struct error *error)
{
    return whole->parts->open(whole, part, error);
}

/* Takes over a part whose rows have ENDED: of all parts in their order those whose number is
 * whole->next_part. False: as FAILED. */
static inline bool row_reader_join(struct row_reader *whole, const struct row_reader *part,
                                   struct error *error)
{
    return whole->parts->join(whole, part, error);
}

static inline void row_reader_close(struct row_reader *reader)
{
    if (reader)
        reader->operations->close(reader);
}

#endif
