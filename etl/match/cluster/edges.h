/* edges.h: the pairs that blocking brings together and that weigh enough to be looked at again. */
#ifndef CUST360_MATCH_EDGES_H
#define CUST360_MATCH_EDGES_H

#include "match/again/again.h"
#include "match/block/block.h"
#include "match/cluster/cluster.h"
#include "match/score/outline.h"
#include "match/train/met.h"

/* All compared pairs that no rule forbids and that weigh `least` or more, or that a rule joins
 * whatever they weigh, and the pairs that stewards have joined; by (a, b), each once. */
struct edge_search {
    const struct scorer *scorer;
    int32_t least;
    const struct match_decision *decisions; /* on records that there are */
    size_t decision_count;
    unsigned threads;
    const struct met_pairs *met; /* all pairs that meet; NULL: they are still to be found */
    struct again *again;         /* what of a former match holds; NULL: nothing, nor is it asked */
};
void edges_find(const struct edge_search *search, struct edge_list *list,
                struct block_statistics *statistics);

/* The same of blocks that are given, without the decisions; as the blocks have them, so that a pair
 * of windowed blocks may come twice. One thread. */
void edges_find_in(const struct edge_search *search, const struct given_blocks *blocks,
                   struct edge_list *list, struct block_statistics *statistics);

/* Adds the pairs that stewards have joined and brings the edges in their order, each pair once. */
void edges_complete(const struct edge_search *search, struct edge_list *list);

#endif
