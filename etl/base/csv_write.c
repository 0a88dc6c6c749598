#include "cust360/base/csv.h"

/* Or an end before the end. */
static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\0';
}

void csv_append_field(struct buffer *buffer, struct slice field, char delimiter)
{
    bool quoted = false;
    for (size_t i = 0; i < field.length; i++) {
        char byte = field.data[i];
        quoted |= (byte == delimiter) | (byte == '"') | (byte == '\r') | (byte == '\n');
    }
    /* Blanks at the ends would be lost in reading. */
    if (field.length)
        quoted = quoted || is_blank(field.data[0]) || is_blank(field.data[field.length - 1]);
    if (!quoted) {
        buffer_append(buffer, field);
        return;
    }
    buffer_append_byte(buffer, '"');
    for (size_t i = 0; i < field.length; i++) {
        if (field.data[i] == '"')
            buffer_append_byte(buffer, '"');
        buffer_append_byte(buffer, field.data[i]);
    }
    buffer_append_byte(buffer, '"');
}
