/* Any bytes in any encoding. The first byte names the encoding, the second in pieces of which size
 * they arrive. Promised: the text is UTF-8 whatever the bytes are, marks rise and stay within the
 * bytes, and how the input is cut does not change the text. */
#include "support.h"

#include "cust360/base/text.h"
#include "extract/transcode.h"

static const char *const names[] = {"utf-8",      "utf-16le",  "utf-16be", "gb18030", "big5",
                                    "big5-hkscs", "shift_jis", "euc-kr",   "cp950"};

enum { NAME_COUNT = sizeof(names) / sizeof(names[0]), HEAD_BYTES = 2 };

/* Opened once: making the tables takes longer than any input. */
static const struct encoding *find_encoding(size_t index)
{
    static struct encoding *opened[NAME_COUNT];
    struct error error;
    if (!opened[index])
        opened[index] = encoding_open(names[index], &error);
    return opened[index];
}

static void check_marks(const struct transcoder *transcoder, size_t count)
{
    struct mark last = {0, 0};
    for (size_t i = 0; i < transcoder->mark_count; i++) {
        const struct mark *mark = &transcoder->marks[i];
        require(mark->text_offset >= last.text_offset && mark->file_offset >= last.file_offset);
        require(mark->file_offset <= count && mark->text_offset <= transcoder->text_offset);
        last = *mark;
    }
}

static void decode(const struct encoding *encoding, struct slice bytes, size_t piece_bytes,
                   struct buffer *text)
{
    struct transcoder transcoder = {.encoding = encoding, .mark_kind = MARK_LINES};
    size_t begin = 0;
    for (size_t end = 0; end < bytes.length;) {
        end = bytes.length - end < piece_bytes ? bytes.length : end + piece_bytes;
        begin += transcode(&transcoder, slice_cut(bytes, begin, end), end == bytes.length, text);
        require(begin <= end);
    }
    require(begin == bytes.length && transcoder.text_offset == text->length);
    require(text_is_valid(buffer_slice(text), NULL));
    check_marks(&transcoder, bytes.length);
    transcoder_release(&transcoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count < HEAD_BYTES)
        return 0;
    const struct encoding *encoding = find_encoding(bytes[0] % NAME_COUNT);
    require(encoding != NULL);
    struct slice raw = slice_make((const char *)bytes + HEAD_BYTES, count - HEAD_BYTES);
    struct buffer whole = BUFFER_EMPTY;
    struct buffer pieces = BUFFER_EMPTY;
    decode(encoding, raw, SIZE_MAX, &whole);
    decode(encoding, raw, (size_t)bytes[1] % 16 + 1, &pieces);
    require(slice_equal(buffer_slice(&whole), buffer_slice(&pieces)));
    if (encoding->form == ENCODING_UTF8 && text_is_valid(raw, NULL))
        require(slice_equal(buffer_slice(&whole), raw));
    buffer_release(&whole);
    buffer_release(&pieces);
    return 0;
}
