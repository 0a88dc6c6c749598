#include "standardize/reference/reference_names.h"
#include "standardize/text/unicode.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"

/* Authors' names are often given name first: what such lists count as a surname and nobody else
 * does is noise when it has two characters (浩然). */
static bool is_noise(const struct reference_table *table, size_t row, size_t compound_column,
                     size_t frequency_column, size_t authors_column)
{
    enum { AUTHORS_PER_MILLION = 20 };
    double per_million = 0;
    return slice_equal(reference_cell(table, row, compound_column), SLICE("compound")) &&
           slice_is_empty(reference_cell(table, row, frequency_column)) &&
           text_to_number(reference_cell(table, row, authors_column), &per_million) &&
           per_million > AUTHORS_PER_MILLION;
}

/* The entry for the letters of a cell, without its spaces: its index. */
static uint32_t put_spelling(struct reference *reference, struct slice cell, struct arena *scratch)
{
    struct name_tables *names = reference->names;
    char *letters = arena_allocate_bytes(scratch, cell.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < cell.length; i++)
        if (cell.data[i] != ' ')
            letters[length++] = cell.data[i];
    uint32_t index = map_intern(names->spellings, slice_make(letters, length));
    names->spelling = memory_grow(names->spelling, &names->spelling_capacity, index + 1,
                                  sizeof(*names->spelling));
    if (index == names->spelling_count)
        names->spelling[names->spelling_count++] = (struct spelling){.surname = 0};
    return index;
}

static uint32_t count_of(const struct reference_table *table, size_t row, size_t column)
{
    int64_t count = 0;
    bool known = text_to_integer(reference_cell(table, row, column), &count) && count > 0;
    return known ? (uint32_t)count : 1;
}

static bool load_surnames(struct reference *reference, struct arena *scratch, struct error *error)
{
    enum { RANK, SURNAME, TYPE, FREQUENCY, AUTHORS, SPELLED };
    static const char *const headings[] = {"rank",      "surname", "type", "tf_corpus",
                                           "ppm_orcid", "ascii",   NULL};
    enum { COMMON_RANK = 400 };
    struct name_tables *names = reference->names;
    struct reference_table table;
    if (!reference_read(reference, scratch, "surnames.csv", headings, &table, error))
        return false;
    names->surname =
        arena_allocate_array(reference->arena, table.csv.row_count, sizeof(*names->surname));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        int64_t rank;
        if (!text_to_integer(reference_cell(&table, row, RANK), &rank))
            return reference_error(&table, row, error, "the rank of a surname is a number");
        if (is_noise(&table, row, TYPE, FREQUENCY, AUTHORS))
            continue;
        struct slice text = reference_cell(&table, row, SURNAME);
        struct surname *surname = &names->surname[row];
        surname->spelled = arena_copy(reference->arena, reference_cell(&table, row, SPELLED));
        surname->characters = text_length(text);
        surname->common = rank <= COMMON_RANK;
        trie_put(names->surnames, unicode_simplify(reference, text, scratch), (uint32_t)row);
        uint32_t index = put_spelling(reference, surname->spelled, scratch);
        struct spelling *spelling = &names->spelling[index];
        spelling->surname += count_of(&table, row, FREQUENCY);
        spelling->is_pinyin = true;
        spelling->compound = spelling->compound || surname->characters > 1;
    }
    return true;
}

