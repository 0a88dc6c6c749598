/* Numbers made by their standards: right ones are taken, slips are found where the check digit can
 * find them. The formulas stand here once more, from the standards and not from the program. */
#include "check_support.h"
#include "support.h"

#include <stdio.h>

TestSuite(numbers, .init = standardize_open, .fini = standardize_close);

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static struct rule_result value_of(const char *kind, const char *value)
{
    struct rule_result result;
    standardize_value(standardize_rules(), kind, slice_of(value), NULL, &result);
    return result;
}

static const char *canonical(const char *kind, const char *value)
{
    struct rule_result result = value_of(kind, value);
    return result.value.data ? standardize_text(result.value) : "refused";
}

static const char *part_of(const char *kind, const char *value, const char *part)
{
    struct rule_result result = value_of(kind, value);
    return standardize_text(standardize_part(&result, part));
}

/* ---- slips ---- */

/* A kind whose check digit finds every wrong digit and every two neighbours exchanged. */
static void expect_found(const char *kind, const char *right, size_t from, size_t to)
{
    char slip[32];
    cr_assert_str_eq(canonical(kind, right), right, "%s %s", kind, right);
    for (size_t i = from; i < to; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            snprintf(slip, sizeof(slip), "%s", right);
            if (slip[i] < '0' || slip[i] > '9' || slip[i] == digit)
                continue;
            slip[i] = digit;
            cr_expect_str_eq(canonical(kind, slip), "refused", "%s: %s for %s", kind, slip, right);
        }
        snprintf(slip, sizeof(slip), "%s", right);
        if (i + 1 == to || slip[i] == slip[i + 1])
            continue;
        slip[i] = right[i + 1];
        slip[i + 1] = right[i];
        cr_expect_str_eq(canonical(kind, slip), "refused", "%s: %s for %s", kind, slip, right);
    }
}

/* GB 11643: Σ aᵢ·2^(18−i) ≡ 1 (mod 11). */
static void make_resident(uint64_t *state, char *number)
{
    static const char *const regions[] = {"110105", "310104", "440305", "510105", "610104"};
    char date[DATE_TEXT_BYTES];
    int32_t born =
        date_to_days((struct date_parts){1930, 1, 1}) + (int32_t)(next_random(state) % 28000);
    date_format(born, date);
    snprintf(number, 32, "%s%.4s%.2s%.2s%03d", regions[next_random(state) % 5], date, date + 5,
             date + 8, (int)(next_random(state) % 1000));
    int power = 1;
    int sum = 0;
    for (int i = 16; i >= 0; i--) {
        power = power * 2 % 11;
        sum += (number[i] - '0') * power;
    }
    number[17] = "0123456789X"[(12 - sum % 11) % 11];
    number[18] = '\0';
}

Test(numbers, slips_in_resident_numbers_are_found)
{
    uint64_t state = 1;
    for (int i = 0; i < 40; i++) {
        char number[32];
        make_resident(&state, number);
        expect_found("resident_id", number, 0, 18);
    }
}

/* GB 32100: weights 3^(i−1) modulo 31. */
static void make_credit_code(uint64_t *state, char *code)
{
    static const char signs[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    snprintf(code, 32, "91310104");
    for (int i = 8; i < 17; i++)
        code[i] = signs[next_random(state) % 31];
    int power = 1;
    int sum = 0;
    for (int i = 0; i < 17; i++, power = power * 3 % 31)
        sum += (int)(strchr(signs, code[i]) - signs) * power;
    code[17] = signs[(31 - sum % 31) % 31];
    code[18] = '\0';
}

Test(numbers, slips_in_credit_codes_are_found)
{
    uint64_t state = 2;
    for (int i = 0; i < 40; i++) {
        char code[32];
        make_credit_code(&state, code);
        /* M000 in front marks pilot areas, whose check character may be wrong. */
        if (strncmp(code + 8, "M000", 4) != 0)
            expect_found("credit_code", code, 8, 18);
    }
}

/* GB 11714: 11 − Σ cᵢ·wᵢ mod 11, with X for 10 and 0 for 11. */
Test(numbers, slips_in_organisation_codes_are_found)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    uint64_t state = 3;
    for (int n = 0; n < 40; n++) {
        char code[10];
        int sum = 0;
        for (int i = 0; i < 8; i++) {
            code[i] = (char)('0' + next_random(&state) % 10);
            sum += (code[i] - '0') * weights[i];
        }
        code[8] = "0123456789X0"[11 - sum % 11];
        code[9] = '\0';
        if (strspn(code, "0") < 8)
            expect_found("organisation_code", code, 0, 8);
    }
}

