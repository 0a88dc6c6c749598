#include "decide.h"

/* Taking back. A decision is never deleted: its rows are out of force, and who has taken it back
 * stands in a row of its own. What it had joined or parted is clustered as if it had not been said;
 * ids that were merged live again (golden_assign gives every part the id that it had). */

static bool find_batch(struct deciding *deciding, int64_t decision_id, int64_t *batch,
                       struct error *error)
{
    struct statement *find = statement_prepare(
        deciding->review->state,
        "SELECT coalesce(batch, decision_id), undone, undone_by, undone_at, case_key FROM decision"
        " WHERE decision_id = ?1 AND kind <> 'undo'",
        error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, decision_id);
    enum outcome outcome = statement_step(find, error);
    bool is_undone = outcome == ACCEPTED && statement_integer(find, 1);
    if (outcome == ENDED)
        error_set(error, EXIT_FAILED, "there is no decision %lld", (long long)decision_id);
    if (is_undone)
        error_set(error, EXIT_CONFLICT, "%s has taken this decision back at %s",
                  column_text(deciding->arena, find, 2), column_text(deciding->arena, find, 3));
    if (outcome == ACCEPTED) {
        *batch = statement_integer(find, 0);
        deciding->stored.key = statement_integer(find, 4);
    }
    statement_destroy(find);
    return outcome == ACCEPTED && !is_undone;
}

/* A stale question about a decision that is taken back is none any more, and what waited for a
 * second steward, or was unsure, is open again. */
static bool drop_questions(struct deciding *deciding, int64_t batch, struct error *error)
{
    const char *sql =
        arena_format(deciding->arena,
                     "DELETE FROM review_case WHERE kind = %d AND decision_id = %lld;"
                     "UPDATE review_case SET status = %d WHERE case_key = %lld",
                     REVIEW_STALE, (long long)batch, REVIEW_OPEN, (long long)deciding->stored.key);
    return database_run(deciding->review->state, sql, error);
}

/* Whoever wrote a decision before there were batches wrote one row. */
static bool make_batch(struct deciding *deciding, int64_t batch, struct error *error)
{
    const char *sql = arena_format(
        deciding->arena,
        "UPDATE decision SET batch = decision_id WHERE decision_id = %lld AND batch IS NULL",
        (long long)batch);
    return database_run(deciding->review->state, sql, error);
}

bool undo_locked(struct deciding *deciding, int64_t decision_id, struct error *error)
{
    int64_t batch = 0;
    int64_t *records = NULL;
    size_t count = 0;
    if (!find_batch(deciding, decision_id, &batch, error) || !make_batch(deciding, batch, error) ||
        !said_mark_undone(deciding->review, batch, deciding->verdict->who, deciding->arena,
                          error) ||
        !drop_questions(deciding, batch, error) ||
        !rows_records(deciding->review, batch, deciding->arena, &records, &count, error) ||
        !deciding_apply(deciding, records, count, error))
        return false;
    deciding->batch = batch;
    deciding->effect = deciding->applied.too_many ? REVIEW_NEXT_RUN : REVIEW_APPLIED;
    return true;
}

bool review_undo(struct review *review, const char *who, int64_t decision_id, struct arena *arena,
                 struct review_answer *answer, struct error *error)
{
    const struct review_engine *engine = review->engine;
    const struct review_verdict verdict = {.who = who};
    struct deciding deciding = {.review = review, .arena = arena, .verdict = &verdict};
    struct error ignored;
    *answer = (struct review_answer){0};
    if (!review_settle(review, NULL, error))
        return false;
    if (engine->lock(engine->context, 0, error)) {
        if (!undo_locked(&deciding, decision_id, error)) {
            engine->unlock(engine->context, false, &ignored);
            return false;
        }
        if (!engine->unlock(engine->context, true, error))
            return false;
    } else {
        int64_t batch = 0;
        if (error->exit_code != EXIT_LOCKED || !find_batch(&deciding, decision_id, &batch, error) ||
            !waiting_put_undo(review, who, batch, arena, error))
            return false;
        deciding.effect = REVIEW_WAITS;
        deciding.batch = batch;
    }
    deciding_answer(&deciding, answer);
    return true;
}
