/* text ──► numbers and marks between them ──► which is year, month, day ──► time behind ──► moment
 */
#include "standardize/date/date_read.h"
#include "cust360/base/text.h"

enum { NUMBERS_MAX = 8, NUMBER_DIGITS_MAX = 9, ROC_YEAR_ZERO = 1911 };

/* The numbers of a text, with what the marks around them say. */
struct pieces {
    int64_t numbers[NUMBERS_MAX];
    size_t digits[NUMBERS_MAX]; /* how many were written */
    bool month[NUMBERS_MAX];    /* 月 stands behind it, or it was a month's name */
    bool year[NUMBERS_MAX];     /* 年 stands behind it */
    size_t count;
    bool roc;        /* 民國 */
    bool before_roc; /* 民國前 */
    bool afternoon;
    bool morning;
    bool lunar;   /* 农历 */
    bool weekday; /* 星期: the next number is none of the date's */
};

/* How many of the numbers are the date: one that is a whole date, or year, month and day. */
static size_t date_numbers(const struct pieces *pieces)
{
    enum { COMPACT_DIGITS_LEAST = 5 };
    return pieces->count > 0 && pieces->digits[0] >= COMPACT_DIGITS_LEAST ? 1 : 3;
}

static void set_flaw(struct moment *moment, const char *code, const char *message)
{
    moment->flaw = code;
    moment->flaw_message = message;
}

/* The value of a Chinese digit (also 十 廿 卅 百), or -1. */
static int chinese_digit(uint32_t character)
{
    static const uint32_t digits[] = {U'〇', U'一', U'二', U'三', U'四', U'五',
                                      U'六', U'七', U'八', U'九', U'十'};
    enum { TWENTY = 20, THIRTY = 30, HUNDRED = 100 };
    if (character == U'○' || character == U'零')
        return 0;
    if (character == U'廿' || character == U'卅')
        return character == U'廿' ? TWENTY : THIRTY;
    if (character == U'百')
        return HUNDRED;
    for (int i = 0; i < (int)(sizeof(digits) / sizeof(digits[0])); i++) {
        if (digits[i] == character)
            return i;
    }
    return -1;
}

/* Chinese numerals as digits: 二〇一三 is 2013, 十五 15, 二十 20, 廿一 21, 一百零二 102. Writes to
 * `digits`, never more bytes than were read. */
static size_t convert_numeral(struct slice text, size_t *position, char *digits)
{
    enum { TEN = 10, HUNDRED = 100 };
    int before = -1;
    size_t used = 0;
    for (size_t next = *position; next < text.length; *position = next) {
        int digit = chinese_digit(text_next(text, &next));
        if (digit < 0)
            break;
        if (digit < TEN)
            digits[used++] = (char)('0' + digit);
        else if (digit < HUNDRED && (digit > TEN || before < 0 || before == HUNDRED))
            digits[used++] = (char)('0' + digit / TEN);
        before = digit > TEN && digit < HUNDRED ? TEN : digit;
    }
    if (before >= TEN)
        digits[used++] = '0';
    if (before == HUNDRED)
        digits[used++] = '0';
    return used;
}

static struct slice convert_numerals(struct slice text, char *converted)
{
    size_t used = 0;
    for (size_t position = 0; position < text.length;) {
        size_t start = position;
        used += convert_numeral(text, &position, converted + used);
        if (position > start)
            continue;
        if (text_next(text, &position) == U'元') { /* 民國元年 */
            converted[used++] = '1';
            continue;
        }
        memcpy(converted + used, text.data + start, position - start);
        used += position - start;
    }
    return slice_make(converted, used);
}

/* What a sign that is no digit tells. */
enum meaning {
    MEANS_NOTHING,
    MEANS_ROC,
    MEANS_LUNAR,
    MEANS_AFTERNOON,
    MEANS_MORNING,
    MEANS_WEEKDAY,
    MEANS_BEFORE_ROC,
    MEANS_YEAR,
    MEANS_MONTH
};

