/* evaluate_view.h: the published view held against a truth. */
#ifndef CUST360_CLI_EVALUATE_VIEW_H
#define CUST360_CLI_EVALUATE_VIEW_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct view_truth {
    const char *view_path;
    const char *records; /* CSV: source, key, entity */
    const char *golden;  /* CSV: entity, mobile, vehicles_owned */
};

/* Appends a line a promise of the view: cars owned right among the entities whose records were
 * merged right, contacts planned with whoever withdrew from every channel, customers with two
 * contacts. */
bool evaluate_view(struct arena *arena, const struct view_truth *truth, struct buffer *text,
                   struct error *error);

#endif
