/* comment.h: what the view says of its tables and columns: in its table `dictionary`, else in the
 * SQL that they were made by.
 *
 *     name_key TEXT,        -- for searches: simplified characters,
 *                           -- no spaces
 */
#ifndef CUST360_PUBLISH_COMMENT_H
#define CUST360_PUBLISH_COMMENT_H

#include "publish/shape.h"

/* The comment behind a column in the text of a CREATE TABLE, its lines joined by spaces; NULL when
 * there is none. */
const char *comment_find(struct arena *arena, const char *sql, const char *column);

/* Puts the meanings of the view's table dictionary(table_name, column_name, meaning) into a table's
 * shape, where there are some; a view without that table has none. They are cut at what every
 * database takes. */
bool comment_from_dictionary(struct arena *arena, struct database *view, struct shape *shape,
                             struct error *error);

#endif
