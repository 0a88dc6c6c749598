/* evidence.h: what the columns of a table say of each other, row by row, where headings do not.
 *
 *   an identity number's birth date and gender ──► which date, which code
 *   a VIN's rows in the order of dates         ──► which number is the odometer's
 *   brand before model, region before address  ──► texts that begin with another
 *
 * Only columns whose headings say nothing, or the same, are given a meaning by it. */
#ifndef CUST360_PROFILE_EVIDENCE_H
#define CUST360_PROFILE_EVIDENCE_H

#include "profile/judge.h"

/* The surest column of a meaning, of which more is known than a guess; SIZE_MAX: there is none. */
size_t evidence_column(const struct profile_table *table, const char *meaning);

/* Gives the column the meaning unless its heading says another, another column has it, or it is as
 * sure already. */
void evidence_propose(const struct judging *judging, struct profile_table *table, size_t column,
                      const char *meaning, double sure, const char *why);

/* ---- one column ---- */

bool evidence_is_date(const struct profile_column *column);
bool evidence_is_number(const struct profile_column *column); /* amounts, distances, not codes */
bool evidence_is_code(const struct profile_column *column);   /* few values that come again */
/* All but every fiftieth row has a value of its own: exports repeat rows. */
bool evidence_is_own(const struct profile_column *column);
/* A database's key that only counts rows: what people know them by is another number. */
bool evidence_counts_rows(const struct profile_column *column);
/* Whether the rows may decide: the heading says nothing, or this in part, and nothing is sure yet.
 */
bool evidence_is_open(const struct profile_column *column, const char *meaning);
/* A date that means something else, or perhaps the same: no other one is the only date. */
bool evidence_is_other_date(const struct profile_column *column, const char *meaning);
/* The set of codes.csv that a meaning's values are of; NULL: of none. */
const char *evidence_code_set(const char *meaning);
/* The share of its rows whose values the set has (codes.csv). */
double evidence_in_set(const struct judging *judging, const struct profile_column *column,
                       const char *set);
/* The share of its sampled values that begin with one of the set. */
double evidence_begins_in_set(const struct judging *judging, const struct profile_column *column,
                              const char *set);

/* ---- rows ---- */

/* A date by the column's order of day, month and year; false: the value is none. */
bool evidence_date(const struct profile_column *column, struct slice value, int32_t *days);

/* In how many of the sampled rows the second date lies `least` to `most` days behind the first;
 * *rows: how many have both. */
size_t evidence_days_behind(const struct profile_table *table, size_t first, size_t second,
                            int32_t least, int32_t most, size_t *rows);

/* The share of rows with both in which `part` is found in `whole` no later than `at_most`. Below
 * 0: too few rows tell. */
double evidence_within(const struct profile_table *table, size_t whole, size_t part,
                       size_t at_most);

/* ---- tables ---- */

void judge_rivals(const struct judging *judging, struct profile_table *table);
void judge_people(const struct judging *judging, struct profile_table *table);
/* Whether two or more columns are surely of what a table of papers is about: "contract". */
bool papers_tell_of(const struct judging *judging, const struct profile_table *table,
                    const char *thing);
/* Its number, without which nothing else of it is believed; then its dates and codes. */
void judge_paper_numbers(const struct judging *judging, struct profile_table *table);
void judge_papers(const struct judging *judging, struct profile_table *table);
void judge_parts(const struct judging *judging, struct profile_table *table);
/* Takes back what a row of a car's sale seemed to say of the workshop; `vin`: the cars' column. */
void judge_sales(const struct judging *judging, struct profile_table *table, size_t vin);
void judge_number_by_car(const struct judging *judging, struct profile_table *table, size_t vin);
void judge_cars(const struct judging *judging, struct profile_table *table);

#endif
