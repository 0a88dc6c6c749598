/* canary.h: rare characters to a target and back. */
#ifndef CUST360_PUBLISH_CANARY_H
#define CUST360_PUBLISH_CANARY_H

#include "publish/session.h"

/* Writes rare characters, texts at the limits of types, NULL and empty text to a table that only
 * this session sees, reads them again and compares. Where the user may not make such a table it is
 * `warning` that says so: a publication needs none. */
bool canary_check(struct session *session, struct error *warning, struct error *error);

#endif
