/* columns.h: a table while it is made: each attribute a column of its own.
 *
 *   input ──► columns of fields ──► limits ──► derived columns, limits ──► rows (table.c)
 *
 * Columns do not touch each other, so that several threads make them. */
#ifndef CUST360_MATCH_COLUMNS_H
#define CUST360_MATCH_COLUMNS_H

#include "match/intake/table.h"

/* What a row will have of the attribute: a number, VALUE_NONE or VALUE_MANY. */
struct marks {
    const uint32_t *values; /* by record */
    uint32_t *owned;        /* the same, when it is not the input's */
    uint64_t shared_widely; /* values that were dropped */
};

/* The column of a field. */
void column_lay_out(struct table *table, struct marks *marks, size_t attribute,
                    const struct input_field *field);

/* The column of the derived attribute of this number, from those it uses. */
void column_derive(struct table *table, struct marks *marks, size_t number);

/* Drops what the attribute's limit says belongs to nobody. */
void column_limit(struct table *table, struct marks *marks, size_t number);

#endif
