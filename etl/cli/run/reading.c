#include "cli/run/date_order.h"
#include "cli/run/reading_part.h"
#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

/* Of cut sources a thread may be so many parts ahead of the caller. */
enum { PARTS_AHEAD = 2 };

/* ---- threads ---- */

/* What a thread is to do next. */
struct errand {
    enum { ERRAND_NONE, ERRAND_OPEN, ERRAND_READ } kind;
    size_t source;
    size_t part;
};

/* Parts are taken strictly in order: whoever waits for the caller then waits for parts that
 * somebody is reading. A source may be opened before those in front of it have been. */
static struct errand find_errand(struct reading *reading)
{
    struct errand none = {ERRAND_NONE, 0, 0};
    while (reading->next_source < reading->source_count) {
        struct source_reading *source = &reading->sources[reading->next_source];
        bool open = source->state == SOURCE_OPEN || source->state == SOURCE_ENDED;
        if (!open || source->next_part < source->part_count)
            break;
        reading->next_source++;
    }
    size_t ahead = reading->next_source + reading->settings.threads;
    for (size_t i = reading->next_source; i < reading->source_count && i < ahead; i++) {
        struct source_reading *source = &reading->sources[i];
        if (source->state == SOURCE_NEW)
            return (struct errand){ERRAND_OPEN, i, 0};
        bool may_read =
            i == reading->next_source && source->state == SOURCE_OPEN &&
            (source->part_count == 1 ||
             reading->parts_ahead < (size_t)reading->settings.threads * PARTS_AHEAD + 1);
        if (may_read)
            return (struct errand){ERRAND_READ, i, source->next_part};
    }
    return none;
}

/* All headings of a source in parts are known now, and no thread may look for them later. */
static bool keep_headings(struct source_reading *target, const struct source *source,
                          struct error *error)
{
    struct buffer heading = BUFFER_EMPTY;
    bool kept = true;
    for (size_t i = 0; i < source->mapping->table_count && kept; i++) {
        buffer_clear(&heading);
        kept = row_reader_heading(target->whole, i, &heading, error);
        target->headings[i] = arena_copy(target->arena, buffer_slice(&heading));
    }
    buffer_release(&heading);
    return kept;
}

static size_t open_source(struct reading *reading, size_t index, struct error *error)
{
    const struct source *source = &reading->settings.project->sources[index];
    struct source_reading *target = &reading->sources[index];
    if (source->missing.exit_code) {
        *error = source->missing;
        return 0;
    }
    struct date_order_input order = {reading->settings.project->model, reading->settings.rules,
                                     source};
    target->source = date_order_decide(&order, target->arena, &target->order_notices,
                                       &target->order_notice_count);
    target->row_seed = reading_seed(target->source);
    target->whole = row_reader_open(source, error);
    size_t parts =
        target->whole ? row_reader_cut(target->whole, reading->settings.part_bytes, error) : 0;
    return parts > 1 && !keep_headings(target, source, error) ? 0 : parts;
}

static void do_open(struct reading *reading, size_t index)
{
    struct error error = {0};
    struct source_reading *target = &reading->sources[index];
    bool passed_over = reading->settings.passed_over && reading->settings.passed_over[index];
    size_t parts = passed_over ? 0 : open_source(reading, index, &error);
    if (!parts && !passed_over && !error.source[0])
        error_source(&error, reading->settings.project->sources[index].id);
    pthread_mutex_lock(&reading->lock);
    target->part_count = parts;
    target->parts = memory_allocate_array(parts, sizeof(*target->parts));
    target->state = SOURCE_OPEN;
    if (!parts)
        target->error = error;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->lock);
}

static void begin_errand(struct reading *reading, struct errand errand)
{
    struct source_reading *source = &reading->sources[errand.source];
    if (errand.kind == ERRAND_OPEN) {
        source->state = SOURCE_OPENING;
        return;
    }
    source->next_part++;
    source->parts[errand.part].taken = true;
    reading->parts_ahead += source->part_count > 1;
}

