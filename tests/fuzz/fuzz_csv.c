/* Any bytes as CSV. The first byte says in pieces of which size they arrive. Promised: rows lie one
 * behind the other within the input, and how the input is cut does not change them. */
#include "support.h"

#include "cust360/base/csv.h"

#include <stdint.h>
#include <string.h>

/* Small bounds, so that short inputs reach them. */
static const struct csv_options options = {
    .delimiter = ',', .quote = '"', .record_bytes_max = 64, .record_lines_max = 4};

/* What was read, in a form that can be compared. */
static void append_row(struct buffer *seen, enum outcome outcome, const struct csv_row *row)
{
    buffer_format(seen, "%d %llu %llu %llu %s", (int)outcome, (unsigned long long)row->line,
                  (unsigned long long)row->offset, (unsigned long long)row->length,
                  outcome == REJECTED ? row->reject_code : "");
    for (size_t i = 0; outcome == ACCEPTED && i < row->field_count; i++) {
        buffer_format(seen, "|%zu:", row->fields[i].length);
        buffer_append(seen, row->fields[i]);
    }
    buffer_format(seen, "\n");
}

static void read_in_pieces(struct slice text, size_t piece_bytes, struct buffer *seen)
{
    struct csv_stream *stream = csv_stream_create(&options);
    struct csv_row row;
    uint64_t end = 0;
    size_t given = 0;
    for (bool finished = false;;) {
        enum outcome outcome = csv_stream_next(stream, &row);
        if (outcome == ENDED && finished)
            break;
        if (outcome == ENDED) {
            size_t take = text.length - given < piece_bytes ? text.length - given : piece_bytes;
            buffer_append(csv_stream_input(stream), slice_make(text.data + given, take));
            given += take;
            if (given == text.length) {
                csv_stream_finish(stream);
                finished = true;
            }
            continue;
        }
        require(outcome == ACCEPTED || outcome == REJECTED);
        require(row.offset >= end && row.length > 0 && row.offset + row.length <= text.length);
        require(outcome == ACCEPTED ? row.field_count > 0 : row.reject_code && row.reject_reason);
        end = row.offset + row.length;
        append_row(seen, outcome, &row);
    }
    csv_stream_destroy(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count == 0)
        return 0;
    struct slice text = slice_make((const char *)bytes + 1, count - 1);
    struct buffer whole = BUFFER_EMPTY;
    struct buffer pieces = BUFFER_EMPTY;
    read_in_pieces(text, SIZE_MAX, &whole);
    read_in_pieces(text, (size_t)bytes[0] % 16 + 1, &pieces);
    require(whole.length == pieces.length &&
            (whole.length == 0 || memcmp(whole.data, pieces.data, whole.length) == 0));
    buffer_release(&whole);
    buffer_release(&pieces);
    return 0;
}
