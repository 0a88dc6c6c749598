#include "standardize/reference_places.h"
#include "standardize/unicode.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"

struct loading {
    struct reference *reference;
    struct place_tables *tables;
    struct arena *scratch;
    struct map *codes;  /* GB/T 2260 code: index of the place */
    struct map *cities; /* province and city, as written in the tables: index of the place */
};

/* A word may name many places; the same place only once, by the first form. */
static void put_word(struct loading *loading, struct slice word, uint32_t place,
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

static struct slice joined(struct loading *loading, struct slice a, struct slice b)
{
    return slice_of(
        arena_format(loading->scratch, "%.*s%.*s", SLICE_ARGUMENTS(a), SLICE_ARGUMENTS(b)));
}

/* The longest of the endings that leaves at least two characters, cut off; else all of it. */
static struct slice without_ending(struct slice name, const struct slice *endings, size_t count)
{
    enum { SHORTEST_STEM = 2 };
    for (size_t i = 0; i < count; i++) {
        struct slice stem = slice_cut(name, 0, name.length - endings[i].length);
        if (slice_ends_with(name, endings[i]) && text_length(stem) >= SHORTEST_STEM)
            return stem;
    }
    return name;
}

/* 恩施 of 恩施土家族苗族. */
static struct slice without_peoples(struct loading *loading, struct slice stem)
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
    static const struct slice endings[] = {
        {"自治区", 9}, {"自治州", 9}, {"自治县", 9}, {"自治旗", 9}, {"特别行政区", 15},
        {"地区", 6},   {"新区", 6},   {"林区", 6},   {"特区", 6},   {"省", 3},
        {"市", 3},     {"盟", 3},     {"区", 3},     {"县", 3},     {"旗", 3},
    };
    const struct division *place = &loading->tables->places[index];
    struct slice stem = without_ending(place->name, endings, sizeof(endings) / sizeof(endings[0]));
    if (slice_equal(stem, place->name))
        return;
    struct slice ending = slice_cut(place->name, stem.length, place->name.length);
    stem = without_peoples(loading, stem);
    put_word(loading, stem, index, PLACE_SHORT);
    bool autonomous = slice_starts_with(ending, SLICE("自治"));
    if (autonomous && !slice_equal(ending, SLICE("自治区")))
        put_word(loading, joined(loading, stem, slice_cut(ending, strlen("自治"), ending.length)),
                 index, PLACE_OFFICIAL);
    if (place->level == PLACE_CITY && slice_equal(ending, SLICE("市")))
        put_word(loading, joined(loading, stem, SLICE("地区")), index, PLACE_FORMER);
}

static uint32_t city_find(struct loading *loading, struct slice province, struct slice city)
{
    if (slice_is_empty(city))
        return PLACE_NONE;
    uint32_t found = map_find(loading->cities, joined(loading, province, city));
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
    put_word(loading, place.name, index, PLACE_OFFICIAL);
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
        map_put(loading->cities, joined(loading, province, city), index);
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

/* Hong Kong, Macao and Taiwan have no codes below the whole. */
static bool load_other(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"region", "city", "district", NULL};
    static const char *const regions[][2] = {{"TW", "710000"}, {"HK", "810000"}, {"MO", "820000"}};
    enum { REGION, OTHER_CITY, DISTRICT };
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "divisions_hkmotw.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t province = MAP_NONE;
        const char *code = "";
        for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
            if (slice_equal(reference_cell(&table, row, REGION), slice_of(regions[i][0]))) {
                code = regions[i][1];
                province = map_find(loading->codes, slice_of(code));
            }
        }
        if (province == MAP_NONE)
            return reference_error(&table, row, error, "region is TW, HK or MO");
        struct division place = {.code = slice_of(code), .province = province, .level = PLACE_CITY};
        struct slice city = reference_cell(&table, row, OTHER_CITY);
        struct slice whole = loading->tables->places[province].name;
        place.city = city_find(loading, whole, city);
        place.name = city;
        if (place.city == PLACE_NONE) {
            place.city = place_add(loading, place);
            map_put(loading->cities, joined(loading, whole, city), place.city);
            put_short_words(loading, place.city);
        }
        place.name = reference_cell(&table, row, DISTRICT);
        place.level = PLACE_DISTRICT;
        if (!slice_is_empty(place.name))
            put_short_words(loading, place_add(loading, place));
    }
    return true;
}

static bool load_provinces(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"code", "short", "other_names", NULL};
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "province_aliases.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t place = map_find(loading->codes, reference_cell(&table, row, 0));
        if (place == MAP_NONE)
            return reference_error(&table, row, error, "no province of today has this code");
        struct slice name = reference_cell(&table, row, 1);
        put_word(loading, name, place, PLACE_SHORT);
        put_word(loading, joined(loading, name, SLICE("省")), place, PLACE_OFFICIAL);
        put_word(loading, joined(loading, name, SLICE("自治区")), place, PLACE_OFFICIAL);
        struct slice others = reference_cell(&table, row, 2);
        while (others.length > 0) {
            ptrdiff_t bar = slice_find(others, SLICE("|"));
            size_t end = bar < 0 ? others.length : (size_t)bar;
            put_word(loading, slice_cut(others, 0, end), place, PLACE_SHORT);
            others = slice_cut(others, end + 1, others.length);
        }
    }
    return true;
}

