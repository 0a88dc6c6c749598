#include "support.h"

#include <criterion/criterion.h>

static struct reading read_text(struct feed *feed, const char *text)
{
    feed_write(feed, "D01_customers.csv", slice_of(text));
    return feed_read(feed);
}

Test(csv_reader, binds_columns_by_their_headings)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo! FullName Cell");
    struct reading reading =
        read_text(feed, "Cell , CustNo,Rank,\xE3\x80\x80"
                        "FullName\r\n138,1,gold,\"王, 小明\"\r\n139,2,,李\r\n");
    expect_text(&reading.rows, "<1><王, 小明><138>+gold\n<2><李><139>+\n", "rows");
    expect_text(&reading.notices,
                "column_new: D01_customers.csv: the mapping does not name the column \"Rank\"; it "
                "is not used\n",
                "notices");
    expect_text(&reading.raw, "138,1,gold,\"王, 小明\"\r\n139,2,,李\r\n", "raw");
    expect_text(&reading.heading,
                "Cell , CustNo,Rank,\xE3\x80\x80"
                "FullName\r\n",
                "heading");
    cr_assert_eq(reading.rows_read, 2u);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, says_nothing_of_columns_that_the_mapping_ignores)
{
    static const char *ignored[] = {"Rank"};
    struct feed *feed = feed_create(SOURCE_CSV);
    struct mapping_table *table = feed_add_table(feed, "CustNo!");
    table->ignored = ignored;
    table->ignored_count = 1;
    struct reading reading = read_text(feed, "CustNo, Rank,Fax\n1,gold,2\n");
    expect_text(&reading.rows, "<1>+gold+2\n", "rows");
    expect_text(&reading.notices,
                "column_new: D01_customers.csv: the mapping does not name the column \"Fax\"; it "
                "is not used\n",
                "notices");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, passes_over_titles)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    feed->mapping.csv.skip = 2;
    struct reading reading = read_text(feed, "Customers 2026,,\nas of June\nCustNo\n1\n2\n");
    expect_text(&reading.rows, "<1>\n<2>\n", "rows");
    expect_text(&reading.heading, "Customers 2026,,\nas of June\nCustNo\n", "heading");
    reading_destroy(&reading);
    reading = read_text(feed, "Customers 2026\n");
    expect_text(&reading.rows, "FAILED\n", "rows");
    cr_assert_str_eq(reading.error.message, "the file is empty: a heading was expected");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, passes_over_titles_where_columns_have_numbers)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "1!");
    feed->mapping.csv.skip = 1;
    feed->mapping.csv.header = false;
    struct reading reading = read_text(feed, "Customers\n1,a\n2,b\n");
    expect_text(&reading.rows, "<1>+a\n<2>+b\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, does_not_name_what_a_row_in_the_headings_place_holds)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo Email");
    struct reading reading = read_text(feed, "CustNo,13800138123\n1,2\n");
    expect_text(&reading.notices,
                "column_missing: D01_customers.csv: the column \"Email\" is missing; it stays "
                "empty\n"
                "column_new: D01_customers.csv: its heading reads like a row of data; 1 columns of "
                "it are not used\n",
                "notices");
    reading_destroy(&reading);
    reading = read_text(feed, "CustNo,Emai@example.com\n1,2\n");
    cr_assert(slice_find(buffer_slice(&reading.notices), SLICE("example")) < 0);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, fails_without_a_required_column)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo! FullName!");
    struct reading reading = read_text(feed, "CustNo,FulName,Cell\n1,a,2\n");
    expect_text(&reading.rows, "FAILED\n", "rows");
    cr_assert_str_eq(reading.error.message, "the column \"FullName\" is missing");
    cr_assert_str_eq(reading.error.file, "D01_customers.csv");
    cr_assert_str_eq(reading.error.source, "D01");
    cr_assert_eq(reading.error.line, 1u);
    expect_hint(&reading.error, "did you mean \"FulName\"?");
    expect_hint(&reading.error, "mappings/dms/test.yaml:12");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, warns_of_a_missing_optional_column)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo! Email");
    struct reading reading = read_text(feed, "CustNo\n1\n");
    expect_text(&reading.rows, "<1>~\n", "rows");
    expect_text(&reading.notices,
                "column_missing: D01_customers.csv: the column \"Email\" is missing; it stays "
                "empty\n",
                "notices");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, proposes_what_a_column_may_have_been_renamed_to)
{
    static const struct {
        const char *heading;
        const char *column;
    } cases[] = {{"手机号码", "手机"}, {"E-Mail", "Email"}, {"客户姓名", "客户名称"}};
    static const bool near[] = {true, true, false};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        feed_add_table(feed, arena_format(feed->arena, "CustNo! %s", cases[i].column));
        struct reading reading =
            read_text(feed, arena_format(feed->arena, "CustNo,%s\n1,2\n", cases[i].heading));
        expect_text(&reading.rows, "<1>~+2\n", "rows");
        cr_assert_eq(slice_starts_with(buffer_slice(&reading.notices), SLICE("column_renamed: ")),
                     near[i], "%s", reading.notices.data);
        if (near[i])
            cr_assert_not_null(
                strstr(reading.notices.data,
                       arena_format(feed->arena, "write \"%s\" in mappings/dms/test.yaml:12",
                                    cases[i].heading)));
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(csv_reader, refuses_a_mapped_column_that_stands_twice)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo! Cell");
    struct reading reading = read_text(feed, "CustNo,Cell,Memo,Cell,Memo\n1,2,3,4,5\n");
    cr_assert_str_eq(reading.error.message, "the column \"Cell\" stands twice, as columns 2 and 4");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, reads_a_file_without_heading_by_number)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed->mapping.csv.header = false;
    feed->mapping.csv.delimiter = ';';
    feed_add_table(feed, "2! 1 4");
    struct reading reading = read_text(feed, "a;b;c\nd;e;f\ng\n");
    expect_text(&reading.rows, "<b><a>~+c\n<e><d>~+f\n!columns\n", "rows");
    expect_text(&reading.notices,
                "column_missing: D01_customers.csv: column 4 is missing; it stays empty\n",
                "notices");
    expect_text(&reading.heading, "", "heading");
    expect_text(&reading.raw, "a;b;c\nd;e;f\ng\n", "raw");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, refuses_numbers_that_do_not_fit)
{
    static const struct {
        const char *columns;
        const char *message;
    } cases[] = {{"1 4!", "column 4 is missing: the first row has 2 columns"},
                 {"1 name", "the column \"name\" is not a number, but the file has no heading"},
                 {"0", "the column \"0\" is not a number, but the file has no heading"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        feed->mapping.csv.header = false;
        feed_add_table(feed, cases[i].columns);
        struct reading reading = read_text(feed, "a,b\n");
        cr_assert_str_eq(reading.error.message, cases[i].message);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(csv_reader, tells_an_empty_file_from_one_without_rows)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    struct reading reading = read_text(feed, "CustNo\r\n");
    expect_text(&reading.rows, "", "rows");
    reading_destroy(&reading);
    static const char *const empty[] = {"", "\n\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
        reading = read_text(feed, empty[i]);
        expect_text(&reading.rows, "FAILED\n", "rows");
        cr_assert_str_eq(reading.error.message, "the file is empty: a heading was expected");
        reading_destroy(&reading);
    }
    feed_destroy(feed);
}

Test(csv_reader, reads_several_files_in_turn)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    feed_add_table(feed, "CustNo! VIN")->file = "{source}_vehicles.csv";
    feed_write(feed, "D01_customers.csv", SLICE("CustNo\n1\n2\n"));
    feed_write(feed, "D01_vehicles.csv", SLICE("VIN,CustNo\nV1,1\n"));
    feed->source.name = "north/D01_customers.csv";
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "0:<1>\n0:<2>\n1:<1><V1>\n", "rows");
    expect_text(&reading.places, "2:7+2 3:9+2 2:11+5 ", "places");
    expect_text(&reading.heading, "CustNo\n", "heading");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, names_the_companion_file_that_is_missing)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    feed_add_table(feed, "CustNo! VIN")->file = "{source}_vehicles.csv";
    feed_write(feed, "D01_customers.csv", SLICE("CustNo\n1\n"));
    feed->source.name = "north/D01_customers.csv";
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "0:<1>\nFAILED\n", "rows");
    cr_assert_str_eq(reading.error.message, "could not open the file: No such file or directory");
    cr_assert_str_eq(reading.error.file, "north/D01_vehicles.csv");
    cr_assert_str_eq(reading.error.source, "D01");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, passes_on_why_a_source_is_missing)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    error_set(&feed->source.missing, EXIT_FAILED, "the file did not come");
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "FAILED\n", "rows");
    cr_assert_str_eq(reading.error.message, "the file did not come");
    cr_assert_str_eq(reading.error.source, "D01");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, refuses_a_folder)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo!");
    feed->source.path = feed->folder;
    struct reading reading = feed_read(feed);
    cr_assert_str_eq(reading.error.message, "could not read the file: not a regular file");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, refuses_a_heading_that_cannot_be_read)
{
    static const struct {
        const char *text;
        size_t length;
        const char *message;
    } cases[] = {
        {"Cust\"No\n1\n", 10,
         "could not read the heading: a quote stands in the wrong place (line 1 of the "
         "record, byte 5 of the line)"},
        {"Cust\0No\n1\n", 10, "could not read the heading: it holds a NUL byte"},
        {"CustNo,\xE9\n1,2\n", 13,
         "could not read the heading: it holds bytes that are no characters of its encoding"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        feed_add_table(feed, "CustNo");
        feed->mapping.encoding = "utf-8";
        feed_write(feed, "D01.csv", slice_make(cases[i].text, cases[i].length));
        struct reading reading = feed_read(feed);
        cr_assert_str_eq(reading.error.message, cases[i].message);
        cr_assert_eq(reading.error.line, 1u);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(csv_reader, rejects_single_rows_and_goes_on)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "CustNo! FullName");
    feed->mapping.encoding = "utf-8";
    struct slice text = SLICE("CustNo,FullName\n1,a\n2\n3,\"x\"y\n4,\0b\n5,\xFF\n6,王\n");
    feed_write(feed, "D01.csv", text);
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "<1><a>\n!columns\n!quote\n!encoding\n!encoding\n<6><王>\n", "rows");
    expect_text(&reading.reasons,
                "expected 2 columns, found 1\n"
                "a quote stands in the wrong place (line 1 of the record, byte 6 of the line)\n"
                "it holds a NUL byte\n"
                "it holds bytes that are no characters of its encoding\n",
                "reasons");
    cr_assert(slice_equal(buffer_slice(&reading.raw), slice_cut(text, 16, text.length)));
    cr_assert_eq(reading.rows_read, 6u);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(csv_reader, bounds_a_runaway_quote_by_the_mapping)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    feed_add_table(feed, "a b");
    feed->mapping.csv.record_lines_max = 2;
    struct reading reading = read_text(feed, "a,b\n1,\"2\n\n\n\n3,\"4\n5\"\n6,7\n");
    expect_text(&reading.rows, "!quote\n<6><7>\n", "rows");
    reading_destroy(&reading);
    reading = read_text(feed, "a,b\n1,\"2\n3,4\n\n\n5,\"6\n7\"\n8,9\n");
    expect_text(&reading.rows, "!quote\n<3><4>\n<5><6\n7>\n<8><9>\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}
