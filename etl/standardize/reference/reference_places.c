#include "standardize/address/places_loading.h"
#include "standardize/text/unicode.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"

void places_put_word(struct loading *loading, struct slice word, uint32_t place,
                     enum place_form form)
{
    enum { SHORTEST_WORD = 2 };
    struct place_tables *tables = loading->tables;
    if (text_length(word) < SHORTEST_WORD)
        return;
    struct slice simple = unicode_simplify(loading->reference, word, loading->scratch);
    uint32_t first = trie_put(tables->names, simple, tables->word_count);
    uint32_t last = PLACE_NONE;
    for (uint32_t i = first; first != tables->word_count && i != PLACE_NONE;
         i = tables->words[i].next) {
        if (tables->words[i].place == place)
            return;
        last = i;
    }
    tables->words = memory_grow(tables->words, &tables->words_capacity, tables->word_count + 1,
                                sizeof(*tables->words));
    tables->words[tables->word_count] = (struct place_word){place, form, PLACE_NONE};
    if (last != PLACE_NONE)
        tables->words[last].next = tables->word_count;
    tables->word_count++;
}

struct slice places_joined(struct loading *loading, struct slice a, struct slice b)
{
    return slice_of(
        arena_format(loading->scratch, "%.*s%.*s", SLICE_ARGUMENTS(a), SLICE_ARGUMENTS(b)));
}

struct slice places_stem(struct slice name)
{
    enum { SHORTEST_STEM = 2 };
    static const struct slice endings[] = {
        {"自治区", 9}, {"自治州", 9}, {"自治县", 9}, {"自治旗", 9}, {"特别行政区", 15},
        {"地区", 6},   {"新区", 6},   {"林区", 6},   {"特区", 6},   {"省", 3},
        {"市", 3},     {"盟", 3},     {"区", 3},     {"县", 3},     {"旗", 3},
    };
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct slice stem = slice_cut(name, 0, name.length - endings[i].length);
        if (slice_ends_with(name, endings[i]) && text_length(stem) >= SHORTEST_STEM)
            return stem;
    }
    return name;
}

struct slice places_without_peoples(struct loading *loading, struct slice stem)
{
    for (;;) {
        struct slice rest = stem;
        uint32_t node = TRIE_ROOT;
        struct slice shorter = stem;
        while (rest.length > 0) {
            size_t start = rest.length - 1;
            while (start > 0 && ((unsigned char)rest.data[start] & 0xC0) == 0x80)
                start--;
            size_t position = start;
            node = trie_step(loading->tables->ethnic, node, text_next(rest, &position));
            if (node == TRIE_NONE)
                break;
            rest = slice_cut(rest, 0, start);
            if (trie_value(loading->tables->ethnic, node) != TRIE_NONE && text_length(rest) >= 2)
                shorter = rest;
        }
        if (shorter.length == stem.length)
            return stem;
        stem = shorter;
    }
}

/* 长阳, 长阳县 of 长阳土家族自治县; 恩施, 恩施州; 西湖 of 西湖区. */
static void put_short_words(struct loading *loading, uint32_t index)
{
    const struct division *place = &loading->tables->places[index];
    struct slice stem = places_stem(place->name);
    if (slice_equal(stem, place->name))
        return;
    struct slice ending = slice_cut(place->name, stem.length, place->name.length);
    stem = places_without_peoples(loading, stem);
    places_put_word(loading, stem, index, PLACE_SHORT);
    bool autonomous = slice_starts_with(ending, SLICE("自治"));
    if (autonomous && !slice_equal(ending, SLICE("自治区")))
        places_put_word(
            loading, places_joined(loading, stem, slice_cut(ending, strlen("自治"), ending.length)),
            index, PLACE_OFFICIAL);
    if (place->level == PLACE_CITY && slice_equal(ending, SLICE("市")))
        places_put_word(loading, places_joined(loading, stem, SLICE("地区")), index, PLACE_FORMER);
}

