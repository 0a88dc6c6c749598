/* shape.h: a value's pattern: 13800138000 is 9{11}, 京A-12345 is 汉A-9{5}, ab@c.com a{2}@a.a{3}. */
#ifndef CUST360_PROFILE_SHAPE_H
#define CUST360_PROFILE_SHAPE_H

#include "cust360/base/slice.h"

enum { SHAPE_BYTES = 64 };

struct shape {
    char text[SHAPE_BYTES];
    size_t length;
    size_t characters; /* of the value */
};

/* 9 digits, A capitals, a small letters, 汉 ideographs, ～ other letters; anything else is itself.
 * A run is followed by its length. A long one ends in "…". */
void shape_of(struct slice value, struct shape *shape);

#endif
