#include "standardize/reference/reference_numbers.h"
#include "cust360/base/map.h"
#include "cust360/base/pattern.h"
#include "cust360/base/text.h"

#include <limits.h>

enum { PREFIX_DIGITS = 5, PREFIXES = 100000, LANDLINE_TYPES = 8 };
enum { REGION_DIGITS = 6, PREFECTURE_DIGITS = 4, PREFECTURES = 10000, COUNTIES = 100 };
enum { MAKER_SIGNS = 36, MAKER_LENGTH = 3, MAKERS = MAKER_SIGNS * MAKER_SIGNS * MAKER_SIGNS };
enum { FIRST_HAN = 0x4E00, LAST_HAN = 0x9FFF, PLATE_LETTERS = 26 };

/* A time in which a region's code was in force. */
struct region_span {
    int16_t first; /* years, both included */
    int16_t last;
    uint32_t before; /* index of another span of the same code, or MAP_NONE */
};

struct number_tables {
    uint8_t *mobile_uses;     /* enum mobile_use by the first five digits */
    struct map *area_numbers; /* code → index of `areas` */
    struct area_code *areas;
    size_t area_count;
    const struct pattern *mobiles[PHONE_REGIONS];
    const struct pattern *landlines[PHONE_REGIONS][LANDLINE_TYPES]; /* NULL where there is none */
    /* By the first four digits of a code: the table of its last two, each the index of the last
     * of its `region_spans`; NULL: there is no such prefecture. */
    uint32_t **regions;
    struct region_span *region_spans;
    struct map *provinces;     /* their first two digits */
    struct map *maker_numbers; /* identifier → index of `makers` */
    uint16_t *maker_places;    /* the same for three signs, plus one; 0: none */
    struct slice *makers;
    struct slice (*plate_areas)[PLATE_LETTERS]; /* by number of the province; empty: not issued */
    uint8_t *plate_provinces;                   /* by ideograph: its number plus one; 0: none */
    size_t plate_province_count;
    uint32_t energy_letters[PLATE_SIZES]; /* bit n: the letter n places behind A */
    struct map *organisation_classes;
    struct map *country_numbers; /* three letters, three digits → index of `countries` */
    struct slice *countries;     /* two letters */
};

enum mobile_use number_mobile_use(const struct number_tables *tables, const char *digits)
{
    size_t prefix = 0;
    for (size_t i = 0; i < PREFIX_DIGITS; i++)
        prefix = prefix * 10 + (size_t)(digits[i] - '0');
    return (enum mobile_use)tables->mobile_uses[prefix];
}

const struct area_code *number_area_code(const struct number_tables *tables, struct slice code)
{
    uint32_t index = map_find(tables->area_numbers, code);
    return index == MAP_NONE ? NULL : &tables->areas[index];
}

/* What is neither a mobile nor a rule of dialling: lines with an address, and numbers that are
 * answered like one. */
static const char *const landline_types[LANDLINE_TYPES] = {
    "fixed_line", "toll_free", "shared_cost", "personal_number",
    "voip",       "uan",       "pager",       "premium_rate"};

static bool matches(const struct pattern *pattern, struct slice text, struct matcher *matcher)
{
    return pattern && pattern_match(pattern, matcher, text) == PATTERN_MATCH;
}

bool number_is_mobile(const struct number_tables *tables, enum phone_region region,
                      struct slice national, struct matcher *matcher)
{
    return matches(tables->mobiles[region], national, matcher);
}

const char *number_landline_type(const struct number_tables *tables, enum phone_region region,
                                 struct slice national, struct matcher *matcher)
{
    for (size_t type = 0; type < LANDLINE_TYPES; type++) {
        if (matches(tables->landlines[region][type], national, matcher))
            return landline_types[type];
    }
    return NULL;
}

/* The number that so many digits are, or -1. */
static int read_digits(const char *digits, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return -1;
        number = number * 10 + (digits[i] - '0');
    }
    return number;
}

