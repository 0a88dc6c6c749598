/* error.h: what went wrong, where, and what to do.
 *
 * There are two levels of failure. A record that is set aside while the run goes on is
 * REJECTED; that is data (a finding), not an error. FAILED stops what was being done: the function
 * returns false (or FAILED) and has filled a struct error, which travels up to the one
 * place that prints it. Functions that succeed leave *error untouched.
 *
 * Messages are one factual line ("could not open …"), without function names; no personal
 * value is ever put into one unmasked (text_mask). */
#ifndef CUST360_BASE_ERROR_H
#define CUST360_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum outcome {
    ACCEPTED, /* went through */
    REJECTED, /* this row is set aside, with its findings; the run goes on */
    FAILED,   /* stop; an error is filled in */
    ENDED     /* nothing more to read */
};

/* The process's exit codes; they are part of the interface (README). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SOURCE_MISSING = 3, /* published, but a source is missing or failed */
    EXIT_GATE = 5,           /* stopped by a gate, nothing published */
    EXIT_STATE = 10,         /* state missing or of another version */
    EXIT_LOCKED = 11,        /* another run holds the state */
    EXIT_CREDENTIALS = 12,   /* a secret could not be had */
    EXIT_CONFIGURATION = 78, /* project, mapping, rule or model file */
    EXIT_INTERRUPTED = 130,
    EXIT_TERMINATED = 143
};

struct error {
    int exit_code;            /* enum exit_code */
    uint64_t line;            /* 1-based; 0: no line */
    uint64_t column;          /* 1-based, in characters; 0: no column */
    char source[64];          /* the source's id; empty: none */
    char file[512];           /* as the user named it; empty: none */
    char message[512];        /* what is wrong, without place */
    char hint[512];           /* what to do; empty: none */
    char excerpt[256];        /* the line it stands in, shown with a caret; empty: none */
    uint64_t excerpt_skipped; /* characters of a long line that are left out before the excerpt */
};

/* Fills *error afresh (place and hint emptied) and returns false, so that a function
 * can end with `return error_set(…)`. */
bool error_set(struct error *error, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the place to an error just set; `file` may be NULL (keep), 0 means unknown. Returns false.
 */
bool error_place(struct error *error, const char *file, uint64_t line, uint64_t column);

/* Adds what to do about it. Returns false. */
bool error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says which source it concerns. Returns false. */
bool error_source(struct error *error, const char *source_id);

/* error_set with ": " and the text of errno `number` behind the message. */
bool error_set_system(struct error *error, int exit_code, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

struct buffer;

/* The whole of it as one would print it: "file:line:column: message", the excerpt with a caret, the
 * hint; each ends in a newline. Appended to `text`. */
void error_describe(const struct error *error, struct buffer *text);

#endif
