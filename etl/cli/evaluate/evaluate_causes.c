#include "cli/evaluate.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <stdlib.h>

/* Pairs of one entity that were found in two customers: first all of them, then which of them were
 * compared, then one by one why not. */

enum { ATTRIBUTES_MOST = 64, PROPOSALS_MOST = 12, DOUBLE_KEYS_TRIED = 24 };

/* A key that would compare more than so many times what is compared now helps nobody. */
enum { COST_MOST = 20, COST_LEAST = 1000000 };

struct missing_pair {
    uint32_t a; /* records of the truth */
    uint32_t b;
};

struct missing_work {
    struct evaluating *work;
    struct missing_pair *pairs;
    size_t count;
    size_t capacity;
    bool *compared;   /* by pair; only of those that are in the scene */
    uint64_t *shared; /* attributes, a bit each, of the pairs that were never compared */
    size_t shared_count;
    struct arena *scratch;
};

/* ---- which pairs ---- */

static uint32_t found_as(const struct evaluating *work, uint32_t record)
{
    return work->truth.golden[record];
}

static void add_pairs_of(struct missing_work *missing, const struct hash_pair *records,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            uint32_t a = records[i].value;
            uint32_t b = records[j].value;
            uint32_t golden = found_as(missing->work, a);
            if (golden != GOLDEN_UNKNOWN && golden == found_as(missing->work, b))
                continue;
            missing->pairs = memory_grow(missing->pairs, &missing->capacity, missing->count + 1,
                                         sizeof(*missing->pairs));
            missing->pairs[missing->count++] = (struct missing_pair){a, b};
        }
}

static void list_missing(struct missing_work *missing)
{
    const struct truth *truth = &missing->work->truth;
    size_t count = truth->record_count;
    struct hash_pair *order = memory_resize_array(NULL, count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    for (size_t i = 0; i < count; i++)
        order[i] = (struct hash_pair){truth->entity[i], (uint32_t)i};
    hash_pairs_sort(order, count, scratch);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && order[to].hash == order[from].hash)
            to++;
        add_pairs_of(missing, order + from, to - from);
    }
    memory_free(order);
    memory_free(scratch);
}

static void ask_compared(struct missing_work *missing)
{
    const struct evaluating *work = missing->work;
    struct match_question *questions =
        memory_resize_array(NULL, missing->count + 1, sizeof(*questions));
    missing->compared = memory_allocate_array(missing->count + 1, sizeof(*missing->compared));
    for (size_t i = 0; i < missing->count; i++) {
        uint32_t a = work->scene_of[missing->pairs[i].a];
        uint32_t b = work->scene_of[missing->pairs[i].b];
        bool known = a != SCENE_NONE && b != SCENE_NONE;
        questions[i] = (struct match_question){known ? a : 0, known ? b : 0};
    }
    match_scene_compared(work->scene, questions, missing->count, work->threads, missing->compared);
    memory_free(questions);
}

/* ---- why ---- */

static bool is_parted(const struct evaluating *work, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < work->decision_count; i++) {
        const struct match_decision *it = &work->decisions[i];
        if (!it->same && ((it->a == a && it->b == b) || (it->a == b && it->b == a)))
            return true;
    }
    return false;
}

/* The comparison that takes most. What takes less than a bit misleads nobody: then too little is
 * known. */
static const struct match_part *find_worst(const struct match_pair_detail *detail)
{
    bool by_relative = detail->has_relatives && detail->relative < detail->stranger;
    const struct match_part *worst = NULL;
    int32_t least = -WEIGHT_ONE;
    for (size_t i = 0; i < detail->part_count; i++) {
        const struct match_part *part = &detail->parts[i];
        int32_t weight = by_relative ? part->against_relative : part->against_stranger;
        if (weight < least) {
            least = weight;
            worst = part;
        }
    }
    return worst;
}

static void count_weight(struct missing_work *missing, uint32_t a, uint32_t b, const char *name)
{
    struct evaluating *work = missing->work;
    struct match_pair_detail detail;
    arena_reset(missing->scratch);
    match_explain_pair(work->scene, a, b, missing->scratch, &detail);
    const struct match_part *worst = find_worst(&detail);
    const char *cause =
        worst ? arena_format(missing->scratch, "%s: %s", worst->comparison, worst->level)
              : "too little is known";
    causes_example(work, causes_add(work, &work->missed, name, cause), a, b, worst);
}

