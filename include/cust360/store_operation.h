/* store_operation.h: state.db, the part that operates nights: what gates said, the figures of runs,
 * sources that are not as they should be. */
#ifndef CUST360_STORE_OPERATION_H
#define CUST360_STORE_OPERATION_H

#include "cust360/store.h"

/* ---- the lock, for who works on the files of a state and not on what is in them ---- */

/* The lock on a state folder, or -1 with an error. It is given back by lock_release, and by the
 * system when the process ends in any way. */
int lock_take(const char *folder, unsigned wait_seconds, struct error *error);
void lock_release(int lock);

/* ---- gates ---- */

struct store_gate {
    const char *gate;
    const char *source;  /* NULL: of the whole run */
    const char *field;   /* NULL: of none */
    const char *outcome; /* warned, accepted, frozen, stopped */
    const char *text;    /* one sentence */
    const char *reason;  /* of --accept; else NULL */
};

/* Notes what a gate said in this run. It is kept whether the run is committed or abandoned. */
void store_gate_note(struct store *store, const struct store_gate *gate);

/* ---- figures: a number that a committed run is remembered by ---- */

bool store_figure_put(struct store *store, const char *name, double value, struct error *error);

/* Of the last committed run before this one that has it; *found: there is one. */
bool store_figure_former(struct store *store, const char *name, double *value, bool *found,
                         struct error *error);

/* The median of what `count` former good readings of a source gave (0 of them: *found is false):
 * rows read, or, with entity and field, the field's fill rate in percent. */
struct store_median {
    const char *entity; /* NULL: rows */
    const char *field;
    uint32_t count;
};
bool store_median_former(struct store *store, const char *source, const struct store_median *what,
                         double *value, bool *found, struct error *error);

/* A field of the source being read, as store_source_count has counted it: records, and those of
 * them that have it. */
bool store_fill(struct store *store, const char *entity, const char *field, int64_t *records,
                int64_t *filled, struct error *error);

/* ---- sources ---- */

struct store_standing {       /* of a source */
    char last_good_as_of[11]; /* empty: it never went through */
    int64_t last_good_run;
};
bool store_source_standing(struct store *store, const char *source, struct store_standing *standing,
                           struct error *error);

/* Sets the status and its message (NULL: none) of a source that is known; others are passed over.
 */
bool store_source_mark(struct store *store, const char *source, const char *status,
                       const char *message, struct error *error);

/* Whether the source has had this notice in a former run. */
bool store_notice_known(struct store *store, const char *code, const char *text, bool *known,
                        struct error *error);

/* ---- the lock ---- */

/* Who holds the state of a folder, as "process 12 on HOST since TIME"; false: nobody does, or the
 * system does not tell. Takes no lock itself, so that it is in nobody's way. */
#define STORE_HOLDER_BYTES 160
bool store_lock_holder(const char *folder, char holder[STORE_HOLDER_BYTES]);

/* ---- the published view ---- */

/* From now on no run after `run_id` counts as published: the next one publishes again. */
bool store_view_put_back(struct store *store, int64_t run_id, struct error *error);

/* Forgets gates and notices (but those of new columns) of runs before `run_id`. */
bool store_forget_runs(struct store *store, int64_t run_id, struct error *error);

struct store_removals { /* records of one entity of a source */
    uint64_t before;    /* there were */
    uint64_t closed;    /* of them gone from the feed */
};

/* Of the reading that store_source_count has counted; `entity` is an index of the model. */
struct store_removals store_source_removals(const struct store *store, size_t entity);

#endif
