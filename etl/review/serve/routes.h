/* routes.h: what the stewards' page may ask of a review session. */
#ifndef CUST360_REVIEW_ROUTES_H
#define CUST360_REVIEW_ROUTES_H

#include "web.h"

/* Their context is a struct review. */
extern const struct web_route review_routes[];

#endif
