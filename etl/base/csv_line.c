#include "base/csv_line.h"
#include "cust360/base/csv.h"
#include "cust360/base/memory.h"

const char *csv_line_end(const char *from, const char *end, const char **newline)
{
    const char *search = *newline && *newline > from ? *newline : from;
    const char *found = search < end ? memchr(search, '\n', (size_t)(end - search)) : NULL;
    *newline = found ? found : end;
    const char *carriage = memchr(from, '\r', (size_t)(*newline - from));
    if (carriage && carriage + 1 < *newline)
        return carriage + 1;
    return found ? found + 1 : end;
}

/* The delimiters among 16 bytes, a bit each. */
enum { BLOCK_BYTES = 16 };

#ifdef __SSE2__
#include <emmintrin.h>

static inline unsigned delimiters_in(const char *bytes, char delimiter)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(delimiter)));
}
#else
static inline unsigned delimiters_in(const char *bytes, char delimiter)
{
    unsigned found = 0;
    for (unsigned i = 0; i < BLOCK_BYTES; i++)
        found |= (unsigned)(bytes[i] == delimiter) << i;
    return found;
}
#endif

/* The fields of a line as they are found. */
struct splitting {
    struct slice **fields;
    size_t *capacity;
    size_t count;
    const char *from; /* where the next field begins */
    char delimiter;
};

static inline void add_field(struct splitting *splitting, const char *stop)
{
    const char *from = splitting->from;
    splitting->from = stop + 1;
    while (from < stop && csv_is_blank(*from, splitting->delimiter))
        from++;
    while (stop > from && csv_is_blank(stop[-1], splitting->delimiter))
        stop--;
    *splitting->fields = memory_grow(*splitting->fields, splitting->capacity, splitting->count + 1,
                                     sizeof(struct slice));
    (*splitting->fields)[splitting->count++] = slice_make(from, (size_t)(stop - from));
}

size_t csv_line_split(struct slice line, char delimiter, struct slice **fields, size_t *capacity)
{
    const char *at = line.data;
    const char *end = line.data + line.length;
    struct splitting splitting = {fields, capacity, 0, line.data, delimiter};
    while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES)
        for (unsigned found = delimiters_in(at, delimiter); found; found &= found - 1)
            add_field(&splitting, at + __builtin_ctz(found));
    for (; at < end; at++)
        if (*at == delimiter)
            add_field(&splitting, at);
    add_field(&splitting, end);
    return splitting.count;
}
