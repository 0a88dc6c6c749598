#include "extract/reader.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdarg.h>

typedef struct row_reader *open_reader(const struct source *source, struct error *error);

static open_reader *const KINDS[] = {
    [SOURCE_CSV] = csv_reader_open,
    [SOURCE_XML] = xml_reader_open,
    [SOURCE_ODBC] = odbc_reader_open,
    [SOURCE_LINES] = lines_reader_open,
};

struct row_reader *row_reader_open(const struct source *source, struct error *error)
{
    if (source->missing.exit_code) {
        *error = source->missing;
        error_source(error, source->id);
        return NULL;
    }
    struct row_reader *reader = KINDS[source->mapping->kind](source, error);
    if (!reader)
        error_source(error, source->id);
    return reader;
}

bool row_reader_heading(struct row_reader *reader, size_t table, struct buffer *bytes,
                        struct error *error)
{
    (void)error;
    buffer_append(bytes, reader->headings[table]);
    return true;
}

void row_reader_begin(struct row_reader *reader, const struct row_reader_operations *operations,
                      const struct source *source)
{
    reader->operations = operations;
    reader->source = source;
    reader->arena = arena_create();
    reader->headings = arena_allocate_array(reader->arena, source->mapping->table_count,
                                            sizeof(*reader->headings));
}

void row_reader_end(struct row_reader *reader)
{
    arena_destroy(reader->arena);
    memory_free(reader->notices);
    memory_free(reader);
}

enum outcome row_reader_fail(const struct row_reader *reader, struct error *error)
{
    error_source(error, reader->source->id);
    return FAILED;
}

void notice_add(struct row_reader *reader, const char *code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_list(reader->arena, format, arguments);
    va_end(arguments);
    text_make_showable(text);
    reader->notices = memory_grow(reader->notices, &reader->notice_capacity,
                                  reader->notice_count + 1, sizeof(struct notice));
    reader->notices[reader->notice_count++] = (struct notice){code, text};
}

/* {source} in a table's file name stands for the source's id. */
static char *fill_name(struct arena *arena, const char *pattern, const char *source_id)
{
    static const struct slice place = {"{source}", 8};
    struct buffer name = BUFFER_EMPTY;
    struct slice rest = slice_of(pattern);
    for (ptrdiff_t at; (at = slice_find(rest, place)) >= 0;) {
        buffer_append(&name, slice_cut(rest, 0, (size_t)at));
        buffer_append_text(&name, source_id);
        rest = slice_cut(rest, (size_t)at + place.length, rest.length);
    }
    buffer_append(&name, rest);
    char *filled = arena_text(arena, buffer_slice(&name));
    buffer_release(&name);
    return filled;
}

struct table_file table_file(struct row_reader *reader, const struct mapping_table *table)
{
    const struct source *source = reader->source;
    struct arena *arena = reader->arena;
    struct table_file file = {source->path, source->name ? source->name : source->path};
    if (!table->file)
        return file;
    const char *name = fill_name(arena, table->file, source->id);
    return (struct table_file){file_join(arena, file_folder(arena, file.path), name),
                               file_join(arena, file_folder(arena, file.name), name)};
}

const char *row_reader_path(struct row_reader *reader, size_t table)
{
    const struct mapping *mapping = reader->source->mapping;
    if (mapping->kind != SOURCE_CSV && mapping->kind != SOURCE_LINES)
        return NULL;
    return table_file(reader, &mapping->tables[table]).path;
}

static bool mentions_sqlite(const char *connection)
{
    return connection && strcasestr(connection, "sqlite");
}

static void add_path(const char **paths, size_t *count, const char *path)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(paths[i], path) == 0)
            return;
    paths[(*count)++] = path;
}

size_t source_files(const struct source *source, struct arena *arena, const char ***paths)
{
    enum { DATABASE_FILES = 3 };
    const struct mapping *mapping = source->mapping;
    size_t count = 0;
    *paths = arena_allocate_array(arena, mapping->table_count + DATABASE_FILES, sizeof(**paths));
    if (!source->path || !source->path[0])
        return 0;
    if (mapping->kind == SOURCE_ODBC) {
        if (!mentions_sqlite(source->connection) || !strstr(source->connection, source->path))
            return 0;
        add_path(*paths, &count, source->path);
        add_path(*paths, &count, arena_format(arena, "%s-wal", source->path));
        add_path(*paths, &count, arena_format(arena, "%s-journal", source->path));
        return count;
    }
    for (size_t i = 0; i < mapping->table_count; i++) {
        const char *file = mapping->tables[i].file;
        add_path(*paths, &count,
                 file ? file_join(arena, file_folder(arena, source->path),
                                  fill_name(arena, file, source->id))
                      : source->path);
    }
    return count;
}

const char *source_encoding(const struct source *source)
{
    const char *encoding = source->encoding ? source->encoding : source->mapping->encoding;
    return encoding ? encoding : "auto";
}
