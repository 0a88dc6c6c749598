/* reference.h: the reference tables (mappings/reference/), loaded once and then read-only.
 *
 * One member a group of tables; each group has its own header, which says what is in it and how it
 * is asked. A group is loaded by NAME_load and freed by NAME_destroy (which allows NULL);
 * reference.c only lists them. Shared by threads. */
#ifndef CUST360_STANDARDIZE_REFERENCE_H
#define CUST360_STANDARDIZE_REFERENCE_H

#include "cust360/base/error.h"

struct number_tables;    /* reference_numbers.h: phones, identity numbers, cars */
struct character_tables; /* unicode.h: forms of characters that are folded */
struct name_tables;      /* reference_names.h: surnames, titles, companies' words */
struct place_tables;     /* reference_places.h: divisions and the words of addresses */

struct reference {
    struct number_tables *numbers;
    struct character_tables *characters;
    struct name_tables *names;
    struct place_tables *places;
};

/* Loads all tables of a folder. NULL: error with file and line (exit code 78). */
struct reference *reference_load(const char *folder, struct error *error);
void reference_destroy(struct reference *reference);

#endif
