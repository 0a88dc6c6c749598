#include "cli/profile/profiling.h"
#include "cli/open.h"
#include "cli/rules.h"
#include "cust360/base/file.h"
#include "cust360/base/pool.h"
#include "cust360/base/text.h"
#include "cust360/config_connection.h"
#include "cust360/extract_text.h"
#include "cust360/standardize.h"

#include <string.h>

/* ---- the project's model and rules, or those of the program ---- */

static bool open_project_rules(struct profiling *profiling, int32_t as_of_days, struct error *error)
{
    const struct project *project =
        open_project_without_sources(profiling->invocation, profiling->arena, error);
    if (!project)
        return false;
    profiling->model = project->model;
    profiling->mappings = file_folder(profiling->arena, project->rules);
    profiling->rules = rules_load(project, as_of_days, error);
    return profiling->rules != NULL;
}

static bool open_shipped_rules(struct profiling *profiling, int32_t as_of_days, struct error *error)
{
    struct arena *arena = profiling->arena;
    profiling->mappings = shipped_mappings(arena);
    if (!profiling->mappings) {
        error_set(error, EXIT_CONFIGURATION,
                  "there is no cust360.yaml here, and no mappings beside the program");
        return error_hint(error, "name the project file: --config FILE");
    }
    profiling->model = model_load(arena, file_join(arena, profiling->mappings, "model.yaml"),
                                  file_join(arena, profiling->mappings, "codes"), error);
    if (!profiling->model)
        return false;
    profiling->rules =
        rules_open(file_join(arena, profiling->mappings, "rules"),
                   file_join(arena, profiling->mappings, "reference"), as_of_days, error);
    return profiling->rules != NULL;
}

static double judge_value(void *context, const char *kind, struct slice value);
static double judge_window(void *context, const char *kind, struct slice value);

bool profiling_open(struct profiling *profiling, const struct invocation *invocation,
                    struct error *error)
{
    int64_t sample = 0;
    int64_t threads = (int64_t)pool_processors();
    int32_t as_of_days = 0;
    memset(profiling, 0, sizeof(*profiling));
    profiling->arena = arena_create();
    profiling->scratch = arena_create();
    profiling->invocation = invocation;
    profiling->encoding = invocation_option(invocation, "encoding");
    if (!invocation_integer(invocation, "sample", 1, INT64_MAX, &sample, error) ||
        !invocation_integer(invocation, "threads", 1, 256, &threads, error) ||
        !invocation_as_of(invocation, &as_of_days, error))
        return false;
    profiling->sample_rows = (uint64_t)sample;
    profiling->threads = (unsigned)threads;
    bool project = invocation_option(invocation, "config") || file_exists("cust360.yaml");
    if (!(project ? open_project_rules(profiling, as_of_days, error)
                  : open_shipped_rules(profiling, as_of_days, error)))
        return false;
    profiling->explainer = explainer_create(profiling->rules);
    profiling->judge = (struct profile_judge_of_values){judge_value, profiling};
    profiling->judge_window = (struct profile_judge_of_values){judge_window, profiling};
    return true;
}

void profiling_close(struct profiling *profiling)
{
    explainer_destroy(profiling->explainer);
    rules_destroy(profiling->rules);
    arena_destroy(profiling->scratch);
    arena_destroy(profiling->arena);
}

/* ---- whether a value is one of a kind, by the very rules that a run would apply ---- */

static bool has_part(const struct explanation *explanation, const char *name)
{
    for (size_t i = 0; i < explanation->part_count; i++)
        if (strcmp(explanation->parts[i].name, name) == 0)
            return true;
    return false;
}

static struct slice part_of(const struct explanation *explanation, const char *name)
{
    for (size_t i = 0; i < explanation->part_count; i++)
        if (strcmp(explanation->parts[i].name, name) == 0)
            return explanation->parts[i].text;
    return slice_make(NULL, 0);
}

static bool has_finding(const struct explanation *explanation, const char *code)
{
    for (size_t i = 0; i < explanation->finding_count; i++)
        if (strcmp(explanation->findings[i].code, code) == 0)
            return true;
    return false;
}

/* Papers whose numbers look like any reference say little; the form with a slip says half. */
static double judge_identity(const struct explanation *explanation, bool valid)
{
    struct slice type = part_of(explanation, "type");
    if (has_finding(explanation, "check_digit"))
        return 0.5;
    if (!valid)
        return 0;
    return slice_find(type, SLICE("permit")) >= 0 || slice_equal(type, SLICE("passport")) ? 0.2 : 1;
}

static bool has_place(const struct explanation *explanation)
{
    return has_part(explanation, "road") || has_part(explanation, "district") ||
           has_part(explanation, "building");
}

