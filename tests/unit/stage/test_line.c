#include "cust360/base/memory.h"
#include "cust360/stage.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

TestSuite(stage_line);

enum { HASH = 0x1234 };

static const struct line_expectation framed = {.hash = HASH};
static const struct line_expectation unframed = {.hash = HASH, .unframed = true};

#define HEADER "#cust360\t1\ttest\t0000000000001234\n"

/* What a writer makes of rows, through a file as an engine has it. */
struct written {
    FILE *file;
    struct line_writer *writer;
};

static struct written begin_writing(void)
{
    struct written written = {.file = tmpfile()};
    written.writer = line_writer_create(fileno(written.file), "test", HASH);
    return written;
}

static struct buffer end_writing(struct written *written, uint64_t rows_in)
{
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    char piece[4096];
    ssize_t got;
    cr_assert(line_writer_finish(written->writer, rows_in, &error), "%s", error.message);
    line_writer_destroy(written->writer);
    lseek(fileno(written->file), 0, SEEK_SET);
    while ((got = read(fileno(written->file), piece, sizeof(piece))) > 0)
        buffer_append(&text, slice_make(piece, (size_t)got));
    fclose(written->file);
    return text;
}

/* Reads to the end; returns how it ended, with the rows that came. */
static enum outcome read_all(struct slice text, const struct line_expectation *expectation,
                             uint64_t *rows, struct error *error)
{
    struct line_reader *reader = line_reader_of_text(text, expectation);
    struct line line;
    enum outcome outcome;
    do
        outcome = line_reader_next(reader, &line, error);
    while (outcome == ACCEPTED || outcome == REJECTED);
    *rows = line_reader_rows(reader);
    line_reader_destroy(reader);
    return outcome;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

enum { ROWS = 400, COLUMNS = 5, TEXT_BYTES = 24 };

/* Any bytes, with many of those that lines are made of. */
static struct slice random_text(uint64_t *state, char *bytes)
{
    static const char marks[] = "\t\n\r\\#,x\0 \x7f";
    size_t length = next_random(state) % TEXT_BYTES;
    for (size_t i = 0; i < length; i++) {
        uint64_t random = next_random(state);
        bytes[i] = random % 3 ? marks[random / 3 % (sizeof(marks) - 1)] : (char)(random >> 8);
    }
    return slice_make(bytes, length);
}

Test(stage_line, random_bytes_come_back_as_they_were)
{
    struct written written = begin_writing();
    uint64_t state = 7;
    char bytes[TEXT_BYTES];
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < COLUMNS; j++)
            line_column(written.writer, random_text(&state, bytes));
        line_end(written.writer);
    }
    struct buffer text = end_writing(&written, 0);
    struct line_reader *reader = line_reader_of_text(buffer_slice(&text), &framed);
    struct arena *arena = arena_create();
    struct line line;
    struct error error;
    state = 7;
    for (size_t i = 0; i < ROWS; i++) {
        cr_assert_eq(line_reader_next(reader, &line, &error), ACCEPTED);
        cr_assert_eq(line.count, COLUMNS);
        for (size_t j = 0; j < COLUMNS; j++) {
            struct slice expected = random_text(&state, bytes);
            cr_assert(slice_equal(line_text(arena, line.columns[j]), expected));
        }
    }
    cr_expect_eq(line_reader_next(reader, &line, &error), ENDED);
    line_reader_destroy(reader);
    arena_destroy(arena);
    buffer_release(&text);
}

