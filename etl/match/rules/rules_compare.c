#include "match/rules/rules_compare.h"
#include "match/rules/rules.h"

/* What a kind's block keys are good for. */
enum strength {
    KEY_NONE,
    KEY_WITH_ANOTHER, /* shared by too many: only together with another field's key */
    KEY_ALONE
};

/* How a value is taken from the field, for the comparison or a key. */
struct part {
    const char *name; /* behind the field's name; NULL: none */
    const char *how;  /* as match.yaml writes it */
    enum strength strength;
};

enum { PARTS_MAX = 4 };

/* One kind of comparison: the first part is what is compared; {c} in the levels stands for it. */
struct kind {
    const char *name;
    struct part parts[PARTS_MAX];
    const char *levels;
    bool counts_values; /* agreement on a rare value weighs more */
};

#define PLAIN(strength)                                                                            \
    {                                                                                              \
        "plain", "plain: true", strength                                                           \
    }
#define LETTERS(strength)                                                                          \
    {                                                                                              \
        "letters", "letters: true", strength                                                       \
    }

static const char name_levels[] = "      - {level: one character, if: {{c}: {edit: 1}}}\n"
                                  "{swapped}"
                                  "      - {level: two characters, if: {{c}: [{edit: 2}, "
                                  "{jaro_winkler: 0.8}]}}\n"
                                  "      - {level: the beginning, if: {{c}: {begins: 3}}}\n"
                                  "      - {level: much alike, if: {{c}: {jaro_winkler: 0.85}}}\n"
                                  "{moved}"
                                  "      - {level: a little alike, if: {{c}: {jaro_winkler: "
                                  "0.72}}}\n";

static const char text_levels[] = "      - {level: the same words, if: {{c}: {words: 1}}}\n"
                                  "      - {level: two characters, if: {{c}: [{edit: 2}, "
                                  "{jaro_winkler: 0.8}]}}\n"
                                  "      - {level: nearly all, if: {{c}: {qgrams: 0.8}}}\n"
                                  "      - {level: one within the other, if: [{{c}: {contains: "
                                  "5}}, {{c}: {word_share: 0.5}}]}\n"
                                  "      - {level: most, if: {{c}: {qgrams: 0.6}}}\n"
                                  "      - {level: a part, if: {{c}: {qgrams: 0.4}}}\n";

static const char date_levels[] =
    "      - {level: one slip, if: {{c}: date_slip}}\n"
    "      - {level: two of its parts, if: {{c}: {date_parts: 2}}}\n"
    "      - {level: one part and nearly the year, if: {{c}: [{date_parts: 1}, {within: 800}]}}\n"
    "      - {level: some months apart, if: {{c}: {within: 120}}}\n"
    "      - {level: some years apart, if: {{c}: {within: 800}}}\n";

static const char number_levels[] = "      - {level: one slip, if: {{c}: slip}}\n"
                                    "      - {level: one character, if: {{c}: {edit: 1}}}\n"
                                    "      - {level: two characters, if: {{c}: {edit: 2}}}\n";

