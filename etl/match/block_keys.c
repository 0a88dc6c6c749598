#include "match/block_keys.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

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

/* A hash that is not 0. */
static uint64_t mix(uint64_t hash, uint32_t value)
{
    uint64_t mixed = hash_combine(hash, value);
    return mixed ? mixed : 1;
}

/* Appends to `hashes` every combination of the record's values; returns how many. */
static size_t combine_keys(const struct table *table, const struct block_rule *rule,
                           uint32_t record, uint64_t *hashes)
{
    size_t count = 1;
    hashes[0] = 1;
    for (size_t i = 0; i < rule->key_count; i++) {
        const uint32_t *values = NULL;
        size_t value_count = table_values(table, record, rule->keys[i], &values);
        if (value_count == 0)
            return 0;
        if (value_count > KEYS_MAX / count)
            value_count = KEYS_MAX / count;
        /* From behind, so that each hash is read before its place is written again. */
        for (size_t j = count; j-- > 0;) {
            uint64_t hash = hashes[j];
            for (size_t k = 0; k < value_count; k++)
                hashes[j * value_count + k] = mix(hash, values[k]);
        }
        count *= value_count;
    }
    return count;
}

struct key_work {
    struct key_set *keys;
    const struct table *table;
    const struct block_rule *rule;
};

static void compute_range(void *context, size_t piece, unsigned thread)
{
    struct key_work *work = context;
    (void)thread;
    size_t end = (piece + 1) * RANGE_RECORDS;
    if (end > work->table->record_count)
        end = work->table->record_count;
    for (size_t record = piece * RANGE_RECORDS; record < end; record++) {
        uint64_t hash = 0;
        size_t count = combine_keys(work->table, work->rule, (uint32_t)record, &hash);
        work->keys->hashes[record] = count ? hash : 0;
    }
}

static void compute_many(struct key_set *keys, const struct table *table,
                         const struct block_rule *rule)
{
    uint64_t *hashes = memory_allocate_array(KEYS_MAX, sizeof(*hashes));
    size_t used = 0;
    size_t capacity = 0;
    keys->starts = memory_allocate_array((size_t)table->record_count + 1, sizeof(*keys->starts));
    for (uint32_t record = 0; record < table->record_count; record++) {
        size_t count = combine_keys(table, rule, record, hashes);
        keys->starts[record] = (uint32_t)used;
        keys->hashes = memory_grow(keys->hashes, &capacity, used + count, sizeof(*keys->hashes));
        for (size_t i = 0; i < count; i++)
            keys->hashes[used++] = hashes[i];
    }
    keys->starts[table->record_count] = (uint32_t)used;
    memory_free(hashes);
}

