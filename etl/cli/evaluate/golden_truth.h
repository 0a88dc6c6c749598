/* golden_truth.h: whether golden records have the right values. */
#ifndef CUST360_CLI_GOLDEN_TRUTH_H
#define CUST360_CLI_GOLDEN_TRUTH_H

#include "cust360/base/arena.h"
#include "cust360/base/database.h"
#include "cust360/base/map.h"

#define GOLDEN_UNKNOWN UINT32_MAX

enum { GOLDEN_SCORES_MAX = 32 };

/* Who is who: by record of the truth, its entity and the golden record it was found in. */
struct truth {
    struct map *entities;
    uint32_t *entity;
    uint32_t *golden; /* golden number, or GOLDEN_UNKNOWN */
    uint32_t record_count;
};

/* One attribute: of how many entities the truth knows it, and how many are right. */
struct golden_score {
    const char *attribute; /* as the truth's heading names it */
    uint64_t known;
    uint64_t right;
};

static inline double golden_score_share(const struct golden_score *score)
{
    return score->known ? (double)score->right / (double)score->known : 1;
}

/* Compares each entity's true values with the golden record that holds most of its records (of
 * equals, the one with the smallest number). The file has a column `entity`; those of its other
 * columns that golden records have (by the same name, or one that golden_truth.c lists) are
 * compared. Entities without a record in the truth are passed over. */
bool golden_truth_compare(struct arena *arena, struct database *database, const char *path,
                          const struct truth *truth, struct golden_score *scores,
                          size_t *score_count, struct error *error);

#endif
