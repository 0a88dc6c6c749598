#include "content.h"
#include "session.h"

/* What was said: of a case, of a decision, of everything. */

bool said_gone(struct review *review, int64_t key, struct arena *arena, struct error *error)
{
    struct statement *find = statement_prepare(
        review->state,
        "SELECT decided_by, decided_at, coalesce(word, kind) FROM decision WHERE case_key = ?1"
        " AND NOT undone ORDER BY decision_id DESC LIMIT 1",
        error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, key);
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED) {
        error_set(error, EXIT_CONFLICT, "%s has decided this case at %s: %s",
                  column_text(arena, find, 0), column_text(arena, find, 1),
                  column_text(arena, find, 2));
        error_hint(error, "take the decision back, if it is wrong");
    } else if (outcome == ENDED) {
        error_set(error, EXIT_CONFLICT, "this case is not open any more");
    }
    statement_destroy(find);
    return false;
}

const char *said_changes(struct review *review, int64_t batch, struct arena *arena)
{
    struct error ignored;
    int64_t *records = NULL;
    size_t count = 0;
    const char *changes[2] = {"", ""};
    struct statement *find = statement_prepare(
        review->state, "SELECT seen FROM decision WHERE decision_id = ?1", &ignored);
    if (!find)
        return "";
    statement_bind_integer(find, 1, batch);
    const char *seen =
        statement_step(find, &ignored) == ACCEPTED ? column_text(arena, find, 0) : "";
    statement_destroy(find);
    if (!decision_places(review, batch, arena, &records, &count, &ignored))
        return "";
    for (size_t i = 0; i < 2 && i < count; i++) {
        size_t length = strcspn(seen, "\n");
        struct buffer now = BUFFER_EMPTY;
        if (length && records[i] &&
            content_json(review->state, review->entity, records[i], &now, &ignored))
            changes[i] =
                content_changes(review->state, slice_make(seen, length), buffer_slice(&now), arena);
        buffer_release(&now);
        seen += length + (seen[length] == '\n');
    }
    return *changes[0] && *changes[1] ? arena_format(arena, "%s; %s", changes[0], changes[1])
           : *changes[0]              ? changes[0]
                                      : changes[1];
}

/* The records of a decision's own row, in its order; 0 for one that is gone. */
bool decision_places(struct review *review, int64_t decision_id, struct arena *arena,
                     int64_t **records, size_t *count, struct error *error)
{
    *records = arena_allocate_array(arena, 2, sizeof(**records));
    *count = 0;
    for (size_t side = 0; side < 2; side++) {
        struct statement *find = statement_prepare(
            review->state,
            arena_format(arena,
                         "SELECT r.record_id FROM decision d JOIN source s ON s.name ="
                         " d.source_%c JOIN \"record_%s\" r ON r.source_id = s.source_id AND"
                         " r.source_key = d.key_%c WHERE d.decision_id = ?1",
                         side ? 'b' : 'a', review->entity->name, side ? 'b' : 'a'),
            error);
        if (!find)
            return false;
        statement_bind_integer(find, 1, decision_id);
        enum outcome outcome = statement_step(find, error);
        (*records)[(*count)++] = outcome == ACCEPTED ? statement_integer(find, 0) : 0;
        statement_destroy(find);
        if (outcome == FAILED)
            return false;
    }
    return true;
}

bool said_mark_undone(struct review *review, int64_t batch, const char *who, struct arena *arena,
                      struct error *error)
{
    struct statement *mark = statement_prepare(
        review->state,
        "UPDATE decision SET undone = 1, undone_at = ?2, undone_by = ?3 WHERE batch = ?1"
        " AND NOT undone",
        error);
    struct statement *note = statement_prepare(
        review->state,
        "INSERT INTO decision(decided_at, decided_by, kind, value, word) VALUES(?2, ?3, 'undo', ?1,"
        " 'undo')",
        error);
    const char *now = session_now(arena);
    bool done = mark && note;
    for (int i = 0; done && i < 2; i++) {
        struct statement *statement = i ? note : mark;
        statement_bind_integer(statement, 1, batch);
        statement_bind_text(statement, 2, slice_of(now));
        statement_bind_text(statement, 3, slice_of(who));
        done = statement_run(statement, error);
    }
    statement_destroy(mark);
    statement_destroy(note);
    return done;
}

bool review_decisions(struct review *review, const struct review_decisions_asked *asked,
                      struct arena *arena, struct review_decision **decisions, size_t *count,
                      struct error *error)
{
    *decisions = arena_allocate_array(arena, asked->limit + 1, sizeof(**decisions));
    *count = 0;
    struct statement *rows = statement_prepare(
        review->state,
        "SELECT decision_id, coalesce(word, kind), decided_at, decided_by, source_a || ':' ||"
        " key_a, source_b || ':' || key_b, attribute, value, until, comment, undone, confirmed"
        " FROM decision WHERE kind <> 'undo' AND decision_id = coalesce(batch, decision_id)"
        " AND (?1 IS NULL OR decided_by = ?1) AND (?3 = 0 OR NOT undone)"
        " AND (?4 = 0 OR decision_id < ?4) ORDER BY decision_id DESC LIMIT ?2",
        error);
    if (!rows)
        return false;
    if (asked->who)
        statement_bind_text(rows, 1, slice_of(asked->who));
    else
        statement_bind_null(rows, 1);
    statement_bind_integer(rows, 2, (int64_t)asked->limit);
    statement_bind_integer(rows, 3, asked->in_force);
    statement_bind_integer(rows, 4, asked->before);
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < asked->limit)
        (*decisions)[(*count)++] = (struct review_decision){
            .decision_id = statement_integer(rows, 0),
            .word = column_text(arena, rows, 1),
            .when = column_text(arena, rows, 2),
            .who = column_text(arena, rows, 3),
            .a = column_text(arena, rows, 4),
            .b = column_text(arena, rows, 5),
            .attribute = column_text(arena, rows, 6),
            .value = column_text(arena, rows, 7),
            .until = column_text(arena, rows, 8),
            .comment = column_text(arena, rows, 9),
            .undone = statement_integer(rows, 10) != 0,
            .confirmed = statement_integer(rows, 11) != 0,
        };
    statement_destroy(rows);
    return outcome == ENDED;
}
