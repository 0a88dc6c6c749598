#include "cust360/base/date.h"
#include "cust360/base/text.h"
#include "standardize/checks.h"

/* A time with a zone other than China's is another time in China: 23:30Z is 07:30 the next day. All
 * of China keeps +08:00, and so do Hong Kong, Macao and Taiwan. */

enum {
    CHINA_MINUTES = 8 * 60,
    HOUR_MINUTES = 60,
    DAY_MINUTES = 24 * 60,
    ZONE_MINUTES_MOST = 14 * 60,
    DAY_BYTES = DATE_TEXT_BYTES - 1,
    CLOCK_BYTES = 6 /* T14:30 */
};

/* Two digits; -1: they are none. */
static int two_digits(struct slice text, size_t at)
{
    if (at + 2 > text.length || !text_is_digit_byte(text.data[at]) ||
        !text_is_digit_byte(text.data[at + 1]))
        return -1;
    return (text.data[at] - '0') * 10 + text.data[at + 1] - '0';
}

/* +08:00, +0800, +08: the sign is there; false: it is none of these. */
static bool read_offset(struct slice text, int *minutes)
{
    bool is_short = text.length == 3;
    bool has_colon = text.length == 6 && text.data[3] == ':';
    if (!is_short && !has_colon && text.length != 5)
        return false;
    int hours = two_digits(text, 1);
    int rest = is_short ? 0 : two_digits(text, has_colon ? 4 : 3);
    *minutes = hours * HOUR_MINUTES + rest;
    return hours >= 0 && rest >= 0 && rest < HOUR_MINUTES && *minutes <= ZONE_MINUTES_MOST;
}

/* What follows from `at` to the text's end, as minutes east of Greenwich. */
static bool read_zone(struct slice text, size_t at, int *minutes)
{
    struct slice zone = slice_cut(text, at, text.length);
    char sign = zone.data[0];
    *minutes = 0;
    if (zone.length == 1)
        return sign == 'Z' || sign == 'z';
    if ((sign != '+' && sign != '-') || !read_offset(zone, minutes))
        return false;
    *minutes = sign == '-' ? -*minutes : *minutes;
    return true;
}

/* Where the zone of 2013-08-05T14:30, :05 and .123 behind it or not, begins; the text's length:
 * there is none. */
static size_t find_zone(struct slice text)
{
    size_t at = DAY_BYTES + CLOCK_BYTES;
    while (at < text.length && (text_is_digit_byte(text.data[at]) || text.data[at] == ':' ||
                                text.data[at] == '.' || text.data[at] == ','))
        at++;
    while (at < text.length && text.data[at] == ' ')
        at++;
    return at < text.length ? at : text.length;
}

/* Only what is a time of ISO 8601 with a zone is changed; all else is for others to read. */
static void china_time_run(const struct check_input *input, struct check_output *output)
{
    struct slice text = input->value;
    int32_t days = 0;
    int zone_minutes = 0;
    if (text.length <= DAY_BYTES + CLOCK_BYTES || !date_parse(slice_cut(text, 0, DAY_BYTES), &days))
        return;
    size_t zone = find_zone(text);
    int hour = two_digits(text, DAY_BYTES + 1);
    int minute = two_digits(text, DAY_BYTES + 4);
    if (hour < 0 || minute < 0 || hour * HOUR_MINUTES + minute >= DAY_MINUTES ||
        text.data[DAY_BYTES + 3] != ':' || zone == text.length ||
        !read_zone(text, zone, &zone_minutes) || zone_minutes == CHINA_MINUTES)
        return;
    int now = hour * HOUR_MINUTES + minute + CHINA_MINUTES - zone_minutes;
    int passed = now < 0 ? -1 : now / DAY_MINUTES;
    now -= passed * DAY_MINUTES;
    char *copy = arena_allocate_bytes(input->arena, zone + 1);
    memcpy(copy, text.data, zone);
    date_format(days + passed, copy);
    copy[DAY_BYTES] = text.data[DAY_BYTES];
    copy[DAY_BYTES + 1] = (char)('0' + now / HOUR_MINUTES / 10);
    copy[DAY_BYTES + 2] = (char)('0' + now / HOUR_MINUTES % 10);
    copy[DAY_BYTES + 4] = (char)('0' + now % HOUR_MINUTES / 10);
    copy[DAY_BYTES + 5] = (char)('0' + now % HOUR_MINUTES % 10);
    copy[zone] = '\0';
    output->value = slice_make(copy, zone);
}

const struct check check_china_time = {.name = "china_time", .run = china_time_run};
