#include "view/function.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"

enum {
    MONTHS_A_YEAR = 12,
    CLAMPED_FROM = 29,    /* each month has the days before */
    DAYS_FIRST = -719162, /* 0001-01-01 */
    DAYS_LAST = 2932896   /* 9999-12-31 */
};

/* Reads a day and a count; false: one of them is missing, and the answer is NULL. */
static bool read_arguments(const struct function_call *call, int32_t *days, int64_t *count)
{
    *count = function_integer(call, 1);
    return !function_is_null(call, 1) && date_parse(function_text(call, 0), days);
}

static void months_after(struct function_call *call)
{
    int32_t days;
    int64_t months;
    char text[DATE_TEXT_BYTES];
    if (!read_arguments(call, &days, &months) || months < -9999 * MONTHS_A_YEAR ||
        months > 9999 * MONTHS_A_YEAR)
        return;
    struct date_parts parts = date_from_days(days);
    int month = parts.year * MONTHS_A_YEAR + parts.month - 1 + (int)months;
    parts.year = month / MONTHS_A_YEAR;
    parts.month = month % MONTHS_A_YEAR + 1;
    if (month < MONTHS_A_YEAR || parts.year > 9999)
        return;
    while (parts.day >= CLAMPED_FROM && !date_is_valid(parts))
        parts.day--;
    date_format_parts(parts, text);
    function_give_text(call, slice_make(text, DATE_TEXT_BYTES - 1));
}

static void days_after(struct function_call *call)
{
    int32_t days;
    int64_t count;
    char text[DATE_TEXT_BYTES];
    if (!read_arguments(call, &days, &count) || count < DAYS_FIRST - days ||
        count > DAYS_LAST - days)
        return;
    date_format(days + (int32_t)count, text);
    function_give_text(call, slice_make(text, DATE_TEXT_BYTES - 1));
}

static void day_number(struct function_call *call)
{
    int32_t days;
    if (date_parse(function_text(call, 0), &days))
        function_give_integer(call, days);
}

/* Half a date is enough, and the time of day may follow it. */
static void month_number(struct function_call *call)
{
    char text[DATE_TEXT_BYTES] = "YYYY-MM-01";
    struct slice given = function_text(call, 0);
    int32_t days;
    if (given.length < strlen("YYYY-MM"))
        return;
    memcpy(text, given.data, strlen("YYYY-MM"));
    if (!date_parse(slice_of(text), &days))
        return;
    struct date_parts parts = date_from_days(days);
    function_give_integer(call, parts.year * MONTHS_A_YEAR + parts.month);
}

static void years_begun(struct function_call *call)
{
    int32_t from_days;
    int32_t days;
    if (!date_parse(function_text(call, 0), &from_days) ||
        !date_parse(function_text(call, 1), &days))
        return;
    struct date_parts from = date_from_days(from_days);
    struct date_parts to = date_from_days(days);
    bool is_after = to.month > from.month || (to.month == from.month && to.day > from.day);
    function_give_integer(call, to.year - from.year + is_after);
}

/* The numbers 0 to 62 as bits, so that a set of months or years is one integer. */
static int64_t take_bit(int64_t bits, int64_t number)
{
    enum { BITS = 63 };
    return number >= 0 && number < BITS ? bits | (int64_t)1 << number : bits;
}

bool functions_add(struct database *database, struct error *error)
{
    static const struct database_function functions[] = {
        {"months_after", 2, months_after}, {"days_after", 2, days_after},
        {"day_number", 1, day_number},     {"month_number", 1, month_number},
        {"years_begun", 2, years_begun},
    };
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (!database_add_function(database, &functions[i], error))
            return false;
    static const struct database_fold bits = {"bits", take_bit};
    return database_add_fold(database, &bits, error);
}
