/* small_group.h: two dealers of a few hundred customers each, whose nights the tests make up. */
#ifndef CUST360_TESTS_E2E_SMALL_GROUP_H
#define CUST360_TESTS_E2E_SMALL_GROUP_H

#include "support.h"

#define VIEW  "out/customer360.db"
#define STATE "state/state.db"

/* For .init: a workspace with a project, D01 (customers 1 to 600) and E01 (1001 to 1600). */
void small_group_open(void);

/* Writes the project with further keys of the project and of the source D01. */
void write_project(const char *keys, const char *source_keys);

/* Customers `from` to `to` of a dealer; `extra` is an awk statement on the fields of a row. */
void write_feed(const char *name, int from, int to, const char *extra);

/* A night of the project; what it printed on stderr, freed by the caller. */
char *night(const char *day, const char *options, int exit_code);
void quiet_night(const char *day, const char *options, int exit_code);
void expect_message(const char *day, const char *options, int exit_code, const char *part);

/* In the published view. */
long customers(void);

#endif
