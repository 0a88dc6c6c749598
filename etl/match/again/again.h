/* again.h: what of the last match still holds.
 *
 *   records, rows compared ──► dirty: to be scored again, with whomever they meet
 *   edges of dirty records, decisions ──► touched: what hangs together with them is clustered again
 *
 * Numbers are of this match unless they are called former. */
#ifndef CUST360_MATCH_AGAIN_H
#define CUST360_MATCH_AGAIN_H

#include "cust360/match_memory.h"
#include "match/again/memory.h"

struct again {
    const struct match_task *task;
    const struct table *table;
    uint64_t *row_hashes;   /* by record */
    struct block_cuts cuts; /* of this match */
    bool goes_on;           /* the former match is known; else what follows is NULL */
    struct memory former;
    uint32_t *then; /* by record: its former number, or RECORD_NONE */
    uint32_t *now;  /* by former number */
    bool *dirty;    /* by record */
    bool *touched;  /* by record */
};

#define RECORD_NONE UINT32_MAX

/* Finds out whether and how far the task can go on from its former match. */
void again_begin(struct again *again, const struct match_task *task, const struct table *table);
void again_release(struct again *again);

/* Appends the former edges between records that are as they were, and marks as touched who lost
 * one. By (a, b), as they were found: decisions and refusals are not in them. */
void again_keep_edges(struct again *again, struct edge_list *list);

/* Marks the records of decisions that are new or gone. */
void again_touch_decided(struct again *again);

/* What cluster_run need not do again. */
void again_settle(const struct again *again, const struct edge_list *list, struct settled *settled);

/* Appends to the task's memory what the next match needs. */
void again_remember(const struct again *again, const struct edge_list *list,
                    const uint32_t *clusters);

#endif
