#include "cust360/base/date.h"
#include "cust360/store_steward.h"
#include "gate_notes.h"
#include "golden_store.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

/* ---- the lock, for one word ---- */

static bool take_lock(struct store *store, unsigned wait_ms, struct error *error)
{
    enum { POLL_MS = 10, NANOSECONDS_A_MS = 1000000 };
    double end = date_monotonic_seconds() + wait_ms / 1000.0;
    while ((store->lock = lock_take(store->folder, 0, error)) < 0) {
        if (error->exit_code != EXIT_LOCKED || date_monotonic_seconds() >= end)
            return false;
        nanosleep(&(struct timespec){0, (long)POLL_MS * NANOSECONDS_A_MS}, NULL);
    }
    return true;
}

bool store_lock(struct store *store, unsigned wait_ms, struct error *error)
{
    struct store_run run;
    if (!take_lock(store, wait_ms, error))
        return false;
    if (database_run(store->database, "BEGIN IMMEDIATE", error) &&
        store_former_run(store, &run, error)) {
        store->run_id = run.run_id;
        snprintf(store->as_of, sizeof(store->as_of), "%s", run.as_of);
        store->lists_changes = true;
        return true;
    }
    struct error ignored;
    store_unlock(store, false, &ignored);
    return false;
}

bool store_unlock(struct store *store, bool commit, struct error *error)
{
    struct error ignored;
    bool done = (!commit || audit_commit(store, error)) &&
                database_run(store->database, commit ? "COMMIT" : "ROLLBACK", error);
    if (!done && commit)
        database_run(store->database, "ROLLBACK", &ignored);
    golden_store_destroy(store->golden);
    store->golden = NULL;
    lock_release(store->lock);
    store->lock = -1;
    return done;
}

bool store_commit(struct store *store, struct error *error)
{
    return audit_commit(store, error) && database_run(store->database, "COMMIT", error);
}

/* ---- pairs ---- */

static bool drop_pairs(struct store *store, const char *table, struct error *error)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "DELETE FROM %s WHERE record_a IN temp.chosen;"
             "DELETE FROM %s WHERE record_b IN temp.chosen;",
             table, table);
    return database_run(store->database, sql, error);
}

static bool put_pairs(struct store *store, const char *table, const struct store_pair *pairs,
                      size_t count, struct error *error)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "INSERT INTO %s(record_a, record_b, weight, probability, reason) VALUES(?,?,?,?,?)",
             table);
    struct statement *put = statement_prepare(store->database, sql, error);
    bool done = put != NULL;
    for (size_t i = 0; done && i < count; i++) {
        int64_t a = store->roster.record_ids[pairs[i].a];
        int64_t b = store->roster.record_ids[pairs[i].b];
        statement_bind_integer(put, 1, a < b ? a : b);
        statement_bind_integer(put, 2, a < b ? b : a);
        statement_bind_number(put, 3, pairs[i].weight_bits);
        statement_bind_number(put, 4, 1.0 / (1.0 + exp2(-pairs[i].weight_bits)));
        statement_bind_text(put, 5, slice_of(pairs[i].reason));
        done = statement_run(put, error);
    }
    statement_destroy(put);
    return done;
}

bool store_pairs_replace(struct store *store, const struct store_pair *links, size_t link_count,
                         const struct store_pair *possible, size_t possible_count,
                         struct error *error)
{
    /* Links are within customers, and those are here whole: their first record finds them all. */
    return database_run(store->database, "DELETE FROM link WHERE record_a IN temp.chosen", error) &&
           drop_pairs(store, "possible_match", error) &&
           put_pairs(store, "link", links, link_count, error) &&
           put_pairs(store, "possible_match", possible, possible_count, error);
}

/* ---- values of nobody ---- */

bool store_shared_values_begin(struct store *store, struct error *error)
{
    return database_run(store->database, "DELETE FROM shared_value", error);
}

bool store_shared_value_add(struct store *store, size_t attribute, struct slice value,
                            struct error *error)
{
    struct statement *put = statement_prepare(
        store->database, "INSERT OR IGNORE INTO shared_value VALUES(?, ?)", error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, (int64_t)attribute);
    statement_bind_text(put, 2, value);
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}
