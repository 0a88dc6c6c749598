#include "cust360/base/database_narrow.h"
#include "cust360/base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where values can stand, read from the pages: never too little, seldom too much. */

static char path[256];
static struct database *database;

static void run(const char *sql)
{
    struct error error = {0};
    cr_assert(database_run(database, sql, &error), "%s: %s", sql, error.message);
}

static void open_database(void)
{
    struct error error;
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%s/cust360-narrow-%d.db", base ? base : "/tmp", (int)getpid());
    database = database_open(path, DATABASE_CREATE, &error);
    cr_assert(database, "%s", error.message);
}

static void close_database(void)
{
    database_close(database);
    file_remove(path);
}

TestSuite(database_narrow, .init = open_database, .fini = close_database);

/* 30,000 rows in ascending order, with texts of up to 9,000 bytes before and in the wanted columns;
 * the value "m<n>" stands in three rows. */
static void fill(const char *definition)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "CREATE TABLE t(%s", definition);
    run(sql);
    run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
        " INSERT INTO t(key, before, mobile, amount, email) SELECT printf('k%06d', i),"
        " CASE WHEN i % 1000 = 7 THEN printf('%.*c', 9000, 'x') WHEN i % 3 = 0 THEN"
        " printf('%.*c', 60 + i % 90, 'y') END, 'm' || (i % 10000), i * 1.5,"
        " CASE WHEN i % 5 = 0 THEN 'it''s ' || i END FROM n");
}

static struct buffer narrowed(const char *column, const char *value)
{
    struct error error;
    struct buffer condition = BUFFER_EMPTY;
    struct slice values[] = {SLICE("another"), slice_of(value)};
    const struct database_wanted wanted = {
        .table = "t", .columns = &column, .column_count = 1, .values = values, .value_count = 2};
    cr_assert(database_narrow(database, &wanted, &condition, &error), "%s", error.message);
    return condition;
}

static int64_t number(const char *sql)
{
    struct error error;
    int64_t value = -1;
    cr_assert(database_integer(database, sql, -1, &value, &error), "%s", error.message);
    return value;
}

static int64_t count_where(const char *condition, const char *column, const char *value)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql, "SELECT count(*) FROM t WHERE %s AND %s = '%s'", condition, column, value);
    int64_t rows = number(sql.data);
    buffer_release(&sql);
    return rows;
}

/* All rows that a query finds, and few besides. */
static void expect_narrow(const char *column, const char *value, int64_t most)
{
    struct buffer condition = narrowed(column, value);
    struct buffer sql = BUFFER_EMPTY;
    cr_expect_eq(count_where(condition.data, column, value), count_where("1", column, value),
                 "%s %s: %.80s", column, value, condition.data);
    buffer_format(&sql, "SELECT count(*) FROM t WHERE %s", condition.data);
    cr_expect_leq(number(sql.data), most, "%s %s: %.80s", column, value, condition.data);
    buffer_release(&sql);
    buffer_release(&condition);
}

static void expect_condition(const char *column, const char *value, const char *wanted)
{
    struct buffer condition = narrowed(column, value);
    cr_expect_str_eq(condition.data, wanted);
    buffer_release(&condition);
}

