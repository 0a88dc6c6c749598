#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

enum { TABLE_BYTES_MAX = 256 * 1024 * 1024 };

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

static bool check_text(const char *path, struct slice text, struct error *error)
{
    size_t offset;
    if (text_is_valid(text, &offset))
        return true;
    uint64_t line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text.data[i] == '\n';
    error_set(error, EXIT_FAILED, "the text is not UTF-8");
    error_place(error, path, line, 0);
    return error_hint(error, "save the file as UTF-8");
}

static void keep_row(struct arena *arena, const struct csv_row *row, struct slice *cells)
{
    for (size_t i = 0; i < row->field_count; i++)
        cells[i] = arena_copy(arena, row->fields[i]);
}

static bool read_rows(struct arena *arena, struct csv_stream *stream, struct csv_table *table,
                      struct error *error)
{
    struct csv_row row;
    enum outcome outcome;
    struct slice *cells = NULL;
    size_t capacity = 0;
    while ((outcome = csv_stream_next(stream, &row)) == ACCEPTED) {
        if (!table->heading) {
            table->column_count = row.field_count;
            table->heading = arena_allocate_array(arena, row.field_count, sizeof(struct slice));
            keep_row(arena, &row, table->heading);
            csv_stream_expect(stream, row.field_count);
            continue;
        }
        size_t used = table->row_count * table->column_count;
        cells = memory_grow(cells, &capacity, used + table->column_count, sizeof(struct slice));
        keep_row(arena, &row, cells + used);
        table->row_count++;
    }
    size_t count = table->row_count * table->column_count;
    table->cells = arena_allocate_array(arena, count, sizeof(struct slice));
    if (cells)
        memcpy(table->cells, cells, count * sizeof(struct slice));
    memory_free(cells);
    if (outcome == REJECTED) {
        error_set(error, EXIT_FAILED, "%s", row.reject_reason);
        return error_place(error, table->path, row.line, 0);
    }
    if (table->heading)
        return true;
    error_set(error, EXIT_FAILED, "the file is empty: a heading was expected");
    return error_place(error, table->path, 1, 0);
}

bool csv_table_read(struct arena *arena, const char *path, char delimiter, struct csv_table *table,
                    struct error *error)
{
    struct csv_table read = {arena_format(arena, "%s", path), NULL, 0, NULL, 0};
    struct slice text;
    if (!file_read(arena, path, TABLE_BYTES_MAX, &text, error) || !check_text(path, text, error))
        return false;
    if (slice_starts_with(text, slice_of(BYTE_ORDER_MARK)))
        text = slice_cut(text, sizeof(BYTE_ORDER_MARK) - 1, text.length);
    struct csv_options options = {delimiter, '"', 0, 0};
    struct csv_stream *stream = csv_stream_create(&options);
    buffer_append(csv_stream_input(stream), text);
    csv_stream_finish(stream);
    bool done = read_rows(arena, stream, &read, error);
    csv_stream_destroy(stream);
    if (done)
        *table = read;
    return done;
}

size_t csv_table_column(const struct csv_table *table, const char *heading)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (slice_equal(table->heading[i], slice_of(heading)))
            return i;
    return SIZE_MAX;
}

bool csv_table_require(const struct csv_table *table, const char *heading, size_t *column,
                       struct error *error)
{
    *column = csv_table_column(table, heading);
    if (*column != SIZE_MAX)
        return true;
    error_set(error, EXIT_FAILED, "the column \"%s\" is missing", heading);
    return error_place(error, table->path, 1, 0);
}
