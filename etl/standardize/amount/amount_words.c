/* A number in characters is a row of sections, each below ten thousand, parted by 亿 and 万. */
#include "standardize/amount/amount_words.h"
#include "cust360/base/text.h"

enum { NONE = -1, TEN = 10, HUNDRED = 100, THOUSAND = 1000, TEN_THOUSAND = 10000 };
enum { HUNDRED_MILLION = 100000000 };

/* A number on its way; all sums are whole and far below what a double holds exactly. */
struct words {
    double total;   /* of the sections that are closed */
    double section; /* of the one at hand, without its last digit */
    int digit;      /* that has no unit yet; NONE */
    int unit;       /* the last one; a smaller one must follow */
    bool zero;      /* 零 stood before the digit */
    bool any;       /* a unit was read */
};

static int digit_of(uint32_t character)
{
    static const uint32_t digits[][4] = {{U'零', U'〇', U'○', 0},      {U'壹', U'一', U'弌', 0},
                                         {U'贰', U'二', U'貳', U'两'}, {U'叁', U'三', U'參', 0},
                                         {U'肆', U'四', 0, 0},         {U'伍', U'五', 0, 0},
                                         {U'陆', U'六', U'陸', 0},     {U'柒', U'七', 0, 0},
                                         {U'捌', U'八', 0, 0},         {U'玖', U'九', 0, 0}};
    for (int digit = 0; digit < TEN; digit++)
        for (size_t i = 0; i < sizeof(digits[0]) / sizeof(digits[0][0]); i++)
            if (character != 0 && digits[digit][i] == character)
                return digit;
    return character == U'兩' ? 2 : character == U'叄' ? 3 : NONE;
}

static int unit_of(uint32_t character)
{
    switch (character) {
    case U'拾':
    case U'十':
        return TEN;
    case U'佰':
    case U'百':
        return HUNDRED;
    case U'仟':
    case U'千':
        return THOUSAND;
    case U'万':
    case U'萬':
        return TEN_THOUSAND;
    case U'亿':
    case U'億':
        return HUNDRED_MILLION;
    default:
        return NONE;
    }
}

static bool take_digit(struct words *words, int digit)
{
    if (digit == 0 && words->digit == NONE) {
        words->zero = true;
        return true;
    }
    if (words->digit != NONE || digit == 0)
        return false;
    words->digit = digit;
    return true;
}

/* 万 or 亿: closes what stands before it. */
static bool close_section(struct words *words, int unit)
{
    double section = words->section + (words->digit == NONE ? 0 : words->digit);
    if (section == 0 || (unit == TEN_THOUSAND && words->unit == TEN_THOUSAND))
        return false;
    if (unit == HUNDRED_MILLION) {
        if (words->total >= HUNDRED_MILLION)
            return false;
        words->total = (words->total + section) * unit;
    } else {
        words->total += section * unit;
    }
    words->section = 0;
    words->digit = NONE;
    words->unit = unit;
    words->zero = false;
    words->any = true;
    return true;
}

static bool take_unit(struct words *words, int unit)
{
    if (unit >= TEN_THOUSAND)
        return close_section(words, unit);
    /* 十二 is 12; elsewhere a digit stands before each unit. */
    bool bare = unit == TEN && words->digit == NONE && words->section == 0;
    if ((words->digit == NONE && !bare) || (words->unit <= unit && words->unit != NONE))
        return false;
    words->section += (bare ? 1 : words->digit) * unit;
    words->digit = NONE;
    words->unit = unit;
    words->zero = false;
    words->any = true;
    return true;
}

/* 十二万八 is 128,000 and 三百五 350, but 三百零五 is 305. */
static double finish_words(const struct words *words)
{
    double last = words->digit == NONE ? 0 : words->digit;
    bool is_spoken = words->unit > TEN && !words->zero;
    return words->total + words->section + (is_spoken ? last * words->unit / TEN : last);
}

static uint32_t peek(struct slice text, size_t position)
{
    return position < text.length ? text_next(text, &position) : 0;
}

/* The whole number; `position` moves behind it. */
static bool read_whole(struct slice text, size_t *position, struct words *words)
{
    for (; *position < text.length; text_next(text, position)) {
        uint32_t character = peek(text, *position);
        int digit = digit_of(character);
        int unit = unit_of(character);
        if (digit == NONE && unit == NONE)
            return true;
        if (digit != NONE ? !take_digit(words, digit) : !take_unit(words, unit))
            return false;
    }
    return true;
}

/* 伍角, 零伍分, 三角五: what stands behind 元, in hundredths. */
static bool read_fraction(struct slice text, size_t *position, int *hundredths)
{
    int most = HUNDRED;
    for (;;) {
        size_t next = *position;
        int digit = digit_of(peek(text, next));
        if (digit == NONE)
            return true;
        text_next(text, &next);
        uint32_t word = peek(text, next);
        int worth = word == U'角' ? TEN : word == U'分' ? 1 : 0;
        if (digit == 0 && worth == 0) { /* 元零伍分 */
            *position = next;
            continue;
        }
        if (worth == 0 || worth >= most)
            return false;
        text_next(text, &next);
        *hundredths += digit * worth;
        most = worth;
        *position = next;
    }
}

static bool is_yuan(uint32_t character)
{
    return character == U'元' || character == U'圆' || character == U'圓' || character == U'块';
}

bool amount_read_words(struct slice text, double *number, struct slice *rest)
{
    struct words words = {.digit = NONE, .unit = NONE};
    size_t position = 0;
    int hundredths = 0;
    bool begins = digit_of(peek(text, 0)) != NONE || unit_of(peek(text, 0)) == TEN;
    if (!begins || !read_whole(text, &position, &words))
        return false;
    uint32_t word = peek(text, position);
    bool has_word = is_yuan(word);
    if (has_word) {
        text_next(text, &position);
    } else if (!words.any && (word == U'角' || word == U'分')) {
        words.digit = NONE; /* 伍角: there is no 元 before it */
        position = 0;
        has_word = true;
    }
    if (has_word ? !read_fraction(text, &position, &hundredths) : !words.any)
        return false;
    if (peek(text, position) == U'整' || peek(text, position) == U'正')
        text_next(text, &position);
    *number = finish_words(&words) + (double)hundredths / HUNDRED;
    *rest = slice_trim(slice_cut(text, position, text.length));
    return true;
}
