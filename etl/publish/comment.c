#include "publish/comment.h"
#include "cust360/base/buffer.h"

#include <ctype.h>

static struct slice take_line(const char **text)
{
    const char *from = *text;
    size_t length = strcspn(from, "\n");
    *text = from + length + (from[length] == '\n');
    return slice_trim(slice_make(from, length));
}

static bool is_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

/* Whether a line, with or without the quotes of the name, is the column's. */
static bool begins_with(struct slice line, const char *column)
{
    size_t quote = line.length && strchr("\"`[", line.data[0]) ? 1 : 0;
    struct slice name = slice_of(column);
    struct slice rest = slice_cut(line, quote, line.length);
    return slice_starts_with(rest, name) &&
           (rest.length == name.length || !is_word(rest.data[name.length]));
}

static struct slice comment_of(struct slice line)
{
    ptrdiff_t at = slice_find(line, SLICE("--"));
    return at < 0 ? SLICE("") : slice_trim(slice_cut(line, (size_t)at + 2, line.length));
}

const char *comment_find(struct arena *arena, const char *sql, const char *column)
{
    struct buffer comment = BUFFER_EMPTY;
    const char *rest = sql + strcspn(sql, "(");
    if (*rest)
        rest++;
    bool found = false;
    while (*rest) {
        struct slice line = take_line(&rest);
        bool goes_on = slice_starts_with(line, SLICE("--"));
        if (found && !goes_on)
            break;
        found = found || begins_with(line, column);
        struct slice text = comment_of(line);
        if (!found || text.length == 0)
            continue;
        buffer_append_text(&comment, comment.length ? " " : "");
        buffer_append(&comment, text);
    }
    const char *copy = comment.length ? arena_text(arena, buffer_slice(&comment)) : NULL;
    buffer_release(&comment);
    return copy;
}
