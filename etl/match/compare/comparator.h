/* comparator.h: how two values of an attribute may relate.
 *
 * One comparator = one file = one constant = one row of the table in comparators.c. A comparator is
 * a pure function; it is asked about two known values that are not equal (crossed ones: may be),
 * and is symmetric. */
#ifndef CUST360_MATCH_COMPARATOR_H
#define CUST360_MATCH_COMPARATOR_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include <stdint.h>

/* What can be said without looking into the values. */
enum relation {
    RELATION_EXACT,     /* known and equal (many-valued: one value in common) */
    RELATION_DIFFERENT, /* known and not equal (nothing in common) */
    RELATION_KNOWN,     /* both are known */
    RELATION_UNKNOWN,   /* one is missing */
    RELATION_TEXTS,     /* equal, or `holds` says yes */
    /* Each record's value of this attribute beside the other record's of another one: `holds` says
     * yes to both, to one. */
    RELATION_CROSSED_BOTH,
    RELATION_CROSSED_ONE
};

struct confusions; /* confusions.h */

struct comparator_argument {
    double limit;                        /* the number in match.yaml */
    const struct confusions *confusions; /* characters that are taken for each other; or NULL */
};

struct comparator {
    const char *name; /* as match.yaml writes it */
    enum relation relation;
    const char *limit; /* what its number means; NULL: it takes none */
    double limit_least;
    double limit_most;
    /* How many characters more and fewer the one text may have than the other, taken as bags; by
     * `limit` when it takes one. 0: any number. What has more is never asked. */
    unsigned changes;
    bool (*holds)(struct slice a, struct slice b, const struct comparator_argument *argument);
};

extern const struct comparator comparator_exact, comparator_different, comparator_known,
    comparator_unknown, comparator_edit, comparator_slip, comparator_date_slip,
    comparator_jaro_winkler, comparator_contains, comparator_within, comparator_confusable,
    comparator_words, comparator_word_share, comparator_qgrams, comparator_begins,
    comparator_date_parts, comparator_swapped, comparator_moved;

/* By name, or NULL; `names` lists them all, ending with NULL. */
const struct comparator *comparator_find(struct slice name);
extern const char *const comparator_names[];

/* ---- measures, for comparators and their tests ---- */

enum { CHARACTERS_MAX = 128 };

/* Decodes up to CHARACTERS_MAX characters; returns how many. */
size_t characters_decode(struct slice text, uint32_t *characters);

/* A text's bag of characters in 64 bits. Of two texts at least as many characters differ as bits
 * do.
 */
uint64_t characters_signature(struct slice text);

/* Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each
 * place edited once (Damerau 1964; Boytsov 2011, "restricted"). Stops counting above `limit`. */
size_t edit_distance(struct slice a, struct slice b, size_t limit);

/* 0 to 1; Winkler 1990: prefix of up to 4 characters, scale 0.1, for any Jaro similarity. */
double jaro_winkler_similarity(struct slice a, struct slice b);

/* Of all the words of two texts, those that stand in both (Jaccard); of their pairs of characters
 * (Dice). 0 to 1. */
double word_share(struct slice a, struct slice b);
double qgram_similarity(struct slice a, struct slice b);

/* One character replaced, or two neighbours swapped; lengths equal. */
bool is_one_slip(struct slice a, struct slice b);

#endif
