#include "cust360/match_graph.h"
#include "lab.h"

enum { NODES_MAX = 9, LINKS_MAX = 16 };

/* Whether b can be reached from a by links that are not skipped and not below `least`. */
static bool reaches(const struct graph *graph, uint32_t a, uint32_t b, size_t skipped,
                    int32_t least)
{
    bool seen[NODES_MAX] = {false};
    seen[a] = true;
    for (uint32_t round = 0; round < graph->node_count; round++)
        for (size_t i = 0; i < graph->link_count; i++) {
            const struct graph_link *link = &graph->links[i];
            if (i == skipped || link->weight < least)
                continue;
            if (seen[link->a] || seen[link->b])
                seen[link->a] = seen[link->b] = true;
        }
    return seen[b];
}

static void make_random(struct graph *graph, uint64_t *state)
{
    graph->node_count = 1 + lab_random(state, NODES_MAX);
    graph->link_count = 0;
    for (uint32_t a = 0; a < graph->node_count; a++)
        for (uint32_t b = a + 1; b < graph->node_count; b++)
            if (graph->link_count < LINKS_MAX && lab_random(state, 4) == 0)
                graph->links[graph->link_count++] =
                    (struct graph_link){.a = a, .b = b, .weight = (int32_t)lab_random(state, 6)};
}

static void check_path(const struct graph *graph, uint32_t from, uint32_t to, struct arena *arena)
{
    const size_t *links = NULL;
    size_t count = graph_path(graph, from, to, arena, &links);
    cr_assert_eq(count > 0, from != to && reaches(graph, from, to, SIZE_MAX, INT32_MIN));
    if (count == 0)
        return;
    uint32_t node = from;
    int32_t weakest = INT32_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct graph_link *link = &graph->links[links[i]];
        cr_assert(link->a == node || link->b == node);
        node = link->a == node ? link->b : link->a;
        weakest = link->weight < weakest ? link->weight : weakest;
    }
    cr_assert_eq(node, to);
    cr_assert_not(reaches(graph, from, to, SIZE_MAX, weakest + 1), "there is a stronger path");
}

static void check_cut(const struct graph *graph, size_t cut, struct arena *arena)
{
    bool side[NODES_MAX];
    size_t crossing = 0;
    graph_cut(graph, cut, arena, side, &crossing);
    cr_assert(side[graph->links[cut].a]);
    cr_assert_not(side[graph->links[cut].b]);
    cr_assert_eq(crossing == 0, graph->links[cut].is_bridge);
    for (size_t i = 0; i < graph->link_count; i++)
        cr_assert(side[graph->links[i].a] == side[graph->links[i].b] ||
                  graph->links[i].weight <= graph->links[cut].weight);
}

Test(match_graph, random_graphs_have_their_bridges_paths_and_cuts)
{
    uint64_t state = 31;
    for (int round = 0; round < 400; round++) {
        struct graph_link links[LINKS_MAX];
        struct graph graph = {.links = links};
        struct arena *arena = arena_create();
        make_random(&graph, &state);
        graph_analyze(&graph, arena);
        for (size_t i = 0; i < graph.link_count; i++) {
            cr_assert_eq(links[i].is_bridge,
                         !reaches(&graph, links[i].a, links[i].b, i, INT32_MIN));
            cr_assert(!links[i].is_bridge || links[i].in_tree);
            if (links[i].in_tree)
                check_cut(&graph, i, arena);
        }
        for (uint32_t from = 0; from < graph.node_count; from++)
            for (uint32_t to = 0; to < graph.node_count; to++)
                check_path(&graph, from, to, arena);
        arena_destroy(arena);
    }
}

Test(match_graph, the_weakest_link_of_a_chain_is_found_however_long)
{
    enum { CHAIN = 20000 };
    struct arena *arena = arena_create();
    struct graph graph = {.node_count = CHAIN + 1, .link_count = CHAIN};
    graph.links = arena_allocate_array(arena, CHAIN, sizeof(*graph.links));
    for (uint32_t i = 0; i < CHAIN; i++)
        graph.links[i] = (struct graph_link){.a = i, .b = i + 1, .weight = i == 77 ? 3 : 9};
    graph_analyze(&graph, arena);
    cr_expect_eq(graph_weakest(&graph), 77);
    cr_expect(graph.links[0].is_bridge && graph.links[CHAIN - 1].is_bridge);
    struct graph nothing = {.node_count = 1};
    graph_analyze(&nothing, arena);
    cr_expect_eq(graph_weakest(&nothing), SIZE_MAX);
    arena_destroy(arena);
}
