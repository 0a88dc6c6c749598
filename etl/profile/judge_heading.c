/* What a heading says: its words, and of a path those of the elements above. */
#include "cust360/base/text.h"
#include "profile/judge.h"

enum { PATH_STEPS_MOST = 24 };

/* What a whole table is about fills in what headings leave out. */
static const char *const things[] = {"customer", "vehicle",  "service", "sale",   "complaint",
                                     "contract", "lead",     "member",  "card",   "survey",
                                     "recall",   "consent",  "answer",  "points", "followup",
                                     "finance",  "insurance"};

bool heading_is_thing(const struct profile_words *words, uint16_t atom)
{
    for (size_t i = 0; i < sizeof(things) / sizeof(*things); i++)
        if (strcmp(words_atom_name(words, atom), things[i]) == 0)
            return true;
    return false;
}

void heading_add_things(const struct profile_words *words, struct slice text, struct atoms *theme)
{
    struct atoms atoms;
    words_read(words, text, &atoms);
    for (size_t i = 0; i < atoms.count; i++)
        if (heading_is_thing(words, atoms.list[i]))
            atoms_add(theme, atoms.list[i]);
}

/* ---- headings ---- */

struct steps {
    struct slice list[PATH_STEPS_MOST];
    size_t count;
};

/* The steps of a path: Vehicles/Vehicle/@plate; a CSV heading has one. */
static void split_path(const char *heading, char parts, struct steps *steps)
{
    steps->count = 0;
    struct slice rest = slice_of(heading);
    bool quoted = false;
    size_t from = 0;
    for (size_t i = 0; i <= rest.length; i++) {
        if (i < rest.length && rest.data[i] == '\'')
            quoted = !quoted;
        if (i < rest.length && (rest.data[i] != parts || quoted))
            continue;
        bool number = strspn(heading + from, "0123456789") >= i - from;
        if (i > from && !number && steps->count < PATH_STEPS_MOST)
            steps->list[steps->count++] = slice_cut(rest, from, i);
        from = i + 1;
    }
}

void atoms_add_all(struct atoms *atoms, const struct atoms *other)
{
    for (size_t i = 0; i < other->count; i++)
        atoms_add(atoms, other->list[i]);
    atoms->unknown += other->unknown;
    atoms->guessed += other->guessed;
    atoms->abbreviated |= other->abbreviated;
}

/* A step's name, and of a predicate what it asks for: Phone[@type='cell'] reads Phone cell. */
static size_t read_step(const struct profile_words *words, struct slice step, size_t variant,
                        struct atoms *atoms)
{
    const char *bracket = step.length ? memchr(step.data, '[', step.length) : NULL;
    struct slice name = bracket ? slice_cut(step, 0, (size_t)(bracket - step.data)) : step;
    size_t variants = words_read_variant(words, name, variant, atoms);
    if (!bracket)
        return variants;
    struct atoms asked;
    struct slice rest = slice_cut(step, name.length, step.length);
    ptrdiff_t quote = slice_find(rest, SLICE("='"));
    if (quote < 0)
        return variants;
    rest = slice_cut(rest, (size_t)quote + 2, rest.length);
    ptrdiff_t end = slice_find(rest, SLICE("'"));
    words_read(words, slice_cut(rest, 0, end < 0 ? rest.length : (size_t)end), &asked);
    atoms_add_all(atoms, &asked);
    return variants;
}

/* Elements above tell whose a value is, and the nearest one that is a thing what it is about. What
 * is only described (timeframe/description) takes its name from what stands above it. */
static size_t read_path(const struct judging *judging, const struct steps *path, size_t variant,
                        struct atoms *atoms, struct atoms *theme)
{
    const struct slice *steps = path->list;
    size_t count = path->count;
    const struct profile_words *words = judging->words;
    static const char *const roles[] = {"advisor",  "dealer",   "driver",  "cobuyer",
                                        "trade",    "provider", "lender",  "deliverer",
                                        "referrer", "insurer",  "contact", "settlementparty"};
    struct atoms above = {0};
    size_t variants = read_step(words, steps[count - 1], variant, atoms);
    bool described = atoms->count == 1 && (atoms_have(atoms, words_atom(words, "remark")) ||
                                           atoms_have(atoms, words_atom(words, "number")));
    for (size_t i = count - 1; i-- > 0;) {
        struct atoms step;
        read_step(words, steps[i], 0, &step);
        if (theme->count == 0)
            heading_add_things(words, steps[i], theme);
        if (described && i + 2 == count && theme->count == 0)
            atoms_add_all(atoms, &step);
        if (step.guessed == 0)
            atoms_add_all(&above, &step);
    }
    bool own = atoms_have(&above, words_atom(words, "customer"));
    for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
        if (atoms_have(&above, words_atom(words, roles[i])) &&
            !(own && strcmp(roles[i], "contact") == 0))
            atoms_add(atoms, words_atom(words, roles[i]));
    return variants;
}