static uint32_t city_find(struct loading *loading, struct slice province, struct slice city)
{
    if (slice_is_empty(city))
        return PLACE_NONE;
    uint32_t found = map_find(loading->cities, places_joined(loading, province, city));
    return found == MAP_NONE ? PLACE_NONE : found;
}

static uint32_t place_add(struct loading *loading, struct division place)
{
    struct arena *arena = loading->reference->arena;
    uint32_t index = loading->tables->place_count++;
    place.name = arena_copy(arena, place.name);
    place.code = arena_copy(arena, place.code);
    if (place.level == PLACE_PROVINCE)
        place.province = index;
    if (place.level == PLACE_CITY)
        place.city = index;
    loading->tables->places[index] = place;
    places_put_word(loading, place.name, index, PLACE_OFFICIAL);
    return index;
}

enum { CODE, LEVEL, PROVINCE, CITY, NAME };

static bool add_current(struct loading *loading, const struct reference_table *table, size_t row,
                        struct error *error)
{
    struct slice level = reference_cell(table, row, LEVEL);
    struct slice province = reference_cell(table, row, PROVINCE);
    struct slice city = reference_cell(table, row, CITY);
    struct division place = {.code = reference_cell(table, row, CODE),
                             .name = reference_cell(table, row, NAME),
                             .city = PLACE_NONE};
    if (level.length != 1 || level.data[0] < '1' || level.data[0] > '3')
        return reference_error(table, row, error, "the level of a division is 1, 2 or 3");
    place.level = (enum place_level)(level.data[0] - '0');
    if (place.level > PLACE_PROVINCE) {
        place.province = map_find(loading->cities, province);
        if (place.province == MAP_NONE)
            return reference_error(table, row, error, "its province must stand above it");
    }
    if (place.level == PLACE_DISTRICT)
        place.city = city_find(loading, province, city);
    uint32_t index = place_add(loading, place);
    map_put(loading->codes, place.code, index);
    if (place.level == PLACE_PROVINCE)
        map_put(loading->cities, province, index);
    else if (place.level == PLACE_CITY)
        map_put(loading->cities, places_joined(loading, province, city), index);
    return true;
}

static bool load_current(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"code", "level", "province", "city", "name", NULL};
    enum { OTHER_PLACES = 1024 }; /* of Hong Kong, Macao and Taiwan, checked where they are added */
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "divisions_current.csv", headings,
                        &table, error))
        return false;
    loading->tables->places =
        arena_allocate_array(loading->reference->arena, table.csv.row_count + OTHER_PLACES,
                             sizeof(*loading->tables->places));
    for (size_t row = 0; row < table.csv.row_count; row++)
        if (!add_current(loading, &table, row, error))
            return false;
    /* After all official names, which win over short ones of the same place. */
    for (uint32_t i = 0; i < loading->tables->place_count; i++)
        put_short_words(loading, i);
    return true;
}

/* Hong Kong, Macao and Taiwan: one of their places, with the names as they write them. */
struct other_row {
    struct slice whole; /* code of the region as a whole */
    struct slice city;
    struct slice city_trad;
    struct slice district;
    struct slice district_trad;
};

/* The districts of Taiwan's new cities were towns of counties, and are still written so. */
static void put_former_towns(struct loading *loading, uint32_t index)
{
    static const struct slice endings[] = {{"市", 3}, {"镇", 3}, {"乡", 3}};
    struct slice name = loading->tables->places[index].name;
    struct slice stem = slice_cut(name, 0, name.length - strlen("区"));
    for (size_t i = 0; slice_ends_with(name, SLICE("区")) && i < 3; i++)
        places_put_word(loading, places_joined(loading, stem, endings[i]), index, PLACE_FORMER);
}