static const struct kind kinds[] = {
    {"given_name",
     {PLAIN(KEY_NONE), {"sound", "sound: true", KEY_WITH_ANOTHER}},
     name_levels,
     true},
    {"surname", {PLAIN(KEY_NONE), {"sound", "sound: true", KEY_WITH_ANOTHER}}, name_levels, true},
    {"name", {PLAIN(KEY_ALONE), {"sound", "sound: true", KEY_WITH_ANOTHER}}, text_levels, true},
    {"organisation",
     {PLAIN(KEY_ALONE),
      {"sound", "sound: true", KEY_WITH_ANOTHER},
      {"end", "last: 6", KEY_WITH_ANOTHER}},
     text_levels,
     true},
    {"text",
     {PLAIN(KEY_ALONE),
      {"sound", "sound: true", KEY_WITH_ANOTHER},
      {"end", "last: 6", KEY_WITH_ANOTHER}},
     text_levels,
     true},
    {"date",
     {{NULL, NULL, KEY_ALONE},
      {"year", "first: 4", KEY_WITH_ANOTHER},
      {"day", "last: 5", KEY_WITH_ANOTHER}},
     date_levels,
     false},
    {"identifier",
     {LETTERS(KEY_ALONE),
      {"begin", "first: 4", KEY_WITH_ANOTHER},
      {"end", "last: 4", KEY_WITH_ANOTHER}},
     number_levels,
     false},
    {"phone",
     {LETTERS(KEY_ALONE), {"end", "last: 7", KEY_ALONE}, {"last", "last: 4", KEY_WITH_ANOTHER}},
     "      - {level: the same end, if: {{f} end: exact}}\n"
     "      - {level: one slip, if: {{c}: slip}}\n"
     "      - {level: two characters, if: {{c}: {edit: 2}}}\n",
     false},
    {"email",
     {LETTERS(KEY_ALONE), {"mailbox", "before: '@'", KEY_WITH_ANOTHER}},
     "      - {level: two characters, if: {{c}: {edit: 2}}}\n"
     "      - {level: four characters, if: {{c}: [{edit: 4}, {jaro_winkler: 0.7}]}}\n"
     "      - {level: mailbox, if: [{{f} mailbox: exact}, {{c}: {jaro_winkler: 0.9}}]}\n",
     false},
    {"place", {PLAIN(KEY_NONE), {"sound", "sound: true", KEY_WITH_ANOTHER}}, name_levels, true},
    {"street",
     {PLAIN(KEY_NONE), {"sound", "sound: true", KEY_WITH_ANOTHER}, {"end", "last: 6", KEY_NONE}},
     text_levels,
     true},
    {"house_number",
     {PLAIN(KEY_NONE)},
     "      - {level: one character, if: {{c}: {edit: 1}}}\n"
     "      - {level: one within the other, if: {{c}: {contains: 1}}}\n",
     true},
    {"postcode",
     {LETTERS(KEY_WITH_ANOTHER)},
     "      - {level: one slip, if: [{{c}: slip}, {{c}: {edit: 1}}]}\n"
     "      - {level: two characters, if: {{c}: {edit: 2}}}\n",
     true},
    {"number",
     {{NULL, NULL, KEY_NONE}},
     "      - {level: one apart, if: {{c}: {within: 1}}}\n"
     "      - {level: one slip, if: {{c}: slip}}\n"
     "      - {level: ten apart, if: {{c}: {within: 10}}}\n",
     true},
    {"code", {PLAIN(KEY_NONE)}, "      - {level: one character, if: {{c}: {edit: 1}}}\n", true},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), FIELDS_MAX = COMPARISONS_MAX };

/* Of so few records each is compared with each: there it costs nothing, and no key is missed. */
enum { ALL_UP_TO_RECORDS = 2000, MAX_BLOCK_RECORDS = 100 };

struct compared {
    const char *field;
    const struct kind *kind;
};

struct writing {
    struct buffer *text;
    struct compared fields[FIELDS_MAX];
    size_t field_count;
    size_t rules; /* blocking rules so far */
};

static bool is_kind(const struct compared *field, const char *kind)
{
    return slice_equal(slice_of(field->kind->name), slice_of(kind));
}

/* The first field of a kind, or NULL. */
static const struct compared *find_kind(const struct writing *writing, const char *kind)
{
    for (size_t i = 0; i < writing->field_count; i++)
        if (is_kind(&writing->fields[i], kind))
            return &writing->fields[i];
    return NULL;
}

static void write_part(struct buffer *text, const struct compared *field, size_t part)
{
    buffer_append_text(text, field->field);
    if (field->kind->parts[part].name)
        buffer_format(text, " %s", field->kind->parts[part].name);
}

static bool read_fields(struct writing *writing, const struct node *compare, struct error *error)
{
    const char *names[KINDS + 1] = {NULL};
    for (size_t i = 0; i < KINDS; i++)
        names[i] = kinds[i].name;
    writing->field_count = node_count(compare);
    if (writing->field_count == 0 || writing->field_count > FIELDS_MAX)
        return node_error(compare, error, "there are 1 to %d fields to compare", FIELDS_MAX);
    for (size_t i = 0; i < writing->field_count; i++) {
        size_t kind = 0;
        if (!node_read_choice(node_value(compare, i), names, &kind, error))
            return false;
        writing->fields[i] = (struct compared){node_text(node_key(compare, i)), &kinds[kind]};
    }
    return true;
}

static void write_attributes(const struct writing *writing)
{
    struct buffer *text = writing->text;
    buffer_append_text(text, "attributes:\n");
    for (size_t i = 0; i < writing->field_count; i++) {
        const struct compared *field = &writing->fields[i];
        buffer_format(text, "  %s: {field: %s}\n", field->field, field->field);
        for (size_t j = 0; j < PARTS_MAX; j++)
            if (field->kind->parts[j].how)
                buffer_format(text, "  %s %s: {from: %s%s, %s}\n", field->field,
                              field->kind->parts[j].name, field->field,
                              j > 0 && is_kind(field, "phone") ? " letters" : "",
                              field->kind->parts[j].how);
    }
}

