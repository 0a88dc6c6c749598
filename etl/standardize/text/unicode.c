#include "standardize/text/unicode.h"
#include "standardize/text/characters.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <utf8proc.h>

/* Cleaning replaces no character by one of more than twice its bytes (three become four at most, as
 * ASCII is never replaced). */
enum { CLEAN_GROWTH = 2 };

/* Whether the eight bytes, of a text in UTF-8, are all of plain characters. Each is looked at
 * without its top bit, so that no sum reaches into the next. */
static bool are_plain(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones * 0x80;
    uint64_t low = eight & ~tops;
    uint64_t control = ~(low + ones * 0x60) | (low + ones);      /* below 20, or 7F */
    uint64_t lead = low + ones * 0x40;                           /* C0 and above */
    uint64_t other = ~(low + ones * 0x1C) | (low + ones * 0x16); /* not E4 to E9 */
    return (((~eight & control) | (eight & lead & other)) & tops) == 0;
}

static bool is_plain_byte(unsigned char byte)
{
    if (byte < 0x80)
        return byte >= ' ' && byte < 0x7F;
    return byte < 0xC0 || (byte >= 0xE4 && byte <= 0xE9);
}

bool unicode_is_plain(struct slice text)
{
    uint64_t eight;
    const char *bytes = text.data;
    size_t left = text.length;
    if (left < sizeof(eight)) {
        for (size_t i = 0; i < left; i++)
            if (!is_plain_byte((unsigned char)bytes[i]))
                return false;
        return true;
    }
    for (; left > sizeof(eight); bytes += sizeof(eight), left -= sizeof(eight)) {
        memcpy(&eight, bytes, sizeof(eight));
        if (!are_plain(eight))
            return false;
    }
    memcpy(&eight, bytes + left - sizeof(eight), sizeof(eight));
    return are_plain(eight);
}

static bool is_variation_selector(uint32_t character)
{
    enum { FIRST_SUPPLEMENT = 0xE0000, LAST_SUPPLEMENT = 0xE01EF }; /* with the tags */
    return character >= FIRST_SUPPLEMENT && character <= LAST_SUPPLEMENT;
}

static uint32_t clean_character(const struct character_tables *tables, uint32_t character)
{
    if (character < 0x80) {
        bool is_blank = character == ' ' || (character >= '\t' && character <= '\r');
        if (is_blank)
            return ' ';
        return character < ' ' || character == 0x7F ? CHARACTER_DROPPED : character;
    }
    if (is_variation_selector(character))
        return CHARACTER_DROPPED;
    const struct character *known = character_find(tables, character);
    return known && known->clean ? known->clean : character;
}

static bool is_combining(uint32_t character)
{
    /* Below this no character combines, and ideographs never do. */
    enum { FIRST_COMBINING = 0x300, FIRST_IDEOGRAPH = 0x3400, LAST_IDEOGRAPH = 0x9FFF };
    if (character < FIRST_COMBINING ||
        (character >= FIRST_IDEOGRAPH && character <= LAST_IDEOGRAPH))
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)character);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

/* Normalizes to `bytes`, which has room for `capacity`; when the result does not fit the text goes
 * there as it is. Returns the bytes written. */
static size_t normalize(struct slice text, utf8proc_option_t options, char *bytes, size_t capacity)
{
    size_t count = text.length + 1;
    utf8proc_int32_t *characters = memory_allocate_array(count, sizeof(*characters));
    const utf8proc_uint8_t *data = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t needed = utf8proc_decompose(data, (utf8proc_ssize_t)text.length, characters,
                                                 (utf8proc_ssize_t)count - 1, options);
    if (needed >= (utf8proc_ssize_t)count) {
        count = (size_t)needed + 1;
        memory_free(characters);
        characters = memory_allocate_array(count, sizeof(*characters));
        needed =
            utf8proc_decompose(data, (utf8proc_ssize_t)text.length, characters, needed, options);
    }
    utf8proc_ssize_t length = needed < 0 ? needed : utf8proc_reencode(characters, needed, options);
    struct slice result = text;
    if (length >= 0 && (size_t)length <= capacity)
        result = slice_make((const char *)characters, (size_t)length);
    memmove(bytes, result.data, result.length);
    memory_free(characters);
    return result.length;
}

/* What a pass of cleaning does beside folding. */
enum spacing { SPACES_KEPT, SPACES_SINGLE };

/* Writes the folded text to `bytes`, which has room for CLEAN_GROWTH times its bytes. */
static size_t fold_text(const struct character_tables *tables, struct slice text,
                        enum spacing spacing, char *bytes)
{
    size_t length = 0;
    bool has_combining = false;
    for (size_t position = 0; position < text.length;) {
        uint32_t character = clean_character(tables, text_next(text, &position));
        if (character == CHARACTER_DROPPED)
            continue;
        if (character == ' ' && spacing == SPACES_SINGLE &&
            (length == 0 || bytes[length - 1] == ' '))
            continue;
        has_combining = has_combining || is_combining(character);
        length += text_encode(character, bytes + length);
    }
    if (spacing == SPACES_SINGLE && length > 0 && bytes[length - 1] == ' ')
        length--;
    if (has_combining)
        length =
            normalize(slice_make(bytes, length), UTF8PROC_STABLE | UTF8PROC_COMPOSE, bytes, length);
    return length;
}

