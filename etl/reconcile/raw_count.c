#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/slice.h"
#include "cust360/reconcile_count.h"

#include <errno.h>
#include <stdio.h>

/* These counts must not share a mistake with the readers of a run, so nothing of theirs is used:
 * bytes are looked at one by one. In every encoding in use (UTF-8, GB18030, Big5) neither a line
 * feed nor a quote nor `<` can be a part of another character. */

enum { PIECE_BYTES = 1 << 16, NAME_BYTES = 128 };

struct counter {
    void (*take)(struct counter *counter, unsigned char byte);
    struct raw_count *count;
    /* lines */
    unsigned char quote;
    bool in_quotes;
    bool filled; /* the line has more than blanks */
    /* elements */
    struct slice path;     /* /Export/Customer */
    size_t depth;          /* elements that are open */
    size_t matched;        /* of them, from the top, those that the path names */
    char word[NAME_BYTES]; /* what stands behind < */
    size_t word_length;
    bool in_name;
    bool in_tag;         /* behind a begin tag's name */
    unsigned char value; /* the quote that an attribute's value ends with */
    unsigned char last;  /* the byte before */
    unsigned section;    /* '-': in a comment, ']': in CDATA, '?': in an instruction */
    unsigned closing;
};

static void end_line(struct counter *counter)
{
    counter->count->records += counter->filled;
    counter->filled = false;
}

/* A doubled quote leaves and enters again. A lone CR ends a line as well: the LF behind it then
 * ends an empty one. */
static void take_line_byte(struct counter *counter, unsigned char byte)
{
    if (byte == counter->quote && counter->quote)
        counter->in_quotes = !counter->in_quotes;
    if (!counter->in_quotes && (byte == '\n' || byte == '\r'))
        end_line(counter);
    else if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
        counter->filled = true;
}

static void take_section_byte(struct counter *counter, unsigned char byte)
{
    unsigned needed = counter->section == '?' ? 1 : 2;
    if (byte == '>' && counter->closing >= needed)
        counter->section = 0;
    counter->closing = byte == counter->section ? counter->closing + 1 : 0;
}

/* The part of the path at a depth; empty: it ends before. */
static struct slice path_part(struct slice path, size_t depth)
{
    for (size_t i = 0;; i++) {
        if (slice_is_empty(path))
            return path;
        path = slice_cut(path, 1, path.length);
        const char *end = memchr(path.data, '/', path.length);
        size_t length = end ? (size_t)(end - path.data) : path.length;
        if (i == depth)
            return slice_cut(path, 0, length);
        path = slice_cut(path, length, path.length);
    }
}

static void close_element(struct counter *counter)
{
    if (counter->depth)
        counter->depth--;
    if (counter->matched > counter->depth)
        counter->matched = counter->depth;
}

static struct slice without_prefix(struct slice name)
{
    const char *colon = memchr(name.data, ':', name.length);
    return colon ? slice_cut(name, (size_t)(colon + 1 - name.data), name.length) : name;
}

static void end_name(struct counter *counter)
{
    struct slice name = slice_make(counter->word, counter->word_length);
    counter->in_name = false;
    if (name.data[0] == '/') {
        close_element(counter);
        return;
    }
    bool is_next =
        counter->matched == counter->depth &&
        slice_equal(without_prefix(name), without_prefix(path_part(counter->path, counter->depth)));
    counter->depth++;
    counter->in_tag = true;
    if (!is_next)
        return;
    counter->matched++;
    if (slice_is_empty(path_part(counter->path, counter->depth)))
        counter->count->records++;
}

static void begin_section(struct counter *counter)
{
    struct slice word = slice_make(counter->word, counter->word_length);
    unsigned section = 0;
    if (slice_equal(word, SLICE("?")))
        section = '?';
    else if (slice_equal(word, SLICE("!--")))
        section = '-';
    else if (slice_equal(word, SLICE("![CDATA[")))
        section = ']';
    if (!section)
        return;
    counter->section = section;
    counter->closing = 0;
    counter->in_name = false;
}

