#include "cust360/match_graph.h"
#include "match/cluster/heads.h"

#include <stdlib.h>

struct ranked {
    int32_t weight;
    size_t link;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *x = left;
    const struct ranked *y = right;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

static uint32_t *singletons(uint32_t count, struct arena *arena)
{
    uint32_t *parent = arena_allocate_array(arena, (size_t)count + 1, sizeof(*parent));
    for (uint32_t i = 0; i < count; i++)
        parent[i] = i;
    return parent;
}

static void grow_tree(struct graph *graph, struct arena *arena)
{
    struct ranked *order = arena_allocate_array(arena, graph->link_count + 1, sizeof(*order));
    uint32_t *parent = singletons(graph->node_count, arena);
    for (size_t i = 0; i < graph->link_count; i++)
        order[i] = (struct ranked){graph->links[i].weight, i};
    qsort(order, graph->link_count, sizeof(*order), compare_ranked);
    for (size_t i = 0; i < graph->link_count; i++) {
        struct graph_link *link = &graph->links[order[i].link];
        uint32_t a = heads_find(parent, link->a);
        uint32_t b = heads_find(parent, link->b);
        link->in_tree = a != b;
        parent[b] = a;
    }
}

void graph_cut(const struct graph *graph, size_t cut, struct arena *arena, bool *side,
               size_t *crossing)
{
    uint32_t *parent = singletons(graph->node_count, arena);
    for (size_t i = 0; i < graph->link_count; i++)
        if (graph->links[i].in_tree && i != cut)
            parent[heads_find(parent, graph->links[i].b)] = heads_find(parent, graph->links[i].a);
    uint32_t head = heads_find(parent, graph->links[cut].a);
    for (uint32_t i = 0; i < graph->node_count; i++)
        side[i] = heads_find(parent, i) == head;
    if (!crossing)
        return;
    *crossing = 0;
    for (size_t i = 0; i < graph->link_count; i++)
        *crossing += i != cut && side[graph->links[i].a] != side[graph->links[i].b];
}

/* ---- bridges ---- */

/* A depth-first search without recursion, for a chain may be as long as there are records. Of each
 * node the earliest node that it reaches without the link by which it was found. */
struct walk {
    const struct graph *graph;
    size_t *starts; /* of a node's links in `around` */
    size_t *around;
    size_t *next; /* the node's link to be followed next */
    size_t *via;  /* the link by which it was found */
    uint32_t *order;
    uint32_t *low;
    uint32_t *stack;
    uint32_t clock;
};

static void lay_out_links(struct walk *walk, struct arena *arena)
{
    const struct graph *graph = walk->graph;
    size_t nodes = graph->node_count;
    walk->starts = arena_allocate_array(arena, nodes + 2, sizeof(*walk->starts));
    walk->around = arena_allocate_array(arena, graph->link_count * 2 + 1, sizeof(*walk->around));
    walk->next = arena_allocate_array(arena, nodes + 1, sizeof(*walk->next));
    for (size_t i = 0; i < graph->link_count; i++) {
        walk->starts[graph->links[i].a + 1]++;
        walk->starts[graph->links[i].b + 1]++;
    }
    for (size_t i = 0; i < nodes; i++)
        walk->starts[i + 1] += walk->starts[i];
    for (size_t i = 0; i < nodes; i++)
        walk->next[i] = walk->starts[i];
    for (size_t i = 0; i < graph->link_count; i++) {
        walk->around[walk->next[graph->links[i].a]++] = i;
        walk->around[walk->next[graph->links[i].b]++] = i;
    }
    for (size_t i = 0; i < nodes; i++)
        walk->next[i] = walk->starts[i];
}

static uint32_t other_end(const struct graph_link *link, uint32_t node)
{
    return link->a == node ? link->b : link->a;
}

static void enter(struct walk *walk, uint32_t node, size_t via, size_t *depth)
{
    walk->order[node] = walk->low[node] = ++walk->clock;
    walk->via[node] = via;
    walk->stack[(*depth)++] = node;
}

static void leave(struct walk *walk, size_t *depth)
{
    uint32_t node = walk->stack[--*depth];
    if (*depth == 0)
        return;
    uint32_t before = walk->stack[*depth - 1];
    if (walk->low[node] < walk->low[before])
        walk->low[before] = walk->low[node];
    walk->graph->links[walk->via[node]].is_bridge = walk->low[node] > walk->order[before];
}

static void walk_from(struct walk *walk, uint32_t root)
{
    size_t depth = 0;
    enter(walk, root, SIZE_MAX, &depth);
    while (depth > 0) {
        uint32_t node = walk->stack[depth - 1];
        if (walk->next[node] == walk->starts[node + 1]) {
            leave(walk, &depth);
            continue;
        }
        size_t link = walk->around[walk->next[node]++];
        uint32_t other = other_end(&walk->graph->links[link], node);
        if (link == walk->via[node])
            continue;
        if (walk->order[other] == 0)
            enter(walk, other, link, &depth);
        else if (walk->order[other] < walk->low[node])
            walk->low[node] = walk->order[other];
    }
}

void graph_analyze(struct graph *graph, struct arena *arena)
{
    size_t nodes = (size_t)graph->node_count + 1;
    struct walk walk = {.graph = graph};
    grow_tree(graph, arena);
    lay_out_links(&walk, arena);
    walk.via = arena_allocate_array(arena, nodes, sizeof(*walk.via));
    walk.order = arena_allocate_array(arena, nodes, sizeof(*walk.order));
    walk.low = arena_allocate_array(arena, nodes, sizeof(*walk.low));
    walk.stack = arena_allocate_array(arena, nodes, sizeof(*walk.stack));
    for (size_t i = 0; i < graph->link_count; i++)
        graph->links[i].is_bridge = false;
    for (uint32_t i = 0; i < graph->node_count; i++)
        if (walk.order[i] == 0)
            walk_from(&walk, i);
}

/* ---- paths ---- */

/* In a tree there is one path, and in the strongest tree it is the one whose weakest link is
 * strongest (Hu 1961). */
size_t graph_path(const struct graph *graph, uint32_t from, uint32_t to, struct arena *arena,
                  const size_t **links)
{
    size_t nodes = (size_t)graph->node_count + 1;
    size_t *via = arena_allocate_array(arena, nodes, sizeof(*via)); /* link + 1; 0: not reached */
    size_t *path = arena_allocate_array(arena, nodes, sizeof(*path));
    uint32_t *queue = arena_allocate_array(arena, nodes, sizeof(*queue));
    size_t count = 0;
    size_t tail = 0;
    queue[tail++] = to;
    for (size_t head = 0; head < tail && !via[from]; head++)
        for (size_t i = 0; i < graph->link_count; i++) {
            const struct graph_link *link = &graph->links[i];
            if (!link->in_tree || (link->a != queue[head] && link->b != queue[head]))
                continue;
            uint32_t other = other_end(link, queue[head]);
            if (other == to || via[other])
                continue;
            via[other] = i + 1;
            queue[tail++] = other;
        }
    *links = path;
    if (!via[from])
        return 0;
    for (uint32_t node = from; node != to; node = other_end(&graph->links[path[count - 1]], node))
        path[count++] = via[node] - 1;
    return count;
}

size_t graph_weakest(const struct graph *graph)
{
    size_t weakest = SIZE_MAX;
    for (size_t i = 0; i < graph->link_count; i++)
        if (graph->links[i].in_tree &&
            (weakest == SIZE_MAX || graph->links[i].weight <= graph->links[weakest].weight))
            weakest = i;
    return weakest;
}
