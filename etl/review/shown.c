#include "cells.h"
#include "content.h"
#include "contrast.h"
#include "queue.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* One case as a screen shows it: records as columns, fields as rows. */

struct showing {
    struct review *review;
    struct arena *arena;
    const struct stored_case *stored;
    struct shown_records shown;
    struct review_case *found;
    int64_t goldens[2]; /* of the case's customers */
    struct error *error;
};

/* ---- golden values ---- */

static struct review_field *find_row(const struct review_case *found, struct slice name)
{
    for (size_t i = 0; i < found->field_count; i++)
        if (slice_equal(slice_of(found->fields[i].name), name))
            return &found->fields[i];
    return NULL;
}

static void mark_winner(const struct review_case *found, struct review_field *row,
                        int64_t record_id, bool of_a)
{
    for (size_t i = 0; i < found->record_count; i++)
        if (found->records[i].record_id == record_id ||
            (record_id == 0 && found->records[i].of_a == of_a && *row->cells[i].value))
            row->cells[i].wins = true;
}

static bool fill_golden(struct showing *showing, size_t side)
{
    struct arena *arena = showing->arena;
    struct statement *values = statement_prepare(
        showing->review->state, "SELECT * FROM golden WHERE golden_number = ?1", showing->error);
    struct statement *choice = statement_prepare(
        showing->review->state,
        "SELECT c.record_id, c.rule FROM golden_column k JOIN golden_choice c ON c.choice ="
        " k.choice WHERE c.golden_number = ?1 AND k.name = ?2",
        showing->error);
    bool done = values && choice;
    if (done)
        statement_bind_integer(values, 1, showing->goldens[side]);
    enum outcome outcome = done ? statement_step(values, showing->error) : FAILED;
    for (int i = 0; outcome == ACCEPTED && i < statement_columns(values); i++) {
        const char *name = statement_column_name(values, i);
        struct review_field *row = find_row(showing->found, slice_of(name));
        if (!row || statement_is_null(values, i))
            continue;
        *(side ? &row->golden_b : &row->golden_a) = column_text(arena, values, i);
        statement_reset(choice);
        statement_bind_integer(choice, 1, showing->goldens[side]);
        statement_bind_text(choice, 2, slice_of(name));
        bool several = statement_step(choice, showing->error) == ACCEPTED;
        mark_winner(showing->found, row, several ? statement_integer(choice, 0) : 0, side == 0);
        if (side == 0) {
            row->rule = several ? column_text(arena, choice, 1) : "only";
            row->rule_in_words = showing->review->engine->rule_in_words(row->rule);
        }
    }
    statement_destroy(values);
    statement_destroy(choice);
    return outcome != FAILED;
}

/* ---- links ---- */

static size_t column_of(const struct review_case *found, int64_t record_id)
{
    size_t i = 0;
    while (i < found->record_count && found->records[i].record_id != record_id)
        i++;
    return i;
}

