/* session.h: a connection to a target, with its dialect, and what is run there. */
#ifndef CUST360_PUBLISH_SESSION_H
#define CUST360_PUBLISH_SESSION_H

#include "cust360/base/odbc.h"
#include "publish/dialect.h"

struct session {
    struct arena *arena; /* of whoever opened it; lives as long */
    const struct target *target;
    const struct dialect *dialect;
    struct odbc_connection *connection;
    const char *lock_name; /* NULL: it is not locked */
};

/* Connects and makes the connection what the dialect needs. */
bool session_open(struct session *session, struct arena *arena, const struct target *target,
                  const char *connection, struct error *error);

/* Unlocks and disconnects; what is not committed is rolled back. */
void session_close(struct session *session);

/* Takes the lock by which two runs never publish at once; waits some seconds, as a run that was
 * killed may hold it until its server notices. Exit code 11: another one has it. */
bool session_lock(struct session *session, struct error *error);

/* Runs SQL; NULL is nothing to run. */
bool session_run(struct session *session, const char *sql, struct error *error);

/* Begins a transaction. Exit code 11: another one writes, and the database lets in only one. */
bool session_begin(struct session *session, struct error *error);

/* The first value of a query as a number; 0 when it has none. */
bool session_number(struct session *session, const char *sql, uint64_t *number,
                    struct error *error);

/* "schema"."prefixtable", in the arena. */
const char *session_table(const struct session *session, const char *table);

/* Puts "target crm: " or "target crm, table customer: " before the message; returns false. */
bool session_fail(const struct session *session, const char *table, struct error *error);

#endif