/* The index of the last span of a region's code, or MAP_NONE. */
static uint32_t find_region(const struct number_tables *tables, struct slice code)
{
    if (code.length != REGION_DIGITS)
        return MAP_NONE;
    int prefecture = read_digits(code.data, PREFECTURE_DIGITS);
    int county = read_digits(code.data + PREFECTURE_DIGITS, REGION_DIGITS - PREFECTURE_DIGITS);
    if (prefecture < 0 || county < 0 || !tables->regions[prefecture])
        return MAP_NONE;
    return tables->regions[prefecture][county];
}

enum region_knowledge number_region(const struct number_tables *tables, struct slice code)
{
    if (find_region(tables, code) != MAP_NONE)
        return REGION_KNOWN;
    int prefecture = read_digits(code.data, PREFECTURE_DIGITS);
    if (prefecture >= 0 && tables->regions[prefecture])
        return REGION_PREFECTURE;
    if (map_number(tables->provinces, slice_cut(code, 0, 2)) != MAP_NONE)
        return REGION_PROVINCE;
    return REGION_UNKNOWN;
}

bool number_region_in_force(const struct number_tables *tables, struct slice code, int first,
                            int last)
{
    uint32_t index = find_region(tables, code);
    for (; index != MAP_NONE; index = tables->region_spans[index].before) {
        const struct region_span *span = &tables->region_spans[index];
        if (span->first <= last && span->last >= first)
            return true;
    }
    return false;
}

struct slice number_country(const struct number_tables *tables, struct slice code)
{
    uint32_t index = map_find(tables->country_numbers, code);
    return index == MAP_NONE ? slice_make(NULL, 0) : tables->countries[index];
}

/* The place of three signs in `maker_places`; MAKERS: another sign is among them. */
static size_t maker_place(struct slice identifier)
{
    size_t place = 0;
    for (size_t i = 0; i < MAKER_LENGTH; i++) {
        char sign = identifier.data[i];
        bool is_digit = sign >= '0' && sign <= '9';
        if (!is_digit && (sign < 'A' || sign > 'Z'))
            return MAKERS;
        place = place * MAKER_SIGNS + (size_t)(is_digit ? sign - '0' : sign - 'A' + 10);
    }
    return place;
}

struct slice number_maker(const struct number_tables *tables, struct slice identifier)
{
    if (identifier.length == MAKER_LENGTH) {
        size_t place = maker_place(identifier);
        uint16_t found = place < MAKERS ? tables->maker_places[place] : 0;
        return found > 0 ? tables->makers[found - 1] : slice_make(NULL, 0);
    }
    uint32_t index = map_find(tables->maker_numbers, identifier);
    return index == MAP_NONE ? slice_make(NULL, 0) : tables->makers[index];
}

/* The number of a province by the character that begins its plates, plus one; 0: there is none. */
static size_t find_plate_province(const struct number_tables *tables, struct slice character)
{
    size_t position = 0;
    uint32_t sign = character.length > 0 ? text_next(character, &position) : 0;
    if (sign < FIRST_HAN || sign > LAST_HAN || position != character.length)
        return 0;
    return tables->plate_provinces[sign - FIRST_HAN];
}

bool number_plate_area(const struct number_tables *tables, struct slice province, char letter,
                       struct slice *area)
{
    size_t number = find_plate_province(tables, province);
    if (number == 0 || letter < 'A' || letter > 'Z')
        return false;
    *area = tables->plate_areas[number - 1][letter - 'A'];
    return area->data != NULL;
}

bool number_is_plate_province(const struct number_tables *tables, struct slice character)
{
    return find_plate_province(tables, character) > 0;
}

bool number_is_energy_letter(const struct number_tables *tables, enum plate_size size,
                             uint32_t sign)
{
    return sign >= 'A' && sign <= 'Z' && (tables->energy_letters[size] >> (sign - 'A') & 1) != 0;
}

bool number_is_organisation_class(const struct number_tables *tables, struct slice code)
{
    return map_number(tables->organisation_classes, code) != MAP_NONE;
}

/* What is known while the tables are read. */
struct loading {
    struct reference *reference;
    struct number_tables *tables;
    struct arena *arena; /* for what is not kept */
    struct error *error;
};

static bool read_table(const struct loading *loading, const char *name, const char *const *headings,
                       struct reference_table *table)
{
    return reference_read(loading->reference, loading->arena, name, headings, table,
                          loading->error);
}

