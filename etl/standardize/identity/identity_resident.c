/* GB 11643-1999: six digits of region, date of birth, sequence (odd: male), check character by
 * ISO 7064 MOD 11-2. The edition of 1989 had 15 digits: a year of two and no check character. */
#include "cust360/base/date.h"
#include "standardize/identity/identity.h"
#include "standardize/reference/reference_numbers.h"

enum {
    NUMBER_LENGTH = 18,
    OLD_LENGTH = 15,
    BODY_LENGTH = 17,
    REGION_LENGTH = 6,
    DATE_LENGTH = 8,
    SEX_PLACE = 16,
    BIRTH_YEAR_LEAST = 1900,
    OWNER_YEARS_LEAST = 16, /* who buys a car is rarely younger */
    OWNER_YEARS_MOST = 100, /* nor older */
    ISSUE_YEAR = 1984,      /* numbers have been given out since */
    LAST_YEAR = 9999
};

static char check_character(const char *body)
{
    static const int weights[BODY_LENGTH] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < BODY_LENGTH; i++)
        sum += (body[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static int read_number(const char *digits, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

/* Reads YYYYMMDD; false when there is no such day, or nobody alive today can be born on it. */
static bool read_birth(const struct check_input *input, const char *digits,
                       struct date_parts *birth)
{
    *birth = (struct date_parts){read_number(digits, 4), read_number(digits + 4, 2),
                                 read_number(digits + 6, 2)};
    return birth->year >= BIRTH_YEAR_LEAST && date_is_valid(*birth) &&
           date_to_days(*birth) <= input->as_of_days;
}

/* Who will be too old goes by the year alone: what was accepted today is so tomorrow, so that a
 * night may leave alone what has not changed. */
static void check_age(const struct check_input *input, struct check_output *output,
                      struct date_parts birth)
{
    struct date_parts today = date_from_days(input->as_of_days);
    int years =
        today.year - birth.year -
        (today.month < birth.month || (today.month == birth.month && today.day < birth.day));
    if (years < OWNER_YEARS_LEAST)
        check_add_finding(output, SEVERITY_WARNING, "age",
                          "After the number its holder is younger than 16.");
    else if (today.year - birth.year > OWNER_YEARS_MOST)
        check_add_finding(output, SEVERITY_WARNING, "age",
                          "After the number its holder is older than 100 this year.");
}

static bool is_permit_region(const char *region)
{
    return memcmp(region, "810000", REGION_LENGTH) == 0 ||
           memcmp(region, "820000", REGION_LENGTH) == 0 ||
           memcmp(region, "830000", REGION_LENGTH) == 0;
}

/* A number is made where its holder is registered at birth; who was born before numbers were given
 * out, or registered late, may have a younger code. So a code that was given up before is doubtful,
 * and only where it is asked for (strict) one that was not yet in force at birth is wrong. */
static void check_region_time(const struct check_input *input, struct check_output *output,
                              const char *number, bool strict)
{
    int born = read_number(number + REGION_LENGTH, 4);
    int first = born > ISSUE_YEAR ? born : ISSUE_YEAR;
    int last = strict && born >= ISSUE_YEAR ? born : LAST_YEAR;
    if (!number_region_in_force(input->reference->numbers, slice_make(number, REGION_LENGTH), first,
                                last))
        check_add_finding(output, strict ? SEVERITY_ERROR : SEVERITY_WARNING, "region_time",
                          "The region's code was not in force when its holder was born.");
}

/* The code of issue is kept for life, so any that ever existed will do. One that is in no edition
 * is doubtful; it is wrong when `least` (the province, or without a check digit the prefecture) did
 * not exist. */
static void check_region(const struct check_input *input, struct check_output *output,
                         const char *number, enum region_knowledge least, bool strict)
{
    if (is_permit_region(number))
        return;
    enum region_knowledge known =
        number_region(input->reference->numbers, slice_make(number, REGION_LENGTH));
    if (known == REGION_KNOWN)
        check_region_time(input, output, number, strict);
    else if (known <= least && !strict)
        check_add_finding(output, SEVERITY_WARNING, "region",
                          "The region in the number is in no edition of GB/T 2260.");
    else
        check_add_finding(output, SEVERITY_ERROR, "region",
                          "The region in the number never existed.");
}

static bool has_error(const struct check_output *output)
{
    for (size_t i = 0; i < output->finding_count; i++) {
        if (output->findings[i].severity >= SEVERITY_ERROR)
            return true;
    }
    return false;
}

/* What all forms share once the 18 characters are there. */
static void finish(const struct check_input *input, struct check_output *output, const char *number,
                   const char *type)
{
    struct date_parts birth = {0};
    if (!read_birth(input, number + REGION_LENGTH, &birth)) {
        check_add_finding(output, SEVERITY_ERROR, "date",
                          "The date of birth in the number does not exist or lies ahead.");
        return;
    }
    char *date = arena_allocate_bytes(input->arena, DATE_TEXT_BYTES);
    date_format(date_to_days(birth), date);
    struct slice whole = arena_copy(input->arena, slice_make(number, NUMBER_LENGTH));
    identity_set(output, type, whole, slice_cut(whole, 0, BODY_LENGTH));
    check_add_part(output, "birth_date", slice_of(date));
    identity_set_gender(output, (number[SEX_PLACE] - '0') % 2 == 1);
    check_age(input, output, birth);
}

/* A spreadsheet keeps fifteen digits and puts zeros for the rest. */
static bool is_rounded(const char *number)
{
    enum { KEPT_DIGITS = 15 };
    return memcmp(number + KEPT_DIGITS, "000", NUMBER_LENGTH - KEPT_DIGITS) == 0;
}

static void check_last(struct check_output *output, const char *number)
{
    if (check_character(number) == number[BODY_LENGTH])
        return;
    if (is_rounded(number))
        check_add_finding(output, SEVERITY_ERROR, "lost_precision",
                          "A spreadsheet has rounded the number; its last three digits are lost.");
    else
        check_add_finding(output, SEVERITY_ERROR, "check_digit",
                          "The number's check digit is wrong: one of its digits must be.");
}

static enum identity_rank rank_of(const struct check_output *output)
{
    if (!has_error(output))
        return IDENTITY_RIGHT;
    return strcmp(output->findings[0].code, "date") == 0 ? IDENTITY_PERHAPS : IDENTITY_FLAWED;
}

enum identity_rank identity_resident(const struct check_input *input,
                                     const struct identity_text *text, struct check_output *output)
{
    const char *number = text->bytes;
    if (text->length != NUMBER_LENGTH || !identity_has_digits(text->slice, 0, BODY_LENGTH) ||
        number[0] == '9' ||
        (number[BODY_LENGTH] != 'X' &&
         !identity_has_digits(text->slice, BODY_LENGTH, NUMBER_LENGTH)))
        return IDENTITY_NOT;
    finish(input, output, number, is_permit_region(number) ? "residence_permit" : "resident");
    check_region(input, output, number, REGION_PROVINCE, text->strict);
    check_last(output, number);
    if (text->cross_for_x)
        check_add_finding(output, SEVERITY_WARNING, "repaired",
                          "The last character was a sign that looks like an X.");
    return rank_of(output);
}

/* Eighteen digits, or seventeen and an X, that are right in every way. */
bool identity_brief(const struct check_input *input, struct check_output *output)
{
    struct slice value = input->value;
    const char *number = value.data;
    struct date_parts birth;
    if (value.length != NUMBER_LENGTH || number[0] >= '8' ||
        !identity_has_digits(value, 0, BODY_LENGTH) ||
        check_character(number) != number[BODY_LENGTH] ||
        !read_birth(input, number + REGION_LENGTH, &birth))
        return false;
    int years = input->as_of_year - birth.year;
    int first = birth.year > ISSUE_YEAR ? birth.year : ISSUE_YEAR;
    if (years <= OWNER_YEARS_LEAST || years > OWNER_YEARS_MOST ||
        !number_region_in_force(input->reference->numbers, slice_cut(value, 0, REGION_LENGTH),
                                first, LAST_YEAR))
        return false;
    char *text = arena_allocate_bytes(input->arena, NUMBER_LENGTH + 1 + DATE_TEXT_BYTES);
    char *date = text + NUMBER_LENGTH + 1;
    memcpy(text, number, NUMBER_LENGTH);
    text[NUMBER_LENGTH] = '\0';
    memcpy(date, number + REGION_LENGTH, 4);
    memcpy(date + 5, number + REGION_LENGTH + 4, 2);
    memcpy(date + 8, number + REGION_LENGTH + 6, 2);
    date[4] = date[7] = '-';
    date[DATE_TEXT_BYTES - 1] = '\0';
    identity_set(output, "resident", slice_make(text, NUMBER_LENGTH),
                 slice_make(text, BODY_LENGTH));
    check_add_part(output, "birth_date", slice_make(date, DATE_TEXT_BYTES - 1));
    identity_set_gender(output, (number[SEX_PLACE] - '0') % 2 == 1);
    identity_compare_typed(input, output);
    return true;
}

enum identity_rank identity_resident_old(const struct check_input *input,
                                         const struct identity_text *text,
                                         struct check_output *output)
{
    enum { SEQUENCE_PLACE = 12, SEQUENCE_DIGITS = 3 };
    char number[NUMBER_LENGTH + 1];
    if (text->length != OLD_LENGTH || !identity_has_digits(text->slice, 0, OLD_LENGTH))
        return IDENTITY_NOT;
    memcpy(number, text->bytes, REGION_LENGTH);
    number[REGION_LENGTH] = '1';
    number[REGION_LENGTH + 1] = '9';
    memcpy(number + REGION_LENGTH + 2, text->bytes + REGION_LENGTH, OLD_LENGTH - REGION_LENGTH);
    number[BODY_LENGTH] = check_character(number);
    finish(input, output, number, "resident");
    check_region(input, output, number, REGION_PREFECTURE, text->strict);
    if (memcmp(text->bytes + SEQUENCE_PLACE, "996", SEQUENCE_DIGITS) >= 0)
        check_add_finding(output, SEVERITY_WARNING, "century",
                          "In the edition of 1989 sequences from 996 on mark who was born before "
                          "1900; the number is read as of the 20th century.");
    return rank_of(output);
}

/* The country of a card, by three digits or three letters. */
static bool set_country(const struct check_input *input, struct check_output *output,
                        struct slice code)
{
    struct slice country = number_country(input->reference->numbers, code);
    if (country.length == 0)
        check_add_finding(output, SEVERITY_ERROR, "nationality",
                          "The country in the number is none of ISO 3166.");
    check_add_part(output, "nationality", country);
    return country.length > 0;
}

/* Most numbers of these forms are something else: where that may be meant, only a right one is
 * taken for a card. */
static enum identity_rank rank_of_card(const struct check_output *output,
                                       const struct identity_text *text)
{
    enum identity_rank rank = rank_of(output);
    return rank == IDENTITY_RIGHT || text->expected ? rank : IDENTITY_NOT;
}

/* Since December 2023: 9, province of acceptance, ISO 3166 number of the country, then as above. */
static enum identity_rank recognize_new_card(const struct check_input *input,
                                             const struct identity_text *text,
                                             struct check_output *output)
{
    enum { PROVINCE_PLACE = 1, COUNTRY_PLACE = 3 };
    if (text->bytes[0] != '9' || !identity_has_digits(text->slice, 0, BODY_LENGTH))
        return IDENTITY_NOT;
    finish(input, output, text->bytes, "permanent_resident");
    check_last(output, text->bytes);
    set_country(input, output, slice_cut(text->slice, COUNTRY_PLACE, REGION_LENGTH));
    char province[REGION_LENGTH] = {'0', '0', '0', '0', '0', '0'};
    memcpy(province, text->bytes + PROVINCE_PLACE, COUNTRY_PLACE - PROVINCE_PLACE);
    if (number_region(input->reference->numbers, slice_make(province, REGION_LENGTH)) ==
        REGION_UNKNOWN)
        check_add_finding(output, SEVERITY_ERROR, "region",
                          "The province in the number never existed.");
    return rank_of_card(output, text);
}

/* Before: three letters of the country and twelve digits, the last a check digit whose rule is not
 * published. */
static enum identity_rank recognize_old_card(const struct check_input *input,
                                             const struct identity_text *text,
                                             struct check_output *output)
{
    enum { COUNTRY_LETTERS = 3 };
    for (size_t i = 0; i < COUNTRY_LETTERS; i++) {
        if (text->bytes[i] < 'A' || text->bytes[i] > 'Z')
            return IDENTITY_NOT;
    }
    if (!identity_has_digits(text->slice, COUNTRY_LETTERS, OLD_LENGTH))
        return IDENTITY_NOT;
    struct slice whole = arena_copy(input->arena, text->slice);
    identity_set(output, "permanent_resident", whole, whole);
    set_country(input, output, slice_cut(text->slice, 0, COUNTRY_LETTERS));
    return rank_of_card(output, text);
}

enum identity_rank identity_permanent_resident(const struct check_input *input,
                                               const struct identity_text *text,
                                               struct check_output *output)
{
    if (text->length == NUMBER_LENGTH)
        return recognize_new_card(input, text, output);
    return text->length == OLD_LENGTH ? recognize_old_card(input, text, output) : IDENTITY_NOT;
}
