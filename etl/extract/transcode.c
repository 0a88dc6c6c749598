#include "extract/transcode.h"
#include "cust360/base/csv.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <errno.h>
#include <stdlib.h>

enum {
    TEXT_PER_BYTE = 4, /* the most UTF-8 that a byte can become */
    TEXT_SPARE = 16,   /* pairs are written four bytes at a time */
    REPLACEMENT_BYTES = 3,
    WORD_BYTES = 8
};

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* One piece while it is decoded. `file` belongs to `begin`. */
struct piece {
    struct transcoder *transcoder;
    const unsigned char *begin;
    const unsigned char *end;
    uint64_t file;
    bool last;
    struct buffer *text;
    uint64_t text_origin; /* text offset of text->data[0] */
};

static uint64_t file_offset(const struct piece *piece, const unsigned char *at)
{
    return piece->file + (uint64_t)(at - piece->begin);
}

static uint64_t text_offset(const struct piece *piece)
{
    return piece->text_origin + piece->text->length;
}

static void set_mark(const struct piece *piece, const unsigned char *at)
{
    struct transcoder *transcoder = piece->transcoder;
    if (transcoder->mark_kind == MARK_NONE)
        return;
    if (transcoder->mark_head > transcoder->mark_count / 2) {
        transcoder->mark_count -= transcoder->mark_head;
        memmove(transcoder->marks, transcoder->marks + transcoder->mark_head,
                transcoder->mark_count * sizeof(struct mark));
        transcoder->mark_head = 0;
    }
    transcoder->marks = memory_grow(transcoder->marks, &transcoder->mark_capacity,
                                    transcoder->mark_count + 1, sizeof(struct mark));
    transcoder->marks[transcoder->mark_count++] =
        (struct mark){text_offset(piece), file_offset(piece, at)};
}

static void note_damage(struct transcoder *transcoder, uint64_t offset, enum damage_kind kind)
{
    if (transcoder->damage_head == transcoder->damage_count) {
        transcoder->damage_head = 0;
        transcoder->damage_count = 0;
    }
    transcoder->damages = memory_grow(transcoder->damages, &transcoder->damage_capacity,
                                      transcoder->damage_count + 1, sizeof(struct damage));
    transcoder->damages[transcoder->damage_count++] = (struct damage){offset, kind};
}

static void replace_byte(const struct piece *piece, const unsigned char *at)
{
    struct transcoder *transcoder = piece->transcoder;
    if (transcoder->undecodable++ == 0)
        transcoder->first_undecodable = file_offset(piece, at);
    transcoder->non_ascii++;
    note_damage(transcoder, text_offset(piece), DAMAGE_BYTES);
    buffer_append(piece->text, slice_make(REPLACEMENT, REPLACEMENT_BYTES));
}

static void note_private(const struct piece *piece, const unsigned char *at)
{
    if (piece->transcoder->private_use++ == 0)
        piece->transcoder->first_private = file_offset(piece, at);
}

/* Notes the private-use characters among those that begin between two offsets: EE xx xx and EF
 * 80..A3 xx. */
static void look_for_private(const struct piece *piece, struct slice text, size_t from, size_t to,
                             const unsigned char *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = from; i < to; i++) {
        size_t position = i;
        if ((bytes[i] == 0xEE || (bytes[i] == 0xEF && bytes[i + 1] <= 0xA3)) &&
            character_is_private(text_next(text, &position)))
            note_private(piece, at + i);
    }
}

/* Whether one of eight bytes is EE or EF. */
static bool has_private_lead(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t zero = (word ^ 0xEE * ones) & ~ones;
    return ((zero - ones) & ~zero & UINT64_C(0x8080808080808080)) != 0;
}

/* Counts characters beyond ASCII by their first bytes, 11xxxxxx, eight bytes at a time. */
static void count_characters(const struct piece *piece, struct slice text, const unsigned char *at)
{
    uint64_t characters = 0;
    size_t i = 0;
    for (; i + WORD_BYTES <= text.length; i += WORD_BYTES) {
        uint64_t word;
        memcpy(&word, text.data + i, sizeof(word));
        uint64_t high = word & UINT64_C(0x8080808080808080);
        if (high == 0)
            continue;
        /* A bit for each first byte; the product's highest byte is their sum. */
        characters += ((high & word << 1) >> 7) * UINT64_C(0x0101010101010101) >> 56;
        if (has_private_lead(word))
            look_for_private(piece, text, i, i + WORD_BYTES, at);
    }
    look_for_private(piece, text, i, text.length, at);
    for (; i < text.length; i++)
        characters += ((unsigned char)text.data[i] & 0xC0) == 0xC0;
    piece->transcoder->non_ascii += characters;
}

