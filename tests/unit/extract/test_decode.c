#include "cust360/base/text.h"
#include "extract/decode.h"
#include "support.h"

#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

static const char CHINESE[] = "客户编号,姓名\r\n1,王小明\n2,\"欧阳\r\n娜娜\"\r3,a\n4,ééé欧ab\n";

struct decoded {
    struct buffer text;
    bool failed;
    struct error error;
    char encoding[32];
};

static struct decoded decode(const char *path, const char *encoding, size_t piece_bytes)
{
    struct decoded decoded = {BUFFER_EMPTY, true, {0}, ""};
    struct decode_options options = {path, "f.csv", encoding, MARK_LINES, piece_bytes};
    struct decoder *decoder = decoder_open(&options, &decoded.error);
    bool ended = false;
    buffer_append_text(&decoded.text, "");
    if (!decoder)
        return decoded;
    snprintf(decoded.encoding, sizeof(decoded.encoding), "%s", decoder_encoding(decoder));
    while (!ended)
        if (!decoder_read(decoder, &decoded.text, &ended, &decoded.error))
            break;
    decoded.failed = !ended || decoded.error.message[0];
    decoder_close(decoder);
    return decoded;
}

static void expect_decoded(struct feed *feed, struct slice bytes, const char *encoding,
                           struct slice text)
{
    static const size_t pieces[] = {0, 1, 2, 3, 7, 64};
    const char *path = feed_write(feed, "f.csv", bytes);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        struct decoded decoded = decode(path, encoding, pieces[i]);
        cr_assert_not(decoded.failed, "%s in pieces of %zu: %s", encoding, pieces[i],
                      decoded.error.message);
        cr_assert(slice_equal(buffer_slice(&decoded.text), text), "%s in pieces of %zu:\n%s",
                  encoding, pieces[i], decoded.text.data);
        buffer_release(&decoded.text);
    }
}

Test(decode, reads_every_encoding_in_any_pieces)
{
    static const char mainland[] = "编号,姓名\r\n1,王小明,𠮷,㐵,é\n2,\"欧阳\r\n娜娜\"\r3,ab|c\\d\n";
    static const char taiwan[] = "編號,姓名\r\n1,許功蓋,五\n2,\"歐陽\r\n娜娜\"\r3,ab|c\\d\n";
    static const struct {
        const char *encoding;
        const char *library;
        const char *text;
    } cases[] = {
        {"utf-8", "UTF-8", mainland},
        {"UTF8", "UTF-8", mainland},
        {"gb18030", "GB18030", mainland},
        {"GBK", "GB18030", mainland},
        {"gb2312", "GB18030", mainland},
        {"CP936", "GB18030", mainland},
        {"936", "GB18030", mainland},
        {"EUC-CN", "GB18030", mainland},
        {"big5", "BIG5", taiwan},
        {"cp950", "CP950", taiwan},
        {"Big5-HKSCS", "BIG5-HKSCS", taiwan},
        {"utf-16le", "UTF-16LE", mainland},
        {"UTF-16BE", "UTF-16BE", mainland},
        {"utf-16", "UTF-16LE", mainland},
        {"utf-16", "UTF-16BE", mainland},
        {"shift_jis", "SHIFT_JIS", "番号,名前\r\n1,山田\n"},
        {"euc-kr", "EUC-KR", "번호,이름\n1,김철수\n"},
        {"latin1", "ISO-8859-1", "no,é\n1,ü\n"},
        {"windows-1252", "CP1252", "no,€\n1,ü\n"},
        {"iso-2022-jp", "ISO-2022-JP", "番号,名前\r\n1,山田\n"},
    };
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct slice text = slice_of(cases[i].text);
        struct slice bytes = to_encoding(feed->arena, cases[i].library, text);
        expect_decoded(feed, bytes, cases[i].encoding, text);
    }
    feed_destroy(feed);
}

Test(decode, reads_what_only_one_encoding_has)
{
    static const struct {
        const char *encoding;
        const char *bytes;
        const char *text;
    } cases[] = {
        {"gbk",
         "a\x80"
         "b\n",
         "a€b\n"},                        /* CP936's euro sign */
        {"gb18030", "\xA2\xE3\n", "€\n"}, /* GB 18030's */
        {"gb18030", "\x81\x30\x84\x36\xB0\xA1\n", "¥啊\n"},
        {"gb18030", "\x95\x32\x82\x36\n", "𠀀\n"},
        {"gb18030", "\x90\x30\x81\x30\n", "𐀀\n"},
        {"big5-hkscs", "\x88\x62\x88\xA5X\n", "Ê̄ê̌X\n"}, /* two characters from one pair */
        {"big5-hkscs", "\x88\x66\n\x88\x66\x41\n", "Ê\nÊA\n"},
        {"big5-hkscs", "\xFA\x40\n", "𠕇\n"},
        {"big5", "\xF9\xD6\n", "碁\n"}, /* ETEN's, from CP950 */
        {"cp950", "\xA3\xE1\n", "€\n"},
    };
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_decoded(feed, slice_of(cases[i].bytes), cases[i].encoding, slice_of(cases[i].text));
    feed_destroy(feed);
}

