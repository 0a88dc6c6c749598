#include "rows.h"
#include "content.h"
#include "cust360/base/date.h"

#include <stdio.h>

/* ---- whether a word fits ---- */

static bool unfit(const struct stored_case *stored, const struct review_verdict *verdict,
                  struct error *error)
{
    const char *word = verdict->word < REVIEW_WORDS ? review_word_name(verdict->word) : "no word";
    return error_set(error, EXIT_USAGE, "\"%s\" is no answer to a case of kind %s", word,
                     review_kind_name(stored->kind));
}

static bool fits_pair(const struct stored_case *stored)
{
    return stored->record_a && stored->record_b && stored->kind != REVIEW_SHARED &&
           stored->kind != REVIEW_VALUE;
}

static bool check_take(const struct review_verdict *verdict, struct error *error)
{
    int32_t days = 0;
    if (!verdict->attribute || !*verdict->attribute || !verdict->value)
        return error_set(error, EXIT_USAGE, "a value needs its attribute");
    if (verdict->until && *verdict->until && !date_parse(slice_of(verdict->until), &days))
        return error_set(error, EXIT_USAGE, "the last day of a value is a date (YYYY-MM-DD)");
    return true;
}

static bool check_comment(const struct review_verdict *verdict, struct error *error)
{
    if (verdict->comment && *verdict->comment)
        return true;
    return error_set(error, EXIT_USAGE, "whoever is unsure says why, for the next steward");
}

/* Whether the word answers a question of this kind at all. */
static bool fits(const struct stored_case *stored, enum review_word word)
{
    bool is_relation = stored->kind == REVIEW_RELATION;
    bool is_shared = stored->kind == REVIEW_SHARED;
    const bool fitting[REVIEW_WORDS] = {
        [REVIEW_SAME] = fits_pair(stored) || stored->kind == REVIEW_CONFLICT,
        [REVIEW_NOT_SAME] = fits_pair(stored) && !is_relation,
        [REVIEW_DONT_KNOW] = true,
        [REVIEW_SPLIT] = !is_shared && !stored->control,
        [REVIEW_TAKE] = stored->record_a && !is_shared,
        [REVIEW_NEVER_ASK] = true,
        [REVIEW_ACCEPT] = is_relation || is_shared,
        [REVIEW_REFUSE] = is_relation,
        [REVIEW_KEEP] = stored->kind == REVIEW_STALE,
    };
    return fitting[word];
}

bool rows_check(const struct stored_case *stored, const struct review_verdict *verdict,
                struct error *error)
{
    if (verdict->word >= REVIEW_WORDS || !fits(stored, verdict->word))
        return unfit(stored, verdict, error);
    if (verdict->word == REVIEW_SPLIT && verdict->split_count == 0)
        return error_set(error, EXIT_USAGE, "mark the records that are another customer");
    if (verdict->word == REVIEW_TAKE)
        return check_take(verdict, error);
    return verdict->word != REVIEW_DONT_KNOW || check_comment(verdict, error);
}

/* ---- one row ---- */

enum { MOST_RECORDS = 64 };

static void remember(struct written *written, int64_t record)
{
    for (size_t i = 0; i < written->record_count; i++)
        if (written->records[i] == record)
            return;
    if (record && written->record_count < written->records_capacity)
        written->records[written->record_count++] = record;
}

static bool bind_place(struct written *written, int position, int64_t record, struct error *error)
{
    if (!record) {
        statement_bind_null(written->put, position);
        statement_bind_null(written->put, position + 1);
        return true;
    }
    statement_reset(written->place);
    statement_bind_integer(written->place, 1, record);
    enum outcome outcome = statement_step(written->place, error);
    if (outcome == ACCEPTED) {
        statement_bind_text(written->put, position,
                            slice_of(column_text(written->arena, written->place, 0)));
        statement_bind_text(written->put, position + 1,
                            slice_of(column_text(written->arena, written->place, 1)));
    }
    statement_reset(written->place);
    if (outcome == ENDED)
        return error_set(error, EXIT_FAILED, "a record of the case is gone");
    return outcome == ACCEPTED;
}

static const char *optional_text(const char *text)
{
    return text && *text ? text : NULL;
}

