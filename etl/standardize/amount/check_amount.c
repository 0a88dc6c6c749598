/* Numbers: money, kilometres, counts. */
#include "cust360/base/text.h"
#include "standardize/amount/amount_words.h"
#include "standardize/checks.h"
#include <math.h>

enum { NUMBER_BYTES_MAX = 48 };

/* What a text says: the number, and its unit as it was written (may be empty). */
struct amount {
    double number;
    struct slice unit;
    const char *currency; /* that the sign before it tells; NULL: none */
    bool doubtful;        /* 1.234: the point could part thousands */
};

/* Signs and names of currencies before the number. */
static struct slice cut_currency(struct slice text, const char **currency)
{
    static const struct {
        const char *sign;
        const char *code;
    } signs[] = {{"¥", "CNY"},   {"￥", "CNY"},     {"NT$", "TWD"}, {"HK$", "HKD"},
                 {"US$", "USD"}, {"MOP", "MOP"},    {"$", NULL},    {"RMB", "CNY"},
                 {"CNY", "CNY"}, {"TWD", "TWD"},    {"NTD", "TWD"}, {"HKD", "HKD"},
                 {"USD", "USD"}, {"人民币", "CNY"}, {"€", "EUR"},   {"EUR", "EUR"},
                 {"£", "GBP"},   {"人民幣", "CNY"}, {"约", NULL},   {"約", NULL}};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (!slice_starts_with(text, slice_of(signs[i].sign)))
            continue;
        *currency = signs[i].code;
        return slice_trim(slice_cut(text, strlen(signs[i].sign), text.length));
    }
    return text;
}

/* Whether a mark at `position` parts thousands: three digits and no more stand behind it. */
static bool parts_thousands(struct slice text, size_t position)
{
    size_t digits = 0;
    for (size_t i = position + 1; i < text.length && text_is_digit_byte(text.data[i]); i++)
        digits++;
    return digits == 3;
}

/* Bytes of the mark between thousands at `position`: 1.234 567, 1'234; 0: there is none. What
 * stands before it is one group of digits, so that 12345,678 is not taken for millions. */
static size_t thousands_mark(struct slice text, size_t position, char thousands)
{
    enum { GROUP_DIGITS = 3 };
    static const char *const others[] = {" ", "'", "’"};
    size_t digits = 0;
    size_t length = text.data[position] == thousands ? 1 : 0;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && !length; i++)
        if (slice_starts_with(slice_cut(text, position, text.length), slice_of(others[i])))
            length = strlen(others[i]);
    while (digits < position && text_is_digit_byte(text.data[position - digits - 1]))
        digits++;
    bool grouped = digits > 0 && digits <= GROUP_DIGITS;
    return length && grouped && parts_thousands(text, position + length - 1) ? length : 0;
}

/* What a byte behind `before` (0: nothing) is in a number, or 0 when it is no part of one. */
static char number_sign(char byte, char before)
{
    if (text_is_digit_byte(byte))
        return byte;
    if (byte == '-' || byte == '+')
        return before == '\0' || before == 'e' ? byte : '\0';
    return (byte == 'E' || byte == 'e') && before != '\0' ? 'e' : '\0';
}

/* Copies the number without thousands' marks, with a point for decimals; returns what follows it.
 * `comma` is the mark of decimals where it is not the point. */
static struct slice copy_number(struct slice text, bool comma, char *number)
{
    const char point = comma ? ',' : '.';
    const char thousands = comma ? '.' : ',';
    size_t used = 0;
    size_t i = 0;
    for (; i < text.length && used < NUMBER_BYTES_MAX; i++) {
        char byte = text.data[i];
        size_t mark = memchr(number, '.', used) ? 0 : thousands_mark(text, i, thousands);
        if (mark) {
            i += mark - 1;
            continue;
        }
        char sign = byte == point ? '.' : number_sign(byte, used > 0 ? number[used - 1] : '\0');
        if (!sign)
            break;
        number[used++] = sign;
    }
    number[used] = '\0';
    return slice_trim(slice_cut(text, i, text.length));
}

/* Cuts one of the words off the front of a text. */
static bool cut_word(struct slice *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!slice_starts_with(*text, slice_of(words[i])))
            continue;
        *text = slice_trim(slice_cut(*text, strlen(words[i]), text->length));
        return true;
    }
    return false;
}

