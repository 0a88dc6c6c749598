/* The stream hands lines to libcsv one by one. That gives each row its place for free, and after an
 * error everything from the record's second line on can be read again:
 *
 *   input:  ...used | start ... first_end ... scan ... length
 *                     └── the current record ──┘ └─ not looked at yet
 *
 * libcsv is only safe with CSV_STRICT and CSV_STRICT_FINI: without them rows vanish silently. */
#include "cust360/base/csv.h"
#include "base/csv_line.h"
#include "cust360/base/memory.h"

#include <csv.h>
#include <stdio.h>

enum {
    RECORD_BYTES_DEFAULT = 1 << 20,
    RECORD_LINES_DEFAULT = 200,
    LIBRARY_BLOCK_BYTES = 64 * 1024, /* libcsv's own 128 bytes make long fields quadratic */
    REASON_BYTES = 160
};

struct csv_stream {
    struct csv_options options;
    struct csv_parser parser;
    struct buffer input;
    uint64_t base;    /* stream offset of input.data[0] */
    size_t start;     /* the current record; what is before is used up */
    size_t first_end; /* the end of its first line */
    size_t scan;      /* up to here it has been read */
    size_t newline;   /* see csv_line_end */
    uint64_t line;    /* the record's first */
    size_t line_ends; /* LFs in the record so far */
    size_t expected;
    bool finished;

    struct buffer text; /* the fields that libcsv has unquoted, one behind the other */
    size_t *ends;       /* where each of them ends */
    struct slice *fields;
    size_t field_count;
    size_t end_capacity;
    size_t field_capacity;
    size_t row_count; /* rows that libcsv has completed in the record */

    bool skipping;  /* behind a broken record, looking for the next good line */
    bool midline;   /* start is not at the begin of a line */
    bool long_line; /* what is skipped is a line that is too long, */
    bool in_quotes; /* and whether a quote is open in it */
    uint64_t skip_offset;
    uint64_t skip_line;
    const char *skip_code;
    char reason[REASON_BYTES];
};

static void *library_grow(void *memory, size_t bytes)
{
    return memory_resize_array(memory, bytes, 1);
}

static void library_open(struct csv_stream *stream)
{
    csv_init(&stream->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&stream->parser, (unsigned char)stream->options.delimiter);
    csv_set_quote(&stream->parser, (unsigned char)stream->options.quote);
    csv_set_blk_size(&stream->parser, LIBRARY_BLOCK_BYTES);
    csv_set_realloc_func(&stream->parser, library_grow);
    csv_set_free_func(&stream->parser, memory_free);
}

/* After an error libcsv consumes nothing until it is finished, and when finishing fails too (a
 * quote is open) its state stays: then only a fresh one helps. */
static void library_reset(struct csv_stream *stream)
{
    if (csv_fini(&stream->parser, NULL, NULL, NULL) == 0)
        return;
    csv_free(&stream->parser);
    library_open(stream);
}

struct csv_stream *csv_stream_create(const struct csv_options *options)
{
    struct csv_stream *stream = memory_allocate_array(1, sizeof(*stream));
    stream->options = *options;
    if (!stream->options.record_bytes_max)
        stream->options.record_bytes_max = RECORD_BYTES_DEFAULT;
    if (!stream->options.record_lines_max)
        stream->options.record_lines_max = RECORD_LINES_DEFAULT;
    stream->line = 1;
    library_open(stream);
    buffer_reserve(&stream->input, 0);
    return stream;
}

void csv_stream_destroy(struct csv_stream *stream)
{
    if (!stream)
        return;
    csv_free(&stream->parser);
    buffer_release(&stream->input);
    buffer_release(&stream->text);
    memory_free(stream->ends);
    memory_free(stream->fields);
    memory_free(stream);
}

struct buffer *csv_stream_input(struct csv_stream *stream)
{
    return &stream->input;
}

void csv_stream_finish(struct csv_stream *stream)
{
    stream->finished = true;
}

bool csv_stream_is_between(const struct csv_stream *stream)
{
    return !stream->skipping && stream->start == stream->input.length;
}

uint64_t csv_stream_line(const struct csv_stream *stream)
{
    return stream->line;
}