/* All that iconv knows of an encoding is read as iconv reads it. */
Test(decode, agrees_with_iconv_on_all_pairs)
{
    static const char *const encodings[] = {"GB18030", "BIG5", "CP950", "BIG5-HKSCS"};
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
        struct buffer text = BUFFER_EMPTY;
        iconv_t back = iconv_open("UTF-8", encodings[i]);
        struct buffer bytes = BUFFER_EMPTY;
        for (unsigned lead = 0x81; lead < 0xFF; lead++)
            for (unsigned trail = 0x40; trail < 0xFF; trail++) {
                char pair[3] = {(char)lead, (char)trail, '\n'};
                char utf8[16];
                char *in = pair;
                char *out = utf8;
                size_t in_left = sizeof(pair);
                size_t out_left = sizeof(utf8);
                iconv(back, NULL, NULL, NULL, NULL);
                if (iconv(back, &in, &in_left, &out, &out_left) == (size_t)-1)
                    continue;
                size_t position = 0;
                uint32_t first = text_next(slice_make(utf8, sizeof(utf8)), &position);
                if (first >= 0xE000 && first < 0xF900)
                    continue;
                buffer_append(&bytes, slice_make(pair, sizeof(pair)));
                buffer_append(&text, slice_make(utf8, (size_t)(out - utf8)));
            }
        iconv_close(back);
        expect_decoded(feed, buffer_slice(&bytes), encodings[i], buffer_slice(&text));
        cr_assert_gt(text.length, 10000u);
        buffer_release(&bytes);
        buffer_release(&text);
    }
    feed_destroy(feed);
}

Test(decode, takes_the_byte_order_mark_away)
{
    static const struct {
        const char *encoding;
        const char *bytes;
        size_t length;
        const char *used;
    } cases[] = {
        {"auto",
         "\xEF\xBB\xBF"
         "a\n",
         5, "utf-8"},
        {"utf-8",
         "\xEF\xBB\xBF"
         "a\n",
         5, "utf-8"},
        {"auto",
         "\xFF\xFE"
         "a\0\n\0",
         6, "utf-16le"},
        {"utf-16",
         "\xFF\xFE"
         "a\0\n\0",
         6, "utf-16le"},
        {"utf-16le",
         "\xFF\xFE"
         "a\0\n\0",
         6, "utf-16le"},
        {"auto", "\xFE\xFF\0a\0\n", 6, "utf-16be"},
        {"utf-16", "\xFE\xFF\0a\0\n", 6, "utf-16be"},
        {"utf-16", "\0a\0\n", 4, "utf-16be"},
        {"utf-16", "a\0\n\0", 4, "utf-16le"},
        {"auto",
         "\x84\x31\x95\x33"
         "a\n",
         6, "gb18030"},
        {"gbk",
         "\x84\x31\x95\x33"
         "a\n",
         6, "gb18030"},
        {"auto", "a\n", 2, "utf-8"},
    };
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *path = feed_write(feed, "f.csv", slice_make(cases[i].bytes, cases[i].length));
        for (size_t piece = 0; piece < 3; piece++) {
            struct decoded decoded = decode(path, cases[i].encoding, piece);
            cr_assert_not(decoded.failed, "case %zu: %s", i, decoded.error.message);
            expect_text(&decoded.text, "a\n", cases[i].encoding);
            cr_assert_str_eq(decoded.encoding, cases[i].used);
            buffer_release(&decoded.text);
        }
    }
    feed_destroy(feed);
}

Test(decode, refuses_a_byte_order_mark_that_contradicts)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    const char *path = feed_write(feed, "f.csv",
                                  SLICE("\xEF\xBB\xBF"
                                        "a\n"));
    struct decoded decoded = decode(path, "gb18030", 0);
    cr_assert(decoded.failed);
    cr_assert_str_eq(decoded.error.message,
                     "the encoding looks wrong: gb18030 is declared, but the file begins with the "
                     "byte order mark of utf-8");
    expect_hint(&decoded.error, "`encoding: utf-8`");
    buffer_release(&decoded.text);
    path = feed_write(feed, "f.csv",
                      slice_make("\xFF\xFE"
                                 "a\0",
                                 4));
    decoded = decode(path, "utf-8", 0);
    expect_hint(&decoded.error, "`encoding: utf-16le`");
    buffer_release(&decoded.text);
    feed_destroy(feed);
}

