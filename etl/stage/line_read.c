#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/stage.h"

#include <errno.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 18 };

/* A row is no larger than this: a stream without line ends must not fill the memory. */
#define ROW_BYTES_MAX ((size_t)64 << 20)

struct line_reader {
    int descriptor; /* -1: the text is all there is */
    struct line_expectation expectation;
    struct buffer buffer;
    struct slice text; /* what is there and not yet given */
    bool ended;        /* nothing more to read */
    bool framed;       /* between a header and a trailer */
    uint64_t streams;
    uint64_t line;        /* of the input, from 1 */
    uint64_t stream_rows; /* of the stream at hand, without rejects */
    uint64_t rows;
    struct slice *columns;
    size_t capacity;
};

static struct line_reader *create(int descriptor, const struct line_expectation *expectation)
{
    struct line_reader *reader = memory_allocate_array(1, sizeof(*reader));
    reader->descriptor = descriptor;
    reader->expectation = *expectation;
    return reader;
}

struct line_reader *line_reader_create(int descriptor, const struct line_expectation *expectation)
{
    return create(descriptor, expectation);
}

struct line_reader *line_reader_of_text(struct slice text,
                                        const struct line_expectation *expectation)
{
    struct line_reader *reader = create(-1, expectation);
    reader->text = text;
    reader->ended = true;
    return reader;
}

void line_reader_destroy(struct line_reader *reader)
{
    if (!reader)
        return;
    buffer_release(&reader->buffer);
    memory_free(reader->columns);
    memory_free(reader);
}

uint64_t line_reader_rows(const struct line_reader *reader)
{
    return reader->rows;
}

/* ---- lines ---- */

static bool fail(const struct line_reader *reader, struct error *error, const char *what)
{
    error_set(error, EXIT_FAILED, "%s", what);
    return error_place(error, "(input)", reader->line, 0);
}

/* What is left moves to the buffer's begin, and more comes behind it. */
static bool read_more(struct line_reader *reader, struct error *error)
{
    struct buffer *buffer = &reader->buffer;
    if (reader->text.length > ROW_BYTES_MAX)
        return fail(reader, error, "a row of the stream is larger than 64 MiB");
    if (reader->text.length)
        memmove(buffer->data, reader->text.data, reader->text.length);
    buffer->length = reader->text.length;
    char *place = buffer_reserve(buffer, PIECE_BYTES);
    ssize_t got;
    do
        got = read(reader->descriptor, place, PIECE_BYTES);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not read the stream");
    buffer->length += (size_t)got;
    reader->text = slice_make(buffer->data, buffer->length);
    reader->ended = got == 0;
    return true;
}

/* The next line; ENDED also when the last one has no line end, which is told as an error. */
static enum outcome next_line(struct line_reader *reader, struct slice *line, struct error *error)
{
    size_t searched = 0;
    for (;;) {
        const char *end = NULL;
        if (reader->text.length > searched)
            end = memchr(reader->text.data + searched, '\n', reader->text.length - searched);
        if (end) {
            *line = slice_make(reader->text.data, (size_t)(end - reader->text.data));
            reader->text = slice_cut(reader->text, line->length + 1, reader->text.length);
            reader->line++;
            return ACCEPTED;
        }
        searched = reader->text.length;
        if (reader->ended)
            break;
        if (!read_more(reader, error))
            return FAILED;
    }
    if (reader->text.length == 0)
        return ENDED;
    reader->line++;
    fail(reader, error, "the stream is cut off within a row");
    return FAILED;
}

/* ---- columns ---- */

static bool is_hexadecimal(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

/* The bytes of the escape at the begin of `text`; 0: it is none. */
static size_t escape_bytes(struct slice text)
{
    if (text.length < 2)
        return 0;
    if (text.data[1] == '\\' || text.data[1] == 't' || text.data[1] == 'n' || text.data[1] == 'r' ||
        text.data[1] == ',')
        return 2;
    bool is_byte = text.length >= 4 && text.data[1] == 'x' && is_hexadecimal(text.data[2]) &&
                   is_hexadecimal(text.data[3]);
    return is_byte ? 4 : 0;
}

static bool is_escaped_well(struct slice text)
{
    const char *found;
    while (text.length && (found = memchr(text.data, '\\', text.length)) != NULL) {
        text = slice_cut(text, (size_t)(found - text.data), text.length);
        size_t bytes = escape_bytes(text);
        if (bytes == 0)
            return false;
        text = slice_cut(text, bytes, text.length);
    }
    return true;
}

static void cut_columns(struct line_reader *reader, struct slice text, struct line *line)
{
    size_t count = 0;
    line->raw = text;
    for (;;) {
        const char *tab = text.length ? memchr(text.data, '\t', text.length) : NULL;
        size_t length = tab ? (size_t)(tab - text.data) : text.length;
        reader->columns =
            memory_grow(reader->columns, &reader->capacity, count + 1, sizeof(*reader->columns));
        reader->columns[count++] = slice_cut(text, 0, length);
        if (!tab)
            break;
        text = slice_cut(text, length + 1, text.length);
    }
    line->columns = reader->columns;
    line->count = count;
}

/* ---- frames ---- */

static bool read_hash(struct slice text, uint64_t *hash)
{
    *hash = 0;
    if (text.length != 16)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (!is_hexadecimal(byte))
            return false;
        *hash = *hash << 4 | (uint64_t)(byte <= '9' ? byte - '0' : byte - 'a' + 10);
    }
    return true;
}

