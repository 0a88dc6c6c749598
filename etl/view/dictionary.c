/*
 *   -- What the table holds.            ──► the table's comment
 *   CREATE TABLE name (
 *       column TEXT NOT NULL, -- what   ──► the column's comment
 *                             -- it is
 *       PRIMARY KEY (column)            ──► the key
 *   );
 */
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/view_dictionary.h"
#include "view/ahp_table.h"
#include "view/dictionary_table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_FILE_BYTES_MAX = 1 << 20 };

static const char parameter_sql[] =
    "-- What the SQL files leave to the group (view.yaml); as_of and run_id are the run's.\n"
    "CREATE TABLE parameter (\n"
    "    name TEXT NOT NULL, -- of a list each value is a row\n"
    "    value               -- a number or a text\n"
    ");\n";

struct dictionary_reader {
    struct arena *arena;
    struct dictionary *dictionary;
    size_t table_capacity;
    size_t column_capacity;
    const char *file;
    struct buffer comment; /* above the statement that may come */
    bool in_table;
};

static struct slice trimmed(struct slice line)
{
    while (line.length > 0 && isspace((unsigned char)line.data[0]))
        line = slice_cut(line, 1, line.length);
    while (line.length > 0 && isspace((unsigned char)line.data[line.length - 1]))
        line = slice_cut(line, 0, line.length - 1);
    return line;
}

static bool begins(struct slice line, const char *with)
{
    size_t length = strlen(with);
    return line.length >= length && memcmp(line.data, with, length) == 0;
}

/* The word at the line's start: letters, digits, underscores. */
static struct slice first_word(struct slice line)
{
    size_t end = 0;
    while (end < line.length && (isalnum((unsigned char)line.data[end]) || line.data[end] == '_'))
        end++;
    return slice_cut(line, 0, end);
}

static struct dictionary_table *last_table(const struct dictionary_reader *reader)
{
    return &reader->dictionary->tables[reader->dictionary->table_count - 1];
}

/* A line of a list ("word: what it means") stands for itself, other lines go on. */
static void append_line(struct buffer *text, struct slice line)
{
    struct slice word = first_word(line);
    bool is_item = word.length > 0 && word.length < line.length && line.data[word.length] == ':';
    bool goes_on = text->length > 0 && text->data[text->length - 1] != '\n';
    if (goes_on)
        buffer_append_text(text, line.length == 0 ? "\n\n" : is_item ? "\n" : " ");
    buffer_append(text, line);
}

static void add_comment(struct dictionary_reader *reader, struct slice comment)
{
    struct dictionary_table *table = last_table(reader);
    if (table->column_count == 0)
        return;
    struct dictionary_column *column = &table->columns[table->column_count - 1];
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, column->comment);
    append_line(&text, trimmed(comment));
    column->comment = arena_text(reader->arena, buffer_slice(&text));
    buffer_release(&text);
}

/* What stands between the first parentheses. */
static const char *in_parentheses(struct arena *arena, struct slice line)
{
    const char *open = memchr(line.data, '(', line.length);
    const char *close = open ? memchr(open, ')', line.length - (size_t)(open - line.data)) : NULL;
    if (!close)
        return "";
    return arena_text(arena, (struct slice){open + 1, (size_t)(close - open - 1)});
}

static void add_column(struct dictionary_reader *reader, struct slice line)
{
    struct dictionary_table *table = last_table(reader);
    struct slice name = first_word(line);
    struct slice rest = trimmed(slice_cut(line, name.length, line.length));
    table->columns = memory_grow(table->columns, &reader->column_capacity, table->column_count + 1,
                                 sizeof(*table->columns));
    table->columns[table->column_count++] = (struct dictionary_column){
        arena_text(reader->arena, name), arena_text(reader->arena, first_word(rest)), ""};
    for (size_t i = 0; i + 11 <= rest.length; i++)
        if (memcmp(rest.data + i, "PRIMARY KEY", 11) == 0)
            table->key = table->columns[table->column_count - 1].name;
}

/* The columns move into the arena when the table is whole. */
static void end_table(struct dictionary_reader *reader)
{
    struct dictionary_table *table = last_table(reader);
    struct dictionary_column *columns = table->columns;
    table->columns = arena_allocate_array(reader->arena, table->column_count + 1, sizeof(*columns));
    if (table->column_count > 0)
        memcpy(table->columns, columns, table->column_count * sizeof(*columns));
    memory_free(columns);
    reader->column_capacity = 0;
    reader->in_table = false;
}

static void read_table_line(struct dictionary_reader *reader, struct slice line)
{
    size_t comment = 0;
    while (comment + 2 <= line.length && memcmp(line.data + comment, "--", 2) != 0)
        comment++;
    bool has_comment = comment + 2 <= line.length;
    struct slice code = has_comment ? trimmed(slice_cut(line, 0, comment)) : line;
    if (begins(code, ")")) {
        end_table(reader);
        return;
    }
    if (begins(code, "PRIMARY KEY"))
        last_table(reader)->key = in_parentheses(reader->arena, code);
    else if (first_word(code).length > 0)
        add_column(reader, code);
    if (has_comment)
        add_comment(reader, slice_cut(line, comment + 2, line.length));
}