/* Lenient kinds take nearly every text: what they take apart shows whether it is one. */
static double judge_explained(const char *kind, const struct explanation *explanation)
{
    bool valid = !explanation->refused && explanation->value.length > 0;
    if (has_finding(explanation, "placeholder"))
        return -1;
    if (strcmp(kind, "identity") == 0)
        return judge_identity(explanation, valid);
    if (strcmp(kind, "date") == 0)
        return valid || has_finding(explanation, "ambiguous");
    if (strcmp(kind, "vin") == 0)
        return valid || has_finding(explanation, "check_digit");
    if (valid && strcmp(kind, "name") == 0)
        return !has_finding(explanation, "incomplete") &&
               (has_part(explanation, "surname") || has_part(explanation, "form"));
    if (valid && strcmp(kind, "address") == 0)
        return has_place(explanation);
    return valid;
}

static bool may_be_date(struct slice value)
{
    enum { LEAST_DIGITS = 6, MOST_BYTES = 40 };
    size_t digits = 0;
    for (size_t i = 0; i < value.length; i++)
        digits += value.data[i] >= '0' && value.data[i] <= '9';
    return digits >= LEAST_DIGITS && value.length <= MOST_BYTES;
}

static bool has_letters(struct slice value)
{
    for (size_t i = 0; i < value.length; i++)
        if ((value.data[i] & 0x80) || (value.data[i] | 0x20) >= 'a')
            return true;
    return false;
}

/* What the rules make of a value; false: nothing. */
static bool explain_value(struct profiling *profiling, const char *kind, struct slice value,
                          struct explanation *explanation)
{
    struct error error;
    struct rule_question question = {.index = rules_index(profiling->rules, kind, &error),
                                     .value = value};
    if (question.index == SIZE_MAX || !text_is_valid(value, NULL))
        return false;
    arena_reset(profiling->scratch);
    return explainer_run(profiling->explainer, &question, profiling->scratch, explanation, &error);
}

static double judge_value(void *context, const char *kind, struct slice value)
{
    struct explanation explanation;
    if (strcmp(kind, "date") == 0 && !may_be_date(value))
        return 0;
    if ((strcmp(kind, "address") == 0 || strcmp(kind, "name") == 0) && !has_letters(value))
        return 0;
    return explain_value(context, kind, value, &explanation) ? judge_explained(kind, &explanation)
                                                             : -1;
}

/* A window over a line may show what only looks like a VIN: its check digit tells. */
static double judge_window(void *context, const char *kind, struct slice value)
{
    enum { CHECK_DIGIT_AT = 8 };
    struct explanation explanation;
    double answer = judge_value(context, kind, value);
    if (answer <= 0 || strcmp(kind, "vin") != 0 || value.length <= CHECK_DIGIT_AT ||
        !explain_value(context, kind, value, &explanation))
        return answer;
    char digit = value.data[CHECK_DIGIT_AT];
    bool wrong =
        has_finding(&explanation, "check_digit") || (digit != 'X' && (digit < '0' || digit > '9'));
    return wrong ? answer / 2 : answer;
}

/* ---- which source it is ---- */

static bool read_head(const char *path, const char *encoding, struct buffer *head,
                      struct error *error)
{
    enum { HEAD_BYTES = 256 * 1024 };
    struct text_source *source = text_source_open(path, encoding, error);
    bool ended = false;
    bool read = source != NULL;
    while (read && !ended && head->length < HEAD_BYTES)
        read = text_source_read(source, head, &ended, error);
    text_source_close(source);
    return read;
}

static bool profile_text_file(struct profiling *profiling, const char *path, struct slice head,
                              struct profile *profile, struct error *error)
{
    bool is_lines = false;
    bool done = profile_lines_file(profiling, path, head, profile, &is_lines, error);
    return is_lines ? done : profile_csv_file(profiling, path, head, profile, error);
}

static bool profile_file(struct profiling *profiling, const char *path, struct profile *profile,
                         struct error *error)
{
    struct encoding_verdict verdict;
    struct buffer head = BUFFER_EMPTY;
    if (!encoding_weigh(profiling->arena, path, &verdict, error))
        return false;
    if (profiling->encoding) {
        verdict.encoding = profiling->encoding;
        verdict.sure = 1;
        verdict.evidence[0] = "it was given with --encoding";
        verdict.evidence_count = 1;
    }
    profile->encoding = verdict.encoding;
    profile->encoding_sure = verdict.sure;
    profile->evidence =
        arena_allocate_array(profiling->arena, verdict.evidence_count, sizeof(*profile->evidence));
    profile->evidence_count = verdict.evidence_count;
    for (size_t i = 0; i < verdict.evidence_count; i++)
        profile->evidence[i] = verdict.evidence[i];
    profile->bytes += verdict.file_bytes;
    bool done = read_head(path, profile->encoding, &head, error);
    if (done && text_looks_like_xml(buffer_slice(&head)))
        done = profile_xml_file(profiling, path, profile, error);
    else if (done)
        done = profile_text_file(profiling, path, buffer_slice(&head), profile, error);
    buffer_release(&head);
    return done;
}

