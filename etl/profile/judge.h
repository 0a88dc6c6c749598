/* judge.h: what a column means, between the files that find it out. */
#ifndef CUST360_PROFILE_JUDGE_H
#define CUST360_PROFILE_JUDGE_H

#include "profile/words.h"

struct judging {
    const struct profile_words *words;
    const struct profile_judge_of_values *judge;
    struct arena *arena;
    char parts; /* what stands between the steps of headings that are paths; '\0': none are */
};

/* ---- judge_heading.c ---- */

/* Whether an atom is what a whole table may be about (customer, service …): that fills in what
 * headings leave out. */
bool heading_is_thing(const struct profile_words *words, uint16_t atom);
void heading_add_things(const struct profile_words *words, struct slice text, struct atoms *theme);
void atoms_add_all(struct atoms *atoms, const struct atoms *other);

/* The point, where most headings are paths with points (customer.phones.0.number); '\0': else. */
char heading_parts(const struct profile_table *table);

/* A heading without what stands in its brackets (金额（元）); itself where nothing does, or where
 * that says whose the value is (电话(联系人)). */
const char *heading_without_brackets(const struct judging *judging, const char *heading);

/* One way to read a heading or path (words_read_variant); adds the nearest thing above to `theme`.
 * Returns how many ways there are. */
size_t heading_read(const struct judging *judging, const char *heading, size_t variant,
                    struct atoms *atoms, struct atoms *theme);

/* The length of what nearly all columns begin with and says nothing; else 0. */
size_t heading_common_prefix(const struct profile_words *words, const struct profile_table *table);

/* ---- judge_affix.c ---- */

/* A heading without the first and last part that several columns share and that say nothing
 * (new_mobile, Mobile__c). Text of the heading or of the arena. */
const char *heading_without_affixes(const struct judging *judging,
                                    const struct profile_table *table, const char *heading);

/* The length of the next longer run of letters than `longer` that several columns begin with
 * (CSNAM, CSTEL); 0: there is none. */
size_t heading_glued_prefix(const struct profile_table *table, const char *heading, size_t longer);

/* What a column's values are like, by themselves. */
struct value_facts {
    double numeric; /* share that are numbers */
    double median;  /* of those */
    double han;     /* share with ideographs */
    double spaced;  /* share with blanks */
    double mails;   /* share with an @ */
    double digits;  /* share with a digit */
    double serials; /* share that may be days as a spreadsheet counts them, of 1955 to 2063 */
    bool comma;     /* numbers have a comma before their decimals: 1.234,50 */
    bool dotted;    /* some are 1.234, and none tells what the point is */
    bool few;       /* they come again and again: a list of codes */
};

/* Whether a value is a number, with signs of currencies and marks between thousands; whether its
 * decimals stand behind a comma. Blanks part thousands only where decimals follow: 138 001 380 may
 * be a telephone. */
bool value_number(struct slice value, double *number, bool *comma);

void value_facts_find(const struct profile_column *column, struct value_facts *facts);

enum { PAPER_LENGTH = 12 }; /* characters: what is shorter is not the number of somebody's paper */

/* ---- judge_agreement.c ---- */

/* How sure a heading's word is once the values have been looked at: for it, neutral, against. */
double judge_agreement(const struct profile_column *column, const char *kind,
                       const struct value_facts *facts);

/* Few words that come again and again; but surnames do, too. */
bool values_are_codes(const struct profile_column *column, const struct value_facts *facts);

bool kind_is_date(const char *kind);

/* What the rules said of the values, for the kind in question or else the likeliest; in words. */
const char *say_values(struct arena *arena, const struct profile_column *column, const char *kind);

/* Fills in guesses, the date format and its ambiguity. */
void judge_values(struct profile_column *column, const struct profile_judge_of_values *judge);

/* The share of the sampled values that are of a kind; below 0: none was looked at. */
double guess_share(const struct profile_column *column, const char *kind);

/* Keys and joins of all tables, once meanings are known. */
void judge_keys(struct profile *profile, struct arena *arena);

/* judge_joins.c: databases; the customer's number and the VIN of rows that are named by their
 * number come along as columns of the table, and its query joins them. */
void judge_joins(const struct judging *judging, struct profile *profile);

#endif
