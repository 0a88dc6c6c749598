/* Mobile numbers: the mainland's by the numbering plan of the Ministry of Industry and Information
 * Technology, those of Hong Kong, Macao and Taiwan by their own, others as E.164 gives them.
 * Canonical: 11 digits for the mainland, +country and national number for the rest. */
#include "cust360/base/arena.h"
#include "standardize/checks.h"
#include "standardize/phone.h"

enum {
    MOBILE_DIGITS = 11,
    FOREIGN_DIGITS_LEAST = 8, /* with country code */
    FOREIGN_DIGITS_MOST = 15, /* E.164 */
    TAIL_DIGITS = 8           /* behind the network: all equal is nobody's number */
};

static bool all_equal(const char *digits, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (digits[i] != digits[0])
            return false;
    }
    return true;
}

/* 11111111111, 13800000000, 13000000000: typed to get past an obligatory field. 13888888888 and
 * the like are sold dear and have owners. */
static bool is_placeholder(struct slice national)
{
    if (all_equal(national.data, national.length))
        return true;
    return national.length == MOBILE_DIGITS &&
           all_equal(national.data + MOBILE_DIGITS - TAIL_DIGITS, TAIL_DIGITS) &&
           national.data[MOBILE_DIGITS - 1] == '0';
}

static void accept(const struct check_input *input, struct check_output *output,
                   enum phone_region region, struct slice national)
{
    struct slice e164 = phone_e164(input->arena, region, national);
    output->value =
        region == PHONE_CN ? slice_cut(e164, e164.length - national.length, e164.length) : e164;
    check_add_part(output, "e164", e164);
    check_add_part(output, "region", slice_of(phone_region_name(region)));
}

static void accept_mainland(const struct check_input *input, struct check_output *output,
                            struct slice national, enum mobile_use use)
{
    if (use == MOBILE_MACHINE || use == MOBILE_MACHINE_13)
        check_add_finding(output, SEVERITY_WARNING, "machine",
                          "The number belongs to a range for things and data cards.");
    else if (use == MOBILE_SATELLITE)
        check_add_finding(output, SEVERITY_WARNING, "satellite",
                          "The number belongs to a range for satellite phones.");
    accept(input, output, PHONE_CN, national);
}

static void refuse_mainland(const struct check_input *input, struct check_output *output,
                            struct slice national)
{
    if (national.length == MOBILE_DIGITS && national.data[0] == '1' && national.data[1] >= '3')
        check_add_finding(output, SEVERITY_ERROR, "range",
                          "No operator has been given numbers that begin so.");
    else if (number_is_landline(input->reference->numbers, PHONE_CN, national, input->matcher))
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
    check_add_part(output, "e164", output->value);
}

static void check_region(const struct check_input *input, struct check_output *output,
                         enum phone_region region, struct slice national)
{
    const struct number_tables *tables = input->reference->numbers;
    enum mobile_use use = region == PHONE_CN ? phone_mobile_use(tables, national) : MOBILE_NONE;
    if (region == PHONE_REGIONS)
        accept_foreign(input, output, national);
    else if (use != MOBILE_NONE)
        accept_mainland(input, output, national, use);
    else if (region == PHONE_CN)
        refuse_mainland(input, output, national);
    else if (number_is_mobile(tables, region, national, input->matcher))
        accept(input, output, region, national);
    else if (number_is_landline(tables, region, national, input->matcher))
        check_add_finding(output, SEVERITY_ERROR, "landline", "This is a landline's number.");
    else
        check_add_finding(output, SEVERITY_ERROR, "format", "This is not a mobile number.");
}

static void mobile_run(const struct check_input *input, struct check_output *output)
{
    struct phone phone;
    phone_read(input->value, &phone);
    if (phone.flaw) {
        check_add_finding(output, SEVERITY_ERROR, phone.flaw, phone.flaw_message);
        return;
    }
    struct slice national = {0};
    enum phone_region region = phone_region(&phone, input->format, &national);
    if (is_placeholder(national)) {
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "A number that is typed when there is none.");
        return;
    }
    check_region(input, output, region, national);
    phone_add_findings(&phone, output);
}

const struct check check_mobile = {"mobile", mobile_run};
