/* Names of persons in letters: pinyin, and foreigners' names. */
#include "standardize/name.h"
#include "standardize/reference_names.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

enum { WORDS = 12 };

struct word {
    size_t first; /* characters of the tidied name */
    size_t end;
    struct slice letters; /* for comparing */
    bool upper;           /* typed in capitals */
    bool surname;         /* spelled like one */
};

struct latin {
    const struct check_input *input;
    struct glyphs name;
    struct word words[WORDS];
    size_t word_count;
    size_t comma; /* the word behind the comma, 0: none; Wang, Xiaoming */
};

static bool is_joint(uint32_t character)
{
    return character == '-' || character == '\'' || character == 0x2019 || character == '.';
}

/* Words of letters with single spaces; a comma is remembered, digits and other signs go. */
static void tidy(struct latin *latin)
{
    struct glyphs from = latin->name;
    struct glyphs to = {from.typed, from.simple, 0};
    size_t spaces = 0;
    for (size_t i = 0; i < from.count; i++) {
        uint32_t character = from.typed[i];
        bool after_letter = to.count > 0 && to.typed[to.count - 1] != ' ';
        if (unicode_is_letter(character) || (is_joint(character) && after_letter)) {
            glyphs_add(&to, from, i);
        } else if (character == ' ' || character == ',') {
            if (character == ',' && to.count > 0 && latin->comma == 0)
                latin->comma = spaces + 1;
            if (after_letter) {
                to.typed[to.count] = ' ';
                to.simple[to.count++] = ' ';
                spaces++;
            }
        }
    }
    if (to.count > 0 && to.typed[to.count - 1] == ' ')
        to.count--;
    latin->name = to;
}

static bool is_upper(uint32_t character)
{
    return unicode_lower(character) != character;
}

static void word_read(struct latin *latin, struct word *word)
{
    const struct reference *reference = latin->input->reference;
    size_t characters = word->end - word->first;
    char *bytes = arena_allocate_bytes(latin->input->arena, characters * UNICODE_SPELLED_BYTES);
    size_t length = 0;
    word->upper = true;
    for (size_t i = word->first; i < word->end; i++) {
        uint32_t character = latin->name.typed[i];
        if (unicode_is_letter(character) && !is_upper(character))
            word->upper = false;
        length += unicode_spell_character(reference, character, bytes + length);
    }
    word->letters = slice_make(bytes, length);
    word->surname = map_find(reference->names->spelled_surnames, word->letters) != MAP_NONE;
}

static void read_words(struct latin *latin)
{
    size_t first = 0;
    for (size_t i = 0; i <= latin->name.count; i++) {
        if (i < latin->name.count && latin->name.typed[i] != ' ')
            continue;
        /* What is beyond the last place stays one word with it. */
        if (latin->word_count < WORDS)
            latin->words[latin->word_count++].first = first;
        latin->words[latin->word_count - 1].end = i;
        first = i + 1;
    }
    for (size_t i = 0; i < latin->word_count; i++)
        word_read(latin, &latin->words[i]);
}

/* Whether one word alone is in capitals, which marks the surname: Xiaoming WANG. */
static bool is_only_upper(const struct latin *latin, size_t index)
{
    for (size_t i = 0; i < latin->word_count; i++)
        if (latin->words[i].upper != (i == index))
            return false;
    return latin->words[index].letters.length > 1;
}

/* Whether the last word is the surname and belongs in front. */
static bool is_surname_last(const struct latin *latin)
{
    size_t last = latin->word_count - 1;
    if (latin->word_count < 2 || latin->comma > 0 || is_only_upper(latin, 0))
        return false;
    if (is_only_upper(latin, last))
        return true;
    /* Both could be: Chinese customers are typed surname first. */
    return latin->words[last].surname && !latin->words[0].surname;
}

static struct slice letters_in_order(const struct latin *latin)
{
    struct arena *arena = latin->input->arena;
    size_t count = latin->word_count;
    size_t start = is_surname_last(latin) ? count - 1 : 0;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += latin->words[i].letters.length;
    char *letters = arena_allocate_bytes(arena, bytes);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice word = latin->words[(start + i) % count].letters;
        if (word.length > 0)
            memcpy(letters + length, word.data, word.length);
        length += word.length;
    }
    return slice_make(letters, length);
}

/* A name all in capitals or all in small letters gets capitals where words begin; one that was
 * typed with care stays. */
static struct slice title_case(const struct latin *latin)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < latin->name.count; i++) {
        uint32_t character = latin->name.typed[i];
        has_upper = has_upper || is_upper(character);
        has_lower = has_lower || unicode_upper(character) != character;
    }
    if (!(has_upper && has_lower)) {
        bool at_start = true;
        for (size_t i = 0; i < latin->name.count; i++) {
            uint32_t *character = &latin->name.typed[i];
            *character = at_start ? unicode_upper(*character) : unicode_lower(*character);
            at_start = *character == ' ' || *character == '-' || *character == '\'';
        }
    }
    return glyphs_text(latin->name.typed, latin->name.count, latin->input->arena);
}

void name_read_latin(const struct check_input *input, struct glyphs name,
                     struct check_output *output)
{
    struct latin latin = {.input = input, .name = glyphs_copy(name, input->arena)};
    tidy(&latin);
    if (latin.name.count == 0) {
        name_refuse(output, "placeholder", "there is no letter in this name");
        return;
    }
    read_words(&latin);
    struct slice letters = letters_in_order(&latin);
    output->value = title_case(&latin);
    if (letters.length < 2) {
        check_add_finding(output, SEVERITY_WARNING, "incomplete",
                          "a name of one letter is not whole");
        return;
    }
    if (latin.word_count == 1 && latin.words[0].surname) {
        check_add_finding(output, SEVERITY_WARNING, "surname_only", "only the surname is known");
        return;
    }
    check_add_part(output, "key", letters);
    check_add_part(output, "pinyin", letters);
}
