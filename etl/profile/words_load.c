#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "profile/words_table.h"

/* ---- atoms ---- */

uint16_t words_atom(const struct profile_words *words, const char *name)
{
    for (size_t i = 0; i < words->atom_count; i++)
        if (strcmp(words->atom_names[i], name) == 0)
            return (uint16_t)i;
    return UINT16_MAX;
}

const char *words_atom_name(const struct profile_words *words, uint16_t atom)
{
    return atom < words->atom_count ? words->atom_names[atom] : "";
}

bool atoms_have(const struct atoms *atoms, uint16_t atom)
{
    for (size_t i = 0; i < atoms->count; i++)
        if (atoms->list[i] == atom)
            return true;
    return false;
}

void atoms_add(struct atoms *atoms, uint16_t atom)
{
    if (atom != UINT16_MAX && atoms->count < ATOMS_MOST && !atoms_have(atoms, atom))
        atoms->list[atoms->count++] = atom;
}

static uint16_t intern_atom(struct profile_words *words, struct slice name)
{
    char *text = arena_text(words->arena, name);
    uint16_t atom = words_atom(words, text);
    if (atom != UINT16_MAX || words->atom_count == ATOMS_TOTAL_MOST)
        return atom;
    words->atom_names[words->atom_count] = text;
    return (uint16_t)words->atom_count++;
}

/* The next of the words between blanks; false: there are no more. */
static bool next_part(struct slice *rest, struct slice *part)
{
    *rest = slice_trim(*rest);
    size_t length = 0;
    while (length < rest->length && rest->data[length] != ' ')
        length++;
    *part = slice_cut(*rest, 0, length);
    *rest = slice_cut(*rest, length, rest->length);
    return part->length > 0;
}

/* ---- loading ---- */

static bool says_the_same(const struct word *a, const struct word *b)
{
    return a->atom_count == b->atom_count &&
           memcmp(a->atoms, b->atoms, a->atom_count * sizeof(*a->atoms)) == 0;
}

/* The same letters may stand for several things: sj is 手机 and 时间. The first is the likeliest.
 */
static void add_word(struct profile_words *words, struct slice text, const struct word *word)
{
    uint32_t known = map_find(words->texts, text);
    if (known != MAP_NONE && words->words[known].form != word->form) {
        /* What is written out goes before what is only short for something. */
        if (words->words[known].form > word->form)
            words->words[known] = *word;
        return;
    }
    uint32_t last = known;
    for (uint32_t at = known; at != MAP_NONE; at = words->words[at].next) {
        if (says_the_same(&words->words[at], word))
            return;
        last = at;
    }
    words->words = memory_grow(words->words, &words->word_capacity, words->word_count + 1,
                               sizeof(*words->words));
    words->words[words->word_count] = *word;
    words->words[words->word_count].next = MAP_NONE;
    if (last != MAP_NONE)
        words->words[last].next = (uint32_t)words->word_count++;
    else
        map_put(words->texts, text, (uint32_t)words->word_count++);
    if (text.length > words->longest_word)
        words->longest_word = text.length;
}

/* The pinyin of a word all of whose characters have one. */
static bool spell(const struct map *pinyin, const struct csv_table *table, struct slice text,
                  char *whole, char *initials)
{
    size_t length = 0;
    size_t count = 0;
    size_t ascii = csv_table_column(table, "ascii");
    for (size_t position = 0; position < text.length;) {
        size_t from = position;
        text_next(text, &position);
        uint32_t row = map_find(pinyin, slice_cut(text, from, position));
        if (row == MAP_NONE)
            return false;
        struct slice sound = csv_table_cell(table, row, ascii);
        if (sound.length == 0 || length + sound.length + 1 >= PINYIN_BYTES)
            return false;
        memcpy(whole + length, sound.data, sound.length);
        length += sound.length;
        initials[count++] = sound.data[0];
    }
    whole[length] = '\0';
    initials[count] = '\0';
    return count >= 2;
}

static void add_plural(struct profile_words *words, struct slice text, const struct word *word)
{
    enum { SHORTEST = 4 };
    char plural[PINYIN_BYTES];
    if (text.length < SHORTEST || text.length + 1 >= PINYIN_BYTES)
        return;
    memcpy(plural, text.data, text.length);
    plural[text.length] = 's';
    add_word(words, slice_make(plural, text.length + 1), word);
}

/* What says nothing has nothing to be short for. */
static void add_spelt(struct profile_words *words, struct slice text, const struct word *word)
{
    uint32_t number = map_find(words->texts, text);
    if (word->atom_count == 0 || number == MAP_NONE)
        return;
    words->spelt = memory_grow(words->spelt, &words->spelt_capacity, words->spelt_count + 1,
                               sizeof(*words->spelt));
    words->spelt[words->spelt_count++] =
        (struct spelt_word){arena_copy(words->arena, text), number};
}

static void add_forms(struct profile_words *words, const struct map *pinyin,
                      const struct csv_table *sounds, struct slice text, struct word *word)
{
    char whole[PINYIN_BYTES];
    char initials[PINYIN_BYTES];
    word->form = text.data[0] == SUFFIX_MARK ? FORM_INITIALS : FORM_PLAIN;
    add_word(words, text, word);
    if (word->form == FORM_INITIALS)
        return;
    if (((unsigned char)text.data[0] & 0x80) == 0) {
        add_plural(words, text, word);
        add_spelt(words, text, word);
        return;
    }
    if (!spell(pinyin, sounds, text, whole, initials))
        return;
    word->form = FORM_PINYIN;
    add_word(words, slice_of(whole), word);
    word->form = FORM_INITIALS;
    add_word(words, slice_of(initials), word);
}

