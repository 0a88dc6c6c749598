/* reconcile_retained.h: what a feed still sends and the project's terms have let go of. */
#ifndef CUST360_CLI_RECONCILE_RETAINED_H
#define CUST360_CLI_RECONCILE_RETAINED_H

#include "cli/reconcile.h"

/* A record of a feed as the state should have it under the project's terms: *values are NULL when
 * it is past its term, and may be without some; valid until the next call. */
struct reconcile_retaining;
struct reconcile_retaining *reconcile_retaining_begin(struct reconciling *work,
                                                      const struct source *source);
bool reconcile_retained(struct reconcile_retaining *retaining, const struct record *record,
                        const struct slice **values, struct error *error);
void reconcile_retaining_end(struct reconcile_retaining *retaining);

#endif
