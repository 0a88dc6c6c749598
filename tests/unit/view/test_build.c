#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

TestSuite(view_build, .init = view_test_open, .fini = view_test_close);

/* A view of one table, so that a test can spoil it. */
static void write_small_view(const char *sql, const char *yaml)
{
    write_file("view/110-first.sql", "CREATE TABLE first (a);\nINSERT INTO first VALUES (1);\n");
    write_file("view/120-second.sql", sql);
    write_file("view/view.yaml", yaml);
}

static const char asks_limit[] =
    "CREATE TABLE second AS\nSELECT value FROM parameter\n  WHERE name = 'limit';\n";

static bool build_small(struct view_result *result, struct error *error)
{
    return build_from(in_folder("view"), result, error);
}

static void expect_failure(int exit_code, const char *file, uint64_t line, const char *message)
{
    struct view_result result;
    struct error error = {0};
    cr_assert_not(build_small(&result, &error));
    cr_assert_eq(error.exit_code, exit_code);
    cr_assert(strstr(error.file, file), "%s", error.file);
    cr_assert_eq(error.line, line, "line %d: %s", (int)error.line, error.message);
    cr_assert(strstr(error.message, message), "%s", error.message);
}

Test(view_build, files_run_in_the_order_of_their_numbers)
{
    struct view_result result;
    struct error error;
    write_small_view("CREATE TABLE second AS SELECT a + 1 AS b FROM first;\n", "parameters: {}\n");
    write_file("view/notes.sql", "this is no file of the view\n");
    cr_assert(build_small(&result, &error), "%s", error.message);
    expect_rows("SELECT b FROM second", "2");
    cr_assert_eq(result.table_count, 4);
    cr_assert_str_eq(result.tables[0].name, "dictionary");
    cr_assert_str_eq(result.tables[1].name, "first");
    cr_assert_eq(result.tables[1].rows, 1);
    cr_assert_str_eq(result.tables[2].name, "parameter");
    cr_assert_str_eq(result.tables[3].name, "second");
}

/* Whoever has the view alone finds there what it means. */
Test(view_build, the_dictionary_is_a_table)
{
    struct view_result result;
    struct error error;
    write_small_view("-- What follows.\nCREATE TABLE second (\n    b INTEGER -- one more\n);\n",
                     "parameters: {}\n");
    cr_assert(build_small(&result, &error), "%s", error.message);
    expect_rows("SELECT column_name, place, type, meaning, made_by FROM dictionary"
                " WHERE table_name = 'second' ORDER BY place",
                "|0|table|What follows.|120-second.sql b|1|INTEGER|one more|120-second.sql");
}

Test(view_build, parameters_are_numbers_texts_and_lists)
{
    struct view_result result;
    struct error error;
    write_small_view(asks_limit, "parameters:\n  limit: [4, 2.5, a]\n");
    cr_assert(build_small(&result, &error), "%s", error.message);
    expect_rows("SELECT value, typeof(value) FROM second", "4|integer 2.5|real a|text");
    expect_rows(
        "SELECT name, value, typeof(value) FROM parameter WHERE name IN ('as_of', 'run_id')",
        "as_of|2026-06-30|text run_id|2|integer");
}

Test(view_build, a_parameter_that_no_file_asks_for_is_an_error)
{
    write_small_view(asks_limit, "parameters:\n  limit: 4\n  lmit: 5\n");
    expect_failure(EXIT_CONFIGURATION, "view.yaml", 3, "unknown parameter lmit");
}

Test(view_build, a_parameter_that_view_yaml_lacks_is_an_error)
{
    write_small_view(asks_limit, "parameters:\n  x-limit: 4\n");
    expect_failure(EXIT_CONFIGURATION, "120-second.sql", 2, "the parameter limit is not in");
}

Test(view_build, what_the_run_sets_is_not_for_view_yaml)
{
    write_small_view("SELECT value FROM parameter WHERE name = 'as_of';", "parameters: {as_of: 1}");
    expect_failure(EXIT_CONFIGURATION, "view.yaml", 1, "as_of is set by the run");
}

Test(view_build, unknown_keys_of_view_yaml_are_errors)
{
    write_small_view("", "parameters: {}\nlimits: {}\n");
    expect_failure(EXIT_CONFIGURATION, "view.yaml", 2, "limits");
}

