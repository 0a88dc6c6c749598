#include "extract/encoding.h"
#include "cust360/base/encoding_name.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/yaml.h"

#include <errno.h>
#include <stdio.h>

enum {
    PAIR_FIRST_TRAIL = 0x40, /* of all the two-byte encodings that are read by table */
    PAIR_FIRST_LEAD = 0x81,
    PAIR_LAST_LEAD = 0xFE,
    PAIR_BYTES = 3, /* with a line feed */
    PAIR_UTF8_BYTES = 12
};

/* What is read here, by the usual name. Several library names: what the first lacks is taken from
 * the next. */
static const struct encoding_name {
    const char *usual;
    const char *name;
    enum encoding_form form;
    bool big_endian;
    bool is_gb18030;
    const char *libraries[3];
} NAMES[] = {
    {"utf-8", "utf-8", ENCODING_UTF8, false, false, {NULL}},
    {"us-ascii", "utf-8", ENCODING_UTF8, false, false, {NULL}},
    {"utf-16le", "utf-16le", ENCODING_UTF16, false, false, {NULL}},
    {"utf-16be", "utf-16be", ENCODING_UTF16, true, false, {NULL}},
    {"gb18030", "gb18030", ENCODING_PAIRS, false, true, {"GB18030"}},
    {"gbk", "gb18030", ENCODING_PAIRS, false, true, {"GB18030"}},
    {"gb2312", "gb18030", ENCODING_PAIRS, false, true, {"GB18030"}},
    {"big5", "big5", ENCODING_PAIRS, false, false, {"BIG5", "CP950", "BIG5-HKSCS"}},
    {"cp950", "cp950", ENCODING_PAIRS, false, false, {"CP950"}},
    {"big5-hkscs", "big5-hkscs", ENCODING_PAIRS, false, false, {"BIG5-HKSCS"}},
};

enum { NAME_COUNT = sizeof(NAMES) / sizeof(*NAMES) };

static const struct encoding_name *find_name(const char *name)
{
    const char *usual = encoding_usual_name(name);
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (strcmp(NAMES[i].usual, usual) == 0)
            return &NAMES[i];
    return NULL;
}

bool encoding_is(const char *name, const char *other)
{
    const struct encoding_name *a = find_name(name);
    const struct encoding_name *b = find_name(other);
    if (a && b)
        return strcmp(a->name, b->name) == 0;
    return encoding_names_agree(name, other);
}

bool character_is_private(uint32_t code_point)
{
    /* mappings/reference/gb18030_pua.csv, column old_pua, as ranges. */
    static const uint32_t of_gb18030[][2] = {
        {0xE78D, 0xE796}, {0xE7C7, 0xE7C7}, {0xE816, 0xE818}, {0xE81E, 0xE81E},
        {0xE826, 0xE826}, {0xE82B, 0xE82C}, {0xE831, 0xE832}, {0xE83B, 0xE83B},
        {0xE843, 0xE843}, {0xE854, 0xE855}, {0xE864, 0xE864},
    };
    if (code_point < 0xE000 || code_point > 0xF8FF)
        return false;
    for (size_t i = 0; i < sizeof(of_gb18030) / sizeof(*of_gb18030); i++)
        if (code_point >= of_gb18030[i][0] && code_point <= of_gb18030[i][1])
            return false;
    return true;
}

static void set_pair(struct encoding *encoding, struct pair *pair, const char *utf8, size_t length)
{
    size_t position = 0;
    uint32_t code_point = text_next(slice_make(utf8, length), &position);
    if (length <= sizeof(pair->bytes)) {
        memcpy(pair->bytes, utf8, length);
        pair->flags = (unsigned char)length;
    } else if (length < LONGER_BYTES && encoding->longer_count < LONGER_MAX) {
        unsigned char *longer = encoding->longer[encoding->longer_count];
        longer[0] = (unsigned char)length;
        memcpy(longer + 1, utf8, length);
        pair->bytes[0] = (unsigned char)(encoding->longer_count & 0xFF);
        pair->bytes[1] = (unsigned char)(encoding->longer_count >> 8);
        pair->flags = PAIR_LONG;
        encoding->longer_count++;
    }
    if (character_is_private(code_point))
        pair->flags |= PAIR_PRIVATE;
}

/* All pairs of a lead in one call, because it is by the call that iconv is slow. Each has a line
 * feed behind it: some characters (Big5-HKSCS 8866) wait for what follows. */
static size_t convert_lead(iconv_t library, unsigned lead, char *utf8, size_t utf8_bytes)
{
    char bytes[PAIR_BYTES * PAIR_TRAILS];
    char *in = bytes;
    char *out = utf8;
    size_t in_left = 0;
    for (unsigned trail = PAIR_FIRST_TRAIL; trail < PAIR_TRAILS; trail++) {
        bytes[in_left++] = (char)lead;
        bytes[in_left++] = (char)trail;
        bytes[in_left++] = '\n';
    }
    iconv(library, NULL, NULL, NULL, NULL);
    while (in_left && utf8_bytes) {
        if (iconv(library, &in, &in_left, &out, &utf8_bytes) != (size_t)-1 || !utf8_bytes)
            break;
        size_t skipped = PAIR_BYTES - (size_t)(in - bytes) % PAIR_BYTES;
        in += skipped;
        in_left -= skipped;
        *out++ = '\n';
        utf8_bytes--;
    }
    return (size_t)(out - utf8);
}

