/* One file read by several threads.
 *
 *   file   heading | part 0 ........ | part 1 ........ | part 2 ...
 *                              ^ the first line feed behind a multiple of part_bytes
 *
 * Such a line feed may stand within quotes. That is not found out beforehand: each part is read as
 * if a record began there, and a part that ends within a record reads on through the next one,
 * until a record ends where a part does. What was read of the parts in between counts for nothing.
 * So all rows are those of a single reader, wherever quotes stand. */
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "extract/csv_reader.h"

#define PART_BYTES_DEFAULT ((size_t)1 << 20)

static struct csv_reader *csv_of(struct row_reader *base)
{
    return (struct csv_reader *)base;
}

/* Whether the place is known to stand in a long line: its end. */
static bool recall_long_line(struct csv_cut *cut, uint64_t offset, uint64_t *end)
{
    pthread_mutex_lock(&cut->lock);
    bool known = offset >= cut->long_begin && offset < cut->long_end;
    if (known)
        *end = cut->long_end;
    pthread_mutex_unlock(&cut->lock);
    return known;
}

static void remember_long_line(struct csv_cut *cut, uint64_t offset, uint64_t end)
{
    pthread_mutex_lock(&cut->lock);
    if (end > cut->long_end || (end == cut->long_end && offset < cut->long_begin)) {
        cut->long_begin = offset;
        cut->long_end = end;
    }
    pthread_mutex_unlock(&cut->lock);
}

/* Where part `part` of a table begins; its end is where the next one begins. */
static bool find_begin(const struct csv_reader *whole, struct csv_cut *cut, struct decoder *decoder,
                       size_t part, uint64_t *begin, struct error *error)
{
    size_t number = part - cut->first_part;
    if (number == cut->part_count) {
        *begin = UINT64_MAX;
        return true;
    }
    uint64_t offset = cut->begin + (uint64_t)number * whole->part_bytes;
    *begin = offset;
    if (number == 0 || recall_long_line(cut, offset, begin))
        return true;
    if (!decoder_line_end(decoder, offset, begin, error))
        return false;
    if (*begin - offset > whole->part_bytes)
        remember_long_line(cut, offset, *begin);
    return true;
}

static void cut_table(struct csv_reader *reader, struct csv_cut *cut, size_t first_part)
{
    struct file_stamp stamp = {0};
    bool header = reader->base.source->mapping->csv.header;
    bool titles = reader->base.source->mapping->csv.skip > 0 && reader->pending;
    uint64_t text_begin = header   ? reader->current.offset + reader->current.length
                          : titles ? reader->current.offset
                                   : 0;
    cut->path = reader->path;
    cut->file = reader->file;
    cut->binding = reader->binding;
    cut->field_count = reader->field_count;
    cut->begin = decoder_file_offset(reader->decoder, text_begin);
    cut->lines = header   ? csv_stream_line(reader->stream) - 1
                 : titles ? reader->current.line - 1
                          : 0;
    cut->first_part = first_part;
    cut->part_count = 1;
    pthread_mutex_init(&cut->lock, NULL);
    if (file_stamp(cut->path, &stamp) && stamp.size_bytes > cut->begin)
        cut->part_count += (size_t)((stamp.size_bytes - cut->begin - 1) / reader->part_bytes);
    /* From here on it only counts for its parts. */
    cut->decoder = reader->decoder;
    reader->decoder = NULL;
    decoder_forget_counts(cut->decoder);
    csv_close_table(reader);
}

/* Whether the first table, which is open, is large enough to be worth it. */
static bool is_worth_it(const struct csv_reader *reader)
{
    struct file_stamp stamp = {0};
    return decoder_may_be_cut(reader->decoder) && file_stamp(reader->path, &stamp) &&
           stamp.size_bytes > 2 * (uint64_t)reader->part_bytes;
}

