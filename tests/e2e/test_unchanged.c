#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>

/* What is as it was is not read, matched or merged again. */

TestSuite(unchanged, .init = night_open, .fini = workspace_close, .timeout = 300);

#define STATE     "state/state.db"
#define VIEW_FILE "out/customer360.db"

/* How many sources the run says that it left alone. */
static int count_kept(const char *options)
{
    struct finished finished = run("run " NIGHT " %s --log debug", options);
    int kept = 0;
    cr_assert_eq(finished.exit_code, 0, "%s", finished.messages);
    for (const char *at = finished.messages; (at = strstr(at, "its files are as they were")); at++)
        kept++;
    finished_release(&finished);
    return kept;
}

Test(unchanged, the_same_files_are_not_read_again)
{
    night_run("", 0);
    char *before = view_content();
    long sources = query_number(STATE, "SELECT count(*) FROM source");
    cr_expect_eq(count_kept(AS_OF), sources);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM changed_record"), 0);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM changed_golden"), 0);
    cr_expect_eq(query_number(STATE, "SELECT (SELECT total(rows_read) FROM run_source WHERE"
                                     " run_id=1) - (SELECT total(rows_read) FROM run_source WHERE"
                                     " run_id=2)"),
                 0);
    char *after = view_content();
    cr_expect_str_eq(before, after);
    memory_free(before);
    memory_free(after);
}

Test(unchanged, a_touched_file_is_known_by_its_bytes_and_a_changed_one_is_read)
{
    night_run("", 0);
    long sources = query_number(STATE, "SELECT count(*) FROM source");
    shell("touch '%s'/*", in_workspace("feeds"));
    cr_expect_eq(count_kept(AS_OF), sources, "the bytes are the same");
    shell("sed -i '2d' '%s'", in_workspace("feeds/D07_customers.csv"));
    cr_expect_eq(count_kept(AS_OF), sources - 1);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM changed_record WHERE change='closed'"
                                     " AND entity='customer'"),
                 1);
}

Test(unchanged, a_rebuild_and_another_year_read_everything_again)
{
    night_run("", 0);
    cr_expect_eq(count_kept(AS_OF " --rebuild"), 0);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM changed_record"), 0);
    cr_expect_eq(count_kept("--as-of 2025-12-31"), 0, "a day of another year may read otherwise");
}

/* What is brought up to date is a copy of the view: a mark of ours stays in it. */
Test(unchanged, a_view_that_stood_on_a_quiet_night_is_brought_up_to_date_by_the_next)
{
    night_run("", 0);
    shell("sqlite3 '%s' 'CREATE TABLE a_mark(x)'", in_workspace("out/customer360.db"));
    night_run("", 0);
    shell("sed -i '2d' '%s'", in_workspace("feeds/D07_customers.csv"));
    night_run("", 0);
    cr_expect_eq(query_number(VIEW_FILE, "SELECT count(*) FROM sqlite_master WHERE name='a_mark'"),
                 1);
    cr_expect_eq(query_number(VIEW_FILE, "SELECT value FROM parameter WHERE name='run_id'"), 3);
}
