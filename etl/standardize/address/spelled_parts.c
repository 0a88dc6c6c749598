/* Road, number, building, unit and room of an address in letters.
 *
 *   Rm 1203, Bldg 5, No. 100 Nanjing West Rd.      595 Lane, Caoxi Lu, 3 Hao, 501 Shi */
#include "standardize/address/spelled.h"

#include "cust360/base/text.h"

enum part {
    PART_NONE,
    PART_NUMBER,
    PART_BUILDING,
    PART_UNIT,
    PART_FLOOR,
    PART_ROOM,
    PART_LANE,
    PART_SECTION,
    PART_POST_BOX, /* no place: passed over */
    PARTS
};

/* What was read so far. */
struct reading_parts {
    struct slice values[PARTS];
    struct slice road;
    struct slice estate;
    struct slice town;
    struct slice village;
};

/* The part that a word names before its number: No. 88, Bldg 5, #1203. */
static enum part part_before(struct slice word)
{
    static const struct {
        const char *word;
        enum part part;
    } words[] = {{"no", PART_NUMBER},      {"nos", PART_NUMBER},        {"number", PART_NUMBER},
                 {"#", PART_NUMBER},       {"building", PART_BUILDING}, {"bldg", PART_BUILDING},
                 {"bld", PART_BUILDING},   {"block", PART_BUILDING},    {"blk", PART_BUILDING},
                 {"tower", PART_BUILDING}, {"unit", PART_UNIT},         {"entrance", PART_UNIT},
                 {"floor", PART_FLOOR},    {"level", PART_FLOOR},       {"fl", PART_FLOOR},
                 {"room", PART_ROOM},      {"rm", PART_ROOM},           {"apartment", PART_ROOM},
                 {"apt", PART_ROOM},       {"suite", PART_ROOM},        {"ste", PART_ROOM},
                 {"flat", PART_ROOM},      {"lane", PART_LANE},         {"ln", PART_LANE},
                 {"box", PART_POST_BOX},   {"pobox", PART_POST_BOX},    {"section", PART_SECTION},
                 {"sec", PART_SECTION}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(word, slice_of(words[i].word)))
            return words[i].part;
    }
    return PART_NONE;
}

/* The part that a word names behind its number: 5th floor, 595 Nong, 88 hao, 1203 shi. */
static enum part part_behind(struct slice word)
{
    static const struct {
        const char *word;
        enum part part;
    } words[] = {{"floor", PART_FLOOR},     {"fl", PART_FLOOR},        {"f", PART_FLOOR},
                 {"lou", PART_FLOOR},       {"ceng", PART_FLOOR},      {"hao", PART_NUMBER},
                 {"dong", PART_BUILDING},   {"zhuang", PART_BUILDING}, {"zuo", PART_BUILDING},
                 {"haolou", PART_BUILDING}, {"danyuan", PART_UNIT},    {"building", PART_BUILDING},
                 {"bldg", PART_BUILDING},   {"shi", PART_ROOM},        {"fang", PART_ROOM},
                 {"nong", PART_LANE},       {"lane", PART_LANE},       {"duan", PART_SECTION}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(word, slice_of(words[i].word)))
            return words[i].part;
    }
    return PART_NONE;
}

/* 20/F, 20F, 5th: the digits, and whether they count floors. */
static struct slice bare_number(struct slice word, bool *is_floor)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};
    size_t digits = 0;
    while (digits < word.length && text_is_digit_byte(word.data[digits]))
        digits++;
    struct slice ending = slice_cut(word, digits, word.length);
    *is_floor = slice_equal(ending, SLICE("f"));
    bool is_ordinal = slice_is_one_of(ending, ordinals);
    if (is_ordinal || *is_floor)
        word = slice_cut(word, 0, digits);
    while (word.length > 1 && word.data[0] == '0')
        word = slice_cut(word, 1, word.length);
    return word;
}