static void begin_table(struct dictionary_reader *reader, struct slice name)
{
    struct dictionary *dictionary = reader->dictionary;
    if (begins(name, "work_"))
        return;
    dictionary->tables = memory_grow(dictionary->tables, &reader->table_capacity,
                                     dictionary->table_count + 1, sizeof(*dictionary->tables));
    dictionary->tables[dictionary->table_count++] = (struct dictionary_table){
        .name = arena_text(reader->arena, name),
        .file = reader->file,
        .comment = arena_text(reader->arena, buffer_slice(&reader->comment)),
        .key = "",
    };
    reader->in_table = true;
}

/* CREATE UNIQUE INDEX name ON table (columns); */
static void read_unique_index(struct dictionary_reader *reader, struct slice line)
{
    static const char on[] = " ON ";
    for (size_t i = 0; i + 4 <= line.length; i++) {
        if (memcmp(line.data + i, on, 4) != 0)
            continue;
        struct slice table = first_word(slice_cut(line, i + 4, line.length));
        for (size_t t = 0; t < reader->dictionary->table_count; t++) {
            struct dictionary_table *found = &reader->dictionary->tables[t];
            if (slice_equal(slice_of(found->name), table) && !found->key[0])
                found->key = in_parentheses(reader->arena, line);
        }
        return;
    }
}

static bool is_for_the_program(struct slice comment)
{
    return begins(comment, "touched:") || begins(comment, "full builds only") ||
           begins(comment, "nights only");
}

static void read_line(struct dictionary_reader *reader, struct slice whole)
{
    static const char create[] = "CREATE TABLE ";
    struct slice line = trimmed(whole);
    if (reader->in_table) {
        read_table_line(reader, line);
        return;
    }
    if (begins(line, "--")) {
        struct slice comment = trimmed(slice_cut(line, 2, line.length));
        if (!is_for_the_program(comment))
            append_line(&reader->comment, comment);
        return;
    }
    if (begins(line, create))
        begin_table(reader, first_word(slice_cut(line, strlen(create), line.length)));
    else if (begins(line, "CREATE UNIQUE INDEX "))
        read_unique_index(reader, line);
    buffer_clear(&reader->comment);
}

static void read_sql(struct dictionary_reader *reader, const char *file, struct slice sql)
{
    reader->file = file;
    buffer_clear(&reader->comment);
    buffer_append_text(&reader->comment, "");
    for (size_t start = 0; start < sql.length;) {
        size_t end = start;
        while (end < sql.length && sql.data[end] != '\n')
            end++;
        read_line(reader, slice_cut(sql, start, end));
        start = end + 1;
    }
    if (reader->in_table)
        end_table(reader);
}

static int compare_tables(const void *a, const void *b)
{
    const struct dictionary_table *first = a;
    const struct dictionary_table *second = b;
    return strcmp(first->name, second->name);
}

static bool read_files(struct dictionary_reader *reader, const char *folder, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    if (!file_glob(reader->arena, file_join(reader->arena, folder, "[0-9]*.sql"), &paths, &count,
                   error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice sql;
        if (!file_read(reader->arena, paths[i], SQL_FILE_BYTES_MAX, &sql, error))
            return false;
        read_sql(reader, file_name(paths[i]), sql);
    }
    read_sql(reader, "", slice_of(parameter_sql));
    read_sql(reader, "", slice_of(ahp_table_sql));
    read_sql(reader, "", slice_of(dictionary_table_sql));
    return true;
}

/* A column without a meaning of its own has that of columns.sql, if it stands there. */
static void take_common(struct dictionary_table *table, const struct dictionary_table *common)
{
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t c = 0; c < common->column_count && !table->columns[i].comment[0]; c++)
            if (strcmp(table->columns[i].name, common->columns[c].name) == 0)
                table->columns[i].comment = common->columns[c].comment;
}

static bool read_common(struct dictionary_reader *reader, const char *folder, struct error *error)
{
    struct slice sql;
    struct dictionary *dictionary = reader->dictionary;
    const char *path = file_join(reader->arena, folder, DICTIONARY_COLUMNS_FILE);
    if (!file_exists(path))
        return true;
    if (!file_read(reader->arena, path, SQL_FILE_BYTES_MAX, &sql, error))
        return false;
    size_t before = dictionary->table_count;
    read_sql(reader, DICTIONARY_COLUMNS_FILE, sql);
    for (size_t c = before; c < dictionary->table_count; c++)
        for (size_t t = 0; t < before; t++)
            take_common(&dictionary->tables[t], &dictionary->tables[c]);
    dictionary->table_count = before;
    return true;
}

bool dictionary_read(struct arena *arena, const char *folder, struct dictionary *dictionary,
                     struct error *error)
{
    struct dictionary_reader reader = {.arena = arena, .dictionary = dictionary};
    *dictionary = (struct dictionary){NULL, 0};
    bool read = read_files(&reader, folder, error) && read_common(&reader, folder, error);
    struct dictionary_table *tables = dictionary->tables;
    size_t count = dictionary->table_count;
    dictionary->tables = arena_allocate_array(arena, count + 1, sizeof(*tables));
    if (count > 0) {
        memcpy(dictionary->tables, tables, count * sizeof(*tables));
        qsort(dictionary->tables, count, sizeof(*tables), compare_tables);
    }
    memory_free(tables);
    buffer_release(&reader.comment);
    return read;
}
