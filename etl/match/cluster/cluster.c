#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/cluster/cluster_group.h"

#include <limits.h>

enum {
    /* One pair of records tells no more than this for or against two clusters: an id number that
     * agrees does not outvote five records that do not. */
    VOICE_BITS_MAX = 12,
    /* Of a larger cluster this many, evenly taken, speak for it. */
    SPEAKERS_MAX = 16
};

uint32_t group_find(struct group *group, uint32_t record)
{
    while (group->parent[record] != record) {
        group->parent[record] = group->parent[group->parent[record]];
        record = group->parent[record];
    }
    return record;
}

/* The smaller number becomes the head, so that heads need no renaming at the end. */
static void join(struct group *group, uint32_t a, uint32_t b)
{
    uint32_t head = a < b ? a : b;
    uint32_t other = a < b ? b : a;
    group->parent[other] = head;
    group->size[head] += group->size[other];
    uint32_t swap = group->next[head];
    group->next[head] = group->next[other];
    group->next[other] = swap;
}

static size_t first_parted(const struct group *group, uint32_t record)
{
    size_t low = 0;
    size_t high = group->parted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (group->parted[middle].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether two records may be in clusters that this thread decides on. */
static bool is_at_hand(const struct group *group, uint32_t record, uint32_t other)
{
    return !group->component || group->component[record] == group->component[other];
}

static struct objection find_parted(struct group *group, uint32_t a, uint32_t b)
{
    struct objection objection = {.reason = NULL};
    if (group->parted_count == 0)
        return objection;
    uint32_t small = group->size[a] < group->size[b] ? a : b;
    uint32_t large = small == a ? b : a;
    uint32_t record = small;
    do {
        for (size_t i = first_parted(group, record);
             i < group->parted_count && group->parted[i].record == record; i++)
            if (is_at_hand(group, record, group->parted[i].other) &&
                group_find(group, group->parted[i].other) == large)
                return (struct objection){"a steward has said that they are not the same",
                                          OBJECTION_STEWARD, record, group->parted[i].other, 0};
        record = group->next[record];
    } while (record != small);
    return objection;
}

static void collect_members(struct group *group, uint32_t head, struct members *members)
{
    uint32_t size = group->size[head];
    uint32_t record = head;
    members->count = 0;
    members->unit_count = 0;
    members->records =
        memory_grow(members->records, &members->capacity, size, sizeof(*members->records));
    group->scratch =
        memory_grow(group->scratch, &group->scratch_capacity, size, sizeof(*group->scratch));
    do {
        uint32_t unit = group->unit ? group->unit[record] : record;
        members->records[members->count++] = (struct hash_pair){unit, record};
        record = group->next[record];
    } while (record != head);
    if (size > 1)
        hash_pairs_sort(members->records, members->count, group->scratch);
    for (size_t i = 0; i < members->count; i++)
        members->unit_count += i == 0 || members->records[i].hash != members->records[i - 1].hash;
}

/* One unit of a cluster: records from `first` up to `end`. */
struct unit {
    size_t number;
    size_t first;
    size_t end;
};

static bool next_unit(const struct members *members, struct unit *unit)
{
    if (unit->end == members->count)
        return false;
    unit->number += unit->end > 0;
    unit->first = unit->end;
    while (unit->end < members->count &&
           members->records[unit->end].hash == members->records[unit->first].hash)
        unit->end++;
    return true;
}

/* Of many units SPEAKERS_MAX, evenly taken. */
static bool speaks(const struct members *members, const struct unit *unit)
{
    size_t count = members->unit_count;
    return count <= SPEAKERS_MAX ||
           unit->number * SPEAKERS_MAX / count != (unit->number + 1) * SPEAKERS_MAX / count;
}

/* What two units say to each other. Records that a steward has joined count as one: what agrees
 * with one of them agrees with all. */
struct dialogue {
    struct objection conflict; /* its reason is NULL: none */
    int32_t weight;            /* the best of their pairs */
};

static struct dialogue compare_units(const struct group *group, const struct unit *a,
                                     const struct unit *b, bool weigh)
{
    struct dialogue dialogue = {.weight = INT32_MIN};
    bool is_single = a->end - a->first == 1 && b->end - b->first == 1;
    for (size_t i = a->first; i < a->end; i++) {
        for (size_t j = b->first; j < b->end; j++) {
            uint32_t x = group->sides[0].records[i].value;
            uint32_t y = group->sides[1].records[j].value;
            struct pair_view view = pair_view_make(group->scorer->table, x, y);
            const struct hard_rule *rule = hard_rule_find_in(&view);
            bool conflict =
                rule && (rule->verdict == VERDICT_NEVER || rule->verdict == VERDICT_ASK);
            if (conflict)
                dialogue.conflict = (struct objection){rule->name, OBJECTION_RULE, x, y, 0};
            if (conflict || (is_single && !weigh))
                continue;
            int32_t weight = group->outlines ? outlines_score(group->outlines, &view, INT32_MIN)
                                             : score_view(group->scorer, &view, INT32_MIN);
            dialogue.weight = weight > dialogue.weight ? weight : dialogue.weight;
        }
    }
    if (dialogue.weight >= group->scorer->rules->merge)
        dialogue.conflict.reason = NULL;
    return dialogue;
}

/* Why the records of the two sides are not to be one: a hard rule's reason, or that they do not
 * agree on average; none when they are. */
static struct objection find_objection(const struct group *group, bool ask_average)
{
    const int32_t most = VOICE_BITS_MAX * WEIGHT_ONE;
    struct objection objection = {.reason = NULL};
    int64_t sum = 0;
    int64_t voices = 0;
    for (struct unit a = {0}; next_unit(&group->sides[0], &a);) {
        for (struct unit b = {0}; next_unit(&group->sides[1], &b);) {
            bool weigh =
                ask_average && speaks(&group->sides[0], &a) && speaks(&group->sides[1], &b);
            struct dialogue dialogue = compare_units(group, &a, &b, weigh);
            if (dialogue.conflict.reason)
                return dialogue.conflict;
            if (!weigh)
                continue;
            int32_t weight = dialogue.weight;
            sum += weight > most ? most : weight < -most ? -most : weight;
            voices++;
        }
    }
    objection.average = voices ? (int32_t)(sum / voices) : 0;
    if (sum < (int64_t)group->scorer->rules->average * voices) {
        objection.reason = "the records on either side do not agree on average";
        objection.kind = OBJECTION_AVERAGE;
    }
    return objection;
}

/* Why the two clusters do not join; no reason when they do. */
static struct objection refuse(struct group *group, const struct edge *edge, uint32_t a, uint32_t b)
{
    struct objection none = {.reason = NULL};
    struct objection parted = find_parted(group, a, b);
    if (parted.reason)
        return parted;
    if (edge->kind == EDGE_DECISION)
        return none;
    if (group->size[a] == 1 && group->size[b] == 1)
        return none; /* their only pair is the link itself, which no rule forbids */
    /* Links come from the strongest to the weakest: of all that the cluster would hang together by,
     * this is the weakest, and it is what the steward is shown. */
    size_t most = group->scorer->rules->max_cluster;
    if (most && edge->kind == EDGE_WEIGHT && (size_t)group->size[a] + group->size[b] > most)
        return (struct objection){.reason = "one customer would have more records than the limit; "
                                            "this is its weakest link",
                                  .kind = OBJECTION_RULE,
                                  .a = edge->a,
                                  .b = edge->b};
    collect_members(group, a, &group->sides[0]);
    collect_members(group, b, &group->sides[1]);
    return find_objection(group, edge->kind == EDGE_WEIGHT);
}

void group_note_units(struct group *group)
{
    uint32_t records = group->scorer->table->record_count;
    group->unit = memory_resize_array(NULL, (size_t)records + 1, sizeof(*group->unit));
    for (uint32_t i = 0; i < records; i++)
        group->unit[i] = group_find(group, i);
}

bool group_follow(struct group *group, struct edge *edge)
{
    uint32_t a = group_find(group, edge->a);
    uint32_t b = group_find(group, edge->b);
    if (a == b)
        return false;
    struct objection objection = refuse(group, edge, a, b);
    if (!objection.reason) {
        join(group, a, b);
        return false;
    }
    edge->refused = true;
    edge->reason = objection.reason;
    return true;
}

void group_create(struct group *group, const struct scorer *scorer, const struct parted *parted,
                  size_t parted_count)
{
    size_t records = scorer->table->record_count;
    *group = (struct group){.scorer = scorer, .parted = parted, .parted_count = parted_count};
    group->parent = memory_resize_array(NULL, records + 1, sizeof(*group->parent));
    group->next = memory_resize_array(NULL, records + 1, sizeof(*group->next));
    group->size = memory_resize_array(NULL, records + 1, sizeof(*group->size));
    for (uint32_t i = 0; i < records; i++) {
        group->parent[i] = group->next[i] = i;
        group->size[i] = 1;
    }
}

/* The memory of one side's members, and what is remembered of pairs. */
void group_release_own(struct group *group)
{
    memory_free(group->sides[0].records);
    memory_free(group->sides[1].records);
    memory_free(group->scratch);
    outlines_destroy(group->outlines);
}

void group_release(struct group *group)
{
    memory_free(group->next);
    memory_free(group->size);
    memory_free(group->unit);
    group_release_own(group);
}

static uint32_t join_side(struct group *group, const uint32_t *records, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t a = group_find(group, records[0]);
        uint32_t b = group_find(group, records[i]);
        if (a != b)
            join(group, a, b);
    }
    return group_find(group, records[0]);
}

struct objection cluster_object(const struct scorer *scorer, const struct cluster_sides *sides,
                                const struct match_decision *decisions, size_t decision_count)
{
    struct group group;
    size_t parted_count = 0;
    struct parted *parted = cluster_list_parted(decisions, decision_count, &parted_count);
    group_create(&group, scorer, parted, parted_count);
    for (size_t i = 0; i < decision_count; i++) {
        uint32_t a = group_find(&group, decisions[i].a);
        uint32_t b = group_find(&group, decisions[i].b);
        if (decisions[i].same && a != b && !find_parted(&group, a, b).reason)
            join(&group, a, b);
    }
    group_note_units(&group);
    uint32_t a = join_side(&group, sides->a, sides->a_count);
    uint32_t b = join_side(&group, sides->b, sides->b_count);
    const struct edge edge = {.kind = EDGE_WEIGHT};
    struct objection objection = {.reason = NULL};
    if (a != b)
        objection = refuse(&group, &edge, a, b);
    group_release(&group);
    memory_free(group.parent);
    memory_free(parted);
    return objection;
}

struct parted *cluster_list_parted(const struct match_decision *decisions, size_t count,
                                   size_t *parted_count)
{
    struct hash_pair *pairs = memory_resize_array(NULL, count * 2 + 1, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, count * 2 + 1, sizeof(*scratch));
    struct parted *parted = memory_resize_array(NULL, count * 2 + 1, sizeof(*parted));
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (decisions[i].same || decisions[i].a == decisions[i].b)
            continue;
        pairs[used++] = (struct hash_pair){decisions[i].a, decisions[i].b};
        pairs[used++] = (struct hash_pair){decisions[i].b, decisions[i].a};
    }
    hash_pairs_sort(pairs, used, scratch);
    for (size_t i = 0; i < used; i++)
        parted[i] = (struct parted){(uint32_t)pairs[i].hash, pairs[i].value};
    memory_free(pairs);
    memory_free(scratch);
    *parted_count = used;
    return parted;
}

void clusters_release(struct clusters *clusters)
{
    memory_free(clusters->cluster);
    clusters->cluster = NULL;
}