static struct slice keep(const struct loading *loading, struct slice text)
{
    return arena_copy(loading->reference->arena, text);
}

static enum mobile_use use_of(struct slice kind, struct slice plain)
{
    if (slice_equal(kind, SLICE("iot13")))
        return MOBILE_MACHINE_13;
    if (slice_equal(kind, SLICE("satellite")))
        return MOBILE_SATELLITE;
    /* Data cards of ranges that libphonenumber counts as mobile are phones as well today. */
    if (slice_equal(kind, SLICE("iot")) || !slice_equal(plain, SLICE("Y")))
        return MOBILE_MACHINE;
    return MOBILE_PERSON;
}

static bool load_mobiles(const struct loading *loading)
{
    static const char *const headings[] = {"prefix", "kind", "libphonenumber_mobile", NULL};
    struct reference_table table;
    if (!read_table(loading, "mobile_prefixes.csv", headings, &table))
        return false;
    loading->tables->mobile_uses = arena_allocate(loading->reference->arena, PREFIXES);
    for (size_t row = 0; row < table.csv.row_count; row++) {
        int64_t first = 0;
        struct slice prefix = reference_cell(&table, row, 0);
        if (prefix.length == 0 || prefix.length > PREFIX_DIGITS || !text_to_integer(prefix, &first))
            return reference_error(&table, row, loading->error, "a prefix has up to 5 digits");
        size_t span = 1;
        for (size_t i = prefix.length; i < PREFIX_DIGITS; i++)
            span *= 10;
        enum mobile_use use =
            use_of(reference_cell(&table, row, 1), reference_cell(&table, row, 2));
        memset(loading->tables->mobile_uses + (size_t)first * span, (int)use, span);
    }
    return true;
}

static void add_area(const struct loading *loading, struct slice code, struct area_code area)
{
    struct number_tables *tables = loading->tables;
    if (map_number(tables->area_numbers, code) != MAP_NONE)
        return;
    map_put(tables->area_numbers, code, (uint32_t)tables->area_count);
    area.cities = keep(loading, area.cities);
    area.now = keep(loading, area.now);
    tables->areas[tables->area_count++] = area;
}

static bool load_areas(const struct loading *loading)
{
    static const char *const headings[] = {"area_code", "cities", "subscriber_digits", NULL};
    static const char *const retired_headings[] = {"area_code", "city", "now", NULL};
    struct reference_table table;
    struct reference_table retired;
    if (!read_table(loading, "area_codes.csv", headings, &table) ||
        !read_table(loading, "area_codes_retired.csv", retired_headings, &retired))
        return false;
    struct number_tables *tables = loading->tables;
    tables->area_numbers = reference_map(loading->reference);
    tables->areas =
        arena_allocate_array(loading->reference->arena, table.csv.row_count + retired.csv.row_count,
                             sizeof(*tables->areas));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice digits = reference_cell(&table, row, 2);
        struct area_code area = {.cities = reference_cell(&table, row, 1),
                                 .seven_digits = slice_find(digits, SLICE("7")) >= 0,
                                 .eight_digits = slice_find(digits, SLICE("8")) >= 0};
        add_area(loading, reference_cell(&table, row, 0), area);
    }
    for (size_t row = 0; row < retired.csv.row_count; row++) {
        struct area_code area = {reference_cell(&retired, row, 1), reference_cell(&retired, row, 2),
                                 true, true};
        add_area(loading, reference_cell(&retired, row, 0), area);
    }
    return true;
}

/* Where the pattern of a region and type is kept; NULL: it is not wanted. */
static const struct pattern **pattern_place(struct number_tables *tables, struct slice region,
                                            struct slice type)
{
    static const char *const regions[PHONE_REGIONS] = {"CN", "HK", "MO", "TW"};
    size_t r = 0;
    while (r < PHONE_REGIONS && !slice_equal(region, slice_of(regions[r])))
        r++;
    if (r == PHONE_REGIONS)
        return NULL;
    if (slice_equal(type, SLICE("mobile")))
        return &tables->mobiles[r];
    for (size_t t = 0; t < LANDLINE_TYPES; t++) {
        if (slice_equal(type, slice_of(landline_types[t])))
            return &tables->landlines[r][t];
    }
    return NULL;
}

