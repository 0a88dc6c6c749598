#include "cust360/base/text.h"
#include "cust360/yaml.h"

/* More slips than this, or than a third of the word, and a guess would only confuse. */
enum { SLIPS_MOST = 2 };

const char *nearest_name(const char *text, const char *const *names, size_t count)
{
    size_t limit = text_length(slice_of(text)) / 3;
    if (limit > SLIPS_MOST)
        limit = SLIPS_MOST;
    if (limit == 0)
        limit = 1;
    const char *nearest = NULL;
    size_t least = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(slice_of(text), slice_of(names[i]));
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
