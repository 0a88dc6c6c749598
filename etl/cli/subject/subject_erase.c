#include "cli/open.h"
#include "cli/roles.h"
#include "cli/streams.h"
#include "cli/subject.h"
#include "cli/targets.h"
#include "cust360/base/audit.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/store_steward.h"
#include "cust360/subject.h"

#include <inttypes.h>

void erasure_note(struct erasure *erasure, const char *place, const char *outcome)
{
    erasure->steps = memory_grow(erasure->steps, &erasure->step_capacity, erasure->step_count + 1,
                                 sizeof(*erasure->steps));
    erasure->steps[erasure->step_count++] = (struct erasure_step){place, outcome};
}

void erasure_release(struct erasure *erasure)
{
    memory_free(erasure->steps);
    erasure->steps = NULL;
}

/* ---- beginning ---- */

static bool tell_audit(const struct erasure *erasure, const char *event, struct error *error)
{
    const char *number = arena_format(erasure->arena, "%" PRId64, erasure->erasure_id);
    const struct audit_detail details[] = {
        {"erasure", number}, {"golden_id", *erasure->golden_id ? erasure->golden_id : NULL}};
    const struct audit_entry entry = {erasure->who, event, details,
                                      sizeof(details) / sizeof(details[0])};
    return audit_append(erasure->project->state, &entry, error);
}

static const char *now_text(struct arena *arena)
{
    char *now = arena_allocate(arena, DATE_TIME_TEXT_BYTES);
    date_clock_text(now);
    return now;
}

static bool insert_erasure(struct erasure *erasure, const char *asked, struct error *error)
{
    struct database *state = store_database(erasure->store);
    struct statement *put =
        statement_prepare(state,
                          "INSERT INTO erasure(asked, golden_id, who, begun_at, status)"
                          " VALUES(?1, ?2, ?3, ?4, 'begun')",
                          error);
    if (!put)
        return false;
    statement_bind_text(put, 1, slice_of(asked));
    statement_bind_text(put, 2, slice_of(erasure->golden_id));
    statement_bind_text(put, 3, slice_of(erasure->who ? erasure->who : ""));
    statement_bind_text(put, 4, slice_of(erasure->begun_at));
    bool done = statement_run(put, error);
    erasure->erasure_id = database_last_id(state);
    statement_destroy(put);
    return done;
}

static bool begin(struct erasure *erasure, const char *asked, struct error *error)
{
    erasure->begun_at = now_text(erasure->arena);
    return database_run(store_database(erasure->store), "BEGIN IMMEDIATE", error) &&
           store_erasures_make(erasure->store, error) && insert_erasure(erasure, asked, error) &&
           tell_audit(erasure, "erasure_begun", error) && store_commit(erasure->store, error);
}

/* ---- everything but the state ---- */

