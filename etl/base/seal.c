#include "cust360/base/seal.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    NAME_RAW_BYTES = 8,
    STREAM_BLOCK_BYTES = 64, /* of ChaCha20 */
    AT_PAGE_SIZE = 16,
};

_Static_assert(NONCE_BYTES + TAG_BYTES == SEAL_PAGE_LOST_BYTES, "what a page loses");
_Static_assert(crypto_stream_xchacha20_KEYBYTES == SEAL_STREAM_KEY_BYTES, "the key of a stream");

enum { MARK_BYTES = 8 };
static const char file_mark[MARK_BYTES + 1] = "c360file";
static const char base_mark[MARK_BYTES + 1] = "c360base";
static const unsigned char database_mark[SEAL_MARK_BYTES] = "SQLite format 3";

struct seal_key {
    unsigned char secret[KEY_BYTES];
    unsigned char raw_name[NAME_RAW_BYTES];
    char name[SEAL_NAME_BYTES];
};

/* ---- keys ---- */

/* Cannot fail: without random numbers the library ends the process itself. */
static void library_begin(void)
{
    int ready = sodium_init();
    (void)ready;
}

static bool is_key(struct slice text)
{
    if (text.length != 2 * KEY_BYTES)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!strchr("0123456789abcdefABCDEF", text.data[i]))
            return false;
    return true;
}

struct seal_key *seal_key_parse(struct arena *arena, struct slice text, struct error *error)
{
    static const char purpose[] = "cust360 name of a key";
    if (!is_key(text)) {
        error_set(error, EXIT_CREDENTIALS,
                  "could not take the key: a key is 64 hexadecimal digits");
        error_hint(error, "cust360 seal --new-key FILE makes one");
        return NULL;
    }
    library_begin();
    struct seal_key *key = arena_allocate(arena, sizeof(*key));
    (void)sodium_mlock(key, sizeof(*key));
    sodium_hex2bin(key->secret, KEY_BYTES, text.data, text.length, NULL, NULL, NULL);
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)purpose, sizeof(purpose),
                       key->secret, KEY_BYTES);
    memcpy(key->raw_name, hash, NAME_RAW_BYTES);
    sodium_bin2hex(key->name, sizeof(key->name), hash, NAME_RAW_BYTES);
    return key;
}

struct seal_key *seal_key_keep(const struct seal_key *key)
{
    struct seal_key *kept = memory_allocate(sizeof(*kept));
    (void)sodium_mlock(kept, sizeof(*kept));
    *kept = *key;
    return kept;
}

const char *seal_key_name(const struct seal_key *key)
{
    return key->name;
}

void seal_key_make(char text[SEAL_KEY_TEXT_BYTES])
{
    unsigned char secret[KEY_BYTES];
    library_begin();
    randombytes_buf(secret, sizeof(secret));
    sodium_bin2hex(text, SEAL_KEY_TEXT_BYTES, secret, sizeof(secret));
    sodium_memzero(secret, sizeof(secret));
}

enum seal_mark seal_mark_of(struct slice bytes, char name[SEAL_NAME_BYTES])
{
    if (bytes.length < SEAL_MARK_BYTES)
        return SEAL_NOT;
    bool is_file = memcmp(bytes.data, file_mark, MARK_BYTES) == 0;
    if (!is_file && memcmp(bytes.data, base_mark, MARK_BYTES) != 0)
        return SEAL_NOT;
    sodium_bin2hex(name, SEAL_NAME_BYTES, (const unsigned char *)bytes.data + MARK_BYTES,
                   NAME_RAW_BYTES);
    return is_file ? SEAL_FILE : SEAL_DATABASE;
}

enum seal_mark seal_mark_of_file(const char *path, char name[SEAL_NAME_BYTES])
{
    char first[SEAL_MARK_BYTES];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return SEAL_NOT;
    ssize_t got = read(file, first, sizeof(first));
    close(file);
    return seal_mark_of(slice_make(first, got < 0 ? 0 : (size_t)got), name);
}

const struct seal_key *seal_ring_find(const struct seal_ring *ring, const char *name,
                                      const char *path, struct error *error)
{
    for (size_t i = 0; i < ring->count; i++)
        if (strcmp(ring->keys[i]->name, name) == 0)
            return ring->keys[i];
    error_set(error, EXIT_CREDENTIALS, "could not open %s: it is sealed with the key %s, %s%s",
              path, name, ring->count ? "and the key given is " : "and no key is given",
              ring->count ? ring->keys[0]->name : "");
    error_hint(error, "name the key in cust360.yaml: `encryption: {key: {file: …}}`, one that was "
                      "used before under `former`");
    return NULL;
}

static void put_mark(const struct seal_key *key, const char *mark, unsigned char *bytes)
{
    memcpy(bytes, mark, MARK_BYTES);
    memcpy(bytes + MARK_BYTES, key->raw_name, NAME_RAW_BYTES);
}

/* ---- files ---- */

static bool open_content(const struct seal_key *key, struct arena *arena, const char *path,
                         struct slice *content, struct error *error)
{
    const unsigned char *bytes = (const unsigned char *)content->data;
    const unsigned char *nonce = bytes + SEAL_MARK_BYTES;
    const size_t before = SEAL_MARK_BYTES + NONCE_BYTES;
    bool is_whole = content->length >= before + TAG_BYTES;
    size_t length = is_whole ? content->length - before - TAG_BYTES : 0;
    char *plain = arena_allocate(arena, length + 1);
    if (!is_whole || crypto_aead_xchacha20poly1305_ietf_decrypt(
                         (unsigned char *)plain, NULL, NULL, bytes + before,
                         content->length - before, bytes, SEAL_MARK_BYTES, nonce, key->secret) != 0)
        return error_set(error, EXIT_FAILED, "could not open %s: it is damaged, or was changed",
                         path);
    plain[length] = '\0';
    *content = slice_make(plain, length);
    return true;
}

