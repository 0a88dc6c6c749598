#include "cust360/match.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "match/cluster/edges.h"

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

static void find_clusters(const struct edge_search *search, struct edge_list *all,
                          const struct parted_list *parted, struct clusters *clusters)
{
    struct settled settled = {NULL, NULL};
    struct cluster_task task = {search->scorer, *parted, NULL, search->threads};
    if (search->again->goes_on) {
        again_touch_decided(search->again);
        again_settle(search->again, all, &settled);
        task.settled = &settled;
    }
    cluster_run(&task, all, clusters);
    again_remember(search->again, all, clusters->cluster);
    memory_free(settled.records);
    memory_free(settled.cluster);
}

static void fill_result(const struct edge_search *search, struct edge_list *all,
                        struct match_result *result)
{
    const struct scorer *scorer = search->scorer;
    struct clusters clusters;
    size_t parted_count = 0;
    struct parted *parted =
        cluster_list_parted(search->decisions, search->decision_count, &parted_count);
    const struct parted_list list = {parted, parted_count};
    find_clusters(search, all, &list, &clusters);
    result->record_count = scorer->table->record_count;
    result->cluster = clusters.cluster;
    result->statistics.clusters = clusters.count;
    result->statistics.largest_cluster = clusters.largest;
    memcpy(result->statistics.cluster_sizes, clusters.sizes, sizeof(clusters.sizes));
    result->statistics.links_refused = clusters.refused;
    result->statistics.values_shared_widely = scorer->table->values_shared_widely;
    list_links(all, scorer->rules->merge, result);
    list_possible(all, parted, parted_count, result);
    result->statistics.pairs_possible = result->possible_count;
    memory_free(parted);
}

/* ---- the largest blocks ---- */

/* The values that make two records share a blocking rule. */
static const char *describe_keys(struct arena *texts, const struct table *table,
                                 const struct large_block *block)
{
    const struct block_rule *rule = &table->rules->blocks[block->rule];
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < rule->key_count; i++) {
        const struct attribute *attribute = &table->rules->attributes[rule->keys[i]];
        struct slice value = table_common_text(table, rule->keys[i], block->a, block->b);
        if (attribute->personal)
            value = text_mask(texts, value);
        buffer_format(&text, "%s%s %.*s", i ? ", " : "", attribute->name, SLICE_ARGUMENTS(value));
    }
    const char *described = arena_text(texts, buffer_slice(&text));
    buffer_release(&text);
    return described;
}

static void list_blocks(const struct table *table, const struct block_statistics *blocks,
                        struct match_result *result)
{
    result->texts = arena_create();
    result->blocks = memory_allocate_array(LARGE_BLOCKS, sizeof(*result->blocks));
    for (size_t i = 0; i < blocks->largest_count; i++) {
        const struct large_block *block = &blocks->largest[i];
        if (table->rules->blocks[block->rule].key_count == 0)
            continue; /* it is all records */
        result->blocks[result->block_count++] = (struct match_block){
            arena_text(result->texts, slice_of(table->rules->blocks[block->rule].name)),
            describe_keys(result->texts, table, block), block->records, block->pairs_left_out};
    }
}

static bool check_input(const struct match_input *input, const struct match_decision *decisions,
                        size_t count, struct error *error)
{
    uint32_t records = match_input_count(input);
    if (!input_is_ordered(input))
        return error_set(error, EXIT_FAILED,
                         "records to match must be added in the order of source and key");
    for (size_t i = 0; i < count; i++) {
        uint32_t most = decisions[i].a > decisions[i].b ? decisions[i].a : decisions[i].b;
        if (most >= records)
            return error_set(error, EXIT_FAILED,
                             "a decision names record %u, but there are only %u", most, records);
    }
    return true;
}

bool match_run_task(const struct match_task *task, struct match_result *result, struct error *error)
{
    *result = (struct match_result){0};
    if (!check_input(task->input, task->decisions, task->decision_count, error))
        return false;
    const struct prepared *prepared = input_prepared(task->input);
    struct table *own = prepared ? NULL : table_create(task->rules, task->input, task->threads);
    struct scorer *scorer = scorer_create(prepared ? prepared->table : own, task->model);
    struct edge_list all = {0};
    struct block_statistics blocks;
    struct again again;
    again_begin(&again, task, scorer->table);
    const struct edge_search search = {.scorer = scorer,
                                       .least = task->rules->review,
                                       .decisions = task->decisions,
                                       .decision_count = task->decision_count,
                                       .threads = task->threads,
                                       .met = prepared ? prepared->met : NULL,
                                       .again = &again};
    edges_find(&search, &all, &blocks);
    result->statistics.pairs_compared = blocks.pairs;
    result->statistics.pairs_left_out = blocks.pairs_left_out;
    list_blocks(scorer->table, &blocks, result);
    fill_result(&search, &all, result);
    again_release(&again);
    memory_free(all.edges);
    scorer_destroy(scorer);
    table_destroy(own);
    return true;
}

/* NOLINTNEXTLINE(readability-function-size): what decides a match stands in its signature */
bool match_run(const struct match_rules *rules, const struct match_model *model,
               const struct match_input *input, const struct match_decision *decisions,
               size_t decision_count, unsigned threads, struct match_result *result,
               struct error *error)
{
    const struct match_task task = {.rules = rules,
                                    .model = model,
                                    .input = input,
                                    .decisions = decisions,
                                    .decision_count = decision_count,
                                    .threads = threads};
    return match_run_task(&task, result, error);
}

void match_result_release(struct match_result *result)
{
    memory_free(result->cluster);
    memory_free(result->links);
    memory_free(result->possible);
    memory_free(result->blocks);
    if (result->texts)
        arena_destroy(result->texts);
    *result = (struct match_result){0};
}
