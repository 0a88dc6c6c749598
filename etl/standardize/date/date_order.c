#include "cust360/base/text.h"
#include "cust360/standardize_dates.h"
#include "standardize/checks.h"
#include "standardize/rule/rules.h"

/* A number of up to `most` digits at *position; how many it has. */
static size_t read_number(struct slice text, size_t *position, size_t most, int *number)
{
    size_t digits = 0;
    *number = 0;
    while (*position < text.length && text_is_digit_byte(text.data[*position]) && digits <= most) {
        *number = *number * 10 + (text.data[(*position)++] - '0');
        digits++;
    }
    return digits;
}

static bool read_separator(struct slice text, size_t *position, char *separator)
{
    if (*position >= text.length || !strchr("/-.", text.data[*position]) ||
        text.data[*position] == '\0')
        return false;
    char found = text.data[(*position)++];
    bool same = *separator == '\0' || *separator == found;
    *separator = found;
    return same;
}

/* Two numbers of one or two digits and a year of four, with the same mark between them. */
static bool read_shape(struct slice text, int *first, int *second)
{
    enum { SHORT_DIGITS = 2, YEAR_DIGITS = 4 };
    size_t position = 0;
    char separator = '\0';
    int *numbers[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        size_t digits = read_number(text, &position, SHORT_DIGITS, numbers[i]);
        if (digits == 0 || digits > SHORT_DIGITS || !read_separator(text, &position, &separator))
            return false;
    }
    int year = 0;
    return read_number(text, &position, YEAR_DIGITS, &year) == YEAR_DIGITS;
}

void date_tally_add(struct date_tally *tally, struct slice text)
{
    enum { MONTHS = 12, DAYS = 31 };
    int first = 0;
    int second = 0;
    if (!read_shape(text, &first, &second) || first == second)
        return;
    if (first < 1 || second < 1 || first > DAYS || second > DAYS)
        return;
    if (first <= MONTHS && second <= MONTHS)
        tally->either++;
    else if (second <= MONTHS)
        tally->day_first++;
    else if (first <= MONTHS)
        tally->month_first++;
}

const char *date_tally_order(const struct date_tally *tally)
{
    enum { SLIPS = 49 }; /* so many times as often as the other */
    if (tally->day_first > SLIPS * tally->month_first)
        return "d/m/y";
    return tally->month_first > SLIPS * tally->day_first ? "m/d/y" : NULL;
}

bool rules_read_dates(const struct rules *rules, const char *kind)
{
    const struct rule *rule = rules_find(rules, kind);
    for (size_t i = 0; rule && i < rule->step_count; i++) {
        const struct check *check = rule->steps[i].kind == STEP_CHECK ? rule->steps[i].check : NULL;
        if (check == &check_date || check == &check_date_time)
            return true;
    }
    return false;
}
