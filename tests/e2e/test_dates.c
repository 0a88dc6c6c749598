/* A source's dates read in the order of day and month that its own dates show. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void open_dealers(void)
{
    workspace_open();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("dealer.yaml", "kind: csv\n"
                              "encoding: utf-8\n"
                              "tables:\n"
                              "  - name: customers\n"
                              "    entities:\n"
                              "      customer:\n"
                              "        key: No\n"
                              "        fields:\n"
                              "          name: Name\n"
                              "          birth_date: Born\n"
                              "          updated_at: Changed\n");
    write_text("cust360.yaml", "mappings: mappings\n"
                               "sources:\n"
                               "  - {path: 'D*.csv', mapping: dealer.yaml}\n");
}

TestSuite(dates, .init = open_dealers, .fini = workspace_close, .timeout = 120);

static struct finished run_night(void)
{
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    return finished;
}

static void expect_value(const char *sql, const char *expected)
{
    char *value = query("state/state.db", sql);
    cr_expect_str_eq(value, expected, "%s", sql);
    free(value);
}

Test(dates, each_source_is_read_as_its_own_dates_tell)
{
    write_text("feeds/D01.csv", "No,Name,Born,Changed\n"
                                "1,张建国,05/08/1985,\n"
                                "2,李秀英,25/08/1985,01/02/2020 10:00\n");
    write_text("feeds/D02.csv", "No,Name,Born,Changed\n"
                                "1,王建军,05/08/1985,\n"
                                "2,赵丽华,08/25/1985,\n");
    write_text("feeds/D03.csv", "No,Name,Born,Changed\n"
                                "1,孙志强,05/08/1985,\n"
                                "2,周桂芳,2001-02-03,\n");
    struct finished finished = run_night();
    expect_contains(finished.messages, "source D01: customer.birth_date (Born): dates with the day "
                                       "first 1, with the month first 0, that could be either 1; "
                                       "these are read as d/m/y");
    expect_contains(finished.messages, "source D01: customer.updated_at (Changed): dates with the "
                                       "day first 0, with the month first 0, that could be either "
                                       "1; these are read as d/m/y, as in the source's other");
    expect_contains(finished.messages, "source D02: customer.birth_date (Born)");
    expect_contains(finished.messages, "these are read as m/d/y");
    expect_contains(finished.messages, "these are read as neither");
    expect_value("SELECT birth_date FROM record_customer WHERE name = '张建国'", "1985-08-05");
    expect_value("SELECT updated_at FROM record_customer WHERE name = '李秀英'",
                 "2020-02-01T10:00:00");
    expect_value("SELECT birth_date FROM record_customer WHERE name = '王建军'", "1985-05-08");
    expect_value("SELECT coalesce(birth_date, 'none') FROM record_customer WHERE name = '孙志强'",
                 "none");
    expect_value("SELECT count(*) FROM finding WHERE code = 'ambiguous'", "1");
    expect_value("SELECT count(*) FROM run_notice WHERE code = 'date_order'", "4");
    finished_release(&finished);
}

Test(dates, a_hint_of_the_mapping_goes_first_and_costs_no_reading)
{
    shell("sed -i 's/birth_date: Born/birth_date: {column: Born, format: m\\/d\\/y}/' '%s'",
          in_workspace("dealer.yaml"));
    write_text("feeds/D01.csv", "No,Name,Born,Changed\n"
                                "1,张建国,05/08/1985,\n"
                                "2,李秀英,2001-02-03,\n");
    struct finished finished = run_night();
    expect_lacks(finished.messages, "these are read as");
    expect_value("SELECT birth_date FROM record_customer WHERE name = '张建国'", "1985-05-08");
    finished_release(&finished);
}
