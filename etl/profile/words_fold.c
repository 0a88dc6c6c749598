/* A heading in the letters that words are written in: simplified characters, ASCII for full-width
 * and accented letters, a blank for the signs between words. */
#include "cust360/base/text.h"
#include "profile/words_table.h"

enum { FULL_WIDTH_FIRST = 0xFF01, FULL_WIDTH_LAST = 0xFF5E, FULL_WIDTH_OFFSET = 0xFEE0 };

static const struct {
    const char *letters;
    const char *ascii;
} accented[] = {{"àáâãåāąă", "a"}, {"ÀÁÂÃÅĄ", "A"}, {"çćč", "c"},   {"Ç", "C"},   {"èéêëēęě", "e"},
                {"ÈÉÊË", "E"},     {"ìíîïīı", "i"}, {"ÌÍÎÏ", "I"},  {"ñń", "n"},  {"Ñ", "N"},
                {"òóôõøō", "o"},   {"ÒÓÔÕØ", "O"},  {"ùúûūů", "u"}, {"ÙÚÛ", "U"}, {"ýÿ", "y"},
                {"śšşș", "s"},     {"ŚŠŞ", "S"},    {"žźż", "z"},   {"ŽŹŻ", "Z"}, {"łŁ", "l"},
                {"ğ", "g"},        {"ř", "r"},      {"țţ", "t"},    {"đ", "d"},   {"ä", "ae"},
                {"ö", "oe"},       {"ü", "ue"},     {"Ä", "AE"},    {"Ö", "OE"},  {"Ü", "UE"},
                {"ß", "ss"},       {"æ", "ae"},     {"°º", "o"},    {"ª", ""}};

static bool is_sign_between(uint32_t character)
{
    enum { CJK_SIGNS_FIRST = 0x3000, CJK_SIGNS_LAST = 0x303F, GENERAL_FIRST = 0x2000 };
    enum { GENERAL_LAST = 0x206F, MIDDLE_DOT = 0xB7, KATAKANA_DOT = 0x30FB, REPEATED = 0x3005 };
    return (character >= CJK_SIGNS_FIRST && character <= CJK_SIGNS_LAST && character != REPEATED) ||
           (character >= GENERAL_FIRST && character <= GENERAL_LAST) || character == MIDDLE_DOT ||
           character == KATAKANA_DOT;
}

static bool is_cyrillic(uint32_t character)
{
    enum { CYRILLIC_FIRST = 0x400, CYRILLIC_LAST = 0x45F };
    return character >= CYRILLIC_FIRST && character <= CYRILLIC_LAST;
}

/* Small Russian letters, and е for ё. */
static struct slice lower_cyrillic(struct slice letter, uint32_t character, char *bytes)
{
    enum { YO = 0x401, SMALL_YO = 0x451, YE = 0x435, CAPITAL = 0x410, SMALL = 0x430 };
    uint32_t small = character;
    if (character == YO || character == SMALL_YO)
        small = YE;
    else if (character >= CAPITAL && character < SMALL)
        small = character + SMALL - CAPITAL;
    if (small == character)
        return letter;
    bytes[0] = (char)(0xC0 | small >> 6);
    bytes[1] = (char)(0x80 | (small & 0x3F));
    return slice_make(bytes, 2);
}

static struct slice fold_letter(const struct profile_words *words, struct slice letter,
                                uint32_t character, char *bytes)
{
    if (character >= FULL_WIDTH_FIRST && character <= FULL_WIDTH_LAST) {
        *bytes = (char)(character - FULL_WIDTH_OFFSET);
        return slice_make(bytes, 1);
    }
    if (is_sign_between(character))
        return SLICE(" ");
    if (letter.length == 2 && is_cyrillic(character))
        return lower_cyrillic(letter, character, bytes);
    for (size_t i = 0; i < sizeof(accented) / sizeof(*accented) && letter.length == 2; i++)
        if (slice_find(slice_of(accented[i].letters), letter) >= 0)
            return slice_of(accented[i].ascii);
    return words_simplify(words, letter);
}

struct slice words_fold(const struct profile_words *words, struct slice heading, char *text,
                        size_t size)
{
    size_t length = 0;
    for (size_t position = 0; position < heading.length;) {
        size_t from = position;
        char bytes[2];
        uint32_t character = text_next(heading, &position);
        struct slice simple =
            fold_letter(words, slice_cut(heading, from, position), character, bytes);
        if (length + simple.length > size)
            break;
        memcpy(text + length, simple.data, simple.length);
        length += simple.length;
    }
    return slice_make(text, length);
}
