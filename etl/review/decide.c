#include "decide.h"
#include "cust360/base/log.h"
#include "cust360/review_make.h"

#include <stdio.h>
#include <unistd.h>

/* lock ─► is it still the question that the steward saw? ─► rows ─► cluster, merge ─► cases ─►
 * commit (synced) ─► answer
 *
 * All of it is one transaction of state.db. While a run holds the state, the verdict is put into
 * review.db instead, as durably, and goes the same way when the run is over. */

enum { LOCK_WAIT_SECONDS = 0 };

static bool is_large(const struct review_rules *rules, const struct review_case *found)
{
    return rules->four_eyes_records && found->record_count > rules->four_eyes_records;
}

static bool has_contrary_identities(const struct review_case *found)
{
    for (size_t i = 0; i < found->field_count; i++)
        if (found->fields[i].difference == REVIEW_CONTRARY &&
            strcmp(found->fields[i].kind, "identity") == 0)
            return true;
    return false;
}

bool four_eyes(const struct review_rules *rules, const struct review_case *found,
               enum review_word word)
{
    enum review_kind kind = found->item.kind;
    bool same = word == REVIEW_SAME;
    bool merges = same && (kind == REVIEW_POSSIBLE || kind == REVIEW_STALE);
    /* That two customers are not one parts nothing. */
    bool parts = rules->four_eyes_splits &&
                 (word == REVIEW_SPLIT || (word == REVIEW_NOT_SAME && kind != REVIEW_POSSIBLE));
    bool needs = (merges || parts) && is_large(rules, found);
    return needs ||
           (rules->four_eyes_conflicts && (merges || parts || (same && kind == REVIEW_CONFLICT)) &&
            has_contrary_identities(found));
}

/* ---- making cases anew for those that were touched ---- */

static bool make_cases(struct deciding *deciding, const uint32_t *goldens, size_t count,
                       struct error *error)
{
    struct session_run run;
    const struct review *review = deciding->review;
    if (!session_last_run(review->state, &run, error))
        return false;
    const struct review_making making = {.state = review->state,
                                         .entity = review->entity,
                                         .rules = review->rules,
                                         .merge_bits = review->engine->merge_bits,
                                         .run_id = run.run_id,
                                         .as_of_days = run.as_of_days,
                                         .goldens = goldens,
                                         .golden_count = count};
    return count == 0 || review_make(&making, error);
}

/* Customers that a published view does not show as they are now. */
static bool note_touched(struct deciding *deciding, struct error *error)
{
    struct statement *put = statement_prepare(
        deciding->review->state, "INSERT OR IGNORE INTO review_touched VALUES(?1)", error);
    bool done = put != NULL;
    for (size_t i = 0; done && i < deciding->applied.golden_count; i++) {
        statement_bind_integer(put, 1, deciding->applied.goldens[i]);
        done = statement_run(put, error);
    }
    statement_destroy(put);
    return done;
}

bool deciding_apply(struct deciding *deciding, const int64_t *records, size_t count,
                    struct error *error)
{
    const struct review_engine *engine = deciding->review->engine;
    /* A run that takes over what has waited applies everything itself. */
    if (count == 0 || !engine)
        return true;
    return engine->apply(engine->context, records, count, deciding->arena, &deciding->applied,
                         error) &&
           note_touched(deciding, error) &&
           make_cases(deciding, deciding->applied.goldens, deciding->applied.golden_count, error);
}

/* ---- whether it is still the same question ---- */

static bool leased_by_another(struct deciding *deciding, struct error *error)
{
    struct lease *leases = NULL;
    size_t count = 0;
    if (!lease_list(deciding->review, deciding->arena, &leases, &count, error))
        return true;
    for (size_t i = 0; i < count; i++)
        if (leases[i].key == deciding->stored.key &&
            strcmp(leases[i].who, deciding->verdict->who) != 0) {
            error_set(error, EXIT_CONFLICT, "%s has this case in hand", leases[i].who);
            error_hint(error, "it is free again when nothing is done with it for %u minutes",
                       (unsigned)deciding->review->rules->lease_minutes);
            return true;
        }
    return false;
}

