/* extract_text.h: a file's text before anybody knows what is in it.
 *
 *   bytes ──► encoding_weigh ──► which encoding, how sure, by what evidence
 *         ──► text_source    ──► UTF-8 text in pieces
 *
 * For looking at unknown files; a run's sources declare what they are. One thread a text source. */
#ifndef CUST360_EXTRACT_TEXT_H
#define CUST360_EXTRACT_TEXT_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

enum { ENCODING_EVIDENCE_MOST = 6 };

struct encoding_verdict {
    const char *encoding; /* a name that mappings take: utf-8, utf-16le, gb18030, big5 … */
    double sure;          /* 0 to 1 */
    const char *evidence[ENCODING_EVIDENCE_MOST]; /* sentences, the decisive one first */
    size_t evidence_count;
    uint64_t file_bytes;
    uint64_t looked_at_bytes;
};

/* Weighs the encoding of a file by samples spread over all of it (1 MiB at most). Texts live in the
 * arena or for ever. False: the file cannot be read. */
bool encoding_weigh(struct arena *arena, const char *path, struct encoding_verdict *verdict,
                    struct error *error);

struct text_source;

/* Opens a file in a known encoding. NULL: error with file and hint. */
struct text_source *text_source_open(const char *path, const char *encoding, struct error *error);
void text_source_close(struct text_source *source);

/* Appends the next piece; *ended: it was the last. False: it cannot be read, or the encoding looks
 * wrong. */
bool text_source_read(struct text_source *source, struct buffer *text, bool *ended,
                      struct error *error);

/* Bytes so far that are no characters of the encoding (U+FFFD stands for them). */
uint64_t text_source_undecodable(const struct text_source *source);

#endif
