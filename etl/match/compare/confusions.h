/* confusions.h: characters that are taken for each other (homophones, look-alikes, variants).
 *
 * From a CSV with the columns `key` and `members` (characters with blanks between them). A row
 * whose key is one character tells what that one is taken for; any other row is a set of which each
 * is taken for each. Read-only once loaded, thread safe. */
#ifndef CUST360_MATCH_CONFUSIONS_H
#define CUST360_MATCH_CONFUSIONS_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include <stdint.h>

struct confusions;

const struct confusions *confusions_load(struct arena *arena, const char *path,
                                         struct error *error);

/* Whether two different characters are taken for each other. */
bool confusions_has(const struct confusions *confusions, uint32_t a, uint32_t b);

#endif
