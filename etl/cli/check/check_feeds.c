#include "cli/check/check_report.h"
#include "cust360/base/memory.h"
#include "cust360/extract.h"

#include <stdio.h>
#include <string.h>

/* A mapping against the real file: its first rows are read and standardized as a run would. */

enum { ROWS_LOOKED_AT = 2000, VALUES_LEAST = 20, REJECTED_LEAST = 5 };

/* How the values of a field fared, by entity and model field. */
struct field_count {
    uint64_t given;
    uint64_t refused;
};

struct feed_check {
    struct check_report *report;
    const struct project *project;
    const struct source *source;
    struct field_count **counts;
    uint64_t rows;
    uint64_t rejected;
    char reason[160];
};

static void add_finding(const struct feed_check *check, const char *rule, enum check_level level,
                        struct error *error)
{
    if (!error->source[0])
        error_source(error, check->source->id);
    check_report_add(check->report, rule, level, error);
}

static void count_record(struct feed_check *check, const struct record *record)
{
    const struct model_entity *entity = &check->project->model->entities[record->entity];
    for (size_t i = 0; i < entity->field_count; i++) {
        struct field_count *count = &check->counts[record->entity][i];
        bool refused = record->marks && (record->marks[i] & FIELD_REFUSED);
        count->refused += refused;
        count->given += refused || record->values[i].data != NULL;
    }
}

static void count_rejected(struct feed_check *check, const struct row *row,
                           const struct row_result *result)
{
    const char *reason = row->reject_reason;
    for (size_t i = 0; i < result->finding_count && !reason; i++)
        if (result->findings[i].severity == SEVERITY_FATAL)
            reason = result->findings[i].message;
    if (check->rejected++ == 0)
        snprintf(check->reason, sizeof(check->reason), "%s", reason ? reason : "unknown");
}

static bool read_rows(struct feed_check *check, struct row_reader *reader,
                      struct standardizer *standardizer, struct error *error)
{
    struct arena *arena = arena_create();
    bool read = true;
    while (read && check->rows < ROWS_LOOKED_AT) {
        struct row row = {0};
        struct row_result result = {0};
        enum outcome outcome = row_reader_next(reader, &row, error);
        if (outcome == ENDED)
            break;
        read = outcome != FAILED;
        if (outcome == ACCEPTED)
            row.reject_code = NULL;
        read = read && standardize_row(standardizer, &row, arena, &result, error);
        check->rows++;
        if (read && result.outcome == REJECTED)
            count_rejected(check, &row, &result);
        for (size_t i = 0; read && i < result.record_count; i++)
            count_record(check, &result.records[i]);
        arena_reset(arena);
    }
    arena_destroy(arena);
    return read;
}

/* In the mapping, where the column that a notice is about is named; else the mapping as a whole. */
static void place_notice(const struct feed_check *check, const char *text, struct error *error)
{
    const struct mapping *mapping = check->source->mapping;
    error_place(error, mapping->path, 0, 0);
    for (size_t t = 0; t < mapping->table_count; t++)
        for (size_t i = 0; i < mapping->tables[t].column_count; i++) {
            const struct mapping_column *column = &mapping->tables[t].columns[i];
            const char *at = strstr(text, column->expression);
            char after = at ? at[strlen(column->expression)] : '\0';
            if (at && at > text && at[-1] == '"' && after == '"') {
                error_place(error, mapping->path, column->line, column->column);
                return;
            }
        }
}

static void tell_notices(const struct feed_check *check, const struct row_reader *reader)
{
    for (size_t i = 0; i < reader->notice_count; i++) {
        struct error error;
        error_set(&error, EXIT_SOURCE_MISSING, "%s", reader->notices[i].text);
        bool note = strcmp(reader->notices[i].code, "column_new") == 0;
        place_notice(check, reader->notices[i].text, &error);
        add_finding(check, reader->notices[i].code, note ? CHECK_NOTE : CHECK_WARNING, &error);
    }
}

/* Where the mapping says what a field is read from. */
static void place_field(const struct feed_check *check, const struct mapping_table *table,
                        const struct mapping_field *field, struct error *error)
{
    if (field->column_count == 0)
        return;
    const struct mapping_column *column = &table->columns[field->columns[0]];
    error_place(error, check->source->mapping->path, column->line, column->column);
}

static void tell_fields(const struct feed_check *check, const struct mapping_table *table,
                        const struct mapping_entity *entity)
{
    const struct model_entity *of_model = &check->project->model->entities[entity->entity];
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct mapping_field *field = &entity->fields[i];
        struct field_count *count = &check->counts[entity->entity][field->field];
        struct error error;
        if (count->given < VALUES_LEAST || count->refused * 2 < count->given)
            continue;
        error_set(
            &error, EXIT_SOURCE_MISSING, "%llu of %llu values of %s.%s are refused: they are no %s",
            (unsigned long long)count->refused, (unsigned long long)count->given, of_model->name,
            of_model->fields[field->field].name, of_model->fields[field->field].kind);
        error_hint(&error, "is it the right column, its format or its codes? See cust360 profile");
        place_field(check, table, field, &error);
        add_finding(check, "type", CHECK_WARNING, &error);
        count->given = 0; /* several tables may fill it; it is told once */
    }
}

static void tell_rejected(const struct feed_check *check)
{
    struct error error;
    if (check->rejected < REJECTED_LEAST || check->rejected * 20 < check->rows)
        return;
    error_set(&error, EXIT_SOURCE_MISSING,
              "%llu of the first %llu rows are rejected, the first because: %s",
              (unsigned long long)check->rejected, (unsigned long long)check->rows, check->reason);
    error_place(&error, check->source->name, 0, 0);
    add_finding(check, "rows", CHECK_WARNING, &error);
}

static void tell_all(const struct feed_check *check, const struct row_reader *reader)
{
    const struct mapping *mapping = check->source->mapping;
    tell_notices(check, reader);
    tell_rejected(check);
    for (size_t t = 0; t < mapping->table_count; t++)
        for (size_t e = 0; e < mapping->tables[t].entity_count; e++)
            tell_fields(check, &mapping->tables[t], &mapping->tables[t].entities[e]);
}

static void check_source(struct feed_check *check, const struct rules *rules)
{
    struct error error = {0};
    struct standardizer *standardizer = NULL;
    struct row_reader *reader = row_reader_open(check->source, &error);
    if (reader)
        standardizer = standardizer_create(rules_of_source(rules, check->source),
                                           check->project->model, check->source, &error);
    if (standardizer && read_rows(check, reader, standardizer, &error)) {
        tell_all(check, reader);
    } else {
        bool encoding = strstr(error.message, "encoding") != NULL;
        add_finding(check, encoding ? "encoding" : "source", CHECK_WARNING, &error);
    }
    standardizer_destroy(standardizer);
    row_reader_close(reader);
}

static struct field_count **make_counts(const struct model *model)
{
    struct field_count **counts = memory_allocate_array(model->entity_count, sizeof(*counts));
    for (size_t i = 0; i < model->entity_count; i++)
        counts[i] = memory_allocate_array(model->entities[i].field_count, sizeof(**counts));
    return counts;
}

void check_feeds(struct check_report *report, const struct project *project,
                 const struct rules *rules)
{
    for (size_t i = 0; i < project->source_count; i++) {
        struct feed_check check = {
            .report = report, .project = project, .source = &project->sources[i]};
        if (check.source->missing.exit_code)
            continue;
        check.counts = make_counts(project->model);
        check_source(&check, rules);
        for (size_t e = 0; e < project->model->entity_count; e++)
            memory_free(check.counts[e]);
        memory_free(check.counts);
    }
}
