/* desk.h: a state of four customers with open cases, and stewards who sit at it.
 *
 * The engine is a sham: it locks nothing but what a test says, and clusters nothing. So what is
 * seen is what the review itself does. */
#ifndef TESTS_REVIEW_DESK_H
#define TESTS_REVIEW_DESK_H

#include "cust360/review.h"
#include "cust360/review_bulk.h"
#include "cust360/review_customer.h"
#include "cust360/review_decide.h"
#include "cust360/review_stats.h"

extern struct desk {
    char folder[256];
    struct arena *arena;
    struct review *review;
    struct database *state;
    struct review_rules *rules; /* the project's */
    bool locked;                /* a run holds the state */
    int64_t unlike; /* the sum of two records' numbers whose evidence reads otherwise; 0: none */
    struct error error;
} desk;

/* .init and .fini of a suite. */
void desk_open(void);
void desk_close(void);

/* The next steward's session on the same state. */
void desk_reopen(void);

int64_t desk_number(const char *sql); /* of the state */

/* The key of the open case of a kind with the highest priority. */
const char *desk_case(enum review_kind kind);

/* What a steward says on a case that he has just seen. */
struct review_verdict desk_verdict(const char *key, const char *who, enum review_word word);

#endif
