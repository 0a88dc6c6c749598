/* comment.h: the comments that the view's SQL says of its columns.
 *
 *     name_key TEXT,        -- for searches: simplified characters,
 *                           -- no spaces
 */
#ifndef CUST360_PUBLISH_COMMENT_H
#define CUST360_PUBLISH_COMMENT_H

#include "cust360/base/arena.h"

/* The comment behind a column in the text of a CREATE TABLE, its lines joined by spaces; NULL when
 * there is none. */
const char *comment_find(struct arena *arena, const char *sql, const char *column);

#endif