static size_t collect_cluster(const struct evaluating *work, uint32_t cluster, uint32_t *members)
{
    size_t count = 0;
    for (uint32_t i = 0; i < work->scene_count; i++)
        if (work->cluster[i] == cluster)
            members[count++] = i;
    return count;
}

/* Strong enough, and yet two: what the clusters as wholes have against it. */
static void count_held_apart(struct evaluating *work, uint32_t a, uint32_t b)
{
    const char *name = "not_merged_yet";
    const char *detail = "rules, model or decisions have changed since the run";
    uint32_t *members =
        memory_resize_array(NULL, (size_t)work->scene_count * 2 + 2, sizeof(*members));
    if (work->cluster[a] != work->cluster[b]) {
        struct match_sides sides = {.a = members};
        sides.a_count = collect_cluster(work, work->cluster[a], members);
        sides.b = members + sides.a_count;
        sides.b_count = collect_cluster(work, work->cluster[b], members + sides.a_count);
        struct match_objection objection =
            match_scene_object(work->scene, &sides, work->decisions, work->decision_count);
        name = "held_apart";
        detail = objection.reason ? objection.reason : "a stronger link came first";
    }
    causes_example(work, causes_add(work, &work->missed, name, detail), a, b, NULL);
    memory_free(members);
}

/* The attributes that agree, for the keys that would have found the pair. */
static uint64_t note_shared(struct missing_work *missing, uint32_t a, uint32_t b)
{
    const struct evaluating *work = missing->work;
    size_t count = match_rules_attribute_count(work->rules);
    uint64_t shared = 0;
    for (size_t i = 0; i < count && i < ATTRIBUTES_MOST; i++)
        if (match_scene_shares(work->scene, i, a, b))
            shared |= UINT64_C(1) << i;
    missing->shared[missing->shared_count++] = shared;
    return shared;
}

static void count_not_compared(struct missing_work *missing, uint32_t a, uint32_t b)
{
    struct evaluating *work = missing->work;
    uint64_t shared = note_shared(missing, a, b);
    bool strong =
        match_scene_weight(work->scene, a, b) >= match_rules_thresholds(work->rules).merge;
    const char *detail = !shared  ? "nothing at all agrees"
                         : strong ? "no blocking key brings them together; strong enough to merge"
                                  : "no blocking key brings them together; too weak in any case";
    causes_example(work, causes_add(work, &work->missed, "not_compared", detail), a, b, NULL);
}

static const char *const hard_rule_names[] = {
    [MATCH_NEVER] = "never", [MATCH_ASK] = "ask", [MATCH_ALONE] = "not_alone"};

static void count_pair(struct missing_work *missing, size_t index)
{
    struct evaluating *work = missing->work;
    struct match_thresholds thresholds = match_rules_thresholds(work->rules);
    struct match_hard_rule rule;
    uint32_t a = work->scene_of[missing->pairs[index].a];
    uint32_t b = work->scene_of[missing->pairs[index].b];
    if (a == SCENE_NONE || b == SCENE_NONE) {
        causes_add(work, &work->missed, "not_in_the_state", "a record was rejected or never came");
        return;
    }
    int32_t weight = match_scene_weight(work->scene, a, b);
    if (is_parted(work, a, b))
        causes_example(work, causes_add(work, &work->missed, "parted_by_steward", ""), a, b, NULL);
    else if (match_scene_hard_rule(work->scene, a, b, &rule) && rule.verdict != MATCH_ALWAYS)
        causes_example(work,
                       causes_add(work, &work->missed, hard_rule_names[rule.verdict], rule.reason),
                       a, b, NULL);
    else if (!missing->compared[index])
        count_not_compared(missing, a, b);
    else if (weight < thresholds.merge)
        count_weight(missing, a, b,
                     weight < thresholds.review ? "below_review" : "for_the_steward");
    else
        count_held_apart(work, a, b);
}

/* ---- keys that would have found them ---- */

static uint64_t count_found(const struct missing_work *missing, uint64_t attributes)
{
    uint64_t found = 0;
    for (size_t i = 0; i < missing->shared_count; i++)
        found += (missing->shared[i] & attributes) == attributes;
    return found;
}

