/* date.h: calendar dates as days, times as seconds, in the proleptic Gregorian calendar.
 *
 * A date is a number of days since 1970-01-01 (negative before). Text is ISO 8601. "Today" is an
 * input of a run (--as-of) and never asked of the clock by a stage. Pure functions, thread safe. */
#ifndef CUST360_BASE_DATE_H
#define CUST360_BASE_DATE_H

#include "cust360/base/slice.h"
#include <stdint.h>

#define DATE_TEXT_BYTES      11 /* "YYYY-MM-DD" and NUL */
#define DATE_TIME_TEXT_BYTES 21 /* "YYYY-MM-DDTHH:MM:SSZ" and NUL */

struct date_parts {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* Whether such a day exists. */
bool date_is_valid(struct date_parts parts);

/* Days since 1970-01-01 of a day that exists. */
int32_t date_to_days(struct date_parts parts);
struct date_parts date_from_days(int32_t days);

/* Reads exactly YYYY-MM-DD. False when it is anything else or no such day exists. */
bool date_parse(struct slice text, int32_t *days);

/* Writes YYYY-MM-DD and a NUL; `text` has DATE_TEXT_BYTES. */
void date_format(int32_t days, char *text);
void date_format_parts(struct date_parts parts, char *text);

/* The clock: UTC now as "YYYY-MM-DDTHH:MM:SSZ"; today's date in the local time zone. */
void date_clock_text(char *text);
int32_t date_clock_today(void);

/* Seconds of a clock that only goes forward, for durations. */
double date_monotonic_seconds(void);

/* What this process has used of processors so far, all threads together. */
double date_cpu_seconds(void);

#endif
