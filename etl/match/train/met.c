#include "match/train/met.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

enum {
    PIECE_PAIRS = 1 << 15,
    TAKEN_PAIRS = 1 << 8, /* handed over at once */
    PAIRS_AHEAD = 16      /* whose rows are asked for before they are looked at */
};

/* ---- finding them ---- */

struct gathering {
    struct met_pairs *met;
    struct met_pairs *pieces; /* of the rule at work */
    size_t piece_count;
};

static void begin_rule(void *context, size_t rule, size_t pieces)
{
    struct gathering *gathering = context;
    (void)rule;
    gathering->piece_count = pieces;
    gathering->pieces = memory_allocate_array(pieces + 1, sizeof(*gathering->pieces));
}

static void keep_pairs(void *context, const struct pair_batch *batch)
{
    struct gathering *gathering = context;
    struct met_pairs *piece = &gathering->pieces[batch->piece];
    piece->pairs = memory_grow(piece->pairs, &piece->capacity, piece->count + batch->count,
                               sizeof(*piece->pairs));
    for (size_t i = 0; i < batch->count; i++)
        piece->pairs[piece->count++] = (struct met_pair){batch->pairs[i].a, batch->pairs[i].b};
}

static void end_rule(void *context)
{
    struct gathering *gathering = context;
    struct met_pairs *met = gathering->met;
    for (size_t i = 0; i < gathering->piece_count; i++) {
        struct met_pairs *piece = &gathering->pieces[i];
        met->pairs =
            memory_grow(met->pairs, &met->capacity, met->count + piece->count, sizeof(*met->pairs));
        if (piece->count)
            memcpy(met->pairs + met->count, piece->pairs, piece->count * sizeof(*met->pairs));
        met->count += piece->count;
        memory_free(piece->pairs);
    }
    memory_free(gathering->pieces);
}

struct met_pairs *met_pairs_find(const struct table *table, unsigned threads)
{
    size_t order[BLOCK_RULES_MAX];
    struct met_pairs *met = memory_allocate_array(1, sizeof(*met));
    struct gathering gathering = {.met = met};
    const struct pair_taker taker = {begin_rule, keep_pairs, end_rule, &gathering};
    for (size_t i = 0; i < table->rules->block_count; i++)
        order[i] = i;
    blocks_enumerate(table, order, table->rules->block_count, threads, &taker, &met->statistics);
    return met;
}

void met_pairs_destroy(struct met_pairs *met)
{
    if (!met)
        return;
    memory_free(met->pairs);
    memory_free(met);
}

/* ---- going through them ---- */

struct passing {
    const struct met_pairs *met;
    const struct table *table;
    const struct pair_taker *taker;
};

static void ask_for_pair(const struct passing *passing, size_t number)
{
    if (number >= passing->met->count)
        return;
    table_ask_for_row(passing->table, passing->met->pairs[number].a);
    table_ask_for_row(passing->table, passing->met->pairs[number].b);
}

static void take_piece(void *context, size_t piece, unsigned thread)
{
    const struct passing *passing = context;
    const struct met_pairs *met = passing->met;
    struct pair_view views[TAKEN_PAIRS];
    struct pair_batch batch = {piece, thread, views, 0};
    size_t end = (piece + 1) * PIECE_PAIRS;
    end = end < met->count ? end : met->count;
    for (size_t i = piece * PIECE_PAIRS; i < end; i++) {
        ask_for_pair(passing, i + PAIRS_AHEAD);
        views[batch.count++] = pair_view_make(passing->table, met->pairs[i].a, met->pairs[i].b);
        if (batch.count < TAKEN_PAIRS && i + 1 < end)
            continue;
        passing->taker->take(passing->taker->context, &batch);
        batch.count = 0;
    }
}

void met_pairs_take(const struct met_pairs *met, const struct table *table, unsigned threads,
                    const struct pair_taker *taker)
{
    struct passing passing = {met, table, taker};
    size_t pieces = (met->count + PIECE_PAIRS - 1) / PIECE_PAIRS;
    pair_taker_begin(taker, 0, pieces);
    pool_run(threads, pieces, take_piece, &passing);
    pair_taker_end(taker);
}
