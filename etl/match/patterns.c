#include "match/patterns.h"
#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/score.h"

enum { RANDOM_PIECE_PAIRS = 1 << 16, PAIRS_AHEAD = 16 };

struct patterns *patterns_create(void)
{
    struct patterns *patterns = memory_allocate_array(1, sizeof(*patterns));
    patterns->numbers = map_create();
    return patterns;
}

void patterns_destroy(struct patterns *patterns)
{
    if (!patterns)
        return;
    map_destroy(patterns->numbers);
    memory_free(patterns->counts);
    memory_free(patterns);
}

void patterns_add(struct patterns *patterns, struct slice pattern, uint64_t pairs)
{
    uint32_t number = map_intern(patterns->numbers, pattern);
    if (number >= patterns->capacity) {
        size_t before = patterns->capacity;
        patterns->counts = memory_grow(patterns->counts, &patterns->capacity, (size_t)number + 1,
                                       sizeof(*patterns->counts));
        memset(patterns->counts + before, 0,
               (patterns->capacity - before) * sizeof(*patterns->counts));
    }
    patterns->counts[number] += pairs;
    patterns->pairs += pairs;
}

void patterns_add_pair(struct patterns *patterns, const struct pair_view *view)
{
    const struct match_rules *rules = view->table->rules;
    char pattern[COMPARISONS_MAX];
    uint32_t implied = 0;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        int level =
            implied & UINT32_C(1) << i ? -1 : comparison_level_in(view, &rules->comparisons[i]);
        pattern[i] = (char)(level + 1);
        /* All that meet teach all: what is implied is silent as it is when weighed. A pass that
         * needs an identity number in common would never see a birth date. */
        if (level >= 0 && rules->training.joint)
            implied |= rules->comparisons[i].levels[level].implies;
    }
    patterns_add(patterns, slice_make(pattern, rules->comparison_count), 1);
}

/* The pieces' patterns joined in the pieces' order. */
static void join_pieces(struct patterns *patterns, struct patterns **pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (uint32_t j = 0; pieces[i] && j < map_count(pieces[i]->numbers); j++)
            patterns_add(patterns, map_key(pieces[i]->numbers, j), pieces[i]->counts[j]);
        patterns_destroy(pieces[i]);
    }
    memory_free(pieces);
}

/* ---- pairs of blocks ---- */

struct block_patterns {
    const struct table *table;
    const struct block_choice *choice;
    struct patterns *all;
    struct patterns **pieces;
    size_t piece_count;
};

static void begin_blocks(void *context, size_t rule, size_t pieces)
{
    struct block_patterns *work = context;
    (void)rule;
    work->piece_count = pieces;
    work->pieces = memory_allocate_array(pieces + 1, sizeof(*work->pieces));
}

static void take_pairs(void *context, const struct pair_batch *batch)
{
    struct block_patterns *work = context;
    size_t piece = batch->piece;
    if (!work->pieces[piece])
        work->pieces[piece] = patterns_create();
    for (size_t i = 0; i < batch->count; i++)
        if (!work->choice->without_never || !hard_rule_of(&batch->pairs[i], VERDICT_NEVER))
            patterns_add_pair(work->pieces[piece], &batch->pairs[i]);
}

static void end_blocks(void *context)
{
    struct block_patterns *work = context;
    join_pieces(work->all, work->pieces, work->piece_count);
}

void patterns_of_blocks(struct patterns *patterns, const struct table *table,
                        const struct block_choice *choice, unsigned threads)
{
    struct block_patterns work = {.table = table, .choice = choice, .all = patterns};
    struct pair_taker taker = {begin_blocks, take_pairs, end_blocks, &work};
    struct block_statistics statistics;
    blocks_enumerate(table, choice->rules, choice->rule_count, threads, &taker, &statistics);
}

/* ---- random pairs ---- */

struct drawn_pair {
    uint32_t a;
    uint32_t b;
};

struct random_work {
    const struct table *table;
    const struct random_pairs *random;
    struct patterns **pieces;
};

