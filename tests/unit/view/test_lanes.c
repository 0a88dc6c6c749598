#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_lanes, .init = view_test_open, .fini = view_test_close);

/* A view of one file for each part of the build, so that a test can spoil one of them. */
static const char both[] = "CREATE TEMP TABLE base AS SELECT 1 AS a UNION ALL SELECT 2;\n";
static const char first[] = "CREATE TABLE one AS SELECT a FROM base;\n";
static const char second[] = "CREATE TABLE two (b);\nINSERT INTO two SELECT a * 10 FROM base;\n"
                             "CREATE INDEX two_b ON two (b);\n";
static const char after[] = "CREATE TABLE three AS SELECT a + b AS c FROM one, two;\n";

static void write_lanes(void)
{
    write_file("view/010-both.sql", both);
    write_file("view/110-first.sql", first);
    write_file("view/210-second.sql", second);
    write_file("view/310-after.sql", after);
    write_file("view/view.yaml", "parameters: {}\n");
}

static void build_lanes(void)
{
    struct view_result result;
    struct error error;
    cr_assert(build_from(in_folder("view"), &result, &error), "%s:%d: %s", error.file,
              (int)error.line, error.message);
    cr_assert_not(file_exists(in_folder("out/customer360.db.new")));
    cr_assert_not(file_exists(in_folder("out/customer360.db.new-lane")));
}

