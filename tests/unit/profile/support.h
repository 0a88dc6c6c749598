/* support.h: made tables, judged; what several tests of profile need. */
#ifndef TESTS_UNIT_PROFILE_SUPPORT_H
#define TESTS_UNIT_PROFILE_SUPPORT_H

#include "cust360/profile.h"
#include "profile/judge.h"

enum { CELL_BYTES = 64 };

struct made_table {
    const char *name;
    const char *const *headings;
    size_t column_count;
    size_t row_count;
    /* Writes a cell, at most CELL_BYTES; `kinds` is the next member. */
    void (*fill)(const char *kinds, size_t row, size_t column, char *cell);
    const char *kinds;
    /* How surely a value is of a kind, from 0 to 1, by its form alone. */
    double (*judge)(void *context, const char *kind, struct slice value);
};

/* The .init and .fini of a suite: the project's own words, and memory for what is made. */
void judging_open(void);
void judging_close(void);

/* The table's columns with what they are taken for; they live until judging_close. */
const struct profile_column *judge_made(const struct made_table *asked);

/* That a column is surely taken for this. */
void expect_meaning(const struct profile_column *column, const char *meaning);

#endif
