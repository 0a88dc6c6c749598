/* glyphs.h: a text taken apart into characters, as typed and as compared, side by side.
 *
 * Checks that look for words walk over `simple` and build what they keep from `typed`. */
#ifndef CUST360_STANDARDIZE_GLYPHS_H
#define CUST360_STANDARDIZE_GLYPHS_H

#include "standardize/reference/reference.h"

#include <stdint.h>

struct glyphs {
    uint32_t *typed;
    uint32_t *simple; /* simplified, ASCII letters in lower case */
    size_t count;
    bool is_simple; /* known to be without spaces, and `typed` the same as `simple` */
};

/* Takes a cleaned text (unicode_clean) apart; the arrays belong to the arena. */
struct glyphs glyphs_of(const struct reference *reference, struct slice text, struct arena *arena);

/* The text of `count` characters. */
struct slice glyphs_text(const uint32_t *characters, size_t count, struct arena *arena);

/* The texts one after the other; empty ones may have data NULL. */
struct slice glyphs_join(const struct slice *texts, size_t count, struct arena *arena);

/* From `first` up to `end`. The arrays are shared. */
static inline struct glyphs glyphs_cut(struct glyphs glyphs, size_t first, size_t end)
{
    return (struct glyphs){glyphs.typed + first, glyphs.simple + first, end - first,
                           glyphs.is_simple};
}

/* Appends character `index` of `from`; the room is the caller's business. */
static inline void glyphs_add(struct glyphs *to, struct glyphs from, size_t index)
{
    to->typed[to->count] = from.typed[index];
    to->simple[to->count++] = from.simple[index];
}

/* Copies that can be changed without touching the arrays of `glyphs`. */
struct glyphs glyphs_copy(struct glyphs glyphs, struct arena *arena);

/* Where a bracket that opens at `index` closes (its own kind, not nested), or SIZE_MAX; SIZE_MAX
 * too when no bracket opens there. Knows ASCII, Chinese and square brackets. */
size_t glyphs_bracket_end(struct glyphs glyphs, size_t index);

#endif
