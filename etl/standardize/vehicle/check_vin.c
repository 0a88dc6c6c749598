/* Vehicle identification numbers: ISO 3779 and, for cars made in China, GB 16735. */
#include "cust360/base/date.h"
#include "standardize/checks.h"
#include "standardize/reference/reference_numbers.h"

enum {
    VIN_LENGTH = 17,
    CHECK_PLACE = 8,
    YEAR_PLACE = 9,
    CYCLE_PLACE = 6, /* in North America a digit here means a year before 2010 */
    MAKER_LENGTH = 3,
    SMALL_MAKER_PLACE = 11, /* where a small maker's identifier goes on */
    SMALL_MAKER_LENGTH = 6,
    MODULUS = 11
};

/* Values of ISO 3779; 0 for I, O and Q, which do not occur. */
static int letter_value(char letter)
{
    static const char values[] = "12345678012345070923456789";
    return values[letter - 'A'] - '0';
}

static int sign_value(char sign)
{
    return sign <= '9' ? sign - '0' : letter_value(sign);
}

static bool check_holds(const char *vin)
{
    static const int weights[VIN_LENGTH] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (size_t i = 0; i < VIN_LENGTH; i++)
        sum += sign_value(vin[i]) * weights[i];
    return vin[CHECK_PLACE] == "0123456789X"[sum % MODULUS];
}

