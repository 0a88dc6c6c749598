#include "cli/stage/stage_batch.h"

#include "cust360/base/buffer.h"

/*   in   V  id  sequence  value …
 *   out  key  id               a windowed key, which ends in "w", has a third column: the order */

enum { COLUMN_ID = 1, COLUMN_VALUES = 3, BATCH_RECORDS = 1 << 14 };

struct keying {
    struct stage_batch *batch;
    struct buffer order;
    size_t attribute_count;
    bool cut_only;
};

static bool begin(struct stage_job *job, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    struct keying *work = arena_allocate(job->arena, sizeof(*work));
    (void)error;
    *work = (struct keying){.batch = stage_batch_create(job)};
    work->attribute_count = match_rules_attributes(job->match_rules, &attributes);
    work->cut_only = invocation_flag(job->invocation, "cut-only");
    job->own = work;
    return true;
}

static void release(struct stage_job *job)
{
    struct keying *work = job->own;
    if (!work)
        return;
    buffer_release(&work->order);
    stage_batch_destroy(work->batch);
}

/* Records that stand alike in a window are in the order of their ids. */
static void write_order(struct stage_job *job, const struct match_part *part, uint32_t number)
{
    struct keying *work = job->own;
    struct slice id = line_text(job->scratch, stage_batch_id(work->batch, number));
    buffer_clear(&work->order);
    match_part_order(part, number, &work->order);
    for (size_t i = 0; i < id.length; i++)
        buffer_format(&work->order, "%02x", (unsigned char)id.data[i]);
    line_column(job->writer, buffer_slice(&work->order));
}

static void write_keys(struct stage_job *job, struct match_part *part, uint32_t number)
{
    const struct keying *work = job->own;
    const struct match_part_key *keys = NULL;
    size_t count = match_part_keys(part, number, work->cut_only, &keys);
    for (size_t i = 0; i < count; i++) {
        char text[MATCH_KEY_BYTES];
        match_part_key_format(&keys[i], text);
        line_column(job->writer, slice_of(text));
        line_column_escaped(job->writer, stage_batch_id(work->batch, number));
        if (keys[i].windowed)
            write_order(job, part, number);
        line_end(job->writer);
    }
}

static void write_batch(struct stage_job *job)
{
    struct keying *work = job->own;
    struct match_part *part = stage_batch_finish(work->batch);
    for (uint32_t i = 0; i < stage_batch_count(work->batch); i++)
        write_keys(job, part, i);
    stage_batch_clear(work->batch);
    arena_reset(job->scratch);
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct keying *work = job->own;
    (void)error;
    if (line->count != COLUMN_VALUES + work->attribute_count ||
        !slice_equal(line->columns[0], SLICE("V")))
        return stage_refuse(job, "columns");
    stage_batch_add(work->batch, line->columns[COLUMN_ID], line->columns + COLUMN_VALUES);
    if (stage_batch_count(work->batch) >= BATCH_RECORDS)
        write_batch(job);
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    (void)error;
    write_batch(job);
    return true;
}

const struct stage stage_keys = {.name = "keys",
                                 .needs = STAGE_MATCH,
                                 .begin = begin,
                                 .take = take,
                                 .end = end,
                                 .release = release};
