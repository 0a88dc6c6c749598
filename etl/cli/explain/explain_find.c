#include "cli/explain.h"
#include "cli/find/lookup.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/text.h"
#include "cust360/golden.h"

enum { MEANT_MOST = 6 };

/* ---- SOURCE:KEY ---- */

static bool find_record(struct explain *explain, struct slice source, struct slice key,
                        struct explain_target *target, bool *known_source, struct error *error)
{
    const char *sql = arena_format(
        explain->arena,
        "SELECT record.record_id, crosswalk.golden_number, record.closed_run FROM source"
        " LEFT JOIN record_%s AS record ON record.source_id = source.source_id"
        " AND record.source_key = ?2 LEFT JOIN crosswalk USING (record_id) WHERE source.name = ?1",
        match_rules_entity(explain->rules));
    struct statement *select = statement_prepare(store_database(explain->store), sql, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, source);
    statement_bind_text(select, 2, key);
    enum outcome outcome = statement_step(select, error);
    *known_source = outcome == ACCEPTED;
    bool closed = false;
    if (outcome == ACCEPTED) {
        target->record_id = statement_integer(select, 0);
        target->golden = (uint32_t)statement_integer(select, 1);
        closed = !statement_is_null(select, 2);
    }
    statement_destroy(select);
    if (outcome == FAILED || !*known_source)
        return outcome != FAILED;
    if (target->record_id == 0)
        return error_set(error, EXIT_FAILED, "the source %.*s has no record of this key: %s",
                         SLICE_ARGUMENTS(source), target->typed);
    if (closed || target->golden == GOLDEN_NONE) {
        error_set(error, EXIT_FAILED, "%s is not among the records that are matched",
                  target->typed);
        return error_hint(error, closed ? "it is gone from its source"
                                        : "the next cust360 run takes it in");
    }
    return true;
}

/* *done: it was meant as SOURCE:KEY. */
static bool find_by_key(struct explain *explain, struct explain_target *target, bool *done,
                        struct error *error)
{
    struct slice typed = slice_of(target->typed);
    ptrdiff_t colon = slice_find(typed, SLICE(":"));
    *done = false;
    if (colon <= 0)
        return true;
    return find_record(explain, slice_cut(typed, 0, (size_t)colon),
                       slice_cut(typed, (size_t)colon + 1, typed.length), target, done, error);
}

/* ---- golden ids ---- */

static bool read_number(struct explain *explain, const char *sql, const char *id, uint32_t *number,
                        struct error *error)
{
    struct statement *select = statement_prepare(store_database(explain->store), sql, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, slice_of(id));
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED)
        *number = (uint32_t)statement_integer(select, 0);
    statement_destroy(select);
    return outcome != FAILED;
}

/* The id that lives: itself, or the one that it became. */
static bool find_by_id(struct explain *explain, struct explain_target *target, struct error *error)
{
    uint32_t number = 0;
    char id[GOLDEN_ID_BYTES];
    if (!golden_id_parse(slice_of(target->typed), &number))
        return true;
    golden_id_format(number, id);
    return read_number(explain,
                       "SELECT golden_number FROM golden WHERE golden_id = ?1 UNION ALL"
                       " SELECT golden.golden_number FROM golden_alias JOIN golden"
                       " ON golden.golden_id = golden_alias.becomes"
                       " WHERE golden_alias.golden_id = ?1",
                       id, &target->golden, error);
}

/* ---- what `find` takes ---- */

static bool several_meant(const struct lookup_result *result, struct slice typed,
                          struct error *error)
{
    struct buffer ids = BUFFER_EMPTY;
    for (size_t i = 0; result->hits && i < result->count; i++)
        buffer_format(&ids, "%s%s", i > 0 ? ", " : "", result->hits[i].golden_id);
    error_set(error, EXIT_FAILED, "several customers are meant by \"%.*s\": %.*s%s",
              SLICE_ARGUMENTS(typed), SLICE_ARGUMENTS(buffer_slice(&ids)),
              result->more ? " and more" : "");
    buffer_release(&ids);
    return error_hint(error, "name one by its id, or a record as SOURCE:KEY");
}

static bool find_in_view(struct explain *explain, struct lookup *lookup,
                         struct explain_target *target, struct error *error)
{
    struct lookup_result result;
    if (!lookup_find_text(lookup, slice_of(target->typed), LOOKUP_WHOLE, MEANT_MOST, &result,
                          error))
        return false;
    /* A name or a number, mostly. */
    const struct slice typed = text_mask(explain->arena, slice_of(target->typed));
    if (result.count == 0) {
        error_set(error, EXIT_FAILED, "no record or customer is meant by \"%.*s\"",
                  SLICE_ARGUMENTS(typed));
        return error_hint(error, "a record is named SOURCE:KEY; cust360 find looks for customers");
    }
    const struct lookup_hit *chosen = lookup_choose(&result);
    if (!chosen)
        return several_meant(&result, typed, error);
    struct explain_target found = {.typed = chosen->golden_id};
    if (!find_by_id(explain, &found, error))
        return false;
    target->golden = found.golden;
    if (found.golden != GOLDEN_NONE)
        return true;
    error_set(error, EXIT_FAILED, "the view's customer %s is not in the state", chosen->golden_id);
    return error_hint(error, "state and view are of different runs; cust360 run publishes anew");
}

bool explain_find(struct explain *explain, const char *typed, struct explain_target *target,
                  struct error *error)
{
    bool is_record = false;
    *target = (struct explain_target){.typed = typed};
    if (!find_by_key(explain, target, &is_record, error))
        return false;
    if (!is_record && !find_by_id(explain, target, error))
        return false;
    if (target->golden != GOLDEN_NONE)
        return true;
    struct lookup lookup;
    if (!lookup_open(&lookup, explain->invocation, explain->arena, error))
        return false;
    bool found = find_in_view(explain, &lookup, target, error);
    lookup_close(&lookup);
    return found;
}
