/* row.h: a row as a source gave it: what passes from extracting to standardizing.
 *
 * Its texts are valid UTF-8 and belong to whoever read the row, until the next one is read. */
#ifndef CUST360_ROW_H
#define CUST360_ROW_H

#include "cust360/base/slice.h"
#include <stdint.h>

/* Where a row stands in its source. */
struct place {
    const char *file; /* within the feeds folder (ODBC: the table's name); lives with the reader */
    uint64_t line;    /* 1-based physical line where it begins; ODBC: the row's number */
    uint64_t byte_offset; /* of its first byte, in the bytes as they came */
    uint64_t byte_length;
};

struct row {
    size_t table;         /* index into the mapping's tables */
    struct slice *values; /* one a mapped column of that table; a missing value has data NULL */
    struct slice
        *extra; /* CSV: columns that the mapping does not name (kept for reports); may be NULL */
    size_t extra_count;
    struct place place;
    /* When it could not be read as a row (outcome REJECTED): */
    const char *reject_code;   /* a finding's code: columns, quote, encoding, record_size … */
    const char *reject_reason; /* a sentence, without values */
};

#endif