static struct slice upper(struct slice word, struct arena *arena)
{
    char *text = arena_text(arena, word);
    for (size_t i = 0; i < word.length; i++) {
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
    }
    return slice_make(text, word.length);
}

/* A number, or a single letter as in Block A, that no comma parts from what stands before it. */
static bool is_value(const struct spelled_text *spelled, size_t index)
{
    enum { LETTERED_BYTES = 4 }; /* A, B2, A12 */
    if (index >= spelled->count || spelled->words[index].is_used)
        return false;
    const struct spelled_word *word = &spelled->words[index];
    bool lettered = word->letters.length <= LETTERED_BYTES;
    for (size_t i = 1; i < word->letters.length; i++)
        lettered = lettered && text_is_digit_byte(word->letters.data[i]);
    return word->is_number || (lettered && word->letters.data[0] != '#');
}

static void set_value(struct reading_parts *parts, enum part part, struct slice value,
                      struct arena *arena)
{
    bool is_floor = false;
    value = bare_number(value, &is_floor);
    if (is_floor)
        part = PART_FLOOR;
    if (parts->values[part].length == 0)
        parts->values[part] = upper(value, arena);
}

/* The part that the word at `index` names of the number before it: not when a number of its own
 * follows, as in No. 88 Building 5. */
static enum part part_after(const struct spelled_text *spelled, size_t index)
{
    if (index >= spelled->count || spelled->words[index].begins || spelled->words[index].is_used)
        return PART_NONE;
    enum part part = part_behind(spelled->words[index].letters);
    bool has_own =
        part == PART_BUILDING && is_value(spelled, index + 1) && !spelled->words[index + 1].begins;
    return has_own ? PART_NONE : part;
}

/* 12-3-1502: building, unit and room. */
static bool read_triple(struct slice number, struct reading_parts *parts, struct arena *arena)
{
    ptrdiff_t first = slice_find(number, SLICE("-"));
    if (first < 0)
        return false;
    struct slice rest = slice_cut(number, (size_t)first + 1, number.length);
    ptrdiff_t second = slice_find(rest, SLICE("-"));
    if (second < 0)
        return false;
    set_value(parts, PART_BUILDING, slice_cut(number, 0, (size_t)first), arena);
    set_value(parts, PART_UNIT, slice_cut(rest, 0, (size_t)second), arena);
    set_value(parts, PART_ROOM, slice_cut(rest, (size_t)second + 1, rest.length), arena);
    return true;
}

/* Bldg No. 5, Rm 1203: words before a number. Returns how many words were read. */
static size_t read_named_number(const struct spelled_text *spelled, size_t index,
                                struct reading_parts *parts, struct arena *arena)
{
    enum part part = part_before(spelled->words[index].letters);
    size_t next = index + 1;
    if (part == PART_NONE)
        return 0;
    while (next < spelled->count && !spelled->words[next].begins &&
           part_before(spelled->words[next].letters) == PART_NUMBER)
        next++;
    if (!is_value(spelled, next) || spelled->words[next].begins)
        return 0;
    struct slice value = spelled->words[next++].letters;
    enum part behind = part_after(spelled, next);
    if (part == PART_NUMBER && behind == PART_BUILDING) { /* No. 5 Building */
        part = behind;
        next++;
    } else if (part == PART_NUMBER && slice_equal(spelled->words[index].letters, SLICE("#")) &&
               (next == spelled->count || spelled->words[next].begins)) {
        part = PART_ROOM; /* #1203, but #88 Century Avenue */
    }
    set_value(parts, part, value, arena);
    return next - index;
}

