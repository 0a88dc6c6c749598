#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A file read in parts gives what one reader gives, whatever the parts' size and wherever quotes
 * stand. */

static const char *const CELLS[] = {
    "",    "a",           "王小明",   "\"x, y\"", "\"歐陽\n明明\"", "\"1\n2\n3\"",
    "中|", "13800138000", "\"\"\"\"", "\"\n\""};

static void append_rows(struct buffer *text, unsigned *seed, bool damaged, const char *line_end)
{
    static const char *const broken[] = {"\"", "x\"y", "a,b", "\"open", "\"a\"b", "\n", "\r", ""};
    int rows = rand_r(seed) % 60;
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < 3; column++)
            buffer_format(text, "%s%s", column ? "," : "", column ? CELLS[rand_r(seed) % 10] : "k");
        if (damaged && rand_r(seed) % 20 == 0)
            buffer_append_text(text, broken[rand_r(seed) % 8]);
        buffer_append_text(text, line_end);
    }
}

static void expect_same(struct feed *feed, size_t part_bytes, const char *what)
{
    size_t parts = 0;
    struct reading whole = feed_read(feed);
    struct reading cut = feed_read_in_parts(feed, part_bytes, &parts);
    expect_text(&cut.rows, whole.rows.data, what);
    expect_text(&cut.places, whole.places.data, what);
    expect_text(&cut.reasons, whole.reasons.data, what);
    expect_text(&cut.notices, whole.notices.data, what);
    cr_assert(slice_equal(buffer_slice(&cut.raw), buffer_slice(&whole.raw)), "%s", what);
    cr_assert(slice_equal(buffer_slice(&cut.heading), buffer_slice(&whole.heading)), "%s", what);
    cr_assert_eq(cut.rows_read, whole.rows_read);
    cr_assert_eq(cut.error.exit_code, whole.error.exit_code);
    reading_destroy(&whole);
    reading_destroy(&cut);
}

Test(csv_part, parts_put_together_are_the_whole_file)
{
    static const char *const encodings[][2] = {
        {"utf-8", "UTF-8"},       {"gbk", "GB18030"},   {"big5-hkscs", "BIG5-HKSCS"},
        {"utf-16le", "UTF-16LE"}, {"utf-16", "UTF-16"}, {"euc-jp", "EUC-JP"}};
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    unsigned seed = 23;
    for (unsigned round = 0; round < 600; round++) {
        const char *const *encoding = encodings[round % 6];
        struct feed *feed = feed_create(SOURCE_CSV);
        struct buffer text = BUFFER_EMPTY;
        feed_add_table(feed, round % 7 ? "a b c" : "1 2 3");
        feed->mapping.csv.header = round % 7 != 0;
        feed->mapping.encoding = encoding[0];
        feed->mapping.csv.record_bytes_max = round % 5 ? 0 : 64;
        feed->mapping.csv.record_lines_max = round % 5 ? 0 : 3;
        buffer_append_text(&text, "a,b,c\n");
        append_rows(&text, &seed, round % 2, line_ends[rand_r(&seed) % 3]);
        feed_write(feed, "D01.csv", to_encoding(feed->arena, encoding[1], buffer_slice(&text)));
        expect_same(feed, 2 + (size_t)rand_r(&seed) % 200, text.data);
        buffer_release(&text);
        feed_destroy(feed);
    }
}

Test(csv_part, a_source_of_several_files_is_cut_file_by_file)
{
    unsigned seed = 5;
    size_t parts = 0;
    for (int round = 0; round < 20; round++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        struct buffer text = BUFFER_EMPTY;
        for (int file = 0; file < 3; file++) {
            struct mapping_table *table = feed_add_table(feed, "a b");
            table->file = arena_format(feed->arena, "{source}_%d.csv", file);
            buffer_clear(&text);
            buffer_append_text(&text, "a,b,c\n");
            append_rows(&text, &seed, true, "\n");
            feed_write(feed, arena_format(feed->arena, "D01_%d.csv", file), buffer_slice(&text));
        }
        expect_same(feed, 64, "three files");
        struct reading reading = feed_read_in_parts(feed, 64, &parts);
        cr_assert(parts == 1 || parts >= 3);
        reading_destroy(&reading);
        buffer_release(&text);
        feed_destroy(feed);
    }
}

/* Bytes that are no characters are few in each part and too many in the file. */
Test(csv_part, a_wrong_encoding_is_found_over_all_parts)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    struct buffer text = BUFFER_EMPTY;
    size_t parts = 0;
    feed_add_table(feed, "a b");
    feed->mapping.encoding = "utf-8";
    buffer_append_text(&text, "a,b\n");
    for (int row = 0; row < 40000; row++)
        buffer_format(&text, "%d,%s\n", row, row % 200 ? "plain" : "\xC1\xF5");
    feed_write(feed, "D01.csv", buffer_slice(&text));
    struct reading reading = feed_read_in_parts(feed, 16384, &parts);
    cr_assert_gt(parts, 5u, "%s", reading.error.message);
    cr_assert(slice_ends_with(buffer_slice(&reading.rows), SLICE("FAILED\n")));
    cr_assert_not_null(strstr(reading.error.message, "the encoding looks wrong"));
    cr_assert_str_eq(reading.error.source, "D01");
    reading_destroy(&reading);
    buffer_release(&text);
    feed_destroy(feed);
}

Test(csv_part, a_file_that_vanishes_fails_the_source)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    feed_add_table(feed, "a");
    feed->mapping.encoding = "utf-8";
    buffer_append_text(&text, "a\n");
    for (int row = 0; row < 100; row++)
        buffer_format(&text, "%d\n", row);
    const char *path = feed_write(feed, "D01.csv", buffer_slice(&text));
    struct row_reader *whole = row_reader_open(&feed->source, &error);
    cr_assert_gt(row_reader_cut(whole, 32, &error), 1u);
    cr_assert_eq(remove(path), 0);
    cr_expect_null(row_reader_open_part(whole, 2, &error));
    cr_expect_not_null(strstr(error.message, "could not open the file"));
    row_reader_close(whole);
    buffer_release(&text);
    feed_destroy(feed);
}
