#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include "extract/decode.h"
#include "extract/encoding.h"

#include <stdio.h>

/* Decodes the whole file; *readable: it could be opened at all. */
static bool fits(const struct decode_options *options, const char *name, bool *readable,
                 struct error *error)
{
    struct decode_options attempt = *options;
    struct buffer text = BUFFER_EMPTY;
    bool ended = false;
    attempt.encoding = name;
    attempt.marks = MARK_NONE;
    struct decoder *decoder = decoder_open(&attempt, error);
    *readable = decoder != NULL;
    bool fit = decoder != NULL;
    while (fit && !ended) {
        buffer_clear(&text);
        fit = decoder_read(decoder, &text, &ended, error) && decoder_undecodable(decoder) == 0;
    }
    buffer_release(&text);
    decoder_close(decoder);
    return fit;
}

static const char *guess_file(const struct decode_options *options)
{
    char bytes[64 * 1024];
    FILE *file = file_stream(options->path);
    if (!file)
        return NULL;
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file); /* was only read */
    return encoding_guess(slice_make(bytes, length));
}

static bool ask(const struct decode_options *options, const char *finding, struct error *error)
{
    const char *guess = guess_file(options);
    error_set(error, EXIT_FAILED, "could not tell the encoding: the file is not UTF-8 and %s",
              finding);
    error_place(error, options->file, 0, 0);
    if (guess)
        return error_hint(error,
                          "its characters look most like %s: set `encoding: %s` for this "
                          "source when that is so",
                          guess, guess);
    return error_hint(error, "set `encoding:` for this source: gb18030, big5 or big5-hkscs …");
}

/* Any Big5 text is a GB18030 text, too, and most GBK text is Big5. But in either there are many
 * private-use characters then, which decoder_read takes for the wrong encoding. Of Big5 that holds
 * for CP950; Big5-HKSCS, which has characters there, is tried last. */
bool encoding_detect(const struct decode_options *options, const char **name, struct error *error)
{
    struct error reason;
    bool readable;
    *name = "utf-8";
    if (fits(options, "utf-8", &readable, &reason))
        return true;
    if (!readable) {
        *error = reason;
        return false;
    }
    bool is_gbk = fits(options, "gb18030", &readable, &reason);
    bool is_big5 = fits(options, "cp950", &readable, &reason);
    *name = is_gbk ? "gb18030" : is_big5 ? "big5" : "big5-hkscs";
    if (is_gbk && is_big5)
        return ask(options, "reads as GBK as well as Big5", error);
    if (is_gbk || is_big5 || fits(options, "big5-hkscs", &readable, &reason))
        return true;
    return ask(options, "is neither GBK nor Big5 throughout", error);
}

/* How many pairs there are, and how many of them are among the most frequent characters, in
 * thousandths. Both standards have sorted those apart: GB 2312's first level is B0A1 to D7FE,
 * Big5's A440 to C67E. */
struct frequencies {
    unsigned pairs;
    unsigned gbk;
    unsigned big5;
};

static struct frequencies count_frequent(struct slice sample)
{
    const unsigned char *bytes = (const unsigned char *)sample.data;
    struct frequencies count = {0, 0, 0};
    for (size_t i = 0; i + 1 < sample.length; i++) {
        if (bytes[i] < 0x80)
            continue;
        unsigned lead = bytes[i];
        unsigned trail = bytes[++i];
        count.pairs++;
        count.gbk += lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1;
        count.big5 +=
            lead >= 0xA4 && lead <= 0xC6 && (trail >= 0xA1 || (trail >= 0x40 && trail < 0x7F));
    }
    if (count.pairs) {
        count.gbk = count.gbk * 1000 / count.pairs;
        count.big5 = count.big5 * 1000 / count.pairs;
    }
    return count;
}

const char *encoding_contradiction(struct slice sample, bool read_as_gb18030)
{
    enum { PAIRS_LEAST = 100, MARGIN_PER_MILLE = 250 };
    struct frequencies count = count_frequent(sample);
    if (count.pairs < PAIRS_LEAST)
        return NULL;
    if (read_as_gb18030)
        return count.big5 > count.gbk + MARGIN_PER_MILLE ? "big5" : NULL;
    return count.gbk > count.big5 + MARGIN_PER_MILLE ? "gb18030" : NULL;
}

static const char *guess_utf16(struct slice sample)
{
    size_t even = 0;
    size_t odd = 0;
    for (size_t i = 0; i < sample.length; i++) {
        even += i % 2 == 0 && sample.data[i] == '\0';
        odd += i % 2 == 1 && sample.data[i] == '\0';
    }
    if (odd > sample.length / 16 && odd > 4 * even)
        return "utf-16le";
    return even > sample.length / 16 && even > 4 * odd ? "utf-16be" : NULL;
}

/* Whether it is UTF-8 but for a few damaged bytes, and the sample's cut ends. */
static bool looks_like_utf8(struct slice sample)
{
    enum { CHARACTERS_PER_DAMAGE = 20, CUT_BYTES = 6 };
    size_t characters = 0;
    size_t damaged = 0;
    for (size_t position = 0; position < sample.length;) {
        size_t from = position;
        text_next(sample, &position);
        if (position - from > 1)
            characters++;
        else
            damaged += (sample.data[from] & 0x80) != 0;
    }
    return characters > 0 && damaged <= CUT_BYTES + characters / CHARACTERS_PER_DAMAGE &&
           damaged < characters;
}

bool encoding_is_plainly_utf8(struct slice sample)
{
    enum { CUT_BYTES = 6 };
    size_t characters = 0;
    size_t position = 0;
    while (position < sample.length) {
        size_t from = position;
        text_next(sample, &position);
        characters += position - from > 1;
        if (position - from == 1 && (sample.data[from] & 0x80) != 0 &&
            from + CUT_BYTES < sample.length)
            return false;
    }
    return characters > 0;
}

/* Most bytes over 0x7F stand alone between ASCII, as accented letters do. */
static bool looks_western(struct slice sample)
{
    size_t high = 0;
    size_t lone = 0;
    for (size_t i = 0; i < sample.length; i++) {
        bool is_high = (sample.data[i] & 0x80) != 0;
        bool before = i > 0 && (sample.data[i - 1] & 0x80) != 0;
        bool behind = i + 1 < sample.length && (sample.data[i + 1] & 0x80) != 0;
        high += is_high;
        lone += is_high && !before && !behind;
    }
    return high > 0 && lone * 10 > high * 8;
}

const char *encoding_guess(struct slice sample)
{
    enum { SURE_PER_MILLE = 600 };
    const char *utf16 = guess_utf16(sample);
    if (utf16)
        return utf16;
    if (looks_like_utf8(sample))
        return "utf-8";
    if (looks_western(sample))
        return "windows-1252";
    struct frequencies count = count_frequent(sample);
    if (count.gbk >= count.big5)
        return count.gbk >= SURE_PER_MILLE ? "gb18030" : NULL;
    return count.big5 >= SURE_PER_MILLE ? "big5" : NULL;
}
