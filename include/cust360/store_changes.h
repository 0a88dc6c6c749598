/* store_changes.h: what a run has changed, for those that bring something else up to date by it
 * (the published view, a database target).
 *
 * Three tables of state.db hold what the last committed run, or the one under way, has changed; a
 * run begins by emptying them:
 *
 *   changed_record: entity, record_id, change; key (entity, record_id). The change is one of
 *     new, reopened
 *     changed    its content; it may have been closed before
 *     closed     gone from a full feed, or deleted
 *
 *   changed_golden: golden_number, change; key golden_number. The change is one of
 *     touched    it is new or revived, or its records or what they say have changed; its values may
 *                have come out the same
 *     gone       merged into another or retired: there is no golden record of it any more
 *
 *   changed_value: entity, field, value: what stood in a field of a changed record by which others
 *     find it (of kind reference, vin, mobile, email) and does not stand there any more
 *
 * A golden record that is not listed has the same records, which say the same, and the same values
 * as after the run before. A record that belongs to another golden record now is not listed for
 * that: both golden records are.
 *
 * The lists start from what the committed run before had left. The run that fills a state for the
 * first time lists nothing, because everything is new. Whoever brings something up to date must
 * have it as of exactly the run that the lists start from, or make it anew. */
#ifndef CUST360_STORE_CHANGES_H
#define CUST360_STORE_CHANGES_H

#include "cust360/store.h"

/* The committed run that the lists start from; 0: there is none, everything counts as changed. In
 * SQL: the last but one of `run` with the status done or incomplete; while a run is under way, the
 * last. */
bool store_changes_since(struct store *store, int64_t *run_id, struct error *error);

/* Whether the run under way has put, closed or reopened any record so far. */
bool store_has_changes(const struct store *store);

#endif
