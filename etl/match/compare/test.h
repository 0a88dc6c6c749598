/* test.h: whether two records meet the conditions of match.yaml. Pure, thread safe. */
#ifndef CUST360_MATCH_TEST_H
#define CUST360_MATCH_TEST_H

#include "match/intake/table.h"

enum { SEEN_ATTRIBUTES = 64 };

/* Two records side by side: which attributes both know, and of these which are equal (or have a
 * value in common), a bit each for the first SEEN_ATTRIBUTES. Most tests are decided by that. */
struct pair_view {
    const struct table *table;
    uint32_t a;
    uint32_t b;
    uint64_t equal;
    uint64_t known;
};

struct pair_view pair_view_make(const struct table *table, uint32_t a, uint32_t b);

/* What the glance alone tells of a test. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_OPEN };
enum answer test_answer(uint64_t equal, uint64_t known, const struct test *test);

bool test_holds_in(const struct pair_view *view, const struct test *test);

/* The same for two records that are looked at once. */
bool test_holds(const struct table *table, const struct test *test, uint32_t a, uint32_t b);

#endif