static void add_other(struct loading *loading, uint32_t province, const struct other_row *row)
{
    struct arena *arena = loading->reference->arena;
    struct slice name = loading->tables->places[province].name;
    struct division place = {.code = row->whole,
                             .name = row->city,
                             .name_trad = arena_copy(arena, row->city_trad),
                             .province = province,
                             .level = PLACE_CITY};
    place.city = city_find(loading, name, row->city);
    if (place.city == PLACE_NONE) {
        place.city = place_add(loading, place);
        map_put(loading->cities, places_joined(loading, name, row->city), place.city);
        put_short_words(loading, place.city);
    }
    if (slice_is_empty(row->district))
        return;
    place.name = row->district;
    place.name_trad = arena_copy(arena, row->district_trad);
    place.level = PLACE_DISTRICT;
    uint32_t index = place_add(loading, place);
    put_short_words(loading, index);
    if (slice_equal(row->whole, SLICE("710000")))
        put_former_towns(loading, index);
}

/* Hong Kong, Macao and Taiwan have no codes below the whole. */
static bool load_other(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"region",    "city",          "district",
                                           "city_trad", "district_trad", NULL};
    static const struct slice regions[][3] = {{{"TW", 2}, {"710000", 6}, {"台灣省", 9}},
                                              {{"HK", 2}, {"810000", 6}, {"香港特別行政區", 21}},
                                              {{"MO", 2}, {"820000", 6}, {"澳門特別行政區", 21}}};
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "divisions_hkmotw.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        size_t region = 0;
        while (region < 3 && !slice_equal(reference_cell(&table, row, 0), regions[region][0]))
            region++;
        uint32_t province = region < 3 ? map_find(loading->codes, regions[region][1]) : MAP_NONE;
        if (province == MAP_NONE)
            return reference_error(&table, row, error, "region is TW, HK or MO");
        loading->tables->places[province].name_trad = regions[region][2];
        struct other_row other = {
            .whole = regions[region][1],
            .city = reference_cell(&table, row, 1),
            .city_trad = reference_cell(&table, row, 3),
            .district = reference_cell(&table, row, 2),
            .district_trad = reference_cell(&table, row, 4),
        };
        add_other(loading, province, &other);
    }
    return true;
}

static bool load_provinces(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"code", "short", "other_names", "plate_char", NULL};
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "province_aliases.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t place = map_find(loading->codes, reference_cell(&table, row, 0));
        if (place == MAP_NONE)
            return reference_error(&table, row, error, "no province of today has this code");
        struct slice name = reference_cell(&table, row, 1);
        places_put_word(loading, name, place, PLACE_SHORT);
        places_put_word(loading, places_joined(loading, name, SLICE("省")), place, PLACE_OFFICIAL);
        places_put_word(loading, places_joined(loading, name, SLICE("自治区")), place,
                        PLACE_OFFICIAL);
        struct slice plate = reference_cell(&table, row, 3);
        trie_put(loading->tables->initials, plate, place);
        struct slice others = reference_cell(&table, row, 2);
        while (others.length > 0) {
            ptrdiff_t bar = slice_find(others, SLICE("|"));
            size_t end = bar < 0 ? others.length : (size_t)bar;
            places_put_word(loading, slice_cut(others, 0, end), place, PLACE_SHORT);
            others = slice_cut(others, end + 1, others.length);
        }
    }
    return true;
}

