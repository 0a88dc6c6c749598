/* Numbers in addresses: digits, letters and ideographic numerals. */
#include "standardize/address/address.h"
#include "standardize/address/address_run.h"

#include "cust360/base/text.h"

static bool is_small_letter(uint32_t character)
{
    return character >= 'a' && character <= 'z';
}

static bool is_joint(uint32_t character)
{
    return character == '-' || character == '/' || character == '~' || character == 0xFF5E ||
           (character >= 0x2010 && character <= 0x2015);
}

/* 12/F, as Hong Kong writes floors. */
static bool is_floor_sign(struct glyphs text, size_t index)
{
    return text.simple[index] == '/' && index + 1 < text.count && text.simple[index + 1] == 'f' &&
           (index + 2 == text.count || !is_small_letter(text.simple[index + 2]));
}

/* The characters that join the part of a number that ends at `index` to the next one: one, or two
 * (--), or none. 一 between digits is a dash that was typed so. */
static size_t joint_length(struct glyphs text, size_t index)
{
    enum { ONE = 0x4E00 };
    if (index >= text.count)
        return 0;
    bool is_one = text.simple[index] == ONE && index + 1 < text.count &&
                  text_is_digit(text.simple[index + 1]) && text_is_digit(text.simple[index - 1]);
    if (is_one)
        return 1;
    if (!is_joint(text.simple[index]) || is_floor_sign(text, index))
        return 0;
    return index + 1 < text.count && is_joint(text.simple[index + 1]) ? 2 : 1;
}

enum { TEN = 10, NUMBER_WORD = 0x53F7 }; /* 号 */

/* What a character is in a number (enum address_numeral, or its value); TRIE_NONE: nothing. */
static inline uint32_t numeral_find(const struct place_tables *tables, struct glyphs text,
                                    size_t index)
{
    return trie_find(tables->numerals, text.simple + index, 1);
}

static bool is_numeral(const struct place_tables *tables, struct glyphs text, size_t index)
{
    return numeral_find(tables, text, index) <= ADDRESS_NUMERAL_LAST;
}

/* 十二 is 12, 一百零三 is 103, 二零三 is 203; false when it is too long for a number in a house. */
static bool numeral_text(const struct place_tables *tables, struct glyphs numeral,
                         struct arena *arena, struct slice *text)
{
    enum { LONGEST = 6 };
    uint32_t total = 0;
    uint32_t digit = 0;
    bool has_unit = false;
    if (numeral.count > LONGEST)
        return false;
    for (size_t i = 0; i < numeral.count; i++) {
        uint32_t value = numeral_find(tables, numeral, i);
        if (value >= TEN) {
            total += (digit == 0 ? 1 : digit) * value;
            digit = 0;
            has_unit = true;
        } else {
            digit = has_unit ? value : digit * 10 + value;
        }
    }
    *text = slice_of(arena_format(arena, "%u", (unsigned)(total + digit)));
    return true;
}

/* One part: letters and digits, at least one digit among them, or a single letter; 甲 may stand
 * before digits. */
static size_t part_end(const struct place_tables *tables, struct glyphs text, size_t index)
{
    enum { SHORTEST_WORD = 3 };
    size_t i = index;
    bool has_digit = false;
    if (i + 1 < text.count && text_is_digit(text.simple[i + 1]) &&
        numeral_find(tables, text, i) == ADDRESS_NUMERAL_LETTER)
        i++;
    size_t letters = 0; /* behind the last digit */
    while (i < text.count && (text_is_digit(text.simple[i]) || is_small_letter(text.simple[i]))) {
        bool digit = text_is_digit(text.simple[i++]);
        letters = digit ? 0 : letters + 1;
        has_digit = digit || has_digit;
    }
    if (has_digit && letters >= SHORTEST_WORD)
        return i - letters; /* 853OPPO */
    bool is_letter = i - index == 1 && (index == 0 || !is_small_letter(text.simple[index - 1]));
    return has_digit || is_letter ? i : index;
}

static struct slice part_text(struct glyphs text, size_t first, size_t end, struct arena *arena)
{
    enum { CHARACTER_BYTES = 4 };
    while (first + 1 < end && text.simple[first] == '0')
        first++;
    char *bytes = arena_allocate_bytes(arena, (end - first) * CHARACTER_BYTES);
    size_t length = 0;
    for (size_t i = first; i < end; i++) {
        uint32_t character = text.simple[i];
        length += text_encode(is_small_letter(character) ? character - 'a' + 'A' : character,
                              bytes + length);
    }
    return slice_make(bytes, length);
}

/* 12#, 12#楼 */
static size_t hash_marker_end(const struct place_tables *tables, struct glyphs text, size_t index)
{
    size_t length = 0;
    uint32_t word = trie_longest(tables->markers, text.simple + index, text.count - index, &length);
    return word == ADDRESS_BUILDING || word == ADDRESS_FLOOR ? index + length : index;
}

static bool road_begins(const struct place_tables *tables, struct glyphs text, size_t index)
{
    size_t ignored;
    return index < text.count && trie_longest(tables->run_words, text.simple + index,
                                              text.count - index, &ignored) == ADDRESS_ROAD;
}

