/* support.h: a source made by hand, and all that comes out of it as one text. */
#ifndef CUST360_TESTS_EXTRACT_SUPPORT_H
#define CUST360_TESTS_EXTRACT_SUPPORT_H

#include "cust360/base/buffer.h"
#include "cust360/extract.h"

/* One source with its mapping; all of it lives in the arena, its files in `folder`. */
struct feed {
    struct arena *arena;
    char *folder;
    struct mapping mapping;
    struct source source;
};

/* An empty feed D01 of a kind, in a new folder. */
struct feed *feed_create(enum source_kind kind);
void feed_destroy(struct feed *feed);

/* Adds a table. Columns are named with blanks between ("CustNo FullName Sex!"), `!` behind a name:
 * required. */
struct mapping_table *feed_add_table(struct feed *feed, const char *columns);

/* Writes a file into the folder; returns its path. The first one is the source's. */
const char *feed_write(struct feed *feed, const char *name, struct slice content);

/* All rows: values between <>, ~ for a missing one, `!code` for a rejected row, one row a line;
 * in the end "FAILED" when it failed (see `error`). A table's number and ':' stand before its rows
 * when there are several tables. */
struct reading {
    struct buffer rows;
    struct buffer raw;     /* the rows' bytes, as row_reader_raw gives them */
    struct buffer places;  /* line:offset+length, a blank behind */
    struct buffer notices; /* code: text, a line each */
    struct buffer reasons; /* of rejected rows */
    struct buffer heading; /* of table 0 */
    struct error error;
    uint64_t rows_read;
    uint64_t lines_before; /* while reading: of the parts before */
};

struct reading feed_read(struct feed *feed);

/* The same, read in parts of so many bytes, the last part first; *parts: how many. */
struct reading feed_read_in_parts(struct feed *feed, size_t part_bytes, size_t *parts);
void reading_destroy(struct reading *reading);

/* Converts UTF-8 text with iconv; the arena owns the bytes. */
struct slice to_encoding(struct arena *arena, const char *encoding, struct slice text);

/* A check that says what it found. */
void expect_text(const struct buffer *found, const char *expected, const char *what);
void expect_hint(const struct error *error, const char *part);

#endif