/* Weights 9 to 1 over letter, letter, digits and check digit; a missing letter counts 36. */
Test(numbers, slips_in_cards_of_hong_kong_are_found)
{
    uint64_t state = 4;
    for (int n = 0; n < 100; n++) {
        char card[16];
        int sum = 9 * 36;
        card[0] = (char)('A' + next_random(&state) % 26);
        sum += 8 * (card[0] - 'A' + 10);
        for (int i = 1; i < 7; i++) {
            card[i] = (char)('0' + next_random(&state) % 10);
            sum += (8 - i) * (card[i] - '0');
        }
        card[7] = "0123456789A"[(11 - sum % 11) % 11];
        card[8] = '\0';
        expect_found("hong_kong_id", card, 1, 8);
    }
}

/* ---- from 15 to 18 digits ---- */

Test(numbers, the_old_form_becomes_the_new_one)
{
    uint64_t state = 5;
    for (int n = 0; n < 500; n++) {
        char number[32];
        char old[32];
        make_resident(&state, number);
        if (strncmp(number + 6, "19", 2) != 0)
            continue;
        snprintf(old, sizeof(old), "%.6s%.9s", number, number + 8);
        cr_assert_str_eq(canonical("resident_id", old), number);
        cr_assert_str_eq(part_of("resident_id", old, "key"), part_of("identity", number, "key"));
    }
}

/* ---- the region at its time ---- */

/* With the right check character for the first 17 digits. */
static const char *resident(const char *region, const char *born)
{
    static char number[32];
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    snprintf(number, sizeof(number), "%s%s001", region, born);
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * weights[i];
    number[17] = "10X98765432"[sum % 11];
    number[18] = '\0';
    return number;
}

Test(numbers, the_region_must_have_been_there_at_its_time)
{
    static const struct {
        const char *region;
        const char *born;
        const char *lenient; /* finding; NULL: none */
        const char *strict;
    } cases[] = {
        {"110105", "19900101", NULL, NULL}, /* 朝阳区, always */
        {"110104", "19900101", NULL, NULL}, /* 宣武区, until 2010 */
        {"110104", "20090101", NULL, NULL}, /* … */
        {"110104", "20120101", "region_time", "region_time"},
        {"110104", "19500101", NULL, NULL},          /* numbers were given out from 1984 on */
        {"500154", "19930113", NULL, "region_time"}, /* 开州区, from 2016: registered late */
        {"500154", "20170113", NULL, NULL},
        {"500154", "19500113", NULL, NULL},          /* older than numbers: any time will do */
        {"411082", "19890101", NULL, "region_time"}, /* 长葛市, from 1993 */
        {"411082", "19940101", NULL, NULL},
        {"130103", "20180101", "region_time", "region_time"}, /* 桥东区 of 石家庄, until 2014 */
        {"130502", "20180101", NULL, NULL}, /* 桥东区, since 2020 襄都区: one code, two names */
        {"431389", "19900101", "region", "region"}, /* no such county */
        {"990101", "19900101", "region", "region"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *number = resident(cases[i].region, cases[i].born);
        struct rule_result lenient = value_of("resident_id", number);
        struct rule_result strict = value_of("resident_id_strict", number);
        cr_expect_eq(standardize_found(&lenient, "region_time"),
                     cases[i].lenient && strcmp(cases[i].lenient, "region_time") == 0, "%s",
                     number);
        if (cases[i].lenient && number[0] != '9')
            cr_expect(standardize_found(&lenient, cases[i].lenient) && lenient.value.data, "%s",
                      number);
        cr_expect_eq(strict.value.data == NULL, cases[i].strict != NULL, "%s strict", number);
    }
}

/* ---- what was typed beside the number ---- */

static struct check_output beside(const char *check, const char *number, const char *field,
                                  const char *typed)
{
    struct reference *reference = reference_open();
    struct check_output output =
        check_run(reference, standardize_arena(), check, slice_of(number), field, typed);
    reference_destroy(reference);
    return output;
}

Test(numbers, birth_date_and_gender_are_held_against_those_typed)
{
    const char *number = "11010519491231002X"; /* a woman of 31 December 1949 */
    static const struct {
        const char *field;
        const char *typed;
        const char *code; /* NULL: agrees */
    } cases[] = {
        {"birth_date", "1949-12-31", NULL}, {"birth_date", "1949-12-30", "birth_date_differs"},
        {"birth_date", "", NULL},           {"gender", "F", NULL},
        {"gender", "M", "gender_differs"},  {"gender", "", NULL}};
    static const char *const checks[] = {"identity", "resident_id"};
    for (size_t c = 0; c < 2; c++) {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct check_output output = beside(checks[c], number, cases[i].field, cases[i].typed);
            bool differs =
                output_has(&output, "birth_date_differs") || output_has(&output, "gender_differs");
            cr_expect_eq(differs, cases[i].code != NULL, "%s %s", cases[i].field, cases[i].typed);
            if (cases[i].code)
                cr_expect(output_has(&output, cases[i].code));
        }
    }
    struct check_output refused = beside("identity", "110105194912310020", "gender", "M");
    cr_expect_not(output_has(&refused, "gender_differs"), "a wrong number tells nothing");
}

