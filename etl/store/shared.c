/* Values that too many customers share: found when all records have been matched, so they are
 * findings of the run and not of a source's reading. */
#include "internal.h"

bool store_shared_begin(struct store *store, struct error *error)
{
    return database_run(store->database, "DELETE FROM finding WHERE code='" SHARED_CODE "'",
                        error) &&
           store_run_with(store,
                          "UPDATE data_quality_run SET shared=0 WHERE run_id=?1 AND shared>0",
                          store->run_id, error);
}

static bool prepare_add(struct store *store, struct error *error)
{
    const struct model_entity *entity = &store->model->entities[store->roster.entity];
    struct buffer sql = BUFFER_EMPTY;
    if (store->add_shared)
        return true;
    buffer_append_text(&sql,
                       "INSERT INTO finding(run_id, source_id, file, line, entity, source_key,"
                       " field, code, severity, value, message, given)"
                       " SELECT ?1, source_id, file, line, ?2, source_key, ?3, '" SHARED_CODE "',"
                       " 'warning', ?4, ?5, ?6 FROM ");
    append_table(&sql, entity);
    buffer_append_text(&sql, " WHERE record_id=?7");
    bool done = store_prepare(store, &store->add_shared, sql.data, error);
    buffer_release(&sql);
    return done;
}

bool store_shared_add(struct store *store, uint32_t member, const struct finding *finding,
                      struct error *error)
{
    if (!prepare_add(store, error))
        return false;
    const struct model_entity *entity = &store->model->entities[store->roster.entity];
    struct statement *add = store->add_shared;
    statement_bind_integer(add, 1, store->run_id);
    statement_bind_text(add, 2, slice_of(entity->name));
    statement_bind_text(add, 3, slice_of(entity->fields[finding->field].name));
    statement_bind_text(add, 4, finding->value);
    statement_bind_text(add, 5, slice_of(finding->message));
    statement_bind_text(add, 6, finding->given);
    statement_bind_integer(add, 7, store->roster.record_ids[member]);
    return statement_run(add, error);
}

bool store_shared_end(struct store *store, struct error *error)
{
    return store_run_with(store,
                          "UPDATE data_quality_run SET shared=counted.records FROM"
                          " (SELECT source_id AS source, entity AS of_entity, field AS of_field,"
                          " count(*) AS records FROM finding WHERE code='" SHARED_CODE "'"
                          " GROUP BY source_id, entity, field) AS counted"
                          " WHERE run_id=?1 AND source_id=counted.source"
                          " AND entity=counted.of_entity AND field=counted.of_field",
                          store->run_id, error);
}
