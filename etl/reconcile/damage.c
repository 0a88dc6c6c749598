#include "cust360/base/text.h"
#include "cust360/reconcile.h"
#include "reconcile/form.h"

/* What GBK makes of the first two bytes of the commonest Han characters in UTF-8 (E4 80 to E9 BF,
 * all of them in this order, three bytes each):
 * where they stand close together a text was UTF-8 and was read as GBK. */
static const char MISREAD_AS_GBK[] = "鋩鋪鋫鋬鋭鋮鋯鋰鋱鋲鋳鋴鋵鋶鋷鋸鋹鋺鋻鋼鋽鋾鋿錀"
                                     "錁錂錃錄錅錆錇錈錉洹洧洌浃浈洇洄洙洎洫浍洮洵洚浏"
                                     "浒浔洳涑浯涞涠浞涓涔浜浠浼浣渚淇鍊鍋鍌鍍鍎鍏鍐鍑"
                                     "鍒鍓鍔鍕鍖鍗鍘鍙鍚鍛鍜鍝鍞鍟鍠鍡鍢鍣鍤鍥鍦鍧鍨鍩"
                                     "鍫濉澧澹澶濂濡濮濞濠濯瀚瀣瀛瀹瀵灏灞宀宄宕宓宥宸"
                                     "甯骞搴寤寮褰寰蹇鎬鎭鎮鎯鎰鎱鎲鎳鎴鎵鎶鎷鎸鎹鎺鎻"
                                     "鎼鎽鎾鎿鏀鏁鏂鏃鏄鏅鏆鏇鏈鏉鏋鏌鏍妗姊妫妞妤姒妲"
                                     "妯姗妾娅娆姝娈姣姘姹娌娉娲娴娑娣娓婀婧婊婕娼婢婵"
                                     "鐎鐏鐐鐑鐒鐓鐔鐕鐖鐗鐘鐙鐚鐛鐜鐝鐞鐟鐠鐡鐢鐣鐤鐥"
                                     "鐦鐧鐨鐩鐪鐫鐬鐭鐮纭纰纾绀绁绂绉绋绌绐绔绗绛绠绡"
                                     "绨绫绮绯绱绲缍绶绺绻绾缁缂缃缇缈鑰鑱鑲鑳鑴鑵鑶鑷"
                                     "鑸鑹鑺鑻鑼鑽鑾鑿钀钁钂钃钄钑钖钘铇铏铓铔铚铦铻锜"
                                     "锠琛琚瑁瑜瑗瑕瑙瑷瑭瑾璜璎璀璁璇璋璞璨璩璐璧瓒璺"
                                     "韪韫韬杌杓杞杈杩閫閬閭閮閯閰閱閲閳閴閵閶閷閸閹閺"
                                     "閻閼閽閾閿闀闁闂闃闄闅闆闇闈闉闊闋椤棰椋椁楗棣椐"
                                     "楱椹楠楂楝榄楫榀榘楸椴槌榇榈槎榉楦楣楹榛榧榻榫榭"
                                     "";

/* What programs and clerks put in where there is nothing to put in. */
static const char *const DEFAULTS[] = {
    "1900-01-01",  "1899-12-30",  "1899-12-31",  "1970-01-01",   "0001-01-01",  "9999-12-31",
    "1753-01-01",  "2099-12-31",  "0",           "0.0",          "0.00",        "-1",
    "13800000000", "13800138000", "0000",        "00000000",     "11111111",    "99999999",
    "11111111111", "00000000000", "13900000000", "12345678901",  "99999999999", "未知",
    "不详",        "无",          "未填写",      "测试",         "N/A",         "n/a",
    "NA",          "NULL",        "null",        "None",         "none",        "unknown",
    "Unknown",     "UNKNOWN",     "TBD",         "test",         "-",           "XXX",
    "default",     "01/01/1900",  "1/1/1900",    "01.01.1900",   "1900/01/01",  "1900/1/1",
    "1900-1-1",    "19000101",    "01-01-1900",  "1900年1月1日", "30/12/1899",  "12/30/1899",
    "18991230",    "01/01/1970",  "1/1/1970",    "01.01.1970",   "1970/01/01",  "1970/1/1",
    "19700101",    "31/12/9999",  "12/31/9999",  "31.12.9999",   "9999/12/31",  "99991231",
    "31/12/2099",  "12/31/2099",  "2099/12/31",  "20991231",     "00/00/0000",  "0000-00-00",
};

