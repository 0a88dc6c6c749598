#include "cli/run/reading_part.h"
#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

enum {
    BATCH_ROWS = 1000, /* large enough that locking is nothing, small enough to stay in cache */
    RAW_KEPT_BYTES = 1 << 17, /* a rejected row that is longer stays where it is */
    QUEUE_BATCHES = 8         /* a source that is not cut may be so far ahead of the caller */
};

/* What one thread needs while it reads one part. */
struct part_work {
    struct reading *reading;
    size_t index; /* of the source */
    struct source_reading *target;
    struct part_reading *part;
    const struct source *source;
    struct row_reader *reader;
    struct part_tools *tools;
    struct batch *batch;
    const char *file_seen; /* the reader's file name that was copied last … */
    const char *file_copy; /* … and its copy in the batch */
    struct buffer raw;
};

static struct batch *batch_create(void)
{
    struct batch *batch = memory_allocate_array(1, sizeof(*batch));
    batch->arena = arena_create();
    return batch;
}

void batch_destroy(struct batch *batch)
{
    if (!batch)
        return;
    arena_destroy(batch->arena);
    memory_free(batch->rows);
    memory_free(batch);
}

/* Hands a batch to the caller; false when everything is to stop. A source that is not cut waits
 * when its queue is full; one that is cut has been given its share of parts. */
static bool push_batch(struct part_work *work, struct batch *batch)
{
    struct reading *reading = work->reading;
    struct part_reading *part = work->part;
    pthread_mutex_lock(&reading->lock);
    while (work->target->part_count == 1 && part->queued == QUEUE_BATCHES && !reading->stopping)
        pthread_cond_wait(&reading->changed, &reading->lock);
    if (part->last)
        part->last->next = batch;
    else
        part->first = batch;
    part->last = batch;
    part->queued++;
    bool goes_on = !reading->stopping;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->lock);
    return goes_on;
}

/* With a digest the rows' memory is used again for the next batch. */
static bool finish_batch(struct part_work *work)
{
    const struct reading_settings *settings = &work->reading->settings;
    struct batch *batch = work->batch;
    work->file_seen = NULL;
    if (!settings->digest) {
        work->batch = batch_create();
        return push_batch(work, batch);
    }
    struct batch *digested = memory_allocate_array(1, sizeof(*digested));
    digested->digest = settings->digest(settings->context, batch->rows, batch->row_count);
    arena_reset(batch->arena);
    batch->row_count = 0;
    return push_batch(work, digested);
}

static const char *batch_file(struct part_work *work, const char *file)
{
    if (file != work->file_seen) {
        work->file_copy = arena_text(work->batch->arena, slice_of(file));
        work->file_seen = file;
    }
    return work->file_copy;
}

static bool heading_of(struct part_work *work, size_t table, struct slice *heading,
                       struct error *error)
{
    struct slice *kept = &work->target->headings[table];
    if (!kept->data) {
        buffer_clear(&work->raw);
        if (!row_reader_heading(work->reader, table, &work->raw, error))
            return false;
        *kept = arena_copy(work->target->arena, buffer_slice(&work->raw));
    }
    *heading = *kept;
    return true;
}

static bool keep_raw(struct part_work *work, const struct row *row, struct read_row *entry,
                     struct error *error)
{
    if (!heading_of(work, row->table, &entry->heading, error))
        return false;
    const char *path =
        row->place.byte_length > RAW_KEPT_BYTES ? row_reader_path(work->reader, row->table) : NULL;
    if (path) {
        entry->raw_path = arena_text(work->batch->arena, slice_of(path));
        return true;
    }
    buffer_clear(&work->raw);
    if (!row_reader_raw(work->reader, row, &work->raw, error))
        return false;
    entry->raw = arena_copy(work->batch->arena, buffer_slice(&work->raw));
    return true;
}

uint64_t reading_seed(const struct source *source)
{
    uint64_t seed = 1;
    for (size_t t = 0; t < source->mapping->table_count; t++) {
        const struct mapping_table *table = &source->mapping->tables[t];
        for (size_t e = 0; e < table->entity_count; e++)
            for (size_t f = 0; f < table->entities[e].field_count; f++) {
                const char *format = table->entities[e].fields[f].format;
                seed = hash_combine(seed, format ? hash_bytes(slice_of(format), 0) : 0);
            }
    }
    return seed;
}

