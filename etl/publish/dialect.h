/* dialect.h: in what databases differ. A new one is a row of the table in dialect.c.
 *
 * Names stand in double quotes in all of them; MariaDB is told to read them so. SQL Server's row is
 * written after its documentation and has not been tried against a server. */
#ifndef CUST360_PUBLISH_DIALECT_H
#define CUST360_PUBLISH_DIALECT_H

#include "cust360/base/buffer.h"
#include "cust360/config_target.h"
#include "publish/shape.h"

/* How many rows are sent at once. */
enum batch_way {
    BATCH_UNNEST, /* an array a column, as one parameter: what psqlODBC is fastest with */
    BATCH_ARRAY   /* an array of parameters a column */
};

enum upsert_way {
    UPSERT_CONFLICT,  /* INSERT … ON CONFLICT (key) DO UPDATE SET a = excluded.a */
    UPSERT_DUPLICATE, /* INSERT … ON DUPLICATE KEY UPDATE a = VALUES(a) */
    UPSERT_MERGE      /* MERGE … USING (SELECT ? AS a …) */
};

enum comment_way { COMMENT_NONE, COMMENT_STATEMENT, COMMENT_INLINE };

struct dialect {
    const char *name;
    const char *const *session; /* statements that a connection begins with; ends with NULL */
    const char *begin;
    const char *commit;
    const char *rollback;
    const char *savepoint;
    const char *release; /* NULL: there is no such statement */
    const char *rollback_to;
    const char *lock; /* a query that gives 1 when the lock was free, with %s for its name; NULL:
                         `begin` locks */
    const char *unlock;
    const char *types[COLUMN_KINDS];
    const char *text_varying; /* of a text of at most n characters; %u: n */
    const char *canary_name;  /* of a table that only this session sees */
    const char *table_end;    /* behind CREATE TABLE (…) */
    const char *canary_make;  /* begins the statement that makes it */
    const char *halves;       /* sums of the low and the high half of a table's row hashes */
    const char *read_begin; /* reads a whole table piece by piece: %s is the query; NULL: at once */
    const char *read_next;
    const char *read_end;
    const char *schema_exists; /* a query that counts the schemas named %s; NULL: it has none */
    const char *schema_make;
    const char *pair_in; /* "(a, b) IN (" … ")": what stands behind IN when the key has several
                            columns; NULL: not known there */
    size_t batch_rows;
    unsigned key_characters; /* that all texts of a key have together; 0: any number */
    enum batch_way batch;
    enum upsert_way upsert;
    enum comment_way comment;
};

const struct dialect *dialect_of(enum target_dialect dialect);

/* "name" with what it needs around it. */
void dialect_name(struct buffer *sql, const char *name);

/* "schema"."prefixtable". */
void dialect_table(struct buffer *sql, const struct target *target, const char *table);

/* 'text', or NULL when it has no data. */
void dialect_text(struct buffer *sql, struct slice text);

#endif
