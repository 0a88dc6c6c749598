#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROJECT "-c samples/group/cust360.yaml --feeds @/feeds --state @/state --out @/out"
#define READING "-c samples/group/cust360.yaml --state @/state --out @/out"
#define VIEW    "out/customer360.db"

TestSuite(view, .init = workspace_open, .fini = workspace_close);

/* What the sheet says of the customer whose contact has most points. */
static void check_precall(void)
{
    char *id = query(VIEW, "SELECT golden_id FROM contact_plan ORDER BY points DESC, golden_id"
                           " LIMIT 1");
    char *contact = query(VIEW, "SELECT contact_value FROM contact_plan ORDER BY points DESC,"
                                " golden_id LIMIT 1");
    struct finished text = run("precall " READING " %s", id);
    expect_exit(text, 0);
    static const char *const titles[] = {
        "Basic", "Planned contact", "Open leads", "May be contacted", "Vehicles", "Used car"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        expect_contains(text.output, titles[i]);
    expect_contains(text.output, contact);
    finished_release(&text);

    struct finished page = run("precall " READING " --html %s", id);
    expect_exit(page, 0);
    expect_contains(page.output, "<!DOCTYPE html>");
    expect_contains(page.output, contact);
    expect_contains(page.output, "<h2>Membership</h2>");
    expect_lacks(page.output, "<script");
    finished_release(&page);

    struct finished json = run("precall " READING " --format json %s", id);
    expect_exit(json, 0);
    expect_contains(json.output, "\"plan\"");
    finished_release(&json);
    free(contact);
    free(id);
}

/* A row of the page's numbers is there as the table has it. */
static void expect_row(const char *html, const char *sql)
{
    char *cells = query(VIEW, sql);
    expect_contains(html, cells);
    free(cells);
}

/* Numbers above 999 have a comma on the page. */
#define CELL(number)                                                                               \
    "'<td class=\"number\">' || CASE WHEN " number " < 1000 THEN " number " ELSE (" number         \
    " / 1000) || ',' || substr('00' || (" number " % 1000), -3) END || '</td>'"

#define GRADE_ROW(grade)                                                                           \
    "SELECT '<td>" grade "</td>' || char(10) || " CELL("sum(NOT is_vip)") " || char(10) || " CELL( \
        "sum(is_vip)") " FROM customer_grade WHERE grade = '" grade "'"

static void check_report(void)
{
    struct finished page = run("report -c samples/group/cust360.yaml --out @/out --view");
    expect_exit(page, 0);
    expect_lacks(page.output, "<script");
    expect_lacks(page.output, "http-equiv");
    expect_lacks(page.output, "src=");
    expect_lacks(page.output, "href=");
    expect_lacks(page.output, "url(");
    expect_contains(page.output, "<span class=\"key for\"></span><span>planned</span>");
    expect_row(page.output, GRADE_ROW("A"));
    expect_row(page.output, GRADE_ROW("C"));
    expect_row(page.output, GRADE_ROW("E"));
    expect_row(page.output,
               "SELECT '<td>' || s.label || '</td>' || char(10) || " CELL(
                   "count(*)") " FROM customer_value v JOIN stage s ON s.stage = v.stage"
                               " WHERE v.stage = 'active'");
    expect_row(
        page.output,
        "SELECT '<td>' || home_dealer || '</td>' || char(10) || " CELL(
            "sum(stage IN "
            "('new', "
            "'active', "
            "'won_back'))") " || char(10) || " CELL("sum(stage = 'at_risk')") " || char(10) "
                                                                              "|| " CELL(
                                                                                  "sum("
                                                                                  "stage = "
                                                                                  "'lost')") " FROM"
                                                                                             " cust"
                                                                                             "omer_"
                                                                                             "value"
                                                                                             " WHER"
                                                                                             "E "
                                                                                             "home_"
                                                                                             "deale"
                                                                                             "r = "
                                                                                             "'D03'"
                                                                                             " GROU"
                                                                                             "P BY "
                                                                                             "home_"
                                                                                             "deale"
                                                                                             "r");
    expect_row(page.output, "SELECT '<td>' || sold_in || ', year ' || year || '</td>' || char(10) "
                            "|| " CELL("served") " || char(10) || " CELL(
                                "(cars - served)") " FROM retention_cohort WHERE year = 2 ORDER BY "
                                                   "sold_in LIMIT 1");
    expect_row(
        page.output,
        "SELECT '<td>Birthday</td>' || char(10) || " CELL(
            "sum(plan_golden_id IS NOT NULL)") " || char(10) || " CELL("sum(plan_golden_id IS "
                                                                       "NULL)") " FROM "
                                                                                "contact_plan_lead "
                                                                                "WHERE type = "
                                                                                "'birthday'");
    expect_row(page.output, "SELECT '<td>due today</td>' || char(10) || " CELL(
                                "count(*)") " FROM open_lead WHERE due_on = '2026-06-30'");
    expect_row(
        page.output,
        "SELECT '<td>D03</td>' || char(10) || " CELL("sum(valid)") " || char(10) || " CELL(
            "sum(rows - filled - refused)") " || char(10) || " CELL("sum(warned + refused)") " FROM"
                                                                                             " data"
                                                                                             "_qual"
                                                                                             "ity "
                                                                                             "WHERE"
                                                                                             " deal"
                                                                                             "er = "
                                                                                             "'D03"
                                                                                             "'");
    finished_release(&page);

    struct finished nothing = run("report -c samples/group/cust360.yaml --out @/out");
    expect_exit(nothing, 2);
    expect_contains(nothing.messages, "--view");
    finished_release(&nothing);
}

/* Every published table and column is in the dictionary, and each table has a meaning. */
static void check_dictionary(void)
{
    struct finished text = run("view dictionary -c samples/group/cust360.yaml");
    expect_exit(text, 0);
    write_text("dictionary.md", text.output);
    shell("sqlite3 %s \"SELECT '### ' || name FROM sqlite_master WHERE type = 'table'"
          " AND name NOT LIKE 'sqlite%%'\" | while read line; do"
          " grep -qxF \"$line\" %s || { echo missing: $line >&2; exit 1; }; done",
          in_workspace(VIEW), in_workspace("dictionary.md"));
    expect_contains(text.output, "Key: golden_id, type, subject.");
    expect_contains(text.output, "| is_vip | INTEGER | 1: the score is vip_from or more |");
    expect_contains(text.output, "### survey_indicator");
    expect_contains(text.output, "| occupation | text | plain | Occupation |");
    finished_release(&text);

    struct finished page = run("view dictionary -c samples/group/cust360.yaml --format html");
    expect_exit(page, 0);
    expect_contains(page.output, "<h3>open_lead</h3>");
    finished_release(&page);

    struct finished wrong = run("view something -c samples/group/cust360.yaml");
    expect_exit(wrong, 2);
    finished_release(&wrong);
    struct finished format = run("view dictionary -c samples/group/cust360.yaml --format pdf");
    expect_exit(format, 2);
    finished_release(&format);
}

static double share_of(const char *output, const char *promise)
{
    const char *line = strstr(output, promise);
    cr_assert(line, "%s is not in:\n%s", promise, output);
    return strtod(line + strlen(promise), NULL);
}

static void check_truth(void)
{
    struct finished held =
        run("evaluate " READING " --view --truth samples/group/truth/customers.csv"
            " --golden samples/group/truth/golden.csv");
    expect_exit(held, 0);
    cr_assert_geq(share_of(held.output, "cars owned right "), 0.99, "%s", held.output);
    cr_assert_geq(share_of(held.output, "no contact planned"), 1.0, "%s", held.output);
    cr_assert_geq(share_of(held.output, "customers with at most one contact a day"), 1.0, "%s",
                  held.output);
    cr_assert_geq(share_of(held.output, "numbers with at most one contact a day"), 1.0, "%s",
                  held.output);
    finished_release(&held);
    struct finished half =
        run("evaluate " READING " --view --truth samples/group/truth/customers.csv");
    expect_exit(half, 2);
    expect_contains(half.messages, "--golden");
    finished_release(&half);
}

Test(view, what_the_business_does_with_the_sample_group)
{
    struct finished early = run("report -c samples/group/cust360.yaml --out @/out --view");
    expect_exit(early, 10);
    finished_release(&early);
    copy_sample_feeds();
    struct finished night = run("run " PROJECT " --as-of 2026-06-30");
    expect_exit(night, 0);
    finished_release(&night);
    check_precall();
    check_report();
    check_dictionary();
    check_truth();
}
