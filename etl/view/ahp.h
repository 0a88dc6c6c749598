/* ahp.h: weights by the Analytic Hierarchy Process (Saaty 1980).
 *
 * A matrix of judgments says how many times as important one criterion is as another; the weights
 * are its principal eigenvector, normalised to a sum of 1. How far the judgments contradict each
 * other is told by the consistency ratio
 *
 *     CR = CI / RI,   CI = (lambda_max - n) / (n - 1)
 *
 * RI is what CI is on average for random matrices of the size: mappings/reference/ahp_ri.csv,
 * column saaty_1980. From 0.1 on a matrix is refused. */
#ifndef CUST360_VIEW_AHP_H
#define CUST360_VIEW_AHP_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

enum { AHP_CRITERIA_MOST = 15 }; /* so far RI is published */

#define AHP_RATIO_LIMIT 0.1

struct ahp_matrix {
    size_t count;             /* criteria, 1 to AHP_CRITERIA_MOST */
    const char *const *names; /* of the criteria */
    const double *judgments;  /* count * count, row by row; [i][j] = how many times as important
                                 criterion i is as j; above 0, and [j][i] = 1 / [i][j] */
};

struct ahp_result {
    double weights[AHP_CRITERIA_MOST]; /* in the order of the criteria; their sum is 1 */
    double lambda_max;                 /* principal eigenvalue; count when all judgments agree */
    double consistency_index;
    double consistency_ratio; /* 0 for one or two criteria, which cannot contradict each other */
};

/* Random index by number of criteria, [0] unused. */
struct ahp_random_index {
    double of_count[AHP_CRITERIA_MOST + 1];
};

/* Reads the column saaty_1980 of ahp_ri.csv. */
bool ahp_random_index_read(const char *path, struct ahp_random_index *index, struct error *error);

void ahp_weigh(const struct ahp_matrix *matrix, const struct ahp_random_index *index,
               struct ahp_result *result);

/* A judgment and what the weights of all the others together would make of it. */
struct ahp_doubt {
    size_t row;
    size_t column; /* row < column, and the judgment is at least 1, or the other way round */
    double given;
    double expected; /* weight of row / weight of column */
};

/* The judgments that differ most from the weights' ratio, the worst first; returns how many of
 * `most` there are. One that fits exactly is not listed. */
size_t ahp_doubts(const struct ahp_matrix *matrix, const struct ahp_result *result,
                  struct ahp_doubt *doubts, size_t most);

/* A criterion of a tree of criteria, each level with a matrix of its own. */
struct ahp_node {
    const char *tree;
    const char *name;     /* unique within its tree */
    const char *parent;   /* the criterion above it; NULL: the tree itself */
    size_t level;         /* 1: right below the tree */
    double weight;        /* among its siblings */
    double global_weight; /* its share in the whole tree */
    double ratio;         /* consistency ratio of the matrix that it is weighed in */
    bool is_leaf;         /* nothing is below it: it is what is measured */
};

struct ahp_trees {
    struct ahp_node *nodes; /* in the order of the file; in the arena */
    size_t count;
};

/* Reads a document of trees (mappings/view/ahp.yaml) and weighs them. A matrix that lacks a
 * judgment, judges a pair twice or contradicts itself (CR of 0.1 and more) is an error at its
 * place, the last with its three most doubtful judgments. */
bool ahp_trees_read(struct arena *arena, const char *path, const struct ahp_random_index *index,
                    struct ahp_trees *trees, struct error *error);

#endif
