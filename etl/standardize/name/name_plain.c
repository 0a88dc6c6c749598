/* The short way for names as nearly all are: two or three ideographs that only simplified
 * characters have, of which none is a title's, a placeholder's or stands for one that is not told.
 *
 * So short a name cannot be a company's, a bracket, two names or a title in front of one. */
#include "standardize/name/name.h"
#include "standardize/reference/reference_names.h"
#include "standardize/text/characters.h"

enum { SHORTEST = 2, LONGEST = 3, HAN_BYTES = 3 };

struct plain_name {
    uint32_t simple[LONGEST];
    const struct character *known[LONGEST];
    size_t count;
};

/* U+4E00 to U+9FFF with a reading, written in simplified characters. */
static bool read_character(const struct reference *reference, const char *bytes,
                           struct plain_name *name)
{
    enum { FIRST_HAN = 0x4E00, CERTAIN = 0x67D0, CLAN = 0x6C0F }; /* 某 氏 */
    const unsigned char *byte = (const unsigned char *)bytes;
    if (byte[0] < 0xE4 || byte[0] > 0xE9)
        return false;
    uint32_t character =
        (byte[0] & 0x0Fu) << 12 | (byte[1] & 0x3Fu) << 6 | (uint32_t)(byte[2] & 0x3Fu);
    const struct character *known = character_find(reference->characters, character);
    if (character < FIRST_HAN || character == CERTAIN || character == CLAN || !known ||
        known->simple || known->reading.length == 0)
        return false;
    name->known[name->count] = known;
    name->simple[name->count++] = character;
    return true;
}

static bool read_plain(const struct reference *reference, struct slice value,
                       struct plain_name *name)
{
    if (value.length != SHORTEST * HAN_BYTES && value.length != LONGEST * HAN_BYTES)
        return false;
    for (size_t i = 0; i < value.length; i += HAN_BYTES)
        if (!read_character(reference, value.data + i, name))
            return false;
    bool repeated = name->simple[0] == name->simple[1] &&
                    (name->count < LONGEST || name->simple[1] == name->simple[2]);
    return !repeated;
}

/* Whether it holds a word that is more than a name. */
static bool says_more(const struct name_tables *tables, const struct plain_name *name)
{
    size_t length = 0;
    return trie_longest_end(tables->titles, name->simple, name->count, &length) != TRIE_NONE ||
           trie_longest(tables->leading_titles, name->simple, name->count, &length) != TRIE_NONE ||
           placeholder_find(tables, name->simple, name->count, false);
}

/* The letters of the name as it is read: the surname in its own reading. */
static struct slice spell(struct arena *arena, const struct plain_name *name,
                          const struct surname *surname)
{
    size_t from = surname ? surname->characters : 0;
    size_t bytes = surname ? surname->spelled.length : 0;
    char *letters = arena_allocate_bytes(arena, bytes + LONGEST * READING_BYTES);
    if (bytes > 0)
        memcpy(letters, surname->spelled.data, bytes);
    for (size_t i = from; i < name->count; i++) {
        struct reading reading = name->known[i]->reading;
        memcpy(letters + bytes, reading.letters, READING_BYTES);
        bytes += reading.length;
    }
    return slice_make(letters, bytes);
}

bool name_read_plain(const struct check_input *input, struct check_output *output)
{
    const struct name_tables *tables = input->reference->names;
    struct plain_name name = {.count = 0};
    if (!read_plain(input->reference, input->value, &name) || says_more(tables, &name))
        return false;
    const struct surname *surname = surname_find(tables, name.simple, name.count);
    if (surname && surname->characters == name.count)
        return false;
    struct slice value = arena_copy(input->arena, input->value);
    output->value = value;
    check_add_part(output, "key", value);
    check_add_part(output, "pinyin", spell(input->arena, &name, surname));
    if (surname) {
        size_t bytes = surname->characters * HAN_BYTES;
        check_add_part(output, "surname", slice_cut(value, 0, bytes));
        check_add_part(output, "given", slice_cut(value, bytes, value.length));
        check_add_part(output, "party", SLICE("person"));
    }
    check_add_part(output, "simplified", value);
    return true;
}
