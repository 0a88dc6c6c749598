#include "match/block/block_keys.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

#include <stdatomic.h>

/* A record with more combinations than this (a fleet of hundreds of cars, twice) is found by
 * the first of them. */
enum { KEYS_MAX = 4096, RANGE_RECORDS = 1 << 16 };

static bool is_many_valued(const struct table *table, const struct block_rule *rule)
{
    for (size_t i = 0; i < rule->key_count; i++)
        if (table->columns[rule->keys[i]].starts)
            return true;
    return false;
}

/* Appends to `hashes` every combination of the record's values; returns how many. *cut is set when
 * there are more. */
static size_t combine_keys(const struct table *table, const struct block_rule *rule,
                           uint32_t record, uint64_t *hashes, bool *cut)
{
    size_t count = 1;
    hashes[0] = 1;
    if (rule->all_up_to && table->record_count > rule->all_up_to)
        return 0;
    for (size_t i = 0; i < rule->key_count; i++) {
        const uint32_t *values = NULL;
        size_t value_count = table_values(table, record, rule->keys[i], &values);
        const uint64_t *spread = table->columns[rule->keys[i]].spread;
        if (value_count == 0)
            return 0;
        if (value_count > KEYS_MAX / count) {
            value_count = KEYS_MAX / count;
            *cut = true;
        }
        /* From behind, so that each hash is read before its place is written again. */
        for (size_t j = count; j-- > 0;) {
            uint64_t hash = hashes[j];
            for (size_t k = 0; k < value_count; k++)
                hashes[j * value_count + k] = key_mix(hash, spread ? spread[values[k]] : values[k]);
        }
        count *= value_count;
    }
    return count;
}

/* The key of a record when no attribute of the rule has several values; 0: it has none. */
static uint64_t single_key(const struct table *table, const struct block_rule *rule,
                           const uint32_t *row)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < rule->key_count; i++) {
        uint32_t value = row[rule->keys[i]];
        const uint64_t *spread = table->columns[rule->keys[i]].spread;
        if (value == VALUE_NONE)
            return 0;
        hash = key_mix(hash, spread ? spread[value] : value);
    }
    return hash;
}

struct key_work {
    struct key_set *keys;
    const struct table *table;
    const struct block_rule *rule;
    atomic_bool cut; /* a record has too many keys */
};

static void compute_range(void *context, size_t piece, unsigned thread)
{
    struct key_work *work = context;
    (void)thread;
    size_t end = (piece + 1) * RANGE_RECORDS;
    if (end > work->table->record_count)
        end = work->table->record_count;
    bool has_none = work->rule->all_up_to && work->table->record_count > work->rule->all_up_to;
    for (size_t record = piece * RANGE_RECORDS; record < end && !has_none; record++)
        work->keys->hashes[record] =
            single_key(work->table, work->rule, table_row(work->table, (uint32_t)record));
}

/* How many keys combine_keys would give. */
static size_t count_keys(const struct table *table, const struct block_rule *rule, uint32_t record)
{
    size_t count = 1;
    for (size_t i = 0; i < rule->key_count; i++) {
        const uint32_t *values = NULL;
        size_t value_count = table_values(table, record, rule->keys[i], &values);
        count *= value_count > KEYS_MAX / (count ? count : 1) ? KEYS_MAX / count : value_count;
        if (count == 0)
            return 0;
    }
    return count;
}

static void count_range(void *context, size_t piece, unsigned thread)
{
    struct key_work *work = context;
    (void)thread;
    size_t end = (piece + 1) * RANGE_RECORDS;
    if (end > work->table->record_count)
        end = work->table->record_count;
    for (size_t record = piece * RANGE_RECORDS; record < end; record++)
        work->keys->starts[record + 1] =
            (uint32_t)count_keys(work->table, work->rule, (uint32_t)record);
}

static void combine_range(void *context, size_t piece, unsigned thread)
{
    struct key_work *work = context;
    struct key_set *keys = work->keys;
    uint64_t *hashes = memory_allocate_array(KEYS_MAX, sizeof(*hashes));
    (void)thread;
    size_t end = (piece + 1) * RANGE_RECORDS;
    if (end > work->table->record_count)
        end = work->table->record_count;
    for (size_t record = piece * RANGE_RECORDS; record < end; record++) {
        bool cut = false;
        size_t count = combine_keys(work->table, work->rule, (uint32_t)record, hashes, &cut);
        for (size_t i = 0; i < count; i++)
            keys->hashes[keys->starts[record] + i] = hashes[i];
        if (cut)
            atomic_store_explicit(&work->cut, true, memory_order_relaxed);
    }
    memory_free(hashes);
}

static void compute_many(struct key_work *work, size_t pieces, unsigned threads)
{
    struct key_set *keys = work->keys;
    uint32_t records = work->table->record_count;
    keys->starts = memory_allocate_array((size_t)records + 1, sizeof(*keys->starts));
    pool_run(threads, pieces, count_range, work);
    for (uint32_t record = 0; record < records; record++)
        keys->starts[record + 1] += keys->starts[record];
    keys->hashes =
        memory_resize_array(NULL, (size_t)keys->starts[records] + 1, sizeof(*keys->hashes));
    pool_run(threads, pieces, combine_range, work);
    keys->cut = atomic_load_explicit(&work->cut, memory_order_relaxed);
    keys->decides |= keys->cut;
}

void key_set_compute(struct key_set *keys, const struct table *table, const struct block_rule *rule,
                     unsigned threads)
{
    *keys = (struct key_set){.rule = rule};
    struct key_work work = {.keys = keys, .table = table, .rule = rule};
    size_t pieces = (table->record_count + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS;
    if (is_many_valued(table, rule)) {
        compute_many(&work, pieces, threads);
        return;
    }
    keys->hashes = memory_allocate_array((size_t)table->record_count + 1, sizeof(*keys->hashes));
    pool_run(threads, pieces, compute_range, &work);
}

void key_set_release(struct key_set *keys)
{
    memory_free(keys->starts);
    memory_free(keys->hashes);
    keys->starts = NULL;
    keys->hashes = NULL;
}

uint64_t key_set_common(const struct key_set *keys, uint32_t a, uint32_t b)
{
    if (!keys->starts)
        return keys->hashes[a] == keys->hashes[b] ? keys->hashes[a] : 0;
    uint64_t least = 0;
    for (uint32_t i = keys->starts[a]; i < keys->starts[a + 1]; i++)
        for (uint32_t j = keys->starts[b]; j < keys->starts[b + 1]; j++)
            if (keys->hashes[i] == keys->hashes[j] && keys->hashes[i] != 0 &&
                (least == 0 || keys->hashes[i] < least))
                least = keys->hashes[i];
    return least;
}

bool key_set_met(const struct key_set *keys, const struct table *table, uint32_t a, uint32_t b)
{
    const uint32_t *x = table_row(table, a);
    const uint32_t *y = table_row(table, b);
    if (keys->rule->all_up_to && table->record_count > keys->rule->all_up_to)
        return false;
    for (size_t i = 0; i < keys->rule->key_count; i++) {
        size_t attribute = keys->rule->keys[i];
        bool single = x[attribute] < VALUE_MANY && y[attribute] < VALUE_MANY;
        if (single ? x[attribute] != y[attribute] : !table_shares(table, attribute, a, b))
            return false;
    }
    return !keys->decides || key_set_common(keys, a, b) != 0;
}

void key_set_forget(struct key_set *keys)
{
    if (!keys->decides)
        key_set_release(keys);
}
