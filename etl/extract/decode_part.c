/* One file, decoded in parts by several threads: each part by a decoder of its own. */
#include "cust360/base/memory.h"
#include "extract/decoder.h"

#include <errno.h>
#include <unistd.h>

enum {
    LOOK_BYTES = 4096 /* a line is rarely longer */
};

bool decoder_may_be_cut(const struct decoder *decoder)
{
    return decoder->encoding->form != ENCODING_OTHER;
}

struct decoder *decoder_open_at(const struct decode_options *options, uint64_t offset,
                                struct error *error)
{
    struct decoder *decoder = decoder_create(options);
    if (!decoder_open_file(decoder, error))
        goto out;
    if (lseek(decoder->descriptor, (off_t)offset, SEEK_SET) < 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not read the file");
        error_place(error, options->file, 0, 0);
        goto out;
    }
    decoder->encoding = encoding_open(options->encoding, error);
    if (!decoder->encoding)
        goto out;
    decoder->transcoder.encoding = decoder->encoding;
    decoder->transcoder.file_offset = offset;
    decoder->position = offset;
    decoder->is_part = true;
    return decoder;
out:
    decoder_close(decoder);
    return NULL;
}

void decoder_limit(struct decoder *decoder, uint64_t offset)
{
    decoder->limit = offset > decoder->position ? offset : decoder->position;
}

bool decoder_is_at_limit(const struct decoder *decoder)
{
    return decoder->position == decoder->limit;
}

/* The index behind the first line feed, or 0. UTF-16 has it as one unit. */
static size_t find_line_feed(const struct decoder *decoder, struct slice bytes)
{
    bool utf16 = decoder->encoding->form == ENCODING_UTF16;
    const char *found = bytes.length ? memchr(bytes.data, '\n', bytes.length) : NULL;
    if (!utf16)
        return found ? (size_t)(found - bytes.data) + 1 : 0;
    size_t low = decoder->encoding->big_endian ? 1 : 0;
    for (size_t i = 0; i + 2 <= bytes.length; i += 2)
        if (bytes.data[i + low] == '\n' && bytes.data[i + 1 - low] == '\0')
            return i + 2;
    return 0;
}

bool decoder_line_end(struct decoder *decoder, uint64_t offset, uint64_t *end, struct error *error)
{
    struct buffer bytes = BUFFER_EMPTY;
    size_t found = 0;
    bool read = true;
    uint64_t length = LOOK_BYTES;
    *end = offset;
    while (read && !found) {
        buffer_clear(&bytes);
        read = decoder_raw(decoder, *end, length, &bytes, error);
        found = read ? find_line_feed(decoder, buffer_slice(&bytes)) : 0;
        *end += found ? found : bytes.length;
        if (bytes.length < length)
            break;
        length = DECODE_PIECE_BYTES;
    }
    buffer_release(&bytes);
    return read;
}

void decoder_forget_counts(struct decoder *whole)
{
    struct transcoder *counts = &whole->transcoder;
    counts->text_offset = 0;
    counts->non_ascii = counts->private_use = counts->undecodable = counts->nul_bytes = 0;
}

bool decoder_join(struct decoder *whole, const struct decoder *part, bool ended,
                  struct error *error)
{
    struct transcoder *counts = &whole->transcoder;
    const struct transcoder *more = &part->transcoder;
    if (counts->private_use == 0)
        counts->first_private = more->first_private;
    if (counts->undecodable == 0)
        counts->first_undecodable = more->first_undecodable;
    counts->text_offset += more->text_offset;
    counts->non_ascii += more->non_ascii;
    counts->private_use += more->private_use;
    counts->undecodable += more->undecodable;
    counts->nul_bytes += more->nul_bytes;
    whole->ended = ended;
    return decoder_check(whole, error);
}