/* ---- UTF-8 ---- */

/* Whether the bytes up to the end may become a character with the next piece. */
static bool may_go_on(const unsigned char *at, const unsigned char *end)
{
    size_t needed = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
    if (*at < 0xC2 || *at > 0xF4 || (size_t)(end - at) >= needed)
        return false;
    for (const unsigned char *byte = at + 1; byte < end; byte++)
        if ((*byte & 0xC0) != 0x80)
            return false;
    return true;
}

static const unsigned char *decode_utf8(const struct piece *piece)
{
    const unsigned char *at = piece->begin;
    while (at < piece->end) {
        struct slice rest = slice_make((const char *)at, (size_t)(piece->end - at));
        size_t valid = rest.length;
        if (!text_is_valid(rest, &valid))
            rest.length = valid;
        count_characters(piece, rest, at);
        buffer_append(piece->text, rest);
        at += rest.length;
        if (at == piece->end || (!piece->last && may_go_on(at, piece->end)))
            break;
        replace_byte(piece, at);
        at++;
        set_mark(piece, at);
    }
    return at;
}

/* ---- UTF-16 ---- */

static uint32_t read_unit(const struct piece *piece, const unsigned char *at)
{
    return piece->transcoder->encoding->big_endian ? (uint32_t)at[0] << 8 | at[1]
                                                   : (uint32_t)at[1] << 8 | at[0];
}

static bool is_surrogate(uint32_t unit, uint32_t first)
{
    return unit >= first && unit < first + 0x400;
}

static void write_unit(const struct piece *piece, const unsigned char *at, uint32_t code_point)
{
    char *out = buffer_reserve(piece->text, TEXT_PER_BYTE);
    piece->text->length += text_encode(code_point, out);
    piece->transcoder->non_ascii += code_point >= 0x80;
    if (character_is_private(code_point))
        note_private(piece, at);
}

