#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Writes all rows as text: fields between <>, a rejected row as !code, with line, offset, length.
 */
struct reading {
    struct buffer rows;
    struct buffer places;
    struct buffer reasons;
    uint64_t next_offset; /* where the next row has to begin when nothing was passed over */
    bool gaps;
};

static void take(struct reading *reading, enum outcome outcome, const struct csv_row *row)
{
    if (outcome == REJECTED) {
        buffer_format(&reading->rows, "!%s", row->reject_code);
        buffer_format(&reading->reasons, "%s\n", row->reject_reason);
    }
    for (size_t i = 0; i < row->field_count; i++) {
        cr_assert_not_null(row->fields[i].data);
        buffer_format(&reading->rows, "<%.*s>", SLICE_ARGUMENTS(row->fields[i]));
    }
    buffer_append_byte(&reading->rows, '\n');
    buffer_format(&reading->places, "%llu:%llu+%llu ", (unsigned long long)row->line,
                  (unsigned long long)row->offset, (unsigned long long)row->length);
    reading->gaps = reading->gaps || row->offset != reading->next_offset;
    reading->next_offset = row->offset + row->length;
}

static struct reading read_in_pieces(struct slice text, const struct csv_options *options,
                                     size_t expected, size_t piece_bytes)
{
    struct reading reading = {BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, 0, false};
    buffer_append_text(&reading.rows, "");
    buffer_append_text(&reading.places, "");
    buffer_append_text(&reading.reasons, "");
    struct csv_stream *stream = csv_stream_create(options);
    csv_stream_expect(stream, expected);
    struct csv_row row;
    for (size_t at = 0;;) {
        enum outcome outcome;
        while ((outcome = csv_stream_next(stream, &row)) != ENDED)
            take(&reading, outcome, &row);
        if (at == text.length)
            break;
        struct slice piece = slice_cut(text, at, at + piece_bytes);
        buffer_append(csv_stream_input(stream), piece);
        at += piece.length;
        if (at == text.length && piece_bytes % 2)
            csv_stream_finish(stream);
    }
    csv_stream_finish(stream);
    enum outcome outcome;
    while ((outcome = csv_stream_next(stream, &row)) != ENDED)
        take(&reading, outcome, &row);
    csv_stream_destroy(stream);
    return reading;
}

static void release(struct reading *reading)
{
    buffer_release(&reading->rows);
    buffer_release(&reading->places);
    buffer_release(&reading->reasons);
}

static const struct csv_options COMMA = {',', '"', 0, 0};

static void expect_rows(const char *text, size_t expected, const char *rows, const char *places)
{
    static const size_t piece_bytes[] = {1, 2, 3, 1000};
    for (size_t i = 0; i < sizeof(piece_bytes) / sizeof(*piece_bytes); i++) {
        size_t piece = piece_bytes[i];
        struct reading reading = read_in_pieces(slice_of(text), &COMMA, expected, piece);
        cr_assert_str_eq(reading.rows.data, rows, "of %s in pieces of %zu:\n%s", text, piece,
                         reading.rows.data);
        if (places)
            cr_assert_str_eq(reading.places.data, places, "of %s in pieces of %zu:\n%s", text,
                             piece, reading.places.data);
        release(&reading);
    }
}

Test(csv, reads_rows_with_their_places)
{
    expect_rows("", 0, "", "");
    expect_rows("a,b\n1,2\n", 0, "<a><b>\n<1><2>\n", "1:0+4 2:4+4 ");
    expect_rows("a,b\r\n1,2", 0, "<a><b>\n<1><2>\n", "1:0+5 2:5+3 ");
    expect_rows("a,b\r1,2\r", 0, "<a><b>\n<1><2>\n", "1:0+4 2:4+4 ");
    expect_rows("\"a\",\"b,c\"\n", 0, "<a><b,c>\n", "1:0+10 ");
    expect_rows("\"a\"\"b\",\"\"\n", 0, "<a\"b><>\n", "1:0+10 ");
    expect_rows("\"a\r\nb\",c\r\nd,e\r\n", 0, "<a\r\nb><c>\n<d><e>\n", "1:0+10 3:10+5 ");
    expect_rows("\"a\rb\",c\nd,e\n", 0, "<a\rb><c>\n<d><e>\n", "1:0+8 2:8+4 ");
    expect_rows(",\n,,\n", 0, "<><>\n<><><>\n", "1:0+2 2:2+3 ");
}

Test(csv, trims_unquoted_fields_only)
{
    expect_rows(" a ,\tb\t,\" c \"\n", 3, "<a><b>< c >\n", NULL);
    expect_rows(" a ,\tb\t, c d \n", 3, "<a><b><c d>\n", NULL);
    expect_rows("  \"a\"  ,b\n", 2, "<a><b>\n", NULL);
}

