#include "cust360/base/buffer.h"
#include "cust360/base/csv.h"
#include "cust360/base/memory.h"
#include "cust360/base/odbc.h"
#include "cust360/base/text.h"
#include "extract/reader.h"
#include "extract/since.h"

#include <sys/stat.h>

/* A query a table, one after the other, over one connection. */
struct odbc_reader {
    struct row_reader base;
    struct odbc_connection *connection;
    size_t table;
    struct odbc_cursor *cursor; /* of the current table; NULL between two */
    struct binding binding;
    struct slice *values;
    struct slice *extra;
    size_t watermark;            /* the column of the current table's, or FIELD_NONE */
    const struct slice *current; /* all columns of the row */
    uint64_t row_number;         /* 1-based within the table */
};

static const struct mapping_table *current_table(const struct odbc_reader *reader)
{
    return &reader->base.source->mapping->tables[reader->table];
}

/* A server has no file: then it is the mapping that messages name. */
static const char *source_name(const struct odbc_reader *reader)
{
    const struct source *source = reader->base.source;
    return source->name && source->name[0] ? source->name : source->mapping->path;
}

static void append_line(struct buffer *bytes, const struct slice *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(bytes, ',');
        csv_append_field(bytes, fields[i], ',');
    }
    buffer_append_text(bytes, "\r\n");
}

static void keep_heading(struct odbc_reader *reader)
{
    struct buffer bytes = BUFFER_EMPTY;
    append_line(&bytes, odbc_column_names(reader->cursor), odbc_column_count(reader->cursor));
    reader->base.headings[reader->table] = arena_copy(reader->base.arena, buffer_slice(&bytes));
    buffer_release(&bytes);
}

/* The driver's word alone would not say which of the source's queries it was. */
static bool fail_table(const struct odbc_reader *reader, struct error *error)
{
    const struct source *source = reader->base.source;
    struct error cause = *error;
    const char *hint = cause.hint[0] ? cause.hint
                                     : arena_format(reader->base.arena, "the query stands in %s",
                                                    source->mapping->path);
    error_set(error, cause.exit_code, "table %s: %s", current_table(reader)->name, cause.message);
    error_place(error, source_name(reader), 0, 0);
    return error_hint(error, "%s", hint);
}

static bool find_watermark(struct odbc_reader *reader, struct error *error)
{
    const char *name = current_table(reader)->watermark;
    const struct slice *names = odbc_column_names(reader->cursor);
    size_t count = odbc_column_count(reader->cursor);
    reader->watermark = FIELD_NONE;
    if (!name)
        return true;
    if (!reader->base.watermarks)
        reader->base.watermarks = arena_allocate_array(
            reader->base.arena, reader->base.source->mapping->table_count, sizeof(const char *));
    for (size_t i = 0; i < count; i++)
        if (names[i].length == strlen(name) &&
            strncasecmp(names[i].data, name, names[i].length) == 0)
            reader->watermark = i;
    if (reader->watermark != FIELD_NONE)
        return true;
    error_set(error, EXIT_CONFIGURATION, "the query gives no column \"%s\", its watermark", name);
    return fail_table(reader, error);
}

/* The highest so far, of rows that cannot be used too: they need not come again. */
static void note_watermark(struct odbc_reader *reader)
{
    if (reader->watermark == FIELD_NONE)
        return;
    const char **highest = &reader->base.watermarks[reader->table];
    struct slice value = slice_trim(reader->current[reader->watermark]);
    if (since_is_watermark(value) && since_is_higher(value, *highest))
        *highest = arena_text(reader->base.arena, value);
}

static bool open_table(struct odbc_reader *reader, struct error *error)
{
    const struct mapping_table *table = current_table(reader);
    struct arena *arena = reader->base.arena;
    reader->row_number = 0;
    reader->binding = (struct binding){NULL, NULL, 0};
    if (!table->query) {
        error_set(error, EXIT_CONFIGURATION, "the table %s has no query", table->name);
        return error_place(error, reader->base.source->mapping->path, 0, 0);
    }
    const char **since = reader->base.source->since;
    const char *query = since_query(arena, table, since ? since[reader->table] : NULL);
    reader->cursor = odbc_query(reader->connection, query, error);
    if (!reader->cursor)
        return fail_table(reader, error);
    const char *name = arena_format(arena, "%s, table %s", source_name(reader), table->name);
    struct heading heading = {.file = name,
                              .names = odbc_column_names(reader->cursor),
                              .count = odbc_column_count(reader->cursor),
                              .ignore_case = true};
    if (!binding_by_name(&reader->base, table, &heading, &reader->binding, error))
        return false;
    if (!find_watermark(reader, error))
        return false;
    keep_heading(reader);
    reader->values = arena_allocate_array(arena, table->column_count, sizeof(struct slice));
    reader->extra = arena_allocate_array(arena, reader->binding.extra_count, sizeof(struct slice));
    return true;
}

