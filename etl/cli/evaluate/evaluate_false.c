#include "cli/evaluate.h"
#include "cust360/base/database.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/match_graph.h"

/* Pairs of two entities that were found in one customer: by a link of their own, or along a chain,
 * of which the first link between two entities is to blame. */

#define ENTITY_UNKNOWN UINT32_MAX

struct false_work {
    struct evaluating *work;
    uint32_t *entity; /* by record of the scene */
    struct statement *links;
    struct arena *scratch; /* of one customer */
    uint32_t *members;     /* of the customer at hand, records of the scene */
    size_t member_count;
    struct graph graph;
};

/* ---- one customer's links ---- */

static uint32_t place_of(const struct false_work *it, int64_t record_id)
{
    for (uint32_t i = 0; i < it->member_count; i++)
        if (it->work->record_ids[it->members[i]] == record_id)
            return i;
    return UINT32_MAX;
}

static bool load_graph(struct false_work *it, uint32_t golden, struct error *error)
{
    size_t capacity = 0;
    struct graph_link *grown = NULL;
    enum outcome outcome;
    it->graph = (struct graph){.node_count = (uint32_t)it->member_count};
    statement_reset(it->links);
    statement_bind_integer(it->links, 1, golden);
    while ((outcome = statement_step(it->links, error)) == ACCEPTED) {
        uint32_t a = place_of(it, statement_integer(it->links, 0));
        uint32_t b = place_of(it, statement_integer(it->links, 1));
        if (a == UINT32_MAX || b == UINT32_MAX)
            continue;
        grown = memory_grow(grown, &capacity, it->graph.link_count + 1, sizeof(*grown));
        grown[it->graph.link_count++] = (struct graph_link){
            .a = a, .b = b, .weight = (int32_t)(statement_number(it->links, 2) * WEIGHT_ONE)};
    }
    it->graph.links =
        arena_allocate_array(it->scratch, it->graph.link_count + 1, sizeof(*it->graph.links));
    if (it->graph.link_count)
        memcpy(it->graph.links, grown, it->graph.link_count * sizeof(*grown));
    memory_free(grown);
    graph_analyze(&it->graph, it->scratch);
    return outcome == ENDED;
}

/* ---- who is to blame ---- */

static const struct match_part *find_best(const struct match_pair_detail *detail)
{
    bool by_relative = detail->has_relatives && detail->relative < detail->stranger;
    const struct match_part *best = NULL;
    int32_t most = 0;
    for (size_t i = 0; i < detail->part_count; i++) {
        const struct match_part *part = &detail->parts[i];
        int32_t weight = by_relative ? part->against_relative : part->against_stranger;
        if (weight > most) {
            most = weight;
            best = part;
        }
    }
    return best;
}

static bool is_linked(const struct false_work *it, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < it->graph.link_count; i++)
        if ((it->graph.links[i].a == a && it->graph.links[i].b == b) ||
            (it->graph.links[i].a == b && it->graph.links[i].b == a))
            return true;
    return false;
}

/* The link of the path at which one entity becomes another; a record that the truth does not know
 * counts as whoever came before. */
static void find_false_link(const struct false_work *it, uint32_t *a, uint32_t *b)
{
    const size_t *links = NULL;
    size_t count = graph_path(&it->graph, *a, *b, it->scratch, &links);
    uint32_t node = *a;
    uint32_t entity = it->entity[it->members[node]];
    for (size_t i = 0; i < count; i++) {
        const struct graph_link *link = &it->graph.links[links[i]];
        uint32_t next = link->a == node ? link->b : link->a;
        uint32_t reached = it->entity[it->members[next]];
        if (reached != ENTITY_UNKNOWN && reached != entity) {
            *a = node;
            *b = next;
            return;
        }
        node = next;
    }
}

static void count_pair(struct false_work *it, uint32_t a, uint32_t b)
{
    struct evaluating *work = it->work;
    struct match_pair_detail detail;
    bool direct = is_linked(it, a, b);
    uint32_t from = a;
    uint32_t to = b;
    if (!direct)
        find_false_link(it, &from, &to);
    bool led = direct || from != a || to != b;
    match_explain_pair(work->scene, it->members[from], it->members[to], it->scratch, &detail);
    const struct match_part *best = find_best(&detail);
    const char *blamed = best ? arena_format(it->scratch, "%s: %s", best->comparison, best->level)
                              : "nothing in particular";
    const char *name = direct ? "direct" : led ? "chain" : "no_link";
    struct cause *cause = causes_add(work, &work->merged, name, led ? blamed : "");
    causes_example(work, cause, it->members[from], it->members[to], best);
}

static bool count_customer(struct false_work *it, uint32_t golden, struct error *error)
{
    bool is_false = false;
    uint32_t first = ENTITY_UNKNOWN;
    for (size_t i = 0; i < it->member_count; i++) {
        uint32_t entity = it->entity[it->members[i]];
        first = first == ENTITY_UNKNOWN ? entity : first;
        is_false |= entity != ENTITY_UNKNOWN && entity != first;
    }
    if (!is_false)
        return true;
    arena_reset(it->scratch);
    if (!load_graph(it, golden, error))
        return false;
    for (uint32_t a = 0; a < it->member_count; a++)
        for (uint32_t b = a + 1; b < it->member_count; b++) {
            uint32_t x = it->entity[it->members[a]];
            uint32_t y = it->entity[it->members[b]];
            if (x != ENTITY_UNKNOWN && y != ENTITY_UNKNOWN && x != y)
                count_pair(it, a, b);
        }
    return true;
}

/* ---- all customers ---- */

static bool count_customers(struct false_work *it, struct error *error)
{
    const struct evaluating *work = it->work;
    size_t count = work->scene_count;
    struct hash_pair *order = memory_resize_array(NULL, count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    bool counted = true;
    for (size_t i = 0; i < count; i++)
        order[i] = (struct hash_pair){work->golden[i], (uint32_t)i};
    hash_pairs_sort(order, count, scratch);
    memory_free(scratch);
    for (size_t from = 0, to = 0; from < count && counted; from = to) {
        it->member_count = 0;
        for (; to < count && order[to].hash == order[from].hash; to++)
            it->members[it->member_count++] = order[to].value;
        if (order[from].hash != 0) /* not taken in by a run yet */
            counted = count_customer(it, (uint32_t)order[from].hash, error);
    }
    memory_free(order);
    return counted;
}

bool evaluate_false_merges(struct evaluating *work, struct error *error)
{
    struct false_work it = {.work = work, .scratch = arena_create()};
    size_t count = (size_t)work->scene_count + 1;
    it.entity = memory_resize_array(NULL, count, sizeof(*it.entity));
    it.members = memory_resize_array(NULL, count, sizeof(*it.members));
    for (uint32_t i = 0; i < work->scene_count; i++)
        it.entity[i] = ENTITY_UNKNOWN;
    for (uint32_t i = 0; i < work->truth.record_count; i++)
        if (work->scene_of[i] != SCENE_NONE)
            it.entity[work->scene_of[i]] = work->truth.entity[i];
    it.links = statement_prepare(store_database(work->store),
                                 "SELECT record_a, record_b, weight FROM crosswalk JOIN link"
                                 " ON record_a = record_id WHERE golden_number = ?1"
                                 " ORDER BY record_a, record_b",
                                 error);
    bool counted = it.links && count_customers(&it, error);
    causes_sort(&work->merged);
    statement_destroy(it.links);
    memory_free(it.entity);
    memory_free(it.members);
    arena_destroy(it.scratch);
    return counted;
}
