#include "cli/subject.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/subject.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

/* The places of an erasure besides the state, and its certificate. */

/* ---- views ---- */

static bool erase_in(struct erasure *erasure, const struct subject *subject, const char *path,
                     struct error *error)
{
    struct database *view = database_open(path, DATABASE_WRITE, error);
    bool done = view && subject_erase_view(subject, view, &erasure->view_rows, error);
    database_close(view);
    return done && database_clear_gaps(path, error);
}

/* A view with another name (one that is kept, or that a target was sent) is that other's as well:
 * only a copy of it is changed. What nobody else names is changed where it is. */
bool erasure_view(struct erasure *erasure, const struct subject *subject, const char *path,
                  struct error *error)
{
    struct stat status;
    const char *fresh = arena_format(erasure->arena, "%s.erasing", path);
    int64_t before = erasure->view_rows;
    bool is_alone = stat(path, &status) == 0 && status.st_nlink == 1;
    bool done = is_alone
                    ? erase_in(erasure, subject, path, error)
                    : file_copy(path, fresh, error) && erase_in(erasure, subject, fresh, error) &&
                          file_publish(fresh, path, error);
    erasure_note(
        erasure, path,
        arena_format(erasure->arena, "%" PRId64 " rows erased", erasure->view_rows - before));
    return done;
}

/* ---- backups ---- */

static bool has_tables(struct database *database, const char *names, int64_t count, bool *has,
                       struct error *error)
{
    int64_t found = 0;
    char sql[160];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM sqlite_master WHERE name IN (%s)", names);
    bool done = database_integer(database, sql, 0, &found, error);
    *has = found == count;
    return done;
}

static bool erase_old_state(struct erasure *erasure, const struct subject *known,
                            struct database *state, int64_t *rows, struct error *error)
{
    struct subject subject;
    bool there = false;
    bool done = subject_find_again(known, state, &subject, &there, error) &&
                (!there || (database_run(state, "BEGIN IMMEDIATE", error) &&
                            subject_erase_state(&subject, rows, error) &&
                            database_run(state, "COMMIT", error)));
    subject_release(&subject);
    (void)erasure;
    return done;
}

static bool erase_database(struct erasure *erasure, const struct subject *subject, const char *path,
                           struct error *error)
{
    bool is_state = false;
    bool is_view = false;
    int64_t rows = 0;
    struct database *database = database_open(path, DATABASE_WRITE, error);
    bool done = database && has_tables(database, "'crosswalk', 'meta'", 2, &is_state, error) &&
                has_tables(database, "'customer', 'parameter'", 2, &is_view, error);
    if (done && is_state)
        done = erase_old_state(erasure, subject, database, &rows, error);
    else if (done && is_view)
        done = subject_erase_view(subject, database, &rows, error);
    database_close(database);
    done = done && database_clear_gaps(path, error);
    if (done && !is_state && !is_view) {
        erasure->incomplete = true;
        erasure_note(erasure, path, "a database of another kind: not looked into");
    } else if (done) {
        erasure_note(erasure, path, arena_format(erasure->arena, "%" PRId64 " rows erased", rows));
    }
    return done;
}

/* An archive's content cannot be told from outside. */
static bool is_packed(const char *path)
{
    static const char *const ends[] = {".gz", ".xz", ".zst", ".bz2", ".zip", ".7z", ".gpg", ".age"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t length = strlen(path);
        if (length > strlen(ends[i]) && strcmp(path + length - strlen(ends[i]), ends[i]) == 0)
            return true;
    }
    return false;
}

bool erasure_backup(struct erasure *erasure, const struct subject *subject, const char *path,
                    struct error *error)
{
    struct stat status;
    struct subject_sweep sweep = {.seals = &erasure->project->operation.seals};
    char **paths = NULL;
    size_t count = 0;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        if (!file_glob(erasure->arena, file_join(erasure->arena, path, "*"), &paths, &count, error))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!erasure_backup(erasure, subject, paths[i], error))
                return false;
        return true;
    }
    if (database_is_file(path))
        return erase_database(erasure, subject, path, error);
    if (is_packed(path)) {
        erasure->incomplete = true;
        erasure_note(erasure, path, "packed or encrypted: not looked into; unpack or delete it");
        return true;
    }
    if (!subject_sweep(subject, path, &sweep, error))
        return false;
    if (sweep.removed || sweep.cut)
        erasure_note(erasure, path, sweep.removed ? "removed" : "lines erased");
    return true;
}

