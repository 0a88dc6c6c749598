/* text.h: UTF-8.
 *
 * All text inside the program is valid UTF-8; extraction makes it so. "Characters" are Unicode code
 * points. Pure functions, thread safe. */
#ifndef CUST360_BASE_TEXT_H
#define CUST360_BASE_TEXT_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include <stdint.h>

/* Whether the bytes are valid UTF-8 (RFC 3629: no surrogates, nothing overlong); when not,
 * *offset (may be NULL) is the first byte that is not. */
bool text_is_valid(struct slice text, size_t *offset);

/* The code point at *position, which moves behind it. At the end: returns UINT32_MAX. A byte that
 * is not UTF-8 is returned as U+FFFD and passed over. */
uint32_t text_next(struct slice text, size_t *position);

/* Appends a code point. */
void text_append(struct buffer *buffer, uint32_t code_point);

/* Writes a code point to `bytes` (room for 4) and returns how many were written. */
size_t text_encode(uint32_t code_point, char *bytes);

/* The number of code points. */
size_t text_length(struct slice text);

/* The first `count` code points. */
struct slice text_prefix(struct slice text, size_t count);

/* Columns on a terminal: 2 for East Asian wide characters, else 1. */
size_t text_width(struct slice text);

/* Whether it is a Han ideograph (URO, extensions A–H, compatibility, 〇). */
bool text_is_han(uint32_t code_point);

/* The value masked for people's eyes in logs and reports: the first and last characters stay
 * (3 and 4 of 11 or more, 1 and 0 of a name), the rest are stars; never the whole value. The
 * arena owns the result. */
struct slice text_mask(struct arena *arena, struct slice value);

/* Edit distance (insert, delete, replace, transpose neighbours) in characters, for "did you
 * mean"; texts over 64 characters count as far apart. */
size_t text_distance(struct slice a, struct slice b);

/* ASCII letters to lower case, the rest untouched. */
struct slice text_lower(struct arena *arena, struct slice text);

/* A whole decimal number, nothing around it; false when it is not one or does not fit. */
bool text_to_integer(struct slice text, int64_t *number);
bool text_to_number(struct slice text, double *number);

#endif
