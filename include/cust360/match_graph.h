/* match_graph.h: what holds a cluster together.
 *
 * Nodes count from 0; links are undirected, weighted, at most one a pair. Where weights are equal
 * the link named first counts as the stronger, so give them in a fixed order. */
#ifndef CUST360_MATCH_GRAPH_H
#define CUST360_MATCH_GRAPH_H

#include "cust360/base/arena.h"
#include <stdint.h>

struct graph_link {
    uint32_t a;
    uint32_t b;
    int32_t weight;
    bool is_bridge; /* without it a and b hang together no more */
    bool in_tree;   /* of the strongest tree: the links by which the nodes were first joined */
};

struct graph {
    uint32_t node_count;
    struct graph_link *links;
    size_t link_count;
};

/* Sets in_tree (Kruskal 1956) and is_bridge (Tarjan 1974) of all links. */
void graph_analyze(struct graph *graph, struct arena *arena);

/* The path between two nodes whose weakest link is as strong as can be: link numbers, in order from
 * `from`. After graph_analyze. 0: they do not hang together. */
size_t graph_path(const struct graph *graph, uint32_t from, uint32_t to, struct arena *arena,
                  const size_t **links);

/* The nodes on the side of link `cut`'s node a when all links up to its weight that cross
 * are cut with it: side[node]. The link is one of the tree; `crossing` (may be NULL) is set to the
 * number of other links between the two sides. */
void graph_cut(const struct graph *graph, size_t cut, struct arena *arena, bool *side,
               size_t *crossing);

/* The tree's weakest link, or SIZE_MAX when there is none. */
size_t graph_weakest(const struct graph *graph);

#endif
