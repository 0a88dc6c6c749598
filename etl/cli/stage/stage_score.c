#include "cli/stage/stage_batch.h"
#include "cust360/base/memory.h"
#include "cust360/match_scene.h"

/*   in   key  order  id  value …       grouped by key; those of a windowed key in their order
 *   out  a  b  weight  kind  joins  reason
 *
 * Blocks are gathered until they are worth laying out. A windowed key may have any number of
 * records: it is cut into pieces that overlap by what a record may reach. COUNTED: pairs. */

enum { COLUMN_KEY, COLUMN_ORDER, COLUMN_ID, COLUMN_VALUES };
enum { BATCH_RECORDS = 1 << 13, BATCH_ENTRIES = 1 << 15 };

struct scored_block {
    struct match_part_key key;
    size_t first; /* of its entries */
};

struct scoring {
    struct stage_batch *batch;
    struct scored_block *blocks;
    size_t block_count;
    size_t block_capacity;
    uint32_t *entries; /* places in the batch */
    size_t entry_count;
    size_t entry_capacity;
    struct arena *arena; /* of the key at hand */
    struct slice key;
    struct buffer order; /* of the row before */
    size_t attribute_count;
    size_t window;
};

static bool begin(struct stage_job *job, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    struct scoring *work = arena_allocate(job->arena, sizeof(*work));
    (void)error;
    *work = (struct scoring){.batch = stage_batch_create(job), .arena = arena_create()};
    work->attribute_count = match_rules_attributes(job->match_rules, &attributes);
    work->window = match_rules_thresholds(job->match_rules).window;
    job->own = work;
    return true;
}

static void release(struct stage_job *job)
{
    struct scoring *work = job->own;
    if (!work)
        return;
    stage_batch_destroy(work->batch);
    memory_free(work->blocks);
    memory_free(work->entries);
    buffer_release(&work->order);
    arena_destroy(work->arena);
}

/* ---- pairs ---- */

static void write_link(struct stage_job *job, const struct match_link *link)
{
    static const char *const kinds[] = {[MATCH_LINK_WEIGHT] = "weight",
                                        [MATCH_LINK_ALWAYS] = "always",
                                        [MATCH_LINK_ASK] = "ask",
                                        [MATCH_LINK_DECISION] = "decision"};
    const struct scoring *work = job->own;
    line_column_escaped(job->writer, stage_batch_id(work->batch, link->a));
    line_column_escaped(job->writer, stage_batch_id(work->batch, link->b));
    line_column_number(job->writer, link->weight);
    line_column(job->writer, slice_of(kinds[link->kind]));
    line_column_number(job->writer, match_link_joins(job->match_rules, link));
    line_column(job->writer, slice_of(link->reason));
    line_end(job->writer);
}

static void score_batch(struct stage_job *job)
{
    struct scoring *work = job->own;
    struct match_part *part = stage_batch_finish(work->batch);
    struct match_part_block *blocks = memory_allocate_array(work->block_count + 1, sizeof(*blocks));
    struct match_link *links = NULL;
    uint64_t compared = 0;
    for (size_t i = 0; i < work->entry_count; i++)
        work->entries[i] = stage_batch_number(work->batch, work->entries[i]);
    for (size_t i = 0; i < work->block_count; i++) {
        size_t behind = i + 1 < work->block_count ? work->blocks[i + 1].first : work->entry_count;
        blocks[i] =
            (struct match_part_block){work->blocks[i].key, work->entries + work->blocks[i].first,
                                      behind - work->blocks[i].first};
    }
    size_t count = match_part_pairs(part, blocks, work->block_count, &links, &compared);
    for (size_t i = 0; i < count; i++)
        write_link(job, &links[i]);
    line_writer_count(job->writer, compared);
    match_links_release(links);
    memory_free(blocks);
}

