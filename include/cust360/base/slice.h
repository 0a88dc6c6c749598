/* slice.h: borrowed text.
 *
 * A slice points at bytes that somebody else owns and says how many there are. It is not
 * NUL-terminated, may hold any byte, and lives no longer than its owner (usually an arena).
 * An empty slice has length 0; its pointer may be NULL. Slices are passed by value. */
#ifndef CUST360_BASE_SLICE_H
#define CUST360_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *data;
    size_t length; /* bytes */
};

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

/* For printf's "%.*s". */
#define SLICE_ARGUMENTS(slice) (int)(slice).length, (slice).data ? (slice).data : ""

/* A slice of NUL-terminated text (not copied); NULL gives the empty slice. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline struct slice slice_make(const char *data, size_t length)
{
    return (struct slice){data, length};
}

static inline bool slice_is_empty(struct slice slice)
{
    return slice.length == 0;
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Order by bytes, as strcmp would; for UTF-8 this is the order of code points. */
int slice_compare(struct slice a, struct slice b);
/* Whether it equals one of the names, behind the last of which stands NULL. */
bool slice_is_one_of(struct slice slice, const char *const *names);

bool slice_starts_with(struct slice slice, struct slice prefix);
bool slice_ends_with(struct slice slice, struct slice suffix);

/* Byte offset of the first `needle`, or -1. An empty needle is found at 0. */
ptrdiff_t slice_find(struct slice slice, struct slice needle);

/* The slice without ASCII white space at either end. */
struct slice slice_trim(struct slice slice);

/* Bytes from `start` (clamped) up to `end` (clamped). */
static inline struct slice slice_cut(struct slice slice, size_t start, size_t end)
{
    if (end > slice.length)
        end = slice.length;
    if (start > end)
        start = end;
    /* No offset may be added to the address of no text, not even 0. */
    return slice_make(start > 0 ? slice.data + start : slice.data, end - start);
}

#endif