/* A mistake in the SQL is told with its place, and the former view stays as it was. */
Test(view_build, a_failed_build_leaves_the_former_view)
{
    struct view_result result;
    struct error error;
    write_small_view("", "parameters: {}\n");
    cr_assert(build_small(&result, &error), "%s", error.message);
    static const struct {
        const char *sql;
        const char *message;
        uint64_t line;
    } cases[] = {
        {"CREATE TABLE second (a);\n\nINSERT INTO sceond VALUES (1);\n", "sceond", 3},
        {"CREATE TABLE second (a);\nSELECT 'open\n", "unrecognized token", 2},
        {"\nINSERT INTO state.run(run_id) VALUES (99);\n", "readonly", 2},
        {"CREATE TABLE second (a UNIQUE);\nINSERT INTO second VALUES (1), (1);\n", "UNIQUE", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file("view/120-second.sql", cases[i].sql);
        expect_failure(EXIT_CONFIGURATION, "120-second.sql", cases[i].line, cases[i].message);
        expect_rows("SELECT a FROM first", "1");
        cr_assert_not(file_exists(in_folder("out/customer360.db.new")));
    }
}

Test(view_build, a_folder_without_sql_is_an_error)
{
    struct view_result result;
    struct error error;
    cr_assert_not(build_from(in_folder("nothing"), &result, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    write_file("view/view.yaml", "parameters: {}\n");
    cr_assert_not(build_small(&result, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_assert(strstr(error.message, "no SQL files"), "%s", error.message);
}

Test(view_build, without_a_state_there_is_no_view)
{
    struct view_result result;
    struct error error;
    struct arena *arena = arena_create();
    struct view_options options = {.folder = "mappings/view",
                                   .state_path = in_folder("no-state.db"),
                                   .path = in_folder("out/customer360.db")};
    cr_assert_not(view_build(arena, &options, &result, &error));
    cr_assert_eq(error.exit_code, EXIT_STATE);
    cr_expect(strstr(error.message, "could not find the state"), "%s", error.message);
    cr_assert(strstr(error.message, "no-state.db"));
    cr_assert_not(file_exists(in_folder("out/customer360.db")));
    arena_destroy(arena);
}

/* A folder may have any name that a file system allows. */
Test(view_build, paths_may_hold_what_a_uri_reserves)
{
    struct view_result result;
    struct error error;
    struct arena *arena = arena_create();
    write_file("it's 100%?#/state.db", "");
    struct view_options options = {.folder = in_folder("[1] *"),
                                   .state_path = in_folder("it's 100%?#/state.db"),
                                   .path = in_folder("it's 100%?#/customer360.db")};
    write_file("[1] */110-first.sql", "CREATE TABLE first AS SELECT * FROM state.sqlite_master;");
    write_file("[1] */view.yaml", "parameters: {}\n");
    cr_assert(view_build(arena, &options, &result, &error), "%s", error.message);
    cr_assert(file_exists(options.path));
    arena_destroy(arena);
}

Test(view_build, the_file_is_private_and_has_no_companions)
{
    struct stat status;
    put_customer(1, "1", 1, "王伟", "13800138001");
    write_file("out/customer360.db-wal", "left by a reader");
    build_view();
    cr_assert_eq(stat(in_folder("out/customer360.db"), &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    cr_assert_not(file_exists(in_folder("out/customer360.db-wal")));
    cr_assert_not(file_exists(in_folder("out/customer360.db-journal")));
    expect_rows("PRAGMA journal_mode", "delete");
    expect_rows("PRAGMA integrity_check", "ok");
}

Test(view_build, an_empty_state_gives_empty_tables)
{
    build_view();
    expect_rows("SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM event)"
                " + (SELECT count(*) FROM precall) + (SELECT count(*) FROM data_quality)",
                "0");
    expect_rows("SELECT count(*) FROM dealer", "9");
}

/* "The same input gives the same bytes." */
Test(view_build, the_same_state_gives_the_same_file)
{
    struct arena *arena = arena_create();
    struct slice first;
    struct slice second;
    struct error error;
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(2, "2", "LFV1", "2021-05-01");
    put_service(1, "1", "LFV1", "2020-09-01", "R1");
    build_view();
    cr_assert(file_read(arena, in_folder("out/customer360.db"), 1 << 24, &first, &error));
    build_threads = 1;
    build_view();
    cr_assert(file_read(arena, in_folder("out/customer360.db"), 1 << 24, &second, &error));
    cr_assert(slice_equal(first, second));
    arena_destroy(arena);
}
