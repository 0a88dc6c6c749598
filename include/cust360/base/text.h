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
static inline uint32_t text_next(struct slice text, size_t *position);

/* Appends a code point. */
void text_append(struct buffer *buffer, uint32_t code_point);

/* Writes a code point to `bytes` (room for 4) and returns how many were written. */
static inline size_t text_encode(uint32_t code_point, char *bytes);

/* Makes a NUL-terminated text fit to be shown in one line, in place: line ends and tabs become
 * spaces; other controls (C0, DEL, C1) and what turns the direction of writing become ? and U+FFFD.
 * What feeds say of themselves can then neither forge lines of a log nor steer a terminal. */
void text_make_showable(char *text);

/* The number of code points. */
size_t text_length(struct slice text);

/* The first `count` code points. */
struct slice text_prefix(struct slice text, size_t count);

/* Columns on a terminal: 2 for East Asian wide characters, else 1. */
size_t text_width(struct slice text);

/* Whether it is a Han ideograph (URO, extensions A–H, compatibility, 〇). */
static inline bool text_is_han(uint32_t code_point);

/* Whether it is one of 0 to 9. */
static inline bool text_is_digit(uint32_t code_point);
static inline bool text_is_digit_byte(char byte);

/* The value masked for people's eyes in logs and reports: the first and last characters stay
 * (3 and 4 of 11 or more, 1 and 0 of a name), the rest are stars; never the whole value. The
 * arena owns the result. */
struct slice text_mask(struct arena *arena, struct slice value);

/* A record's key (parts joined by "|") with those parts masked that are a person's own: mobile and
 * identity numbers, e-mail addresses, names. A source's numbers stay. */
struct slice text_mask_key(struct arena *arena, struct slice key);

/* Edit distance (insert, delete, replace, transpose neighbours) in characters, for "did you
 * mean"; texts over 64 characters count as far apart. */
size_t text_distance(struct slice a, struct slice b);

/* ASCII letters to lower case, the rest untouched. */
struct slice text_lower(struct arena *arena, struct slice text);

/* A whole decimal number, nothing around it; false when it is not one or does not fit. */
bool text_to_integer(struct slice text, int64_t *number);
bool text_to_number(struct slice text, double *number);

/* ---- what the inline functions leave to text.c ---- */

uint32_t text_next_other(struct slice text, size_t *position);
size_t text_encode_other(uint32_t code_point, char *bytes);
bool text_is_rare_han(uint32_t code_point);

/* Nearly all text is ASCII and the ideographs of the first plane: U+1000 to U+CFFF, the lead bytes
 * E1 to EC, have neither surrogates nor overlong forms. */
static inline uint32_t text_next(struct slice text, size_t *position)
{
    const unsigned char *bytes = (const unsigned char *)text.data + *position;
    if (*position < text.length && bytes[0] < 0x80) {
        *position += 1;
        return bytes[0];
    }
    if (*position + 2 < text.length && bytes[0] >= 0xE1 && bytes[0] <= 0xEC &&
        (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80) {
        *position += 3;
        return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    }
    return text_next_other(text, position);
}

static inline size_t text_encode(uint32_t code_point, char *bytes)
{
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x1000 || code_point >= 0xD000)
        return text_encode_other(code_point, bytes);
    bytes[0] = (char)(0xE0 | code_point >> 12);
    bytes[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
    bytes[2] = (char)(0x80 | (code_point & 0x3F));
    return 3;
}

static inline bool text_is_digit(uint32_t code_point)
{
    return code_point >= '0' && code_point <= '9';
}

static inline bool text_is_digit_byte(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool text_is_han(uint32_t code_point)
{
    return (code_point >= 0x4E00 && code_point <= 0x9FFF) ||
           (code_point >= 0x3000 && text_is_rare_han(code_point));
}

#endif
