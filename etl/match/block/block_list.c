#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/block/block_keys.h"

/* Makes the blocks of some of the entries: all that begin with the same bits. */
struct block_maker {
    const struct block_work *work;
    struct block_list list; /* its own blocks, of the common entries */
    struct hash_pair *scratch;
    uint64_t hash; /* of the run that is being refined, as computed */
    bool decides;  /* see struct key_set */
    struct block_cuts cuts;
};

struct block_work {
    struct key_set *keys;
    const struct table *table;
    size_t max_block; /* records */
    struct hash_pair *entries;
    struct hash_pair *scratch;
    unsigned bits;  /* by which entries are parted */
    size_t ranges;  /* of records, which are gone through side by side */
    size_t *starts; /* [range][part]: where its entries go; then of each part */
    struct block_maker *makers;
    bool notes_cuts;
};

static uint64_t pairs_of(uint64_t count)
{
    return count * (count - 1) / 2;
}

static struct block *add_block(struct block_maker *maker, size_t first, size_t count)
{
    struct block_list *list = &maker->list;
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
    const struct key_set *keys = maker->work->keys;
    maker->decides = true;
    for (size_t i = first; i < first + count; i++) {
        uint32_t record = maker->list.entries[i].value;
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

/* Notes a run that is too large; of a window, once it is in order. */
static void note_cut(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    const struct block_work *work = maker->work;
    const struct hash_pair *entries = maker->list.entries + first;
    const struct block_rule *rule = work->keys->rule;
    if (!work->notes_cuts)
        return;
    const struct cut_run run = {
        .name = block_cuts_name(work->table, rule, entries->value, maker->hash, step),
        .count = (uint32_t)count,
        .windowed = step >= rule->refine_count,
    };
    block_cuts_add(&maker->cuts, &run, entries);
}

static void make_window(struct block_maker *maker, size_t first, size_t count)
{
    struct block *block = add_block(maker, first, count);
    size_t window = maker->work->table->rules->window;
    sort_window(maker->work->table, maker->list.entries + first, count, maker->scratch);
    block->windowed = true;
    if (count > window + 1)
        block->pairs = (uint64_t)window * (count - window) + pairs_of(window);
    replace_keys(maker, first, count, 0);
    maker->list.pairs_left_out += pairs_of(count) - block->pairs;
}

void large_blocks_note(struct large_block *largest, size_t *count, const struct large_block *block)
{
    size_t place = *count;
    while (place > 0 && largest[place - 1].records < block->records)
        place--;
    if (place == LARGE_BLOCKS)
        return;
    *count += *count < LARGE_BLOCKS;
    for (size_t i = *count; i-- > place + 1;)
        largest[i] = largest[i - 1];
    largest[place] = *block;
}

static void refine_run(struct block_maker *maker, size_t first, size_t count, size_t step);

/* A block as the rule's own keys make it; asked for often, and seldom large. */
static bool is_among_largest(const struct block_list *list, size_t records)
{
    return records > 1 && (list->largest_count < LARGE_BLOCKS ||
                           records > list->largest[LARGE_BLOCKS - 1].records);
}

/* Makes the blocks of one run of equal hash. */
static void make_run(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    const struct hash_pair *entries = maker->list.entries + first;
    if (count > maker->work->max_block) {
        refine_run(maker, first, count, step);
        return;
    }
    if (step > 0)
        replace_keys(maker, first, count, entries->hash);
    if (count > 1)
        add_block(maker, first, count);
}

/* Cuts a run of entries, sorted by hash, into runs of equal hash. */
static void cut_run(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    const struct hash_pair *entries = maker->list.entries;
    size_t end = first + count;
    for (size_t from = first, to = first; from < end; from = to) {
        while (to < end && entries[to].hash == entries[from].hash)
            to++;
        if (step > 0) {
            make_run(maker, from, to - from, step);
            continue;
        }
        struct block_list *list = &maker->list;
        bool is_large = is_among_largest(list, to - from);
        struct large_block large = {.records = to - from,
                                    .a = entries[from].value,
                                    .b = entries[from + is_large].value,
                                    .pairs_left_out = list->pairs_left_out};
        maker->hash = entries[from].hash;
        make_run(maker, from, to - from, step);
        large.pairs_left_out = list->pairs_left_out - large.pairs_left_out;
        if (is_large)
            large_blocks_note(list->largest, &list->largest_count, &large);
    }
}

/* A run that is too large: by a further key, or windowed when there is none left. */
static void refine_run(struct block_maker *maker, size_t first, size_t count, size_t step)
{
    if (step >= maker->work->keys->rule->refine_count) {
        make_window(maker, first, count);
        note_cut(maker, first, count, step);
        return;
    }
    note_cut(maker, first, count, step);
    struct hash_pair *entries = maker->list.entries + first;
    for (size_t i = 0; i < count; i++)
        entries[i].hash = key_mix(
            entries[i].hash,
            table_row(maker->work->table, entries[i].value)[maker->work->keys->rule->refine[step]]);
    hash_pairs_sort(entries, count, maker->scratch);
    /* What the parts do not meet is left out; what they leave out themselves is told by them. */
    uint64_t inside = 0;
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && entries[to].hash == entries[from].hash)
            to++;
        inside += pairs_of(to - from);
    }
    maker->list.pairs_left_out += pairs_of(count) - inside;
    cut_run(maker, first, count, step + 1);
}

/* ---- entries, parted by their first bits so that each part fits a cache ---- */

enum { RANGE_RECORDS = 1 << 16, PART_ENTRIES = 1 << 12, PART_BITS_MAX = 12 };

