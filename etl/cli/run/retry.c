#include "cli/run/retry.h"
#include "cli/run/reading.h"
#include "cli/run/rejects.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/store_reading.h"

#include <stdlib.h>

enum {
    REASONS_MOST = 200,
    XML_REJECTS_BYTES_MOST = 256 * 1024 * 1024,
    REJECTS_BYTES_MOST = 1 << 30
};

/* ---- stand-ins ---- */

/* Whether a row of the table is whole by itself. */
static bool stands_alone(const struct mapping *mapping, const struct mapping_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct mapping_column *column = &table->columns[i];
        if (mapping->kind == SOURCE_XML && strncmp(column->expression, "..", 2) == 0)
            return false;
        if (mapping->kind == SOURCE_LINES && column->place.level != 0 &&
            column->place.level != LINE_LEVEL_HEADER)
            return false;
    }
    return mapping->kind != SOURCE_LINES || table->parent == SIZE_MAX;
}

/* Elements of a record path's table, put back into the elements around them. */
static bool wrap_elements(const struct retry *retry, const char *path, const char *record,
                          const char *wrapped, struct error *error)
{
    struct arena *arena = retry->arena;
    struct slice elements;
    struct buffer text = BUFFER_EMPTY;
    const char *last = strrchr(record, '/');
    const struct seal_ring *seals = &retry->project.operation.seals;
    if (!seal_read_file(seals, arena, path, XML_REJECTS_BYTES_MOST, &elements, error))
        return false;
    for (const char *step = record; step < last;) {
        size_t length = strcspn(step + 1, "/");
        buffer_format(&text, "<%.*s>", (int)length, step + 1);
        step += length + 1;
    }
    buffer_append(&text, elements);
    for (const char *end = last; end > record;) {
        const char *step = end - 1;
        while (*step != '/')
            step--;
        buffer_format(&text, "</%.*s>", (int)(end - step - 1), step + 1);
        end = step;
    }
    bool written = file_write(wrapped, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}

static const char *stand_in_folder(const struct retry *retry)
{
    return retry->readable ? retry->readable : retry->folder;
}

/* Sealed rows are read from a file of their own. */
static bool open_rows(const struct retry *retry, const char *path, struct error *error)
{
    const struct seal_ring *seals = &retry->project.operation.seals;
    struct slice rows;
    return !retry->readable ||
           (seal_read_file(seals, retry->arena, path, REJECTS_BYTES_MOST, &rows, error) &&
            file_write(file_join(retry->arena, retry->readable, file_name(path)), rows, error));
}

/* The file that the table's rejected rows are read from. */
static bool take_table(const struct retry *retry, const struct source *source, size_t number,
                       const char *path, struct mapping_table *table, struct error *error)
{
    const struct mapping_table *original = &source->mapping->tables[number];
    *table = *original;
    table->file = file_name(path);
    if (source->mapping->kind != SOURCE_XML)
        return open_rows(retry, path, error);
    table->file = arena_format(retry->arena, "%s.%s.xml", source->id, original->name);
    return wrap_elements(retry, path, original->record,
                         file_join(retry->arena, stand_in_folder(retry), table->file), error);
}

/* The bytes are those of the feed, and so is their encoding. */
static bool find_encoding(const struct retry *retry, struct store *store, struct source *source,
                          struct error *error)
{
    const char *noted = NULL;
    const char *name = arena_format(retry->arena, "encoding:%s", source->id);
    if (!store_note_read(store, name, retry->arena, &noted, error))
        return false;
    const char *declared = source->encoding ? source->encoding : source->mapping->encoding;
    if (noted && *noted && (!declared || strcmp(declared, "auto") == 0))
        source->encoding = noted;
    return true;
}

static struct mapping *copy_mapping(const struct retry *retry, const struct mapping *original)
{
    struct mapping *mapping = arena_allocate(retry->arena, sizeof(*mapping));
    *mapping = *original;
    mapping->tables =
        arena_allocate_array(retry->arena, original->table_count, sizeof(*mapping->tables));
    mapping->table_count = 0;
    mapping->lines.trailer = NULL;
    if (mapping->kind == SOURCE_ODBC) {
        mapping->kind = SOURCE_CSV;
        mapping->encoding = "utf-8";
        mapping->csv = (struct csv_dialect){.delimiter = ',', .quote = '"', .header = true};
    }
    return mapping;
}

/* Makes the source's stand-in out of what was rejected of it. */
static bool stand_in(struct retry *retry, struct store *store, struct source *source,
                     struct retry_source *retried, struct error *error)
{
    struct arena *arena = retry->arena;
    const struct mapping *original = source->mapping;
    struct mapping *mapping = copy_mapping(retry, original);
    const char *rejects = file_join(arena, retry->project.state, "rejects");
    for (size_t i = 0; i < original->table_count; i++) {
        const char *path = file_join(arena, rejects, rejects_file_name(arena, source, i));
        if (!file_exists(path))
            continue;
        if (!stands_alone(original, &original->tables[i])) {
            retried->tables_left_out++;
            continue;
        }
        if (!take_table(retry, source, i, path, &mapping->tables[mapping->table_count], error))
            return false;
        mapping->table_count++;
    }
    retried->retried = mapping->table_count > 0;
    if (!retried->retried)
        return true;
    if (original->kind != SOURCE_ODBC && !find_encoding(retry, store, source, error))
        return false;
    const char *folder =
        original->kind == SOURCE_XML || retry->readable ? stand_in_folder(retry) : rejects;
    source->path = file_join(arena, folder, mapping->tables[0].file);
    source->name = file_join(arena, "rejects", mapping->tables[0].file);
    source->connection = NULL;
    source->mapping = mapping;
    source->delta = true;
    return true;
}

static bool is_known(struct store *store, const char *name, struct error *error)
{
    struct statement *find =
        statement_prepare(store_database(store), "SELECT 1 FROM source WHERE name = ?1", error);
    if (find)
        statement_bind_text(find, 1, slice_of(name));
    bool known = find && statement_step(find, error) == ACCEPTED;
    statement_destroy(find);
    return known;
}

bool retry_open(struct retry *retry, struct arena *arena, const struct project *project,
                struct store *store, struct error *error)
{
    *retry = (struct retry){.arena = arena, .project = *project};
    retry->folder = file_join(arena, project->state, "rejects.retry");
    retry->sources = arena_allocate_array(arena, project->source_count, sizeof(*retry->sources));
    retry->project.sources =
        arena_allocate_array(arena, project->source_count, sizeof(*project->sources));
    retry->project.source_count = 0;
    if ((file_exists(retry->folder) && !file_remove_folder(retry->folder, error)) ||
        !file_make_folder(retry->folder, error))
        return false;
    if (project->operation.seals.count) {
        retry->readable = file_make_scratch_in(arena, "/dev/shm", "cust360-rejects", error);
        if (!retry->readable)
            return false;
    }
    for (size_t i = 0; i < project->source_count; i++) {
        size_t at = retry->project.source_count;
        struct source *source = &retry->project.sources[at];
        *source = project->sources[i];
        if (!is_known(store, source->id, error))
            continue;
        /* Whether tonight's feed is there and whole does not matter here. */
        source->missing = (struct error){0};
        source->done_file = NULL;
        source->control_file = NULL;
        source->settle_seconds = 0;
        source->required = false;
        retry->sources[at].id = source->id;
        if (!stand_in(retry, store, source, &retry->sources[at], error))
            return false;
        retry->project.source_count++;
    }
    return true;
}

/* ---- what would pass ---- */

static bool same_reason(const struct retry_reason *reason, const struct finding *finding,
                        const char *field)
{
    return strcmp(reason->code, finding->code) == 0 && strcmp(reason->field, field) == 0 &&
           strcmp(reason->rule, finding->rule ? finding->rule : "") == 0;
}

static const char *field_of(const struct retry *retry, const struct finding *finding)
{
    const struct model *model = retry->project.model;
    if (finding->entity == FIELD_NONE || finding->field == FIELD_NONE)
        return "";
    const struct model_entity *entity = &model->entities[finding->entity];
    return arena_format(retry->arena, "%s.%s", entity->name, entity->fields[finding->field].name);
}

static void count_reason(struct retry *retry, struct retry_source *source,
                         const struct finding *finding)
{
    const char *field = field_of(retry, finding);
    for (size_t i = 0; i < source->reason_count; i++)
        if (same_reason(&source->reasons[i], finding, field)) {
            source->reasons[i].rows++;
            return;
        }
    if (source->reason_count == REASONS_MOST)
        return;
    struct arena *arena = retry->arena;
    source->reasons[source->reason_count++] =
        (struct retry_reason){arena_text(arena, slice_of(finding->code)), field,
                              arena_text(arena, slice_of(finding->rule)),
                              arena_text(arena, slice_of(finding->message)), 1};
}

static void count_batch(struct retry *retry, struct retry_source *source, const struct batch *batch)
{
    source->rows += batch->row_count;
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row_result *result = &batch->rows[i].result;
        if (result->outcome != REJECTED) {
            source->passing++;
            continue;
        }
        for (size_t j = 0; j < result->finding_count; j++)
            if (result->findings[j].severity == SEVERITY_FATAL)
                count_reason(retry, source, &result->findings[j]);
    }
}