static bool bind_seen(struct written *written, const int64_t records[2], struct error *error)
{
    struct review *review = written->review;
    uint64_t hash = 0;
    struct buffer seen = BUFFER_EMPTY;
    bool done = content_hash_pair(review->state, review->entity, records, &hash, error);
    for (size_t i = 0; done && i < 2; i++) {
        done = !records[i] || content_json(review->state, review->entity, records[i], &seen, error);
        buffer_append_byte(&seen, '\n');
    }
    statement_bind_integer(written->put, 9, (int64_t)hash);
    statement_bind_text(written->put, 15,
                        slice_of(arena_text(written->arena, buffer_slice(&seen))));
    buffer_release(&seen);
    return done;
}

static bool start_batch(struct written *written, struct error *error)
{
    int64_t decision_id = database_last_id(written->review->state);
    if (written->batch)
        return true;
    written->batch = decision_id;
    const char *sql =
        arena_format(written->arena, "UPDATE decision SET batch = %lld WHERE decision_id = %lld",
                     (long long)decision_id, (long long)decision_id);
    return database_run(written->review->state, sql, error);
}

static bool write_row(struct written *written, const char *kind, int64_t record_a, int64_t record_b,
                      struct error *error)
{
    const struct review_verdict *verdict = written->verdict;
    const int64_t records[2] = {record_a, record_b};
    bool is_value = strcmp(kind, "value") == 0;
    struct statement *put = written->put;
    if (!bind_place(written, 4, record_a, error) || !bind_place(written, 6, record_b, error) ||
        !bind_seen(written, records, error))
        return false;
    statement_bind_text(put, 1, slice_of(written->when));
    statement_bind_text(put, 2, slice_of(verdict->who));
    statement_bind_text(put, 3, slice_of(kind));
    statement_bind_text(
        put, 8,
        slice_of(is_value ? verdict->attribute : optional_text(written->stored->attribute)));
    statement_bind_text(put, 10, slice_of(is_value ? verdict->value : NULL));
    statement_bind_text(put, 11, slice_of(optional_text(verdict->comment)));
    statement_bind_text(put, 12, slice_of(is_value ? optional_text(verdict->until) : NULL));
    if (written->batch)
        statement_bind_integer(put, 13, written->batch);
    else
        statement_bind_null(put, 13);
    statement_bind_text(put, 14, slice_of(review_word_name(verdict->word)));
    statement_bind_integer(put, 16, written->stored->key);
    statement_bind_text(put, 17, slice_of(written->batch ? NULL : written->token));
    statement_bind_integer(put, 18, written->confirmed);
    remember(written, record_a);
    remember(written, record_b);
    return statement_run(put, error) && start_batch(written, error);
}

/* ---- words ---- */

static bool is_split(const struct review_verdict *verdict, int64_t record)
{
    for (size_t i = 0; i < verdict->split_count; i++)
        if (verdict->split[i] == record)
            return true;
    return false;
}

/* Each of those that go is parted from each that stays, and either side is held together: the link
 * between two of a side may have gone through the other. */
static bool write_split(struct written *written, struct error *error)
{
    struct shown_records shown;
    const struct review_verdict *verdict = written->verdict;
    size_t going = 0;
    if (!shown_list(written->review, written->stored, written->arena, &shown, error))
        return false;
    for (size_t i = 0; i < shown.count; i++)
        going += is_split(verdict, shown.ids[i]);
    if (going != verdict->split_count || going == shown.count || shown.left_out)
        return error_set(error, EXIT_USAGE, "of %zu records some go and some stay; %zu are marked",
                         shown.count, verdict->split_count);
    int64_t last[2] = {0, 0};
    for (size_t i = 0; i < shown.count; i++) {
        bool goes = is_split(verdict, shown.ids[i]);
        for (size_t j = i + 1; j < shown.count; j++)
            if (is_split(verdict, shown.ids[j]) != goes &&
                !write_row(written, "different", shown.ids[i], shown.ids[j], error))
                return false;
        if (last[goes] && !write_row(written, "same", last[goes], shown.ids[i], error))
            return false;
        last[goes] = shown.ids[i];
    }
    return true;
}

