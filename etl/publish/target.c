#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/publish_target.h"
#include "publish/canary.h"
#include "publish/delta.h"
#include "publish/ledger.h"
#include "publish/restore.h"
#include "publish/rights.h"
#include "publish/sent.h"
#include "publish/structure.h"

/* A publication while it is made. */
struct publication {
    struct arena *arena;
    const struct target_options *options;
    struct session session;
    struct database *view;    /* what is to be sent; opened under the name it is kept by */
    struct database *former;  /* what was sent; NULL: not known here */
    struct database *scratch; /* what the target was read to */
    struct sent_table **tables;
    size_t table_count;
    struct ledger last;  /* the former publication */
    struct ledger fresh; /* this one */
    const char *path;    /* of the view as this publication sends it */
    bool in_doubt;       /* the commit was asked for, and its outcome is not known */
    struct target_result *result;
};

/* ---- the view's tables ---- */

static const struct shape *find_shape(const struct shape *shapes, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(shapes[i].name, name) == 0)
            return &shapes[i];
    return NULL;
}

static bool fail_unknown(const struct publication *publication, const char *name,
                         struct error *error)
{
    error_set(error, EXIT_CONFIGURATION, "the view has no table %s", name);
    error_hint(error, "see `tables` of the target in cust360.yaml");
    return session_fail(&publication->session, NULL, error);
}

/* The tables that the target is to have, in their order in the view. */
static bool list_tables(struct publication *publication, struct error *error)
{
    const struct target *target = publication->options->target;
    struct shape *shapes = NULL;
    size_t count = 0;
    if (!shape_list(publication->arena, publication->view, &shapes, &count, error))
        return false;
    publication->tables =
        arena_allocate_array(publication->arena, count, sizeof(*publication->tables));
    for (size_t i = 0; i < target->table_count; i++)
        if (!find_shape(shapes, count, target->tables[i]))
            return fail_unknown(publication, target->tables[i], error);
    for (size_t i = 0; i < count; i++) {
        bool wanted = target->table_count == 0;
        for (size_t j = 0; j < target->table_count; j++)
            wanted = wanted || strcmp(target->tables[j], shapes[i].name) == 0;
        if (wanted)
            publication->tables[publication->table_count++] =
                sent_table_of(&publication->session, &shapes[i]);
    }
    return true;
}

static bool read_run(struct publication *publication, struct error *error)
{
    int64_t has_parameters = 0;
    struct database *view = publication->view;
    publication->fresh.run_id = 0;
    return database_integer(view, "SELECT count(*) FROM sqlite_master WHERE name = 'parameter'", 0,
                            &has_parameters, error) &&
           (!has_parameters ||
            database_integer(view, "SELECT value FROM parameter WHERE name = 'run_id'", 0,
                             &publication->fresh.run_id, error));
}

static bool open_view(struct publication *publication, const char *path, struct error *error)
{
    publication->view = database_open(path, DATABASE_READ, error);
    return publication->view && list_tables(publication, error) && read_run(publication, error);
}

/* ---- beginning and ending ---- */

static bool begin(struct publication *publication, struct error *error)
{
    const struct target_options *options = publication->options;
    if (!file_exists(options->view_path)) {
        error_set(error, EXIT_STATE, "could not find the published view %s", options->view_path);
        return error_hint(error, "cust360 run makes it");
    }
    return session_open(&publication->session, publication->arena, options->target,
                        options->connection, error) &&
           session_lock(&publication->session, error);
}

static void end(struct publication *publication)
{
    session_close(&publication->session);
    database_close(publication->view);
    database_close(publication->former);
    database_close(publication->scratch);
}

bool target_init(struct arena *arena, const struct target_options *options, size_t *made,
                 struct error *error)
{
    struct publication publication = {.arena = arena, .options = options};
    *made = 0;
    bool done = begin(&publication, error) && open_view(&publication, options->view_path, error) &&
                structure_make_schema(&publication.session, made, error) &&
                ledger_make(&publication.session, made, error);
    for (size_t i = 0; i < publication.table_count && done; i++)
        done = structure_make(&publication.session, publication.tables[i], made, error);
    end(&publication);
    return done;
}

/* ---- what was sent ---- */

/* Opens the copy of what the target's ledger names. That there is none is no error. */
static bool open_former(struct publication *publication, struct error *error)
{
    if (publication->last.publication == 0)
        return true;
    const char *path =
        sent_path(publication->arena, publication->options->folder,
                  publication->options->target->name, publication->last.token, error);
    if (!path)
        return false;
    if (file_exists(path))
        publication->former = database_open(path, DATABASE_READ, error);
    return publication->former || !file_exists(path);
}