void csv_stream_expect(struct csv_stream *stream, size_t field_count)
{
    stream->expected = field_count;
}

/* The end of the line at `scan`; false when it has not arrived whole. */
static bool find_line(struct csv_stream *stream, size_t *end)
{
    const char *data = stream->input.data;
    if (stream->scan == stream->input.length)
        return false;
    const char *newline = data + stream->newline;
    const char *limit = data + stream->input.length;
    const char *found = csv_line_end(data + stream->scan, limit, &newline);
    stream->newline = (size_t)(newline - data);
    *end = (size_t)(found - data);
    /* A CR at the very end may be the first half of a CRLF. */
    return stream->finished || found[-1] == '\n' || (found[-1] == '\r' && found < limit);
}

/* Moves what is not used up to the front, so that the caller's next piece finds room. */
static void compact(struct csv_stream *stream)
{
    struct buffer *input = &stream->input;
    size_t used = stream->start;
    if (used == 0)
        return;
    memmove(input->data, input->data + used, input->length - used);
    input->length -= used;
    stream->base += used;
    stream->start = 0;
    stream->scan -= used;
    stream->first_end -= stream->first_end > used ? used : stream->first_end;
    stream->newline -= stream->newline > used ? used : stream->newline;
}

static bool line_is_blank(const struct csv_stream *stream, size_t end)
{
    for (size_t i = stream->start; i < end; i++) {
        char byte = stream->input.data[i];
        if (!csv_is_blank(byte, stream->options.delimiter) && byte != '\r' && byte != '\n')
            return false;
    }
    return true;
}

static void take_field(void *bytes, size_t length, void *context)
{
    struct csv_stream *stream = context;
    buffer_append(&stream->text, slice_make(bytes, length));
    stream->ends =
        memory_grow(stream->ends, &stream->end_capacity, stream->field_count + 1, sizeof(size_t));
    stream->ends[stream->field_count++] = stream->text.length;
}

static void take_row(int terminator, void *context)
{
    struct csv_stream *stream = context;
    (void)terminator;
    stream->row_count++;
}

static void place_fields(struct csv_stream *stream)
{
    stream->fields = memory_grow(stream->fields, &stream->field_capacity, stream->field_count,
                                 sizeof(struct slice));
    size_t begin = 0;
    for (size_t i = 0; i < stream->field_count; i++) {
        stream->fields[i] = slice_make(stream->text.data + begin, stream->ends[i] - begin);
        begin = stream->ends[i];
    }
}

/* Feeds one line; false: a quote stands in the wrong place, at byte *stop of the line. */
static bool feed_line(struct csv_stream *stream, size_t end, size_t *stop)
{
    size_t length = end - stream->scan;
    *stop = csv_parse(&stream->parser, stream->input.data + stream->scan, length, take_field,
                      take_row, stream);
    if (*stop != length)
        return false;
    bool last = stream->finished && end == stream->input.length;
    return !last || csv_fini(&stream->parser, take_field, take_row, stream) == 0;
}

/* The record is passed over up to `end`; the next one begins there. */
static void begin_record(struct csv_stream *stream, size_t end)
{
    stream->start = end;
    stream->scan = end;
    stream->line_ends = 0;
    stream->row_count = 0;
    stream->field_count = 0;
    stream->text.length = 0; /* the bytes stay: the row just given points at them */
}

static enum outcome reject_row(struct csv_stream *stream, struct csv_row *row, const char *code)
{
    row->field_count = 0;
    row->reject_code = code;
    row->reject_reason = stream->reason;
    return REJECTED;
}

static void count_field(void *bytes, size_t length, void *context)
{
    size_t *counts = context;
    (void)bytes;
    (void)length;
    counts[0]++;
}

static void count_row(int terminator, void *context)
{
    size_t *counts = context;
    (void)terminator;
    counts[1]++;
}

/* Whether the line is a whole row with the right number of fields: where a stream that has lost its
 * way begins again. */
