#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "extract/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SAMPLE_BYTES = 64 * 1024,
    SMALL_PIECE_BYTES = 4096,
    /* A stray byte is a damaged row, many are the wrong encoding. */
    WRONG_PER_MILLE = 1, /* of the characters beyond ASCII */
    WRONG_SURE_PER_MILLE = 500,
    UNDECODABLE_FEW = 10,
    UNDECODABLE_EARLY = 1000, /* so many end the reading before the file does */
    PRIVATE_SURE_PER_MILLE = 50,
    PRIVATE_FEW = 2,
    NUL_PER_MILLE = 250
};

static const struct byte_order_mark {
    const char *encoding;
    struct slice bytes;
} BYTE_ORDER_MARKS[] = {
    {"utf-8", {"\xEF\xBB\xBF", 3}},
    {"utf-16le", {"\xFF\xFE", 2}},
    {"utf-16be", {"\xFE\xFF", 2}},
    {"gb18030", {"\x84\x31\x95\x33", 4}},
};

static bool place_in(const struct decoder *decoder, uint64_t line, struct error *error)
{
    return error_place(error, decoder->options.file, line, 0);
}

static bool read_piece(struct decoder *decoder, size_t bytes, struct error *error)
{
    if (bytes > decoder->limit - decoder->position)
        bytes = (size_t)(decoder->limit - decoder->position);
    if (bytes == 0)
        return true;
    char *target = buffer_reserve(&decoder->raw, bytes);
    ssize_t got;
    do
        got = read(decoder->descriptor, target, bytes);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not read the file");
        return place_in(decoder, 0, error);
    }
    decoder->raw.length += (size_t)got;
    decoder->position += (uint64_t)got;
    decoder->ended = got == 0;
    return true;
}

static const struct byte_order_mark *find_byte_order_mark(struct slice begin)
{
    for (size_t i = 0; i < sizeof(BYTE_ORDER_MARKS) / sizeof(*BYTE_ORDER_MARKS); i++)
        if (slice_starts_with(begin, BYTE_ORDER_MARKS[i].bytes))
            return &BYTE_ORDER_MARKS[i];
    return NULL;
}

/* Of UTF-16 without a mark: where the zero bytes of the ASCII characters stand. */
static const char *guess_byte_order(struct decoder *decoder)
{
    struct buffer sample = BUFFER_EMPTY;
    struct error ignored;
    size_t zeros[2] = {0, 0};
    decoder_raw(decoder, 0, SAMPLE_BYTES, &sample, &ignored);
    for (size_t i = 0; i < sample.length; i++)
        zeros[i % 2] += sample.data[i] == '\0';
    buffer_release(&sample);
    return zeros[0] > zeros[1] ? "utf-16be" : "utf-16le";
}

/* Which encoding it is: *name, and the byte order mark to pass over. */
static bool choose_encoding(struct decoder *decoder, const char **name, struct error *error)
{
    const char *declared = decoder->options.encoding;
    struct slice begin = buffer_slice(&decoder->raw);
    const struct byte_order_mark *mark = find_byte_order_mark(begin);
    bool automatic = encoding_is(declared, "auto");
    bool utf16 = encoding_is(declared, "utf-16");
    decoder->mark_bytes = mark ? mark->bytes.length : 0;
    *name = declared;
    if (mark && !automatic && !encoding_is(declared, mark->encoding) &&
        !(utf16 && slice_starts_with(slice_of(mark->encoding), SLICE("utf-16")))) {
        error_set(error, EXIT_FAILED,
                  "the encoding looks wrong: %s is declared, but the file begins with the byte "
                  "order mark of %s",
                  declared, mark->encoding);
        place_in(decoder, 1, error);
        return error_hint(error, "set `encoding: %s` for this source", mark->encoding);
    }
    if (mark)
        *name = mark->encoding;
    else if (utf16)
        *name = guess_byte_order(decoder);
    else if (automatic)
        return encoding_detect(&decoder->options, name, error);
    return true;
}

