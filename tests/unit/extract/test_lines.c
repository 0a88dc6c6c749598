#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A feed of lines: `columns` are places ("1-4 ../2-3 /5-6"), `types` one letter a type. */
static struct mapping_table *add_table(struct feed *feed, const char *types, const char *columns,
                                       size_t parent)
{
    struct mapping_table *table = feed_add_table(feed, columns);
    bool delimited = feed->mapping.lines.delimiter != '\0';
    table->parent = parent;
    table->types = arena_allocate_array(feed->arena, strlen(types), sizeof(*table->types));
    for (; types[table->type_count]; table->type_count++)
        table->types[table->type_count] =
            arena_text(feed->arena, slice_make(types + table->type_count, 1));
    for (size_t i = 0; i < table->column_count; i++) {
        const char *text = table->columns[i].expression;
        size_t level = text[0] == '/' ? LINE_LEVEL_HEADER : 0;
        for (; strncmp(text, "../", 3) == 0; text += 3)
            level++;
        cr_assert(line_place_read(text + (text[0] == '/'), delimited, &table->columns[i].place));
        table->columns[i].place.level = level;
    }
    return table;
}

static struct feed *fixed_feed(const char *encoding, bool bytes)
{
    struct feed *feed = feed_create(SOURCE_LINES);
    feed->mapping.encoding = encoding;
    feed->mapping.lines = (struct line_dialect){.bytes = bytes, .record_bytes_max = 200};
    return feed;
}

/* Header H, customers C with cars V below them, trailer T that counts rows and cars. */
static struct feed *typed_feed(char delimiter)
{
    static struct line_count counts[2];
    struct feed *feed = fixed_feed("utf-8", false);
    struct line_dialect *lines = &feed->mapping.lines;
    lines->delimiter = delimiter;
    lines->type = (struct line_place){0, 1, 1};
    lines->header = "H";
    lines->trailer = "T";
    counts[0] = (struct line_count){LINE_COUNT_ROWS, "rows", {0, 2, delimiter ? 2 : 4}};
    counts[1] =
        (struct line_count){LINE_COUNT_TYPE, "V", {0, delimiter ? 3 : 5, delimiter ? 3 : 7}};
    lines->counts = counts;
    lines->count_count = 2;
    add_table(feed, "C", delimiter ? "2 3 /2" : "2-4 5-10 /2-4", SIZE_MAX);
    add_table(feed, "V", delimiter ? "../2 2 /2" : "../2-4 2-8 /2-4", 0);
    return feed;
}

static struct reading read_text(struct feed *feed, const char *text)
{
    feed_write(feed, "D01.txt", slice_of(text));
    return feed_read(feed);
}

Test(lines, cuts_columns_at_their_places)
{
    struct feed *feed = fixed_feed("utf-8", false);
    add_table(feed, "", "1-3 4-7 8-9", SIZE_MAX);
    struct reading reading = read_text(feed, "001王小明 12\n\n002  李 34\r\n003Ann x9\n\x1A");
    expect_text(&reading.rows, "<001><王小明><12>\n<002><李><34>\n<003><Ann><x9>\n", "rows");
    expect_text(&reading.raw, "001王小明 12\n002  李 34\r\n003Ann x9\n", "raw");
    expect_text(&reading.places, "1:0+16 3:17+13 4:30+10 ", "places");
    reading_destroy(&reading);
    feed_destroy(feed);
}