bool seal_read_file(const struct seal_ring *ring, struct arena *arena, const char *path,
                    size_t limit_bytes, struct slice *content, struct error *error)
{
    char name[SEAL_NAME_BYTES];
    if (!file_read(arena, path, limit_bytes, content, error))
        return false;
    if (seal_mark_of(*content, name) != SEAL_FILE)
        return true;
    const struct seal_key *key = seal_ring_find(ring, name, path, error);
    return key && open_content(key, arena, path, content, error);
}

bool seal_replace_file(const struct seal_ring *ring, const char *path, struct slice content,
                       struct error *error)
{
    if (ring->count == 0)
        return file_replace(path, content, error);
    const size_t before = SEAL_MARK_BYTES + NONCE_BYTES;
    const size_t bytes = before + content.length + TAG_BYTES;
    unsigned char *sealed = memory_allocate(bytes);
    put_mark(ring->keys[0], file_mark, sealed);
    randombytes_buf(sealed + SEAL_MARK_BYTES, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed + before, NULL, (const unsigned char *)content.data, content.length, sealed,
        SEAL_MARK_BYTES, NULL, sealed + SEAL_MARK_BYTES, ring->keys[0]->secret);
    bool done = file_replace(path, slice_make((const char *)sealed, bytes), error);
    memory_free(sealed);
    return done;
}

/* ---- pages ---- */

size_t seal_page_size(const unsigned char header[SEAL_HEADER_BYTES])
{
    size_t bytes = (size_t)header[AT_PAGE_SIZE] << 8 | header[AT_PAGE_SIZE + 1];
    return bytes == 1 ? 65536 : bytes;
}

/* What a page is bound to: its kind and number, and of the first what stands open before it. */
struct bond {
    unsigned char kind;
    unsigned char number[8];
    unsigned char header[SEAL_HEADER_BYTES];
};

/* Bytes of a page that stay open. */
static size_t open_bytes(const struct seal_page *page)
{
    return page->kind == SEAL_PAGE_OF_DATABASE && page->number == 0 ? SEAL_HEADER_BYTES : 0;
}

static struct bond bond_of(const struct seal_page *page, const unsigned char *sealed)
{
    struct bond bond = {.kind = (unsigned char)page->kind};
    for (size_t i = 0; i < sizeof(bond.number); i++)
        bond.number[i] = (unsigned char)(page->number >> (8 * i));
    memcpy(bond.header, sealed, open_bytes(page));
    return bond;
}

void seal_page_close(const struct seal_key *key, const struct seal_page *page,
                     unsigned char *content)
{
    size_t from = open_bytes(page);
    size_t end = page->bytes - SEAL_PAGE_LOST_BYTES;
    unsigned char *nonce = content + end;
    if (from)
        put_mark(key, base_mark, content);
    randombytes_buf(nonce, NONCE_BYTES);
    struct bond bond = bond_of(page, content);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
        content + from, nonce + NONCE_BYTES, NULL, content + from, end - from,
        (const unsigned char *)&bond, sizeof(bond), NULL, nonce, key->secret);
}

bool seal_page_open(const struct seal_key *key, const struct seal_page *page,
                    unsigned char *content)
{
    if (sodium_is_zero(content, page->bytes))
        return true;
    size_t from = open_bytes(page);
    size_t end = page->bytes - SEAL_PAGE_LOST_BYTES;
    const unsigned char *nonce = content + end;
    struct bond bond = bond_of(page, content);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
            content + from, NULL, content + from, end - from, nonce + NONCE_BYTES,
            (const unsigned char *)&bond, sizeof(bond), nonce, key->secret) != 0)
        return false;
    if (from)
        memcpy(content, database_mark, sizeof(database_mark));
    return true;
}

/* ---- streams ---- */

void seal_stream_key(unsigned char key[SEAL_STREAM_KEY_BYTES])
{
    randombytes_buf(key, SEAL_STREAM_KEY_BYTES);
}

/* The key is good for one file that nobody can open again, so that it needs no nonce of its own.
 * The stream begins at a block's start: what is before the offset is passed over. */
void seal_stream(const unsigned char key[SEAL_STREAM_KEY_BYTES], uint64_t offset,
                 unsigned char *bytes, size_t count)
{
    static const unsigned char nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};
    unsigned char block[STREAM_BLOCK_BYTES] = {0};
    size_t before = (size_t)(offset % STREAM_BLOCK_BYTES);
    size_t first = before ? STREAM_BLOCK_BYTES - before : 0;
    if (first > count)
        first = count;
    if (first) {
        memcpy(block + before, bytes, first);
        crypto_stream_xchacha20_xor_ic(block, block, sizeof(block), nonce,
                                       offset / STREAM_BLOCK_BYTES, key);
        memcpy(bytes, block + before, first);
    }
    if (first < count)
        crypto_stream_xchacha20_xor_ic(bytes + first, bytes + first, count - first, nonce,
                                       (offset + first) / STREAM_BLOCK_BYTES, key);
}
