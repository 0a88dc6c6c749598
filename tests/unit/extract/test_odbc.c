#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/odbc_message.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* A source over a SQLite file that the SQL has made. */
static struct feed *create(const char *sql)
{
    struct error error;
    struct feed *feed = feed_create(SOURCE_ODBC);
    char *path = file_join(feed->arena, feed->folder, "D04.sqlite");
    struct database *database = database_open(path, DATABASE_CREATE, &error);
    cr_assert_not_null(database, "%s", error.message);
    cr_assert(database_run(database, sql, &error), "%s", error.message);
    database_close(database);
    feed->source.path = path;
    feed->source.name = "D04.sqlite";
    feed->source.connection = arena_format(
        feed->arena, "Driver={SQLite3};Database=%s;StepAPI=1;NoCreat=1;", feed->source.path);
    return feed;
}

static void add_query(struct feed *feed, const char *columns, const char *query)
{
    struct mapping_table *table = feed_add_table(feed, columns);
    table->query = query;
}

static void expect_failure(struct feed *feed, const char *message, const char *hint)
{
    struct reading reading = feed_read(feed);
    cr_assert(slice_ends_with(buffer_slice(&reading.rows), SLICE("FAILED\n")), "%s",
              reading.rows.data);
    cr_assert_not_null(strstr(reading.error.message, message), "%s", reading.error.message);
    cr_assert_str_eq(reading.error.source, "D01");
    expect_hint(&reading.error, hint);
    reading_destroy(&reading);
}

Test(odbc, reads_a_query_a_table)
{
    struct feed *feed = create("CREATE TABLE t(C_ID TEXT, name TEXT, price REAL, n INTEGER);"
                               "INSERT INTO t VALUES('1','王𠮷',1.5,7),('2',NULL,NULL,NULL),"
                               "('3','',-2,0);"
                               "CREATE TABLE u(id TEXT); INSERT INTO u VALUES('x');");
    add_query(feed, "name! c_id! price", "select * from t order by c_id");
    add_query(feed, "id", "select id from u");
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "0:<王𠮷><1><1.5>+7\n0:~<2>~+\n0:<><3><-2.0>+0\n1:<x>\n", "rows");
    expect_text(&reading.places, "1:0+0 2:0+0 3:0+0 1:0+0 ", "places");
    expect_text(&reading.heading, "C_ID,name,price,n\r\n", "heading");
    expect_text(&reading.raw, "1,王𠮷,1.5,7\r\n2,,,\r\n3,,-2.0,0\r\nx\r\n", "raw");
    expect_text(&reading.notices,
                "column_new: D04.sqlite, table table1: the mapping does not name the column \"n\"; "
                "it is not used\n",
                "notices");
    cr_assert_eq(reading.rows_read, 4u);
    reading_destroy(&reading);
    feed_destroy(feed);
}

static const char SERIES[] = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s "
                             "WHERE i<%d) INSERT INTO t SELECT i, 'v'||i FROM s";

Test(odbc, reads_more_rows_than_a_block)
{
    struct arena *arena = arena_create();
    static const int counts[] = {0, 1, 999, 1000, 1001, 2500};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        struct feed *feed =
            create(arena_format(arena, "CREATE TABLE t(id INTEGER, v TEXT);%s%s",
                                counts[i] ? "" : "--", arena_format(arena, SERIES, counts[i])));
        add_query(feed, "id v", "select id, v from t order by id");
        struct reading reading = feed_read(feed);
        struct buffer expected = BUFFER_EMPTY;
        buffer_append_text(&expected, "");
        for (int row = 1; row <= counts[i]; row++)
            buffer_format(&expected, "<%d><v%d>\n", row, row);
        cr_assert_str_eq(reading.rows.data, expected.data);
        buffer_release(&expected);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
    arena_destroy(arena);
}

Test(odbc, never_cuts_a_long_value)
{
    struct arena *arena = arena_create();
    static const int lengths[] = {127, 128, 170, 171, 511, 512, 513, 5000, 300000};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        struct feed *feed = create(arena_format(
            arena,
            "CREATE TABLE t(id INTEGER, v TEXT);%s;"
            "UPDATE t SET v=replace(hex(zeroblob(%d)),'00','王') WHERE id IN (3, 1500);"
            "UPDATE t SET v=v||v WHERE id=1600",
            arena_format(arena, SERIES, 2000), lengths[i]));
        add_query(feed, "id v", "select id, v from t order by id");
        struct reading reading = feed_read(feed);
        struct buffer expected = BUFFER_EMPTY;
        for (int row = 1; row <= 2000; row++) {
            buffer_format(&expected, "<%d><", row);
            for (int k = 0; k < lengths[i] && (row == 3 || row == 1500); k++)
                buffer_append_text(&expected, "王");
            if (row != 3 && row != 1500)
                buffer_format(&expected, "v%d", row);
            if (row == 1600)
                buffer_format(&expected, "v%d", row);
            buffer_append_text(&expected, ">\n");
        }
        cr_assert(slice_equal(buffer_slice(&reading.rows), buffer_slice(&expected)), "%d: %.300s",
                  lengths[i], reading.rows.data);
        buffer_release(&expected);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
    arena_destroy(arena);
}