static bool read_header(struct line_reader *reader, const struct line *line, struct error *error)
{
    int64_t protocol = 0;
    uint64_t hash = 0;
    if (reader->framed)
        return fail(reader, error, "a stream begins before the one in front of it has ended");
    if (line->count != 4 || !text_to_integer(line->columns[1], &protocol) ||
        !read_hash(line->columns[3], &hash))
        return fail(reader, error, "the header of the stream cannot be read");
    if (protocol != STAGE_PROTOCOL) {
        error_set(error, EXIT_FAILED, "the stream is of protocol %lld, this program speaks %d",
                  (long long)protocol, STAGE_PROTOCOL);
        return error_hint(error, "let all stages be of one version of cust360");
    }
    if (hash != reader->expectation.hash) {
        error_set(
            error, EXIT_CONFIGURATION,
            "the stream was written by another configuration or model (%016llx, here %016llx)",
            (unsigned long long)hash, (unsigned long long)reader->expectation.hash);
        return error_hint(error, "give all stages the same project, mappings, model and --as-of");
    }
    reader->framed = true;
    reader->streams++;
    reader->stream_rows = 0;
    return true;
}

static bool read_trailer(struct line_reader *reader, const struct line *line, struct error *error)
{
    int64_t rows = 0;
    if (!reader->framed)
        return fail(reader, error, "a trailer stands where no stream has begun");
    if (line->count != 5 || !text_to_integer(line->columns[2], &rows) || rows < 0)
        return fail(reader, error, "the trailer of the stream cannot be read");
    reader->framed = false;
    if ((uint64_t)rows == reader->stream_rows)
        return true;
    error_set(error, EXIT_FAILED, "the stream has %llu rows, its trailer tells of %lld",
              (unsigned long long)reader->stream_rows, (long long)rows);
    return error_place(error, "(input)", reader->line, 0);
}

/* A line that begins with "#". ACCEPTED: it was a frame, or a reject of a stage before, which is
 * nobody's business any more. */
static bool read_mark(struct line_reader *reader, const struct line *line, struct error *error)
{
    if (slice_equal(line->columns[0], SLICE("#reject")))
        return reader->framed || reader->expectation.unframed ||
               fail(reader, error, "rows stand in front of the stream's header");
    if (reader->expectation.unframed)
        return fail(reader, error, "there is a frame among rows that were to come without");
    if (slice_equal(line->columns[0], SLICE("#cust360")))
        return read_header(reader, line, error);
    if (slice_equal(line->columns[0], SLICE("#end")))
        return read_trailer(reader, line, error);
    return fail(reader, error, "a line of the stream begins with # and is no frame");
}

static enum outcome end_input(struct line_reader *reader, struct error *error)
{
    if (reader->expectation.unframed || (!reader->framed && reader->streams > 0))
        return ENDED;
    fail(reader, error,
         reader->framed ? "the stream is cut off: it has no trailer"
                        : "the input is empty: not even a header has come");
    return FAILED;
}

enum outcome line_reader_next(struct line_reader *reader, struct line *line, struct error *error)
{
    struct slice text;
    enum outcome outcome;
    while ((outcome = next_line(reader, &text, error)) == ACCEPTED) {
        cut_columns(reader, text, line);
        if (text.length && text.data[0] == '#') {
            if (!read_mark(reader, line, error))
                return FAILED;
            continue;
        }
        if (!reader->framed && !reader->expectation.unframed) {
            fail(reader, error, "rows stand in front of the stream's header");
            return FAILED;
        }
        reader->rows++;
        reader->stream_rows++;
        line->reject_reason = is_escaped_well(text) ? NULL : "escape";
        return line->reject_reason ? REJECTED : ACCEPTED;
    }
    return outcome == ENDED ? end_input(reader, error) : FAILED;
}

/* ---- texts ---- */

static unsigned digit_value(char byte)
{
    return (unsigned)(byte <= '9' ? byte - '0' : byte - 'a' + 10);
}

static char escaped_byte(const char *escape)
{
    switch (escape[1]) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'x':
        return (char)(digit_value(escape[2]) << 4 | digit_value(escape[3]));
    default:
        return escape[1];
    }
}

struct slice line_text(struct arena *arena, struct slice column)
{
    if (column.length == 0 || !memchr(column.data, '\\', column.length))
        return column;
    char *text = arena_allocate(arena, column.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < column.length;) {
        size_t bytes =
            column.data[i] == '\\' ? escape_bytes(slice_cut(column, i, column.length)) : 0;
        text[length++] = bytes ? escaped_byte(column.data + i) : column.data[i];
        i += bytes ? bytes : 1;
    }
    return slice_make(text, length);
}

/* Where the item at the begin of the column ends. */
static size_t item_length(struct slice column)
{
    for (size_t i = 0; i < column.length;) {
        size_t bytes =
            column.data[i] == '\\' ? escape_bytes(slice_cut(column, i, column.length)) : 0;
        if (bytes && column.data[i + 1] == ',')
            return i;
        i += bytes ? bytes : 1;
    }
    return column.length;
}

size_t line_items(struct arena *arena, struct slice column, const struct slice **items)
{
    if (column.length == 0)
        return 0;
    size_t count = 1;
    for (size_t i = item_length(column); i < column.length;
         i += 2 + item_length(slice_cut(column, i + 2, column.length)))
        count++;
    struct slice *list = arena_allocate_array(arena, count, sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        size_t length = item_length(column);
        list[i] = line_text(arena, slice_cut(column, 0, length));
        column = slice_cut(column, length + 2, column.length);
    }
    *items = list;
    return count;
}
