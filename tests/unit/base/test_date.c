#include "cust360/base/date.h"

#include <criterion/criterion.h>

Test(date, all_days_of_eleven_centuries_survive)
{
    struct date_parts parts = {1400, 1, 1};
    int32_t first = date_to_days(parts);
    int32_t last = date_to_days((struct date_parts){2500, 12, 31});
    for (int32_t days = first; days <= last; days++) {
        struct date_parts back = date_from_days(days);
        cr_assert(date_is_valid(back));
        cr_assert_eq(date_to_days(back), days);
    }
}

Test(date, known_days)
{
    cr_assert_eq(date_to_days((struct date_parts){1970, 1, 1}), 0);
    cr_assert_eq(date_to_days((struct date_parts){2000, 3, 1}), 11017);
    cr_assert_eq(date_to_days((struct date_parts){1899, 12, 30}), -25569); /* Excel's day 0 */
}

Test(date, parses_iso_and_nothing_else)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {{"2024-02-29", true},  {"2023-02-29", false}, {"1900-02-29", false},
                 {"2000-02-29", true},  {"2024-13-01", false}, {"2024-00-10", false},
                 {"2024-04-31", false}, {"2024-4-3", false},   {"2024/04/03", false},
                 {"0000-01-01", false}, {"", false},           {"2024-04-03 ", false},
                 {"９024-04-03", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int32_t days = 0;
        cr_assert_eq(date_parse(slice_of(cases[i].text), &days), cases[i].valid, "%s",
                     cases[i].text);
        if (cases[i].valid) {
            char text[DATE_TEXT_BYTES];
            date_format(days, text);
            cr_assert_str_eq(text, cases[i].text);
        }
    }
}
