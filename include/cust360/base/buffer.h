/* buffer.h: a byte string that grows.
 *
 * `data` is never NULL after the first append and always has a NUL after `length` bytes, so it can
 * be read as C text. Start with BUFFER_EMPTY; end with buffer_release. Not thread safe. */
#ifndef CUST360_BASE_BUFFER_H
#define CUST360_BASE_BUFFER_H

#include "cust360/base/slice.h"

#include <string.h>

struct buffer {
    char *data;
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes allocated */
};

#define BUFFER_EMPTY                                                                               \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes room for `bytes` more and returns where they go; the caller adds to `length` what it wrote.
 */
char *buffer_reserve(struct buffer *buffer, size_t bytes);

static inline void buffer_append(struct buffer *buffer, struct slice slice)
{
    char *end = slice.length < buffer->capacity - buffer->length
                    ? buffer->data + buffer->length
                    : buffer_reserve(buffer, slice.length);
    if (slice.length)
        memcpy(end, slice.data, slice.length);
    buffer->length += slice.length;
    buffer->data[buffer->length] = '\0';
}

static inline void buffer_append_byte(struct buffer *buffer, char byte)
{
    buffer_append(buffer, slice_make(&byte, 1));
}

/* Forgets the content, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Frees the memory; the buffer is empty and can be used again. */
void buffer_release(struct buffer *buffer);

/* The content, valid until the buffer changes. */
static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}

#endif
