#include "match/again/again.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/block/block.h"

enum { RANGE_RECORDS = 1 << 14 };

/* ---- rows ---- */

struct hashing {
    const struct table *table;
    uint64_t **texts; /* by attribute: a hash of each value's text; NULL: it follows from others */
    uint64_t *rows;
};

/* Of attributes that are derived, and dropped by no limit of their own, the others tell. */
static void hash_texts(void *context, size_t attribute, unsigned thread)
{
    struct hashing *hashing = context;
    const struct attribute *rule = &hashing->table->rules->attributes[attribute];
    (void)thread;
    if (rule->derivation != DERIVE_NOT && rule->shared_limit == 0)
        return;
    uint32_t count = map_count(hashing->table->columns[attribute].dictionary);
    uint64_t *texts = memory_resize_array(NULL, (size_t)count + 1, sizeof(*texts));
    for (uint32_t value = 0; value < count; value++)
        texts[value] = hash_bytes(table_text(hashing->table, attribute, value), attribute);
    hashing->texts[attribute] = texts;
}

/* Values of one attribute stand by their numbers, which are others in each match: they are summed
 * up, so that their order does not matter. */
static uint64_t hash_row(const struct hashing *hashing, uint32_t record)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < hashing->table->width; i++) {
        const uint32_t *values = NULL;
        uint64_t sum = 0;
        if (!hashing->texts[i])
            continue;
        for (size_t left = table_values(hashing->table, record, i, &values); left-- > 0;)
            sum += hash_combine(hashing->texts[i][values[left]], 1);
        hash = hash_combine(hash, sum);
    }
    return hash;
}

static void hash_range(void *context, size_t range, unsigned thread)
{
    struct hashing *hashing = context;
    uint32_t records = hashing->table->record_count;
    uint32_t first = (uint32_t)range * RANGE_RECORDS;
    (void)thread;
    for (uint32_t i = first; i < records && i - first < RANGE_RECORDS; i++)
        hashing->rows[i] = hash_row(hashing, i);
}

static uint64_t *hash_rows(const struct table *table, unsigned threads)
{
    struct hashing hashing = {.table = table};
    size_t ranges = (table->record_count + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS;
    hashing.texts = memory_allocate_array(table->width + 1, sizeof(*hashing.texts));
    hashing.rows = memory_resize_array(NULL, (size_t)table->record_count + 1, sizeof(uint64_t));
    pool_run(threads, table->width, hash_texts, &hashing);
    pool_run(threads, ranges, hash_range, &hashing);
    for (size_t i = 0; i < table->width; i++)
        memory_free(hashing.texts[i]);
    memory_free(hashing.texts);
    return hashing.rows;
}

/* ---- who is who ---- */

static struct hash_pair *sort_names(const int64_t *names, uint32_t count)
{
    struct hash_pair *sorted = memory_resize_array(NULL, (size_t)count + 1, sizeof(*sorted));
    struct hash_pair *scratch = memory_resize_array(NULL, (size_t)count + 1, sizeof(*scratch));
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (struct hash_pair){(uint64_t)names[i], i};
    hash_pairs_sort(sorted, count, scratch);
    memory_free(scratch);
    return sorted;
}

static void pair_records(struct again *again)
{
    uint32_t count = again->table->record_count;
    uint32_t former_count = (uint32_t)again->former.heading->record_count;
    struct hash_pair *now = sort_names(again->task->names, count);
    struct hash_pair *then = sort_names(again->former.names, former_count);
    again->then = memory_resize_array(NULL, (size_t)count + 1, sizeof(*again->then));
    again->now = memory_resize_array(NULL, (size_t)former_count + 1, sizeof(*again->now));
    for (uint32_t i = 0; i < count; i++)
        again->then[i] = RECORD_NONE;
    for (uint32_t i = 0; i < former_count; i++)
        again->now[i] = RECORD_NONE;
    for (uint32_t i = 0, j = 0; i < count && j < former_count;) {
        if (now[i].hash == then[j].hash) {
            again->then[now[i].value] = then[j].value;
            again->now[then[j].value] = now[i].value;
        }
        uint64_t name = now[i].hash;
        i += name <= then[j].hash;
        j += name >= then[j].hash;
    }
    memory_free(now);
    memory_free(then);
}

static void mark_changed(struct again *again)
{
    uint32_t count = again->table->record_count;
    again->dirty = memory_allocate_array((size_t)count + 1, sizeof(*again->dirty));
    again->touched = memory_allocate_array((size_t)count + 1, sizeof(*again->touched));
    for (uint32_t i = 0; i < count; i++)
        again->dirty[i] = again->then[i] == RECORD_NONE ||
                          again->former.row_hashes[again->then[i]] != again->row_hashes[i];
}

/* ---- blocks that are cut otherwise ---- */

static struct hash_pair *sort_runs(const struct cut_run *runs, size_t count)
{
    struct hash_pair *sorted = memory_resize_array(NULL, count + 1, sizeof(*sorted));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct hash_pair){runs[i].name, (uint32_t)i};
    hash_pairs_sort(sorted, count, scratch);
    memory_free(scratch);
    return sorted;
}