/* The marker at `index`, behind a number. 号 before 路 belongs to the name of the road. */
static size_t marker_read(const struct place_tables *tables, struct glyphs text, size_t index,
                          enum address_part *marker)
{
    size_t length = 0;
    *marker = ADDRESS_PARTS;
    if (index < text.count && text.simple[index] == '#') {
        *marker = ADDRESS_BUILDING;
        return hash_marker_end(tables, text, index + 1);
    }
    while (index < text.count && text.simple[index] == ' ')
        index++;
    uint32_t found =
        trie_longest(tables->markers, text.simple + index, text.count - index, &length);
    size_t end = index + length;
    if (found == TRIE_NONE || (found == ADDRESS_NUMBER && road_begins(tables, text, end)))
        return index;
    *marker = (enum address_part)found;
    /* 5号商铺101: the room's word belongs to the next number. */
    bool is_before_number = found == ADDRESS_ROOM && length > 1 && end < text.count &&
                            text.simple[index] == NUMBER_WORD && text_is_digit(text.simple[end]);
    if (!is_before_number)
        return end;
    *marker = ADDRESS_NUMBER;
    return index + 1;
}

/* A word of letters (甲栋, 东单元, 西户) as a number. */
static size_t read_word_number(const struct place_tables *tables, struct glyphs text, size_t index,
                               struct arena *arena, struct address_number *number)
{
    enum { HOUSEHOLD = 0x6237, BLOCK = 0x5EA7 };
    uint32_t kind = numeral_find(tables, text, index);
    bool is_direction = kind == ADDRESS_NUMERAL_DIRECTION;
    if (index + 1 >= text.count || (!is_direction && kind != ADDRESS_NUMERAL_LETTER))
        return index;
    size_t behind = marker_read(tables, text, index + 1, &number->marker);
    uint32_t next = text.simple[index + 1];
    bool counts = number->marker == ADDRESS_UNIT || number->marker == ADDRESS_BUILDING ||
                  number->marker == ADDRESS_ROOM;
    /* 东门 is a gate, 中房 and 南塔 are names. */
    bool is_sure = !is_direction || behind > index + 2 || next == HOUSEHOLD || next == BLOCK;
    if (!counts || !is_sure) {
        number->marker = ADDRESS_PARTS;
        return index;
    }
    number->parts[0] = part_text(text, index, index + 1, arena);
    number->part_count = 1;
    return behind;
}

/* 三零一 at the end: digits read one by one need no marker. */
static bool is_spelled_out(const struct place_tables *tables, struct glyphs text, size_t index,
                           size_t end)
{
    enum { SHORTEST = 3 };
    if (end < index + SHORTEST || end < text.count)
        return false;
    for (size_t i = index; i < end; i++)
        if (numeral_find(tables, text, i) >= TEN)
            return false;
    return true;
}

size_t address_numeral_read(const struct place_tables *tables, struct glyphs text, size_t index,
                            struct arena *arena, struct slice *numeral)
{
    size_t end = index;
    while (end < text.count && is_numeral(tables, text, end))
        end++;
    return end > index && numeral_text(tables, glyphs_cut(text, index, end), arena, numeral)
               ? end
               : index;
}

