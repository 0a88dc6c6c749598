#include "standardize/phone/phone.h"

#include "cust360/base/text.h"

enum { WHOLE_NUMBER_DIGITS = 7, CARRIER_DIGITS = 5, MOBILE_DIGITS = 11 };

size_t phone_count_digits(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text_is_digit_byte(text.data[i]);
    return count;
}

/* Bytes of a mark between two numbers at `position`; a space is one only between whole numbers,
 * which the caller sees to. */
static size_t divider_bytes(struct slice text, size_t position)
{
    static const char *const dividers[] = {"/", ";",  ",",  "|",  "\\", "&",  "+",
                                           " ", "、", "，", "；", "或", "和", "及"};
    struct slice rest = slice_cut(text, position, text.length);
    for (size_t i = 0; i < sizeof(dividers) / sizeof(dividers[0]); i++) {
        if (slice_starts_with(rest, slice_of(dividers[i])))
            return strlen(dividers[i]);
    }
    return 0;
}

/* Whether the words on either side of a space are whole numbers: behind it a mobile, a number with
 * its area code, or a local one after another local or a long one. 138 1234 5678 is one number. */
static bool parts_whole_numbers(struct slice before, struct slice behind)
{
    enum { AREA_DIGITS = 10, LOCAL_DIGITS = 8 };
    const char *space = memrchr(before.data, ' ', before.length);
    size_t start = space ? (size_t)(space - before.data) : 0;
    ptrdiff_t end = slice_find(behind, SLICE(" "));
    size_t digits = phone_count_digits(slice_cut(behind, 0, end < 0 ? behind.length : (size_t)end));
    size_t digits_before = phone_count_digits(slice_cut(before, start, before.length));
    if (behind.length == 0 || digits < WHOLE_NUMBER_DIGITS || digits_before < WHOLE_NUMBER_DIGITS)
        return false;
    char first = behind.data[0];
    return (first == '1' && digits == MOBILE_DIGITS) || (first == '0' && digits >= AREA_DIGITS) ||
           (first >= '2' && digits <= LOCAL_DIGITS &&
            (digits_before == digits || digits_before >= AREA_DIGITS));
}

/* 1381234567813912345678: two mobiles with nothing between. */
static bool is_two_mobiles(struct slice text)
{
    return text.length == 2 * MOBILE_DIGITS && phone_count_digits(text) == text.length &&
           text.data[0] == '1' && text.data[1] > '2' && text.data[MOBILE_DIGITS] == '1' &&
           text.data[MOBILE_DIGITS + 1] > '2';
}

/* The number behind a divider, which may be doubled (//). */
static struct slice behind_dividers(struct slice text)
{
    while (text.length > 0 && text.data[0] != '+' && divider_bytes(text, 0) > 0)
        text = slice_cut(text, divider_bytes(text, 0), text.length);
    return text;
}

/* Two numbers in one field: cuts `text` to the first and returns the second. */
static struct slice cut_second(struct slice *text)
{
    if (phone_count_digits(*text) < 2 * WHOLE_NUMBER_DIGITS)
        return slice_make(NULL, 0);
    if (is_two_mobiles(*text)) {
        struct slice second = slice_cut(*text, MOBILE_DIGITS, text->length);
        *text = slice_cut(*text, 0, MOBILE_DIGITS);
        return second;
    }
    for (size_t i = 1; i < text->length; i++) {
        size_t bytes = divider_bytes(*text, i);
        struct slice before = slice_cut(*text, 0, i);
        struct slice behind = slice_cut(*text, i + bytes, text->length);
        if (bytes == 0 || phone_count_digits(before) < WHOLE_NUMBER_DIGITS ||
            phone_count_digits(behind) < WHOLE_NUMBER_DIGITS ||
            (text->data[i] == ' ' && !parts_whole_numbers(before, behind)))
            continue;
        *text = before;
        return behind_dividers(behind);
    }
    return slice_make(NULL, 0);
}

/* Bytes of a mark before an extension at `position`, or 0. */
static size_t extension_bytes(struct slice text, size_t position)
{
    static const char *const marks[] = {"内线", "內線",      ";ext=", "转",  "轉",  "分机",
                                        "分機", "extension", "ext.",  "ext", "Ext", "EXT",
                                        "#",    "*",         "x",     ",",   "~"};
    struct slice rest = slice_cut(text, position, text.length);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (slice_starts_with(rest, slice_of(marks[i])))
            return strlen(marks[i]);
    }
    return 0;
}

bool phone_set_flaw(struct phone *phone, const char *code, const char *message)
{
    phone->flaw = code;
    phone->flaw_message = message;
    return false;
}

