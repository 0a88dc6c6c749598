#include "match/part.h"
#include "cust360/base/memory.h"
#include "match/cluster/cluster.h"
#include "match/cluster/edges.h"

/* ---- a table that other tables understand ---- */

static void spread_values(struct table *table, size_t attribute)
{
    struct column *column = &table->columns[attribute];
    if (column->spread)
        return;
    uint32_t count = map_count(column->dictionary);
    column->spread = memory_resize_array(NULL, (size_t)count + 1, sizeof(*column->spread));
    for (uint32_t value = 0; value < count; value++)
        column->spread[value] = part_value_hash(map_key(column->dictionary, value));
}

static void spread_keys(struct table *table)
{
    const struct match_rules *rules = table->rules;
    for (size_t i = 0; i < rules->block_count; i++) {
        for (size_t j = 0; j < rules->blocks[i].key_count; j++)
            spread_values(table, rules->blocks[i].keys[j]);
        for (size_t j = 0; j < rules->blocks[i].refine_count; j++)
            spread_values(table, rules->blocks[i].refine[j]);
    }
}

struct match_part *match_part_create(const struct match_rules *rules,
                                     const struct match_model *model,
                                     const struct match_input *input,
                                     const struct match_common *common)
{
    struct match_part *part = memory_allocate_array(1, sizeof(*part));
    part->rules = rules;
    part->common = common;
    part->table = table_create_part(rules, input, &common->limits);
    spread_keys(part->table);
    if (model)
        part->scorer = scorer_create(part->table, model);
    return part;
}

void match_part_destroy(struct match_part *part)
{
    if (!part)
        return;
    for (size_t i = 0; part->keys_made && i < part->rules->block_count; i++) {
        key_set_release(&part->keys[i]);
        key_set_release(&part->settled[i]);
    }
    memory_free(part->keys);
    memory_free(part->settled);
    memory_free(part->found);
    memory_free(part->limited);
    if (part->scorer)
        scorer_destroy(part->scorer);
    table_destroy(part->table);
    memory_free(part);
}

/* ---- pairs ---- */

static size_t count_entries(const struct match_part_block *blocks, size_t count, size_t rule)
{
    size_t entries = 0;
    for (size_t i = 0; i < count; i++)
        if (blocks[i].key.rule == rule)
            entries += blocks[i].count;
    return entries;
}

static uint64_t count_pairs(const struct match_part *part, const struct match_part_block *block)
{
    uint64_t count = block->count;
    uint64_t window = part->rules->window;
    if (block->key.windowed && count > window + 1)
        return window * (count - window) + window * (window - 1) / 2;
    return count * (count - 1) / 2;
}

static void list_blocks(const struct match_part *part, const struct match_part_block *blocks,
                        size_t count, size_t rule, struct block_list *list)
{
    size_t entries = count_entries(blocks, count, rule);
    size_t first = 0;
    list->entries = memory_allocate_array(entries + 1, sizeof(*list->entries));
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].key.rule != rule || blocks[i].count < 2)
            continue;
        list->blocks =
            memory_grow(list->blocks, &list->capacity, list->count + 1, sizeof(*list->blocks));
        list->blocks[list->count++] = (struct block){.hash = blocks[i].key.hash,
                                                     .first = first,
                                                     .count = blocks[i].count,
                                                     .pairs = count_pairs(part, &blocks[i]),
                                                     .windowed = blocks[i].key.windowed};
        for (size_t j = 0; j < blocks[i].count; j++)
            list->entries[first++] = (struct hash_pair){blocks[i].key.hash, blocks[i].records[j]};
    }
}

static const enum match_link_kind link_kinds[] = {[EDGE_WEIGHT] = MATCH_LINK_WEIGHT,
                                                  [EDGE_ALWAYS] = MATCH_LINK_ALWAYS,
                                                  [EDGE_ASK] = MATCH_LINK_ASK,
                                                  [EDGE_DECISION] = MATCH_LINK_DECISION};

static struct match_link *links_of(const struct edge_list *edges)
{
    struct match_link *links = memory_allocate_array(edges->count + 1, sizeof(*links));
    for (size_t i = 0; i < edges->count; i++) {
        const struct edge *edge = &edges->edges[i];
        links[i] = (struct match_link){edge->a, edge->b, edge->weight, link_kinds[edge->kind],
                                       edge->reason};
    }
    return links;
}

size_t match_part_pairs(struct match_part *part, const struct match_part_block *blocks,
                        size_t count, struct match_link **links, uint64_t *compared)
{
    size_t rules = part->rules->block_count;
    struct block_list *lists = memory_allocate_array(rules + 1, sizeof(*lists));
    struct edge_list edges = {0};
    struct block_statistics statistics;
    part_make_keys(part);
    for (size_t i = 0; i < rules; i++)
        list_blocks(part, blocks, count, i, &lists[i]);
    const struct edge_search search = {
        .scorer = part->scorer, .least = part->rules->review, .threads = 1};
    const struct given_blocks given = {part->settled, lists, rules};
    edges_find_in(&search, &given, &edges, &statistics);
    *compared = statistics.pairs;
    *links = links_of(&edges);
    for (size_t i = 0; i < rules; i++)
        block_list_release(&lists[i]);
    memory_free(lists);
    memory_free(edges.edges);
    return edges.count;
}

void match_links_release(struct match_link *links)
{
    memory_free(links);
}

bool match_link_joins(const struct match_rules *rules, const struct match_link *link)
{
    return link->kind == MATCH_LINK_DECISION || link->kind == MATCH_LINK_ALWAYS ||
           (link->kind == MATCH_LINK_WEIGHT && link->weight >= rules->merge);
}

/* ---- clusters ---- */

static struct edge_list edges_of(const struct match_link *links, size_t count)
{
    static const enum edge_kind kinds[] = {[MATCH_LINK_WEIGHT] = EDGE_WEIGHT,
                                           [MATCH_LINK_ALWAYS] = EDGE_ALWAYS,
                                           [MATCH_LINK_ASK] = EDGE_ASK,
                                           [MATCH_LINK_DECISION] = EDGE_DECISION};
    struct edge_list list = {.count = count, .capacity = count + 1};
    list.edges = memory_allocate_array(count + 1, sizeof(*list.edges));
    for (size_t i = 0; i < count; i++)
        list.edges[i] = (struct edge){.a = links[i].a,
                                      .b = links[i].b,
                                      .weight = links[i].weight,
                                      .kind = kinds[links[i].kind],
                                      .reason = links[i].reason};
    return list;
}

void match_part_clusters(struct match_part *part, const struct match_link *links, size_t count,
                         const struct match_part_decisions *decisions, uint32_t *cluster)
{
    struct edge_list edges = edges_of(links, count);
    const struct edge_search search = {.scorer = part->scorer,
                                       .least = part->rules->review,
                                       .decisions = decisions->items,
                                       .decision_count = decisions->count,
                                       .threads = 1};
    struct clusters clusters;
    size_t parted_count = 0;
    struct parted *parted = cluster_list_parted(decisions->items, decisions->count, &parted_count);
    const struct cluster_task task = {part->scorer, {parted, parted_count}, NULL, 1};
    edges_complete(&search, &edges);
    cluster_run(&task, &edges, &clusters);
    memcpy(cluster, clusters.cluster, part->table->record_count * sizeof(*cluster));
    memory_free(clusters.cluster);
    memory_free(parted);
    memory_free(edges.edges);
}
