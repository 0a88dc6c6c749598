/* support.h: a folder for the files of a test, and what one expects of errors. */
#ifndef CUST360_TESTS_UNIT_CONFIG_SUPPORT_H
#define CUST360_TESTS_UNIT_CONFIG_SUPPORT_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config.h"

#include <criterion/criterion.h>

/* The test's folder and arena: use as .init and .fini. */
void config_open(void);
void config_close(void);

struct arena *config_arena(void);

/* A path in the folder. */
const char *config_path(const char *name);

/* Writes a file; folders are made. Returns its path. */
const char *config_write(const char *name, const char *text);

/* Reads a file of the repository. */
struct slice config_read(const char *path);

/* The error as people see it, in the test's arena. */
const char *config_described(const struct error *error);

/* Asserts that the error stands at line:column (0: not looked at) and says these things (NULL: not
 * looked at). */
void config_expect(const struct error *error, unsigned line, unsigned column, const char *message,
                   const char *hint);

/* The repository's model and codes. */
struct model *config_model(void);

#endif
