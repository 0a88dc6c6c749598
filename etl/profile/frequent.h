/* frequent.h: the most frequent texts of a stream, in a table of fixed size.
 *
 * As long as there is room every text is counted. Then the table is halved: the median of the
 * counts is taken from each, and what has nothing left goes. A count is at most too low by what was
 * taken, which is told (Misra and Gries 1982, in the batched form of Anderson and others 2017). */
#ifndef CUST360_PROFILE_FREQUENT_H
#define CUST360_PROFILE_FREQUENT_H

#include "cust360/base/slice.h"
#include <stdint.h>

enum { FREQUENT_TEXT_BYTES = 96 };

struct frequent_entry {
    uint64_t hash;
    uint64_t count;
    uint16_t length;
    char text[FREQUENT_TEXT_BYTES]; /* its begin, when it is longer; cut between characters */
};

struct frequent {
    struct frequent_entry *entries;
    uint32_t *slots; /* index + 1 */
    size_t slot_count;
    size_t used;
    size_t capacity;
    size_t most;
    uint64_t taken; /* by how much a count may be too low */
};

void frequent_begin(struct frequent *frequent, size_t most);
void frequent_release(struct frequent *frequent);
void frequent_add(struct frequent *frequent, uint64_t hash, struct slice text, uint64_t count);
void frequent_join(struct frequent *frequent, const struct frequent *other);

/* Orders the entries, most frequent first. */
void frequent_sort(struct frequent *frequent);

#endif