bool decoder_open_file(struct decoder *decoder, struct error *error)
{
    struct stat status;
    decoder->descriptor = open(decoder->options.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (decoder->descriptor < 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not open the file");
        return place_in(decoder, 0, error);
    }
    if (fstat(decoder->descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        /* A small file is read into a small buffer. */
        while (decoder->options.piece_bytes > SMALL_PIECE_BYTES &&
               decoder->options.piece_bytes / 2 > (size_t)status.st_size)
            decoder->options.piece_bytes /= 2;
        return true;
    }
    error_set(error, EXIT_FAILED, "could not read the file: not a regular file");
    return place_in(decoder, 0, error);
}

/* The first read must hold a whole byte order mark, however small the pieces. */
static bool read_begin(struct decoder *decoder, struct error *error)
{
    while (!decoder->ended && decoder->raw.length < BYTE_ORDER_MARKS[3].bytes.length)
        if (!read_piece(decoder, decoder->options.piece_bytes, error))
            return false;
    return true;
}

void decoder_close(struct decoder *decoder)
{
    if (!decoder)
        return;
    if (decoder->descriptor >= 0)
        close(decoder->descriptor);
    encoding_close(decoder->encoding);
    transcoder_release(&decoder->transcoder);
    buffer_release(&decoder->raw);
    memory_free(decoder);
}

const char *decoder_encoding(const struct decoder *decoder)
{
    return decoder->encoding->name;
}

uint64_t decoder_undecodable(const struct decoder *decoder)
{
    return decoder->transcoder.undecodable;
}

static void take_sample(struct decoder *decoder, uint64_t offset, struct buffer *sample)
{
    struct error ignored;
    uint64_t from = offset > SAMPLE_BYTES / 2 ? offset - SAMPLE_BYTES / 2 : 0;
    decoder_raw(decoder, from & ~UINT64_C(1), SAMPLE_BYTES, sample, &ignored);
}

/* `guess` may be NULL. */
static bool hint_encoding(const struct decoder *decoder, const char *guess, struct error *error)
{
    if (guess && !encoding_is(guess, decoder->encoding->name))
        return error_hint(error, "it looks like %s: set `encoding: %s` for this source", guess,
                          guess);
    return error_hint(error, "set `encoding:` for this source to the one that it is written in");
}

static bool looks_wrong(struct decoder *decoder, uint64_t offset, const char *what, uint64_t count,
                        struct error *error)
{
    struct buffer sample = BUFFER_EMPTY;
    take_sample(decoder, offset, &sample);
    error_set(error, EXIT_FAILED,
              "the encoding looks wrong: read as %s, %llu %s, the first at byte %llu",
              decoder->encoding->name, (unsigned long long)count, what, (unsigned long long)offset);
    place_in(decoder, decoder_line(decoder, offset, NULL), error);
    hint_encoding(decoder, encoding_guess(buffer_slice(&sample)), error);
    buffer_release(&sample);
    return false;
}

/* In Latin-1 and its like every byte is a character, so UTF-8 would come as two or three each. */
static bool check_single(struct decoder *decoder, struct error *error)
{
    static const char *const families[] = {"iso-8859", "iso8859", "latin", "windows-125", "cp125"};
    struct buffer sample = BUFFER_EMPTY;
    bool western = false;
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        western =
            western || strncasecmp(decoder->encoding->name, families[i], strlen(families[i])) == 0;
    if (!western)
        return true;
    take_sample(decoder, 0, &sample);
    bool utf8 = encoding_is_plainly_utf8(buffer_slice(&sample));
    buffer_release(&sample);
    if (!utf8)
        return true;
    error_set(error, EXIT_FAILED,
              "the encoding looks wrong: it is to be read as %s, and all of it is valid UTF-8",
              decoder->encoding->name);
    place_in(decoder, 1, error);
    return hint_encoding(decoder, "utf-8", error);
}

/* GBK text is nearly always valid Big5-HKSCS, so validity is not enough. */
static bool check_frequencies(struct decoder *decoder, struct error *error)
{
    struct buffer sample = BUFFER_EMPTY;
    const char *other = NULL;
    if (decoder->encoding->form == ENCODING_OTHER)
        return check_single(decoder, error);
    if (decoder->encoding->form != ENCODING_PAIRS)
        return true;
    take_sample(decoder, 0, &sample);
    other = encoding_contradiction(buffer_slice(&sample), decoder->encoding->is_gb18030);
    buffer_release(&sample);
    if (!other)
        return true;
    error_set(error, EXIT_FAILED,
              "the encoding looks wrong: read as %s, the most frequent characters are rare ones",
              decoder->encoding->name);
    place_in(decoder, 1, error);
    return hint_encoding(decoder, other, error);
}

struct decoder *decoder_create(const struct decode_options *options)
{
    struct decoder *decoder = memory_allocate_array(1, sizeof(*decoder));
    decoder->options = *options;
    decoder->descriptor = -1;
    decoder->limit = UINT64_MAX;
    if (!decoder->options.piece_bytes)
        decoder->options.piece_bytes = DECODE_PIECE_BYTES;
    buffer_reserve(&decoder->raw, 0);
    decoder->transcoder.mark_kind = options->marks;
    return decoder;
}

struct decoder *decoder_open(const struct decode_options *options, struct error *error)
{
    const char *name;
    struct decoder *decoder = decoder_create(options);
    if (!decoder_open_file(decoder, error) || !read_begin(decoder, error) ||
        !choose_encoding(decoder, &name, error))
        goto out;
    decoder->encoding = encoding_open(name, error);
    if (!decoder->encoding)
        goto out;
    decoder->transcoder.encoding = decoder->encoding;
    decoder->transcoder.file_offset = decoder->mark_bytes;
    decoder->raw.length -= decoder->mark_bytes;
    memmove(decoder->raw.data, decoder->raw.data + decoder->mark_bytes, decoder->raw.length);
    if (check_frequencies(decoder, error))
        return decoder;
out:
    decoder_close(decoder);
    return NULL;
}

static bool is_over(uint64_t count, uint64_t whole, uint64_t per_mille)
{
    return count * 1000 > whole * per_mille;
}

bool decoder_check(struct decoder *decoder, struct error *error)
{
    const struct transcoder *seen = &decoder->transcoder;
    uint64_t few = decoder->ended ? UNDECODABLE_FEW : UNDECODABLE_EARLY;
    bool undecodable =
        seen->undecodable > few && is_over(seen->undecodable, seen->non_ascii, WRONG_PER_MILLE);
    undecodable =
        undecodable || (decoder->ended && seen->undecodable > PRIVATE_FEW &&
                        is_over(seen->undecodable, seen->non_ascii, WRONG_SURE_PER_MILLE));
    if (undecodable)
        return looks_wrong(decoder, seen->first_undecodable, "bytes cannot be decoded",
                           seen->undecodable, error);
    bool private_use = decoder->ended &&
                       is_over(seen->private_use, seen->non_ascii, WRONG_PER_MILLE) &&
                       (seen->private_use > PRIVATE_FEW ||
                        is_over(seen->private_use, seen->non_ascii, PRIVATE_SURE_PER_MILLE));
    if (private_use)
        return looks_wrong(decoder, seen->first_private,
                           "characters are of the private use area (more than 0.1 %)",
                           seen->private_use, error);
    if (is_over(seen->nul_bytes, seen->text_offset, NUL_PER_MILLE))
        return looks_wrong(decoder, 0, "bytes are NUL", seen->nul_bytes, error);
    return true;
}

bool decoder_read(struct decoder *decoder, struct buffer *text, bool *ended, struct error *error)
{
    if (!decoder->ended && !read_piece(decoder, decoder->options.piece_bytes, error))
        return false;
    size_t used =
        transcode(&decoder->transcoder, buffer_slice(&decoder->raw), decoder->ended, text);
    decoder->raw.length -= used;
    memmove(decoder->raw.data, decoder->raw.data + used, decoder->raw.length);
    *ended = decoder->ended;
    return decoder->is_part || decoder_check(decoder, error);
}

uint64_t decoder_file_offset(struct decoder *decoder, uint64_t text_offset)
{
    struct transcoder *transcoder = &decoder->transcoder;
    if (transcoder->mark_head == transcoder->mark_count)
        return text_offset;
    while (transcoder->mark_head + 1 < transcoder->mark_count &&
           transcoder->marks[transcoder->mark_head + 1].text_offset <= text_offset)
        transcoder->mark_head++;
    const struct mark *mark = &transcoder->marks[transcoder->mark_head];
    return mark->file_offset + (text_offset - mark->text_offset);
}

const struct damage *decoder_damage(struct decoder *decoder, uint64_t from, uint64_t to)
{
    struct transcoder *transcoder = &decoder->transcoder;
    while (transcoder->damage_head < transcoder->damage_count) {
        const struct damage *damage = &transcoder->damages[transcoder->damage_head];
        if (damage->text_offset >= from)
            return damage->text_offset < to ? damage : NULL;
        transcoder->damage_head++;
    }
    return NULL;
}

bool decoder_raw(struct decoder *decoder, uint64_t offset, uint64_t length, struct buffer *bytes,
                 struct error *error)
{
    char *target = buffer_reserve(bytes, (size_t)length);
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(decoder->descriptor, target + done, (size_t)length - done,
                            (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            error_set_system(error, EXIT_FAILED, errno, "could not read the file again");
            return place_in(decoder, 0, error);
        }
        if (got == 0)
            break;
        done += (size_t)got;
    }
    bytes->length += done;
    bytes->data[bytes->length] = '\0';
    return true;
}

/* Characters of the line up to a byte, by decoding it once more. */
static uint64_t count_column(struct decoder *decoder, uint64_t line_begin, uint64_t offset)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct buffer text = BUFFER_EMPTY;
    struct error ignored;
    struct transcoder again = {.encoding = decoder->encoding, .mark_kind = MARK_NONE};
    uint64_t column = 0;
    if (offset - line_begin <= SAMPLE_BYTES &&
        decoder_raw(decoder, line_begin, offset - line_begin, &bytes, &ignored)) {
        transcode(&again, buffer_slice(&bytes), true, &text);
        column = text_length(buffer_slice(&text)) + 1;
    }
    transcoder_release(&again);
    buffer_release(&bytes);
    buffer_release(&text);
    return column;
}

/* Counts the line feeds of a piece that begins at `at`; *line_begin: behind the last. */
static uint64_t count_lines(const struct decoder *decoder, struct slice bytes, uint64_t at,
                            uint64_t *line_begin)
{
    bool utf16 = decoder->encoding->form == ENCODING_UTF16;
    size_t step = utf16 ? 2 : 1;
    size_t low = utf16 && decoder->encoding->big_endian ? 1 : 0;
    uint64_t lines = 0;
    for (size_t i = 0; i + step <= bytes.length; i += step) {
        if (bytes.data[i + low] != '\n' || (utf16 && bytes.data[i + 1 - low] != '\0'))
            continue;
        lines++;
        *line_begin = at + i + step;
    }
    return lines;
}

uint64_t decoder_line(struct decoder *decoder, uint64_t offset, uint64_t *column)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct error ignored;
    uint64_t line_begin = decoder->mark_bytes;
    uint64_t line = 1;
    bool read = true;
    for (uint64_t at = 0; at < offset && read; at += DECODE_PIECE_BYTES) {
        uint64_t length = offset - at < DECODE_PIECE_BYTES ? offset - at : DECODE_PIECE_BYTES;
        buffer_clear(&bytes);
        read = decoder_raw(decoder, at, length, &bytes, &ignored);
        line += count_lines(decoder, buffer_slice(&bytes), at, &line_begin);
    }
    buffer_release(&bytes);
    if (column)
        *column = read && offset >= line_begin ? count_column(decoder, line_begin, offset) : 0;
    return read ? line : 0;
}

bool decoder_fail_undecodable(struct decoder *decoder, struct error *error)
{
    struct buffer sample = BUFFER_EMPTY;
    uint64_t offset = decoder->transcoder.first_undecodable;
    uint64_t column;
    uint64_t line = decoder_line(decoder, offset, &column);
    take_sample(decoder, offset, &sample);
    error_set(error, EXIT_FAILED, "byte %llu is no character of %s, in which the file is read",
              (unsigned long long)offset, decoder->encoding->name);
    error_place(error, decoder->options.file, line, column);
    hint_encoding(decoder, encoding_guess(buffer_slice(&sample)), error);
    buffer_release(&sample);
    return false;
}
