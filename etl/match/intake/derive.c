#include "match/intake/derive.h"
#include "cust360/base/text.h"

#include <string.h>

static struct slice derive_letters(struct slice text, struct buffer *buffer)
{
    buffer_clear(buffer);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool upper = byte >= 'A' && byte <= 'Z';
        if (byte >= 0x80 || upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            buffer_append_byte(buffer, (char)(upper ? byte + ('a' - 'A') : byte));
    }
    return buffer_slice(buffer);
}

/* ---- Latin letters without accents ---- */

/* Base letters of U+00C0 to U+017F; '*' is no letter. A few stand for two. */
static const char latin_bases[] =
    "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

enum {
    LATIN_FIRST = 0xC0,
    LATIN_LAST = 0x17F,
    GREEK_FIRST = 0x391,
    GREEK_LAST = 0x3A9,
    CYRILLIC_FIRST = 0x410,
    CYRILLIC_LAST = 0x42F,
    CASE_DISTANCE = 0x20,
    COMBINING_FIRST = 0x300,
    COMBINING_LAST = 0x36F,
    PUNCTUATION_FIRST = 0x2000,
    PUNCTUATION_LAST = 0x206F,
    IDEOGRAPHIC_FIRST = 0x3000,
    IDEOGRAPHIC_LAST = 0x303F
};

struct range {
    uint32_t first;
    uint32_t last;
};

static bool is_within(uint32_t character, struct range range)
{
    return character >= range.first && character <= range.last;
}

static const struct range latin = {LATIN_FIRST, LATIN_LAST};
static const struct range greek = {GREEK_FIRST, GREEK_LAST};
static const struct range cyrillic = {CYRILLIC_FIRST, CYRILLIC_LAST};
static const struct range combining = {COMBINING_FIRST, COMBINING_LAST};
static const struct range punctuation = {PUNCTUATION_FIRST, PUNCTUATION_LAST};
static const struct range ideographic = {IDEOGRAPHIC_FIRST, IDEOGRAPHIC_LAST};
static const struct range upper = {'A', 'Z'};
static const struct range lower = {'a', 'z'};
static const struct range digits = {'0', '9'};

static uint32_t plain_ascii(uint32_t character)
{
    if (is_within(character, upper))
        return character + ('a' - 'A');
    if (is_within(character, lower) || is_within(character, digits))
        return character;
    return character == '\'' ? 0 : ' ';
}

/* The character in lower case and without its accent; ' ' for what is no letter or digit, 0 for
 * what only marks another. Other scripts stay as they are. */
static uint32_t plain_character(uint32_t character)
{
    if (character < 0x80)
        return plain_ascii(character);
    if (is_within(character, latin)) {
        char base = latin_bases[character - LATIN_FIRST];
        return base == '*' ? ' ' : (uint32_t)base;
    }
    if (is_within(character, greek) || is_within(character, cyrillic))
        return character + CASE_DISTANCE;
    if (is_within(character, combining))
        return 0;
    if (character < LATIN_FIRST || is_within(character, punctuation) ||
        is_within(character, ideographic))
        return ' ';
    return character;
}

static struct slice derive_plain(struct slice text, struct buffer *buffer)
{
    buffer_clear(buffer);
    bool blank = false; /* one is due before the next letter */
    for (size_t position = 0; position < text.length;) {
        uint32_t character = plain_character(text_next(text, &position));
        if (character == 0)
            continue;
        if (character == ' ') {
            blank = true;
            continue;
        }
        if (blank && buffer_slice(buffer).length)
            buffer_append_byte(buffer, ' ');
        blank = false;
        text_append(buffer, character);
    }
    return buffer_slice(buffer);
}

/* ---- sounds ---- */

/* Consonants that are heard alike share a letter; vowels, h, w and y tell little once a word has
 * begun. */
static char sound_of(char letter)
{
    static const char sounds[] = ".bkt.fg..gklmn.bkrst.f.s.s";
    return sounds[letter - 'a'];
}

enum { SOUNDS_MAX = 4 };

/* Of the first word with letters: how it begins (vowels are one) and up to three further sounds.
 * Characters beyond ASCII stand for themselves. */
static struct slice derive_sound(struct slice text, struct buffer *buffer)
{
    struct slice plain = derive_plain(text, buffer);
    char code[64];
    size_t length = 0;
    size_t sounds = 0;
    char last = 0;
    for (size_t i = 0; i < plain.length && sounds < SOUNDS_MAX && length < sizeof(code); i++) {
        char letter = plain.data[i];
        if (letter < 'a' || letter > 'z') {
            if (letter == ' ' && sounds)
                break;
            if (letter != ' ')
                code[length++] = letter;
            sounds += letter != ' ' && (letter & 0xC0) != 0x80;
            continue;
        }
        bool is_ph = letter == 'p' && i + 1 < plain.length && plain.data[i + 1] == 'h';
        char sound = is_ph ? 'f' : sound_of(letter);
        if (sound == '.' ? sounds == 0 : sound != last) {
            code[length++] = sound;
            sounds++;
        }
        last = sound;
    }
    buffer_clear(buffer);
    buffer_append(buffer, slice_make(code, length));
    return buffer_slice(buffer);
}

struct slice derive_text(const struct attribute *attribute, struct slice text,
                         struct buffer *buffer)
{
    ptrdiff_t found = 0;
    size_t characters = 0;
    switch (attribute->derivation) {
    case DERIVE_HEAD:
        return text_prefix(text, attribute->length);
    case DERIVE_TAIL:
        characters = text_length(text);
        if (characters <= attribute->length)
            return text;
        return slice_cut(text, text_prefix(text, characters - attribute->length).length,
                         text.length);
    case DERIVE_BEFORE:
        found = slice_find(text, attribute->text);
        return found < 0 ? text : slice_cut(text, 0, (size_t)found);
    case DERIVE_AFTER:
        found = slice_find(text, attribute->text);
        return found < 0 ? slice_of(NULL)
                         : slice_cut(text, (size_t)found + attribute->text.length, text.length);
    case DERIVE_LETTERS:
        return derive_letters(text, buffer);
    case DERIVE_PLAIN:
        return derive_plain(text, buffer);
    case DERIVE_SOUND:
        return derive_sound(text, buffer);
    default:
        return text;
    }
}