/* Of all that a row's records come from; a value that is missing differs from one that is empty. */
static uint64_t hash_row(const struct part_work *work, const struct row *row)
{
    const struct mapping_table *table = &work->source->mapping->tables[row->table];
    uint64_t hash = hash_combine(work->target->row_seed, row->table);
    for (size_t i = 0; i < table->column_count; i++)
        hash = hash_combine(hash, hash_bytes(row->values[i], row->values[i].data ? 1 : 0));
    return hash ? hash : 1;
}

/* The row's hash; true: it is remembered, and there is no more to do. */
static bool recall_row(struct part_work *work, const struct row *row, uint64_t *hash)
{
    struct store_rows *const *remembered = work->reading->settings.remembered;
    *hash = 0;
    if (!remembered || row->reject_code)
        return false;
    *hash = hash_row(work, row);
    const struct store_rows *rows = remembered[work->index];
    return rows && store_rows_has(rows, *hash);
}

static bool add_row(struct part_work *work, const struct row *row, struct error *error)
{
    struct batch *batch = work->batch;
    batch->rows =
        memory_grow(batch->rows, &batch->row_capacity, batch->row_count + 1, sizeof(*batch->rows));
    struct read_row *entry = &batch->rows[batch->row_count];
    *entry = (struct read_row){.place = row->place, .table = row->table};
    entry->place.file = batch_file(work, row->place.file);
    uint64_t hash = 0;
    if (recall_row(work, row, &hash)) {
        entry->result = (struct row_result){.outcome = ACCEPTED, .row_hash = hash, .known = true};
        batch->row_count++;
        return true;
    }
    if (!standardize_row(work->tools->standardizer, row, batch->arena, &entry->result, error))
        return false;
    entry->result.row_hash = hash;
    if (entry->result.outcome == REJECTED && !work->reading->settings.digest &&
        !keep_raw(work, row, entry, error))
        return false;
    batch->row_count++;
    return true;
}

static bool read_rows(struct part_work *work, struct error *error)
{
    for (;;) {
        struct row row = {0};
        enum outcome outcome = row_reader_next(work->reader, &row, error);
        if (outcome == FAILED)
            return false;
        if (outcome == ENDED)
            break;
        /* The reader tells of rows that could not be read by their reject code. */
        if (outcome == ACCEPTED)
            row.reject_code = NULL;
        if (!add_row(work, &row, error))
            return false;
        if (work->batch->row_count == BATCH_ROWS && !finish_batch(work))
            return true;
    }
    if (work->batch->row_count)
        finish_batch(work);
    return true;
}

/* The one of the part before, when it is of the same source. */
static bool get_standardizer(struct part_work *work, struct error *error)
{
    const struct reading_settings *settings = &work->reading->settings;
    struct part_tools *tools = work->tools;
    if (tools->standardizer && tools->source == work->index)
        return true;
    standardizer_destroy(tools->standardizer);
    tools->source = work->index;
    tools->standardizer =
        standardizer_create(settings->rules, settings->project->model, work->source, error);
    if (tools->standardizer && settings->wish)
        standardizer_limit(tools->standardizer, settings->wish);
    return tools->standardizer != NULL;
}

static bool read_part(struct part_work *work, size_t number, struct error *error)
{
    work->reader = work->target->whole;
    if (work->target->part_count > 1)
        work->reader = work->part->reader =
            row_reader_open_part(work->target->whole, number, error);
    if (!work->reader)
        return false;
    return get_standardizer(work, error) && read_rows(work, error);
}

void part_tools_release(struct part_tools *tools)
{
    standardizer_destroy(tools->standardizer);
    batch_destroy(tools->batch);
    *tools = (struct part_tools){.standardizer = NULL};
}

static struct batch *take_batch(struct part_tools *tools)
{
    struct batch *batch = tools->batch ? tools->batch : batch_create();
    tools->batch = NULL;
    return batch;
}

/* A batch that holds nothing more is for the next part. */
static void leave_batch(struct part_tools *tools, struct batch *batch)
{
    arena_reset(batch->arena);
    batch->row_count = 0;
    tools->batch = batch;
}

void part_read(struct reading *reading, struct part_tools *tools, size_t source, size_t part)
{
    struct error error = {0};
    struct part_work work = {.reading = reading,
                             .index = source,
                             .target = &reading->sources[source],
                             .part = &reading->sources[source].parts[part],
                             .source = reading->sources[source].source,
                             .tools = tools,
                             .batch = take_batch(tools)};
    bool read = read_part(&work, part, &error);
    if (!read && !error.source[0])
        error_source(&error, work.source->id);
    leave_batch(tools, work.batch);
    buffer_release(&work.raw);
    pthread_mutex_lock(&reading->lock);
    work.part->ended = true;
    if (!read)
        work.part->error = error;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->lock);
}
