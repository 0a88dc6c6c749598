/* cell_repair.h: what spreadsheets do to values: ="00123", '00123, 1.38E+10, #NAME?.
 *
 * The first two are mended when the mapping says so (repair: [formula, apostrophe]) and told of
 * when it does not; the third has lost digits for good, the fourth never was a value, and both are
 * only named. */
#ifndef CUST360_EXTRACT_CELL_REPAIR_H
#define CUST360_EXTRACT_CELL_REPAIR_H

#include "extract/reader.h"

struct buffer;

/* Zero it and set `wanted` and `file`. */
struct cell_repair {
    unsigned wanted; /* bits of enum repair */
    const char *file;
    bool in_quotes; /* of the text so far */
    uint64_t formulas;
    uint64_t apostrophes;
    uint64_t numbers;       /* in scientific notation */
    uint64_t errors;        /* #N/A, #NAME? … */
    uint64_t first_formula; /* lines; 0: the text does not say */
    uint64_t first_apostrophe;
    uint64_t first_number;
    uint64_t first_error;
};

/* Makes ="…" a quoted field in the text from `from` on, without changing its length. */
void cell_repair_text(struct cell_repair *repair, const struct csv_dialect *dialect,
                      struct buffer *text, size_t from);

/* A value of a row, mended. */
struct slice cell_repair_value(struct cell_repair *repair, struct slice value, uint64_t line);

/* Counts what a part has counted; `lines_before`: the lines before the part. */
void cell_repair_join(struct cell_repair *whole, const struct cell_repair *part,
                      uint64_t lines_before);

/* Tells in notices what was found. */
void cell_repair_notice(const struct cell_repair *repair, struct row_reader *reader);

#endif
