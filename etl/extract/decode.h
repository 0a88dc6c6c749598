/* decode.h: a file's bytes to UTF-8, in pieces.
 *
 *   file ──read──► raw bytes ──encoding──► text, and beside it
 *                                marks   where text and bytes run in step again
 *                                damage  what could not be decoded (written as U+FFFD), NUL bytes
 *
 * Positions in the text are turned back into positions in the file, as long as they are asked for
 * in rising order. */
#ifndef CUST360_EXTRACT_DECODE_H
#define CUST360_EXTRACT_DECODE_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

/* Where marks are set, that is, for which positions in the text the place in the file is exact. */
enum decode_marks {
    MARK_NONE,
    MARK_LINES, /* behind the end of a line */
    MARK_TAGS   /* before < and behind > */
};

struct decode_options {
    const char *path;
    const char *file;     /* its name in messages */
    const char *encoding; /* a name, or auto */
    enum decode_marks marks;
    size_t piece_bytes; /* how much is read at once; 0: 128 KiB */
};

enum damage_kind { DAMAGE_BYTES, DAMAGE_NUL };
struct damage {
    uint64_t text_offset;
    enum damage_kind kind;
};

struct decoder;

/* Opens the file and finds its encoding: a byte order mark that contradicts the declared encoding
 * is an error, as is `auto` where the bytes do not say it. NULL: `error` has file and hint. */
struct decoder *decoder_open(const struct decode_options *options, struct error *error);
void decoder_close(struct decoder *decoder);

/* The name of the encoding in use. */
const char *decoder_encoding(const struct decoder *decoder);

/* Appends the next piece to `text`; *ended: that was the last. False: the file cannot be read, or
 * the encoding looks wrong (too much that is undecodable or private use). */
bool decoder_read(struct decoder *decoder, struct buffer *text, bool *ended, struct error *error);

/* How many bytes so far could not be decoded. */
uint64_t decoder_undecodable(const struct decoder *decoder);

/* For those who cannot go on past the first of them: the error that says where it is. */
bool decoder_fail_undecodable(struct decoder *decoder, struct error *error);

/* The place in the file of a position in the text; both rise from call to call. */
uint64_t decoder_file_offset(struct decoder *decoder, uint64_t text_offset);

/* The first damage from `from` up to `to`, or NULL; what is before `from` is forgotten. */
const struct damage *decoder_damage(struct decoder *decoder, uint64_t from, uint64_t to);

/* Appends bytes of the file as they are. */
bool decoder_raw(struct decoder *decoder, uint64_t offset, uint64_t length, struct buffer *bytes,
                 struct error *error);

/* The 1-based line and column (in characters) of a byte of the file, found by reading it again; 0:
 * unknown. `column` may be NULL. */
uint64_t decoder_line(struct decoder *decoder, uint64_t offset, uint64_t *column);

/* ---- one file in parts (decode_part.c) ---- */

/* Whether decoding may begin behind any line feed: not where a shift state goes on over lines. */
bool decoder_may_be_cut(const struct decoder *decoder);

/* Opens the file to read it from `offset` on, where a character begins; the encoding is known (a
 * name that decoder_encoding gave). Nothing is judged: whoever opened the whole file joins the
 * counts. */
struct decoder *decoder_open_at(const struct decode_options *options, uint64_t offset,
                                struct error *error);

/* Lets decoder_read give no text beyond this place in the file, until it is set further. */
void decoder_limit(struct decoder *decoder, uint64_t offset);
bool decoder_is_at_limit(const struct decoder *decoder);

/* The place behind the first line feed at or behind `offset`: the same whoever asks. The file's end
 * when none follows. */
bool decoder_line_end(struct decoder *decoder, uint64_t offset, uint64_t *end, struct error *error);

/* Counts what `part` has decoded as if `whole` had; `ended`: it was the last. False: the encoding
 * looks wrong. decoder_forget_counts begins anew. */
void decoder_forget_counts(struct decoder *whole);
bool decoder_join(struct decoder *whole, const struct decoder *part, bool ended,
                  struct error *error);

/* ---- which encoding it is (detect.c) ---- */

/* Finds what bytes without a byte order mark are by decoding all of the file: `name` of the only
 * encoding that fits. False: none fits, or more than one. (detect.c) */
bool encoding_detect(const struct decode_options *options, const char **name, struct error *error);

/* Whether there are characters of several bytes in it, and all of them are valid UTF-8. (detect.c)
 */
bool encoding_is_plainly_utf8(struct slice sample);

/* What a piece of text looks like by its most frequent characters, or NULL. (detect.c) */
const char *encoding_guess(struct slice sample);

/* The encoding that a sample of two-byte text is in when that is clearly not the one it is read as,
 * GB18030 or else Big5; NULL: no doubt, or too little text. (detect.c) */
const char *encoding_contradiction(struct slice sample, bool read_as_gb18030);

#endif
