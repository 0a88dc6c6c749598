/* lab.h: rules from text, records in a few words. */
#ifndef TESTS_MATCH_LAB_H
#define TESTS_MATCH_LAB_H

#include "cust360/match.h"
#include "match/intake/table.h"
#include "match/rules/rules.h"

#include <criterion/criterion.h>

/* persons: name, surname, given, birth, phone, number, city, street, kind; cars: owner, vin */
extern struct model lab_model;

/* Rules that most tests use: see lab.c. Attributes by number: */
enum { NAME, SURNAME, GIVEN, BIRTH, PHONE, NUMBER, CITY, KIND, VIN, LAB_ATTRIBUTES };
extern const char lab_rules_text[];
extern const char lab_model_text[];

struct lab {
    char folder[256];
    struct arena *arena;
    struct error error;
    struct match_rules *rules;
    struct match_model *model;
    struct match_input *input;
    struct match_result result;
    unsigned records;
};

/* Loads rules (NULL: lab_rules_text) and, unless `without_model`, lab_model_text. */
void lab_begin(struct lab *lab, const char *rules_text);
/* The same rules for records of another model; without a trained model. */
void lab_begin_with(struct lab *lab, const char *rules_text, const struct model *model);
void lab_end(struct lab *lab);

/* A file in the lab's folder. */
const char *lab_write(struct lab *lab, const char *name, const char *text);

/* Loads rules that must be refused, and returns how that reads, without the folder. */
const char *lab_refused_rules(struct lab *lab, const char *text);

/* Adds a record: "name=Ann birth=1980-01-02 vin=V1 vin=V2"; keys count upwards. */
uint32_t lab_add(struct lab *lab, const char *values);

/* Runs the match; must succeed. */
void lab_match(struct lab *lab, const struct match_decision *decisions, size_t count,
               unsigned threads);

/* The clusters as text: "0 0 2 0". */
const char *lab_clusters(struct lab *lab);

/* A small generator of its own for random inputs: below `limit`. */
uint32_t lab_random(uint64_t *state, uint32_t limit);

/* Adds a record of one of so many people, who share phones and cars, often with something missing.
 */
void lab_add_random(struct lab *lab, uint64_t *state, uint32_t people);

/* Asserts that two results are the same in all that they tell. */
void lab_expect_same(const struct match_result *a, const struct match_result *b);

/* The error as printed, with the folder cut out. */
const char *lab_described(struct lab *lab);

#endif
