/* stage_batch.h: records that a stage looks at together, as a part of the match.
 *
 *   rows ──► stage_batch_add ──► stage_batch_finish: by id, laid out ──► match_part
 *
 * A record comes once for each block that it stands in; it is kept once. */
#ifndef CUST360_CLI_STAGE_BATCH_H
#define CUST360_CLI_STAGE_BATCH_H

#include "cli/stage.h"

struct stage_batch;
struct stage_batch *stage_batch_create(const struct stage_job *job);
void stage_batch_destroy(struct stage_batch *batch);
void stage_batch_clear(struct stage_batch *batch);

/* Forgets all records but these, by number (after stage_batch_finish): their places are now 0, 1 …
 */
void stage_batch_keep(struct stage_batch *batch, const uint32_t *numbers, size_t count);

/* Adds a record: its id and its values' columns, as they stand in the row; returns its place. */
uint32_t stage_batch_add(struct stage_batch *batch, struct slice id, const struct slice *values);
uint32_t stage_batch_count(const struct stage_batch *batch);

/* The place of a record by its id; UINT32_MAX: it is not in the batch. */
uint32_t stage_batch_find(const struct stage_batch *batch, struct slice id);

/* Lays the records out; no more can be added until stage_batch_clear. */
struct match_part *stage_batch_finish(struct stage_batch *batch);

/* After that: the number of a place in the part, and the id (escaped) of a number. */
uint32_t stage_batch_number(const struct stage_batch *batch, uint32_t place);
struct slice stage_batch_id(const struct stage_batch *batch, uint32_t number);

#endif
