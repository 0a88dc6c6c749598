/* review_make.h: making the cases, at the end of a run's merging, within its transaction. */
#ifndef CUST360_REVIEW_MAKE_H
#define CUST360_REVIEW_MAKE_H

#include "cust360/base/database.h"
#include "cust360/config.h"

struct review_making {
    struct database *state;
    const struct model_entity *entity; /* that is matched */
    const struct review_rules *rules;
    double merge_bits;
    int64_t run_id;
    int32_t as_of_days;
    bool of_run; /* also shared values and stale decisions, which only runs look for */
    /* The customers whose cases are made again; NULL: everybody's. */
    const uint32_t *goldens;
    size_t golden_count;
};

/* Brings the table review_case up to date: a case that stays keeps its number and its first day. */
bool review_make(const struct review_making *making, struct error *error);

/* The same for a run: when it has changed little, for the customers that it has listed. */
bool review_make_changed(struct review_making *making, struct error *error);

/* ---- decisions that came while a run held the state ---- */

/* At a run's beginning, in its transaction: takes over what waits beside the state (folder), so
 * that the run matches and merges by it. *last: to be given to review_absorbed once the run is
 * committed.
 */
bool review_absorb(struct database *state, const char *folder, const struct model_entity *entity,
                   int64_t *last, struct error *error);
bool review_absorbed(const char *folder, int64_t last, struct error *error);

#endif
