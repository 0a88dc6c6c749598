#include "publish/comment.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/text.h"

#include <ctype.h>
#include <string.h>

/* MariaDB takes 1024 characters for a column and 2048 for a table. */
enum { COMMENT_BYTES_MAX = 1000 };

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

/* ---- the dictionary ---- */

static const char *take_meaning(struct arena *arena, struct slice meaning)
{
    size_t end = meaning.length < COMMENT_BYTES_MAX ? meaning.length : COMMENT_BYTES_MAX;
    /* Never in the midst of a character. */
    while (end < meaning.length && end > 0 && ((unsigned char)meaning.data[end] & 0xC0) == 0x80)
        end--;
    return arena_text(arena, slice_cut(meaning, 0, end));
}

static void put_meaning(struct arena *arena, struct shape *shape, struct statement *row)
{
    struct slice name = statement_text(row, 0);
    const char *meaning = take_meaning(arena, statement_text(row, 1));
    if (name.length == 0)
        shape->comment = meaning;
    for (size_t i = 0; i < shape->column_count; i++)
        if (slice_equal(name, slice_of(shape->columns[i].name)))
            shape->columns[i].comment = meaning;
}

bool comment_from_dictionary(struct arena *arena, struct database *view, struct shape *shape,
                             struct error *error)
{
    static const char columns[] = "SELECT count(*) FROM pragma_table_info('dictionary')"
                                  " WHERE name IN ('table_name', 'column_name', 'meaning')";
    int64_t found = 0;
    if (!database_integer(view, columns, 0, &found, error))
        return false;
    if (found < 3)
        return true;
    struct statement *rows = statement_prepare(view,
                                               "SELECT column_name, meaning FROM dictionary"
                                               " WHERE table_name = ?1 AND meaning <> ''",
                                               error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(shape->name));
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        put_meaning(arena, shape, rows);
    statement_destroy(rows);
    return outcome == ENDED;
}
