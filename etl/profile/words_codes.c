/* What sources write in columns of codes and of makes: whether a value is one of a set. */
#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "profile/words_table.h"

#include <stdio.h>

enum { KEY_BYTES = 160, TEXT_BYTES = 96 };

/* The set's name, a line's end, the value in small letters. False: longer than any code. */
static bool make_key(struct slice set, struct slice value, char *key, size_t *length)
{
    if (value.length == 0 || value.length > TEXT_BYTES || set.length + value.length >= KEY_BYTES)
        return false;
    memcpy(key, set.data, set.length);
    key[set.length] = '\n';
    for (size_t i = 0; i < value.length; i++) {
        char letter = value.data[i];
        key[set.length + 1 + i] = (char)(letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter);
    }
    *length = set.length + 1 + value.length;
    return true;
}

static void add_code(struct map *codes, struct slice set, struct slice value)
{
    char key[KEY_BYTES];
    size_t length;
    if (make_key(set, value, key, &length))
        map_put(codes, slice_make(key, length), 1);
}

/* A province is written in full or short, and by those of other countries in Latin letters. */
static bool load_provinces(struct profile_words *words, const char *folder, struct error *error)
{
    static const char *const names[] = {"full_name", "short", "english"};
    struct csv_table table;
    if (!csv_table_read(words->arena, file_join(words->arena, folder, "province_aliases.csv"), ',',
                        &table, error))
        return false;
    for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
        size_t column;
        if (!csv_table_require(&table, names[n], &column, error))
            return false;
        for (size_t i = 0; i < table.row_count; i++)
            add_code(words->codes, SLICE("province"), csv_table_cell(&table, i, column));
    }
    return true;
}

bool words_load_codes(struct profile_words *words, const char *folder, const char *reference_folder,
                      struct error *error)
{
    struct csv_table codes;
    struct csv_table brands;
    if (!csv_table_read(words->arena, file_join(words->arena, folder, "codes.csv"), ',', &codes,
                        error) ||
        !csv_table_read(words->arena, file_join(words->arena, folder, "brands.csv"), ',', &brands,
                        error) ||
        !load_provinces(words, reference_folder, error))
        return false;
    for (size_t i = 0; i < codes.row_count; i++)
        add_code(words->codes, csv_table_cell(&codes, i, 0), csv_table_cell(&codes, i, 1));
    for (size_t i = 0; i < brands.row_count; i++)
        add_code(words->codes, SLICE("brand"), csv_table_cell(&brands, i, 0));
    return true;
}

bool words_has_code(const struct profile_words *words, const char *set, struct slice value)
{
    char key[KEY_BYTES];
    size_t length;
    return make_key(slice_of(set), value, key, &length) &&
           map_find(words->codes, slice_make(key, length)) != MAP_NONE;
}

bool words_begins_with_code(const struct profile_words *words, const char *set, struct slice text)
{
    enum { SHORTEST = 2 };
    for (size_t length = SHORTEST; length < text.length; length++)
        if (words_has_code(words, set, slice_cut(text, 0, length)))
            return true;
    return false;
}
