/* What holds for values of a kind whatever they are: properties, looked for in many values. */
#include "cust360/base/text.h"
#include "standardize/identity/identity.h"
#include "support.h"

#include <stdio.h>

TestSuite(kinds, .init = standardize_open, .fini = standardize_close);

static const char *const exact_kinds[] = {
    "mobile",   "landline", "identity",   "vin",   "plate",    "email", "date",
    "datetime", "money",    "birth_date", "count", "distance", "text",  "reference"};

enum { EXACT_KINDS = sizeof(exact_kinds) / sizeof(exact_kinds[0]) };

static const char *canonical(const char *kind, const char *value)
{
    struct rule_result result;
    standardize_value(standardize_rules(), kind, slice_of(value), NULL, &result);
    return result.value.data ? standardize_text(result.value) : NULL;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* ---- mutations ---- */

static uint32_t random_character(uint64_t *state)
{
    static const uint32_t characters[] = {
        '0',   '1',   '9',   'A',    'I',    'O',    'X',    'z',     ' ',     '-',   '.',   '/',
        '@',   '*',   '+',   '(',    ')',    ',',    ':',    '\'',    '"',     '\\',  U'０', U'Ａ',
        U'　', U'京', U'挂', U'转',  U'年',  U'民',  U'國',  U'十',   U'农',   U'号', U'·',  U'×',
        U'，', U'㎏', U'ﬁ',  0x200B, 0xFE0F, 0x0301, 0xE000, 0x20BB7, 0x1F600, 0x7F,  0x01,  0x00};
    return characters[next_random(state) % (sizeof(characters) / sizeof(characters[0]))];
}

/* One to three characters dropped, put in, replaced or doubled. */
static struct slice mutate(struct slice value, uint64_t *state)
{
    struct buffer text = BUFFER_EMPTY;
    size_t length = text_length(value);
    for (uint64_t round = 0; round <= next_random(state) % 3; round++) {
        size_t at = length ? (size_t)(next_random(state) % (length + 1)) : 0;
        uint64_t how = next_random(state) % 4;
        size_t index = 0;
        buffer_clear(&text);
        for (size_t position = 0; position < value.length; index++) {
            uint32_t character = text_next(value, &position);
            if (index == at && how == 0)
                continue;
            if (index == at && how == 1)
                text_append(&text, character);
            text_append(&text, index == at && how == 2 ? random_character(state) : character);
        }
        if (how == 3)
            text_append(&text, random_character(state));
        value = arena_copy(standardize_arena(), buffer_slice(&text));
        length = text_length(value);
    }
    buffer_release(&text);
    return value;
}

static void expect_sound(const char *kind, struct slice value, const struct rule_result *result)
{
    cr_expect(text_is_valid(result->value, NULL), "%s: not UTF-8 from '%.*s'", kind,
              SLICE_ARGUMENTS(value));
    for (size_t i = 0; i < result->part_count; i++)
        cr_expect(text_is_valid(result->parts[i].text, NULL), "%s: part %s is not UTF-8", kind,
                  result->parts[i].name);
    for (size_t i = 0; i < result->finding_count; i++) {
        cr_expect(result->findings[i].code[0] && result->findings[i].message[0]);
        cr_expect(strstr(result->findings[i].place, ".yaml:") || !result->findings[i].place[0]);
    }
    bool is_empty = result->value.length == 0;
    cr_expect(!result->refused || is_empty, "%s: refused with a value", kind);
    cr_expect(!is_empty || !result->value.data, "%s: empty but not missing", kind);
    cr_expect(!is_empty || result->part_count == 0, "%s: parts of nothing", kind);
}

static void mutate_tests(const struct rule *rule, unsigned rounds, bool exact)
{
    uint64_t state = 20260630;
    size_t count = rule->tests ? node_count(rule->tests) : 0;
    for (size_t i = 0; i < count * rounds; i++) {
        struct rule_result result;
        struct slice in = node_slice(node_find(node_item(rule->tests, i % count), "in"));
        struct slice value = mutate(in, &state);
        standardize_value(standardize_rules(), rule->kind, value, NULL, &result);
        expect_sound(rule->kind, value, &result);
        if (!exact || result.value.length == 0)
            continue;
        /* What is canonical stays what it is. */
        struct slice first = result.value;
        standardize_value(standardize_rules(), rule->kind, first, NULL, &result);
        cr_expect(slice_equal(first, result.value), "%s: '%.*s' gave '%.*s', which gave '%.*s'",
                  rule->kind, SLICE_ARGUMENTS(value), SLICE_ARGUMENTS(first),
                  SLICE_ARGUMENTS(result.value));
    }
}

Test(kinds, no_mutation_breaks_a_chain)
{
    const struct rules *rules = standardize_rules();
    for (size_t i = 0; i < rules->count; i++) {
        bool exact = false;
        for (size_t k = 0; k < EXACT_KINDS; k++)
            exact = exact || strcmp(rules->rules[i].kind, exact_kinds[k]) == 0;
        mutate_tests(&rules->rules[i], 40, exact);
    }
}

/* ---- check digits ---- */

/* All values that differ from a right one in one place are refused. */
static void expect_slips_found(const char *kind, const char *right, const char *alphabet,
                               size_t from, size_t to)
{
    char *value = arena_text(standardize_arena(), slice_of(right));
    cr_assert_str_eq(canonical(kind, right), right);
    for (size_t i = from; i < to; i++) {
        for (const char *other = alphabet; *other; other++) {
            if (*other == right[i])
                continue;
            value[i] = *other;
            cr_expect_null(canonical(kind, value), "%s taken for %s", value, right);
        }
        value[i] = right[i];
    }
}

Test(kinds, a_slip_in_a_resident_number_is_found)
{
    expect_slips_found("identity", "360426199101010071", "0123456789", 0, 18);
    expect_slips_found("identity", "11010519491231002X", "0123456789", 6, 17);
}

Test(kinds, neighbours_exchanged_in_a_resident_number_are_found)
{
    const char *right = "362324198201010019";
    char value[19];
    for (size_t i = 6; i + 1 < 17; i++) {
        strcpy(value, right);
        value[i] = right[i + 1];
        value[i + 1] = right[i];
        if (value[i] != right[i])
            cr_expect_null(canonical("identity", value), "%s", value);
    }
}

Test(kinds, a_slip_in_a_credit_code_is_found)
{
    expect_slips_found("identity", "91340600MA2PBMA74B", "0123456789ABCDEFGHJKLMNPQRTUWXY", 8, 18);
}

Test(kinds, a_slip_in_a_card_of_hong_kong_is_found)
{
    expect_slips_found("identity", "A1234563", "0123456789", 1, 8);
}

Test(kinds, a_slip_of_a_digit_in_a_vin_is_found)
{
    expect_slips_found("vin", "LFV2A21K0B3000012", "0123456789", 10, 17);
}

/* ISO 7064 MOD 11-2 in its other form: from left to right, doubling. */
static char check_character(const char *body)
{
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum = (sum + body[i] - '0') * 2 % 11;
    return "0123456789X"[(12 - sum) % 11];
}

Test(kinds, every_resident_number_with_the_right_check_is_taken)
{
    uint64_t state = 7;
    for (int i = 0; i < 2000; i++) {
        struct rule_result result;
        char date[DATE_TEXT_BYTES];
        char number[32];
        int32_t born =
            date_to_days((struct date_parts){1930, 1, 1}) + (int32_t)(next_random(&state) % 29000);
        int sequence = (int)(next_random(&state) % 1000);
        date_format(born, date);
        snprintf(number, sizeof(number), "440305%.4s%.2s%.2s%03d", date, date + 5, date + 8,
                 sequence);
        number[17] = check_character(number);
        number[18] = '\0';
        standardize_value(standardize_rules(), "identity", slice_of(number), NULL, &result);
        cr_assert_str_eq(standardize_text(result.value), number);
        cr_assert_eq(result.finding_count, 0);
        cr_assert_str_eq(standardize_text(standardize_part(&result, "birth_date")), date);
        cr_assert_str_eq(standardize_text(standardize_part(&result, "gender")),
                         sequence % 2 ? "M" : "F");
        cr_assert_eq(standardize_part(&result, "key").length, 17);
    }
}

Test(kinds, the_forms_of_15_and_18_digits_share_the_key)
{
    struct rule_result old;
    struct rule_result new;
    standardize_value(standardize_rules(), "identity", SLICE("610104620927690"), NULL, &old);
    standardize_value(standardize_rules(), "identity", SLICE("610104196209276908"), NULL, &new);
    cr_assert(slice_equal(standardize_part(&old, "key"), standardize_part(&new, "key")));
    cr_assert(slice_equal(old.value, new.value));
}

Test(kinds, a_number_of_eight_digits_is_told_by_what_the_customer_is)
{
    struct model_field fields[] = {{.name = "type", .kind = "party_type", .from = FIELD_NONE},
                                   {.name = "id_number", .kind = "identity", .from = FIELD_NONE}};
    struct model_entity entity = {"customer", "Customer", fields, 2, false};
    struct slice values[2] = {SLICE("organisation"), {NULL, 0}};
    struct rule_input input = {.value = SLICE("00501503"),
                               .entity = &entity,
                               .values = values,
                               .arena = standardize_arena()};
    const struct rules *rules = standardize_rules();
    struct rule_context context;
    struct rule_result result;
    struct error error;
    rule_context_open(&context, rules->reference, rules->as_of_days);
    const struct rule *rule = rules_find(rules, "identity");
    cr_assert(rule_run(rule, &context, &input, &result, &error));
    cr_expect_str_eq(standardize_text(standardize_part(&result, "type")), "taiwan_organisation");
    input.value = SLICE("00501504");
    cr_assert(rule_run(rule, &context, &input, &result, &error));
    cr_expect(standardize_found(&result, "check_digit"));
    values[0] = SLICE("person");
    cr_assert(rule_run(rule, &context, &input, &result, &error));
    cr_expect_str_eq(standardize_text(standardize_part(&result, "type")), "taiwan_permit");
    rule_context_close(&context);
}

/* ---- phones ---- */

Test(kinds, every_allotted_network_and_no_other_is_taken)
{
    static const char allotted[] =
        " 130 131 132 133 134 135 136 137 138 139 145 146 147 148 149 150 151 152 153 155 156 157"
        " 158 159 162 165 166 167 170 171 172 173 175 176 177 178 180 181 182 183 184 185 186 187"
        " 188 189 190 191 192 193 195 196 197 198 199 ";
    for (int network = 100; network < 200; network++) {
        char name[16];
        char number[32];
        snprintf(name, sizeof(name), " %d ", network);
        snprintf(number, sizeof(number), "%d52345678", network);
        const char *got = canonical("mobile", number);
        cr_expect_eq(strstr(allotted, name) != NULL, got != NULL, "%s", number);
    }
}

Test(kinds, a_mobile_is_the_same_however_it_is_written)
{
    static const char *const before[] = {"",  "+86",   "+86 ",  "0086",  "86-",
                                         "0", "17951", "手机:", "(+86)", "'"};
    static const char *const forms[] = {"18612345679",   "186 1234 5679",
                                        "186-1234-5679", "１８６１２３４５６７９",
                                        "186.1234.5679", "186 12345679"};
    for (size_t b = 0; b < sizeof(before) / sizeof(before[0]); b++) {
        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
            char *value = arena_format(standardize_arena(), "%s%s", before[b], forms[f]);
            const char *got = canonical("mobile", value);
            cr_expect(got && strcmp(got, "18612345679") == 0, "%s", value);
        }
    }
}