/* ---- cars ---- */

/* A VIN of China with the check digit that it must have. */
static void make_vin(uint64_t *state, char *vin)
{
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
    static const int values[] = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4,
                                 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    snprintf(vin, 32, "LFV2A21K0");
    for (int i = 9; i < 17; i++)
        vin[i] = (char)('0' + next_random(state) % 10);
    vin[3] = letters[next_random(state) % 23];
    vin[9] = "ABCDEFGH123456"[next_random(state) % 14];
    vin[10] = letters[next_random(state) % 23];
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum +=
            weights[i] * (vin[i] <= '9' ? vin[i] - '0' : values[strchr(letters, vin[i]) - letters]);
    vin[8] = "0123456789X"[sum % 11];
    vin[17] = '\0';
}

Test(numbers, slips_in_vins_are_found)
{
    uint64_t state = 6;
    for (int n = 0; n < 40; n++) {
        char vin[32];
        make_vin(&state, vin);
        expect_found("vin", vin, 11, 17);
    }
}

Test(numbers, letters_that_no_vin_has_are_repaired_when_the_check_digit_confirms_it)
{
    uint64_t state = 7;
    size_t repaired = 0;
    for (int n = 0; n < 200; n++) {
        char vin[32];
        char typed[32];
        make_vin(&state, vin);
        snprintf(typed, sizeof(typed), "%s", vin);
        for (int i = 0; i < 17; i++)
            typed[i] = vin[i] == '0' ? "OQ"[next_random(&state) % 2] : vin[i] == '1' ? 'I' : vin[i];
        struct rule_result result = value_of("vin", typed);
        cr_assert_str_eq(standardize_text(result.value), vin, "%s", typed);
        bool changed = strcmp(typed, vin) != 0;
        cr_expect_eq(standardize_found(&result, "repaired"), changed, "%s", typed);
        repaired += changed;
        if (!changed || typed[16] < '0' || typed[16] > '9')
            continue;
        typed[16] = typed[16] == '9' ? '8' : (char)(typed[16] + 1);
        cr_expect_str_eq(canonical("vin", typed), "refused", "%s: another slip beside", typed);
    }
    cr_assert_gt(repaired, 100);
}

Test(numbers, whose_vins_need_no_check_digit_keep_it_as_it_is)
{
    cr_expect_str_eq(canonical("vin", "WVWZZZ3CZEE140287"), "WVWZZZ3CZEE140287");
    cr_expect_str_eq(canonical("vin", "WVWZZZ3CZEEI40287"), "refused", "nothing confirms the I");
    struct rule_result japan = value_of("vin", "JSA12345678901234");
    cr_expect(standardize_found(&japan, "check_digit") && japan.value.data);
    cr_expect_str_eq(canonical("vin", "1M8GDM9A1KP042788"), "refused");
}

/* ---- phones ---- */

