#include "standardize/reference/reference_codes.h"

#include "cust360/base/text.h"

struct code_tables {
    struct map *numbers; /* "set|text" → index of `entries` */
    struct map *sets;
    struct code_entry *entries;
    uint32_t count;
};

/* The key of a text in a set: small letters, no blanks. False: it is too long for any. */
static bool make_key(struct slice set, struct slice text, char *key, size_t *length)
{
    if (set.length + 1 + text.length > CODE_TEXT_BYTES_MAX)
        return false;
    if (set.length)
        memcpy(key, set.data, set.length);
    *length = set.length;
    key[(*length)++] = '|';
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == ' ')
            continue;
        key[(*length)++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    return true;
}

const struct code_entry *code_find(const struct code_tables *tables, struct slice set,
                                   struct slice text)
{
    char key[CODE_TEXT_BYTES_MAX];
    size_t length = 0;
    if (!make_key(set, text, key, &length))
        return NULL;
    uint32_t index = map_find(tables->numbers, slice_make(key, length));
    return index == MAP_NONE ? NULL : &tables->entries[index];
}

bool code_set_exists(const struct code_tables *tables, struct slice set)
{
    return map_number(tables->sets, set) != MAP_NONE;
}

/* The first meaning of a text stands. */
static void add_text(struct code_tables *tables, struct slice set, struct slice text)
{
    char key[CODE_TEXT_BYTES_MAX];
    size_t length = 0;
    if (text.length == 0 || !make_key(set, text, key, &length))
        return;
    struct slice found = slice_make(key, length);
    if (map_number(tables->numbers, found) == MAP_NONE)
        map_put(tables->numbers, found, tables->count);
}

static void add_words(struct code_tables *tables, struct slice set, struct slice words)
{
    size_t start = 0;
    for (size_t i = 0; i <= words.length; i++) {
        if (i < words.length && words.data[i] != ' ')
            continue;
        add_text(tables, set, slice_cut(words, start, i));
        start = i + 1;
    }
}

static void add_entry(struct reference *reference, struct slice set, struct code_entry entry)
{
    struct code_tables *tables = reference->codes;
    map_intern(tables->sets, set);
    add_text(tables, set, entry.code);
    add_text(tables, set, entry.label_zh);
    add_text(tables, set, entry.label_en);
    entry.code = arena_copy(reference->arena, entry.code);
    entry.label_zh = arena_copy(reference->arena, entry.label_zh);
    entry.label_en = arena_copy(reference->arena, entry.label_en);
    tables->entries[tables->count] = entry;
}

enum { SET, CODE, ZH, EN, ALIASES };
enum { ALPHA2, ALPHA3, NUMERIC, ZH_HANS, ZH_HANT, ENGLISH };

static void add_codes(struct reference *reference, const struct reference_table *table)
{
    for (size_t row = 0; row < table->csv.row_count; row++) {
        struct slice set = reference_cell(table, row, SET);
        add_entry(reference, set,
                  (struct code_entry){reference_cell(table, row, CODE),
                                      reference_cell(table, row, ZH),
                                      reference_cell(table, row, EN)});
        add_words(reference->codes, set, reference_cell(table, row, ALIASES));
        reference->codes->count++;
    }
}

static void add_countries(struct reference *reference, const struct reference_table *table)
{
    struct slice set = SLICE("country");
    for (size_t row = 0; row < table->csv.row_count; row++) {
        add_entry(reference, set,
                  (struct code_entry){reference_cell(table, row, ALPHA2),
                                      reference_cell(table, row, ZH_HANS),
                                      reference_cell(table, row, ENGLISH)});
        add_text(reference->codes, set, reference_cell(table, row, ALPHA3));
        add_text(reference->codes, set, reference_cell(table, row, NUMERIC));
        add_text(reference->codes, set, reference_cell(table, row, ZH_HANT));
        reference->codes->count++;
    }
}

bool codes_load(struct reference *reference, struct error *error)
{
    static const char *const headings[] = {"set", "code", "zh", "en", "aliases", NULL};
    static const char *const country_headings[] = {"alpha2",  "alpha3", "numeric", "zh_hans",
                                                   "zh_hant", "en",     NULL};
    struct code_tables *tables = arena_allocate(reference->arena, sizeof(*tables));
    struct arena *scratch = arena_create();
    struct reference_table table;
    struct reference_table countries;
    reference->codes = tables;
    bool loaded =
        reference_read(reference, scratch, "code_sets.csv", headings, &table, error) &&
        reference_read(reference, scratch, "countries.csv", country_headings, &countries, error);
    if (loaded) {
        tables->numbers = reference_map(reference);
        tables->sets = reference_map(reference);
        tables->entries =
            arena_allocate_array(reference->arena, table.csv.row_count + countries.csv.row_count,
                                 sizeof(*tables->entries));
        add_codes(reference, &table);
        add_countries(reference, &countries);
    }
    arena_destroy(scratch);
    return loaded;
}
