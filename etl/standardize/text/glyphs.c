#include "standardize/text/glyphs.h"
#include "standardize/text/characters.h"

#include "cust360/base/text.h"

/* The character at *position of text that is known to be valid. */
static inline uint32_t decode(const char *data, size_t *position)
{
    const unsigned char *bytes = (const unsigned char *)data + *position;
    if (bytes[0] >= 0xE4 && bytes[0] <= 0xE9) {
        *position += 3;
        return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    }
    if (bytes[0] < 0x80) {
        *position += 1;
        return bytes[0];
    }
    if (bytes[0] < 0xE0) {
        *position += 2;
        return (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
    }
    if (bytes[0] < 0xF0) {
        *position += 3;
        return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    }
    *position += 4;
    return (bytes[0] & 0x07u) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6 |
           (bytes[3] & 0x3Fu);
}

static inline uint32_t lower(uint32_t character)
{
    return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
}

struct glyphs glyphs_of(const struct reference *reference, struct slice text, struct arena *arena)
{
    struct glyphs glyphs;
    glyphs.typed = arena_allocate_uncleared(arena, text.length * sizeof(*glyphs.typed) * 2);
    glyphs.simple = glyphs.typed + text.length;
    size_t count = 0;
    uint32_t other = 0;
    for (size_t position = 0; position < text.length; count++) {
        uint32_t character = decode(text.data, &position);
        uint32_t simple = character >= 0x80 ? character_simple(reference->characters, character)
                                            : lower(character);
        glyphs.typed[count] = character;
        glyphs.simple[count] = simple;
        other |= (character ^ simple) | (uint32_t)(character == ' ');
    }
    glyphs.count = count;
    glyphs.is_simple = other == 0;
    return glyphs;
}

struct slice glyphs_text(const uint32_t *characters, size_t count, struct arena *arena)
{
    enum { CHARACTER_BYTES = 4 };
    char *bytes = arena_allocate_bytes(arena, count * CHARACTER_BYTES);
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += text_encode(characters[i], bytes + length);
    return slice_make(bytes, length);
}

struct slice glyphs_join(const struct slice *texts, size_t count, struct arena *arena)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += texts[i].length;
    char *data = arena_allocate_bytes(arena, bytes);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].length > 0)
            memcpy(data + length, texts[i].data, texts[i].length);
        length += texts[i].length;
    }
    return slice_make(data, length);
}

struct glyphs glyphs_copy(struct glyphs glyphs, struct arena *arena)
{
    struct glyphs copy = glyphs;
    copy.typed = arena_allocate_uncleared(arena, glyphs.count * sizeof(*copy.typed) * 2);
    copy.simple = copy.typed + glyphs.count;
    memcpy(copy.typed, glyphs.typed, glyphs.count * sizeof(*copy.typed));
    memcpy(copy.simple, glyphs.simple, glyphs.count * sizeof(*copy.simple));
    return copy;
}

size_t glyphs_bracket_end(struct glyphs glyphs, size_t index)
{
    static const uint32_t pairs[][2] = {{'(', ')'},       {0xFF08, 0xFF09}, {'[', ']'},
                                        {0x3010, 0x3011}, {0x3014, 0x3015}, {'{', '}'},
                                        {'<', '>'},       {0x300A, 0x300B}, {0x300C, 0x300D}};
    for (size_t pair = 0; pair < sizeof(pairs) / sizeof(pairs[0]); pair++) {
        if (glyphs.typed[index] != pairs[pair][0])
            continue;
        for (size_t i = index + 1; i < glyphs.count; i++)
            if (glyphs.typed[i] == pairs[pair][1])
                return i;
    }
    return SIZE_MAX;
}
