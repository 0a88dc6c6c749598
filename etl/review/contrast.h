/* contrast.h: where the values of a case differ, down to the character. */
#ifndef CUST360_REVIEW_CONTRAST_H
#define CUST360_REVIEW_CONTRAST_H

#include "cust360/review_case.h"

/* A '1' for each character (code point) of `value` that is not in the longest text which both have
 * in common, else a '0'. Long values are compared by their ends. In the arena. */
const char *contrast_marks(struct arena *arena, struct slice value, struct slice other);

/* Says of each field and cell how it differs, and puts fields that differ first. */
void contrast_find(struct arena *arena, struct review_case *found);

#endif
