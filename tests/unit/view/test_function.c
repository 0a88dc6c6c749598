#include "cust360/base/database.h"
#include "view/function.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The value of an expression as text; NULL is "-". Lives until the next call. */
static const char *value_of(const char *expression)
{
    static char text[64];
    char sql[256];
    char path[] = "/tmp/view-function-XXXXXX";
    struct error error = {0};
    int file = mkstemp(path);
    cr_assert(file >= 0);
    close(file);
    struct database *database = database_open(path, DATABASE_SCRATCH, &error);
    cr_assert_not_null(database, "%s", error.message);
    cr_assert(functions_add(database, &error), "%s", error.message);
    snprintf(sql, sizeof(sql), "SELECT %s", expression);
    struct statement *statement = statement_prepare(database, sql, &error);
    cr_assert_not_null(statement, "%s", error.message);
    cr_assert_eq(statement_step(statement, &error), ACCEPTED);
    struct slice value = statement_text(statement, 0);
    snprintf(text, sizeof(text), "%.*s", SLICE_ARGUMENTS(value));
    if (statement_is_null(statement, 0))
        snprintf(text, sizeof(text), "-");
    statement_destroy(statement);
    database_close(database);
    remove(path);
    return text;
}

struct example {
    const char *expression;
    const char *value;
};

static void expect_values(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(value_of(examples[i].expression), examples[i].value, "%s is %s",
                         examples[i].expression, value_of(examples[i].expression));
}

/* The month's last day stands for a day that it lacks; 2100 is no leap year, 2000 was. */
Test(view_function, months_keep_the_day_or_take_the_months_last)
{
    static const struct example examples[] = {
        {"months_after('2024-01-31', 1)", "2024-02-29"},
        {"months_after('2023-01-31', 1)", "2023-02-28"},
        {"months_after('2024-02-29', 12)", "2025-02-28"},
        {"months_after('2024-02-29', 48)", "2028-02-29"},
        {"months_after('2000-02-29', 1200)", "2100-02-28"},
        {"months_after('2024-03-31', -1)", "2024-02-29"},
        {"months_after('2024-01-15', -13)", "2022-12-15"},
        {"months_after('2024-12-15', 1)", "2025-01-15"},
        {"months_after('2024-05-31', '6')", "2024-11-30"},
        {"months_after('2024-02-28', 0)", "2024-02-28"},
    };
    expect_values(examples, sizeof(examples) / sizeof(examples[0]));
}

Test(view_function, days_pass_the_ends_of_months_and_years)
{
    static const struct example examples[] = {
        {"days_after('2024-02-28', 1)", "2024-02-29"},
        {"days_after('2023-12-31', 1)", "2024-01-01"},
        {"days_after('2024-03-01', -1)", "2024-02-29"},
        {"day_number('2024-03-01') - day_number('2023-03-01')", "366"},
        {"day_number('1970-01-02')", "1"},
        {"month_number('2024-03-01T10:00:00')", "24291"},
        {"month_number('2024-12')", "24300"},
        {"years_begun('2020-03-01', '2020-03-02')", "1"},
        {"years_begun('2020-03-01', '2021-03-01')", "1"},
        {"years_begun('2020-03-01', '2021-03-02')", "2"},
        {"years_begun('2020-12-31', '2021-01-01')", "1"},
        {"years_begun('2020-02-29', '2021-03-01')", "2"},
    };
    expect_values(examples, sizeof(examples) / sizeof(examples[0]));
}

Test(view_function, what_is_no_day_or_leaves_the_known_years_is_null)
{
    static const struct example examples[] = {
        {"months_after(NULL, 1)", "-"},
        {"months_after('2024-01-31', NULL)", "-"},
        {"months_after('2023-02-29', 1)", "-"},
        {"months_after('2023-02', 1)", "-"},
        {"months_after('9999-12-31', 1)", "-"},
        {"months_after('9999-11-30', 1)", "9999-12-30"},
        {"months_after('0001-01-01', -1)", "-"},
        {"months_after('2024-01-01', 9223372036854775807)", "-"},
        {"days_after('9999-12-31', 1)", "-"},
        {"days_after('0001-01-01', -1)", "-"},
        {"days_after('9999-12-30', 1)", "9999-12-31"},
        {"days_after('0001-01-02', -1)", "0001-01-01"},
        {"days_after('2024-01-01', -9223372036854775808)", "-"},
        {"day_number('yesterday')", "-"},
        {"day_number(NULL)", "-"},
        {"month_number('2024-13')", "-"},
        {"month_number('2024')", "-"},
        {"years_begun('2024-01-01', NULL)", "-"},
        {"years_begun('', '2024-01-01')", "-"},
    };
    expect_values(examples, sizeof(examples) / sizeof(examples[0]));
}

/* 1 + 4 + 2^62; what is no bit of an integer that is not negative is passed over, and so is NULL.
 */
Test(view_function, bits_are_a_set_of_numbers)
{
    static const struct example examples[] = {
        {"(SELECT bits(column1) FROM (VALUES (0), (2), (2), (62), (63), (-1), (NULL)))",
         "4611686018427387909"},
        {"(SELECT bits(column1) FROM (VALUES (NULL)))", "0"},
        {"(SELECT bits(column1) FROM (VALUES (1)) WHERE column1 > 1)", "0"},
    };
    expect_values(examples, sizeof(examples) / sizeof(examples[0]));
}
