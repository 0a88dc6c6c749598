/* difference.h: which rows of a table are to be sent, and which to be deleted.
 *
 *   former rows ──► a hash each ─┐
 *                                ├─► sorted, compared ──► gone, come ──► by key: delete, upsert
 *   fresh rows  ──► a hash each ─┘
 *
 * Both sides are SQLite files; the order of their rows does not matter. Memory: 16 bytes a row of
 * each side, and as much again for sorting. */
#ifndef CUST360_PUBLISH_DIFFERENCE_H
#define CUST360_PUBLISH_DIFFERENCE_H

#include "publish/shape.h"

/* A row, by its place in the order in which its file gives them (0 …). */
struct row_change {
    uint32_t ordinal;
    uint32_t copy; /* which of the rows that are equal to it; 0 when it is alone */
};

struct difference {
    struct row_change *gone; /* rows of the former side without an equal fresh one, in order */
    size_t gone_count;
    struct row_change *come; /* rows of the fresh side without an equal former one, in order */
    size_t come_count;
    struct shape_sum fresh; /* all rows of the fresh side */
};

/* Compares; `former` may lack the table, or be NULL: then all rows are new. The result is given to
 * difference_release. */
bool difference_find(const struct shape *shape, struct database *former, struct database *fresh,
                     struct difference *difference, struct error *error);
void difference_release(struct difference *difference);

/* Told of a row; false: stop. */
typedef bool row_taker(void *context, const struct slice *values, uint32_t copy,
                       struct error *error);

/* Gives the rows of one side's changes, in their order. */
bool difference_rows(const struct shape *shape, struct database *side,
                     const struct row_change *changes, size_t count, row_taker *take, void *context,
                     struct error *error);

#endif
