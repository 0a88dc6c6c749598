#include "cust360/base/text.h"
#include "profile/judge.h"

#include <stdlib.h>

/* What is asked of the rules, the most telling first. */
static const char *const kinds[] = {"vin",     "identity", "mobile", "email", "plate",
                                    "address", "name",     "date",   "phone"};

enum { KIND_COUNT = sizeof(kinds) / sizeof(*kinds) };

double guess_share(const struct profile_column *column, const char *kind)
{
    if (column->sample_count == 0 && column->guess_count == 0)
        return -1;
    for (size_t i = 0; i < column->guess_count; i++)
        if (strcmp(column->guesses[i].kind, kind) == 0)
            return column->guesses[i].share;
    return 0;
}

static void keep_guess(struct profile_column *column, const char *kind, double share)
{
    const double least = 0.05;
    size_t at = column->guess_count;
    if (share < least)
        return;
    while (at > 0 && column->guesses[at - 1].share < share)
        at--;
    if (at == PROFILE_GUESSES_MOST)
        return;
    size_t kept =
        column->guess_count < PROFILE_GUESSES_MOST ? column->guess_count : PROFILE_GUESSES_MOST - 1;
    memmove(column->guesses + at + 1, column->guesses + at, (kept - at) * sizeof(*column->guesses));
    column->guesses[at] = (struct profile_guess){kind, share};
    column->guess_count = kept + 1;
}

static void ask_rules(struct profile_column *column, const struct profile_judge_of_values *judge)
{
    for (size_t k = 0; k < KIND_COUNT; k++) {
        double sum = 0;
        size_t asked = 0;
        for (size_t i = 0; i < column->sample_count; i++) {
            double answer = judge->judge(judge->context, kinds[k], column->sample[i]);
            if (answer < 0)
                continue;
            sum += answer;
            asked++;
        }
        if (asked)
            keep_guess(column, kinds[k], sum / (double)asked);
    }
}

/* ---- facts ---- */

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static bool has_han(struct slice text)
{
    for (size_t position = 0; position < text.length;)
        if (text_is_han(text_next(text, &position)))
            return true;
    return false;
}

static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text_is_digit_byte(text.data[i]))
            return true;
    return false;
}

/* What the marks of a number tell of its decimals. */
enum number_marks {
    MARKS_NONE,
    MARKS_COMMA,        /* 1.234,50 and 1.234.567: they stand behind a comma */
    MARKS_POINT,        /* 1,234.50 and 1,234,567 */
    MARKS_EITHER_COMMA, /* 1,234 */
    MARKS_EITHER_POINT  /* 1.234 */
};

/* *at: the last mark. */
static enum number_marks marks_of(struct slice value, size_t *at)
{
    enum { GROUP_DIGITS = 3 };
    char last = '\0';
    size_t same = 0;
    bool other = false;
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] == ',' || value.data[i] == '.') {
            other = other || (last && value.data[i] != last);
            same = value.data[i] == last ? same + 1 : 1;
            last = value.data[i];
            *at = i;
        }
    if (!last)
        return MARKS_NONE;
    if (same > 1)
        return last == '.' ? MARKS_COMMA : MARKS_POINT;
    if (!other && value.length - *at == GROUP_DIGITS + 1)
        return last == '.' ? MARKS_EITHER_POINT : MARKS_EITHER_COMMA;
    return last == '.' ? MARKS_POINT : MARKS_COMMA;
}

/* Bytes of a blank or an apostrophe at `position` that parts thousands; 0: there is none. */
static size_t parting_bytes(struct slice value, size_t position, bool decimals)
{
    enum { GROUP_DIGITS = 3 };
    static const char *const marks[] = {"'", "’", " ", "\u00A0", "\u2009", "\u202F"};
    enum { MARKS = sizeof(marks) / sizeof(*marks), APOSTROPHES = 2 };
    struct slice rest = slice_cut(value, position, value.length);
    for (size_t i = 0; i < (decimals ? MARKS : APOSTROPHES); i++) {
        size_t length = strlen(marks[i]);
        size_t digits = 0;
        if (position == 0 || !slice_starts_with(rest, slice_of(marks[i])))
            continue;
        while (length + digits < rest.length && text_is_digit_byte(rest.data[length + digits]))
            digits++;
        return digits == GROUP_DIGITS && text_is_digit_byte(value.data[position - 1]) ? length : 0;
    }
    return 0;
}

/* Digits, and the marks between them: the last one is that of the decimals when it stands behind
 * another sign, or is a comma that is followed by other than three digits, or a point. */
static size_t copy_digits(struct slice value, char *copy, size_t size, char *decimal)
{
    size_t length = 0;
    size_t at = 0;
    enum number_marks marks = marks_of(value, &at);
    bool comma = marks == MARKS_COMMA && value.data[at] == ',';
    bool point = (marks == MARKS_POINT || marks == MARKS_EITHER_POINT) && value.data[at] == '.';
    *decimal = comma ? ',' : point ? '.' : '\0';
    for (size_t i = 0; i < value.length && length + 1 < size; i++) {
        bool mark = value.data[i] == ',' || value.data[i] == '.';
        size_t parting = parting_bytes(value, i, *decimal != '\0');
        if (parting)
            i += parting - 1;
        else if (!mark)
            copy[length++] = value.data[i];
        else if (*decimal && i == at)
            copy[length++] = '.';
    }
    return length;
}

