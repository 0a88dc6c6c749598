/* support.h: a folder for the files of a test, and what one expects of errors. */
#ifndef CUST360_TESTS_UNIT_CONFIG_SUPPORT_H
#define CUST360_TESTS_UNIT_CONFIG_SUPPORT_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config.h"

#include <criterion/criterion.h>

/* The test's folder and arena: use as .init and .fini. */
void open_files(void);
void close_files(void);

struct arena *test_arena(void);

/* A path in the folder. */
const char *file_path(const char *name);

/* Writes a file; folders are made. Returns its path. */
const char *write_file(const char *name, const char *text);

/* Reads a file of the repository. */
struct slice read_file(const char *path);

/* The error as people see it, in the test's arena. */
const char *described(const struct error *error);

/* Asserts that the error stands at line:column (0: not looked at) and says these things (NULL: not
 * looked at). */
void expect_error(const struct error *error, unsigned line, unsigned column, const char *message,
                  const char *hint);

/* The repository's model and codes. */
struct model *load_model(void);

#endif
