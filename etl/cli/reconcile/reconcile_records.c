#include "cli/reconcile.h"
#include "cli/reconcile/reconcile_retained.h"
#include "cli/run/reading.h"
#include "cust360/base/database.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

/* The feeds are read and standardized once more, without anything that is remembered, and the
 * records are held against those of the state, entity by entity. */

struct record_side {
    struct reconciling *work;
    const struct source *source;
    struct comparison **entities; /* one of the model's each */
    struct comparison_options *options;
    struct slice **kept; /* keys whose rows are rejected today: their records stay */
    size_t *kept_count;
    size_t *kept_capacity;
    struct buffer place;
    struct reconcile_retaining *retaining;
};

static bool open_entities(struct record_side *side, struct error *error)
{
    struct reconciling *work = side->work;
    const struct model *model = work->project->model;
    size_t count = model->entity_count;
    side->entities = arena_allocate_array(work->arena, count, sizeof(struct comparison *));
    side->options = arena_allocate_array(work->arena, count, sizeof(*side->options));
    side->kept = arena_allocate_array(work->arena, count, sizeof(struct slice *));
    side->kept_count = arena_allocate_array(work->arena, count, sizeof(size_t));
    side->kept_capacity = arena_allocate_array(work->arena, count, sizeof(size_t));
    return error != NULL;
}

/* The fields as the state keeps them; opened when the first record of the entity comes. */
static struct comparison *entity_of(struct record_side *side, size_t entity, struct error *error)
{
    struct reconciling *work = side->work;
    const struct model_entity *fields = &work->project->model->entities[entity];
    if (side->entities[entity])
        return side->entities[entity];
    struct comparison_column *columns =
        arena_allocate_array(work->arena, fields->field_count + 1, sizeof(*columns));
    for (size_t i = 0; i < fields->field_count; i++) {
        const char *kind = fields->fields[i].kind;
        bool whole = kind && (strcmp(kind, "distance") == 0 || strcmp(kind, "count") == 0);
        bool number = kind && strcmp(kind, "money") == 0;
        columns[i].name = fields->fields[i].name;
        columns[i].affinity = whole ? "INTEGER" : number ? "REAL" : "TEXT";
    }
    reconcile_showing(work, columns, fields->field_count);
    side->options[entity] = reconcile_options(work, columns, fields->field_count);
    side->options[entity].scratch =
        arena_format(work->arena, "%s.%zu", side->options[entity].scratch, entity);
    side->entities[entity] = comparison_open(&side->options[entity], error);
    return side->entities[entity];
}

static void keep_key(struct record_side *side, const struct finding *finding)
{
    size_t entity = finding->entity;
    if (entity == FIELD_NONE || slice_is_empty(finding->key))
        return;
    side->kept[entity] = memory_grow(side->kept[entity], &side->kept_capacity[entity],
                                     side->kept_count[entity] + 1, sizeof(struct slice));
    side->kept[entity][side->kept_count[entity]++] = arena_copy(side->work->arena, finding->key);
}

static bool take_row(struct record_side *side, const struct read_row *row, struct error *error)
{
    const struct row_result *result = &row->result;
    buffer_clear(&side->place);
    buffer_format(&side->place, "%s:%llu", row->place.file, (unsigned long long)row->place.line);
    for (size_t i = 0; result->outcome == REJECTED && i < result->finding_count; i++)
        keep_key(side, &result->findings[i]);
    for (size_t i = 0; i < result->record_count; i++) {
        const struct record *record = &result->records[i];
        struct comparison *comparison = entity_of(side, record->entity, error);
        struct comparison_row taken = {record->key, buffer_slice(&side->place), NULL};
        if (!comparison || !reconcile_retained(side->retaining, record, &taken.values, error))
            return false;
        if (!record->deleted && taken.values &&
            !comparison_add(comparison, SIDE_SOURCE, &taken, error))
            return false;
    }
    return true;
}

/* ---- the state's side ---- */

static bool add_state(struct record_side *side, size_t entity, struct error *error)
{
    struct reconciling *work = side->work;
    const struct comparison_options *options = &side->options[entity];
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT r.source_key, r.file || ':' || r.line");
    for (size_t i = 0; i < options->column_count; i++)
        buffer_format(&sql, ", r.\"%s\"", options->columns[i].name);
    buffer_format(&sql,
                  " FROM \"record_%s\" r JOIN source s ON s.source_id = r.source_id"
                  " WHERE s.name = '%s' AND r.closed_run IS NULL",
                  work->project->model->entities[entity].name, side->source->id);
    bool added = reconcile_add_query(store_database(work->store), sql.data, side->entities[entity],
                                     SIDE_TARGET, error);
    buffer_release(&sql);
    return added;
}