static bool add_links(struct showing *showing, const char *table, bool possible)
{
    struct review_case *found = showing->found;
    struct statement *rows = statement_prepare(
        showing->review->state,
        arena_format(showing->arena, "SELECT record_b, weight FROM %s WHERE record_a = ?1", table),
        showing->error);
    enum outcome outcome = rows ? ENDED : FAILED;
    for (size_t i = 0; i < found->record_count && outcome == ENDED; i++) {
        statement_reset(rows);
        statement_bind_integer(rows, 1, found->records[i].record_id);
        while ((outcome = statement_step(rows, showing->error)) == ACCEPTED) {
            size_t other = column_of(found, statement_integer(rows, 0));
            if (other == found->record_count)
                continue;
            bool asked = (found->records[i].record_id == showing->stored->record_a &&
                          found->records[other].record_id == showing->stored->record_b) ||
                         (found->records[i].record_id == showing->stored->record_b &&
                          found->records[other].record_id == showing->stored->record_a);
            found->links[found->link_count++] =
                (struct review_link){i, other, statement_number(rows, 1), possible, asked};
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool fill_links(struct showing *showing)
{
    size_t count = showing->found->record_count;
    showing->found->links =
        arena_allocate_array(showing->arena, count * count + 1, sizeof(struct review_link));
    return showing->stored->control ||
           (add_links(showing, "link", false) && add_links(showing, "possible_match", true));
}

/* ---- what was said before ---- */

static bool add_said(struct showing *showing, struct statement *rows, size_t most)
{
    struct review_case *found = showing->found;
    enum outcome outcome;
    while ((outcome = statement_step(rows, showing->error)) == ACCEPTED) {
        int64_t decision_id = statement_integer(rows, 0);
        bool known = found->said_count >= most;
        for (size_t i = 0; i < found->said_count; i++)
            known = known || found->said[i].decision_id == decision_id;
        if (known)
            continue;
        struct review_said *said = &found->said[found->said_count++];
        *said = (struct review_said){.decision_id = decision_id,
                                     .kind = column_text(showing->arena, rows, 1),
                                     .who = column_text(showing->arena, rows, 2),
                                     .when = column_text(showing->arena, rows, 3),
                                     .comment = column_text(showing->arena, rows, 4),
                                     .changed = "",
                                     .stale = decision_id == showing->stored->decision_id};
        if (said->stale)
            said->changed = said_changes(showing->review, decision_id, showing->arena);
    }
    return outcome == ENDED;
}

static bool fill_said(struct showing *showing)
{
    enum { SAID_MOST = 20 };
    struct review_case *found = showing->found;
    found->said = arena_allocate_array(showing->arena, SAID_MOST, sizeof(*found->said));
    if (showing->stored->control)
        return true;
    static const char *const sides[] = {"source_a = ?1 AND key_a = ?2",
                                        "source_b = ?1 AND key_b = ?2"};
    bool done = true;
    for (size_t side = 0; done && side < 2; side++) {
        struct statement *rows = statement_prepare(
            showing->review->state,
            arena_format(showing->arena,
                         "SELECT coalesce(batch, decision_id), coalesce(word, kind), decided_by,"
                         " decided_at, comment FROM decision WHERE %s AND NOT undone AND kind <>"
                         " 'undo' ORDER BY decision_id DESC",
                         sides[side]),
            showing->error);
        done = rows != NULL;
        for (size_t i = 0; done && i < found->record_count; i++) {
            statement_reset(rows);
            statement_bind_text(rows, 1, slice_of(found->records[i].source));
            statement_bind_text(rows, 2, slice_of(found->records[i].key));
            done = add_said(showing, rows, SAID_MOST);
        }
        statement_destroy(rows);
    }
    return done;
}

/* ---- all of it ---- */

static bool fill_item(struct showing *showing)
{
    struct review_case *found = showing->found;
    int64_t case_id = 0;
    if (showing->stored->control) {
        found->item = (struct review_item){.kind = REVIEW_POSSIBLE,
                                           .source_a = found->records[0].source,
                                           .key_a = found->records[0].key,
                                           .source_b = found->records[1].source,
                                           .key_b = found->records[1].key,
                                           .name_a = "",
                                           .name_b = "",
                                           .attribute = "",
                                           .reason = "",
                                           .first_seen = "",
                                           .leased_by = ""};
        key_format(showing->stored->key, found->item.key);
        return true;
    }
    const char *sql =
        arena_format(showing->arena, "SELECT case_id FROM review_case WHERE case_key = %lld",
                     (long long)showing->stored->key);
    return database_integer(showing->review->state, sql, 0, &case_id, showing->error) &&
           queue_items(showing->review, &case_id, 1, showing->arena, &found->item, showing->error);
}

static bool fill_evidence(struct showing *showing)
{
    struct review_case *found = showing->found;
    const struct stored_case *stored = showing->stored;
    const struct review_engine *engine = showing->review->engine;
    struct review_evidence evidence = {
        .sentence = "", .sentence_zh = "", .blocks = "", .blocks_zh = ""};
    int64_t a = stored->record_a;
    int64_t b = stored->record_b;
    if (!b && found->record_count > 1)
        b = found->records[found->records[0].record_id == a ? 1 : 0].record_id;
    if (stored->kind != REVIEW_SHARED && a && b &&
        !engine->explain(engine->context, a, b, showing->arena, &evidence, showing->error))
        return false;
    found->sentence = evidence.sentence;
    found->sentence_zh = evidence.sentence_zh;
    found->bits = evidence.bits;
    found->prior = evidence.prior;
    found->parts = evidence.parts;
    found->part_count = evidence.part_count;
    found->blocks = evidence.blocks;
    found->blocks_zh = evidence.blocks_zh;
    return true;
}

static void fill_question(struct review_case *found, const struct stored_case *stored)
{
    static const char *const questions[REVIEW_KINDS][2] = {
        {"Are these two customers the same?", "这两位客户是同一位吗？"},
        {"Do these records, held by a weak link, belong to one customer?",
         "这些记录仅由弱关联连在一起，属于同一位客户吗？"},
        {"Can one customer have these contrary values?", "同一位客户会有这些互相矛盾的值吗？"},
        {"Which value is right?", "哪个值是正确的？"},
        {"Do these two customers belong together?", "这两位客户有关联吗？"},
        {"Does this value really belong to so many?", "这么多记录真的共用这个值吗？"},
        {"The records have changed: does the decision still hold?",
         "记录已变更：原来的决定还成立吗？"},
    };
    found->question = questions[stored->kind][0];
    found->question_zh = questions[stored->kind][1];
}

static bool show_records(struct showing *showing)
{
    struct review_case *found = showing->found;
    if (!shown_list(showing->review, showing->stored, showing->arena, &showing->shown,
                    showing->error))
        return false;
    found->record_count = showing->shown.count;
    found->records =
        arena_allocate_array(showing->arena, found->record_count + 1, sizeof(*found->records));
    for (size_t i = 0; i < found->record_count; i++) {
        if (!shown_record(showing->review, showing->shown.ids[i], showing->arena,
                          &found->records[i], showing->error))
            return false;
        found->records[i].of_a = i < showing->shown.of_a;
    }
    if (found->record_count)
        return true;
    return error_set(showing->error, EXIT_FAILED, "the records of the case are gone");
}

/* A known pair is shown without whose it is: that would be the answer. */
static bool show_goldens(struct showing *showing)
{
    struct review_case *found = showing->found;
    showing->goldens[0] = showing->stored->golden_a;
    showing->goldens[1] = showing->stored->golden_b;
    if (showing->stored->control) {
        for (size_t i = 0; i < found->record_count; i++)
            found->records[i].golden_id = "";
        return true;
    }
    return fill_golden(showing, 0) && (!showing->goldens[1] || fill_golden(showing, 1));
}

bool review_case(struct review *review, const char *key, struct arena *arena,
                 struct review_case *found, struct error *error)
{
    struct stored_case stored;
    int64_t number = 0;
    uint64_t hash = 0;
    bool is_there = false;
    *found = (struct review_case){0};
    if (!key_read(key, &number, error))
        return false;
    if (!stored_find(review, number, arena, &stored, &is_there, error))
        return false;
    if (!is_there)
        return said_gone(review, number, arena, error);
    struct showing showing = {
        .review = review, .arena = arena, .stored = &stored, .found = found, .error = error};
    if (!show_records(&showing) || !fill_item(&showing) ||
        !seen_hash(review, &stored, arena, &hash, error))
        return false;
    if (!cells_fill(review, showing.shown.ids, arena, found, error) || !show_goldens(&showing) ||
        !fill_links(&showing) || !fill_said(&showing) || !fill_evidence(&showing))
        return false;
    contrast_find(arena, found);
    fill_question(found, &stored);
    key_format((int64_t)hash, found->seen);
    found->blind = stored_is_blind(&stored);
    found->four_eyes = four_eyes(review->rules, found, REVIEW_SAME) ||
                       four_eyes(review->rules, found, REVIEW_SPLIT);
    return true;
}
