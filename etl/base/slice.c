#include "cust360/base/slice.h"

int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.length == b.length ? 0 : a.length < b.length ? -1 : 1;
}

bool slice_starts_with(struct slice slice, struct slice prefix)
{
    return slice.length >= prefix.length &&
           (prefix.length == 0 || memcmp(slice.data, prefix.data, prefix.length) == 0);
}

bool slice_ends_with(struct slice slice, struct slice suffix)
{
    return slice.length >= suffix.length &&
           (suffix.length == 0 ||
            memcmp(slice.data + slice.length - suffix.length, suffix.data, suffix.length) == 0);
}

ptrdiff_t slice_find(struct slice slice, struct slice needle)
{
    if (needle.length == 0)
        return 0;
    if (slice.length < needle.length)
        return -1;
    const char *found = memmem(slice.data, slice.length, needle.data, needle.length);
    return found ? found - slice.data : -1;
}

static bool is_white(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct slice slice_trim(struct slice slice)
{
    while (slice.length && is_white(slice.data[0])) {
        slice.data++;
        slice.length--;
    }
    while (slice.length && is_white(slice.data[slice.length - 1]))
        slice.length--;
    return slice;
}

bool slice_is_one_of(struct slice slice, const char *const *names)
{
    for (; *names; names++)
        if (slice_equal(slice, slice_of(*names)))
            return true;
    return false;
}
