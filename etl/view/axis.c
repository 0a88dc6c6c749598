#include "view/axis.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "view/lane.h"

#include <stdio.h>
#include <string.h>

/* ---- the line that says it ---- */

static const char touched_mark[] = "-- touched:";
static const char full_mark[] = "-- full builds only";
static const char nights_mark[] = "-- nights only";

static bool is_name_byte(char byte)
{
    return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

static bool refuse(const struct view_file *file, uint64_t line, struct error *error)
{
    error_set(error, EXIT_CONFIGURATION, "could not understand the line \"-- touched: …\"");
    error_place(error, file->path, line, 0);
    return error_hint(error, "it lists tables with the column that tells whose a row is, such as "
                             "-- touched: contact_point.golden_id");
}

static struct slice take_name(struct slice text, size_t *position)
{
    size_t start = *position;
    while (*position < text.length && is_name_byte(text.data[*position]))
        ++*position;
    return slice_cut(text, start, *position);
}

/* "table.column, table" */
static bool read_axes(struct arena *arena, struct view_file *file, struct slice list)
{
    enum { AXES_MAX = 16 };
    size_t position = 0;
    file->axes = arena_allocate_array(arena, AXES_MAX, sizeof(*file->axes));
    file->axis_count = 0;
    while (position < list.length) {
        while (position < list.length && strchr(" ,\r", list.data[position]))
            position++;
        if (position == list.length)
            break;
        struct slice table = take_name(list, &position);
        struct slice column = {NULL, 0};
        if (position < list.length && list.data[position] == '.') {
            position++;
            column = take_name(list, &position);
            if (!column.length)
                return false;
        }
        if (!table.length || file->axis_count == AXES_MAX)
            return false;
        file->axes[file->axis_count++] = (struct axis){
            arena_text(arena, table), column.length ? arena_text(arena, column) : NULL};
    }
    return file->axis_count > 0;
}

static struct slice take_line(struct slice text, size_t start)
{
    const char *end = memchr(text.data + start, '\n', text.length - start);
    return slice_cut(text, start, end ? (size_t)(end - text.data) : text.length);
}

static bool begins_with(struct slice line, const char *mark)
{
    return line.length >= strlen(mark) && memcmp(line.data, mark, strlen(mark)) == 0;
}

bool axis_read(struct arena *arena, struct view_file *file, struct error *error)
{
    uint64_t line_number = 1;
    file->refresh = REFRESH_ANEW;
    for (size_t start = 0; start < file->sql.length; line_number++) {
        struct slice line = take_line(file->sql, start);
        if (!begins_with(line, "--"))
            break;
        if (begins_with(line, full_mark)) {
            file->refresh = REFRESH_NOT;
        } else if (begins_with(line, nights_mark)) {
            file->refresh = REFRESH_ONLY;
        } else if (begins_with(line, touched_mark)) {
            file->refresh = REFRESH_TOUCHED;
            if (!read_axes(arena, file, slice_cut(line, strlen(touched_mark), line.length)))
                return refuse(file, line_number, error);
        }
        start += line.length + 1;
    }
    return true;
}

/* ---- its statements ---- */

/* Where the statement that begins at `start` ends, behind its semicolon. */
static size_t statement_end(struct slice sql, size_t start)
{
    size_t i = start;
    while (i < sql.length && sql.data[i] != ';') {
        char byte = sql.data[i];
        if (byte == '\'' || byte == '"') {
            const char *close = memchr(sql.data + i + 1, byte, sql.length - i - 1);
            i = close ? (size_t)(close - sql.data) + 1 : sql.length;
        } else if (byte == '-' && i + 1 < sql.length && sql.data[i + 1] == '-') {
            i += take_line(sql, i).length;
        } else {
            i++;
        }
    }
    return i < sql.length ? i + 1 : sql.length;
}

/* Where its first word is, behind blanks and comments. */
static size_t first_word(struct slice sql, size_t start, size_t end)
{
    while (start < end) {
        if (strchr(" \n\r\t", sql.data[start]))
            start++;
        else if (sql.data[start] == '-' && start + 1 < end && sql.data[start + 1] == '-')
            start += take_line(sql, start).length;
        else
            break;
    }
    return start;
}

/* Takes a word in capitals, and the blanks behind it. */
static bool take_word(struct slice sql, size_t *position, const char *word)
{
    size_t length = strlen(word);
    if (*position + length > sql.length || memcmp(sql.data + *position, word, length) != 0)
        return false;
    *position += length;
    while (*position < sql.length && strchr(" \n\r\t", sql.data[*position]))
        ++*position;
    return true;
}

/* What a statement creates for good. */
struct creation {
    const char *type; /* TABLE, INDEX, VIEW, TRIGGER; NULL: it creates nothing that stays */
    struct slice name;
};

/* Whether the statement that begins at `word` makes the work table. */
static bool makes_work_table(struct slice sql, size_t word, struct slice table)
{
    if (!take_word(sql, &word, "CREATE ") || !take_word(sql, &word, "TEMP ") ||
        !take_word(sql, &word, "TABLE "))
        return false;
    take_word(sql, &word, "IF NOT EXISTS ");
    return slice_equal(take_name(sql, &word), table);
}

/* An index of a work table goes with it, though nothing in its own statement says so. */
static bool is_on_work_table(struct slice sql, size_t behind_name)
{
    while (behind_name < sql.length && strchr(" \n\r\t", sql.data[behind_name]))
        behind_name++;
    if (!take_word(sql, &behind_name, "ON "))
        return false;
    struct slice table = take_name(sql, &behind_name);
    for (size_t start = 0; start < sql.length;) {
        size_t end = statement_end(sql, start);
        if (makes_work_table(sql, first_word(sql, start, end), table))
            return true;
        start = end;
    }
    return false;
}

static struct creation find_creation(struct slice sql, size_t word)
{
    static const char *const types[] = {"TABLE", "INDEX", "VIEW", "TRIGGER"};
    struct creation nothing = {NULL, {NULL, 0}};
    if (!take_word(sql, &word, "CREATE "))
        return nothing;
    take_word(sql, &word, "UNIQUE ");
    take_word(sql, &word, "VIRTUAL ");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!take_word(sql, &word, types[i]))
            continue;
        take_word(sql, &word, "IF NOT EXISTS ");
        struct slice name = take_name(sql, &word);
        if (strcmp(types[i], "INDEX") == 0 && is_on_work_table(sql, word))
            return nothing;
        return (struct creation){types[i], name};
    }
    return nothing;
}

