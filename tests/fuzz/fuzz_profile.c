/* Any bytes as an unknown export: its dialect, and as XML in pieces whose size the first byte says.
 * Promised: rows and columns of tables agree, and pieces do not change what is counted. */
#include "support.h"

#include "cust360/profile_tally.h"

#include <stdint.h>

static void feed(struct xml_tally *tally, struct slice text, size_t piece_bytes)
{
    while (text.length) {
        size_t length = text.length < piece_bytes ? text.length : piece_bytes;
        xml_tally_feed(tally, slice_cut(text, 0, length));
        text = slice_cut(text, length, text.length);
    }
}

static uint64_t count_rows(struct slice text, size_t piece_bytes)
{
    struct arena *arena = arena_create();
    struct xml_tally *tally = xml_tally_create();
    struct profile profile = {0};
    uint64_t rows = 0;
    feed(tally, text, piece_bytes);
    xml_tally_learnt(tally);
    feed(tally, text, piece_bytes);
    xml_tally_finish(tally, arena, &profile);
    for (size_t t = 0; t < profile.table_count; t++) {
        rows += profile.tables[t].rows;
        for (size_t c = 0; c < profile.tables[t].column_count; c++)
            require(profile.tables[t].columns[c].values == profile.tables[t].rows);
    }
    xml_tally_destroy(tally);
    arena_destroy(arena);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count == 0)
        return 0;
    struct slice text = slice_make((const char *)bytes + 1, count - 1);
    struct arena *arena = arena_create();
    struct csv_look look;
    if (csv_look_at(arena, text, &look))
        require(look.column_count > 0 && look.headings);
    arena_destroy(arena);
    require(count_rows(text, SIZE_MAX) == count_rows(text, (size_t)bytes[0] % 16 + 1));
    return 0;
}
