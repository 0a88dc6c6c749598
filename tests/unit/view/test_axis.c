#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* What a file says of how it is brought up to date, on a view of a table or two. Its work table has
 * an index that must be there (INDEXED BY). */

TestSuite(view_axis, .init = view_test_open, .fini = view_test_close);

static const char numbers[] =
    "-- Numbers, each of whom it belongs to.\n"
    "-- touched: number.golden_id\n"
    "CREATE TABLE number (golden_id TEXT NOT NULL, n INTEGER); -- 'one; two'\n"
    "INSERT INTO number SELECT golden_id, record_count FROM each_golden;\n"
    "CREATE TABLE work_number (a);\nINSERT INTO work_number SELECT max(n) FROM each_number;\n"
    "CREATE TEMP TABLE few (golden_id TEXT);\nCREATE INDEX few_id ON few (golden_id);\n"
    "INSERT INTO few SELECT golden_id FROM each_golden;\n"
    "UPDATE number SET n = n + 0\n"
    "WHERE golden_id IN (SELECT golden_id FROM few INDEXED BY few_id WHERE golden_id > 'A');\n"
    "DROP TABLE few;\n"
    "CREATE UNIQUE INDEX number_id ON number (golden_id);\n";
static const char sums[] =
    "CREATE TABLE sum AS\nSELECT sum(n) AS s, (SELECT a FROM work_number) AS m,\n"
    " (SELECT count(*) FROM each_number_by_n) AS c FROM number;\n"
    "CREATE VIEW sum_again AS SELECT s FROM sum;\n";
static const char touched[] =
    "CREATE TEMP TABLE touched_golden_id (golden_id TEXT PRIMARY KEY);\n"
    "INSERT INTO touched_golden_id VALUES ('G2');\n"
    "CREATE TEMP TABLE touched_n (n INTEGER);\nINSERT INTO touched_n VALUES (7);\n"
    "CREATE TEMP VIEW each_golden AS SELECT * FROM state.golden WHERE golden_id = 'G2';\n";

static void write_view(void)
{
    write_file("view/210-number.sql", numbers);
    write_file("view/320-sum.sql", sums);
    write_file("view/touched.sql", touched);
    write_file("view/view.yaml", "parameters: {}\n");
}

/* Returns whether the former view was brought up to date. */
static bool build(void)
{
    struct view_result result = {0};
    struct error error = {0};
    cr_assert(build_from(in_folder("view"), &result, &error), "%s:%d: %s", error.file,
              (int)error.line, error.message);
    return result.refreshed;
}

/* A view of two customers, and a night in which both numbers change. */
static void live_a_night(void)
{
    write_view();
    put_customer(1, "1", 1, "A", NULL);
    put_customer(1, "2", 2, "B", NULL);
    cr_assert_not(build(), "there is no former view");
    in_state("UPDATE golden SET record_count = 7");
    in_state(
        "INSERT INTO golden(golden_number, golden_id, record_count) VALUES (1000, 'G1000', 1)");
    build_former_run = build_run++;
}

Test(view_axis, touched_rows_are_replaced_and_other_files_run_anew)
{
    live_a_night();
    cr_assert(build());
    expect_rows("SELECT golden_id, n FROM number ORDER BY 1", "G1|1 G2|7");
    expect_rows("SELECT s, m, c FROM sum", "8|7|1");
    expect_rows("SELECT s FROM sum_again", "8");
    expect_rows("SELECT name FROM sqlite_master WHERE name LIKE 'work%'", "");
    expect_rows("SELECT value FROM parameter WHERE name = 'run_id'", "3");
    expect_rows("PRAGMA integrity_check", "ok");
}

Test(view_axis, a_view_of_another_run_is_made_anew)
{
    live_a_night();
    build_former_run++;
    cr_assert_not(build());
    expect_rows("SELECT golden_id, n FROM number ORDER BY 1", "G1|7 G1000|1 G2|7");
}

Test(view_axis, other_sql_makes_the_view_anew)
{
    static const char *const files[] = {"view/210-number.sql", "view/touched.sql",
                                        "view/view.yaml"};
    static const char *const texts[] = {numbers, touched, "parameters: {}\n"};
    live_a_night();
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char text[1024];
        snprintf(text, sizeof(text), "%s\n", texts[i]);
        write_file(files[i], text);
        build_former_run = build_run;
        cr_assert_not(build(), "%s", files[i]);
        cr_assert(build(), "%s as before", files[i]);
    }
}

Test(view_axis, when_much_has_changed_the_view_is_made_anew)
{
    live_a_night();
    in_state("DELETE FROM golden WHERE golden_number = 1000");
    in_state("INSERT INTO changed_golden VALUES (1, 'touched'), (2, 'touched')");
    cr_assert_not(build());
}

Test(view_axis, without_touched_sql_the_view_is_made_anew)
{
    write_view();
    file_remove(in_folder("view/touched.sql"));
    build();
    build_former_run = build_run;
    cr_assert_not(build());
}

/* Only what also fails anew is an error. */
Test(view_axis, what_cannot_be_brought_up_to_date_is_made_anew)
{
    write_view();
    write_file("view/touched.sql", "INSERT INTO nowhere VALUES (1);\n");
    put_customer(1, "1", 1, "A", NULL);
    build();
    build_former_run = build_run;
    cr_assert_not(build());
    expect_rows("SELECT golden_id, n FROM number", "G1|1");
    cr_assert_not(file_exists(in_folder("out/customer360.db.new")));
}

Test(view_axis, a_file_for_full_builds_only_is_not_run)
{
    live_a_night();
    write_file("view/010-both.sql",
               "-- full builds only\nCREATE TEMP TABLE both AS SELECT 1 AS a;\n");
    build_former_run = 0;
    build();
    build_former_run = build_run;
    write_file("view/210-number.sql", numbers);
    cr_assert(build());
}

Test(view_axis, a_line_that_cannot_be_understood_is_an_error)
{
    static const char *const lines[] = {"-- touched:", "-- touched: number.",
                                        "-- touched: (number)",
                                        "-- touched: number.golden_id; and more"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct view_result result;
        struct error error = {0};
        char text[256];
        write_view();
        snprintf(text, sizeof(text), "-- Numbers.\n%s\nCREATE TABLE number (n);\n", lines[i]);
        write_file("view/210-number.sql", text);
        cr_assert_not(build_from(in_folder("view"), &result, &error), "%s", lines[i]);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
        cr_assert_eq(error.line, 2);
        cr_assert(strstr(error.message, "could not understand"), "%s", error.message);
    }
}
