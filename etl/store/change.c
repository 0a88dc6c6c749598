#include "change.h"
#include "cust360/base/memory.h"
#include "cust360/store_changes.h"
#include "golden_store.h"

/* What a run changes is listed as it is written: finding it afterwards would mean to read all
 * records for their run. The first run lists nothing: a list of everything tells nothing. */

/* By these a record is found from elsewhere: what stood there before says who else is concerned. */
static bool refers(const struct model_field *field)
{
    static const char *const kinds[] = {"reference", "vin", "mobile", "email"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(field->kind, kinds[i]) == 0)
            return true;
    return false;
}

/* A trigger of the connection's own that keeps the former values of an entity's references. */
static bool watch_entity(struct store *store, const struct model_entity *entity,
                         struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    struct buffer fields = BUFFER_EMPTY;
    struct buffer body = BUFFER_EMPTY;
    for (size_t i = 0; i < entity->field_count; i++) {
        const char *name = entity->fields[i].name;
        if (!refers(&entity->fields[i]))
            continue;
        buffer_append_text(&fields, fields.length ? ", " : "");
        append_identifier(&fields, name);
        buffer_format(&body,
                      "INSERT OR IGNORE INTO changed_value(entity, field, value) SELECT '%s', '%s',"
                      " OLD.\"%s\" WHERE OLD.\"%s\" IS NOT NEW.\"%s\" AND OLD.\"%s\" IS NOT NULL; ",
                      entity->name, name, name, name, name, name);
    }
    if (body.length) {
        buffer_format(&sql,
                      "CREATE TEMP TRIGGER IF NOT EXISTS \"watch_%s\" BEFORE UPDATE OF %s ON main.",
                      entity->name, fields.data);
        append_table(&sql, entity);
        buffer_format(&sql, " BEGIN %s END", body.data);
    }
    bool done = !sql.length || database_run(store->database, sql.data, error);
    buffer_release(&body);
    buffer_release(&fields);
    buffer_release(&sql);
    return done;
}

static bool watch(struct store *store, struct error *error)
{
    for (size_t i = 0; i < store->model->entity_count; i++)
        if (!watch_entity(store, &store->model->entities[i], error))
            return false;
    return true;
}

bool changes_begin(struct store *store, struct error *error)
{
    int64_t former = 0;
    if (!store_changes_since(store, &former, error))
        return false;
    store->lists_changes = former > 0;
    store->has_changes = false;
    return database_run(
               store->database,
               "DELETE FROM changed_record; DELETE FROM changed_golden;"
               "DELETE FROM changed_value;"
               /* What stewards have changed since the view was made. */
               "INSERT INTO changed_golden SELECT golden_number, 'touched' FROM review_touched",
               error) &&
           (!store->lists_changes || watch(store, error));
}

bool store_changes_since(struct store *store, int64_t *run_id, struct error *error)
{
    /* The run under way is 'begun'; when none is, it is the last committed one that has changed
     * what the lists tell. */
    return database_integer(store->database,
                            "SELECT max(run_id) FROM run WHERE status IN ('done','incomplete')"
                            " AND run_id < (SELECT max(run_id) FROM run WHERE status IN"
                            " ('begun','done','incomplete'))",
                            0, run_id, error);
}

bool store_has_changes(const struct store *store)
{
    return store->has_changes;
}

/* The first word on a record counts, but what is closed at the end of a reading is closed. */
bool change_record(struct store *store, const struct record_table *table, int64_t record_id,
                   const char *change, struct error *error)
{
    store->has_changes = true;
    if (!store->lists_changes)
        return true;
    if (!store_prepare(store, &store->add_change,
                       "INSERT OR IGNORE INTO changed_record(entity, record_id, change)"
                       " VALUES(?,?,?)",
                       error))
        return false;
    statement_bind_text(store->add_change, 1, slice_of(table->entity->name));
    statement_bind_integer(store->add_change, 2, record_id);
    statement_bind_text(store->add_change, 3, slice_of(change));
    return statement_run(store->add_change, error);
}

static bool put_golden(struct statement *put, uint32_t number, const char *change,
                       struct error *error)
{
    statement_bind_integer(put, 1, number);
    statement_bind_text(put, 2, slice_of(change));
    return statement_run(put, error);
}

/* Numbers of touched members, each once. */
static bool put_touched(struct statement *put, const struct golden_store *golden,
                        struct error *error)
{
    const struct golden_assignment *assignment = golden->assignment;
    bool *told = memory_allocate_array((size_t)assignment->ids.issued + 1, sizeof(*told));
    bool done = true;
    for (uint32_t i = 0; done && i < assignment->count; i++) {
        uint32_t number = assignment->number[i];
        if (!assignment->touched[i] || told[number])
            continue;
        told[number] = true;
        done = put_golden(put, golden_number(&golden->ids, number), "touched", error);
    }
    memory_free(told);
    return done;
}

bool changes_of_golden(struct store *store, struct error *error)
{
    const struct golden_ids *before = &store->golden->ids;
    const struct golden_assignment *assignment = store->golden->assignment;
    if (!store->lists_changes)
        return true;
    struct statement *put = statement_prepare(
        store->database, "INSERT OR REPLACE INTO changed_golden(golden_number, change) VALUES(?,?)",
        error);
    bool done = put && put_touched(put, store->golden, error);
    for (uint32_t n = 1; done && n <= before->issued; n++)
        if (before->becomes[n] == n && assignment->ids.becomes[n] != n)
            done = put_golden(put, golden_number(before, n), "gone", error);
    statement_destroy(put);
    return done;
}
