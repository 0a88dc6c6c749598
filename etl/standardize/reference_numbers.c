#include "standardize/reference_numbers.h"
#include "cust360/base/map.h"
#include "cust360/base/pattern.h"
#include "cust360/base/text.h"

enum { PREFIX_DIGITS = 5, PREFIXES = 100000, LANDLINE_TYPES = 8 };

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
    struct map *regions; /* six-digit codes → index of the last of their `region_spans` */
    struct region_span *region_spans;
    struct map *prefectures;   /* their first four digits */
    struct map *provinces;     /* their first two */
    struct map *maker_numbers; /* identifier → index of `makers` */
    struct slice *makers;
    struct map *plate_numbers; /* province character and letter → index of `plate_areas` */
    struct slice *plate_areas;
    struct map *plate_provinces;
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

enum region_knowledge number_region(const struct number_tables *tables, struct slice code)
{
    if (map_number(tables->regions, code) != MAP_NONE)
        return REGION_KNOWN;
    if (map_number(tables->prefectures, slice_cut(code, 0, 4)) != MAP_NONE)
        return REGION_PREFECTURE;
    if (map_number(tables->provinces, slice_cut(code, 0, 2)) != MAP_NONE)
        return REGION_PROVINCE;
    return REGION_UNKNOWN;
}

bool number_region_in_force(const struct number_tables *tables, struct slice code, int first,
                            int last)
{
    uint32_t index = map_find(tables->regions, code);
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

struct slice number_maker(const struct number_tables *tables, struct slice identifier)
{
    uint32_t index = map_find(tables->maker_numbers, identifier);
    return index == MAP_NONE ? slice_make(NULL, 0) : tables->makers[index];
}

bool number_plate_area(const struct number_tables *tables, struct slice province, char letter,
                       struct slice *area)
{
    char key[8];
    if (province.length + 1 > sizeof(key))
        return false;
    memcpy(key, province.data, province.length);
    key[province.length] = letter;
    uint32_t index = map_find(tables->plate_numbers, slice_make(key, province.length + 1));
    if (index == MAP_NONE)
        return false;
    *area = tables->plate_areas[index];
    return true;
}

bool number_is_plate_province(const struct number_tables *tables, struct slice character)
{
    return map_number(tables->plate_provinces, character) != MAP_NONE;
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

static bool load_regions(const struct loading *loading)
{
    static const char *const headings[] = {"code", "kind", "from_year", "until_year", NULL};
    enum { CODE_DIGITS = 6 };
    struct reference_table table;
    if (!read_table(loading, "divisions_history.csv", headings, &table))
        return false;
    struct number_tables *tables = loading->tables;
    tables->regions = reference_map(loading->reference);
    tables->prefectures = reference_map(loading->reference);
    tables->provinces = reference_map(loading->reference);
    tables->region_spans = arena_allocate_array(loading->reference->arena, table.csv.row_count,
                                                sizeof(*tables->region_spans));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice code = reference_cell(&table, row, 0);
        if (code.length != CODE_DIGITS)
            return reference_error(&table, row, loading->error, "a division's code has 6 digits");
        tables->region_spans[row] = read_span(&table, row);
        tables->region_spans[row].before = map_find(tables->regions, code);
        map_put(tables->regions, code, (uint32_t)row);
        map_intern(tables->prefectures, slice_cut(code, 0, 4));
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
    struct number_tables *tables = loading->tables;
    tables->maker_numbers = reference_map(loading->reference);
    tables->makers = arena_allocate_array(loading->reference->arena, table.csv.row_count,
                                          sizeof(*tables->makers));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        tables->makers[row] = keep(loading, reference_cell(&table, row, 1));
        map_put(tables->maker_numbers, reference_cell(&table, row, 0), (uint32_t)row);
    }
    return true;
}

static bool load_plates(const struct loading *loading)
{
    static const char *const headings[] = {"province_char", "letter", "issuing_area", NULL};
    struct reference_table table;
    if (!read_table(loading, "plate_letters.csv", headings, &table))
        return false;
    struct number_tables *tables = loading->tables;
    tables->plate_numbers = reference_map(loading->reference);
    tables->plate_provinces = reference_map(loading->reference);
    tables->plate_areas = arena_allocate_array(loading->reference->arena, table.csv.row_count,
                                               sizeof(*tables->plate_areas));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice province = reference_cell(&table, row, 0);
        char *key = arena_format(loading->arena, "%.*s%.*s", SLICE_ARGUMENTS(province),
                                 SLICE_ARGUMENTS(reference_cell(&table, row, 1)));
        map_intern(tables->plate_provinces, province);
        tables->plate_areas[row] = keep(loading, reference_cell(&table, row, 2));
        map_put(tables->plate_numbers, slice_of(key), (uint32_t)row);
    }
    return true;
}

static bool load_organisations(const struct loading *loading)
{
    static const char *const headings[] = {"set", "code", NULL};
    struct reference_table table;
    if (!read_table(loading, "code_sets.csv", headings, &table))
        return false;
    loading->tables->organisation_classes = reference_map(loading->reference);
    for (size_t row = 0; row < table.csv.row_count; row++) {
        if (slice_equal(reference_cell(&table, row, 0), SLICE("uscc_class")))
            map_intern(loading->tables->organisation_classes, reference_cell(&table, row, 1));
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
                  load_organisations(&loading) && load_countries(&loading);
    reference->numbers = loading.tables;
    arena_destroy(arena);
    return loaded;
}
