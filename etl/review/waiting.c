#include "cust360/base/log.h"
#include "cust360/review_make.h"
#include "decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Verdicts that came while a run held the state: written to review.db and synced before the answer,
 * carried out in their order when the state is free. Each has a token that goes into the state with
 * its rows, so that a crash between the two databases repeats nothing. */

const char *token_make(struct arena *arena)
{
    static const char hexadecimal[] = "0123456789abcdef";
    unsigned char bytes[12] = {0};
    char *token = arena_allocate(arena, sizeof(bytes) * 2 + 1);
    FILE *random = fopen("/dev/urandom", "re");
    if (random) {
        if (fread(bytes, 1, sizeof(bytes), random) < sizeof(bytes))
            bytes[0] = (unsigned char)getpid();
        (void)fclose(random); /* was only read */
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        token[2 * i] = hexadecimal[bytes[i] >> 4];
        token[2 * i + 1] = hexadecimal[bytes[i] & 15];
    }
    return token;
}

bool waiting_fit(struct database *desk, struct error *error)
{
    static const char *const columns[][2] = {
        {"status", "INTEGER"}, {"seen", "TEXT"}, {"reason", "TEXT"}, {"failed", "TEXT"}};
    char sql[160];
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        int64_t there = 0;
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM pragma_table_info('waiting') WHERE name = '%s'",
                 columns[i][0]);
        if (!database_integer(desk, sql, 0, &there, error))
            return false;
        snprintf(sql, sizeof(sql), "ALTER TABLE waiting ADD COLUMN %s %s", columns[i][0],
                 columns[i][1]);
        if (!there && !database_run(desk, sql, error))
            return false;
    }
    return true;
}

/* Two words on one case would be carried out one after the other, the second unseen. */
bool waiting_is_free(struct deciding *deciding, struct error *error)
{
    struct statement *find = statement_prepare(
        deciding->review->desk,
        "SELECT who, at FROM waiting WHERE case_key = ?1 AND undo IS NULL AND failed IS NULL",
        error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, deciding->stored.key);
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED) {
        error_set(error, EXIT_CONFLICT, "%s has decided this case at %s; it waits for the run",
                  column_text(deciding->arena, find, 0), column_text(deciding->arena, find, 1));
        error_hint(error, "take the decision back when the run is over, if it is wrong");
    }
    statement_destroy(find);
    return outcome == ENDED;
}

static struct statement *prepare_put(struct review *review, const char *who, struct arena *arena,
                                     struct error *error)
{
    struct statement *put = statement_prepare(
        review->desk,
        "INSERT INTO waiting(token, who, at, case_key, word, comment, split, attribute, value,"
        " until, undo, record_a, record_b, kind, decision_id, first, status, seen)"
        " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
        error);
    if (put) {
        statement_bind_text(put, 1, slice_of(token_make(arena)));
        statement_bind_text(put, 2, slice_of(who));
        statement_bind_text(put, 3, slice_of(session_now(arena)));
    }
    return put;
}

static const char *join_split(const struct review_verdict *verdict, struct arena *arena)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < verdict->split_count; i++)
        buffer_format(&text, "%s%" PRId64, i ? " " : "", verdict->split[i]);
    const char *joined = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return joined;
}

bool waiting_put(struct deciding *deciding, bool first, struct error *error)
{
    const struct review_verdict *verdict = deciding->verdict;
    const struct stored_case *stored = &deciding->stored;
    struct statement *put = prepare_put(deciding->review, verdict->who, deciding->arena, error);
    if (!put)
        return false;
    statement_bind_integer(put, 4, stored->key);
    statement_bind_integer(put, 5, verdict->word);
    statement_bind_text(put, 6, slice_of(verdict->comment));
    statement_bind_text(put, 7, slice_of(join_split(verdict, deciding->arena)));
    statement_bind_text(put, 8, slice_of(verdict->attribute));
    statement_bind_text(put, 9, slice_of(verdict->value));
    statement_bind_text(put, 10, slice_of(verdict->until));
    statement_bind_null(put, 11);
    statement_bind_integer(put, 12, stored->record_a);
    statement_bind_integer(put, 13, stored->record_b);
    statement_bind_integer(put, 14, stored->kind);
    statement_bind_integer(put, 15, stored->decision_id);
    statement_bind_integer(put, 16, first);
    statement_bind_integer(put, 17, stored->status);
    statement_bind_text(put, 18, slice_of(verdict->seen));
    bool done = statement_run(put, error);
    statement_destroy(put);
    deciding->effect = REVIEW_WAITS;
    return done;
}

