#include "match/block/block.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/block/block_keys.h"

enum {
    PIECE_PAIRS = 1 << 16,
    TAKEN_PAIRS = 1 << 9, /* so many are handed over at once: their records' rows stay in cache */
    BLOCKS_AHEAD = 16,    /* whose rows are asked for while the blocks before are gone through */
    ENTRIES_AHEAD = 4     /* of each; most blocks have no more */
};

/* An earlier rule, as the glance at a pair sees it. */
struct met_rule {
    uint64_t shared;            /* the pair has met by it when all these are equal … */
    const struct key_set *keys; /* … and, not NULL, these do not say otherwise */
};

/* Some blocks that are done together. */
struct piece {
    size_t first_block;
    size_t block_count;
    uint64_t pairs;
};

struct enumeration {
    const struct table *table;
    const struct key_set *keys;           /* of this rule */
    struct met_rule met[BLOCK_RULES_MAX]; /* those before */
    size_t met_count;
    const struct block_list *blocks;
    struct piece *pieces;
    const struct pair_taker *taker;
    uint64_t *taken; /* by piece */
    const bool *only;
};

static bool met_by_earlier_rule(const struct enumeration *work, const struct pair_view *view)
{
    for (size_t i = 0; i < work->met_count; i++) {
        const struct met_rule *met = &work->met[i];
        if ((view->equal & met->shared) == met->shared &&
            (!met->keys || key_set_met(met->keys, work->table, view->a, view->b)))
            return true;
    }
    return false;
}

/* Whether two records may share several keys of a rule. */
static bool may_share_more(const struct enumeration *work, const struct pair_view *view)
{
    const struct block_rule *rule = work->keys->rule;
    const uint32_t *x = table_row(work->table, view->a);
    const uint32_t *y = table_row(work->table, view->b);
    for (size_t i = 0; i < rule->key_count; i++)
        if (x[rule->keys[i]] == VALUE_MANY && y[rule->keys[i]] == VALUE_MANY)
            return true;
    return false;
}

/* Whether the pair is met here and nowhere before: by no earlier rule, and by this rule first under
 * this key. */
static bool belongs_here(const struct enumeration *work, const struct block *block,
                         const struct pair_view *view)
{
    if (met_by_earlier_rule(work, view))
        return false;
    const struct key_set *own = work->keys;
    return block->windowed || !own->starts || !may_share_more(work, view) ||
           key_set_common(own, view->a, view->b) == block->hash;
}

/* Pairs on their way to the taker. */
struct handover {
    struct enumeration *work;
    size_t piece;
    unsigned thread;
    struct pair_view pairs[TAKEN_PAIRS];
    size_t count;
};

static void hand_over(struct handover *handover)
{
    const struct enumeration *work = handover->work;
    const struct pair_batch batch = {handover->piece, handover->thread, handover->pairs,
                                     handover->count};
    if (handover->count)
        work->taker->take(work->taker->context, &batch);
    work->taken[handover->piece] += handover->count;
    handover->count = 0;
}

static bool is_asked_for(const struct enumeration *work, const struct block *block)
{
    const struct hash_pair *entries = work->blocks->entries + block->first;
    if (!work->only)
        return true;
    for (size_t i = 0; i < block->count; i++)
        if (work->only[entries[i].value])
            return true;
    return false;
}

static void take_block(struct handover *handover, const struct block *block)
{
    const struct enumeration *work = handover->work;
    const struct hash_pair *entries = work->blocks->entries + block->first;
    if (!is_asked_for(work, block))
        return;
    for (size_t i = 0; i < block->count; i++) {
        size_t reach = block->count - i - 1;
        if (block->windowed && reach > work->table->rules->window)
            reach = work->table->rules->window;
        for (size_t j = i + 1; j <= i + reach; j++) {
            uint32_t a = entries[i].value;
            uint32_t b = entries[j].value;
            if (work->only && !work->only[a] && !work->only[b])
                continue;
            struct pair_view *view = &handover->pairs[handover->count];
            *view = pair_view_make(work->table, a < b ? a : b, a < b ? b : a);
            handover->count += belongs_here(work, block, view);
            if (handover->count == TAKEN_PAIRS)
                hand_over(handover);
        }
    }
}

static void ask_for_block(const struct enumeration *work, const struct block *block)
{
    size_t count = block->count < ENTRIES_AHEAD ? block->count : ENTRIES_AHEAD;
    for (size_t i = 0; i < count; i++)
        table_ask_for_row(work->table, work->blocks->entries[block->first + i].value);
}

