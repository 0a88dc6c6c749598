#include "base/csv_line.h"
#include "cust360/base/csv.h"
#include "cust360/base/memory.h"

#include <endian.h>
#include <stdint.h>

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

enum { BLOCK_BYTES = 8 };

/* The delimiters among eight bytes: the highest bit of each byte that is one, the first byte's
 * lowest. */
static inline uint64_t delimiters_in(const char *bytes, char delimiter)
{
    const uint64_t low_bits = UINT64_C(0x7F7F7F7F7F7F7F7F);
    uint64_t block;
    memcpy(&block, bytes, sizeof(block));
    uint64_t zero = le64toh(block) ^ (unsigned char)delimiter * UINT64_C(0x0101010101010101);
    return ~(((zero & low_bits) + low_bits) | zero | low_bits);
}

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
        for (uint64_t found = delimiters_in(at, delimiter); found; found &= found - 1)
            add_field(&splitting, at + __builtin_ctzll(found) / 8);
    for (; at < end; at++)
        if (*at == delimiter)
            add_field(&splitting, at);
    add_field(&splitting, end);
    return splitting.count;
}