/* 88 Century Avenue, 5th Floor, 3 hao lou, 1203. */
static size_t read_number(const struct spelled_text *spelled, size_t index,
                          struct reading_parts *parts, struct arena *arena)
{
    struct slice number = spelled->words[index].letters;
    size_t next = index + 1;
    bool has_next =
        next < spelled->count && !spelled->words[next].begins && !spelled->words[next].is_used;
    enum part part = part_after(spelled, next);
    bool building = part == PART_NUMBER && next + 1 < spelled->count &&
                    slice_equal(spelled->words[next + 1].letters, SLICE("lou"));
    if (building)
        part = PART_BUILDING;
    if (part != PART_NONE) {
        set_value(parts, part, number, arena);
        return building ? 3 : 2;
    }
    if (read_triple(number, parts, arena))
        return 1;
    /* 5# is a building; a number that nothing names is the road's first, the room's then. */
    bool marked = has_next && slice_equal(spelled->words[next].letters, SLICE("#"));
    bool first = parts->values[PART_NUMBER].length == 0;
    set_value(parts, marked ? PART_BUILDING : first ? PART_NUMBER : PART_ROOM, number, arena);
    if (marked && part_after(spelled, next + 1) == PART_BUILDING)
        next++; /* 5# Building */
    return marked ? next + 1 - index : 1;
}

static struct slice append(struct arena *arena, struct slice text, struct slice word)
{
    return slice_of(arena_format(arena, "%.*s%s%.*s", SLICE_ARGUMENTS(text),
                                 text.length > 0 ? " " : "", SLICE_ARGUMENTS(word)));
}

/* Nanjing: a capital, then small letters; apostrophes stay. */
static struct slice capitalized(struct slice word, struct arena *arena)
{
    struct slice text = text_lower(arena, word);
    char *bytes = arena_text(arena, text);
    if (text.length > 0 && bytes[0] >= 'a' && bytes[0] <= 'z')
        bytes[0] = (char)(bytes[0] - 'a' + 'A');
    return slice_make(bytes, text.length);
}

static const char *direction_word(char direction)
{
    switch (direction) {
    case 'E':
        return "East";
    case 'W':
        return "West";
    case 'S':
        return "South";
    case 'N':
        return "North";
    default:
        return "Middle";
    }
}

/* 5th, as in Zhongshan 5th Road. */
static bool is_ordinal(struct slice word)
{
    return slice_ends_with(word, SLICE("th")) || slice_ends_with(word, SLICE("st")) ||
           slice_ends_with(word, SLICE("nd")) || slice_ends_with(word, SLICE("rd"));
}

/* Where the road that begins at `first` has its word; the number of words when it has none. */
static size_t road_word_index(const struct spelled_text *spelled, size_t first)
{
    enum { NAME_WORDS_MAX = 6 };
    for (size_t i = first; i < spelled->count && i <= first + NAME_WORDS_MAX; i++) {
        const struct spelled_word *word = &spelled->words[i];
        if (word->is_used || (i > first && word->begins) ||
            (word->is_number && (i == first || !is_ordinal(word->letters))))
            break;
        if (i > first && spelled_road_word(word->letters))
            return i;
    }
    return spelled->count;
}

/* Nanjing Rd. (W), Nanjing West Road and Nanjing Xi Lu are one: Nanjing West Road. */
static size_t read_road(const struct spelled_text *spelled, size_t first,
                        struct reading_parts *parts, struct arena *arena)
{
    size_t end = road_word_index(spelled, first);
    char direction = 0;
    if (end == spelled->count || parts->road.length > 0)
        return 0;
    struct slice road = {NULL, 0};
    for (size_t i = first; i < end; i++) {
        struct slice letters = spelled->words[i].letters;
        char found = i > first ? spelled_direction(letters) : 0;
        if (found && i + 1 == end)
            direction = found;
        else
            road = append(arena, road, capitalized(spelled->words[i].typed, arena));
    }
    size_t next = end + 1;
    bool follows = next < spelled->count && !spelled->words[next].begins;
    if (!direction && follows && spelled_direction(spelled->words[next].letters))
        direction = spelled_direction(spelled->words[next++].letters);
    if (direction)
        road = append(arena, road, slice_of(direction_word(direction)));
    parts->road = append(arena, road, slice_of(spelled_road_word(spelled->words[end].letters)));
    return next - first;
}

