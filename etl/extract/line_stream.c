#include "extract/line_stream.h"
#include "cust360/base/memory.h"

struct line_stream {
    struct decoder *decoder;
    const struct line_dialect *dialect;
    struct csv_stream *rows; /* delimited lines; NULL: lines with places */
    struct csv_row row;
    struct buffer text;
    struct buffer raw;
    uint64_t text_offset; /* of the buffer's first byte in the text */
    size_t start;         /* of the next line in the buffer */
    size_t dropped;       /* bytes of it that were thrown away, for it is too long */
    uint64_t line_number; /* of the next line */
    bool ended;           /* all text is in the buffer */
};

struct line_stream *line_stream_create(struct decoder *decoder, const struct line_dialect *dialect)
{
    struct line_stream *stream = memory_allocate_array(1, sizeof(*stream));
    struct csv_options options = {dialect->delimiter, '"', dialect->record_bytes_max, 1};
    stream->decoder = decoder;
    stream->dialect = dialect;
    stream->line_number = 1;
    if (dialect->delimiter)
        stream->rows = csv_stream_create(&options);
    return stream;
}

void line_stream_destroy(struct line_stream *stream)
{
    if (!stream)
        return;
    csv_stream_destroy(stream->rows);
    buffer_release(&stream->text);
    buffer_release(&stream->raw);
    memory_free(stream);
}

/* Places in the file are asked for once a line, as they have to rise. */
static void find_bytes(struct line_stream *stream, struct line *line)
{
    uint64_t end = line->offset + line->length;
    line->byte_offset = decoder_file_offset(stream->decoder, line->offset);
    line->byte_length = decoder_file_offset(stream->decoder, end) - line->byte_offset;
}

/* ---- delimited lines ---- */

static enum outcome next_row(struct line_stream *stream, struct line *line, struct error *error)
{
    enum outcome outcome;
    while ((outcome = csv_stream_next(stream->rows, &stream->row)) == ENDED && !stream->ended) {
        if (!decoder_read(stream->decoder, csv_stream_input(stream->rows), &stream->ended, error))
            return FAILED;
        if (stream->ended)
            csv_stream_finish(stream->rows);
    }
    if (outcome == ENDED)
        return ENDED;
    *line = (struct line){.number = stream->row.line,
                          .offset = stream->row.offset,
                          .length = stream->row.length,
                          .fields = stream->row.fields,
                          .field_count = stream->row.field_count,
                          .reject_code = stream->row.reject_code,
                          .reject_reason = stream->row.reject_reason};
    find_bytes(stream, line);
    return outcome;
}

/* ---- lines with places ---- */

/* Moves what is not used up to the front, and reads a piece behind it. */
static bool read_piece(struct line_stream *stream, struct error *error)
{
    struct buffer *text = &stream->text;
    size_t rest = text->length - stream->start;
    if (rest && stream->start)
        memmove(text->data, text->data + stream->start, rest);
    stream->text_offset += stream->start;
    stream->start = 0;
    text->length = rest;
    if (rest > stream->dialect->record_bytes_max) {
        stream->dropped += rest;
        stream->text_offset += rest;
        text->length = 0;
    }
    return decoder_read(stream->decoder, text, &stream->ended, error);
}

/* One past the end of the line at `start`; 0: it has not arrived whole. */
static size_t find_line_end(const struct line_stream *stream)
{
    const struct buffer *text = &stream->text;
    const char *newline = NULL;
    if (stream->start == text->length)
        return 0;
    const char *limit = text->data + text->length;
    const char *end = csv_line_end(text->data + stream->start, limit, &newline);
    /* A CR at the very end may be the first half of a CRLF. */
    bool whole = stream->ended || end[-1] == '\n' || (end[-1] == '\r' && end < limit);
    return whole ? (size_t)(end - text->data) : 0;
}

static void fill_line(struct line_stream *stream, size_t end, struct line *line)
{
    size_t start = stream->start;
    struct slice text = slice_cut(buffer_slice(&stream->text), start, end);
    while (text.length &&
           (text.data[text.length - 1] == '\n' || text.data[text.length - 1] == '\r'))
        text.length--;
    *line = (struct line){.number = stream->line_number++,
                          .offset = stream->text_offset + start - stream->dropped,
                          .length = end - start + stream->dropped,
                          .text = text,
                          .ascii = true};
    for (size_t i = 0; i < text.length && line->ascii; i++)
        line->ascii = !(text.data[i] & 0x80);
    stream->start = end;
}

/* Blank lines, and the Ctrl-Z that old systems end a file with. */
static bool is_blank(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\x1A')
            return false;
    return true;
}

static bool take_raw(struct line_stream *stream, struct line *line, struct error *error)
{
    if (!stream->dialect->bytes || line->ascii)
        return true;
    buffer_clear(&stream->raw);
    if (!decoder_raw(stream->decoder, line->byte_offset, line->byte_length, &stream->raw, error))
        return false;
    line->raw = buffer_slice(&stream->raw);
    while (line->raw.length && (line->raw.data[line->raw.length - 1] == '\n' ||
                                line->raw.data[line->raw.length - 1] == '\r'))
        line->raw.length--;
    return true;
}

enum outcome line_stream_next(struct line_stream *stream, struct line *line, struct error *error)
{
    if (stream->rows)
        return next_row(stream, line, error);
    for (;;) {
        size_t end;
        while ((end = find_line_end(stream)) == 0) {
            if (stream->ended)
                return ENDED;
            if (!read_piece(stream, error))
                return FAILED;
        }
        fill_line(stream, end, line);
        find_bytes(stream, line);
        bool too_long = stream->dropped || line->length > stream->dialect->record_bytes_max;
        stream->dropped = 0;
        if (too_long) {
            line->reject_code = "record_size";
            line->reject_reason = "the line is longer than a record may be";
            return REJECTED;
        }
        if (!is_blank(line->text))
            return take_raw(stream, line, error) ? ACCEPTED : FAILED;
    }
}