bool value_number(struct slice value, double *number, bool *comma)
{
    enum { NUMBER_BYTES = 40 };
    static const char *const signs[] = {"¥", "￥", "$", "€", "£", "RMB", "CNY"};
    char copy[NUMBER_BYTES];
    char decimal;
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (slice_starts_with(value, slice_of(signs[i])))
            value = slice_trim(slice_cut(value, strlen(signs[i]), value.length));
    *comma = false;
    if (text_to_number(value, number))
        return true;
    if (value.length >= NUMBER_BYTES)
        return false;
    size_t length = copy_digits(value, copy, sizeof(copy), &decimal);
    *comma = decimal == ',';
    return text_to_number(slice_make(copy, length), number);
}

static bool is_serial(struct slice value)
{
    enum { DIGITS = 5, FIRST = 20200, LAST = 60000 };
    double number;
    return value.length >= DIGITS && text_is_digit_byte(value.data[DIGITS - 1]) &&
           (value.length == DIGITS || value.data[DIGITS] == '.') &&
           text_to_number(value, &number) && number >= FIRST && number < LAST;
}

void value_facts_find(const struct profile_column *column, struct value_facts *facts)
{
    enum { CODES_MOST = 60, REPEATED = 3 };
    double numbers[PROFILE_SAMPLE_MOST];
    size_t count = 0;
    size_t han = 0;
    size_t spaced = 0;
    size_t mails = 0;
    size_t digits = 0;
    size_t marks[MARKS_EITHER_POINT + 1] = {0};
    size_t serials = 0;
    memset(facts, 0, sizeof(*facts));
    for (size_t i = 0; i < column->sample_count; i++) {
        struct slice value = column->sample[i];
        bool comma;
        size_t at;
        bool number = value_number(value, &numbers[count], &comma);
        count += number;
        marks[marks_of(value, &at)] += number;
        han += has_han(value);
        serials += is_serial(value);
        spaced += memchr(value.data, ' ', value.length) != NULL;
        mails += memchr(value.data, '@', value.length) != NULL;
        digits += has_digit(value);
    }
    facts->few = column->filled > 0 && column->distinct <= CODES_MOST &&
                 (column->filled >= REPEATED * column->distinct || column->distinct == 1);
    if (column->sample_count == 0)
        return;
    double all = (double)column->sample_count;
    facts->numeric = (double)count / all;
    facts->comma = marks[MARKS_COMMA] > 0 &&
                   marks[MARKS_COMMA] >= marks[MARKS_POINT] + marks[MARKS_EITHER_COMMA];
    facts->dotted = marks[MARKS_EITHER_POINT] > 0 && !marks[MARKS_COMMA] && !marks[MARKS_POINT];
    facts->han = (double)han / all;
    facts->serials = (double)serials / all;
    facts->spaced = (double)spaced / all;
    facts->mails = (double)mails / all;
    facts->digits = (double)digits / all;
    if (count) {
        qsort(numbers, count, sizeof(*numbers), compare_numbers);
        facts->median = numbers[count / 2];
    }
}

/* ---- dates ---- */

/* A format by the most frequent shape; what stands year first is known by itself. */
static const char *format_of_shape(struct slice shape)
{
    static const struct {
        const char *begin;
        const char *format;
    } formats[] = {{"9{4}-", "y-m-d"}, {"9{4}/", "y/m/d"}, {"9{4}.", "y.m.d"},
                   {"9{8}", "ymd"},    {"9{14}", "ymd"},   {"汉{2}9{2,}汉", "roc"},
                   {"汉{2}9", "roc"},  {"9{4}汉", "y-m-d"}};
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
        if (slice_starts_with(shape, slice_of(formats[i].begin)))
            return formats[i].format;
    return NULL;
}

static void judge_dates(struct profile_column *column)
{
    const double most = 0.5;
    uint64_t told = column->dates_day_first + column->dates_month_first;
    uint64_t all = told + column->dates_either;
    if ((double)all > most * (double)column->filled && column->filled > 0) {
        bool day = column->dates_day_first > column->dates_month_first;
        column->date_format = told == 0 ? NULL : day ? "d/m/y" : "m/d/y";
        /* Few that tell, or both ways of telling: nobody should trust it. */
        uint64_t less = day ? column->dates_month_first : column->dates_day_first;
        column->date_ambiguous = told == 0 || less * 50 > told;
        return;
    }
    if (guess_share(column, "date") < most)
        return;
    for (size_t i = 0; i < column->shape_count && !column->date_format; i++)
        column->date_format = format_of_shape(column->shapes[i].text);
}

void judge_values(struct profile_column *column, const struct profile_judge_of_values *judge)
{
    if (judge && column->sample_count)
        ask_rules(column, judge);
    judge_dates(column);
}