size_t heading_read(const struct judging *judging, const char *heading, size_t variant,
                    struct atoms *atoms, struct atoms *theme)
{
    struct steps steps;
    if (judging->parts)
        split_path(heading, judging->parts, &steps);
    else
        steps = (struct steps){.list = {slice_of(heading)}, .count = *heading ? 1 : 0};
    return steps.count ? read_path(judging, &steps, variant, atoms, theme) : 1;
}

char heading_parts(const struct profile_table *table)
{
    size_t paths = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const char *point = strchr(table->columns[i].heading, '.');
        paths += point && point > table->columns[i].heading && point[1] != '\0' && point[1] != ' ';
    }
    return table->column_count && paths * 3 >= table->column_count * 2 ? '.' : '\0';
}

static bool says_whose(const struct profile_words *words, struct slice text)
{
    struct atoms atoms;
    words_read(words, text, &atoms);
    for (size_t i = 0; i < atoms.count; i++)
        if (words_is_role(words, atoms.list[i]) &&
            strcmp(words_atom_name(words, atoms.list[i]), "tax") != 0)
            return true;
    return false;
}

const char *heading_without_brackets(const struct judging *judging, const char *heading)
{
    static const char *const brackets[][2] = {
        {"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}};
    for (size_t i = 0; i < sizeof(brackets) / sizeof(*brackets); i++) {
        const char *open = strstr(heading, brackets[i][0]);
        const char *close = open ? strstr(open, brackets[i][1]) : NULL;
        if (!close || open == heading)
            continue;
        const char *inner = open + strlen(brackets[i][0]);
        if (says_whose(judging->words, slice_make(inner, (size_t)(close - inner))))
            return heading;
        return arena_format(judging->arena, "%.*s %s", (int)(open - heading), heading,
                            close + strlen(brackets[i][1]));
    }
    return heading;
}

static bool has_prefix(const char *heading, const char *prefix, size_t length)
{
    return strncmp(heading, prefix, length) == 0 && heading[length] != '\0';
}

/* Where the n-th part of a heading ends, its _, . or - with it; 0: it has no such part. */
static size_t end_of_part(const char *heading, size_t parts)
{
    size_t end = 0;
    for (; parts > 0; parts--) {
        size_t length = strcspn(heading + end, "_.-");
        if (heading[end + length] == '\0')
            return 0;
        end += length + 1;
    }
    return end;
}

static bool says_something(const struct profile_words *words, struct slice prefix)
{
    struct atoms atoms;
    words_read(words, prefix, &atoms);
    return atoms.count > 0 && atoms.unknown == 0 && atoms.guessed == 0 && !atoms.abbreviated;
}

/* c_id, c_name, c_tel …; DMSX_CU_ID, DMSX_CU_NAME …: what nearly all columns begin with says
 * nothing of any of them, unless it is a word for what the whole table is about. */
size_t heading_common_prefix(const struct profile_words *words, const struct profile_table *table)
{
    enum { LONGEST = 16, PARTS_MOST = 3, LEAST_COLUMNS = 4 };
    size_t found = 0;
    if (table->column_count < LEAST_COLUMNS)
        return 0;
    for (size_t c = 0; c < 2 && !found; c++)
        for (size_t parts = 1; parts <= PARTS_MOST; parts++) {
            const char *heading = table->columns[c].heading;
            size_t length = end_of_part(heading, parts);
            size_t sharing = 0;
            for (size_t i = 0; i < table->column_count && length; i++)
                sharing += has_prefix(table->columns[i].heading, heading, length);
            if (length >= 2 && length <= LONGEST && sharing * 10 >= table->column_count * 8 &&
                !says_something(words, slice_make(heading, length)))
                found = length;
        }
    return found;
}
