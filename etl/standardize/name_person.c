/* Names of persons, written with ideographs.
 *
 *   typed ──► without notes in brackets ──► without spaces, dots made one ──► without titles
 *         ──► surname, given name, key, pinyin */
#include "standardize/characters.h"
#include "standardize/name.h"
#include "standardize/reference_names.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

enum { MIDDLE_DOT = 0xB7, FULL_NAME_CHARACTERS = 2 };

struct person {
    const struct check_input *input;
    struct check_output *output;
    const struct name_tables *tables;
    struct glyphs name; /* an own copy, changed on the way */
    char gender;        /* that a title told; 0: none */
    bool masked;        /* 王*, 李** */
};

static void note_gender(struct person *person, const struct honorific *honorific)
{
    if (honorific->gender)
        person->gender = honorific->gender;
}

/* What stands in brackets is a title, a role, or a note that is no part of the name. */
static void read_note(struct person *person, struct glyphs note)
{
    size_t length = 0;
    uint32_t title = trie_longest_end(person->tables->titles, note.simple, note.count, &length);
    if (title != TRIE_NONE && length == note.count)
        note_gender(person, &person->tables->honorific[title]);
    else if (note.count > 0)
        check_add_finding(person->output, SEVERITY_INFORMATION, "note_removed",
                          "a note in brackets was left out of the name");
}

/* Leaves out brackets with what is in them; a bracket that never closes ends the name. When nothing
 * else is there, the name stands in the brackets. */
static void remove_notes(struct person *person)
{
    struct glyphs from = person->name;
    struct glyphs to = {from.typed, from.simple, 0};
    for (size_t i = 0; i < from.count; i++) {
        size_t end = glyphs_bracket_end(from, i);
        if (end == SIZE_MAX && (from.typed[i] == '(' || from.typed[i] == '['))
            break;
        if (end == SIZE_MAX) {
            glyphs_add(&to, from, i);
        } else if (i == 0 && end + 1 == from.count) {
            person->name = glyphs_cut(from, 1, end);
            return;
        } else {
            read_note(person, glyphs_cut(from, i + 1, end));
            i = end;
        }
    }
    person->name = to;
}

static bool is_dot(uint32_t character)
{
    switch (character) {
    case MIDDLE_DOT:
    case '.':
    case 0x2022: /* bullet */
    case 0x2027: /* hyphenation point */
    case 0x2219: /* bullet operator */
    case 0x22C5: /* dot operator */
    case 0x25CF: /* black circle */
    case 0x3002: /* ideographic full stop */
    case 0x30FB: /* katakana middle dot */
    case 0xFF65: /* its half-width form */
        return true;
    default:
        return false;
    }
}

static bool is_dash(uint32_t character)
{
    return character == '-' || (character >= 0x2010 && character <= 0x2015);
}

static bool is_han_at(struct glyphs name, size_t index)
{
    return index < name.count && text_is_han(name.simple[index]);
}

static bool is_kept(uint32_t character)
{
    return text_is_han(character) || unicode_is_letter(character) ||
           (character >= '0' && character <= '9');
}

/* Between ideographs: spaces go, the dots of minorities' and foreigners' names become one. Stars
 * hide a name. Other punctuation goes. */
static void tidy(struct person *person)
{
    struct glyphs from = person->name;
    struct glyphs to = {from.typed, from.simple, 0};
    for (size_t i = 0; i < from.count; i++) {
        uint32_t character = from.typed[i];
        bool after_han = to.count > 0 && text_is_han(to.simple[to.count - 1]);
        bool between = after_han && is_han_at(from, i + 1);
        if (between && (is_dot(character) || is_dash(character))) {
            to.typed[to.count] = MIDDLE_DOT;
            to.simple[to.count++] = MIDDLE_DOT;
        } else if (character == '*') {
            person->masked = true;
        } else if (character == ' ') {
            if (to.count > 0 && !after_han && !is_han_at(from, i + 1))
                glyphs_add(&to, from, i);
        } else if (is_kept(character)) {
            glyphs_add(&to, from, i);
        }
    }
    person->name = to;
}

/* Clerks number people of the same name: 张伟2. */
static void remove_digits(struct person *person)
{
    size_t count = person->name.count;
    while (count > 0 && person->name.typed[count - 1] >= '0' &&
           person->name.typed[count - 1] <= '9')
        count--;
    if (count > 0 && count < person->name.count) {
        person->name.count = count;
        check_add_finding(person->output, SEVERITY_INFORMATION, "digits_removed",
                          "digits behind the name were left out");
    }
}

/* Whether a title may be taken off when `left` stays. One character may belong to the given name:
 * it is a title behind a bare surname (王总), and behind a whole name when nobody is called so. */
static bool may_take_off(const struct person *person, const struct honorific *title, size_t length,
                         struct glyphs left)
{
    if (!title->alone || left.count == 0)
        return false;
    if (length > 1 || surname_is(person->tables, left.simple, left.count))
        return true;
    return !title->only_after_surname && left.count >= FULL_NAME_CHARACTERS &&
           surname_find(person->tables, left.simple, left.count);
}

/* 王总, 陈先生, 李经理先生. Returns whether there was one. */
static bool remove_titles(struct person *person)
{
    bool removed = false;
    for (;;) {
        struct glyphs name = person->name;
        size_t length = 0;
        uint32_t found = trie_longest_end(person->tables->titles, name.simple, name.count, &length);
        if (found == TRIE_NONE)
            return removed;
        const struct honorific *title = &person->tables->honorific[found];
        struct glyphs left = glyphs_cut(name, 0, name.count - length);
        if (!may_take_off(person, title, length, left))
            return removed;
        note_gender(person, title);
        person->name = left;
        removed = true;
    }
}

