#include "cust360/base/database.h"
#include "cust360/base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[256];

static void choose_path(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%s/cust360-database-%d.db", base ? base : "/tmp", (int)getpid());
}

static void remove_path(void)
{
    file_remove(path);
}

TestSuite(database, .init = choose_path, .fini = remove_path);

static struct database *opened(enum database_mode mode)
{
    struct error error;
    struct database *database = database_open(path, mode, &error);
    cr_assert(database, "%s", error.message);
    return database;
}

Test(database, values_come_back_as_bound)
{
    struct error error;
    struct database *database = opened(DATABASE_CREATE);
    cr_assert(database_run(database, "CREATE TABLE t(a TEXT, b INTEGER, c REAL, d TEXT)", &error));
    struct statement *insert =
        statement_prepare(database, "INSERT INTO t VALUES(?1,?2,?3,?4)", &error);
    statement_bind_text(insert, 1, SLICE("王小明𠮷"));
    statement_bind_integer(insert, 2, INT64_MIN);
    statement_bind_number(insert, 3, 0.25);
    statement_bind_text(insert, 4, slice_make(NULL, 0));
    cr_assert(statement_run(insert, &error));
    cr_assert_eq(database_changes(database), 1);
    statement_destroy(insert);
    struct statement *select = statement_prepare(database, "SELECT a,b,c,d FROM t", &error);
    cr_assert_eq(statement_step(select, &error), ACCEPTED);
    cr_assert(slice_equal(statement_text(select, 0), SLICE("王小明𠮷")));
    cr_assert_eq(statement_integer(select, 1), INT64_MIN);
    cr_assert_eq(statement_number(select, 2), 0.25);
    cr_assert(statement_is_null(select, 3));
    cr_assert_str_eq(statement_column_name(select, 1), "b");
    cr_assert_eq(statement_columns(select), 4);
    cr_assert_eq(statement_step(select, &error), ENDED);
    statement_destroy(select);
    cr_assert(database_finish(database, &error));
}

Test(database, errors_say_what_sqlite_says)
{
    struct error error;
    struct database *database = opened(DATABASE_CREATE);
    cr_assert_not(database_run(database, "SELEC 1", &error));
    cr_assert(strstr(error.message, "SELEC"));
    cr_assert_null(statement_prepare(database, "SELECT * FROM none", &error));
    cr_assert(strstr(error.message, "no such table: none"));
    int64_t value = 0;
    cr_assert(database_integer(database, "SELECT 1 WHERE 0", 9, &value, &error));
    cr_assert_eq(value, 9);
    cr_assert(database_integer(database, "SELECT 5", 9, &value, &error));
    cr_assert_eq(value, 5);
    database_close(database);
}

Test(database, a_file_of_sql_names_its_line)
{
    struct error error;
    struct database *database = opened(DATABASE_SCRATCH);
    struct slice sql = SLICE("CREATE TABLE t(a);\n-- a comment\nINSERT INTO t VALUES(1);\n\n"
                             "INSERT INTO t\n  VALUES(nothing);\n");
    cr_assert_not(database_run_file(database, "020-x.sql", sql, &error));
    cr_assert_str_eq(error.file, "020-x.sql");
    cr_assert_eq(error.line, 6, "line %d", (int)error.line);
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    int64_t rows = 0;
    cr_assert(database_integer(database, "SELECT count(*) FROM t", 0, &rows, &error));
    cr_assert_eq(rows, 1);
    database_close(database);
}

Test(database, must_exist_to_be_read)
{
    struct error error;
    cr_assert_null(database_open(path, DATABASE_READ, &error));
    cr_assert(strstr(error.message, path));
    cr_assert_null(database_open(path, DATABASE_WRITE, &error));
    database_close(opened(DATABASE_CREATE));
    struct database *database = opened(DATABASE_READ);
    cr_assert_not(database_run(database, "CREATE TABLE t(a)", &error));
    database_close(database);
}

Test(database, scratch_begins_empty)
{
    struct error error;
    struct database *database = opened(DATABASE_SCRATCH);
    cr_assert(database_run(database, "CREATE TABLE t(a)", &error));
    cr_assert(database_finish(database, &error));
    database = opened(DATABASE_SCRATCH);
    cr_assert(database_run(database, "CREATE TABLE t(a)", &error), "%s", error.message);
    database_close(database);
}