/* A customer with contrary values is well as it is: all its records are one customer. */
static bool write_chain(struct written *written, struct error *error)
{
    struct shown_records shown;
    if (!shown_list(written->review, written->stored, written->arena, &shown, error))
        return false;
    for (size_t i = 1; i < shown.count; i++)
        if (!write_row(written, "same", shown.ids[0], shown.ids[i], error))
            return false;
    return shown.count > 1 || write_row(written, "known", shown.ids[0], 0, error);
}

/* Two customers are one: said of the pair that was asked about, and of either with what was its
 * customer already. Of the pair alone the match would take its weight against the others' mean, and
 * might leave some of them behind. */
static bool write_joined(struct written *written, struct error *error)
{
    const struct stored_case *stored = written->stored;
    struct shown_records shown;
    if (!shown_list(written->review, stored, written->arena, &shown, error) ||
        !write_row(written, "same", stored->record_a, stored->record_b, error))
        return false;
    if (stored->kind == REVIEW_WEAK_LINK)
        return true;
    for (size_t i = 0; i < shown.count; i++) {
        int64_t other = i < shown.of_a ? stored->record_a : stored->record_b;
        if (shown.ids[i] != stored->record_a && shown.ids[i] != stored->record_b &&
            !write_row(written, "same", other, shown.ids[i], error))
            return false;
    }
    return true;
}

static bool write_word(struct written *written, struct error *error)
{
    const struct stored_case *stored = written->stored;
    int64_t a = stored->record_a;
    int64_t b = stored->record_b;
    switch (written->verdict->word) {
    case REVIEW_SAME:
        return stored->kind == REVIEW_CONFLICT ? write_chain(written, error)
                                               : write_joined(written, error);
    case REVIEW_NOT_SAME:
        return write_row(written, "different", a, b, error);
    case REVIEW_SPLIT:
        return write_split(written, error);
    case REVIEW_TAKE:
        return write_row(written, "value", a, 0, error);
    case REVIEW_DONT_KNOW:
        return write_row(written, "unsure", a, b, error);
    case REVIEW_ACCEPT:
        return write_row(written, stored->kind == REVIEW_RELATION ? "relation" : "known", a, b,
                         error);
    case REVIEW_REFUSE:
        return write_row(written, "no_relation", a, b, error);
    case REVIEW_KEEP:
        return write_row(written, "keep", a, b, error);
    case REVIEW_NEVER_ASK:
    case REVIEW_WORDS:
        break;
    }
    return write_row(written, "never_ask", a, b, error);
}

bool rows_write(struct written *written, struct error *error)
{
    struct review *review = written->review;
    written->records_capacity = MOST_RECORDS;
    written->records =
        arena_allocate_array(written->arena, MOST_RECORDS, sizeof(*written->records));
    written->put = statement_prepare(
        review->state,
        "INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a, source_b, key_b,"
        " attribute, seen_hash, value, comment, until, batch, word, seen, case_key, token,"
        " confirmed) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
        error);
    written->place = statement_prepare(
        review->state,
        arena_format(written->arena,
                     "SELECT s.name, r.source_key FROM \"record_%s\" r JOIN source s"
                     " USING (source_id) WHERE r.record_id = ?1",
                     review->entity->name),
        error);
    bool done = written->put && written->place && write_word(written, error);
    statement_destroy(written->put);
    statement_destroy(written->place);
    return done;
}

/* ---- back to records ---- */

bool rows_records(struct review *review, int64_t batch, struct arena *arena, int64_t **records,
                  size_t *count, struct error *error)
{
    *records = arena_allocate_array(arena, MOST_RECORDS, sizeof(**records));
    *count = 0;
    struct statement *rows = statement_prepare(
        review->state,
        arena_format(arena,
                     "SELECT record_id FROM (SELECT source_a AS s, key_a AS k FROM decision WHERE"
                     " batch = ?1 UNION SELECT source_b, key_b FROM decision WHERE batch = ?1) d"
                     " CROSS JOIN source ON source.name = d.s CROSS JOIN \"record_%s\" r ON"
                     " r.source_id = source.source_id AND r.source_key = d.k"
                     " WHERE r.closed_run IS NULL",
                     review->entity->name),
        error);
    if (!rows)
        return false;
    statement_bind_integer(rows, 1, batch);
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < MOST_RECORDS)
        (*records)[(*count)++] = statement_integer(rows, 0);
    statement_destroy(rows);
    return outcome != FAILED;
}
