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

size_t csv_line_split(struct slice line, char delimiter, struct slice **fields, size_t *capacity)
{
    const char *from = line.data;
    const char *end = line.data + line.length;
    while (end > from && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    size_t count = 0;
    for (bool more = true; more; count++) {
        const char *found = memchr(from, delimiter, (size_t)(end - from));
        const char *stop = found ? found : end;
        const char *next = stop + 1;
        more = found != NULL;
        while (from < stop && csv_is_blank(*from, delimiter))
            from++;
        while (stop > from && csv_is_blank(stop[-1], delimiter))
            stop--;
        *fields = memory_grow(*fields, capacity, count + 1, sizeof(struct slice));
        (*fields)[count] = slice_make(from, (size_t)(stop - from));
        from = next;
    }
    return count;
}
