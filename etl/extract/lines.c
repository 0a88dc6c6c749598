/* Rows of files of lines: each line's type says which table it is of, the lines above it give what
 * it belongs to, and the trailer says whether all of them have come.
 *
 *   line ──► header?  kept for /columns      ─┐
 *        ──► trailer? its counts are checked  ├─ no rows
 *        ──► ignored?                        ─┘
 *        ──► a table's: its columns, those of its parent, the parent's parent … ──► a row */
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "extract/line_stream.h"
#include "extract/reader.h"

/* The last line of a table that others stand below. */
struct kept_line {
    struct arena *arena;
    struct line line;
    bool is_parent;
    bool known; /* one has come, and could be read */
};

struct lines_reader {
    struct row_reader base;
    const struct line_dialect *dialect;
    const char **passed; /* the files that were read; NULL stands for the source's own */
    size_t passed_count;
    /* Of the current file; NULL between two. */
    struct decoder *decoder;
    struct line_stream *stream;
    struct encoding *encoding;
    struct line_cutter cutter;
    const struct mapping_table *of_file; /* one of its tables */
    const char *file;
    struct kept_line header;
    struct kept_line *kept; /* one a table */
    struct arena *row_arena;
    struct line line;
    struct slice **values;  /* one a table */
    uint64_t *counted;      /* one a count of the trailer */
    uint64_t ignored;       /* lines */
    uint64_t heading_bytes; /* what stands before the rows */
    bool trailer_seen;
};

static bool fail_at(const struct lines_reader *reader, const struct line_place *place,
                    const char *hint, struct error *error)
{
    bool fixed = place && !reader->dialect->delimiter;
    error_place(error, reader->file, reader->line.number, fixed ? place->first : 0);
    return error_hint(error, "%s", hint);
}

/* ---- files ---- */

static bool same_file(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static const struct mapping_table *next_file(const struct lines_reader *reader)
{
    const struct mapping *mapping = reader->base.source->mapping;
    for (size_t i = 0; i < mapping->table_count; i++) {
        bool passed = false;
        for (size_t j = 0; j < reader->passed_count && !passed; j++)
            passed = same_file(reader->passed[j], mapping->tables[i].file);
        if (!passed)
            return &mapping->tables[i];
    }
    return NULL;
}

static bool open_file(struct lines_reader *reader, const struct mapping_table *table,
                      struct error *error)
{
    const struct source *source = reader->base.source;
    struct table_file file = table_file(&reader->base, table);
    struct decode_options options = {file.path, file.name, source_encoding(source), MARK_LINES, 0};
    reader->of_file = table;
    reader->file = file.name;
    reader->passed[reader->passed_count++] = table->file;
    reader->decoder = decoder_open(&options, error);
    if (!reader->decoder) {
        if (error->exit_code == EXIT_CONFIGURATION)
            error_place(error, source->mapping->path, 0, 0);
        return false;
    }
    const char *name = decoder_encoding(reader->decoder);
    if (encoding_is(options.encoding, "auto") && !reader->base.encoding)
        reader->base.encoding = arena_text(reader->base.arena, slice_of(name));
    reader->encoding = encoding_open(name, error);
    if (!reader->encoding)
        return false;
    reader->stream = line_stream_create(reader->decoder, reader->dialect);
    reader->cutter = (struct line_cutter){
        .dialect = reader->dialect, .encoding = reader->encoding, .arena = reader->row_arena};
    reader->header.known = false;
    for (size_t i = 0; i < source->mapping->table_count; i++)
        reader->kept[i].known = false;
    for (size_t i = 0; i < reader->dialect->count_count; i++)
        reader->counted[i] = 0;
    reader->ignored = 0;
    reader->trailer_seen = false;
    return true;
}

static void close_file(struct lines_reader *reader)
{
    line_stream_destroy(reader->stream);
    decoder_close(reader->decoder);
    encoding_close(reader->encoding);
    reader->stream = NULL;
    reader->decoder = NULL;
    reader->encoding = NULL;
}

/* ---- what kind of line it is ---- */

static bool is_type(struct slice type, const char *name)
{
    return name && slice_equal(type, slice_of(name));
}

static bool is_one_of(struct slice type, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_type(type, names[i]))
            return true;
    return false;
}

/* The table whose line it is; SIZE_MAX: none's. */
static size_t table_of(const struct lines_reader *reader, struct slice type)
{
    const struct mapping *mapping = reader->base.source->mapping;
    for (size_t i = 0; i < mapping->table_count; i++) {
        const struct mapping_table *table = &mapping->tables[i];
        if (same_file(table->file, reader->of_file->file) &&
            (table->type_count == 0 || is_one_of(type, table->types, table->type_count)))
            return i;
    }
    return SIZE_MAX;
}

