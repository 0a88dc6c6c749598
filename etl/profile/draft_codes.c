#include "cust360/base/text.h"
#include "profile/draft.h"

#include <ctype.h>

/* What the values of a code column stand for: the standard codes, their labels, what other sources
 * write, and where a number could be either what the rest of the row says. */

static bool same_text(struct arena *arena, struct slice a, struct slice b)
{
    return slice_equal(text_lower(arena, a), text_lower(arena, b));
}

/* *code is NULL: nobody knows; empty: known to be no value. */
static void look_up(const struct drafting *drafting, const struct code_set *set, struct slice value,
                    const char **code)
{
    struct arena *arena = drafting->arena;
    *code = NULL;
    for (size_t i = 0; i < set->value_count; i++)
        if (same_text(arena, value, slice_of(set->values[i].code)) ||
            same_text(arena, value, slice_of(set->values[i].label)) ||
            slice_equal(value, slice_of(set->values[i].label_zh)))
            *code = set->values[i].code;
    for (size_t i = 0; i < drafting->codes.row_count && !*code; i++)
        if (slice_equal(csv_table_cell(&drafting->codes, i, 0), slice_of(set->name)) &&
            same_text(arena, value, csv_table_cell(&drafting->codes, i, 1)))
            *code = arena_text(arena, csv_table_cell(&drafting->codes, i, 2));
}

/* ---- what a longer text names ---- */

struct named {
    const char *code; /* NULL: none, or two that are as long */
    size_t length;
};

/* Latin words are whole; Chinese ones need no mark between them. */
static bool is_bounded(struct slice text, size_t at, size_t length)
{
    bool before = at > 0 && isalpha((unsigned char)text.data[at - 1]);
    bool after = at + length < text.length && isalpha((unsigned char)text.data[at + length]);
    return !before && !after;
}

static void look_within(struct arena *arena, struct slice value, struct slice word,
                        const char *code, struct named *named)
{
    enum { SHORTEST = 4 };
    if (word.length < SHORTEST || word.length < named->length)
        return;
    struct slice text = text_lower(arena, value);
    ptrdiff_t at = slice_find(text, text_lower(arena, word));
    if (at < 0 || !is_bounded(text, (size_t)at, word.length))
        return;
    bool rival = word.length == named->length && named->code && strcmp(named->code, code) != 0;
    *named = (struct named){rival ? NULL : code, word.length};
}

/* 未结案, not sold: what is denied is not it. */
static bool is_denied(struct slice value)
{
    static const char *const signs[] = {"未", "不", "非", "无", "没", "not ", "non", "un", "no "};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (slice_find(value, slice_of(signs[i])) >= 0)
            return true;
    return false;
}

/* 事故车维修 names 事故车 and 维修: the longest spelling within a longer text. */
static const char *name_within(const struct drafting *drafting, const struct code_set *set,
                               struct slice value)
{
    struct named named = {NULL, 0};
    if (is_denied(value))
        return NULL;
    for (size_t i = 0; i < set->value_count; i++)
        look_within(drafting->arena, value, slice_of(set->values[i].label_zh), set->values[i].code,
                    &named);
    for (size_t i = 0; i < drafting->codes.row_count; i++)
        if (slice_equal(csv_table_cell(&drafting->codes, i, 0), slice_of(set->name)))
            look_within(drafting->arena, value, csv_table_cell(&drafting->codes, i, 1),
                        arena_text(drafting->arena, csv_table_cell(&drafting->codes, i, 2)),
                        &named);
    return named.code;
}

/* ---- what the rest of the row says ---- */

static const char *gender_of(struct slice id_number)
{
    enum { RESIDENT_ID = 18, GENDER_DIGIT = 16 };
    if (id_number.length != RESIDENT_ID)
        return NULL;
    char digit = id_number.data[GENDER_DIGIT];
    return digit < '0' || digit > '9' ? NULL : (digit - '0') % 2 ? "M" : "F";
}

