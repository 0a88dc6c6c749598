#include "cli/run/reading.h"
#include "cli/stage.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

#include <stdio.h>

/* Sources' ids in, their records out: the reading of a run, whole sources at a time. An engine
 * gives each filter some of the sources; their files must be where it runs. */

static bool begin(struct stage_job *job, struct error *error)
{
    (void)error;
    bool *passed_over =
        arena_allocate_array(job->arena, job->project->source_count + 1, sizeof(bool));
    for (size_t i = 0; i < job->project->source_count; i++)
        passed_over[i] = true;
    job->own = passed_over;
    return true;
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    bool *passed_over = job->own;
    struct slice id = line_text(job->scratch, line->columns[0]);
    for (size_t i = 0; i < job->project->source_count; i++) {
        const struct source *source = &job->project->sources[i];
        if (!slice_equal(id, slice_of(source->id)))
            continue;
        if (source->missing.exit_code) {
            *error = source->missing;
            return FAILED;
        }
        passed_over[i] = false;
        return ACCEPTED;
    }
    return stage_refuse(job, "source");
}

static void write_batch(struct stage_job *job, size_t source, const struct batch *batch,
                        uint64_t *rows)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct read_row *row = &batch->rows[i];
        char sequence[24];
        snprintf(sequence, sizeof(sequence), "%012llu", (unsigned long long)++*rows);
        const struct stage_record_place place = {source, slice_of(sequence)};
        stage_write_findings(job, &place, &row->result);
        if (row->result.outcome == REJECTED)
            line_reject(job->writer, "row", row->raw);
        else
            stage_write_records(job, &place, &row->result);
    }
}

static bool read_source(struct stage_job *job, struct reading *reading, size_t source,
                        struct error *error)
{
    struct batch *batch = NULL;
    uint64_t rows = 0;
    while (line_writer_works(job->writer) &&
           (batch = reading_next(reading, source, error)) != NULL) {
        write_batch(job, source, batch, &rows);
        batch_destroy(batch);
    }
    line_writer_count(job->writer, rows);
    return error->exit_code == 0;
}

static bool end(struct stage_job *job, struct error *error)
{
    const bool *passed_over = job->own;
    const struct reading_settings settings = {
        .project = job->project, .rules = job->rules, .threads = 1, .passed_over = passed_over};
    struct reading *reading = reading_start(&settings);
    bool done = true;
    for (size_t i = 0; i < job->project->source_count && done; i++)
        if (!passed_over[i])
            done = read_source(job, reading, i, error);
    reading_stop(reading);
    return done;
}

const struct stage stage_read = {.name = "read",
                                 .needs = STAGE_SOURCES | STAGE_RULES | STAGE_MATCH,
                                 .begin = begin,
                                 .take = take,
                                 .end = end};