static int compare_reasons(const void *left, const void *right)
{
    const struct retry_reason *x = left;
    const struct retry_reason *y = right;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    int order = strcmp(x->code, y->code);
    return order ? order : strcmp(x->field, y->field);
}

void retry_count(struct retry *retry, const struct rules *rules, unsigned threads)
{
    size_t count = retry->project.source_count;
    struct store_rows **nothing = arena_allocate_array(retry->arena, count, sizeof(*nothing));
    bool *passed_over = arena_allocate_array(retry->arena, count, sizeof(*passed_over));
    for (size_t i = 0; i < count; i++)
        passed_over[i] = !retry->sources[i].retried;
    struct reading_settings settings = {.project = &retry->project,
                                        .rules = rules,
                                        .threads = threads,
                                        .remembered = nothing,
                                        .passed_over = passed_over};
    struct reading *reading = reading_start(&settings);
    for (size_t i = 0; i < count; i++) {
        struct retry_source *source = &retry->sources[i];
        struct error why = {0};
        struct batch *batch;
        if (!source->retried)
            continue;
        source->reasons =
            arena_allocate_array(retry->arena, REASONS_MOST, sizeof(*source->reasons));
        for (; (batch = reading_next(reading, i, &why)) != NULL; batch_destroy(batch))
            count_batch(retry, source, batch);
        if (why.exit_code) {
            source->trouble = arena_text(retry->arena, slice_of(why.message));
            source->passing = 0;
        }
        qsort(source->reasons, source->reason_count, sizeof(*source->reasons), compare_reasons);
        source->retried = source->passing > 0;
        retry->rows += source->rows;
        retry->passing += source->passing;
    }
    reading_stop(reading);
}