bool waiting_put_undo(struct review *review, const char *who, int64_t batch, struct arena *arena,
                      struct error *error)
{
    struct statement *put = prepare_put(review, who, arena, error);
    if (!put)
        return false;
    statement_bind_integer(put, 11, batch);
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

/* ---- carrying out ---- */

struct waiting { /* one of them */
    int64_t waiting_id;
    const char *token;
    int64_t undo; /* 0: a verdict */
    bool first;   /* a second steward has to confirm it */
    struct review_verdict verdict;
    struct stored_case stored; /* as it was when the verdict was given */
};

enum { SPLIT_MOST = 64 };

static void read_split(struct waiting *waiting, const char *text, struct arena *arena)
{
    int64_t *records = arena_allocate_array(arena, SPLIT_MOST, sizeof(*records));
    char *end = NULL;
    for (; *text && waiting->verdict.split_count < SPLIT_MOST; text = end) {
        records[waiting->verdict.split_count++] = strtoll(text, &end, 10);
        if (end == text)
            break;
    }
    waiting->verdict.split = records;
}

static const char *nullable(struct arena *arena, const struct statement *row, int column)
{
    return statement_is_null(row, column) ? NULL : column_text(arena, row, column);
}

static bool next_waiting(struct review *review, int64_t after, struct arena *arena,
                         struct waiting *waiting, struct error *error)
{
    struct statement *select = statement_prepare(
        review->desk,
        "SELECT waiting_id, token, who, case_key, word, comment, split, attribute, value, until,"
        " undo, record_a, record_b, kind, decision_id, first, status, seen FROM waiting WHERE"
        " waiting_id > ?1 AND failed IS NULL ORDER BY waiting_id LIMIT 1",
        error);
    *waiting = (struct waiting){0};
    if (!select)
        return false;
    statement_bind_integer(select, 1, after);
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED) {
        waiting->waiting_id = statement_integer(select, 0);
        waiting->token = column_text(arena, select, 1);
        waiting->undo = statement_integer(select, 10);
        waiting->verdict = (struct review_verdict){
            .who = column_text(arena, select, 2),
            .word = (enum review_word)statement_integer(select, 4),
            .comment = nullable(arena, select, 5),
            .attribute = nullable(arena, select, 7),
            .value = nullable(arena, select, 8),
            .until = nullable(arena, select, 9),
            .seen = nullable(arena, select, 17),
        };
        char *key = arena_allocate(arena, REVIEW_KEY_BYTES);
        key_format(statement_integer(select, 3), key);
        waiting->verdict.key = key;
        waiting->stored = (struct stored_case){
            .key = statement_integer(select, 3),
            .kind = (enum review_kind)statement_integer(select, 13),
            .status = (enum review_status)statement_integer(select, 16),
            .record_a = statement_integer(select, 11),
            .record_b = statement_integer(select, 12),
            .decision_id = statement_integer(select, 14),
            .attribute = waiting->verdict.attribute ? waiting->verdict.attribute : "",
            .value = "",
        };
        waiting->first = statement_integer(select, 15) != 0;
        read_split(waiting, column_text(arena, select, 6), arena);
    }
    statement_destroy(select);
    return outcome != FAILED;
}

