/* What standardizing costs: bench_standardize PROJECT SOURCE [FEEDS [SECONDS [rows]]]
 *
 * The rows of a source are read into memory once. Then all of them are standardized, again and
 * again for a while, and after that the values of each kind alone, so that the parts can be told
 * from the whole; with `rows` they are left out. CPU seconds of this one thread are counted;
 * reading the source is not. */
#include "cust360/base/date.h"
#include "cust360/base/memory.h"
#include "cust360/extract.h"
#include "standardize/record_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    BATCH_ROWS = 1024, /* an arena serves so many rows, as in a run */
    WARM_ROWS = 128    /* few enough to be in the processor's cache, as rows just read are */
};

#define DEFAULT_SECONDS 2.0

struct bench {
    struct arena *arena;
    struct project *project;
    const struct source *source;
    struct rules *rules;
    double seconds; /* to measure all rows; a quarter of it for a kind; at least one pass */
    struct row *rows;
    size_t row_count;
    size_t row_capacity;
};

static _Noreturn void stop(const struct error *error)
{
    fprintf(stderr, "bench_standardize: %s\n", error->message);
    exit(EXIT_FAILURE);
}

static double cpu_seconds(void)
{
    enum { NANOSECONDS = 1000000000 };
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / NANOSECONDS;
}

static size_t column_count(const struct bench *bench, size_t table)
{
    return bench->source->mapping->tables[table].column_count;
}

static void keep_row(struct bench *bench, const struct row *row)
{
    size_t count = column_count(bench, row->table);
    bench->rows =
        memory_grow(bench->rows, &bench->row_capacity, bench->row_count + 1, sizeof(*bench->rows));
    struct row *kept = &bench->rows[bench->row_count++];
    *kept = (struct row){.table = row->table};
    kept->values = arena_allocate_array(bench->arena, count, sizeof(*kept->values));
    for (size_t i = 0; i < count; i++)
        kept->values[i] = arena_copy(bench->arena, row->values[i]);
}

static void read_rows(struct bench *bench)
{
    struct error error = {0};
    struct row_reader *reader = row_reader_open(bench->source, &error);
    if (!reader)
        stop(&error);
    for (;;) {
        struct row row = {0};
        enum outcome outcome = row_reader_next(reader, &row, &error);
        if (outcome == FAILED)
            stop(&error);
        if (outcome == ENDED)
            break;
        if (outcome == ACCEPTED)
            keep_row(bench, &row);
    }
    row_reader_close(reader);
}

static void open_bench(struct bench *bench, int count, char **arguments)
{
    struct error error = {0};
    struct project_overrides overrides = {.feeds = count > 3 ? arguments[3] : NULL};
    memset(bench, 0, sizeof(*bench));
    bench->seconds = count > 4 ? strtod(arguments[4], NULL) : DEFAULT_SECONDS;
    bench->arena = arena_create();
    bench->project = project_load(bench->arena, arguments[1], &overrides, &error);
    if (!bench->project)
        stop(&error);
    for (size_t i = 0; i < bench->project->source_count; i++)
        if (strcmp(bench->project->sources[i].id, arguments[2]) == 0)
            bench->source = &bench->project->sources[i];
    error_set(&error, EXIT_FAILURE, "the project has no source %s", arguments[2]);
    if (!bench->source)
        stop(&error);
    int32_t as_of = date_to_days((struct date_parts){2026, 6, 30});
    bench->rules = rules_load(bench->project, as_of, &error);
    if (!bench->rules)
        stop(&error);
    read_rows(bench);
}

/* Touches the texts of rows, so that the time to fetch them from memory is not counted: in a run
 * they have just been read. */
static size_t warm_rows(const struct bench *bench, size_t first, size_t end)
{
    size_t sum = 0;
    for (size_t i = first; i < end; i++) {
        const struct row *row = &bench->rows[i];
        for (size_t c = 0; c < column_count(bench, row->table); c++)
            for (size_t b = 0; b < row->values[c].length; b++)
                sum += (unsigned char)row->values[c].data[b];
    }
    return sum;
}

static void standardize_rows(const struct bench *bench, struct standardizer *standardizer,
                             size_t first, size_t end, struct arena *arena)
{
    struct error error = {0};
    for (size_t i = first; i < end; i++) {
        struct row_result result;
        if (i % BATCH_ROWS == 0)
            arena_reset(arena);
        if (!standardize_row(standardizer, &bench->rows[i], arena, &result, &error))
            stop(&error);
    }
}

/* Seconds of a pass over all rows: of several the fastest, which other work on the machine has
 * disturbed least. */