/* Hong Kong's spellings weigh as the surnames that they stand for. */
static bool load_spellings(struct reference *reference, struct arena *scratch, struct error *error)
{
    struct reference_table table;
    if (!reference_read(reference, scratch, "hk_surname_spellings.csv",
                        (const char *const[]){"spelling", "pinyin", NULL}, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t pinyin = put_spelling(reference, reference_cell(&table, row, 1), scratch);
        uint32_t own = put_spelling(reference, reference_cell(&table, row, 0), scratch);
        struct spelling *spelling = reference->names->spelling;
        if (own != pinyin)
            spelling[own].surname += spelling[pinyin].surname + 1;
        spelling[own].compound = spelling[own].compound || spelling[pinyin].compound;
    }
    return true;
}

/* Taiwan's spellings of surnames: Tsai, Hsieh. */
static bool load_romanizations(struct reference *reference, struct arena *scratch,
                               struct error *error)
{
    struct reference_table table;
    if (!reference_read(reference, scratch, "romanization_syllables.csv",
                        (const char *const[]){"pinyin", "wade_giles_plain", NULL}, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        uint32_t pinyin = put_spelling(reference, reference_cell(&table, row, 0), scratch);
        uint32_t own = put_spelling(reference, reference_cell(&table, row, 1), scratch);
        struct spelling *spelling = reference->names->spelling;
        if (own != pinyin && !spelling[own].is_pinyin)
            spelling[own].surname += spelling[pinyin].surname;
    }
    return true;
}

/* One-character titles that no author has in a given name (总, 哥) can be told from a name. */
static bool load_given_characters(struct reference *reference, struct arena *scratch,
                                  struct map *given, struct error *error)
{
    static const char *const headings[] = {
        "char", "ppm_orcid", "first_of_two", "second_of_two", "single", "ascii", NULL};
    enum { CHARACTER, AUTHORS, FIRST, SECOND, ALONE, SPELLED };
    struct reference_table table;
    if (!reference_read(reference, scratch, "given_chars.csv", headings, &table, error))
        return false;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        if (!slice_is_empty(reference_cell(&table, row, AUTHORS)))
            map_put(given, reference_cell(&table, row, CHARACTER), 0);
        struct spelling *spelling =
            &reference->names
                 ->spelling[put_spelling(reference, reference_cell(&table, row, SPELLED), scratch)];
        spelling->given_first += count_of(&table, row, FIRST);
        spelling->given_second += count_of(&table, row, SECOND);
        spelling->given_alone += count_of(&table, row, ALONE);
    }
    return true;
}

enum { TITLE_TEXT, TITLE_KIND, TITLE_SEX, TITLE_POSITION };

static void put_title(struct reference *reference, const struct reference_table *table, size_t row,
                      const struct map *given, struct arena *scratch)
{
    struct name_tables *names = reference->names;
    struct slice text = reference_cell(table, row, TITLE_TEXT);
    struct slice kind = reference_cell(table, row, TITLE_KIND);
    struct slice sex = reference_cell(table, row, TITLE_SEX);
    bool prefix = slice_equal(reference_cell(table, row, TITLE_POSITION), SLICE("prefix"));
    bool one_character = text_length(text) == 1;
    struct honorific *honorific = &names->honorific[row];
    honorific->gender = sex.length == 1 ? sex.data[0] : 0;
    honorific->relation = slice_equal(kind, SLICE("relation"));
    honorific->alone =
        honorific->relation || slice_equal(kind, SLICE("title")) || slice_equal(kind, SLICE("job"));
    honorific->only_after_surname = one_character && map_find(given, text) != MAP_NONE;
    struct slice bare = text;
    if (slice_starts_with(text, SLICE("(")) && slice_ends_with(text, SLICE(")")))
        bare = slice_cut(text, 1, text.length - 1);
    struct slice word = unicode_simplify(reference, text_lower(scratch, bare), scratch);
    if (!prefix)
        trie_put_reversed(names->titles, word, (uint32_t)row);
    else if ((unsigned char)word.data[0] < 0x80)
        map_put(names->spelled_titles, word, (uint32_t)row);
    else
        trie_put(names->leading_titles, word, (uint32_t)row);
}

static bool load_titles(struct reference *reference, struct arena *scratch, struct error *error)
{
    static const char *const headings[] = {"text", "kind", "sex", "position", NULL};
    struct reference_table table;
    struct map *given = reference_map(reference);
    if (!load_given_characters(reference, scratch, given, error) ||
        !reference_read(reference, scratch, "honorifics.csv", headings, &table, error))
        return false;
    reference->names->honorific = arena_allocate_array(reference->arena, table.csv.row_count,
                                                       sizeof(*reference->names->honorific));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        if (slice_is_empty(reference_cell(&table, row, TITLE_TEXT)))
            return reference_error(&table, row, error, "a title needs a text");
        put_title(reference, &table, row, given, scratch);
    }
    return true;
}

static bool placeholder_read(const struct reference_table *table, size_t row,
                             struct placeholder *placeholder, struct error *error)
{
    enum { MATCH = 1, CLASS = 2 };
    static const struct {
        struct slice word;
        enum placeholder_match match;
    } matches[] = {{{"exact", 5}, PLACEHOLDER_EXACT},
                   {{"contains", 8}, PLACEHOLDER_CONTAINS},
                   {{"prefix", 6}, PLACEHOLDER_PREFIX}};
    struct slice match = reference_cell(table, row, MATCH);
    placeholder->possible = slice_equal(reference_cell(table, row, CLASS), SLICE("possible"));
    for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
        if (slice_equal(match, matches[i].word)) {
            placeholder->match = matches[i].match;
            return true;
        }
    }
    return reference_error(table, row, error, "match is exact, prefix or contains");
}

