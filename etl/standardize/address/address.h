/* address.h: reading what follows the division in an address, behind the check `address`.
 *
 *   中山东路100号 阳光花园 12栋 3单元 1502室 ──► tokens ──► road, number, estate, building …
 *
 * A token is a run of ideographs or a number with the word that says what it counts. */
#ifndef CUST360_STANDARDIZE_ADDRESS_H
#define CUST360_STANDARDIZE_ADDRESS_H

#include "standardize/reference/reference_places.h"
#include "standardize/text/glyphs.h"

enum { NUMBER_PARTS = 4 };

/* A number as it stands in an address: 12, A3, 12-3-1502, 十二, 甲5, 负1. */
struct address_number {
    struct slice parts[NUMBER_PARTS]; /* without leading zeros, letters in upper case */
    size_t part_count;
    enum address_part marker; /* what it counts; ADDRESS_PARTS: nothing says */
};

/* Whether a number may begin so: most characters are passed over without a closer look. */
static inline bool address_may_begin_number(const struct place_tables *tables, struct glyphs text,
                                            size_t index)
{
    uint32_t character = text.simple[index];
    if (character < 0x80)
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
               character == '-';
    return trie_find(tables->numerals, text.simple + index, 1) != TRIE_NONE;
}

/* Reads the number at `index`; returns the index behind it and its marker, or `index` when there is
 * none. An ideographic number counts only before a marker (三单元, but not 三环路); one that a road
 * is called by (2号大街, 312国道) is none. */
size_t address_number_read(const struct place_tables *tables, struct glyphs text, size_t index,
                           struct arena *arena, struct address_number *number);

/* Reads an ideographic number, whatever follows; returns as above. */
size_t address_numeral_read(const struct place_tables *tables, struct glyphs text, size_t index,
                            struct arena *arena, struct slice *numeral);

/* Where the number at `index` ends that a road is called by; `index`: there is none. */
size_t address_road_number(const struct place_tables *tables, struct glyphs text, size_t index);

/* What was found; in simplified characters, empty when missing. */
struct address_parts {
    struct slice town;
    struct slice village;
    struct slice road; /* without one, a village that the number is in */
    struct slice number;
    struct slice estate; /* without one, a village that buildings are in */
    struct slice building;
    struct slice unit;
    struct slice room;
    struct slice postcode;
};

/* Reads the text behind the division. */
void address_read(const struct place_tables *tables, struct glyphs text, struct arena *arena,
                  struct address_parts *parts);

#endif
