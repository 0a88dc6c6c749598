/* Names of persons in letters: pinyin in either order, the spellings of Hong Kong and Taiwan, and
 * foreigners' names.
 *
 *   Wei ZHANG, Zhang Wei, ZHANG, WEI, ZhangWei ──► zhangwei      García, José ──► josegarcia
 *
 * Capitals and commas tell which word is the surname. Else it is the word that is one more often,
 * seen against the rest as a given name; when that is not clear the first one is, as Chinese
 * customers are typed. */
#include "standardize/name/name.h"
#include "standardize/reference/reference_names.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

enum { WORDS = 12 };

struct word {
    size_t first; /* characters of the tidied name */
    size_t end;
    struct slice letters;            /* for comparing */
    bool upper;                      /* typed in capitals */
    const struct spelling *spelling; /* NULL: no syllable, no surname */
};

struct latin {
    const struct check_input *input;
    struct glyphs name;
    struct word words[WORDS];
    size_t word_count;
    size_t comma; /* the word behind the comma, 0: none; Wang, Xiaoming */
    size_t start; /* the word that the comparison form begins with */
    char gender;  /* of a title behind the name */
};

static bool is_joint(uint32_t character)
{
    return character == '-' || character == '\'' || character == 0x2019 || character == '.';
}

static bool is_upper(uint32_t character)
{
    return unicode_lower(character) != character;
}

/* ZhangWei: a small letter before a capital. */
static bool is_camel(struct glyphs name, size_t index)
{
    return index > 1 && is_upper(name.typed[index]) && unicode_is_letter(name.typed[index - 1]) &&
           !is_upper(name.typed[index - 1]) && index + 1 < name.count &&
           !is_upper(name.typed[index + 1]);
}

static void add_space(struct glyphs *to)
{
    to->typed[to->count] = ' ';
    to->simple[to->count++] = ' ';
}

/* A space or a comma between words. */
static void tidy_gap(struct latin *latin, struct glyphs *to, bool is_comma, size_t *spaces)
{
    bool after_letter = to->count > 0 && to->typed[to->count - 1] != ' ';
    if (is_comma && to->count > 0 && latin->comma == 0)
        latin->comma = after_letter ? *spaces + 1 : *spaces;
    if (after_letter) {
        add_space(to);
        ++*spaces;
    }
}

/* Words of letters with single spaces; a comma is remembered, digits and other signs go. `to` has
 * room for twice the name. */
static void tidy(struct latin *latin, struct glyphs from, struct glyphs to)
{
    size_t spaces = 0;
    for (size_t i = 0; i < from.count; i++) {
        uint32_t character = from.typed[i];
        bool after_letter = to.count > 0 && to.typed[to.count - 1] != ' ';
        if (after_letter && is_camel(from, i))
            tidy_gap(latin, &to, false, &spaces);
        if (unicode_is_letter(character) || (is_joint(character) && after_letter))
            glyphs_add(&to, from, i);
        else if (character == ' ' || character == ',')
            tidy_gap(latin, &to, character == ',', &spaces);
    }
    if (to.count > 0 && to.typed[to.count - 1] == ' ')
        to.count--;
    latin->name = to;
}

/* Whether the letters are syllables of pinyin, one after the other. */
static bool is_pinyin(const struct name_tables *names, struct slice letters)
{
    enum { LONGEST = 6 };
    if (letters.length == 0)
        return true;
    for (size_t length = letters.length < LONGEST ? letters.length : LONGEST; length > 0;
         length--) {
        const struct spelling *spelling = spelling_find(names, slice_cut(letters, 0, length));
        if (spelling && spelling->given_alone > 0 &&
            is_pinyin(names, slice_cut(letters, length, letters.length)))
            return true;
    }
    return false;
}

/* Passports have YU for ü: LYU is lv. */
static struct slice unify_passport(char *bytes, size_t length)
{
    enum { AT_LEAST = 3 };
    bool is_passport = length >= AT_LEAST && (bytes[0] == 'l' || bytes[0] == 'n') &&
                       bytes[1] == 'y' && bytes[2] == 'u';
    if (!is_passport)
        return slice_make(bytes, length);
    bytes[1] = 'v';
    memmove(bytes + 2, bytes + AT_LEAST, length - AT_LEAST);
    return slice_make(bytes, length - 1);
}

