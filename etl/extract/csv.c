#include "cust360/base/memory.h"
#include "extract/csv_reader.h"
#include "extract/encoding.h"

static const struct mapping_table *current_table(const struct csv_reader *reader)
{
    return &reader->base.source->mapping->tables[reader->table];
}

static enum outcome read_row(struct csv_reader *reader, struct error *error)
{
    for (;;) {
        enum outcome outcome = csv_stream_next(reader->stream, &reader->current);
        if (outcome != ENDED || reader->ended)
            return outcome;
        if (reader->in_part && decoder_is_at_limit(reader->decoder)) {
            if (csv_stream_is_between(reader->stream))
                return ENDED;
            if (!csv_part_go_on(reader, error))
                return FAILED;
        }
        struct buffer *input = csv_stream_input(reader->stream);
        size_t from = input->length;
        if (!decoder_read(reader->decoder, input, &reader->ended, error))
            return FAILED;
        cell_repair_text(&reader->repair, &reader->base.source->mapping->csv, input, from);
        if (reader->ended)
            csv_stream_finish(reader->stream);
    }
}

static bool fail_heading(const struct csv_reader *reader, uint64_t line, const char *reason,
                         struct error *error)
{
    error_set(error, EXIT_FAILED, "could not read the heading: %s", reason);
    return error_place(error, reader->file, line, 0);
}

static const char *damage_reason(const struct damage *damage)
{
    return damage->kind == DAMAGE_NUL ? "it holds a NUL byte"
                                      : "it holds bytes that are no characters of its encoding";
}

/* Keeps the bytes that must stand before rejected rows: a byte order mark and the heading. */
static bool keep_heading(struct csv_reader *reader, uint64_t text_length, struct error *error)
{
    struct buffer bytes = BUFFER_EMPTY;
    uint64_t length = decoder_file_offset(reader->decoder, text_length);
    bool read = decoder_raw(reader->decoder, 0, length, &bytes, error);
    reader->base.headings[reader->table] = arena_copy(reader->base.arena, buffer_slice(&bytes));
    buffer_release(&bytes);
    return read;
}

/* What stands above the heading or the first row (titles) has any number of fields. */
static enum outcome read_behind_titles(struct csv_reader *reader, struct error *error)
{
    size_t titles = reader->base.source->mapping->csv.skip;
    enum outcome outcome = read_row(reader, error);
    for (; titles > 0 && (outcome == ACCEPTED || outcome == REJECTED); titles--)
        outcome = read_row(reader, error);
    return outcome;
}

static bool read_heading(struct csv_reader *reader, struct error *error)
{
    const struct csv_row *row = &reader->current;
    enum outcome outcome = read_behind_titles(reader, error);
    if (outcome == FAILED)
        return false;
    if (outcome == ENDED) {
        error_set(error, EXIT_FAILED, "the file is empty: a heading was expected");
        error_place(error, reader->file, 1, 0);
        return error_hint(error, "an export without rows still has a heading; was it cut off?");
    }
    if (outcome == REJECTED)
        return fail_heading(reader, row->line, row->reject_reason, error);
    const struct damage *damage =
        decoder_damage(reader->decoder, row->offset, row->offset + row->length);
    if (damage)
        return fail_heading(reader, row->line, damage_reason(damage), error);
    struct heading heading = {reader->file, row->line, row->fields, row->field_count, false};
    reader->field_count = row->field_count;
    csv_stream_expect(reader->stream, row->field_count);
    return binding_by_name(&reader->base, current_table(reader), &heading, &reader->binding,
                           error) &&
           keep_heading(reader, row->offset + row->length, error);
}

/* Without a heading the first row tells how many columns there are. */
static bool read_first(struct csv_reader *reader, struct error *error)
{
    enum outcome outcome = read_behind_titles(reader, error);
    bool titles = reader->base.source->mapping->csv.skip > 0 && outcome != ENDED;
    if (outcome == FAILED || !keep_heading(reader, titles ? reader->current.offset : 0, error))
        return false;
    if (outcome == REJECTED)
        return fail_heading(reader, reader->current.line, reader->current.reject_reason, error);
    reader->pending = outcome == ACCEPTED;
    if (!reader->pending)
        return true;
    struct heading heading = {reader->file, reader->current.line, NULL, reader->current.field_count,
                              false};
    reader->field_count = heading.count;
    csv_stream_expect(reader->stream, heading.count);
    return binding_by_number(&reader->base, current_table(reader), &heading, &reader->binding,
                             error);
}

struct csv_options csv_options_of(const struct source *source)
{
    const struct csv_dialect *dialect = &source->mapping->csv;
    return (struct csv_options){dialect->delimiter ? dialect->delimiter : ',', dialect->quote,
                                dialect->record_bytes_max, dialect->record_lines_max};
}

void csv_make_room(struct csv_reader *reader)
{
    reader->values = arena_allocate_array(reader->base.arena, current_table(reader)->column_count,
                                          sizeof(struct slice));
    reader->extra =
        arena_allocate_array(reader->base.arena, reader->binding.extra_count, sizeof(struct slice));
}

