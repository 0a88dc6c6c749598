#include "cust360/base/error.h"
#include "cust360/base/buffer.h"
#include "cust360/base/text.h"

#include <stdio.h>
#include <string.h>

/* Copies as much as fits, never cutting a character in two; nothing of it steers a terminal. */
static void copy_cut(char *target, size_t capacity, const char *text)
{
    size_t length = strlen(text);
    if (length >= capacity) {
        length = capacity - 1;
        while (length && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(target, text, length);
    target[length] = '\0';
    text_make_showable(target);
}

__attribute__((format(printf, 3, 0))) static void error_begin(struct error *error, int exit_code,
                                                              const char *format, va_list arguments)
{
    char message[2 * sizeof(error->message)];
    vsnprintf(message, sizeof(message), format, arguments);
    memset(error, 0, sizeof(*error));
    error->exit_code = exit_code;
    copy_cut(error->message, sizeof(error->message), message);
}

bool error_set(struct error *error, int exit_code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_begin(error, exit_code, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_system(struct error *error, int exit_code, int number, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_begin(error, exit_code, format, arguments);
    va_end(arguments);
    char reason[128];
    const char *text = strerror_r(number, reason, sizeof(reason));
    size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof(error->message) - length, ": %s", text);
    return false;
}

bool error_place(struct error *error, const char *file, uint64_t line, uint64_t column)
{
    if (file)
        copy_cut(error->file, sizeof(error->file), file);
    error->line = line;
    error->column = column;
    return false;
}

bool error_hint(struct error *error, const char *format, ...)
{
    char hint[2 * sizeof(error->hint)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(hint, sizeof(hint), format, arguments);
    va_end(arguments);
    copy_cut(error->hint, sizeof(error->hint), hint);
    return false;
}

bool error_source(struct error *error, const char *source_id)
{
    copy_cut(error->source, sizeof(error->source), source_id);
    return false;
}

static void describe_caret(const struct error *error, struct buffer *text)
{
    buffer_format(text, "    %s\n", error->excerpt);
    if (error->column <= error->excerpt_skipped)
        return;
    size_t characters = error->column - error->excerpt_skipped - 1;
    struct slice before = text_prefix(slice_of(error->excerpt), characters);
    buffer_append_text(text, "    ");
    for (size_t position = 0; position < before.length;) {
        size_t start = position;
        uint32_t code_point = text_next(before, &position);
        size_t width = text_width(slice_cut(before, start, position));
        for (size_t i = 0; i < width; i++)
            buffer_append_byte(text, code_point == '\t' ? '\t' : ' ');
    }
    buffer_append_text(text, "^\n");
}

void error_describe(const struct error *error, struct buffer *text)
{
    if (error->source[0])
        buffer_format(text, "source %s: ", error->source);
    if (error->file[0]) {
        buffer_append_text(text, error->file);
        if (error->line)
            buffer_format(text, ":%llu", (unsigned long long)error->line);
        if (error->line && error->column)
            buffer_format(text, ":%llu", (unsigned long long)error->column);
        buffer_append_text(text, ": ");
    }
    buffer_format(text, "%s\n", error->message);
    if (error->excerpt[0])
        describe_caret(error, text);
    if (error->hint[0])
        buffer_format(text, "  hint: %s\n", error->hint);
}
