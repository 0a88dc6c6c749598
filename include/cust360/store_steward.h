/* store_steward.h: the state between two runs, for stewards: locked for one word at a time, and
 * changed only where that word reaches.
 *
 *   lock ─► scan of chosen records ─► match ─► pairs, golden ids and records (store_golden.h) ─►
 *   unlock
 *
 * What is changed is put down to the last committed run, and listed as its changes are
 * (store_changes.h). The chosen records must be whole customers. */
#ifndef CUST360_STORE_STEWARD_H
#define CUST360_STORE_STEWARD_H

#include "cust360/store_golden.h"

/* Opens a state that must be there; it is locked only between store_lock and store_unlock. */
struct store *store_open_shared(const char *folder, const struct model *model, struct error *error);

/* Takes the lock and begins a transaction. EXIT_LOCKED after so long: a run, or another steward. */
bool store_lock(struct store *store, unsigned wait_ms, struct error *error);

/* Commits (synced when it returns) or takes back; gives the lock back in any case. */
bool store_unlock(struct store *store, bool commit, struct error *error);

/* ---- persons who were erased (config_person.h) ---- */

/* Makes the tables `erasure` and `suppressed` unless they are there. */
bool store_erasures_make(struct store *store, struct error *error);

/* The key of their hashes, 32 bytes; made when nobody has been erased before. EXIT_CREDENTIALS: it
 * is gone. */
bool store_suppression_key(struct store *store, char *key, struct error *error);

/* Commits, and goes on holding the lock. */
bool store_commit(struct store *store, struct error *error);

/* Replaces links and possible matches of the members of the last scan, which chose them. */
bool store_pairs_replace(struct store *store, const struct store_pair *links, size_t link_count,
                         const struct store_pair *possible, size_t possible_count,
                         struct error *error);

/* Values that belong to nobody, as the last run found: `attribute` is an index of the match's. */
bool store_shared_values_begin(struct store *store, struct error *error);
bool store_shared_value_add(struct store *store, size_t attribute, struct slice value,
                            struct error *error);

#endif