static bool line_is_row(struct csv_stream *stream, size_t from, size_t end)
{
    size_t counts[2] = {0, 0};
    bool last = stream->finished && end == stream->input.length;
    library_reset(stream);
    size_t stop = csv_parse(&stream->parser, stream->input.data + from, end - from, count_field,
                            count_row, counts);
    bool whole = stop == end - from &&
                 (!last || csv_fini(&stream->parser, count_field, count_row, counts) == 0) &&
                 counts[1] == 1;
    library_reset(stream);
    return whole && (stream->expected == 0 || counts[0] == stream->expected);
}

/* Begins to look for a good line, behind the first line of the broken record. */
static void begin_skip(struct csv_stream *stream, const char *code)
{
    stream->skipping = true;
    stream->skip_code = code;
    stream->skip_offset = stream->base + stream->start;
    stream->skip_line = stream->line;
    stream->line++;
    stream->newline = 0;
    library_reset(stream);
    begin_record(stream, stream->first_end);
}

/* A quote that opens in one record and closes in another looks like a record with too many columns:
 * the lines inside that are rows by themselves are saved. */
static bool skip_into_record(struct csv_stream *stream, size_t end)
{
    const char *data = stream->input.data;
    const char *newline = NULL;
    if (end == stream->first_end)
        return false;
    for (size_t from = stream->first_end; from < end;) {
        size_t line_end = (size_t)(csv_line_end(data + from, data + end, &newline) - data);
        if (line_is_row(stream, from, line_end))
            return true;
        from = line_end;
    }
    return false;
}

static enum outcome finish_row(struct csv_stream *stream, size_t end, struct csv_row *row)
{
    bool fits = stream->expected == 0 || stream->field_count == stream->expected;
    if (!fits && skip_into_record(stream, end)) {
        snprintf(stream->reason, sizeof(stream->reason),
                 "a quote opens in this record and closes in another");
        begin_skip(stream, "quote");
        return ENDED;
    }
    *row = (struct csv_row){stream->fields,
                            stream->field_count,
                            stream->line,
                            stream->base + stream->start,
                            end - stream->start,
                            NULL,
                            NULL};
    stream->line += stream->line_ends + 1;
    begin_record(stream, end);
    if (fits)
        return ACCEPTED;
    snprintf(stream->reason, sizeof(stream->reason), "expected %zu columns, found %zu",
             stream->expected, row->field_count);
    return reject_row(stream, row, "columns");
}

static enum outcome finish_skip(struct csv_stream *stream, struct csv_row *row)
{
    uint64_t end = stream->base + stream->start;
    uint64_t length = end - stream->skip_offset;
    *row = (struct csv_row){stream->fields, 0,   stream->skip_line, stream->skip_offset, length,
                            NULL,           NULL};
    stream->skip_offset = end;
    stream->skip_line = stream->line;
    return length ? reject_row(stream, row, stream->skip_code) : ENDED;
}

static void pass_long_line(struct csv_stream *stream, size_t end)
{
    for (size_t i = stream->start; i < end; i++)
        stream->in_quotes ^=
            stream->options.quote && stream->input.data[i] == stream->options.quote;
    begin_record(stream, end);
}

/* A line that is too long is rejected by itself: only a quote that is open at its end makes it
 * unsure where the next row begins. */
static enum outcome end_long_line(struct csv_stream *stream, size_t end, struct csv_row *row)
{
    pass_long_line(stream, end);
    stream->long_line = false;
    stream->line++;
    stream->skipping = stream->in_quotes;
    return stream->skipping ? ENDED : finish_skip(stream, row);
}

static enum outcome skip_line(struct csv_stream *stream, size_t end, struct csv_row *row)
{
    bool whole = !stream->midline && end - stream->start <= stream->options.record_bytes_max;
    stream->midline = false;
    if (stream->long_line)
        return end_long_line(stream, end, row);
    if (whole && line_is_row(stream, stream->start, end)) {
        stream->skipping = false;
        return finish_skip(stream, row);
    }
    stream->line++;
    begin_record(stream, end);
    return ENDED;
}

static enum outcome break_record(struct csv_stream *stream, const char *within, size_t limit)
{
    if (limit)
        snprintf(stream->reason, sizeof(stream->reason),
                 "a quote opens in this record and is not closed within %zu %s", limit, within);
    else
        snprintf(stream->reason, sizeof(stream->reason),
                 "a quote opens in this record and is not closed before the end of the file");
    begin_skip(stream, "quote");
    return ENDED;
}

