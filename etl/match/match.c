#include "cust360/match.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/block.h"
#include "match/cluster.h"

#include <limits.h>

/* The pairs of one piece that are worth keeping. */
struct edge_list {
    struct edge *edges;
    size_t count;
    size_t capacity;
};

struct matching {
    const struct scorer *scorer;
    bool has_always;
    struct edge_list *pieces; /* of the blocking rule at work */
    size_t piece_count;
    struct edge_list all;
};

static void add_edge(struct edge_list *list, struct edge edge)
{
    list->edges = memory_grow(list->edges, &list->capacity, list->count + 1, sizeof(*list->edges));
    list->edges[list->count++] = edge;
}

static void begin_pieces(void *context, size_t rule, size_t pieces)
{
    struct matching *matching = context;
    (void)rule;
    matching->piece_count = pieces;
    matching->pieces = memory_allocate_array(pieces + 1, sizeof(*matching->pieces));
}

static void consider(const struct matching *matching, struct edge_list *list, struct pair pair)
{
    const struct scorer *scorer = matching->scorer;
    struct pair_view view = pair_view_make(scorer->table, pair.a, pair.b);
    int32_t weight = score_view(scorer, &view, scorer->rules->review);
    if (weight < scorer->rules->review && !matching->has_always)
        return;
    const struct hard_rule *rule = hard_rule_find_in(&view);
    struct edge edge = {.a = pair.a, .b = pair.b, .weight = weight};
    if (rule && rule->verdict == VERDICT_NEVER)
        return;
    if (rule) {
        edge.kind = rule->verdict == VERDICT_ALWAYS ? EDGE_ALWAYS : EDGE_ASK;
        edge.reason = rule->name;
    }
    if (weight < scorer->rules->review) {
        if (edge.kind != EDGE_ALWAYS)
            return;
        edge.weight = score_view(scorer, &view, INT32_MIN);
    }
    add_edge(list, edge);
}

static void take_pairs(void *context, size_t piece, const struct pair *pairs, size_t count)
{
    struct matching *matching = context;
    for (size_t i = 0; i < count; i++)
        consider(matching, &matching->pieces[piece], pairs[i]);
}

static void end_pieces(void *context)
{
    struct matching *matching = context;
    for (size_t i = 0; i < matching->piece_count; i++) {
        for (size_t j = 0; j < matching->pieces[i].count; j++)
            add_edge(&matching->all, matching->pieces[i].edges[j]);
        memory_free(matching->pieces[i].edges);
    }
    memory_free(matching->pieces);
    matching->pieces = NULL;
}

static void find_edges(struct matching *matching, unsigned threads,
                       struct match_statistics *statistics)
{
    const struct match_rules *rules = matching->scorer->rules;
    size_t order[BLOCK_RULES_MAX];
    struct block_statistics blocks;
    struct pair_taker taker = {begin_pieces, take_pairs, end_pieces, matching};
    for (size_t i = 0; i < rules->block_count; i++)
        order[i] = i;
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        matching->has_always |= rules->hard_rules[i].verdict == VERDICT_ALWAYS;
    blocks_enumerate(matching->scorer->table, order, rules->block_count, threads, &taker, &blocks);
    statistics->pairs_compared = blocks.pairs;
    statistics->pairs_left_out = blocks.pairs_left_out;
}

static bool add_decisions(struct matching *matching, const struct match_decision *decisions,
                          size_t count, struct error *error)
{
    uint32_t records = matching->scorer->table->record_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t a = decisions[i].a;
        uint32_t b = decisions[i].b;
        if (a >= records || b >= records)
            return error_set(error, EXIT_FAILED,
                             "a decision names record %u, but there are only %u", a > b ? a : b,
                             records);
        if (!decisions[i].same || a == b)
            continue;
        add_edge(&matching->all,
                 (struct edge){.a = a < b ? a : b,
                               .b = a < b ? b : a,
                               .weight = score_pair(matching->scorer, a, b, INT32_MIN),
                               .kind = EDGE_DECISION,
                               .reason = "a steward has said that they are the "
                                         "same"});
    }
    return true;
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
        if (!again)
            sorted[count++] = *edge;
        else if (edge->kind == EDGE_DECISION)
            sorted[count - 1] = *edge;
    }
    memory_free(order);
    memory_free(scratch);
    memory_free(list->edges);
    list->edges = sorted;
    list->count = count;
}

/* ---- the result ---- */

static void keep_pair(struct match_pair **pairs, size_t *count, size_t *capacity,
                      const struct edge *edge)
{
    *pairs = memory_grow(*pairs, capacity, *count + 1, sizeof(**pairs));
    (*pairs)[(*count)++] = (struct match_pair){edge->a, edge->b, edge->weight, edge->reason};
}

static uint64_t cluster_pair(const struct match_result *result, uint32_t a, uint32_t b)
{
    uint32_t x = result->cluster[a];
    uint32_t y = result->cluster[b];
    return x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
}