enum { REPLACEMENT = 0xFFFD, LAST_LATIN = 0xFF, FIRST_SUPPLEMENT = 0x80, LAST_OF_BMP = 0xFFFF };

bool text_is_default(struct slice text)
{
    /* A date may carry a time of nothing behind it. */
    static const char *const nothing[] = {" 00:00:00", "T00:00:00", " 0:00"};
    for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
        if (slice_ends_with(text, slice_of(nothing[i])))
            text.length -= strlen(nothing[i]);
    for (size_t i = 0; i < sizeof(DEFAULTS) / sizeof(DEFAULTS[0]); i++)
        if (slice_equal(text, slice_of(DEFAULTS[i])))
            return true;
    return false;
}

/* What a text is made of. */
struct census {
    size_t characters;
    size_t marks;        /* question marks */
    size_t runs;         /* of two question marks or more */
    size_t replacements; /* U+FFFD */
    size_t latin;        /* U+0080 to U+00FF */
    size_t non_ascii;
    size_t han;
    size_t misread; /* of MISREAD_AS_GBK */
    size_t beyond;  /* outside of the first plane */
    size_t boxes;   /* what stands for a character that a font or a code does not have */
};

static struct census take_census(struct slice text)
{
    struct census census = {0};
    size_t position = 0;
    bool after_mark = false;
    while (position < text.length) {
        size_t begin = position;
        uint32_t character = text_next(text, &position);
        struct slice bytes = slice_cut(text, begin, position);
        bool mark = character == '?' || character == 0xFF1F;
        census.characters++;
        census.marks += mark;
        census.runs += mark && after_mark;
        census.replacements += character == REPLACEMENT;
        census.latin += character >= FIRST_SUPPLEMENT && character <= LAST_LATIN;
        census.non_ascii += character >= FIRST_SUPPLEMENT;
        census.han += text_is_han(character);
        census.beyond += character > LAST_OF_BMP;
        census.boxes += character == 0x25A1 || character == 0x3013 || character == 0xFFFC;
        census.misread +=
            text_is_han(character) && slice_find(slice_of(MISREAD_AS_GBK), bytes) >= 0;
        after_mark = mark;
    }
    return census;
}

/* UTF-8 that was read as Latin-1: the characters' numbers, taken as bytes, are valid UTF-8. */
static bool is_misread_latin(struct slice text)
{
    struct buffer bytes = BUFFER_EMPTY;
    size_t position = 0;
    bool fits = true;
    size_t high = 0;
    while (fits && position < text.length) {
        uint32_t character = text_next(text, &position);
        fits = character <= LAST_LATIN;
        high += character >= FIRST_SUPPLEMENT;
        buffer_append_byte(&bytes, (char)(unsigned char)character);
    }
    fits = fits && high > 1 && text_is_valid(buffer_slice(&bytes), NULL);
    buffer_release(&bytes);
    return fits;
}

static bool is_misread_han(const struct census *census)
{
    enum { SHARE = 3, LEAST = 3 };
    return census->misread >= LEAST && census->misread * SHARE >= census->han;
}

/* GBK that was read as Latin-1: pairs of A1 to FF, and no letter of ASCII between. */
static bool is_gbk_read_as_latin(struct slice text)
{
    enum { FIRST_BYTE = 0xA1, CHARACTERS_LEAST = 2 };
    size_t position = 0;
    size_t high = 0;
    while (position < text.length) {
        uint32_t character = text_next(text, &position);
        bool digit_or_sign = character < 'A' || (character > 'Z' && character < 'a');
        if (character >= FIRST_BYTE && character <= LAST_LATIN)
            high++;
        else if (!digit_or_sign || high % 2)
            return false;
    }
    return high >= 2 * CHARACTERS_LEAST && high % 2 == 0;
}

