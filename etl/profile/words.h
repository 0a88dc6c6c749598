/* words.h: what a heading says, word by word, and which meanings that fits.
 *
 *   客户手机 · CustMobile · khsj · txtCheZhuTel ──► words.csv ──► atoms: customer, mobile
 *            ──► meanings.csv ──► customer.mobile, how well it fits
 *
 * Chinese words are known by their pinyin, too: whole (shouji) and by initials (sj). */
#ifndef CUST360_PROFILE_WORDS_H
#define CUST360_PROFILE_WORDS_H

#include "cust360/profile.h"

enum { ATOMS_MOST = 16 };

/* A set of atoms, each a number of the words' dictionary. */
struct atoms {
    uint16_t list[ATOMS_MOST];
    size_t count;
    unsigned unknown; /* words that nobody knows */
    unsigned guessed; /* short for a known word or a slip of one; single letters */
    bool abbreviated; /* by initials of pinyin alone, which may stand for much */
};

struct meaning {
    const char *name;
    const char *kind; /* empty: known, and wanted by no field */
    enum personal_class personal;
};

/* Takes a heading apart. Text in predicates and prefixes of paths is the caller's business. */
void words_read(const struct profile_words *words, struct slice heading, struct atoms *atoms);

/* The same where letters stand for several things (sj: 手机, 时间): from 0, the likeliest, one way
 * to read the heading after the other. Returns how many ways there are. */
size_t words_read_variant(const struct profile_words *words, struct slice heading, size_t variant,
                          struct atoms *atoms);

uint16_t words_atom(const struct profile_words *words, const char *name); /* or UINT16_MAX */
const char *words_atom_name(const struct profile_words *words, uint16_t atom);
bool atoms_have(const struct atoms *atoms, uint16_t atom);
void atoms_add(struct atoms *atoms, uint16_t atom);

/* One meaning that a heading may have. */
struct reading_of_heading {
    const struct meaning *meaning;
    double fit;    /* 0 to 1 */
    unsigned rank; /* of its line among all: the likelier stand first */
};

/* All meanings that fit, best first; `theme` are atoms that the table as a whole says (of a file of
 * complaints), which fill in what a heading leaves out. Returns how many, at most `most`. */
size_t words_meanings(const struct profile_words *words, const struct atoms *heading,
                      const struct atoms *theme, struct reading_of_heading *readings, size_t most);

/* Whether sources write a value of a set so (codes.csv; brand: brands.csv), and whether a text
 * begins with one. */
bool words_has_code(const struct profile_words *words, const char *set, struct slice value);
bool words_begins_with_code(const struct profile_words *words, const char *set, struct slice text);

/* Whether an atom is of another person or thing than the customer and the car. */
bool words_is_role(const struct profile_words *words, uint16_t atom);

const struct meaning *words_meaning(const struct profile_words *words, const char *name);

#endif
