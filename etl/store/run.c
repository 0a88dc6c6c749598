#include "change.h"
#include "cust360/base/date.h"
#include "gate_notes.h"
#include "suppressed.h"

#include <stdio.h>

/*   begin ──► sources, match, merge ──► commit          done, incomplete
 *                                    └► abandon         stopped, failed: only the run's own row
 *
 * A run number is used once, also by a run that came to nothing: reject files, reports and logs
 * name it. */

static void copy_text(char *target, size_t bytes, struct slice text)
{
    snprintf(target, bytes, "%.*s", SLICE_ARGUMENTS(text));
}

bool store_former_run(struct store *store, struct store_run *run, struct error *error)
{
    struct statement *statement = statement_prepare(
        store->database,
        "SELECT run_id, as_of, started_at, finished_at, status, published, configuration_hash"
        " FROM run WHERE status IN ('done','incomplete') ORDER BY run_id DESC LIMIT 1",
        error);
    if (!statement)
        return false;
    *run = (struct store_run){0};
    enum outcome outcome = statement_step(statement, error);
    if (outcome == ACCEPTED) {
        run->run_id = statement_integer(statement, 0);
        copy_text(run->as_of, sizeof(run->as_of), statement_text(statement, 1));
        copy_text(run->started_at, sizeof(run->started_at), statement_text(statement, 2));
        copy_text(run->finished_at, sizeof(run->finished_at), statement_text(statement, 3));
        copy_text(run->status, sizeof(run->status), statement_text(statement, 4));
        run->published = statement_integer(statement, 5) != 0;
        run->configuration_hash = (uint64_t)statement_integer(statement, 6);
    }
    statement_destroy(statement);
    return outcome != FAILED;
}

int64_t store_run_id(const struct store *store)
{
    return store->run_id;
}

static bool insert_run(struct store *store, uint64_t configuration_hash, struct error *error)
{
    struct statement *insert =
        statement_prepare(store->database,
                          "INSERT INTO run(run_id, as_of, started_at, status, configuration_hash)"
                          " VALUES(?,?,?,'begun',?)",
                          error);
    if (!insert)
        return false;
    char now[DATE_TIME_TEXT_BYTES];
    date_clock_text(now);
    statement_bind_integer(insert, 1, store->run_id);
    statement_bind_text(insert, 2, slice_of(store->as_of));
    statement_bind_text(insert, 3, slice_of(now));
    statement_bind_integer(insert, 4, (int64_t)configuration_hash);
    bool done = statement_run(insert, error);
    statement_destroy(insert);
    return done;
}

/* IMMEDIATE, so that a second writer fails here and not in the midst of the run. */
bool store_run_begin(struct store *store, const char *as_of, uint64_t configuration_hash,
                     struct error *error)
{
    copy_text(store->as_of, sizeof(store->as_of), slice_of(as_of));
    if (!database_run(store->database, "BEGIN IMMEDIATE", error))
        return false;
    int64_t last = 0;
    if (!database_integer(store->database, "SELECT max(run_id) FROM run", 0, &last, error))
        return false;
    store->run_id = last + 1;
    return insert_run(store, configuration_hash, error) && changes_begin(store, error) &&
           suppressed_load(store, error);
}

static bool finish_run(struct store *store, const char *status, struct error *error)
{
    struct statement *update = statement_prepare(
        store->database, "UPDATE run SET status=?2, finished_at=?3 WHERE run_id=?1", error);
    if (!update)
        return false;
    char now[DATE_TIME_TEXT_BYTES];
    date_clock_text(now);
    statement_bind_integer(update, 1, store->run_id);
    statement_bind_text(update, 2, slice_of(status));
    statement_bind_text(update, 3, slice_of(now));
    bool done = statement_run(update, error);
    statement_destroy(update);
    return done && gate_notes_write(store, error);
}

bool store_run_commit(struct store *store, const char *status, struct error *error)
{
    return schema_index(store, error) && finish_run(store, status, error) &&
           audit_commit(store, error) && database_run(store->database, "COMMIT", error);
}

bool store_run_abandon(struct store *store, const char *status, struct error *error)
{
    struct error ignored;
    /* After a full disk SQLite has rolled back by itself; then there is nothing left to take back.
     */
    database_run(store->database, "ROLLBACK", &ignored);
    store->reading.open = false;
    return database_run(store->database, "BEGIN IMMEDIATE", error) && insert_run(store, 0, error) &&
           finish_run(store, status, error) && database_run(store->database, "COMMIT", error);
}

bool store_run_published(struct store *store, int64_t run_id, struct error *error)
{
    /* The lock is held: no steward has decided anything since the view was begun. */
    return store_run_with(store, "UPDATE run SET published=1 WHERE run_id=?1", run_id, error) &&
           database_run(store->database, "DELETE FROM review_touched", error);
}
