#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/cluster/cluster_group.h"
#include "match/cluster/heads.h"

/* What links hold together, if nothing is refused, is a component; what is decided in one is no
 * matter for another. Components are dealt out by their smallest record, each range of these to
 * one thread, its links still from the strongest to the weakest. */
enum { RANGES = 256, RANGE_RECORDS = 1 << 14 };

struct joining {
    struct group *group;
    struct group *own; /* by thread: the same records, memory of its own */
    struct edge *edges;
    uint32_t *order;
    size_t starts[RANGES + 1]; /* in `order` */
    uint64_t refused[RANGES];
    uint32_t *cluster;
};

/* Deals the links from `first` on out into ranges, as they come. */
static void deal_out(struct joining *joining, const struct hash_pair *order, size_t first,
                     size_t count)
{
    uint64_t records = joining->group->scorer->table->record_count;
    uint64_t span = records > 0 ? records : 1;
    uint32_t *parent = joining->cluster;
    size_t places[RANGES + 1] = {0};
    for (uint32_t i = 0; i < records; i++)
        parent[i] = group_find(joining->group, i);
    for (size_t i = first; i < count; i++) {
        const struct edge *edge = &joining->edges[order[i].value];
        heads_join(parent, edge->a, edge->b);
    }
    for (uint32_t i = 0; i < records; i++)
        parent[i] = heads_find(parent, i);
    for (size_t i = first; i < count; i++)
        places[(uint64_t)parent[joining->edges[order[i].value].a] * RANGES / span + 1]++;
    for (size_t i = 1; i <= RANGES; i++)
        places[i] += places[i - 1];
    memcpy(joining->starts, places, sizeof(places));
    for (size_t i = first; i < count; i++) {
        uint64_t head = parent[joining->edges[order[i].value].a];
        joining->order[places[head * RANGES / span]++] = order[i].value;
    }
    joining->group->component = parent;
}

static void join_range(void *context, size_t range, unsigned thread)
{
    struct joining *joining = context;
    struct group *own = &joining->own[thread];
    if (!own->scorer) {
        *own = *joining->group;
        own->outlines = outlines_create(own->scorer);
    }
    for (size_t i = joining->starts[range]; i < joining->starts[range + 1]; i++)
        joining->refused[range] += group_follow(own, &joining->edges[joining->order[i]]);
}

static void name_clusters(void *context, size_t range, unsigned thread)
{
    struct joining *joining = context;
    const uint32_t *parent = joining->group->parent;
    uint32_t records = joining->group->scorer->table->record_count;
    uint32_t first = (uint32_t)range * RANGE_RECORDS;
    (void)thread;
    for (uint32_t i = first; i < records && i - first < RANGE_RECORDS; i++) {
        uint32_t head = i;
        while (parent[head] != head)
            head = parent[head];
        joining->cluster[i] = head;
    }
}

static void join_ranges(struct joining *joining, unsigned threads, struct clusters *clusters)
{
    joining->own = memory_allocate_array(threads + 1, sizeof(*joining->own));
    pool_run(threads, RANGES, join_range, joining);
    for (unsigned i = 0; i < threads; i++)
        group_release_own(&joining->own[i]);
    memory_free(joining->own);
    for (size_t i = 0; i < RANGES; i++)
        clusters->refused += joining->refused[i];
}

/* Decisions first, then hard rules, then by weight; sorted by (a, b) before, and stably. */
static uint64_t rank_of(const struct edge *edge)
{
    uint32_t below = (uint32_t)((int64_t)INT32_MAX - edge->weight);
    if (edge->kind == EDGE_DECISION)
        return 0;
    return (uint64_t)(edge->kind == EDGE_ALWAYS ? 1 : 2) << 32 | below;
}

static struct hash_pair *rank_edges(const struct cluster_task *task, const struct edge_list *list,
                                    size_t *count)
{
    const struct edge *edges = list->edges;
    struct hash_pair *order = memory_resize_array(NULL, list->count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, list->count + 1, sizeof(*scratch));
    *count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (edge_can_join(&edges[i], task->scorer->rules->merge) &&
            !(task->settled && task->settled->records[edges[i].a]))
            order[(*count)++] = (struct hash_pair){rank_of(&edges[i]), (uint32_t)i};
    hash_pairs_sort(order, *count, scratch);
    memory_free(scratch);
    return order;
}

/* Decisions first, one after the other: what they join are the units of all that follows. */
static void join_by_rank(struct joining *joining, const struct cluster_task *task,
                         const struct edge_list *list, struct clusters *clusters)
{
    size_t count = 0;
    size_t decided = 0;
    struct hash_pair *order = rank_edges(task, list, &count);
    for (; decided < count && joining->edges[order[decided].value].kind == EDGE_DECISION; decided++)
        clusters->refused += group_follow(joining->group, &joining->edges[order[decided].value]);
    if (decided && decided < count)
        group_note_units(joining->group);
    if (decided < count) {
        joining->order = memory_resize_array(NULL, count, sizeof(*joining->order));
        deal_out(joining, order, decided, count);
        join_ranges(joining, task->threads, clusters);
        memory_free(joining->order);
    }
    memory_free(order);
}

/* 1, 2, 3, 4, 5 to 9, 10 and more */
static size_t size_class(uint32_t size)
{
    enum { SINGLE_CLASSES = 4, FEW_MAX = 9 };
    return size <= SINGLE_CLASSES ? size - 1
           : size <= FEW_MAX      ? SINGLE_CLASSES
                                  : SINGLE_CLASSES + 1;
}

static void join_settled(struct group *group, const struct settled *settled,
                         const struct edge_list *list, struct clusters *clusters)
{
    uint32_t records = group->scorer->table->record_count;
    for (uint32_t i = 0; i < records; i++) {
        if (!settled->records[i] || settled->cluster[i] == i)
            continue;
        group->parent[i] = settled->cluster[i];
        group->size[settled->cluster[i]]++;
    }
    for (size_t i = 0; i < list->count; i++)
        clusters->refused += list->edges[i].refused;
}

void cluster_run(const struct cluster_task *task, struct edge_list *list, struct clusters *clusters)
{
    struct group group;
    uint32_t records = task->scorer->table->record_count;
    struct joining joining = {.group = &group, .edges = list->edges};
    group_create(&group, task->scorer, task->parted.items, task->parted.count);
    *clusters = (struct clusters){0};
    if (task->settled)
        join_settled(&group, task->settled, list, clusters);
    joining.cluster = memory_resize_array(NULL, (size_t)records + 1, sizeof(*joining.cluster));
    join_by_rank(&joining, task, list, clusters);
    pool_run(task->threads, (records + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS, name_clusters,
             &joining);
    for (uint32_t i = 0; i < records; i++) {
        if (joining.cluster[i] != i)
            continue;
        clusters->sizes[size_class(group.size[i])]++;
        clusters->count++;
        clusters->largest = group.size[i] > clusters->largest ? group.size[i] : clusters->largest;
    }
    clusters->cluster = joining.cluster;
    memory_free(group.parent);
    group_release(&group);
}