/* The signs that dates and times have; false for others. */
static bool find_meaning(uint32_t sign, enum meaning *meaning)
{
    static const struct {
        uint32_t sign;
        enum meaning meaning;
    } signs[] = {
        {'-', MEANS_NOTHING},     {'/', MEANS_NOTHING},   {'.', MEANS_NOTHING},
        {':', MEANS_NOTHING},     {' ', MEANS_NOTHING},   {'T', MEANS_NOTHING},
        {U'年', MEANS_YEAR},      {U'月', MEANS_MONTH},   {U'前', MEANS_BEFORE_ROC},
        {U'日', MEANS_NOTHING},   {'Z', MEANS_NOTHING},   {'+', MEANS_NOTHING},
        {',', MEANS_NOTHING},     {'(', MEANS_NOTHING},   {')', MEANS_NOTHING},
        {'t', MEANS_NOTHING},     {'z', MEANS_NOTHING},   {'M', MEANS_NOTHING},
        {'m', MEANS_NOTHING},     {'R', MEANS_ROC},       {'O', MEANS_NOTHING},
        {'C', MEANS_NOTHING},     {'P', MEANS_AFTERNOON}, {'p', MEANS_AFTERNOON},
        {'A', MEANS_MORNING},     {'a', MEANS_MORNING},   {U'民', MEANS_ROC},
        {U'国', MEANS_NOTHING},   {U'國', MEANS_NOTHING}, {U'号', MEANS_NOTHING},
        {U'號', MEANS_NOTHING},   {U'时', MEANS_NOTHING}, {U'時', MEANS_NOTHING},
        {U'点', MEANS_NOTHING},   {U'點', MEANS_NOTHING}, {U'分', MEANS_NOTHING},
        {U'秒', MEANS_NOTHING},   {U'上', MEANS_MORNING}, {U'早', MEANS_MORNING},
        {U'凌', MEANS_MORNING},   {U'晨', MEANS_MORNING}, {U'下', MEANS_AFTERNOON},
        {U'晚', MEANS_AFTERNOON}, {U'午', MEANS_NOTHING}, {U'农', MEANS_LUNAR},
        {U'農', MEANS_LUNAR},     {U'阴', MEANS_LUNAR},   {U'陰', MEANS_LUNAR},
        {U'历', MEANS_NOTHING},   {U'曆', MEANS_NOTHING}, {U'星', MEANS_WEEKDAY},
        {U'期', MEANS_NOTHING},   {U'周', MEANS_WEEKDAY}, {U'週', MEANS_WEEKDAY},
        {U'天', MEANS_NOTHING},   {U'初', MEANS_LUNAR},   {U'正', MEANS_LUNAR},
        {U'腊', MEANS_LUNAR},     {U'臘', MEANS_LUNAR},   {U'冬', MEANS_LUNAR},
        {U'闰', MEANS_LUNAR},     {U'閏', MEANS_LUNAR},
    };
    /* Nearly all dates have no others. */
    if (sign == '-' || sign == ':' || sign == ' ' || sign == '/')
        return true;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i].sign == sign) {
            *meaning = signs[i].meaning;
            return true;
        }
    }
    return false;
}

static void note_meaning(struct pieces *pieces, enum meaning meaning)
{
    pieces->roc = pieces->roc || meaning == MEANS_ROC;
    pieces->lunar = pieces->lunar || meaning == MEANS_LUNAR;
    pieces->afternoon = pieces->afternoon || meaning == MEANS_AFTERNOON;
    pieces->morning = pieces->morning || meaning == MEANS_MORNING;
    pieces->weekday = pieces->weekday || meaning == MEANS_WEEKDAY;
    pieces->before_roc = pieces->before_roc || (pieces->roc && meaning == MEANS_BEFORE_ROC);
    if (pieces->count > 0 && meaning == MEANS_YEAR)
        pieces->year[pieces->count - 1] = true;
    if (pieces->count > 0 && meaning == MEANS_MONTH)
        pieces->month[pieces->count - 1] = true;
}

