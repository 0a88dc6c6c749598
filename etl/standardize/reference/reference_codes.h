/* reference_codes.h: lists of codes of national and international standards, and what people type
 * for them.
 *
 * Tables: code_sets.csv (sets by name: occupation, marital …), countries.csv (the set country). */
#ifndef CUST360_STANDARDIZE_REFERENCE_CODES_H
#define CUST360_STANDARDIZE_REFERENCE_CODES_H

#include "standardize/reference/reference.h"

struct code_entry {
    struct slice code;
    struct slice label_zh;
    struct slice label_en;
};

enum { CODE_TEXT_BYTES_MAX = 120 }; /* longer texts are in no set */

/* The code that a text means in a set: the code itself, its Chinese or English name, or another
 * word for it, without regard to case and white space. NULL: none. */
const struct code_entry *code_find(const struct code_tables *tables, struct slice set,
                                   struct slice text);

/* Whether there is a set of this name at all. */
bool code_set_exists(const struct code_tables *tables, struct slice set);

/* The loader of reference->codes. */
bool codes_load(struct reference *reference, struct error *error);

#endif