static double measure_rows(const struct bench *bench)
{
    struct error error = {0};
    struct arena *arena = arena_create();
    struct standardizer *standardizer =
        standardizer_create(bench->rules, bench->project->model, bench->source, &error);
    if (!standardizer)
        stop(&error);
    double best = 0;
    double total = 0;
    size_t touched = 0;
    do {
        double seconds = 0;
        for (size_t first = 0; first < bench->row_count; first += WARM_ROWS) {
            size_t end =
                first + WARM_ROWS < bench->row_count ? first + WARM_ROWS : bench->row_count;
            touched += warm_rows(bench, first, end);
            double start = cpu_seconds();
            standardize_rows(bench, standardizer, first, end, arena);
            seconds += cpu_seconds() - start;
        }
        best = best > 0 && best < seconds ? best : seconds;
        total += seconds;
    } while (total < bench->seconds);
    if (touched == 0)
        fprintf(stderr, "bench_standardize: all rows are empty\n");
    standardizer_destroy(standardizer);
    arena_destroy(arena);
    return best;
}

/* The values of a kind, as they stand in the rows. */
struct kind_values {
    const struct rule *rule;
    struct slice *values;
    size_t count;
    size_t capacity;
};

static void take_entity(const struct bench *bench, const struct mapping_entity *entity,
                        size_t table, struct kind_values *kind)
{
    const struct model_entity *model = &bench->project->model->entities[entity->entity];
    for (size_t f = 0; f < entity->field_count; f++) {
        const struct mapping_field *field = &entity->fields[f];
        if (field->column_count != 1 ||
            strcmp(model->fields[field->field].kind, kind->rule->kind) != 0)
            continue;
        for (size_t i = 0; i < bench->row_count; i++) {
            struct slice value = bench->rows[i].values[field->columns[0]];
            if (bench->rows[i].table != table || value.length == 0)
                continue;
            kind->values =
                memory_grow(kind->values, &kind->capacity, kind->count + 1, sizeof(*kind->values));
            kind->values[kind->count++] = value;
        }
    }
}

static double measure_kind(const struct bench *bench, const struct kind_values *kind)
{
    struct error error = {0};
    struct rule_context context;
    struct arena *arena = arena_create();
    rule_context_open(&context, bench->rules->reference, bench->rules->as_of_days);
    double best = 0;
    double total = 0;
    do {
        double start = cpu_seconds();
        for (size_t i = 0; i < kind->count; i++) {
            struct rule_input input = {.value = kind->values[i], .arena = arena};
            struct rule_result result;
            if (i % BATCH_ROWS == 0)
                arena_reset(arena);
            if (!rule_run(kind->rule, &context, &input, &result, &error))
                stop(&error);
        }
        double seconds = cpu_seconds() - start;
        best = best > 0 && best < seconds ? best : seconds;
        total += seconds;
    } while (total < bench->seconds / 4);
    rule_context_close(&context);
    arena_destroy(arena);
    return best;
}

static void print_kind(const struct bench *bench, const struct rule *rule, double row_seconds)
{
    struct kind_values kind = {.rule = rule};
    const struct mapping *mapping = bench->source->mapping;
    for (size_t t = 0; t < mapping->table_count; t++)
        for (size_t e = 0; e < mapping->tables[t].entity_count; e++)
            take_entity(bench, &mapping->tables[t].entities[e], t, &kind);
    if (kind.count > 0) {
        double seconds = measure_kind(bench, &kind);
        printf("%-12s%12zu%12.0f%12.0f%11.1f%%\n", rule->kind, kind.count,
               seconds / (double)kind.count * 1e9, seconds / (double)bench->row_count * 1e9,
               seconds / row_seconds * 100);
    }
    memory_free(kind.values);
}

static void print_kinds(const struct bench *bench, double row_seconds)
{
    printf("%-12s%12s%12s%12s%12s\n", "kind", "values", "ns a value", "ns a row", "of the row");
    for (size_t i = 0; i < bench->rules->count; i++)
        print_kind(bench, &bench->rules->rules[i], row_seconds);
}

int main(int count, char **arguments)
{
    struct bench bench;
    if (count < 3) {
        fprintf(stderr, "usage: bench_standardize PROJECT SOURCE [FEEDS [SECONDS [rows]]]\n");
        return EXIT_FAILURE;
    }
    open_bench(&bench, count, arguments);
    double seconds = measure_rows(&bench);
    printf("%zu rows of %zu columns: %.0f rows a CPU second, %.0f ns a row\n", bench.row_count,
           column_count(&bench, 0), (double)bench.row_count / seconds,
           seconds / (double)bench.row_count * 1e9);
    if (count <= 5)
        print_kinds(&bench, seconds);
    memory_free(bench.rows);
    rules_destroy(bench.rules);
    arena_destroy(bench.arena);
    return EXIT_SUCCESS;
}