/* Pairs of clusters that a steward has already parted, sorted. */
static struct hash_pair *list_answered(const struct match_result *result,
                                       const struct parted *parted, size_t count)
{
    struct hash_pair *answered = memory_resize_array(NULL, count + 1, sizeof(*answered));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    for (size_t i = 0; i < count; i++)
        answered[i] =
            (struct hash_pair){cluster_pair(result, parted[i].record, parted[i].other), 0};
    hash_pairs_sort(answered, count, scratch);
    memory_free(scratch);
    return answered;
}

static bool is_answered(const struct hash_pair *answered, size_t count, uint64_t pair)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (answered[middle].hash < pair)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && answered[low].hash == pair;
}

/* Questions for the steward: edges between clusters, of two clusters the strongest, strongest
 * first. An edge is kept by sorting on (clusters, weight), then on weight. */
static void list_possible(const struct edge_list *all, const struct parted *parted,
                          size_t parted_count, struct match_result *result)
{
    struct hash_pair *answered = list_answered(result, parted, parted_count);
    struct hash_pair *order = memory_resize_array(NULL, all->count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, all->count + 1, sizeof(*scratch));
    struct hash_pair *by_weight = memory_resize_array(NULL, all->count + 1, sizeof(*by_weight));
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct edge *edge = &all->edges[i];
        if (result->cluster[edge->a] == result->cluster[edge->b] ||
            is_answered(answered, parted_count, cluster_pair(result, edge->a, edge->b)))
            continue;
        order[count++] =
            (struct hash_pair){(uint64_t)((int64_t)INT32_MAX - edge->weight), (uint32_t)i};
    }
    hash_pairs_sort(order, count, scratch);
    /* `value` is now the rank by weight, so that the first of equal clusters is the strongest. */
    for (size_t rank = 0; rank < count; rank++) {
        const struct edge *edge = &all->edges[order[rank].value];
        by_weight[rank] =
            (struct hash_pair){cluster_pair(result, edge->a, edge->b), (uint32_t)rank};
    }
    hash_pairs_sort(by_weight, count, scratch);
    bool *kept = memory_allocate_array(count + 1, sizeof(*kept));
    for (size_t i = 0; i < count; i++)
        kept[by_weight[i].value] = i == 0 || by_weight[i - 1].hash != by_weight[i].hash;
    size_t capacity = 0;
    for (size_t rank = 0; rank < count; rank++)
        if (kept[rank])
            keep_pair(&result->possible, &result->possible_count, &capacity,
                      &all->edges[order[rank].value]);
    memory_free(kept);
    memory_free(by_weight);
    memory_free(scratch);
    memory_free(order);
    memory_free(answered);
}

static void list_links(const struct edge_list *all, int32_t merge, struct match_result *result)
{
    size_t capacity = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct edge *edge = &all->edges[i];
        bool strong = edge->weight >= merge && edge->kind != EDGE_ASK;
        result->statistics.pairs_matched += strong;
        if ((strong || edge->kind == EDGE_ALWAYS || edge->kind == EDGE_DECISION) &&
            result->cluster[edge->a] == result->cluster[edge->b])
            keep_pair(&result->links, &result->link_count, &capacity, edge);
    }
}

static void fill_result(struct matching *matching, const struct parted *parted, size_t parted_count,
                        struct match_result *result)
{
    struct clusters clusters;
    cluster_run(matching->scorer, matching->all.edges, matching->all.count, parted, parted_count,
                &clusters);
    result->record_count = matching->scorer->table->record_count;
    result->cluster = clusters.cluster;
    result->statistics.clusters = clusters.count;
    result->statistics.largest_cluster = clusters.largest;
    result->statistics.links_refused = clusters.refused;
    result->statistics.values_shared_widely = matching->scorer->table->values_shared_widely;
    list_links(&matching->all, matching->scorer->rules->merge, result);
    list_possible(&matching->all, parted, parted_count, result);
    result->statistics.pairs_possible = result->possible_count;
}

/* NOLINTNEXTLINE(readability-function-size): what decides a match stands in its signature */
bool match_run(const struct match_rules *rules, const struct match_model *model,
               const struct match_input *input, const struct match_decision *decisions,
               size_t decision_count, unsigned threads, struct match_result *result,
               struct error *error)
{
    *result = (struct match_result){0};
    if (!input_is_ordered(input))
        return error_set(error, EXIT_FAILED,
                         "records to match must be added in the order of source and key");
    struct table *table = table_create(rules, input, threads);
    struct scorer *scorer = scorer_create(table, model);
    struct matching matching = {.scorer = scorer};
    find_edges(&matching, threads, &result->statistics);
    bool valid = add_decisions(&matching, decisions, decision_count, error);
    if (valid) {
        size_t parted_count = 0;
        struct parted *parted = cluster_list_parted(decisions, decision_count, &parted_count);
        sort_edges(&matching.all);
        fill_result(&matching, parted, parted_count, result);
        memory_free(parted);
    }
    memory_free(matching.all.edges);
    scorer_destroy(scorer);
    table_destroy(table);
    return valid;
}

void match_result_release(struct match_result *result)
{
    memory_free(result->cluster);
    memory_free(result->links);
    memory_free(result->possible);
    *result = (struct match_result){0};
}
