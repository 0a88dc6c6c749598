/* support.h: a state made by hand, and the view built from it by the project's own SQL.
 *
 * Each test has a folder of its own. Customers are put by their golden number N, whose id is
 * "G<N>"; a record's number in its source is also its source key. */
#ifndef CUST360_TESTS_VIEW_SUPPORT_H
#define CUST360_TESTS_VIEW_SUPPORT_H

#include "cust360/view.h"

/* Use as .init and .fini of a suite. */
void view_test_open(void);
void view_test_close(void);

const char *state_file(void);
const char *view_file(void);

/* A path in the test's folder; lives until the next 8 calls. */
const char *in_folder(const char *name);
void write_file(const char *name, const char *text);

/* Runs SQL on the state, or on the view. */
void in_state(const char *sql);

/* A customer record of a source (1 to 3: dealers D01 to D03; 4 to 9: headquarters) with a golden
 * customer, whose golden record is made or adds to its counts. NULL: no value. */
void put_customer(int source, const char *key, int golden, const char *name, const char *mobile);

/* A car's record of that customer number; a service of it. NULL: no value. */
void put_car(int source, const char *key, const char *vin, const char *bought);
void put_service(int source, const char *key, const char *vin, const char *date, const char *order);

/* Builds the view as of build_as_of (2026-06-30, unless a test sets it) from `folder` (NULL:
 * mappings/view), on as many threads as build_threads says: 2, unless a test sets it. */
extern unsigned build_threads;
extern int64_t build_run;        /* 2, unless a test sets it */
extern int64_t build_former_run; /* 0, unless a test sets it: as view_options.former_run_id */
extern const char *build_as_of;
extern bool build_reversed; /* false, unless a test sets it: as view_options.reversed */
bool build_from(const char *folder, struct view_result *result, struct error *error);
void build_view(void);

/* All rows of a query on the view, columns parted by "|", rows by a space; empty is "-". The
 * text lives until the next call. */
const char *view_rows(const char *sql);

#define expect_rows(sql, wanted) cr_assert_str_eq(view_rows(sql), wanted, "%s", view_rows(sql))

#endif