/* ---- blocking ---- */

/* One key: a part of a field. */
struct key {
    const struct compared *field;
    size_t part;
};

static void write_key(struct buffer *text, const struct key *key)
{
    write_part(text, key->field, key->part);
}

static size_t list_keys(const struct writing *writing, enum strength strength, struct key *keys)
{
    size_t count = 0;
    for (size_t i = 0; i < writing->field_count; i++)
        for (size_t j = 0; j < PARTS_MAX; j++)
            if (writing->fields[i].kind->parts[j].strength == strength)
                keys[count++] = (struct key){&writing->fields[i], j};
    return count;
}

/* Cuts blocks that are too large by the other fields' keys. */
static void write_refine(const struct writing *writing, const struct key *keys, size_t key_count,
                         const struct key *a, const struct key *b)
{
    size_t written = 0;
    for (size_t i = 0; i < key_count && written < 2; i++) {
        if (keys[i].field == a->field || keys[i].field == b->field ||
            (i > 0 && keys[i].field == keys[i - 1].field))
            continue;
        buffer_append_text(writing->text, written++ ? ", " : ", refine: [");
        write_key(writing->text, &keys[i]);
    }
    buffer_append_text(writing->text, written ? "]}\n" : "}\n");
}

static void write_rule(struct writing *writing, const struct key *keys, size_t key_count,
                       const struct key *a, const struct key *b)
{
    struct buffer *text = writing->text;
    if (writing->rules == BLOCK_RULES_MAX)
        return;
    writing->rules++;
    buffer_append_text(text, "    ");
    write_key(text, a);
    if (b != a) {
        buffer_append_text(text, " and ");
        write_key(text, b);
    }
    buffer_append_text(text, ": {keys: [");
    write_key(text, a);
    if (b != a) {
        buffer_append_text(text, ", ");
        write_key(text, b);
    }
    buffer_append_text(text, "]");
    write_refine(writing, keys, key_count, a, b);
}

/* Where people who share a home meet. */
static bool write_home(struct writing *writing)
{
    const struct compared *street = find_kind(writing, "street");
    const struct compared *number = find_kind(writing, "house_number");
    if (!street)
        return false;
    buffer_format(writing->text, "    home: {keys: [%s plain", street->field);
    if (number)
        buffer_format(writing->text, ", %s plain", number->field);
    buffer_append_text(writing->text, "]}\n");
    writing->rules++;
    return true;
}

static void write_blocking(struct writing *writing, bool *has_home)
{
    struct key alone[FIELDS_MAX * PARTS_MAX];
    struct key keys[FIELDS_MAX * PARTS_MAX];
    size_t alone_count = list_keys(writing, KEY_ALONE, alone);
    size_t key_count = list_keys(writing, KEY_WITH_ANOTHER, keys);
    buffer_format(writing->text,
                  "blocking:\n"
                  "  max_block: %d\n"
                  "  rules:\n"
                  "    each with each: {keys: [], all_up_to: %d}\n",
                  MAX_BLOCK_RECORDS, ALL_UP_TO_RECORDS);
    writing->rules = 1;
    *has_home = write_home(writing);
    for (size_t i = 0; i < alone_count; i++)
        write_rule(writing, keys, key_count, &alone[i], &alone[i]);
    for (size_t i = 0; i < key_count; i++)
        for (size_t j = i + 1; j < key_count; j++)
            if (keys[i].field != keys[j].field)
                write_rule(writing, keys, key_count, &keys[i], &keys[j]);
}

/* ---- comparisons ---- */

/* The level lines of given name and surname that have changed places; the surname follows. */
static void write_crossed(const struct writing *writing, const struct compared *field,
                          const char *level)
{
    const struct compared *surname = find_kind(writing, "surname");
    if (field != find_kind(writing, "given_name") || !surname)
        return;
    buffer_format(writing->text,
                  "      - {level: %s, if: {%s plain: {%s: %s plain}}, implies: [%s]}\n", level,
                  field->field, level, surname->field, surname->field);
}

static void write_levels(const struct writing *writing, const struct compared *field)
{
    struct buffer *text = writing->text;
    for (const char *at = field->kind->levels; *at; at++) {
        struct slice rest = slice_of(at);
        if (slice_starts_with(rest, SLICE("{c}"))) {
            write_part(text, field, 0);
            at += 2;
        } else if (slice_starts_with(rest, SLICE("{f}"))) {
            buffer_append_text(text, field->field);
            at += 2;
        } else if (slice_starts_with(rest, SLICE("{swapped}"))) {
            write_crossed(writing, field, "swapped");
            at += sizeof("{swapped}") - 2;
        } else if (slice_starts_with(rest, SLICE("{moved}"))) {
            write_crossed(writing, field, "moved");
            at += sizeof("{moved}") - 2;
        } else {
            buffer_append_byte(text, *at);
        }
    }
}

