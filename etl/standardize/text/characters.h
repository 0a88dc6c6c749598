/* characters.h: what the reference tables know of single characters.
 *
 * One lookup by code point gives all of it. Tables: compat_unified.csv, gb18030_pua.csv (clean
 * forms); trad_simp.csv, simp_trad.csv, hant_variants.csv, glyph_variants.csv (comparison form);
 * char_pinyin.csv (reading). */
#ifndef CUST360_STANDARDIZE_CHARACTERS_H
#define CUST360_STANDARDIZE_CHARACTERS_H

#include "standardize/reference/reference.h"

#include <stdint.h>

enum {
    CHARACTER_DROPPED = 0xFFFF, /* cleaning leaves it out (a noncharacter in Unicode) */
    CHARACTER_LIMIT = 0x30000,  /* the tables reach to the end of the second plane of ideographs */
    CHARACTER_PLANE = 0x10000,
    CHARACTER_PAGE_BITS = 8,
    CHARACTER_PAGE = 1 << CHARACTER_PAGE_BITS,
    READING_BYTES = 7
};

/* The usual Mandarin reading in toneless letters; ü is v. */
struct reading {
    uint8_t length; /* 0: none known */
    char letters[READING_BYTES];
};

struct character {
    uint32_t clean;  /* 0: stays; a space; CHARACTER_DROPPED; else what it is replaced by */
    uint32_t simple; /* the form to compare by; 0: itself */
    struct reading reading;
};

struct character_tables {
    /* A bit for each character of the first plane whose `simple` is another: most have none. */
    uint64_t has_simple[CHARACTER_PLANE / 64];
    struct character *pages[CHARACTER_LIMIT >> CHARACTER_PAGE_BITS]; /* NULL: nothing known */
};

/* The loader of reference->characters. */
bool characters_load(struct reference *reference, struct error *error);

/* The form to compare by. */
static inline uint32_t character_simple(const struct character_tables *tables, uint32_t code_point);

/* What is known of a character, or NULL. */
static inline const struct character *character_find(const struct character_tables *tables,
                                                     uint32_t code_point)
{
    if (code_point >= CHARACTER_LIMIT)
        return NULL;
    const struct character *page = tables->pages[code_point >> CHARACTER_PAGE_BITS];
    return page ? &page[code_point & (CHARACTER_PAGE - 1)] : NULL;
}

static inline uint32_t character_simple(const struct character_tables *tables, uint32_t code_point)
{
    if (code_point < CHARACTER_PLANE &&
        !(tables->has_simple[code_point / 64] >> code_point % 64 & 1))
        return code_point;
    const struct character *known = character_find(tables, code_point);
    return known && known->simple ? known->simple : code_point;
}

#endif
