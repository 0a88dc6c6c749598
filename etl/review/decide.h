/* decide.h: a verdict while it is carried out. */
#ifndef CUST360_REVIEW_DECIDE_INTERNAL_H
#define CUST360_REVIEW_DECIDE_INTERNAL_H

#include "rows.h"

struct deciding {
    struct review *review;
    struct arena *arena;
    const struct review_verdict *verdict;
    const char *token; /* of a verdict that has waited; NULL */
    struct stored_case stored;
    int64_t batch; /* of its rows */
    int64_t *records;
    size_t record_count;
    struct review_applied applied;
    enum review_effect effect;
};

/* Within the engine's transaction: the verdict's rows; clusters and golden records of what hangs
 * together with these records, and their cases. */
bool deciding_write(struct deciding *deciding, bool confirmed, struct error *error);
bool deciding_apply(struct deciding *deciding, const int64_t *records, size_t count,
                    struct error *error);
/* Whether the verdict answers the question that is open, as its steward saw it; fills `stored`. */
bool deciding_check(struct deciding *deciding, struct error *error);

/* All that a verdict does, the engine's transaction being open and the question checked. */
bool deciding_carry_out(struct deciding *deciding, struct error *error);

/* Notes the answer to a known pair. */
bool deciding_control(struct deciding *deciding, struct error *error);

/* Closes the case, or gives it another status. */
bool deciding_close_case(struct deciding *deciding, int status, struct error *error);
void deciding_answer(const struct deciding *deciding, struct review_answer *answer);

/* The word of a second steward; *is_done: it was a confirmation. */
bool deciding_second(struct deciding *deciding, bool *is_done, struct error *error);

/* ---- waiting.c: verdicts while a run holds the state ---- */

/* Brings the table of a desk that was made before to today's columns. */
bool waiting_fit(struct database *desk, struct error *error);

/* Of 24 random hexadecimal digits. */
const char *token_make(struct arena *arena);

/* Whether no other word on the case waits already. */
bool waiting_is_free(struct deciding *deciding, struct error *error);

/* Lists what could not be carried out. */
bool waiting_failures(struct review *review, struct arena *arena, struct review_stats *stats,
                      struct error *error);

/* `first`: it has to be confirmed by a second steward. */
bool waiting_put(struct deciding *deciding, bool first, struct error *error);
bool waiting_put_undo(struct review *review, const char *who, int64_t batch, struct arena *arena,
                      struct error *error);

/* Takes a decision back, the engine's transaction being open. */
bool undo_locked(struct deciding *deciding, int64_t batch, struct error *error);

#endif