static const char *party_of(struct slice name)
{
    enum { LONGEST_HAN = 4, LONGEST_LATIN = 24 };
    static const char *const companies[] = {
        "公司", "有限", "集团", "厂",   "中心", "Ltd",   "Inc",   "GmbH", " AG",  " KG",
        "e.K.", "S.A.", "S.L.", "SARL", " SAS", "S.p.A", "S.r.l", "B.V.", "Corp", "株式会社"};
    if (name.length == 0)
        return NULL;
    for (size_t i = 0; i < sizeof(companies) / sizeof(*companies); i++)
        if (slice_find(name, slice_of(companies[i])) >= 0)
            return "organisation";
    bool latin = isalpha((unsigned char)name.data[0]);
    return text_length(name) <= (latin ? LONGEST_LATIN : LONGEST_HAN) ? "person" : NULL;
}

/* The code that nearly all rows with this value speak for. */
static const char *learn_code(const struct profile_table *table, const char *set, size_t column,
                              struct slice value)
{
    enum { LEAST_ROWS = 5 };
    bool gender = strcmp(set, "gender") == 0;
    size_t other = draft_find(table, gender ? "customer.idnumber" : "customer.name");
    const char *names[2] = {gender ? "M" : "person", gender ? "F" : "organisation"};
    size_t counts[2] = {0, 0};
    if (other == SIZE_MAX || (!gender && strcmp(set, "party_type") != 0))
        return NULL;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        if (!slice_equal(table->rows_sample[r][column], value))
            continue;
        struct slice evidence = table->rows_sample[r][other];
        const char *code = gender ? gender_of(evidence) : party_of(evidence);
        for (size_t k = 0; k < 2; k++)
            counts[k] += code && strcmp(code, names[k]) == 0;
    }
    size_t all = counts[0] + counts[1];
    for (size_t k = 0; k < 2; k++)
        if (all >= LEAST_ROWS && counts[k] * 10 >= all * 9)
            return names[k];
    return NULL;
}

/* 0 and 1, or 1 and 2, are counted by each system in its own order. */
static bool is_number(struct slice value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return value.length > 0;
}

static bool is_standard_numbering(const struct profile_column *column)
{
    for (size_t i = 0; i < column->top_count; i++)
        if (slice_equal(column->top[i].text, SLICE("2")))
            return true;
    return false;
}

/* Who is no person has no gender: a form of address may be that of a company. */
static bool is_organisation(const struct drafting *drafting, struct slice value)
{
    enum { SHORTEST = 3 };
    const struct code_set *parties = model_find_code_set(drafting->settings->model, "party_type");
    const char *code = NULL;
    if (parties && value.length >= SHORTEST)
        look_up(drafting, parties, value, &code);
    return code && strcmp(code, "organisation") == 0;
}

static const char *find_code(const struct drafting *drafting, const struct profile_table *table,
                             const struct code_set *set, size_t number, struct slice value)
{
    const struct profile_column *column = &table->columns[number];
    const char *learnt = learn_code(table, set->name, number, value);
    const char *known = NULL;
    if (learnt)
        return learnt;
    look_up(drafting, set, value, &known);
    if (known && is_number(value) && strcmp(set->name, "gender") == 0 &&
        !is_standard_numbering(column))
        return NULL;
    if (!known && strcmp(set->name, "gender") == 0 && is_organisation(drafting, value))
        return "";
    return known ? known : name_within(drafting, set, value);
}

static void add_code(struct draft_field *field, struct slice from, const char *to)
{
    if (field->code_count < DRAFT_CODES_MOST)
        field->codes[field->code_count++] = (struct draft_code){from, to};
}

void draft_fill_codes(const struct drafting *drafting, const struct profile_table *table,
                      const char *set_name, struct draft_field *field)
{
    const double tolerable = 0.02;
    const struct code_set *set = model_find_code_set(drafting->settings->model, set_name);
    const struct profile_column *column = &table->columns[field->columns[0]];
    uint64_t unknown = 0;
    const char *example = "";
    if (!set)
        return;
    for (size_t i = 0; i < column->top_count; i++) {
        struct slice value = column->top[i].text;
        const char *code = find_code(drafting, table, set, field->columns[0], value);
        if (!code) {
            unknown += column->top[i].count;
            if (!example[0])
                example = arena_text(drafting->arena, value);
        } else if (!slice_equal(value, slice_of(code))) {
            add_code(field, value, code);
        }
    }
    if (column->filled && (double)unknown > tolerable * (double)column->filled) {
        field->sure = field->sure < 0.7 ? field->sure : 0.7;
        field->why = arena_format(drafting->arena, "%s; nobody knows what \"%s\" stands for in %s",
                                  field->why, example, set_name);
    }
}