static size_t csv_cut(struct row_reader *base, size_t part_bytes, struct error *error)
{
    struct csv_reader *reader = csv_of(base);
    size_t table_count = base->source->mapping->table_count;
    size_t parts = 0;
    /* An even number, for UTF-16. */
    reader->part_bytes = part_bytes ? (part_bytes + 1) & ~(size_t)1 : PART_BYTES_DEFAULT;
    if (table_count == 0 || !is_worth_it(reader))
        return 1;
    reader->cuts = arena_allocate_array(base->arena, table_count, sizeof(*reader->cuts));
    for (; reader->table < table_count; reader->table++) {
        if (!reader->stream && !csv_open_table(reader, error)) {
            row_reader_fail(base, error);
            return 0;
        }
        cut_table(reader, &reader->cuts[reader->table], parts);
        parts += reader->cuts[reader->table].part_count;
    }
    base->lines_before = reader->cuts[0].lines;
    return parts;
}

static size_t table_of(const struct csv_reader *whole, size_t part)
{
    size_t table = 0;
    while (part >= whole->cuts[table].first_part + whole->cuts[table].part_count)
        table++;
    return table;
}

/* Opens the decoder where the part begins, and limits it to where it ends. */
static bool begin_part(struct csv_reader *reader, size_t part, struct error *error)
{
    const struct csv_reader *whole = reader->whole;
    struct csv_cut *cut = &whole->cuts[reader->table];
    uint64_t begin = 0;
    struct decode_options options = {cut->path, cut->file, decoder_encoding(cut->decoder),
                                     MARK_LINES, 0};
    if (!find_begin(whole, cut, cut->decoder, part, &begin, error))
        return false;
    reader->decoder = decoder_open_at(&options, begin, error);
    reader->part_end = part;
    return reader->decoder && csv_part_go_on(reader, error);
}

bool csv_part_go_on(struct csv_reader *reader, struct error *error)
{
    struct csv_cut *cut = &reader->whole->cuts[reader->table];
    uint64_t end = 0;
    if (!find_begin(reader->whole, cut, reader->decoder, reader->part_end + 1, &end, error))
        return false;
    reader->part_end++;
    decoder_limit(reader->decoder, end);
    return true;
}

static struct row_reader *csv_open_part(const struct row_reader *base, size_t part,
                                        struct error *error)
{
    const struct csv_reader *whole = (const struct csv_reader *)base;
    struct csv_reader *reader = memory_allocate_array(1, sizeof(*reader));
    struct csv_options options = csv_options_of(base->source);
    row_reader_begin(&reader->base, &CSV_READER, base->source);
    reader->in_part = true;
    reader->whole = whole;
    reader->table = table_of(whole, part);
    reader->path = whole->cuts[reader->table].path;
    reader->file = whole->cuts[reader->table].file;
    reader->binding = whole->cuts[reader->table].binding;
    reader->repair = (struct cell_repair){.wanted = whole->repair.wanted, .file = reader->file};
    csv_make_room(reader);
    reader->stream = csv_stream_create(&options);
    csv_stream_expect(reader->stream, whole->cuts[reader->table].field_count);
    if (begin_part(reader, part, error))
        return &reader->base;
    row_reader_fail(base, error);
    row_reader_close(&reader->base);
    return NULL;
}

static bool csv_join(struct row_reader *base, const struct row_reader *part, struct error *error)
{
    struct csv_reader *whole = csv_of(base);
    const struct csv_reader *reader = (const struct csv_reader *)part;
    const struct csv_cut *cut = &whole->cuts[reader->table];
    bool last = reader->part_end == cut->first_part + cut->part_count;
    base->next_part = reader->part_end;
    whole->repair.file = reader->file;
    cell_repair_join(&whole->repair, &reader->repair, base->lines_before);
    if (last) {
        cell_repair_notice(&whole->repair, base);
        whole->repair = (struct cell_repair){.wanted = whole->repair.wanted};
    }
    base->rows_read += part->rows_read;
    base->lines_before += csv_stream_line(reader->stream) - 1;
    if (last && reader->table + 1 < base->source->mapping->table_count)
        base->lines_before = whole->cuts[reader->table + 1].lines;
    return decoder_join(cut->decoder, reader->decoder, last, error) ||
           row_reader_fail(base, error) != FAILED;
}

void csv_parts_release(struct csv_reader *reader)
{
    for (size_t i = 0; reader->cuts && i < reader->base.source->mapping->table_count; i++) {
        decoder_close(reader->cuts[i].decoder);
        if (reader->cuts[i].part_count)
            pthread_mutex_destroy(&reader->cuts[i].lock);
    }
}

const struct row_part_operations CSV_PARTS = {csv_cut, csv_open_part, csv_join};