/* Reads one more line of a record that has begun with a quote somewhere. */
static enum outcome read_quoted(struct csv_stream *stream, size_t end, struct csv_row *row)
{
    size_t stop;
    if (end - stream->start > stream->options.record_bytes_max)
        return break_record(stream, "bytes", stream->options.record_bytes_max);
    if (!feed_line(stream, end, &stop)) {
        bool open = stop == end - stream->scan;
        if (open)
            return break_record(stream, NULL, 0);
        snprintf(stream->reason, sizeof(stream->reason),
                 "a quote stands in the wrong place (line %zu of the record, byte %zu of the line)",
                 stream->line_ends + 1, stop + 1);
        begin_skip(stream, "quote");
        return ENDED;
    }
    if (stream->row_count) {
        place_fields(stream);
        return finish_row(stream, end, row);
    }
    /* A lone CR ends a line only where it ends a row, so that numbers are those of an editor. */
    stream->line_ends += stream->input.data[end - 1] == '\n';
    stream->scan = end;
    if (stream->line_ends >= stream->options.record_lines_max)
        return break_record(stream, "lines", stream->options.record_lines_max);
    return ENDED;
}

static void begin_long_line(struct csv_stream *stream)
{
    snprintf(stream->reason, sizeof(stream->reason), "the line is longer than %zu bytes",
             stream->options.record_bytes_max);
    stream->first_end = stream->start;
    begin_skip(stream, "record_size");
    stream->line--;
    stream->long_line = true;
    stream->in_quotes = false;
}

static enum outcome read_line(struct csv_stream *stream, size_t end, struct csv_row *row)
{
    if (stream->scan > stream->start)
        return read_quoted(stream, end, row);
    size_t length = end - stream->start;
    const char *line = stream->input.data + stream->start;
    stream->first_end = end;
    if (length > stream->options.record_bytes_max) {
        begin_long_line(stream);
        return skip_line(stream, end, row);
    }
    if ((csv_is_blank(*line, stream->options.delimiter) || *line == '\r' || *line == '\n') &&
        line_is_blank(stream, end)) {
        stream->line++;
        begin_record(stream, end);
        return ENDED;
    }
    if (stream->options.quote && memchr(line, stream->options.quote, length))
        return read_quoted(stream, end, row);
    stream->field_count = csv_line_split(slice_make(line, length), stream->options.delimiter,
                                         &stream->fields, &stream->field_capacity);
    return finish_row(stream, end, row);
}

/* The input ends here for now: a record with an open quote is given up when no more will come or
 * when it is too long; its other lines are then read again. */
static bool give_up_record(struct csv_stream *stream)
{
    if (stream->skipping || stream->scan == stream->start)
        return false;
    if (stream->finished)
        break_record(stream, NULL, 0);
    else if (stream->input.length - stream->start > stream->options.record_bytes_max)
        break_record(stream, "bytes", stream->options.record_bytes_max);
    return stream->skipping;
}

/* A line that does not end must not be kept in memory. */
static void bound_line(struct csv_stream *stream)
{
    size_t length = stream->input.length;
    if (length - stream->start <= stream->options.record_bytes_max)
        return;
    /* A CR at the very end is the line's end or half of it: find_line will tell. */
    if (stream->input.data[length - 1] == '\r')
        length--;
    if (!stream->skipping)
        begin_long_line(stream);
    stream->midline = true;
    pass_long_line(stream, length);
}

enum outcome csv_stream_next(struct csv_stream *stream, struct csv_row *row)
{
    size_t end;
    enum outcome outcome = ENDED;
    do {
        while (outcome == ENDED && find_line(stream, &end))
            outcome = stream->skipping ? skip_line(stream, end, row) : read_line(stream, end, row);
    } while (outcome == ENDED && give_up_record(stream));
    if (outcome != ENDED)
        return outcome;
    if (!stream->finished)
        bound_line(stream);
    else if (stream->skipping)
        outcome = finish_skip(stream, row);
    if (outcome == ENDED)
        compact(stream);
    return outcome;
}