/* Expects exit code 78, at that place, and that nothing is left of the failed build. */
static struct error expect_failure(const char *file, uint64_t line, const char *message)
{
    struct view_result result;
    struct error error = {0};
    cr_assert_not(build_from(in_folder("view"), &result, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_assert(strstr(error.file, file), "%s: %s", error.file, error.message);
    cr_assert_eq(error.line, line, "line %d: %s", (int)error.line, error.message);
    cr_assert(strstr(error.message, message), "%s", error.message);
    cr_assert_not(file_exists(in_folder("out/customer360.db.new")));
    cr_assert_not(file_exists(in_folder("out/customer360.db.new-lane")));
    return error;
}

Test(view_lanes, what_both_have_made_is_there_afterwards)
{
    write_lanes();
    for (build_threads = 0; build_threads <= 2; build_threads++) {
        build_lanes();
        expect_rows("SELECT a FROM one ORDER BY a", "1 2");
        expect_rows("SELECT b FROM two ORDER BY b", "10 20");
        expect_rows("SELECT c FROM three ORDER BY c", "11 12 21 22");
        expect_rows("SELECT name FROM sqlite_master ORDER BY rowid",
                    "parameter dictionary one two two_b three");
        expect_rows("PRAGMA integrity_check", "ok");
    }
}

/* The second round: a file for each part of it. */
static void write_second_round(void)
{
    write_lanes();
    write_file("view/410-both.sql", "CREATE TEMP TABLE more AS SELECT max(c) AS m FROM three;\n");
    write_file("view/510-first.sql", "CREATE TABLE five AS SELECT m + a AS x FROM more, one;\n");
    write_file("view/610-second.sql", "CREATE TABLE six AS SELECT m + b AS y FROM more, two;\n"
                                      "CREATE INDEX six_y ON six (y);\n");
    write_file("view/710-after.sql", "CREATE TABLE seven AS SELECT x + y AS z FROM five, six;\n");
}

Test(view_lanes, what_is_derived_is_made_in_two_lanes_too)
{
    write_second_round();
    for (build_threads = 0; build_threads <= 2; build_threads++) {
        build_lanes();
        expect_rows("SELECT x FROM five ORDER BY x", "23 24");
        expect_rows("SELECT y FROM six INDEXED BY six_y ORDER BY y", "32 42");
        expect_rows("SELECT z FROM seven ORDER BY z", "55 56 65 66");
        expect_rows("SELECT name FROM sqlite_master ORDER BY rowid",
                    "parameter dictionary one two two_b three five six six_y seven");
        expect_rows("PRAGMA integrity_check", "ok");
    }
}

Test(view_lanes, derived_lanes_do_not_see_each_other_and_are_named_when_they_fail)
{
    write_second_round();
    write_file("view/620-second.sql", "\nCREATE TABLE eight AS SELECT * FROM five;\n");
    expect_failure("620-second.sql", 2, "no such table: five");
    write_file("view/620-second.sql", "INSERT INTO one VALUES (7);\n");
    expect_failure("620-second.sql", 1, "readonly");
    write_file("view/620-second.sql", "CREATE TABLE five (a);\n");
    struct error error = expect_failure("620-second.sql", 0, "five is made by");
    cr_assert(strstr(error.hint, "from 700 on"), "%s", error.hint);
    write_file("view/620-second.sql", "");
    write_file("view/420-both.sql", "CREATE TABLE nine (a);\n");
    expect_failure("420-both.sql", 0, "nine would be made in both lanes");
}

Test(view_lanes, the_files_of_a_lane_run_in_the_order_of_their_numbers)
{
    write_lanes();
    write_file("view/150-first.sql", "UPDATE one SET a = a + 100;\n");
    write_file("view/120-first.sql", "UPDATE one SET a = a * 2;\n");
    write_file("view/250-second.sql", "UPDATE two SET b = b + 100;\n");
    write_file("view/220-second.sql", "UPDATE two SET b = b * 2;\n");
    write_file("view/990-last.sql", "UPDATE three SET c = c + 1000;\n");
    build_lanes();
    expect_rows("SELECT a FROM one ORDER BY a", "102 104");
    expect_rows("SELECT b FROM two ORDER BY b", "120 140");
    expect_rows("SELECT c FROM three ORDER BY c", "1222 1224 1242 1244");
}

/* With work tables of the first lane too: its connection goes on. */
Test(view_lanes, work_tables_of_the_first_lane_are_there_afterwards)
{
    write_lanes();
    write_file("view/110-first.sql", "CREATE TABLE one AS SELECT a FROM base;\n"
                                     "CREATE TEMP TABLE kept AS SELECT max(a) AS m FROM one;\n");
    write_file("view/310-after.sql", "CREATE TABLE three AS SELECT m FROM kept;\n");
    build_lanes();
    expect_rows("SELECT m FROM three", "2");
}

/* The second lane's connection ends; what is called work_… can still be read, but goes with it. */
Test(view_lanes, work_tables_of_the_second_lane_are_read_afterwards)
{
    write_lanes();
    write_file("view/220-second.sql", "CREATE TABLE work_kept AS SELECT max(b) AS m FROM two;\n"
                                      "CREATE INDEX work_kept_m ON work_kept (m);\n"
                                      "CREATE TABLE workers AS SELECT 1 AS a;\n");
    write_file("view/310-after.sql", "CREATE TABLE three AS SELECT m FROM work_kept;\n");
    build_lanes();
    expect_rows("SELECT m FROM three", "20");
    expect_rows("SELECT name FROM sqlite_master WHERE name LIKE 'work%'", "workers");
    write_file("view/310-after.sql", "DROP TABLE work_kept;\n");
    expect_failure("310-after.sql", 1, "readonly");
}

/* Else what they make would depend on which is faster. */
Test(view_lanes, neither_sees_what_the_other_makes)
{
    write_lanes();
    write_file("view/220-second.sql", "\nCREATE TABLE four AS SELECT * FROM one;\n");
    expect_failure("220-second.sql", 2, "no such table: one");
    write_file("view/220-second.sql", "");
    write_file("view/120-first.sql", "CREATE TABLE four AS SELECT * FROM two;\n");
    expect_failure("120-first.sql", 1, "no such table: two");
}

Test(view_lanes, an_error_in_either_leaves_the_former_view)
{
    static const struct {
        const char *file;
        const char *sql;
        const char *message;
        uint64_t line;
    } cases[] = {
        {"020-both.sql", "\nSELECT nothing;\n", "nothing", 2},
        {"120-first.sql", "\n\nINSERT INTO sceond VALUES (1);\n", "sceond", 3},
        {"220-second.sql", "CREATE TABLE x (a UNIQUE);\nINSERT INTO x VALUES (1), (1);\n", "UNIQUE",
         2},
        {"220-second.sql", "\nINSERT INTO state.run(run_id) VALUES (99);\n", "readonly", 2},
        {"320-after.sql", "SELECT 'open\n", "unrecognized token", 1},
    };
    for (build_threads = 1; build_threads <= 2; build_threads++) {
        write_lanes();
        build_lanes();
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            char path[64];
            snprintf(path, sizeof(path), "view/%s", cases[i].file);
            write_file(path, cases[i].sql);
            expect_failure(cases[i].file, cases[i].line, cases[i].message);
            expect_rows("SELECT c FROM three ORDER BY c", "11 12 21 22");
            write_file(path, "");
        }
    }
}

/* What is told must not depend on which of them is faster. */
Test(view_lanes, when_both_fail_the_first_lane_is_told)
{
    write_lanes();
    write_file("view/120-first.sql",
               "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
               " WHERE i < 200000) SELECT i FROM n;\nSELECT first_nothing;\n");
    write_file("view/220-second.sql", "SELECT second_nothing;\n");
    for (build_threads = 1; build_threads <= 2; build_threads++)
        expect_failure("120-first.sql", 2, "first_nothing");
}

/* It would never end by itself. */
Test(view_lanes, the_second_is_stopped_when_the_first_fails, .timeout = 60)
{
    write_lanes();
    write_file("view/120-first.sql", "SELECT nothing;\n");
    write_file("view/220-second.sql",
               "CREATE TABLE endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
               " FROM n) SELECT count(*) FROM n;\n");
    for (build_threads = 1; build_threads <= 2; build_threads++)
        expect_failure("120-first.sql", 1, "nothing");
}

Test(view_lanes, what_is_made_in_both_is_told_with_both_files)
{
    static const struct {
        const char *in_first;
        const char *in_second;
        const char *message;
    } cases[] = {
        {"CREATE TABLE twice (a);", "CREATE TABLE twice (b);", "twice is made by "},
        {"CREATE TABLE twice (a);", "CREATE TABLE Twice (a);", "Twice is made by "},
        {"CREATE INDEX same ON one (a);", "CREATE INDEX same ON two (b);", "same is made by "},
        {"CREATE TABLE twice (a);", "CREATE VIEW twice AS SELECT * FROM two;", "twice is made by "},
    };
    write_lanes();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file("view/120-first.sql", cases[i].in_first);
        write_file("view/220-second.sql", cases[i].in_second);
        struct error error = expect_failure("220-second.sql", 0, cases[i].message);
        cr_assert(strstr(error.message, "120-first.sql"), "%s", error.message);
        cr_assert(strstr(error.hint, "from 300 on"), "%s", error.hint);
    }
}