void unicode_fold(const struct reference *reference, struct slice text, struct buffer *result)
{
    char *bytes = buffer_reserve(result, text.length * CLEAN_GROWTH);
    result->length += fold_text(reference->characters, text, SPACES_KEPT, bytes);
    if (result->data)
        result->data[result->length] = '\0';
}

/* Whether nothing in the text needs folding: printable ASCII with single spaces and plain
 * ideographs (U+4000 to U+9FFF, the lead bytes E4 to E9). */
static bool is_clean(struct slice text)
{
    bool after_space = true;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0xE4 && byte <= 0xE9) {
            i += 2;
            after_space = false;
        } else if (byte == ' ') {
            if (after_space)
                return false;
            after_space = true;
        } else if (byte > ' ' && byte < 0x7F) {
            after_space = false;
        } else {
            return false;
        }
    }
    return !after_space || text.length == 0;
}

struct slice unicode_clean(const struct reference *reference, struct slice text,
                           struct arena *arena)
{
    struct slice trimmed = slice_trim(text);
    if (is_clean(trimmed))
        return trimmed;
    char *bytes = arena_allocate_bytes(arena, trimmed.length * CLEAN_GROWTH);
    return slice_make(bytes, fold_text(reference->characters, trimmed, SPACES_SINGLE, bytes));
}

void unicode_nfkc(struct slice text, struct buffer *result)
{
    enum { NFKC_GROWTH = 18 }; /* U+FDFA, three bytes, is the longest: 33 bytes; rounded up */
    size_t capacity = text.length * NFKC_GROWTH;
    char *bytes = buffer_reserve(result, capacity);
    result->length +=
        normalize(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT, bytes, capacity);
    if (result->data)
        result->data[result->length] = '\0';
}

struct slice unicode_simplify(const struct reference *reference, struct slice text,
                              struct arena *arena)
{
    char *bytes = NULL;
    size_t length = 0;
    for (size_t position = 0; position < text.length;) {
        size_t start = position;
        uint32_t character = text_next(text, &position);
        uint32_t simple = character_simple(reference->characters, character);
        if (!bytes && simple == character)
            continue;
        if (!bytes) {
            bytes = arena_allocate_bytes(arena, text.length * CLEAN_GROWTH);
            memcpy(bytes, text.data, start);
            length = start;
        }
        length += text_encode(simple, bytes + length);
    }
    return bytes ? slice_make(bytes, length) : text;
}

bool unicode_is_letter(uint32_t character)
{
    if (character < 0x80)
        return (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
    if (text_is_han(character))
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)character);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

uint32_t unicode_lower(uint32_t character)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
}

uint32_t unicode_upper(uint32_t character)
{
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)character);
}

/* A letter outside ASCII: without its accents, in lower case. ü is v, as in the readings. */
static size_t spell_letter(uint32_t character, char *bytes)
{
    enum { U_WITH_DIAERESIS = 0xFC, U_CAPITAL_WITH_DIAERESIS = 0xDC };
    enum { U_FIRST_PINYIN = 0x1D5, U_LAST_PINYIN = 0x1DC }; /* ü with each tone */
    if (character == U_WITH_DIAERESIS || character == U_CAPITAL_WITH_DIAERESIS ||
        (character >= U_FIRST_PINYIN && character <= U_LAST_PINYIN)) {
        bytes[0] = 'v';
        return 1;
    }
    utf8proc_int32_t parts[UNICODE_SPELLED_BYTES / 4];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)character, parts, sizeof(parts) / sizeof(parts[0]),
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    size_t length = 0;
    for (utf8proc_ssize_t i = 0; i < count && i < UNICODE_SPELLED_BYTES / 4; i++)
        length += text_encode((uint32_t)parts[i], bytes + length);
    return length;
}

size_t unicode_spell_character(const struct reference *reference, uint32_t character, char *bytes)
{
    if (character < 0x80) {
        uint32_t lower = character | 0x20;
        bool is_letter = lower >= 'a' && lower <= 'z';
        bytes[0] = (char)(is_letter ? lower : character);
        return is_letter || (character >= '0' && character <= '9') ? 1 : 0;
    }
    const struct character *known = character_find(reference->characters, character);
    if (known && known->reading.length == 0 && known->simple)
        known = character_find(reference->characters, known->simple);
    if (known && known->reading.length > 0) {
        memcpy(bytes, known->reading.letters, known->reading.length);
        return known->reading.length;
    }
    if (text_is_han(character))
        return text_encode(character, bytes); /* unread, but not the same as nothing */
    return unicode_is_letter(character) ? spell_letter(character, bytes) : 0;
}

struct slice unicode_spell(const struct reference *reference, struct slice text,
                           struct arena *arena)
{
    /* An ideograph of three bytes gives six letters at most, an ASCII letter one. */
    enum { SPELLED_GROWTH = 4 };
    size_t capacity = text.length * SPELLED_GROWTH + UNICODE_SPELLED_BYTES;
    char *bytes = arena_allocate_bytes(arena, capacity);
    size_t length = 0;
    for (size_t position = 0; position < text.length;) {
        if (length + UNICODE_SPELLED_BYTES > capacity)
            break;
        length += unicode_spell_character(reference, text_next(text, &position), bytes + length);
    }
    return slice_make(bytes, length);
}
