/* Dates and times in ISO 8601 form; what range they may lie in. */
#include "cust360/base/text.h"
#include "standardize/checks.h"
#include "standardize/date/date_read.h"

enum { YEAR_LEAST = 1900, YEAR_MOST = 2100 };

static bool read(const struct check_input *input, struct check_output *output,
                 struct moment *moment)
{
    moment_read(input->value, input->format, input->as_of_year, moment);
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

/* Two digits; more than any place of a date or time may have when they are none. */
static int read_pair(const char *text)
{
    enum { NO_PAIR = 100 };
    return text_is_digit_byte(text[0]) && text_is_digit_byte(text[1])
               ? (text[0] - '0') * 10 + (text[1] - '0')
               : NO_PAIR;
}

/* Year, month and day of 2013-08-05, 2013/08/05, 2013.08.05 or 20130805. `mark`: '\0' for the last.
 * A spreadsheet's number of days may be as long. */
static bool read_plain_date(const struct check_input *input, char mark, struct date_parts *date)
{
    const char *text = input->value.data;
    const char *month = mark ? text + 5 : text + 4;
    const char *day = mark ? text + 8 : text + 6;
    bool hinted = input->format && !strchr("dmy", input->format[0]);
    if (hinted || (mark && (text[4] != mark || text[7] != mark)) || text[0] < '1' || text[0] > '2')
        return false;
    int century = read_pair(text);
    int year = read_pair(text + 2);
    *date = (struct date_parts){century * 100 + year, read_pair(month), read_pair(day)};
    return century < 100 && year < 100 && date_is_valid(*date);
}

/* The date as text, with room behind it. */
static char *write_date(const struct check_input *input, char mark, size_t room_bytes)
{
    const char *text = input->value.data;
    char *to = arena_allocate_bytes(input->arena, DATE_TEXT_BYTES + room_bytes);
    memcpy(to, text, 4);
    memcpy(to + 5, mark ? text + 5 : text + 4, 2);
    memcpy(to + 8, mark ? text + 8 : text + 6, 2);
    to[4] = to[7] = '-';
    to[DATE_TEXT_BYTES - 1] = '\0';
    return to;
}

enum { WHOLE_BYTES = DATE_TEXT_BYTES - 1 };

/* Writes a plain date that is all of the value; NULL: it is none. */
static char *plain_date(const struct check_input *input, size_t room_bytes)
{
    enum { BARE_BYTES = 8 };
    struct date_parts date;
    struct slice value = input->value;
    if (value.length != WHOLE_BYTES && value.length != BARE_BYTES)
        return NULL;
    char mark = value.length == WHOLE_BYTES ? value.data[4] : '\0';
    bool known = mark == '\0' || mark == '-' || mark == '/' || mark == '.';
    if (!known || (mark == '\0' && value.length == WHOLE_BYTES) ||
        !read_plain_date(input, mark, &date))
        return NULL;
    return write_date(input, mark, room_bytes);
}

static bool date_brief(const struct check_input *input, struct check_output *output)
{
    const char *text = plain_date(input, 0);
    output->value = slice_make(text, WHOLE_BYTES);
    return text != NULL;
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

enum { TIME_BYTES = 9, SHORT_BYTES = 6 }; /* T00:00:00, T00:00 */

static void date_time_run(const struct check_input *input, struct check_output *output)
{
    struct moment moment;
    if (!read(input, output, &moment))
        return;
    size_t date_bytes = DATE_TEXT_BYTES - 1;
    char *text = arena_allocate_bytes(input->arena, DATE_TEXT_BYTES + TIME_BYTES);
    date_format_parts(moment.date, text);
    write_pair(text + date_bytes, 'T', moment.hour);
    write_pair(text + date_bytes + 3, ':', moment.minute);
    write_pair(text + date_bytes + 6, ':', moment.second);
    text[date_bytes + TIME_BYTES] = '\0';
    output->value = slice_make(text, date_bytes + TIME_BYTES);
}

/* A day without a time begins it. */
static bool whole_day_brief(const struct check_input *input, struct check_output *output)
{
    static const char midnight[] = "T00:00:00";
    char *text = plain_date(input, sizeof(midnight));
    if (!text)
        return false;
    memcpy(text + WHOLE_BYTES, midnight, sizeof(midnight));
    output->value = slice_make(text, WHOLE_BYTES + sizeof(midnight) - 1);
    return true;
}

static bool is_plain_time(const char *time, bool is_short)
{
    enum { HOURS = 24, MINUTES = 60, SECONDS = 60 };
    bool shaped = (time[0] == ' ' || time[0] == 'T') && time[3] == ':' &&
                  (is_short || time[SHORT_BYTES] == ':');
    return shaped && read_pair(time + 1) < HOURS && read_pair(time + 4) < MINUTES &&
           (is_short || read_pair(time + 7) <= SECONDS);
}

/* 2013-08-05 14:30:00, also with T between, without seconds, and without any time. */
static bool date_time_brief(const struct check_input *input, struct check_output *output)
{
    struct date_parts date;
    struct slice value = input->value;
    bool is_short = value.length == WHOLE_BYTES + SHORT_BYTES;
    if (value.length <= WHOLE_BYTES)
        return whole_day_brief(input, output);
    if (!is_short && value.length != WHOLE_BYTES + TIME_BYTES)
        return false;
    const char *time = value.data + WHOLE_BYTES;
    if (!is_plain_time(time, is_short) || !read_plain_date(input, '-', &date))
        return false;
    char *text = write_date(input, '-', TIME_BYTES);
    memcpy(text + WHOLE_BYTES, time, is_short ? SHORT_BYTES : TIME_BYTES);
    if (is_short)
        memcpy(text + WHOLE_BYTES + SHORT_BYTES, ":00", 3);
    text[WHOLE_BYTES] = 'T';
    text[WHOLE_BYTES + TIME_BYTES] = '\0';
    output->value = slice_make(text, WHOLE_BYTES + TIME_BYTES);
    return true;
}

/* The day and the year of a value that date or datetime has made; of what is no date of day 0. */
static int32_t day_of(const struct check_input *input, int *year)
{
    enum { DAY_ZERO_YEAR = 1970 };
    int32_t days = 0;
    *year = DAY_ZERO_YEAR;
    if (!date_parse(slice_cut(input->value, 0, DATE_TEXT_BYTES - 1), &days))
        return 0;
    *year = read_pair(input->value.data) * 100 + read_pair(input->value.data + 2);
    return days;
}

static void date_range_run(const struct check_input *input, struct check_output *output)
{
    int year;
    day_of(input, &year);
    if (year < YEAR_LEAST || year > YEAR_MOST)
        check_add_finding(output, SEVERITY_ERROR, "range", "The year is not one of 1900 to 2100.");
}

static void birth_range_run(const struct check_input *input, struct check_output *output)
{
    int year;
    int32_t day = day_of(input, &year);
    if (year < YEAR_LEAST)
        check_add_finding(output, SEVERITY_ERROR, "range", "Nobody born then is alive.");
    else if (day > input->as_of_days)
        check_add_finding(output, SEVERITY_ERROR, "range", "The date of birth lies ahead.");
}

const struct check check_date = {.name = "date", .run = date_run, .brief = date_brief};
const struct check check_date_time = {
    .name = "datetime", .run = date_time_run, .brief = date_time_brief};
const struct check check_date_range = {.name = "date_range", .run = date_range_run};
const struct check check_birth_range = {.name = "birth_range", .run = birth_range_run};