static bool load_patterns(const struct loading *loading)
{
    static const char *const headings[] = {"region", "type", "national_number_regex", NULL};
    struct reference_table table;
    if (!read_table(loading, "libphonenumber_patterns.csv", headings, &table))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        const struct pattern **place = pattern_place(
            loading->tables, reference_cell(&table, row, 0), reference_cell(&table, row, 1));
        if (!place || reference_cell(&table, row, 2).length == 0)
            continue;
        *place = reference_pattern(loading->reference, &table, row, 2, loading->error);
        if (!*place)
            return false;
    }
    return true;
}

/* Years that a cell does not tell, and those of codes that are no division's, hold for ever. */
static struct region_span read_span(const struct reference_table *table, size_t row)
{
    enum { KIND = 1, FROM = 2, UNTIL = 3, ALWAYS_FROM = 0, ALWAYS_UNTIL = 9999 };
    struct region_span span = {ALWAYS_FROM, ALWAYS_UNTIL, MAP_NONE};
    int64_t year = 0;
    if (!slice_equal(reference_cell(table, row, KIND), SLICE("gb2260")))
        return span;
    if (text_to_integer(reference_cell(table, row, FROM), &year))
        span.first = (int16_t)year;
    if (text_to_integer(reference_cell(table, row, UNTIL), &year))
        span.last = (int16_t)year;
    return span;
}

/* The table of the counties of a prefecture; made when it is the first. */
static uint32_t *counties_of(const struct loading *loading, int prefecture)
{
    uint32_t **counties = &loading->tables->regions[prefecture];
    if (!*counties) {
        *counties = arena_allocate_array(loading->reference->arena, COUNTIES, sizeof(**counties));
        memset(*counties, UCHAR_MAX, COUNTIES * sizeof(**counties)); /* MAP_NONE */
    }
    return *counties;
}

static bool load_regions(const struct loading *loading)
{
    static const char *const headings[] = {"code", "kind", "from_year", "until_year", NULL};
    struct reference_table table;
    if (!read_table(loading, "divisions_history.csv", headings, &table))
        return false;
    struct arena *arena = loading->reference->arena;
    struct number_tables *tables = loading->tables;
    tables->regions = arena_allocate_array(arena, PREFECTURES, sizeof(*tables->regions));
    tables->provinces = reference_map(loading->reference);
    tables->region_spans =
        arena_allocate_array(arena, table.csv.row_count, sizeof(*tables->region_spans));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice code = reference_cell(&table, row, 0);
        if (code.length != REGION_DIGITS || read_digits(code.data, REGION_DIGITS) < 0)
            return reference_error(&table, row, loading->error, "a division's code has 6 digits");
        uint32_t *counties = counties_of(loading, read_digits(code.data, PREFECTURE_DIGITS));
        int county = read_digits(code.data + PREFECTURE_DIGITS, REGION_DIGITS - PREFECTURE_DIGITS);
        tables->region_spans[row] = read_span(&table, row);
        tables->region_spans[row].before = counties[county];
        counties[county] = (uint32_t)row;
        map_intern(tables->provinces, slice_cut(code, 0, 2));
    }
    return true;
}

static bool load_makers(const struct loading *loading)
{
    static const char *const headings[] = {"wmi", "manufacturer", NULL};
    struct reference_table table;
    if (!read_table(loading, "wmi.csv", headings, &table))
        return false;
    struct arena *arena = loading->reference->arena;
    struct number_tables *tables = loading->tables;
    tables->maker_numbers = reference_map(loading->reference);
    tables->maker_places = arena_allocate_array(arena, MAKERS, sizeof(*tables->maker_places));
    tables->makers = arena_allocate_array(arena, table.csv.row_count, sizeof(*tables->makers));
    for (size_t row = 0; row < table.csv.row_count && row < UINT16_MAX; row++) {
        struct slice identifier = reference_cell(&table, row, 0);
        tables->makers[row] = keep(loading, reference_cell(&table, row, 1));
        map_put(tables->maker_numbers, identifier, (uint32_t)row);
        size_t place = identifier.length == MAKER_LENGTH ? maker_place(identifier) : MAKERS;
        if (place < MAKERS)
            tables->maker_places[place] = (uint16_t)(row + 1);
    }
    return true;
}

