/* match_memory.h: a match that goes on from the last one.
 *
 *   the last match ──► memory ──► which records are as they were? ──► only the pairs of others are
 *                                 scored, only what hangs together with them is clustered again
 *
 * What comes out is what match_run finds from nothing: links, clusters, possible matches and the
 * reasons. Only what is counted of the work (pairs compared) is that of this match. A record counts
 * as changed when a value of it has, when a value has become or ceased to be too widely shared, and
 * when a block that it is in is cut otherwise than last time; that keeps the outcome exact. */
#ifndef CUST360_MATCH_MEMORY_H
#define CUST360_MATCH_MEMORY_H

#include "cust360/base/buffer.h"
#include "cust360/match.h"

struct match_task {
    const struct match_rules *rules;
    const struct match_model *model;
    const struct match_input *input;
    const struct match_decision *decisions;
    size_t decision_count;
    unsigned threads;
    /* By record: a number that it has in every match; no two the same. NULL: nothing is gone on
     * from, and nothing remembered. */
    const int64_t *names;
    uint64_t basis; /* changes with rules, model and program */
    /* What the last match appended to `memory`, or empty. What is damaged or of another basis is
     * of no use, and everything is matched. Aligned to 8 bytes. */
    struct slice former;
    struct buffer *memory; /* what is to be remembered is appended; may be NULL */
};

/* As match_run. */
bool match_run_task(const struct match_task *task, struct match_result *result,
                    struct error *error);

#endif
