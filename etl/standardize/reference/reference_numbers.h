/* reference_numbers.h: the tables of phone numbers, regions of identity numbers and cars. */
#ifndef CUST360_STANDARDIZE_REFERENCE_NUMBERS_H
#define CUST360_STANDARDIZE_REFERENCE_NUMBERS_H

#include "standardize/reference/reference.h"

struct pattern;
struct matcher;

/* What a mainland mobile prefix is for (mobile_prefixes.csv). */
enum mobile_use {
    MOBILE_NONE,      /* not allotted */
    MOBILE_PERSON,    /* somebody's phone */
    MOBILE_MACHINE,   /* things and data cards */
    MOBILE_SATELLITE, /* satellite phones */
    MOBILE_MACHINE_13 /* 13 digits, for things */
};

/* By the first digits of an 11- or 13-digit number; at least 5 digits are there. */
enum mobile_use number_mobile_use(const struct number_tables *tables, const char *digits);

/* A landline area code with its leading 0 (area_codes.csv, area_codes_retired.csv). */
struct area_code {
    struct slice cities;
    struct slice now;  /* given up: the code that took its place; else empty */
    bool seven_digits; /* subscribers have 7 digits (a given-up code: unknown, both) */
    bool eight_digits;
};

/* NULL: there is no such area code. */
const struct area_code *number_area_code(const struct number_tables *tables, struct slice code);

/* Whether a national number (no trunk 0) is one of a region (HK, MO, TW; CN for what the area codes
 * do not tell) after libphonenumber's patterns. */
enum phone_region { PHONE_CN, PHONE_HK, PHONE_MO, PHONE_TW, PHONE_REGIONS };
bool number_is_mobile(const struct number_tables *tables, enum phone_region region,
                      struct slice national, struct matcher *matcher);

/* What a national number that is no mobile's is for, in libphonenumber's words: "fixed_line",
 * "toll_free", "shared_cost", "premium_rate" …; NULL: there is no such number. */
const char *number_landline_type(const struct number_tables *tables, enum phone_region region,
                                 struct slice national, struct matcher *matcher);

/* How much is known of the region of an identity number (divisions_history.csv). */
enum region_knowledge {
    REGION_KNOWN,      /* it is or was a division */
    REGION_PREFECTURE, /* only its first four digits are known */
    REGION_PROVINCE,   /* only its first two digits are known */
    REGION_UNKNOWN
};
enum region_knowledge number_region(const struct number_tables *tables, struct slice code);

/* Whether the code of a known division was in force in any of the years from `first` to `last`. Of
 * codes whose time is not known (those of statistics, of groups of divisions) it is taken to be. */
bool number_region_in_force(const struct number_tables *tables, struct slice code, int first,
                            int last);

/* The two letters of a country by its three letters or its three digits (ISO 3166-1); empty: there
 * is no such country. */
struct slice number_country(const struct number_tables *tables, struct slice code);

/* The maker of a car by world manufacturer identifier (3 characters, or 6 for a small maker), or
 * the empty slice. */
struct slice number_maker(const struct number_tables *tables, struct slice identifier);

/* Whether a letter of a province's plates is in use, e.g. 粤 and B; the area it stands for. */
bool number_plate_area(const struct number_tables *tables, struct slice province, char letter,
                       struct slice *area);

/* Whether a character is one of the 31 that begin plates. */
bool number_is_plate_province(const struct number_tables *tables, struct slice character);

/* Whether new-energy plates have the letter, those of small vehicles as the serial's first sign,
 * those of large ones as its last (code_sets.csv, plate_energy_small and plate_energy_large). */
enum plate_size { PLATE_SMALL, PLATE_LARGE, PLATE_SIZES };
bool number_is_energy_letter(const struct number_tables *tables, enum plate_size size,
                             uint32_t sign);

/* The kinds of organisations of GB 32100: department and class, e.g. "91". */
bool number_is_organisation_class(const struct number_tables *tables, struct slice code);

bool numbers_load(struct reference *reference, struct error *error);

#endif