/* The first characters that differ: those of the source in UTF-8, two bytes of each, taken for one
 * of GBK, are those of the target. */
static bool is_misread_copy(struct slice source, struct slice target)
{
    enum { LEAD_FIRST = 0xE4, LEAD_LAST = 0xE9, SECONDS = 64, SECOND_FIRST = 0x80, BYTES = 3 };
    size_t at = 0;
    while (at < source.length && at < target.length && source.data[at] == target.data[at] &&
           (source.data[at] & 0x80) == 0)
        at++;
    if (at + BYTES > source.length || at + BYTES > target.length)
        return false;
    unsigned char lead = (unsigned char)source.data[at];
    unsigned char second = (unsigned char)source.data[at + 1];
    if (lead < LEAD_FIRST || lead > LEAD_LAST || second < SECOND_FIRST)
        return false;
    size_t number = (size_t)(lead - LEAD_FIRST) * SECONDS + (second - SECOND_FIRST);
    return memcmp(MISREAD_AS_GBK + number * BYTES, target.data + at, BYTES) == 0;
}

static bool has_private(struct slice text)
{
    size_t position = 0;
    while (position < text.length) {
        uint32_t character = text_next(text, &position);
        if (character >= 0xE000 && character <= 0xF8FF)
            return true;
    }
    return false;
}

/* Whether a character stands as its number where the text begins: &#24429; \u90ed %E5. */
static bool begins_escape(struct slice text)
{
    enum { DIGITS = 4 };
    static const char hexadecimal[] = "0123456789abcdefABCDEF";
    bool percent = text.length > 1 && text.data[0] == '%' && text.data[1] >= 'A';
    size_t begin = slice_starts_with(text, SLICE("&#x")) ? 3 : percent ? 1 : 2;
    size_t digits = 0;
    if (!percent && !slice_starts_with(text, SLICE("&#")) && !slice_starts_with(text, SLICE("\\u")))
        return false;
    while (begin + digits < text.length && text.data[begin + digits] &&
           strchr(hexadecimal, text.data[begin + digits]))
        digits++;
    return percent ? digits >= 2 : digits >= DIGITS;
}

/* Characters written as signs of a language, two or more. */
static bool is_escaped(struct slice text)
{
    enum { LEAST = 2 };
    size_t found = 0;
    for (size_t i = 0; i < text.length; i++)
        found += begins_escape(slice_cut(text, i, text.length));
    return found >= LEAST;
}

bool text_looks_damaged(struct slice text)
{
    struct census census = take_census(text);
    return census.replacements > 0 || census.runs > 0 || (census.marks > 0 && census.han > 0) ||
           slice_find(text, SLICE("锟斤拷")) >= 0 || is_misread_latin(text) ||
           is_misread_han(&census) || has_private(text) || is_gbk_read_as_latin(text) ||
           is_escaped(text);
}

/* Whether leaving a few characters of `left` out gives `right`, and at least one of those left out
 * lies outside of ASCII. */
static bool is_left_out(struct slice left, struct slice right)
{
    enum { SHARE = 3 }; /* more than a third is not left out, but another text */
    size_t at = 0;
    size_t in_right = 0;
    size_t all = 0;
    size_t dropped = 0;
    bool beyond = false;
    while (at < left.length) {
        size_t begin = at;
        uint32_t character = text_next(left, &at);
        size_t length = at - begin;
        all++;
        if (in_right + length <= right.length &&
            memcmp(left.data + begin, right.data + in_right, length) == 0)
            in_right += length;
        else if (dropped++, character >= FIRST_SUPPLEMENT)
            beyond = true;
    }
    bool few = dropped == 1 || dropped * SHARE <= all;
    return beyond && few && in_right == right.length;
}

static bool is_damaged_copy(struct slice source, struct slice target)
{
    struct census was = take_census(source);
    struct census is = take_census(target);
    if (is.replacements > was.replacements || is_misread_copy(source, target) ||
        (text_looks_damaged(target) && !text_looks_damaged(source)))
        return true;
    if (is.marks > was.marks && was.non_ascii > is.non_ascii)
        return true;
    if (was.non_ascii == 0)
        return false;
    if (is.boxes > was.boxes || is_left_out(source, target) || form_lacks_accents(source, target))
        return true;
    if (is.latin > was.latin && is.non_ascii * 2 > is.characters && is.han < was.han)
        return true;
    return is.misread > was.misread && is_misread_han(&is);
}

