#include "cust360/base/text.h"
#include "cust360/base/memory.h"

#include <endian.h>
#include <stdlib.h>

/* The bytes of the sequence that starts here, or 0 when it is not valid UTF-8 (RFC 3629, table 3-7
 * of the Unicode standard). */
static size_t sequence_length(const unsigned char *bytes, size_t available)
{
    unsigned char lead = bytes[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (available < length)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* Whether the first three of four bytes are a character whose first byte allows any two that go on:
 * all but E0 and ED, the ones of most Chinese characters among them. */
static inline bool is_plain_three(const unsigned char *bytes)
{
    unsigned char lead = bytes[0];
    return (lead & 0xF0) == 0xE0 && lead != 0xE0 && lead != 0xED && (bytes[1] & 0xC0) == 0x80 &&
           (bytes[2] & 0xC0) == 0x80;
}

/* From `at` on, the ASCII and the plain characters of three bytes are passed over, as far as eight
 * bytes can be read. */
static size_t pass_plain(const unsigned char *bytes, size_t length, size_t at)
{
    uint64_t eight;
    while (length - at >= sizeof(eight)) {
        memcpy(&eight, bytes + at, sizeof(eight));
        uint64_t high = le64toh(eight) & UINT64_C(0x8080808080808080);
        if (high == 0) {
            at += sizeof(eight);
            continue;
        }
        at += (size_t)__builtin_ctzll(high) / 8;
        size_t from = at;
        while (length - at >= 3 && is_plain_three(bytes + at))
            at += 3;
        if (at == from)
            break;
    }
    return at;
}

bool text_is_valid(struct slice text, size_t *offset)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t i = 0;
    for (;;) {
        i = pass_plain(bytes, text.length, i);
        if (i == text.length)
            return true;
        size_t length = sequence_length(bytes + i, text.length - i);
        if (length == 0)
            break;
        i += length;
    }
    if (offset)
        *offset = i;
    return false;
}

uint32_t text_next_other(struct slice text, size_t *position)
{
    if (*position >= text.length)
        return UINT32_MAX;
    const unsigned char *bytes = (const unsigned char *)text.data + *position;
    size_t length = sequence_length(bytes, text.length - *position);
    if (length <= 1) {
        *position += 1;
        return length == 1 ? bytes[0] : 0xFFFD;
    }
    static const unsigned char lead_masks[] = {0, 0, 0x1F, 0x0F, 0x07};
    uint32_t code_point = bytes[0] & lead_masks[length];
    for (size_t i = 1; i < length; i++)
        code_point = code_point << 6 | (bytes[i] & 0x3Fu);
    *position += length;
    return code_point;
}

size_t text_encode_other(uint32_t code_point, char *bytes)
{
    unsigned char *out = (unsigned char *)bytes;
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000))
        code_point = 0xFFFD;
    if (code_point < 0x80) {
        out[0] = (unsigned char)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (unsigned char)(leads[length] | code_point);
    return length;
}

void text_append(struct buffer *buffer, uint32_t code_point)
{
    char bytes[4];
    buffer_append(buffer, slice_make(bytes, text_encode(code_point, bytes)));
}

