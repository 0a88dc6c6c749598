/* places_memory.h: divisions that were found lately are not searched again.
 *
 *   address ──► seen one that begins so? ──► its division
 *                        └── no ──► search, and by how many characters it was decided ──► kept
 */
#ifndef CUST360_STANDARDIZE_PLACES_MEMORY_H
#define CUST360_STANDARDIZE_PLACES_MEMORY_H

#include "standardize/reference/reference_places.h"

/* How far a match depends on the characters: any text that begins with the same `exact` ones, and
 * with plain ones (or its end) from there up to `plain`, has the same match. */
struct place_reach {
    size_t exact; /* count + 1: only this text has it */
    size_t plain;
};

/* Whether a character goes on after the name of a place as most do: no separator, no beginning of
 * a filler. */
bool place_is_plain(uint32_t character);

/* The same for an address (PLACES_OF_ADDRESS), and how far it depends on the characters. */
struct place_match place_match_tracked(const struct place_tables *tables, const uint32_t *simple,
                                       size_t count, uint32_t within, struct place_reach *reach);

/* What was matched lately, of one thread: the customers of a group live in a few thousand
 * districts, and the names of divisions stand far apart in memory. One fills a line of the
 * processor's cache.
 */
enum { PLACE_MEMORIES = 16384, PLACE_MEMORY_CHARACTERS = 20 };

struct place_memory {
    uint16_t text[PLACE_MEMORY_CHARACTERS]; /* as many as the reach has exact ones */
    uint32_t within;
    uint32_t place;
    uint32_t either;
    uint8_t exact; /* the reach; 0: nothing yet */
    uint8_t plain;
    uint8_t length;
    uint8_t named;
    bool ambiguous;
};

/* place_match of an address, from memory where it can be. */
struct place_match place_match_again(const struct place_tables *tables,
                                     struct place_memory *memories, const uint32_t *simple,
                                     size_t count, uint32_t within);

#endif