static size_t read_numerals(const struct place_tables *tables, struct glyphs text, size_t index,
                            struct arena *arena, struct address_number *number)
{
    size_t end = index;
    while (end < text.count && is_numeral(tables, text, end))
        end++;
    if (end == index)
        return read_word_number(tables, text, index, arena, number);
    size_t behind = end;
    if (end < text.count)
        behind = marker_read(tables, text, end, &number->marker);
    /* 三村, 四环, 一里 are names. */
    bool counts = number->marker != ADDRESS_PARTS && text.simple[end] != ' ';
    if (!counts && !is_spelled_out(tables, text, index, end))
        return index;
    if (!numeral_text(tables, glyphs_cut(text, index, end), arena, &number->parts[0]))
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

/* 101-103, 408/411: two rooms side by side are one part. */
static bool is_range(struct slice a, struct slice b)
{
    enum { SHORTEST = 3, SIDE_BY_SIDE = 50 };
    int64_t from;
    int64_t to;
    return a.length >= SHORTEST && a.length == b.length && text_to_integer(a, &from) &&
           text_to_integer(b, &to) && to > from && to - from < SIDE_BY_SIDE;
}

static size_t read_parts(const struct place_tables *tables, struct glyphs text, size_t index,
                         struct arena *arena, struct address_number *number)
{
    size_t end = part_end(tables, text, index);
    for (;;) {
        struct slice part = part_text(text, index, end, arena);
        struct slice *last = number->part_count > 0 ? &number->parts[number->part_count - 1] : NULL;
        if (last && is_range(*last, part))
            *last = glyphs_join((const struct slice[]){*last, SLICE("-"), part}, 3, arena);
        else
            number->parts[number->part_count++] = part;
        size_t joint = joint_length(text, end);
        size_t next = joint > 0 ? part_end(tables, text, end + joint) : end;
        if (joint == 0 || next == end + joint || number->part_count == NUMBER_PARTS)
            return end;
        index = end + joint;
        end = next;
    }
}

/* 负1层, 地下1层, -1楼: below the ground. The characters before the number. */
static size_t below_length(struct glyphs text, size_t index)
{
    enum { MINUS = 0x8D1F, EARTH = 0x5730, UNDER = 0x4E0B };
    if (text.simple[index] == MINUS || text.simple[index] == '-')
        return 1;
    bool is_under =
        text.simple[index] == EARTH && index + 1 < text.count && text.simple[index + 1] == UNDER;
    return is_under ? 2 : 0;
}

static size_t read_below(const struct place_tables *tables, struct glyphs text, size_t index,
                         struct arena *arena, struct address_number *number)
{
    size_t before = below_length(text, index);
    if (before == 0 || index + before >= text.count)
        return index;
    size_t end = address_number_read(tables, text, index + before, arena, number);
    if (end > index + before && number->marker == ADDRESS_FLOOR) {
        number->parts[0] =
            glyphs_join((const struct slice[]){SLICE("B"), number->parts[0]}, 2, arena);
        return end;
    }
    number->part_count = 0;
    number->marker = ADDRESS_PARTS;
    return index;
}

/* No.5 */
static size_t number_sign_length(struct glyphs text, size_t index)
{
    enum { NUMERO = 0x2116 };
    size_t i = index;
    if (text.simple[i] == NUMERO)
        i++;
    else if (i + 2 < text.count && text.simple[i] == 'n' && text.simple[i + 1] == 'o')
        i += 2;
    else
        return 0;
    while (i < text.count && (text.simple[i] == '.' || text.simple[i] == ' '))
        i++;
    return i < text.count && text_is_digit(text.simple[i]) ? i - index : 0;
}

size_t address_road_number(const struct place_tables *tables, struct glyphs text, size_t index)
{
    enum { LONGEST = 6 };
    size_t end = index;
    if (text.simple[index] >= 0x80)
        return index;
    while (end < text.count && end < index + LONGEST &&
           (text_is_digit(text.simple[end]) || is_small_letter(text.simple[end])))
        end++;
    if (end == index || end == text.count || !text_is_digit(text.simple[end - 1]))
        return index;
    size_t length = 0;
    if (trie_longest(tables->markers, text.simple + end, text.count - end, &length) == ADDRESS_LANE)
        return index;
    size_t word = text.simple[end] == NUMBER_WORD ? end + 1 : end;
    if (word == text.count)
        return index;
    bool is_road = trie_longest(tables->run_words, text.simple + word, text.count - word,
                                &length) == ADDRESS_ROAD;
    return is_road ? word : index;
}

/* Digits with a marker right behind, as most numbers are: 12栋. Returns `index` when it takes a
 * closer look to tell. */
static size_t read_plain(const struct place_tables *tables, struct glyphs text, size_t index,
                         struct arena *arena, struct address_number *number)
{
    enum { LONGEST = 6, ONE = 0x4E00 };
    size_t end = index;
    while (end < text.count && text_is_digit(text.simple[end]))
        end++;
    if (end == index || end > index + LONGEST || end == text.count || text.simple[end] <= ONE)
        return index;
    size_t length = 0;
    uint32_t found = trie_longest(tables->markers, text.simple + end, text.count - end, &length);
    if (found == TRIE_NONE || (found == ADDRESS_ROOM && length > 1))
        return index;
    size_t behind = end + length;
    bool is_number = text.simple[end] == NUMBER_WORD;
    if (found != ADDRESS_LANE && (road_begins(tables, text, is_number ? end + 1 : end) ||
                                  (is_number && road_begins(tables, text, behind))))
        return index;
    number->parts[0] = part_text(text, index, end, arena);
    number->part_count = 1;
    number->marker = (enum address_part)found;
    return behind;
}

size_t address_number_read(const struct place_tables *tables, struct glyphs text, size_t index,
                           struct arena *arena, struct address_number *number)
{
    number->part_count = 0;
    number->marker = ADDRESS_PARTS;
    if (!address_may_begin_number(tables, text, index))
        return index;
    size_t plain = read_plain(tables, text, index, arena, number);
    if (plain > index)
        return plain;
    size_t sign = number_sign_length(text, index);
    size_t start = index + sign;
    size_t end = part_end(tables, text, start);
    if (end == start) {
        size_t below = read_below(tables, text, index, arena, number);
        return below > index ? below : read_numerals(tables, text, index, arena, number);
    }
    if (sign == 0 && address_road_number(tables, text, index) > index)
        return index;
    end = read_parts(tables, text, start, arena, number);
    size_t behind = marker_read(tables, text, end, &number->marker);
    bool is_letter = end - start == 1 && is_small_letter(text.simple[start]);
    if (is_letter && number->marker == ADDRESS_PARTS) {
        number->part_count = 0;
        return index; /* a letter alone is part of a name */
    }
    if (number->marker == ADDRESS_PARTS)
        behind = end;
    split_floor(text, end, number);
    if (sign > 0 && number->marker == ADDRESS_PARTS)
        number->marker = ADDRESS_NUMBER;
    return behind;
}
