/* ledger.h: what has been sent to a target, noted there in the same transaction as the rows.
 *
 * A row a publication and table in PREFIXcust360_ledger. The publication's token names the file
 * that holds a copy of the view as it was sent: see target.c. */
#ifndef CUST360_PUBLISH_LEDGER_H
#define CUST360_PUBLISH_LEDGER_H

#include "publish/session.h"

#define LEDGER_NAME "cust360_ledger" /* behind the target's prefix */

enum { TOKEN_BYTES = 17 }; /* 16 hexadecimal digits and a NUL */

struct ledger_table {
    const char *name;
    struct shape_sum sum; /* of its rows there */
};

/* The last publication. */
struct ledger {
    uint64_t publication; /* 1 …; 0: there was none */
    char token[TOKEN_BYTES];
    int64_t run_id;
    struct ledger_table *tables; /* in the session's arena */
    size_t table_count;
};

/* Makes the ledger if it is not there. */
bool ledger_make(struct session *session, size_t *made, struct error *error);

bool ledger_read(struct session *session, struct ledger *ledger, struct error *error);

/* What the ledger says of a table, or NULL. */
const struct ledger_table *ledger_find(const struct ledger *ledger, const char *table);

/* A row of the ledger. */
struct ledger_entry {
    const struct ledger *publication; /* its number, token and run */
    struct ledger_table table;
    uint64_t upserted;
    uint64_t deleted;
};
bool ledger_add(struct session *session, const struct ledger_entry *entry, struct error *error);

#endif