Test(odbc, refuses_a_value_beyond_all_bounds)
{
    struct feed *feed = create("CREATE TABLE t(v TEXT);"
                               "INSERT INTO t VALUES(replace(hex(zeroblob(9000000)),'00','ab'))");
    add_query(feed, "v", "select v from t");
    expect_failure(feed, "table table1: a value of the column \"v\" is over 16777216 bytes",
                   "leave the column out of the query");
    feed_destroy(feed);
}

Test(odbc, notices_rows_in_another_order_when_it_reads_again)
{
    struct arena *arena = arena_create();
    struct feed *feed =
        create(arena_format(arena,
                            "CREATE TABLE t(id INTEGER, v TEXT);%s;"
                            "INSERT INTO t VALUES(99999, replace(hex(zeroblob(9000)),'00','ab'))",
                            arena_format(arena, SERIES, 5000)));
    add_query(feed, "id v", "select id, v from t order by id=99999, random()");
    expect_failure(feed, "table table1: the query gives other rows when it runs again", "ORDER BY");
    feed_destroy(feed);
    arena_destroy(arena);
}

Test(odbc, rejects_text_that_is_not_utf8)
{
    struct feed *feed =
        create("CREATE TABLE t(id TEXT, v TEXT);"
               "INSERT INTO t VALUES('1','a'),('2',CAST(x'B0A1' AS TEXT)),('3','b')");
    add_query(feed, "id", "select id, v from t order by id");
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "<1>+a\n!encoding\n<3>+b\n", "rows");
    expect_text(&reading.reasons, "it holds bytes that are not UTF-8\n", "reasons");
    expect_text(&reading.raw, "1,a\r\n2,\xB0\xA1\r\n3,b\r\n", "raw");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(odbc, fails_without_a_required_column)
{
    struct feed *feed = create("CREATE TABLE t(c_id TEXT, c_nam TEXT)");
    add_query(feed, "c_id! c_name!", "select * from t");
    expect_failure(feed, "the column \"c_name\" is missing", "did you mean \"c_nam\"?");
    feed->mapping.tables[0].columns[1].expression = "telephone";
    expect_failure(feed, "the column \"telephone\" is missing", "does the query select it?");
    feed_destroy(feed);
}

Test(odbc, says_which_query_fails_and_why)
{
    struct feed *feed = create("CREATE TABLE t(id TEXT)");
    add_query(feed, "id", "select id from t_cust");
    expect_failure(feed, "table table1: could not run the query: no such table: t_cust",
                   "names a table that the database does not have");
    feed->mapping.tables[0].query = "select nam from t";
    expect_failure(feed, "no such column: nam", "names a column that the database does not have");
    feed->mapping.tables[0].query = "selec";
    expect_failure(feed, "syntax error", "stands in mappings/dms/test.yaml");
    feed->mapping.tables[0].query = "delete from t";
    expect_failure(feed, "table table1: the query gives no rows", "it has to be a select");
    feed->mapping.tables[0].query = NULL;
    expect_failure(feed, "the table table1 has no query", "");
    feed_destroy(feed);
}

Test(odbc, fails_at_a_later_table)
{
    struct feed *feed = create("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('1')");
    add_query(feed, "id", "select id from t");
    add_query(feed, "id", "select id from gone");
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "0:<1>\nFAILED\n", "rows");
    cr_assert_not_null(strstr(reading.error.message,
                              "table table2: could not run the query: no such table: gone"));
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(odbc, does_not_make_a_database_that_is_not_there)
{
    struct feed *feed = create("CREATE TABLE t(id TEXT)");
    add_query(feed, "id", "select id from t");
    feed->source.connection =
        arena_format(feed->arena, "Driver={SQLite3};Database=%s;", feed->source.path);
    file_remove(feed->source.path);
    expect_failure(feed, "it is not there or no file", "did the export run");
    cr_assert_not(file_exists(feed->source.path));
    feed_destroy(feed);
}

Test(odbc, refuses_a_file_that_is_no_database)
{
    struct feed *feed = create("CREATE TABLE t(id TEXT)");
    add_query(feed, "id", "select id from t");
    feed_write(feed, "D04.sqlite",
               SLICE("CustNo,Name\n1,a\n2,b and so on, longer than a header\n"
                     "CustNo,Name\n1,a\n2,b and so on, longer than a header\n"));
    expect_failure(feed, "not a database", "no SQLite database: have it exported or sent again");
    feed_destroy(feed);
}

