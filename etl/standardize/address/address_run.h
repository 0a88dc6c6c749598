/* address_run.h: a run of ideographs in an address, taken apart. */
#ifndef CUST360_STANDARDIZE_ADDRESS_RUN_H
#define CUST360_STANDARDIZE_ADDRESS_RUN_H

#include "standardize/reference/reference_places.h"
#include "standardize/text/glyphs.h"

/* From `first` up to `end`, characters of the text; end 0: nothing. */
struct address_span {
    size_t first;
    size_t end;
};

struct address_run {
    struct glyphs text;
    size_t first;
    size_t end; /* a note (附近) cuts it */
    struct address_span town;
    struct address_span zone;
    struct address_span village;
    struct address_span place;  /* of Hong Kong and Macao: 旺角 */
    struct address_span road;   /* the first one */
    struct address_span estate; /* ends in a word for estates */
    size_t rest;                /* behind all of these; up to `end`: perhaps an estate's name */
    /* within the reading: what was named last, and where that is noted */
    struct address_span named;
    struct address_span *named_kind;
    bool named_is_place;
};

/* Reads the run from `first` up to `end`, the other members being 0. Returns where to go on: `end`,
 * or behind a note. */
size_t address_run_read(const struct place_tables *tables, struct address_run *run);

/* 东 南 西 北 中 */
bool address_is_direction(uint32_t character);

#endif