static void write_comparison(const struct writing *writing, const struct compared *field)
{
    struct buffer *text = writing->text;
    buffer_format(text, "  - name: %s\n    levels:\n      - {level: same, if: {", field->field);
    write_part(text, field, 0);
    buffer_append_text(text, ": exact}");
    if (field->kind->counts_values) {
        buffer_append_text(text, ", frequency: [");
        write_part(text, field, 0);
        buffer_append_text(text, "]");
    }
    buffer_append_text(text, "}\n");
    write_levels(writing, field);
    buffer_append_text(text, "      - {level: different, if: {");
    write_part(text, field, 0);
    buffer_append_text(text, ": different}}\n");
}

/* The given name goes first, for it may answer for the surname too. */
static void write_comparisons(const struct writing *writing)
{
    const struct compared *given = find_kind(writing, "given_name");
    buffer_append_text(writing->text, "comparisons:\n");
    if (given)
        write_comparison(writing, given);
    for (size_t i = 0; i < writing->field_count; i++)
        if (&writing->fields[i] != given)
            write_comparison(writing, &writing->fields[i]);
}

/* What tells two persons apart who share a home, a phone and a surname. */
static void write_own(const struct writing *writing)
{
    static const char *const kinds_own[] = {"given_name", "name", "date", "identifier"};
    size_t written = 0;
    for (size_t i = 0; i < writing->field_count; i++)
        for (size_t j = 0; j < sizeof(kinds_own) / sizeof(kinds_own[0]); j++)
            if (is_kind(&writing->fields[i], kinds_own[j]))
                buffer_format(writing->text, "%s'%s'", written++ ? ", " : "  own: [",
                              writing->fields[i].field);
    buffer_append_text(writing->text, written ? "]\n" : "");
}

/* What tells even twins apart, or father and son of one name: two of a name, a birth date, and a
 * number or an address of one's own. */
static void write_twins(const struct writing *writing)
{
    const struct compared *name = find_kind(writing, "given_name");
    const struct compared *birth = find_kind(writing, "date");
    const struct compared *number = find_kind(writing, "identifier");
    if (!name)
        name = find_kind(writing, "name");
    if (!number)
        number = find_kind(writing, "email");
    if (!name || !number)
        return;
    buffer_format(writing->text, "  twins: ['%s', '%s'", name->field, number->field);
    if (birth)
        buffer_format(writing->text, ", '%s'", birth->field);
    buffer_append_text(writing->text, "]\n");
}

/* From so many bits two are merged. Who shares a home or a phone may be of one family, and texts
 * repeat one another in more ways than training sees; persons of whom neither is known are
 * namesakes at worst, and their weights are nearly what they say. */
enum { MERGE_BITS = 4, MERGE_BITS_NAMESAKES = 2 };

/* Persons with a phone or a home have relatives; companies and texts have not. */
static void write_training(const struct writing *writing, bool has_home)
{
    const struct compared *phone = find_kind(writing, "phone");
    bool is_person = find_kind(writing, "given_name") || find_kind(writing, "name");
    bool has_relatives = is_person && (phone || has_home);
    buffer_format(writing->text,
                  "thresholds: {merge: %d, review: 0, average: 0}\n"
                  "training:\n"
                  "  joint: true\n",
                  is_person && !has_relatives ? MERGE_BITS_NAMESAKES : MERGE_BITS);
    write_own(writing);
    write_twins(writing);
    if (!has_relatives)
        return;
    buffer_append_text(writing->text, "  relatives: [");
    if (phone)
        buffer_format(writing->text, "%s letters%s", phone->field, has_home ? ", " : "");
    buffer_append_text(writing->text, has_home ? "home]\n" : "]\n");
}

bool compare_write_out(const struct node *compare, const char *entity, struct buffer *text,
                       struct error *error)
{
    struct writing writing = {.text = text};
    bool has_home = false;
    if (!read_fields(&writing, compare, error))
        return false;
    buffer_format(text, "entity: %s\n", entity);
    write_attributes(&writing);
    write_blocking(&writing, &has_home);
    write_comparisons(&writing);
    write_training(&writing, has_home);
    return true;
}