Test(csv, passes_over_blank_lines_and_counts_them)
{
    expect_rows("\n\r\na,b\n  \t\n\n1,2\n\n", 2, "<a><b>\n<1><2>\n", "3:3+4 6:12+4 ");
}

Test(csv, keeps_tabs_that_delimit)
{
    struct csv_options tab = {'\t', '"', 0, 0};
    struct reading reading = read_in_pieces(SLICE("a\t\tb\n\t\t\n\"c\"\t\t d \n"), &tab, 3, 3);
    cr_assert_str_eq(reading.rows.data, "<a><><b>\n<><><>\n<c><><d>\n");
    release(&reading);
}

Test(csv, reads_quotes_as_text_when_there_is_no_quote_character)
{
    struct csv_options bare = {'|', '\0', 0, 0};
    struct reading reading = read_in_pieces(SLICE("a\"|\"b\n"), &bare, 2, 2);
    cr_assert_str_eq(reading.rows.data, "<a\"><\"b>\n");
    release(&reading);
}

Test(csv, rejects_rows_of_another_width)
{
    expect_rows("1,2\n1\n1,2,3\n\"1\"\n3,4\n", 2, "<1><2>\n!columns\n!columns\n!columns\n<3><4>\n",
                "1:0+4 2:4+2 3:6+6 4:12+4 5:16+4 ");
    struct reading reading = read_in_pieces(SLICE("1,2,3\n"), &COMMA, 16, 1);
    cr_assert_str_eq(reading.reasons.data, "expected 16 columns, found 3\n");
    release(&reading);
}

Test(csv, loses_one_record_to_a_broken_quote)
{
    expect_rows("1,2\n\"3\"x,4\n5,6\n", 2, "<1><2>\n!quote\n<5><6>\n", "1:0+4 2:4+7 3:11+4 ");
    expect_rows("1,a\"b\n5,6\n", 2, "!quote\n<5><6>\n", "1:0+6 2:6+4 ");
    /* A quote that never closes. */
    expect_rows("1,\"2\n3,4\n5,6\n", 2, "!quote\n<3><4>\n<5><6>\n", "1:0+5 2:5+4 3:9+4 ");
    expect_rows("1,\"2\n3,\"x\"\n5,6", 2, "!quote\n<3><x>\n<5><6>\n", NULL);
    /* One that closes by chance in a later record. */
    expect_rows("1,\"2\n3,4\n5,\",6\n7,8\n", 2, "!quote\n<3><4>\n!quote\n<7><8>\n", NULL);
    /* The lines of the span that are no rows belong to it. */
    expect_rows("1,\"2\"x\nfoo\n\nbar\n5,6\n", 2, "!quote\n<5><6>\n", "1:0+16 5:16+4 ");
    expect_rows("1,\"2\"x\nfoo\n", 2, "!quote\n", "1:0+11 ");
    expect_rows("1,\"2", 2, "!quote\n", "1:0+4 ");
    expect_rows("\"", 0, "!quote\n", "1:0+1 ");
}

Test(csv, says_where_the_quote_stands)
{
    struct reading reading = read_in_pieces(SLICE("1,2\n\"a\nb\"c,3\n4,5\n"), &COMMA, 2, 4);
    cr_assert_str_eq(reading.reasons.data,
                     "a quote stands in the wrong place (line 2 of the record, byte 3 of the "
                     "line)\n");
    release(&reading);
    reading = read_in_pieces(SLICE("1,\"2\n3\n"), &COMMA, 2, 4);
    cr_assert_str_eq(reading.reasons.data,
                     "a quote opens in this record and is not closed before the end of the file\n");
    release(&reading);
    reading = read_in_pieces(SLICE("1,\"2\n3,4\n5,\",6\n"), &COMMA, 2, 1000);
    cr_assert(slice_starts_with(buffer_slice(&reading.reasons),
                                SLICE("a quote opens in this record and closes in another\n")));
    release(&reading);
}

