/* spelled.h: addresses in letters, English or pinyin.
 *
 *   Rm 1203, Bldg 5, No. 88 Century Ave., Pudong, Shanghai 200120
 *     ──► words, parted where a comma stands
 *     ──► the division: 浦东新区        (spelled_places.c)
 *     ──► road, number, building, room  (spelled_parts.c)
 *
 * The division comes out in ideographs and the numbers as they are, so that the address compares
 * with the Chinese one of the same place; what a road or an estate is called stays in letters. */
#ifndef CUST360_STANDARDIZE_SPELLED_H
#define CUST360_STANDARDIZE_SPELLED_H

#include "standardize/address/address.h"

enum { SPELLED_WORDS_MAX = 64 };

struct spelled_word {
    struct slice typed;
    struct slice
        letters;    /* small, without apostrophes and hyphens between them: jingan, 12-3, 20f */
    bool is_number; /* begins with a digit */
    bool begins;    /* a comma stands before it, or nothing */
    bool is_used;   /* its meaning is known */
};

struct spelled_text {
    struct spelled_word words[SPELLED_WORDS_MAX];
    size_t count;
};

/* Parts a text into its words; those beyond SPELLED_WORDS_MAX are left out. */
void spelled_read(struct slice text, struct arena *arena, struct spelled_text *spelled);

/* Finds the divisions, marks their words, the country's and the postcode's as used. `hint`: a
 * division known to hold the address (PLACE_NONE: unknown). The match's lengths are 0. */
struct place_match spelled_find_place(const struct place_tables *tables,
                                      struct spelled_text *spelled, uint32_t hint,
                                      struct slice *postcode);

/* Reads what is left. */
void spelled_read_parts(struct spelled_text *spelled, struct arena *arena,
                        struct address_parts *parts);

/* East, West Rd's W, pinyin xi: 'E', 'W', 'S', 'N', 'M' (middle, also central); 0: none. */
char spelled_direction(struct slice word);

/* Road, Rd, Lu: the English word for it; NULL: it ends no road. */
const char *spelled_road_word(struct slice word);

#endif
