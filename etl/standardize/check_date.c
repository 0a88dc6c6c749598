/* Dates and times in ISO 8601 form; what range they may lie in. */
#include "standardize/checks.h"
#include "standardize/date_read.h"

enum { YEAR_LEAST = 1900, YEAR_MOST = 2100 };

static bool read(const struct check_input *input, struct check_output *output,
                 struct moment *moment)
{
    int this_year = date_from_days(input->as_of_days).year;
    moment_read(input->value, input->format, this_year, moment);
    if (moment->flaw) {
        check_add_finding(output, SEVERITY_ERROR, moment->flaw, moment->flaw_message);
        return false;
    }
    if (moment->short_year)
        check_add_finding(output, SEVERITY_WARNING, "short_year",
                          "The year has two digits; the century is a guess.");
    if (moment->order_guess)
        check_add_finding(output, SEVERITY_WARNING, "order_guess",
                          "Read as year, month, day; it may be day, month, year.");
    if (moment->serial_guess)
        check_add_finding(output, SEVERITY_WARNING, "excel_serial",
                          "Five digits were read as a spreadsheet's number of days.");
    return true;
}

static void date_run(const struct check_input *input, struct check_output *output)
{
    struct moment moment;
    if (!read(input, output, &moment))
        return;
    char *text = arena_allocate_bytes(input->arena, DATE_TEXT_BYTES);
    date_format_parts(moment.date, text);
    output->value = slice_make(text, DATE_TEXT_BYTES - 1);
}

static void write_pair(char *text, char mark, int number)
{
    text[0] = mark;
    text[1] = (char)('0' + number / 10);
    text[2] = (char)('0' + number % 10);
}

static void date_time_run(const struct check_input *input, struct check_output *output)
{
    struct moment moment;
    if (!read(input, output, &moment))
        return;
    enum { TIME_BYTES = 9 }; /* T00:00:00 */
    size_t date_bytes = DATE_TEXT_BYTES - 1;
    char *text = arena_allocate_bytes(input->arena, DATE_TEXT_BYTES + TIME_BYTES);
    date_format_parts(moment.date, text);
    write_pair(text + date_bytes, 'T', moment.hour);
    write_pair(text + date_bytes + 3, ':', moment.minute);
    write_pair(text + date_bytes + 6, ':', moment.second);
    text[date_bytes + TIME_BYTES] = '\0';
    output->value = slice_make(text, date_bytes + TIME_BYTES);
}

/* The day of a value that date or datetime has made. */
static int32_t day_of(const struct check_input *input)
{
    int32_t days = 0;
    date_parse(slice_cut(input->value, 0, DATE_TEXT_BYTES - 1), &days);
    return days;
}

/* Its year; of what is no date that of day 0. */
static int year_of(const struct check_input *input)
{
    int32_t days = 0;
    if (!date_parse(slice_cut(input->value, 0, DATE_TEXT_BYTES - 1), &days))
        return date_from_days(0).year;
    const char *digits = input->value.data;
    return (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 +
           (digits[3] - '0');
}

static void date_range_run(const struct check_input *input, struct check_output *output)
{
    int year = year_of(input);
    if (year < YEAR_LEAST || year > YEAR_MOST)
        check_add_finding(output, SEVERITY_ERROR, "range", "The year is not one of 1900 to 2100.");
}

static void birth_range_run(const struct check_input *input, struct check_output *output)
{
    int32_t day = day_of(input);
    if (date_from_days(day).year < YEAR_LEAST)
        check_add_finding(output, SEVERITY_ERROR, "range", "Nobody born then is alive.");
    else if (day > input->as_of_days)
        check_add_finding(output, SEVERITY_ERROR, "range", "The date of birth lies ahead.");
}

const struct check check_date = {"date", date_run};
const struct check check_date_time = {"datetime", date_time_run};
const struct check check_date_range = {"date_range", date_range_run};
const struct check check_birth_range = {"birth_range", birth_range_run};
