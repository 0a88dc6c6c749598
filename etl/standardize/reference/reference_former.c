/* Names that divisions had or have beside the official ones of today. */
#include "standardize/address/places_loading.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

/* The first code of a list parted by semicolons; the list goes on behind it. */
static struct slice code_next(struct slice *codes)
{
    ptrdiff_t semicolon = slice_find(*codes, SLICE(";"));
    size_t end = semicolon < 0 ? codes->length : (size_t)semicolon;
    struct slice code = slice_cut(*codes, 0, end);
    *codes = slice_cut(*codes, end + 1, codes->length);
    return code;
}

/* The narrowest place that holds all successors; of a division that lives on under its own name
 * (武进市, now mostly 武进区) that one. */
static uint32_t successors_place(const struct loading *loading, struct slice codes,
                                 struct slice name)
{
    struct slice stem = places_stem(name);
    uint32_t place = PLACE_NONE;
    bool first = true;
    while (codes.length > 0) {
        uint32_t one = map_find(loading->codes, code_next(&codes));
        if (one == MAP_NONE)
            return PLACE_NONE;
        struct slice one_name = loading->tables->places[one].name;
        if (stem.length < name.length && slice_equal(places_stem(one_name), stem))
            return one;
        place = first ? one : place_common(loading->tables, place, one);
        first = false;
    }
    return place;
}

/* What a former county became in the end. 510726[2009];510705: in 2009 a part of it went to 510726,
 * and whoever named it since meant the rest. PLACE_NONE: no single one of today. */
static uint32_t place_in_the_end(const struct loading *loading, struct slice codes)
{
    uint32_t place = PLACE_NONE;
    size_t last = 0;
    while (codes.length > 0) {
        struct slice code = code_next(&codes);
        if (slice_find(code, SLICE("[")) >= 0)
            continue;
        uint32_t one = map_find(loading->codes, code);
        place = one == MAP_NONE ? PLACE_NONE : one;
        last++;
    }
    return last == 1 ? place : PLACE_NONE;
}

/* What a former division is today. A city lives on in the city of its code, or in that of what it
 * became; what was parted over several cities is nothing that an address could name. */
static uint32_t former_place(const struct loading *loading, struct slice level, struct slice code,
                             struct slice successors, struct slice name)
{
    const struct division *places = loading->tables->places;
    bool was_city = slice_equal(level, SLICE("2"));
    uint32_t place = successors_place(loading, successors, name);
    uint32_t of_code = was_city ? map_find(loading->codes, code) : MAP_NONE;
    /* A code was given to another city after years: 511400 was 涪陵市, and is 眉山市. */
    if (of_code != MAP_NONE &&
        (place == PLACE_NONE || place_is_within(loading->tables, place, of_code)))
        place = of_code;
    if (place != PLACE_NONE && was_city && places[place].level == PLACE_DISTRICT &&
        places[place].city != PLACE_NONE)
        place = places[place].city;
    if (place != PLACE_NONE && places[place].level == PLACE_PROVINCE)
        return PLACE_NONE;
    return place;
}

/* 宣武区, and 宣武 where nothing of today is called so. */
static void put_former(struct loading *loading, struct slice name, struct slice level,
                       uint32_t place)
{
    bool was_district = slice_equal(level, SLICE("3"));
    bool parted = was_district && loading->tables->places[place].level != PLACE_DISTRICT;
    places_put_word(loading, name, place, parted ? PLACE_PARTED : PLACE_FORMER);
    struct slice stem = unicode_simplify(loading->reference, places_stem(name), loading->scratch);
    if (parted || stem.length == name.length || trie_knows(loading->tables->names, stem))
        return;
    places_put_word(loading, stem, place, PLACE_SHORT);
}

static bool load_successors(struct loading *loading, struct error *error)
{
    static const char *const history_headings[] = {"code", "until_year", "name", "new_codes", NULL};
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
                places_joined(loading, reference_cell(&history, row, 0),
                              reference_cell(&history, row, 1)),
                (uint32_t)row);
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice code = reference_cell(&table, row, OLD_CODE);
        struct slice level = reference_cell(&table, row, OLD_LEVEL);
        uint32_t found =
            map_find(names, places_joined(loading, code, reference_cell(&table, row, UNTIL)));
        if (found == MAP_NONE)
            continue;
        struct slice name = reference_cell(&history, found, 2);
        uint32_t place = slice_equal(level, SLICE("3"))
                             ? place_in_the_end(loading, reference_cell(&history, found, 3))
                             : PLACE_NONE;
        if (place == PLACE_NONE)
            place = former_place(loading, level, code, reference_cell(&table, row, CURRENT), name);
        if (place != PLACE_NONE)
            put_former(loading, name, level, place);
    }
    map_destroy(names);
    return true;
}

/* What the lists of codes do not tell: prefectures, and what people say. */
static bool load_other_names(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"name", "today", "form", NULL};
    enum { NAME, TODAY, FORM };
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "division_names.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice today = reference_cell(&table, row, TODAY);
        uint32_t place = map_find(loading->codes, today);
        if (place == MAP_NONE)
            place = map_find(loading->cities, today);
        if (place == MAP_NONE)
            return reference_error(&table, row, error,
                                   "this is neither a code nor a city's full name of today");
        bool is_short = slice_equal(reference_cell(&table, row, FORM), SLICE("short"));
        places_put_word(loading, reference_cell(&table, row, NAME), place,
                        is_short ? PLACE_SHORT : PLACE_FORMER);
    }
    return true;
}

bool places_load_former(struct loading *loading, struct error *error)
{
    return load_successors(loading, error) && load_other_names(loading, error);
}
