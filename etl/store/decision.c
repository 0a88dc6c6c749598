#include "cust360/base/memory.h"
#include "internal.h"

#include <stdlib.h>

/* Decisions are bound to source keys and not to record ids, so that they outlive every rebuild of
 * the state. While the members are scanned each key is looked up among the few that decisions
 * speak of, which turns them into member numbers in the same pass. */

struct pair_decision {
    uint32_t key_a; /* numbers in `keys` */
    uint32_t key_b;
    bool same;
};

struct value_decision {
    uint32_t key;
    struct slice column;
    struct slice value;
    bool undone;
};

struct decisions {
    struct arena *arena;
    struct map *keys; /* source, a zero byte, source key → member, or MAP_NONE */
    struct buffer key;
    struct pair_decision *pairs;
    size_t pair_count;
    size_t pairs_capacity;
    struct value_decision *values;
    size_t value_count;
    size_t values_capacity;
    struct store_decision *resolved_pairs;
    struct store_golden_value *resolved_values;
};

void decisions_destroy(struct decisions *decisions)
{
    if (!decisions)
        return;
    buffer_release(&decisions->key);
    map_destroy(decisions->keys);
    memory_free(decisions->pairs);
    memory_free(decisions->values);
    memory_free(decisions->resolved_pairs);
    memory_free(decisions->resolved_values);
    arena_destroy(decisions->arena);
    memory_free(decisions);
}

static struct slice compose_key(struct decisions *decisions, struct slice source, struct slice key)
{
    buffer_clear(&decisions->key);
    buffer_append(&decisions->key, source);
    buffer_append_byte(&decisions->key, '\0');
    buffer_append(&decisions->key, key);
    return buffer_slice(&decisions->key);
}

/* Keys that decisions speak of have no member until the scan comes by. */
static uint32_t key_number(struct decisions *decisions, struct slice source, struct slice key)
{
    struct slice composed = compose_key(decisions, source, key);
    uint32_t number = map_number(decisions->keys, composed);
    return number != MAP_NONE ? number : map_put(decisions->keys, composed, MAP_NONE);
}

enum { KIND, SOURCE_A, KEY_A, SOURCE_B, KEY_B, ATTRIBUTE, VALUE, UNDONE };

static void add_value(struct decisions *decisions, struct statement *row, uint32_t key)
{
    decisions->values = memory_grow(decisions->values, &decisions->values_capacity,
                                    decisions->value_count + 1, sizeof(*decisions->values));
    decisions->values[decisions->value_count++] = (struct value_decision){
        .key = key,
        .column = arena_copy(decisions->arena, statement_text(row, ATTRIBUTE)),
        .value = arena_copy(decisions->arena, statement_text(row, VALUE)),
        .undone = statement_integer(row, UNDONE) != 0,
    };
}

/* An undone word on a pair says nothing; an undone value still has to be looked at, because the
 * golden record may show it. Kinds that this version does not know are left to the one that does.
 */
static void add_decision(struct decisions *decisions, struct statement *row)
{
    struct slice kind = statement_text(row, KIND);
    uint32_t a = key_number(decisions, statement_text(row, SOURCE_A), statement_text(row, KEY_A));
    if (slice_equal(kind, SLICE("value"))) {
        add_value(decisions, row, a);
        return;
    }
    bool same = slice_equal(kind, SLICE("same"));
    if (statement_integer(row, UNDONE) || (!same && !slice_equal(kind, SLICE("different"))))
        return;
    uint32_t b = key_number(decisions, statement_text(row, SOURCE_B), statement_text(row, KEY_B));
    decisions->pairs = memory_grow(decisions->pairs, &decisions->pairs_capacity,
                                   decisions->pair_count + 1, sizeof(*decisions->pairs));
    decisions->pairs[decisions->pair_count++] = (struct pair_decision){a, b, same};
}

/* Of some records only the words on those: stewards have said much in the course of years. */
static void append_chosen(struct store *store, struct buffer *sql)
{
    for (int side = 0; side < 2; side++) {
        buffer_append_text(sql, side ? " UNION " : " AND decision_id IN (");
        buffer_append_text(sql, "SELECT d.decision_id FROM temp.chosen c CROSS JOIN ");
        append_table(sql, &store->model->entities[store->roster.entity]);
        buffer_format(sql,
                      " r ON r.record_id = c.record_id CROSS JOIN source s ON s.source_id ="
                      " r.source_id CROSS JOIN decision d ON d.source_%c = s.name AND d.key_%c ="
                      " r.source_key",
                      side ? 'b' : 'a', side ? 'b' : 'a');
    }
    buffer_append_text(sql, ")");
}