static bool add_number(struct pieces *pieces, struct slice text, size_t *position)
{
    int64_t number = 0;
    size_t start = *position;
    while (*position < text.length && text_is_digit_byte(text.data[*position])) {
        if (*position - start == NUMBER_DIGITS_MAX)
            return false;
        number = number * 10 + (text.data[(*position)++] - '0');
    }
    if (pieces->weekday || pieces->count == NUMBERS_MAX) {
        pieces->weekday = false; /* 星期一 came as 星期1 */
        return true;             /* numbers too many are fractions of seconds */
    }
    pieces->numbers[pieces->count] = number;
    pieces->digits[pieces->count++] = *position - start;
    return true;
}

/* A month's name, whole or its first three letters: its number joins the others. */
static bool add_month_name(struct pieces *pieces, struct slice text, size_t *position)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    enum { SHORT_LETTERS = 3, MONTHS = 12 };
    const char *word = text.data + *position;
    size_t letters = 0;
    while (*position + letters < text.length &&
           ((word[letters] | 0x20) >= 'a' && (word[letters] | 0x20) <= 'z'))
        letters++;
    for (int month = 0; month < MONTHS && letters >= SHORT_LETTERS; month++) {
        bool whole = letters == strlen(names[month]) || letters == SHORT_LETTERS;
        bool sept = letters == SHORT_LETTERS + 1 && strncasecmp(word, "sept", letters) == 0;
        if (!(whole || sept) || strncasecmp(word, names[month], letters) != 0 ||
            pieces->count == NUMBERS_MAX)
            continue;
        *position += letters;
        pieces->month[pieces->count] = true;
        pieces->digits[pieces->count] = 2;
        pieces->numbers[pieces->count++] = month + 1;
        return true;
    }
    return false;
}

/* Monday, Mon; the ending of 5th; China's zone (CST, GMT before +08): words that say nothing more.
 */
static bool pass_word(const struct pieces *pieces, struct slice text, size_t *position)
{
    static const char *const words[] = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon",
        "tues",   "tue",     "wed",       "thurs",    "thur",   "thu",      "fri",    "sat",
        "sun",    "st",      "nd",        "rd",       "th",     "of",       "cst"};
    struct slice rest = slice_cut(text, *position, text.length);
    size_t letters = 0;
    if (slice_starts_with(rest, SLICE("GMT+08"))) {
        *position += strlen("GMT");
        return true;
    }
    while (letters < rest.length &&
           ((rest.data[letters] | 0x20) >= 'a' && (rest.data[letters] | 0x20) <= 'z'))
        letters++;
    for (size_t i = 0; letters > 1 && i < sizeof(words) / sizeof(words[0]); i++) {
        bool is_ending = strlen(words[i]) == 2;
        if (letters != strlen(words[i]) || strncasecmp(rest.data, words[i], letters) != 0 ||
            (is_ending && pieces->count == 0))
            continue;
        *position += letters;
        return true;
    }
    return false;
}

/* Mar 07 08:15:00 CST 2019, as programs write it: the year goes before the time. */
static void put_year_third(struct pieces *pieces)
{
    enum { WHOLE = 6, YEAR_DIGITS = 4, SHORT_DIGITS = 2 };
    if (pieces->count != WHOLE || !pieces->month[0] || pieces->digits[2] > SHORT_DIGITS ||
        pieces->digits[WHOLE - 1] != YEAR_DIGITS)
        return;
    int64_t year = pieces->numbers[WHOLE - 1];
    for (size_t i = WHOLE - 1; i > 2; i--) {
        pieces->numbers[i] = pieces->numbers[i - 1];
        pieces->digits[i] = pieces->digits[i - 1];
    }
    pieces->numbers[2] = year;
    pieces->digits[2] = YEAR_DIGITS;
}

/* Cuts a text into its numbers, up to the zone; false when it has none or something that no date
 * has. */