Test(odbc, names_a_driver_that_is_missing)
{
    struct feed *feed = create("CREATE TABLE t(id TEXT)");
    add_query(feed, "id", "select id from t");
    feed->source.connection = "Driver={No Such Driver};Server=localhost;Pwd=s3cret;";
    expect_failure(feed, "could not connect: ", "install the driver");
    feed->source.connection = "DSN=nowhere;";
    expect_failure(feed, "(SQLSTATE IM002)", "install the driver");
    feed->source.connection = NULL;
    expect_failure(feed, "the mapping has no connection", "");
    feed_destroy(feed);
}

/* What servers say of a row that they refuse, each in its own words. */
Test(odbc_message, values_of_rows_are_not_repeated)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"ERROR: duplicate key value violates unique constraint \"p\"; DETAIL: Key (mobile, "
         "name)=(13812345678, Li (2)) already exists.",
         "ERROR: duplicate key value violates unique constraint \"p\"; DETAIL: Key (mobile, "
         "name)=(*******************) already exists."},
        {"DETAIL: Failing row contains (1, 13812345678, null).",
         "DETAIL: Failing row contains (********************)."},
        {"DETAIL: Failing row contains (1, 138123", "DETAIL: Failing row contains (*********"},
        {"ERROR: invalid input syntax for type date: \"13812345678\"",
         "ERROR: invalid input syntax for type date: \"***********\""},
        {"ERROR: value \"13812345678\" is out of range for type integer",
         "ERROR: value \"***********\" is out of range for type integer"},
        {"Duplicate entry 'O'Neil-138' for key 'PRIMARY'",
         "Duplicate entry '**********' for key 'PRIMARY'"},
        {"Incorrect date value: '13812345678' for column c", "Incorrect date value: "
                                                             "'***********' for column c"},
        {"The duplicate key value is (13812345678).", "The duplicate key value is (***********)."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct odbc_message message = {"23000", ""};
        struct error error;
        char expected[600];
        snprintf(message.text, sizeof(message.text), "%s", cases[i].text);
        snprintf(expected, sizeof(expected), "could not write: %s (SQLSTATE 23000)",
                 cases[i].message);
        cr_assert_not(odbc_message_report("", &message, "write", &error));
        cr_expect_str_eq(error.message, expected, "%s", error.message);
    }
}

Test(odbc_message, is_told_without_secrets_and_with_a_hint)
{
    static const struct {
        const char *connection;
        const char *state;
        const char *text;
        const char *message;
        const char *hint;
    } cases[] = {
        {"Driver={P};Pwd=s3cret;", "08001", "[unixODBC][Driver]could not connect to server\n",
         "could not connect: could not connect to server (SQLSTATE 08001)", "can be reached"},
        {"Driver={P};Pwd=s3cret;", "28000", "wrong password s3cret for user x",
         "could not connect: the driver's reason repeats the password and is not shown (SQLSTATE "
         "28000)",
         "check the user"},
        {"driver={P}; PASSWORD = {s3;cret};", "28000", "password s3;cret",
         "could not connect: the driver's reason repeats the password and is not shown (SQLSTATE "
         "28000)",
         ""},
        {"driver={P}; PASSWORD = {s3cret};", "28000", "password s3cret",
         "could not connect: the driver's reason repeats the password and is not shown (SQLSTATE "
         "28000)",
         ""},
        {"Pwd={a}}b};Server=x", "28000", "password a}b",
         "could not connect: the driver's reason repeats the password and is not shown (SQLSTATE "
         "28000)",
         ""},
        {"Pwd={};Pwd=;Pwd", "28000", "password", "could not connect: password (SQLSTATE 28000)",
         ""},
        {"", "HYT00", "timeout", "could not connect: timeout (SQLSTATE HYT00)", "in time"},
        {"", "", "", "could not connect: the driver does not say why", ""},
        {"", "42S02", "[a][b", "could not connect: [b (SQLSTATE 42S02)", "a table"},
        {"", "42S22", "col\xE7\x8E", "could not connect: col (SQLSTATE 42S22)", "a column"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct odbc_message message;
        struct error error;
        snprintf(message.state, sizeof(message.state), "%s", cases[i].state);
        snprintf(message.text, sizeof(message.text), "%s", cases[i].text);
        cr_assert_not(odbc_message_report(cases[i].connection, &message, "connect", &error));
        cr_assert_str_eq(error.message, cases[i].message, "%zu: %s", i, error.message);
        expect_hint(&error, cases[i].hint);
        bool refused = strncmp(cases[i].state, "28", 2) == 0;
        cr_assert_eq(error.exit_code, refused ? EXIT_CREDENTIALS : EXIT_FAILED);
    }
}