/* The digits behind an extension's mark, with nothing but spaces, colons and dots between. */
static bool read_extension(struct phone *phone, struct slice text)
{
    size_t count = 0;
    size_t start = 0;
    for (size_t bytes = 1; bytes > 0; start += bytes) /* ", 分机12" */
        bytes = start < text.length && text.data[start] == ' ' ? 1 : extension_bytes(text, start);
    for (size_t i = start; i < text.length; i++) {
        char byte = text.data[i];
        if (text_is_digit_byte(byte) && count < PHONE_EXTENSION_MAX)
            phone->extension[count++] = byte;
        else if (text_is_digit_byte(byte) || !strchr(" :.-", byte) || byte == '\0')
            return phone_set_flaw(phone, "format",
                                  "The extension is not a number of up to 6 digits.");
    }
    phone->extension[count] = '\0';
    return true;
}

static bool unknown_sign(struct phone *phone, char byte)
{
    if (byte == 'O' || byte == 'o' || byte == 'l' || byte == 'I')
        return phone_set_flaw(phone, "format", "A letter stands for a digit (O for 0, l for 1).");
    return phone_set_flaw(phone, "format", "This is not a phone number.");
}

/* Bytes of a hyphen, a dash or a raised dot at `position`; a bracket behind a whole number is one
 * too: 021-62345678(801). */
static size_t dash_bytes(const struct phone *phone, struct slice text, size_t position)
{
    char byte = text.data[position];
    if (byte == '-' || (byte == '(' && phone->count >= WHOLE_NUMBER_DIGITS))
        return 1;
    if ((unsigned char)byte < 0x80)
        return 0;
    static const char *const dashes[] = {"‐", "‑", "‒", "–", "—", "―", "−", "·", "•", "ー"};
    struct slice rest = slice_cut(text, position, text.length);
    for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
        if (slice_starts_with(rest, slice_of(dashes[i])))
            return strlen(dashes[i]);
    }
    return 0;
}

/* What stands between groups of digits. A stroke is one in 138/1234/5678; in 0536-812345/6 another
 * number follows it. */
static bool is_group_mark(struct slice text, size_t position)
{
    enum { GROUP_DIGITS_LEAST = 3 };
    if (text.data[position] != '/')
        return text.data[position] != '\0' && strchr(" .()_", text.data[position]);
    size_t digits = 0;
    while (position + 1 + digits < text.length &&
           text_is_digit_byte(text.data[position + 1 + digits]))
        digits++;
    return digits >= GROUP_DIGITS_LEAST;
}

static bool read_digits(struct phone *phone, struct slice text)
{
    size_t hyphen = 0; /* digits before the last one */
    bool hyphened = false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        size_t dash = dash_bytes(phone, text, i);
        if (text_is_digit_byte(byte)) {
            if (phone->count == PHONE_DIGITS_MAX)
                return phone_set_flaw(phone, "length", "The number has too many digits.");
            phone->digits[phone->count++] = byte;
        } else if (dash > 0) {
            hyphen = phone->count;
            hyphened = true;
            i += dash - 1;
        } else if (byte == '+' && phone->count == 0) {
            phone->plus = true;
        } else if (!is_group_mark(text, i)) {
            size_t mark = phone->count >= WHOLE_NUMBER_DIGITS ? extension_bytes(text, i) : 0;
            if (mark == 0)
                return unknown_sign(phone, byte);
            if (!read_extension(phone, slice_cut(text, i + mark, text.length)))
                return false;
            break;
        }
    }
    phone->last_group = hyphened ? phone->count - hyphen : 0;
    return true;
}

/* A spreadsheet's number: 13812345678.0 */
static struct slice cut_fraction(struct slice text)
{
    bool fraction = slice_ends_with(text, SLICE(".0")) || slice_ends_with(text, SLICE(".00"));
    if (!fraction || phone_count_digits(text) < MOBILE_DIGITS)
        return text;
    return slice_cut(text, 0,
                     (size_t)((const char *)memrchr(text.data, '.', text.length) - text.data));
}

/* Whether letters that look like digits follow a digit at once: 1381234567O. */
static bool is_typed_for_digits(struct slice rest)
{
    return rest.length > 0 && strchr("OolI", rest.data[0]) && rest.data[0] != '\0';
}

/* What people write before and behind a number: 13812345678(张先生), 张13812345678, 13812345678/.
 */