/* A text that was cut by bytes may end in a damaged character. */
static bool is_begin(struct slice source, struct slice target)
{
    static const struct slice replacement = {"\xEF\xBF\xBD", 3};
    while (slice_ends_with(target, replacement))
        target.length -= replacement.length;
    if (slice_ends_with(target, SLICE("...")) || slice_ends_with(target, SLICE("…")))
        target.length -= 3;
    target = slice_trim(target);
    return target.length > 0 && target.length < source.length && slice_starts_with(source, target);
}

/* Its begin was cut off: more than the sign or the one character that may have been dropped. */
static bool is_end(struct slice source, struct slice target)
{
    return target.length > 0 && slice_ends_with(source, target) &&
           text_length(source) > text_length(target) + 1;
}

enum discrepancy_kind discrepancy_of_cell(struct slice source, struct slice target)
{
    if (target.length == 0)
        return LOST;
    if (text_is_default(target) && !slice_starts_with(source, target))
        return DEFAULT_VALUE;
    enum discrepancy_kind form = form_difference(source, target);
    if (form == ZEROS_LOST || form == REWRITTEN || form == ROUNDED)
        return form;
    if (is_begin(source, target) || is_end(source, target))
        return CUT;
    if (is_damaged_copy(source, target))
        return ENCODING;
    return text_is_default(target) ? DEFAULT_VALUE : form;
}

/* ---- in words ---- */

static const struct {
    const char *name;
    const char *sentence;
} WORDS[DISCREPANCY_KINDS] = {
    [ROWS_MISSING] = {"rows_missing", "rows of the source that did not arrive"},
    [ROWS_EXTRA] = {"rows_extra", "rows that the source does not have"},
    [DUPLICATES] = {"duplicates", "rows of the source that arrived more than once"},
    [KEY_CHANGED] = {"key_changed", "rows that arrived under another key"},
    [CUT] = {"cut", "values that were cut off"},
    [DEFAULT_VALUE] = {"default_value",
                       "values that were replaced by a default, or by one and the same value"},
    [ENCODING] = {"encoding", "values whose characters were damaged or dropped"},
    [LOST] = {"lost", "values that did not arrive"},
    [MOVED] = {"moved", "values that arrived in another column"},
    [MASKED] = {"masked", "values that have stars in place of characters"},
    [ZEROS_LOST] = {"zeros_lost", "numbers that lost their leading zeros"},
    [ROUNDED] = {"rounded", "numbers that were rounded"},
    [DAY_AND_MONTH] = {"day_and_month", "dates whose day and month changed places"},
    [TIME_SHIFTED] = {"time_shifted", "dates that arrived a day off, or times by hours"},
    [REWRITTEN] = {"rewritten", "values that arrived in another form: capitals, width, blanks or a "
                                "number's zeros"},
    [CHANGED] = {"changed", "values that arrived as others"},
    [SUSPECT_CUT] = {"suspect_cut", "many values end at the same length: they may be cut off"},
    [SUSPECT_DEFAULT] = {"suspect_default", "one value stands in so many rows that it may be a "
                                            "default"},
    [SUSPECT_ENCODING] = {"suspect_encoding", "values that look like damaged characters"},
    [SUSPECT_DUPLICATE] = {"suspect_duplicate", "rows that are equal but for their keys"},
    [SUSPECT_REPEATED] = {"suspect_repeated", "rows that stand there more than once"},
    [SUSPECT_KEY] = {"suspect_key", "keys that several different rows have"},
};

const char *discrepancy_name(enum discrepancy_kind kind)
{
    return WORDS[kind].name;
}

const char *discrepancy_sentence(enum discrepancy_kind kind)
{
    return WORDS[kind].sentence;
}

bool discrepancy_is_fault(enum discrepancy_kind kind)
{
    return kind <= CHANGED;
}
