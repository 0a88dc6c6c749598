/* Titles and familiar words beside a person's name. */
#include "standardize/name/name_person.h"

#include "cust360/base/text.h"

enum { FULL_NAME_CHARACTERS = 2 };

void person_note_gender(struct person *person, const struct honorific *honorific)
{
    if (!honorific->gender)
        return;
    person->two_genders =
        person->two_genders || (person->gender && person->gender != honorific->gender);
    person->gender = honorific->gender;
}

/* Whether a title may be taken off when `left` stays. One character may belong to the given name:
 * it is a title behind a bare surname (王总), and behind a whole name when nobody is called so. */
static bool may_take_off(const struct person *person, const struct honorific *title, size_t length,
                         struct glyphs left)
{
    if (!title->alone || left.count == 0)
        return false;
    if (title->relation)
        return person_is_whole_name(person->tables, left);
    if (length > 1 || surname_is(person->tables, left.simple, left.count))
        return true;
    return !title->only_after_surname && left.count >= FULL_NAME_CHARACTERS &&
           surname_find(person->tables, left.simple, left.count);
}

static bool remove_title(struct person *person)
{
    struct glyphs name = person->name;
    size_t length = 0;
    uint32_t found = trie_longest_end(person->tables->titles, name.simple, name.count, &length);
    if (found == TRIE_NONE)
        return false;
    const struct honorific *title = &person->tables->honorific[found];
    struct glyphs left = glyphs_cut(name, 0, name.count - length);
    if (!may_take_off(person, title, length, left))
        return false;
    if (title->relation) {
        person->relative = true; /* the name stays as it was typed */
        return false;
    }
    person_note_gender(person, title);
    person->name = left;
    return true;
}

/* 老王, 小李: a familiar word before a bare surname that people commonly have. */
static void remove_familiar_word(struct person *person)
{
    struct glyphs name = person->name;
    size_t length = 0;
    uint32_t found = trie_longest(person->tables->leading_titles, name.simple, name.count, &length);
    if (found == TRIE_NONE || length == name.count)
        return;
    struct glyphs left = glyphs_cut(name, length, name.count);
    const struct surname *surname = surname_find(person->tables, left.simple, left.count);
    bool bare = surname && surname->characters == left.count && surname->common;
    /* 尊敬的王伟 is no name; 小王伟 may be one. */
    if (bare || (length > 1 && person_is_whole_name(person->tables, left)))
        person->name = left;
}

/* 先生王伟 */
static void remove_title_in_front(struct person *person)
{
    enum { LONGEST_TITLE = 3, SHORTEST_TITLE = 2 };
    struct glyphs name = person->name;
    for (size_t length = LONGEST_TITLE; length >= SHORTEST_TITLE; length--) {
        if (name.count < length + FULL_NAME_CHARACTERS)
            continue;
        size_t found_length = 0;
        uint32_t found =
            trie_longest_end(person->tables->titles, name.simple, length, &found_length);
        struct glyphs left = glyphs_cut(name, length, name.count);
        if (found == TRIE_NONE || found_length != length ||
            !person_is_whole_name(person->tables, left))
            continue;
        person_note_gender(person, &person->tables->honorific[found]);
        person->name = left;
        return;
    }
}

void person_remove_titles(struct person *person)
{
    while (remove_title(person)) {
    }
    if (person->relative)
        return;
    remove_title_in_front(person);
    remove_familiar_word(person);
}

void person_remove_spelled_title(struct person *person)
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
    person_note_gender(person, &person->tables->honorific[found]);
    person->name = glyphs_cut(name, rest, name.count);
}
