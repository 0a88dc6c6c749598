/* Spreadsheets' dates: days since an epoch, the time as their fraction.
 *
 * The system of 1900 counts a 29 February 1900 that never was, as day 60; that of 1904 begins four
 * years and a day later. */
#include "standardize/date/date_read.h"

#include "cust360/base/text.h"

enum {
    EPOCH_1900_DAYS = -25569, /* 1899-12-30 in days since 1970, for days from 61 on */
    EPOCH_1904_DAYS = -24107, /* 1904-01-01 */
    FALSE_LEAP_DAY = 60,      /* 1900-02-29 */
    SERIAL_MOST = 73050,      /* end of 2099 */
    UNHINTED_DIGITS = 5,      /* no other form of a date has as many */
    UNHINTED_LEAST = 10000,   /* May 1927 */
    SECONDS_A_DAY = 86400,
    SERIAL_DIGITS_MOST = 6
};

static bool has_hint(const char *format, const char *hint)
{
    return format && strcasecmp(format, hint) == 0;
}

/* Digits, and perhaps a point and digits; *whole: how many stand before the point. */
static bool is_serial_shape(struct slice text, size_t *whole)
{
    size_t i = 0;
    while (i < text.length && text_is_digit_byte(text.data[i]))
        i++;
    *whole = i;
    if (i == 0 || i > SERIAL_DIGITS_MOST)
        return false;
    if (i == text.length)
        return true;
    if (text.data[i++] != '.')
        return false;
    while (i < text.length && text_is_digit_byte(text.data[i]))
        i++;
    return i == text.length;
}

static void read_fraction(struct slice digits, int32_t *days, struct moment *moment)
{
    double fraction = 0;
    double place = 0.1;
    for (size_t i = 0; i < digits.length; i++, place /= 10)
        fraction += (digits.data[i] - '0') * place;
    int seconds = (int)(fraction * SECONDS_A_DAY + 0.5);
    if (seconds == SECONDS_A_DAY) {
        seconds = 0;
        ++*days;
    }
    moment->hour = seconds / 3600;
    moment->minute = seconds / 60 % 60;
    moment->second = seconds % 60;
}

static void set_flaw(struct moment *moment, const char *code, const char *message)
{
    moment->flaw = code;
    moment->flaw_message = message;
}

static void set_serial(int32_t serial, int32_t days, bool from_1904, struct moment *moment)
{
    if (serial > SERIAL_MOST || (serial == 0 && !from_1904))
        set_flaw(moment, "format", "This is not a date: no spreadsheet counts these days.");
    else if (serial == FALSE_LEAP_DAY && !from_1904)
        set_flaw(moment, "date", "There is no such day: 1900 had no 29 February.");
    else if (from_1904)
        moment->date = date_from_days(days + EPOCH_1904_DAYS);
    else
        moment->date = date_from_days(days + EPOCH_1900_DAYS + (serial < FALSE_LEAP_DAY));
}

bool moment_read_serial(struct slice text, const char *format, struct moment *moment)
{
    size_t whole = 0;
    bool from_1904 = has_hint(format, "excel1904");
    bool hinted = from_1904 || has_hint(format, "excel");
    if (!is_serial_shape(text, &whole) || (!hinted && (format || whole != UNHINTED_DIGITS)))
        return false;
    int32_t serial = 0;
    for (size_t i = 0; i < whole; i++)
        serial = serial * 10 + (text.data[i] - '0');
    if (!hinted && serial < UNHINTED_LEAST)
        return false;
    int32_t days = serial;
    if (whole < text.length)
        read_fraction(slice_cut(text, whole + 1, text.length), &days, moment);
    moment->serial_guess = !hinted;
    set_serial(serial, days, from_1904, moment);
    return true;
}