/* ü is spelled v, as in pinyin; but Müller is no pinyin. */
static void word_read(struct latin *latin, struct word *word)
{
    enum { U = 0xFC, CAPITAL_U = 0xDC }; /* with diaeresis */
    const struct reference *reference = latin->input->reference;
    size_t characters = word->end - word->first;
    char *bytes = arena_allocate_bytes(latin->input->arena, characters * UNICODE_SPELLED_BYTES);
    char *plain = arena_allocate_bytes(latin->input->arena, characters * UNICODE_SPELLED_BYTES);
    size_t length = 0;
    word->upper = true;
    for (size_t i = word->first; i < word->end; i++) {
        uint32_t character = latin->name.typed[i];
        if (unicode_is_letter(character) && !is_upper(character))
            word->upper = false;
        size_t added = unicode_spell_character(reference, character, bytes + length);
        memcpy(plain + length, bytes + length, added);
        if (character == U || character == CAPITAL_U)
            plain[length] = 'u';
        length += added;
    }
    bool has_umlaut = memcmp(bytes, plain, length) != 0;
    word->letters = unify_passport(bytes, length);
    if (has_umlaut && !is_pinyin(reference->names, word->letters))
        word->letters = slice_make(plain, length);
    word->spelling = spelling_find(reference->names, word->letters);
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

/* Zhang Wei Mr. */
static void remove_titles_behind(struct latin *latin)
{
    const struct name_tables *names = latin->input->reference->names;
    while (latin->word_count > 1) {
        const struct word *last = &latin->words[latin->word_count - 1];
        uint32_t found = map_find(names->spelled_titles, last->letters);
        if (found == MAP_NONE)
            return;
        if (names->honorific[found].gender)
            latin->gender = names->honorific[found].gender;
        latin->word_count--;
        latin->name.count = latin->words[latin->word_count - 1].end;
    }
}

static bool is_surname(const struct word *word)
{
    return word->spelling && word->spelling->surname > 0;
}

/* The one word in capitals, which marks the surname: Xiaoming WANG; WORDS: there is none. */
static size_t find_upper(const struct latin *latin)
{
    size_t found = WORDS;
    for (size_t i = 0; i < latin->word_count; i++) {
        if (!latin->words[i].upper || latin->words[i].letters.length < 2)
            continue;
        if (found != WORDS)
            return WORDS;
        found = i;
    }
    return latin->word_count > 1 ? found : WORDS;
}

/* Two words that are one surname: Ou Yang. */
static bool is_compound(const struct latin *latin, size_t first)
{
    if (first + 1 >= latin->word_count)
        return false;
    struct slice both = glyphs_join(
        (const struct slice[]){latin->words[first].letters, latin->words[first + 1].letters}, 2,
        latin->input->arena);
    const struct spelling *spelling = spelling_find(latin->input->reference->names, both);
    return spelling && spelling->compound;
}

/* How often the words that are not the surname are a given name; at least 1. */
static uint64_t given_weight(const struct latin *latin, size_t first, size_t end)
{
    if (end == first + 1) {
        const struct spelling *one = latin->words[first].spelling;
        return one ? one->given_alone + 1 : 1;
    }
    const struct spelling *one = latin->words[first].spelling;
    const struct spelling *two = latin->words[first + 1].spelling;
    return (uint64_t)(one ? one->given_first + 1 : 1) * (two ? two->given_second + 1 : 1);
}

/* Both the first and the last word could be the surname: which is likelier. */
static bool last_is_likelier(const struct latin *latin)
{
    /* Chinese customers are typed surname first, and the more so when each syllable is a word. */
    enum { LONGEST = 3, ORDER_AS_TYPED = 4, ORDER_OF_SYLLABLES = 32 };
    size_t last = latin->word_count - 1;
    const struct spelling *one = latin->words[0].spelling;
    const struct spelling *other = latin->words[last].spelling;
    if (one->compound != other->compound)
        return other->compound;
    if (latin->word_count > LONGEST)
        return false;
    uint64_t first = one->surname * given_weight(latin, 1, last + 1);
    uint64_t behind = other->surname * given_weight(latin, 0, last);
    return behind > first * (last > 1 ? ORDER_OF_SYLLABLES : ORDER_AS_TYPED);
}

/* Where the surname is: the word that the comparison form begins with. */
static size_t find_start(const struct latin *latin)
{
    size_t last = latin->word_count - 1;
    if (last == 0)
        return 0;
    size_t upper = find_upper(latin);
    if (upper != WORDS)
        return upper;
    if (is_compound(latin, 0))
        return 0;
    if (last > 1 && is_compound(latin, last - 1))
        return last - 1;
    if (!is_surname(&latin->words[last]))
        return 0;
    return !is_surname(&latin->words[0]) || last_is_likelier(latin) ? last : 0;
}

static void rotate(struct latin *latin, size_t start)
{
    size_t count = latin->word_count;
    struct word words[WORDS] = {{0}};
    struct glyphs from = latin->name;
    struct glyphs to = glyphs_copy(from, latin->input->arena);
    to.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct word word = latin->words[(start + i) % count];
        if (i > 0)
            add_space(&to);
        size_t first = to.count;
        for (size_t k = word.first; k < word.end; k++)
            glyphs_add(&to, from, k);
        word.first = first;
        word.end = to.count;
        words[i] = word;
    }
    memcpy(latin->words, words, count * sizeof(words[0]));
    latin->name = to;
}

