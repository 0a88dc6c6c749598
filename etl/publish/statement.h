/* statement.h: the SQL by which rows are written to a table of a target and read from it again. */
#ifndef CUST360_PUBLISH_STATEMENT_H
#define CUST360_PUBLISH_STATEMENT_H

#include "publish/session.h"

/* The columns that are sent: those of the view, the rows' hashes and, without a key, which of equal
 * rows it is. */
struct sent_column {
    const char *name;
    enum column_kind kind;
};

struct sent_table {
    const struct shape *shape;
    const char *name; /* quoted, with its schema */
    struct sent_column *columns;
    size_t column_count;
    struct sent_column *key; /* the key's, in its order */
    size_t *key_columns;     /* which of `columns` they are */
    size_t key_count;
};

/* In the session's arena. */
struct sent_table *sent_table_of(const struct session *session, const struct shape *shape);

/* Makes rows what they are to be; with one "?" a column (BATCH_UNNEST: for an array of them). */
const char *statement_upsert(const struct session *session, const struct sent_table *table);

/* Deletes rows by their keys; one "?" a column of the key. */
const char *statement_delete(const struct session *session, const struct sent_table *table);

/* Reads the view's columns of rows with the given keys: `count` times key_count values. */
void statement_read(struct buffer *sql, const struct session *session,
                    const struct sent_table *table, const struct slice *keys, size_t count);

/* "a", "b"; with an alias ("s.") s."a", s."b". */
void statement_names(struct buffer *sql, const struct sent_column *columns, size_t count,
                     const char *alias);

/* An array of PostgreSQL: {"a","b",NULL}, of every stride-th value. */
void statement_array(struct buffer *text, const struct slice *values, size_t count, size_t stride);

#endif
