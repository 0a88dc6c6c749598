#include "match/cluster.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <limits.h>

enum {
    /* One pair of records tells no more than this for or against two clusters: an id number that
     * agrees does not outvote five records that do not. */
    VOICE_BITS_MAX = 12,
    /* Of a larger cluster this many records, evenly taken, speak for it. */
    SPEAKERS_MAX = 16
};

struct group {
    const struct scorer *scorer;
    uint32_t *parent;
    uint32_t *next; /* a ring through the members of a cluster */
    uint32_t *size;
    const struct parted *parted;
    size_t parted_count;
};

static uint32_t find(struct group *group, uint32_t record)
{
    while (group->parent[record] != record) {
        group->parent[record] = group->parent[group->parent[record]];
        record = group->parent[record];
    }
    return record;
}

/* The smaller number becomes the head, so that heads need no renaming at the end. */
static void join(struct group *group, uint32_t a, uint32_t b)
{
    uint32_t head = a < b ? a : b;
    uint32_t other = a < b ? b : a;
    group->parent[other] = head;
    group->size[head] += group->size[other];
    uint32_t swap = group->next[head];
    group->next[head] = group->next[other];
    group->next[other] = swap;
}

static size_t first_parted(const struct group *group, uint32_t record)
{
    size_t low = 0;
    size_t high = group->parted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (group->parted[middle].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool are_parted(struct group *group, uint32_t a, uint32_t b)
{
    if (group->parted_count == 0)
        return false;
    uint32_t small = group->size[a] < group->size[b] ? a : b;
    uint32_t large = small == a ? b : a;
    uint32_t record = small;
    do {
        for (size_t i = first_parted(group, record);
             i < group->parted_count && group->parted[i].record == record; i++)
            if (find(group, group->parted[i].other) == large)
                return true;
        record = group->next[record];
    } while (record != small);
    return false;
}

/* The hard rule that keeps two of their records apart, or NULL. */
static const struct hard_rule *find_conflict(const struct group *group, uint32_t a, uint32_t b)
{
    const struct table *table = group->scorer->table;
    uint32_t x = a;
    do {
        uint32_t y = b;
        do {
            const struct hard_rule *rule = hard_rule_find(table, x, y);
            if (rule && rule->verdict != VERDICT_ALWAYS)
                return rule;
            y = group->next[y];
        } while (y != b);
        x = group->next[x];
    } while (x != a);
    return NULL;
}

/* Up to SPEAKERS_MAX members, evenly taken. */
static size_t take_speakers(const struct group *group, uint32_t head, uint32_t *speakers)
{
    uint32_t size = group->size[head];
    uint32_t count = size < SPEAKERS_MAX ? size : SPEAKERS_MAX;
    uint32_t record = head;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < size && taken < count; i++, record = group->next[record])
        if ((uint64_t)i * count >= (uint64_t)taken * size)
            speakers[taken++] = record;
    return taken;
}

static bool average_holds(const struct group *group, uint32_t a, uint32_t b)
{
    const int32_t most = VOICE_BITS_MAX * WEIGHT_ONE;
    uint32_t of_a[SPEAKERS_MAX];
    uint32_t of_b[SPEAKERS_MAX];
    size_t a_count = take_speakers(group, a, of_a);
    size_t b_count = take_speakers(group, b, of_b);
    int64_t sum = 0;
    if (group->size[a] == 1 && group->size[b] == 1)
        return true; /* their only pair is the link itself */
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            int32_t weight = score_pair(group->scorer, of_a[i], of_b[j], INT32_MIN);
            sum += weight > most ? most : weight < -most ? -most : weight;
        }
    }
    return sum >= (int64_t)group->scorer->rules->average * (int64_t)(a_count * b_count);
}

/* Why the two clusters do not join, or NULL when they do. */
static const char *refuse(struct group *group, const struct edge *edge, uint32_t a, uint32_t b)
{
    if (are_parted(group, a, b))
        return "a steward has said that they are not the same";
    if (edge->kind == EDGE_DECISION)
        return NULL;
    const struct hard_rule *conflict = find_conflict(group, a, b);
    if (conflict)
        return conflict->name;
    if (edge->kind == EDGE_WEIGHT && !average_holds(group, a, b))
        return "the records on either side do not agree on average";
    return NULL;
}

/* Decisions first, then hard rules, then by weight; sorted by (a, b) before, and stably. */
static uint64_t rank_of(const struct edge *edge)
{
    uint32_t below = (uint32_t)((int64_t)INT32_MAX - edge->weight);
    if (edge->kind == EDGE_DECISION)
        return 0;
    return (uint64_t)(edge->kind == EDGE_ALWAYS ? 1 : 2) << 32 | below;
}

static bool can_join(const struct edge *edge, int32_t merge)
{
    return edge->kind == EDGE_DECISION || edge->kind == EDGE_ALWAYS ||
           (edge->kind == EDGE_WEIGHT && edge->weight >= merge);
}

static void join_by_rank(struct group *group, struct edge *edges, size_t edge_count,
                         struct clusters *clusters)
{
    struct hash_pair *order = memory_resize_array(NULL, edge_count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, edge_count + 1, sizeof(*scratch));
    size_t count = 0;
    for (size_t i = 0; i < edge_count; i++)
        if (can_join(&edges[i], group->scorer->rules->merge))
            order[count++] = (struct hash_pair){rank_of(&edges[i]), (uint32_t)i};
    hash_pairs_sort(order, count, scratch);
    memory_free(scratch);
    for (size_t i = 0; i < count; i++) {
        struct edge *edge = &edges[order[i].value];
        uint32_t a = find(group, edge->a);
        uint32_t b = find(group, edge->b);
        if (a == b)
            continue;
        const char *reason = refuse(group, edge, a, b);
        if (!reason) {
            join(group, a, b);
            continue;
        }
        edge->refused = true;
        edge->reason = reason;
        clusters->refused++;
    }
    memory_free(order);
}

void cluster_run(const struct scorer *scorer, struct edge *edges, size_t edge_count,
                 const struct parted *parted, size_t parted_count, struct clusters *clusters)
{
    uint32_t records = scorer->table->record_count;
    struct group group = {.scorer = scorer, .parted = parted, .parted_count = parted_count};
    group.parent = memory_resize_array(NULL, (size_t)records + 1, sizeof(*group.parent));
    group.next = memory_resize_array(NULL, (size_t)records + 1, sizeof(*group.next));
    group.size = memory_resize_array(NULL, (size_t)records + 1, sizeof(*group.size));
    for (uint32_t i = 0; i < records; i++) {
        group.parent[i] = group.next[i] = i;
        group.size[i] = 1;
    }
    *clusters = (struct clusters){0};
    join_by_rank(&group, edges, edge_count, clusters);
    for (uint32_t i = 0; i < records; i++) {
        uint32_t head = find(&group, i);
        group.parent[i] = head;
        clusters->count += head == i;
        clusters->largest =
            group.size[head] > clusters->largest ? group.size[head] : clusters->largest;
    }
    clusters->cluster = group.parent;
    memory_free(group.next);
    memory_free(group.size);
}

void clusters_release(struct clusters *clusters)
{
    memory_free(clusters->cluster);
    clusters->cluster = NULL;
}
