#include "cli/stage.h"
#include "cust360/base/memory.h"

/*   source  table  sequence  value …      one value a column of the mapping's table
 *
 * Rows that the engine has read itself, of tables as the source's mapping names them. */

struct standardizing {
    struct standardizer **standardizers; /* by source; made when first asked for */
    struct slice *values;
    size_t capacity;
};

static bool begin(struct stage_job *job, struct error *error)
{
    (void)error;
    struct standardizing *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct standardizing){0};
    work->standardizers =
        memory_allocate_array(job->project->source_count + 1, sizeof(struct standardizer *));
    job->own = work;
    return true;
}

static void release(struct stage_job *job)
{
    struct standardizing *work = job->own;
    if (!work)
        return;
    for (size_t i = 0; i < job->project->source_count; i++)
        if (work->standardizers[i])
            standardizer_destroy(work->standardizers[i]);
    memory_free(work->standardizers);
    memory_free(work->values);
}

static size_t find_source(const struct project *project, struct slice id)
{
    size_t found = 0;
    while (found < project->source_count && !slice_equal(id, slice_of(project->sources[found].id)))
        found++;
    return found;
}

static bool fill_row(struct stage_job *job, const struct source *source, const struct line *line,
                     struct row *row)
{
    enum { COLUMN_TABLE = 1, COLUMN_VALUES = 3 };
    struct standardizing *work = job->own;
    const struct mapping *mapping = source->mapping;
    struct slice name = line_text(job->scratch, line->columns[COLUMN_TABLE]);
    size_t table = 0;
    while (table < mapping->table_count &&
           !slice_equal(name, slice_of(mapping->tables[table].name)))
        table++;
    if (table == mapping->table_count ||
        line->count != COLUMN_VALUES + mapping->tables[table].column_count)
        return false;
    size_t count = line->count - COLUMN_VALUES;
    work->values = memory_grow(work->values, &work->capacity, count + 1, sizeof(*work->values));
    for (size_t i = 0; i < count; i++) {
        struct slice text = line_text(job->scratch, line->columns[COLUMN_VALUES + i]);
        work->values[i] = text.length ? text : slice_make(NULL, 0);
    }
    *row = (struct row){.table = table, .values = work->values, .place = {.file = source->name}};
    return true;
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    enum { COLUMN_SOURCE, COLUMN_SEQUENCE = 2, COLUMNS_LEAST = 4 };
    struct standardizing *work = job->own;
    struct row row;
    struct row_result result;
    arena_reset(job->scratch);
    if (line->count < COLUMNS_LEAST)
        return stage_refuse(job, "columns");
    size_t number =
        find_source(job->project, line_text(job->scratch, line->columns[COLUMN_SOURCE]));
    if (number == job->project->source_count)
        return stage_refuse(job, "source");
    const struct source *source = &job->project->sources[number];
    if (!fill_row(job, source, line, &row))
        return stage_refuse(job, "columns");
    if (!work->standardizers[number])
        work->standardizers[number] =
            standardizer_create(job->rules, job->project->model, source, error);
    if (!work->standardizers[number] ||
        !standardize_row(work->standardizers[number], &row, job->scratch, &result, error))
        return FAILED;
    const struct stage_record_place place = {
        number, line_text(job->scratch, line->columns[COLUMN_SEQUENCE])};
    stage_write_findings(job, &place, &result);
    if (result.outcome == REJECTED)
        return stage_refuse(job, "row");
    stage_write_records(job, &place, &result);
    return ACCEPTED;
}

const struct stage stage_standardize = {.name = "standardize",
                                        .needs = STAGE_SOURCES | STAGE_RULES | STAGE_MATCH,
                                        .begin = begin,
                                        .take = take,
                                        .release = release};
