#include "cli/stage.h"
#include "cust360/base/memory.h"

/*
 *   R  entity  id  sequence  deleted  flagged  refused  value …     a record, one value a model
 * field M  owner  id  sequence  deleted  plan  value …       what matching takes of it: plan 0 is
 * the matched entity itself, others are records that refer to `owner`
 */

static void append_id(struct buffer *id, const struct source *source, struct slice key)
{
    buffer_clear(id);
    buffer_append_text(id, source->id);
    buffer_append_byte(id, ' ');
    buffer_append(id, key);
}

/* The fields that have a warning, each with a comma behind it, as survivorship asks for them. */
static void append_flagged(struct buffer *text, const struct model *model,
                           const struct row_result *row, const struct record *record)
{
    buffer_clear(text);
    for (size_t i = 0; i < row->finding_count; i++) {
        const struct finding *finding = &row->findings[i];
        if (finding->severity != SEVERITY_WARNING || finding->entity != record->entity ||
            finding->field == FIELD_NONE || !slice_equal(finding->key, record->key))
            continue;
        buffer_append_text(text, model->entities[record->entity].fields[finding->field].name);
        buffer_append_byte(text, ',');
    }
}

struct row_texts {
    struct buffer id;
    struct buffer owner;
    struct buffer flagged;
};

static void write_record(struct stage_job *job, const struct stage_record_place *place,
                         const struct record *record, const struct row_texts *texts)
{
    const struct model_entity *entity = &job->project->model->entities[record->entity];
    struct line_writer *writer = job->writer;
    line_column(writer, SLICE("R"));
    line_column(writer, slice_of(entity->name));
    line_column(writer, buffer_slice(&texts->id));
    line_column(writer, place->sequence);
    line_column_number(writer, record->deleted);
    line_column(writer, buffer_slice(&texts->flagged));
    line_column(writer, record->refused);
    for (size_t i = 0; i < entity->field_count; i++)
        line_column(writer, record->values[i]);
    line_end(writer);
}

static void begin_match_row(struct stage_job *job, const struct stage_record_place *place,
                            const struct record *record, const struct row_texts *texts, size_t plan)
{
    line_column(job->writer, SLICE("M"));
    line_column(job->writer, buffer_slice(&texts->owner));
    line_column(job->writer, buffer_slice(&texts->id));
    line_column(job->writer, place->sequence);
    line_column_number(job->writer, record->deleted);
    line_column_number(job->writer, (int64_t)plan);
}

/* The attributes that come from one entity by one reference are a plan; they are numbered by the
 * attribute that is their first. */
static bool is_of_plan(const struct match_attribute *attribute, const struct match_attribute *first)
{
    if (!attribute->entity || !first->entity)
        return attribute->entity == first->entity;
    return strcmp(attribute->entity, first->entity) == 0 &&
           strcmp(attribute->reference, first->reference) == 0;
}

static bool is_first(const struct match_attribute *attributes, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (is_of_plan(&attributes[i], &attributes[number]))
            return false;
    return true;
}

static void write_values(struct stage_job *job, const struct record *record, size_t first)
{
    const struct match_attribute *attributes = NULL;
    const struct model_entity *entity = &job->project->model->entities[record->entity];
    size_t count = match_rules_attributes(job->match_rules, &attributes);
    for (size_t i = 0; i < count; i++) {
        bool is_of = is_of_plan(&attributes[i], &attributes[first]);
        line_column(job->writer, is_of
                                     ? record->values[model_find_field(entity, attributes[i].field)]
                                     : SLICE(""));
    }
    line_end(job->writer);
}

/* What a record is for the match: the matched one itself, or one that refers to it. */
static void write_match_rows(struct stage_job *job, const struct stage_record_place *place,
                             const struct record *record, struct row_texts *texts)
{
    const struct match_attribute *attributes = NULL;
    const struct model *model = job->project->model;
    const struct model_entity *entity = &model->entities[record->entity];
    size_t count = match_rules_attributes(job->match_rules, &attributes);
    bool is_matched = strcmp(entity->name, match_rules_entity(job->match_rules)) == 0;
    for (size_t i = 0; i < count; i++) {
        bool is_of =
            attributes[i].entity ? strcmp(attributes[i].entity, entity->name) == 0 : is_matched;
        if (!is_of || !is_first(attributes, i))
            continue;
        struct slice owner = record->key;
        if (attributes[i].entity)
            owner = record->values[model_find_field(entity, attributes[i].reference)];
        append_id(&texts->owner, &job->project->sources[place->source], owner);
        begin_match_row(job, place, record, texts, attributes[i].entity ? i + 1 : 0);
        write_values(job, record, i);
    }
}

void stage_write_records(struct stage_job *job, const struct stage_record_place *place,
                         const struct row_result *result)
{
    struct row_texts texts = {BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY};
    for (size_t i = 0; i < result->record_count; i++) {
        const struct record *record = &result->records[i];
        append_id(&texts.id, &job->project->sources[place->source], record->key);
        append_flagged(&texts.flagged, job->project->model, result, record);
        write_record(job, place, record, &texts);
        write_match_rows(job, place, record, &texts);
    }
    buffer_release(&texts.id);
    buffer_release(&texts.owner);
    buffer_release(&texts.flagged);
}

/*   F  source  sequence  entity  field  code  severity  rule  masked value */
void stage_write_findings(struct stage_job *job, const struct stage_record_place *place,
                          const struct row_result *result)
{
    const struct model *model = job->project->model;
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        const struct model_entity *entity =
            finding->entity == FIELD_NONE ? NULL : &model->entities[finding->entity];
        bool has_field = entity && finding->field != FIELD_NONE;
        line_column(job->writer, SLICE("F"));
        line_column(job->writer, slice_of(job->project->sources[place->source].id));
        line_column(job->writer, place->sequence);
        line_column(job->writer, slice_of(entity ? entity->name : NULL));
        line_column(job->writer, slice_of(has_field ? entity->fields[finding->field].name : NULL));
        line_column(job->writer, slice_of(finding->code));
        line_column(job->writer, slice_of(severity_names[finding->severity]));
        line_column(job->writer, slice_of(finding->rule));
        line_column(job->writer, finding->value);
        line_end(job->writer);
    }
}