static void count_line(struct lines_reader *reader, struct slice type, bool is_row)
{
    for (size_t i = 0; i < reader->dialect->count_count; i++) {
        const struct line_count *count = &reader->dialect->counts[i];
        reader->counted[i] += count->of == LINE_COUNT_LINES ||
                              (count->of == LINE_COUNT_ROWS && is_row) ||
                              (count->of == LINE_COUNT_TYPE && is_type(type, count->type));
    }
}

/* ---- header and trailer ---- */

static void keep_line(struct kept_line *kept, const struct line *line)
{
    if (!kept->arena)
        kept->arena = arena_create();
    arena_reset(kept->arena);
    kept->line = line_copy(kept->arena, line);
    kept->known = true;
}

/* What stands above the rows, so that rejected ones can be read again behind it. */
static bool keep_heading(struct lines_reader *reader, struct error *error)
{
    const struct mapping *mapping = reader->base.source->mapping;
    struct buffer bytes = BUFFER_EMPTY;
    bool read = decoder_raw(reader->decoder, 0, reader->heading_bytes, &bytes, error);
    struct slice heading = arena_copy(reader->base.arena, buffer_slice(&bytes));
    for (size_t i = 0; i < mapping->table_count && read; i++)
        if (same_file(mapping->tables[i].file, reader->of_file->file))
            reader->base.headings[i] = heading;
    buffer_release(&bytes);
    return read;
}

static bool check_count(const struct lines_reader *reader, const struct line_count *count,
                        uint64_t counted, struct error *error)
{
    struct line_cutter cutter = reader->cutter;
    struct slice text;
    int64_t said = 0;
    const char *what = count->of == LINE_COUNT_TYPE   ? count->type
                       : count->of == LINE_COUNT_ROWS ? "rows"
                                                      : "lines in all";
    if (!line_cut(&cutter, &reader->line, &count->place, &text) || !text_to_integer(text, &said)) {
        error_set(error, EXIT_FAILED, "the trailer has no number where it counts %s", what);
        return fail_at(reader, &count->place,
                       "`counts` of the trailer in the mapping says where it stands", error);
    }
    if (said >= 0 && (uint64_t)said == counted)
        return true;
    error_set(error, EXIT_FAILED, "the trailer counts %lld %s, and the file has %llu",
              (long long)said, what, (unsigned long long)counted);
    return fail_at(reader, &count->place, "was the file cut off, or put together from several?",
                   error);
}

static bool take_trailer(struct lines_reader *reader, struct error *error)
{
    for (size_t i = 0; i < reader->dialect->count_count; i++)
        if (!check_count(reader, &reader->dialect->counts[i], reader->counted[i], error))
            return false;
    for (size_t i = 0; i < reader->dialect->count_count; i++)
        reader->counted[i] = 0;
    reader->trailer_seen = true;
    return true;
}

static bool take_header(struct lines_reader *reader, struct error *error)
{
    if (reader->header.known && !reader->trailer_seen && reader->dialect->trailer) {
        error_set(error, EXIT_FAILED, "a second header stands before the trailer");
        return fail_at(reader, NULL, "was the file put together from several?", error);
    }
    bool first = !reader->header.known;
    reader->trailer_seen = false;
    keep_line(&reader->header, &reader->line);
    reader->heading_bytes = reader->line.byte_offset + reader->line.byte_length;
    return !first || keep_heading(reader, error);
}

/* Whether rows may stand here: behind the header, before the trailer. */
static bool check_order(const struct lines_reader *reader, struct error *error)
{
    if (reader->dialect->header && !reader->header.known) {
        error_set(error, EXIT_FAILED, "the file does not begin with a header line of the type %s",
                  reader->dialect->header);
        return fail_at(reader, &reader->dialect->type, "is this the right export?", error);
    }
    if (reader->trailer_seen) {
        error_set(error, EXIT_FAILED, "a line stands behind the trailer");
        return fail_at(reader, NULL, "was the file put together from several?", error);
    }
    return true;
}

static bool finish_file(struct lines_reader *reader, struct error *error)
{
    if (reader->dialect->header && !reader->header.known && !check_order(reader, error))
        return false;
    if (reader->dialect->trailer && !reader->trailer_seen) {
        error_set(error, EXIT_FAILED, "the file has no trailer line of the type %s",
                  reader->dialect->trailer);
        return fail_at(reader, NULL, "was it cut off, or is it still being written?", error);
    }
    if (reader->ignored)
        notice_add(&reader->base, "lines_ignored",
                   "%s: %llu lines are of types that the mapping ignores", reader->file,
                   (unsigned long long)reader->ignored);
    return true;
}

