#include "cust360/base/date.h"

#include <stdio.h>
#include <time.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_is_valid(struct date_parts parts)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (parts.year < 1 || parts.year > 9999 || parts.month < 1 || parts.month > 12 || parts.day < 1)
        return false;
    int days = month_days[parts.month - 1] + (parts.month == 2 && is_leap(parts.year));
    return parts.day <= days;
}

/* Years begin in March here, so that the leap day is the last of its year; 146,097 days make 400
 * years. */
int32_t date_to_days(struct date_parts parts)
{
    int year = parts.year - (parts.month <= 2);
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (parts.month + (parts.month > 2 ? -3 : 9)) + 2) / 5 + parts.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date_parts date_from_days(int32_t days)
{
    int shifted = days + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    struct date_parts parts;
    parts.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    parts.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    parts.year = year_of_era + era * 400 + (parts.month <= 2);
    return parts;
}

static bool read_digits(const char *text, size_t count, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

bool date_parse(struct slice text, int32_t *days)
{
    struct date_parts parts;
    if (text.length != DATE_TEXT_BYTES - 1 || text.data[4] != '-' || text.data[7] != '-')
        return false;
    if (!read_digits(text.data, 4, &parts.year) || !read_digits(text.data + 5, 2, &parts.month) ||
        !read_digits(text.data + 8, 2, &parts.day) || !date_is_valid(parts))
        return false;
    *days = date_to_days(parts);
    return true;
}

/* Without printf: dates are written once or more a record. */
static void write_digits(char *text, int number, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        text[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
}

void date_format(int32_t days, char *text)
{
    date_format_parts(date_from_days(days), text);
}

void date_format_parts(struct date_parts parts, char *text)
{
    write_digits(text, parts.year, 4);
    text[4] = '-';
    write_digits(text + 5, parts.month, 2);
    text[7] = '-';
    write_digits(text + 8, parts.day, 2);
    text[10] = '\0';
}

void date_clock_text(char *text)
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(text, DATE_TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

int32_t date_clock_today(void)
{
    time_t now = time(NULL);
    struct tm parts;
    localtime_r(&now, &parts);
    return date_to_days((struct date_parts){parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday});
}

double date_cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double date_monotonic_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