bool deciding_check(struct deciding *deciding, struct error *error)
{
    struct review *review = deciding->review;
    int64_t key = 0;
    uint64_t hash = 0;
    char seen[REVIEW_KEY_BYTES];
    bool is_there = false;
    if (!deciding->verdict->key || !key_parse(slice_of(deciding->verdict->key), &key))
        return error_set(error, EXIT_USAGE, "the verdict is on no case");
    if (!stored_find(review, key, deciding->arena, &deciding->stored, &is_there, error))
        return false;
    if (!is_there)
        return said_gone(review, key, deciding->arena, error);
    if (!rows_check(&deciding->stored, deciding->verdict, error) ||
        leased_by_another(deciding, error))
        return false;
    if (!deciding->verdict->seen)
        return true;
    if (!seen_hash(review, &deciding->stored, deciding->arena, &hash, error))
        return false;
    key_format((int64_t)hash, seen);
    if (strcmp(seen, deciding->verdict->seen) == 0)
        return true;
    error_set(error, EXIT_CONFLICT, "the records have changed since the case was shown");
    return error_hint(error, "look at it again");
}

/* ---- two pairs of eyes ---- */

struct first_word { /* of a case that waits for a second steward */
    int64_t batch;
    const char *who;
    const char *word;
};

static bool find_first(struct deciding *deciding, struct first_word *first, struct error *error)
{
    *first = (struct first_word){0};
    struct statement *select = statement_prepare(
        deciding->review->state,
        "SELECT batch, decided_by, word FROM decision WHERE case_key = ?1 AND NOT confirmed"
        " AND NOT undone ORDER BY decision_id DESC LIMIT 1",
        error);
    if (!select)
        return false;
    statement_bind_integer(select, 1, deciding->stored.key);
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED)
        *first = (struct first_word){statement_integer(select, 0),
                                     column_text(deciding->arena, select, 1),
                                     column_text(deciding->arena, select, 2)};
    statement_destroy(select);
    return outcome != FAILED;
}

static bool needs_second(struct deciding *deciding, bool *needs, struct error *error)
{
    struct review_case found;
    *needs = false;
    enum review_word word = deciding->verdict->word;
    if (word != REVIEW_SAME && word != REVIEW_NOT_SAME && word != REVIEW_SPLIT)
        return true;
    if (!review_case(deciding->review, deciding->verdict->key, deciding->arena, &found, error))
        return false;
    *needs = four_eyes(deciding->review->rules, &found, word);
    return true;
}

/* Whether two words say the same of the same records: either may have marked others to go. */
static bool check_agreement(struct deciding *deciding, const struct first_word *first,
                            int64_t second, struct error *error)
{
    static const char rows[] = "SELECT kind, source_a, key_a, source_b, key_b FROM decision"
                               " WHERE batch = %lld EXCEPT SELECT kind, source_a, key_a, source_b,"
                               " key_b FROM decision WHERE batch = %lld";
    struct buffer sql = BUFFER_EMPTY;
    int64_t others = 0;
    buffer_append_text(&sql, "SELECT count(*) FROM (SELECT * FROM (");
    buffer_format(&sql, rows, (long long)first->batch, (long long)second);
    buffer_append_text(&sql, ") UNION ALL SELECT * FROM (");
    buffer_format(&sql, rows, (long long)second, (long long)first->batch);
    buffer_append_text(&sql, "))");
    bool done = database_integer(deciding->review->state, sql.data, 0, &others, error);
    buffer_release(&sql);
    if (!done || others == 0)
        return done;
    error_set(error, EXIT_CONFLICT, "%s has marked other records", first->who);
    return error_hint(error, "mark the same ones, or take that decision back");
}

static bool confirm(struct deciding *deciding, const struct first_word *first, struct error *error)
{
    const char *sql =
        arena_format(deciding->arena, "UPDATE decision SET confirmed = 1 WHERE batch = %lld",
                     (long long)first->batch);
    int64_t *records = NULL;
    size_t count = 0;
    struct written note = {.review = deciding->review,
                           .arena = deciding->arena,
                           .stored = &deciding->stored,
                           .verdict = deciding->verdict,
                           .token = deciding->token,
                           .when = session_now(deciding->arena),
                           .confirmed = true};
    deciding->batch = first->batch;
    return rows_write(&note, error) &&
           (deciding->verdict->word != REVIEW_SPLIT ||
            check_agreement(deciding, first, note.batch, error)) &&
           database_run(deciding->review->state, sql, error) &&
           rows_records(deciding->review, first->batch, deciding->arena, &records, &count, error) &&
           deciding_apply(deciding, records, count, error);
}

/* ---- carrying it out ---- */

bool deciding_close_case(struct deciding *deciding, int status, struct error *error)
{
    const char *sql =
        status == REVIEW_ANY
            ? arena_format(deciding->arena, "DELETE FROM review_case WHERE case_key = %lld",
                           (long long)deciding->stored.key)
            : arena_format(deciding->arena,
                           "UPDATE review_case SET status = %d WHERE case_key = %lld", status,
                           (long long)deciding->stored.key);
    return database_run(deciding->review->state, sql, error);
}