static void *reading_thread(void *argument)
{
    struct reading *reading = argument;
    struct part_tools tools = {.standardizer = NULL};
    pthread_mutex_lock(&reading->lock);
    while (!reading->stopping && reading->next_source < reading->source_count) {
        struct errand errand = find_errand(reading);
        if (errand.kind == ERRAND_NONE) {
            if (reading->next_source < reading->source_count)
                pthread_cond_wait(&reading->changed, &reading->lock);
            continue;
        }
        begin_errand(reading, errand);
        pthread_mutex_unlock(&reading->lock);
        if (errand.kind == ERRAND_OPEN)
            do_open(reading, errand.source);
        else
            part_read(reading, &tools, errand.source, errand.part);
        pthread_mutex_lock(&reading->lock);
    }
    pthread_mutex_unlock(&reading->lock);
    part_tools_release(&tools);
    return NULL;
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

/* ---- the caller ---- */

static void drop_batch(struct reading *reading, struct batch *batch)
{
    const struct reading_settings *settings = &reading->settings;
    if (batch->digest && settings->discard)
        settings->discard(settings->context, batch->digest);
    batch_destroy(batch);
}

static void drop_part(struct reading *reading, struct part_reading *part)
{
    while (part->first) {
        struct batch *batch = part->first;
        part->first = batch->next;
        drop_batch(reading, batch);
    }
    part->last = NULL;
    part->queued = 0;
    row_reader_close(part->reader);
    part->reader = NULL;
}

static void keep_watermarks(struct source_reading *source, const struct row_reader *whole)
{
    size_t count = whole->source->mapping->table_count;
    if (!whole->watermarks)
        return;
    source->watermarks = arena_allocate_array(source->arena, count, sizeof(const char *));
    for (size_t i = 0; i < count; i++)
        if (whole->watermarks[i])
            source->watermarks[i] = arena_text(source->arena, slice_of(whole->watermarks[i]));
}

/* The reader does not outlive its source, what it noticed does. */
static void close_source(struct source_reading *source)
{
    const struct row_reader *whole = source->whole;
    source->state = SOURCE_ENDED;
    if (!whole)
        return;
    size_t orders = source->order_notice_count;
    source->notice_count = orders + whole->notice_count;
    source->notices =
        arena_allocate_array(source->arena, source->notice_count, sizeof(*source->notices));
    for (size_t i = 0; i < orders; i++)
        source->notices[i] = source->order_notices[i];
    for (size_t i = 0; i < whole->notice_count; i++) {
        const struct notice *notice = &whole->notices[i];
        source->notices[orders + i].code = arena_text(source->arena, slice_of(notice->code));
        source->notices[orders + i].text = arena_text(source->arena, slice_of(notice->text));
    }
    if (whole->encoding)
        source->encoding = arena_text(source->arena, slice_of(whole->encoding));
    keep_watermarks(source, whole);
    row_reader_close(source->whole);
    source->whole = NULL;
}

/* The part at hand has ended: puts it behind. False: the source failed. */
static bool leave_part(struct reading *reading, struct source_reading *source, struct error *error)
{
    struct part_reading *part = &source->parts[source->current];
    bool counts = source->part_count == 1 || source->current == source->whole->next_part;
    if (counts && part->error.exit_code) {
        *error = part->error;
        return false;
    }
    if (counts && part->reader && !row_reader_join(source->whole, part->reader, error))
        return false;
    drop_part(reading, part);
    source->current++;
    reading->parts_ahead -= source->part_count > 1;
    pthread_cond_broadcast(&reading->changed);
    return true;
}

static struct batch *pop_batch(struct reading *reading, struct part_reading *part)
{
    struct batch *batch = part->first;
    part->first = batch->next;
    batch->next = NULL;
    if (!part->first)
        part->last = NULL;
    part->queued--;
    pthread_cond_broadcast(&reading->changed);
    return batch;
}

/* The next batch of a source that is open; NULL: its end, or it failed. */
static struct batch *next_batch(struct reading *reading, struct source_reading *source,
                                struct error *error)
{
    while (source->current < source->part_count) {
        struct part_reading *part = &source->parts[source->current];
        bool counts = source->part_count == 1 || source->current == source->whole->next_part;
        if (counts && part->first)
            return pop_batch(reading, part);
        if (part->ended) {
            if (!leave_part(reading, source, error))
                return NULL;
            continue;
        }
        pthread_cond_wait(&reading->changed, &reading->lock);
    }
    return NULL;
}

/* A part counts its lines from its own begin. */
static void place_batch(const struct source_reading *source, struct batch *batch)
{
    for (size_t i = 0; source->whole && i < batch->row_count; i++)
        batch->rows[i].place.line += source->whole->lines_before;
}

/* Of a source that failed nobody will take what is left. */
static void abandon_source(struct reading *reading, struct source_reading *source)
{
    source->next_part = source->part_count;
    for (; source->current < source->part_count; source->current++) {
        struct part_reading *part = &source->parts[source->current];
        while (part->taken && !part->ended)
            pthread_cond_wait(&reading->changed, &reading->lock);
        drop_part(reading, part);
        reading->parts_ahead -= part->taken && source->part_count > 1;
    }
    pthread_cond_broadcast(&reading->changed);
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
    while (entry->state == SOURCE_NEW || entry->state == SOURCE_OPENING)
        pthread_cond_wait(&reading->changed, &reading->lock);
    if (entry->error.exit_code)
        *error = entry->error;
    else
        batch = next_batch(reading, entry, error);
    if (!batch) {
        abandon_source(reading, entry);
        close_source(entry);
    }
    pthread_mutex_unlock(&reading->lock);
    if (batch)
        place_batch(entry, batch);
    return batch;
}

const char *reading_watermark(const struct reading *reading, size_t source, size_t table)
{
    const char **watermarks = reading->sources[source].watermarks;
    return watermarks ? watermarks[table] : NULL;
}

size_t reading_notices(const struct reading *reading, size_t source, const struct notice **notices)
{
    *notices = reading->sources[source].notices;
    return reading->sources[source].notice_count;
}

const char *reading_encoding(const struct reading *reading, size_t source)
{
    return reading->sources[source].encoding;
}

static void release_source(struct reading *reading, struct source_reading *source)
{
    for (size_t i = 0; i < source->part_count; i++)
        drop_part(reading, &source->parts[i]);
    memory_free(source->parts);
    row_reader_close(source->whole);
    arena_destroy(source->arena);
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
    for (size_t i = 0; i < reading->source_count; i++)
        release_source(reading, &reading->sources[i]);
    pthread_mutex_destroy(&reading->lock);
    pthread_cond_destroy(&reading->changed);
    memory_free(reading->threads);
    memory_free(reading->sources);
    memory_free(reading);
}
