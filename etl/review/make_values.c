#include "content.h"
#include "make.h"

#include <stdio.h>

/* What the records of one customer, or of two, say against each other; and values of suspiciously
 * many. The fields are those of the group's model: what it lacks is not asked about. */

static bool has_field(const struct making *making, const char *name)
{
    return model_find_field(making->asked->entity, name) != FIELD_NONE;
}

static bool golden_has(struct making *making, const char *column, bool *has, struct error *error)
{
    int64_t count = 0;
    const char *sql =
        arena_format(making->arena,
                     "SELECT count(*) FROM pragma_table_info('golden') WHERE name = '%s'", column);
    if (!database_integer(making->asked->state, sql, 0, &count, error))
        return false;
    *has = count > 0;
    return true;
}

/* Rows of golden_a, golden_b, value, reason, weight, extra impact. */
static bool put_rows(struct making *making, const char *sql, const struct fresh_case *common,
                     struct error *error)
{
    struct statement *rows = statement_prepare(making->asked->state, sql, error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        bool is_answered = false;
        struct fresh_case fresh = *common;
        fresh.golden_a = statement_integer(rows, 0);
        fresh.golden_b = statement_integer(rows, 1);
        fresh.value = statement_text(rows, 2);
        fresh.reason = statement_text(rows, 3);
        fresh.weight = statement_number(rows, 4);
        fresh.extra_impact = statement_integer(rows, 5);
        if (!fresh.attribute)
            fresh.attribute = arena_text(making->arena, statement_text(rows, 6));
        if (fresh.kind == REVIEW_CONFLICT &&
            !make_is_united(making, fresh.golden_a, fresh.attribute, &is_answered, error))
            outcome = FAILED;
        if (outcome == FAILED || (!is_answered && !make_put(making, &fresh, error))) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- contrary identity values ---- */

static bool put_conflicts(struct making *making, const char *field, struct error *error)
{
    const char *sql = arena_format(
        making->arena,
        "SELECT g.golden_number, 0, NULL, count(DISTINCT r.\"%s\") || ' different values', 0, 0"
        " FROM golden g CROSS JOIN crosswalk x ON x.golden_number = g.golden_number CROSS JOIN %s r"
        " ON r.record_id = x.record_id WHERE g.record_count > 1 AND r.closed_run IS NULL%s"
        " GROUP BY g.golden_number HAVING count(DISTINCT r.\"%s\") > 1",
        field, making->table, make_scope(making, "g.golden_number"), field);
    const struct fresh_case common = {
        .kind = REVIEW_CONFLICT, .attribute = field, .uncertainty = 0.8};
    return put_rows(making, sql, &common, error);
}

bool make_conflicts(struct making *making, struct error *error)
{
    const struct model_entity *entity = making->asked->entity;
    for (size_t i = 0; i < entity->field_count; i++)
        if (content_excludes(entity, i) && !put_conflicts(making, entity->fields[i].name, error))
            return false;
    return true;
}

/* ---- values that no rule could decide ---- */

bool make_values(struct making *making, struct error *error)
{
    const char *sql = arena_format(
        making->arena,
        "SELECT c.golden_number, 0, NULL, 'no rule could decide', 0, 0,"
        " (SELECT name FROM golden_column k WHERE k.choice = c.choice ORDER BY position LIMIT 1)"
        " FROM golden_choice c WHERE c.rule = 'first'%s",
        make_scope(making, "c.golden_number"));
    const struct fresh_case common = {.kind = REVIEW_VALUE, .uncertainty = 0.5};
    return put_rows(making, sql, &common, error);
}

/* ---- relations ---- */

/* Two persons with one mobile live together; a person with an organisation's works for it. A mobile
 * of more than that many says nothing. A run asks of everybody: who gets or loses a number also
 * changes what two others say, who did not change. */
bool make_relations(struct making *making, struct error *error)
{
    bool has_mobile = false;
    bool has_type = false;
    if (!golden_has(making, "mobile", &has_mobile, error) ||
        !golden_has(making, "type", &has_type, error))
        return false;
    if (!has_mobile || !has_type || !has_field(making, "mobile"))
        return true;
    const char *whose = making->scoped && !making->asked->of_run
                            ? "IN (SELECT s.mobile FROM temp.review_scope t CROSS JOIN golden s ON "
                              "s.golden_number ="
                              " t.golden_number WHERE s.mobile IS NOT NULL)"
                            : "IS NOT NULL";
    const char *sql =
        arena_format(making->arena,
                     "SELECT min(golden_number), max(golden_number), NULL, 'same mobile', 0, 0,"
                     " CASE WHEN count(DISTINCT type) = 1 THEN 'household' ELSE 'employer' END"
                     " FROM golden WHERE mobile %s GROUP BY mobile HAVING count(*) = 2"
                     " AND sum(type = 'person') > 0",
                     whose);
    const struct fresh_case common = {.kind = REVIEW_RELATION, .uncertainty = 0.2};
    return put_rows(making, sql, &common, error);
}

/* ---- values of too many ---- */

bool make_shared(struct making *making, struct error *error)
{
    if (!making->asked->of_run)
        return true;
    const char *sql =
        "SELECT 0, 0, given, count(*) || ' records have it', 0, count(*), field FROM finding"
        " WHERE code = 'shared_widely' AND given IS NOT NULL GROUP BY field, given";
    const struct fresh_case common = {.kind = REVIEW_SHARED, .uncertainty = 0.05};
    return put_rows(making, sql, &common, error);
}

/* ---- stale decisions ---- */

static bool record_of(struct statement *find, struct statement *row, int column, int64_t *record,
                      struct error *error)
{
    statement_reset(find);
    statement_bind_text(find, 1, statement_text(row, column));
    statement_bind_text(find, 2, statement_text(row, column + 1));
    enum outcome outcome = statement_step(find, error);
    *record = outcome == ACCEPTED ? statement_integer(find, 0) : 0;
    statement_reset(find);
    return outcome != FAILED;
}

/* A decision on one record or two that are there, which do not say any more what was seen. */
static bool put_if_stale(struct making *making, struct statement *row, struct statement *find,
                         struct statement *golden, struct error *error)
{
    const struct review_making *asked = making->asked;
    int64_t records[2] = {0, 0};
    int64_t goldens[2] = {0, 0};
    uint64_t now = 0;
    if (!record_of(find, row, 1, &records[0], error) ||
        !record_of(find, row, 3, &records[1], error))
        return false;
    if (!records[0] || (!records[1] && !statement_is_null(row, 3)))
        return true;
    if (!content_hash_pair(asked->state, asked->entity, records, &now, error))
        return false;
    if ((int64_t)now == statement_integer(row, 5))
        return true;
    for (size_t i = 0; i < 2 && records[i]; i++) {
        statement_reset(golden);
        statement_bind_integer(golden, 1, records[i]);
        if (statement_step(golden, error) == ACCEPTED)
            goldens[i] = statement_integer(golden, 0);
        statement_reset(golden);
    }
    char hash[REVIEW_KEY_BYTES];
    snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)now);
    const struct fresh_case fresh = {.kind = REVIEW_STALE,
                                     .value = slice_of(hash),
                                     .record_a = records[0],
                                     .record_b = records[1],
                                     .golden_a = goldens[0],
                                     .golden_b = goldens[1] == goldens[0] ? 0 : goldens[1],
                                     .decision_id = statement_integer(row, 0),
                                     .reason = SLICE("the records have changed since"),
                                     .uncertainty = 0.9};
    return make_put(making, &fresh, error);
}