/* SplitMix64 (Steele, Lea, Flood 2014): a stream of its own for each piece. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

/* A number below `limit`; the bias of 2^-32 does no harm here. */
static uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(((next_random(state) >> 32) * limit) >> 32);
}

static struct drawn_pair draw_pair(uint64_t *state, uint32_t records)
{
    uint32_t a = random_below(state, records);
    return (struct drawn_pair){a, random_below(state, records)};
}

/* Pairs are drawn some way ahead, for their rows stand anywhere. */
static void draw_piece(void *context, size_t piece, unsigned thread)
{
    struct random_work *work = context;
    const struct random_pairs *random = work->random;
    uint32_t records = work->table->record_count;
    uint64_t state = hash_combine(random->seed, piece);
    uint64_t first = (uint64_t)piece * RANDOM_PIECE_PAIRS;
    uint64_t end =
        first + RANDOM_PIECE_PAIRS < random->count ? first + RANDOM_PIECE_PAIRS : random->count;
    struct drawn_pair ahead[PAIRS_AHEAD] = {{0, 0}};
    (void)thread;
    work->pieces[piece] = patterns_create();
    for (uint64_t i = first; i < end + PAIRS_AHEAD; i++) {
        struct drawn_pair *slot = &ahead[i % PAIRS_AHEAD];
        struct drawn_pair pair = *slot;
        bool is_drawn = i >= first + PAIRS_AHEAD;
        if (i < end) {
            *slot = draw_pair(&state, records);
            table_ask_for_row(work->table, slot->a);
            table_ask_for_row(work->table, slot->b);
        }
        if (!is_drawn || pair.a == pair.b ||
            (random->cluster && random->cluster[pair.a] == random->cluster[pair.b]))
            continue;
        struct pair_view view = pair_view_make(work->table, pair.a, pair.b);
        patterns_add_pair(work->pieces[piece], &view);
    }
}

void patterns_of_random(struct patterns *patterns, const struct table *table,
                        const struct random_pairs *random, unsigned threads)
{
    size_t pieces = (size_t)((random->count + RANDOM_PIECE_PAIRS - 1) / RANDOM_PIECE_PAIRS);
    struct random_work work = {.table = table, .random = random};
    work.pieces = memory_allocate_array(pieces + 1, sizeof(*work.pieces));
    pool_run(threads, pieces, draw_piece, &work);
    join_pieces(patterns, work.pieces, pieces);
}

/* ---- certain pairs ---- */

struct certain_work {
    const struct table *table;
    const struct test *test;
    uint64_t *pieces;
    size_t piece_count;
    uint64_t sum;
};

static void begin_certain(void *context, size_t rule, size_t pieces)
{
    struct certain_work *work = context;
    (void)rule;
    work->piece_count = pieces;
    work->pieces = memory_allocate_array(pieces + 1, sizeof(*work->pieces));
}

static void take_certain(void *context, const struct pair_batch *batch)
{
    struct certain_work *work = context;
    for (size_t i = 0; i < batch->count; i++)
        if (test_holds_in(&batch->pairs[i], work->test) &&
            !hard_rule_of(&batch->pairs[i], VERDICT_NEVER))
            work->pieces[batch->piece]++;
}

static void end_certain(void *context)
{
    struct certain_work *work = context;
    for (size_t i = 0; i < work->piece_count; i++)
        work->sum += work->pieces[i];
    memory_free(work->pieces);
}

uint64_t count_certain(const struct table *table, const struct test *test, unsigned threads)
{
    size_t order[BLOCK_RULES_MAX];
    struct certain_work work = {.table = table, .test = test};
    struct pair_taker taker = {begin_certain, take_certain, end_certain, &work};
    struct block_statistics statistics;
    for (size_t i = 0; i < table->rules->block_count; i++)
        order[i] = i;
    blocks_enumerate(table, order, table->rules->block_count, threads, &taker, &statistics);
    return work.sum;
}
