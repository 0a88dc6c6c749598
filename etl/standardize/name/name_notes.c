/* What clerks type into the field for the name beside it.
 *
 *   王伟（代办）   王伟 13812345678   京A12345 王伟   张伟/李娜   王伟 Peter   王伟,女 */
#include "standardize/name/name_person.h"
#include "standardize/text/characters.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

enum { FULL_NAME_CHARACTERS = 2 };

static void add_note_finding(struct person *person)
{
    check_add_finding(person->output, SEVERITY_INFORMATION, "note_removed",
                      "a note was left out of the name");
}

bool person_is_whole_name(const struct name_tables *tables, struct glyphs name)
{
    enum { LONGEST_GIVEN = 2 };
    const struct surname *surname = surname_find(tables, name.simple, name.count);
    return surname && (surname->common || surname->characters > 1) &&
           name.count > surname->characters && name.count <= surname->characters + LONGEST_GIVEN;
}

/* What stands in brackets is a title, a role, or a note that is no part of the name. */
static void read_note(struct person *person, struct glyphs note)
{
    size_t length = 0;
    uint32_t title = trie_longest_end(person->tables->titles, note.simple, note.count, &length);
    if (title != TRIE_NONE && length == note.count)
        person_note_gender(person, &person->tables->honorific[title]);
    else if (note.count > 0)
        add_note_finding(person);
}