static bool erase_views(struct erasure *erasure, const struct subject *subject, struct error *error)
{
    struct arena *arena = erasure->arena;
    const char *view = view_path(erasure->project, arena);
    char **paths = NULL;
    size_t count = 0;
    const char *folder = file_join(arena, erasure->project->out, "views");
    if (file_exists(view) && !erasure_view(erasure, subject, view, error))
        return false;
    if (file_exists(folder) &&
        !file_glob(arena, file_join(arena, folder, "run-*.db"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!erasure_view(erasure, subject, paths[i], error))
            return false;
    if (erasure->project->operation.role_count == 0 || !file_exists(view))
        return true;
    erasure_note(erasure, "files of roles", "made anew without the person");
    return roles_publish(erasure->project, arena, ROLES_ALL, error);
}

static bool erase_files(struct erasure *erasure, const struct subject *subject, struct error *error)
{
    const struct project *project = erasure->project;
    const char *const folders[] = {
        file_join(erasure->arena, project->state, "rejects"),
        file_join(erasure->arena, project->state, "raw"),
        file_join(erasure->arena, project->state, "rehearsals"),
        file_join(erasure->arena, project->out, "corrections"),
        file_join(erasure->arena, project->out, "reports"),
    };
    struct subject_sweep sweep = {.seals = &project->operation.seals};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (!subject_sweep(subject, folders[i], &sweep, error))
            return false;
    erasure_note(erasure, "rejects, copies of feeds, rehearsals, corrections, reports",
                 arena_format(erasure->arena, "%zu files looked into, %zu removed, %zu cut",
                              sweep.files, sweep.removed, sweep.cut));
    return true;
}

/* What stewards have in hand: leases go back by themselves, the rest names records. */
static bool erase_desk(struct erasure *erasure, const struct subject *subject, struct error *error)
{
    const char *path = file_join(erasure->arena, erasure->project->state, "review.db");
    if (!file_exists(path))
        return true;
    struct database *desk = database_open(path, DATABASE_WRITE, error);
    struct statement *records = NULL;
    bool done = desk != NULL;
    done = done && database_run(desk, "PRAGMA secure_delete=ON", error);
    if (done)
        records = statement_prepare(subject->state, "SELECT record_id FROM temp.person", error);
    enum outcome outcome = records ? ACCEPTED : FAILED;
    while (done && records && (outcome = statement_step(records, error)) == ACCEPTED) {
        long long id = (long long)statement_integer(records, 0);
        done = database_run(
            desk,
            arena_format(erasure->arena,
                         "DELETE FROM waiting WHERE record_a = %lld OR record_b = %lld;"
                         "DELETE FROM control WHERE record_a = %lld OR record_b = %lld;",
                         id, id, id, id),
            error);
    }
    statement_destroy(records);
    database_close(desk);
    erasure_note(erasure, "review.db", "what waited about the person is gone");
    return done && outcome != FAILED && database_clear_gaps(path, error);
}

static bool erase_backups(struct erasure *erasure, const struct subject *subject,
                          struct error *error)
{
    const struct operation *operation = &erasure->project->operation;
    for (size_t i = 0; i < operation->backup_count; i++) {
        char **paths = NULL;
        size_t count = 0;
        if (!file_glob(erasure->arena, operation->backups[i], &paths, &count, error))
            return false;
        if (count == 0)
            erasure_note(erasure, operation->backups[i], "no such backup is there");
        for (size_t j = 0; j < count; j++)
            if (!erasure_backup(erasure, subject, paths[j], error))
                return false;
    }
    return true;
}

/* ---- the state, and what is behind it ---- */

/* With what the certificate counts, for whoever has to write it after a break. */
static bool finish_state(struct erasure *erasure, struct error *error)
{
    struct statement *put = statement_prepare(store_database(erasure->store),
                                              "UPDATE erasure SET status = 'erased', done_at = ?2, "
                                              "certificate = ?3 WHERE erasure_id = ?1",
                                              error);
    if (!put)
        return false;
    const char *counts =
        arena_format(erasure->arena, "%zu %zu %" PRId64 " %" PRId64 " %" PRId64 " %d",
                     erasure->records, erasure->rows, erasure->state_rows, erasure->view_rows,
                     erasure->hashes, erasure->incomplete);
    erasure->done_at = now_text(erasure->arena);
    statement_bind_integer(put, 1, erasure->erasure_id);
    statement_bind_text(put, 2, slice_of(erasure->done_at));
    statement_bind_text(put, 3, slice_of(counts));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

static bool erase_state(struct erasure *erasure, const struct subject *subject, struct error *error)
{
    char key[SUPPRESSION_KEY_BYTES];
    struct error ignored;
    struct database *state = store_database(erasure->store);
    bool done = database_run(state, "BEGIN IMMEDIATE", error) &&
                store_suppression_key(erasure->store, key, error) &&
                subject_suppress(subject, slice_make(key, sizeof(key)), erasure->erasure_id,
                                 &erasure->hashes, error) &&
                subject_erase_state(subject, &erasure->state_rows, error) &&
                finish_state(erasure, error) && tell_audit(erasure, "erased", error) &&
                store_commit(erasure->store, error);
    if (!done)
        database_run(state, "ROLLBACK", &ignored);
    return done;
}

static bool erase_targets(struct erasure *erasure, struct error *error)
{
    struct report_targets reports = {0};
    int exit_code = EXIT_DONE;
    if (erasure->project->target_count == 0)
        return true;
    if (!targets_publish(erasure->project, NULL, erasure->arena, &reports, &exit_code, error))
        return false;
    for (size_t i = 0; i < reports.count; i++) {
        const struct report_target *target = &reports.targets[i];
        erasure_note(erasure, arena_format(erasure->arena, "target %s", target->name),
                     target->published ? arena_format(erasure->arena, "%llu rows deleted",
                                                      (unsigned long long)target->rows_deleted)
                                       : "could not be reached: the next run sends it");
        erasure->incomplete = erasure->incomplete || !target->published;
    }
    return true;
}

/* What the database has left where nothing is any more. */
static bool clear_state(struct erasure *erasure, struct error *error)
{
    return database_run(store_database(erasure->store), "PRAGMA shrink_memory", error) &&
           database_clear_gaps(state_path(erasure->project, erasure->arena), error);
}

/* The certificate is there: nobody needs the number that was asked for any more. */
static bool finish_row(struct erasure *erasure, struct error *error)
{
    struct database *state = store_database(erasure->store);
    return database_run(state, "BEGIN IMMEDIATE", error) &&
           database_run(state,
                        arena_format(erasure->arena,
                                     "UPDATE erasure SET status = 'done', asked = NULL"
                                     " WHERE erasure_id = %" PRId64,
                                     erasure->erasure_id),
                        error) &&
           store_commit(erasure->store, error);
}

/* What follows when the person is out of the state. */
static bool conclude(struct erasure *erasure, struct error *error)
{
    return clear_state(erasure, error) && erase_targets(erasure, error) &&
           erasure_certify(erasure, error) && finish_row(erasure, error) &&
           clear_state(erasure, error);
}

static bool carry_out(struct erasure *erasure, struct subject *subject, struct error *error)
{
    return erasure_leftovers(erasure, error) && erase_views(erasure, subject, error) &&
           erase_files(erasure, subject, error) && erase_desk(erasure, subject, error) &&
           erase_backups(erasure, subject, error) && erase_state(erasure, subject, error) &&
           conclude(erasure, error);
}

bool erasure_run(struct erasure *erasure, const char *asked, struct error *error)
{
    struct subject subject;
    streams_outlive_readers();
    bool done = subject_find(&subject, store_database(erasure->store), erasure->project->model,
                             asked, erasure->arena, error);
    if (done) {
        erasure->golden_id = subject.golden_id;
        erasure->records = subject.records;
        erasure->rows = subject.rows;
        done = (erasure->erasure_id || begin(erasure, asked, error)) &&
               carry_out(erasure, &subject, error);
    }
    subject_release(&subject);
    return done;
}

/* ---- what was broken off ---- */

struct broken_off {
    int64_t erasure_id; /* 0: none */
    const char *asked;
    bool erased; /* out of the state already */
};

static const char *column_text(struct arena *arena, struct statement *row, int column)
{
    return arena_text(arena, statement_text(row, column));
}

/* What finish_state has noted. */
static void read_counts(struct erasure *erasure, struct slice text)
{
    int64_t counts[6] = {0};
    size_t from = 0;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && from < text.length; i++) {
        size_t to = from;
        while (to < text.length && text.data[to] != ' ')
            to++;
        text_to_integer(slice_cut(text, from, to), &counts[i]);
        from = to + 1;
    }
    erasure->records = (size_t)counts[0];
    erasure->rows = (size_t)counts[1];
    erasure->state_rows = counts[2];
    erasure->view_rows = counts[3];
    erasure->hashes = counts[4];
    erasure->incomplete = counts[5] != 0;
}

static bool next_broken_off(struct erasure *erasure, struct broken_off *found, struct error *error)
{
    struct arena *arena = erasure->arena;
    struct statement *find =
        statement_prepare(store_database(erasure->store),
                          "SELECT erasure_id, asked, status = 'erased', golden_id, who, begun_at,"
                          " done_at, certificate FROM erasure WHERE status IN ('begun', 'erased')"
                          " ORDER BY erasure_id LIMIT 1",
                          error);
    enum outcome outcome = find ? statement_step(find, error) : FAILED;
    *found = (struct broken_off){0};
    if (outcome == ACCEPTED) {
        *found = (struct broken_off){statement_integer(find, 0), column_text(arena, find, 1),
                                     statement_integer(find, 2) != 0};
        erasure->erasure_id = found->erasure_id;
        erasure->golden_id = column_text(arena, find, 3);
        erasure->who = statement_is_null(find, 4) ? NULL : column_text(arena, find, 4);
        erasure->begun_at =
            statement_is_null(find, 5) ? now_text(arena) : column_text(arena, find, 5);
        erasure->done_at = column_text(arena, find, 6);
        read_counts(erasure, statement_text(find, 7));
    }
    statement_destroy(find);
    return outcome != FAILED;
}

bool erasures_known(struct store *store, bool *known, struct error *error)
{
    int64_t tables = 0;
    bool done = database_integer(store_database(store),
                                 "SELECT count(*) FROM sqlite_master WHERE name = 'erasure'", 0,
                                 &tables, error);
    *known = tables > 0;
    return done;
}

bool erasures_complete(const struct project *project, struct store *store, struct error *error)
{
    struct arena *arena = arena_create();
    bool known = false;
    bool done = erasures_known(store, &known, error);
    while (done && known) {
        struct broken_off found;
        struct erasure erasure = {.arena = arena, .project = project, .store = store};
        done = next_broken_off(&erasure, &found, error);
        if (!done || !found.erasure_id)
            break;
        log_warning("the erasure %" PRId64 " was broken off, and is completed now",
                    found.erasure_id);
        if (found.erased) {
            erasure_note(&erasure, "views, files, backups, state",
                         "done before the erasure was broken off");
            done = conclude(&erasure, error);
        } else {
            done = erasure_run(&erasure, found.asked, error);
        }
        erasure_release(&erasure);
    }
    arena_destroy(arena);
    return done;
}