/* 王 is two bytes in GB18030 and three in UTF-8, whatever it becomes inside. */
Test(lines, cuts_by_bytes_as_they_came)
{
    static const struct {
        const char *encoding;
        const char *text;
    } cases[] = {
        {"gb18030", "001王小明  12\n002李      34\n"},
        {"big5", "001王小明  12\n002李      34\n"},
        {"utf-8", "001王小    12\n002Smith   34\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = fixed_feed(cases[i].encoding, true);
        bool utf8 = strcmp(cases[i].encoding, "utf-8") == 0;
        add_table(feed, "", utf8 ? "1-3 4-11 14-15" : "1-3 4-11 12-13", SIZE_MAX);
        if (utf8)
            feed->mapping.lines.trimmed = true;
        feed_write(feed, "D01.txt",
                   to_encoding(feed->arena, cases[i].encoding, slice_of(cases[i].text)));
        struct reading reading = feed_read(feed);
        expect_text(&reading.rows,
                    utf8 ? "<001><王小><12>\n<002><Smith><>\n"
                         : "<001><王小明><12>\n<002><李><34>\n",
                    cases[i].encoding);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(lines, rejects_what_cannot_be_cut)
{
    struct feed *feed = fixed_feed("gb18030", true);
    add_table(feed, "", "1-3 4-6", SIZE_MAX);
    feed_write(feed, "D01.txt", to_encoding(feed->arena, "gb18030", SLICE("001王小\n002ab\n")));
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "!columns\n!columns\n", "rows");
    cr_assert(strstr(reading.reasons.data, "4-6 begins or ends within a character"), "%s",
              reading.reasons.data);
    cr_assert(strstr(reading.reasons.data, "ends after 5 of 6 bytes"), "%s", reading.reasons.data);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(lines, a_line_that_is_cut_off_is_rejected_unless_blanks_are)
{
    static const struct {
        bool trimmed;
        size_t length;
        const char *rows;
    } cases[] = {
        {false, 0, "<001><ab>\n!columns\n<003><cd>\n"},
        {true, 0, "<001><ab>\n<002><>\n<003><cd>\n"},
        {false, 5, "<001><ab>\n!columns\n!columns\n"},
        {true, 5, "<001><ab>\n<002><>\n!columns\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = fixed_feed("utf-8", false);
        feed->mapping.lines.trimmed = cases[i].trimmed;
        add_table(feed, "", "1-3 4-5", SIZE_MAX)->line_length = cases[i].length;
        struct reading reading = read_text(feed, "001ab\n002\n003cd  !\n");
        expect_text(&reading.rows, cases[i].rows, "rows");
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(lines, a_type_says_whose_line_it_is_and_gives_it_what_stands_above)
{
    struct feed *feed = typed_feed('\0');
    struct reading reading = read_text(feed, "HD01\n"
                                             "C001Wang  \nVLSV0001\nVLSV0002\n"
                                             "C002Li    \nVLSV0003\n"
                                             "T005003\n");
    expect_text(&reading.rows,
                "0:<001><Wang><D01>\n1:<001><LSV0001><D01>\n1:<001><LSV0002><D01>\n"
                "0:<002><Li><D01>\n1:<002><LSV0003><D01>\n",
                "rows");
    expect_text(&reading.heading, "HD01\n", "heading");
    cr_assert_eq(reading.rows_read, 5u);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(lines, delimited_lines_have_fields_of_their_type)
{
    struct feed *feed = typed_feed('|');
    struct reading reading =
        read_text(feed, "H|D01|20260630\nC|001|\"Wang|1\"\nV|LSV0001\nT|2|1\n");
    expect_text(&reading.rows, "0:<001><Wang|1><D01>\n1:<001><LSV0001><D01>\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(lines, a_file_is_refused_when_its_frame_does_not_hold)
{
    static const struct {
        const char *text;
        const char *message;
        uint64_t line;
        uint64_t column;
    } cases[] = {
        {"HD01\nC001Wang  \nT002000\n", "the trailer counts 2 rows, and the file has 1", 3, 2},
        {"HD01\nC001Wang  \nVLSV0001\nT002002\n", "the trailer counts 2 V, and the file has 1", 4,
         5},
        {"HD01\nC001Wang  \nT0x1000\n", "the trailer has no number where it counts rows", 3, 2},
        {"HD01\nC001Wang  \n", "the file has no trailer line of the type T", 2, 0},
        {"C001Wang  \nT001000\n", "the file does not begin with a header line of the type H", 1, 1},
        {"", "the file does not begin with a header line of the type H", 0, 1},
        {"HD01\nC001Wang  \nT001000\nC002Li    \n", "a line stands behind the trailer", 4, 0},
        {"HD01\nHD02\nT000000\n", "a second header stands before the trailer", 2, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = typed_feed('\0');
        struct reading reading = read_text(feed, cases[i].text);
        cr_expect(reading.error.exit_code == EXIT_FAILED, "%zu was read", i);
        cr_expect_str_eq(reading.error.message, cases[i].message);
        cr_expect_eq(reading.error.line, cases[i].line, "%zu: line %llu", i,
                     (unsigned long long)reading.error.line);
        cr_expect_eq(reading.error.column, cases[i].column, "%zu: column %llu", i,
                     (unsigned long long)reading.error.column);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(lines, several_frames_may_follow_each_other)
{
    struct feed *feed = typed_feed('\0');
    struct reading reading =
        read_text(feed, "HD01\nC001Wang  \nT001000\nHD02\nC001Li    \nT001000\n");
    expect_text(&reading.rows, "0:<001><Wang><D01>\n0:<001><Li><D02>\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

/* A car must never come to the customer before the one that could not be read. */
Test(lines, what_stands_below_an_unreadable_line_is_rejected)
{
    struct feed *feed = typed_feed('\0');
    struct reading reading = read_text(feed, "HD01\nVLSV0000\nC001Wang  \nVLSV0001\n"
                                             "C002\nVLSV0002\nX\nT006003\n");
    expect_text(&reading.rows,
                "1:!parent\n0:<001><Wang><D01>\n1:<001><LSV0001><D01>\n0:!columns\n1:!parent\n"
                "0:!record_type\n",
                "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(lines, ignored_types_are_counted_and_skipped_lines_passed_over)
{
    static const char *ignored[] = {"X"};
    struct feed *feed = typed_feed('\0');
    feed->mapping.lines.ignored = ignored;
    feed->mapping.lines.ignored_count = 1;
    feed->mapping.lines.skip = 2;
    struct reading reading =
        read_text(feed, "Host extract\n----\nHD01\nC001Wang  \nXwhatever\nT002000\n");
    expect_text(&reading.rows, "0:<001><Wang><D01>\n", "rows");
    expect_text(&reading.notices,
                "lines_ignored: D01.txt: 1 lines are of types that the mapping ignores\n",
                "notices");
    expect_text(&reading.heading, "Host extract\n----\nHD01\n", "heading");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(lines, a_line_that_is_too_long_costs_itself)
{
    struct feed *feed = fixed_feed("utf-8", false);
    struct buffer text = BUFFER_EMPTY;
    add_table(feed, "", "1-3", SIZE_MAX);
    buffer_append_text(&text, "001\n");
    for (size_t i = 0; i < 500000; i++)
        buffer_append_byte(&text, 'x');
    buffer_append_text(&text, "\n003\n");
    feed_write(feed, "D01.txt", buffer_slice(&text));
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "<001>\n!record_size\n<003>\n", "rows");
    expect_text(&reading.places, "1:0+4 2:4+500001 3:500005+4 ", "places");
    cr_assert_eq(reading.raw.length, text.length);
    reading_destroy(&reading);
    buffer_release(&text);
    feed_destroy(feed);
}

Test(lines, damaged_bytes_reject_their_line)
{
    struct feed *feed = fixed_feed("utf-8", false);
    add_table(feed, "", "1-3", SIZE_MAX);
    struct reading reading = read_text(feed, "001ab\n0\xFF"
                                             "2cd\n003ef\n004\n005\n006\n007\n008\n009\n010\n");
    cr_assert(strstr(reading.rows.data, "<001>\n!encoding\n<003>\n"), "%s", reading.rows.data);
    reading_destroy(&reading);
    feed_destroy(feed);
}

/* Whatever a file holds, every line of it that is not blank is a row, and rows lie behind each
 * other. */
Test(lines, random_files_balance)
{
    static const char letters[] = "HCVTX001 ab|\"\r\n\n\xE7\x8E\x8B";
    unsigned seed = 1;
    for (unsigned round = 0; round < 150; round++) {
        struct feed *feed = fixed_feed("utf-8", round % 2 == 0);
        char text[400];
        size_t length = 0;
        feed->mapping.lines.type = (struct line_place){0, 1, 1};
        feed->mapping.lines.trimmed = round % 3 == 0;
        add_table(feed, "C", "2-4 5-6", SIZE_MAX);
        add_table(feed, "V", "../2-4 2-3", 0);
        for (; length < sizeof(text); length++) {
            seed = seed * 1103515245u + 12345u;
            text[length] = letters[seed / 65536u % (sizeof(letters) - 1)];
        }
        feed_write(feed, "D01.txt", slice_make(text, length));
        struct reading reading = feed_read(feed);
        uint64_t rows = 0;
        for (size_t i = 0; i < reading.rows.length; i++)
            rows += reading.rows.data[i] == '\n';
        cr_assert(reading.error.exit_code || rows == reading.rows_read, "round %u", round);
        cr_assert(reading.raw.length <= length);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}