/* Writes the character at `at`; returns its bytes, 0: half a character, which may go on. */
static size_t decode_units(const struct piece *piece, const unsigned char *at)
{
    size_t left = (size_t)(piece->end - at);
    uint32_t unit = left >= 2 ? read_unit(piece, at) : 0;
    bool high = left >= 2 && is_surrogate(unit, 0xD800);
    uint32_t low = high && left >= 4 ? read_unit(piece, at + 2) : 0;
    if ((left < 2 || (high && left < 4)) && !piece->last)
        return 0;
    if (high && is_surrogate(low, 0xDC00)) {
        write_unit(piece, at, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        return 4;
    }
    if (left < 2 || high || is_surrogate(unit, 0xDC00))
        replace_byte(piece, at);
    else
        write_unit(piece, at, unit);
    return left < 2 ? left : 2;
}

/* ASCII but the characters that get marks, as long as the room lasts. */
static const unsigned char *copy_units(const struct piece *piece, const unsigned char *at,
                                       size_t room)
{
    size_t low = piece->transcoder->encoding->big_endian ? 1 : 0;
    char *out = piece->text->data + piece->text->length;
    const char *stop = out + room;
    while (piece->end - at >= 2 && at[1 - low] == 0 && at[low] < 0x80 && out < stop) {
        char byte = (char)at[low];
        if (byte == '\n' || byte == '\r' || byte == '<' || byte == '>')
            break;
        *out++ = byte;
        at += 2;
    }
    piece->text->length = (size_t)(out - piece->text->data);
    return at;
}

static const unsigned char *decode_utf16(const struct piece *piece)
{
    const unsigned char *at = piece->begin;
    bool tags = piece->transcoder->mark_kind == MARK_TAGS;
    while (at < piece->end) {
        buffer_reserve(piece->text, WORD_BYTES * WORD_BYTES);
        at = copy_units(piece, at, WORD_BYTES * WORD_BYTES);
        if (at == piece->end)
            break;
        uint32_t unit = piece->end - at >= 2 ? read_unit(piece, at) : 0;
        if (tags && unit == '<')
            set_mark(piece, at);
        size_t used = decode_units(piece, at);
        if (used == 0)
            break;
        at += used;
        if (tags ? unit == '>' : unit == '\n' || unit == '\r')
            set_mark(piece, at);
    }
    set_mark(piece, at);
    return at;
}

/* ---- two-byte encodings, by table ---- */

/* A four-byte character of GB18030 at `at`: its bytes, 0: it may go on, 1: it is none. */
static size_t decode_four(const struct piece *piece, const unsigned char *at)
{
    static const unsigned char least[] = {0x81, '0', 0x81, '0'};
    static const unsigned char most[] = {0xFE, '9', 0xFE, '9'};
    size_t left = (size_t)(piece->end - at);
    size_t fits = 0;
    while (fits < 4 && fits < left && at[fits] >= least[fits] && at[fits] <= most[fits])
        fits++;
    if (fits < 4)
        return fits == left && !piece->last ? 0 : 1;
    char bytes[4];
    memcpy(bytes, at, sizeof(bytes));
    char *in = bytes;
    size_t in_left = sizeof(bytes);
    char *out = buffer_reserve(piece->text, TEXT_SPARE);
    char *begin = out;
    size_t out_left = TEXT_SPARE;
    iconv_t library = piece->transcoder->encoding->library;
    if (iconv(library, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left) {
        iconv(library, NULL, NULL, NULL, NULL);
        return 1;
    }
    piece->text->length += (size_t)(out - begin);
    piece->transcoder->non_ascii++;
    return sizeof(bytes);
}

/* What is neither ASCII nor a short pair; returns its bytes, 0: it may go on. */
static size_t decode_rare(const struct piece *piece, const unsigned char *at)
{
    const struct encoding *encoding = piece->transcoder->encoding;
    bool alone = piece->end - at < 2;
    if (encoding->is_gb18030 && *at == 0x80) {
        buffer_append(piece->text, SLICE("€"));
        piece->transcoder->non_ascii++;
        return 1;
    }
    if (alone && !piece->last && *at >= 0x81 && *at <= 0xFE)
        return 0;
    const struct pair *pair =
        alone ? NULL : &encoding->pairs[(size_t)(*at - PAIR_LEADS) * PAIR_TRAILS + at[1]];
    if (pair && pair->flags & PAIR_LONG) {
        const unsigned char *longer =
            encoding->longer[pair->bytes[0] | (size_t)pair->bytes[1] << 8];
        buffer_append(piece->text, slice_make((const char *)longer + 1, longer[0]));
        piece->transcoder->non_ascii++;
        return 2;
    }
    if (encoding->is_gb18030 && !alone) {
        size_t used = decode_four(piece, at);
        if (used != 1)
            return used;
    }
    replace_byte(piece, at);
    return 1;
}

static const unsigned char *copy_ascii(const unsigned char *at, const unsigned char *end,
                                       char **target)
{
    char *out = *target;
    while (end - at >= WORD_BYTES) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        if (word & UINT64_C(0x8080808080808080))
            break;
        memcpy(out, &word, sizeof(word));
        at += WORD_BYTES;
        out += WORD_BYTES;
    }
    while (at < end && *at < 0x80)
        *out++ = (char)*at++;
    *target = out;
    return at;
}

/* ASCII and pairs up to `end`, or up to something rare. The caller has made room. */
static const unsigned char *decode_common(const struct piece *piece, const unsigned char *at,
                                          const unsigned char *end)
{
    const struct pair *pairs = piece->transcoder->encoding->pairs;
    char *out = piece->text->data + piece->text->length;
    uint64_t characters = 0;
    for (;;) {
        at = copy_ascii(at, end, &out);
        if (end - at < 2)
            break;
        const struct pair *pair = &pairs[(size_t)(*at - PAIR_LEADS) * PAIR_TRAILS + at[1]];
        size_t length = pair->flags & PAIR_LENGTH;
        if (length == 0)
            break;
        memcpy(out, pair, sizeof(*pair));
        out += length;
        if (pair->flags & PAIR_PRIVATE)
            note_private(piece, at);
        characters++;
        at += 2;
    }
    piece->transcoder->non_ascii += characters;
    piece->text->length = (size_t)(out - piece->text->data);
    return at;
}

static const unsigned char *decode_pairs(const struct piece *piece)
{
    const unsigned char *at = piece->begin;
    while (at < piece->end) {
        buffer_reserve(piece->text, (size_t)(piece->end - at) * TEXT_PER_BYTE + TEXT_SPARE);
        at = decode_common(piece, at, piece->end);
        if (at == piece->end)
            break;
        size_t used = decode_rare(piece, at);
        if (used == 0)
            break;
        at += used;
    }
    return at;
}

/* ---- everything else ---- */

static const unsigned char *decode_other(const struct piece *piece)
{
    iconv_t library = piece->transcoder->encoding->library;
    const unsigned char *at = piece->begin;
    for (bool more = true; more;) {
        size_t left = (size_t)(piece->end - at);
        size_t room = left * TEXT_PER_BYTE + TEXT_SPARE;
        char *out = buffer_reserve(piece->text, room);
        char *begin = out;
        /* iconv's parameter has no const but it does not write. */
        char *in = (char *)(uintptr_t)at;
        size_t result = iconv(library, &in, &left, &out, &room);
        int reason = result == (size_t)-1 ? errno : 0;
        count_characters(piece, slice_make(begin, (size_t)(out - begin)), at);
        piece->text->length += (size_t)(out - begin);
        at = piece->end - left;
        if (reason == EINVAL && !piece->last)
            break;
        if (reason == EILSEQ || reason == EINVAL) {
            replace_byte(piece, at);
            at++;
        }
        more = at < piece->end;
    }
    return at;
}

/* ---- pieces ---- */

static const unsigned char *tag_end(const unsigned char *from, const unsigned char *end)
{
    for (const unsigned char *at = from; at < end; at++) {
        if (*at == '>')
            return at + 1;
        if (*at == '<' && at > from)
            return at;
    }
    return end;
}

/* No character of these encodings has a line end, < or > for a second byte: the piece is cut there
 * first, and each cut is a mark. */
static const unsigned char *decode_in_cuts(const struct piece *whole)
{
    struct piece part = *whole;
    const char *newline = NULL;
    bool tags = whole->transcoder->mark_kind == MARK_TAGS;
    bool pairs = whole->transcoder->encoding->form == ENCODING_PAIRS;
    while (part.begin < whole->end) {
        if (tags)
            part.end = tag_end(part.begin, whole->end);
        else
            part.end = (const unsigned char *)csv_line_end((const char *)part.begin,
                                                           (const char *)whole->end, &newline);
        part.last = whole->last || part.end < whole->end;
        const unsigned char *at = pairs ? decode_pairs(&part) : decode_other(&part);
        set_mark(&part, at);
        part.file = file_offset(&part, at);
        part.begin = at;
        if (at < part.end)
            break;
    }
    return part.begin;
}

static int compare_damages(const void *a, const void *b)
{
    uint64_t left = ((const struct damage *)a)->text_offset;
    uint64_t right = ((const struct damage *)b)->text_offset;
    return (left > right) - (left < right);
}

/* NUL is a character to all decoders; it is looked for in the text, where it is quick. */
static void note_nul_bytes(const struct piece *piece, size_t text_begin)
{
    struct transcoder *transcoder = piece->transcoder;
    const char *text = piece->text->data;
    const char *end = text + piece->text->length;
    const char *nul = text ? memchr(text + text_begin, '\0', piece->text->length - text_begin) : 0;
    if (!nul)
        return;
    for (; nul; nul = memchr(nul + 1, '\0', (size_t)(end - nul - 1))) {
        note_damage(transcoder, piece->text_origin + (uint64_t)(nul - text), DAMAGE_NUL);
        transcoder->nul_bytes++;
    }
    qsort(transcoder->damages + transcoder->damage_head,
          transcoder->damage_count - transcoder->damage_head, sizeof(struct damage),
          compare_damages);
}

size_t transcode(struct transcoder *transcoder, struct slice raw, bool last, struct buffer *text)
{
    const unsigned char *bytes = (const unsigned char *)raw.data;
    struct piece piece = {transcoder,
                          bytes,
                          bytes + raw.length,
                          transcoder->file_offset,
                          last,
                          text,
                          transcoder->text_offset - text->length};
    size_t begin = text->length;
    if (transcoder->mark_count == 0)
        set_mark(&piece, bytes);
    if (raw.length == 0)
        return 0;
    const unsigned char *at = NULL;
    switch (transcoder->encoding->form) {
    case ENCODING_UTF8:
        at = decode_utf8(&piece);
        break;
    case ENCODING_UTF16:
        at = decode_utf16(&piece);
        break;
    case ENCODING_PAIRS:
    case ENCODING_OTHER:
        at = decode_in_cuts(&piece);
        break;
    }
    note_nul_bytes(&piece, begin);
    buffer_reserve(text, 0);
    text->data[text->length] = '\0';
    transcoder->text_offset += text->length - begin;
    transcoder->file_offset = file_offset(&piece, at);
    return (size_t)(at - bytes);
}

void transcoder_release(struct transcoder *transcoder)
{
    memory_free(transcoder->marks);
    memory_free(transcoder->damages);
    transcoder->marks = NULL;
    transcoder->damages = NULL;
}