/* ---- dates ---- */

static void expect_day(const char *value, const char *format, const char *day)
{
    struct rule_result result;
    standardize_value(standardize_rules(), "date", slice_of(value), format, &result);
    cr_assert(slice_equal(result.value, slice_of(day)), "'%s' gave '%.*s'", value,
              SLICE_ARGUMENTS(result.value));
}

Test(kinds, every_day_can_be_read_in_every_form)
{
    int32_t first = date_to_days((struct date_parts){1912, 1, 2});
    int32_t last = date_to_days((struct date_parts){2099, 12, 31});
    for (int32_t days = first; days <= last; days += 13) {
        struct date_parts day = date_from_days(days);
        char iso[DATE_TEXT_BYTES];
        date_format(days, iso);
        if (strcmp(iso, "1970-01-01") == 0)
            continue;
        char text[64];
        snprintf(text, sizeof(text), "%d/%d/%d", day.year, day.month, day.day);
        expect_day(text, NULL, iso);
        snprintf(text, sizeof(text), "%02d.%02d.%04d 23:59", day.day, day.month, day.year);
        expect_day(text, "d.m.y", iso);
        snprintf(text, sizeof(text), "%04d%02d%02d", day.year, day.month, day.day);
        expect_day(text, NULL, iso);
        snprintf(text, sizeof(text), "民國%d年%d月%d日", day.year - 1911, day.month, day.day);
        expect_day(text, NULL, iso);
        snprintf(text, sizeof(text), "%03d%02d%02d", day.year - 1911, day.month, day.day);
        expect_day(text, NULL, iso);
    }
}

