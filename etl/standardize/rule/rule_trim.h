/* rule_trim.h: white space taken off both ends, as before the first step of a chain and after each.
 * Every value of every field goes through here. */
#ifndef CUST360_STANDARDIZE_RULE_TRIM_H
#define CUST360_STANDARDIZE_RULE_TRIM_H

#include "cust360/base/slice.h"

/* The text without white space (also ideographic, no-break and zero-width) at either end. */
static inline struct slice rule_trim(struct slice text);

/* What rule_trim leaves to rule_trim.c: text that may have some. */
struct slice rule_trim_ends(struct slice text);

static inline struct slice rule_trim(struct slice text)
{
    if (text.length == 0)
        return text;
    /* Letters, digits and ideographs (U+4000 to U+9FFF) at both ends are the rule. The last bytes
     * of the spaces outside ASCII are 80, 8B to 8F, A0 and BF. */
    unsigned char first = (unsigned char)text.data[0];
    unsigned char last = (unsigned char)text.data[text.length - 1];
    bool begins = first > ' ' && (first < 0x80 || (first >= 0xE4 && first <= 0xE9));
    bool ends =
        last > ' ' && last != 0x80 && (last < 0x8B || last > 0x8F) && last != 0xA0 && last != 0xBF;
    return begins && ends ? text : rule_trim_ends(text);
}

#endif