bool csv_open_table(struct csv_reader *reader, struct error *error)
{
    const struct source *source = reader->base.source;
    struct table_file file = table_file(&reader->base, current_table(reader));
    struct decode_options options = {file.path, file.name, source_encoding(source), MARK_LINES, 0};
    struct csv_options csv = csv_options_of(source);
    reader->path = file.path;
    reader->file = file.name;
    reader->ended = false;
    reader->pending = false;
    reader->repair = (struct cell_repair){.wanted = source->mapping->repairs, .file = file.name};
    reader->binding = (struct binding){NULL, NULL, 0};
    reader->decoder = decoder_open(&options, error);
    if (!reader->decoder) {
        if (error->exit_code == EXIT_CONFIGURATION)
            error_place(error, source->mapping->path, 0, 0);
        return false;
    }
    if (encoding_is(options.encoding, "auto") && !reader->base.encoding)
        reader->base.encoding =
            arena_text(reader->base.arena, slice_of(decoder_encoding(reader->decoder)));
    reader->stream = csv_stream_create(&csv);
    bool header = source->mapping->csv.header;
    if (!(header ? read_heading(reader, error) : read_first(reader, error)))
        return false;
    csv_make_room(reader);
    return true;
}

void csv_close_table(struct csv_reader *reader)
{
    decoder_close(reader->decoder);
    csv_stream_destroy(reader->stream);
    reader->decoder = NULL;
    reader->stream = NULL;
}

static struct slice value_of(struct csv_reader *reader, size_t column)
{
    if (column == FIELD_NONE)
        return slice_make(NULL, 0);
    return cell_repair_value(&reader->repair, reader->current.fields[column], reader->current.line);
}

static void fill_values(struct csv_reader *reader, struct row *row)
{
    const struct slice *fields = reader->current.fields;
    const struct binding *binding = &reader->binding;
    size_t count = current_table(reader)->column_count;
    for (size_t i = 0; i < count; i++)
        reader->values[i] = value_of(reader, binding->sources[i]);
    for (size_t i = 0; i < binding->extra_count; i++)
        reader->extra[i] = fields[binding->extras[i]];
    row->values = reader->values;
    row->extra = reader->extra;
    row->extra_count = binding->extra_count;
}

/* A quote in the wrong place is often a spreadsheet's. */
static void hint_at_formula(struct csv_reader *reader, struct row *row)
{
    struct buffer raw = BUFFER_EMPTY;
    struct error ignored;
    if (strcmp(row->reject_code, "quote") == 0 && !(reader->repair.wanted & REPAIR_FORMULA) &&
        decoder_raw(reader->decoder, row->place.byte_offset, row->place.byte_length, &raw,
                    &ignored) &&
        slice_find(buffer_slice(&raw), SLICE("=\"")) >= 0)
        row->reject_reason =
            "a value is written as =\"…\", as spreadsheets do; `repair: [formula]` "
            "in the mapping reads it";
    buffer_release(&raw);
}

static enum outcome fill_row(struct csv_reader *reader, enum outcome outcome, struct row *row)
{
    const struct csv_row *current = &reader->current;
    uint64_t end = current->offset + current->length;
    memset(row, 0, sizeof(*row));
    row->table = reader->table;
    row->place.file = reader->file;
    row->place.line = current->line;
    row->place.byte_offset = decoder_file_offset(reader->decoder, current->offset);
    row->place.byte_length = decoder_file_offset(reader->decoder, end) - row->place.byte_offset;
    row->reject_code = current->reject_code;
    row->reject_reason = current->reject_reason;
    if (outcome == REJECTED) {
        hint_at_formula(reader, row);
        return REJECTED;
    }
    const struct damage *damage = decoder_damage(reader->decoder, current->offset, end);
    if (damage) {
        row->reject_code = "encoding";
        row->reject_reason = damage_reason(damage);
        return REJECTED;
    }
    fill_values(reader, row);
    return ACCEPTED;
}

static enum outcome csv_reader_next(struct row_reader *base, struct row *row, struct error *error)
{
    struct csv_reader *reader = (struct csv_reader *)base;
    for (;;) {
        if (!reader->stream) {
            if (reader->table == base->source->mapping->table_count)
                return ENDED;
            if (!csv_open_table(reader, error))
                return row_reader_fail(base, error);
        }
        bool pending = reader->pending;
        reader->pending = false;
        enum outcome outcome = pending ? ACCEPTED : read_row(reader, error);
        if (outcome == FAILED)
            return row_reader_fail(base, error);
        if (outcome != ENDED)
            return fill_row(reader, outcome, row);
        if (reader->in_part)
            return ENDED;
        cell_repair_notice(&reader->repair, base);
        csv_close_table(reader);
        reader->table++;
    }
}

static bool csv_reader_raw(struct row_reader *base, const struct row *row, struct buffer *bytes,
                           struct error *error)
{
    struct csv_reader *reader = (struct csv_reader *)base;
    return decoder_raw(reader->decoder, row->place.byte_offset, row->place.byte_length, bytes,
                       error) ||
           error_source(error, base->source->id);
}

static void csv_reader_close(struct row_reader *base)
{
    csv_parts_release((struct csv_reader *)base);
    csv_close_table((struct csv_reader *)base);
    row_reader_end(base);
}

const struct row_reader_operations CSV_READER = {csv_reader_next, csv_reader_raw, csv_reader_close};

struct row_reader *csv_reader_open(const struct source *source, struct error *error)
{
    struct csv_reader *reader = memory_allocate_array(1, sizeof(*reader));
    row_reader_begin(&reader->base, &CSV_READER, source);
    reader->base.parts = &CSV_PARTS;
    if (source->mapping->table_count == 0 || csv_open_table(reader, error))
        return &reader->base;
    csv_reader_close(&reader->base);
    return NULL;
}
