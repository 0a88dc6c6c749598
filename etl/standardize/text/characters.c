#include "standardize/text/characters.h"

#include "cust360/base/text.h"

/* The character's entry, made when it is not there. */
static struct character *character_make(struct reference *reference, uint32_t code_point)
{
    struct character **page = &reference->characters->pages[code_point >> CHARACTER_PAGE_BITS];
    if (!*page)
        *page = arena_allocate_array(reference->arena, CHARACTER_PAGE, sizeof(**page));
    return &(*page)[code_point & (CHARACTER_PAGE - 1)];
}

static struct character *character_made(const struct reference *reference, uint32_t code_point)
{
    struct character *page = reference->characters->pages[code_point >> CHARACTER_PAGE_BITS];
    return page ? &page[code_point & (CHARACTER_PAGE - 1)] : NULL;
}

static uint32_t simple_of(const struct reference *reference, uint32_t code_point)
{
    const struct character *character = character_made(reference, code_point);
    return character && character->simple ? character->simple : code_point;
}

static void simple_set(struct reference *reference, uint32_t from, uint32_t to)
{
    if (from != to)
        character_make(reference, from)->simple = to;
}

/* A cell that holds exactly one character the tables can take; else an error. */
static bool cell_character(const struct reference_table *table, size_t row, size_t column,
                           uint32_t *character, struct error *error)
{
    struct slice cell = reference_cell(table, row, column);
    size_t position = 0;
    *character = text_next(cell, &position);
    if (position == 0 || position != cell.length || *character >= CHARACTER_LIMIT)
        return reference_error(table, row, error, "this row needs one character in each column");
    return true;
}

static bool cell_code_point(const struct reference_table *table, size_t row, size_t column,
                            uint32_t *code_point, struct error *error)
{
    struct slice cell = reference_cell(table, row, column);
    uint32_t value = 0;
    for (size_t i = 0; i < cell.length && value < CHARACTER_LIMIT; i++) {
        const char *digits = "0123456789ABCDEF";
        const char *digit = cell.data[i] ? strchr(digits, cell.data[i]) : NULL;
        if (!digit)
            return reference_error(table, row, error, "a code point is written in hexadecimal");
        value = value * 16 + (uint32_t)(digit - digits);
    }
    /* ASCII never changes: the fast paths pass over it. */
    if (value < 0x80 || value >= CHARACTER_LIMIT)
        return reference_error(table, row, error, "a code point between 80 and 2FFFF is needed");
    *code_point = value;
    return true;
}

/* What unicode_is_plain takes for granted. */
enum { FIRST_PLAIN_IDEOGRAPH = 0x4000, LAST_PLAIN_IDEOGRAPH = 0x9FFF };

