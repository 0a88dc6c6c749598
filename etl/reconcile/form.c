#include "reconcile/form.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/text.h"

#include <math.h>
#include <stdlib.h>

/* ---- the same text, written otherwise ---- */

static bool is_blank(uint32_t character)
{
    return character <= ' ' || character == 0xA0 || character == 0x3000 || character == 0xFEFF ||
           (character >= 0x2000 && character <= 0x200F);
}

/* The Latin letters from U+00C0 to U+017F without their accents. */
static const char PLAIN_LETTERS[] =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

enum { LETTERS_FIRST = 0xC0, LETTERS_LAST = 0x17F, WIDE_FIRST = 0xFF01, WIDE_LAST = 0xFF5E };

/* Full width is made half width, capitals small, and with `plain` accents are left out. */
static uint32_t fold_character(uint32_t character, bool plain)
{
    enum { CAPITALS_LAST = 0xDE, TO_SMALL = 0x20, WIDE_TO_ASCII = WIDE_FIRST - '!' };
    if (character >= WIDE_FIRST && character <= WIDE_LAST)
        character -= WIDE_TO_ASCII;
    if (plain && character >= LETTERS_FIRST && character <= LETTERS_LAST)
        character = (uint32_t)(unsigned char)PLAIN_LETTERS[character - LETTERS_FIRST];
    bool capital = (character >= 'A' && character <= 'Z') ||
                   (character >= LETTERS_FIRST && character <= CAPITALS_LAST);
    return capital ? character + TO_SMALL : character;
}

static void fold(struct slice text, bool plain, struct buffer *folded)
{
    size_t position = 0;
    while (position < text.length) {
        uint32_t character = text_next(text, &position);
        if (!is_blank(character))
            text_append(folded, fold_character(character, plain));
    }
}

static bool fold_equal(struct slice source, struct slice target, bool plain)
{
    struct buffer was = BUFFER_EMPTY;
    struct buffer is = BUFFER_EMPTY;
    fold(source, plain, &was);
    fold(target, plain, &is);
    bool equal = was.length > 0 && slice_equal(buffer_slice(&was), buffer_slice(&is));
    buffer_release(&was);
    buffer_release(&is);
    return equal;
}

bool form_lacks_accents(struct slice source, struct slice target)
{
    return text_length(target) == target.length && fold_equal(source, target, true) &&
           !fold_equal(source, target, false);
}

/* ---- stars in place of characters ---- */

static bool is_masked(struct slice source, struct slice target)
{
    enum { STARS_LEAST = 2 };
    size_t was = 0;
    size_t is = 0;
    for (size_t i = 0; i < source.length; i++)
        was += source.data[i] == '*';
    for (size_t i = 0; i < target.length; i++)
        is += target.data[i] == '*';
    return is >= was + STARS_LEAST;
}

/* ---- numbers ---- */

static bool zeros_are_lost(struct slice source, struct slice target)
{
    size_t zeros = 0;
    while (zeros < source.length && source.data[zeros] == '0')
        zeros++;
    return zeros > 0 && zeros < source.length && text_is_digit_byte(source.data[zeros]) &&
           slice_equal(slice_cut(source, zeros, source.length), target);
}

/* A number written with digits, at most one point, and a sign or an exponent. */
static bool read_number(struct slice text, double *number)
{
    enum { BYTES_MOST = 40 };
    if (text.length == 0 || text.length > BYTES_MOST)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!text_is_digit_byte(text.data[i]) && !strchr(".+-eE", text.data[i]))
            return false;
    return text_to_number(text, number);
}

static size_t count_significant(struct slice text)
{
    size_t digits = 0;
    size_t zeros = 0;
    for (size_t i = 0; i < text.length && text.data[i] != 'e' && text.data[i] != 'E'; i++) {
        if (!text_is_digit_byte(text.data[i]))
            continue;
        zeros = text.data[i] == '0' ? zeros + (digits > 0) : 0;
        digits += digits > 0 || text.data[i] != '0';
    }
    return digits - zeros;
}

/* The target is the source with fewer digits that are not zero, rounded or cut at one of them. */
static bool is_rounded(struct slice source, struct slice target)
{
    enum { FEWEST = 2, MANY = 5, PLACES_BEHIND = 6, PLACES_BEFORE = 19 };
    double was = 0;
    double is = 0;
    size_t digits = count_significant(source);
    size_t left = count_significant(target);
    /* 15 and 20, 1999 and 2000 are two numbers. */
    if (!read_number(source, &was) || !read_number(target, &is) || digits <= left || left == 0 ||
        (left < FEWEST && digits < MANY))
        return false;
    for (int place = -PLACES_BEHIND; place < PLACES_BEFORE; place++) {
        double unit = pow(10, place);
        double tolerance = fmax(unit, fabs(was)) * 1e-12;
        if (fabs(is - round(was / unit) * unit) <= tolerance ||
            fabs(is - trunc(was / unit) * unit) <= tolerance)
            return true;
    }
    return false;
}

