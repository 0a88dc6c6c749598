/* Landlines: area code and subscriber, by the area codes' table for the mainland, by
 * libphonenumber's patterns for Hong Kong, Macao and Taiwan. Canonical: 021-62345678, with an
 * extension 021-62345678-8001; 4008608608 for numbers without an area; +886223456789 elsewhere. */
#include "cust360/base/arena.h"
#include "standardize/checks.h"
#include "standardize/phone.h"

enum {
    AREA_DIGITS_LEAST = 3, /* with the leading 0 */
    AREA_DIGITS_MOST = 4,
    SERVICE_DIGITS_MOST = 6,
    SHARED_DIGITS = 10, /* 400 and 800 numbers */
    LOCAL_DIGITS_LEAST = 7,
    LOCAL_DIGITS_MOST = 8,
    BANK_DIGITS_LEAST = 5, /* 955xx and 955xxx behind an area code */
    BANK_DIGITS_MOST = 6,
    NATIONAL_DIGITS_MOST = 11
};

/* A mainland number in its parts. */
struct line {
    const struct area_code *area; /* NULL: none */
    struct slice area_text;       /* with the leading 0 */
    struct slice local;
    struct slice extension;
};

static void finish(const struct check_input *input, struct check_output *output,
                   const struct line *line)
{
    struct slice area = line->area_text;
    char *value = arena_format(input->arena, "%.*s%s%.*s%s%.*s", SLICE_ARGUMENTS(area),
                               area.length ? "-" : "", SLICE_ARGUMENTS(line->local),
                               line->extension.length ? "-" : "", SLICE_ARGUMENTS(line->extension));
    output->value = slice_of(value);
    check_add_part(output, "area", slice_cut(output->value, 0, area.length));
    check_add_part(output, "number", arena_copy(input->arena, line->local));
    check_add_part(output, "extension", arena_copy(input->arena, line->extension));
    check_add_part(output, "region", SLICE("CN"));
    if (area.length > 0 || line->local.length == SHARED_DIGITS)
        check_add_part(output, "e164",
                       slice_of(arena_format(input->arena, "+86%.*s%.*s",
                                             SLICE_ARGUMENTS(slice_cut(area, 1, area.length)),
                                             SLICE_ARGUMENTS(line->local))));
}

static bool local_is_valid(const struct area_code *area, struct slice local)
{
    if (local.length >= BANK_DIGITS_LEAST && local.length <= BANK_DIGITS_MOST)
        return slice_starts_with(local, SLICE("955"));
    if (local.length == 0 || local.data[0] == '0')
        return false;
    return (local.length == LOCAL_DIGITS_LEAST && area->seven_digits) ||
           (local.length == LOCAL_DIGITS_MOST && area->eight_digits);
}

/* Splits a number that begins with the trunk 0 behind its area code. */
static bool split_area(const struct number_tables *tables, struct slice digits, struct line *line)
{
    for (size_t length = AREA_DIGITS_LEAST; length <= AREA_DIGITS_MOST; length++) {
        struct slice code = slice_cut(digits, 0, length);
        const struct area_code *area = number_area_code(tables, code);
        if (!area)
            continue;
        line->area = area;
        line->area_text = code;
        line->local = slice_cut(digits, length, digits.length);
        return true;
    }
    return false;
}

static void refuse(struct check_output *output, const char *code, const char *message)
{
    check_add_finding(output, SEVERITY_ERROR, code, message);
}

static void check_area_number(const struct check_input *input, struct check_output *output,
                              struct slice digits, struct line *line)
{
    if (!split_area(input->reference->numbers, digits, line)) {
        refuse(output, "area", "There is no such area code.");
        return;
    }
    if (!local_is_valid(line->area, line->local)) {
        refuse(output, "length", "The number is too short or too long for its area code.");
        return;
    }
    if (line->area->now.length > 0)
        check_add_finding(output, SEVERITY_WARNING, "area_retired",
                          arena_format(input->arena, "The area code was given up; it is now %.*s.",
                                       SLICE_ARGUMENTS(line->area->now)));
    finish(input, output, line);
}

/* Without an area code: what the mapping says (`format: '021'`), else it stays incomplete. */
static void check_local_number(const struct check_input *input, struct check_output *output,
                               struct line *line)
{
    struct slice hinted = slice_of(input->format);
    const struct area_code *area = number_area_code(input->reference->numbers, hinted);
    if (area && local_is_valid(area, line->local)) {
        line->area = area;
        line->area_text = hinted;
    } else {
        check_add_finding(output, SEVERITY_WARNING, "area_missing", "The number has no area code.");
    }
    finish(input, output, line);
}

static bool is_shared(struct slice digits)
{
    return digits.length == SHARED_DIGITS &&
           (slice_starts_with(digits, SLICE("400")) || slice_starts_with(digits, SLICE("800")));
}

static void accept_mobile(const struct check_input *input, struct check_output *output,
                          struct slice national)
{
    check_add_finding(output, SEVERITY_WARNING, "mobile",
                      "This is a mobile's number in the field of the landline.");
    output->value = arena_copy(input->arena, national);
    check_add_part(output, "region", SLICE("CN"));
    check_add_part(output, "e164", phone_e164(input->arena, PHONE_CN, national));
}

