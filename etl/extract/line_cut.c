#include "cust360/base/text.h"
#include "extract/line_stream.h"
#include "extract/transcode.h"

struct line line_copy(struct arena *arena, const struct line *line)
{
    struct line copy = *line;
    struct slice *fields = arena_allocate_array(arena, line->field_count, sizeof(*fields));
    copy.text = arena_copy(arena, line->text);
    copy.raw = arena_copy(arena, line->raw);
    for (size_t i = 0; i < line->field_count; i++)
        fields[i] = arena_copy(arena, line->fields[i]);
    copy.fields = fields;
    return copy;
}

size_t line_extent(const struct line *line, const struct line_dialect *dialect)
{
    if (dialect->delimiter)
        return line->field_count;
    if (dialect->bytes)
        return line->raw.length ? line->raw.length : line->text.length;
    return line->ascii ? line->text.length : text_length(line->text);
}

/* The byte at which character `number` (from 0) of the line begins, or the line's end. */
static size_t find_character(struct line_cutter *cutter, struct slice text, size_t number)
{
    if (cutter->data != text.data || cutter->character > number) {
        cutter->data = text.data;
        cutter->character = 0;
        cutter->position = 0;
    }
    for (; cutter->character < number && cutter->position < text.length; cutter->character++)
        (void)text_next(text, &cutter->position);
    return cutter->position;
}

/* Bytes as they came are cut first and decoded then: that is how whoever wrote them counted. */
static bool cut_raw(const struct line_cutter *cutter, struct slice raw,
                    const struct line_place *place, struct slice *value)
{
    struct transcoder transcoder = {.encoding = cutter->encoding, .mark_kind = MARK_NONE};
    struct buffer text = BUFFER_EMPTY;
    struct slice bytes = slice_cut(raw, place->first - 1, place->last);
    transcode(&transcoder, bytes, true, &text);
    bool whole = transcoder.undecodable == 0;
    *value = slice_trim(arena_copy(cutter->arena, buffer_slice(&text)));
    transcoder_release(&transcoder);
    buffer_release(&text);
    return whole;
}

static bool is_within_character(struct slice text, size_t position)
{
    return position < text.length && ((unsigned char)text.data[position] & 0xC0) == 0x80;
}

bool line_cut(struct line_cutter *cutter, const struct line *line, const struct line_place *place,
              struct slice *value)
{
    const struct line_dialect *dialect = cutter->dialect;
    size_t first = place->first - 1;
    size_t last = place->last;
    if (dialect->delimiter) {
        *value = first < line->field_count ? line->fields[first] : SLICE("");
        return true;
    }
    if (dialect->bytes && line->raw.length && cutter->encoding->form != ENCODING_UTF8)
        return cut_raw(cutter, line->raw, place, value);
    if (!dialect->bytes && !line->ascii) {
        first = find_character(cutter, line->text, first);
        last = find_character(cutter, line->text, last);
    }
    *value = slice_trim(slice_cut(line->text, first, last));
    return !is_within_character(line->text, first) && !is_within_character(line->text, last);
}
