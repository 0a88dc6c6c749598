#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Files made at random, whole and damaged: what holds for each of them. */

enum { ROWS = 6000 }; /* several of the decoder's pieces */

static const char *const CELLS[] = {
    "",      "a",          "王小明",      "\"x, y\"", "\"歐陽\r\n明明\"",
    "中|\\", "\"a\"\"b\"", "13800138000", " 中 ",     "\"\""};

static void append_row(struct buffer *text, unsigned *seed, const char *line_end)
{
    for (int column = 0; column < 4; column++) {
        if (column)
            buffer_append_byte(text, ',');
        buffer_append_text(text, column ? CELLS[rand_r(seed) % 10] : "k");
    }
    buffer_append_text(text, line_end);
}

static struct slice make_file(struct arena *arena, const char *library, unsigned *seed, int rows)
{
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    struct buffer text = BUFFER_EMPTY;
    const char *line_end = line_ends[rand_r(seed) % 3];
    buffer_append_text(&text, "a,b,c,d");
    buffer_append_text(&text, line_end);
    for (int row = 0; row < rows; row++)
        append_row(&text, seed, line_end);
    struct slice bytes = to_encoding(arena, library, buffer_slice(&text));
    buffer_release(&text);
    return bytes;
}

Test(csv_random, rows_are_all_of_the_file)
{
    static const char *const encodings[][2] = {
        {"utf-8", "UTF-8"},       {"gbk", "GB18030"},   {"big5-hkscs", "BIG5-HKSCS"},
        {"utf-16le", "UTF-16LE"}, {"utf-16", "UTF-16"}, {"euc-jp", "EUC-JP"}};
    unsigned seed = 3;
    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        feed_add_table(feed, "a b c d");
        feed->mapping.encoding = encodings[i][0];
        struct slice bytes = make_file(feed->arena, encodings[i][1], &seed, ROWS);
        feed_write(feed, "D01.csv", bytes);
        struct reading reading = feed_read(feed);
        cr_assert_eq(reading.error.exit_code, 0, "%s: %s", encodings[i][0], reading.error.message);
        cr_assert_eq(reading.rows_read, (uint64_t)ROWS);
        cr_assert_str_eq(reading.reasons.data, "");
        buffer_append(&reading.heading, buffer_slice(&reading.raw));
        cr_assert(slice_equal(buffer_slice(&reading.heading), bytes), "%s", encodings[i][0]);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

/* Places rise, do not overlap and stay within the file. */
static void check_places(const struct reading *reading, size_t file_bytes, const char *encoding)
{
    unsigned long long end = 0;
    unsigned long long last_line = 0;
    for (const char *at = reading->places.data; *at; at = strchr(at, ' ') + 1) {
        unsigned long long line, offset, length;
        cr_assert_eq(sscanf(at, "%llu:%llu+%llu", &line, &offset, &length), 3);
        cr_assert_geq(offset, end);
        cr_assert_gt(length, 0u);
        cr_assert_geq(line, last_line);
        end = offset + length;
        last_line = line;
    }
    cr_assert_leq(end, file_bytes, "%s: %s", encoding, reading->places.data);
}

Test(csv_random, damaged_files_are_read_or_refused)
{
    static const char *const encodings[] = {"utf-8",    "gbk",  "big5",
                                            "utf-16le", "auto", "shift_jis"};
    unsigned seed = 9;
    for (int round = 0; round < 400; round++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        feed_add_table(feed, "a b");
        feed->mapping.encoding = encodings[round % 6];
        feed->mapping.csv.record_bytes_max = 200;
        feed->mapping.csv.record_lines_max = 3;
        struct slice bytes = make_file(feed->arena, round % 6 == 3 ? "UTF-16LE" : "UTF-8", &seed,
                                       20 + rand_r(&seed) % 20);
        char *damaged = arena_allocate_bytes(feed->arena, bytes.length);
        memcpy(damaged, bytes.data, bytes.length);
        for (int i = rand_r(&seed) % 4; i >= 0; i--)
            damaged[(size_t)rand_r(&seed) % bytes.length] = "\",\n\r\0\xFF\x81 "[rand_r(&seed) % 8];
        size_t length = round % 3 ? bytes.length : (size_t)rand_r(&seed) % bytes.length;
        feed_write(feed, "D01.csv", slice_make(damaged, length));
        struct reading reading = feed_read(feed);
        bool failed = slice_ends_with(buffer_slice(&reading.rows), SLICE("FAILED\n"));
        cr_assert_eq(failed, reading.error.message[0] != '\0');
        check_places(&reading, length, encodings[round % 6]);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

/* A single broken quote costs one row, wherever it stands. */
Test(csv_random, one_broken_quote_costs_one_row)
{
    unsigned seed = 17;
    for (int round = 0; round < 100; round++) {
        struct feed *feed = feed_create(SOURCE_CSV);
        struct buffer text = BUFFER_EMPTY;
        struct buffer expected = BUFFER_EMPTY;
        int broken = rand_r(&seed) % 30;
        feed_add_table(feed, "a b c");
        buffer_append_text(&text, "a,b,c\n");
        for (int row = 0; row < 30; row++) {
            bool quoted = rand_r(&seed) % 2;
            if (row == broken)
                buffer_append_text(&text, rand_r(&seed) % 2 ? "1,\"open,3\n" : "1,\"x\"y,3\n");
            else
                buffer_format(&text, quoted ? "%d,\"b, %d\",\"c\"\n" : "%d,b%d,c\n", row, row);
            if (row == broken)
                buffer_append_text(&expected, "!quote\n");
            else
                buffer_format(&expected, quoted ? "<%d><b, %d><c>\n" : "<%d><b%d><c>\n", row, row);
        }
        feed_write(feed, "D01.csv", buffer_slice(&text));
        struct reading reading = feed_read(feed);
        expect_text(&reading.rows, expected.data, text.data);
        buffer_release(&text);
        buffer_release(&expected);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}
