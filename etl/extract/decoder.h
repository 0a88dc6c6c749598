/* decoder.h: what decode.c and decode_part.c share. */
#ifndef CUST360_EXTRACT_DECODER_H
#define CUST360_EXTRACT_DECODER_H

#include "extract/decode.h"
#include "extract/encoding.h"
#include "extract/transcode.h"

enum { DECODE_PIECE_BYTES = 128 * 1024 };

struct decoder {
    struct decode_options options;
    int descriptor;
    struct encoding *encoding;
    struct transcoder transcoder;
    struct buffer raw; /* read and not decoded yet */
    size_t mark_bytes; /* the byte order mark */
    uint64_t position; /* of the next byte to read */
    uint64_t limit;    /* no byte behind it is read for now */
    bool is_part;      /* of a file that others read at the same time */
    bool ended;
};

/* A decoder of nothing yet. */
struct decoder *decoder_create(const struct decode_options *options);

bool decoder_open_file(struct decoder *decoder, struct error *error);

/* Whether what has been counted so far looks like the right encoding. */
bool decoder_check(struct decoder *decoder, struct error *error);

#endif