/* The narrowest place that holds all of the successors in a cell, parted by semicolons. */
static uint32_t successors_place(const struct loading *loading, struct slice codes)
{
    uint32_t place = PLACE_NONE;
    while (codes.length > 0) {
        ptrdiff_t semicolon = slice_find(codes, SLICE(";"));
        size_t end = semicolon < 0 ? codes.length : (size_t)semicolon;
        uint32_t one = map_find(loading->codes, slice_cut(codes, 0, end));
        if (one == MAP_NONE)
            return PLACE_NONE;
        place = place == PLACE_NONE ? one : place_common(loading->tables, place, one);
        if (place == PLACE_NONE)
            return PLACE_NONE;
        codes = slice_cut(codes, end + 1, codes.length);
    }
    return place;
}

/* What a former division is today. A city lives on in the city of its code, or in that of what it
 * became; what was parted over several cities is nothing that an address could name. */
static uint32_t former_place(const struct loading *loading, struct slice level, struct slice code,
                             struct slice successors)
{
    const struct division *places = loading->tables->places;
    bool was_city = slice_equal(level, SLICE("2"));
    uint32_t place = was_city ? map_find(loading->codes, code) : MAP_NONE;
    if (place == MAP_NONE)
        place = successors_place(loading, successors);
    if (place != PLACE_NONE && was_city && places[place].level == PLACE_DISTRICT &&
        places[place].city != PLACE_NONE)
        place = places[place].city;
    if (place != PLACE_NONE && places[place].level == PLACE_PROVINCE)
        return PLACE_NONE;
    return place;
}

/* Names of divisions that were renamed, joined or parted are still written. */
static bool load_former(struct loading *loading, struct error *error)
{
    static const char *const history_headings[] = {"code", "until_year", "name", NULL};
    static const char *const headings[] = {"old_code", "until_year", "current_codes", "level",
                                           NULL};
    enum { OLD_CODE, UNTIL, CURRENT, OLD_LEVEL };
    struct reference_table history;
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "divisions_history.csv",
                        history_headings, &history, error) ||
        !reference_read(loading->reference, loading->scratch, "divisions_successors.csv", headings,
                        &table, error))
        return false;
    struct map *names = map_create();
    for (size_t row = 0; row < history.csv.row_count; row++)
        map_put(names,
                joined(loading, reference_cell(&history, row, 0), reference_cell(&history, row, 1)),
                (uint32_t)row);
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice code = reference_cell(&table, row, OLD_CODE);
        uint32_t found = map_find(names, joined(loading, code, reference_cell(&table, row, UNTIL)));
        uint32_t place = former_place(loading, reference_cell(&table, row, OLD_LEVEL), code,
                                      reference_cell(&table, row, CURRENT));
        if (found != MAP_NONE && place != PLACE_NONE)
            put_word(loading, reference_cell(&history, found, 2), place, PLACE_FORMER);
    }
    map_destroy(names);
    return true;
}

static uint32_t part_of_level(struct slice level)
{
    static const struct {
        const char *level;
        enum address_part part;
    } parts[] = {
        {"road", ADDRESS_ROAD},
        {"lane", ADDRESS_ROAD},
        {"devzone", ADDRESS_TOWN},
        {"town", ADDRESS_TOWN},
        {"community", ADDRESS_TOWN},
        {"village", ADDRESS_TOWN},
        {"village_group", ADDRESS_GROUP},
        {"poi", ADDRESS_ESTATE},
        {"roadno", ADDRESS_NUMBER},
        {"houseno", ADDRESS_BUILDING},
        {"houseno|floorno", ADDRESS_FLOOR},
        {"cellno", ADDRESS_UNIT},
        {"floorno", ADDRESS_FLOOR},
        {"roomno", ADDRESS_ROOM},
        {"subpoi", ADDRESS_PHASE},
        {"section", ADDRESS_SECTION},
        {"neighbourhood", ADDRESS_GROUP},
        {"distance", ADDRESS_NOTE},
        {"extra", ADDRESS_NOTE},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (slice_equal(level, slice_of(parts[i].level)))
            return parts[i].part;
    return ADDRESS_PARTS;
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
        uint32_t part = part_of_level(level);
        if (slice_equal(level, SLICE("ethnic")))
            trie_put_reversed(tables->ethnic, term, 0);
        else if (part == ADDRESS_NUMBER && slice_equal(role, SLICE("infix")))
            trie_put(tables->markers, term, ADDRESS_LINK);
        else if (slice_equal(level, SLICE("lane")))
            trie_put(tables->markers, term, ADDRESS_LANE);
        else if (part >= ADDRESS_NUMBER && part < ADDRESS_NOTE)
            trie_put(tables->markers, term, part);
        if ((part < ADDRESS_NUMBER || part == ADDRESS_NOTE) && slice_equal(role, SLICE("suffix")))
            trie_put(tables->run_words, term, part);
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
    struct loading loading = {reference, tables, arena_create(), map_create(), map_create()};
    bool loaded = load_terms(&loading, error) && load_current(&loading, error) &&
                  load_provinces(&loading, error) && load_other(&loading, error) &&
                  load_former(&loading, error);
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
