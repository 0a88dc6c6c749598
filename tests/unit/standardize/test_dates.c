/* Dates: spreadsheets' days, months by name, and which of day and month stands first. */
#include "support.h"

#include "cust360/standardize_dates.h"
#include "standardize/date/date_read.h"

#include <stdio.h>

TestSuite(dates, .init = standardize_open, .fini = standardize_close);

static const char *order_of(const char *const *texts)
{
    struct date_tally tally = {0, 0, 0};
    for (size_t i = 0; texts[i]; i++)
        date_tally_add(&tally, slice_of(texts[i]));
    return date_tally_order(&tally);
}

#define ORDER(...) order_of((const char *const[]){__VA_ARGS__, NULL})

Test(dates, one_date_that_can_be_only_one_of_both_decides)
{
    cr_expect_str_eq(ORDER("05/08/2013", "25/08/2013"), "d/m/y");
    cr_expect_str_eq(ORDER("05-08-2013", "8-25-2013 10:00"), "m/d/y");
    cr_expect_null(ORDER("05/08/2013", "07/08/2013"));
    cr_expect_null(ORDER("25/08/2013", "08/25/2013"), "one against one tells nothing");
}

Test(dates, a_slip_among_many_does_not_turn_the_order)
{
    struct date_tally tally = {.day_first = 50, .month_first = 1};
    cr_expect_str_eq(date_tally_order(&tally), "d/m/y");
    tally.month_first = 2;
    cr_expect_null(date_tally_order(&tally));
}

Test(dates, what_is_no_such_date_is_not_counted)
{
    static const char *const texts[] = {"2013-08-25",   "25/08/13",   "32/01/2013",  "25/13/2013",
                                        "00/13/2013",   "25/08-2013", "125/08/2013", "08/08/2013",
                                        "021-62345678", "",           "25/08",       "25.08.20a3"};
    struct date_tally tally = {0, 0, 0};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        date_tally_add(&tally, slice_of(texts[i]));
    cr_expect_eq(tally.either + tally.day_first + tally.month_first, 0);
}

Test(dates, kinds_of_dates_are_known_by_their_check)
{
    cr_expect(rules_read_dates(standardize_rules(), "birth_date"));
    cr_expect(rules_read_dates(standardize_rules(), "datetime"));
    cr_expect_not(rules_read_dates(standardize_rules(), "mobile"));
    cr_expect_not(rules_read_dates(standardize_rules(), "no such kind"));
}

static const char *iso_of(const char *text, const char *format)
{
    struct rule_result result;
    standardize_value(standardize_rules(), "datetime", slice_of(text), format, &result);
    return result.value.data ? standardize_text(result.value) : "none";
}

/* Every day of both systems, against the count of days from an epoch by the calendar. */
Test(dates, every_day_of_a_spreadsheet_is_the_calendars)
{
    int32_t epoch_1900 = date_to_days((struct date_parts){1899, 12, 30});
    int32_t epoch_1904 = date_to_days((struct date_parts){1904, 1, 1});
    for (int32_t serial = 61; serial < 73050; serial += 13) {
        struct moment moment = {.hour = 0};
        char text[16];
        char other[16];
        snprintf(text, sizeof(text), "%d", (int)serial);
        snprintf(other, sizeof(other), "%d", (int)(serial - 1462));
        cr_assert(moment_read_serial(slice_of(text), "excel", &moment));
        cr_assert_null(moment.flaw);
        cr_assert_eq(date_to_days(moment.date), epoch_1900 + serial);
        if (serial < 1462)
            continue;
        moment = (struct moment){.hour = 0};
        cr_assert(moment_read_serial(slice_of(other), "excel1904", &moment));
        cr_assert_eq(date_to_days(moment.date), epoch_1904 + serial - 1462);
        cr_assert_eq(date_to_days(moment.date), epoch_1900 + serial, "the two systems agree");
    }
}

Test(dates, the_first_days_of_1900_and_the_false_leap_day)
{
    struct moment moment = {.hour = 0};
    cr_assert(moment_read_serial(SLICE("1"), "excel", &moment));
    cr_expect_eq(date_to_days(moment.date), date_to_days((struct date_parts){1900, 1, 1}));
    cr_assert(moment_read_serial(SLICE("59"), "excel", &moment));
    cr_expect_eq(date_to_days(moment.date), date_to_days((struct date_parts){1900, 2, 28}));
    cr_assert(moment_read_serial(SLICE("60"), "excel", &moment));
    cr_expect_str_eq(moment.flaw, "date");
}

Test(dates, a_fraction_is_the_time_of_day)
{
    cr_expect_str_eq(iso_of("41491.604166667", "excel"), "2013-08-05T14:30:00");
    cr_expect_str_eq(iso_of("41490.999999", "excel"), "2013-08-05T00:00:00");
    cr_expect_str_eq(iso_of("41491.5", NULL), "2013-08-05T12:00:00");
    cr_expect_str_eq(iso_of("0.5", "excel"), "none");
    cr_expect_str_eq(iso_of("9999", NULL), "none");
    cr_expect_str_eq(iso_of("20130805", "excel"), "2013-08-05T00:00:00");
}

Test(dates, months_have_names)
{
    static const char *const names[] = {"Jan", "FEB", "mar",  "April", "may", "June",
                                        "Jul", "Aug", "Sept", "Oct",   "Nov", "December"};
    for (int month = 1; month <= 12; month++) {
        char text[48];
        char iso[32];
        snprintf(iso, sizeof(iso), "2013-%02d-09T00:00:00", month);
        snprintf(text, sizeof(text), "9-%s-2013", names[month - 1]);
        cr_expect_str_eq(iso_of(text, NULL), iso, "%s", text);
        snprintf(text, sizeof(text), "%s 9, 2013", names[month - 1]);
        cr_expect_str_eq(iso_of(text, NULL), iso, "%s", text);
        snprintf(text, sizeof(text), "2013-%s-09", names[month - 1]);
        cr_expect_str_eq(iso_of(text, NULL), iso, "%s", text);
    }
    cr_expect_str_eq(iso_of("9-Foo-2013", NULL), "none");
}