static void check_mainland(const struct check_input *input, struct check_output *output,
                           struct slice national, bool trunk, struct line *line)
{
    if (phone_mobile_use(input->reference->numbers, national) != MOBILE_NONE) {
        accept_mobile(input, output, national);
        return;
    }
    line->local = national;
    if (is_shared(national)) {
        finish(input, output, line);
    } else if (trunk || national.length > LOCAL_DIGITS_MOST) {
        char *digits = arena_format(input->arena, "0%.*s", SLICE_ARGUMENTS(national));
        check_area_number(input, output, slice_of(digits), line);
    } else if (national.length < LOCAL_DIGITS_LEAST) {
        bool service = national.length < SERVICE_DIGITS_MOST && national.length > 2;
        refuse(output, service ? "service" : "length",
               service ? "A service number belongs to no customer." : "The number is too short.");
    } else {
        check_local_number(input, output, line);
    }
}

static void check_elsewhere(const struct check_input *input, struct check_output *output,
                            enum phone_region region, struct slice national, struct slice extension)
{
    const struct number_tables *tables = input->reference->numbers;
    if (region == PHONE_REGIONS) {
        check_add_finding(output, SEVERITY_WARNING, "foreign",
                          "A number of another country; nothing of it has been checked.");
        output->value = slice_of(arena_format(input->arena, "+%.*s", SLICE_ARGUMENTS(national)));
        check_add_part(output, "e164", output->value);
        return;
    }
    if (!number_is_landline(tables, region, national, input->matcher) &&
        !number_is_mobile(tables, region, national, input->matcher)) {
        refuse(output, "format", "This is not a number of its region.");
        return;
    }
    struct slice e164 = phone_e164(input->arena, region, national);
    output->value = e164;
    if (extension.length > 0)
        output->value = slice_of(arena_format(input->arena, "%.*s-%.*s", SLICE_ARGUMENTS(e164),
                                              SLICE_ARGUMENTS(extension)));
    check_add_part(output, "region", slice_of(phone_region_name(region)));
    check_add_part(output, "extension", extension);
    check_add_part(output, "e164", e164);
}

static bool is_whole_number(const struct number_tables *tables, struct slice digits)
{
    struct line line = {0};
    if (split_area(tables, digits, &line))
        return local_is_valid(line.area, line.local);
    return is_shared(digits) || (digits.data[0] > '1' && digits.length >= LOCAL_DIGITS_LEAST &&
                                 digits.length <= LOCAL_DIGITS_MOST);
}

/* Whether the first `count` digits are a number: in the mainland's form (+86 21 … is 021…), or one
 * of the region. */
static bool is_whole(const struct check_input *input, const struct phone *phone, size_t count)
{
    const struct number_tables *tables = input->reference->numbers;
    struct phone shorter = *phone;
    struct slice national = {0};
    shorter.count = count;
    shorter.digits[count] = '\0';
    enum phone_region region = phone_region(&shorter, input->format, &national);
    if (region == PHONE_CN && !phone->plus)
        return is_whole_number(tables, slice_make(shorter.digits, count));
    if (region == PHONE_CN) {
        char trunk[PHONE_DIGITS_MAX + 2] = "0";
        memcpy(trunk + 1, national.data, national.length);
        return is_whole_number(tables, slice_make(trunk, national.length + 1));
    }
    return region < PHONE_REGIONS &&
           (number_is_landline(tables, region, national, input->matcher) ||
            number_is_mobile(tables, region, national, input->matcher));
}

/* 021-62345678-8001: what stands behind the last hyphen is an extension when only without it the
 * number is whole. */
static void cut_hyphen_extension(const struct check_input *input, struct phone *phone)
{
    size_t group = phone->last_group;
    if (phone->extension[0] || group == 0 || group > PHONE_EXTENSION_MAX || phone->count <= group ||
        is_whole(input, phone, phone->count) || !is_whole(input, phone, phone->count - group))
        return;
    phone->count -= group;
    memcpy(phone->extension, phone->digits + phone->count, group);
    phone->extension[group] = '\0';
    phone->digits[phone->count] = '\0';
}

static bool is_all_one_digit(const struct phone *phone)
{
    for (size_t i = 1; i < phone->count; i++) {
        if (phone->digits[i] != phone->digits[0])
            return false;
    }
    return true;
}

static void landline_run(const struct check_input *input, struct check_output *output)
{
    struct phone phone;
    phone_read(input->value, &phone);
    if (phone.flaw) {
        refuse(output, phone.flaw, phone.flaw_message);
        return;
    }
    if (is_all_one_digit(&phone)) {
        refuse(output, "placeholder", "A number that is typed when there is none.");
        return;
    }
    cut_hyphen_extension(input, &phone);
    struct slice national = {0};
    enum phone_region region = phone_region(&phone, input->format, &national);
    struct slice extension = arena_copy(input->arena, slice_of(phone.extension));
    struct line line = {.extension = extension};
    bool trunk = phone.digits[0] == '0' || phone.plus;
    if (region == PHONE_CN)
        check_mainland(input, output, national, trunk, &line);
    else
        check_elsewhere(input, output, region, national, extension);
    phone_add_findings(&phone, output);
}

const struct check check_landline = {"landline", landline_run};