static void expect_values_found(void)
{
    enum { ROWS = 3, OVERFLOWN = 30 };
    static const char *const values[] = {"m0", "m1", "m7", "m9999", "m5432", "m2007"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        expect_narrow("mobile", values[i], ROWS + OVERFLOWN);
    expect_narrow("before", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
                  700);
    expect_condition("mobile", "m10000", "0");
    expect_condition("mobile", "m1'", "0");
}

Test(database_narrow, rows_with_numbers_are_found)
{
    fill("id INTEGER PRIMARY KEY, key TEXT, before TEXT, mobile TEXT, amount REAL, email TEXT)");
    expect_values_found();
    run("DELETE FROM t WHERE id = 14321 OR length(before) > 8000; UPDATE t SET mobile = 'm4321'"
        " WHERE id = 5");
    expect_condition("mobile", "m4321", "rowid IN (5,4321,24321)");
}

Test(database_narrow, rows_with_keys_are_found)
{
    fill("mobile TEXT, before TEXT, key TEXT, amount REAL, email TEXT, PRIMARY KEY(key, mobile))"
         " WITHOUT ROWID;");
    expect_values_found();
    expect_condition("email", "it's 20", "\"key\" IN ('k000020')");
    run("UPDATE t SET key = 'o''k' WHERE key = 'k000123'");
    struct buffer condition = narrowed("mobile", "m123");
    cr_expect_eq(count_where(condition.data, "mobile", "m123"), 3, "%s", condition.data);
    cr_expect(strstr(condition.data, "'o''k'"), "%s", condition.data);
    buffer_release(&condition);
}

Test(database_narrow, small_tables_are_read_too)
{
    run("CREATE TABLE t(mobile TEXT, email)");
    expect_condition("mobile", "m1", "0");
    run("INSERT INTO t VALUES('m1', 'e'), ('m2', 7), (NULL, x'6d31')");
    expect_condition("mobile", "m1", "rowid IN (1)");
    expect_condition("email", "e", "rowid IN (1)");
    expect_condition("email", "m1", "0");
}

Test(database_narrow, what_pages_do_not_tell_is_left_to_the_query)
{
    run("CREATE TABLE t(mobile TEXT COLLATE NOCASE)");
    expect_condition("mobile", "m1", "1");
    run("DROP TABLE t; CREATE TABLE t(mobile INTEGER, email TEXT DEFAULT 'm1')");
    expect_condition("mobile", "1", "1");
    expect_condition("email", "m1", "1");
    run("DROP TABLE t; CREATE TABLE t(a TEXT, mobile TEXT, twice AS (a || a))");
    expect_condition("mobile", "m1", "1");
    expect_condition("nothing", "m1", "1");
    run("DROP TABLE t; CREATE TABLE t(number INTEGER PRIMARY KEY, mobile TEXT) WITHOUT ROWID;"
        "INSERT INTO t VALUES(5, 'm1')");
    expect_condition("mobile", "m1", "1");
    run("DROP TABLE t");
    expect_condition("mobile", "m1", "1");
    run("CREATE TABLE t(mobile TEXT); PRAGMA journal_mode = WAL");
    expect_condition("mobile", "m1", "1");
}

Test(database_narrow, very_many_rows_are_left_to_the_query)
{
    run("CREATE TABLE t(mobile TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
        "n"
        " WHERE i < 90000) INSERT INTO t SELECT 'm1' FROM n");
    expect_condition("mobile", "m1", "1");
}

/* Whatever byte of the file is wrong: nothing outside it is read, and no row is claimed twice. */
Test(database_narrow, damaged_pages_end)
{
    fill("id INTEGER PRIMARY KEY, key TEXT, before TEXT, mobile TEXT, amount REAL, email TEXT)");
    unsigned random = 7;
    for (int round = 0; round < 60; round++) {
        FILE *file = fopen(path, "r+b");
        random = random * 1103515245U + 12345U;
        long page = 1 + (long)(random >> 8) % 300;
        for (long at = 0; at < 24; at++) {
            random = random * 1103515245U + 12345U;
            fseek(file, page * 4096 + at, SEEK_SET);
            fputc((int)(random >> 16 & 0xff), file);
        }
        fclose(file);
        struct buffer condition = narrowed("mobile", "m77");
        cr_expect(*condition.data == '1' || *condition.data == 'r', "%s", condition.data);
        buffer_release(&condition);
    }
}

/* ---- what is left of deleted rows ---- */

static int64_t times_in_file(const char *text)
{
    struct slice content;
    int64_t times = 0;
    cr_assert(file_map(path, &content));
    for (struct slice rest = content; rest.length;) {
        ptrdiff_t at = slice_find(rest, slice_of(text));
        if (at < 0)
            break;
        times++;
        rest = slice_cut(rest, (size_t)at + 1, rest.length);
    }
    file_unmap(content);
    return times;
}

static void reopen(enum database_mode mode)
{
    struct error error;
    database_close(database);
    database = database_open(path, mode, &error);
    cr_assert(database, "%s", error.message);
}

/* Rows in no order, which make pages be split over and over. */
static void fill_in_no_order(void)
{
    run("CREATE TABLE t(key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID; WITH RECURSIVE n(i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT"
        " printf('%06d', i * 7919 % 20011), CASE WHEN i % 50 = 0 THEN 'secret' ELSE 'common' END"
        " || printf('%.*c', i % 80, '-') FROM n");
}

Test(database_narrow, pages_are_written_without_what_was_deleted)
{
    fill_in_no_order();
    cr_assert_eq(times_in_file("secret"), 400);
    run("DELETE FROM t WHERE text LIKE 'secret%'");
    cr_assert_eq(times_in_file("secret"), 0);
    cr_assert_gt(times_in_file("common"), 10000);
}

Test(database_narrow, free_pages_are_cleared)
{
    struct error error;
    reopen(DATABASE_SCRATCH);
    run("PRAGMA secure_delete = OFF; CREATE TABLE kept(a TEXT); INSERT INTO kept VALUES('common')");
    fill_in_no_order();
    reopen(DATABASE_WRITE);
    run("PRAGMA secure_delete = OFF; DROP TABLE t");
    cr_assert_gt(times_in_file("secret"), 0);
    database_close(database);
    database = NULL;
    cr_assert(database_clear_gaps(path, &error), "%s", error.message);
    cr_assert_eq(times_in_file("secret"), 0);
    reopen(DATABASE_WRITE);
    cr_assert_eq(number("SELECT count(*) FROM kept"), 1);
    fill_in_no_order(); /* in the pages that were free */
    cr_assert_eq(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
                 1);
}
