#include "cli/stage.h"
#include "cust360/base/json.h"
#include "cust360/match_diagnose.h"

/* What a driver has to know of the configuration: one JSON object, in one line, so that the frame
 * around it is that of any other stage. */

static void write_sources(struct json_writer *json, const struct project *project)
{
    json_array_begin(json, "sources");
    for (size_t i = 0; i < project->source_count; i++) {
        const struct source *source = &project->sources[i];
        json_object_begin(json, NULL);
        json_text(json, "id", slice_of(source->id));
        json_text(json, "mapping", slice_of(source->mapping->name));
        json_integer(json, "trust", source->trust);
        json_boolean(json, "required", source->required);
        json_boolean(json, "delta", source->delta);
        json_boolean(json, "missing", source->missing.exit_code != 0);
        json_array_begin(json, "tables");
        for (size_t j = 0; j < source->mapping->table_count; j++) {
            const struct mapping_table *table = &source->mapping->tables[j];
            json_object_begin(json, NULL);
            json_text(json, "name", slice_of(table->name));
            json_array_begin(json, "columns");
            for (size_t k = 0; k < table->column_count; k++)
                json_text(json, NULL, slice_of(table->columns[k].expression));
            json_array_end(json);
            json_object_end(json);
        }
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_entities(struct json_writer *json, const struct model *model)
{
    json_object_begin(json, "entities");
    for (size_t i = 0; i < model->entity_count; i++) {
        json_array_begin(json, model->entities[i].name);
        for (size_t j = 0; j < model->entities[i].field_count; j++)
            json_text(json, NULL, slice_of(model->entities[i].fields[j].name));
        json_array_end(json);
    }
    json_object_end(json);
}

static void write_match(struct json_writer *json, const struct match_rules *rules)
{
    const struct match_attribute *attributes = NULL;
    size_t count = match_rules_attributes(rules, &attributes);
    json_text(json, "matched", slice_of(match_rules_entity(rules)));
    json_array_begin(json, "attributes");
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, slice_of(attributes[i].name));
    json_array_end(json);
    json_integer(json, "rounds", (int64_t)match_common_rounds(rules));
    json_array_begin(json, "limits");
    for (size_t i = 0; i < match_rules_attribute_count(rules); i++)
        json_integer(json, NULL, (int64_t)match_common_limit(rules, i));
    json_array_end(json);
    json_array_begin(json, "blocks");
    for (size_t i = 0; i < match_common_rules(rules); i++)
        json_integer(json, NULL, (int64_t)match_common_block(rules, i));
    json_array_end(json);
}

static void write_columns(struct json_writer *json, const struct survivorship *survivorship)
{
    const struct golden_column *columns = NULL;
    size_t count = survivorship_columns(survivorship, &columns);
    json_array_begin(json, "golden");
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, slice_of(columns[i].name));
    json_array_end(json);
}

static bool begin(struct stage_job *job, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER_COMPACT(&text);
    (void)error;
    json_object_begin(&json, NULL);
    json_integer(&json, "protocol", STAGE_PROTOCOL);
    json_text(&json, "hash",
              slice_of(arena_format(job->arena, "%016llx", (unsigned long long)job->hash)));
    write_sources(&json, job->project);
    write_entities(&json, job->project->model);
    write_match(&json, job->match_rules);
    write_columns(&json, job->survivorship);
    json_object_end(&json);
    line_column_escaped(job->writer, slice_trim(buffer_slice(&text)));
    line_end(job->writer);
    buffer_release(&text);
    return true;
}

const struct stage stage_plan = {
    .name = "plan", .needs = STAGE_SOURCES | STAGE_MATCH | STAGE_SURVIVORSHIP, .begin = begin};
