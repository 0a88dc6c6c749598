/* Mobile numbers: the mainland's by the numbering plan of the Ministry of Industry and Information
 * Technology, those of Hong Kong, Macao and Taiwan by their own, others as E.164 gives them.
 * Canonical: 11 digits for the mainland, +country and national number for the rest. */
#include "cust360/base/arena.h"
#include "standardize/checks.h"
#include "standardize/phone/phone.h"

enum {
    MOBILE_DIGITS = 11,
    FOREIGN_DIGITS_LEAST = 8, /* with country code */
    FOREIGN_DIGITS_MOST = 15, /* E.164 */
    TAIL_DIGITS = 8           /* behind the network: all equal is nobody's number */
};

/* 11111111111, 13800000000, 13000000000: typed to get past an obligatory field. 13888888888 and
 * the like are sold dear and have owners. */
static bool is_placeholder(struct slice national)
{
    if (phone_is_one_digit(national))
        return true;
    return national.length == MOBILE_DIGITS &&
           phone_is_one_digit(slice_cut(national, MOBILE_DIGITS - TAIL_DIGITS, MOBILE_DIGITS)) &&
           national.data[MOBILE_DIGITS - 1] == '0';
}

/* Canonical: 11 digits for the mainland, E.164 for the rest; an extension (of a virtual number that
 * hides the real one) behind a hyphen. */
static void accept(const struct check_input *input, struct check_output *output,
                   const struct phone *phone, enum phone_region region, struct slice national,
                   const char *type)
{
    phone_add_parts(input, output, phone, region, national, type);
    struct slice e164 = output->parts[1].text;
    struct slice shown =
        region == PHONE_CN ? slice_cut(e164, e164.length - national.length, e164.length) : e164;
    output->value = phone_with_extension(input->arena, shown, phone);
}

static void accept_mainland(const struct check_input *input, struct check_output *output,
                            const struct phone *phone, struct slice national, enum mobile_use use)
{
    const char *type = "mobile";
    if (use == MOBILE_MACHINE || use == MOBILE_MACHINE_13) {
        type = "machine";
        check_add_finding(output, SEVERITY_WARNING, "machine",
                          "The number belongs to a range for things and data cards.");
    } else if (use == MOBILE_SATELLITE) {
        type = "satellite";
        check_add_finding(output, SEVERITY_WARNING, "satellite",
                          "The number belongs to a range for satellite phones.");
    }
    accept(input, output, phone, PHONE_CN, national, type);
}

static void refuse_mainland(const struct check_input *input, struct check_output *output,
                            struct slice national)
{
    if (national.length == MOBILE_DIGITS && national.data[0] == '1' && national.data[1] >= '3')
        check_add_finding(output, SEVERITY_ERROR, "range",
                          "No operator has been given numbers that begin so.");
    else if (number_landline_type(input->reference->numbers, PHONE_CN, national, input->matcher))
        check_add_finding(output, SEVERITY_ERROR, "landline", "This is a landline's number.");
    else
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "This is not a mobile number (11 digits that begin with 1).");
}

static void accept_foreign(const struct check_input *input, struct check_output *output,
                           struct slice digits)
{
    if (digits.length < FOREIGN_DIGITS_LEAST || digits.length > FOREIGN_DIGITS_MOST ||
        digits.data[0] == '0') {
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "This is not an international number (8 to 15 digits).");
        return;
    }
    check_add_finding(output, SEVERITY_WARNING, "foreign",
                      "A number of another country; only its length has been looked at.");
    output->value = slice_of(arena_format(input->arena, "+%.*s", SLICE_ARGUMENTS(digits)));
    check_add_part(output, "type", SLICE("foreign"));
    check_add_part(output, "e164", output->value);
}

static void check_region(const struct check_input *input, struct check_output *output,
                         const struct phone *phone, enum phone_region region, struct slice national)
{
    const struct number_tables *tables = input->reference->numbers;
    enum mobile_use use = region == PHONE_CN ? phone_mobile_use(tables, national) : MOBILE_NONE;
    if (region == PHONE_REGIONS)
        accept_foreign(input, output, national);
    else if (use != MOBILE_NONE)
        accept_mainland(input, output, phone, national, use);
    else if (region == PHONE_CN)
        refuse_mainland(input, output, national);
    else if (number_is_mobile(tables, region, national, input->matcher))
        accept(input, output, phone, region, national, "mobile");
    else if (number_landline_type(tables, region, national, input->matcher))
        check_add_finding(output, SEVERITY_ERROR, "landline", "This is a landline's number.");
    else
        check_add_finding(output, SEVERITY_ERROR, "format", "This is not a mobile number.");
}

