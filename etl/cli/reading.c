#include "cli/reading.h"
#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

#include <pthread.h>

enum {
    BATCH_ROWS = 1000, /* large enough that locking is nothing, small enough to stay in cache */
    QUEUE_BATCHES = 8  /* batches a source may be ahead of the caller */
};

struct source_reading {
    struct batch *queue[QUEUE_BATCHES]; /* a ring */
    size_t head;
    size_t count;
    bool ended;
    struct error error;  /* exit_code 0: none */
    struct arena *arena; /* owns the notices and headings */
    struct notice *notices;
    size_t notice_count;
    struct slice *headings; /* one a table; data NULL until it is first needed */
};

struct reading {
    struct reading_settings settings;
    struct source_reading *sources;
    size_t source_count;
    size_t next_source; /* the next that no thread has taken */
    bool stopping;
    pthread_mutex_t lock; /* guards all of the above that changes */
    pthread_cond_t changed;
    pthread_t *threads;
    size_t thread_count;
};

/* What one thread needs while it reads one source. */
struct reader_work {
    struct reading *reading;
    struct source_reading *target;
    const struct source *source;
    struct row_reader *reader;
    struct standardizer *standardizer;
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

/* Hands the batch to the caller; false when everything is to stop. */
static bool push_batch(struct reader_work *work)
{
    struct reading *reading = work->reading;
    struct source_reading *target = work->target;
    pthread_mutex_lock(&reading->lock);
    while (target->count == QUEUE_BATCHES && !reading->stopping)
        pthread_cond_wait(&reading->changed, &reading->lock);
    bool pushed = !reading->stopping;
    if (pushed) {
        target->queue[(target->head + target->count) % QUEUE_BATCHES] = work->batch;
        target->count++;
        work->batch = batch_create();
        work->file_seen = NULL;
        pthread_cond_broadcast(&reading->changed);
    }
    pthread_mutex_unlock(&reading->lock);
    return pushed;
}

static const char *batch_file(struct reader_work *work, const char *file)
{
    if (file != work->file_seen) {
        work->file_copy = arena_text(work->batch->arena, slice_of(file));
        work->file_seen = file;
    }
    return work->file_copy;
}

static bool heading_of(struct reader_work *work, size_t table, struct slice *heading,
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

static bool keep_raw(struct reader_work *work, const struct row *row, struct read_row *entry,
                     struct error *error)
{
    if (!heading_of(work, row->table, &entry->heading, error))
        return false;
    buffer_clear(&work->raw);
    if (!row_reader_raw(work->reader, row, &work->raw, error))
        return false;
    entry->raw = arena_copy(work->batch->arena, buffer_slice(&work->raw));
    return true;
}

static bool add_row(struct reader_work *work, const struct row *row, struct error *error)
{
    struct batch *batch = work->batch;
    batch->rows =
        memory_grow(batch->rows, &batch->row_capacity, batch->row_count + 1, sizeof(*batch->rows));
    struct read_row *entry = &batch->rows[batch->row_count];
    *entry = (struct read_row){.place = row->place, .table = row->table};
    entry->place.file = batch_file(work, row->place.file);
    if (!standardize_row(work->standardizer, row, batch->arena, &entry->result, error))
        return false;
    if (entry->result.outcome == REJECTED && !keep_raw(work, row, entry, error))
        return false;
    batch->row_count++;
    return true;
}

static bool read_rows(struct reader_work *work, struct error *error)
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
        if (work->batch->row_count == BATCH_ROWS && !push_batch(work))
            return true;
    }
    if (work->batch->row_count)
        push_batch(work);
    return true;
}

/* The reader does not outlive its thread, what it noticed does. */
static void keep_notices(struct reader_work *work)
{
    struct source_reading *target = work->target;
    const struct row_reader *reader = work->reader;
    target->notices =
        arena_allocate_array(target->arena, reader->notice_count, sizeof(*target->notices));
    target->notice_count = reader->notice_count;
    for (size_t i = 0; i < reader->notice_count; i++) {
        target->notices[i].code = arena_text(target->arena, slice_of(reader->notices[i].code));
        target->notices[i].text = arena_text(target->arena, slice_of(reader->notices[i].text));
    }
}