/* ---- rows ---- */

static enum outcome reject(struct row *row, const char *code, const char *reason)
{
    row->reject_code = code;
    row->reject_reason = reason;
    return REJECTED;
}

/* A line that ends too early has lost something, unless blanks at the end are known to be cut. */
static const char *wrong_length(struct lines_reader *reader, const struct mapping_table *table)
{
    const struct line_dialect *dialect = reader->dialect;
    const char *what = dialect->delimiter ? "fields" : dialect->bytes ? "bytes" : "characters";
    size_t extent = line_extent(&reader->line, dialect);
    size_t needed = table->line_length;
    if (needed && extent > needed)
        return arena_format(reader->row_arena, "the line has %zu %s, and its type %zu", extent,
                            what, needed);
    for (size_t i = 0; i < table->column_count && table->line_length == 0; i++) {
        const struct line_place *place = &table->columns[i].place;
        if (place->level == 0 && place->last > needed)
            needed = place->last;
    }
    if (extent >= needed || dialect->trimmed)
        return NULL;
    return arena_format(reader->row_arena,
                        "the line ends after %zu of %zu %s; if blanks at the end are cut off, say "
                        "`trimmed: true`",
                        extent, needed, what);
}

/* The line that a level of the table stands for; NULL: none has come that could be read. */
static const struct line *line_of_level(const struct lines_reader *reader, size_t table,
                                        size_t level)
{
    const struct mapping *mapping = reader->base.source->mapping;
    if (level == LINE_LEVEL_HEADER)
        return reader->header.known ? &reader->header.line : NULL;
    if (level == 0)
        return &reader->line;
    for (; level > 0; level--)
        table = mapping->tables[table].parent;
    return reader->kept[table].known ? &reader->kept[table].line : NULL;
}

static enum outcome fill_values(struct lines_reader *reader, struct row *row)
{
    const struct mapping_table *table = &reader->base.source->mapping->tables[row->table];
    row->values = reader->values[row->table];
    for (size_t i = 0; i < table->column_count; i++) {
        const struct mapping_column *column = &table->columns[i];
        const struct line *line = line_of_level(reader, row->table, column->place.level);
        if (!line)
            return reject(row, "parent", "the line above that it belongs to could not be read");
        if (!line_cut(&reader->cutter, line, &column->place, &row->values[i]))
            return reject(
                row, "columns",
                arena_format(reader->row_arena,
                             "the column at %zu-%zu begins or ends within a character; `unit` of "
                             "the mapping says what is counted",
                             column->place.first, column->place.last));
    }
    return ACCEPTED;
}

/* What stands below this line must not be taken for another's. */
static void forget_below(struct lines_reader *reader, size_t table)
{
    const struct mapping *mapping = reader->base.source->mapping;
    reader->kept[table].known = false;
    for (size_t i = table + 1; i < mapping->table_count; i++)
        if (mapping->tables[i].parent == table)
            forget_below(reader, i);
}

static const char *damage_reason(const struct damage *damage)
{
    return damage->kind == DAMAGE_NUL ? "it holds a NUL byte"
                                      : "it holds bytes that are no characters of its encoding";
}

static enum outcome fill_row(struct lines_reader *reader, size_t table, struct row *row)
{
    const struct line *line = &reader->line;
    uint64_t end = line->offset + line->length;
    memset(row, 0, sizeof(*row));
    row->table = table == SIZE_MAX
                     ? (size_t)(reader->of_file - reader->base.source->mapping->tables)
                     : table;
    row->place.file = reader->file;
    row->place.line = line->number;
    row->place.byte_offset = line->byte_offset;
    row->place.byte_length = line->byte_length;
    const struct damage *damage = decoder_damage(reader->decoder, line->offset, end);
    if (table != SIZE_MAX)
        forget_below(reader, table);
    if (line->reject_code)
        return reject(row, line->reject_code, line->reject_reason);
    if (damage)
        return reject(row, "encoding", damage_reason(damage));
    if (table == SIZE_MAX)
        return reject(row, "record_type",
                      "no table of the mapping has lines of this type; when it is of no interest, "
                      "list it in `ignore`");
    const char *wrong = wrong_length(reader, &reader->base.source->mapping->tables[table]);
    if (wrong)
        return reject(row, "columns", wrong);
    enum outcome outcome = fill_values(reader, row);
    if (outcome == ACCEPTED && reader->kept[table].is_parent)
        keep_line(&reader->kept[table], line);
    return outcome;
}

