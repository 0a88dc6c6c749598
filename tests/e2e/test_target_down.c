#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>

/* A night whose target cannot be reached: the view is published here, and a later night sends what
 * the target lacks. A SQLite file in a folder that is taken away and put back is the target. */

#define TARGET "there/target.db"

static void open_with_target(void)
{
    small_group_open();
    write_project("publish:\n  - name: there\n    dialect: sqlite\n    connection: "
                  "'Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;Timeout=20000'\n"
                  "    path: there/target.db\n",
                  "");
}

TestSuite(target_down, .init = open_with_target, .fini = workspace_close, .timeout = 120);

/* Its owner makes the file, --init its tables, as the view has them that is published here. */
static void make_target(void)
{
    shell("mkdir '%s' && sqlite3 '%s' 'PRAGMA user_version=1'", in_workspace("there"),
          in_workspace(TARGET));
    struct finished finished = run("publish -c @/cust360.yaml --init");
    expect_exit(finished, 0);
    finished_release(&finished);
}

/* All rows of a table, but for what the target has of its own. */
static void expect_same_rows(const char *table)
{
    shell("t='%s'; v='%s'; there='%s'; "
          "c=$(sqlite3 \"$v\" \"SELECT group_concat('\\\"' || name || '\\\"') FROM "
          "pragma_table_info('$t')\"); test -n \"$c\" || exit 1; "
          "for d in \"$v\" \"$there\"; do sqlite3 \"$d\" \"SELECT $c FROM \\\"$t\\\"\" | sort | "
          "sha256sum; done | uniq | wc -l | grep -qx 1 || { echo \"$t differs\" >&2; exit 1; }",
          table, in_workspace(VIEW), in_workspace(TARGET));
}

static void expect_same_view(void)
{
    static const char *const tables[] = {"customer", "customer_source", "contact_point",
                                         "parameter", "source_status"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        expect_same_rows(tables[i]);
    cr_assert_eq(query_number(TARGET, "SELECT count(*) FROM customer"), customers());
}

/* The night says so in its messages and its report, and ends with 3. */
static void night_without_target(const char *day)
{
    expect_message(day, "", 3, "target there: could not connect");
    shell("jq -e '.exit_code == 3 and (.targets | length == 1 and .[0].name == \"there\" and "
          "(.[0].published | not))' '%s' > '%s'",
          in_workspace("out/report.json"), in_workspace("answer"));
}

Test(target_down, a_target_that_was_never_there_is_sent_all_of_it_once_it_is)
{
    night_without_target("2026-06-01");
    cr_assert_eq(customers(), 1200, "the view stands here");
    make_target();
    cr_assert_eq(query_number(TARGET, "SELECT count(*) FROM customer"), 0);
    quiet_night("2026-06-02", "", 0);
    expect_same_view();
}

Test(target_down, what_a_target_missed_in_two_nights_is_caught_up_by_the_next)
{
    night_without_target("2026-06-01");
    make_target();
    quiet_night("2026-06-01", "", 0);
    expect_same_view();
    shell("mv '%s' '%s'", in_workspace("there"), in_workspace("away"));
    write_feed("feeds/D01.csv", 1, 620, "");
    night_without_target("2026-06-02");
    cr_assert_eq(customers(), 1220, "the view stands here");
    write_feed("feeds/E01.csv", 1005, 1610, "");
    night_without_target("2026-06-03");
    long here = customers();
    shell("mv '%s' '%s'", in_workspace("away"), in_workspace("there"));
    cr_assert_eq(query_number(TARGET, "SELECT count(*) FROM customer"), 1200, "as it was left");
    quiet_night("2026-06-03", "", 0); /* nothing is new, and the target is sent its due */
    cr_assert_eq(customers(), here);
    expect_same_view();
}

Test(target_down, publish_alone_catches_up_as_well)
{
    night_without_target("2026-06-01");
    make_target();
    struct finished finished = run("publish -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "target there: run 1: ");
    finished_release(&finished);
    expect_same_view();
}
