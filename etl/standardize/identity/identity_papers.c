#include "standardize/identity/identity.h"

static bool is_letter(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static size_t leading_letters(const struct identity_text *text)
{
    size_t count = 0;
    while (count < text->length && is_letter(text->bytes[count]))
        count++;
    return count;
}

static enum identity_rank accept(const struct check_input *input, const struct identity_text *text,
                                 struct check_output *output, const char *type)
{
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, type, whole, whole);
    return IDENTITY_RIGHT;
}

static enum identity_rank refuse(struct check_output *output)
{
    check_add_finding(output, SEVERITY_ERROR, "check_digit",
                      "The number's check digit is wrong: one of its digits must be.");
    return IDENTITY_FLAWED;
}

/* The passports of the mainland, Hong Kong and Macao that begin with two letters; all else with two
 * letters and seven digits is a card of Hong Kong. */
static bool has_passport_letters(const char *bytes)
{
    static const char *const pairs[] = {"DE", "SE", "PE", "KJ", "HJ", "MA"};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (memcmp(bytes, pairs[i], 2) == 0)
            return true;
    }
    return bytes[0] == 'E' && bytes[1] != 'I' && bytes[1] != 'O';
}

enum { HONG_KONG_DIGITS = 6 };

/* One or two letters, six digits, a check character; two letters and seven digits may be a passport
 * as well. */
static bool is_hong_kong_shape(const struct identity_text *text, size_t letters)
{
    if (letters < 1 || letters > 2 || text->length != letters + HONG_KONG_DIGITS + 1 ||
        !identity_has_digits(text->slice, letters, letters + HONG_KONG_DIGITS))
        return false;
    char check = text->bytes[text->length - 1];
    bool surely = letters == 1 || text->bracketed || text->expected;
    return (check == 'A' || (check >= '0' && check <= '9')) &&
           (surely || !has_passport_letters(text->bytes));
}

/* Weights 9 to 1; a missing letter counts 36. */
enum identity_rank identity_hong_kong(const struct check_input *input,
                                      const struct identity_text *text, struct check_output *output)
{
    enum { BLANK = 36, MODULUS = 11 };
    size_t letters = leading_letters(text);
    if (!is_hong_kong_shape(text, letters))
        return IDENTITY_NOT;
    char check = text->bytes[text->length - 1];
    int weight = 8;
    int sum = 9 * (letters == 2 ? text->bytes[0] - 'A' + 10 : BLANK);
    sum += weight-- * (text->bytes[letters - 1] - 'A' + 10);
    for (size_t i = 0; i < HONG_KONG_DIGITS; i++)
        sum += weight-- * (text->bytes[letters + i] - '0');
    sum += check == 'A' ? 10 : check - '0';
    return sum % MODULUS == 0 ? accept(input, text, output, "hong_kong") : refuse(output);
}

/* 1234567(8), beginning with 1, 5 or 7; how its check digit is made is not published. */
enum identity_rank identity_macao(const struct check_input *input, const struct identity_text *text,
                                  struct check_output *output)
{
    enum { LENGTH = 8 };
    if (text->length != LENGTH || !(text->bracketed || text->expected) ||
        !strchr("157", text->bytes[0]) || !identity_has_digits(text->slice, 0, LENGTH))
        return IDENTITY_NOT;
    return accept(input, text, output, "macao");
}

/* The two digits that a letter stands for, in the order of the letters. */
static int taiwan_letter(char letter)
{
    static const int values[] = {10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};
    return values[letter - 'A'];
}

/* A letter and nine digits: 1 or 2 for nationals, 8 or 9 for residents since 2021; before,
 * residents had a second letter A to D, of which the last digit of its value counts. */
enum identity_rank identity_taiwan(const struct check_input *input,
                                   const struct identity_text *text, struct check_output *output)
{
    enum { LENGTH = 10, MODULUS = 10 };
    if (text->length != LENGTH || !is_letter(text->bytes[0]) ||
        !identity_has_digits(text->slice, 2, LENGTH))
        return IDENTITY_NOT;
    char second = text->bytes[1];
    bool old_resident = second >= 'A' && second <= 'D';
    if (!old_resident && !(second && strchr("1289", second)))
        return IDENTITY_NOT;
    int value = taiwan_letter(text->bytes[0]);
    int sum = value / 10 + value % 10 * 9;
    sum += 8 * (old_resident ? taiwan_letter(second) % 10 : second - '0');
    for (size_t i = 2; i < LENGTH - 1; i++)
        sum += (int)(LENGTH - 1 - i) * (text->bytes[i] - '0');
    sum += text->bytes[LENGTH - 1] - '0';
    if (sum % MODULUS != 0)
        return refuse(output);
    bool resident = old_resident || second >= '8';
    accept(input, text, output, resident ? "taiwan_resident" : "taiwan");
    identity_set_gender(output, strchr("1A8C", second) != NULL);
    return IDENTITY_RIGHT;
}

