#include "internal.h"

/* Findings are of a source's last reading: they say what to repair today, and the history of
 * yesterday's faults would outgrow the records themselves. The counts of each run stay, in
 * run_source. */

static const char *severity_text(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_INFORMATION] = "information",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
        [SEVERITY_FATAL] = "fatal",
    };
    return names[severity];
}

/* What is not there is NULL everywhere, so that SQL need not ask for two kinds of nothing. */
static struct slice text_or_null(const char *text)
{
    return text && *text ? slice_of(text) : (struct slice){NULL, 0};
}

static struct slice slice_or_null(struct slice slice)
{
    return slice.length ? slice : (struct slice){NULL, 0};
}

bool finding_add(struct store *store, const struct finding *finding, const struct place *place,
                 struct error *error)
{
    if (!store_prepare(store, &store->add_finding,
                       "INSERT INTO finding(run_id, source_id, file, line, byte_offset, entity,"
                       " source_key, field, code, rule, severity, value, message, given,"
                       " proposal) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                       error))
        return false;
    struct statement *add = store->add_finding;
    const struct model_entity *entity =
        finding->entity == FIELD_NONE ? NULL : &store->model->entities[finding->entity];
    const char *field =
        entity && finding->field != FIELD_NONE ? entity->fields[finding->field].name : NULL;
    statement_bind_integer(add, 1, store->run_id);
    statement_bind_integer(add, 2, store->reading.source_id);
    statement_bind_text(add, 3, text_or_null(place->file));
    statement_bind_integer(add, 4, (int64_t)place->line);
    statement_bind_integer(add, 5, (int64_t)place->byte_offset);
    statement_bind_text(add, 6, text_or_null(entity ? entity->name : NULL));
    statement_bind_text(add, 7, slice_or_null(finding->key));
    statement_bind_text(add, 8, text_or_null(field));
    statement_bind_text(add, 9, text_or_null(finding->code));
    statement_bind_text(add, 10, text_or_null(finding->rule));
    statement_bind_text(add, 11, slice_of(severity_text(finding->severity)));
    statement_bind_text(add, 12, slice_or_null(finding->value));
    statement_bind_text(add, 13, text_or_null(finding->message));
    statement_bind_text(add, 14, slice_or_null(finding->given));
    statement_bind_text(add, 15, slice_or_null(finding->proposal));
    return statement_run(add, error);
}

/* Whether a delta has spoken of the record again, or it is gone: then nothing is left to repair. */
static bool is_past(struct store *store, struct slice entity, struct slice key)
{
    for (size_t i = 0; i < store->model->entity_count; i++) {
        struct known *known = &store->tables[i].known;
        if (!known->keys || !slice_equal(entity, slice_of(store->model->entities[i].name)))
            continue;
        uint32_t number = map_number(known->keys, key);
        return number != MAP_NONE && (known->records[number].seen || known->records[number].closed);
    }
    return true;
}

static bool forget_seen(struct store *store, struct statement *former, struct statement *forget,
                        struct error *error)
{
    enum outcome outcome;
    statement_bind_integer(former, 1, store->reading.source_id);
    statement_bind_integer(former, 2, store->run_id);
    while ((outcome = statement_step(former, error)) == ACCEPTED) {
        if (!is_past(store, statement_text(former, 1), statement_text(former, 2)))
            continue;
        statement_bind_integer(forget, 1, statement_integer(former, 0));
        if (!statement_run(forget, error))
            return false;
    }
    return outcome == ENDED;
}

/* What is shared widely is not of a reading: see shared.c.
 * A full reading says all there is to say; a delta leaves what it does not speak of. */
bool findings_forget(struct store *store, bool delta, struct error *error)
{
    if (!delta)
        return store_run_with(store,
                              "DELETE FROM finding WHERE source_id=?1 AND code<>'" SHARED_CODE "'",
                              store->reading.source_id, error);
    struct statement *former =
        statement_prepare(store->database,
                          "SELECT rowid, entity, source_key FROM finding"
                          " WHERE source_id=? AND run_id<? AND code<>'" SHARED_CODE "'",
                          error);
    struct statement *forget =
        former ? statement_prepare(store->database, "DELETE FROM finding WHERE rowid=?", error)
               : NULL;
    bool done = forget && forget_seen(store, former, forget, error);
    statement_destroy(forget);
    statement_destroy(former);
    return done;
}

bool store_notice(struct store *store, const char *code, const char *text, struct error *error)
{
    if (!store_prepare(store, &store->add_notice,
                       "INSERT INTO run_notice(run_id, source_id, code, text) VALUES(?,?,?,?)",
                       error))
        return false;
    statement_bind_integer(store->add_notice, 1, store->run_id);
    statement_bind_integer(store->add_notice, 2, store->reading.source_id);
    statement_bind_text(store->add_notice, 3, slice_of(code));
    statement_bind_text(store->add_notice, 4, slice_of(text));
    return statement_run(store->add_notice, error);
}
