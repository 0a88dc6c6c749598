/* seal.h: what only a key opens, by XChaCha20-Poly1305 (libsodium; draft-irtf-cfrg-xchacha-03).
 *
 * A key has 256 bits, written as 64 hexadecimal digits; its memory is neither swapped nor dumped,
 * where the system lets us. Its name is a hash of it, which tells nothing of it, and stands in
 * front of what it has sealed: so a wrong key is known from a damaged file.
 *
 *   a sealed file   mark (16 bytes: "c360file", the key's name) · nonce · sealed bytes · tag
 *   a sealed page   of a database: sealed bytes · nonce · tag; the first page begins with a mark
 *                   ("c360base", the key's name) and leaves what SQLite asks of a file before it
 * reads pages (page size …) as it is. Pages are bound to their number: they cannot be swapped.
 *
 * Nonces are random (24 bytes: as many as one likes). What is not sealed: lengths of files, and
 * that an old version of a whole file is put back. Keys are thread safe once made. */
#ifndef CUST360_BASE_SEAL_H
#define CUST360_BASE_SEAL_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

struct seal_key;

enum {
    SEAL_KEY_TEXT_BYTES = 65,  /* 64 hexadecimal digits and NUL */
    SEAL_NAME_BYTES = 17,      /* 16 hexadecimal digits and NUL */
    SEAL_MARK_BYTES = 16,      /* in front of a sealed file */
    SEAL_PAGE_LOST_BYTES = 40, /* that a page has less room when it is sealed: nonce and tag */
    SEAL_KEYS_MOST = 8         /* of a project: today's and former ones */
};

/* The keys of a project: the first seals and opens, the others open only. None: count 0. */
struct seal_ring {
    struct seal_key *keys[SEAL_KEYS_MOST];
    size_t count;
};

/* The key that a text means, in the arena; error (exit code 12): it is no key. */
struct seal_key *seal_key_parse(struct arena *arena, struct slice text, struct error *error);

/* A copy of the caller's, for as long as the process lives. */
struct seal_key *seal_key_keep(const struct seal_key *key);
const char *seal_key_name(const struct seal_key *key);

/* A new random key, as text. */
void seal_key_make(char text[SEAL_KEY_TEXT_BYTES]);

/* What bytes, or a file, begin as; fills in the name of the key when it is sealed. */
enum seal_mark { SEAL_NOT, SEAL_FILE, SEAL_DATABASE };
enum seal_mark seal_mark_of(struct slice bytes, char name[SEAL_NAME_BYTES]);
enum seal_mark seal_mark_of_file(const char *path, char name[SEAL_NAME_BYTES]);

/* The key of that name; NULL: `error` (exit code 12) says that `path` needs another one. */
const struct seal_key *seal_ring_find(const struct seal_ring *ring, const char *name,
                                      const char *path, struct error *error);

/* The content of a file, opened when it is sealed; owned by the arena. */
bool seal_read_file(const struct seal_ring *ring, struct arena *arena, const char *path,
                    size_t limit_bytes, struct slice *content, struct error *error);

/* Replaces a file atomically; it is sealed when the ring has keys. */
bool seal_replace_file(const struct seal_ring *ring, const char *path, struct slice content,
                       struct error *error);

/* ---- pages of a database: plain and sealed have the same size ---- */

enum seal_page_kind { SEAL_PAGE_OF_DATABASE, SEAL_PAGE_OF_JOURNAL };

struct seal_page {
    enum seal_page_kind kind;
    uint64_t number; /* 0-based in a database; in a journal its offset in bytes */
    size_t bytes;
};

/* Reads the page size out of the first SEAL_HEADER_BYTES of a sealed database. */
enum { SEAL_HEADER_BYTES = 24 };
size_t seal_page_size(const unsigned char header[SEAL_HEADER_BYTES]);

/* In place; the last SEAL_PAGE_LOST_BYTES of the content are lost. */
void seal_page_close(const struct seal_key *key, const struct seal_page *page,
                     unsigned char *content);

/* In place. False: damaged, or another page. A page of zeros, never written, stays one. */
bool seal_page_open(const struct seal_key *key, const struct seal_page *page,
                    unsigned char *content);

/* ---- files that end with the process that made them ---- */

enum { SEAL_STREAM_KEY_BYTES = 32 };
void seal_stream_key(unsigned char key[SEAL_STREAM_KEY_BYTES]);

/* Seals, or opens again, bytes at an offset of such a file; in place. */
void seal_stream(const unsigned char key[SEAL_STREAM_KEY_BYTES], uint64_t offset,
                 unsigned char *bytes, size_t count);

#endif
