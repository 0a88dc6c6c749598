/* shapes.h: small sets of different shapes with their truth, to hold the default comparisons and
 * thresholds of the short form against. */
#ifndef TESTS_MATCH_SHAPES_H
#define TESTS_MATCH_SHAPES_H

#include "cust360/evaluate.h"
#include "lab.h"

/* One record; an empty text is a missing value. */
struct shape_record {
    char name[64]; /* the whole name; of a company its name */
    char surname[24];
    char given[24];
    char birth[16];
    char phone[16];
    char number[16];
    char city[24];
    char street[40];
    char house[8];
    char postcode[8];
};

struct shape {
    struct lab lab;
    uint64_t random;
    uint32_t *truth; /* by record */
    uint32_t records;
    double noise; /* how likely each value of a copy is changed, or lost */
};

/* Loads the short form with these fields, e.g. "name: name, birth: date". */
void shape_begin(struct shape *shape, const char *compare, uint64_t seed);
void shape_end(struct shape *shape);

/* A person who has little to do with the others: names and places as unevenly spread as they are.
 */
struct shape_record shape_person(struct shape *shape);

/* Adds a record of somebody as it is, or with slips and gaps by the shape's noise. */
void shape_add(struct shape *shape, const struct shape_record *record, uint32_t who);
void shape_add_copy(struct shape *shape, const struct shape_record *record, uint32_t who);

/* A number below `limit`, and whether a thing of this chance comes about. */
uint32_t shape_below(struct shape *shape, uint32_t limit);
bool shape_chance(struct shape *shape, double chance);

/* Trains, matches and holds the result against the truth. */
struct evaluation shape_match(struct shape *shape);

#endif