static size_t part_of(const struct block_work *work, uint64_t hash)
{
    return work->bits ? (size_t)(hash >> (64 - work->bits)) : 0;
}

/* The keys of a range of records: hashes[*from] up to hashes[*to]; *single: one a record. */
struct key_range {
    uint32_t first; /* record */
    uint32_t end;
};

static struct key_range range_of(const struct block_work *work, size_t range)
{
    uint32_t first = (uint32_t)(range * RANGE_RECORDS);
    uint32_t left = work->table->record_count - first;
    return (struct key_range){first, first + (left < RANGE_RECORDS ? left : RANGE_RECORDS)};
}

static void count_range(void *context, size_t number, unsigned thread)
{
    struct block_work *work = context;
    const struct key_set *keys = work->keys;
    size_t *counts = work->starts + number * ((size_t)1 << work->bits);
    struct key_range range = range_of(work, number);
    size_t from = keys->starts ? keys->starts[range.first] : range.first;
    size_t to = keys->starts ? keys->starts[range.end] : range.end;
    (void)thread;
    for (size_t i = from; i < to; i++)
        if (keys->hashes[i])
            counts[part_of(work, keys->hashes[i])]++;
}

static void place_range(void *context, size_t number, unsigned thread)
{
    struct block_work *work = context;
    const struct key_set *keys = work->keys;
    size_t *places = work->starts + number * ((size_t)1 << work->bits);
    struct key_range range = range_of(work, number);
    (void)thread;
    for (uint32_t record = range.first; record < range.end; record++) {
        uint32_t from = keys->starts ? keys->starts[record] : record;
        uint32_t to = keys->starts ? keys->starts[record + 1] : record + 1;
        for (uint32_t i = from; i < to; i++)
            if (keys->hashes[i])
                work->entries[places[part_of(work, keys->hashes[i])]++] =
                    (struct hash_pair){keys->hashes[i], record};
    }
}

static void make_part(void *context, size_t part, unsigned thread)
{
    struct block_work *work = context;
    struct block_maker *maker = &work->makers[part];
    size_t first =
        part ? work->starts[(work->ranges - 1) * ((size_t)1 << work->bits) + part - 1] : 0;
    size_t end = work->starts[(work->ranges - 1) * ((size_t)1 << work->bits) + part];
    (void)thread;
    maker->work = work;
    maker->list.entries = work->entries;
    maker->scratch = work->scratch + first;
    hash_pairs_sort_spread(work->entries + first, end - first, work->bits, maker->scratch);
    cut_run(maker, first, end - first, 0);
}

/* Counts to places: part by part, and in each by range. Returns how many entries there are. */
static size_t sum_up(struct block_work *work)
{
    size_t parts = (size_t)1 << work->bits;
    size_t sum = 0;
    for (size_t part = 0; part < parts; part++) {
        for (size_t range = 0; range < work->ranges; range++) {
            size_t count = work->starts[range * parts + part];
            work->starts[range * parts + part] = sum;
            sum += count;
        }
    }
    return sum;
}

static void join_parts(struct block_work *work, struct block_list *list)
{
    for (size_t part = 0; part < (size_t)1 << work->bits; part++) {
        struct block_list *own = &work->makers[part].list;
        list->blocks = memory_grow(list->blocks, &list->capacity, list->count + own->count,
                                   sizeof(*list->blocks));
        if (own->count)
            memcpy(list->blocks + list->count, own->blocks, own->count * sizeof(*list->blocks));
        list->count += own->count;
        list->pairs_left_out += own->pairs_left_out;
        for (size_t i = 0; i < own->largest_count; i++)
            large_blocks_note(list->largest, &list->largest_count, &own->largest[i]);
        work->keys->decides |= work->makers[part].decides;
        if (list->cuts)
            block_cuts_join(list->cuts, &work->makers[part].cuts);
        block_cuts_release(&work->makers[part].cuts);
        memory_free(own->blocks);
    }
}

void block_list_make(struct block_list *list, struct key_set *keys, const struct table *table,
                     unsigned threads)
{
    size_t most = keys->starts ? keys->starts[table->record_count] : table->record_count;
    const struct block_rule *rule = keys->rule;
    struct block_work work = {.keys = keys, .table = table, .notes_cuts = list->cuts};
    if (list->cuts)
        list->cuts->incomplete |= keys->cut;
    work.max_block = rule->max_block ? rule->max_block : table->rules->max_block;
    if (rule->all_up_to)
        work.max_block = rule->all_up_to;
    work.ranges = (table->record_count + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS;
    if (work.ranges == 0)
        return;
    while (work.bits < PART_BITS_MAX && most >> work.bits > PART_ENTRIES)
        work.bits++;
    size_t parts = (size_t)1 << work.bits;
    work.starts = memory_allocate_array(work.ranges * parts, sizeof(*work.starts));
    pool_run(threads, work.ranges, count_range, &work);
    size_t count = sum_up(&work);
    work.entries = memory_resize_array(NULL, count + 1, sizeof(*work.entries));
    work.scratch = memory_resize_array(NULL, count + 1, sizeof(*work.scratch));
    work.makers = memory_allocate_array(parts, sizeof(*work.makers));
    pool_run(threads, work.ranges, place_range, &work);
    pool_run(threads, parts, make_part, &work);
    list->entries = work.entries;
    join_parts(&work, list);
    memory_free(work.makers);
    memory_free(work.scratch);
    memory_free(work.starts);
}

void block_list_release(struct block_list *list)
{
    memory_free(list->entries);
    memory_free(list->blocks);
    *list = (struct block_list){0};
}