/* Decisions are few beside customers: all are looked at. Of a word that was written as several rows
 * the first one that does not fit any more stands for all. */
bool make_stale(struct making *making, struct error *error)
{
    if (!making->asked->of_run)
        return true;
    struct database *state = making->asked->state;
    struct statement *rows = statement_prepare(
        state,
        "SELECT decision_id, source_a, key_a, source_b, key_b, seen_hash FROM decision"
        " WHERE NOT undone AND confirmed AND seen_hash IS NOT NULL"
        " AND kind IN ('same', 'different', 'value') AND decision_id = coalesce(batch, "
        "decision_id)",
        error);
    struct statement *find = statement_prepare(
        state,
        arena_format(making->arena,
                     "SELECT record_id FROM %s WHERE source_id = (SELECT source_id FROM source"
                     " WHERE name = ?1) AND source_key = ?2 AND closed_run IS NULL",
                     making->table),
        error);
    struct statement *golden =
        statement_prepare(state, "SELECT golden_number FROM crosswalk WHERE record_id = ?1", error);
    enum outcome outcome = FAILED;
    while (rows && find && golden && (outcome = statement_step(rows, error)) == ACCEPTED)
        if (!put_if_stale(making, rows, find, golden, error)) {
            outcome = FAILED;
            break;
        }
    statement_destroy(rows);
    statement_destroy(find);
    statement_destroy(golden);
    return outcome == ENDED;
}
