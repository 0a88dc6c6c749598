/* Landlines: area code and subscriber, by libphonenumber's patterns; the table of area codes says
 * what is wrong with the others. Canonical: 021-62345678, with an extension 021-62345678-8001;
 * 4008608608 for numbers without an area; +886223456789 elsewhere.
 *
 * `landline` takes nothing else; `phone` takes mobiles as well. */
#include "cust360/base/arena.h"
#include "standardize/checks.h"
#include "standardize/phone/phone.h"

enum {
    AREA_DIGITS_LEAST = 3, /* with the leading 0 */
    AREA_DIGITS_MOST = 4,
    SERVICE_DIGITS_MOST = 6,
    LOCAL_DIGITS_LEAST = 7,
    LOCAL_DIGITS_MOST = 8
};

/* A mainland number in its parts. */
struct line {
    const struct phone *phone;
    struct slice national;        /* without the trunk 0 */
    const struct area_code *area; /* NULL: none */
    struct slice area_text;       /* with the leading 0 */
    struct slice local;
};

static void refuse(struct check_output *output, const char *code, const char *message)
{
    check_add_finding(output, SEVERITY_ERROR, code, message);
}

static void finish(const struct check_input *input, struct check_output *output,
                   const struct line *line, const char *type)
{
    struct slice area = line->area_text;
    struct slice value =
        phone_join(input->arena, area, area.length ? SLICE("-") : SLICE(""), line->local);
    output->value = phone_with_extension(input->arena, value, line->phone);
    check_add_part(output, "area", slice_cut(value, 0, area.length));
    check_add_part(output, "number", arena_copy(input->arena, line->local));
    phone_add_parts(input, output, line->phone, PHONE_CN, line->national, type);
}