static bool allow_kept(struct record_side *side, size_t entity, struct error *error)
{
    struct comparison *comparison = side->entities[entity];
    if (side->source->delta)
        return comparison_allow(comparison, NULL, error);
    for (size_t i = 0; i < side->kept_count[entity]; i++)
        if (!comparison_allow(comparison, &side->kept[entity][i], error))
            return false;
    return true;
}

/* Records of rows that were rejected, mended and taken in since: the feed has them as they were. */
static bool allow_retried(struct record_side *side, size_t entity, struct error *error)
{
    struct reconciling *work = side->work;
    struct statement *rows = statement_prepare(
        store_database(work->store),
        arena_format(work->arena,
                     "SELECT r.source_key FROM \"record_%s\" r JOIN source s ON s.source_id ="
                     " r.source_id WHERE s.name = ?1 AND r.closed_run IS NULL AND r.file LIKE"
                     " 'rejects/%%'",
                     work->project->model->entities[entity].name),
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(side->source->id));
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        struct slice key = statement_text(rows, 0);
        if (!comparison_allow(side->entities[entity], &key, error)) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool finish_entity(struct record_side *side, size_t entity, struct error *error)
{
    struct reconciling *work = side->work;
    uint64_t repeated = 0;
    if (!add_state(side, entity, error) ||
        !comparison_keep_last(side->entities[entity], SIDE_SOURCE, &repeated, error) ||
        !allow_kept(side, entity, error) || !allow_retried(side, entity, error))
        return false;
    struct reconcile_leg *leg = reconcile_leg_add(work, "records");
    leg->source = "feed, standardized again";
    leg->target = "records";
    leg->subject = side->source->id;
    leg->table = work->project->model->entities[entity].name;
    struct comparison *comparison = side->entities[entity];
    side->entities[entity] = NULL;
    return reconcile_finish(work, comparison, leg, error);
}

/* Entities that a mapping makes and no row of the feed has: the state must have none either. */
static bool open_mapped(struct record_side *side, struct error *error)
{
    const struct mapping *mapping = side->source->mapping;
    for (size_t i = 0; i < mapping->table_count; i++)
        for (size_t j = 0; j < mapping->tables[i].entity_count; j++)
            if (!entity_of(side, mapping->tables[i].entities[j].entity, error))
                return false;
    return true;
}

static bool compare_source(struct reconciling *work, struct reading *reading, size_t index,
                           struct error *error)
{
    struct record_side side = {.work = work, .source = &work->project->sources[index]};
    struct error why = {0};
    struct batch *batch = NULL;
    size_t entities = work->project->model->entity_count;
    side.retaining = reconcile_retaining_begin(work, side.source);
    bool done = open_entities(&side, error) && open_mapped(&side, error);
    while (done && (batch = reading_next(reading, index, &why)) != NULL) {
        for (size_t i = 0; i < batch->row_count && done; i++)
            done = take_row(&side, &batch->rows[i], error);
        batch_destroy(batch);
    }
    /* What cannot be read is told by the leg before; the state stays without a counterpart. */
    for (size_t i = 0; i < entities && done && !why.exit_code; i++)
        if (side.entities[i])
            done = finish_entity(&side, i, error);
    for (size_t i = 0; i < entities; i++) {
        comparison_close(side.entities[i]);
        memory_free(side.kept[i]);
    }
    buffer_release(&side.place);
    reconcile_retaining_end(side.retaining);
    return done;
}

bool reconcile_records(struct reconciling *work, struct error *error)
{
    struct reading_settings settings = {
        .project = work->project, .rules = work->rules, .threads = work->threads};
    struct reading *reading = reading_start(&settings);
    bool done = true;
    for (size_t i = 0; i < work->project->source_count && done; i++) {
        log_progress("comparing records", i, work->project->source_count);
        if (!work->project->sources[i].missing.exit_code)
            done = compare_source(work, reading, i, error);
    }
    log_progress_end();
    reading_stop(reading);
    return done;
}
