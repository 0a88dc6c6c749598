#include "cust360/base/digest.h"
#include "cust360/base/buffer.h"

#include <stdint.h>
#include <stdio.h>

/* Names follow the standard's, section 6.2. */

enum { BLOCK_BYTES = 64, ROUNDS = 64, WORDS = 8, LENGTH_BYTES = 8 };

static const uint32_t ROUND_CONSTANTS[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word >> bits | word << (32 - bits);
}

static void take_block(uint32_t state[WORDS], const unsigned char *block)
{
    uint32_t w[ROUNDS];
    uint32_t v[WORDS];
    for (unsigned i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = 16; i < ROUNDS; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(v, state, sizeof(v));
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint32_t e = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t first = v[7] + e + choice + ROUND_CONSTANTS[i] + w[i];
        uint32_t a = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, (WORDS - 1) * sizeof(*v));
        v[4] += first;
        v[0] = first + a + majority;
    }
    for (unsigned i = 0; i < WORDS; i++)
        state[i] += v[i];
}

void digest_text(struct slice bytes, char text[DIGEST_TEXT_BYTES])
{
    uint32_t state[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char last[2 * BLOCK_BYTES] = {0};
    size_t whole = bytes.length / BLOCK_BYTES;
    size_t rest = bytes.length % BLOCK_BYTES;
    size_t blocks = rest + 1 + LENGTH_BYTES > BLOCK_BYTES ? 2 : 1;
    uint64_t bits = (uint64_t)bytes.length * 8;
    for (size_t i = 0; i < whole; i++)
        take_block(state, (const unsigned char *)bytes.data + i * BLOCK_BYTES);
    if (rest)
        memcpy(last, bytes.data + whole * BLOCK_BYTES, rest);
    last[rest] = 0x80;
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        last[blocks * BLOCK_BYTES - 1 - i] = (unsigned char)(bits >> (8 * i));
    for (size_t i = 0; i < blocks; i++)
        take_block(state, last + i * BLOCK_BYTES);
    for (unsigned i = 0; i < WORDS; i++)
        snprintf(text + 8 * i, 9, "%08x", state[i]);
}

/* A digest's text as the bytes that it stands for. */
static void append_digest(struct buffer *bytes, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i + 1 < DIGEST_TEXT_BYTES; i += 2) {
        long high = strchr(digits, text[i]) - digits;
        long low = strchr(digits, text[i + 1]) - digits;
        buffer_append_byte(bytes, (char)(high << 4 | low));
    }
}

static void append_padded(struct buffer *bytes, struct slice key, unsigned char padding)
{
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        buffer_append_byte(bytes,
                           (char)(padding ^ (i < key.length ? (unsigned char)key.data[i] : 0)));
}

void digest_keyed(struct slice key, struct slice bytes, char text[DIGEST_TEXT_BYTES])
{
    enum { INNER = 0x36, OUTER = 0x5c };
    struct buffer message = BUFFER_EMPTY;
    append_padded(&message, key, INNER);
    buffer_append(&message, bytes);
    digest_text(buffer_slice(&message), text);
    buffer_clear(&message);
    append_padded(&message, key, OUTER);
    append_digest(&message, text);
    digest_text(buffer_slice(&message), text);
    buffer_release(&message);
}
