#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/extract_text.h"
#include "extract/decode.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    SAMPLE_BYTES = 64 * 1024,
    SAMPLES_MOST = 16,
    CUT_BYTES = 3 /* a character may be cut at either end of a sample */
};

struct text_source {
    struct decoder *decoder;
};

struct text_source *text_source_open(const char *path, const char *encoding, struct error *error)
{
    struct decode_options options = {path, path, encoding, MARK_NONE, 0};
    struct decoder *decoder = decoder_open(&options, error);
    if (!decoder)
        return NULL;
    struct text_source *source = memory_allocate_array(1, sizeof(*source));
    source->decoder = decoder;
    return source;
}

void text_source_close(struct text_source *source)
{
    if (!source)
        return;
    decoder_close(source->decoder);
    memory_free(source);
}

bool text_source_read(struct text_source *source, struct buffer *text, bool *ended,
                      struct error *error)
{
    return decoder_read(source->decoder, text, ended, error);
}

uint64_t text_source_undecodable(const struct text_source *source)
{
    return decoder_undecodable(source->decoder);
}

/* ---- the verdict ---- */

/* What the bytes of the samples are like. */
struct byte_counts {
    uint64_t bytes;
    uint64_t high; /* over 0x7F */
    uint64_t nul;
    uint64_t utf8_long; /* characters of more than one byte that are UTF-8 */
    uint64_t utf8_damaged;
    uint64_t lone_high; /* beside an ASCII letter and between ASCII, as in Western languages */
};