static void append_newlines(struct buffer *text, struct slice sql)
{
    for (size_t i = 0; i < sql.length; i++)
        if (sql.data[i] == '\n')
            buffer_append_byte(text, '\n');
}

static void append_statement(struct buffer *text, const struct view_file *file, size_t start,
                             size_t end)
{
    size_t word = first_word(file->sql, start, end);
    struct slice whole = slice_cut(file->sql, start, end);
    struct creation creation = find_creation(file->sql, word);
    /* The second lane's, which are read but not published. */
    bool is_work = creation.type && lane_has(file, "26") && begins_with(creation.name, "work_");
    if (!creation.type || (is_work && strcmp(creation.type, "TABLE") != 0)) {
        buffer_append(text, whole);
    } else if (is_work) {
        size_t behind = word + strlen("CREATE ");
        buffer_append(text, slice_cut(file->sql, start, behind));
        buffer_append_text(text, "TEMP ");
        buffer_append(text, slice_cut(file->sql, behind, end));
    } else if (file->refresh == REFRESH_TOUCHED) {
        append_newlines(text, whole);
    } else {
        buffer_append(text, slice_cut(file->sql, start, word));
        buffer_format(text, "DROP %s IF EXISTS main.\"%.*s\"; ", creation.type,
                      SLICE_ARGUMENTS(creation.name));
        buffer_append(text, slice_cut(file->sql, word, end));
    }
}

struct slice axis_refresh_sql(struct arena *arena, const struct view_file *file)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t start = 0; start < file->sql.length;) {
        size_t end = statement_end(file->sql, start);
        append_statement(&text, file, start, end);
        start = end;
    }
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return slice_of(copy);
}
