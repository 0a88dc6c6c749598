/* Numbers in addresses: digits, letters and ideographic numerals. */
#include "standardize/address.h"

#include "cust360/base/text.h"

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

static bool is_small_letter(uint32_t character)
{
    return character >= 'a' && character <= 'z';
}

static bool is_joint(uint32_t character)
{
    return character == '-' || character == '/' || character == '~' || character == 0xFF5E ||
           (character >= 0x2010 && character <= 0x2015);
}

enum { TEN = 10, HUNDRED = 100 };

/* The value of an ideographic numeral: 0 to 10, 100; -1 when it is none. */
static int numeral_value(uint32_t character)
{
    /* By code point: 〇 (two forms) 一 七 三 两 九 二 五 八 六 十 四 百 零. */
    static const struct {
        uint32_t character;
        int value;
    } numerals[] = {{0x25CB, 0}, {0x3007, 0},   {0x4E00, 1}, {0x4E03, 7},       {0x4E09, 3},
                    {0x4E24, 2}, {0x4E5D, 9},   {0x4E8C, 2}, {0x4E94, 5},       {0x516B, 8},
                    {0x516D, 6}, {0x5341, TEN}, {0x56DB, 4}, {0x767E, HUNDRED}, {0x96F6, 0}};
    size_t low = 0;
    size_t high = sizeof(numerals) / sizeof(numerals[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (numerals[middle].character == character)
            return numerals[middle].value;
        if (numerals[middle].character < character)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* 十二 is 12, 一百零三 is 103, 二零三 is 203; false when it is too long for a number in a house. */
static bool numeral_text(const uint32_t *simple, size_t count, struct arena *arena,
                         struct slice *text)
{
    enum { LONGEST = 6 };
    int total = 0;
    int digit = 0;
    bool has_unit = false;
    if (count > LONGEST)
        return false;
    for (size_t i = 0; i < count; i++) {
        int value = numeral_value(simple[i]);
        if (value >= TEN) {
            total += (digit == 0 ? 1 : digit) * value;
            digit = 0;
            has_unit = true;
        } else {
            digit = has_unit ? value : digit * 10 + value;
        }
    }
    *text = slice_of(arena_format(arena, "%d", total + digit));
    return true;
}

/* One part: letters and digits, at least one digit among them, or a single letter. */
static size_t part_end(struct glyphs text, size_t index)
{
    size_t i = index;
    bool has_digit = false;
    while (i < text.count && (is_digit(text.simple[i]) || is_small_letter(text.simple[i])))
        has_digit = is_digit(text.simple[i++]) || has_digit;
    return has_digit || i - index == 1 ? i : index;
}

static struct slice part_text(struct glyphs text, size_t first, size_t end, struct arena *arena)
{
    while (first + 1 < end && text.simple[first] == '0')
        first++;
    char *bytes = arena_allocate_bytes(arena, end - first);
    for (size_t i = first; i < end; i++) {
        uint32_t character = text.simple[i];
        bytes[i - first] = (char)(is_small_letter(character) ? character - 'a' + 'A' : character);
    }
    return slice_make(bytes, end - first);
}

/* The marker at `index`, behind a number. 号 before 路 belongs to the name of the road. */
static size_t marker_read(const struct place_tables *tables, struct glyphs text, size_t index,
                          enum address_part *marker)
{
    size_t length = 0;
    *marker = ADDRESS_PARTS;
    if (index < text.count && text.simple[index] == '#') {
        /* 12#, 12#楼 */
        *marker = ADDRESS_BUILDING;
        index++;
        uint32_t word =
            trie_longest(tables->markers, text.simple + index, text.count - index, &length);
        return word == ADDRESS_BUILDING || word == ADDRESS_FLOOR ? index + length : index;
    }
    while (index < text.count && text.simple[index] == ' ')
        index++;
    uint32_t found =
        trie_longest(tables->markers, text.simple + index, text.count - index, &length);
    if (found == TRIE_NONE)
        return index;
    size_t end = index + length;
    size_t ignored;
    if (found == ADDRESS_NUMBER && end < text.count &&
        trie_longest(tables->run_words, text.simple + end, text.count - end, &ignored) ==
            ADDRESS_ROAD)
        return index;
    *marker = (enum address_part)found;
    return end;
}

static size_t read_numerals(const struct place_tables *tables, struct glyphs text, size_t index,
                            struct arena *arena, struct address_number *number)
{
    size_t end = index;
    while (end < text.count && numeral_value(text.simple[end]) >= 0)
        end++;
    if (end == index || end == text.count)
        return index;
    size_t behind = marker_read(tables, text, end, &number->marker);
    /* 三村, 四环, 一里 are names. */
    if (number->marker == ADDRESS_PARTS || text.simple[end] == ' ')
        return index;
    if (!numeral_text(text.simple + index, end - index, arena, &number->parts[0]))
        return index;
    number->part_count = 1;
    return behind;
}

/* 12f is a floor. */
static void split_floor(struct glyphs text, size_t end, struct address_number *number)
{
    struct slice *last = &number->parts[number->part_count - 1];
    if (number->marker != ADDRESS_PARTS || last->length < 2 || text.simple[end - 1] != 'f')
        return;
    last->length--;
    number->marker = ADDRESS_FLOOR;
}

size_t address_number_read(const struct place_tables *tables, struct glyphs text, size_t index,
                           struct arena *arena, struct address_number *number)
{
    number->part_count = 0;
    number->marker = ADDRESS_PARTS;
    size_t start = index;
    size_t end = part_end(text, index);
    if (end == index)
        return read_numerals(tables, text, index, arena, number);
    for (;;) {
        number->parts[number->part_count++] = part_text(text, index, end, arena);
        bool joined = end < text.count && is_joint(text.simple[end]);
        size_t next = joined ? part_end(text, end + 1) : end;
        if (!joined || next == end + 1 || number->part_count == NUMBER_PARTS)
            break;
        index = end + 1;
        end = next;
    }
    size_t behind = marker_read(tables, text, end, &number->marker);
    bool is_letter = end - start == 1 && is_small_letter(text.simple[start]);
    if (is_letter && number->marker == ADDRESS_PARTS)
        return start; /* a letter alone is part of a name */
    if (number->marker == ADDRESS_PARTS)
        behind = end;
    split_floor(text, end, number);
    return behind;
}