/* 老王, 小李: a familiar word before a bare surname that people commonly have. */
static void remove_leading_title(struct person *person)
{
    struct glyphs name = person->name;
    size_t length = 0;
    uint32_t found = trie_longest(person->tables->leading_titles, name.simple, name.count, &length);
    if (found == TRIE_NONE || length == name.count)
        return;
    struct glyphs left = glyphs_cut(name, length, name.count);
    const struct surname *surname = surname_find(person->tables, left.simple, left.count);
    if (surname && surname->characters == left.count && surname->common)
        person->name = left;
}

/* Mr, Mrs … before a name in ideographs. */
static void remove_spelled_title(struct person *person)
{
    enum { LONGEST_TITLE = 8 };
    char letters[LONGEST_TITLE];
    size_t count = 0;
    struct glyphs name = person->name;
    while (count < name.count && count < LONGEST_TITLE && name.simple[count] >= 'a' &&
           name.simple[count] <= 'z') {
        letters[count] = (char)name.simple[count];
        count++;
    }
    if (count == 0)
        return;
    uint32_t found = map_find(person->tables->spelled_titles, slice_make(letters, count));
    size_t rest = count;
    while (rest < name.count && (name.typed[rest] == ' ' || name.typed[rest] == '.'))
        rest++;
    if (found == MAP_NONE || rest == name.count)
        return;
    note_gender(person, &person->tables->honorific[found]);
    person->name = glyphs_cut(name, rest, name.count);
}

static void add_gender(struct person *person)
{
    if (person->gender == 'M')
        check_add_part(person->output, "gender", SLICE("M"));
    else if (person->gender == 'F')
        check_add_part(person->output, "gender", SLICE("F"));
}

/* The letters of the name as it is read: the surname in its own reading. */
static struct slice spell_name(struct person *person, const struct surname *surname)
{
    struct glyphs name = person->name;
    char *bytes =
        arena_allocate_bytes(person->input->arena, (name.count + 1) * UNICODE_SPELLED_BYTES);
    size_t length = 0;
    size_t from = 0;
    if (surname) {
        memcpy(bytes, surname->spelled.data, surname->spelled.length);
        length = surname->spelled.length;
        from = surname->characters;
    }
    for (size_t i = from; i < name.count; i++)
        length += unicode_spell_character(person->input->reference, name.typed[i], bytes + length);
    return slice_make(bytes, length);
}

/* The simplified name without dots, which clerks leave out. */
static struct slice key_of(struct person *person)
{
    struct glyphs name = person->name;
    uint32_t *key = arena_allocate_array(person->input->arena, name.count, sizeof(*key));
    size_t count = 0;
    for (size_t i = 0; i < name.count; i++)
        if (name.simple[i] != MIDDLE_DOT && name.simple[i] != ' ')
            key[count++] = name.simple[i];
    return glyphs_text(key, count, person->input->arena);
}

static bool has_dot(struct glyphs name)
{
    for (size_t i = 0; i < name.count; i++)
        if (name.typed[i] == MIDDLE_DOT)
            return true;
    return false;
}

/* Only a part of the name is known: what may be compared is the surname. */
static void finish_incomplete(struct person *person, const struct surname *surname)
{
    struct glyphs name = person->name;
    if (surname)
        check_add_part(person->output, "surname",
                       glyphs_text(name.simple, surname->characters, person->input->arena));
    if (person->masked)
        check_add_finding(person->output, SEVERITY_WARNING, "masked",
                          "a part of the name is hidden by stars");
    else if (surname)
        check_add_finding(person->output, SEVERITY_WARNING, "surname_only",
                          "only the surname is known");
    else
        check_add_finding(person->output, SEVERITY_WARNING, "incomplete",
                          "a name of one character is not whole");
}

static void finish(struct person *person)
{
    struct arena *arena = person->input->arena;
    struct glyphs name = person->name;
    /* The names of minorities are not surname and given name. */
    const struct surname *surname =
        has_dot(name) ? NULL : surname_find(person->tables, name.simple, name.count);
    if (!person->masked)
        person->output->value = glyphs_text(name.typed, name.count, arena);
    add_gender(person);
    bool is_part = name.count < FULL_NAME_CHARACTERS ||
                   (surname && surname->characters == name.count) || person->masked;
    if (is_part) {
        finish_incomplete(person, surname);
        return;
    }
    check_add_part(person->output, "key", key_of(person));
    check_add_part(person->output, "pinyin", spell_name(person, surname));
    if (!surname)
        return;
    check_add_part(person->output, "surname", glyphs_text(name.simple, surname->characters, arena));
    check_add_part(
        person->output, "given",
        glyphs_text(name.simple + surname->characters, name.count - surname->characters, arena));
}

static bool has_han(struct glyphs name)
{
    for (size_t i = 0; i < name.count; i++)
        if (text_is_han(name.simple[i]))
            return true;
    return false;
}

void name_read_person(const struct check_input *input, struct glyphs name,
                      struct check_output *output)
{
    struct person person = {
        .input = input,
        .output = output,
        .tables = input->reference->names,
        .name = glyphs_copy(name, input->arena),
    };
    remove_notes(&person);
    remove_spelled_title(&person);
    if (!has_han(person.name)) {
        add_gender(&person);
        name_read_latin(input, person.name, output);
        return;
    }
    tidy(&person);
    remove_digits(&person);
    bool titled = remove_titles(&person);
    if (!titled)
        remove_leading_title(&person);
    bool changed = person.name.count < name.count;
    if (person.name.count == 0)
        name_refuse(output, "placeholder", "there is no letter in this name");
    else if (!changed || !name_refuse_placeholder(input, person.name, false, output))
        finish(&person);
}
