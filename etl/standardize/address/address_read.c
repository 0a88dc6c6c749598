#include "standardize/address/address.h"
#include "standardize/address/address_run.h"

#include "cust360/base/text.h"

struct reading_state {
    const struct place_tables *tables;
    struct glyphs text;
    struct arena *arena;
    struct address_parts *parts;
    struct slice zone;
    struct slice group; /* 3组 */
    struct slice floor;
    struct slice late;      /* a number with 号 behind a building or a floor */
    struct slice direction; /* 北 of 二环路北一段, behind the road */
    bool estate_is_sure;    /* a word for estates ends it */
    bool road_is_last;      /* the road was named behind the estate */
    bool building_is_weak;  /* it was typed with 号, as numbers of roads are */
    struct slice *linked;   /* behind 之, 附: what the next number goes on with */
    enum address_part last; /* what the last number counted */
    /* The number that was read last: the end of a run is found by reading the number behind it. */
    struct address_number read;
    size_t read_from;
    size_t read_end; /* 0: none */
};

static size_t read_number(struct reading_state *state, size_t index, struct address_number *number)
{
    number->part_count = 0;
    number->marker = ADDRESS_PARTS;
    if (!address_may_begin_number(state->tables, state->text, index))
        return index;
    if (state->read_end == 0 || state->read_from != index) {
        state->read_end =
            address_number_read(state->tables, state->text, index, state->arena, &state->read);
        state->read_from = index;
    }
    *number = state->read;
    return state->read_end;
}

static size_t road_number(const struct reading_state *state, size_t index)
{
    if (state->text.simple[index] >= 0x80)
        return index;
    return address_road_number(state->tables, state->text, index);
}

static struct slice simple_text(const struct reading_state *state, size_t first, size_t end)
{
    return glyphs_text(state->text.simple + first, end - first, state->arena);
}

static struct slice join(const struct reading_state *state, struct slice a, const char *between,
                         struct slice b)
{
    if (slice_is_empty(a))
        return b;
    const struct slice texts[] = {a, slice_of(between), b};
    return glyphs_join(texts, 3, state->arena);
}

static struct slice joined_number(const struct reading_state *state,
                                  const struct address_number *number)
{
    struct slice text = number->parts[0];
    for (size_t i = 1; i < number->part_count; i++)
        text = join(state, text, "-", number->parts[i]);
    return text;
}

/* Building, unit and room in one: 12-3-1502, 12-1502; behind a building 3-1502, 1502. */
static void take_house(struct reading_state *state, const struct address_number *number)
{
    struct address_parts *parts = state->parts;
    size_t next = 0;
    size_t last = number->part_count - 1;
    if (slice_is_empty(parts->building) && next < last)
        parts->building = number->parts[next++];
    if (slice_is_empty(parts->unit) && next < last)
        parts->unit = number->parts[next++];
    if (slice_is_empty(parts->room))
        parts->room = number->parts[last];
}

