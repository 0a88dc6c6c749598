/* The words of an address in letters. */
#include "standardize/address/spelled.h"

#include "cust360/base/text.h"

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Bytes of an apostrophe as in Xi'an at `position`, or 0. */
static size_t apostrophe_bytes(struct slice text, size_t position)
{
    struct slice rest = slice_cut(text, position, text.length);
    if (rest.data[0] == '\'' || rest.data[0] == '`')
        return 1;
    return slice_starts_with(rest, SLICE("’")) || slice_starts_with(rest, SLICE("‘")) ? 3 : 0;
}

/* Bytes of what stands within a word: an apostrophe, the hyphen of 12-3, the stroke of 20/F. */
static size_t joint_bytes(struct slice text, size_t start, size_t position)
{
    size_t bytes = apostrophe_bytes(text, position);
    char byte = text.data[position];
    if (bytes == 0 && (byte == '-' || byte == '/'))
        bytes = 1;
    bool inside = position > start && position + bytes < text.length;
    if (bytes == 0 || !inside)
        return 0;
    char before = text.data[position - 1];
    char behind = text.data[position + bytes];
    bool joins = is_letter(behind) || text_is_digit_byte(behind);
    if (byte == '/')
        joins = text_is_digit_byte(before) && (behind == 'F' || behind == 'f');
    return joins && (is_letter(before) || text_is_digit_byte(before)) ? bytes : 0;
}

static size_t word_end(struct slice text, size_t start)
{
    size_t end = start;
    while (end < text.length) {
        unsigned char byte = (unsigned char)text.data[end];
        if (is_letter((char)byte) || text_is_digit_byte((char)byte)) {
            end++;
            continue;
        }
        size_t joint = joint_bytes(text, start, end);
        if (joint == 0 && byte < 0x80)
            break;
        if (joint == 0) { /* é, ü: a letter of its own, unless it is a sign as – */
            size_t next = end;
            uint32_t character = text_next(text, &next);
            if (character >= 0x2000)
                break;
            end = next;
            continue;
        }
        end += joint;
    }
    return end;
}

/* Small letters, digits, and the hyphens between numbers. */
static struct slice bare_letters(struct slice word, struct arena *arena)
{
    char *letters = arena_allocate_bytes(arena, word.length + 1);
    size_t count = 0;
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.data[i];
        bool kept = is_letter(byte) || text_is_digit_byte(byte) ||
                    (byte == '-' && text_is_digit_byte(word.data[0]));
        if (kept)
            letters[count++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    letters[count] = '\0';
    return slice_make(letters, count);
}

void spelled_read(struct slice text, struct arena *arena, struct spelled_text *spelled)
{
    bool begins = true;
    spelled->count = 0;
    for (size_t i = 0; i < text.length && spelled->count < SPELLED_WORDS_MAX;) {
        size_t end = word_end(text, i);
        char byte = text.data[i];
        if (byte == '#' || end == i) {
            begins = begins || byte == ',' || byte == ';' || byte == '|' || byte == '\n';
            size_t next = i;
            text_next(text, &next);
            if (byte == '#')
                spelled->words[spelled->count++] = (struct spelled_word){
                    .typed = SLICE("#"), .letters = SLICE("#"), .begins = begins};
            begins = begins && byte != '#';
            i = next;
            continue;
        }
        struct slice typed = slice_cut(text, i, end);
        struct slice letters = bare_letters(typed, arena);
        if (letters.length > 0) {
            spelled->words[spelled->count++] =
                (struct spelled_word){.typed = typed,
                                      .letters = letters,
                                      .is_number = text_is_digit_byte(letters.data[0]),
                                      .begins = begins};
            begins = false;
        }
        i = end;
    }
}

char spelled_direction(struct slice word)
{
    static const struct {
        const char *word;
        char direction;
    } words[] = {{"east", 'E'},    {"west", 'W'}, {"south", 'S'}, {"north", 'N'}, {"middle", 'M'},
                 {"central", 'M'}, {"mid", 'M'},  {"e", 'E'},     {"w", 'W'},     {"s", 'S'},
                 {"n", 'N'},       {"m", 'M'},    {"c", 'M'},     {"dong", 'E'},  {"xi", 'W'},
                 {"nan", 'S'},     {"bei", 'N'},  {"zhong", 'M'}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(word, slice_of(words[i].word)))
            return words[i].direction;
    }
    return 0;
}

const char *spelled_road_word(struct slice word)
{
    static const struct {
        const char *word;
        const char *english;
    } words[] = {{"road", "Road"},       {"rd", "Road"},          {"lu", "Road"},
                 {"street", "Street"},   {"st", "Street"},        {"jie", "Street"},
                 {"avenue", "Avenue"},   {"ave", "Avenue"},       {"av", "Avenue"},
                 {"dadao", "Avenue"},    {"dajie", "Avenue"},     {"boulevard", "Boulevard"},
                 {"blvd", "Boulevard"},  {"drive", "Drive"},      {"dr", "Drive"},
                 {"highway", "Highway"}, {"hwy", "Highway"},      {"gonglu", "Highway"},
                 {"hutong", "Hutong"},   {"alley", "Alley"},      {"lane", "Lane"},
                 {"ln", "Lane"},         {"xiang", "Lane"},       {"expressway", "Expressway"},
                 {"parkway", "Parkway"}, {"way", "Way"},          {"path", "Path"},
                 {"terrace", "Terrace"}, {"crescent", "Crescent"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(word, slice_of(words[i].word)))
            return words[i].english;
    }
    return NULL;
}