static bool is_whole(const struct check_input *input, const struct phone *phone)
{
    const struct number_tables *tables = input->reference->numbers;
    struct slice national = {0};
    enum phone_region region = phone_region(phone, input->format, &national);
    if (region == PHONE_CN)
        return phone_mobile_use(tables, national) != MOBILE_NONE;
    return region < PHONE_REGIONS && number_is_mobile(tables, region, national, input->matcher);
}

/* 17012345678-1234: what stands behind the last hyphen is an extension when only without it the
 * number is whole. */
static void cut_hyphen_extension(const struct check_input *input, struct phone *phone)
{
    size_t group = phone->last_group;
    if (phone->extension[0] || group == 0 || group > PHONE_EXTENSION_MAX || group >= phone->count ||
        is_whole(input, phone))
        return;
    struct phone shorter = *phone;
    phone_cut_extension(&shorter);
    if (is_whole(input, &shorter))
        *phone = shorter;
}

void mobile_check(const struct check_input *input, struct check_output *output, struct phone *phone)
{
    struct slice national = {0};
    cut_hyphen_extension(input, phone);
    enum phone_region region = phone_region(phone, input->format, &national);
    if (is_placeholder(national))
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "A number that is typed when there is none.");
    else
        check_region(input, output, phone, region, national);
}

static void mobile_run(const struct check_input *input, struct check_output *output)
{
    struct phone phone;
    phone_read(input->value, &phone);
    if (phone.flaw) {
        check_add_finding(output, SEVERITY_ERROR, phone.flaw, phone.flaw_message);
        return;
    }
    mobile_check(input, output, &phone);
    phone_add_findings(&phone, output);
}

/* 13812345678, 138-1234-5678, 138 1234 5678, each perhaps behind +86, 86, 86- or 0086. False: it is
 * written in another way. */
static bool read_plain(struct slice value, char *digits)
{
    static const struct slice codes[] = {{"+86", 3}, {"86-", 3}, {"0086", 4}, {"86", 2}};
    enum { PARTED_BYTES = MOBILE_DIGITS + 2, FIRST_GAP = 3, SECOND_GAP = 8 };
    size_t code = value.data[0] == '1' ? sizeof(codes) / sizeof(codes[0]) : 0;
    while (code < sizeof(codes) / sizeof(codes[0]) && !slice_starts_with(value, codes[code]))
        code++;
    if (code < sizeof(codes) / sizeof(codes[0]))
        value = slice_cut(value, codes[code].length, value.length);
    bool parted = value.length == PARTED_BYTES;
    if ((!parted && value.length != MOBILE_DIGITS) || value.data[0] != '1')
        return false;
    char gap = value.data[FIRST_GAP];
    if (parted && ((gap != ' ' && gap != '-') || value.data[SECOND_GAP] != gap))
        return false;
    unsigned other = 0;
    for (size_t i = 0; i < MOBILE_DIGITS; i++) {
        size_t gaps = parted ? (size_t)(i >= FIRST_GAP) + (i >= SECOND_GAP - 1) : 0;
        digits[i] = value.data[i + gaps];
        other |= (unsigned)(unsigned char)(digits[i] - '0') > 9;
    }
    return other == 0;
}

bool mobile_brief(const struct check_input *input, struct check_output *output)
{
    enum { CODE_BYTES = 3 }; /* +86 */
    char digits[MOBILE_DIGITS];
    struct slice national = {digits, MOBILE_DIGITS};
    if (input->format || !read_plain(input->value, digits) ||
        phone_mobile_use(input->reference->numbers, national) != MOBILE_PERSON ||
        is_placeholder(national))
        return false;
    struct slice e164 = phone_e164(input->arena, PHONE_CN, national);
    output->value = slice_cut(e164, CODE_BYTES, e164.length);
    check_add_part(output, "type", SLICE("mobile"));
    check_add_part(output, "e164", e164);
    check_add_part(output, "national", output->value);
    check_add_part(output, "region", SLICE("CN"));
    return true;
}

const struct check check_mobile = {.name = "mobile", .run = mobile_run, .brief = mobile_brief};
