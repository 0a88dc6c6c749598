/* list.h: the columns of a work list. */
#ifndef CUST360_REVIEW_LIST_H
#define CUST360_REVIEW_LIST_H

#include "cust360/base/slice.h"

enum list_column {
    LIST_KEY,
    LIST_KIND,
    LIST_STATUS,
    LIST_PRIORITY,
    LIST_SOURCE_A,
    LIST_KEY_A,
    LIST_NAME_A,
    LIST_SOURCE_B,
    LIST_KEY_B,
    LIST_NAME_B,
    LIST_ATTRIBUTE,
    LIST_REASON,
    LIST_FIRST_SEEN,
    LIST_SEEN,
    LIST_VERDICT,
    LIST_VALUE,
    LIST_UNTIL,
    LIST_COMMENT,
    LIST_WHO,
    LIST_EVIDENCE, /* for the reader; what an import says of it means nothing */
    LIST_COLUMNS
};

extern const char *const list_columns[LIST_COLUMNS];

/* Whether a spreadsheet would take the text for a formula. */
bool list_is_formula(struct slice text);

#endif
