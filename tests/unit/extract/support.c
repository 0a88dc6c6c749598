#include "support.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TABLES_MAX = 4, COLUMNS_MAX = 64 };

struct feed *feed_create(enum source_kind kind)
{
    struct arena *arena = arena_create();
    struct feed *feed = arena_allocate(arena, sizeof(*feed));
    const char *base = getenv("TMPDIR");
    feed->arena = arena;
    feed->folder = arena_format(arena, "%s/cust360-extract-XXXXXX", base ? base : "/tmp");
    cr_assert_not_null(mkdtemp(feed->folder));
    feed->mapping.path = "mappings/dms/test.yaml";
    feed->mapping.name = "test";
    feed->mapping.kind = kind;
    feed->mapping.encoding = "auto";
    feed->mapping.csv = (struct csv_dialect){.delimiter = ',', .quote = '"', .header = true};
    feed->mapping.tables = arena_allocate_array(arena, TABLES_MAX, sizeof(struct mapping_table));
    feed->source.id = "D01";
    feed->source.path = "";
    feed->source.name = "";
    feed->source.mapping = &feed->mapping;
    return feed;
}

void feed_destroy(struct feed *feed)
{
    DIR *folder = opendir(feed->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            file_remove(file_join(feed->arena, feed->folder, entry->d_name));
    if (folder)
        closedir(folder);
    rmdir(feed->folder);
    arena_destroy(feed->arena);
}

struct mapping_table *feed_add_table(struct feed *feed, const char *columns)
{
    struct mapping_table *table = &feed->mapping.tables[feed->mapping.table_count++];
    table->name = arena_format(feed->arena, "table%zu", feed->mapping.table_count);
    table->columns = arena_allocate_array(feed->arena, COLUMNS_MAX, sizeof(struct mapping_column));
    while (*columns) {
        size_t length = strcspn(columns, " ");
        struct mapping_column *column = &table->columns[table->column_count++];
        column->required = columns[length - 1] == '!';
        column->expression =
            arena_text(feed->arena, slice_make(columns, length - column->required));
        column->line = 10 + table->column_count;
        column->column = 5;
        columns += length + (columns[length] == ' ');
    }
    return table;
}

const char *feed_write(struct feed *feed, const char *name, struct slice content)
{
    char *path = file_join(feed->arena, feed->folder, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(content.data, 1, content.length, file), content.length);
    fclose(file);
    if (!feed->source.path[0]) {
        feed->source.path = path;
        feed->source.name = arena_format(feed->arena, "%s", name);
    }
    return path;
}

static void take_row(struct reading *reading, const struct feed *feed, enum outcome outcome,
                     const struct row *row)
{
    if (feed->mapping.table_count > 1)
        buffer_format(&reading->rows, "%zu:", row->table);
    size_t count = feed->mapping.tables[row->table].column_count;
    if (outcome == REJECTED) {
        buffer_format(&reading->rows, "!%s", row->reject_code);
        buffer_format(&reading->reasons, "%s\n", row->reject_reason);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (row->values[i].data)
            buffer_format(&reading->rows, "<%.*s>", SLICE_ARGUMENTS(row->values[i]));
        else
            buffer_append_text(&reading->rows, "~");
    }
    for (size_t i = 0; i < row->extra_count; i++)
        buffer_format(&reading->rows, "+%.*s", SLICE_ARGUMENTS(row->extra[i]));
    buffer_append_byte(&reading->rows, '\n');
    buffer_format(&reading->places, "%llu:%llu+%llu ",
                  (unsigned long long)(row->place.line + reading->lines_before),
                  (unsigned long long)row->place.byte_offset,
                  (unsigned long long)row->place.byte_length);
}

static void take_rows(struct reading *reading, struct feed *feed, struct row_reader *reader)
{
    struct row row;
    enum outcome outcome;
    struct error error;
    while ((outcome = row_reader_next(reader, &row, &reading->error)) != ENDED) {
        if (outcome == FAILED) {
            buffer_append_text(&reading->rows, "FAILED\n");
            break;
        }
        take_row(reading, feed, outcome, &row);
        cr_assert(row_reader_raw(reader, &row, &reading->raw, &error));
    }
}

static void take_end(struct reading *reading, struct row_reader *reader)
{
    struct error error;
    cr_assert(row_reader_heading(reader, 0, &reading->heading, &error));
    for (size_t i = 0; i < reader->notice_count; i++)
        buffer_format(&reading->notices, "%s: %s\n", reader->notices[i].code,
                      reader->notices[i].text);
    reading->rows_read = reader->rows_read;
}

static void reading_begin(struct reading *reading)
{
    memset(reading, 0, sizeof(*reading));
    struct buffer *const buffers[] = {&reading->rows,    &reading->raw,     &reading->places,
                                      &reading->notices, &reading->reasons, &reading->heading};
    for (size_t i = 0; i < sizeof(buffers) / sizeof(*buffers); i++)
        buffer_append_text(buffers[i], "");
}

struct reading feed_read(struct feed *feed)
{
    struct reading reading;
    reading_begin(&reading);
    struct row_reader *reader = row_reader_open(&feed->source, &reading.error);
    if (reader) {
        take_rows(&reading, feed, reader);
        take_end(&reading, reader);
    } else {
        buffer_append_text(&reading.rows, "FAILED\n");
    }
    row_reader_close(reader);
    return reading;
}

static void join_part(struct reading *reading, struct feed *feed, struct row_reader *whole,
                      struct row_reader *part)
{
    reading->lines_before = whole->lines_before;
    take_rows(reading, feed, part);
    if (!row_reader_join(whole, part, &reading->error))
        buffer_append_text(&reading->rows, "FAILED\n");
}

struct reading feed_read_in_parts(struct feed *feed, size_t part_bytes, size_t *parts)
{
    struct reading reading;
    reading_begin(&reading);
    struct row_reader *whole = row_reader_open(&feed->source, &reading.error);
    *parts = whole ? row_reader_cut(whole, part_bytes, &reading.error) : 0;
    if (*parts == 1)
        take_rows(&reading, feed, whole);
    struct row_reader **readers = memory_allocate_array(*parts + 1, sizeof(struct row_reader *));
    for (size_t i = *parts > 1 ? *parts : 0; i-- > 0;)
        cr_assert_not_null(readers[i] = row_reader_open_part(whole, i, &reading.error));
    for (size_t i = 0; *parts > 1 && i < *parts; i++)
        if (i == whole->next_part && !reading.error.exit_code)
            join_part(&reading, feed, whole, readers[i]);
    if (whole)
        take_end(&reading, whole);
    for (size_t i = 0; i < *parts; i++)
        row_reader_close(readers[i]);
    memory_free(readers);
    row_reader_close(whole);
    return reading;
}

void reading_destroy(struct reading *reading)
{
    buffer_release(&reading->rows);
    buffer_release(&reading->raw);
    buffer_release(&reading->places);
    buffer_release(&reading->notices);
    buffer_release(&reading->reasons);
    buffer_release(&reading->heading);
}

struct slice to_encoding(struct arena *arena, const char *encoding, struct slice text)
{
    iconv_t library = iconv_open(encoding, "UTF-8");
    cr_assert_neq(library, (iconv_t)-1);
    size_t room = text.length * 4 + 16;
    char *bytes = arena_allocate_bytes(arena, room);
    struct slice copy = arena_copy(arena, text);
    char *in = arena_text(arena, copy);
    char *out = bytes;
    size_t left = text.length;
    cr_assert_eq(iconv(library, &in, &left, &out, &room), 0u, "to %s", encoding);
    cr_assert_eq(iconv(library, NULL, NULL, &out, &room), 0u);
    iconv_close(library);
    return slice_make(bytes, (size_t)(out - bytes));
}

void expect_text(const struct buffer *found, const char *expected, const char *what)
{
    cr_assert_str_eq(found->data, expected, "%s: found\n%s\nexpected\n%s", what, found->data,
                     expected);
}

void expect_hint(const struct error *error, const char *part)
{
    cr_assert_not_null(strstr(error->hint, part), "hint: %s", error->hint);
}
