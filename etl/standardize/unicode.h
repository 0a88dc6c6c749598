/* unicode.h: bringing the forms of one character together.
 *
 * Pure functions of their input and of the tables; thread safe. */
#ifndef CUST360_STANDARDIZE_UNICODE_H
#define CUST360_STANDARDIZE_UNICODE_H

#include "cust360/base/buffer.h"
#include "standardize/reference.h"

/* Appends `text` with full-width ASCII made half-width, ideographic and no-break spaces made
 * spaces, zero-width characters and variation selectors dropped, radicals, compatibility
 * ideographs and the private-use characters of older GB 18030 made the characters they stand for.
 * Nothing else changes: traditional characters stay traditional. The caller passes over text that
 * is all printable ASCII, which folds to itself. */
void unicode_fold(const struct reference *reference, struct slice text, struct buffer *result);

/* Appends the text in normalization form NFKC (Unicode Standard Annex 15). */
void unicode_nfkc(struct slice text, struct buffer *result);

#endif
