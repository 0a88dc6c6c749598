#include "cli/stage/stage_batch.h"

/*   in   M  owner  id  sequence  deleted  plan  value …    grouped by owner
 *   out  V  id  sequence  value …                          what matching compares, lists of values
 *        S  attribute  hash of a value  hash of what it goes with
 *
 * Of rows with one id the last by sequence counts, and whoever groups them has seen to that; an
 * owner who is not there himself, or is deleted, has nothing gathered. */

enum { COLUMN_OWNER = 1, COLUMN_ID, COLUMN_SEQUENCE, COLUMN_DELETED, COLUMN_PLAN, COLUMN_VALUES };
enum { BATCH_RECORDS = 1 << 14 };

struct gathering {
    struct stage_batch *batch;
    struct arena *arena; /* of the owner at hand */
    struct slice owner;
    bool is_there;
    struct slice sequence;
    struct buffer *lists; /* by attribute: the items, escaped */
    struct slice *values;
    size_t attribute_count;
    size_t round;
};

static bool begin(struct stage_job *job, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    int64_t round = 0;
    if (!invocation_integer(job->invocation, "round", 0, INT32_MAX, &round, error))
        return false;
    struct gathering *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct gathering){
        .batch = stage_batch_create(job), .arena = arena_create(), .round = (size_t)round};
    work->attribute_count = match_rules_attributes(job->match_rules, &attributes);
    work->lists = arena_allocate_array(job->arena, work->attribute_count, sizeof(*work->lists));
    work->values = arena_allocate_array(job->arena, work->attribute_count, sizeof(*work->values));
    job->own = work;
    return true;
}

static void release(struct stage_job *job)
{
    struct gathering *work = job->own;
    if (!work)
        return;
    for (size_t i = 0; i < work->attribute_count; i++)
        buffer_release(&work->lists[i]);
    stage_batch_destroy(work->batch);
    arena_destroy(work->arena);
}

static void write_limited(struct stage_job *job, struct match_part *part, uint32_t number)
{
    const struct gathering *work = job->own;
    const struct match_limited *limited = NULL;
    size_t count = match_part_limited(part, number, work->round, &limited);
    for (size_t i = 0; i < count; i++) {
        line_column(job->writer, SLICE("S"));
        line_column_number(job->writer, (int64_t)limited[i].attribute);
        stage_write_hash(job->writer, limited[i].value);
        stage_write_hash(job->writer, limited[i].other);
        line_end(job->writer);
    }
}

static void write_batch(struct stage_job *job)
{
    struct gathering *work = job->own;
    struct match_part *part = stage_batch_finish(work->batch);
    for (uint32_t i = 0; i < stage_batch_count(work->batch); i++)
        write_limited(job, part, i);
    stage_batch_clear(work->batch);
}

static void write_owner(struct stage_job *job)
{
    struct gathering *work = job->own;
    if (!work->is_there)
        return;
    for (size_t i = 0; i < work->attribute_count; i++)
        work->values[i] = buffer_slice(&work->lists[i]);
    line_column(job->writer, SLICE("V"));
    line_column_escaped(job->writer, work->owner);
    line_column_escaped(job->writer, work->sequence);
    for (size_t i = 0; i < work->attribute_count; i++)
        line_column_escaped(job->writer, work->values[i]);
    line_end(job->writer);
    stage_batch_add(work->batch, work->owner, work->values);
    if (stage_batch_count(work->batch) >= BATCH_RECORDS)
        write_batch(job);
}

static void begin_owner(struct gathering *work, struct slice owner)
{
    arena_reset(work->arena);
    work->owner = arena_copy(work->arena, owner);
    work->is_there = false;
    for (size_t i = 0; i < work->attribute_count; i++)
        buffer_clear(&work->lists[i]);
}

static void take_values(struct gathering *work, const struct slice *values)
{
    for (size_t i = 0; i < work->attribute_count; i++) {
        if (values[i].length == 0)
            continue;
        if (work->lists[i].length)
            buffer_append_text(&work->lists[i], "\\,");
        buffer_append(&work->lists[i], values[i]);
    }
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct gathering *work = job->own;
    (void)error;
    if (line->count != COLUMN_VALUES + work->attribute_count ||
        !slice_equal(line->columns[0], SLICE("M")))
        return stage_refuse(job, "columns");
    if (!slice_equal(line->columns[COLUMN_OWNER], work->owner)) {
        write_owner(job);
        begin_owner(work, line->columns[COLUMN_OWNER]);
    }
    if (slice_equal(line->columns[COLUMN_DELETED], SLICE("1")))
        return ACCEPTED;
    if (slice_equal(line->columns[COLUMN_PLAN], SLICE("0"))) {
        work->is_there = true;
        work->sequence = arena_copy(work->arena, line->columns[COLUMN_SEQUENCE]);
    }
    take_values(work, line->columns + COLUMN_VALUES);
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    (void)error;
    write_owner(job);
    write_batch(job);
    return true;
}

const struct stage stage_gather = {.name = "gather",
                                   .needs = STAGE_MATCH,
                                   .begin = begin,
                                   .take = take,
                                   .end = end,
                                   .release = release};