struct slice words_simplify(const struct profile_words *words, struct slice character)
{
    uint32_t row = map_find(words->simplified, character);
    return row == MAP_NONE ? character : csv_table_cell(&words->characters, row, 1);
}

static bool read_characters(struct profile_words *words, const char *path, struct error *error)
{
    if (!csv_table_read(words->arena, path, ',', &words->characters, error))
        return false;
    for (size_t i = 0; i < words->characters.row_count; i++)
        if (csv_table_cell(&words->characters, i, 1).length)
            map_put(words->simplified, csv_table_cell(&words->characters, i, 0), (uint32_t)i);
    return true;
}

static bool read_words(struct profile_words *words, const char *path, const char *sounds_path,
                       struct error *error)
{
    struct csv_table table;
    struct csv_table sounds;
    size_t text;
    size_t says;
    char folded[PINYIN_BYTES];
    if (!csv_table_read(words->arena, path, ',', &table, error) ||
        !csv_table_require(&table, "word", &text, error) ||
        !csv_table_require(&table, "says", &says, error) ||
        !csv_table_read(words->arena, sounds_path, ',', &sounds, error))
        return false;
    struct map *pinyin = map_create();
    for (size_t i = 0; i < sounds.row_count; i++)
        map_put(pinyin, csv_table_cell(&sounds, i, 0), (uint32_t)i);
    for (size_t i = 0; i < table.row_count; i++) {
        struct word word = {.atom_count = 0, .next = MAP_NONE};
        struct slice rest = csv_table_cell(&table, i, says);
        struct slice part;
        while (word.atom_count < PATTERN_ATOMS && next_part(&rest, &part))
            word.atoms[word.atom_count++] = intern_atom(words, part);
        if (csv_table_cell(&table, i, text).length)
            add_forms(words, pinyin, &sounds,
                      words_fold(words, csv_table_cell(&table, i, text), folded, sizeof(folded)),
                      &word);
    }
    map_destroy(pinyin);
    return true;
}

static size_t intern_meaning(struct profile_words *words, const struct csv_table *table, size_t row)
{
    static const char *const personal[] = {"", "indirect", "direct", "sensitive"};
    struct slice name = csv_table_cell(table, row, 0);
    for (size_t i = 0; i < words->meaning_count; i++)
        if (slice_equal(name, slice_of(words->meanings[i].name)))
            return i;
    if (words->meaning_count == MEANINGS_MOST)
        return MEANINGS_MOST - 1;
    struct meaning *meaning = &words->meanings[words->meaning_count];
    meaning->name = arena_text(words->arena, name);
    meaning->kind = arena_text(words->arena, csv_table_cell(table, row, 1));
    for (size_t i = 0; i < sizeof(personal) / sizeof(*personal); i++)
        if (slice_equal(csv_table_cell(table, row, 2), slice_of(personal[i])))
            meaning->personal = (enum personal_class)i;
    return words->meaning_count++;
}

static bool read_meanings(struct profile_words *words, const char *path, struct error *error)
{
    struct csv_table table;
    size_t heading;
    if (!csv_table_read(words->arena, path, ',', &table, error) ||
        !csv_table_require(&table, "heading", &heading, error))
        return false;
    words->patterns = arena_allocate_array(words->arena, table.row_count, sizeof(*words->patterns));
    words->pattern_count = table.row_count;
    for (size_t i = 0; i < table.row_count; i++) {
        struct pattern_of_meaning *pattern = &words->patterns[i];
        struct slice rest = csv_table_cell(&table, i, heading);
        struct slice part;
        pattern->meaning = intern_meaning(words, &table, i);
        while (next_part(&rest, &part)) {
            bool optional = part.data[0] == '?';
            uint16_t atom = intern_atom(words, slice_cut(part, optional, part.length));
            if (optional && pattern->optional_count < PATTERN_ATOMS)
                pattern->optional[pattern->optional_count++] = atom;
            else if (!optional && pattern->required_count < PATTERN_ATOMS)
                pattern->required[pattern->required_count++] = atom;
        }
    }
    return true;
}

struct profile_words *profile_words_load(const char *folder, const char *reference_folder,
                                         struct error *error)
{
    struct profile_words *words = memory_allocate_array(1, sizeof(*words));
    words->arena = arena_create();
    words->texts = map_create();
    words->codes = map_create();
    words->simplified = map_create();
    if (read_characters(words, file_join(words->arena, reference_folder, "trad_simp.csv"), error) &&
        read_words(words, file_join(words->arena, folder, "words.csv"),
                   file_join(words->arena, reference_folder, "char_pinyin.csv"), error) &&
        read_meanings(words, file_join(words->arena, folder, "meanings.csv"), error) &&
        words_load_codes(words, folder, reference_folder, error))
        return words;
    profile_words_destroy(words);
    return NULL;
}

void profile_words_destroy(struct profile_words *words)
{
    if (!words)
        return;
    map_destroy(words->texts);
    map_destroy(words->codes);
    map_destroy(words->simplified);
    memory_free(words->words);
    memory_free(words->spelt);
    arena_destroy(words->arena);
    memory_free(words);
}