static bool has_effect(const struct stored_case *stored, enum review_word word)
{
    return word == REVIEW_SAME || word == REVIEW_NOT_SAME || word == REVIEW_SPLIT ||
           word == REVIEW_TAKE || (word == REVIEW_NEVER_ASK && stored->kind == REVIEW_STALE);
}

/* A new word on a stale decision stands in its place. */
static bool replace_stale(struct deciding *deciding, struct error *error)
{
    const struct stored_case *stored = &deciding->stored;
    if (stored->kind != REVIEW_STALE || !has_effect(stored, deciding->verdict->word) ||
        deciding->verdict->word == REVIEW_NEVER_ASK)
        return true;
    return said_mark_undone(deciding->review, stored->decision_id, deciding->verdict->who,
                            deciding->arena, error);
}

bool deciding_write(struct deciding *deciding, bool confirmed, struct error *error)
{
    struct written written = {.review = deciding->review,
                              .arena = deciding->arena,
                              .stored = &deciding->stored,
                              .verdict = deciding->verdict,
                              .token = deciding->token,
                              .when = session_now(deciding->arena),
                              .confirmed = confirmed};
    if (!replace_stale(deciding, error) || !rows_write(&written, error))
        return false;
    deciding->batch = written.batch;
    deciding->records = written.records;
    deciding->record_count = written.record_count;
    return true;
}

static bool carry_out(struct deciding *deciding, struct error *error)
{
    enum review_word word = deciding->verdict->word;
    if (!deciding_write(deciding, true, error))
        return false;
    if (word == REVIEW_DONT_KNOW) {
        deciding->effect = REVIEW_NOTED;
        return deciding_close_case(deciding, REVIEW_UNSURE, error);
    }
    if (!has_effect(&deciding->stored, word)) {
        deciding->effect = REVIEW_NOTED;
        return deciding_close_case(deciding, REVIEW_ANY, error);
    }
    if (!deciding_apply(deciding, deciding->records, deciding->record_count, error))
        return false;
    deciding->effect = deciding->applied.too_many ? REVIEW_NEXT_RUN : REVIEW_APPLIED;
    return deciding_close_case(deciding, REVIEW_ANY, error);
}

static bool decide_first(struct deciding *deciding, bool *is_done, struct error *error)
{
    bool needs = false;
    *is_done = true;
    if (!needs_second(deciding, &needs, error))
        return false;
    if (!needs) {
        *is_done = false;
        return true;
    }
    deciding->effect = REVIEW_NEEDS_SECOND;
    return deciding_write(deciding, false, error) &&
           deciding_close_case(deciding, REVIEW_SECOND, error);
}

static bool is_another(const struct deciding *deciding, const struct first_word *first,
                       struct error *error)
{
    return strcmp(first->who, deciding->verdict->who) != 0 ||
           error_set(error, EXIT_CONFLICT, "this needs another steward than %s", first->who);
}

/* Whether a second word may be put aside: who gave the first one is told at once. */
static bool check_second(struct deciding *deciding, struct error *error)
{
    struct first_word first;
    if (!find_first(deciding, &first, error))
        return false;
    return !first.batch || strcmp(first.word, review_word_name(deciding->verdict->word)) != 0 ||
           is_another(deciding, &first, error);
}

/* The second agrees, and it is in force; or says something else, which takes the first word back
 * and stands in its place, as a first word where it needs a second itself. */
bool deciding_second(struct deciding *deciding, bool *is_done, struct error *error)
{
    struct first_word first;
    *is_done = false;
    if (!find_first(deciding, &first, error))
        return false;
    if (!first.batch || deciding->verdict->word == REVIEW_DONT_KNOW)
        return true;
    if (strcmp(first.word, review_word_name(deciding->verdict->word)) != 0)
        return said_mark_undone(deciding->review, first.batch, deciding->verdict->who,
                                deciding->arena, error);
    if (!is_another(deciding, &first, error))
        return false;
    *is_done = true;
    deciding->effect = REVIEW_APPLIED;
    return confirm(deciding, &first, error) && deciding_close_case(deciding, REVIEW_ANY, error);
}

bool deciding_carry_out(struct deciding *deciding, struct error *error)
{
    bool is_done = false;
    if (deciding->stored.status == REVIEW_SECOND && !deciding_second(deciding, &is_done, error))
        return false;
    if (!is_done && !decide_first(deciding, &is_done, error))
        return false;
    return is_done || carry_out(deciding, error);
}

/* ---- the answer ---- */

