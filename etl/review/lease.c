#include "cust360/base/hash.h"
#include "queue.h"

#include <stdio.h>

/* Who has which case in hand. A lease is taken for some minutes and renewed by whatever its
 * steward does; what is not renewed is anybody's again, so nobody has to give back anything. */

bool lease_list(struct review *review, struct arena *arena, struct lease **leases, size_t *count,
                struct error *error)
{
    int64_t all = 0;
    *count = 0;
    if (!database_integer(review->desk, "SELECT count(*) FROM lease", 0, &all, error))
        return false;
    *leases = arena_allocate_array(arena, (size_t)all + 1, sizeof(**leases));
    struct statement *rows =
        statement_prepare(review->desk, "SELECT case_key, who FROM lease WHERE until > ?1", error);
    if (!rows)
        return false;
    statement_bind_integer(rows, 1, session_seconds());
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < (size_t)all)
        (*leases)[(*count)++] =
            (struct lease){statement_integer(rows, 0), column_text(arena, rows, 1)};
    statement_destroy(rows);
    return outcome != FAILED;
}

bool review_release(struct review *review, const char *who, const char *key, struct error *error)
{
    int64_t number = 0;
    if (key && !key_read(key, &number, error))
        return false;
    struct statement *drop = statement_prepare(
        review->desk, "DELETE FROM lease WHERE who = ?1 AND (?2 IS NULL OR case_key = ?2)", error);
    if (!drop)
        return false;
    statement_bind_text(drop, 1, slice_of(who));
    if (key)
        statement_bind_integer(drop, 2, number);
    bool done = statement_run(drop, error);
    statement_destroy(drop);
    return done;
}

/* ---- claiming ---- */

struct claim {
    struct review *review;
    const char *who;
    struct key_list taken; /* by others, or decided and waiting */
    struct key_list own;
    struct key_list flagged;
    bool only_flagged;
    int64_t *case_ids;
    int64_t *keys;
    size_t count;
    size_t kept; /* of them, what the steward had already */
    size_t most;
    bool only_own;
    struct statement *decider;
    struct error *error;
    bool failed;
};

/* A second pair of eyes is another's, and so is help for whoever was unsure. */
static bool is_for_another(struct claim *claim, const struct queue_row *row)
{
    if (row->status == REVIEW_OPEN)
        return false;
    statement_reset(claim->decider);
    statement_bind_integer(claim->decider, 1, row->key);
    enum outcome outcome = statement_step(claim->decider, claim->error);
    bool is_own =
        outcome == ACCEPTED && slice_equal(statement_text(claim->decider, 0), slice_of(claim->who));
    claim->failed = claim->failed || outcome == FAILED;
    statement_reset(claim->decider);
    return is_own;
}

static bool visit_claim(void *context, const struct queue_row *row, unsigned misses)
{
    struct claim *claim = context;
    bool is_own = key_list_has(&claim->own, row->key);
    if (misses || is_own != claim->only_own || key_list_has(&claim->taken, row->key) ||
        (claim->only_flagged && !key_list_has(&claim->flagged, row->key)) ||
        is_for_another(claim, row))
        return true;
    claim->case_ids[claim->count] = row->case_id;
    claim->keys[claim->count++] = row->key;
    return claim->count < claim->most && !claim->failed;
}

static bool load_taken(struct claim *claim, struct arena *arena, struct error *error)
{
    struct lease *leases = NULL;
    size_t count = 0;
    struct key_list waiting;
    if (!lease_list(claim->review, arena, &leases, &count, error) ||
        !queue_waiting(claim->review, arena, &waiting, error) ||
        !flag_list(claim->review, arena, &claim->flagged, error))
        return false;
    claim->taken.keys = arena_allocate_array(arena, count + waiting.count + 1, sizeof(int64_t));
    claim->own.keys = arena_allocate_array(arena, count + 1, sizeof(int64_t));
    for (size_t i = 0; i < count; i++)
        if (strcmp(leases[i].who, claim->who) == 0)
            claim->own.keys[claim->own.count++] = leases[i].key;
        else
            claim->taken.keys[claim->taken.count++] = leases[i].key;
    for (size_t i = 0; i < waiting.count; i++)
        claim->taken.keys[claim->taken.count++] = waiting.keys[i];
    key_list_sort(&claim->taken);
    key_list_sort(&claim->own);
    return true;
}

static bool gather(struct claim *claim, const struct review_filter *filter, struct error *error)
{
    static const struct review_filter all = REVIEW_FILTER_ALL;
    const struct queue_visitor visitor = {visit_claim, claim};
    claim->decider = statement_prepare(
        claim->review->state,
        "SELECT decided_by FROM decision WHERE case_key = ?1 AND NOT undone AND kind <> 'undo'"
        " ORDER BY decision_id DESC LIMIT 1",
        error);
    claim->error = error;
    claim->only_own = true;
    bool done = claim->decider &&
                (claim->own.count == 0 ||
                 queue_scan(claim->review, filter->mine ? filter : &all, &visitor, error));
    claim->kept = claim->count;
    claim->only_own = false;
    if (done && !filter->mine && claim->count < claim->most)
        done = queue_scan(claim->review, filter, &visitor, error);
    statement_destroy(claim->decider);
    return done && !claim->failed;
}

bool lease_take(struct review *review, const char *who, const int64_t *keys, size_t count,
                struct error *error)
{
    int64_t now = session_seconds();
    struct statement *put = statement_prepare(
        review->desk,
        "INSERT INTO lease(case_key, who, until) VALUES(?1, ?2, ?3) ON CONFLICT(case_key) DO"
        " UPDATE SET who = ?2, until = ?3 WHERE who = ?2 OR until <= ?4",
        error);
    bool done = put != NULL;
    for (size_t i = 0; done && i < count; i++) {
        statement_bind_integer(put, 1, keys[i]);
        statement_bind_text(put, 2, slice_of(who));
        statement_bind_integer(put, 3, now + (int64_t)review->rules->lease_minutes * 60);
        statement_bind_integer(put, 4, now);
        done = statement_run(put, error);
    }
    statement_destroy(put);
    return done;
}

bool review_claim(struct review *review, const char *who, const struct review_filter *filter,
                  struct arena *arena, struct review_page *page, struct error *error)
{
    struct claim claim = {.review = review,
                          .who = who,
                          .most = review->rules->lease_cases,
                          .only_flagged = filter->flagged};
    struct error ignored;
    *page = (struct review_page){0};
    claim.case_ids = arena_allocate_array(arena, claim.most + 1, sizeof(*claim.case_ids));
    claim.keys = arena_allocate_array(arena, claim.most + 1, sizeof(*claim.keys));
    /* At once from looking to taking, so that two who claim at the same time get different cases.
     */
    if (!database_run(review->desk, "BEGIN IMMEDIATE", error))
        return false;
    bool done = load_taken(&claim, arena, error) && gather(&claim, filter, error) &&
                lease_take(review, who, claim.keys, claim.count, error) &&
                database_run(review->desk, "COMMIT", error);
    if (!done) {
        database_run(review->desk, "ROLLBACK", &ignored);
        return false;
    }
    page->items = arena_allocate_array(arena, claim.count + 2, sizeof(*page->items));
    page->count = claim.count;
    page->total = claim.count;
    return queue_items(review, claim.case_ids, claim.count, arena, page->items, error) &&
           control_add(review, who, claim.count - claim.kept, arena, page, error);
}
