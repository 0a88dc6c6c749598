#include "standardize/address.h"

#include "cust360/base/text.h"

struct reading_state {
    const struct place_tables *tables;
    struct glyphs text;
    struct arena *arena;
    struct address_parts *parts;
    struct slice floor;
    bool estate_is_sure;    /* a word for estates ends it */
    struct slice *linked;   /* behind 之, 附: what the next number goes on with */
    enum address_part last; /* what the last number counted */
};

static struct slice simple_text(const struct reading_state *state, size_t first, size_t end)
{
    return glyphs_text(state->text.simple + first, end - first, state->arena);
}

static struct slice join(const struct reading_state *state, struct slice a, const char *between,
                         struct slice b)
{
    if (slice_is_empty(a))
        return b;
    return slice_of(
        arena_format(state->arena, "%.*s%s%.*s", SLICE_ARGUMENTS(a), between, SLICE_ARGUMENTS(b)));
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

static void take_bare(struct reading_state *state, const struct address_number *number)
{
    struct address_parts *parts = state->parts;
    bool on_road = !slice_is_empty(parts->road) && slice_is_empty(parts->number) &&
                   slice_is_empty(parts->estate) && slice_is_empty(parts->building);
    if (on_road && number->part_count <= 2)
        parts->number = joined_number(state, number);
    else
        take_house(state, number);
}

/* 100弄5号: the lane and the number within it; a second number is a building's. */
static void take_road_number(struct address_parts *parts, const struct reading_state *state,
                             struct slice text)
{
    bool in_lane =
        slice_ends_with(parts->number, SLICE("弄")) || slice_ends_with(parts->number, SLICE("巷"));
    if (slice_is_empty(parts->number) || in_lane)
        parts->number = join(state, parts->number, "", text);
    else if (slice_is_empty(parts->building))
        parts->building = text;
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

static void take_number(struct reading_state *state, const struct address_number *number)
{
    struct address_parts *parts = state->parts;
    struct slice text = joined_number(state, number);
    if (state->linked) {
        *state->linked = join(state, *state->linked, "-", text);
        state->linked = NULL;
        return;
    }
    state->last = number->marker;
    switch (number->marker) {
    case ADDRESS_NUMBER:
        take_road_number(parts, state, text);
        break;
    case ADDRESS_BUILDING:
        parts->building = slice_is_empty(parts->building) ? text : parts->building;
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
    case ADDRESS_SECTION:
        if (!slice_is_empty(parts->road))
            parts->road = join(state, join(state, parts->road, "", text), "", SLICE("段"));
        break;
    case ADDRESS_PARTS:
        take_bare(state, number);
        break;
    default: /* groups and phases are no part of the model */
        break;
    }
}

/* A lane's word is kept, to tell 100弄5号 from number 1005. */
static void take_lane(struct reading_state *state, const struct address_number *number,
                      struct slice word)
{
    struct slice lane = join(state, joined_number(state, number), "", word);
    state->parts->number = join(state, state->parts->number, "", lane);
}

struct run {
    size_t first;
    size_t road_first; /* behind the last town */
    size_t road_end;   /* 0: no road */
    size_t town_end;   /* 0: no town */
    size_t end;
    bool is_estate; /* ends in a word for estates */
    size_t note;    /* where 附近, 对面 begins; else end */
};

static void run_note_road(struct run *run, size_t index, size_t end)
{
    enum { ROAD_GAP = 2 }; /* 三环北路 is one road, 人民路金街花园 a road and an estate */
    if (run->road_end > 0 && index > run->road_end + ROAD_GAP)
        return;
    if (run->road_end == 0 && index == run->road_first) {
        run->road_first = run->first; /* 中关村大街: the town is the road's name */
        run->town_end = 0;
    }
    run->road_end = end;
}

/* Notes a word at `index` of a run of ideographs that ends a road, a town or an estate. */
static void run_note_word(struct run *run, uint32_t part, size_t index, size_t end)
{
    run->is_estate = part == ADDRESS_ESTATE && end == run->end;
    if (part == ADDRESS_ROAD) {
        run_note_road(run, index, end);
    } else if (part == ADDRESS_TOWN && run->road_end == 0) {
        run->town_end = end;
        run->road_first = end;
    } else if (part == ADDRESS_NOTE && end == run->end) {
        run->note = index;
    }
}

static void run_scan(const struct reading_state *state, struct run *run)
{
    const uint32_t *simple = state->text.simple;
    run->road_first = run->first;
    run->note = run->end;
    for (size_t i = run->first; i < run->end;) {
        size_t length = 1;
        uint32_t part = trie_longest(state->tables->run_words, simple + i, run->end - i, &length);
        bool names_nothing = i == run->first && part != ADDRESS_NOTE;
        if (part == TRIE_NONE || names_nothing) {
            i++;
            continue;
        }
        run_note_word(run, part, i, i + length);
        i += length;
    }
}

/* The estate stands right before the building; of several names one with a word for estates wins.
 */
static void take_estate(struct reading_state *state, size_t first, size_t end, bool is_sure)
{
    enum { SHORTEST_ESTATE = 2 };
    struct address_parts *parts = state->parts;
    bool has_house = !slice_is_empty(parts->building) || !slice_is_empty(parts->room);
    if (end < first + SHORTEST_ESTATE || has_house)
        return;
    if (!slice_is_empty(parts->estate) && (state->estate_is_sure || !is_sure))
        return;
    parts->estate = simple_text(state, first, end);
    state->estate_is_sure = is_sure;
}

static void take_run(struct reading_state *state, size_t first, size_t end)
{
    struct run run = {.first = first, .end = end};
    run_scan(state, &run);
    size_t rest = run.town_end > 0 ? run.town_end : first;
    if (run.road_end > 0) {
        if (slice_is_empty(state->parts->road))
            state->parts->road = simple_text(state, run.road_first, run.road_end);
        rest = run.road_end;
    }
    if (run.note > rest)
        take_estate(state, rest, run.note, run.is_estate);
}

static bool is_run_character(uint32_t character)
{
    return text_is_han(character) || (character >= 'a' && character <= 'z') || character == 0xB7;
}

/* Where the run of ideographs that begins at `index` ends: before a number or a separator. */
static size_t run_end(const struct reading_state *state, size_t index)
{
    size_t end = index + 1;
    while (end < state->text.count && is_run_character(state->text.simple[end])) {
        struct address_number number;
        if (address_number_read(state->tables, state->text, end, state->arena, &number) > end)
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
    if (address_number_read(state->tables, state->text, index + length, state->arena, &number) ==
        index + length)
        return false;
    state->linked = linked;
    *end = index + length;
    return true;
}

static size_t take_token(struct reading_state *state, size_t index)
{
    struct address_number number;
    size_t end = address_number_read(state->tables, state->text, index, state->arena, &number);
    if (end > index && number.marker == ADDRESS_LINK) {
        /* 12之3 */
        state->parts->number = joined_number(state, &number);
        state->linked = &state->parts->number;
        return end;
    }
    if (end > index && number.marker == ADDRESS_LANE)
        take_lane(state, &number, simple_text(state, end - 1, end));
    else if (end > index)
        take_number(state, &number);
    else if (take_link(state, index, &end))
        return end;
    else if (is_run_character(state->text.simple[index])) {
        end = run_end(state, index);
        take_run(state, index, end);
    } else {
        end = index + 1;
    }
    return end;
}

void address_read(const struct place_tables *tables, struct glyphs text, struct arena *arena,
                  struct address_parts *parts)
{
    struct reading_state state = {.tables = tables, .text = text, .arena = arena, .parts = parts};
    memset(parts, 0, sizeof(*parts));
    for (size_t index = 0; index < text.count;)
        index = take_token(&state, index);
    /* 5楼 alone: all that is known of the room. */
    if (!slice_is_empty(state.floor) && slice_is_empty(parts->room))
        parts->room = join(&state, SLICE("F"), "", state.floor);
}
