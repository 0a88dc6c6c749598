#include "cust360/base/text.h"
#include "match/comparator.h"

size_t characters_decode(struct slice text, uint32_t *characters)
{
    size_t count = 0;
    size_t position = 0;
    while (position < text.length && count < CHARACTERS_MAX)
        characters[count++] = text_next(text, &position);
    return count;
}