static void do_piece(void *context, size_t number, unsigned thread)
{
    struct enumeration *work = context;
    const struct piece *piece = &work->pieces[number];
    const struct block *blocks = work->blocks->blocks + piece->first_block;
    struct handover *handover = memory_allocate(sizeof(*handover));
    handover->work = work;
    handover->piece = number;
    handover->thread = thread;
    handover->count = 0;
    for (size_t i = 0; i < piece->block_count; i++) {
        if (i + BLOCKS_AHEAD < piece->block_count)
            ask_for_block(work, &blocks[i + BLOCKS_AHEAD]);
        take_block(handover, &blocks[i]);
    }
    hand_over(handover);
    memory_free(handover);
}

static size_t cut_into_pieces(const struct block_list *blocks, struct piece **pieces)
{
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        if (count == 0 || (*pieces)[count - 1].pairs >= PIECE_PAIRS) {
            *pieces = memory_grow(*pieces, &capacity, count + 1, sizeof(**pieces));
            (*pieces)[count++] = (struct piece){.first_block = i};
        }
        (*pieces)[count - 1].block_count++;
        (*pieces)[count - 1].pairs += blocks->blocks[i].pairs;
    }
    return count;
}

static void enumerate_rule(struct enumeration *work, size_t rule_number, unsigned threads,
                           struct block_statistics *statistics)
{
    size_t count = cut_into_pieces(work->blocks, &work->pieces);
    work->taken = memory_allocate_array(count + 1, sizeof(*work->taken));
    pair_taker_begin(work->taker, rule_number, count);
    pool_run(threads, count, do_piece, work);
    pair_taker_end(work->taker);
    for (size_t i = 0; i < count; i++)
        statistics->pairs += work->taken[i];
    memory_free(work->taken);
    memory_free(work->pieces);
    work->pieces = NULL;
}

static struct met_rule make_met_rule(const struct key_set *keys)
{
    struct met_rule met = {0, keys};
    bool is_seen = keys->rule->key_count > 0;
    for (size_t i = 0; i < keys->rule->key_count; i++) {
        size_t attribute = keys->rule->keys[i];
        is_seen = is_seen && attribute < SEEN_ATTRIBUTES;
        if (attribute < SEEN_ATTRIBUTES)
            met.shared |= UINT64_C(1) << attribute;
    }
    if (is_seen && !keys->decides)
        met.keys = NULL;
    return met;
}

void blocks_search(const struct block_search *search, const struct pair_taker *taker,
                   struct block_statistics *statistics)
{
    const struct table *table = search->table;
    struct key_set *keys = memory_allocate_array(search->rule_count + 1, sizeof(*keys));
    *statistics = (struct block_statistics){.pairs = 0};
    struct enumeration work = {.table = table, .taker = taker, .only = search->only};
    for (size_t i = 0; i < search->rule_count; i++) {
        const struct block_rule *rule = &table->rules->blocks[search->rules[i]];
        struct block_list blocks = {.cuts = search->cuts};
        key_set_compute(&keys[i], table, rule, search->threads);
        block_list_make(&blocks, &keys[i], table, search->threads);
        statistics->pairs_left_out += blocks.pairs_left_out;
        for (size_t j = 0; j < blocks.largest_count; j++) {
            blocks.largest[j].rule = search->rules[i];
            large_blocks_note(statistics->largest, &statistics->largest_count, &blocks.largest[j]);
        }
        work.keys = &keys[i];
        work.blocks = &blocks;
        if (taker)
            enumerate_rule(&work, search->rules[i], search->threads, statistics);
        block_list_release(&blocks);
        key_set_forget(&keys[i]);
        work.met[work.met_count++] = make_met_rule(&keys[i]);
    }
    for (size_t i = 0; i < search->rule_count; i++)
        key_set_release(&keys[i]);
    memory_free(keys);
}

void blocks_enumerate_given(const struct table *table, const struct given_blocks *given,
                            const struct pair_taker *taker, struct block_statistics *statistics)
{
    struct enumeration work = {.table = table, .taker = taker};
    *statistics = (struct block_statistics){.pairs = 0};
    for (size_t i = 0; i < given->rule_count; i++) {
        work.keys = &given->keys[i];
        work.blocks = &given->lists[i];
        if (work.blocks->count)
            enumerate_rule(&work, i, 1, statistics);
        work.met[work.met_count++] = make_met_rule(&given->keys[i]);
    }
}

void blocks_enumerate(const struct table *table, const size_t *rules, size_t rule_count,
                      unsigned threads, const struct pair_taker *taker,
                      struct block_statistics *statistics)
{
    const struct block_search search = {
        .table = table, .rules = rules, .rule_count = rule_count, .threads = threads};
    blocks_search(&search, taker, statistics);
}
