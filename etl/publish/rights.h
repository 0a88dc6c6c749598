/* rights.h: whether a target would let a publication in: its tables, the rights to them, a row of
 * the ledger written and taken back. */
#ifndef CUST360_PUBLISH_RIGHTS_H
#define CUST360_PUBLISH_RIGHTS_H

#include "publish/statement.h"

/* Tries it in a transaction that is rolled back; no row of the tables is touched. Where nothing has
 * been made yet (`publish --init`) there is nothing to try: `warning` says so, else its exit_code
 * stays. False: `error` names the first table that refuses, and how many others do. */
bool rights_check(struct session *session, struct sent_table *const *tables, size_t count,
                  struct error *warning, struct error *error);

#endif