static bool fill_goldens(struct deciding *deciding, struct review_answer *answer,
                         struct error *error)
{
    const struct review_applied *applied = &deciding->applied;
    answer->golden_ids =
        arena_allocate_array(deciding->arena, applied->golden_count + 1, sizeof(const char *));
    struct statement *find = statement_prepare(
        deciding->review->state, "SELECT golden_id FROM golden WHERE golden_number = ?1", error);
    enum outcome outcome = find ? ENDED : FAILED;
    for (size_t i = 0; i < applied->golden_count && outcome != FAILED; i++) {
        statement_reset(find);
        statement_bind_integer(find, 1, applied->goldens[i]);
        outcome = statement_step(find, error);
        if (outcome == ACCEPTED)
            answer->golden_ids[answer->golden_count++] = column_text(deciding->arena, find, 0);
    }
    statement_destroy(find);
    return outcome != FAILED;
}

static const char *sentence_of(enum review_effect effect)
{
    static const char *const sentences[] = {
        [REVIEW_APPLIED] = "applied; the published view follows with the next publishing",
        [REVIEW_WAITS] = "recorded; a run holds the state: applied as soon as it is over",
        [REVIEW_NEXT_RUN] = "recorded; it touches many records and is applied by the next run",
        [REVIEW_NEEDS_SECOND] = "recorded; a second steward has to say the same",
        [REVIEW_NOTED] = "noted",
    };
    return sentences[effect];
}

void deciding_answer(const struct deciding *deciding, struct review_answer *answer)
{
    answer->effect = deciding->effect;
    answer->decision_id = deciding->batch;
    answer->sentence = sentence_of(deciding->effect);
}

bool deciding_control(struct deciding *deciding, struct error *error)
{
    bool same = deciding->verdict->word == REVIEW_SAME;
    struct statement *put =
        statement_prepare(deciding->review->desk,
                          "UPDATE control SET given = ?2, at = ?3 WHERE case_key = ?1", error);
    if (!put)
        return false;
    const char *given = same                                         ? "same"
                        : deciding->verdict->word == REVIEW_NOT_SAME ? "different"
                                                                     : "unsure";
    statement_bind_integer(put, 1, deciding->stored.key);
    statement_bind_text(put, 2, slice_of(given));
    statement_bind_text(put, 3, slice_of(session_now(deciding->arena)));
    bool done = statement_run(put, error);
    statement_destroy(put);
    deciding->effect = REVIEW_NOTED;
    return done;
}

static bool decide_now(struct deciding *deciding, struct review_answer *answer, struct error *error)
{
    const struct review_engine *engine = deciding->review->engine;
    struct error ignored;
    bool done = deciding_check(deciding, error);
    if (done && deciding->stored.control) {
        done = deciding_control(deciding, error);
        engine->unlock(engine->context, false, &ignored);
    } else if (!done || !deciding_carry_out(deciding, error) ||
               !fill_goldens(deciding, answer, error)) {
        engine->unlock(engine->context, false, &ignored);
        return false;
    } else {
        done = engine->unlock(engine->context, true, error);
    }
    if (!done)
        return false;
    deciding_answer(deciding, answer);
    return control_count(deciding->review, deciding->verdict->who, error) &&
           review_release(deciding->review, deciding->verdict->who, deciding->verdict->key, error);
}

static bool put_aside(struct deciding *deciding, struct error *error)
{
    bool needs = false;
    if (!deciding_check(deciding, error))
        return false;
    if (deciding->stored.control)
        return deciding_control(deciding, error);
    if (!waiting_is_free(deciding, error))
        return false;
    if (deciding->stored.status == REVIEW_SECOND && !check_second(deciding, error))
        return false;
    return needs_second(deciding, &needs, error) && waiting_put(deciding, needs, error);
}

bool review_decide(struct review *review, const struct review_verdict *verdict, struct arena *arena,
                   struct review_answer *answer, struct error *error)
{
    const struct review_engine *engine = review->engine;
    struct deciding deciding = {.review = review, .arena = arena, .verdict = verdict};
    *answer = (struct review_answer){0};
    if (!verdict->who || !*verdict->who)
        return error_set(error, EXIT_USAGE, "a verdict names who gives it");
    if (!review_settle(review, NULL, error))
        return false;
    if (engine->lock(engine->context, LOCK_WAIT_SECONDS, error))
        return decide_now(&deciding, answer, error);
    if (error->exit_code != EXIT_LOCKED)
        return false;
    if (!put_aside(&deciding, error))
        return false;
    deciding_answer(&deciding, answer);
    return true;
}