Test(decode, refuses_names_that_are_no_encodings)
{
    static const struct {
        const char *name;
        const char *message;
        const char *hint;
    } cases[] = {
        {"gb18031", "the encoding \"gb18031\" is not known", "did you mean gb18030?"},
        {"klingon", "the encoding \"klingon\" is not known", "usual ones are"},
        {"utf-32le", "the encoding \"utf-32le\" cannot be read: its line ends are not single bytes",
         "convert the file to UTF-8"},
        {"EBCDIC-US",
         "the encoding \"EBCDIC-US\" cannot be read: its line ends are not single bytes",
         "convert the file to UTF-8"},
    };
    struct feed *feed = feed_create(SOURCE_CSV);
    const char *path = feed_write(feed, "f.csv", SLICE("a\n"));
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct decoded decoded = decode(path, cases[i].name, 0);
        cr_assert(decoded.failed);
        cr_assert_str_eq(decoded.error.message, cases[i].message);
        cr_assert_eq(decoded.error.exit_code, EXIT_CONFIGURATION);
        expect_hint(&decoded.error, cases[i].hint);
        buffer_release(&decoded.text);
    }
    feed_destroy(feed);
}

/* `text` many times, in an encoding. */
static const char *write_many(struct feed *feed, const char *library, const char *text, int times)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct slice once = to_encoding(feed->arena, library, slice_of(text));
    for (int i = 0; i < times; i++)
        buffer_append(&bytes, once);
    const char *path = feed_write(feed, "f.csv", buffer_slice(&bytes));
    buffer_release(&bytes);
    return path;
}

static const char SIMPLIFIED[] =
    "客户编号,客户名称,联系地址\r\n001,王小明,重庆市大足区青年大街五号\r\n";
static const char HONG_KONG[] = "客戶編號,客戶名稱\r\n001,嘅喺咗嚟啲嗰冇\r\n";
static const char TRADITIONAL[] =
    "客戶編號,客戶名稱,聯繫地址\r\n001,許功蓋,臺北市中正區忠孝東路五號\r\n";

Test(decode, finds_the_encoding_that_is_the_only_one_to_fit)
{
    static const struct {
        const char *library;
        const char *text;
        const char *found;
    } cases[] = {{"UTF-8", SIMPLIFIED, "utf-8"},
                 {"GB18030", SIMPLIFIED, "gb18030"},
                 {"BIG5", TRADITIONAL, "big5"},
                 {"BIG5-HKSCS", HONG_KONG, "big5-hkscs"},
                 {"UTF-8", "a,b\n", "utf-8"}};
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct decoded decoded =
            decode(write_many(feed, cases[i].library, cases[i].text, 20), "auto", 0);
        cr_assert_not(decoded.failed, "%s: %s", cases[i].library, decoded.error.message);
        cr_assert_str_eq(decoded.encoding, cases[i].found);
        buffer_release(&decoded.text);
    }
    feed_destroy(feed);
}

Test(decode, asks_when_the_bytes_do_not_tell)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    struct decoded decoded = decode(write_many(feed, "BIG5", "國,臺\n", 2), "auto", 0);
    cr_assert(decoded.failed);
    cr_assert_str_eq(decoded.error.message, "could not tell the encoding: the file is not UTF-8 "
                                            "and reads as GBK as well as Big5");
    expect_hint(&decoded.error, "set `encoding:");
    buffer_release(&decoded.text);
    struct buffer stray = BUFFER_EMPTY;
    buffer_append_text(&stray, SIMPLIFIED);
    buffer_append_text(&stray, "\xFF\n");
    decoded = decode(feed_write(feed, "f.csv", buffer_slice(&stray)), "auto", 0);
    cr_assert(decoded.failed);
    expect_hint(&decoded.error, "look most like utf-8");
    buffer_release(&decoded.text);
    buffer_release(&stray);
    decoded = decode(feed_write(feed, "f.csv", SLICE("\xFF\xFF\n")), "auto", 0);
    cr_assert(decoded.failed);
    cr_assert_str_eq(decoded.error.message, "could not tell the encoding: the file is not UTF-8 "
                                            "and is neither GBK nor Big5 throughout");
    cr_assert_str_eq(decoded.error.file, "f.csv");
    buffer_release(&decoded.text);
    feed_destroy(feed);
}

