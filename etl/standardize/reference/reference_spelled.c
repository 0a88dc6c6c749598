/* The names of divisions in letters: pinyin of the names of today without the word for their kind,
 * the provinces' English names, and spellings of their own (Hohhot, Kowloon). */
#include "standardize/address/places_loading.h"
#include "standardize/text/characters.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"

enum { SPELLING_BYTES = 64 };

/* Small letters alone: "Xi'an" is xian. False: too long, or it has other characters. */
static bool spell_letters(struct slice text, char *letters, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if (byte == ' ' || byte == '\'')
            continue;
        if (byte < 'a' || byte > 'z' || *length == SPELLING_BYTES)
            return false;
        letters[(*length)++] = byte;
    }
    return *length > 0;
}

/* The pinyin of a name; false when a character has no reading. */
static bool spell_name(const struct loading *loading, struct slice name, char *letters,
                       size_t *length)
{
    *length = 0;
    for (size_t position = 0; position < name.length;) {
        const struct character *character =
            character_find(loading->reference->characters, text_next(name, &position));
        if (!character || character->reading.length == 0 ||
            *length + character->reading.length > SPELLING_BYTES)
            return false;
        memcpy(letters + *length, character->reading.letters, character->reading.length);
        *length += character->reading.length;
    }
    return *length > 0;
}

static void put_letters(struct loading *loading, struct slice letters, uint32_t place,
                        bool needs_kind)
{
    struct place_tables *tables = loading->tables;
    uint32_t next = map_find(tables->spelled, letters);
    for (uint32_t i = next; i != MAP_NONE; i = tables->spellings[i].next) {
        if (tables->spellings[i].place == place)
            return;
    }
    tables->spellings = memory_grow(tables->spellings, &tables->spellings_capacity,
                                    tables->spelling_count + 1, sizeof(*tables->spellings));
    tables->spellings[tables->spelling_count] =
        (struct place_spelling){place, next == MAP_NONE ? PLACE_NONE : next, needs_kind};
    map_put(tables->spelled, letters, tables->spelling_count++);
}

/* ü is written v, u and yu: 吕梁 is Lvliang, Luliang, Lyuliang. */
static void put_spellings(struct loading *loading, char *letters, size_t length, uint32_t place,
                          bool needs_kind)
{
    put_letters(loading, slice_make(letters, length), place, needs_kind);
    char *v = memchr(letters, 'v', length);
    if (!v)
        return;
    *v = 'u';
    put_letters(loading, slice_make(letters, length), place, needs_kind);
    if (length == SPELLING_BYTES)
        return;
    memmove(v + 1, v, length - (size_t)(v - letters));
    *v = 'y';
    put_letters(loading, slice_make(letters, length + 1), place, needs_kind);
}

/* 单 of 单县: a name of one character needs its word, Shan County. */
static struct slice short_stem(struct slice name, bool *needs_kind)
{
    struct slice stem = places_stem(name);
    *needs_kind = stem.length == name.length;
    return *needs_kind ? text_prefix(name, 1) : stem;
}

static void put_pinyin(struct loading *loading, uint32_t place)
{
    char letters[SPELLING_BYTES + 1];
    size_t length = 0;
    bool needs_kind = false;
    struct slice stem = short_stem(loading->tables->places[place].name, &needs_kind);
    stem = places_without_peoples(loading, stem);
    if (spell_name(loading, stem, letters, &length))
        put_spellings(loading, letters, length, place, needs_kind);
}

static void put_spelling(struct loading *loading, struct slice spelling, uint32_t place)
{
    char letters[SPELLING_BYTES];
    size_t length = 0;
    const struct division *division = &loading->tables->places[place];
    bool needs_kind = division->level == PLACE_DISTRICT && text_length(division->name) <= 2;
    if (spell_letters(spelling, letters, &length))
        put_letters(loading, slice_make(letters, length), place, needs_kind);
}

/* Provinces by their English and other names; those of 陕西 and 山西 differ in English alone. */
static bool put_provinces(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"code", "english", "other_names", NULL};
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "province_aliases.csv", headings,
                        &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t place = map_find(loading->codes, reference_cell(&table, row, 0));
        if (place == MAP_NONE)
            continue; /* the loader of the provinces has said so */
        put_spelling(loading, reference_cell(&table, row, 1), place);
        struct slice others = reference_cell(&table, row, 2);
        while (others.length > 0) {
            ptrdiff_t bar = slice_find(others, SLICE("|"));
            size_t end = bar < 0 ? others.length : (size_t)bar;
            put_spelling(loading, slice_cut(others, 0, end), place);
            others = slice_cut(others, end + 1, others.length);
        }
    }
    return true;
}

static bool put_own_spellings(struct loading *loading, struct error *error)
{
    static const char *const headings[] = {"spelling", "name", NULL};
    struct place_tables *tables = loading->tables;
    struct reference_table table;
    if (!reference_read(loading->reference, loading->scratch, "division_spellings.csv", headings,
                        &table, error))
        return false;
    struct map *names = map_create();
    for (uint32_t i = tables->place_count; i > 0; i--) /* the first of a name stands */
        map_put(names, tables->places[i - 1].name, i - 1);
    bool known = true;
    for (size_t row = 0; row < table.csv.row_count && known; row++) {
        struct slice name = reference_cell(&table, row, 1);
        uint32_t place = map_find(names, name);
        known = place != MAP_NONE;
        if (!known)
            reference_error(&table, row, error, "no division of today has this name");
        for (uint32_t i = place; known && i < tables->place_count; i++) {
            if (slice_equal(tables->places[i].name, name))
                put_spelling(loading, reference_cell(&table, row, 0), i);
        }
    }
    map_destroy(names);
    return known;
}

bool places_load_spelled(struct loading *loading, struct error *error)
{
    struct place_tables *tables = loading->tables;
    tables->spelled = reference_map(loading->reference);
    for (uint32_t i = 0; i < tables->place_count; i++) {
        if (tables->places[i].level > PLACE_PROVINCE)
            put_pinyin(loading, i);
    }
    bool loaded = put_provinces(loading, error) && put_own_spellings(loading, error);
    struct place_spelling *spellings = arena_allocate_array(
        loading->reference->arena, tables->spelling_count + 1, sizeof(*spellings));
    memcpy(spellings, tables->spellings, tables->spelling_count * sizeof(*spellings));
    memory_free(tables->spellings);
    tables->spellings = spellings;
    return loaded;
}
