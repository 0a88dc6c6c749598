#include "cli/reconcile/reconcile_retained.h"
#include "cust360/base/database.h"
#include "cust360/config_person.h"

/* What the project's terms (config_retention.h) let go of is in the feed and not in the state, and
 * no fault. It is judged by the record's own days; where rows of others count too, that the state
 * has neither the record nor the person whom it names is taken for it. */

struct reconcile_retaining {
    struct reconciling *work;
    const struct source *source;
    const struct retention_rules *rules;
    struct statement **find; /* one an entity, when first needed: a living record by its key */
    struct slice *values;    /* of a record of which some are emptied */
};

struct reconcile_retaining *reconcile_retaining_begin(struct reconciling *work,
                                                      const struct source *source)
{
    const struct model *model = work->project->model;
    struct reconcile_retaining *retaining =
        arena_allocate_array(work->arena, 1, sizeof(*retaining));
    size_t most = 0;
    for (size_t i = 0; i < model->entity_count; i++)
        most = model->entities[i].field_count > most ? model->entities[i].field_count : most;
    *retaining = (struct reconcile_retaining){
        .work = work,
        .source = source,
        .rules = &work->project->operation.retention,
        .find = arena_allocate_array(work->arena, model->entity_count, sizeof(struct statement *)),
        .values = arena_allocate_array(work->arena, most, sizeof(struct slice))};
    return retaining;
}

void reconcile_retaining_end(struct reconcile_retaining *retaining)
{
    for (size_t i = 0; i < retaining->work->project->model->entity_count; i++)
        statement_destroy(retaining->find[i]);
}

static bool is_there(struct reconcile_retaining *retaining, size_t entity, struct slice key,
                     bool *there, struct error *error)
{
    struct statement **find = &retaining->find[entity];
    struct reconciling *work = retaining->work;
    if (!*find)
        *find = statement_prepare(
            store_database(work->store),
            arena_format(work->arena,
                         "SELECT 1 FROM \"record_%s\" r WHERE r.source_key = ?1 AND r.source_id ="
                         " (SELECT source_id FROM source WHERE name = '%s') AND r.closed_run IS"
                         " NULL",
                         work->project->model->entities[entity].name, retaining->source->id),
            error);
    if (!*find)
        return false;
    statement_bind_text(*find, 1, key);
    enum outcome outcome = statement_step(*find, error);
    statement_reset(*find);
    *there = outcome == ACCEPTED;
    return outcome != FAILED;
}

/* Whether days of other rows may keep a record. */
static bool has_others(const struct retention_rule *rule)
{
    for (size_t i = 0; i < rule->since_count; i++)
        if (rule->since[i].entity != rule->entity)
            return true;
    return false;
}

/* A record with a rule of its own. */
static bool is_past(struct reconcile_retaining *retaining, const struct retention_rule *rule,
                    const struct record *record, bool *past, struct error *error)
{
    bool there = false;
    *past = retention_is_past(rule, rule->keep, record->values, retaining->work->as_of_days);
    if (!*past || !has_others(rule))
        return true;
    if (!is_there(retaining, record->entity, record->key, &there, error))
        return false;
    *past = !there;
    return true;
}

/* A row that goes with the person whom it names. */
static bool is_of_past(struct reconcile_retaining *retaining, const struct record *record,
                       bool *past, struct error *error)
{
    const struct model *model = retaining->work->project->model;
    size_t person = model_find_entity(model, PERSON_ENTITY);
    const struct retention_rule *rule = retention_find(retaining->rules, person);
    size_t reference = model_find_field(&model->entities[record->entity], PERSON_REFERENCE);
    bool there = false;
    if (!rule || !retention_is_set(rule->keep) || reference == FIELD_NONE ||
        slice_is_empty(record->values[reference]))
        return true;
    if (!is_there(retaining, person, record->values[reference], &there, error))
        return false;
    if (!there && !is_there(retaining, record->entity, record->key, &there, error))
        return false;
    *past = !there;
    return true;
}

static bool is_emptied(const struct reconcile_retaining *retaining,
                       const struct retention_rule *rule, const struct record *record, size_t field)
{
    const struct model *model = retaining->work->project->model;
    struct retention_term term;
    return retention_of_class(rule, model->entities[record->entity].fields[field].class, &term) &&
           retention_is_past(rule, term, record->values, retaining->work->as_of_days);
}

static const struct slice *without_emptied(struct reconcile_retaining *retaining,
                                           const struct retention_rule *rule,
                                           const struct record *record)
{
    const struct model_entity *entity = &retaining->work->project->model->entities[record->entity];
    for (size_t i = 0; i < entity->field_count; i++) {
        size_t from = entity->fields[i].from;
        bool emptied = is_emptied(retaining, rule, record, i) ||
                       (from != FIELD_NONE && is_emptied(retaining, rule, record, from));
        retaining->values[i] = emptied ? (struct slice){NULL, 0} : record->values[i];
    }
    return retaining->values;
}

bool reconcile_retained(struct reconcile_retaining *retaining, const struct record *record,
                        const struct slice **values, struct error *error)
{
    const struct retention_rule *rule = retention_find(retaining->rules, record->entity);
    bool past = false;
    *values = record->values;
    if (retaining->rules->count == 0)
        return true;
    if (rule && !is_past(retaining, rule, record, &past, error))
        return false;
    if (!past && !is_of_past(retaining, record, &past, error))
        return false;
    if (past)
        *values = NULL;
    else if (rule)
        *values = without_emptied(retaining, rule, record);
    return true;
}
