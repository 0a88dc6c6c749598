#include "cli/run/watermark.h"
#include "cust360/store_reading.h"

static bool load_source(struct job *job, struct source *source, struct error *error)
{
    const struct mapping *mapping = source->mapping;
    source->since = arena_allocate_array(job->arena, mapping->table_count, sizeof(const char *));
    for (size_t i = 0; i < mapping->table_count; i++) {
        const char *watermark = "";
        if (!mapping->tables[i].watermark)
            continue;
        if (!store_watermark_read(job->store, source->id, mapping->tables[i].name, job->arena,
                                  &watermark, error))
            return false;
        source->since[i] = *watermark ? watermark : NULL;
    }
    return true;
}

/* A full feed begins at the begin of all: what it does not give would be closed. */
bool watermarks_load(struct job *job, struct error *error)
{
    for (size_t i = 0; i < job->project->source_count; i++) {
        struct source *source = &job->project->sources[i];
        bool goes_on = source->mapping->kind == SOURCE_ODBC && source->delta && !job->rebuild;
        if (goes_on && !load_source(job, source, error))
            return false;
    }
    return true;
}

/* A night without rows leaves the watermark where it was. */
bool watermarks_save(struct job *job, const struct reading *reading, size_t source,
                     struct error *error)
{
    const struct mapping *mapping = job->project->sources[source].mapping;
    if (!job->project->sources[source].delta)
        return true;
    for (size_t i = 0; i < mapping->table_count; i++) {
        const char *watermark = reading_watermark(reading, source, i);
        if (watermark &&
            !store_watermark_write(job->store, mapping->tables[i].name, watermark, error))
            return false;
    }
    return true;
}