/* The number of the province that the row is of, plus one; 0: no ideograph names it. */
static size_t plate_province_of(struct number_tables *tables, struct slice character)
{
    size_t position = 0;
    uint32_t sign = character.length > 0 ? text_next(character, &position) : 0;
    if (sign < FIRST_HAN || sign > LAST_HAN || tables->plate_province_count == UINT8_MAX)
        return 0;
    uint8_t *number = &tables->plate_provinces[sign - FIRST_HAN];
    if (*number == 0)
        *number = (uint8_t)++tables->plate_province_count;
    return *number;
}

static bool load_plates(const struct loading *loading)
{
    static const char *const headings[] = {"province_char", "letter", "issuing_area", NULL};
    struct reference_table table;
    if (!read_table(loading, "plate_letters.csv", headings, &table))
        return false;
    struct arena *arena = loading->reference->arena;
    struct number_tables *tables = loading->tables;
    tables->plate_provinces = arena_allocate(arena, LAST_HAN - FIRST_HAN + 1);
    tables->plate_areas = arena_allocate_array(arena, UINT8_MAX, sizeof(*tables->plate_areas));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        size_t province = plate_province_of(tables, reference_cell(&table, row, 0));
        struct slice letter = reference_cell(&table, row, 1);
        if (province == 0 || letter.length != 1 || letter.data[0] < 'A' || letter.data[0] > 'Z')
            return reference_error(&table, row, loading->error,
                                   "an ideograph and a letter begin a plate");
        tables->plate_areas[province - 1][letter.data[0] - 'A'] =
            keep(loading, reference_cell(&table, row, 2));
    }
    return true;
}

static void add_energy_letter(struct number_tables *tables, struct slice set, struct slice letter)
{
    static const char *const sets[PLATE_SIZES] = {"plate_energy_small", "plate_energy_large"};
    for (size_t size = 0; size < PLATE_SIZES; size++) {
        if (slice_equal(set, slice_of(sets[size])) && letter.length == 1 && letter.data[0] >= 'A' &&
            letter.data[0] <= 'Z')
            tables->energy_letters[size] |= 1U << (letter.data[0] - 'A');
    }
}

/* The sets of codes by which numbers are judged; those for the values of fields are elsewhere. */
static bool load_sets(const struct loading *loading)
{
    static const char *const headings[] = {"set", "code", NULL};
    struct reference_table table;
    if (!read_table(loading, "code_sets.csv", headings, &table))
        return false;
    loading->tables->organisation_classes = reference_map(loading->reference);
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice set = reference_cell(&table, row, 0);
        struct slice code = reference_cell(&table, row, 1);
        if (slice_equal(set, SLICE("uscc_class")))
            map_intern(loading->tables->organisation_classes, code);
        else
            add_energy_letter(loading->tables, set, code);
    }
    return true;
}

static bool load_countries(const struct loading *loading)
{
    static const char *const headings[] = {"alpha2", "alpha3", "numeric", NULL};
    struct reference_table table;
    if (!read_table(loading, "countries.csv", headings, &table))
        return false;
    struct number_tables *tables = loading->tables;
    tables->country_numbers = reference_map(loading->reference);
    tables->countries = arena_allocate_array(loading->reference->arena, table.csv.row_count,
                                             sizeof(*tables->countries));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        tables->countries[row] = keep(loading, reference_cell(&table, row, 0));
        map_put(tables->country_numbers, reference_cell(&table, row, 1), (uint32_t)row);
        map_put(tables->country_numbers, reference_cell(&table, row, 2), (uint32_t)row);
    }
    return true;
}

bool numbers_load(struct reference *reference, struct error *error)
{
    struct arena *arena = arena_create();
    struct loading loading = {reference, arena_allocate(reference->arena, sizeof(*loading.tables)),
                              arena, error};
    bool loaded = load_mobiles(&loading) && load_areas(&loading) && load_patterns(&loading) &&
                  load_regions(&loading) && load_makers(&loading) && load_plates(&loading) &&
                  load_sets(&loading) && load_countries(&loading);
    reference->numbers = loading.tables;
    arena_destroy(arena);
    return loaded;
}