void key_set_compute(struct key_set *keys, const struct table *table, const struct block_rule *rule,
                     unsigned threads)
{
    *keys = (struct key_set){NULL, NULL};
    if (is_many_valued(table, rule)) {
        compute_many(keys, table, rule);
        return;
    }
    struct key_work work = {keys, table, rule};
    keys->hashes = memory_allocate_array((size_t)table->record_count + 1, sizeof(*keys->hashes));
    pool_run(threads, (table->record_count + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS,
             compute_range, &work);
}

void key_set_release(struct key_set *keys)
{
    memory_free(keys->starts);
    memory_free(keys->hashes);
    *keys = (struct key_set){NULL, NULL};
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

/* ---- blocks ---- */

struct block_maker {
    struct block_list *list;
    struct key_set *keys;
    const struct table *table;
    const struct block_rule *rule;
    struct hash_pair *scratch;
    uint64_t hash; /* of the run that is being refined, as computed */
};

static uint64_t pairs_of(uint64_t count)
{
    return count * (count - 1) / 2;
}

static struct block *add_block(struct block_maker *maker, size_t first, size_t count)
{
    struct block_list *list = maker->list;
    list->blocks =
        memory_grow(list->blocks, &list->capacity, list->count + 1, sizeof(*list->blocks));
    struct block *block = &list->blocks[list->count++];
    *block = (struct block){.hash = list->entries[first].hash, .first = first, .count = count};
    block->pairs = pairs_of(count);
    return block;
}

/* Lets the records of a run go by another key (0: none) than the one computed. */
static void replace_keys(struct block_maker *maker, size_t first, size_t count, uint64_t hash)
{
    const struct key_set *keys = maker->keys;
    for (size_t i = first; i < first + count; i++) {
        uint32_t record = maker->list->entries[i].value;
        uint32_t from = keys->starts ? keys->starts[record] : record;
        uint32_t to = keys->starts ? keys->starts[record + 1] : record + 1;
        for (uint32_t j = from; j < to; j++)
            if (keys->hashes[j] == maker->hash)
                keys->hashes[j] = hash;
    }
}

static int compare_texts(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    bool has_x = table_values(table, a, attribute, &x) > 0;
    bool has_y = table_values(table, b, attribute, &y) > 0;
    if (!has_x || !has_y)
        return has_x - has_y;
    return slice_compare(table_text(table, attribute, *x), table_text(table, attribute, *y));
}

static bool stands_before(const struct table *table, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < table->rules->window_order_count; i++) {
        int order = compare_texts(table, table->rules->window_order[i], a, b);
        if (order)
            return order < 0;
    }
    return a < b;
}

/* Merge sort, for the order needs the table. */
static void sort_window(const struct table *table, struct hash_pair *entries, size_t count,
                        struct hash_pair *scratch)
{
    if (count < 2)
        return;
    size_t half = count / 2;
    sort_window(table, entries, half, scratch);
    sort_window(table, entries + half, count - half, scratch);
    memcpy(scratch, entries, count * sizeof(*entries));
    for (size_t i = 0, left = 0, right = half; i < count; i++) {
        bool take_left = right == count || (left < half && stands_before(table, scratch[left].value,
                                                                         scratch[right].value));
        entries[i] = take_left ? scratch[left++] : scratch[right++];
    }
}

static void make_window(struct block_maker *maker, size_t first, size_t count)
{
    struct block *block = add_block(maker, first, count);
    size_t window = maker->table->rules->window;
    sort_window(maker->table, maker->list->entries + first, count, maker->scratch);
    block->windowed = true;
    if (count > window + 1)
        block->pairs = (uint64_t)window * (count - window) + pairs_of(window);
    replace_keys(maker, first, count, 0);
    maker->list->pairs_left_out += pairs_of(count) - block->pairs;
}

static void refine_run(struct block_maker *maker, size_t first, size_t count, size_t step);

/* Cuts a run of entries, sorted by hash, into runs of equal hash. */
static void cut_run(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    const struct hash_pair *entries = maker->list->entries;
    size_t end = first + count;
    for (size_t from = first, to = first; from < end; from = to) {
        while (to < end && entries[to].hash == entries[from].hash)
            to++;
        if (step == 0)
            maker->hash = entries[from].hash;
        if (to - from > maker->table->rules->max_block) {
            refine_run(maker, from, to - from, step);
            continue;
        }
        if (step > 0)
            replace_keys(maker, from, to - from, entries[from].hash);
        if (to - from > 1)
            add_block(maker, from, to - from);
    }
}

/* A run that is too large: by a further key, or windowed when there is none left. */
static void refine_run(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    if (step >= maker->rule->refine_count) {
        make_window(maker, first, count);
        return;
    }
    struct hash_pair *entries = maker->list->entries + first;
    for (size_t i = 0; i < count; i++)
        entries[i].hash = mix(entries[i].hash,
                              table_row(maker->table, entries[i].value)[maker->rule->refine[step]]);
    hash_pairs_sort(entries, count, maker->scratch);
    /* What the parts do not meet is left out; what they leave out themselves is told by them. */
    uint64_t inside = 0;
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && entries[to].hash == entries[from].hash)
            to++;
        inside += pairs_of(to - from);
    }
    maker->list->pairs_left_out += pairs_of(count) - inside;
    cut_run(maker, first, count, step + 1);
}

void block_list_make(struct block_list *list, struct key_set *keys, const struct table *table,
                     const struct block_rule *rule)
{
    size_t most = keys->starts ? keys->starts[table->record_count] : table->record_count;
    size_t count = 0;
    list->entries = memory_resize_array(NULL, most + 1, sizeof(*list->entries));
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t from = keys->starts ? keys->starts[record] : record;
        uint32_t to = keys->starts ? keys->starts[record + 1] : record + 1;
        for (uint32_t i = from; i < to; i++)
            if (keys->hashes[i])
                list->entries[count++] = (struct hash_pair){keys->hashes[i], record};
    }
    struct block_maker maker = {.list = list, .keys = keys, .table = table, .rule = rule};
    maker.scratch = memory_resize_array(NULL, count + 1, sizeof(*maker.scratch));
    hash_pairs_sort(list->entries, count, maker.scratch);
    cut_run(&maker, 0, count, 0);
    memory_free(maker.scratch);
}

void block_list_release(struct block_list *list)
{
    memory_free(list->entries);
    memory_free(list->blocks);
    *list = (struct block_list){0};
}
