/* Telephone numbers that a spreadsheet or a screen has damaged.
 *
 *   1.38123E+10 ──► its digits are lost        1.3812345678E10 ──► all of them are there
 *   138****5678, 138????5678 ──► masked */
#include "standardize/phone/phone.h"

#include "cust360/base/text.h"

enum { MOBILE_DIGITS = 11 };

/* 0800-123-45*6, 138*1234567: a star in place of one digit, where the digits before it are no
 * number yet that could have an extension. */
static bool hides_a_digit(struct slice text)
{
    enum { SERVICE_DIGITS = 10, LANDLINE_DIGITS_LEAST = 9 };
    const char *star = text.length > 0 ? memchr(text.data, '*', text.length) : NULL;
    if (!star)
        return false;
    size_t position = (size_t)(star - text.data);
    size_t before = phone_count_digits(slice_cut(text, 0, position));
    size_t behind = phone_count_digits(slice_cut(text, position + 1, text.length));
    size_t first = 0;
    while (first < position && !text_is_digit_byte(text.data[first]))
        first++;
    struct slice number = slice_cut(text, first, text.length);
    if (behind == 0)
        return false;
    if (slice_starts_with(number, SLICE("0800")))
        return before < SERVICE_DIGITS;
    if (slice_starts_with(number, SLICE("400")) || slice_starts_with(number, SLICE("800")))
        return before + 1 + behind == SERVICE_DIGITS;
    if (slice_starts_with(number, SLICE("1")))
        return before + 1 + behind == MOBILE_DIGITS;
    return slice_starts_with(number, SLICE("0")) && before < LANDLINE_DIGITS_LEAST;
}

/* Signs that stand for digits that somebody shall not see. */
static bool is_masked(struct slice text)
{
    static const char *const masks[] = {"**", "xxx", "XXX", "??", "###", "●", "××", "■", "＊"};
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        if (slice_find(text, slice_of(masks[i])) >= 0)
            return true;
    }
    return hides_a_digit(text);
}

/* 1.3812E+10: where the exponent begins, or 0. */
static size_t find_exponent(struct slice text)
{
    size_t i = text.length;
    while (i > 0 && text_is_digit_byte(text.data[i - 1]))
        i--;
    bool digits_behind = i < text.length;
    if (i > 0 && text.data[i - 1] == '+')
        i--;
    bool figures = i > 2 && text.data[1] == '.' && text_is_digit_byte(text.data[0]) &&
                   phone_count_digits(slice_cut(text, 0, i - 1)) == i - 2;
    return digits_behind && figures && (text.data[i - 1] == 'E' || text.data[i - 1] == 'e') ? i - 1
                                                                                            : 0;
}

/* A program that writes numbers in full (1.3812345678E10) has kept all eleven digits. */
static bool restore_digits(struct phone *phone, struct slice text, size_t exponent)
{
    struct slice power = slice_cut(text, exponent + 1, text.length);
    struct slice fraction = slice_cut(text, 2, exponent);
    if (power.length > 0 && power.data[0] == '+')
        power = slice_cut(power, 1, power.length);
    while (fraction.length > MOBILE_DIGITS - 1 && fraction.data[fraction.length - 1] == '0')
        fraction.length--;
    if (!slice_equal(power, SLICE("10")) || fraction.length != MOBILE_DIGITS - 1)
        return false;
    phone->digits[0] = text.data[0];
    memcpy(phone->digits + 1, fraction.data, fraction.length);
    phone->digits[MOBILE_DIGITS] = '\0';
    phone->count = MOBILE_DIGITS;
    return true;
}

bool phone_is_undamaged(struct phone *phone, struct slice text)
{
    size_t exponent = find_exponent(text);
    if (exponent > 0 && !restore_digits(phone, text, exponent))
        return phone_set_flaw(phone, "lost_precision",
                              "A spreadsheet has rounded the number; its last digits are lost.");
    if (is_masked(text))
        return phone_set_flaw(phone, "masked", "The number is masked.");
    return true;
}