/* What stands in a URI for something else is a letter like any other in a path. */
Test(database, attaches_another_file_to_be_read)
{
    struct error error;
    char other[sizeof(path) + 16];
    snprintf(other, sizeof(other), "%s 100%%?#", path);
    struct database *database = database_open(other, DATABASE_SCRATCH, &error);
    cr_assert(database && database_run(database, "CREATE TABLE t AS SELECT 7 AS a", &error));
    cr_assert(database_finish(database, &error));
    database = opened(DATABASE_SCRATCH);
    cr_assert(database_attach(database, other, "other", &error), "%s", error.message);
    int64_t value = 0;
    cr_assert(database_integer(database, "SELECT a FROM other.t", 0, &value, &error));
    cr_assert_eq(value, 7);
    cr_assert_not(database_run(database, "INSERT INTO other.t VALUES (8)", &error));
    cr_assert(strstr(error.message, "readonly"), "%s", error.message);
    cr_assert_not(database_attach(database, "/nowhere/x.db", "third", &error));
    database_close(database);
    unlink(other);
}

Test(database, a_statement_stops_when_it_is_told_to)
{
    struct error error;
    struct database *database = opened(DATABASE_SCRATCH);
    atomic_bool stop = false;
    int64_t value = 0;
    database_stop_when(database, &stop);
    cr_assert(database_integer(database, "SELECT 5", 0, &value, &error));
    atomic_store(&stop, true);
    cr_assert_not(database_integer(database,
                                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                   " SELECT count(*) FROM n",
                                   0, &value, &error));
    cr_assert(strstr(error.message, "interrupted"), "%s", error.message);
    database_close(database);
}

Test(database, gaps_of_what_is_no_file_cannot_be_cleared)
{
    struct error error = {0};
    cr_assert_not(database_clear_gaps("/nowhere/at/all.db", &error));
    cr_expect_str_eq(error.message, "could not clear the free space of /nowhere/at/all.db: No such "
                                    "file or directory");
}

Test(database, what_is_no_file_is_not_opened)
{
    char folder[] = "/tmp/cust360-database-XXXXXX";
    struct error error;
    char pipe[64];
    cr_assert(mkdtemp(folder));
    snprintf(pipe, sizeof(pipe), "%s/pipe", folder);
    cr_assert_eq(mkfifo(pipe, 0600), 0);
    cr_expect_null(database_open(pipe, DATABASE_READ, &error));
    cr_expect(strstr(error.message, "not a regular file"), "%s", error.message);
    cr_expect_null(database_open(folder, DATABASE_WRITE, &error));
    cr_expect(strstr(error.message, "not a regular file"), "%s", error.message);
    cr_assert_eq(unlink(pipe), 0);
    cr_assert_eq(rmdir(folder), 0);
}

/* The rows are gone over, and lost pages of them found. */
static void damage_pages(void)
{
    struct error error;
    struct database *database = opened(DATABASE_CREATE);
    cr_assert(database_run(database,
                           "PRAGMA page_size=4096;CREATE TABLE t(a);"
                           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE "
                           "i < 1000) INSERT INTO t SELECT printf('%0100d', i) FROM n",
                           &error));
    cr_assert(database_finish(database, &error));
    FILE *file = fopen(path, "r+b");
    cr_assert(file && fseek(file, 4L * 4096, SEEK_SET) == 0);
    for (int i = 0; i < 4096; i++)
        fputc(0xFF, file);
    cr_assert_eq(fclose(file), 0);
}

Test(database, a_damaged_file_is_named_with_what_to_do)
{
    struct error error;
    damage_pages();
    struct database *database = opened(DATABASE_WRITE);
    struct statement *select = statement_prepare(database, "SELECT a FROM t", &error);
    enum outcome outcome;
    while ((outcome = statement_step(select, &error)) == ACCEPTED)
        continue;
    cr_assert_eq(outcome, FAILED);
    cr_expect(strstr(error.message, path), "%s", error.message);
    cr_expect(strstr(error.hint, "put a sound copy of it in its place"), "%s", error.hint);
    statement_destroy(select);
    /* Not the fault of whoever wrote the SQL. */
    cr_assert_not(
        database_run_file(database, "x.sql", SLICE("CREATE TABLE u AS SELECT a FROM t"), &error));
    cr_expect_eq(error.exit_code, EXIT_FAILED);
    database_close(database);
}