/* ---- the certificate ---- */

static const char *const remains[] = {
    "the golden id, marked erased, so that it is never given to anybody else",
    "keyed hashes that keep the next export from bringing the person back",
    "this certificate and the entries of the audit log, which hold no value of the person",
    "the exports of the sources: they are the dealers', and are to be asked of them",
};
enum { REMAINS = sizeof(remains) / sizeof(remains[0]) };

static void certify_json(const struct erasure *erasure, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_integer(&json, "erasure", erasure->erasure_id);
    json_text(&json, "golden_id", slice_of(erasure->golden_id));
    json_optional(&json, "begun_at", erasure->begun_at);
    json_optional(&json, "done_at", erasure->done_at);
    json_optional(&json, "asked_by", erasure->who);
    json_boolean(&json, "complete", !erasure->incomplete);
    json_integer(&json, "source_records", (int64_t)erasure->records);
    json_integer(&json, "further_rows", (int64_t)erasure->rows);
    json_integer(&json, "state_rows_erased", erasure->state_rows);
    json_integer(&json, "view_rows_erased", erasure->view_rows);
    json_integer(&json, "suppressing_hashes", erasure->hashes);
    json_array_begin(&json, "places");
    for (size_t i = 0; i < erasure->step_count; i++) {
        json_object_begin(&json, NULL);
        json_text(&json, "place", slice_of(erasure->steps[i].place));
        json_text(&json, "outcome", slice_of(erasure->steps[i].outcome));
        json_object_end(&json);
    }
    json_array_end(&json);
    json_array_begin(&json, "remains");
    for (size_t i = 0; i < REMAINS; i++)
        json_text(&json, NULL, slice_of(remains[i]));
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

static void certify_text(const struct erasure *erasure, struct buffer *text)
{
    buffer_format(text, "Erasure %" PRId64 " of the customer %s%s\n", erasure->erasure_id,
                  *erasure->golden_id ? erasure->golden_id : "(never matched)",
                  erasure->incomplete ? ERASURE_INCOMPLETE : "");
    buffer_format(text, "begun %s, done %s%s%s\n\n", erasure->begun_at, erasure->done_at,
                  erasure->who ? ", asked by " : "", erasure->who ? erasure->who : "");
    buffer_format(text,
                  "  %zu source records and %zu further rows of the person; %" PRId64
                  " rows erased from the state, %" PRId64 " from views\n",
                  erasure->records, erasure->rows, erasure->state_rows, erasure->view_rows);
    for (size_t i = 0; i < erasure->step_count; i++)
        buffer_format(text, "  %s: %s\n", erasure->steps[i].place, erasure->steps[i].outcome);
    buffer_append_text(text, "\nWhat remains:\n");
    for (size_t i = 0; i < REMAINS; i++)
        buffer_format(text, "  %s\n", remains[i]);
}

bool erasure_certify(struct erasure *erasure, struct error *error)
{
    struct arena *arena = erasure->arena;
    const char *folder = file_join(arena, erasure->project->state, "erasures");
    const char *path =
        file_join(arena, folder, arena_format(arena, "erasure-%06" PRId64, erasure->erasure_id));
    struct buffer json = BUFFER_EMPTY;
    struct buffer text = BUFFER_EMPTY;
    certify_json(erasure, &json);
    certify_text(erasure, &text);
    bool done = file_make_folder(folder, error) &&
                file_replace(arena_format(arena, "%s.json", path), buffer_slice(&json), error) &&
                file_replace(arena_format(arena, "%s.txt", path), buffer_slice(&text), error);
    buffer_release(&json);
    buffer_release(&text);
    return done;
}
