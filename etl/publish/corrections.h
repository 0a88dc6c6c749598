/* corrections.h: what is to be corrected, put into order and written as CSV. */
#ifndef CUST360_PUBLISH_CORRECTIONS_ORDER_H
#define CUST360_PUBLISH_CORRECTIONS_ORDER_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"

#include <stdint.h>

/* Worst first. */
enum correction_class {
    CORRECTION_REJECTED,
    CORRECTION_PERSONAL, /* a refused value that tells who somebody is, or how to reach them */
    CORRECTION_CONTRADICTION,
    CORRECTION_REFUSED,
    CORRECTION_WARNING
};

struct correction {
    struct slice file;
    uint32_t file_number;
    uint64_t line;
    struct slice entity;
    struct slice key;
    struct slice field;
    struct slice code;
    struct slice severity;
    struct slice given;
    struct slice proposal;
    struct slice message;
    size_t field_number; /* in the model's order; SIZE_MAX: the record as such */
    size_t arrival;
    enum correction_class class;
    /* Of its record, that is its row in the file: */
    enum correction_class worst;
    size_t faults;
};

/* Joins what is said of the same field, and puts records into order. Returns how many are left;
 * joined texts live in the arena. */
size_t corrections_order(struct correction *items, size_t count, struct arena *arena);

/* Appends the whole file: byte order mark, heading, a line an item. */
void corrections_format(const struct correction *items, size_t count, struct buffer *text);

#endif