Test(csv, bounds_the_lines_and_bytes_of_a_record)
{
    struct csv_options narrow = {',', '"', 40, 3};
    struct reading reading =
        read_in_pieces(SLICE("1,\"a\nb\nc\nd\"\n3,4\n5,\"x\ny\"\n"), &narrow, 2, 7);
    cr_assert_str_eq(reading.rows.data, "!quote\n<3><4>\n<5><x\ny>\n", "%s", reading.rows.data);
    cr_assert(slice_starts_with(
        buffer_slice(&reading.reasons),
        SLICE("a quote opens in this record and is not closed within 3 lines\n")));
    release(&reading);
    for (size_t piece = 1; piece < 100; piece += 13) {
        reading = read_in_pieces(
            SLICE("1,2\n1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n3,4\n"),
            &narrow, 2, piece);
        cr_assert_str_eq(reading.rows.data, "<1><2>\n!record_size\n<3><4>\n", "%zu: %s", piece,
                         reading.rows.data);
        cr_assert_str_eq(reading.places.data, "1:0+4 2:4+61 3:65+4 ", "%zu: %s", piece,
                         reading.places.data);
        release(&reading);
        reading = read_in_pieces(SLICE("1,\"aaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaaa\n"
                                       "3,4\n5,6\n"),
                                 &narrow, 2, piece);
        cr_assert_str_eq(reading.rows.data, "!quote\n<3><4>\n<5><6>\n", "%zu: %s", piece,
                         reading.rows.data);
        release(&reading);
    }
}

Test(csv, keeps_memory_bounded_on_a_line_without_end)
{
    struct csv_options narrow = {',', '"', 1000, 3};
    struct csv_stream *stream = csv_stream_create(&narrow);
    struct csv_row row;
    char piece[500];
    memset(piece, 'x', sizeof(piece));
    for (size_t i = 0; i < 2000; i++) {
        buffer_append(csv_stream_input(stream), slice_make(piece, sizeof(piece)));
        cr_assert_eq(csv_stream_next(stream, &row), ENDED);
        cr_assert_lt(csv_stream_input(stream)->capacity, 10000u);
    }
    csv_stream_finish(stream);
    cr_assert_eq(csv_stream_next(stream, &row), REJECTED);
    cr_assert_str_eq(row.reject_code, "record_size");
    cr_assert_eq(row.length, 2000 * sizeof(piece));
    cr_assert_eq(csv_stream_next(stream, &row), ENDED);
    csv_stream_destroy(stream);
}

/* What stands behind it is read by its own rights, also where it is no single line. */
Test(csv, rejects_a_line_that_is_too_long_by_itself)
{
    static const struct {
        const char *text;
        const char *rows;
        const char *places;
    } cases[] = {
        {"1,xxxxxxxxxxxxxxxxxxxx\n3,\"a\nb\"\n5,6\n", "!record_size\n<3><a\nb>\n<5><6>\n",
         "1:0+23 2:23+8 4:31+4 "},
        {"1,\"xx\"\"xxxxxxxxxxxxx\"\n3\n5,6\n", "!record_size\n!columns\n<5><6>\n",
         "1:0+22 2:22+2 3:24+4 "},
        {"1,\"xxxxxxxxxxxxxxxxxxx\n\nfoo\n5,6\n", "!record_size\n<5><6>\n", "1:0+28 4:28+4 "},
        {"1,2\n1,xxxxxxxxxxxxxxxxxxxx\n1,yyyyyyyyyyyyyyyyyyyyyyy",
         "<1><2>\n!record_size\n!record_size\n", "1:0+4 2:4+23 3:27+25 "},
    };
    struct csv_options narrow = {',', '"', 12, 3};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        for (size_t piece = 1; piece < 40; piece++) {
            struct reading reading = read_in_pieces(slice_of(cases[i].text), &narrow, 2, piece);
            cr_assert_str_eq(reading.rows.data, cases[i].rows, "%zu/%zu: %s", i, piece,
                             reading.rows.data);
            cr_assert_str_eq(reading.places.data, cases[i].places, "%zu/%zu: %s", i, piece,
                             reading.places.data);
            release(&reading);
        }
}

