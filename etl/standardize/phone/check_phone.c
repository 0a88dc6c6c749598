/* Any telephone number: for fields in which people put whichever they have. */
#include "standardize/checks.h"
#include "standardize/phone/phone.h"

static bool is_mobile_of(const struct check_input *input, const struct phone *phone)
{
    struct slice national = {0};
    enum phone_region region = phone_region(phone, input->format, &national);
    if (region == PHONE_CN)
        return phone_mobile_use(input->reference->numbers, national) != MOBILE_NONE ||
               (national.length >= 11 && national.data[0] == '1' && phone->digits[0] != '0' &&
                national.data[1] > '2');
    return region < PHONE_REGIONS &&
           number_is_mobile(input->reference->numbers, region, national, input->matcher);
}

static void phone_run(const struct check_input *input, struct check_output *output)
{
    struct phone phone;
    phone_read(input->value, &phone);
    if (phone.flaw)
        check_add_finding(output, SEVERITY_ERROR, phone.flaw, phone.flaw_message);
    else if (is_mobile_of(input, &phone))
        mobile_check(input, output, &phone);
    else
        landline_check(input, output, &phone);
    if (!phone.flaw)
        phone_add_findings(&phone, output);
}

const struct check check_phone = {.name = "phone", .run = phone_run, .brief = mobile_brief};
