#include "standardize/identity/identity.h"
#include "standardize/reference/reference_numbers.h"

enum {
    CREDIT_LENGTH = 18,
    ORGANISATION_LENGTH = 9,
    ORGANISATION_PLACE = 8, /* of the organisation code within a credit code */
    REGION_PLACE = 2,
    REGION_LENGTH = 6,
    LICENCE_LENGTH = 15,
    TAIWAN_LENGTH = 8
};

/* GB 32100-2015: no I, O, S, V, Z. */
static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int credit_value(char byte)
{
    const char *found = byte ? strchr(credit_alphabet, byte) : NULL;
    return found ? (int)(found - credit_alphabet) : -1;
}

/* Weights are the powers of 3 modulo 31. */
static char credit_check(const char *code)
{
    enum { MODULUS = 31 };
    int sum = 0;
    int weight = 1;
    for (size_t i = 0; i < CREDIT_LENGTH - 1; i++) {
        sum += credit_value(code[i]) * weight;
        weight = weight * 3 % MODULUS;
    }
    return credit_alphabet[(MODULUS - sum % MODULUS) % MODULUS];
}

char identity_organisation_check(const char *code)
{
    static const int weights[ORGANISATION_LENGTH - 1] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < ORGANISATION_LENGTH - 1; i++) {
        char byte = code[i];
        bool digit = byte >= '0' && byte <= '9';
        if (!digit && (byte < 'A' || byte > 'Z'))
            return 0;
        sum += (digit ? byte - '0' : byte - 'A' + 10) * weights[i];
    }
    return "0X987654321"[sum % 11];
}

static bool is_credit_shape(const struct identity_text *text)
{
    static const char departments[] = "123456789ANY";
    if (text->length != CREDIT_LENGTH || !strchr(departments, text->bytes[0]) ||
        !identity_has_digits(text->slice, REGION_PLACE, REGION_PLACE + REGION_LENGTH))
        return false;
    for (size_t i = 0; i < CREDIT_LENGTH; i++) {
        if (credit_value(text->bytes[i]) < 0)
            return false;
    }
    return true;
}

/* Departments may be given new classes: an unknown one is no reason to refuse. */
static void check_class(const struct check_input *input, const struct identity_text *text,
                        struct check_output *output)
{
    if (!number_is_organisation_class(input->reference->numbers,
                                      slice_cut(text->slice, 0, REGION_PLACE)))
        check_add_finding(output, SEVERITY_WARNING, "class",
                          "The department and class in the credit code are in no list.");
}

static void check_inner_code(const struct check_input *input, const struct identity_text *text,
                             struct check_output *output)
{
    const char *code = text->bytes + ORGANISATION_PLACE;
    if (identity_organisation_check(code) != code[ORGANISATION_LENGTH - 1])
        check_add_finding(output, SEVERITY_WARNING, "organisation_code",
                          "The organisation code within the credit code has a wrong check digit.");
    if (number_region(input->reference->numbers,
                      slice_make(text->bytes + REGION_PLACE, REGION_LENGTH)) == REGION_UNKNOWN)
        check_add_finding(output, SEVERITY_WARNING, "region",
                          "The region in the credit code never existed.");
}

/* The areas that gave out codes before the standard: an organisation code M000…, right in itself.
 */
static bool is_pilot_code(const struct identity_text *text)
{
    const char *code = text->bytes + ORGANISATION_PLACE;
    return memcmp(code, "M000", 4) == 0 &&
           identity_organisation_check(code) == code[ORGANISATION_LENGTH - 1];
}

/* Letters that the alphabet leaves out, where all else looks like a credit code. */
static bool has_lookalike(const struct identity_text *text)
{
    return text->length == CREDIT_LENGTH && text->bytes[0] == '9' &&
           identity_has_digits(text->slice, 0, REGION_PLACE + REGION_LENGTH) &&
           strpbrk(text->bytes, "IOSVZ");
}

/* A resident number with a slip in it is a credit code once in 31 times: of what looks like one,
 * more must hold. */
static bool is_surely_credit_code(const struct check_input *input, const struct identity_text *text)
{
    const char *code = text->bytes + ORGANISATION_PLACE;
    const struct number_tables *tables = input->reference->numbers;
    bool resident_shape =
        text->bytes[0] != '9' && identity_has_digits(text->slice, 0, CREDIT_LENGTH - 1);
    return !resident_shape ||
           (identity_organisation_check(code) == code[ORGANISATION_LENGTH - 1] &&
            number_is_organisation_class(tables, slice_cut(text->slice, 0, REGION_PLACE)) &&
            number_region(tables, slice_make(text->bytes + REGION_PLACE, REGION_LENGTH)) <=
                REGION_PREFECTURE);
}