/* ---- afterwards ---- */

static bool finish_table(const struct retry *retry, const struct source *source, size_t number,
                         struct error *error)
{
    struct arena *arena = retry->arena;
    const char *rejects = file_join(arena, retry->project.state, "rejects");
    const char *fresh = file_join(arena, retry->folder, rejects_file_name(arena, source, number));
    const char *table = source->mapping->tables[number].name;
    const char *former = source->mapping->tables[number].file;
    if (source->mapping->kind == SOURCE_XML) {
        const char *plain =
            file_join(arena, rejects, arena_format(arena, "%s.rejects.xml", source->id));
        former = arena_format(arena, "%s.%s.rejects.xml", source->id, table);
        if (!file_exists(file_join(arena, rejects, former)))
            former = file_name(plain);
    }
    former = file_join(arena, rejects, former);
    if (file_exists(fresh))
        return file_publish(fresh, former, error);
    file_remove(former);
    return true;
}

bool retry_tidy(struct retry *retry, struct error *error)
{
    const char *readable = retry->readable;
    retry->readable = NULL;
    return (!readable || file_remove_folder(readable, error)) &&
           file_remove_folder(retry->folder, error);
}

bool retry_finish(struct retry *retry, struct error *error)
{
    struct arena *arena = retry->arena;
    for (size_t i = 0; i < retry->project.source_count; i++) {
        const struct source *source = &retry->project.sources[i];
        if (!retry->sources[i].retried)
            continue;
        for (size_t t = 0; t < source->mapping->table_count; t++)
            if (!finish_table(retry, source, t, error))
                return false;
        const char *name = arena_format(arena, "%s.reasons.tsv", source->id);
        const char *fresh = file_join(arena, retry->folder, name);
        const char *former =
            file_join(arena, file_join(arena, retry->project.state, "rejects"), name);
        if (file_exists(fresh) && !file_publish(fresh, former, error))
            return false;
        if (!file_exists(fresh) && retry->sources[i].tables_left_out == 0)
            file_remove(former);
    }
    return retry_tidy(retry, error);
}
