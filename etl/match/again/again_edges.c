#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/again/again.h"
#include "match/cluster/heads.h"

/* ---- edges ---- */

static bool is_clean(const struct again *again, uint32_t record)
{
    return record != RECORD_NONE && !again->dirty[record];
}

/* The reason of a hard rule is that of the rules as they are bound now. */
static struct edge edge_of(const struct again *again, const struct kept_edge *kept)
{
    struct edge edge = {
        .a = again->now[kept->a],
        .b = again->now[kept->b],
        .weight = kept->weight,
        .kind = (enum edge_kind)kept->found,
        .found = kept->found,
    };
    if (edge.kind != EDGE_WEIGHT) {
        const struct hard_rule *rule = hard_rule_find(again->table, edge.a, edge.b);
        edge.reason = rule ? rule->name : NULL;
    }
    return edge;
}

static void touch(struct again *again, uint32_t record)
{
    if (record != RECORD_NONE)
        again->touched[record] = true;
}

void again_keep_edges(struct again *again, struct edge_list *list)
{
    for (uint32_t i = 0; i < again->table->record_count; i++)
        again->touched[i] = again->dirty[i];
    for (size_t i = 0; i < again->former.heading->edge_count; i++) {
        const struct kept_edge *kept = &again->former.edges[i];
        uint32_t a = again->now[kept->a];
        uint32_t b = again->now[kept->b];
        if (!is_clean(again, a) || !is_clean(again, b)) {
            touch(again, a);
            touch(again, b);
            continue;
        }
        if (kept->found == EDGE_NOT_FOUND)
            continue;
        list->edges =
            memory_grow(list->edges, &list->capacity, list->count + 1, sizeof(*list->edges));
        list->edges[list->count++] = edge_of(again, kept);
    }
}

/* ---- decisions ---- */

/* A decision as a number that is the same in both matches; of a pair that is not there now 0. */
static uint64_t decision_number(const struct match_decision *decision, const uint32_t *now)
{
    uint64_t a = now ? now[decision->a] : decision->a;
    uint64_t b = now ? now[decision->b] : decision->b;
    if (a == RECORD_NONE || b == RECORD_NONE)
        return 0;
    uint64_t pair = a < b ? a << 32 | b : b << 32 | a;
    return hash_combine(pair, decision->same) | 1;
}

static struct hash_pair *sort_decisions(const struct match_decision *decisions, size_t count,
                                        const uint32_t *now)
{
    struct hash_pair *sorted = memory_resize_array(NULL, count + 1, sizeof(*sorted));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct hash_pair){decision_number(&decisions[i], now), (uint32_t)i};
    hash_pairs_sort(sorted, count, scratch);
    memory_free(scratch);
    return sorted;
}

void again_touch_decided(struct again *again)
{
    const struct match_decision *decisions = again->task->decisions;
    const struct match_decision *former = again->former.decisions;
    size_t count = again->task->decision_count;
    size_t former_count = again->former.heading->decision_count;
    struct hash_pair *now = sort_decisions(decisions, count, NULL);
    struct hash_pair *then = sort_decisions(former, former_count, again->now);
    for (size_t i = 0, j = 0; i < count || j < former_count;) {
        bool has_now = i < count && (j == former_count || now[i].hash <= then[j].hash);
        bool has_then = j < former_count && (i == count || then[j].hash <= now[i].hash);
        if (has_now && !has_then) {
            touch(again, decisions[now[i].value].a);
            touch(again, decisions[now[i].value].b);
        } else if (has_then && !has_now) {
            touch(again, again->now[former[then[j].value].a]);
            touch(again, again->now[former[then[j].value].b]);
        }
        i += has_now;
        j += has_then;
    }
    memory_free(now);
    memory_free(then);
}

/* ---- clusters ---- */

/* What edges that can join hold together, and of it what nobody touches. */
static bool *find_settled(const struct again *again, const struct edge_list *list)
{
    uint32_t count = again->table->record_count;
    uint32_t *parent = memory_resize_array(NULL, (size_t)count + 1, sizeof(*parent));
    bool *touched = memory_allocate_array((size_t)count + 1, sizeof(*touched));
    bool *settled = memory_allocate_array((size_t)count + 1, sizeof(*settled));
    for (uint32_t i = 0; i < count; i++)
        parent[i] = i;
    for (size_t i = 0; i < list->count; i++)
        if (edge_can_join(&list->edges[i], again->table->rules->merge))
            heads_join(parent, list->edges[i].a, list->edges[i].b);
    for (uint32_t i = 0; i < count; i++)
        if (again->touched[i])
            touched[heads_find(parent, i)] = true;
    for (uint32_t i = 0; i < count; i++)
        settled[i] = !touched[heads_find(parent, i)];
    memory_free(parent);
    memory_free(touched);
    return settled;
}

/* Edges of both matches are by (a, b), and records have kept their order. */
static void settle_edges(const struct again *again, const struct edge_list *list,
                         const bool *settled)
{
    size_t j = 0;
    for (size_t i = 0; i < again->former.heading->edge_count; i++) {
        const struct kept_edge *kept = &again->former.edges[i];
        uint32_t a = again->now[kept->a];
        uint32_t b = again->now[kept->b];
        if (a == RECORD_NONE || b == RECORD_NONE || !kept->refused)
            continue;
        while (j < list->count &&
               (list->edges[j].a < a || (list->edges[j].a == a && list->edges[j].b < b)))
            j++;
        if (j == list->count)
            return;
        struct edge *edge = &list->edges[j];
        if (edge->a != a || edge->b != b || !settled[a])
            continue;
        edge->refused = true;
        edge->reason = again->former.reasons + kept->reason;
    }
}

void again_settle(const struct again *again, const struct edge_list *list, struct settled *settled)
{
    uint32_t count = again->table->record_count;
    settled->records = find_settled(again, list);
    settled->cluster = memory_resize_array(NULL, (size_t)count + 1, sizeof(*settled->cluster));
    for (uint32_t i = 0; i < count; i++)
        settled->cluster[i] =
            settled->records[i] ? again->now[again->former.clusters[again->then[i]]] : i;
    settle_edges(again, list, settled->records);
}

/* ---- for the next match ---- */

void again_remember(const struct again *again, const struct edge_list *list,
                    const uint32_t *clusters)
{
    const struct match_task *task = again->task;
    if (!task->memory || !again->row_hashes || again->cuts.incomplete)
        return;
    const struct memory_content content = {
        .basis = task->basis,
        .record_count = again->table->record_count,
        .row_hashes = again->row_hashes,
        .names = task->names,
        .clusters = clusters,
        .edges = list,
        .decisions = task->decisions,
        .decision_count = task->decision_count,
        .cuts = &again->cuts,
    };
    memory_write(&content, task->memory);
}
