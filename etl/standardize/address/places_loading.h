/* places_loading.h: what the loaders of places share while they fill the place tables
 * (reference_places.c: the divisions of today; reference_former.c: other names for them). */
#ifndef CUST360_STANDARDIZE_PLACES_LOADING_H
#define CUST360_STANDARDIZE_PLACES_LOADING_H

#include "standardize/reference/reference_places.h"

struct loading {
    struct reference *reference;
    struct place_tables *tables;
    struct arena *scratch;
    struct map *codes;  /* GB/T 2260 code: index of the place */
    struct map *cities; /* province and city, as written in the tables: index of the place */
};

/* A word may name many places; the same place only once, by the first form. Words of one character
 * are passed over. */
void places_put_word(struct loading *loading, struct slice word, uint32_t place,
                     enum place_form form);

/* Both texts, one after the other; the scratch arena owns the result. */
struct slice places_joined(struct loading *loading, struct slice a, struct slice b);

/* A division's name without the word for its kind: 西湖 of 西湖区; all of it when too little would
 * stay. */
struct slice places_stem(struct slice name);

/* 恩施 of 恩施土家族苗族. */
struct slice places_without_peoples(struct loading *loading, struct slice stem);

/* The names in letters, of all places that are loaded. */
bool places_load_spelled(struct loading *loading, struct error *error);

/* Names of divisions that were renamed, joined or parted, which are still written; and what people
 * call divisions beside their names. After all names of today, which win. */
bool places_load_former(struct loading *loading, struct error *error);

#endif
