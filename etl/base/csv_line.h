/* csv_line.h: one line of CSV without quotes. */
#ifndef CUST360_BASE_CSV_LINE_H
#define CUST360_BASE_CSV_LINE_H

#include "cust360/base/slice.h"

static inline bool csv_is_blank(char byte, char delimiter)
{
    return (byte == ' ' || byte == '\t') && byte != delimiter;
}

/* Splits a line without any quote, with or without its end, which needs no state machine; most
 * lines are like that. Returns how many fields; they are slices of the line. *fields grows. */
size_t csv_line_split(struct slice line, char delimiter, struct slice **fields, size_t *capacity);

#endif