/* What nothing names: an estate, or a town or village by its last word. */
static size_t read_name(const struct spelled_text *spelled, size_t first,
                        struct reading_parts *parts, struct arena *arena)
{
    static const char *const towns[] = {"town",        "township", "zhen",   "xiang",
                                        "subdistrict", "jiedao",   "office", NULL};
    static const char *const villages[] = {"village", "cun", "community", NULL};
    static const char *const labels[] = {"address", "addr", "add", "po", "p", "o", NULL};
    if (slice_is_one_of(spelled->words[first].letters, labels))
        return 1;
    struct slice name = {NULL, 0};
    size_t end = first;
    for (; end < spelled->count; end++) {
        const struct spelled_word *word = &spelled->words[end];
        bool stops = word->is_number || word->is_used || part_before(word->letters) != PART_NONE;
        if (end > first && (word->begins || stops))
            break;
        name = append(arena, name, capitalized(word->typed, arena));
    }
    struct slice last = spelled->words[end - 1].letters;
    struct slice *part = slice_is_one_of(last, towns)      ? &parts->town
                         : slice_is_one_of(last, villages) ? &parts->village
                                                           : &parts->estate;
    if (part->length == 0 && name.length > 1)
        *part = name;
    return end - first;
}

/* Unit 1203 is a room where no other is named; floors count where no room tells them: F20, F12-B.
 */
static struct slice room_of(struct reading_parts *parts, struct arena *arena)
{
    enum { ROOM_DIGITS_LEAST = 3, WITH_FLOOR_BYTES_MOST = 2 };
    struct slice *unit = &parts->values[PART_UNIT];
    struct slice room = parts->values[PART_ROOM];
    struct slice floor = parts->values[PART_FLOOR];
    if (room.length == 0 && unit->length >= ROOM_DIGITS_LEAST) {
        room = *unit;
        *unit = slice_make(NULL, 0);
    }
    if (floor.length == 0 || room.length > WITH_FLOOR_BYTES_MOST)
        return room;
    return slice_of(arena_format(arena, "F%.*s%s%.*s", SLICE_ARGUMENTS(floor),
                                 room.length > 0 ? "-" : "", SLICE_ARGUMENTS(room)));
}

/* Whether a division was found, or another part of an address; else a word is any word. */
static bool has_division(const struct spelled_text *spelled)
{
    for (size_t i = 0; i < spelled->count; i++) {
        if (spelled->words[i].is_used)
            return true;
    }
    return false;
}

void spelled_read_parts(struct spelled_text *spelled, struct arena *arena,
                        struct address_parts *parts)
{
    struct reading_parts read = {.road = {NULL, 0}};
    for (size_t i = 0; i < spelled->count;) {
        size_t words = 1;
        if (!spelled->words[i].is_used) {
            words = read_named_number(spelled, i, &read, arena);
            if (words == 0 && spelled->words[i].is_number)
                words = read_number(spelled, i, &read, arena);
            if (words == 0)
                words = read_road(spelled, i, &read, arena);
            if (words == 0)
                words = read_name(spelled, i, &read, arena);
        }
        i += words;
    }
    struct slice *values = read.values;
    if (values[PART_SECTION].length > 0 && read.road.length > 0)
        read.road = append(arena, append(arena, read.road, SLICE("Section")), values[PART_SECTION]);
    parts->road = read.road;
    parts->number = values[PART_NUMBER];
    if (values[PART_LANE].length > 0)
        parts->number =
            slice_of(arena_format(arena, "%.*s弄%.*s", SLICE_ARGUMENTS(values[PART_LANE]),
                                  SLICE_ARGUMENTS(values[PART_NUMBER])));
    if (has_division(spelled) || read.road.length > 0 || parts->number.length > 0)
        parts->estate = read.estate;
    parts->town = read.town;
    parts->village = read.village;
    parts->building = values[PART_BUILDING];
    parts->room = room_of(&read, arena);
    parts->unit = values[PART_UNIT];
}
