/* place.h: databases that a view is published to, started by the tests themselves.
 *
 * A place is a real server (tests/servers) or a SQLite file, and cust360.yaml of the workspace
 * names it as the target "there". */
#ifndef CUST360_TESTS_E2E_PLACE_H
#define CUST360_TESTS_E2E_PLACE_H

#include "support.h"

enum place { PLACE_POSTGRESQL, PLACE_MARIADB, PLACE_SQLITE };

/* Starts the server (a file needs none) and writes the project; password_file is as the project
 * names it, NULL for the right one. */
void place_open(enum place place);
void place_write_project(enum place place, const char *password_file, const char *more);

/* Stops and removes what place_open has started; for .fini too. */
void place_close(void);

/* Stops the server at once, as if its machine had lost power, and starts it again. */
void place_down(enum place place);
void place_up(enum place place);

/* Runs SQL there as its owner; the values of its rows, parted by | and newlines; freed by the
 * caller. %s of the names of tables is up to the caller. */
char *place_ask(enum place place, const char *sql);

/* The outcome of a query is this text. */
void place_expect(enum place place, const char *sql, const char *expected);

/* Writes out/customer360.db: customers 1 to `count`, as of run `run_id`, changed by SQL. */
void place_write_view(int run_id, int count, const char *changes);

#endif