/* Files whose rows are a code point and the character to clean it to. */
static bool load_clean(struct reference *reference, struct arena *scratch, const char *name,
                       const char *const *headings, struct error *error)
{
    struct reference_table table;
    if (!reference_read(reference, scratch, name, headings, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t from = 0;
        uint32_t to;
        if (!cell_code_point(&table, row, 0, &from, error) ||
            !cell_character(&table, row, 1, &to, error))
            return false;
        if (from >= FIRST_PLAIN_IDEOGRAPH && from <= LAST_PLAIN_IDEOGRAPH)
            return reference_error(&table, row, error,
                                   "the characters 4000 to 9FFF stay as they are");
        character_make(reference, from)->clean = to;
    }
    return true;
}

/* Ranges that Unicode gives a plain counterpart, or none. */
static void add_clean_ranges(struct reference *reference)
{
    static const struct {
        uint32_t first;
        uint32_t last;
        uint32_t clean;  /* of the first; */
        uint32_t stride; /* the clean form moves on with the character: 1, or is one: 0 */
    } ranges[] = {
        {0x80, 0x84, CHARACTER_DROPPED, 0}, /* C1 controls but NEL */
        {0x85, 0x85, ' ', 0},
        {0x86, 0x9F, CHARACTER_DROPPED, 0},
        {0xA0, 0xA0, ' ', 0},                   /* no-break space */
        {0xAD, 0xAD, CHARACTER_DROPPED, 0},     /* soft hyphen */
        {0x180E, 0x180E, CHARACTER_DROPPED, 0}, /* Mongolian vowel separator */
        {0x2000, 0x200A, ' ', 0},
        {0x200B, 0x200F, CHARACTER_DROPPED, 0}, /* zero width, direction marks */
        {0x2028, 0x2029, ' ', 0},
        {0x2460, 0x2468, '1', 1}, /* digits and letters in circles */
        {0x24B6, 0x24CF, 'A', 1},
        {0x24D0, 0x24E9, 'a', 1},
        {0x202A, 0x202E, CHARACTER_DROPPED, 0},
        {0x202F, 0x202F, ' ', 0},
        {0x205F, 0x205F, ' ', 0},
        {0x2060, 0x206F, CHARACTER_DROPPED, 0},
        {0x3000, 0x3000, ' ', 0},
        {0x3164, 0x3164, ' ', 0},               /* Hangul filler */
        {0xFE00, 0xFE0F, CHARACTER_DROPPED, 0}, /* variation selectors */
        {0xFE50, 0xFE50, ',', 0},               /* small forms */
        {0xFE51, 0xFE51, 0x3001, 0},
        {0xFE52, 0xFE52, '.', 0},
        {0xFE54, 0xFE54, ';', 0},
        {0xFE55, 0xFE55, ':', 0},
        {0xFE58, 0xFE58, 0x2014, 0},
        {0xFE59, 0xFE5A, '(', 1},
        {0xFE5F, 0xFE5F, '#', 0},
        {0xFE60, 0xFE60, '&', 0},
        {0xFE61, 0xFE62, '*', 1},
        {0xFE63, 0xFE63, '-', 0},
        {0xFE6B, 0xFE6B, '@', 0},
        {0xFEFF, 0xFEFF, CHARACTER_DROPPED, 0},
        {0xFF01, 0xFF5E, '!', 1}, /* full-width ASCII */
        {0xFFE0, 0xFFE1, 0xA2, 1},
        {0xFFE5, 0xFFE5, 0xA5, 0},
        {0xFFF9, 0xFFFC, CHARACTER_DROPPED, 0},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++)
            character_make(reference, c)->clean =
                ranges[i].clean + (c - ranges[i].first) * ranges[i].stride;
}

static bool load_clean_forms(struct reference *reference, struct arena *scratch,
                             struct error *error)
{
    add_clean_ranges(reference);
    return load_clean(reference, scratch, "compat_unified.csv",
                      (const char *const[]){"codepoint", "unified", NULL}, error) &&
           load_clean(reference, scratch, "gb18030_pua.csv",
                      (const char *const[]){"old_pua", "char", NULL}, error);
}

static bool load_traditional(struct reference *reference, struct arena *scratch,
                             struct error *error)
{
    struct reference_table table;
    if (!reference_read(reference, scratch, "trad_simp.csv",
                        (const char *const[]){"trad", "simp", NULL}, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t traditional;
        uint32_t simple;
        if (!cell_character(&table, row, 0, &traditional, error) ||
            !cell_character(&table, row, 1, &simple, error))
            return false;
        simple_set(reference, traditional, simple);
    }
    return true;
}

/* Where the way back from simplified is unambiguous both ends are one character, whichever of them
 * trad_simp.csv knows: 锺 and 鍾 are 钟, 暱 is 昵. */
static bool load_simplified(struct reference *reference, struct arena *scratch, struct error *error)
{
    struct reference_table table;
    static const char *const headings[] = {"simp", "trads_first_is_default", "ambiguous", NULL};
    if (!reference_read(reference, scratch, "simp_trad.csv", headings, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        if (!slice_equal(reference_cell(&table, row, 2), SLICE("0")))
            continue;
        struct slice cell = reference_cell(&table, row, 1);
        size_t position = 0;
        uint32_t traditional = text_next(cell, &position);
        uint32_t simple;
        if (!cell_character(&table, row, 0, &simple, error))
            return false;
        if (traditional >= CHARACTER_LIMIT)
            return reference_error(&table, row, error, "this row needs a traditional character");
        uint32_t target = simple_of(reference, traditional);
        if (target == traditional)
            simple_set(reference, traditional, simple);
        else
            simple_set(reference, simple, target);
    }
    return true;
}

/* Files whose rows are a variant and the form it is a variant of. */
static bool load_variants(struct reference *reference, struct arena *scratch, const char *name,
                          const char *standard_heading, struct error *error)
{
    const char *const headings[] = {"variant", standard_heading, NULL};
    bool regional = strcmp(standard_heading, "standard") != 0;
    struct reference_table table;
    if (!reference_read(reference, scratch, name, headings, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t variant;
        uint32_t standard;
        if (!cell_character(&table, row, 0, &variant, error) ||
            !cell_character(&table, row, 1, &standard, error))
            return false;
        uint32_t target = simple_of(reference, standard);
        /* Regional tables name simplified characters too: the simplified form itself, as a variant
         * of the traditional one, and 著, which is another word than 着. */
        if (variant == standard && !regional) {
            character_make(reference, variant)->simple = 0; /* stays itself */
            continue;
        }
        bool is_traditional = target != standard || !regional;
        if (is_traditional && simple_of(reference, variant) == variant && target != variant)
            simple_set(reference, variant, target);
    }
    return true;
}

/* So that one lookup is enough: no simplified form has another one. */
static void close_chains(struct character_tables *tables)
{
    enum { LONGEST_CHAIN = 4 };
    for (size_t page = 0; page < CHARACTER_LIMIT >> CHARACTER_PAGE_BITS; page++) {
        for (size_t i = 0; tables->pages[page] && i < CHARACTER_PAGE; i++) {
            struct character *character = &tables->pages[page][i];
            for (int step = 0; character->simple && step < LONGEST_CHAIN; step++) {
                const struct character *next = character_find(tables, character->simple);
                if (!next || !next->simple)
                    break;
                character->simple = next->simple;
            }
        }
    }
}

static bool load_readings(struct reference *reference, struct arena *scratch, struct error *error)
{
    struct reference_table table;
    if (!reference_read(reference, scratch, "char_pinyin.csv",
                        (const char *const[]){"char", "ascii", NULL}, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t code_point;
        if (!cell_character(&table, row, 0, &code_point, error))
            return false;
        struct slice letters = reference_cell(&table, row, 1);
        if (letters.length > READING_BYTES)
            return reference_error(&table, row, error, "a reading has at most 7 letters");
        struct reading *reading = &character_make(reference, code_point)->reading;
        reading->length = (uint8_t)letters.length;
        memcpy(reading->letters, letters.data, letters.length);
    }
    return true;
}

static void note_simple(struct character_tables *tables)
{
    for (uint32_t character = 0; character < CHARACTER_PLANE; character++) {
        const struct character *known = character_find(tables, character);
        if (known && known->simple && known->simple != character)
            tables->has_simple[character / 64] |= UINT64_C(1) << character % 64;
    }
}

bool characters_load(struct reference *reference, struct error *error)
{
    reference->characters = arena_allocate(reference->arena, sizeof(*reference->characters));
    struct arena *scratch = arena_create();
    bool loaded =
        load_clean_forms(reference, scratch, error) &&
        load_traditional(reference, scratch, error) && load_simplified(reference, scratch, error) &&
        load_variants(reference, scratch, "hant_variants.csv", "opencc_standard_trad", error) &&
        load_variants(reference, scratch, "glyph_variants.csv", "standard", error) &&
        load_readings(reference, scratch, error);
    arena_destroy(scratch);
    if (!loaded)
        return false;
    close_chains(reference->characters);
    note_simple(reference->characters);
    return true;
}