static bool local_is_valid(const struct area_code *area, struct slice local)
{
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

/* What is wrong with a number that no pattern knows. */
static void refuse_area_number(const struct check_input *input, struct check_output *output,
                               const struct line *line)
{
    if (!line->area)
        refuse(output, "area", "There is no such area code.");
    else if (line->area->now.length > 0)
        refuse(output, "area_retired",
               arena_format(input->arena,
                            "The area code was given up; it is now %.*s, and numbers got a digit.",
                            SLICE_ARGUMENTS(line->area->now)));
    else if (!local_is_valid(line->area, line->local))
        refuse(output, "length", "The number is too short or too long for its area code.");
    else
        refuse(output, "range", "No subscriber of the area has a number that begins so.");
}

static void check_area_number(const struct check_input *input, struct check_output *output,
                              struct line *line)
{
    const struct number_tables *tables = input->reference->numbers;
    split_area(tables, phone_join(input->arena, SLICE("0"), SLICE(""), line->national), line);
    const char *type = number_landline_type(tables, PHONE_CN, line->national, input->matcher);
    if (!type) {
        refuse_area_number(input, output, line);
        return;
    }
    bool has_area = line->area && line->area->now.length == 0 && strcmp(type, "toll_free") != 0;
    if (!has_area) {
        line->area_text = slice_make(NULL, 0);
        line->local = line->national;
    }
    finish(input, output, line, type);
}

/* Without an area code: what the mapping says (`format: '021'`), else it stays incomplete. */
static void check_local_number(const struct check_input *input, struct check_output *output,
                               struct line *line)
{
    struct slice hinted = slice_of(input->format);
    const struct area_code *area = number_area_code(input->reference->numbers, hinted);
    if (area && local_is_valid(area, line->local)) {
        struct slice code = slice_cut(hinted, 1, hinted.length);
        line->national = slice_of(arena_format(input->arena, "%.*s%.*s", SLICE_ARGUMENTS(code),
                                               SLICE_ARGUMENTS(line->local)));
        check_area_number(input, output, line);
        return;
    }
    check_add_finding(output, SEVERITY_WARNING, "area_missing", "The number has no area code.");
    /* A hyphen would make a number of Macao of 8532821 and an extension 2345. */
    const char *extension = line->phone->extension;
    output->value = slice_of(arena_format(input->arena, "%.*s%s%s", SLICE_ARGUMENTS(line->local),
                                          extension[0] ? "#" : "", extension));
    check_add_part(output, "type", SLICE("fixed_line"));
    check_add_part(output, "number", slice_cut(output->value, 0, line->local.length));
    check_add_part(output, "region", SLICE("CN"));
    if (line->phone->extension[0])
        check_add_part(output, "extension",
                       arena_copy(input->arena, slice_of(line->phone->extension)));
}

/* 7 or 8 digits that begin with 1 are services with a number of their own (16812345). */
static void check_short_number(const struct check_input *input, struct check_output *output,
                               struct line *line)
{
    const char *type =
        number_landline_type(input->reference->numbers, PHONE_CN, line->national, input->matcher);
    bool has_area = type && strcmp(type, "fixed_line") == 0; /* +861095588: 010-95588 */
    if (has_area && line->phone->plus) {
        check_area_number(input, output, line);
        return;
    }
    if (!type || has_area) {
        refuse(output, "format", "No subscriber's number begins with 1.");
        return;
    }
    check_add_finding(output, SEVERITY_WARNING, "service",
                      "A service number belongs to no customer.");
    finish(input, output, line, type);
}

static void check_mainland(const struct check_input *input, struct check_output *output,
                           const struct phone *phone, struct slice national)
{
    struct line line = {.phone = phone, .national = national, .local = national};
    bool trunk = phone->digits[0] == '0' || phone->plus;
    if (phone_mobile_use(input->reference->numbers, national) != MOBILE_NONE) {
        refuse(output, "mobile", "This is a mobile's number.");
    } else if (trunk ? national.length >= LOCAL_DIGITS_LEAST
                     : national.length > LOCAL_DIGITS_MOST) {
        bool service = trunk && national.length <= LOCAL_DIGITS_MOST && national.data[0] == '1';
        if (service && phone->plus)
            check_short_number(input, output, &line);
        else
            check_area_number(input, output, &line);
    } else if (national.length < LOCAL_DIGITS_LEAST) {
        bool service = !trunk && national.length < SERVICE_DIGITS_MOST && national.length > 2;
        refuse(output, service ? "service" : "length",
               service ? "A service number belongs to no customer." : "The number is too short.");
    } else if (national.data[0] == '1') {
        check_short_number(input, output, &line);
    } else {
        check_local_number(input, output, &line);
    }
}

static void check_elsewhere(const struct check_input *input, struct check_output *output,
                            const struct phone *phone, enum phone_region region,
                            struct slice national)
{
    const struct number_tables *tables = input->reference->numbers;
    const char *type = number_landline_type(tables, region, national, input->matcher);
    if (!type && number_is_mobile(tables, region, national, input->matcher)) {
        refuse(output, "mobile", "This is a mobile's number.");
    } else if (!type) {
        refuse(output, "format", "This is not a number of its region.");
    } else {
        phone_add_parts(input, output, phone, region, national, type);
        output->value =
            phone_with_extension(input->arena, phone_e164(input->arena, region, national), phone);
    }
}

static void accept_foreign(const struct check_input *input, struct check_output *output,
                           struct slice digits)
{
    enum { DIGITS_LEAST = 8, DIGITS_MOST = 15 }; /* E.164, with country code */
    if (digits.length < DIGITS_LEAST || digits.length > DIGITS_MOST || digits.data[0] == '0') {
        refuse(output, "format", "This is not an international number (8 to 15 digits).");
        return;
    }
    check_add_finding(output, SEVERITY_WARNING, "foreign",
                      "A number of another country; only its length has been looked at.");
    output->value = slice_of(arena_format(input->arena, "+%.*s", SLICE_ARGUMENTS(digits)));
    check_add_part(output, "type", SLICE("foreign"));
    check_add_part(output, "e164", output->value);
}

/* Whether the first `count` digits are a number of their region. */
static bool is_whole(const struct check_input *input, const struct phone *phone, size_t count)
{
    const struct number_tables *tables = input->reference->numbers;
    struct phone shorter = *phone;
    struct slice national = {0};
    shorter.count = count;
    shorter.digits[count] = '\0';
    enum phone_region region = phone_region(&shorter, input->format, &national);
    if (region == PHONE_REGIONS)
        return false;
    bool local = region == PHONE_CN && !phone->plus && shorter.digits[0] > '1' &&
                 count >= LOCAL_DIGITS_LEAST && count <= LOCAL_DIGITS_MOST;
    return local || number_landline_type(tables, region, national, input->matcher) ||
           number_is_mobile(tables, region, national, input->matcher);
}

/* 021-62345678-8001: what stands behind the last hyphen is an extension when only without it the
 * number is whole. */
static void cut_hyphen_extension(const struct check_input *input, struct phone *phone)
{
    size_t group = phone->last_group;
    if (phone->extension[0] || group == 0 || group > PHONE_EXTENSION_MAX || phone->count <= group ||
        is_whole(input, phone, phone->count) || !is_whole(input, phone, phone->count - group))
        return;
    phone_cut_extension(phone);
}

void landline_check(const struct check_input *input, struct check_output *output,
                    struct phone *phone)
{
    if (phone_is_one_digit(slice_make(phone->digits, phone->count))) {
        refuse(output, "placeholder", "A number that is typed when there is none.");
        return;
    }
    cut_hyphen_extension(input, phone);
    struct slice national = {0};
    enum phone_region region = phone_region(phone, input->format, &national);
    if (region == PHONE_CN)
        check_mainland(input, output, phone, national);
    else if (region == PHONE_REGIONS)
        accept_foreign(input, output, national);
    else
        check_elsewhere(input, output, phone, region, national);
}

static void landline_run(const struct check_input *input, struct check_output *output)
{
    struct phone phone;
    phone_read(input->value, &phone);
    if (phone.flaw) {
        refuse(output, phone.flaw, phone.flaw_message);
        return;
    }
    landline_check(input, output, &phone);
    phone_add_findings(&phone, output);
}

const struct check check_landline = {.name = "landline", .run = landline_run};
