/* support.h: running the real binary in a folder of its own.
 *
 * A workspace is a temporary folder with a project that uses the repository's mappings; it is
 * removed when the test ends. Failures of the support itself fail the test. */
#ifndef CUST360_TESTS_E2E_SUPPORT_H
#define CUST360_TESTS_E2E_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

struct workspace {
    char folder[256];
};

struct finished {
    int exit_code;  /* 128 + signal when it was killed */
    char *output;   /* stdout, NUL-terminated */
    char *messages; /* stderr */
};

/* Use as .init and .fini of a suite. */
void workspace_open(void);
void workspace_close(void);

/* A path in the workspace; the text lives until the next 16 calls. */
const char *in_workspace(const char *name);

/* Writes a file (folders are made) of NUL-terminated text, or of bytes. */
void write_text(const char *name, const char *text);
void write_bytes(const char *name, const char *bytes, size_t length);

/* The whole file, NUL-terminated; freed by the caller. NULL: there is none. */
char *read_text(const char *name);
bool exists(const char *name);

/* Copies the sample group's feeds to the workspace's folder `feeds`, with its databases built. */
void copy_sample_feeds(void);

/* Runs the binary ($CUST360) with arguments as a shell would split them; "@" at the start of an
 * argument stands for the workspace's folder. */
struct finished run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Runs a shell command in the repository's root; fails the test when it does not end with 0. */
void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A query's single value from an SQLite file of the workspace, as text; freed by the caller. */
char *query(const char *database, const char *sql);
long query_number(const char *database, const char *sql);

void finished_release(struct finished *finished);

/* Asserts with all output in the message. */
#define expect_exit(finished, code)                                                                \
    cr_assert_eq((finished).exit_code, (code), "exit %d, not %d\nstdout:\n%s\nstderr:\n%s",        \
                 (finished).exit_code, (code), (finished).output, (finished).messages)
#define expect_contains(text, part)                                                                \
    cr_assert(strstr((text), (part)), "\"%s\" is not in:\n%s", (part), (text))
#define expect_lacks(text, part)                                                                   \
    cr_assert(!strstr((text), (part)), "\"%s\" is in:\n%s", (part), (text))

#endif
