#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/review_make.h"
#include "decide.h"
#include "queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char desk_tables[] =
    "CREATE TABLE IF NOT EXISTS lease(case_key INTEGER PRIMARY KEY, who TEXT, until INTEGER);"
    "CREATE INDEX IF NOT EXISTS lease_who ON lease(who);"
    "CREATE TABLE IF NOT EXISTS waiting(waiting_id INTEGER PRIMARY KEY, token TEXT UNIQUE,"
    " case_key INTEGER, word INTEGER, who TEXT, at TEXT, comment TEXT, split TEXT, attribute TEXT,"
    " value TEXT, until TEXT, undo INTEGER, record_a INTEGER, record_b INTEGER, kind INTEGER,"
    " decision_id INTEGER, first INTEGER, status INTEGER, reason TEXT, failed TEXT);"
    "CREATE TABLE IF NOT EXISTS control(control_id INTEGER PRIMARY KEY, case_key INTEGER UNIQUE,"
    " decision_id INTEGER, who TEXT, record_a INTEGER, record_b INTEGER, expected TEXT,"
    " given TEXT, at TEXT);"
    "CREATE TABLE IF NOT EXISTS turn(who TEXT PRIMARY KEY, claimed INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS flag(case_key INTEGER PRIMARY KEY, who TEXT);"
    "CREATE TABLE IF NOT EXISTS revealed(at TEXT, who TEXT, what TEXT);";

int64_t session_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

const char *session_now(struct arena *arena)
{
    char *now = arena_allocate(arena, DATE_TIME_TEXT_BYTES);
    date_clock_text(now);
    return now;
}

void key_format(int64_t key, char text[REVIEW_KEY_BYTES])
{
    snprintf(text, REVIEW_KEY_BYTES, "%016" PRIx64, (uint64_t)key);
}

bool key_parse(struct slice text, int64_t *key)
{
    char copy[REVIEW_KEY_BYTES];
    if (text.length != REVIEW_KEY_BYTES - 1)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    if (strspn(copy, "0123456789abcdef") != text.length)
        return false;
    *key = (int64_t)strtoull(copy, NULL, 16);
    return true;
}

bool key_read(const char *text, int64_t *key, struct error *error)
{
    return key_parse(slice_of(text), key) ||
           error_set(error, EXIT_USAGE, "a case's key is 16 of the characters 0 to 9 and a to f");
}

const char *column_text(struct arena *arena, const struct statement *row, int column)
{
    return arena_text(arena, statement_text(row, column));
}

bool session_last_run(struct database *state, struct session_run *run, struct error *error)
{
    struct statement *select =
        statement_prepare(state,
                          "SELECT run_id, as_of FROM run WHERE status IN ('done', 'incomplete')"
                          " ORDER BY run_id DESC LIMIT 1",
                          error);
    *run = (struct session_run){0};
    if (!select)
        return false;
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED) {
        run->run_id = statement_integer(select, 0);
        snprintf(run->as_of, sizeof(run->as_of), "%.*s",
                 SLICE_ARGUMENTS(statement_text(select, 1)));
        if (!date_parse(slice_of(run->as_of), &run->as_of_days))
            run->as_of_days = 0;
    }
    statement_destroy(select);
    if (outcome == ENDED) {
        error_set(error, EXIT_STATE, "the state has no run to review");
        return error_hint(error, "cust360 run makes one");
    }
    return outcome == ACCEPTED;
}

/* ---- opening ---- */

/* Runs before the first steward came could not count cars, and a case's place in the queue hangs
 * on them. */
static bool weigh_anew(struct review *review, const struct session_run *run, struct error *error)
{
    const struct review_making making = {.state = review->state,
                                         .entity = review->entity,
                                         .rules = review->rules,
                                         .merge_bits = review->engine->merge_bits,
                                         .run_id = run->run_id,
                                         .as_of_days = run->as_of_days};
    return review_make(&making, error);
}

/* Indexes that only stewards need: a group without them does not pay for them every night. */
static bool make_indexes(struct review *review, const struct session_run *run, struct error *error)
{
    int64_t there = 0;
    int64_t ownership = 0;
    int64_t mobile = 0;
    if (!database_integer(review->state,
                          "SELECT count(*) FROM sqlite_master WHERE name = 'review_said'", 0,
                          &there, error) ||
        !database_integer(review->state,
                          "SELECT count(*) FROM pragma_table_info('record_ownership') WHERE name ="
                          " 'customer_key'",
                          0, &ownership, error) ||
        !database_integer(review->state,
                          "SELECT count(*) FROM pragma_table_info('golden') WHERE name = 'mobile'",
                          0, &mobile, error))
        return false;
    if (there)
        return true;
    struct error locked;
    if (!review->engine->lock(review->engine->context, 0, &locked))
        return true;
    bool made =
        database_run(review->state,
                     "CREATE INDEX IF NOT EXISTS possible_match_b ON possible_match(record_b);"
                     "CREATE INDEX IF NOT EXISTS golden_alias_becomes ON golden_alias(becomes);"
                     "CREATE INDEX IF NOT EXISTS review_indexes ON golden_history(golden_id);"
                     "CREATE INDEX IF NOT EXISTS review_said ON decision(decided_by, decided_at)"
                     " WHERE kind <> 'undo' AND NOT undone AND decision_id = coalesce(batch,"
                     " decision_id);",
                     error) &&
        (!ownership || database_run(review->state,
                                    "CREATE INDEX IF NOT EXISTS review_ownership_owner ON"
                                    " record_ownership(source_id, customer_key)",
                                    error)) &&
        (!mobile ||
         database_run(review->state,
                      "CREATE INDEX IF NOT EXISTS review_golden_mobile ON golden(mobile)",
                      error)) &&
        weigh_anew(review, run, error);
    return review->engine->unlock(review->engine->context, made, error) && made;
}

static bool open_desk(struct review *review, struct error *error)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/review.db", review->project->state);
    review->desk = database_open(path.data, DATABASE_CREATE, error);
    buffer_release(&path);
    return review->desk && database_run(review->desk, desk_tables, error) &&
           waiting_fit(review->desk, error);
}

struct review *review_open(const struct review_setup *setup, struct error *error)
{
    struct review *review = memory_allocate_array(1, sizeof(*review));
    const struct model *model = setup->project->model;
    review->project = setup->project;
    review->rules = &setup->project->operation.review;
    review->engine = setup->engine;
    review->state = setup->engine->state;
    review->entity = &model->entities[model_find_entity(model, setup->engine->entity)];
    struct session_run run;
    if (session_last_run(review->state, &run, error) && open_desk(review, error) &&
        make_indexes(review, &run, error))
        return review;
    review_close(review);
    return NULL;
}

const struct model *review_model(const struct review *review)
{
    return review->project->model;
}

void review_close(struct review *review)
{
    if (!review)
        return;
    queue_cache_destroy(review->cache);
    database_close(review->view);
    database_close(review->desk);
    memory_free(review);
}

struct database *session_view(struct review *review)
{
    struct file_stamp stamp;
    struct error ignored;
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/customer360.db", review->project->out);
    bool there = file_stamp(path.data, &stamp);
    int64_t identity = there ? stamp.modified_ns ^ (int64_t)stamp.inode : 0;
    if (!there || identity != review->view_stamp) {
        database_close(review->view);
        review->view = there ? database_open(path.data, DATABASE_READ, &ignored) : NULL;
        review->view_stamp = identity;
    }
    buffer_release(&path);
    return review->view;
}