Test(decode, says_when_the_encoding_looks_wrong)
{
    static const struct {
        const char *library;
        const char *text;
        const char *declared;
        const char *message;
        const char *hint;
    } cases[] = {
        {"BIG5", TRADITIONAL, "gb18030", "", "it looks like big5"},
        {"GB18030", SIMPLIFIED, "utf-8", "bytes cannot be decoded", "it looks like gb18030"},
        {"GB18030", SIMPLIFIED, "big5", "", "it looks like gb18030"},
        {"GB18030", SIMPLIFIED, "big5-hkscs", "", "it looks like gb18030"},
        {"UTF-8", SIMPLIFIED, "gb18030", "", "it looks like utf-8"},
        {"UTF-8", SIMPLIFIED, "big5", "bytes cannot be decoded", "it looks like utf-8"},
        {"UTF-16LE", SIMPLIFIED, "utf-8", "", "it looks like utf-16le"},
        {"UTF-16BE", SIMPLIFIED, "gb18030", "", "it looks like utf-16be"},
    };
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        for (int times = 10; times <= 20000; times += 19990) {
            const char *path = write_many(feed, cases[i].library, cases[i].text, times);
            struct decoded decoded = decode(path, cases[i].declared, 0);
            cr_assert(decoded.failed, "%s read as %s", cases[i].library, cases[i].declared);
            cr_assert(slice_starts_with(slice_of(decoded.error.message),
                                        SLICE("the encoding looks wrong: read as ")),
                      "%s", decoded.error.message);
            cr_assert_not_null(strstr(decoded.error.message, cases[i].message), "%s",
                               decoded.error.message);
            cr_assert_gt(decoded.error.line, 0u);
            expect_hint(&decoded.error, cases[i].hint);
            buffer_release(&decoded.text);
        }
    feed_destroy(feed);
}

Test(decode, lives_with_a_few_private_use_characters)
{
    struct feed *feed = feed_create(SOURCE_CSV);
    struct buffer bytes = BUFFER_EMPTY;
    for (int i = 0; i < 5000; i++)
        buffer_append_text(&bytes, "\xB0\xA1");
    buffer_append_text(&bytes, "\xAA\xA1\n");
    struct decoded decoded = decode(feed_write(feed, "f.csv", buffer_slice(&bytes)), "gbk", 0);
    cr_assert_not(decoded.failed, "%s", decoded.error.message);
    buffer_release(&decoded.text);
    /* U+E816 is GB 18030's own for a character of its standard. */
    buffer_clear(&bytes);
    buffer_append_text(&bytes, "\xEE\xA0\x96\xEE\xA0\x97\xEE\xA0\x98\n");
    decoded = decode(feed_write(feed, "f.csv", buffer_slice(&bytes)), "utf-8", 0);
    cr_assert_not(decoded.failed, "%s", decoded.error.message);
    buffer_release(&decoded.text);
    buffer_release(&bytes);
    feed_destroy(feed);
}

Test(decode, replaces_a_stray_byte_and_keeps_the_line)
{
    static const struct {
        const char *encoding;
        const char *bytes;
        size_t length;
        const char *text;
    } cases[] = {
        {"utf-8", "a\xC3\n\xE7\x8E\x8B\n", 7, "a\uFFFD\n王\n"},
        {"utf-8", "\xE7\x8E", 2, "\uFFFD\uFFFD"},
        {"utf-8", "\xED\xA0\x80", 3, "\uFFFD\uFFFD\uFFFD"},
        {"gbk", "\xB0\xA1\xB0\n\xB0\xA1\n", 7, "啊\uFFFD\n啊\n"},
        {"gbk", "\xFF\xB0\xA1\n", 4, "\uFFFD啊\n"},
        {"gbk", "\x81\x30\n", 3, "\uFFFD0\n"},
        {"gbk", "\x81\x30\x81\n", 4, "\uFFFD0\uFFFD\n"},
        {"gbk", "\xB0\xA1\xB0", 3, "啊\uFFFD"},
        {"gbk", "\x81\x30\x81", 3, "\uFFFD0\uFFFD"},
        {"gbk", "\xFE\x39\xFE\x39\xB0\xA1", 6, "\uFFFD9\uFFFD9啊"},
        {"big5", "\xA4\xA4\xA4\n\x80\xA4\xA4\n", 8, "中\uFFFD\n\uFFFD中\n"},
        {"shift_jis", "\x8E\x52\x8E\n", 4, "山\uFFFD\n"},
        {"shift_jis", "\x8E\x52\x8E", 3, "山\uFFFD"},
        {"utf-16le", "a\0\0\xD8\n\0", 6, "a\uFFFD\n"},
        {"utf-16le", "a\0\0\xDC\n\0", 6, "a\uFFFD\n"},
        {"utf-16le", "a\0\0\xD8", 4, "a\uFFFD"},
        {"utf-16be", "\0a\0", 3, "a\uFFFD"},
    };
    static const size_t pieces[] = {0, 1, 2, 3};
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        for (size_t k = 0; k < sizeof(pieces) / sizeof(*pieces); k++) {
            const char *path =
                feed_write(feed, "f.csv", slice_make(cases[i].bytes, cases[i].length));
            struct decoded decoded = decode(path, cases[i].encoding, pieces[k]);
            expect_text(&decoded.text, cases[i].text, cases[i].encoding);
            buffer_release(&decoded.text);
        }
    feed_destroy(feed);
}

