#include "cli/run/feeds.h"
#include "cli/run/reading.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

#include <pthread.h>

/* What is left of a batch of rows: their counts, and what matching looks at. */
struct feed_digest {
    uint64_t rows_read;
    uint64_t rows_rejected;
    uint64_t rows_discarded;
    struct intake_batch *batch;
    struct feed_digest *next; /* among those that are not in use */
};

struct feed_work {
    struct match_intake *intake;
    struct feed_digest *unused; /* kept to be filled again */
    pthread_mutex_t lock;       /* guards `unused` */
};

static struct feed_digest *digest_get(struct feed_work *work)
{
    pthread_mutex_lock(&work->lock);
    struct feed_digest *digest = work->unused;
    if (digest)
        work->unused = digest->next;
    pthread_mutex_unlock(&work->lock);
    if (digest)
        return digest;
    digest = memory_allocate_array(1, sizeof(*digest));
    digest->batch = intake_batch_create(work->intake);
    return digest;
}

static void digest_put(void *context, void *used)
{
    struct feed_work *work = context;
    struct feed_digest *digest = used;
    intake_batch_clear(digest->batch);
    digest->rows_read = digest->rows_rejected = digest->rows_discarded = 0;
    pthread_mutex_lock(&work->lock);
    digest->next = work->unused;
    work->unused = digest;
    pthread_mutex_unlock(&work->lock);
}

static void *digest_rows(void *context, const struct read_row *rows, size_t count)
{
    struct feed_digest *digest = digest_get(context);
    digest->rows_read = count;
    for (size_t i = 0; i < count; i++) {
        const struct row_result *result = &rows[i].result;
        digest->rows_rejected += result->outcome == REJECTED;
        digest->rows_discarded += result->outcome != REJECTED && result->discarded;
        intake_batch_add(digest->batch, result->records, result->record_count);
    }
    return digest;
}

static bool read_source(struct feed_work *work, struct reading *reading, size_t index,
                        struct feeds_counts *counts, struct error *error)
{
    struct batch *batch = NULL;
    while ((batch = reading_next(reading, index, error)) != NULL) {
        struct feed_digest *digest = batch->digest;
        match_intake_add(work->intake, digest->batch);
        counts->rows_read += digest->rows_read;
        counts->rows_rejected += digest->rows_rejected;
        counts->rows_discarded += digest->rows_discarded;
        digest_put(work, digest);
        batch_destroy(batch);
    }
    return error->exit_code == 0;
}

static bool read_or_miss(struct feed_work *work, struct reading *reading,
                         const struct source *source, size_t index, struct feeds_counts *counts,
                         struct error *error)
{
    const struct notice *notices = NULL;
    if (source->missing.exit_code) {
        log_failure(LOG_WARNING, &source->missing);
        counts->sources_missing++;
        return true;
    }
    match_intake_begin_source(work->intake, source->id);
    bool read = read_source(work, reading, index, counts, error);
    size_t notice_count = reading_notices(reading, index, &notices);
    for (size_t i = 0; i < notice_count; i++)
        log_warning("source %s: %s", source->id, notices[i].text);
    return read;
}

static bool is_looked_at(const void *context, size_t entity, size_t field)
{
    return match_intake_looks_at(context, entity, field);
}

bool feeds_read(const struct feeds_settings *settings, struct match_intake *intake,
                struct feeds_counts *counts, struct error *error)
{
    struct feed_work work = {.intake = intake};
    const struct standardizer_wish wish = {is_looked_at, intake};
    struct reading_settings reading_settings = {.project = settings->project,
                                                .rules = settings->rules,
                                                .threads = settings->threads,
                                                .digest = digest_rows,
                                                .discard = digest_put,
                                                .wish = &wish,
                                                .context = &work};
    const struct project *project = settings->project;
    bool read = true;
    *counts = (struct feeds_counts){0};
    pthread_mutex_init(&work.lock, NULL);
    struct reading *reading = reading_start(&reading_settings);
    for (size_t i = 0; i < project->source_count && read; i++) {
        log_progress("reading", i, project->source_count);
        read = read_or_miss(&work, reading, &project->sources[i], i, counts, error);
    }
    reading_stop(reading);
    log_progress_end();
    while (work.unused) {
        struct feed_digest *digest = work.unused;
        work.unused = digest->next;
        intake_batch_destroy(digest->batch);
        memory_free(digest);
    }
    pthread_mutex_destroy(&work.lock);
    return read;
}
