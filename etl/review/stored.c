#include "cust360/base/date.h"
#include "session.h"

#include <stdio.h>

enum { BLIND_EVERY = 10 /* possible matches */ };

/* The order of stored_columns. */
enum {
    KEY,
    KIND,
    STATUS,
    NAME_A,
    NAME_B,
    SOURCE_A,
    KEY_A,
    SOURCE_B,
    KEY_B,
    ATTRIBUTE,
    REASON,
    WEIGHT,
    IMPACT,
    UNCERTAINTY,
    PRIORITY,
    FIRST_DAY
};

const char *stored_columns(const struct review *review, struct arena *arena)
{
    bool has_name = model_find_field(review->entity, "name") != FIELD_NONE;
    return arena_format(
        arena,
        "c.case_key, c.kind, c.status, %s, sa.name, ra.source_key, sb.name, rb.source_key,"
        " c.attribute, c.reason, c.weight, c.impact, c.uncertainty, c.priority, c.first_day",
        has_name ? "ra.name, rb.name" : "NULL, NULL");
}

const char *stored_tables(const struct review *review, struct arena *arena)
{
    const char *entity = review->entity->name;
    return arena_format(arena,
                        " LEFT JOIN \"record_%s\" ra ON ra.record_id = c.record_a"
                        " LEFT JOIN source sa ON sa.source_id = ra.source_id"
                        " LEFT JOIN \"record_%s\" rb ON rb.record_id = c.record_b"
                        " LEFT JOIN source sb ON sb.source_id = rb.source_id",
                        entity, entity);
}

void stored_item(const struct statement *row, struct arena *arena, int32_t today,
                 struct review_item *item)
{
    char *first_seen = arena_allocate(arena, DATE_TEXT_BYTES);
    int32_t first_day = (int32_t)statement_integer(row, FIRST_DAY);
    date_format(first_day, first_seen);
    *item = (struct review_item){
        .kind = (enum review_kind)statement_integer(row, KIND),
        .status = (enum review_status)statement_integer(row, STATUS),
        .name_a = column_text(arena, row, NAME_A),
        .name_b = column_text(arena, row, NAME_B),
        .source_a = column_text(arena, row, SOURCE_A),
        .key_a = column_text(arena, row, KEY_A),
        .source_b = column_text(arena, row, SOURCE_B),
        .key_b = column_text(arena, row, KEY_B),
        .attribute = column_text(arena, row, ATTRIBUTE),
        .reason = column_text(arena, row, REASON),
        .weight_bits = statement_number(row, WEIGHT),
        .impact = statement_number(row, IMPACT),
        .uncertainty = statement_number(row, UNCERTAINTY),
        .priority = statement_number(row, PRIORITY),
        .first_seen = first_seen,
        .age_days = today - first_day,
        .leased_by = "",
    };
    key_format(statement_integer(row, KEY), item->key);
}

/* ---- one of them ---- */

typedef struct stored_case stored_read(const struct statement *row, struct arena *arena);

static struct stored_case read_open(const struct statement *row, struct arena *arena)
{
    return (struct stored_case){
        .kind = (enum review_kind)statement_integer(row, 0),
        .status = (enum review_status)statement_integer(row, 1),
        .record_a = statement_integer(row, 2),
        .record_b = statement_integer(row, 3),
        .golden_a = statement_integer(row, 4),
        .golden_b = statement_integer(row, 5),
        .decision_id = statement_integer(row, 6),
        .attribute = column_text(arena, row, 7),
        .value = column_text(arena, row, 8),
    };
}

/* A known pair looks like a possible match. */
static struct stored_case read_control(const struct statement *row, struct arena *arena)
{
    return (struct stored_case){
        .kind = REVIEW_POSSIBLE,
        .record_a = statement_integer(row, 0),
        .record_b = statement_integer(row, 1),
        .attribute = "",
        .value = "",
        .control = true,
        .expected = column_text(arena, row, 2),
    };
}

struct stored_query { /* of a case by its key */
    struct database *database;
    const char *sql;
    stored_read *read;
};

static bool find_by_key(const struct stored_query *query, int64_t key, struct arena *arena,
                        struct stored_case *found, bool *is_there, struct error *error)
{
    struct statement *select = statement_prepare(query->database, query->sql, error);
    if (!select)
        return false;
    statement_bind_integer(select, 1, key);
    enum outcome outcome = statement_step(select, error);
    *is_there = outcome == ACCEPTED;
    if (*is_there) {
        *found = query->read(select, arena);
        found->key = key;
    }
    statement_destroy(select);
    return outcome != FAILED;
}

bool stored_is_blind(const struct stored_case *stored)
{
    return stored->control ||
           (stored->kind == REVIEW_POSSIBLE && (uint64_t)stored->key % BLIND_EVERY == 0);
}

bool stored_find(struct review *review, int64_t key, struct arena *arena, struct stored_case *found,
                 bool *is_there, struct error *error)
{
    const struct stored_query open = {
        review->state,
        "SELECT kind, status, record_a, record_b, golden_a, golden_b, decision_id, attribute, value"
        " FROM review_case WHERE case_key = ?1",
        read_open};
    const struct stored_query control = {
        review->desk,
        "SELECT record_a, record_b, expected FROM control WHERE case_key = ?1 AND given IS NULL",
        read_control};
    return find_by_key(&open, key, arena, found, is_there, error) &&
           (*is_there || find_by_key(&control, key, arena, found, is_there, error));
}