/* Behind 千: 5百 or 5, as in 12万8千5百. */
static double read_hundreds(struct slice *text)
{
    static const char *const hundred[] = {"百", "佰"};
    bool is_digit = text->length > 0 && text_is_digit_byte(text->data[0]);
    if (!is_digit || (text->length > 1 && text_is_digit_byte(text->data[1])))
        return 0;
    double number = (text->data[0] - '0') * 100;
    *text = slice_cut(*text, 1, text->length);
    cut_word(text, hundred, sizeof(hundred) / sizeof(hundred[0]));
    return number;
}

/* What people say behind 万: 12万8 and 12万8千 are 128,000, 12万8500 is 128,500. */
static double read_rest(struct slice *text)
{
    static const char *const thousand[] = {"千", "仟"};
    enum { REST_DIGITS_MOST = 4 };
    size_t digits = 0;
    double number = 0;
    while (digits < text->length && text_is_digit_byte(text->data[digits]))
        number = number * 10 + (text->data[digits++] - '0');
    if (digits != 1 && digits != REST_DIGITS_MOST)
        return 0;
    struct slice behind = slice_cut(*text, digits, text->length);
    bool has_word = cut_word(&behind, thousand, sizeof(thousand) / sizeof(thousand[0]));
    number = digits == 1 ? number * 1000 : number;
    if (has_word && digits == 1)
        number += read_hundreds(&behind);
    *text = behind;
    return number;
}

/* km, 千米: no thousand of metres is meant. */
static bool is_kilometre(struct slice unit)
{
    return slice_starts_with(unit, SLICE("千米")) ||
           (unit.length > 1 && strncasecmp(unit.data, "km", 2) == 0);
}

/* 万, 亿, 千 and 百 behind the number. */
static void read_magnitude(struct amount *amount)
{
    static const char *const thousand[] = {"千", "仟", "k", "K"};
    static const char *const hundred[] = {"百", "佰"};
    static const char *const ten_thousand[] = {"万", "萬", "w", "W"};
    static const char *const hundred_million[] = {"亿", "億"};
    if (cut_word(&amount->unit, ten_thousand, sizeof(ten_thousand) / sizeof(ten_thousand[0])))
        amount->number = amount->number * 1e4 + read_rest(&amount->unit);
    else if (cut_word(&amount->unit, hundred_million,
                      sizeof(hundred_million) / sizeof(hundred_million[0])))
        amount->number *= 1e8;
    else if (!is_kilometre(amount->unit) &&
             cut_word(&amount->unit, thousand, sizeof(thousand) / sizeof(thousand[0])))
        amount->number *= 1e3;
    else if (cut_word(&amount->unit, hundred, sizeof(hundred) / sizeof(hundred[0])))
        amount->number *= 1e2;
}

/* Whether the decimals stand behind a comma. */
static bool is_comma(const char *format)
{
    return format && (strcmp(format, ",") == 0 || strcmp(format, "comma") == 0);
}

/* One to three digits that begin with no zero, a point and three more. */
static bool looks_like_thousands(const char *number)
{
    enum { GROUP_DIGITS = 3 };
    number += *number == '-' || *number == '+';
    size_t digits = strspn(number, "0123456789");
    const char *behind = number + digits;
    return digits > 0 && digits <= GROUP_DIGITS && *number != '0' && *behind == '.' &&
           strspn(behind + 1, "0123456789") == GROUP_DIGITS && behind[1 + GROUP_DIGITS] == '\0';
}

/* 12,345.00, 12万8 and what stands behind it. */
static bool read_figures(struct slice text, const char *format, struct amount *amount)
{
    char number[NUMBER_BYTES_MAX + 1];
    amount->unit = copy_number(text, is_comma(format), number);
    if (!text_to_number(slice_of(number), &amount->number) || !isfinite(amount->number))
        return false;
    size_t unit_bytes = amount->unit.length;
    read_magnitude(amount);
    amount->doubtful = !format && amount->unit.length == unit_bytes && looks_like_thousands(number);
    return true;
}