static void make_upper(struct latin *latin, size_t word)
{
    for (size_t i = latin->words[word].first; i < latin->words[word].end; i++)
        latin->name.typed[i] = unicode_upper(latin->name.typed[i]);
}

/* A name all in capitals or all in small letters gets capitals where words begin; one that was
 * typed with care stays. */
static void title_case(struct latin *latin)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < latin->name.count; i++) {
        uint32_t character = latin->name.typed[i];
        has_upper = has_upper || is_upper(character);
        has_lower = has_lower || unicode_upper(character) != character;
    }
    if (has_upper && has_lower)
        return;
    bool at_start = true;
    for (size_t i = 0; i < latin->name.count; i++) {
        uint32_t *character = &latin->name.typed[i];
        *character = at_start ? unicode_upper(*character) : unicode_lower(*character);
        at_start = *character == ' ' || *character == '-' || *character == '\'';
    }
}

/* What a comma tells is written so that it is not lost: ZHANG Wei; José García, as names of the
 * West go. A name in front of it that is whole already (Chan Tai Man, Peter) stays. */
static void use_comma(struct latin *latin)
{
    size_t comma = latin->comma;
    if (comma == 0 || comma >= latin->word_count)
        return;
    bool is_one = comma == 1 || (comma == 2 && is_compound(latin, 0));
    title_case(latin);
    if (is_one && (is_surname(&latin->words[0]) || comma == 2)) {
        for (size_t i = 0; i < comma; i++) {
            make_upper(latin, i);
            latin->words[i].upper = true;
        }
        for (size_t i = comma; i < latin->word_count; i++)
            latin->words[i].upper = false;
    } else if (is_one) {
        rotate(latin, comma);
    }
}

static struct slice letters_in_order(const struct latin *latin)
{
    struct slice texts[WORDS];
    for (size_t i = 0; i < latin->word_count; i++)
        texts[i] = latin->words[(latin->start + i) % latin->word_count].letters;
    return glyphs_join(texts, latin->word_count, latin->input->arena);
}

/* One word is not a whole name when it is a surname, or when a title stood before it. */
static bool is_only_surname(const struct latin *latin)
{
    return latin->word_count == 1 && (is_surname(&latin->words[0]) || latin->gender != 0);
}

/* At the beginning or at the end, as names go. */
static bool has_surname(const struct latin *latin)
{
    return is_surname(&latin->words[0]) || is_surname(&latin->words[latin->word_count - 1]);
}

void name_read_latin(const struct check_input *input, struct glyphs name, char gender,
                     struct check_output *output)
{
    struct latin latin = {.input = input, .gender = gender};
    uint32_t *room = arena_allocate_array(input->arena, name.count * 2, sizeof(*room) * 2);
    tidy(&latin, name, (struct glyphs){room, room + name.count * 2, 0, false});
    if (latin.name.count == 0) {
        name_refuse(output, "placeholder", "there is no letter in this name");
        return;
    }
    read_words(&latin);
    remove_titles_behind(&latin);
    use_comma(&latin);
    latin.start = find_start(&latin);
    title_case(&latin);
    struct slice letters = letters_in_order(&latin);
    output->value = glyphs_text(latin.name.typed, latin.name.count, input->arena);
    if (latin.gender)
        check_add_part(output, "gender", latin.gender == 'M' ? SLICE("M") : SLICE("F"));
    if (latin.gender || (latin.word_count > 1 && has_surname(&latin)))
        check_add_part(output, "party", SLICE("person"));
    if (letters.length < 2) {
        check_add_finding(output, SEVERITY_WARNING, "incomplete",
                          "a name of one letter is not whole");
    } else if (is_only_surname(&latin)) {
        check_add_finding(output, SEVERITY_WARNING, "surname_only", "only the surname is known");
    } else {
        check_add_part(output, "key", letters);
        check_add_part(output, "pinyin", letters);
    }
}