/* The networks of the list of March 2023, and 1610 which has been given out since. */
static bool is_allotted(int network, int next)
{
    static const char networks[] =
        " 130 131 132 133 135 136 137 138 139 145 146 147 148 149 150 151 152 153 155 156 157 158 "
        "159"
        " 162 165 166 167 170 171 172 173 175 176 177 178 180 181 182 183 184 185 186 187 188 189"
        " 190 191 192 193 195 196 197 198 199 ";
    char text[16];
    snprintf(text, sizeof(text), " %d ", network);
    if (strstr(networks, text))
        return true;
    return network == 134 || (network == 161 && (next == 0 || next == 9)) ||
           (network == 174 && (next == 0 || next == 9));
}

Test(numbers, mobiles_begin_as_they_have_been_given_out)
{
    for (int prefix = 1000; prefix < 2000; prefix++) {
        char number[32];
        int network = prefix / 10;
        int next = prefix % 10;
        if (network == 174 && next == 1) /* in parts only: 17410, 17411, 17412 */
            continue;
        snprintf(number, sizeof(number), "%d5678912", prefix);
        number[11] = '\0';
        bool taken = strcmp(canonical("mobile", number), "refused") != 0;
        bool allotted = is_allotted(network, next);
        if (network == 174 && next == 0) /* 17405 and 17409 both are */
            cr_expect(taken, "%s", number);
        else
            cr_expect_eq(taken, allotted, "%s", number);
        if (taken)
            cr_expect_str_eq(canonical("phone", number), canonical("mobile", number));
    }
}

Test(numbers, things_and_satellites_are_kept_apart)
{
    static const char *const cases[][2] = {
        {"13812345678", "mobile"},    {"14612345678", "machine"},   {"14812345678", "machine"},
        {"14912345678", "machine"},   {"14512345678", "mobile"},    {"1440012345678", "machine"},
        {"1064712345678", "machine"}, {"17401234567", "satellite"}, {"13491234567", "satellite"},
        {"16191234567", "satellite"}, {"17491234567", "satellite"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_str_eq(part_of("mobile", cases[i][0], "type"), cases[i][1], "%s", cases[i][0]);
        cr_expect_str_eq(part_of("phone", cases[i][0], "type"), cases[i][1], "%s", cases[i][0]);
    }
}

Test(numbers, the_international_form_stands_beside_the_national_one)
{
    static const struct {
        const char *typed;
        const char *value;
        const char *e164;
        const char *national;
    } cases[] = {
        {"138 1234 5678", "13812345678", "+8613812345678", "13812345678"},
        {"17951 138 1234 5678", "13812345678", "+8613812345678", "13812345678"},
        {"(0755)87654321", "0755-87654321", "+8675587654321", "075587654321"},
        {"+86 21 6234 5678 转 12", "021-62345678-12", "+862162345678", "02162345678"},
        {"400-860-8608", "4008608608", "+864008608608", "4008608608"},
        {"00852-2123 4567", "+85221234567", "+85221234567", "21234567"},
        {"+853 6612 3456", "+85366123456", "+85366123456", "66123456"},
        {"+886 (0)912 345 678", "+886912345678", "+886912345678", "0912345678"},
        {"0912-345-678", "+886912345678", "+886912345678", "0912345678"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_str_eq(canonical("phone", cases[i].typed), cases[i].value);
        cr_expect_str_eq(part_of("phone", cases[i].typed, "e164"), cases[i].e164);
        cr_expect_str_eq(part_of("phone", cases[i].typed, "national"), cases[i].national);
        /* What was made of it is read again as the same. */
        cr_expect_str_eq(canonical("phone", cases[i].e164), canonical("phone", cases[i].e164));
        cr_expect_str_eq(canonical("phone", cases[i].value), cases[i].value);
    }
}

/* ---- codes of standards ---- */

Test(numbers, every_code_of_a_list_is_known_by_itself_and_by_its_names)
{
    struct rule_result chinese = value_of("country", "德国");
    cr_expect_str_eq(standardize_text(chinese.value), "DE");
    cr_expect_str_eq(canonical("country", "DE"), "DE");
    cr_expect_str_eq(canonical("country", "276"), "DE");
    cr_expect_str_eq(canonical("country", "Germany"), "DE");
    cr_expect_str_eq(part_of("country", "德國", "label_en"), "Germany");
    cr_expect_str_eq(canonical("colour", "极地白"), "A");
    cr_expect_str_eq(canonical("marital_status", "離婚"), "40");
    cr_expect_str_eq(canonical("occupation", "司机"), "4");
}
