#include "match/explain/scene.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/block/block.h"
#include "match/cluster/cluster.h"

#include <limits.h>
#include <stdatomic.h>

struct match_scene *match_scene_create(const struct match_rules *rules,
                                       const struct match_model *model,
                                       const struct match_input *input)
{
    struct match_scene *scene = memory_allocate_array(1, sizeof(*scene));
    scene->rules = rules;
    scene->input = input;
    scene->table = table_create(rules, input, 1);
    scene->scorer = scorer_create(scene->table, model);
    return scene;
}

void match_scene_destroy(struct match_scene *scene)
{
    if (!scene)
        return;
    scorer_destroy(scene->scorer);
    table_destroy(scene->table);
    memory_free(scene);
}

int32_t match_scene_weight(const struct match_scene *scene, uint32_t a, uint32_t b)
{
    return score_pair(scene->scorer, a, b, INT32_MIN);
}

bool match_scene_hard_rule(const struct match_scene *scene, uint32_t a, uint32_t b,
                           struct match_hard_rule *rule)
{
    const struct hard_rule *found = hard_rule_find(scene->table, a, b);
    if (!found)
        return false;
    *rule = (struct match_hard_rule){scene_verdict(found->verdict), found->name};
    return true;
}

struct match_thresholds match_rules_thresholds(const struct match_rules *rules)
{
    return (struct match_thresholds){rules->merge, rules->review, rules->average, rules->max_block,
                                     rules->window};
}

struct match_objection match_scene_object(const struct match_scene *scene,
                                          const struct match_sides *sides,
                                          const struct match_decision *decisions,
                                          size_t decision_count)
{
    static const enum match_objection_kind kinds[] = {[OBJECTION_STEWARD] = MATCH_BY_STEWARD,
                                                      [OBJECTION_RULE] = MATCH_BY_RULE,
                                                      [OBJECTION_AVERAGE] = MATCH_BY_AVERAGE};
    const struct cluster_sides asked = {sides->a, sides->a_count, sides->b, sides->b_count};
    struct objection found = cluster_object(scene->scorer, &asked, decisions, decision_count);
    return (struct match_objection){found.reason, kinds[found.kind], found.a, found.b,
                                    found.average};
}

/* ---- which pairs are compared ---- */

struct search {
    struct hash_pair *wanted; /* (a, b) → index, sorted */
    size_t count;
    atomic_bool *found; /* a pair may come by two rules, in pieces of two threads */
};

static uint64_t pair_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static void mark_pair(const struct search *search, uint64_t key)
{
    size_t low = 0;
    size_t high = search->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->wanted[middle].hash < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < search->count && search->wanted[low].hash == key; low++)
        atomic_store_explicit(&search->found[search->wanted[low].value], true,
                              memory_order_relaxed);
}

static void take_pairs(void *context, const struct pair_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        mark_pair(context, pair_key(batch->pairs[i].a, batch->pairs[i].b));
}

void match_scene_compared(const struct match_scene *scene, const struct match_question *pairs,
                          size_t count, unsigned threads, bool *compared)
{
    size_t rules[BLOCK_RULES_MAX];
    struct search search = {.count = count};
    struct block_statistics statistics;
    struct pair_taker taker = {NULL, take_pairs, NULL, &search};
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    search.wanted = memory_resize_array(NULL, count + 1, sizeof(*search.wanted));
    search.found = memory_allocate_array(count + 1, sizeof(*search.found));
    for (size_t i = 0; i < count; i++)
        search.wanted[i] = (struct hash_pair){pair_key(pairs[i].a, pairs[i].b), (uint32_t)i};
    hash_pairs_sort(search.wanted, count, scratch);
    for (size_t i = 0; i < scene->rules->block_count; i++)
        rules[i] = i;
    blocks_enumerate(scene->table, rules, scene->rules->block_count, threads, &taker, &statistics);
    for (size_t i = 0; i < count; i++)
        compared[i] = atomic_load_explicit(&search.found[i], memory_order_relaxed);
    memory_free(scratch);
    memory_free(search.wanted);
    memory_free(search.found);
}