static bool load_placeholders(struct reference *reference, struct arena *scratch,
                              struct error *error)
{
    static const char *const headings[] = {"text", "match", "class", NULL};
    struct name_tables *names = reference->names;
    struct reference_table table;
    if (!reference_read(reference, scratch, "placeholder_names.csv", headings, &table, error))
        return false;
    names->placeholder =
        arena_allocate_array(reference->arena, table.csv.row_count, sizeof(*names->placeholder));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        if (!placeholder_read(&table, row, &names->placeholder[row], error))
            return false;
        struct slice text = text_lower(scratch, reference_cell(&table, row, 0));
        trie_put(names->placeholders, unicode_simplify(reference, text, scratch), (uint32_t)row);
    }
    return true;
}

bool names_load(struct reference *reference, struct error *error)
{
    struct arena *arena = reference->arena;
    struct name_tables *names = arena_allocate(arena, sizeof(*names));
    reference->names = names;
    names->surnames = trie_create(arena);
    names->spellings = reference_map(reference);
    names->titles = trie_create(arena);
    names->leading_titles = trie_create(arena);
    names->spelled_titles = reference_map(reference);
    names->placeholders = trie_create(arena);
    struct arena *scratch = arena_create();
    bool loaded =
        load_surnames(reference, scratch, error) && load_spellings(reference, scratch, error) &&
        load_romanizations(reference, scratch, error) && load_titles(reference, scratch, error) &&
        load_placeholders(reference, scratch, error);
    arena_destroy(scratch);
    /* The spellings grew on the heap; now that they are whole they go where the rest is. */
    struct spelling *spelling =
        arena_allocate_array(arena, names->spelling_count + 1, sizeof(*spelling));
    if (names->spelling_count > 0)
        memcpy(spelling, names->spelling, names->spelling_count * sizeof(*spelling));
    memory_free(names->spelling);
    names->spelling = spelling;
    return loaded;
}

const struct spelling *spelling_find(const struct name_tables *names, struct slice letters)
{
    uint32_t found = map_number(names->spellings, letters);
    return found == MAP_NONE ? NULL : &names->spelling[found];
}

const struct surname *surname_find(const struct name_tables *names, const uint32_t *simple,
                                   size_t count)
{
    size_t length = 0;
    uint32_t found = trie_longest(names->surnames, simple, count, &length);
    return found == TRIE_NONE ? NULL : &names->surname[found];
}

bool surname_is(const struct name_tables *names, const uint32_t *simple, size_t count)
{
    return count > 0 && trie_find(names->surnames, simple, count) != TRIE_NONE;
}

/* Whether the word that ends before `end` of a name speaks for the whole of it. */
static bool is_placeholder_for(const struct placeholder *placeholder, const uint32_t *simple,
                               size_t count, size_t start, size_t end)
{
    if (start == 0 && end == count)
        return true;
    if (placeholder->match == PLACEHOLDER_CONTAINS)
        return true;
    /* test1 and 测试, but not Testa */
    bool word_goes_on = end < count && simple[end] >= 'a' && simple[end] <= 'z';
    return placeholder->match == PLACEHOLDER_PREFIX && start == 0 && !word_goes_on;
}

const struct placeholder *placeholder_find(const struct name_tables *names, const uint32_t *simple,
                                           size_t count, bool whole)
{
    if (whole) {
        uint32_t value = trie_find(names->placeholders, simple, count);
        return value == TRIE_NONE ? NULL : &names->placeholder[value];
    }
    enum { WORDS_AT_ONE_PLACE = 8 };
    struct trie_word words[WORDS_AT_ONE_PLACE];
    for (size_t start = 0; start < count; start++) {
        size_t found = trie_words(names->placeholders, simple + start, count - start, words,
                                  WORDS_AT_ONE_PLACE);
        for (size_t i = 0; i < found; i++) {
            const struct placeholder *placeholder = &names->placeholder[words[i].value];
            if (is_placeholder_for(placeholder, simple, count, start, start + words[i].length))
                return placeholder;
        }
    }
    return NULL;
}