static struct slice cut_remarks(struct phone *phone, struct slice text)
{
    size_t first = 0;
    while (first < text.length && !text_is_digit_byte(text.data[first]) &&
           !strchr("+(", text.data[first]))
        first++;
    size_t last = text.length;
    while (last > first && !text_is_digit_byte(text.data[last - 1]))
        last--;
    struct slice rest = slice_cut(text, last, text.length);
    if (last == first || is_typed_for_digits(rest))
        return text;
    for (size_t i = 0; i < rest.length; i++)
        phone->remark =
            phone->remark || rest.data[i] == '\0' || !strchr(" .,;)-_/\"'", rest.data[i]);
    for (size_t i = 0; i < first; i++)
        phone->remark = phone->remark || text.data[i] == '\0' || !strchr(" -/.\"'", text.data[i]);
    return slice_cut(text, first, last);
}

/* Most numbers are digits and nothing else. */
static bool read_plain(struct slice text, struct phone *phone)
{
    if (text.length == 0 || text.length > MOBILE_DIGITS || phone_count_digits(text) != text.length)
        return false;
    memcpy(phone->digits, text.data, text.length);
    phone->digits[text.length] = '\0';
    phone->count = text.length;
    return true;
}

/* Carrier codes of mainland networks (17951, 12593, 11808 …) before a whole number. */
static bool has_carrier(struct slice digits)
{
    if (digits.length <= MOBILE_DIGITS + 1 || digits.data[0] != '1')
        return false;
    bool coded = digits.data[1] == '1' || digits.data[1] == '2' ||
                 slice_starts_with(digits, SLICE("10193")) ||
                 (digits.data[1] == '7' && digits.data[2] == '9');
    struct slice behind = slice_cut(digits, CARRIER_DIGITS, digits.length);
    return coded &&
           (behind.data[0] == '0' || (behind.data[0] == '1' && behind.length == MOBILE_DIGITS));
}

/* 00, also behind a carrier code (1795100852…): an international number. */
static void cut_international_prefix(struct phone *phone)
{
    struct slice digits = slice_make(phone->digits, phone->count);
    size_t prefix = has_carrier(digits) ? CARRIER_DIGITS : 0;
    if (phone->plus || phone->count - prefix <= MOBILE_DIGITS ||
        memcmp(phone->digits + prefix, "00", 2) != 0)
        return;
    phone->plus = true;
    phone->count -= prefix + 2;
    memmove(phone->digits, phone->digits + prefix + 2, phone->count);
}

void phone_read(struct slice text, struct phone *phone)
{
    memset(phone, 0, sizeof(*phone));
    if (read_plain(text, phone) || !phone_is_undamaged(phone, text) || phone->count > 0)
        return;
    text = cut_remarks(phone, text);
    phone->other = cut_second(&text);
    if (!read_digits(phone, cut_fraction(text)))
        return;
    if (phone->count == 0) {
        phone_set_flaw(phone, "format", "This is not a phone number.");
    } else {
        cut_international_prefix(phone);
    }
    phone->digits[phone->count] = '\0';
}

/* 146 and 148 begin numbers of either length. */
enum mobile_use phone_mobile_use(const struct number_tables *tables, struct slice national)
{
    enum { MACHINE_DIGITS = 13 };
    if (national.length != MOBILE_DIGITS && national.length != MACHINE_DIGITS)
        return MOBILE_NONE;
    enum mobile_use use = number_mobile_use(tables, national.data);
    if (national.length == MOBILE_DIGITS)
        return use == MOBILE_MACHINE_13 ? MOBILE_NONE : use;
    return use == MOBILE_MACHINE || use == MOBILE_MACHINE_13 ? MOBILE_MACHINE_13 : MOBILE_NONE;
}

static const char *const country_codes[PHONE_REGIONS] = {"86", "852", "853", "886"};
static const char *const region_names[PHONE_REGIONS] = {"CN", "HK", "MO", "TW"};

const char *phone_country_code(enum phone_region region)
{
    return country_codes[region];
}

static char *put(char *to, struct slice text)
{
    if (text.length > 0)
        memcpy(to, text.data, text.length);
    return to + text.length;
}

/* Without printf: every number goes through here. */
struct slice phone_join(struct arena *arena, struct slice first, struct slice second,
                        struct slice third)
{
    size_t bytes = first.length + second.length + third.length;
    char *text = arena_allocate_bytes(arena, bytes + 1);
    *put(put(put(text, first), second), third) = '\0';
    return slice_make(text, bytes);
}

struct slice phone_e164(struct arena *arena, enum phone_region region, struct slice national)
{
    return phone_join(arena, SLICE("+"), slice_of(country_codes[region]), national);
}

struct slice phone_with_extension(struct arena *arena, struct slice number,
                                  const struct phone *phone)
{
    if (!phone->extension[0])
        return number;
    return phone_join(arena, number, SLICE("-"), slice_of(phone->extension));
}