/* For each line of the text: its place in the file is where its bytes are. */
Test(decode, finds_the_bytes_of_each_line_again)
{
    static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE",
                                            "SHIFT_JIS"};
    struct feed *feed = feed_create(SOURCE_CSV);
    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
        for (size_t piece = 0; piece < 9; piece += 2) {
            struct slice text =
                i == 4 ? SLICE("番号,名前\r\n1,山田\r2,x\n3,川") : slice_of(CHINESE);
            const char *path =
                feed_write(feed, "f.csv", to_encoding(feed->arena, encodings[i], text));
            struct decode_options options = {path, "f.csv", encodings[i], MARK_LINES, piece};
            struct error error;
            struct buffer whole = BUFFER_EMPTY;
            bool ended = false;
            struct decoder *decoder = decoder_open(&options, &error);
            cr_assert_not_null(decoder);
            while (!ended)
                cr_assert(decoder_read(decoder, &whole, &ended, &error));
            uint64_t from = 0;
            for (size_t at = 0, begin = 0; at < text.length; at++) {
                if (text.data[at] != '\n' && at + 1 < text.length &&
                    (text.data[at] != '\r' || text.data[at + 1] == '\n'))
                    continue;
                struct buffer raw = BUFFER_EMPTY;
                uint64_t to = decoder_file_offset(decoder, at + 1);
                struct slice line = slice_cut(text, begin, at + 1);
                cr_assert(decoder_raw(decoder, from, to - from, &raw, &error));
                cr_assert(
                    slice_equal(buffer_slice(&raw), to_encoding(feed->arena, encodings[i], line)),
                    "%s, byte %zu in pieces of %zu", encodings[i], at, piece);
                buffer_release(&raw);
                begin = at + 1;
                from = to;
            }
            decoder_close(decoder);
            buffer_release(&whole);
        }
    feed_destroy(feed);
}

Test(decode, guesses_by_the_frequent_characters)
{
    struct arena *arena = arena_create();
    cr_assert_str_eq(encoding_guess(to_encoding(arena, "GB18030", slice_of(SIMPLIFIED))),
                     "gb18030");
    cr_assert_str_eq(encoding_guess(to_encoding(arena, "BIG5", slice_of(TRADITIONAL))), "big5");
    cr_assert_str_eq(encoding_guess(slice_of(SIMPLIFIED)), "utf-8");
    cr_assert_str_eq(encoding_guess(slice_cut(slice_of(SIMPLIFIED), 1, 50)), "utf-8");
    cr_assert_str_eq(encoding_guess(to_encoding(arena, "UTF-16LE", slice_of(SIMPLIFIED))),
                     "utf-16le");
    cr_assert_str_eq(encoding_guess(to_encoding(arena, "UTF-16BE", slice_of(SIMPLIFIED))),
                     "utf-16be");
    cr_assert_null(encoding_guess(SLICE("plain")));
    cr_assert_null(encoding_guess(SLICE("")));
    cr_assert_null(encoding_guess(SLICE("\xFF\xFD\xFF\xFD\xFF\xFD")));
    arena_destroy(arena);
}

/* A read from the beginning of this file is an I/O error: nothing is mapped there. */
Test(decode, a_file_that_cannot_be_read_is_told)
{
    struct decoded decoded = decode("/proc/self/mem", "utf-8", 0);
    cr_expect(decoded.failed);
    cr_expect(strstr(decoded.error.message, "could not read the file: "), "%s",
              decoded.error.message);
    cr_expect_str_eq(decoded.error.file, "f.csv");
    buffer_release(&decoded.text);
}
