#include "match/cluster/edges.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <limits.h>

struct finding_edges {
    const struct edge_search *search;
    bool has_always;
    struct outlines **outlines; /* by thread; made when it is first at work */
    struct edge_list *pieces;   /* of the blocking rule at work */
    size_t piece_count;
    struct edge_list *all;
};

static void add_edge(struct edge_list *list, struct edge edge)
{
    list->edges = memory_grow(list->edges, &list->capacity, list->count + 1, sizeof(*list->edges));
    list->edges[list->count++] = edge;
}

static void begin_pieces(void *context, size_t rule, size_t pieces)
{
    struct finding_edges *work = context;
    (void)rule;
    work->piece_count = pieces;
    work->pieces = memory_allocate_array(pieces + 1, sizeof(*work->pieces));
}

static void consider(const struct finding_edges *work, struct outlines *outlines,
                     struct edge_list *list, const struct pair_view *view)
{
    const struct scorer *scorer = work->search->scorer;
    int32_t least = work->search->least;
    int32_t weight = outlines_score(outlines, view, least);
    if (weight < least && !work->has_always)
        return;
    const struct hard_rule *rule = hard_rule_find_in(view);
    struct edge edge = {.a = view->a, .b = view->b, .weight = weight, .found = EDGE_WEIGHT};
    if (rule && rule->verdict == VERDICT_NEVER)
        return;
    if (rule) {
        edge.kind = rule->verdict == VERDICT_ALWAYS ? EDGE_ALWAYS : EDGE_ASK;
        edge.found = edge.kind;
        edge.reason = rule->name;
    }
    if (weight < least) {
        if (edge.kind != EDGE_ALWAYS)
            return;
        edge.weight = score_view(scorer, view, INT32_MIN);
    }
    add_edge(list, edge);
}

static void take_pairs(void *context, const struct pair_batch *batch)
{
    struct finding_edges *work = context;
    struct outlines **outlines = &work->outlines[batch->thread];
    if (!*outlines)
        *outlines = outlines_create(work->search->scorer);
    for (size_t i = 0; i < batch->count; i++)
        consider(work, *outlines, &work->pieces[batch->piece], &batch->pairs[i]);
}

static void end_pieces(void *context)
{
    struct finding_edges *work = context;
    for (size_t i = 0; i < work->piece_count; i++) {
        for (size_t j = 0; j < work->pieces[i].count; j++)
            add_edge(work->all, work->pieces[i].edges[j]);
        memory_free(work->pieces[i].edges);
    }
    memory_free(work->pieces);
    work->pieces = NULL;
}

static void add_decisions(const struct edge_search *search, struct edge_list *list)
{
    for (size_t i = 0; i < search->decision_count; i++) {
        const struct match_decision *decision = &search->decisions[i];
        uint32_t a = decision->a < decision->b ? decision->a : decision->b;
        uint32_t b = decision->a < decision->b ? decision->b : decision->a;
        if (decision->same && a != b)
            add_edge(list, (struct edge){.a = a,
                                         .b = b,
                                         .weight = score_pair(search->scorer, a, b, INT32_MIN),
                                         .kind = EDGE_DECISION,
                                         .found = EDGE_NOT_FOUND,
                                         .reason = "a steward has said that they are the same"});
    }
}

/* Sorts by (a, b) and keeps one edge a pair: a decision, else any, for they are alike. */
static void sort_edges(struct edge_list *list)
{
    struct hash_pair *order = memory_resize_array(NULL, list->count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, list->count + 1, sizeof(*scratch));
    struct edge *sorted = memory_resize_array(NULL, list->count + 1, sizeof(*sorted));
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        order[i] =
            (struct hash_pair){(uint64_t)list->edges[i].a << 32 | list->edges[i].b, (uint32_t)i};
    hash_pairs_sort(order, list->count, scratch);
    for (size_t i = 0; i < list->count; i++) {
        const struct edge *edge = &list->edges[order[i].value];
        bool again = i > 0 && order[i].hash == order[i - 1].hash;
        if (!again) {
            sorted[count++] = *edge;
            continue;
        }
        struct edge *first = &sorted[count - 1];
        int found = first->found > edge->found ? first->found : edge->found;
        if (edge->kind == EDGE_DECISION)
            *first = *edge;
        first->found = found;
    }
    memory_free(order);
    memory_free(scratch);
    memory_free(list->edges);
    list->edges = sorted;
    list->count = count;
}

static void begin_finding(struct finding_edges *work)
{
    const struct match_rules *rules = work->search->scorer->rules;
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        work->has_always |= rules->hard_rules[i].verdict == VERDICT_ALWAYS;
    work->outlines = memory_allocate_array(work->search->threads + 1, sizeof(struct outlines *));
}

static void end_finding(struct finding_edges *work)
{
    for (unsigned i = 0; i < work->search->threads; i++)
        outlines_destroy(work->outlines[i]);
    memory_free(work->outlines);
}

void edges_complete(const struct edge_search *search, struct edge_list *list)
{
    add_decisions(search, list);
    sort_edges(list);
}

static void find_in_blocks(const struct edge_search *search, const struct pair_taker *taker,
                           struct edge_list *list, struct block_statistics *statistics)
{
    size_t order[BLOCK_RULES_MAX];
    const struct table *table = search->scorer->table;
    struct again *again = search->again;
    struct block_search blocks = {.table = table,
                                  .rules = order,
                                  .rule_count = table->rules->block_count,
                                  .threads = search->threads};
    for (size_t i = 0; i < table->rules->block_count; i++)
        order[i] = i;
    if (again && again->goes_on) {
        again_keep_edges(again, list);
        blocks.only = again->dirty;
    } else if (again && again->row_hashes) {
        block_cuts_release(&again->cuts);
        blocks.cuts = &again->cuts;
    }
    blocks_search(&blocks, taker, statistics);
}

void edges_find(const struct edge_search *search, struct edge_list *list,
                struct block_statistics *statistics)
{
    struct finding_edges work = {.search = search, .all = list};
    struct pair_taker taker = {begin_pieces, take_pairs, end_pieces, &work};
    begin_finding(&work);
    if (search->met) {
        met_pairs_take(search->met, search->scorer->table, search->threads, &taker);
        *statistics = search->met->statistics;
    } else {
        find_in_blocks(search, &taker, list, statistics);
    }
    end_finding(&work);
    edges_complete(search, list);
}

void edges_find_in(const struct edge_search *search, const struct given_blocks *blocks,
                   struct edge_list *list, struct block_statistics *statistics)
{
    struct finding_edges work = {.search = search, .all = list};
    struct pair_taker taker = {begin_pieces, take_pairs, end_pieces, &work};
    begin_finding(&work);
    blocks_enumerate_given(search->scorer->table, blocks, &taker, statistics);
    end_finding(&work);
}
