#include "cust360/base/text.h"
#include "match/compare/comparator.h"

/* The text is valid UTF-8 (text.h). Most of it is ASCII or Han, so these go the short way. */
size_t characters_decode(struct slice text, uint32_t *characters)
{
    size_t count = 0;
    size_t position = 0;
    while (position < text.length && count < CHARACTERS_MAX) {
        const unsigned char *byte = (const unsigned char *)text.data + position;
        if (byte[0] < 0x80) {
            characters[count++] = byte[0];
            position++;
        } else if (byte[0] >> 4 == 0xE && position + 2 < text.length) {
            characters[count++] = (uint32_t)(byte[0] & 0x0F) << 12 |
                                  (uint32_t)(byte[1] & 0x3F) << 6 | (uint32_t)(byte[2] & 0x3F);
            position += 3;
        } else {
            characters[count++] = text_next(text, &position);
        }
    }
    return count;
}

/* Sixteen kinds of characters, each counted up to four by as many bits. */
uint64_t characters_signature(struct slice text)
{
    enum { KINDS = 16, COUNT_BITS = 4 };
    uint32_t characters[CHARACTERS_MAX];
    size_t count = characters_decode(text, characters);
    uint64_t signature = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t shift = (uint64_t)(characters[i] % KINDS) * COUNT_BITS;
        uint64_t bits = signature >> shift & 0xF;
        signature |= (bits << 1 | 1) << shift & UINT64_C(0xF) << shift;
    }
    return signature;
}
