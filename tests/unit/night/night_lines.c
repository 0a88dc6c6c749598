#include "cust360/base/memory.h"
#include "night.h"

void lines_add(struct night_lines *lines, const char *text, size_t length)
{
    lines->items =
        memory_grow(lines->items, &lines->capacity, lines->count + 1, sizeof(*lines->items));
    char *copy = memory_allocate(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    lines->items[lines->count++] = copy;
}

void lines_free(struct night_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        memory_free(lines->items[i]);
    memory_free(lines->items);
    *lines = (struct night_lines){0};
}

void lines_copy(struct night_lines *to, const struct night_lines *from)
{
    lines_free(to);
    for (size_t i = 0; i < from->count; i++)
        lines_add(to, from->items[i], strlen(from->items[i]));
}

void lines_drop(struct night_lines *lines, size_t row)
{
    memory_free(lines->items[row]);
    memmove(&lines->items[row], &lines->items[row + 1],
            (lines->count - row - 1) * sizeof(lines->items[0]));
    lines->count--;
}

size_t night_split(const char *line, struct slice *fields)
{
    size_t count = 0;
    const char *at = line;
    for (; count < NIGHT_FIELDS_MAX; count++) {
        size_t length = strcspn(at, ",");
        fields[count] = slice_make(at, length);
        at += length;
        if (!*at)
            break;
        at++;
    }
    return count + 1;
}

struct slice night_key(const char *line)
{
    return slice_make(line, strcspn(line, ","));
}

bool night_set(const char *line, size_t field, struct slice value, struct buffer *text)
{
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    if (strchr(line, '"'))
        return false;
    size_t count = night_split(line, fields);
    if (field >= count)
        return false;
    buffer_clear(text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(text, ',');
        buffer_append(text, i == field ? value : fields[i]);
    }
    return true;
}

size_t night_row(struct nights *nights, const struct night_lines *lines)
{
    return lines->count > 1 ? 1 + night_draw(nights, lines->count - 1) : 0;
}