static void close_table(struct odbc_reader *reader)
{
    odbc_close(reader->cursor);
    reader->cursor = NULL;
}

static bool all_valid(const struct odbc_reader *reader)
{
    for (size_t i = 0; i < odbc_column_count(reader->cursor); i++)
        if (!text_is_valid(reader->current[i], NULL))
            return false;
    return true;
}

static enum outcome fill_row(struct odbc_reader *reader, struct row *row)
{
    const struct binding *binding = &reader->binding;
    size_t count = current_table(reader)->column_count;
    memset(row, 0, sizeof(*row));
    row->table = reader->table;
    row->place.file = current_table(reader)->name;
    row->place.line = ++reader->row_number;
    if (!all_valid(reader)) {
        row->reject_code = "encoding";
        row->reject_reason = "it holds bytes that are not UTF-8";
        return REJECTED;
    }
    for (size_t i = 0; i < count; i++)
        reader->values[i] = binding->sources[i] == FIELD_NONE
                                ? slice_make(NULL, 0)
                                : reader->current[binding->sources[i]];
    for (size_t i = 0; i < binding->extra_count; i++)
        reader->extra[i] = reader->current[binding->extras[i]];
    row->values = reader->values;
    row->extra = reader->extra;
    row->extra_count = binding->extra_count;
    return ACCEPTED;
}

static enum outcome odbc_reader_next(struct row_reader *base, struct row *row, struct error *error)
{
    struct odbc_reader *reader = (struct odbc_reader *)base;
    for (;;) {
        if (!reader->cursor) {
            if (reader->table == base->source->mapping->table_count)
                return ENDED;
            if (!open_table(reader, error))
                return row_reader_fail(base, error);
        }
        enum outcome outcome = odbc_next(reader->cursor, &reader->current, error);
        if (outcome == FAILED) {
            fail_table(reader, error);
            return row_reader_fail(base, error);
        }
        if (outcome == ACCEPTED) {
            note_watermark(reader);
            return fill_row(reader, row);
        }
        close_table(reader);
        reader->table++;
    }
}

static bool odbc_reader_raw(struct row_reader *base, const struct row *row, struct buffer *bytes,
                            struct error *error)
{
    struct odbc_reader *reader = (struct odbc_reader *)base;
    (void)row;
    (void)error;
    append_line(bytes, reader->current, odbc_column_count(reader->cursor));
    return true;
}

static void odbc_reader_close(struct row_reader *base)
{
    struct odbc_reader *reader = (struct odbc_reader *)base;
    close_table(reader);
    odbc_disconnect(reader->connection);
    row_reader_end(base);
}

static const struct row_reader_operations ODBC_READER = {odbc_reader_next, odbc_reader_raw,
                                                         odbc_reader_close};

/* A driver of files would make an empty database where there is none, or say nothing of use about
 * a folder. */
static bool check_file(const struct source *source, struct error *error)
{
    struct stat status;
    if (!source->path || !source->path[0])
        return true;
    if (stat(source->path, &status) == 0 && S_ISREG(status.st_mode))
        return true;
    error_set(error, EXIT_FAILED, "could not open the database: it is not there or no file");
    error_place(error, source->name, 0, 0);
    return error_hint(error, "did the export run, and was its file sent?");
}

static bool open_source(struct odbc_reader *reader, struct error *error)
{
    const struct source *source = reader->base.source;
    if (!check_file(source, error))
        return false;
    if (!source->connection || !source->connection[0]) {
        error_set(error, EXIT_CONFIGURATION, "the mapping has no connection");
        return error_place(error, source->mapping->path, 0, 0);
    }
    reader->connection = odbc_connect(source->connection, error);
    if (!reader->connection)
        return error_place(error, source_name(reader), 0, 0);
    return source->mapping->table_count == 0 || open_table(reader, error);
}

struct row_reader *odbc_reader_open(const struct source *source, struct error *error)
{
    struct odbc_reader *reader = memory_allocate_array(1, sizeof(*reader));
    row_reader_begin(&reader->base, &ODBC_READER, source);
    if (open_source(reader, error))
        return &reader->base;
    odbc_reader_close(&reader->base);
    return NULL;
}
