#include "content.h"
#include "cust360/base/hash.h"
#include "session.h"

#include <stdio.h>

/* The records that a case is about. */

/* More than fit beside one another are told by their number. */
enum { RECORDS_MOST = 40, SHARED_SHOWN = 6 };

static bool add_ids(struct statement *rows, struct shown_records *shown, size_t most,
                    struct error *error)
{
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        if (shown->count < most)
            shown->ids[shown->count++] = statement_integer(rows, 0);
        else
            shown->left_out++;
    }
    return outcome == ENDED;
}

/* The record that the case is about stands first. */
static bool add_customer(struct review *review, int64_t golden, int64_t first, struct arena *arena,
                         struct shown_records *shown, struct error *error)
{
    struct statement *rows = statement_prepare(
        review->state,
        arena_format(arena,
                     "SELECT x.record_id FROM crosswalk x JOIN \"record_%s\" r USING (record_id)"
                     " WHERE x.golden_number = ?1 AND r.closed_run IS NULL"
                     " ORDER BY x.record_id <> ?2, x.record_id",
                     review->entity->name),
        error);
    if (!rows)
        return false;
    statement_bind_integer(rows, 1, golden);
    statement_bind_integer(rows, 2, first);
    bool done = add_ids(rows, shown, RECORDS_MOST, error);
    statement_destroy(rows);
    return done;
}

static bool add_shared(struct review *review, const struct stored_case *found, struct arena *arena,
                       struct shown_records *shown, struct error *error)
{
    struct statement *rows = statement_prepare(
        review->state,
        arena_format(arena,
                     "SELECT r.record_id FROM finding f JOIN \"record_%s\" r ON r.source_id ="
                     " f.source_id AND r.source_key = f.source_key"
                     " WHERE f.code = 'shared_widely' AND f.field = ?1 AND f.given = ?2"
                     " ORDER BY r.record_id",
                     review->entity->name),
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(found->attribute));
    statement_bind_text(rows, 2, slice_of(found->value));
    bool done = add_ids(rows, shown, SHARED_SHOWN, error);
    statement_destroy(rows);
    return done;
}

bool golden_of_record(struct review *review, int64_t record, int64_t *golden, struct error *error)
{
    struct statement *find = statement_prepare(
        review->state, "SELECT golden_number FROM crosswalk WHERE record_id = ?1", error);
    *golden = 0;
    if (!find)
        return false;
    statement_bind_integer(find, 1, record);
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *golden = statement_integer(find, 0);
    statement_destroy(find);
    return outcome != FAILED;
}

bool shown_list(struct review *review, const struct stored_case *found, struct arena *arena,
                struct shown_records *shown, struct error *error)
{
    int64_t goldens[2] = {found->golden_a, found->golden_b};
    *shown = (struct shown_records){0};
    shown->ids = arena_allocate_array(arena, RECORDS_MOST, sizeof(*shown->ids));
    if (found->kind == REVIEW_SHARED)
        return add_shared(review, found, arena, shown, error);
    if (found->control) {
        shown->ids[0] = found->record_a;
        shown->ids[1] = found->record_b;
        shown->count = 2;
        shown->of_a = 1;
        return true;
    }
    if (found->kind == REVIEW_STALE) {
        if (!golden_of_record(review, found->record_a, &goldens[0], error) ||
            !golden_of_record(review, found->record_b, &goldens[1], error))
            return false;
        if (goldens[1] == goldens[0])
            goldens[1] = 0;
    }
    if (!add_customer(review, goldens[0], found->record_a, arena, shown, error))
        return false;
    shown->of_a = shown->count;
    return goldens[1] == 0 ||
           add_customer(review, goldens[1], found->record_b, arena, shown, error);
}

bool shown_record(struct review *review, int64_t record_id, struct arena *arena,
                  struct review_record *record, struct error *error)
{
    bool has_updated = model_find_field(review->entity, "updated_at") != FIELD_NONE;
    struct statement *find = statement_prepare(
        review->state,
        arena_format(
            arena,
            "SELECT s.name, r.source_key, s.trust, g.golden_id, r.file, r.line, %s, s.mapping FROM"
            " \"record_%s\" r JOIN source s USING (source_id) LEFT JOIN crosswalk x"
            " USING (record_id) LEFT JOIN golden g USING (golden_number)"
            " WHERE r.record_id = ?1",
            has_updated ? "r.updated_at" : "NULL", review->entity->name),
        error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, record_id);
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *record = (struct review_record){
            .record_id = record_id,
            .source = column_text(arena, find, 0),
            .key = column_text(arena, find, 1),
            .trust = (int)statement_integer(find, 2),
            .golden_id = column_text(arena, find, 3),
            .file = column_text(arena, find, 4),
            .line = statement_integer(find, 5),
            .updated = column_text(arena, find, 6),
            .system = column_text(arena, find, 7),
        };
    statement_destroy(find);
    if (outcome == ENDED)
        return error_set(error, EXIT_FAILED, "a record of the case is gone");
    return outcome == ACCEPTED;
}

/* Records, what they say, whose they are: a verdict on something else would be a slip. */
bool seen_hash(struct review *review, const struct stored_case *found, struct arena *arena,
               uint64_t *hash, struct error *error)
{
    struct shown_records shown;
    *hash = hash_combine((uint64_t)found->key, found->status);
    if (!shown_list(review, found, arena, &shown, error))
        return false;
    for (size_t i = 0; i < shown.count; i++) {
        const int64_t records[2] = {shown.ids[i], 0};
        uint64_t content = 0;
        if (!content_hash_pair(review->state, review->entity, records, &content, error))
            return false;
        *hash = hash_combine(hash_combine(*hash, (uint64_t)shown.ids[i]), content);
        *hash = hash_combine(*hash, i < shown.of_a);
    }
    return true;
}