/* Random texts of few kinds of bytes: pieces do not matter, and no byte is lost or told twice. */
Test(csv, gives_the_same_rows_in_any_pieces)
{
    static const char alphabet[] = "ab,,\n\"\"\r 1";
    unsigned seed = 7;
    struct csv_options options = {',', '"', 30, 4};
    for (int round = 0; round < 3000; round++) {
        char bytes[60];
        size_t length = (size_t)rand_r(&seed) % sizeof(bytes);
        for (size_t i = 0; i < length; i++)
            bytes[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
        struct slice text = slice_make(bytes, length);
        size_t expected = (size_t)rand_r(&seed) % 3;
        struct reading whole = read_in_pieces(text, &options, expected, 1001);
        struct reading pieces =
            read_in_pieces(text, &options, expected, 1 + (size_t)rand_r(&seed) % 8);
        cr_assert_str_eq(whole.rows.data, pieces.rows.data, "of %.*s", SLICE_ARGUMENTS(text));
        cr_assert_str_eq(whole.places.data, pieces.places.data, "of %.*s: %s %s",
                         SLICE_ARGUMENTS(text), whole.places.data, pieces.places.data);
        cr_assert_leq(whole.next_offset, text.length);
        release(&whole);
        release(&pieces);
    }
}

/* What is written quoted and what is written bare is read as the same, by either way of reading. */
Test(csv, reads_back_what_it_writes)
{
    static const char alphabet[] = "ab,\n\"\r \tx";
    unsigned seed = 11;
    for (int round = 0; round < 500; round++) {
        struct buffer text = BUFFER_EMPTY;
        struct buffer rows = BUFFER_EMPTY;
        for (int line = 0; line < 4; line++) {
            for (int column = 0; column < 3; column++) {
                char bytes[6];
                size_t length = (size_t)rand_r(&seed) % sizeof(bytes);
                for (size_t i = 0; i < length; i++)
                    bytes[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
                if (column)
                    buffer_append_byte(&text, ',');
                csv_append_field(&text, slice_make(bytes, length), ',');
                buffer_format(&rows, "<%.*s>", (int)length, bytes);
            }
            buffer_append_text(&text, round % 2 ? "\r\n" : "\n");
            buffer_append_byte(&rows, '\n');
        }
        struct reading reading = read_in_pieces(buffer_slice(&text), &COMMA, 3, 5);
        cr_assert_str_eq(reading.rows.data, rows.data, "of %s:\n%s", text.data, reading.rows.data);
        cr_assert_not(reading.gaps);
        cr_assert_eq(reading.next_offset, text.length);
        release(&reading);
        buffer_release(&text);
        buffer_release(&rows);
    }
}

Test(csv, quotes_a_field_only_when_it_must)
{
    static const char *const cases[][2] = {
        {"", ""},         {"a", "a"},         {"a b", "a b"},     {"a,b", "\"a,b\""},
        {"a;b", "a;b"},   {"\"", "\"\"\"\""}, {"a\n", "\"a\n\""}, {"\r", "\"\r\""},
        {" a", "\" a\""}, {"a\t", "\"a\t\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buffer text = BUFFER_EMPTY;
        buffer_append_text(&text, "");
        csv_append_field(&text, slice_of(cases[i][0]), ',');
        cr_assert_str_eq(text.data, cases[i][1]);
        buffer_release(&text);
    }
}

static char *write_file(struct arena *arena, const char *text)
{
    char *path = arena_format(arena, "/tmp/cust360-csv-XXXXXX");
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    cr_assert_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    return path;
}

Test(csv, reads_a_table)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    struct csv_table table;
    char *path = write_file(arena, "\xEF\xBB\xBF"
                                   "code,name\n1,\"男, 性\"\n\n2,女性");
    cr_assert(csv_table_read(arena, path, ',', &table, &error), "%s", error.message);
    cr_assert_eq(table.column_count, 2u);
    cr_assert_eq(table.row_count, 2u);
    cr_assert_eq(csv_table_column(&table, "name"), 1u);
    cr_assert_eq(csv_table_column(&table, "nam"), SIZE_MAX);
    cr_assert(slice_equal(csv_table_cell(&table, 0, 1), SLICE("男, 性")));
    cr_assert(slice_equal(csv_table_cell(&table, 1, 0), SLICE("2")));
    size_t column;
    cr_assert(csv_table_require(&table, "code", &column, &error));
    cr_assert_eq(column, 0u);
    cr_assert_not(csv_table_require(&table, "label", &column, &error));
    cr_assert_str_eq(error.message, "the column \"label\" is missing");
    cr_assert_str_eq(error.file, path);
    file_remove(path);
    arena_destroy(arena);
}

Test(csv, refuses_a_table_that_is_not_whole)
{
    static const struct {
        const char *text;
        const char *message;
        uint64_t line;
    } cases[] = {
        {"", "the file is empty: a heading was expected", 1},
        {"a,b\n1,2\n3\n", "expected 2 columns, found 1", 3},
        {"a,b\n1,\"2\n",
         "a quote opens in this record and is not closed before the end of the file", 2},
        {"a,b\n1,\xff\n", "the text is not UTF-8", 2},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct error error = {0};
        struct csv_table table;
        char *path = write_file(arena, cases[i].text);
        cr_assert_not(csv_table_read(arena, path, ',', &table, &error));
        cr_assert_str_eq(error.message, cases[i].message);
        cr_assert_str_eq(error.file, path);
        cr_assert_eq(error.line, cases[i].line);
        file_remove(path);
    }
    struct error error = {0};
    struct csv_table table;
    cr_assert_not(csv_table_read(arena, "/tmp/cust360-none.csv", ',', &table, &error));
    cr_assert(error.message[0]);
    arena_destroy(arena);
}
