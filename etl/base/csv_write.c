#include "cust360/base/csv.h"

void csv_append_field(struct buffer *buffer, struct slice field, char delimiter)
{
    static const char special[] = "\"\r\n";
    bool quoted = false;
    for (size_t i = 0; i < field.length && !quoted; i++)
        quoted = field.data[i] == delimiter || memchr(special, field.data[i], sizeof(special) - 1);
    /* Blanks at the ends would be lost in reading. */
    if (field.length)
        quoted =
            quoted || strchr(" \t", field.data[0]) || strchr(" \t", field.data[field.length - 1]);
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