/* A table that the first lane has dropped again is in nobody's way. */
Test(view_lanes, what_was_dropped_may_be_made_in_the_other)
{
    write_lanes();
    write_file("view/120-first.sql", "CREATE TABLE twice (a);\nDROP TABLE twice;\n");
    write_file("view/220-second.sql", "CREATE TABLE twice AS SELECT 5 AS a;\n");
    build_lanes();
    expect_rows("SELECT a FROM twice", "5");
}

Test(view_lanes, a_file_of_both_makes_work_tables_only)
{
    write_lanes();
    write_file("view/010-both.sql", "CREATE TABLE base AS SELECT 1 AS a;\n");
    struct error error = expect_failure("010-both.sql", 0, "base would be made in both lanes");
    cr_assert(strstr(error.hint, "CREATE TEMP TABLE"), "%s", error.hint);
}

Test(view_lanes, all_kinds_of_tables_and_values_come_over)
{
    write_lanes();
    write_file("view/220-second.sql",
               "CREATE TABLE keyed (a TEXT PRIMARY KEY, b) WITHOUT ROWID;\n"
               "INSERT INTO keyed VALUES ('x', NULL), ('y', 1.5), ('z', x'00ff');\n"
               "CREATE TABLE numbered (id INTEGER PRIMARY KEY, a UNIQUE, b AS (a * 2));\n"
               "INSERT INTO numbered VALUES (7, 1), (9, 2);\n"
               "CREATE TABLE \"a name\" (\"a column\");\n"
               "INSERT INTO \"a name\" VALUES ('王伟');\n"
               "CREATE INDEX part ON numbered (a) WHERE a > 1;\n"
               "CREATE VIEW seen AS SELECT a FROM keyed WHERE b IS NOT NULL;\n"
               "CREATE TRIGGER follows AFTER INSERT ON two BEGIN"
               " INSERT INTO \"a name\" VALUES (new.b); END;\n");
    write_file("view/310-after.sql", "INSERT INTO two VALUES (30);\n");
    build_lanes();
    expect_rows("SELECT a, b, typeof(b) FROM keyed WHERE a <> 'z'", "x|-|null y|1.5|real");
    expect_rows("SELECT hex(b) FROM keyed WHERE a = 'z'", "00FF");
    expect_rows("SELECT id, a, b FROM numbered", "7|1|2 9|2|4");
    expect_rows("SELECT a FROM seen", "y z");
    expect_rows("SELECT \"a column\" FROM \"a name\"", "王伟 30");
    expect_rows("SELECT a FROM numbered INDEXED BY part WHERE a > 1", "2");
    expect_rows("PRAGMA integrity_check", "ok");
}