static void take_tag_byte(struct counter *counter, unsigned char byte)
{
    if (counter->value) {
        counter->value = byte == counter->value ? 0 : counter->value;
        return;
    }
    if (byte == '"' || byte == '\'')
        counter->value = byte;
    if (byte != '>')
        return;
    counter->in_tag = false;
    if (counter->last == '/')
        close_element(counter);
}

static void take_name_byte(struct counter *counter, unsigned char byte)
{
    bool slash_ends = byte == '/' && counter->word_length > 0;
    if (byte == '>' || slash_ends || byte <= ' ') {
        if (counter->word_length)
            end_name(counter);
        counter->in_name = false;
        if (counter->in_tag)
            take_tag_byte(counter, byte);
        return;
    }
    if (counter->word_length < NAME_BYTES)
        counter->word[counter->word_length++] = (char)byte;
    begin_section(counter);
}

static void take_element_byte(struct counter *counter, unsigned char byte)
{
    if (counter->section)
        take_section_byte(counter, byte);
    else if (counter->in_name)
        take_name_byte(counter, byte);
    else if (counter->in_tag)
        take_tag_byte(counter, byte);
    else if (byte == '<')
        counter->in_name = true;
    if (byte == '<')
        counter->word_length = 0;
    counter->last = byte;
}

/* UTF-16 is looked at by its low bytes; a character whose high byte is not 0 is none of ours. */
static void take_piece(struct counter *counter, struct slice piece, unsigned wide, size_t low)
{
    for (size_t i = 0; i < piece.length; i++) {
        if (!wide)
            counter->take(counter, (unsigned char)piece.data[i]);
        else if (i % 2 == low && i + 1 - 2 * low < piece.length)
            counter->take(counter,
                          piece.data[i + 1 - 2 * low] ? 0xFF : (unsigned char)piece.data[i]);
    }
}

static bool count_file(struct counter *counter, const char *path, struct error *error)
{
    FILE *file = file_stream(path);
    if (!file)
        return error_set_system(error, EXIT_FAILED, errno, "could not open %s", path);
    char *piece = memory_allocate_array(PIECE_BYTES, 1);
    unsigned wide = 0;
    size_t low = 0;
    size_t length;
    bool first = true;
    while ((length = fread(piece, 1, PIECE_BYTES, file)) > 0) {
        struct slice bytes = slice_make(piece, length);
        counter->count->bytes += length;
        if (first && slice_starts_with(bytes, slice_make("\xEF\xBB\xBF", 3)))
            bytes = slice_cut(bytes, 3, length);
        if (first && length > 1) {
            bool little = (unsigned char)piece[0] == 0xFF && (unsigned char)piece[1] == 0xFE;
            bool big = (unsigned char)piece[0] == 0xFE && (unsigned char)piece[1] == 0xFF;
            wide = little || big;
            low = big ? 1 : 0;
            bytes = wide ? slice_cut(bytes, 2, length) : bytes;
        }
        first = false;
        take_piece(counter, bytes, wide, low);
    }
    bool read = ferror(file) == 0;
    (void)fclose(file); /* was only read */
    memory_free(piece);
    if (!read)
        return error_set_system(error, EXIT_FAILED, errno, "could not read %s", path);
    return file_hash(path, &counter->count->hash, error);
}

bool raw_count_lines(const char *path, char quote, struct raw_count *count, struct error *error)
{
    *count = (struct raw_count){0};
    struct counter counter = {
        .take = take_line_byte, .count = count, .quote = (unsigned char)quote};
    bool counted = count_file(&counter, path, error);
    end_line(&counter);
    return counted;
}

bool raw_count_elements(const char *path, const char *record, struct raw_count *count,
                        struct error *error)
{
    *count = (struct raw_count){0};
    struct counter counter = {.take = take_element_byte, .count = count, .path = slice_of(record)};
    return count_file(&counter, path, error);
}
