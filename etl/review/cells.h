/* cells.h: the rows of a case, a cell for each of its records. */
#ifndef CUST360_REVIEW_CELLS_H
#define CUST360_REVIEW_CELLS_H

#include "session.h"

/* Makes the case's fields, in the model's order, with the cells of its records, whose ids these
 * are. What lies in the cells is the arena's. */
bool cells_fill(struct review *review, const int64_t *ids, struct arena *arena,
                struct review_case *found, struct error *error);

#endif