/* The side that a table is compared with. */
static bool former_side(struct publication *publication, const struct sent_table *table,
                        bool read_target, struct database **side, struct error *error)
{
    bool was_sent = ledger_find(&publication->last, table->shape->name) != NULL;
    *side = publication->former;
    if (publication->former && was_sent && !read_target)
        return true;
    *side = publication->scratch;
    return restore_table(&publication->session, table, publication->scratch, error);
}

/* ---- sending ---- */

static bool check_sum(struct publication *publication, const struct sent_table *table,
                      const struct shape_sum *expected, bool *equal, struct error *error)
{
    struct shape_sum sum = {0, 0, 0};
    if (!restore_sum(&publication->session, table, &sum, error))
        return false;
    if (shape_sum_equal(&sum, expected))
        return true;
    *equal = false;
    error_set(error, EXIT_FAILED, "it has other rows than were sent: %llu, and %llu are expected",
              (unsigned long long)sum.rows, (unsigned long long)expected->rows);
    error_hint(error, "somebody else writes to the table, or a trigger does");
    session_fail(&publication->session, table->shape->name, error);
    return true;
}

static bool send_table(struct publication *publication, const struct sent_table *table,
                       bool read_target, bool *equal, struct error *error)
{
    struct database *former = NULL;
    struct delta delta = {0};
    if (!former_side(publication, table, read_target, &former, error) ||
        !delta_send(&publication->session, table, former, publication->view, &delta, error) ||
        !check_sum(publication, table, &delta.sum, equal, error))
        return false;
    struct target_table *sent = &publication->result->tables[publication->result->table_count++];
    *sent =
        (struct target_table){table->shape->name, delta.sum.rows, delta.upserted, delta.deleted};
    const struct ledger_entry entry = {
        &publication->fresh, {table->shape->name, delta.sum}, delta.upserted, delta.deleted};
    return !*equal || ledger_add(&publication->session, &entry, error);
}

/* Whether there is nothing that the ledger would tell more than it does. */
static bool is_idle(const struct publication *publication)
{
    const struct target_result *result = publication->result;
    if (publication->last.run_id != publication->fresh.run_id ||
        publication->last.table_count != result->table_count)
        return false;
    for (size_t i = 0; i < result->table_count; i++)
        if (result->tables[i].upserted || result->tables[i].deleted ||
            !ledger_find(&publication->last, result->tables[i].name))
            return false;
    return publication->former != NULL;
}

static bool commit(struct publication *publication, struct error *error)
{
    struct session *session = &publication->session;
    if (is_idle(publication)) {
        file_remove(publication->path);
        return session_run(session, session->dialect->rollback, error) ||
               session_fail(session, NULL, error);
    }
    publication->in_doubt = true;
    if (!session_run(session, session->dialect->commit, error))
        return session_fail(session, NULL, error);
    sent_remove_others(publication->arena, publication->path);
    return true;
}

/* Where it is the transaction that locks, another run may have published before it began. */
static bool still_last(struct publication *publication, struct error *error)
{
    struct ledger now;
    if (publication->session.dialect->lock)
        return true;
    if (!ledger_read(&publication->session, &now, error))
        return false;
    if (now.publication == publication->last.publication)
        return true;
    error_set(error, EXIT_LOCKED, "another run has published there meanwhile");
    error_hint(error, "run again");
    return session_fail(&publication->session, NULL, error);
}

/* Sends everything in one transaction. *equal is false when the target turned out to have other
 * rows than it should; then nothing was committed, and `error` says which table. */
static bool send_all(struct publication *publication, bool read_target, bool *equal,
                     struct error *error)
{
    struct session *session = &publication->session;
    struct error ignored;
    *equal = true;
    publication->result->table_count = 0;
    if (!session_begin(session, error))
        return false;
    bool sent = still_last(publication, error);
    for (size_t i = 0; i < publication->table_count && sent && *equal; i++) {
        log_progress(publication->tables[i]->shape->name, i, publication->table_count);
        sent = send_table(publication, publication->tables[i], read_target, equal, error);
    }
    log_progress_end();
    if (sent && *equal)
        return commit(publication, error);
    session_run(session, session->dialect->rollback, &ignored);
    return sent;
}

static bool open_scratch(struct publication *publication, struct error *error)
{
    database_close(publication->scratch);
    publication->scratch = database_open(
        arena_format(publication->arena, "%s.read", publication->path), DATABASE_SCRATCH, error);
    return publication->scratch != NULL;
}