void person_remove_notes(struct person *person)
{
    struct glyphs from = person->name;
    struct glyphs to = {from.typed, from.simple, 0, false};
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

static bool is_han(struct glyphs name, size_t index)
{
    return index < name.count && text_is_han(name.simple[index]);
}

/* Where the number at `index` ends: digits, and what stands between them in phone numbers. A plate
 * begins with two more characters. */
static size_t number_end(struct glyphs name, size_t index)
{
    enum { SHORTEST = 3 };
    size_t end = index;
    size_t digits = 0;
    for (size_t i = index; i < name.count; i++) {
        uint32_t character = name.simple[i];
        if (text_is_digit(character)) {
            digits++;
            end = i + 1;
        } else if (digits == 0 || (character != '-' && character != '*' && character != ' ')) {
            break;
        }
    }
    return digits >= SHORTEST ? end : index;
}

/* 京A12345, 粤BD12345: a province, a letter, five or six letters and digits. */
static size_t plate_end(struct glyphs name, size_t index)
{
    enum { SHORTEST = 5, LONGEST = 6, SERIAL = 2 };
    if (!is_han(name, index) || index + SERIAL + SHORTEST > name.count ||
        name.simple[index + 1] < 'a' || name.simple[index + 1] > 'z')
        return index;
    size_t end = index + SERIAL;
    size_t digits = 0;
    while (
        end < name.count && end < index + SERIAL + LONGEST &&
        (text_is_digit(name.simple[end]) || (name.simple[end] >= 'a' && name.simple[end] <= 'z')))
        digits += text_is_digit(name.simple[end++]);
    return end >= index + SERIAL + SHORTEST && digits >= SHORTEST - 2 ? end : index;
}

void person_remove_numbers(struct person *person)
{
    struct glyphs from = person->name;
    struct glyphs to = {from.typed, from.simple, 0, false};
    for (size_t i = 0; i < from.count;) {
        size_t end = plate_end(from, i);
        if (end == i && text_is_digit(from.simple[i]))
            end = number_end(from, i);
        if (end == i) {
            glyphs_add(&to, from, i++);
            continue;
        }
        check_add_finding(person->output, SEVERITY_INFORMATION, "digits_removed",
                          "a number beside the name was left out");
        i = end;
    }
    person->name = to;
}

static bool is_separator(uint32_t character)
{
    switch (character) {
    case '/':
    case '\\':
    case '|':
    case ',':
    case ';':
    case '&':
    case '+':
    case 0x3001: /* ideographic comma */
    case 0xFF0C:
        return true;
    default:
        return false;
    }
}

/* 和 与 及: and. */
static bool is_and(uint32_t character)
{
    return character == 0x548C || character == 0x4E0E || character == 0x53CA;
}

static struct glyphs trim(struct glyphs name)
{
    while (name.count > 0 && (name.typed[0] == ' ' || is_separator(name.typed[0])))
        name = glyphs_cut(name, 1, name.count);
    while (name.count > 0 &&
           (name.typed[name.count - 1] == ' ' || is_separator(name.typed[name.count - 1])))
        name.count--;
    return name;
}

static void take_left(struct person *person, struct glyphs left, struct glyphs right)
{
    bool two = person_is_whole_name(person->tables, right);
    if (two) {
        check_add_finding(person->output, SEVERITY_WARNING, "several",
                          "there are two names; the first is kept");
        check_add_part(person->output, "other",
                       glyphs_text(right.simple, right.count, person->input->arena));
    } else {
        add_note_finding(person);
    }
    person->name = left;
}

/* 男, 先生, 车主: whether nothing else stands there. Notes the gender. */
static bool read_marker(struct person *person, struct glyphs text)
{
    size_t length = 0;
    uint32_t title = trie_longest_end(person->tables->titles, text.simple, text.count, &length);
    if (title == TRIE_NONE || length != text.count)
        return false;
    person_note_gender(person, &person->tables->honorific[title]);
    return true;
}

/* Whether the name is parted at `index` into two, or a name and something else. */
static bool part_at(struct person *person, size_t index)
{
    struct glyphs name = person->name;
    struct glyphs left = trim(glyphs_cut(name, 0, index));
    struct glyphs right = trim(glyphs_cut(name, index + 1, name.count));
    if (left.count < FULL_NAME_CHARACTERS || right.count == 0 || !is_han(left, 0))
        return false;
    bool whole = person_is_whole_name(person->tables, left);
    if (is_and(name.simple[index])) {
        if (!whole || !person_is_whole_name(person->tables, right))
            return false;
    } else if (whole && read_marker(person, right)) {
        person->name = left;
        return true;
    } else if (name.typed[index] == ' ') {
        if (!whole || !person_is_whole_name(person->tables, right) ||
            left.count + right.count < 2 * FULL_NAME_CHARACTERS)
            return false;
    } else if (!whole && !person_is_whole_name(person->tables, right)) {
        return false;
    }
    take_left(person, left, right);
    return true;
}

/* Whether `text` is a name in letters beside one in ideographs; one letter numbers people of the
 * same name. xx hides a name. */
static bool is_spelling(struct glyphs text)
{
    size_t letters = 0;
    size_t crosses = 0;
    for (size_t i = 0; i < text.count; i++) {
        letters += unicode_is_letter(text.simple[i]);
        crosses += text.simple[i] == 'x';
    }
    return letters > crosses;
}

/* 王伟 Peter, Peter 王伟, 王伟A: the ideographs are the name when they are a whole one. */
static void take_ideographs(struct person *person)
{
    struct glyphs name = person->name;
    size_t first = 0;
    while (first < name.count && !is_han(name, first))
        first++;
    size_t end = name.count;
    while (end > first && !is_han(name, end - 1))
        end--;
    struct glyphs inner = glyphs_cut(name, first, end);
    struct glyphs before = glyphs_cut(name, 0, first);
    struct glyphs behind = glyphs_cut(name, end, name.count);
    if (inner.count < FULL_NAME_CHARACTERS || (!is_spelling(before) && !is_spelling(behind)))
        return;
    struct glyphs spelling = trim(is_spelling(before) ? before : behind);
    if (spelling.count > 1)
        check_add_part(person->output, "alias",
                       glyphs_text(spelling.typed, spelling.count, person->input->arena));
    add_note_finding(person);
    person->name = inner;
}

void person_take_first(struct person *person)
{
    for (size_t i = 0; i < person->name.count; i++) {
        uint32_t character = person->name.typed[i];
        bool may_part =
            character == ' ' || is_separator(character) || is_and(person->name.simple[i]);
        if (may_part && part_at(person, i))
            break;
    }
    take_ideographs(person);
}
