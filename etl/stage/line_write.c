#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/stage.h"

#include <errno.h>
#include <unistd.h>

enum { FLUSH_BYTES = 1 << 16 };

struct line_writer {
    int descriptor;
    const char *stage;
    struct buffer buffer;
    bool in_row;
    uint64_t rows;
    uint64_t rejects;
    uint64_t counted;
    int failure; /* errno of the first write that failed */
};

static void flush(struct line_writer *writer)
{
    const char *data = writer->buffer.data;
    size_t left = writer->buffer.length;
    while (left > 0 && !writer->failure) {
        ssize_t done = write(writer->descriptor, data, left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            writer->failure = errno;
            break;
        }
        data += done;
        left -= (size_t)done;
    }
    buffer_clear(&writer->buffer);
}

struct line_writer *line_writer_create(int descriptor, const char *stage, uint64_t hash)
{
    struct line_writer *writer = memory_allocate_array(1, sizeof(*writer));
    writer->descriptor = descriptor;
    writer->stage = stage;
    buffer_format(&writer->buffer, "#cust360\t%d\t%s\t%016llx\n", STAGE_PROTOCOL, stage,
                  (unsigned long long)hash);
    return writer;
}

void line_writer_destroy(struct line_writer *writer)
{
    if (!writer)
        return;
    buffer_release(&writer->buffer);
    memory_free(writer);
}

/* ---- columns ---- */

static void begin_column(struct line_writer *writer)
{
    if (writer->in_row)
        buffer_append_byte(&writer->buffer, '\t');
    writer->in_row = true;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '\\';
}

static void append_byte(struct buffer *buffer, unsigned char byte)
{
    switch (byte) {
    case '\\':
        buffer_append_text(buffer, "\\\\");
        return;
    case '\t':
        buffer_append_text(buffer, "\\t");
        return;
    case '\n':
        buffer_append_text(buffer, "\\n");
        return;
    case '\r':
        buffer_append_text(buffer, "\\r");
        return;
    default:
        buffer_format(buffer, "\\x%02x", byte);
    }
}

/* Bytes that can stand as they are from `from` on. */
static size_t plain_bytes(struct slice text, size_t from)
{
    size_t at = from;
    while (at < text.length) {
        if (is_plain((unsigned char)text.data[at])) {
            at++;
            continue;
        }
        if ((unsigned char)text.data[at] < 0x80)
            break;
        size_t next = at;
        text_next(text, &next);
        if (!text_is_valid(slice_cut(text, at, next), NULL))
            break;
        at = next;
    }
    return at - from;
}

static void append_escaped(struct buffer *buffer, struct slice text)
{
    for (size_t at = 0; at < text.length;) {
        size_t plain = plain_bytes(text, at);
        if (plain) {
            buffer_append(buffer, slice_cut(text, at, at + plain));
            at += plain;
        } else {
            append_byte(buffer, (unsigned char)text.data[at++]);
        }
    }
}

void line_column(struct line_writer *writer, struct slice text)
{
    bool is_mark = !writer->in_row && text.length && text.data[0] == '#';
    begin_column(writer);
    if (is_mark) {
        buffer_append_text(&writer->buffer, "\\x23");
        text = slice_cut(text, 1, text.length);
    }
    append_escaped(&writer->buffer, text);
}

void line_column_number(struct line_writer *writer, int64_t number)
{
    begin_column(writer);
    buffer_format(&writer->buffer, "%lld", (long long)number);
}

void line_column_escaped(struct line_writer *writer, struct slice column)
{
    begin_column(writer);
    buffer_append(&writer->buffer, column);
}

void line_column_items(struct line_writer *writer, const struct slice *items, size_t count)
{
    begin_column(writer);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_text(&writer->buffer, "\\,");
        append_escaped(&writer->buffer, items[i]);
    }
}

static void end_line(struct line_writer *writer)
{
    buffer_append_byte(&writer->buffer, '\n');
    writer->in_row = false;
    if (writer->buffer.length >= FLUSH_BYTES)
        flush(writer);
}

void line_end(struct line_writer *writer)
{
    writer->rows++;
    end_line(writer);
}

void line_reject(struct line_writer *writer, const char *reason, struct slice raw)
{
    buffer_format(&writer->buffer, "#reject\t%s\t%s\t", writer->stage, reason);
    append_escaped(&writer->buffer, raw);
    writer->rejects++;
    end_line(writer);
}

void line_writer_count(struct line_writer *writer, uint64_t number)
{
    writer->counted += number;
}

bool line_writer_works(const struct line_writer *writer)
{
    return writer->failure == 0;
}

bool line_writer_finish(struct line_writer *writer, uint64_t rows_in, struct error *error)
{
    buffer_format(&writer->buffer, "#end\t%llu\t%llu\t%llu\t%llu\n", (unsigned long long)rows_in,
                  (unsigned long long)writer->rows, (unsigned long long)writer->rejects,
                  (unsigned long long)writer->counted);
    flush(writer);
    if (writer->failure)
        return error_set_system(error, EXIT_FAILED, writer->failure, "could not write the stream");
    return true;
}