static bool is_written(struct review *review, const char *token, bool *written, struct error *error)
{
    struct statement *find =
        statement_prepare(review->state, "SELECT 1 FROM decision WHERE token = ?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(token));
    enum outcome outcome = statement_step(find, error);
    *written = outcome == ACCEPTED;
    statement_destroy(find);
    return outcome != FAILED;
}

/* The run may have brought other records than the steward saw. Of shared values it does not matter:
 * the word is on the value. */
static bool is_as_seen(struct deciding *deciding, struct error *error)
{
    uint64_t hash = 0;
    char seen[REVIEW_KEY_BYTES];
    const char *then = deciding->verdict->seen;
    if (!then || deciding->stored.kind == REVIEW_SHARED)
        return true;
    if (!seen_hash(deciding->review, &deciding->stored, deciding->arena, &hash, error))
        return false;
    key_format((int64_t)hash, seen);
    return strcmp(seen, then) == 0 ||
           error_set(error, EXIT_CONFLICT, "the records have changed since the case was shown");
}

static bool confirm_first(struct deciding *deciding, bool *is_done, struct error *error)
{
    int64_t unconfirmed = 0;
    const char *sql = arena_format(deciding->arena,
                                   "SELECT count(*) FROM decision WHERE case_key = %lld AND NOT"
                                   " confirmed AND NOT undone",
                                   (long long)deciding->stored.key);
    *is_done = false;
    if (deciding->stored.status != REVIEW_SECOND)
        return true;
    if (!database_integer(deciding->review->state, sql, 0, &unconfirmed, error))
        return false;
    if (unconfirmed == 0)
        return error_set(error, EXIT_CONFLICT, "the first steward's word was taken back meanwhile");
    return deciding_second(deciding, is_done, error);
}

static bool say(struct deciding *deciding, bool first, bool apply, struct error *error)
{
    enum review_word word = deciding->verdict->word;
    bool applies = apply && !first && word != REVIEW_DONT_KNOW;
    bool is_done = false;
    if (!is_as_seen(deciding, error) || !confirm_first(deciding, &is_done, error))
        return false;
    if (is_done)
        return true;
    return deciding_write(deciding, !first, error) &&
           (!applies ||
            deciding_apply(deciding, deciding->records, deciding->record_count, error)) &&
           deciding_close_case(deciding,
                               first                      ? REVIEW_SECOND
                               : word == REVIEW_DONT_KNOW ? REVIEW_UNSURE
                                                          : REVIEW_ANY,
                               error);
}

/* Why a word could not be carried out, or that it could: it counts once the state is committed. */
static bool note_reason(struct review *review, const struct waiting *waiting, const char *reason,
                        struct error *error)
{
    struct statement *put = statement_prepare(
        review->desk, "UPDATE waiting SET reason = ?2 WHERE waiting_id = ?1", error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, waiting->waiting_id);
    statement_bind_text(put, 2, slice_of(reason));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

/* Rows, and, unless a run does it, what they change. A word whose records are gone meanwhile says
 * nothing any more; it stays on the desk with the reason, for its steward to see. */
static bool carry_out_one(struct review *review, struct waiting *waiting, bool apply,
                          struct arena *arena, struct error *error)
{
    struct deciding deciding = {.review = review,
                                .arena = arena,
                                .verdict = &waiting->verdict,
                                .token = waiting->token,
                                .stored = waiting->stored};
    bool written = false;
    struct error why;
    if (!is_written(review, waiting->token, &written, error) || written)
        return written;
    if (!database_run(review->state, "SAVEPOINT word", error) ||
        !golden_of_record(review, waiting->stored.record_a, &deciding.stored.golden_a, error) ||
        !golden_of_record(review, waiting->stored.record_b, &deciding.stored.golden_b, error))
        return false;
    if (deciding.stored.golden_b == deciding.stored.golden_a)
        deciding.stored.golden_b = 0;
    bool done = waiting->undo ? undo_locked(&deciding, waiting->undo, &why)
                              : say(&deciding, waiting->first, apply, &why);
    if (!done)
        log_warning("a decision of %s that waited for the run could not be carried out: %s",
                    waiting->verdict.who, why.message);
    return database_run(review->state, done ? "RELEASE word" : "ROLLBACK TO word; RELEASE word",
                        error) &&
           note_reason(review, waiting, done ? NULL : why.message, error);
}

static bool carry_out_all(struct review *review, bool apply, int64_t *last, struct error *error)
{
    struct arena *arena = arena_create();
    bool done = true;
    *last = 0;
    for (;;) {
        struct waiting waiting;
        arena_reset(arena);
        done = next_waiting(review, *last, arena, &waiting, error);
        if (!done || !waiting.waiting_id)
            break;
        done = carry_out_one(review, &waiting, apply, arena, error);
        if (!done)
            break;
        *last = waiting.waiting_id;
    }
    arena_destroy(arena);
    return done;
}

static bool forget(struct review *review, int64_t last, struct error *error)
{
    char sql[240];
    snprintf(sql, sizeof(sql),
             "BEGIN IMMEDIATE; UPDATE waiting SET failed = reason WHERE waiting_id <= %lld AND"
             " failed IS NULL; DELETE FROM waiting WHERE waiting_id <= %lld AND failed IS NULL;"
             " COMMIT",
             (long long)last, (long long)last);
    return last == 0 || database_run(review->desk, sql, error);
}

bool review_settle(struct review *review, size_t *waiting, struct error *error)
{
    const struct review_engine *engine = review->engine;
    int64_t count = 0;
    int64_t last = 0;
    struct error ignored;
    if (!database_integer(review->desk, "SELECT count(*) FROM waiting WHERE failed IS NULL", 0,
                          &count, error))
        return false;
    if (waiting)
        *waiting = (size_t)count;
    if (count == 0)
        return true;
    struct error locked;
    if (!engine->lock(engine->context, 0, &locked))
        return true;
    if (!carry_out_all(review, true, &last, error)) {
        engine->unlock(engine->context, false, &ignored);
        return false;
    }
    if (!engine->unlock(engine->context, true, error) || !forget(review, last, error))
        return false;
    if (waiting)
        *waiting = 0;
    return true;
}

/* ---- what could not be carried out ---- */

bool waiting_failures(struct review *review, struct arena *arena, struct review_stats *stats,
                      struct error *error)
{
    enum { FAILURES_MOST = 50 };
    stats->failures = arena_allocate_array(arena, FAILURES_MOST, sizeof(*stats->failures));
    struct statement *rows =
        statement_prepare(review->desk,
                          "SELECT waiting_id, who, at, CASE WHEN undo IS NULL THEN word ELSE -1"
                          " END, case_key, failed FROM waiting WHERE failed IS NOT NULL ORDER BY"
                          " waiting_id LIMIT 50",
                          error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED &&
           stats->failure_count < FAILURES_MOST) {
        struct review_failure *failure = &stats->failures[stats->failure_count++];
        int64_t word = statement_integer(rows, 3);
        *failure = (struct review_failure){
            .waiting_id = statement_integer(rows, 0),
            .who = column_text(arena, rows, 1),
            .when = column_text(arena, rows, 2),
            .word = word < 0 ? "undo" : review_word_name((enum review_word)word),
            .reason = column_text(arena, rows, 5),
        };
        key_format(statement_integer(rows, 4), failure->key);
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

bool review_dismiss(struct review *review, int64_t waiting_id, struct error *error)
{
    struct statement *drop = statement_prepare(
        review->desk, "DELETE FROM waiting WHERE waiting_id = ?1 AND failed IS NOT NULL", error);
    if (!drop)
        return false;
    statement_bind_integer(drop, 1, waiting_id);
    bool done = statement_run(drop, error);
    statement_destroy(drop);
    if (done && database_changes(review->desk) == 0)
        return error_set(error, EXIT_FAILED, "no decision %lld has failed", (long long)waiting_id);
    return done;
}

/* ---- for a run ---- */

bool review_absorb(struct database *state, const char *folder, const struct model_entity *entity,
                   int64_t *last, struct error *error)
{
    struct review review = {.state = state, .entity = entity};
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/review.db", folder);
    *last = 0;
    bool there = access(path.data, F_OK) == 0;
    review.desk = there ? database_open(path.data, DATABASE_WRITE, error) : NULL;
    buffer_release(&path);
    if (!there)
        return true;
    bool done = review.desk && waiting_fit(review.desk, error) &&
                carry_out_all(&review, false, last, error);
    database_close(review.desk);
    return done;
}

bool review_absorbed(const char *folder, int64_t last, struct error *error)
{
    struct review review = {0};
    struct buffer path = BUFFER_EMPTY;
    if (last == 0)
        return true;
    buffer_format(&path, "%s/review.db", folder);
    review.desk = database_open(path.data, DATABASE_WRITE, error);
    buffer_release(&path);
    bool done = review.desk && forget(&review, last, error);
    database_close(review.desk);
    return done;
}