size_t text_length(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

struct slice text_prefix(struct slice text, size_t count)
{
    size_t position = 0;
    while (count-- && position < text.length)
        text_next(text, &position);
    return slice_cut(text, 0, position);
}

/* The ranges of East Asian width W and F that our data have (UAX #11). */
static bool is_wide(uint32_t code_point)
{
    static const uint32_t ranges[][2] = {
        {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (code_point >= ranges[i][0] && code_point <= ranges[i][1])
            return true;
    return false;
}

size_t text_width(struct slice text)
{
    size_t width = 0;
    for (size_t position = 0; position < text.length;)
        width += is_wide(text_next(text, &position)) ? 2 : 1;
    return width;
}

bool text_is_rare_han(uint32_t code_point)
{
    return (code_point >= 0x3400 && code_point <= 0x4DBF) ||
           (code_point >= 0x20000 && code_point <= 0x323AF) ||
           (code_point >= 0xF900 && code_point <= 0xFAFF) || code_point == 0x3007;
}

struct slice text_mask(struct arena *arena, struct slice value)
{
    size_t length = text_length(value);
    size_t head = length >= 11 ? 3 : length > 1 ? 1 : 0;
    size_t tail = length >= 11 ? 4 : length >= 5 ? 1 : 0;
    /* A byte that is not UTF-8 is shown as U+FFFD, which has three. */
    char *masked = arena_allocate_bytes(arena, 3 * value.length + 1);
    size_t used = 0;
    size_t index = 0;
    for (size_t position = 0; position < value.length; index++) {
        uint32_t code_point = text_next(value, &position);
        bool shown = index < head || index + tail >= length;
        used += text_encode(shown ? code_point : '*', masked + used);
    }
    return slice_make(masked, used);
}

/* A mobile or an identity number, an e-mail address, or a name: what a key may be made of where a
 * source has no numbers of its own. */
static bool is_personal(struct slice part)
{
    enum { MOBILE_DIGITS = 11, IDENTITY_DIGITS = 17 };
    size_t digits = 0;
    size_t han = 0;
    bool address = false;
    for (size_t position = 0; position < part.length;) {
        uint32_t code_point = text_next(part, &position);
        digits += code_point >= '0' && code_point <= '9';
        han += text_is_han(code_point);
        address = address || code_point == '@';
    }
    bool mobile = part.length == MOBILE_DIGITS && digits == part.length && part.data[0] == '1' &&
                  part.data[1] >= '3';
    bool identity = part.length == IDENTITY_DIGITS + 1 && digits >= IDENTITY_DIGITS;
    return mobile || identity || address || han >= 2;
}

struct slice text_mask_key(struct arena *arena, struct slice key)
{
    struct slice masked = {"", 0};
    for (size_t begin = 0; key.length && begin <= key.length;) {
        const char *bar = memchr(key.data + begin, '|', key.length - begin);
        size_t end = bar ? (size_t)(bar - key.data) : key.length;
        struct slice part = slice_cut(key, begin, end);
        struct slice shown = is_personal(part) ? text_mask(arena, part) : part;
        masked = slice_of(arena_format(arena, "%.*s%s%.*s", SLICE_ARGUMENTS(masked),
                                       begin ? "|" : "", SLICE_ARGUMENTS(shown)));
        begin = end + 1;
    }
    return masked;
}

enum { DISTANCE_CHARACTERS = 64 };

static size_t decode_all(struct slice text, uint32_t *characters)
{
    size_t count = 0;
    for (size_t position = 0; position < text.length && count < DISTANCE_CHARACTERS;)
        characters[count++] = text_next(text, &position);
    return count;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Optimal string alignment, three rows. */
size_t text_distance(struct slice a, struct slice b)
{
    uint32_t x[DISTANCE_CHARACTERS];
    uint32_t y[DISTANCE_CHARACTERS];
    if (text_length(a) > DISTANCE_CHARACTERS || text_length(b) > DISTANCE_CHARACTERS)
        return DISTANCE_CHARACTERS;
    size_t columns = decode_all(b, y);
    size_t lines = decode_all(a, x);
    size_t rows[3][DISTANCE_CHARACTERS + 1];
    for (size_t j = 0; j <= columns; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= lines; i++) {
        size_t *row = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t change = before[j - 1] + (x[i - 1] != y[j - 1]);
            row[j] = smallest(before[j] + 1, row[j - 1] + 1, change);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
                size_t swap = rows[(i + 1) % 3][j - 2] + 1;
                row[j] = swap < row[j] ? swap : row[j];
            }
        }
    }
    return rows[lines % 3][columns];
}

struct slice text_lower(struct arena *arena, struct slice text)
{
    char *lower = arena_text(arena, text);
    for (size_t i = 0; i < text.length; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] + ('a' - 'A'));
    return slice_make(lower, text.length);
}

/* U+2028 and U+2029, U+202A to U+202E, U+2066 to U+2069: line ends and directions. */
static bool turns_writing(const unsigned char *bytes)
{
    return bytes[0] == 0xE2 && ((bytes[1] == 0x80 && bytes[2] >= 0xA8 && bytes[2] <= 0xAE) ||
                                (bytes[1] == 0x81 && bytes[2] >= 0xA6 && bytes[2] <= 0xA9));
}

void text_make_showable(char *text)
{
    static const unsigned char replacement[] = {0xEF, 0xBF, 0xBD}; /* U+FFFD */
    unsigned char *at = (unsigned char *)text;
    for (; *at; at++) {
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
        else if (*at < ' ' || *at == 0x7F)
            *at = '?';
        else if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
            memset(at, '?', 2);
        else if (turns_writing(at))
            memcpy(at, replacement, sizeof(replacement));
    }
}

enum { NUMBER_BYTES = 40 }; /* longest text of a number that is looked at */

static bool number_text(struct slice text, char *copy)
{
    if (text.length == 0 || text.length >= NUMBER_BYTES)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!strchr("0123456789+-.eE", text.data[i]) || text.data[i] == '\0')
            return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    return true;
}

bool text_to_integer(struct slice text, int64_t *number)
{
    char copy[NUMBER_BYTES];
    char *end = NULL;
    if (!number_text(text, copy))
        return false;
    long long value = strtoll(copy, &end, 10);
    /* strtoll clamps what does not fit; 19 digits and more are refused rather than clamped. */
    if (*end != '\0' || end == copy || text.length > 19)
        return false;
    *number = value;
    return true;
}

bool text_to_number(struct slice text, double *number)
{
    char copy[NUMBER_BYTES];
    char *end = NULL;
    if (!number_text(text, copy))
        return false;
    double value = strtod(copy, &end);
    if (*end != '\0' || end == copy)
        return false;
    *number = value;
    return true;
}