enum identity_rank identity_credit_code(const struct check_input *input,
                                        const struct identity_text *text,
                                        struct check_output *output)
{
    if (has_lookalike(text)) {
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "A credit code has no I, O, S, V or Z (meant are 1, 0, 5, U or Y, 2).");
        return IDENTITY_FLAWED;
    }
    if (!is_credit_shape(text))
        return IDENTITY_NOT;
    bool holds = credit_check(text->bytes) == text->bytes[CREDIT_LENGTH - 1] &&
                 (text->expected || is_surely_credit_code(input, text));
    if (!holds && is_pilot_code(text)) {
        check_add_finding(
            output, SEVERITY_WARNING, "check_digit",
            "The credit code's check character is wrong, as in the pilot areas' codes.");
    } else if (!holds) {
        check_add_finding(
            output, SEVERITY_ERROR, "check_digit",
            "The credit code's check character is wrong: one of its characters must be.");
        return !text->expected && identity_has_digits(text->slice, 0, CREDIT_LENGTH - 1) &&
                       text->bytes[0] != '9'
                   ? IDENTITY_PERHAPS
                   : IDENTITY_FLAWED;
    }
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, "credit_code", whole, whole);
    check_inner_code(input, text, output);
    check_class(input, text, output);
    return IDENTITY_RIGHT;
}

static enum identity_rank refuse_check(struct check_output *output)
{
    check_add_finding(output, SEVERITY_ERROR, "check_digit",
                      "The number's check digit is wrong: one of its characters must be.");
    return IDENTITY_FLAWED;
}

/* Nine characters may be a passport as well: a code must hold and the record be an organisation. */
enum identity_rank identity_organisation_code(const struct check_input *input,
                                              const struct identity_text *text,
                                              struct check_output *output)
{
    if (text->length != ORGANISATION_LENGTH || !text->organisation)
        return IDENTITY_NOT;
    if (identity_organisation_check(text->bytes) != text->bytes[ORGANISATION_LENGTH - 1]) {
        if (!text->expected)
            return IDENTITY_NOT;
        return refuse_check(output);
    }
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, "organisation_code", whole, whole);
    return IDENTITY_RIGHT;
}

/* ISO 7064 MOD 11,10. */
static bool licence_holds(const char *digits)
{
    int product = 10;
    for (size_t i = 0; i < LICENCE_LENGTH - 1; i++) {
        int sum = (product + digits[i] - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digits[LICENCE_LENGTH - 1] - '0') % 10 == 1;
}

/* Business licence; or the tax number of the years before 2015: region and organisation code. */
enum identity_rank identity_licence(const struct check_input *input,
                                    const struct identity_text *text, struct check_output *output)
{
    if (text->length != LICENCE_LENGTH || !identity_has_digits(text->slice, 0, REGION_LENGTH))
        return IDENTITY_NOT;
    const char *code = text->bytes + REGION_LENGTH;
    const char *type = NULL;
    if (identity_has_digits(text->slice, 0, LICENCE_LENGTH) && licence_holds(text->bytes))
        type = "licence";
    else if (identity_organisation_check(code) == code[ORGANISATION_LENGTH - 1])
        type = "tax_number";
    else if (text->expected)
        return refuse_check(output);
    enum region_knowledge known =
        number_region(input->reference->numbers, slice_cut(text->slice, 0, REGION_LENGTH));
    if (!type || known > REGION_PREFECTURE)
        return IDENTITY_NOT;
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, type, whole, whole);
    return IDENTITY_RIGHT;
}

static int digit_sum(int number)
{
    return number / 10 + number % 10;
}

/* Since 1 April 2023 the sum must be divisible by 5, before by 10; with 7 in the seventh place the
 * product 28 may count as 1 or 0. */
enum identity_rank identity_taiwan_organisation(const struct check_input *input,
                                                const struct identity_text *text,
                                                struct check_output *output)
{
    static const int weights[TAIWAN_LENGTH] = {1, 2, 1, 2, 1, 2, 4, 1};
    enum { DIVISOR = 5, LAST_BUT_ONE = 6 };
    if (text->length != TAIWAN_LENGTH || !text->organisation ||
        !identity_has_digits(text->slice, 0, TAIWAN_LENGTH))
        return IDENTITY_NOT;
    int sum = 0;
    for (size_t i = 0; i < TAIWAN_LENGTH; i++)
        sum += digit_sum((text->bytes[i] - '0') * weights[i]);
    if (sum % DIVISOR != 0 && !(text->bytes[LAST_BUT_ONE] == '7' && (sum + 1) % DIVISOR == 0)) {
        return refuse_check(output);
    }
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, "taiwan_organisation", whole, whole);
    return IDENTITY_RIGHT;
}
