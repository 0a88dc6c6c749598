/* routes_fields.h: what the actions of the page share: fields of a form, and errors as outcomes. */
#ifndef CUST360_REVIEW_ROUTES_FIELDS_H
#define CUST360_REVIEW_ROUTES_FIELDS_H

#include "web.h"

enum { ROUTE_BULK_MOST = 50, ROUTE_COMMENT_BYTES_MOST = 2000 };

/* Says that a field is missing or cannot be read. */
enum web_outcome route_unclear(struct error *error, const char *field);

/* What went wrong, as HTTP says it; `otherwise`: what a mere failure means here. */
enum web_outcome route_outcome(const struct error *error, enum web_outcome otherwise);

/* A text field, NUL-terminated; NULL when it is not there or empty. */
const char *route_text(const struct web_call *call, const char *name);

/* A whole number from 0 to `most`; not there: *number stays. */
bool route_number(const struct web_call *call, const char *name, int64_t most, int64_t *number);

/* ---- several cases at once (routes_bulk.c) ---- */

web_action route_alike;
web_action route_look;
web_action route_decide_bulk;
web_action route_undo_bulk;

#endif