/* A bookkeeper's (300), an accounting system's 300- and a spreadsheet's -¥300 are -300. */
static bool cut_negative(struct slice *text)
{
    const char *data = text->data;
    size_t last = text->length - 1;
    if (text->length <= 2)
        return false;
    bool bracketed = data[0] == '(' && data[last] == ')';
    bool behind = text_is_digit_byte(data[0]) && data[last] == '-';
    bool before = data[0] == '-' && !text_is_digit_byte(data[1]) && data[1] != '.';
    *text = slice_cut(*text, bracketed || before, text->length - (bracketed || behind));
    return bracketed || behind || before;
}

static bool read_amount(struct slice text, const char *format, struct amount *amount)
{
    bool negative = cut_negative(&text);
    text = cut_currency(text, &amount->currency);
    if (!amount_read_words(text, &amount->number, &amount->unit) &&
        !read_figures(text, format, amount))
        return false;
    if (negative && amount->number < 0)
        return false;
    if (negative)
        amount->number = -amount->number;
    return true;
}

static bool is_one_of(struct slice unit, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (unit.length == strlen(names[i]) && strncasecmp(unit.data, names[i], unit.length) == 0)
            return true;
    }
    return unit.length == 0;
}

static void refuse(struct check_output *output, const char *code, const char *message)
{
    check_add_finding(output, SEVERITY_ERROR, code, message);
}

/* 1.234,50 where nobody said that the comma stands before the decimals: the mapping can. */
static void refuse_format(const struct check_input *input, struct check_output *output,
                          const char *message)
{
    struct amount amount = {0};
    bool by_comma = !input->format && memchr(input->value.data, ',', input->value.length) &&
                    read_amount(input->value, ",", &amount) && amount.unit.length == 0;
    refuse(output, "format",
           by_comma ? "A comma stands before the decimals; the mapping must say `format: comma`."
                    : message);
}

static void warn_of_doubt(const struct amount *amount, struct check_output *output)
{
    if (amount->doubtful)
        check_add_finding(output, SEVERITY_WARNING, "decimal_mark",
                          "The point was read as that of decimals, but could part thousands; the "
                          "mapping should say `format: point` or comma.");
}

/* Bytes of the number without zeros behind the point, and without the point when nothing is left.
 */
static size_t significant_bytes(struct slice number)
{
    if (!memchr(number.data, '.', number.length))
        return number.length;
    size_t length = number.length;
    while (number.data[length - 1] == '0')
        length--;
    return number.data[length - 1] == '.' ? length - 1 : length;
}

/* Digits, and at most two behind a point, are canonical but for zeros at the end: most amounts. */
static bool is_plain_amount(struct slice text)
{
    enum { PLAIN_DIGITS_MOST = 11, DECIMALS_MOST = 2 };
    size_t digits = 0;
    while (digits < text.length && text_is_digit_byte(text.data[digits]))
        digits++;
    bool leading_zero = digits > 1 && text.data[0] == '0';
    if (digits == 0 || digits > PLAIN_DIGITS_MOST || leading_zero)
        return false;
    if (digits == text.length)
        return true;
    size_t decimals = text.length - digits - 1;
    if (text.data[digits] != '.' || decimals == 0 || decimals > DECIMALS_MOST)
        return false;
    return text_is_digit_byte(text.data[digits + 1]) &&
           text_is_digit_byte(text.data[text.length - 1]);
}

/* The currency that the unit tells, where no sign before the number did. */
static const char *currency_of(const struct amount *amount)
{
    static const struct {
        const char *unit;
        const char *code;
    } units[] = {{"美元", "USD"}, {"USD", "USD"},  {"欧元", "EUR"},   {"EUR", "EUR"},
                 {"港币", "HKD"}, {"港元", "HKD"}, {"HKD", "HKD"},    {"新台币", "TWD"},
                 {"NTD", "TWD"},  {"TWD", "TWD"},  {"澳门元", "MOP"}, {"MOP", "MOP"},
                 {"RMB", "CNY"},  {"CNY", "CNY"},  {"人民币", "CNY"}, {"€", "EUR"},
                 {"£", "GBP"}};
    for (size_t i = 0; !amount->currency && i < sizeof(units) / sizeof(units[0]); i++) {
        if (amount->unit.length == strlen(units[i].unit) &&
            strncasecmp(amount->unit.data, units[i].unit, amount->unit.length) == 0)
            return units[i].code;
    }
    return amount->currency;
}