static bool read_source(struct reader_work *work, struct error *error)
{
    const struct reading_settings *settings = &work->reading->settings;
    if (work->source->missing.exit_code) {
        *error = work->source->missing;
        return false;
    }
    work->reader = row_reader_open(work->source, error);
    if (!work->reader)
        return false;
    work->standardizer =
        standardizer_create(settings->rules, settings->project->model, work->source, error);
    if (!work->standardizer || !read_rows(work, error))
        return false;
    keep_notices(work);
    return true;
}

static void run_source(struct reading *reading, size_t index)
{
    const struct source *source = &reading->settings.project->sources[index];
    struct error error = {0};
    struct reader_work work = {.reading = reading,
                               .target = &reading->sources[index],
                               .source = source,
                               .batch = batch_create()};
    bool read = read_source(&work, &error);
    if (!read && !error.source[0])
        error_source(&error, source->id);
    row_reader_close(work.reader);
    standardizer_destroy(work.standardizer);
    batch_destroy(work.batch);
    buffer_release(&work.raw);
    pthread_mutex_lock(&reading->lock);
    work.target->ended = true;
    if (!read)
        work.target->error = error;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->lock);
}

static void *reading_thread(void *argument)
{
    struct reading *reading = argument;
    for (;;) {
        pthread_mutex_lock(&reading->lock);
        bool all_taken = reading->stopping || reading->next_source == reading->source_count;
        size_t index = all_taken ? 0 : reading->next_source++;
        pthread_mutex_unlock(&reading->lock);
        if (all_taken)
            return NULL;
        run_source(reading, index);
    }
}

struct reading *reading_start(const struct reading_settings *settings)
{
    struct reading *reading = memory_allocate_array(1, sizeof(*reading));
    const struct project *project = settings->project;
    reading->settings = *settings;
    reading->source_count = project->source_count;
    reading->sources = memory_allocate_array(project->source_count, sizeof(*reading->sources));
    for (size_t i = 0; i < project->source_count; i++) {
        struct source_reading *source = &reading->sources[i];
        source->arena = arena_create();
        source->headings = arena_allocate_array(
            source->arena, project->sources[i].mapping->table_count, sizeof(*source->headings));
    }
    pthread_mutex_init(&reading->lock, NULL);
    pthread_cond_init(&reading->changed, NULL);
    reading->threads = memory_allocate_array(settings->threads, sizeof(*reading->threads));
    while (reading->thread_count < settings->threads &&
           pthread_create(&reading->threads[reading->thread_count], NULL, reading_thread,
                          reading) == 0)
        reading->thread_count++;
    return reading;
}

struct batch *reading_next(struct reading *reading, size_t source, struct error *error)
{
    struct source_reading *entry = &reading->sources[source];
    struct batch *batch = NULL;
    error->exit_code = 0;
    if (reading->thread_count == 0) {
        error_set(error, EXIT_FAILED, "could not start a thread to read with");
        return NULL;
    }
    pthread_mutex_lock(&reading->lock);
    while (entry->count == 0 && !entry->ended)
        pthread_cond_wait(&reading->changed, &reading->lock);
    if (entry->count > 0) {
        batch = entry->queue[entry->head];
        entry->head = (entry->head + 1) % QUEUE_BATCHES;
        entry->count--;
        pthread_cond_broadcast(&reading->changed);
    } else if (entry->error.exit_code) {
        *error = entry->error;
    }
    pthread_mutex_unlock(&reading->lock);
    return batch;
}

size_t reading_notices(const struct reading *reading, size_t source, const struct notice **notices)
{
    *notices = reading->sources[source].notices;
    return reading->sources[source].notice_count;
}

void reading_stop(struct reading *reading)
{
    if (!reading)
        return;
    pthread_mutex_lock(&reading->lock);
    reading->stopping = true;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->lock);
    for (size_t i = 0; i < reading->thread_count; i++)
        pthread_join(reading->threads[i], NULL);
    for (size_t i = 0; i < reading->source_count; i++) {
        struct source_reading *source = &reading->sources[i];
        for (size_t j = 0; j < source->count; j++)
            batch_destroy(source->queue[(source->head + j) % QUEUE_BATCHES]);
        arena_destroy(source->arena);
    }
    pthread_mutex_destroy(&reading->lock);
    pthread_cond_destroy(&reading->changed);
    memory_free(reading->threads);
    memory_free(reading->sources);
    memory_free(reading);
}
