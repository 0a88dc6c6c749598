#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

#include <stdarg.h>
#include <stdio.h>

char *buffer_reserve(struct buffer *buffer, size_t bytes)
{
    buffer->data = memory_grow(buffer->data, &buffer->capacity, buffer->length + bytes + 1, 1);
    return buffer->data + buffer->length;
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, slice_of(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length > 0) {
        char *end = buffer_reserve(buffer, (size_t)length);
        vsnprintf(end, (size_t)length + 1, format, arguments);
        buffer->length += (size_t)length;
    }
    va_end(arguments);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void buffer_release(struct buffer *buffer)
{
    memory_free(buffer->data);
    *buffer = (struct buffer)BUFFER_EMPTY;
}