static void propose(struct missing_work *missing, const size_t *attributes, size_t count,
                    uint64_t found)
{
    struct evaluating *work = missing->work;
    uint64_t most = work->pairs_compared * COST_MOST;
    most = most < COST_LEAST ? COST_LEAST : most;
    uint64_t pairs = match_scene_key_pairs(work->scene, attributes, count, work->threads);
    if (pairs > most)
        return;
    const char *first = match_rules_attribute_name(work->rules, attributes[0]);
    work->proposals[work->proposal_count++] = (struct key_proposal){
        count == 1 ? first
                   : arena_format(work->arena, "%s + %s", first,
                                  match_rules_attribute_name(work->rules, attributes[1])),
        found, pairs, count == 1};
}

struct double_key {
    size_t attributes[2];
    uint64_t found;
};

static int compare_doubles(const void *left, const void *right)
{
    const struct double_key *x = left;
    const struct double_key *y = right;
    if (x->found != y->found)
        return x->found > y->found ? -1 : 1;
    if (x->attributes[0] != y->attributes[0])
        return x->attributes[0] < y->attributes[0] ? -1 : 1;
    return x->attributes[1] < y->attributes[1] ? -1 : x->attributes[1] > y->attributes[1];
}

static void propose_doubles(struct missing_work *missing, size_t attributes)
{
    struct double_key *keys = memory_allocate_array(attributes * attributes + 1, sizeof(*keys));
    size_t count = 0;
    for (size_t i = 0; i < attributes; i++)
        for (size_t j = i + 1; j < attributes; j++) {
            uint64_t found = count_found(missing, UINT64_C(1) << i | UINT64_C(1) << j);
            if (found > 0)
                keys[count++] = (struct double_key){{i, j}, found};
        }
    qsort(keys, count, sizeof(*keys), compare_doubles);
    for (size_t i = 0; i < count && i < DOUBLE_KEYS_TRIED; i++)
        propose(missing, keys[i].attributes, 2, keys[i].found);
    memory_free(keys);
}

static int compare_proposals(const void *left, const void *right)
{
    const struct key_proposal *x = left;
    const struct key_proposal *y = right;
    if (x->found != y->found)
        return x->found > y->found ? -1 : 1;
    if (x->pairs != y->pairs)
        return x->pairs < y->pairs ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* A key of two attributes that finds no more than one before it, at a higher cost, is not worth a
 * line. */
static void keep_best(struct evaluating *work)
{
    size_t kept = 0;
    uint64_t cheapest = UINT64_MAX;
    qsort(work->proposals, work->proposal_count, sizeof(*work->proposals), compare_proposals);
    for (size_t i = 0; i < work->proposal_count && kept < PROPOSALS_MOST; i++) {
        uint64_t pairs = work->proposals[i].pairs;
        if (!work->proposals[i].is_single && pairs >= cheapest)
            continue;
        cheapest = pairs < cheapest ? pairs : cheapest;
        work->proposals[kept++] = work->proposals[i];
    }
    work->proposal_count = kept;
}

static void propose_keys(struct missing_work *missing)
{
    struct evaluating *work = missing->work;
    size_t count = match_rules_attribute_count(work->rules);
    count = count > ATTRIBUTES_MOST ? ATTRIBUTES_MOST : count;
    work->proposals =
        arena_allocate_array(work->arena, count + DOUBLE_KEYS_TRIED + 1, sizeof(*work->proposals));
    if (missing->shared_count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        uint64_t found = count_found(missing, UINT64_C(1) << i);
        if (found > 0)
            propose(missing, &i, 1, found);
    }
    propose_doubles(missing, count);
    keep_best(work);
}

bool evaluate_causes(struct evaluating *work, struct error *error)
{
    struct missing_work missing = {.work = work, .scratch = arena_create()};
    list_missing(&missing);
    ask_compared(&missing);
    missing.shared = memory_allocate_array(missing.count + 1, sizeof(*missing.shared));
    for (size_t i = 0; i < missing.count; i++)
        count_pair(&missing, i);
    causes_sort(&work->missed);
    propose_keys(&missing);
    memory_free(missing.pairs);
    memory_free(missing.compared);
    memory_free(missing.shared);
    arena_destroy(missing.scratch);
    return evaluate_false_merges(work, error);
}