void phone_add_parts(const struct check_input *input, struct check_output *output,
                     const struct phone *phone, enum phone_region region, struct slice national,
                     const char *type)
{
    struct slice e164 = phone_e164(input->arena, region, national);
    check_add_part(output, "type", slice_of(type));
    check_add_part(output, "e164", e164);
    struct slice dialled = slice_cut(e164, e164.length - national.length, e164.length);
    bool trunk = region == PHONE_TW || (region == PHONE_CN && strcmp(type, "fixed_line") == 0);
    if (trunk)
        dialled = phone_join(input->arena, SLICE("0"), SLICE(""), national);
    check_add_part(output, "national", dialled);
    check_add_part(output, "region", slice_of(phone_region_name(region)));
    if (phone->extension[0])
        check_add_part(output, "extension", arena_copy(input->arena, slice_of(phone->extension)));
}

void phone_cut_extension(struct phone *phone)
{
    size_t group = phone->last_group;
    phone->count -= group;
    memcpy(phone->extension, phone->digits + phone->count, group);
    phone->extension[group] = '\0';
    phone->digits[phone->count] = '\0';
    phone->last_group = 0;
}

bool phone_is_one_digit(struct slice digits)
{
    for (size_t i = 1; i < digits.length; i++) {
        if (digits.data[i] != digits.data[0])
            return false;
    }
    return true;
}

const char *phone_region_name(enum phone_region region)
{
    return region_names[region];
}

static enum phone_region hinted_region(const char *format)
{
    for (size_t region = 0; format && region < PHONE_REGIONS; region++) {
        if (strcasecmp(format, region_names[region]) == 0)
            return (enum phone_region)region;
    }
    return PHONE_CN;
}

static struct slice cut_trunk(struct slice digits)
{
    if (has_carrier(digits))
        digits = slice_cut(digits, CARRIER_DIGITS, digits.length);
    if (digits.length > 1 && digits.data[0] == '0')
        return slice_cut(digits, 1, digits.length);
    return digits;
}

/* Country codes that are typed without + or 00, told by the number of digits behind them: no
 * number of the mainland begins so and is as long. */
static enum phone_region bare_country(struct slice digits)
{
    enum { CN_LEAST = 11, CN_MOST = 13, HK_DIGITS = 11, TW_LEAST = 11, TW_MOST = 12 };
    if (digits.length >= CN_LEAST && digits.length <= CN_MOST &&
        slice_starts_with(digits, SLICE("86")))
        return PHONE_CN;
    if (digits.length == HK_DIGITS && slice_starts_with(digits, SLICE("852")))
        return PHONE_HK;
    if (digits.length == HK_DIGITS && slice_starts_with(digits, SLICE("853")))
        return PHONE_MO;
    if (digits.length >= TW_LEAST && digits.length <= TW_MOST &&
        slice_starts_with(digits, SLICE("886")))
        return PHONE_TW;
    return PHONE_REGIONS;
}

/* 09 and eight digits are a mobile of Taiwan: mainland area codes take seven. */
static bool is_taiwan_mobile(struct slice digits)
{
    enum { TW_NATIONAL_DIGITS = 10 };
    return digits.length == TW_NATIONAL_DIGITS && slice_starts_with(digits, SLICE("09"));
}

enum phone_region phone_region(const struct phone *phone, const char *format,
                               struct slice *national)
{
    struct slice digits = slice_make(phone->digits, phone->count);
    enum phone_region hinted = hinted_region(format);
    enum phone_region region = hinted;
    enum phone_region bare = bare_country(digits);
    size_t code_digits = 0;
    if (phone->plus) {
        for (region = PHONE_CN; region < PHONE_REGIONS; region++) {
            if (slice_starts_with(digits, slice_of(country_codes[region])))
                break;
        }
        code_digits = region < PHONE_REGIONS ? strlen(country_codes[region]) : 0;
    } else if (bare < PHONE_REGIONS) {
        region = bare;
        code_digits = strlen(country_codes[region]);
    } else if (hinted == PHONE_CN && is_taiwan_mobile(digits)) {
        region = PHONE_TW;
    }
    *national = slice_cut(digits, code_digits, digits.length);
    /* Hong Kong and Macao have no trunk 0. */
    if (region == PHONE_CN || region == PHONE_TW)
        *national = cut_trunk(*national);
    return region;
}

void phone_add_findings(const struct phone *phone, struct check_output *output)
{
    if (phone->other.length > 0) {
        check_add_finding(output, SEVERITY_WARNING, "several",
                          "There is more than one number; the first is kept.");
        check_add_part(output, "other", phone->other);
    }
    if (phone->remark)
        check_add_finding(output, SEVERITY_WARNING, "remark",
                          "There are words beside the number; they were left out.");
}
