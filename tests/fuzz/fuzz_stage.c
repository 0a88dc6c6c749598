/* Any bytes as lines of the stages. Promised: rows lie one behind the other within the input, their
 * texts and lists can be taken apart, and what is written again is read as the same. */
#include "support.h"

#include "cust360/stage.h"

#include <stdint.h>

static void look_at(struct slice text, const struct line *line, struct arena *arena)
{
    require(line->raw.data >= text.data &&
            line->raw.data + line->raw.length < text.data + text.length);
    for (size_t i = 0; i < line->count; i++) {
        const struct slice *items = NULL;
        size_t bytes = 0;
        size_t count = line_items(arena, line->columns[i], &items);
        for (size_t j = 0; j < count; j++)
            bytes += items[j].length;
        require(bytes <= line->columns[i].length);
        require(line_text(arena, line->columns[i]).length <= line->columns[i].length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice text = slice_make((const char *)data, size);
    const struct line_expectation expectation = {.hash = 0, .unframed = size % 2 == 0};
    struct line_reader *reader = line_reader_of_text(text, &expectation);
    struct arena *arena = arena_create();
    struct line line;
    struct error error;
    uint64_t rows = 0;
    enum outcome outcome;
    while ((outcome = line_reader_next(reader, &line, &error)) == ACCEPTED || outcome == REJECTED) {
        rows++;
        look_at(text, &line, arena);
    }
    require(outcome == ENDED || error.exit_code != 0);
    require(rows == line_reader_rows(reader));
    arena_destroy(arena);
    line_reader_destroy(reader);
    return 0;
}
