/* A run of ideographs taken apart by the words that end a road, a town, a village, an estate.
 *
 *   玉山镇北门村人民路 ──► town, village, road        科技园西园路 ──► road
 *   中国银行对面莫干山路 ──► estate | road            大路镇 ──► a town, and no road */
#include "standardize/address/address_run.h"

#include "cust360/base/text.h"

static uint32_t at(const struct address_run *run, size_t index)
{
    return run->text.simple[index];
}

bool address_is_direction(uint32_t character)
{
    switch (character) {
    case 0x4E1C: /* east */
    case 0x5357: /* south */
    case 0x897F: /* west */
    case 0x5317: /* north */
    case 0x4E2D: /* middle */
        return true;
    default:
        return false;
    }
}

/* 内 外 辅 支 上 下 前 后 新 老 and numerals: with the directions, what stands within the name of
 * one road, as in 三环北路. */
static bool is_infix(uint32_t character)
{
    static const uint32_t infixes[] = {0x5185, 0x5916, 0x8F85, 0x652F, 0x4E0A, 0x4E0B, 0x524D,
                                       0x540E, 0x65B0, 0x8001, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                       0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    if (address_is_direction(character))
        return true;
    for (size_t i = 0; i < sizeof(infixes) / sizeof(infixes[0]); i++)
        if (character == infixes[i])
            return true;
    return false;
}

static bool is_infix_between(const struct address_run *run, size_t first, size_t end)
{
    enum { LONGEST_INFIX = 2 };
    if (end > first + LONGEST_INFIX)
        return false;
    for (size_t i = first; i < end; i++)
        if (!is_infix(at(run, i)))
            return false;
    return true;
}

/* 天府大道北段, 德辅道中: what stands behind the word of a road and belongs to it. */
static size_t road_tail(const struct address_run *run, size_t end)
{
    enum { SECTION = 0x6BB5, WAY = 0x9053 };
    if (end >= run->end || !address_is_direction(at(run, end)))
        return end;
    if (end + 1 < run->end && at(run, end + 1) == SECTION)
        return end + 2;
    return end + 1 == run->end && at(run, end - 1) == WAY ? end + 1 : end;
}

static bool is_empty(struct address_span span)
{
    return span.end == 0;
}

static void note_road(struct address_run *run, size_t index, size_t end)
{
    enum { SHORTEST_ROAD = 3 };
    struct address_span *road = &run->road;
    size_t tail = road_tail(run, end);
    if (!is_empty(*road)) {
        /* 三环北路 is one road, 开元北街龙潭路 are two. */
        if (is_infix_between(run, road->end, index))
            road->end = tail;
        run->rest = tail;
        return;
    }
    size_t first = run->rest;
    if (!is_empty(run->estate) && is_infix_between(run, run->estate.end, index)) {
        first = run->estate.first; /* 花园路 is called by the word, and no estate */
        run->estate = (struct address_span){0, 0};
    } else if (!is_empty(run->named) && run->named.end == run->rest &&
               (index == run->rest || (run->named_is_place && end < run->rest + SHORTEST_ROAD))) {
        first = run->named.first; /* 中关村大街, 沙田正街 */
        *run->named_kind = (struct address_span){0, 0};
    }
    *road = (struct address_span){first, tail};
    run->rest = tail;
}

/* A town, a zone or a village ends: what stands before it is its name. */
static void note_named(struct address_run *run, struct address_span *kind, size_t index, size_t end)
{
    size_t first = run->rest;
    if (!is_empty(run->road)) {
        if (run->road.end != index)
            return;
        first = run->road.first; /* 大路镇: the road is the town's name */
        run->road = (struct address_span){0, 0};
    } else if (!is_empty(run->estate)) {
        if (run->estate.end != index)
            return;
        first = run->estate.first; /* 公园街道 */
        run->estate = (struct address_span){0, 0};
    }
    *kind = (struct address_span){first, end};
    run->named = *kind;
    run->named_kind = kind;
    run->named_is_place = false;
    run->rest = end;
}

static void note_estate(struct address_run *run, size_t index, size_t end)
{
    if (!is_empty(run->road) && run->road.end == index && is_empty(run->estate)) {
        run->estate = (struct address_span){run->road.first, end}; /* 大学路新村 */
        run->road = (struct address_span){0, 0};
    } else if (is_empty(run->estate))
        run->estate = (struct address_span){run->rest, end};
    else if (index <= run->estate.end + 1)
        run->estate.end = end; /* 人民医院宿舍, but 金泰花园 of 金泰花园新达苑 */
    run->rest = end;
}

/* 工业园东区: a part of the zone. */
static size_t zone_tail(const struct address_run *run, size_t end)
{
    enum { AREA = 0x533A };
    bool has_tail =
        end + 1 < run->end && address_is_direction(at(run, end)) && at(run, end + 1) == AREA;
    return has_tail ? end + 2 : end;
}

/* Whether a word that other names have too ends a part here. */
static bool weak_counts(const struct address_run *run, size_t end)
{
    return end == run->end || (end + 1 == run->end && address_is_direction(at(run, end)));
}

static void note_word(struct address_run *run, enum address_part part, size_t index, size_t end)
{
    switch (part) {
    case ADDRESS_ROAD:
        note_road(run, index, end);
        break;
    case ADDRESS_TOWN:
        note_named(run, &run->town, index, end);
        break;
    case ADDRESS_ZONE:
        note_named(run, &run->zone, index, zone_tail(run, end));
        break;
    case ADDRESS_VILLAGE:
        note_named(run, &run->village, index, end);
        break;
    case ADDRESS_ESTATE:
        note_estate(run, index, end);
        break;
    default:
        break;
    }
}

static void note_place(struct address_run *run, size_t index, size_t end)
{
    if (index != run->first || end == run->end)
        return;
    run->place = (struct address_span){index, end};
    run->named = run->place;
    run->named_kind = &run->place;
    run->named_is_place = true;
    run->rest = end;
}

/* A note ends the run; 路口 is the end of a road too. Returns where to go on. */
static size_t note_cut(struct address_run *run, size_t index, size_t end)
{
    enum { ROAD = 0x8DEF };
    run->end = index;
    if (at(run, index) == ROAD && index > run->rest) {
        run->end = index + 1;
        note_road(run, index, index + 1);
    }
    return end;
}

/* Whether something stands before the word that it could end; 工业园区 is a name itself. */
static bool names_something(const struct address_run *run, enum address_part part, size_t index)
{
    switch (part) {
    case ADDRESS_ZONE:
        return true;
    case ADDRESS_TOWN:
    case ADDRESS_VILLAGE:
        return index > run->rest || (index > run->first && run->road.end == index) ||
               (index > run->first && run->estate.end == index);
    default:
        return index > run->first;
    }
}

size_t address_run_read(const struct place_tables *tables, struct address_run *run)
{
    run->rest = run->first;
    for (size_t i = run->first; i < run->end;) {
        size_t length = 1;
        uint32_t word =
            trie_longest(tables->run_words, run->text.simple + i, run->end - i, &length);
        size_t end = i + length;
        enum address_part part = word == TRIE_NONE ? ADDRESS_PARTS : place_word_part(word);
        bool is_weak = word != TRIE_NONE && place_word_is_weak(word);
        if (part == ADDRESS_PLACE) {
            note_place(run, i, end);
        } else if (part == ADDRESS_NOTE && (!is_weak || end == run->end)) {
            return note_cut(run, i, end);
        } else if (part < ADDRESS_NOTE && !(is_weak && !weak_counts(run, end)) &&
                   names_something(run, part, i)) {
            note_word(run, part, i, end);
        } else {
            end = i + 1;
        }
        i = end > run->rest ? end : run->rest;
    }
    return run->end;
}
