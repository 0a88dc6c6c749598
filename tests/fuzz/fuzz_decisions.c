/* Any bytes as a work list that a steward sends back. The bytes 1 to 6 stand for what cannot be
 * guessed: keys of open cases and what was seen of them. Promised: the list is carried out whole
 * or refused with a message; it is taken back, so that each input meets the same state. */
#include "desk.h"

#include "cust360/base/csv.h"
#include "cust360/review_decide.h"

enum { STANDINS = 7, CASES = 3 };

static struct review_desk desk;
static const char *standins[STANDINS];

/* Cells of the exported list: the keys of cases, and what the steward has seen of each. */
static void learn_standins(void)
{
    const struct review_filter all = REVIEW_FILTER_ALL;
    struct buffer csv = BUFFER_EMPTY;
    struct error error = {0};
    require(review_export(desk.review, &all, CASES, true, &csv, &error));
    const struct csv_options options = {.delimiter = ',', .quote = '"'};
    struct csv_stream *stream = csv_stream_create(&options);
    struct csv_row row;
    size_t key = SIZE_MAX;
    size_t seen = SIZE_MAX;
    size_t next = 1;
    buffer_append(csv_stream_input(stream), slice_cut(buffer_slice(&csv), 3, csv.length));
    csv_stream_finish(stream);
    while (csv_stream_next(stream, &row) == ACCEPTED) {
        bool is_heading = key == SIZE_MAX;
        for (size_t i = 0; is_heading && i < row.field_count; i++) {
            key = slice_equal(row.fields[i], SLICE("case")) ? i : key;
            seen = slice_equal(row.fields[i], SLICE("seen")) ? i : seen;
        }
        require(key < row.field_count && seen < row.field_count);
        if (is_heading || next + 1 >= STANDINS)
            continue;
        standins[next++] = arena_text(desk.arena, row.fields[key]);
        standins[next++] = arena_text(desk.arena, row.fields[seen]);
    }
    require(next == STANDINS);
    csv_stream_destroy(stream);
    buffer_release(&csv);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    fuzz_desk_open(&desk);
    learn_standins();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    struct review_import_result result;
    struct buffer list = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] >= 1 && bytes[i] < STANDINS)
            buffer_append_text(&list, standins[bytes[i]]);
        else
            buffer_append_byte(&list, (char)bytes[i]);
    }
    struct arena *arena = arena_create();
    const char *path = fuzz_file((const uint8_t *)list.data, list.length);
    require(review_import(desk.review, path, "steward", arena, &result, &error) ||
            (error.exit_code != 0 && error.message[0]));
    arena_destroy(arena);
    buffer_release(&list);
    return 0;
}