static bool is_ascii_letter(unsigned char byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* An accented letter within or at either end of a word; in Chinese every lead byte has a trail
 * byte, and what stands before it is mostly no ASCII letter. */
static bool stands_alone(const unsigned char *byte)
{
    return byte[0] >= 0xC0 && byte[-1] < 0x80 && byte[1] < 0x80 &&
           (is_ascii_letter(byte[-1]) || is_ascii_letter(byte[1]));
}

static void count_bytes(struct byte_counts *counts, struct slice sample)
{
    const unsigned char *bytes = (const unsigned char *)sample.data;
    counts->bytes += sample.length;
    for (size_t i = 0; i < sample.length; i++) {
        counts->nul += bytes[i] == 0;
        counts->high += bytes[i] >= 0x80;
        counts->lone_high += i > 0 && i + 1 < sample.length && stands_alone(bytes + i);
    }
    size_t end = sample.length > CUT_BYTES ? sample.length - CUT_BYTES : 0;
    for (size_t position = 0; position < sample.length;) {
        size_t from = position;
        text_next(sample, &position);
        if (position - from > 1)
            counts->utf8_long++;
        else if (bytes[from] >= 0x80 && from >= CUT_BYTES && from < end)
            counts->utf8_damaged++;
    }
}

static void say(struct encoding_verdict *verdict, const char *sentence)
{
    if (verdict->evidence_count < ENCODING_EVIDENCE_MOST)
        verdict->evidence[verdict->evidence_count++] = sentence;
}

static void decide(struct encoding_verdict *verdict, const char *encoding, double sure,
                   const char *sentence)
{
    verdict->encoding = encoding;
    verdict->sure = sure;
    say(verdict, sentence);
}

static bool decide_by_mark(struct encoding_verdict *verdict, struct slice head)
{
    static const struct {
        const char *mark;
        size_t length;
        const char *encoding;
        const char *sentence;
    } marks[] = {{"\xEF\xBB\xBF", 3, "utf-8", "it begins with the byte order mark of UTF-8"},
                 {"\xFF\xFE", 2, "utf-16le", "it begins with the byte order mark of UTF-16LE"},
                 {"\xFE\xFF", 2, "utf-16be", "it begins with the byte order mark of UTF-16BE"}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (slice_starts_with(head, slice_make(marks[i].mark, marks[i].length))) {
            decide(verdict, marks[i].encoding, 1, marks[i].sentence);
            return true;
        }
    return false;
}

/* An XML document says what it is in. */
static bool decide_by_declaration(struct arena *arena, struct encoding_verdict *verdict,
                                  struct slice head)
{
    struct slice line = slice_cut(head, 0, 200);
    ptrdiff_t at = slice_find(line, SLICE("encoding="));
    if (!slice_starts_with(line, SLICE("<?xml")) || at < 0)
        return false;
    struct slice rest = slice_cut(line, (size_t)at + 10, line.length);
    if (!rest.data)
        return false;
    size_t length = 0;
    while (length < rest.length && rest.data[length] != '"' && rest.data[length] != '\'')
        length++;
    struct slice name = text_lower(arena, slice_cut(rest, 0, length));
    decide(verdict, arena_text(arena, name), 0.97, "the XML declaration says so");
    return true;
}

static const char *count_sentence(struct arena *arena, uint64_t count, const char *what)
{
    return arena_format(arena, "%llu %s", (unsigned long long)count, what);
}

static void decide_by_bytes(struct arena *arena, struct encoding_verdict *verdict,
                            const struct byte_counts *counts, struct slice head)
{
    const char *guess = encoding_guess(head);
    if (counts->nul > counts->bytes / 16 && guess && strncmp(guess, "utf-16", 6) == 0) {
        decide(verdict, guess, 0.95, "every other byte is NUL, as in UTF-16");
    } else if (counts->high == 0) {
        decide(verdict, "utf-8", 0.9, "all bytes looked at are ASCII, which most encodings share");
    } else if (counts->utf8_damaged == 0) {
        decide(verdict, "utf-8", 0.999,
               count_sentence(arena, counts->utf8_long,
                              "characters of several bytes are all valid UTF-8"));
        say(verdict, "text in another encoding is hardly ever valid UTF-8");
    } else if (counts->lone_high * 2 > counts->high) {
        decide(verdict, "windows-1252", 0.7,
               "most bytes over 0x7F stand alone between letters, as in Western languages");
    } else if (guess && strcmp(guess, "utf-8") != 0) {
        decide(verdict, guess, 0.95,
               strcmp(guess, "big5") == 0
                   ? "most of its byte pairs are the frequent characters of Big5"
                   : "most of its byte pairs are the frequent characters of GB 2312");
    } else if (counts->utf8_long > 20 * counts->utf8_damaged) {
        decide(verdict, "utf-8", 0.85, "it is UTF-8 but for a few damaged bytes");
    } else {
        decide(verdict, "gb18030", 0.5, "it is neither UTF-8 nor clearly GBK or Big5");
    }
    if (counts->utf8_damaged)
        say(verdict, count_sentence(arena, counts->utf8_damaged, "bytes are not valid UTF-8"));
}

static void read_samples(FILE *file, uint64_t size, struct byte_counts *counts,
                         struct buffer *first)
{
    uint64_t samples = size / SAMPLE_BYTES + 1;
    struct buffer bytes = BUFFER_EMPTY;
    if (samples > SAMPLES_MOST)
        samples = SAMPLES_MOST;
    for (uint64_t i = 0; i < samples; i++) {
        uint64_t offset = i * (size / samples) / 2 * 2;
        buffer_clear(&bytes);
        if (fseeko(file, (off_t)offset, SEEK_SET) != 0)
            break;
        bytes.length = fread(buffer_reserve(&bytes, SAMPLE_BYTES), 1, SAMPLE_BYTES, file);
        count_bytes(counts, buffer_slice(&bytes));
        /* What tells GBK from Big5 is looked for where there is something to see. */
        if (first->length < SAMPLE_BYTES)
            buffer_append(first, buffer_slice(&bytes));
    }
    buffer_release(&bytes);
}

bool encoding_weigh(struct arena *arena, const char *path, struct encoding_verdict *verdict,
                    struct error *error)
{
    struct stat status;
    FILE *file = file_stream(path);
    memset(verdict, 0, sizeof(*verdict));
    if (!file || fstat(fileno(file), &status) != 0) {
        int number = errno;
        if (file)
            (void)fclose(file); /* was only read */
        error_set_system(error, EXIT_FAILED, number, "could not open the file");
        return error_place(error, path, 0, 0);
    }
    struct byte_counts counts = {0};
    struct buffer first = BUFFER_EMPTY;
    read_samples(file, (uint64_t)status.st_size, &counts, &first);
    (void)fclose(file); /* was only read */
    verdict->file_bytes = (uint64_t)status.st_size;
    verdict->looked_at_bytes = counts.bytes;
    struct slice head = buffer_slice(&first);
    if (!decide_by_mark(verdict, head) && !decide_by_declaration(arena, verdict, head))
        decide_by_bytes(arena, verdict, &counts, head);
    buffer_release(&first);
    return true;
}