Test(view_lanes, a_virtual_table_of_the_second_is_refused)
{
    write_lanes();
    write_file("view/220-second.sql", "CREATE VIRTUAL TABLE words USING fts5(word);\n");
    expect_failure("220-second.sql", 0, "the virtual table words cannot be brought over");
    write_file("view/220-second.sql", "");
    write_file("view/120-first.sql", "CREATE VIRTUAL TABLE words USING fts5(word);\n");
    build_lanes();
}

Test(view_lanes, the_parameters_are_in_both_and_published_once)
{
    write_lanes();
    write_file("view/120-first.sql", "CREATE TABLE four AS SELECT (SELECT value FROM parameter"
                                     " WHERE name = 'limit') AS a;\n");
    write_file("view/220-second.sql", "CREATE TABLE five AS SELECT (SELECT value FROM parameter"
                                      " WHERE name = 'limit') AS a;\n");
    write_file("view/view.yaml", "parameters: {limit: 4}\n");
    build_lanes();
    expect_rows("SELECT four.a, five.a FROM four, five", "4|4");
    expect_rows("SELECT name FROM parameter ORDER BY name", "as_of limit run_id");
}

/* A build that was killed leaves its files; the next one does not trip over them. */
Test(view_lanes, what_a_killed_build_left_is_replaced)
{
    write_lanes();
    write_file("out/customer360.db.new", "half a file");
    write_file("out/customer360.db.new-lane", "half a file");
    write_file("out/customer360.db.new-lane-journal", "half a journal");
    build_lanes();
    expect_rows("SELECT b FROM two ORDER BY b", "10 20");
    cr_assert_not(file_exists(in_folder("out/customer360.db.new-lane-journal")));
}

Test(view_lanes, without_a_second_lane_there_is_no_second_file)
{
    write_file("view/110-first.sql", "CREATE TABLE one AS SELECT 1 AS a;\n");
    write_file("view/view.yaml", "parameters: {}\n");
    /* Where it would be stands a folder, which nothing replaces. */
    write_file("out/customer360.db.new-lane/x", "");
    struct view_result result;
    struct error error;
    cr_assert(build_from(in_folder("view"), &result, &error), "%s", error.message);
    expect_rows("SELECT a FROM one", "1");
    write_file("view/210-second.sql", "CREATE TABLE two AS SELECT 1 AS a;\n");
    cr_assert_not(build_from(in_folder("view"), &result, &error));
    cr_assert(strstr(error.message, "customer360.db.new-lane"), "%s", error.message);
    expect_rows("SELECT a FROM one", "1");
}