static bool cut(struct slice text, struct pieces *pieces)
{
    for (size_t position = 0; position < text.length;) {
        char byte = text.data[position];
        if (text_is_digit_byte(byte)) {
            if (!add_number(pieces, text, &position))
                return false;
            continue;
        }
        bool begins_zone = byte == '+' || byte == '-' || byte == 'Z' || byte == 'z';
        if (begins_zone && pieces->count > date_numbers(pieces))
            break;
        if (add_month_name(pieces, text, &position) || pass_word(pieces, text, &position))
            continue;
        enum meaning meaning = MEANS_NOTHING;
        if (!find_meaning(text_next(text, &position), &meaning))
            return false;
        note_meaning(pieces, meaning);
    }
    put_year_third(pieces);
    return pieces->count > 0;
}

/* One number that is a whole date: 20130805, 1020805, 900805 with the hint roc. */
static bool read_compact(const struct pieces *pieces, const char *format, struct moment *moment)
{
    int64_t number = pieces->numbers[0];
    size_t digits = pieces->digits[0];
    enum { ISO_DIGITS = 8, ROC_DIGITS = 7, ROC_SHORT_DIGITS = 6 };
    bool roc =
        digits == ROC_DIGITS ||
        (digits == ROC_SHORT_DIGITS && (pieces->roc || (format && strcasecmp(format, "roc") == 0)));
    if (digits != ISO_DIGITS && !roc)
        return false;
    moment->date = (struct date_parts){(int)(number / 10000) + (roc ? ROC_YEAR_ZERO : 0),
                                       (int)(number / 100 % 100), (int)(number % 100)};
    return true;
}

/* A year as written: four digits, three (or the hint roc, or 民國) counted from 1912, or two. */
static int full_year(const struct pieces *pieces, size_t index, const char *format, int this_year,
                     struct moment *moment)
{
    enum { CENTURY = 100 };
    int year = (int)pieces->numbers[index];
    size_t digits = pieces->digits[index];
    if (pieces->before_roc)
        return ROC_YEAR_ZERO + 1 - year;
    if (pieces->roc || digits == 3 || (digits < 3 && format && strcasecmp(format, "roc") == 0))
        return year + ROC_YEAR_ZERO;
    if (digits >= 3)
        return year;
    moment->short_year = true;
    year += this_year / CENTURY * CENTURY;
    return year > this_year ? year - CENTURY : year;
}

/* The order of a date whose year stands last: NULL: it cannot be told. */
static const char *find_day(const struct pieces *pieces)
{
    enum { MONTHS = 12 };
    bool first_is_day = pieces->numbers[0] > MONTHS;
    bool second_is_day = pieces->numbers[1] > MONTHS;
    if (first_is_day || second_is_day)
        return first_is_day ? "dmy" : "mdy";
    return pieces->numbers[0] == pieces->numbers[1] ? "dmy" : NULL;
}

/* The order of a date with three numbers, as "ymd"; NULL: it cannot be told. */
static const char *find_order(const struct pieces *pieces, const char *format)
{
    char hinted = format ? format[0] : '\0';
    if (pieces->roc || pieces->year[0] || pieces->digits[0] >= 3)
        return "ymd";
    if (pieces->month[0] || pieces->month[1]) /* Aug 5, 2013; 05-AUG-13, 05-8月 -13 */
        return pieces->month[0] ? "mdy" : "dmy";
    if (hinted == 'd' || hinted == 'm')
        return hinted == 'd' ? "dmy" : "mdy";
    if (pieces->digits[2] < 4 || hinted == 'y')
        return "ymd";
    return find_day(pieces);
}

static bool read_parts(const struct pieces *pieces, const char *format, int this_year,
                       struct moment *moment)
{
    const char *order = find_order(pieces, format);
    if (!order) {
        set_flaw(moment, "ambiguous",
                 "Day and month could be either; the mapping must say `format: d/m/y` or m/d/y.");
        return false;
    }
    enum { DAYS_MOST = 31, CENTURY = 100 };
    int64_t first = pieces->numbers[0];
    moment->order_guess = order[0] == 'y' && !format && pieces->digits[0] < 3 && !pieces->year[0] &&
                          first > this_year % CENTURY && first <= DAYS_MOST;
    for (size_t i = 0; i < 3; i++) {
        if (order[i] == 'y')
            moment->date.year = full_year(pieces, i, format, this_year, moment);
        else if (order[i] == 'm')
            moment->date.month = (int)pieces->numbers[i];
        else
            moment->date.day = (int)pieces->numbers[i];
    }
    return true;
}

