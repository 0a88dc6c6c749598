/* evaluate.h: how well clusters agree with a truth.
 *
 * Both are partitions of the same items. Pairs are counted over all pairs of items, so that a pair
 * that was never compared counts as missed. Pure functions, thread safe. */
#ifndef CUST360_EVALUATE_H
#define CUST360_EVALUATE_H

#include <stddef.h>
#include <stdint.h>

/* Shares from 0 to 1; of nothing at all the share is 1. */
struct agreement {
    double precision;
    double recall;
    double f1; /* the harmonic mean; 0 when both are 0 */
};

struct evaluation {
    struct agreement pairwise;
    uint64_t true_pairs;
    uint64_t found_pairs;
    uint64_t common_pairs;
    struct agreement bcubed; /* Bagga and Baldwin 1998: the mean over items */
    uint64_t true_clusters;
    uint64_t found_clusters;
    uint64_t exact_clusters; /* found just as they are */
    uint64_t over_merged;    /* found clusters that hold items of several true ones */
    uint64_t split;          /* true clusters whose items are in several found ones */
};

/* truth[i] and found[i] are the clusters of item i, as any numbers. */
void evaluate_partition(const uint32_t *truth, const uint32_t *found, size_t count,
                        struct evaluation *evaluation);

#endif