static void mark_run(struct again *again, const struct cut_run *run)
{
    for (uint32_t i = 0; i < run->count; i++)
        again->dirty[again->cuts.members[run->first + i]] = true;
}

static void mark_former_run(struct again *again, const struct cut_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        uint32_t record = again->now[again->former.run_members[run->first + i]];
        if (record != RECORD_NONE)
            again->dirty[record] = true;
    }
}

/* Of a run that is refined, who meets whom is told by its parts; of a window by who stands in it
 * and in which order. */
static bool is_same_run(const struct again *again, const struct cut_run *now,
                        const struct cut_run *then)
{
    if (now->windowed != then->windowed || (now->windowed && now->count != then->count))
        return false;
    for (uint32_t i = 0; now->windowed && i < now->count; i++)
        if (again->then[again->cuts.members[now->first + i]] !=
            again->former.run_members[then->first + i])
            return false;
    return true;
}

static void mark_recut(struct again *again)
{
    size_t count = again->cuts.run_count;
    size_t former_count = again->former.heading->run_count;
    struct hash_pair *now = sort_runs(again->cuts.runs, count);
    struct hash_pair *then = sort_runs(again->former.runs, former_count);
    for (size_t i = 0, j = 0; i < count || j < former_count;) {
        bool has_now = i < count && (j == former_count || now[i].hash <= then[j].hash);
        bool has_then = j < former_count && (i == count || then[j].hash <= now[i].hash);
        const struct cut_run *run = has_now ? &again->cuts.runs[now[i].value] : NULL;
        const struct cut_run *former = has_then ? &again->former.runs[then[j].value] : NULL;
        if (!run || !former || !is_same_run(again, run, former)) {
            if (run)
                mark_run(again, run);
            if (former)
                mark_former_run(again, former);
        }
        i += has_now;
        j += has_then;
    }
    memory_free(now);
    memory_free(then);
}

/* ---- all of it ---- */

/* A rule for small sets of records goes by how many there are. */
static bool counts_records(const struct match_rules *rules)
{
    for (size_t i = 0; i < rules->block_count; i++)
        if (rules->blocks[i].all_up_to)
            return true;
    return false;
}

static void find_cuts(struct again *again)
{
    size_t order[BLOCK_RULES_MAX];
    struct block_statistics ignored;
    const struct match_rules *rules = again->table->rules;
    for (size_t i = 0; i < rules->block_count; i++)
        order[i] = i;
    const struct block_search search = {.table = again->table,
                                        .rules = order,
                                        .rule_count = rules->block_count,
                                        .threads = again->task->threads,
                                        .cuts = &again->cuts};
    blocks_search(&search, NULL, &ignored);
}

void again_begin(struct again *again, const struct match_task *task, const struct table *table)
{
    *again = (struct again){.task = task, .table = table};
    if (!task->names || counts_records(table->rules))
        return;
    again->row_hashes = hash_rows(table, task->threads);
    if (!memory_open(&again->former, task->former, task->basis))
        return;
    find_cuts(again);
    if (again->cuts.incomplete)
        return;
    again->goes_on = true;
    pair_records(again);
    mark_changed(again);
    mark_recut(again);
}

void again_release(struct again *again)
{
    memory_free(again->row_hashes);
    memory_free(again->then);
    memory_free(again->now);
    memory_free(again->dirty);
    memory_free(again->touched);
    block_cuts_release(&again->cuts);
    *again = (struct again){.task = NULL};
}
