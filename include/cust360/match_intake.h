/* match_intake.h: records to match as they are read from feeds, without a state in between.
 *
 *   rows ──► intake_batch (any thread) ──► match_intake, batch by batch in the order of the feeds
 *        ──► by (source, key), of equal keys the last, references found ──► match_input
 *
 * What comes out is what the state would have given: the same records in the same order. */
#ifndef CUST360_MATCH_INTAKE_H
#define CUST360_MATCH_INTAKE_H

#include "cust360/match.h"
#include "cust360/record.h"

struct match_intake;
struct intake_batch;

/* The model is the one that the rules were loaded with; both must outlive the intake. */
struct match_intake *match_intake_create(const struct match_rules *rules,
                                         const struct model *model);
void match_intake_destroy(struct match_intake *intake);

/* Whether it takes a field of an entity; numbers as in the model. */
bool match_intake_looks_at(const struct match_intake *intake, size_t entity, size_t field);

/* A batch of rows: filled by one thread, then given to match_intake_add. Cleared, it can be filled
 * again. */
struct intake_batch *intake_batch_create(const struct match_intake *intake);
void intake_batch_destroy(struct intake_batch *batch);
void intake_batch_clear(struct intake_batch *batch);

/* Takes what matching looks at from the records of one row. Copies all of it. */
void intake_batch_add(struct intake_batch *batch, const struct record *records, size_t count);

/* From here on batches are of this source. Sources come in the order of their names, each once. */
void match_intake_begin_source(struct match_intake *intake, const char *name);

/* Takes over a batch; one thread at a time. */
void match_intake_add(struct match_intake *intake, const struct intake_batch *batch);

/* Everything is in: the records in order, to be destroyed before the intake. Once only. */
struct match_input *match_intake_finish(struct match_intake *intake);

/* Who a record of that input is; both live as long as the intake. */
struct slice match_intake_source(const struct match_intake *intake, uint32_t record);
struct slice match_intake_key(const struct match_intake *intake, uint32_t record);

#endif
