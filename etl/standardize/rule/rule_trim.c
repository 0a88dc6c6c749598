#include "standardize/rule/rule_trim.h"

/* Bytes of the white space that begins at `position`, or 0: U+00A0, U+200B to U+200F, U+3000,
 * U+FEFF beside that of ASCII. */
static size_t space_bytes(struct slice text, size_t position)
{
    const unsigned char *byte = (const unsigned char *)text.data + position;
    size_t left = text.length - position;
    if (byte[0] < 0x80)
        return byte[0] == ' ' || (byte[0] >= '\t' && byte[0] <= '\r');
    if (byte[0] == 0xC2)
        return left >= 2 && byte[1] == 0xA0 ? 2 : 0;
    if (left < 3)
        return 0;
    bool zero_width = memcmp(byte, "\xE2\x80", 2) == 0 && byte[2] >= 0x8B && byte[2] <= 0x8F;
    bool known = memcmp(byte, "\xE3\x80\x80", 3) == 0 || memcmp(byte, "\xEF\xBB\xBF", 3) == 0;
    return zero_width || known ? 3 : 0;
}

struct slice rule_trim_ends(struct slice text)
{
    size_t start = 0;
    for (size_t bytes = 1; start < text.length && bytes > 0; start += bytes)
        bytes = space_bytes(text, start);
    size_t end = text.length;
    while (end > start) {
        size_t last = end - 1;
        while (last > start && ((unsigned char)text.data[last] & 0xC0) == 0x80)
            last--;
        if (space_bytes(text, last) != end - last)
            break;
        end = last;
    }
    return slice_cut(text, start, end);
}