static bool is_all_digits(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

/* Six digits at the beginning, or set off at the end, where more than a road's number is known. */
static bool is_postcode(const struct reading_state *state, struct slice text, size_t first,
                        size_t end)
{
    enum { POSTCODE_DIGITS = 6 };
    if (text.length != POSTCODE_DIGITS)
        return false;
    if (first == 0)
        return true;
    uint32_t before = state->text.simple[first - 1];
    bool set_off = before == ' ' || before == '(' || before == ':' || before == ',' ||
                   state->last == ADDRESS_NOTE;
    return set_off && (end == state->text.count || state->text.simple[end] == ')' ||
                       state->last == ADDRESS_NOTE);
}

static void take_bare(struct reading_state *state, const struct address_number *number,
                      size_t first, size_t end)
{
    enum { LONGEST_HOUSE_NUMBER = 6 }; /* longer ones are phones */
    struct address_parts *parts = state->parts;
    struct slice text = number->parts[0];
    if (number->part_count == 1 && is_all_digits(text)) {
        if (is_postcode(state, text, first, end))
            parts->postcode = text;
        if (parts->postcode.data == text.data || text.length > LONGEST_HOUSE_NUMBER ||
            state->last == ADDRESS_NOTE)
            return;
    }
    bool on_road = !(slice_is_empty(parts->road) && slice_is_empty(parts->village)) &&
                   slice_is_empty(parts->number) && slice_is_empty(parts->building) &&
                   (slice_is_empty(parts->estate) || state->road_is_last);
    if (on_road && number->part_count <= 2)
        parts->number = joined_number(state, number);
    else
        take_house(state, number);
}

/* 100弄5号: the lane and the number within it. Behind a building or a floor it is a room's; in an
 * estate, and behind another number, a building's. */
static void take_road_number(struct reading_state *state, const struct address_number *number)
{
    struct address_parts *parts = state->parts;
    struct slice text = joined_number(state, number);
    bool in_lane =
        slice_ends_with(parts->number, SLICE("弄")) || slice_ends_with(parts->number, SLICE("巷"));
    bool in_house = !slice_is_empty(parts->building) || !slice_is_empty(state->floor);
    bool in_estate = state->estate_is_sure && slice_is_empty(parts->road);
    if (in_lane)
        parts->number = join(state, parts->number, "", text);
    else if (in_house)
        state->late = text;
    else if (in_estate && number->part_count > 1)
        take_house(state, number);
    else if (in_estate || !slice_is_empty(parts->number)) {
        parts->building = text;
        state->building_is_weak = true;
    } else
        parts->number = text;
}

/* 武林广场7号杭州大厦A座: then 7 was the number in the road. */
static void take_building(struct reading_state *state, struct slice text)
{
    struct address_parts *parts = state->parts;
    if (state->building_is_weak && slice_is_empty(parts->number))
        parts->number = parts->building;
    if (slice_is_empty(parts->building) || state->building_is_weak)
        parts->building = text;
    state->building_is_weak = false;
}

static void take_unit(struct reading_state *state, const struct address_number *number)
{
    struct address_parts *parts = state->parts;
    if (number->part_count == 2 && slice_is_empty(parts->building))
        parts->building = number->parts[0];
    if (slice_is_empty(parts->building)) {
        parts->building = state->floor; /* 3楼2单元: a building, not a floor */
        state->floor = slice_make(NULL, 0);
    }
    parts->unit = number->parts[number->part_count - 1];
}

static void take_section(struct reading_state *state, struct slice text)
{
    struct address_parts *parts = state->parts;
    if (slice_is_empty(parts->road))
        return;
    const struct slice texts[] = {parts->road, state->direction, text, SLICE("段")};
    parts->road = glyphs_join(texts, sizeof(texts) / sizeof(texts[0]), state->arena);
    state->direction = slice_make(NULL, 0);
}

static void take_number(struct reading_state *state, const struct address_number *number,
                        size_t first, size_t end)
{
    struct slice text = joined_number(state, number);
    if (state->linked) {
        *state->linked = join(state, *state->linked, "-", text);
        state->linked = NULL;
        return;
    }
    switch (number->marker) {
    case ADDRESS_NUMBER:
        take_road_number(state, number);
        break;
    case ADDRESS_BUILDING:
        take_building(state, text);
        break;
    case ADDRESS_UNIT:
        take_unit(state, number);
        break;
    case ADDRESS_FLOOR:
        state->floor = text;
        break;
    case ADDRESS_ROOM:
        take_house(state, number);
        break;
    case ADDRESS_GROUP:
        state->group = text;
        break;
    case ADDRESS_SECTION:
        take_section(state, text);
        break;
    case ADDRESS_PARTS:
        take_bare(state, number, first, end);
        break;
    default: /* phases are no part of the model */
        break;
    }
    state->last = number->marker;
}

/* A lane's word is kept, to tell 100弄5号 from number 1005. 教育西4巷 is a road itself. */
static void take_lane(struct reading_state *state, const struct address_number *number,
                      struct slice word)
{
    struct address_parts *parts = state->parts;
    struct slice lane = join(state, joined_number(state, number), "", word);
    bool is_named = slice_is_empty(parts->road) && !slice_is_empty(parts->estate) &&
                    !state->estate_is_sure && slice_is_empty(parts->number);
    if (is_named) {
        parts->road = join(state, parts->estate, "", lane);
        parts->estate = slice_make(NULL, 0);
    } else {
        parts->number = join(state, parts->number, "", lane);
    }
}

/* The estate stands right before the building; of several names one with a word for estates wins.
 */
static void take_estate(struct reading_state *state, size_t first, size_t end, bool is_sure)
{
    enum { SHORTEST_ESTATE = 2 };
    struct address_parts *parts = state->parts;
    bool has_house = (!slice_is_empty(parts->building) && !state->building_is_weak) ||
                     !slice_is_empty(parts->room) || !slice_is_empty(state->floor);
    if (end < first + SHORTEST_ESTATE || has_house)
        return;
    if (!slice_is_empty(parts->estate) && (state->estate_is_sure || !is_sure))
        return;
    parts->estate = simple_text(state, first, end);
    state->estate_is_sure = is_sure;
}

static void take_span(struct reading_state *state, struct slice *part, struct address_span span)
{
    if (span.end > 0)
        *part = simple_text(state, span.first, span.end);
}

static size_t take_run(struct reading_state *state, size_t first, size_t end)
{
    struct address_run run = {.text = state->text, .first = first, .end = end};
    size_t next = address_run_read(state->tables, &run);
    take_span(state, &state->parts->town, run.town);
    take_span(state, &state->parts->village, run.village);
    take_span(state, &state->zone, run.zone);
    if (slice_is_empty(state->parts->road) && run.road.end > 0) {
        take_span(state, &state->parts->road, run.road);
        state->road_is_last = run.road.first > run.estate.first;
    }
    bool is_tail = run.road.end > 0 && run.rest + 1 == run.end &&
                   address_is_direction(state->text.simple[run.rest]);
    if (is_tail)
        state->direction = simple_text(state, run.rest, run.end);
    if (run.estate.end > 0)
        take_estate(state, run.estate.first, run.estate.end, true);
    else if (run.end > run.rest)
        take_estate(state, run.rest, run.end, false);
    state->last = run.end == run.first ? ADDRESS_NOTE : ADDRESS_PARTS;
    return next;
}

static bool is_run_character(uint32_t character)
{
    return text_is_han(character) || (character >= 'a' && character <= 'z') || character == 0xB7;
}

/* 莫泰168酒店, 798艺术区: whether the number belongs to the name that goes on behind it. */
static bool is_in_name(const struct reading_state *state, const struct address_number *number,
                       size_t end)
{
    enum { LONGEST_GAP = 2, LONGEST_NUMBER = 3 };
    if (number->marker != ADDRESS_PARTS || number->part_count != 1 ||
        number->parts[0].length > LONGEST_NUMBER)
        return false;
    for (size_t i = end; i <= end + LONGEST_GAP && i < state->text.count; i++) {
        if (!text_is_han(state->text.simple[i]))
            return false;
        size_t length = 0;
        uint32_t word = trie_longest(state->tables->run_words, state->text.simple + i,
                                     state->text.count - i, &length);
        if (word == ADDRESS_ESTATE)
            return true;
    }
    return false;
}

/* 路 街 道 巷: a number behind them is the house's. */
static bool is_road_word(uint32_t character)
{
    return character == 0x8DEF || character == 0x8857 || character == 0x9053 || character == 0x5DF7;
}

/* Where the run of ideographs that begins at `index` ends: before a number or a separator. */
static size_t run_end(struct reading_state *state, size_t index)
{
    size_t end = index;
    while (end < state->text.count) {
        struct address_number number;
        size_t behind = read_number(state, end, &number);
        /* Digits that were read as a number are not what a road is called by. */
        bool is_number = behind > end && text_is_digit(state->text.simple[end]);
        size_t road = is_number ? end : road_number(state, end);
        if (road > end) {
            end = road;
            continue;
        }
        if (behind > end && end > index + 1 && !is_road_word(state->text.simple[end - 1]) &&
            is_in_name(state, &number, behind)) {
            end = behind;
            continue;
        }
        bool goes_on = is_run_character(state->text.simple[end]) && (behind == end || end == index);
        if (!goes_on)
            break;
        end++;
    }
    return end;
}

/* 之 and 附 between two numbers. */
static bool take_link(struct reading_state *state, size_t index, size_t *end)
{
    size_t length = 0;
    uint32_t word = trie_longest(state->tables->markers, state->text.simple + index,
                                 state->text.count - index, &length);
    struct slice *linked = state->last == ADDRESS_FLOOR ? &state->floor : &state->parts->number;
    if (word != ADDRESS_LINK || slice_is_empty(*linked))
        return false;
    struct address_number number;
    size_t next = index + length;
    if (read_number(state, next, &number) > next) {
        state->linked = linked;
        *end = next;
        return true;
    }
    struct slice numeral;
    *end = address_numeral_read(state->tables, state->text, next, state->arena, &numeral);
    if (*end == next)
        return false;
    *linked = join(state, *linked, "-", numeral); /* 5号之一 */
    return true;
}

/* 5号甲 */
static bool take_letter(struct reading_state *state, size_t index, size_t *end)
{
    enum { FIRST = 0x7532, SECOND = 0x4E59 }; /* 甲 乙 */
    uint32_t letter = state->text.simple[index];
    bool is_last =
        index + 1 == state->text.count || !is_run_character(state->text.simple[index + 1]);
    if (state->last != ADDRESS_NUMBER || !is_last || (letter != FIRST && letter != SECOND))
        return false;
    state->parts->number =
        join(state, state->parts->number, "", simple_text(state, index, index + 1));
    *end = index + 1;
    return true;
}

static size_t take_token(struct reading_state *state, size_t index)
{
    struct address_number number;
    size_t end = read_number(state, index, &number);
    if (end > index && number.marker == ADDRESS_LINK) {
        /* 12之3 */
        state->parts->number = joined_number(state, &number);
        state->linked = &state->parts->number;
        return end;
    }
    if (end > index && number.marker == ADDRESS_LANE)
        take_lane(state, &number, simple_text(state, end - 1, end));
    else if (end > index)
        take_number(state, &number, index, end);
    else if (take_link(state, index, &end) || take_letter(state, index, &end))
        return end;
    else if (is_run_character(state->text.simple[index]) ||
             (slice_is_empty(state->floor) && road_number(state, index) > index)) {
        end = take_run(state, index, run_end(state, index));
    } else {
        end = index + 1;
    }
    return end;
}

/* 5楼 alone is all that is known of the room; a room called B or 2 needs its floor. */
static void finish_floor(struct reading_state *state)
{
    enum { LONGEST_OF_FLOOR = 2 };
    struct slice *room = &state->parts->room;
    if (slice_is_empty(state->floor) || text_length(*room) > LONGEST_OF_FLOOR)
        return;
    struct slice floor = join(state, SLICE("F"), "", state->floor);
    *room = slice_is_empty(*room) ? floor : join(state, floor, "-", *room);
}

static void finish(struct reading_state *state)
{
    struct address_parts *parts = state->parts;
    if (slice_is_empty(parts->room))
        parts->room = state->late;
    else if (slice_is_empty(parts->unit))
        parts->unit = state->late;
    finish_floor(state);
    /* In the country the number is in the village, or in a group of it. */
    if (slice_is_empty(parts->road) && !slice_is_empty(parts->village)) {
        if (!slice_is_empty(parts->number) && slice_is_empty(parts->estate)) {
            parts->road = parts->village;
            if (!slice_is_empty(state->group))
                parts->number = join(state, state->group, "组", parts->number);
        } else if (slice_is_empty(parts->estate)) {
            parts->estate = parts->village;
        }
    }
    if (slice_is_empty(parts->estate) && slice_is_empty(parts->road))
        parts->estate = state->zone;
}

void address_read(const struct place_tables *tables, struct glyphs text, struct arena *arena,
                  struct address_parts *parts)
{
    struct reading_state state = {.tables = tables, .text = text, .arena = arena, .parts = parts};
    memset(parts, 0, sizeof(*parts));
    for (size_t index = 0; index < text.count;)
        index = take_token(&state, index);
    finish(&state);
}
