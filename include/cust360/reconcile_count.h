/* reconcile_count.h: the records of a file counted by its bytes, by a way that shares nothing with
 * the readers of a run, so that no mistake of theirs is in it too. */
#ifndef CUST360_RECONCILE_COUNT_H
#define CUST360_RECONCILE_COUNT_H

#include "cust360/base/error.h"
#include <stdint.h>

struct raw_count {
    uint64_t bytes;
    uint64_t hash;    /* of all bytes */
    uint64_t records; /* lines outside of quotes that are not blank, or elements of a name */
};

/* Counts the records of a delimited file by its bytes: UTF-16 by its byte order mark, else any
 * encoding whose line feeds and quotes are ASCII's. */
bool raw_count_lines(const char *path, char quote, struct raw_count *count, struct error *error);

/* Counts the elements of a record path (/Export/Customer), outside of comments and CDATA. */
bool raw_count_elements(const char *path, const char *record, struct raw_count *count,
                        struct error *error);

#endif