static uint32_t part_of_level(struct slice level)
{
    static const struct {
        const char *level;
        enum address_part part;
    } parts[] = {
        {"road", ADDRESS_ROAD},         {"lane", ADDRESS_ROAD},
        {"devzone", ADDRESS_ZONE},      {"town", ADDRESS_TOWN},
        {"community", ADDRESS_VILLAGE}, {"village", ADDRESS_VILLAGE},
        {"place", ADDRESS_PLACE},       {"village_group", ADDRESS_GROUP},
        {"poi", ADDRESS_ESTATE},        {"roadno", ADDRESS_NUMBER},
        {"houseno", ADDRESS_BUILDING},  {"houseno|floorno", ADDRESS_FLOOR},
        {"cellno", ADDRESS_UNIT},       {"floorno", ADDRESS_FLOOR},
        {"roomno", ADDRESS_ROOM},       {"subpoi", ADDRESS_PHASE},
        {"section", ADDRESS_SECTION},   {"neighbourhood", ADDRESS_GROUP},
        {"distance", ADDRESS_NOTE},     {"extra", ADDRESS_NOTE},
        {"intersection", ADDRESS_NOTE},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (slice_equal(level, slice_of(parts[i].level)))
            return parts[i].part;
    return ADDRESS_PARTS;
}

static uint32_t numeral_of_role(struct slice role)
{
    int64_t value;
    if (text_to_integer(role, &value) && value >= 0 && value <= ADDRESS_NUMERAL_LAST)
        return (uint32_t)value;
    if (slice_equal(role, SLICE("letter")))
        return ADDRESS_NUMERAL_LETTER;
    return slice_equal(role, SLICE("direction")) ? ADDRESS_NUMERAL_DIRECTION
                                                 : ADDRESS_NUMERAL_OTHER;
}

static void put_term(struct place_tables *tables, struct slice term, struct slice level,
                     struct slice role)
{
    uint32_t part = part_of_level(level);
    bool is_weak = slice_equal(role, SLICE("weak"));
    bool is_suffix = is_weak || slice_equal(role, SLICE("suffix"));
    if (slice_equal(level, SLICE("ethnic")))
        trie_put_reversed(tables->ethnic, term, 0);
    else if (slice_equal(level, SLICE("label")))
        trie_put(tables->labels, term, 0);
    else if (slice_equal(level, SLICE("numeral")))
        trie_put(tables->numerals, term, numeral_of_role(role));
    else if (part == ADDRESS_NUMBER && slice_equal(role, SLICE("infix")))
        trie_put(tables->markers, term, ADDRESS_LINK);
    else if (slice_equal(level, SLICE("lane")))
        trie_put(tables->markers, term, ADDRESS_LANE);
    else if (part >= ADDRESS_NUMBER && part < ADDRESS_NOTE)
        trie_put(tables->markers, term, part);
    if ((part < ADDRESS_NUMBER || part == ADDRESS_NOTE) && is_suffix)
        trie_put(tables->run_words, term, is_weak ? part | ADDRESS_WEAK : part);
}

static bool load_terms(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"term", "level", "role", NULL};
    struct place_tables *tables = loading->tables;
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "address_terms.csv", headings, &table,
                        error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice level = reference_cell(&table, row, 1);
        struct slice role = reference_cell(&table, row, 2);
        struct slice term = text_lower(loading->scratch, reference_cell(&table, row, 0));
        term = unicode_simplify(loading->reference, term, loading->scratch);
        put_term(tables, term, level, role);
    }
    return true;
}

bool places_load(struct reference *reference, struct error *error)
{
    struct arena *arena = reference->arena;
    struct place_tables *tables = arena_allocate(arena, sizeof(*tables));
    tables->names = trie_create(arena);
    tables->run_words = trie_create(arena);
    tables->markers = trie_create(arena);
    tables->ethnic = trie_create(arena);
    tables->labels = trie_create(arena);
    tables->initials = trie_create(arena);
    tables->numerals = trie_create(arena);
    struct loading loading = {reference, tables, arena_create(), map_create(), map_create()};
    bool loaded = load_terms(&loading, error) && load_current(&loading, error) &&
                  load_provinces(&loading, error) && load_other(&loading, error) &&
                  places_load_former(&loading, error) && places_load_spelled(&loading, error);
    /* The words grew on the heap; now that they are whole they go where the rest is. */
    struct place_word *words = arena_allocate_array(arena, tables->word_count, sizeof(*words));
    if (tables->word_count > 0)
        memcpy(words, tables->words, tables->word_count * sizeof(*words));
    memory_free(tables->words);
    tables->words = words;
    map_destroy(loading.codes);
    map_destroy(loading.cities);
    arena_destroy(loading.scratch);
    reference->places = tables;
    return loaded;
}
