/* identity.h: the kinds of numbers by which persons and organisations are known.
 *
 *   text ──► identity_compact ──► each recognizer: not mine, flawed, right ──► the best answer
 *
 * A recognizer looks at the compact form (upper case, no separators, no brackets) and fills a
 * candidate's output as a check would. */
#ifndef CUST360_STANDARDIZE_IDENTITY_H
#define CUST360_STANDARDIZE_IDENTITY_H

#include "standardize/check.h"

enum { IDENTITY_BYTES_MAX = 24 };

struct identity_text {
    char bytes[IDENTITY_BYTES_MAX + 1];
    size_t length;
    bool bracketed;     /* brackets around the last character */
    bool organisation;  /* the record says that it is one */
    bool expected;      /* the kind is for this paper alone: what looks like it is meant for it */
    bool strict;        /* the region must have been in force when its holder was born */
    bool cross_for_x;   /* a sign that looks like an X stood in the last place */
    struct slice slice; /* of bytes */
};

enum identity_rank {
    IDENTITY_NOT,     /* it does not look like this kind */
    IDENTITY_PERHAPS, /* it looks a little like it and is wrong */
    IDENTITY_FLAWED,  /* it is meant for it and is wrong */
    IDENTITY_RIGHT
};

typedef enum identity_rank identity_recognizer(const struct check_input *input,
                                               const struct identity_text *text,
                                               struct check_output *output);

/* Resident identity number, GB 11643-1999; its 15-digit form of 1989; residence permits for people
 * from Hong Kong, Macao and Taiwan; foreign permanent resident's card. */
identity_recognizer identity_resident;
identity_recognizer identity_resident_old;
identity_recognizer identity_permanent_resident;

/* Unified social credit code, GB 32100-2015; organisation code, GB 11714-1997; business licence,
 * GS 15-2006; tax number made of region and organisation code; Taiwan's 統一編號. */
identity_recognizer identity_credit_code;
identity_recognizer identity_organisation_code;
identity_recognizer identity_licence;
identity_recognizer identity_taiwan_organisation;

/* Papers of Hong Kong, Macao and Taiwan; travel permits; passports; what else may be one. */
identity_recognizer identity_hong_kong;
identity_recognizer identity_macao;
identity_recognizer identity_taiwan;
identity_recognizer identity_permit;
identity_recognizer identity_passport;
identity_recognizer identity_other;

/* Text ──► compact form. */
enum identity_compacting {
    IDENTITY_COMPACT,
    IDENTITY_LONG,   /* it has more characters than any number */
    IDENTITY_FOREIGN /* it has characters that no number has */
};
enum identity_compacting identity_compact(struct slice value, struct identity_text *text);

/* 000000000000000000, 111111111111111: typed to get past an obligatory field. */
bool identity_is_one_sign(const struct identity_text *text);

/* Tells of a text that no compact form can be made of what has become of it: masked, rounded, or
 * no number at all. False: nothing was found to tell. */
bool identity_tell_damage(struct slice value, struct check_output *output);

/* Holds what the number tells (parts birth_date and gender) against the record's fields of these
 * names, when they stand before the number; warns where they differ. */
void identity_compare_typed(const struct check_input *input, struct check_output *output);

/* Sets value and key, and the part `type`. */
void identity_set(struct check_output *output, const char *type, struct slice number,
                  struct slice key);

/* Adds the part `gender` (M or F). */
void identity_set_gender(struct check_output *output, bool male);

/* The short way of the check `identity`, for resident numbers. */
bool identity_brief(const struct check_input *input, struct check_output *output);

/* Whether bytes `start` up to `end` of the text are all digits. */
bool identity_has_digits(struct slice text, size_t start, size_t end);

/* The last character of an organisation code (GB 11714-1997) for its first eight, or 0 when one of
 * them may not stand there. */
char identity_organisation_check(const char *code);

#endif