/* What to do with the line at hand: ACCEPTED and REJECTED: a row. ENDED: it is none. */
static enum outcome take_line(struct lines_reader *reader, struct row *row, struct error *error)
{
    const struct line_dialect *dialect = reader->dialect;
    struct slice type = SLICE("");
    if (reader->line.number <= dialect->skip) {
        reader->heading_bytes = reader->line.byte_offset + reader->line.byte_length;
        return keep_heading(reader, error) ? ENDED : FAILED;
    }
    if (dialect->type.first && !reader->line.reject_code)
        (void)line_cut(&reader->cutter, &reader->line, &dialect->type, &type);
    if (is_type(type, dialect->header)) {
        count_line(reader, type, false);
        return take_header(reader, error) ? ENDED : FAILED;
    }
    if (!check_order(reader, error))
        return FAILED;
    bool is_trailer = is_type(type, dialect->trailer);
    count_line(reader, type, !is_trailer);
    if (is_trailer)
        return take_trailer(reader, error) ? ENDED : FAILED;
    if (is_one_of(type, dialect->ignored, dialect->ignored_count)) {
        reader->ignored++;
        return ENDED;
    }
    return fill_row(reader, reader->line.reject_code ? SIZE_MAX : table_of(reader, type), row);
}

static enum outcome read_line(struct lines_reader *reader, struct row *row, struct error *error)
{
    for (;;) {
        arena_reset(reader->row_arena);
        reader->cutter.data = NULL;
        enum outcome outcome = line_stream_next(reader->stream, &reader->line, error);
        if (outcome == FAILED || outcome == ENDED)
            return outcome;
        outcome = take_line(reader, row, error);
        if (outcome != ENDED)
            return outcome;
    }
}

static enum outcome lines_reader_next(struct row_reader *base, struct row *row, struct error *error)
{
    struct lines_reader *reader = (struct lines_reader *)base;
    for (;;) {
        if (!reader->stream) {
            const struct mapping_table *table = next_file(reader);
            if (!table)
                return ENDED;
            if (!open_file(reader, table, error))
                return row_reader_fail(base, error);
        }
        enum outcome outcome = read_line(reader, row, error);
        if (outcome == FAILED || (outcome == ENDED && !finish_file(reader, error)))
            return row_reader_fail(base, error);
        if (outcome != ENDED)
            return outcome;
        close_file(reader);
    }
}

static bool lines_reader_raw(struct row_reader *base, const struct row *row, struct buffer *bytes,
                             struct error *error)
{
    struct lines_reader *reader = (struct lines_reader *)base;
    return decoder_raw(reader->decoder, row->place.byte_offset, row->place.byte_length, bytes,
                       error) ||
           error_source(error, base->source->id);
}

static void lines_reader_close(struct row_reader *base)
{
    struct lines_reader *reader = (struct lines_reader *)base;
    close_file(reader);
    arena_destroy(reader->header.arena);
    for (size_t i = 0; i < base->source->mapping->table_count; i++)
        arena_destroy(reader->kept[i].arena);
    arena_destroy(reader->row_arena);
    row_reader_end(base);
}

static const struct row_reader_operations LINES_READER = {lines_reader_next, lines_reader_raw,
                                                          lines_reader_close};

static void make_room(struct lines_reader *reader, const struct mapping *mapping)
{
    struct arena *arena = reader->base.arena;
    reader->kept = arena_allocate_array(arena, mapping->table_count, sizeof(*reader->kept));
    reader->values = arena_allocate_array(arena, mapping->table_count, sizeof(*reader->values));
    reader->passed = arena_allocate_array(arena, mapping->table_count, sizeof(*reader->passed));
    reader->counted =
        arena_allocate_array(arena, mapping->lines.count_count, sizeof(*reader->counted));
    for (size_t i = 0; i < mapping->table_count; i++) {
        const struct mapping_table *table = &mapping->tables[i];
        reader->values[i] = arena_allocate_array(arena, table->column_count, sizeof(struct slice));
        if (table->parent != SIZE_MAX)
            reader->kept[table->parent].is_parent = true;
    }
}

struct row_reader *lines_reader_open(const struct source *source, struct error *error)
{
    struct lines_reader *reader = memory_allocate_array(1, sizeof(*reader));
    row_reader_begin(&reader->base, &LINES_READER, source);
    reader->dialect = &source->mapping->lines;
    reader->row_arena = arena_create();
    make_room(reader, source->mapping);
    const struct mapping_table *table = next_file(reader);
    if (!table || open_file(reader, table, error))
        return &reader->base;
    lines_reader_close(&reader->base);
    return NULL;
}
