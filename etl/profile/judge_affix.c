/* What headings of a table share and what says nothing: a publisher's prefix (new_, cr5a2_), a
 * suffix (__c), the letters that a file's name was shortened to (CSNAM, CSTEL, CSADR1). */
#include "cust360/base/text.h"
#include "profile/judge.h"

#include <strings.h>

enum { LEAST_SHARING = 3, LONGEST = 16, GLUED_SHORTEST = 2, GLUED_LONGEST = 4, GLUED_SHARING = 3 };

static bool is_mark(char letter)
{
    return letter == '_' || letter == '-' || letter == '.';
}

static bool is_letter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/* The first part of a heading with the marks behind it; 0: it has none, or nothing behind it. */
static size_t first_part(const char *heading)
{
    size_t length = strcspn(heading, "_-.");
    size_t end = length;
    while (is_mark(heading[end]))
        end++;
    return length && end > length && heading[end] ? end : 0;
}

/* Where the last part of a heading begins, with the marks before it; 0: it has none. */
static size_t last_part(const char *heading)
{
    size_t from = strlen(heading);
    while (from > 0 && !is_mark(heading[from - 1]))
        from--;
    bool ends = heading[from] == '\0';
    while (from > 0 && is_mark(heading[from - 1]))
        from--;
    return ends ? 0 : from;
}

/* "new" is the prefix of many a table that somebody added to a ready system. */
static bool says_nothing(const struct profile_words *words, struct slice affix)
{
    struct atoms atoms;
    words_read(words, affix, &atoms);
    bool condition = atoms.count == 1 && atoms_have(&atoms, words_atom(words, "condition"));
    return condition || atoms.count == 0 || atoms.unknown || atoms.guessed || atoms.abbreviated;
}

static size_t count_first(const struct profile_table *table, const char *affix, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++)
        count += strncmp(table->columns[i].heading, affix, length) == 0 &&
                 first_part(table->columns[i].heading) == length;
    return count;
}

static size_t count_last(const struct profile_table *table, const char *affix)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        size_t from = last_part(table->columns[i].heading);
        count += from && strcmp(table->columns[i].heading + from, affix) == 0;
    }
    return count;
}

const char *heading_without_affixes(const struct judging *judging,
                                    const struct profile_table *table, const char *heading)
{
    size_t first = first_part(heading);
    if (first && first <= LONGEST && count_first(table, heading, first) >= LEAST_SHARING &&
        says_nothing(judging->words, slice_make(heading, first)))
        heading += first;
    size_t last = last_part(heading);
    if (last && strlen(heading + last) <= LONGEST &&
        count_last(table, heading + last) >= LEAST_SHARING &&
        says_nothing(judging->words, slice_of(heading + last)))
        heading = arena_format(judging->arena, "%.*s", (int)last, heading);
    return heading;
}

size_t heading_glued_prefix(const struct profile_table *table, const char *heading, size_t longer)
{
    for (size_t length = longer < GLUED_SHORTEST ? GLUED_SHORTEST : longer + 1;
         length <= GLUED_LONGEST && strlen(heading) > length + 1; length++) {
        size_t sharing = 0;
        for (size_t i = 0; i < length; i++)
            if (!is_letter(heading[i]))
                return 0;
        for (size_t i = 0; i < table->column_count; i++)
            sharing += strncasecmp(table->columns[i].heading, heading, length) == 0;
        if (sharing >= GLUED_SHARING && is_letter(heading[length]))
            return length;
    }
    return 0;
}
