#include "cust360/base/hash.h"
#include "queue.h"

/* Known pairs among the questions: the steward does not know which, and his answer is only compared
 * with the former one. So the group knows how far its decisions can be trusted. */

/* How many cases the steward has answered since the last known pair. */
static bool read_turn(struct review *review, const char *who, int64_t *turn, struct error *error)
{
    struct statement *find =
        statement_prepare(review->desk, "SELECT claimed FROM turn WHERE who = ?1", error);
    *turn = 0;
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(who));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *turn = statement_integer(find, 0);
    statement_destroy(find);
    return outcome != FAILED;
}

static bool change_turn(struct review *review, const char *sql, const char *who,
                        struct error *error)
{
    struct statement *change = statement_prepare(review->desk, sql, error);
    if (!change)
        return false;
    statement_bind_text(change, 1, slice_of(who));
    bool done = statement_run(change, error);
    statement_destroy(change);
    return done;
}

bool control_count(struct review *review, const char *who, struct error *error)
{
    return change_turn(
        review,
        "INSERT INTO turn VALUES(?1, 1) ON CONFLICT(who) DO UPDATE SET claimed = claimed + 1", who,
        error);
}

static bool reset_turn(struct review *review, const char *who, struct error *error)
{
    return change_turn(review, "UPDATE turn SET claimed = 0 WHERE who = ?1", who, error);
}

struct known_pair {
    int64_t decision_id;
    int64_t records[2];
    const char *expected;
};

static bool was_asked(struct review *review, const char *who, int64_t decision_id, bool *asked,
                      struct error *error)
{
    struct statement *find = statement_prepare(
        review->desk, "SELECT 1 FROM control WHERE decision_id = ?1 AND who = ?2", error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, decision_id);
    statement_bind_text(find, 2, slice_of(who));
    enum outcome outcome = statement_step(find, error);
    *asked = outcome == ACCEPTED;
    statement_destroy(find);
    return outcome != FAILED;
}

/* The oldest plain word on a pair that this steward has not been asked again. */
static bool find_known(struct review *review, const char *who, struct arena *arena,
                       struct known_pair *known, struct error *error)
{
    struct statement *rows = statement_prepare(
        review->state,
        arena_format(
            arena,
            "SELECT d.decision_id, a.record_id, b.record_id, d.kind FROM decision d"
            " JOIN source sa ON sa.name = d.source_a JOIN source sb ON sb.name = d.source_b"
            " JOIN \"record_%s\" a ON a.source_id = sa.source_id AND a.source_key = d.key_a"
            " JOIN \"record_%s\" b ON b.source_id = sb.source_id AND b.source_key = d.key_b"
            " WHERE d.word IN ('same', 'not_same') AND NOT d.undone AND d.confirmed"
            " AND d.kind IN ('same', 'different') AND a.closed_run IS NULL AND b.closed_run IS NULL"
            " ORDER BY d.decision_id LIMIT 1000",
            review->entity->name, review->entity->name),
        error);
    enum outcome outcome = FAILED;
    bool asked = true;
    *known = (struct known_pair){.expected = ""};
    while (rows && asked && (outcome = statement_step(rows, error)) == ACCEPTED) {
        if (!was_asked(review, who, statement_integer(rows, 0), &asked, error))
            break;
        if (!asked)
            *known = (struct known_pair){statement_integer(rows, 0),
                                         {statement_integer(rows, 1), statement_integer(rows, 2)},
                                         column_text(arena, rows, 3)};
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool put_control(struct review *review, const char *who, const struct known_pair *known,
                        int64_t key, struct error *error)
{
    struct statement *put = statement_prepare(
        review->desk,
        "INSERT INTO control(case_key, decision_id, who, record_a, record_b, expected)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, key);
    statement_bind_integer(put, 2, known->decision_id);
    statement_bind_text(put, 3, slice_of(who));
    statement_bind_integer(put, 4, known->records[0]);
    statement_bind_integer(put, 5, known->records[1]);
    statement_bind_text(put, 6, slice_of(known->expected));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

/* Looks like the items around it. */
static void disguise(struct review_page *page, int64_t key, const struct review_record *records)
{
    size_t at = page->count / 2;
    struct review_item *item = &page->items[at];
    if (at < page->count)
        page->items[page->count] = *item;
    else
        *item = (struct review_item){.first_seen = "", .priority = 1, .impact = 1};
    key_format(key, item->key);
    item->kind = REVIEW_POSSIBLE;
    item->status = REVIEW_OPEN;
    item->name_a = "";
    item->name_b = "";
    item->source_a = records[0].source;
    item->key_a = records[0].key;
    item->source_b = records[1].source;
    item->key_b = records[1].key;
    item->attribute = "";
    item->reason = "";
    page->count++;
}

bool control_add(struct review *review, const char *who, size_t fresh, struct arena *arena,
                 struct review_page *page, struct error *error)
{
    int64_t turn = 0;
    struct known_pair known;
    uint32_t every = review->rules->control_every;
    if (every == 0 || fresh == 0)
        return true;
    if (!read_turn(review, who, &turn, error))
        return false;
    if (turn < every)
        return true;
    if (!find_known(review, who, arena, &known, error))
        return false;
    if (!known.decision_id)
        return true;
    uint64_t key = hash_combine(hash_bytes(slice_of(who), 7), (uint64_t)known.decision_id);
    struct review_record records[2];
    if (!shown_record(review, known.records[0], arena, &records[0], error) ||
        !shown_record(review, known.records[1], arena, &records[1], error) ||
        !put_control(review, who, &known, (int64_t)key, error) || !reset_turn(review, who, error))
        return false;
    disguise(page, (int64_t)key, records);
    return true;
}