/* By what was sent; when the target differs from that, by what it has. */
static bool send_difference(struct publication *publication, struct error *error)
{
    bool equal = false;
    if (!open_scratch(publication, error) || !send_all(publication, false, &equal, error))
        return false;
    if (equal)
        return true;
    log_failure(LOG_WARNING, error);
    log_warning("target %s is read and compared row by row", publication->options->target->name);
    return open_scratch(publication, error) && send_all(publication, true, &equal, error) && equal;
}

/* ---- the same view again ---- */

/* The very file that was sent last need not be compared; only whether the target still has it. */
static bool stands(struct publication *publication, const char *sent, bool *standing,
                   struct error *error)
{
    *standing = sent_is_same(sent, publication->options->view_path);
    for (size_t i = 0; i < publication->table_count && *standing; i++) {
        const struct sent_table *table = publication->tables[i];
        const struct ledger_table *noted = ledger_find(&publication->last, table->shape->name);
        struct shape_sum sum = {0, 0, 0};
        if (!noted) {
            *standing = false;
            break;
        }
        if (!restore_sum(&publication->session, table, &sum, error))
            return false;
        *standing = shape_sum_equal(&sum, &noted->sum);
        publication->result->tables[publication->result->table_count++] =
            (struct target_table){table->shape->name, sum.rows, 0, 0};
    }
    return true;
}

static bool is_published(struct publication *publication, bool *standing, struct error *error)
{
    *standing = false;
    if (publication->last.publication == 0)
        return true;
    const char *sent =
        sent_path(publication->arena, publication->options->folder,
                  publication->options->target->name, publication->last.token, error);
    return sent && stands(publication, sent, standing, error);
}

/* ---- the whole ---- */

/* Keeps the view under a name of its own, so that what is sent stays the same file whatever
 * replaces the view meanwhile. */
static bool keep_view(struct publication *publication, struct error *error)
{
    const struct target_options *options = publication->options;
    sent_token(publication->fresh.token);
    publication->fresh.publication = publication->last.publication + 1;
    publication->path = sent_path(publication->arena, options->folder, options->target->name,
                                  publication->fresh.token, error);
    return publication->path && sent_keep(options->view_path, publication->path, error);
}

static bool publish(struct publication *publication, struct error *error)
{
    bool standing = false;
    if (!ledger_read(&publication->session, &publication->last, error) ||
        !keep_view(publication, error) || !open_view(publication, publication->path, error))
        return false;
    publication->result->run_id = publication->fresh.run_id;
    publication->result->tables = arena_allocate_array(publication->arena, publication->table_count,
                                                       sizeof(*publication->result->tables));
    for (size_t i = 0; i < publication->table_count; i++)
        if (!structure_check(&publication->session, publication->tables[i], error))
            return false;
    if (!is_published(publication, &standing, error))
        return false;
    if (standing) {
        file_remove(publication->path);
        return true;
    }
    return open_former(publication, error) && send_difference(publication, error);
}

bool target_publish(struct arena *arena, const struct target_options *options,
                    struct target_result *result, struct error *error)
{
    double began = date_monotonic_seconds();
    struct publication publication = {.arena = arena, .options = options, .result = result};
    *result = (struct target_result){0};
    bool done = begin(&publication, error) && publish(&publication, error);
    if (!done && publication.path && !publication.in_doubt)
        file_remove(publication.path);
    end(&publication);
    if (publication.path)
        file_remove(arena_format(arena, "%s.read", publication.path));
    result->seconds = date_monotonic_seconds() - began;
    return done;
}

/* ---- looking ---- */

bool target_check(struct arena *arena, const struct target_options *options, struct error *warning,
                  struct error *error)
{
    struct publication publication = {.arena = arena, .options = options};
    struct session *session = &publication.session;
    *warning = (struct error){0};
    bool checked = session_open(session, arena, options->target, options->connection, error) &&
                   canary_check(session, warning, error);
    if (checked && file_exists(options->view_path))
        checked = open_view(&publication, options->view_path, error);
    checked = checked &&
              rights_check(session, publication.tables, publication.table_count, warning, error);
    end(&publication);
    return checked;
}

bool target_fetch(struct arena *arena, const struct target_options *options, const char *path,
                  struct error *error)
{
    struct publication publication = {.arena = arena, .options = options};
    bool done =
        session_open(&publication.session, arena, options->target, options->connection, error) &&
        open_view(&publication, options->view_path, error);
    if (done)
        publication.scratch = database_open(path, DATABASE_SCRATCH, error);
    done = done && publication.scratch;
    for (size_t i = 0; i < publication.table_count && done; i++)
        done =
            restore_copy(&publication.session, publication.tables[i], publication.scratch, error);
    end(&publication);
    return done;
}