/* Upper case without separators; false when another sign stands in it. */
static bool compact(struct slice value, char *vin, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.data[i];
        if (byte == ' ' || byte == '-' || byte == '.')
            continue;
        if (byte >= 'a' && byte <= 'z')
            byte = (char)(byte - 'a' + 'A');
        if (!((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')))
            return false;
        if (*length < VIN_LENGTH)
            vin[*length] = byte;
        ++*length;
    }
    return true;
}

/* I for 1, O and Q for 0; whether any stood there. */
static bool repair(char *vin)
{
    bool repaired = false;
    for (size_t i = 0; i < VIN_LENGTH; i++) {
        char right = vin[i] == 'I' ? '1' : vin[i] == 'O' || vin[i] == 'Q' ? '0' : vin[i];
        repaired = repaired || right != vin[i];
        vin[i] = right;
    }
    return repaired;
}

/* Who must give the check digit: China (L, and H of its newer range) and North America. Japan and
 * Korea mostly do, Europe does as it likes. */
static void check_last(struct check_output *output, const char *vin)
{
    if (check_holds(vin))
        return;
    if (strchr("LH12345", vin[0]))
        check_add_finding(output, SEVERITY_ERROR, "check_digit",
                          "The VIN's check digit is wrong: one of its characters must be.");
    else if (strchr("JK", vin[0]))
        check_add_finding(output, SEVERITY_WARNING, "check_digit",
                          "The VIN's check digit does not hold; it need not for this maker.");
}

/* GB 16735: the last four characters are digits. */
static void check_serial(struct check_output *output, const char *vin)
{
    enum { SERIAL_DIGITS = 4 };
    for (size_t i = VIN_LENGTH - SERIAL_DIGITS; i < VIN_LENGTH; i++) {
        if (vin[i] > '9' && vin[0] == 'L') {
            check_add_finding(output, SEVERITY_WARNING, "serial",
                              "The last four characters of a car made in China are digits.");
            return;
        }
    }
}

/* The latest year that the code can mean, up to the model year that is sold today. */
static int model_year(const struct check_input *input, const char *vin)
{
    enum { FIRST_YEAR = 1980, FIRST_OF_DIGITS = 2000, CYCLE_YEARS = 30 };
    /* ABCDEFGH JKLMN P RST VWXY: 1980 to 2000; 0: not used. */
    static const unsigned char letters[] = {1,  2, 3,  4, 5,  6,  7,  8, 0,  9,  10, 11, 12,
                                            13, 0, 14, 0, 15, 16, 17, 0, 18, 19, 20, 21, 0};
    char code = vin[YEAR_PLACE];
    int year = FIRST_OF_DIGITS + (code - '0');
    if (code >= 'A')
        year = FIRST_YEAR - 1 + letters[code - 'A'];
    if (code == '0' || year < FIRST_YEAR)
        return 0;
    int latest = input->as_of_year + 1;
    bool old_cycle = vin[0] >= '1' && vin[0] <= '5' && vin[CYCLE_PLACE] <= '9';
    while (!old_cycle && year + CYCLE_YEARS <= latest)
        year += CYCLE_YEARS;
    return year <= latest ? year : 0;
}

static struct slice maker(const struct check_input *input, const char *vin)
{
    const struct number_tables *tables = input->reference->numbers;
    if (vin[MAKER_LENGTH - 1] == '9') {
        char small[SMALL_MAKER_LENGTH];
        memcpy(small, vin, MAKER_LENGTH);
        memcpy(small + MAKER_LENGTH, vin + SMALL_MAKER_PLACE, MAKER_LENGTH);
        struct slice found = number_maker(tables, slice_make(small, SMALL_MAKER_LENGTH));
        if (found.length > 0)
            return found;
    }
    return number_maker(tables, slice_make(vin, MAKER_LENGTH));
}

static struct slice year_text(struct arena *arena, int year)
{
    enum { YEAR_DIGITS = 4 };
    char *text = arena_allocate_bytes(arena, YEAR_DIGITS);
    for (size_t i = YEAR_DIGITS; i > 0; i--) {
        text[i - 1] = (char)('0' + year % 10);
        year /= 10;
    }
    return slice_make(text, YEAR_DIGITS);
}

static void finish(const struct check_input *input, struct check_output *output, const char *vin)
{
    output->value = arena_copy(input->arena, slice_make(vin, VIN_LENGTH));
    check_add_part(output, "maker", maker(input, vin));
    int year = model_year(input, vin);
    if (year > 0)
        check_add_part(output, "model_year", year_text(input->arena, year));
    check_add_part(output, "wmi", slice_cut(output->value, 0, MAKER_LENGTH));
}

static void run(const struct check_input *input, struct check_output *output, bool digit)
{
    char vin[VIN_LENGTH + 1] = {0};
    size_t length = 0;
    if (!compact(input->value, vin, &length)) {
        check_add_finding(output, SEVERITY_ERROR, "format", "A VIN has letters and digits only.");
        return;
    }
    if (length != VIN_LENGTH) {
        check_add_finding(output, SEVERITY_ERROR, "length", "A VIN has 17 characters.");
        return;
    }
    if (memcmp(vin, vin + 1, VIN_LENGTH - 1) == 0) {
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "One sign again and again is no VIN.");
        return;
    }
    bool repaired = repair(vin);
    if (repaired && !check_holds(vin)) {
        check_add_finding(output, SEVERITY_ERROR, "format", "A VIN has no I, O or Q.");
        return;
    }
    if (repaired)
        check_add_finding(output, SEVERITY_WARNING, "repaired",
                          "I was read as 1, O and Q as 0; the check digit confirms it.");
    if (digit)
        check_last(output, vin);
    check_serial(output, vin);
    finish(input, output, vin);
}

static void vin_run(const struct check_input *input, struct check_output *output)
{
    run(input, output, true);
}

static void vin_format_run(const struct check_input *input, struct check_output *output)
{
    run(input, output, false);
}

/* By byte: the value of ISO 3779 plus one; 0 for signs that no VIN has. */
#define NO_SIGNS_16 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
static const unsigned char sign_values[128] = {
    NO_SIGNS_16, NO_SIGNS_16, NO_SIGNS_16, 1, 2, 3,  4, 5, 6, 7, 8, 9, 10, 0, 0, 0,
    0,           0,           0,           0, 2, 3,  4, 5, 6, 7, 8, 9, 0,  2, 3, 4,
    5,           6,           0,           8, 0, 10, 3, 4, 5, 6, 7, 8, 9,  10};

/* Seventeen signs with the right check digit, the last four digits. */
static bool vin_brief(const struct check_input *input, struct check_output *output)
{
    static const unsigned char weights[VIN_LENGTH] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                                                      9, 8, 7, 6, 5, 4, 3, 2};
    enum { SERIAL_PLACE = 13 };
    const char *vin = input->value.data;
    unsigned sum = 0;
    unsigned strange = 0;
    if (input->value.length != VIN_LENGTH || vin[0] == vin[1])
        return false;
    for (size_t i = 0; i < VIN_LENGTH; i++) {
        unsigned char byte = (unsigned char)vin[i];
        unsigned value = sign_values[byte & 0x7F];
        strange |= (value == 0) | byte >> 7;
        sum += (value - 1) * weights[i];
    }
    for (size_t i = SERIAL_PLACE; i < VIN_LENGTH; i++)
        strange |= vin[i] > '9';
    if (strange || vin[CHECK_PLACE] != "0123456789X"[sum % MODULUS])
        return false;
    finish(input, output, vin);
    return true;
}

const struct check check_vin = {.name = "vin", .run = vin_run, .brief = vin_brief};
const struct check check_vin_format = {.name = "vin_format", .run = vin_format_run};