Test(kinds, a_weekday_and_numerals_do_not_disturb)
{
    expect_day("2013年8月5日 星期一", NULL, "2013-08-05");
    expect_day("二〇一三年八月五日星期一", NULL, "2013-08-05");
    expect_day("2013年十月二十一日", NULL, "2013-10-21");
    expect_day("2013年8月5日星期一 14:30", NULL, "2013-08-05");
}

/* ---- cars ---- */

Test(kinds, the_model_year_is_the_latest_that_can_be)
{
    static const struct {
        const char *vin;
        const char *year; /* NULL: none */
    } cases[] = {
        {"LFV2A21K0B3000012", "2011"}, /* the cycle that began 2010 */
        {"1M8GDM9AXKP042788", "1989"}, /* North America with a digit in the seventh place */
        {"WVWZZZ3CZEE140287", "2014"}, {"WBA71DC010CH14720", NULL}, /* 0 is no year */
        {"WVWZZZ3CZ8E140287", "2008"},                              /* 2038 lies ahead */
        {"WVWZZZ3CZVE140287", "2027"}, /* next year's model is sold already */
        {"WVWZZZ3CZWE140287", "1998"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_result result;
        standardize_value(standardize_rules(), "vin", slice_of(cases[i].vin), NULL, &result);
        cr_assert(result.value.data, "%s", cases[i].vin);
        struct slice year = standardize_part(&result, "model_year");
        cr_expect(slice_equal(year, slice_of(cases[i].year)), "%s: %.*s", cases[i].vin,
                  SLICE_ARGUMENTS(year));
    }
}

Test(kinds, a_small_maker_is_known_by_six_characters)
{
    struct rule_result result;
    standardize_value(standardize_rules(), "vin", SLICE("LA9AB1C26J0LC0123"), NULL, &result);
    if (result.value.data)
        cr_expect(strstr(standardize_text(standardize_part(&result, "maker")), "BYD"));
    else
        cr_expect(standardize_found(&result, "check_digit"));
}
