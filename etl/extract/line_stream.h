/* line_stream.h: the lines of a file, as text and, where places count bytes, as they came.
 *
 *   decoder ──► delimited: base/csv ─┐
 *           ──► else: line by line  ─┴─► struct line ──► line_cut: the text at a place */
#ifndef CUST360_EXTRACT_LINE_STREAM_H
#define CUST360_EXTRACT_LINE_STREAM_H

#include "cust360/base/csv.h"
#include "cust360/config_lines.h"
#include "extract/decode.h"
#include "extract/encoding.h"

struct line {
    uint64_t number; /* 1-based */
    uint64_t offset; /* of its first byte in the text, and its length with the line end */
    uint64_t length;
    uint64_t byte_offset; /* the same in the file */
    uint64_t byte_length;
    struct slice text;          /* without line end; not of delimited lines */
    struct slice raw;           /* its bytes, when places count bytes and the text is not ASCII */
    bool ascii;                 /* a character is a byte */
    const struct slice *fields; /* delimited */
    size_t field_count;
    const char *reject_code; /* when it is REJECTED */
    const char *reject_reason;
};

struct line_stream;

/* The decoder and the dialect are borrowed. */
struct line_stream *line_stream_create(struct decoder *decoder, const struct line_dialect *dialect);
void line_stream_destroy(struct line_stream *stream);

/* The next line that is not blank, valid until the next call: ACCEPTED, REJECTED (it cannot be told
 * where its columns are), ENDED or FAILED. */
enum outcome line_stream_next(struct line_stream *stream, struct line *line, struct error *error);

/* A copy of a line that lives in the arena. */
struct line line_copy(struct arena *arena, const struct line *line);

/* How long a line is: fields, or characters or bytes. */
size_t line_extent(const struct line *line, const struct line_dialect *dialect);

/* Cuts the text at a place (of any level) out of the line, without blanks around it; empty where
 * the line has ended before. `encoding`: of the raw bytes. False: the place begins or ends within a
 * character. */
struct line_cutter {
    const struct line_dialect *dialect;
    const struct encoding *encoding;
    struct arena *arena; /* of texts that are not in one piece in the line */
    /* Where the last cut of a line ended, as the next one is mostly behind it. */
    const char *data;
    size_t character;
    size_t position;
};
bool line_cut(struct line_cutter *cutter, const struct line *line, const struct line_place *place,
              struct slice *value);

#endif
