/* match_diagnose.h: how a match would come out otherwise: with another threshold, with another key.
 *
 * For whoever has a truth to hold it against; nothing here knows the truth. Weights are in
 * 1/WEIGHT_ONE bits. Results do not depend on the number of threads. */
#ifndef CUST360_MATCH_DIAGNOSE_H
#define CUST360_MATCH_DIAGNOSE_H

#include "cust360/match_scene.h"

/* Who takes the clusters that come of each threshold; calls may come from several threads at once,
 * each threshold once. `cluster` is as in struct match_result, and the caller's until it returns.
 */
struct match_curve_taker {
    void (*take)(void *context, size_t threshold, const uint32_t *cluster);
    void *context;
};

/* Clusters all records anew with each of these thresholds in place of `merge`: pairs are scored
 * once. The scene holds all records. Returns how many pairs were compared. */
struct match_curve {
    const int32_t *thresholds;
    size_t threshold_count;
    const struct match_decision *decisions;
    size_t decision_count;
    unsigned threads;
};
uint64_t match_scene_curve(const struct match_scene *scene, const struct match_curve *curve,
                           const struct match_curve_taker *taker);

/* ---- blocking keys that there are not ---- */

/* All attributes, derived ones too, by number. */
size_t match_rules_attribute_count(const struct match_rules *rules);
const char *match_rules_attribute_name(const struct match_rules *rules, size_t attribute);

/* Whether two records have a value of an attribute in common. */
bool match_scene_shares(const struct match_scene *scene, size_t attribute, uint32_t a, uint32_t b);

/* How many pairs share all of these attributes: what a blocking key of them would have to compare,
 * large blocks uncut and pairs of other rules included. */
uint64_t match_scene_key_pairs(const struct match_scene *scene, const size_t *attributes,
                               size_t count, unsigned threads);

#endif
