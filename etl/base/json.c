#include "cust360/base/json.h"
#include "cust360/base/text.h"

#include <math.h>

static void begin_value(struct json_writer *json, const char *key);

static void line_break(struct json_writer *json)
{
    if (json->compact)
        return;
    buffer_append_byte(json->buffer, '\n');
    for (unsigned i = 0; i < json->depth; i++)
        buffer_append_text(json->buffer, "  ");
}

/* What of a text from a place on stands in JSON as it is: up to the first character that is written
 * otherwise, or byte that is not UTF-8. */
static size_t plain_end(struct slice text, size_t from)
{
    for (size_t next = from; from < text.length; from = next) {
        uint32_t code_point = text_next(text, &next);
        if (code_point < 0x20 || code_point == '"' || code_point == '\\' || code_point == 0x7F ||
            code_point == 0xFFFD)
            break;
    }
    return from;
}

static void append_escaped(struct buffer *buffer, uint32_t code_point)
{
    if (code_point == '"' || code_point == '\\')
        buffer_format(buffer, "\\%c", (int)code_point);
    else if (code_point == '\n')
        buffer_append_text(buffer, "\\n");
    else if (code_point == '\t')
        buffer_append_text(buffer, "\\t");
    else if (code_point == 0xFFFD)
        text_append(buffer, code_point);
    else
        buffer_format(buffer, "\\u%04x", (unsigned)code_point);
}

static void append_quoted(struct buffer *buffer, struct slice text)
{
    buffer_append_byte(buffer, '"');
    for (size_t position = 0; position < text.length;) {
        size_t end = plain_end(text, position);
        buffer_append(buffer, slice_make(text.data + position, end - position));
        position = end;
        if (position < text.length)
            append_escaped(buffer, text_next(text, &position));
    }
    buffer_append_byte(buffer, '"');
}

static void begin_value(struct json_writer *json, const char *key)
{
    if (!json->first)
        buffer_append_byte(json->buffer, ',');
    if (json->depth > 0)
        line_break(json);
    json->first = false;
    if (key) {
        append_quoted(json->buffer, slice_of(key));
        buffer_append_text(json->buffer, json->compact ? ":" : ": ");
    }
}

static void open_group(struct json_writer *json, const char *key, char bracket)
{
    begin_value(json, key);
    buffer_append_byte(json->buffer, bracket);
    json->depth++;
    json->first = true;
}

static void close_group(struct json_writer *json, char bracket)
{
    json->depth--;
    if (!json->first)
        line_break(json);
    buffer_append_byte(json->buffer, bracket);
    json->first = false;
}

void json_object_begin(struct json_writer *json, const char *key)
{
    open_group(json, key, '{');
}

void json_object_end(struct json_writer *json)
{
    close_group(json, '}');
}

void json_array_begin(struct json_writer *json, const char *key)
{
    open_group(json, key, '[');
}

void json_array_end(struct json_writer *json)
{
    close_group(json, ']');
}

void json_text(struct json_writer *json, const char *key, struct slice text)
{
    begin_value(json, key);
    append_quoted(json->buffer, text);
}

void json_string(struct json_writer *json, const char *key, const char *text)
{
    json_text(json, key, slice_of(text));
}

void json_integer(struct json_writer *json, const char *key, int64_t number)
{
    begin_value(json, key);
    buffer_format(json->buffer, "%lld", (long long)number);
}

void json_number(struct json_writer *json, const char *key, double number)
{
    begin_value(json, key);
    if (isfinite(number))
        buffer_format(json->buffer, "%.6f", number);
    else
        buffer_append_text(json->buffer, "null");
}

void json_boolean(struct json_writer *json, const char *key, bool value)
{
    begin_value(json, key);
    buffer_append_text(json->buffer, value ? "true" : "false");
}

void json_null(struct json_writer *json, const char *key)
{
    begin_value(json, key);
    buffer_append_text(json->buffer, "null");
}

void json_optional(struct json_writer *json, const char *key, const char *text)
{
    if (text)
        json_text(json, key, slice_of(text));
    else
        json_null(json, key);
}