static bool is_connection(const char *argument)
{
    return strchr(argument, '=') && !file_exists(argument);
}

static bool is_database_file(const char *path)
{
    return slice_ends_with(slice_of(path), SLICE(".sqlite")) ||
           slice_ends_with(slice_of(path), SLICE(".db"));
}

static bool profile_argument(struct profiling *profiling, const char *argument,
                             struct profile *profile, struct error *error)
{
    struct arena *arena = profiling->arena;
    if (is_connection(argument)) {
        const char *name = invocation_option(profiling->invocation, "name");
        struct connection_argument parts = {NULL, NULL, NULL};
        if (!connection_read_argument(argument, name ? name : "dms", arena, &parts, error))
            return false;
        profile->connection = parts.in_mapping;
        profile->connection_source = parts.in_source;
        return profile_database(profiling, parts.connection, profile, error);
    }
    if (file_exists(argument) && is_database_file(argument)) {
        profile->connection = "Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;";
        return profile_database(
            profiling,
            arena_format(arena, "Driver={SQLite3};Database=%s;StepAPI=1;NoCreat=1;", argument),
            profile, error);
    }
    return profile_file(profiling, argument, profile, error);
}

void profile_add_defect(struct profile *profile, struct arena *arena, const char *sentence)
{
    const char **defects = arena_allocate_array(arena, profile->defect_count + 1, sizeof(*defects));
    if (profile->defect_count)
        memcpy(defects, profile->defects, profile->defect_count * sizeof(*defects));
    profile->defects = defects;
    profile->defects[profile->defect_count++] = arena_text(arena, slice_of(sentence));
}

struct profile_table *profile_add_table(struct profile *profile, struct arena *arena)
{
    struct profile_table *tables =
        arena_allocate_array(arena, profile->table_count + 1, sizeof(*tables));
    if (profile->table_count)
        memcpy(tables, profile->tables, profile->table_count * sizeof(*tables));
    profile->tables = tables;
    struct profile_table *table = &tables[profile->table_count++];
    table->parent = SIZE_MAX;
    return table;
}

void profile_keep_row(struct profile_table *table, struct arena *arena, const struct slice *values)
{
    if (!table->rows_sample)
        table->rows_sample =
            arena_allocate_array(arena, PROFILE_ROWS_SAMPLE, sizeof(*table->rows_sample));
    if (table->rows_sample_count == PROFILE_ROWS_SAMPLE)
        return;
    struct slice *row = arena_allocate_array(arena, table->column_count, sizeof(*row));
    for (size_t i = 0; i < table->column_count; i++)
        row[i] = arena_copy(arena, slice_trim(values[i]));
    table->rows_sample[table->rows_sample_count++] = row;
}

/* Dates that a spreadsheet has written as it counts days. */
static void tell_serials(struct profile *profile, struct arena *arena)
{
    for (size_t t = 0; t < profile->table_count; t++)
        for (size_t c = 0; c < profile->tables[t].column_count; c++) {
            const struct profile_column *column = &profile->tables[t].columns[c];
            if (column->serial_dates > 0)
                profile_add_defect(
                    profile, arena,
                    arena_format(arena,
                                 "%s.%s: %.0f %% of the dates are days as a spreadsheet counts "
                                 "them (40000 is 2009-07-06)%s",
                                 profile->tables[t].name, column->name, column->serial_dates * 100,
                                 column->date_format ? "; `format: excel` in the mapping reads them"
                                                     : ", beside others that are written out"));
        }
}

struct profile *profiling_run(struct profiling *profiling, const char *const *arguments,
                              size_t count, struct error *error)
{
    struct arena *arena = profiling->arena;
    struct profile *profile = arena_allocate(arena, sizeof(*profile));
    if (count == 1 && slice_ends_with(slice_of(arguments[0]), SLICE(".json")))
        return profile_read_json(arena, arguments[0], error);
    profile->path = is_connection(arguments[0]) ? "(connection)" : arguments[0];
    profile->sampled = profiling->sample_rows > 0;
    for (size_t i = 0; i < count; i++)
        if (!profile_argument(profiling, arguments[i], profile, error))
            return NULL;
    struct profile_words *words =
        profile_words_load(file_join(arena, profiling->mappings, "profile"),
                           file_join(arena, profiling->mappings, "reference"), error);
    if (!words)
        return NULL;
    profile_judge(profile, words, &profiling->judge, arena);
    tell_serials(profile, arena);
    /* Names of meanings are the words': they go with them. */
    for (size_t t = 0; t < profile->table_count; t++)
        for (size_t c = 0; c < profile->tables[t].column_count; c++) {
            struct profile_column *column = &profile->tables[t].columns[c];
            column->meaning = arena_text(arena, slice_of(column->meaning));
            column->kind = arena_text(arena, slice_of(column->kind));
        }
    profile_words_destroy(words);
    return profile;
}
