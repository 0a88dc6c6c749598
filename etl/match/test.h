/* test.h: whether two records meet the conditions of match.yaml. Pure, thread safe. */
#ifndef CUST360_MATCH_TEST_H
#define CUST360_MATCH_TEST_H

#include "match/table.h"

bool test_holds(const struct table *table, const struct test *test, uint32_t a, uint32_t b);

#endif
