/* transcode.h: bytes to UTF-8, without files. What cannot be decoded becomes U+FFFD and is noted;
 * it never takes a line end or a `<` with it. */
#ifndef CUST360_EXTRACT_TRANSCODE_H
#define CUST360_EXTRACT_TRANSCODE_H

#include "extract/decode.h"
#include "extract/encoding.h"

struct mark {
    uint64_t text_offset;
    uint64_t file_offset;
};

/* Zero it, set encoding and mark_kind; end with transcoder_release. */
struct transcoder {
    const struct encoding *encoding; /* borrowed */
    enum decode_marks mark_kind;
    uint64_t text_offset; /* bytes of text so far */
    uint64_t file_offset; /* bytes of the file so far; set it to where the text begins */

    struct mark *marks; /* rising; what is before the head is used up */
    size_t mark_head;
    size_t mark_count;
    size_t mark_capacity;
    struct damage *damages; /* the same */
    size_t damage_head;
    size_t damage_count;
    size_t damage_capacity;

    uint64_t non_ascii; /* characters */
    uint64_t private_use;
    uint64_t undecodable; /* bytes */
    uint64_t nul_bytes;
    uint64_t first_private; /* places in the file, when there are any */
    uint64_t first_undecodable;
};

/* Appends the text of `raw` to `text`. Returns how many bytes were used: a character that is not
 * whole at the end is left for the next piece, unless this is the last. */
size_t transcode(struct transcoder *transcoder, struct slice raw, bool last, struct buffer *text);

void transcoder_release(struct transcoder *transcoder);

#endif