static bool is_same_number(struct slice source, struct slice target)
{
    double was = 0;
    double is = 0;
    return read_number(source, &was) && read_number(target, &is) && was == is &&
           count_significant(source) == count_significant(target);
}

/* ---- dates ---- */

enum { GROUPS = 3 };

/* A date and what stands behind it: three groups of digits, with one sign between. */
struct date_text {
    struct slice groups[GROUPS];
    struct slice rest;
    char sign;
};

static bool read_date(struct slice text, struct date_text *date)
{
    size_t at = 0;
    for (int i = 0; i < GROUPS; i++) {
        size_t begin = at;
        while (at < text.length && text_is_digit_byte(text.data[at]))
            at++;
        date->groups[i] = slice_cut(text, begin, at);
        if (at == begin || at - begin > 4)
            return false;
        if (i + 1 == GROUPS)
            break;
        if (at == text.length || !strchr("-/.", text.data[at]) ||
            (i > 0 && text.data[at] != date->sign))
            return false;
        date->sign = text.data[at++];
    }
    date->rest = slice_cut(text, at, text.length);
    return true;
}

static bool same_digits(struct slice a, struct slice b)
{
    int64_t x = 0;
    int64_t y = 0;
    return text_to_integer(a, &x) && text_to_integer(b, &y) && x == y;
}

/* Day and month have changed places: the year is where it was. */
static bool is_exchanged(const struct date_text *was, const struct date_text *is)
{
    int year = was->groups[0].length == 4 ? 0 : 2;
    int first = year == 0 ? 1 : 0;
    return was->sign == is->sign && slice_equal(was->rest, is->rest) &&
           same_digits(was->groups[year], is->groups[year]) &&
           same_digits(was->groups[first], is->groups[first + 1]) &&
           same_digits(was->groups[first + 1], is->groups[first]) &&
           !same_digits(was->groups[first], was->groups[first + 1]);
}

static int64_t group_number(struct slice group)
{
    int64_t number = 0;
    text_to_integer(group, &number);
    return number;
}

/* Days, with the year first, or behind day and month. */
static bool date_days(const struct date_text *date, bool month_first, int64_t *days)
{
    bool year_first = date->groups[0].length == 4;
    int year = year_first ? 0 : 2;
    int month = year_first || month_first ? year_first : 1;
    int day = year_first ? 2 : !month;
    struct date_parts parts = {.year = (int)group_number(date->groups[year]),
                               .month = (int)group_number(date->groups[month]),
                               .day = (int)group_number(date->groups[day])};
    if (date->groups[year].length != 4 || !date_is_valid(parts))
        return false;
    *days = date_to_days(parts);
    return true;
}

/* Minutes since midnight of "T08:30…" or " 8:30 …"; false: there are none. */
static bool read_minutes(struct slice rest, int64_t *minutes)
{
    enum { HOUR = 60 };
    size_t at = 0;
    int64_t parts[2] = {0, 0};
    while (at < rest.length && (rest.data[at] == ' ' || rest.data[at] == 'T'))
        at++;
    for (int i = 0; i < 2; i++) {
        size_t begin = at;
        while (at < rest.length && text_is_digit_byte(rest.data[at]))
            at++;
        if (at == begin || !text_to_integer(slice_cut(rest, begin, at), &parts[i]) ||
            (i == 0 && (at == rest.length || rest.data[at++] != ':')))
            return false;
    }
    *minutes = parts[0] * HOUR + parts[1];
    return true;
}

/* By a day, or with a time by as many quarters of an hour as there are between zones. */
static bool is_shifted(const struct date_text *was, const struct date_text *is)
{
    enum { DAY = 24 * 60, QUARTER = 15, FARTHEST = 14 * 60 };
    for (int month_first = 0; month_first < 2; month_first++) {
        int64_t days[2];
        int64_t minutes[2];
        if (!date_days(was, month_first, &days[0]) || !date_days(is, month_first, &days[1]))
            continue;
        int64_t apart = days[1] - days[0];
        if (slice_equal(was->rest, is->rest)) {
            if (apart == 1 || apart == -1)
                return true;
            continue;
        }
        if (!read_minutes(was->rest, &minutes[0]) || !read_minutes(is->rest, &minutes[1]))
            continue;
        apart = apart * DAY + minutes[1] - minutes[0];
        if (apart != 0 && llabs(apart) <= FARTHEST && apart % QUARTER == 0)
            return true;
    }
    return false;
}

enum discrepancy_kind form_difference(struct slice source, struct slice target)
{
    struct date_text was;
    struct date_text is;
    if (is_masked(source, target))
        return MASKED;
    if (zeros_are_lost(source, target))
        return ZEROS_LOST;
    if (fold_equal(source, target, false) || is_same_number(source, target))
        return REWRITTEN;
    if (is_rounded(source, target))
        return ROUNDED;
    if (read_date(source, &was) && read_date(target, &is)) {
        if (is_exchanged(&was, &is))
            return DAY_AND_MONTH;
        if (is_shifted(&was, &is))
            return TIME_SHIFTED;
    }
    return CHANGED;
}
