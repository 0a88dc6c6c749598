#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/match_diagnose.h"
#include "match/block/block_keys.h"
#include "match/cluster/edges.h"
#include "match/explain/scene.h"

#include <limits.h>

/* ---- thresholds ---- */

struct curve_work {
    const struct match_scene *scene;
    const struct match_curve *curve;
    const struct match_curve_taker *taker;
    const struct edge_list *edges;
    const struct parted *parted;
    size_t parted_count;
};

/* Clustering reads the threshold from the rules and notes refusals in the edges, so it works on
 * copies of both. */
static void cluster_at(void *context, size_t piece, unsigned thread)
{
    const struct curve_work *work = context;
    struct match_rules rules = *work->scene->rules;
    struct scorer scorer = *work->scene->scorer;
    struct clusters clusters;
    size_t count = work->edges->count;
    const struct cluster_task task = {&scorer, {work->parted, work->parted_count}, NULL, 1};
    struct edge_list edges = {.count = count};
    (void)thread;
    edges.edges = memory_resize_array(NULL, count + 1, sizeof(*edges.edges));
    if (count)
        memcpy(edges.edges, work->edges->edges, count * sizeof(*edges.edges));
    rules.merge = work->curve->thresholds[piece];
    scorer.rules = &rules;
    cluster_run(&task, &edges, &clusters);
    work->taker->take(work->taker->context, piece, clusters.cluster);
    clusters_release(&clusters);
    memory_free(edges.edges);
}

uint64_t match_scene_curve(const struct match_scene *scene, const struct match_curve *curve,
                           const struct match_curve_taker *taker)
{
    struct edge_list edges = {0};
    struct block_statistics statistics;
    int32_t least = INT32_MAX;
    for (size_t i = 0; i < curve->threshold_count; i++)
        least = curve->thresholds[i] < least ? curve->thresholds[i] : least;
    const struct edge_search search = {.scorer = scene->scorer,
                                       .least = least,
                                       .decisions = curve->decisions,
                                       .decision_count = curve->decision_count,
                                       .threads = curve->threads};
    edges_find(&search, &edges, &statistics);
    struct curve_work work = {.scene = scene, .curve = curve, .taker = taker, .edges = &edges};
    struct parted *parted =
        cluster_list_parted(curve->decisions, curve->decision_count, &work.parted_count);
    work.parted = parted;
    pool_run(curve->threads, curve->threshold_count, cluster_at, &work);
    memory_free(parted);
    memory_free(edges.edges);
    return statistics.pairs;
}

/* ---- keys ---- */

size_t match_rules_attribute_count(const struct match_rules *rules)
{
    return rules->attribute_count;
}

const char *match_rules_attribute_name(const struct match_rules *rules, size_t attribute)
{
    return rules->attributes[attribute].name;
}

bool match_scene_shares(const struct match_scene *scene, size_t attribute, uint32_t a, uint32_t b)
{
    return table_shares(scene->table, attribute, a, b);
}

uint64_t match_scene_key_pairs(const struct match_scene *scene, const size_t *attributes,
                               size_t count, unsigned threads)
{
    struct key_set keys;
    size_t *own = memory_allocate_array(count + 1, sizeof(*own));
    for (size_t i = 0; i < count; i++)
        own[i] = attributes[i];
    const struct block_rule rule = {.name = "asked", .keys = own, .key_count = count};
    key_set_compute(&keys, scene->table, &rule, threads);
    size_t records = scene->table->record_count;
    size_t most = keys.starts ? keys.starts[records] : records;
    struct hash_pair *pairs = memory_resize_array(NULL, most + 1, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, most + 1, sizeof(*scratch));
    size_t used = 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < most; i++)
        if (keys.hashes[i])
            pairs[used++] = (struct hash_pair){keys.hashes[i], 0};
    hash_pairs_sort(pairs, used, scratch);
    for (size_t i = 1, run = 0; i < used; i++) {
        run = pairs[i].hash == pairs[i - 1].hash ? run + 1 : 0;
        sum += run;
    }
    memory_free(pairs);
    memory_free(scratch);
    memory_free(own);
    key_set_release(&keys);
    return sum;
}
