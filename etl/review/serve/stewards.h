/* stewards.h: who may use the page, from a CSV file with the columns name and role. */
#ifndef CUST360_REVIEW_STEWARDS_H
#define CUST360_REVIEW_STEWARDS_H

#include "web.h"

/* The arena owns them. False: `error` names file and line. */
bool stewards_read(struct arena *arena, const char *path, struct web_steward **stewards,
                   size_t *count, struct error *error);

#endif