/* Up to two decimals, without zeros at the end: REAL and text sort and compare the same. */
static void money_run(const struct check_input *input, struct check_output *output)
{
    static const char *const units[] = {
        "元",   "圆",     "块",     "RMB",      "CNY",    "元整", "圓",   "NTD",
        "HKD",  "TWD",    "USD",    "EUR",      "MOP",    "元正", "美元", "欧元",
        "港币", "港元",   "新台币", "澳门元",   "人民币", "塊",   "块钱", "元人民币",
        "含税", "(含税)", "元含税", "元(含税)", "€",      "£"};
    const double most = 1e11;
    struct amount amount = {0};
    if (!is_comma(input->format) && is_plain_amount(input->value)) {
        output->value.length = significant_bytes(input->value);
        return;
    }
    if (!read_amount(input->value, input->format, &amount) ||
        !is_one_of(amount.unit, units, sizeof(units) / sizeof(units[0]))) {
        refuse_format(input, output, "This is not an amount of money.");
        return;
    }
    if (fabs(amount.number) > most) {
        refuse(output, "range", "The amount is too large to be true.");
        return;
    }
    struct slice text = slice_of(arena_format(input->arena, "%.2f", amount.number));
    text.length = significant_bytes(text);
    output->value = slice_equal(text, SLICE("-0")) ? SLICE("0") : text;
    warn_of_doubt(&amount, output);
    check_add_part(output, "currency", slice_of(currency_of(&amount)));
}

/* Digits that need no reading: "45000", but not "045000". */
static bool is_plain_whole(struct slice text)
{
    enum { PLAIN_DIGITS_MOST = 6 };
    if (text.length == 0 || text.length > PLAIN_DIGITS_MOST ||
        (text.data[0] == '0' && text.length > 1))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (!text_is_digit_byte(text.data[i]))
            return false;
    }
    return true;
}

static void set_whole(const struct check_input *input, struct check_output *output, double number)
{
    output->value = slice_of(arena_format(input->arena, "%.0f", number));
}

static void distance_run(const struct check_input *input, struct check_output *output)
{
    static const char *const kilometres[] = {"km", "kms", "公里", "千米", "KM", "里程"};
    static const char *const miles[] = {"mi", "mile", "miles", "英里", "哩"};
    const double km_per_mile = 1.609344;
    const double most_km = 3000000;
    struct amount amount = {0};
    if (is_plain_whole(input->value))
        return;
    bool read = read_amount(input->value, input->format, &amount);
    bool in_miles =
        amount.unit.length > 0 && is_one_of(amount.unit, miles, sizeof(miles) / sizeof(miles[0]));
    if (!read || (!in_miles && !is_one_of(amount.unit, kilometres,
                                          sizeof(kilometres) / sizeof(kilometres[0])))) {
        refuse_format(input, output, "This is not a distance in kilometres.");
        return;
    }
    double km = in_miles ? amount.number * km_per_mile : amount.number;
    if (km < 0 || km > most_km) {
        refuse(output, "range", "No car has gone so far.");
        return;
    }
    warn_of_doubt(&amount, output);
    set_whole(input, output, km);
}

static void count_run(const struct check_input *input, struct check_output *output)
{
    static const char *const units[] = {"个月", "個月", "月", "期", "次",     "分",
                                        "个",   "個",   "台", "辆", "months", "month"};
    const double most = 1e12;
    struct amount amount = {0};
    if (is_plain_whole(input->value))
        return;
    if (!read_amount(input->value, input->format, &amount) ||
        !is_one_of(amount.unit, units, sizeof(units) / sizeof(units[0])) ||
        amount.number != floor(amount.number)) {
        refuse_format(input, output, "This is not a whole number.");
    } else if (amount.number < 0 || amount.number > most) {
        refuse(output, "range", "The number is negative or too large to be true.");
    } else {
        warn_of_doubt(&amount, output);
        set_whole(input, output, amount.number);
    }
}

const struct check check_money = {.name = "money", .run = money_run};
const struct check check_distance = {.name = "distance", .run = distance_run};
const struct check check_count = {.name = "count", .run = count_run};
