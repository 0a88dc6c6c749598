/* Names of persons, written with ideographs.
 *
 *   typed ──► without notes, numbers, second names ──► without spaces, dots made one
 *         ──► without titles ──► surname, given name, key, pinyin */
#include "standardize/name/name_person.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

enum { MIDDLE_DOT = 0xB7, FULL_NAME_CHARACTERS = 2 };

/* The dots that stand for the one between the parts of minorities' and foreigners' names. */
static bool is_dot(uint32_t character)
{
    static const uint16_t dots[] = {MIDDLE_DOT,
                                    '.',
                                    0x02D9 /* dot above */,
                                    0x16EB /* runic */,
                                    0x2022 /* bullet */,
                                    0x2024,
                                    0x2027,
                                    0x2219 /* operator */,
                                    0x22C5 /* operator */,
                                    0x25AA /* square */,
                                    0x25CF,
                                    0x25E6,
                                    0x2E31 /* word */,
                                    0x2E33 /* raised dot */,
                                    0x3002,
                                    0x30FB,
                                    0xA78F,
                                    0xFE52 /* small */,
                                    0xFF65 /* half-width */};
    for (size_t i = 0; i < sizeof(dots) / sizeof(dots[0]); i++)
        if (character == dots[i])
            return true;
    return false;
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

/* A letter other than the x that may stand for a hidden character. */
static bool is_letter_at(struct glyphs name, size_t index)
{
    return index < name.count && name.simple[index] != 'x' && unicode_is_letter(name.simple[index]);
}

/* What stands for a character that is hidden, or was lost on the way: 王*, 王×明, 王X明, 王?明. */
static bool is_mask(struct glyphs name, size_t index)
{
    switch (name.typed[index]) {
    case '*':
    case '?':
    case 0xD7:   /* multiplication sign */
    case 0x25A1: /* white square */
    case 0x25CB: /* white circle */
    case 0xFFFD: /* replacement character */
        return true;
    default:
        return name.simple[index] == 'x' && index > 0 && !is_letter_at(name, index - 1) &&
               !is_letter_at(name, index + 1);
    }
}

/* A dot of a long name may have come as ?. */
static bool is_lost_dot(struct glyphs name, size_t index)
{
    enum { SHORTEST_PART = 2, SHORTEST_NAME = 6 };
    return name.typed[index] == '?' && index >= SHORTEST_PART && name.count >= SHORTEST_NAME &&
           index + SHORTEST_PART < name.count;
}

static size_t skip_spaces(struct glyphs name, size_t index)
{
    while (index < name.count && name.typed[index] == ' ')
        index++;
    return index;
}

static void put(struct glyphs *to, uint32_t character)
{
    to->typed[to->count] = character;
    to->simple[to->count++] = character;
}

/* A space stays between words in letters. */
static bool is_space_kept(struct glyphs from, size_t index, struct glyphs to)
{
    return to.count > 0 && !text_is_han(to.simple[to.count - 1]) && !is_han_at(from, index + 1) &&
           to.typed[to.count - 1] != MIDDLE_DOT;
}

/* Between ideographs: spaces go, the dots of minorities' and foreigners' names become one. Signs
 * that hide a name are stars. Other punctuation goes. */
static void tidy(struct person *person)
{
    struct glyphs from = person->name;
    struct glyphs to = {from.typed, from.simple, 0, false};
    for (size_t i = 0; i < from.count; i++) {
        uint32_t character = from.typed[i];
        bool is_between = to.count > 0 && is_han_at(to, to.count - 1) &&
                          is_han_at(from, skip_spaces(from, i + 1));
        bool is_joint = is_dot(character) || is_dash(character) || is_lost_dot(from, i);
        if (is_between && is_joint) {
            put(&to, MIDDLE_DOT);
        } else if (is_mask(from, i) && to.count > 0) {
            person->masked = true;
            put(&to, '*');
        } else if (is_kept(character) || (character == ' ' && is_space_kept(from, i, to))) {
            glyphs_add(&to, from, i);
        }
    }
    person->name = to;
}

/* Clerks number people of the same name: 张伟2. */
static void remove_digits(struct person *person)
{
    struct glyphs name = person->name;
    size_t end = name.count;
    while (end > 0 && name.typed[end - 1] >= '0' && name.typed[end - 1] <= '9')
        end--;
    size_t first = 0;
    while (first < end && name.typed[first] >= '0' && name.typed[first] <= '9')
        first++;
    if (end > first && end - first < name.count) {
        person->name = glyphs_cut(name, first, end);
        check_add_finding(person->output, SEVERITY_INFORMATION, "digits_removed",
                          "digits beside the name were left out");
    }
}

/* 王某, 王某某, 王某人, 王氏: all that is told is the surname. */
static void remove_indefinite(struct person *person)
{
    enum { CERTAIN = 0x67D0, CLAN = 0x6C0F, MAN = 0x4EBA };
    struct glyphs name = person->name;
    size_t end = name.count;
    while (end > 1 && (name.simple[end - 1] == CERTAIN || name.simple[end - 1] == CLAN ||
                       (name.simple[end - 1] == MAN && name.simple[end - 2] == CERTAIN)))
        end--;
    if (end < name.count && surname_is(person->tables, name.simple, end)) {
        person->name.count = end;
        person->surname_only = true;
    }
}

static void add_gender(struct person *person)
{
    if (person->two_genders)
        return;
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

/* The surname, or NULL: names with a dot, and long ones that no common surname begins, are of
 * minorities and foreigners, and not surname and given name. */
static const struct surname *find_surname(const struct person *person)
{
    enum { LONGEST_NAME = 3, LONGEST_DOUBLE_NAME = 4 };
    struct glyphs name = person->name;
    if (has_dot(name))
        return NULL;
    const struct surname *surname = surname_find(person->tables, name.simple, name.count);
    if (!surname || surname->characters > 1 || name.count <= LONGEST_NAME)
        return surname;
    return surname->common && name.count <= LONGEST_DOUBLE_NAME ? surname : NULL;
}

/* A surname, a title or the dot of minorities' names tells a person; other words may be a shop's.
 */
static void add_party(const struct person *person, bool is_person)
{
    if (is_person)
        check_add_part(person->output, "party", SLICE("person"));
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
                          "a part of the name is hidden, or was lost");
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
    person->output->value = glyphs_text(name.typed, name.count, arena);
    if (person->relative) {
        check_add_finding(person->output, SEVERITY_WARNING, "relative",
                          "this is somebody of the family, whose own name is not known");
        return;
    }
    add_gender(person);
    const struct surname *surname = find_surname(person);
    bool is_person = surname || person->gender != 0 || has_dot(name);
    bool is_part = name.count < FULL_NAME_CHARACTERS ||
                   (surname && surname->characters == name.count) || person->masked ||
                   person->surname_only;
    if (is_part) {
        add_party(person, is_person);
        finish_incomplete(person, surname);
        return;
    }
    check_add_part(person->output, "key", key_of(person));
    check_add_part(person->output, "pinyin", spell_name(person, surname));
    if (!surname) {
        add_party(person, is_person);
        return;
    }
    check_add_part(person->output, "surname", glyphs_text(name.simple, surname->characters, arena));
    check_add_part(
        person->output, "given",
        glyphs_text(name.simple + surname->characters, name.count - surname->characters, arena));
    add_party(person, true);
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
    person_remove_notes(&person);
    person_remove_numbers(&person);
    person_remove_spelled_title(&person);
    if (!has_han(person.name)) {
        name_read_latin(input, person.name, person.two_genders ? 0 : person.gender, output);
        return;
    }
    person_take_first(&person);
    tidy(&person);
    remove_digits(&person);
    person_remove_titles(&person);
    remove_indefinite(&person);
    bool changed = person.name.count < name.count;
    if (person.name.count == 0)
        name_refuse(output, "placeholder", "there is no letter in this name");
    else if (!changed || !name_refuse_placeholder(input, person.name, false, output))
        finish(&person);
}
