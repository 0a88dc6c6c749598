/* cluster.h: from links to customers.
 *
 * Links are taken from the strongest to the weakest (ties: the smaller record numbers first). A
 * link joins the two clusters it stands between unless a steward has said no, a hard rule forbids
 * two of their records to be one, or the evidence between the two clusters does not hold on
 * average. What is refused is kept with the reason. */
#ifndef CUST360_MATCH_CLUSTER_H
#define CUST360_MATCH_CLUSTER_H

#include "match/score/score.h"

enum edge_kind {
    EDGE_NOT_FOUND = -1, /* only in `found`: it is there by a decision alone */
    EDGE_WEIGHT,         /* by its weight */
    EDGE_ALWAYS,         /* by a hard rule */
    EDGE_ASK,            /* not without a steward */
    EDGE_DECISION        /* a steward said that they are the same */
};

struct edge {
    uint32_t a; /* a < b */
    uint32_t b;
    int32_t weight;
    enum edge_kind kind;
    const char *reason; /* of a hard rule, a decision or a refusal; or NULL */
    bool refused;       /* set by cluster_run: it would have joined two clusters */
    int found;          /* its kind as the two records' values say, whatever a steward has said */
};

/* Whether clusters may join by an edge; `merge` is the least weight of a link. */
static inline bool edge_can_join(const struct edge *edge, int32_t merge)
{
    return edge->kind == EDGE_DECISION || edge->kind == EDGE_ALWAYS ||
           (edge->kind == EDGE_WEIGHT && edge->weight >= merge);
}

/* Two records that a steward has parted. */
struct parted {
    uint32_t record;
    uint32_t other;
};

/* The same of stewards' words: both ways, sorted; freed by the caller. */
struct parted *cluster_list_parted(const struct match_decision *decisions, size_t count,
                                   size_t *parted_count);

enum objection_kind { OBJECTION_STEWARD, OBJECTION_RULE, OBJECTION_AVERAGE };

/* Why two clusters do not join. */
struct objection {
    const char *reason; /* NULL: nothing speaks against it */
    enum objection_kind kind;
    uint32_t a; /* the records that a steward or a rule has parted, one of each cluster */
    uint32_t b;
    int32_t average; /* the mean weight between the clusters, when it was asked for */
};

struct clusters {
    uint32_t *cluster; /* by record: the smallest number in its cluster */
    uint32_t count;
    uint32_t largest;
    uint32_t sizes[6]; /* as match_statistics tells them */
    uint64_t refused;
};

/* Edges are sorted by (a, b), each pair once; those parted by (record, other), each pair both ways.
 */
struct edge_list {
    struct edge *edges; /* freed by the caller */
    size_t count;
    size_t capacity;
};
struct parted_list {
    const struct parted *items;
    size_t count;
};

/* Clusters that are known already, with all that edges hold together with them. Edges between
 * their records say whether they were refused. Freed by the caller. */
struct settled {
    bool *records;     /* by record */
    uint32_t *cluster; /* of settled records: as in struct clusters */
};

struct cluster_task {
    const struct scorer *scorer;
    struct parted_list parted;
    const struct settled *settled; /* NULL: nothing is */
    unsigned threads;
};
void cluster_run(const struct cluster_task *task, struct edge_list *list,
                 struct clusters *clusters);

/* What speaks against joining two sets of records now, each taken as one cluster. */
struct cluster_sides {
    const uint32_t *a;
    size_t a_count; /* 1 or more */
    const uint32_t *b;
    size_t b_count;
};
struct objection cluster_object(const struct scorer *scorer, const struct cluster_sides *sides,
                                const struct match_decision *decisions, size_t decision_count);

void clusters_release(struct clusters *clusters);

#endif
