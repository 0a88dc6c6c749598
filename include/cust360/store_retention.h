/* store_retention.h: what is past its term (config_retention.h) goes from the state.
 *
 *   sources read ──► store_retention_apply ──► match, merge, commit, publish ──► _finish
 *
 * Apply closes what is past its term, as if its source had it no more, and empties the fields whose
 * class has a shorter term, so that everything behind it does without them and the lists of changes
 * tell of it. Finish takes the closed records out of the state altogether; what a break leaves of
 * that the next night does. A state made from nothing ends with the same records.
 *
 * A source that still sends such records is read whole each night: whether a record may stay is
 * known only when all rows that name it have come. */
#ifndef CUST360_STORE_RETENTION_H
#define CUST360_STORE_RETENTION_H

#include "cust360/config_retention.h"
#include "cust360/store.h"

struct retention_counts { /* of an entity, in this run */
    size_t entity;
    uint64_t records; /* past their term: gone */
    uint64_t emptied; /* of which sensitive or personal values went */
};

struct retention_input {
    const struct retention_rules *rules;
    const struct source *sources; /* of this run */
    size_t source_count;
};

/* Within the run, when all sources have been read. Of entities for which both counts are 0 nothing
 * is told; *counts lives in the arena. The audit log gets one entry when anything goes. */
bool store_retention_apply(struct store *store, const struct retention_input *input,
                           struct arena *arena, struct retention_counts **counts, size_t *count,
                           struct error *error);

/* *rows: how many of the accepted rows of a source's file told, in that run, of what is past its
 * term and gone; as apply has counted them. */
bool store_retention_rows(struct store *store, int64_t run_id, const char *source, const char *file,
                          uint64_t *rows, struct error *error);

struct retention_touched { /* a person of whom something is gone */
    const char *source;
    const char *key; /* the person's number there */
    bool is_sure;    /* false: perhaps it was gone before, and came and went again */
};

/* Between apply and finish, in a run with rules: whose rows in views of former runs show what is
 * gone. In the arena. */
bool store_retention_touched(struct store *store, struct arena *arena,
                             struct retention_touched **touched, size_t *count,
                             struct error *error);

/* Deletes the records that apply has closed, with all that names them: in a transaction of its
 * own, when the run has been published. Deleted bytes are overwritten. */
bool store_retention_finish(struct store *store, struct error *error);

#endif