/* A letter H or M and eight digits; two more count the issues of the older cards. */
static bool is_home_return(const struct identity_text *text)
{
    enum { LENGTH = 9, LONG_LENGTH = 11 };
    return strchr("HM", text->bytes[0]) && identity_has_digits(text->slice, 1, text->length) &&
           (text->length == LENGTH || text->length == LONG_LENGTH);
}

/* Eight digits; of the older ones ten, and a letter in brackets. */
static bool is_taiwan_permit(const struct identity_text *text)
{
    enum { LENGTH = 8, LONG_DIGITS = 10 };
    if (text->length == LENGTH)
        return (text->expected || !text->organisation) &&
               identity_has_digits(text->slice, 0, LENGTH);
    /* The canonical form has no brackets. */
    return (text->bracketed || text->expected) && text->length == LONG_DIGITS + 1 &&
           identity_has_digits(text->slice, 0, LONG_DIGITS) && is_letter(text->bytes[LONG_DIGITS]);
}

/* Travel permits to the mainland: a person is known by what does not count the issues. */
enum identity_rank identity_permit(const struct check_input *input,
                                   const struct identity_text *text, struct check_output *output)
{
    enum { HOME_RETURN_KEY = 9, TAIWAN_KEY = 8 };
    bool home_return = is_home_return(text);
    if (!home_return && !is_taiwan_permit(text))
        return IDENTITY_NOT;
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, home_return ? "home_return_permit" : "taiwan_permit", whole,
                 slice_cut(whole, 0, home_return ? HOME_RETURN_KEY : TAIWAN_KEY));
    return IDENTITY_RIGHT;
}

/* Passports of the mainland, Hong Kong and Macao. The number has no check digit of its own. Those
 * of diplomats (D), officials (S, P) may have a digit less, which looks like a card of Hong Kong.
 */
enum identity_rank identity_passport(const struct check_input *input,
                                     const struct identity_text *text, struct check_output *output)
{
    enum { LENGTH = 9, SHORT_LENGTH = 8 };
    size_t letters = leading_letters(text);
    if (!identity_has_digits(text->slice, letters, text->length))
        return IDENTITY_NOT;
    bool brief = text->length == SHORT_LENGTH && text->expected && letters == 1 &&
                 strchr("DSP", text->bytes[0]);
    if (brief)
        return accept(input, text, output, "passport");
    if (text->length != LENGTH)
        return IDENTITY_NOT;
    bool one = letters == 1 && strchr("EKGDSPH", text->bytes[0]);
    bool two = letters == 2 && has_passport_letters(text->bytes);
    bool none =
        letters == 0 && (memcmp(text->bytes, "14", 2) == 0 || memcmp(text->bytes, "15", 2) == 0);
    return one || two || none ? accept(input, text, output, "passport") : IDENTITY_NOT;
}

/* Passports of other countries have up to nine letters and digits (ICAO Doc 9303) and no common
 * form. */
enum identity_rank identity_other(const struct check_input *input, const struct identity_text *text,
                                  struct check_output *output)
{
    enum { LENGTH_LEAST = 6, LENGTH_MOST = 9, DIGITS_LEAST = 5 };
    size_t digits = 0;
    for (size_t i = 0; i < text->length; i++)
        digits += !is_letter(text->bytes[i]);
    bool numbers_only = digits == text->length && text->length != LENGTH_MOST;
    if (text->length < LENGTH_LEAST || text->length > LENGTH_MOST || digits < DIGITS_LEAST ||
        numbers_only)
        return IDENTITY_NOT;
    check_add_finding(output, SEVERITY_WARNING, "unverified",
                      "The number is of no known kind; it has not been checked.");
    return accept(input, text, output, "other");
}
