/* database_narrow.h: where in a large table few values can stand at all.
 *
 * A column without an index is searched in the pages of the database's file, by all processors:
 * that takes a fraction of what a query needs that looks at each row. It gives a condition to be
 * put before the query's own: rows for which it is false hold none of the values; which of the
 * others do, the query tells. */
#ifndef CUST360_BASE_DATABASE_NARROW_H
#define CUST360_BASE_DATABASE_NARROW_H

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"

struct database_wanted {
    const char *table;
    const char *const *columns;
    size_t column_count;
    const struct slice *values; /* texts */
    size_t value_count;
};

/* Appends such a condition: "rowid IN (…)", "key IN ('…')", "0" for no row at all; "1" where the
 * file's pages do not tell (a sealed file, a write-ahead log, columns that do not hold texts as
 * they are, very many rows). Not within a transaction: SQLite's locks on the file would be lost. */
bool database_narrow(struct database *database, const struct database_wanted *wanted,
                     struct buffer *condition, struct error *error);

#endif