static void fill_lead(struct encoding *encoding, iconv_t library, unsigned lead)
{
    char utf8[PAIR_UTF8_BYTES * PAIR_TRAILS];
    size_t length = convert_lead(library, lead, utf8, sizeof(utf8));
    struct pair *pairs = &encoding->pairs[(lead - PAIR_LEADS) * PAIR_TRAILS];
    unsigned trail = PAIR_FIRST_TRAIL;
    for (size_t from = 0; from < length && trail < PAIR_TRAILS; trail++) {
        const char *end = memchr(utf8 + from, '\n', length - from);
        if (!end)
            return;
        size_t bytes = (size_t)(end - utf8) - from;
        if (bytes && !pairs[trail].flags)
            set_pair(encoding, &pairs[trail], utf8 + from, bytes);
        from += bytes + 1;
    }
}

/* That memory has run out says nothing of the name. */
static iconv_t open_library(const char *name)
{
    errno = 0;
    iconv_t library = iconv_open("UTF-8", name);
    if (library == (iconv_t)-1 && errno == ENOMEM)
        memory_exhausted();
    return library;
}

static bool fill_pairs(struct encoding *encoding, const char *library_name, struct error *error)
{
    iconv_t library = open_library(library_name);
    if (library == (iconv_t)-1)
        return error_set(error, EXIT_FAILED, "the system has no tables for the encoding %s",
                         library_name);
    for (unsigned lead = PAIR_FIRST_LEAD; lead <= PAIR_LAST_LEAD; lead++)
        fill_lead(encoding, library, lead);
    if (encoding->is_gb18030)
        encoding->library = library;
    else
        iconv_close(library);
    return true;
}

static bool build_pairs(struct encoding *encoding, const struct encoding_name *name,
                        struct error *error)
{
    encoding->pairs = memory_allocate_array(PAIR_LEADS * PAIR_TRAILS, sizeof(struct pair));
    encoding->longer = memory_allocate_array(LONGER_MAX, sizeof(*encoding->longer));
    for (size_t i = 0; i < sizeof(name->libraries) / sizeof(*name->libraries); i++)
        if (name->libraries[i] && !fill_pairs(encoding, name->libraries[i], error))
            return false;
    return true;
}

/* Lines are found before decoding, so a line feed has to be itself. */
static bool keeps_line_ends(iconv_t library)
{
    char bytes[2] = {'\n', '\r'};
    char utf8[16];
    char *in = bytes;
    char *out = utf8;
    size_t in_left = sizeof(bytes);
    size_t out_left = sizeof(utf8);
    return iconv(library, &in, &in_left, &out, &out_left) == 0 && out - utf8 == 2 &&
           memcmp(utf8, bytes, sizeof(bytes)) == 0;
}

static bool open_other(struct encoding *encoding, struct error *error)
{
    encoding->library = open_library(encoding->name);
    if (encoding->library == (iconv_t)-1)
        encoding->library = open_library(encoding_usual_name(encoding->name));
    if (encoding->library == (iconv_t)-1) {
        const char *names[NAME_COUNT];
        for (size_t i = 0; i < NAME_COUNT; i++)
            names[i] = NAMES[i].name;
        const char *nearest = nearest_name(encoding->name, names, NAME_COUNT);
        error_set(error, EXIT_CONFIGURATION, "the encoding \"%s\" is not known", encoding->name);
        if (nearest)
            return error_hint(error, "did you mean %s?", nearest);
        return error_hint(error, "usual ones are utf-8, utf-16, gb18030, big5 and big5-hkscs; "
                                 "`iconv -l` lists all");
    }
    if (keeps_line_ends(encoding->library))
        return true;
    error_set(error, EXIT_CONFIGURATION,
              "the encoding \"%s\" cannot be read: its line ends are not "
              "single bytes",
              encoding->name);
    return error_hint(error, "convert the file to UTF-8 first, for example with iconv");
}

struct encoding *encoding_open(const char *name, struct error *error)
{
    struct encoding *encoding = memory_allocate_array(1, sizeof(*encoding));
    const struct encoding_name *known = find_name(name);
    bool opened = true;
    encoding->library = (iconv_t)-1;
    encoding->name = memory_copy_text(known ? known->name : name);
    encoding->form = known ? known->form : ENCODING_OTHER;
    if (known) {
        encoding->big_endian = known->big_endian;
        encoding->is_gb18030 = known->is_gb18030;
    }
    if (encoding->form == ENCODING_PAIRS)
        opened = build_pairs(encoding, known, error);
    else if (encoding->form == ENCODING_OTHER)
        opened = open_other(encoding, error);
    if (opened)
        return encoding;
    encoding_close(encoding);
    return NULL;
}

void encoding_close(struct encoding *encoding)
{
    if (!encoding)
        return;
    if (encoding->library != (iconv_t)-1)
        iconv_close(encoding->library);
    memory_free(encoding->pairs);
    memory_free(encoding->longer);
    memory_free(encoding->name);
    memory_free(encoding);
}
