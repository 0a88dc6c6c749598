#include "cust360/base/csv.h"

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
