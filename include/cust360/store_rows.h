/* store_rows.h: the rows that a full source gave last time, by their hashes: a row that comes again
 * as it was need not be standardized.
 *
 *   store_rows_open ──► store_rows_has (any thread) ──► row_result.known ──► store_put
 *        (a file)                                        other rows ───────► store_put
 *   store_source_begin_from … store_source_count ──► store_rows_save ──► the next run
 *
 * Remembered is a row that was accepted without a finding and whose records stand in the state as
 * that row said them. When another row says something else of such a record, which of them counts
 * depends on their order: then store_rows_contested is true, and the source has to be read again
 * from its begin without what is remembered (store_source_restart).
 *
 * What is remembered lies in files beside the database, STATE/rows/SOURCE.TOKEN. The state names
 * the token, so that a file that is not of the last good reading is of no use; so is one that is
 * damaged. Without it everything is standardized again, to the same end. */
#ifndef CUST360_STORE_ROWS_H
#define CUST360_STORE_ROWS_H

#include "cust360/store.h"

struct store_rows;

/* What is remembered of a source under a token; NULL: nothing (this is no error). */
struct store_rows *store_rows_open(struct store *store, const char *source, uint64_t token);
void store_rows_close(struct store_rows *rows);

/* Whether a row with this hash is remembered. */
bool store_rows_has(const struct store_rows *rows, uint64_t row_hash);

/* As store_source_begin. The rows (NULL: none) are borrowed until the source ends. */
bool store_source_begin_from(struct store *store, const struct source *source,
                             struct store_rows *rows, struct error *error);

/* Whether rows of the reading under way contradict each other in a way that only reading all of
 * them can settle. */
bool store_rows_contested(const struct store *store);

/* Takes back all rows that were put and begins again, with nothing remembered. */
bool store_source_restart(struct store *store, struct error *error);

/* Writes what is to be remembered of the reading, which has been counted. *token: 0 when there is
 * nothing, or it could not be written (which costs time only and is logged). */
void store_rows_save(struct store *store, uint64_t *token);

/* Removes the files that the committed state does not name. */
bool store_rows_tidy(struct store *store, struct error *error);

#endif
