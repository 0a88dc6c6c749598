/* phone.h: the digits of a phone number out of what somebody typed. */
#ifndef CUST360_STANDARDIZE_PHONE_H
#define CUST360_STANDARDIZE_PHONE_H

#include "standardize/check.h"
#include "standardize/reference/reference_numbers.h"

enum { PHONE_DIGITS_MAX = 24, PHONE_EXTENSION_MAX = 6 };

struct phone {
    char digits[PHONE_DIGITS_MAX + 1];
    size_t count;
    size_t last_group;                       /* digits behind the last hyphen; 0: no hyphen */
    char extension[PHONE_EXTENSION_MAX + 1]; /* behind 转, ext, #, * …; empty: none */
    bool plus;                               /* an international number: + or 00 */
    struct slice other;                      /* a second number in the field; empty: none */
    bool remark;                             /* words stood before or behind it */
    const char *flaw;                        /* code of what keeps it from being read; or NULL */
    const char *flaw_message;
};

/* Reads the (first) number of a text that was folded: separators, brackets and extension apart;
 * 00 before a country code becomes `plus`. */
void phone_read(struct slice text, struct phone *phone);

/* The steps of reading it, for the files that have a part in it. `phone_is_undamaged`: false with
 * the flaw set when a spreadsheet or a screen has taken digits; when an exponent has left all of
 * them the number is read with it (count > 0). `phone_set_flaw` returns false. */
bool phone_is_undamaged(struct phone *phone, struct slice text);
bool phone_set_flaw(struct phone *phone, const char *code, const char *message);
size_t phone_count_digits(struct slice text);

/* The region that a country code, the mapping's hint (cn, hk, mo, tw) or the form of the number
 * tells; the national number without trunk 0 and carrier codes is in *national (part of the
 * phone's digits). PHONE_REGIONS: a number of another country. */
enum phone_region phone_region(const struct phone *phone, const char *format,
                               struct slice *national);

/* "+", the country's code and the national number. */
struct slice phone_e164(struct arena *arena, enum phone_region region, struct slice national);

/* Three texts one after the other, with a NUL behind. */
struct slice phone_join(struct arena *arena, struct slice first, struct slice second,
                        struct slice third);

/* The parts that every number has: type, e164, national (as it is dialled within its region:
 * landlines of the mainland and all of Taiwan with the trunk 0), region, extension. */
void phone_add_parts(const struct check_input *input, struct check_output *output,
                     const struct phone *phone, enum phone_region region, struct slice national,
                     const char *type);

/* The number with its extension behind a hyphen; as it is when it has none. */
struct slice phone_with_extension(struct arena *arena, struct slice number,
                                  const struct phone *phone);

/* Takes the last group of digits behind a hyphen for an extension. */
void phone_cut_extension(struct phone *phone);

/* Whether they are all the same digit: nobody's number. */
bool phone_is_one_digit(struct slice digits);

/* What a mainland number without trunk 0 is for. */
enum mobile_use phone_mobile_use(const struct number_tables *tables, struct slice national);

/* The country's code, "86"; its name, "CN". */
const char *phone_country_code(enum phone_region region);
const char *phone_region_name(enum phone_region region);

/* What the checks of these names do with a number that has been read. */
void mobile_check(const struct check_input *input, struct check_output *output,
                  struct phone *phone);
bool mobile_brief(const struct check_input *input, struct check_output *output);
void landline_check(const struct check_input *input, struct check_output *output,
                    struct phone *phone);

/* Adds the findings that every kind of number may have (a second number in the field). */
void phone_add_findings(const struct phone *phone, struct check_output *output);

#endif