static struct statement *select_decisions(struct store *store, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT kind, source_a, key_a, source_b, key_b, attribute, value,"
                             " undone OR NOT confirmed OR (until IS NOT NULL AND until < ?1)"
                             " FROM decision WHERE kind IN ('same', 'different', 'value')");
    if (store->roster.chosen)
        append_chosen(store, &sql);
    buffer_append_text(&sql, " ORDER BY decision_id");
    struct statement *rows = statement_prepare(store->database, sql.data, error);
    buffer_release(&sql);
    return rows;
}

struct decisions *decisions_load(struct store *store, struct error *error)
{
    struct statement *rows = select_decisions(store, error);
    if (!rows)
        return NULL;
    /* What holds until a day holds on it; whoever only reads asks without a day. */
    statement_bind_text(rows, 1, slice_of(store->as_of));
    struct decisions *decisions = memory_allocate_array(1, sizeof(*decisions));
    decisions->arena = arena_create();
    decisions->keys = map_create();
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        add_decision(decisions, rows);
    statement_destroy(rows);
    if (outcome == ENDED)
        return decisions;
    decisions_destroy(decisions);
    return NULL;
}

void decisions_note_member(struct decisions *decisions, struct slice source, struct slice key,
                           uint32_t member)
{
    if (map_count(decisions->keys) == 0)
        return;
    struct slice composed = compose_key(decisions, source, key);
    if (map_number(decisions->keys, composed) != MAP_NONE)
        map_put(decisions->keys, composed, member);
}

void decisions_mark_values(const struct decisions *decisions, bool *changed)
{
    for (size_t i = 0; i < decisions->value_count; i++) {
        uint32_t member = map_value(decisions->keys, decisions->values[i].key);
        if (member != MAP_NONE)
            changed[member] = true;
    }
}

struct ordered_pair {
    struct store_decision decision; /* a < b */
    size_t order;
};

/* Words on the same pair end side by side, the latest last. */
static int compare_pairs(const void *left, const void *right)
{
    const struct ordered_pair *x = left;
    const struct ordered_pair *y = right;
    if (x->decision.a != y->decision.a)
        return x->decision.a < y->decision.a ? -1 : 1;
    if (x->decision.b != y->decision.b)
        return x->decision.b < y->decision.b ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* A word on a record that is gone waits until it is back. */
static size_t order_pairs(const struct decisions *decisions, struct ordered_pair *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < decisions->pair_count; i++) {
        const struct pair_decision *pair = &decisions->pairs[i];
        uint32_t a = map_value(decisions->keys, pair->key_a);
        uint32_t b = map_value(decisions->keys, pair->key_b);
        if (a == MAP_NONE || b == MAP_NONE || a == b)
            continue;
        pairs[count++] = (struct ordered_pair){
            {a < b ? a : b, a < b ? b : a, pair->same},
            i,
        };
    }
    qsort(pairs, count, sizeof(*pairs), compare_pairs);
    return count;
}

bool store_decisions(struct store *store, const struct store_decision **result, size_t *count,
                     struct error *error)
{
    struct decisions *decisions = store->decisions;
    if (!decisions)
        return error_set(error, EXIT_FAILED, "decisions were asked for before a scan");
    struct ordered_pair *pairs = memory_allocate_array(decisions->pair_count + 1, sizeof(*pairs));
    size_t pair_count = order_pairs(decisions, pairs);
    memory_free(decisions->resolved_pairs);
    decisions->resolved_pairs =
        memory_allocate_array(pair_count + 1, sizeof(*decisions->resolved_pairs));
    *count = 0;
    for (size_t i = 0; i < pair_count; i++) {
        bool last = i + 1 == pair_count || pairs[i].decision.a != pairs[i + 1].decision.a ||
                    pairs[i].decision.b != pairs[i + 1].decision.b;
        if (last)
            decisions->resolved_pairs[(*count)++] = pairs[i].decision;
    }
    memory_free(pairs);
    *result = decisions->resolved_pairs;
    return true;
}

bool store_golden_values(struct store *store, const struct store_golden_value **values,
                         size_t *count, struct error *error)
{
    struct decisions *decisions = store->decisions;
    if (!decisions)
        return error_set(error, EXIT_FAILED, "decisions were asked for before a scan");
    memory_free(decisions->resolved_values);
    decisions->resolved_values =
        memory_allocate_array(decisions->value_count + 1, sizeof(*decisions->resolved_values));
    *count = 0;
    for (size_t i = 0; i < decisions->value_count; i++) {
        const struct value_decision *value = &decisions->values[i];
        uint32_t member = map_value(decisions->keys, value->key);
        if (!value->undone && member != MAP_NONE)
            decisions->resolved_values[(*count)++] =
                (struct store_golden_value){member, value->column, value->value};
    }
    *values = decisions->resolved_values;
    return true;
}
