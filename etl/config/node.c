#include "config/node.h"
#include "cust360/base/text.h"

#include <stdio.h>
#include <strings.h>

const struct node *document_root(const struct document *document)
{
    return document->root;
}

const char *document_path(const struct document *document)
{
    return document->path;
}

struct slice document_line(const struct document *document, uint64_t line)
{
    struct slice rest = document->source;
    for (; line > 1; line--) {
        const char *end = rest.length ? memchr(rest.data, '\n', rest.length) : NULL;
        if (!end)
            return slice_make(NULL, 0);
        rest = slice_cut(rest, (size_t)(end - rest.data) + 1, rest.length);
    }
    const char *end = rest.length ? memchr(rest.data, '\n', rest.length) : NULL;
    if (end)
        rest.length = (size_t)(end - rest.data);
    if (rest.length && rest.data[rest.length - 1] == '\r')
        rest.length--;
    return rest;
}

/* A line that may hold a password is not shown, whatever is wrong with it. */
static bool may_hold_secret(struct slice line)
{
    static const char *const words[] = {"pwd", "password"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i]);
        for (size_t at = 0; at + length <= line.length; at++)
            if (strncasecmp(line.data + at, words[i], length) == 0)
                return true;
    }
    return false;
}

/* A long line is shown from a little before the caret. */
enum { CONTEXT_CHARACTERS = 24 };

/* As much as fits. What is no character, or would do something to a terminal, becomes U+FFFD. */
static void copy_excerpt(struct slice line, char *excerpt, size_t capacity)
{
    enum { CHARACTER_BYTES = 4 };
    size_t length = 0;
    for (size_t position = 0; position < line.length && length + CHARACTER_BYTES < capacity;) {
        uint32_t code_point = text_next(line, &position);
        bool is_control = (code_point < ' ' && code_point != '\t') || code_point == 0x7F;
        length += text_encode(is_control ? 0xFFFD : code_point, excerpt + length);
    }
    excerpt[length] = '\0';
}

bool document_mark_error(const struct document *document, uint64_t line, uint64_t column,
                         struct error *error)
{
    struct slice text = document_line(document, line);
    error_place(error, document->path, line, column);
    if (may_hold_secret(text))
        return false;
    if (text.length >= sizeof(error->excerpt) && column > CONTEXT_CHARACTERS) {
        error->excerpt_skipped = column - CONTEXT_CHARACTERS;
        text = slice_cut(text, text_prefix(text, error->excerpt_skipped).length, text.length);
    }
    copy_excerpt(text, error->excerpt, sizeof(error->excerpt));
    return false;
}

enum node_kind node_kind(const struct node *node)
{
    return node->kind;
}

uint64_t node_line(const struct node *node)
{
    return node->line;
}

uint64_t node_column(const struct node *node)
{
    return node->column;
}

const char *node_file(const struct node *node)
{
    return node->document->path;
}

size_t node_count(const struct node *node)
{
    return node->count;
}

const struct node *node_item(const struct node *node, size_t index)
{
    return node->kind == NODE_SEQUENCE && index < node->count ? node->items[index] : NULL;
}

const struct node *node_key(const struct node *node, size_t index)
{
    return node->kind == NODE_MAPPING && index < node->count ? node->keys[index] : NULL;
}

const struct node *node_value(const struct node *node, size_t index)
{
    return node->kind == NODE_MAPPING && index < node->count ? node->items[index] : NULL;
}

const struct node *node_find(const struct node *node, const char *key)
{
    struct slice wanted = slice_of(key);
    for (size_t i = 0; node->kind == NODE_MAPPING && i < node->count; i++)
        if (slice_equal(node->keys[i]->text, wanted))
            return node->items[i];
    return NULL;
}

struct slice node_slice(const struct node *node)
{
    return node->text;
}

const char *node_text(const struct node *node)
{
    return node->text.data;
}

/* ---- errors ---- */

__attribute__((format(printf, 2, 0))) static void set_message(struct error *error,
                                                              const char *format, va_list arguments)
{
    char message[sizeof(error->message)];
    vsnprintf(message, sizeof(message), format, arguments);
    error_set(error, EXIT_CONFIGURATION, "%s", message);
}

bool node_error(const struct node *node, struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_message(error, format, arguments);
    va_end(arguments);
    return document_mark_error(node->document, node->line, node->column, error);
}

/* Characters of the source that make the character at *position of a double-quoted text. */
static size_t escape_width(struct slice source, size_t *position)
{
    uint32_t code_point = text_next(source, position);
    if (code_point != '\\')
        return 1;
    uint32_t kind = text_next(source, position);
    size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    *position += digits;
    return 2 + digits;
}

/* The column of character `offset` of a text that is written in one line. */
static uint64_t inline_column(const struct node *node, size_t offset)
{
    if (node->style == SCALAR_PLAIN)
        return node->column + offset;
    struct slice line = document_line(node->document, node->line);
    size_t position = text_prefix(line, node->column).length; /* behind the opening quote */
    uint64_t column = node->column + 1;
    for (size_t i = 0; i < offset && position < line.length; i++) {
        if (node->style == SCALAR_DOUBLE) {
            column += escape_width(line, &position);
            continue;
        }
        /* Within single quotes only the quote itself is doubled. */
        column += text_next(line, &position) == '\'' ? 2 : 1;
        if (line.data[position - 1] == '\'')
            position++;
    }
    return column;
}

static size_t line_indentation(struct slice line)
{
    size_t spaces = 0;
    while (spaces < line.length && line.data[spaces] == ' ')
        spaces++;
    return spaces;
}

/* The place of character `offset` of a literal block (|), whose lines follow its indicator. */
static void literal_place(const struct node *node, size_t offset, uint64_t *line, uint64_t *column)
{
    struct slice before = text_prefix(node->text, offset);
    const struct document *document = node->document;
    uint64_t filled = node->text_line;
    while (document_line(document, filled).data &&
           slice_is_empty(slice_trim(document_line(document, filled))))
        filled++;
    size_t indentation = line_indentation(document_line(document, filled));
    *line = node->text_line;
    for (size_t i = 0; i < before.length; i++)
        *line += before.data[i] == '\n';
    const char *newline = before.length ? memrchr(before.data, '\n', before.length) : NULL;
    size_t start = newline ? (size_t)(newline - before.data) + 1 : 0;
    *column = indentation + text_length(slice_cut(before, start, before.length)) + 1;
}

bool node_error_at(const struct node *node, size_t offset, struct error *error, const char *format,
                   ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_message(error, format, arguments);
    va_end(arguments);
    uint64_t line = node->line;
    uint64_t column = node->column;
    size_t length = text_length(node->text);
    offset = offset < length ? offset : length;
    if (node->style == SCALAR_LITERAL)
        literal_place(node, offset, &line, &column);
    else if (node->kind == NODE_SCALAR && node->style != SCALAR_FOLDED)
        column = inline_column(node, offset);
    return document_mark_error(node->document, line, column, error);
}