static void begin_block(struct scoring *work, const struct match_part_key *key)
{
    work->blocks = memory_grow(work->blocks, &work->block_capacity, work->block_count + 1,
                               sizeof(*work->blocks));
    work->blocks[work->block_count++] = (struct scored_block){*key, work->entry_count};
}

static void add_entry(struct scoring *work, uint32_t place)
{
    work->entries = memory_grow(work->entries, &work->entry_capacity, work->entry_count + 1,
                                sizeof(*work->entries));
    work->entries[work->entry_count++] = place;
}

static void clear_batch(struct scoring *work)
{
    stage_batch_clear(work->batch);
    work->block_count = 0;
    work->entry_count = 0;
}

static bool is_full(const struct scoring *work)
{
    return stage_batch_count(work->batch) >= BATCH_RECORDS || work->entry_count >= BATCH_ENTRIES;
}

/* ---- blocks ---- */

/* Scores what there is of a windowed block, whose last rows begin the next piece. */
static void cut_window(struct stage_job *job)
{
    struct scoring *work = job->own;
    struct scored_block block = work->blocks[work->block_count - 1];
    size_t rows = work->entry_count - block.first;
    size_t kept = rows < work->window ? rows : work->window;
    score_batch(job);
    stage_batch_keep(work->batch, work->entries + work->entry_count - kept, kept);
    work->block_count = 0;
    work->entry_count = 0;
    begin_block(work, &block.key);
    for (size_t i = 0; i < kept; i++)
        add_entry(work, (uint32_t)i);
}

static bool next_block(struct stage_job *job, struct slice text)
{
    struct scoring *work = job->own;
    struct match_part_key key;
    if (!match_part_key_parse(text, job->match_rules, &key))
        return false;
    if (is_full(work)) {
        score_batch(job);
        clear_batch(work);
    }
    arena_reset(work->arena);
    work->key = arena_copy(work->arena, text);
    buffer_clear(&work->order);
    begin_block(work, &key);
    return true;
}

/* What the engine has promised of the rows of a key. */
static bool is_in_order(struct stage_job *job, const struct line *line, struct error *error)
{
    struct scoring *work = job->own;
    const struct scored_block *block = &work->blocks[work->block_count - 1];
    size_t most = match_common_block(job->match_rules, block->key.rule);
    if (!block->key.windowed && work->entry_count - block->first >= most) {
        error_set(error, EXIT_FAILED, "more than %zu records stand under the key %.*s", most,
                  SLICE_ARGUMENTS(work->key));
        return error_hint(error, "list it in the file that --cut names, and group by what keys "
                                 "makes of it");
    }
    if (slice_compare(buffer_slice(&work->order), line->columns[COLUMN_ORDER]) > 0)
        return error_set(error, EXIT_FAILED, "the rows of the key %.*s are not in their order",
                         SLICE_ARGUMENTS(work->key));
    if (block->key.windowed) {
        buffer_clear(&work->order);
        buffer_append(&work->order, line->columns[COLUMN_ORDER]);
    }
    return true;
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct scoring *work = job->own;
    if (line->count != COLUMN_VALUES + work->attribute_count)
        return stage_refuse(job, "columns");
    if ((work->block_count == 0 || !slice_equal(line->columns[COLUMN_KEY], work->key)) &&
        !next_block(job, line->columns[COLUMN_KEY]))
        return stage_refuse(job, "key");
    if (!is_in_order(job, line, error))
        return FAILED;
    if (is_full(work) && work->blocks[work->block_count - 1].key.windowed)
        cut_window(job);
    add_entry(work, stage_batch_add(work->batch, line->columns[COLUMN_ID],
                                    line->columns + COLUMN_VALUES));
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    (void)error;
    score_batch(job);
    return true;
}

const struct stage stage_score = {.name = "score",
                                  .needs = STAGE_MATCH | STAGE_MODEL,
                                  .begin = begin,
                                  .take = take,
                                  .end = end,
                                  .release = release};