/* The time behind the date; 20130805143000 has it in one number with the date's. */
static bool read_time(const struct pieces *pieces, struct moment *moment)
{
    enum { NOON = 12, HOURS = 24, MINUTES = 60, SECONDS = 60 };
    size_t at = date_numbers(pieces);
    size_t left = pieces->count > at ? pieces->count - at : 0;
    if (left == 1 && pieces->digits[at] >= 4) { /* 1430, 143000 */
        int64_t number = pieces->numbers[at];
        bool seconds = pieces->digits[at] > 4;
        moment->second = seconds ? (int)(number % 100) : 0;
        number = seconds ? number / 100 : number;
        moment->hour = (int)(number / 100);
        moment->minute = (int)(number % 100);
    } else {
        moment->hour = left > 0 ? (int)pieces->numbers[at] : 0;
        moment->minute = left > 1 ? (int)pieces->numbers[at + 1] : 0;
        moment->second = left > 2 ? (int)pieces->numbers[at + 2] : 0;
    }
    if (pieces->afternoon && moment->hour < NOON)
        moment->hour += NOON;
    else if (pieces->morning && moment->hour == NOON)
        moment->hour = 0;
    return moment->hour < HOURS && moment->minute < MINUTES && moment->second <= SECONDS;
}

/* 20130805143000, 201308051430: the first eight digits apart. */
static struct slice part_long_digits(struct slice text, char *parted)
{
    enum { LONG_DIGITS = 14, WITHOUT_SECONDS_DIGITS = 12, DATE_DIGITS = 8 };
    if (text.length != LONG_DIGITS && text.length != WITHOUT_SECONDS_DIGITS)
        return text;
    for (size_t i = 0; i < text.length; i++) {
        if (!text_is_digit_byte(text.data[i]))
            return text;
    }
    memcpy(parted, text.data, DATE_DIGITS);
    parted[DATE_DIGITS] = ' ';
    memcpy(parted + DATE_DIGITS + 1, text.data + DATE_DIGITS, text.length - DATE_DIGITS);
    return slice_make(parted, text.length + 1);
}

static void read_pieces(const struct pieces *pieces, const char *format, int this_year,
                        struct moment *moment)
{
    if (pieces->lunar) {
        set_flaw(moment, "lunar", "A date of the lunar calendar has no fixed day.");
        return;
    }
    bool whole = date_numbers(pieces) == 1;
    bool read = whole ? read_compact(pieces, format, moment)
                      : pieces->count >= 3 && read_parts(pieces, format, this_year, moment);
    if (moment->flaw)
        return;
    if (!read)
        set_flaw(moment, "format", "This is not a date.");
    else if (!date_is_valid(moment->date))
        set_flaw(moment, "date", "There is no such day.");
    else if (!read_time(pieces, moment))
        set_flaw(moment, "time", "There is no such time of day.");
}

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    }
    return true;
}

void moment_read(struct slice text, const char *format, int this_year, struct moment *moment)
{
    enum { TEXT_BYTES_MAX = 96 };
    char parted[16];
    char converted[TEXT_BYTES_MAX];
    struct pieces pieces = {0};
    memset(moment, 0, sizeof(*moment));
    if (moment_read_serial(text, format, moment))
        return;
    text = part_long_digits(text, parted);
    bool fits = text.length > 0 && text.length <= TEXT_BYTES_MAX;
    if (fits && !is_ascii(text))
        text = convert_numerals(text, converted);
    if ((fits && cut(text, &pieces)) || pieces.lunar)
        read_pieces(&pieces, format, this_year, moment);
    else
        set_flaw(moment, "format", "This is not a date.");
}
