/* structure.h: the tables at the target: whether they are there and fit, and how they are made.
 *
 * What the owner has added (columns that may be NULL, indexes, views, grants) is left alone. */
#ifndef CUST360_PUBLISH_STRUCTURE_H
#define CUST360_PUBLISH_STRUCTURE_H

#include "publish/statement.h"

/* Fails when a table or one of its columns is not there, with what to do. */
bool structure_check(struct session *session, const struct sent_table *table, struct error *error);

/* Makes the table if it is not there, and the columns that it lacks. *made tells how many tables
 * and columns. */
bool structure_make(struct session *session, const struct sent_table *table, size_t *made,
                    struct error *error);

/* Makes the schema that the target names if it is not there. */
bool structure_make_schema(struct session *session, size_t *made, struct error *error);

/* "name" (columns of the table, its key): for CREATE TABLE. */
void structure_define(struct buffer *sql, const struct session *session,
                      const struct sent_table *table);

/* The names of the columns of a table there; *there is false when it is missing. */
bool structure_columns(struct session *session, const char *table, struct arena *arena,
                       struct slice **names, size_t *count, bool *there, struct error *error);

#endif