Test(stage_line, items_of_a_list_come_back_one_by_one)
{
    const struct slice items[] = {SLICE("a,b"), SLICE("\\,"), SLICE("\t"), SLICE("x")};
    struct written written = begin_writing();
    line_column(written.writer, SLICE("first"));
    line_column_items(written.writer, items, 4);
    line_column_items(written.writer, items, 0);
    line_end(written.writer);
    struct buffer text = end_writing(&written, 0);
    struct line_reader *reader = line_reader_of_text(buffer_slice(&text), &framed);
    struct arena *arena = arena_create();
    const struct slice *found = NULL;
    struct line line;
    struct error error;
    cr_assert_eq(line_reader_next(reader, &line, &error), ACCEPTED);
    cr_assert_eq(line.count, 3);
    cr_assert_eq(line_items(arena, line.columns[1], &found), 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect(slice_equal(found[i], items[i]), "item %zu", i);
    cr_expect_eq(line_items(arena, line.columns[2], &found), 0);
    line_reader_destroy(reader);
    arena_destroy(arena);
    buffer_release(&text);
}

Test(stage_line, nothing_but_the_writers_own_bytes_ends_a_line_or_column)
{
    struct written written = begin_writing();
    line_column(written.writer, SLICE("#end\ta\r\nb\x01\xff"));
    line_end(written.writer);
    line_reject(written.writer, "why", SLICE("a\tb"));
    struct buffer text = end_writing(&written, 1);
    cr_expect_str_eq(text.data, HEADER "\\x23end\\ta\\r\\nb\\x01\\xff\n"
                                       "#reject\ttest\twhy\ta\\tb\n"
                                       "#end\t1\t1\t1\t0\n");
    buffer_release(&text);
}

Test(stage_line, a_stream_cut_anywhere_is_an_error)
{
    static const char whole[] = HEADER "a\tb\nc\td\n#reject\tx\ty\tz\n#end\t2\t2\t1\t0\n";
    struct error error = {0};
    uint64_t rows = 0;
    for (size_t length = 0; length < sizeof(whole) - 1; length++)
        cr_expect_eq(read_all(slice_make(whole, length), &framed, &rows, &error), FAILED,
                     "cut behind %zu bytes", length);
    cr_expect_eq(read_all(slice_of(whole), &framed, &rows, &error), ENDED);
    cr_expect_eq(rows, 2);
}

Test(stage_line, streams_may_stand_one_behind_the_other)
{
    static const char one[] = HEADER "a\n#end\t1\t1\t0\t0\n";
    struct error error = {0};
    struct buffer text = BUFFER_EMPTY;
    uint64_t rows = 0;
    for (size_t i = 0; i < 3; i++)
        buffer_append_text(&text, one);
    cr_expect_eq(read_all(buffer_slice(&text), &framed, &rows, &error), ENDED);
    cr_expect_eq(rows, 3);
    cr_expect_eq(read_all(slice_cut(buffer_slice(&text), 0, text.length - strlen(one) / 2), &framed,
                          &rows, &error),
                 FAILED);
    buffer_release(&text);
}

Test(stage_line, what_frames_tell_must_be_so)
{
    static const struct {
        const char *text;
        const char *message;
        int exit_code;
    } cases[] = {
        {"", "the input is empty: not even a header has come", EXIT_FAILED},
        {"a\n", "rows stand in front of the stream's header", EXIT_FAILED},
        {HEADER "a\n#end\t1\t2\t0\t0\n", "the stream has 1 rows, its trailer tells of 2",
         EXIT_FAILED},
        {HEADER HEADER, "a stream begins before the one in front of it has ended", EXIT_FAILED},
        {"#end\t0\t0\t0\t0\n", "a trailer stands where no stream has begun", EXIT_FAILED},
        {HEADER "#end\tx\n", "the trailer of the stream cannot be read", EXIT_FAILED},
        {"#cust360\t2\ttest\t0000000000001234\n",
         "the stream is of protocol 2, this program speaks 1", EXIT_FAILED},
        {"#cust360\t1\ttest\n", "the header of the stream cannot be read", EXIT_FAILED},
        {"#cust360\t1\ttest\t0000000000009999\n",
         "the stream was written by another configuration or model (0000000000009999, here "
         "0000000000001234)",
         EXIT_CONFIGURATION},
        {HEADER "#what\n", "a line of the stream begins with # and is no frame", EXIT_FAILED},
        {HEADER "a", "the stream is cut off within a row", EXIT_FAILED},
        {HEADER "a\n", "the stream is cut off: it has no trailer", EXIT_FAILED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        uint64_t rows = 0;
        cr_expect_eq(read_all(slice_of(cases[i].text), &framed, &rows, &error), FAILED);
        cr_expect_str_eq(error.message, cases[i].message);
        cr_expect_eq(error.exit_code, cases[i].exit_code);
    }
}

Test(stage_line, unframed_rows_are_rows_alone)
{
    struct error error = {0};
    uint64_t rows = 0;
    cr_expect_eq(read_all(SLICE("a\nb\n#reject\tx\n"), &unframed, &rows, &error), ENDED);
    cr_expect_eq(rows, 2);
    cr_expect_eq(read_all(SLICE(""), &unframed, &rows, &error), ENDED);
    cr_expect_eq(read_all(SLICE(HEADER "a\n"), &unframed, &rows, &error), FAILED);
    cr_expect_str_eq(error.message, "there is a frame among rows that were to come without");
}

Test(stage_line, a_row_with_half_an_escape_is_rejected_and_the_next_one_read)
{
    struct line_reader *reader = line_reader_of_text(SLICE("a\\q\nb\\x1\nc\\\n\\x41\n"), &unframed);
    struct arena *arena = arena_create();
    struct error error;
    struct line line;
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(line_reader_next(reader, &line, &error), REJECTED);
        cr_expect_str_eq(line.reject_reason, "escape");
    }
    cr_assert_eq(line_reader_next(reader, &line, &error), ACCEPTED);
    cr_expect(slice_equal(line_text(arena, line.columns[0]), SLICE("A")));
    line_reader_destroy(reader);
    arena_destroy(arena);
}

Test(stage_line, a_write_that_fails_is_told_at_the_end)
{
    int ends[2];
    struct error error = {0};
    cr_assert_eq(pipe(ends), 0);
    struct line_writer *writer = line_writer_create(ends[0], "test", HASH);
    line_column(writer, SLICE("a"));
    line_end(writer);
    cr_expect_not(line_writer_finish(writer, 0, &error));
    cr_expect_eq(error.exit_code, EXIT_FAILED);
    cr_expect_not(line_writer_works(writer));
    line_writer_destroy(writer);
    close(ends[0]);
    close(ends[1]);
}
