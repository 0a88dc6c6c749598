/* json.h: writing JSON (RFC 8259).
 *
 * A writer appends to a buffer; commas, indentation and escapes are its business, matching begins
 * and ends the caller's. Bytes that are not UTF-8 become U+FFFD. */
#ifndef CUST360_BASE_JSON_H
#define CUST360_BASE_JSON_H

#include "cust360/base/buffer.h"
#include <stdint.h>

struct json_writer {
    struct buffer *buffer;
    unsigned depth;
    bool first;   /* the next member is the first of its object or array */
    bool compact; /* all in one line */
};

#define JSON_WRITER(target)                                                                        \
    {                                                                                              \
        (target), 0, true, false                                                                   \
    }
#define JSON_WRITER_COMPACT(target)                                                                \
    {                                                                                              \
        (target), 0, true, true                                                                    \
    }

/* `key` is NULL inside an array and at the top. */
void json_object_begin(struct json_writer *json, const char *key);
void json_object_end(struct json_writer *json);
void json_array_begin(struct json_writer *json, const char *key);
void json_array_end(struct json_writer *json);
void json_text(struct json_writer *json, const char *key, struct slice text);
void json_integer(struct json_writer *json, const char *key, int64_t number);
/* Six significant digits behind the point; not a number becomes null. */
void json_number(struct json_writer *json, const char *key, double number);
void json_boolean(struct json_writer *json, const char *key, bool value);
/* NULL becomes "". */
void json_string(struct json_writer *json, const char *key, const char *text);
/* NULL becomes null. */
void json_optional(struct json_writer *json, const char *key, const char *text);
void json_null(struct json_writer *json, const char *key);

#endif
