/* stage.h: the lines in which the stages talk to each other and to an engine such as Apache Spark.
 *
 *   #cust360 <TAB> 1 <TAB> STAGE <TAB> HASH          who wrote the stream, by which configuration
 *   column <TAB> column ...                          rows
 *   #reject <TAB> STAGE <TAB> REASON <TAB> ROW ...   a row that could not be processed
 *   #end <TAB> ROWS_IN <TAB> ROWS_OUT <TAB> REJECTS <TAB> COUNTED
 *
 * An input is one such stream or several one behind the other, or, read unframed, rows alone: an
 * engine that cuts and shuffles rows takes the frames off and checks their sums. ROWS_OUT are the
 * rows between the frames without rejects; a stream whose trailer is missing or counts otherwise is
 * an error.
 *
 * Text is UTF-8. Backslash, control characters, bytes that are not UTF-8 and a row's first "#" are
 * written as \\, \t, \n, \r and \xHH: no value can break a row or a column, for any reader that
 * knows of line ends. "\," stands between the items of a list. A missing value is an empty column.
 * A reader or writer belongs to one thread. */
#ifndef CUST360_STAGE_H
#define CUST360_STAGE_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

#include <stdint.h>

enum { STAGE_PROTOCOL = 1 };

struct line {
    const struct slice *columns; /* as they stand in the stream, escaped */
    size_t count;
    struct slice raw;          /* the whole row, without its line end */
    const char *reject_reason; /* REJECTED: why it is no row */
};

struct line_expectation {
    uint64_t hash; /* of the reader's own configuration, which the writer's must be */
    bool unframed; /* rows alone: no header, no trailer */
};

struct line_reader;

/* Reads the descriptor, which stays the caller's. */
struct line_reader *line_reader_create(int descriptor, const struct line_expectation *expectation);

/* The same for text that is there. It is borrowed. */
struct line_reader *line_reader_of_text(struct slice text,
                                        const struct line_expectation *expectation);
void line_reader_destroy(struct line_reader *reader);

/* ACCEPTED: *line is filled, valid until the next call. REJECTED: a row, but none that can be read;
 * `raw` and `reject_reason` are filled. ENDED: all streams were whole. FAILED: one is not. */
enum outcome line_reader_next(struct line_reader *reader, struct line *line, struct error *error);

/* Rows given so far, those that were REJECTED too. */
uint64_t line_reader_rows(const struct line_reader *reader);

/* The text of a column, without escapes: in the arena, or where it stands. */
struct slice line_text(struct arena *arena, struct slice column);

/* The items of a column that is a list; an empty column has none. */
size_t line_items(struct arena *arena, struct slice column, const struct slice **items);

struct line_writer;

/* Writes the header. */
struct line_writer *line_writer_create(int descriptor, const char *stage, uint64_t hash);
void line_writer_destroy(struct line_writer *writer);

/* A row: its columns one after the other, then its end. */
void line_column(struct line_writer *writer, struct slice text);
void line_column_number(struct line_writer *writer, int64_t number);
void line_column_escaped(struct line_writer *writer, struct slice column); /* as it was read */
void line_column_items(struct line_writer *writer, const struct slice *items, size_t count);
void line_end(struct line_writer *writer);

/* Passes a row on as one that could not be processed. */
void line_reject(struct line_writer *writer, const char *reason, struct slice raw);

/* Adds to what the trailer tells as COUNTED; the stage says what that is. */
void line_writer_count(struct line_writer *writer, uint64_t number);

/* Writes the trailer. False: something could not be written. */
bool line_writer_finish(struct line_writer *writer, uint64_t rows_in, struct error *error);

/* Whether what was written so far has arrived: no use in going on otherwise. */
bool line_writer_works(const struct line_writer *writer);

#endif
