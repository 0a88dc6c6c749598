/* publishing.h: what of the decisions the published view does not show yet. */
#ifndef CUST360_REVIEW_PUBLISHING_H
#define CUST360_REVIEW_PUBLISHING_H

#include "session.h"

/* Customers that the view does not show as decided. */
bool publishing_left(struct review *review, int64_t *count, struct error *error);

/* What becomes of it now, in the arena. */
struct review_publishing publishing_told(const struct review *review, struct arena *arena);

#endif
