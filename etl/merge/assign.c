#include "cust360/merge.h"

/* Who gets which golden number.
 *
 *   former number ──► its claimant: the oldest of its records, first of those at home there
 *   cluster       ──► the lowest living number that its records claim, else a retired one,
 *                     else the id that was merged away last of those its records come from,
 *                     else a new number
 *   number        ──► lives, or is an alias of what its claimant got, or is retired
 *
 * Ids that were merged form trees: a record's home is a node, its number the root, and the nodes
 * between say what it was part of, merge by merge. Parting goes down the tree again, level by
 * level, so that undoing the last merge gives everyone the id back that they had before it.
 *
 * Everything is indexed by member or by number; a cluster goes by its smallest member. */

struct assigning {
    const struct golden_ids *ids;
    const struct golden_members *members;
    uint32_t *former;        /* a member's former number, aliases resolved */
    uint32_t *claimant;      /* [ids + 1] the member that claims the number, or NOBODY */
    uint32_t *home_claimant; /* [ids + 1] the oldest member at home there, or NOBODY */
    uint32_t *number;        /* [members] by cluster */
    uint32_t *last;          /* [members] by cluster: its last member */
    uint32_t *eldest;        /* [members] by cluster: its oldest member with a former number */
    bool *changed;           /* [members] by cluster: it has to be made anew */
    struct golden_assignment *result;
};

#define NOBODY UINT32_MAX

static bool is_living(const struct golden_ids *ids, uint32_t number)
{
    return number <= ids->issued && ids->becomes[number] == number;
}

static bool is_alias(const struct golden_ids *ids, uint32_t number)
{
    return number <= ids->issued && ids->becomes[number] != GOLDEN_NONE &&
           ids->becomes[number] != number;
}

static uint32_t resolve(const struct golden_ids *ids, uint32_t number)
{
    return is_alias(ids, number) ? ids->becomes[number] : number;
}

static bool is_older(const struct assigning *work, uint32_t member, uint32_t than)
{
    return than == NOBODY || work->members->age[member] < work->members->age[than];
}

static void consider_claim(struct assigning *work, uint32_t member, uint32_t number)
{
    uint32_t holder = work->claimant[number];
    bool at_home = work->members->home[member] == number;
    bool holder_at_home = holder != NOBODY && work->members->home[holder] == number;
    if (at_home != holder_at_home ? at_home : is_older(work, member, holder))
        work->claimant[number] = member;
}

static void find_claimants(struct assigning *work)
{
    const struct golden_members *members = work->members;
    for (uint32_t n = 0; n <= work->ids->issued; n++)
        work->claimant[n] = work->home_claimant[n] = NOBODY;
    for (uint32_t i = 0; i < members->count; i++)
        work->eldest[i] = NOBODY;
    for (uint32_t i = 0; i < members->count; i++) {
        uint32_t cluster = members->cluster[i];
        uint32_t home = members->home[i];
        work->last[cluster] = i;
        work->former[i] = resolve(work->ids, members->former[i]);
        if (home != GOLDEN_NONE && is_older(work, i, work->home_claimant[home]))
            work->home_claimant[home] = i;
        if (work->former[i] == GOLDEN_NONE)
            continue;
        consider_claim(work, i, work->former[i]);
        if (is_older(work, i, work->eldest[cluster]))
            work->eldest[cluster] = i;
    }
}

/* In the order of numbers, so that a cluster gets the lowest of a pass. */
static void grant_claims(struct assigning *work, bool living)
{
    for (uint32_t n = 1; n <= work->ids->issued; n++) {
        if (work->claimant[n] == NOBODY || is_living(work->ids, n) != living)
            continue;
        uint32_t cluster = work->members->cluster[work->claimant[n]];
        if (work->number[cluster] == GOLDEN_NONE)
            work->number[cluster] = n;
    }
}

/* The id at a level of the tree above a member's home (1: merged into the root), or none. */
static uint32_t ancestor(const struct assigning *work, uint32_t member, uint32_t level)
{
    const uint32_t *merged_into = work->ids->merged_into;
    uint32_t height = 0;
    for (uint32_t n = work->members->home[member]; merged_into[n] != GOLDEN_NONE;
         n = merged_into[n])
        height++;
    if (height < level)
        return GOLDEN_NONE;
    uint32_t number = work->members->home[member];
    for (; height > level; height--)
        number = merged_into[number];
    return number;
}

static bool claim_level(struct assigning *work, uint32_t level)
{
    bool any = false;
    for (uint32_t i = 0; i < work->members->count; i++) {
        uint32_t number = ancestor(work, i, level);
        if (number == GOLDEN_NONE)
            continue;
        consider_claim(work, i, number);
        any = true;
    }
    return any;
}

static bool all_are_served(const struct assigning *work)
{
    for (uint32_t i = 0; i < work->members->count; i++)
        if (work->number[work->members->cluster[i]] == GOLDEN_NONE &&
            work->members->home[i] != GOLDEN_NONE)
            return false;
    return true;
}

/* An id of before a merge goes to its claimant's cluster when that has got nothing better. */
static void grant_levels(struct assigning *work)
{
    if (all_are_served(work))
        return;
    for (uint32_t level = 1; claim_level(work, level); level++) {
        for (uint32_t n = 1; n <= work->ids->issued; n++) {
            if (!is_alias(work->ids, n) || work->claimant[n] == NOBODY)
                continue;
            uint32_t cluster = work->members->cluster[work->claimant[n]];
            if (work->number[cluster] == GOLDEN_NONE)
                work->number[cluster] = n;
            work->claimant[n] = NOBODY;
        }
    }
}

static uint32_t issue_numbers(struct assigning *work)
{
    uint32_t issued = work->ids->issued;
    for (uint32_t i = 0; i < work->members->count; i++) {
        uint32_t cluster = work->members->cluster[i];
        if (work->last[cluster] == i && work->number[cluster] == GOLDEN_NONE)
            work->number[cluster] = ++issued;
    }
    return issued;
}

static uint32_t number_of(const struct assigning *work, uint32_t member)
{
    return work->number[work->members->cluster[member]];
}

/* What a number of before becomes. An alias follows the records that are at home there; when none
 * of them is left it follows the id that it was merged into. Ids merged away are looked at after
 * those they were merged into, which need not be the lower ones: hence the recursion, as deep as
 * the tree. */
static uint32_t settle_number(const struct assigning *work, uint32_t number)
{
    struct golden_ids *after = &work->result->ids;
    if (after->becomes[number] != GOLDEN_NONE)
        return after->becomes[number];
    uint32_t now = GOLDEN_NONE;
    if (is_alias(work->ids, number)) {
        uint32_t parent = work->ids->merged_into[number];
        uint32_t follows = settle_number(work, parent);
        if (follows == GOLDEN_NONE)
            follows = work->ids->becomes[number]; /* retired, but still what it became */
        now = work->home_claimant[number] != NOBODY ? number_of(work, work->home_claimant[number])
                                                    : follows;
        after->merged_into[number] = now == follows ? parent : now;
    } else if (work->claimant[number] != NOBODY) {
        now = number_of(work, work->claimant[number]);
        after->merged_into[number] = now;
    }
    after->becomes[number] = now;
    return now;
}

static void settle_ids(struct assigning *work, struct arena *arena, uint32_t issued)
{
    struct golden_ids *after = &work->result->ids;
    size_t places = (size_t)issued + 1;
    after->issued = issued;
    after->becomes = arena_allocate_array(arena, places, sizeof(*after->becomes));
    after->merged_into = arena_allocate_array(arena, places, sizeof(*after->merged_into));
    after->record_count = arena_allocate_array(arena, places, sizeof(*after->record_count));
    for (uint32_t i = 0; i < work->members->count; i++) {
        uint32_t number = number_of(work, i);
        work->result->number[i] = number;
        after->record_count[number]++;
        after->becomes[number] = number;
    }
    for (uint32_t n = 1; n <= work->ids->issued; n++)
        settle_number(work, n);
}

/* Every living number keeps a record at home, so that it has a claimant of its own when something
 * else has been merged into it. */
static void settle_homes(struct assigning *work, struct arena *scratch)
{
    const struct golden_ids *after = &work->result->ids;
    bool *at_home = arena_allocate_array(scratch, (size_t)after->issued + 1, sizeof(*at_home));
    uint32_t *oldest = arena_allocate_array(scratch, (size_t)after->issued + 1, sizeof(*oldest));
    for (uint32_t n = 0; n <= after->issued; n++)
        oldest[n] = NOBODY;
    for (uint32_t i = 0; i < work->members->count; i++) {
        uint32_t home = work->members->home[i];
        uint32_t number = work->result->number[i];
        bool stays = home != GOLDEN_NONE && after->becomes[home] == number;
        work->result->home[i] = stays ? home : number;
        at_home[number] = at_home[number] || work->result->home[i] == number;
        if (is_older(work, i, oldest[number]))
            oldest[number] = i;
    }
    for (uint32_t n = 1; n <= after->issued; n++)
        if (oldest[n] != NOBODY && !at_home[n])
            work->result->home[oldest[n]] = n;
}

static void mark_touched(struct assigning *work, bool all_touched)
{
    const struct golden_ids *before = work->ids;
    for (uint32_t i = 0; i < work->members->count; i++) {
        uint32_t number = work->result->number[i];
        bool same = is_living(before, number) && work->members->former[i] == number &&
                    before->record_count[number] == work->result->ids.record_count[number];
        if (all_touched || work->members->changed[i] || !same)
            work->changed[work->members->cluster[i]] = true;
    }
    for (uint32_t i = 0; i < work->members->count; i++)
        work->result->touched[i] = work->changed[work->members->cluster[i]];
}

static void add_event(struct golden_assignment *result, enum golden_event_kind kind,
                      uint32_t number, uint32_t other)
{
    result->events[result->event_count++] = (struct golden_event){kind, number, other};
}

/* The number that the cluster's oldest known record had: where a new or revived number comes from.
 */
static uint32_t origin_of(const struct assigning *work, uint32_t cluster)
{
    uint32_t eldest = work->eldest[cluster];
    return eldest == NOBODY ? GOLDEN_NONE : work->former[eldest];
}

static void tell_new(struct assigning *work, uint32_t number, uint32_t cluster)
{
    uint32_t origin = origin_of(work, cluster);
    add_event(work->result, GOLDEN_ISSUED, number, GOLDEN_NONE);
    if (origin != GOLDEN_NONE)
        add_event(work->result, GOLDEN_SPLIT_FROM, number, origin);
}

static void tell_former(struct assigning *work, uint32_t number, uint32_t cluster)
{
    const struct golden_ids *before = work->ids;
    const struct golden_ids *after = &work->result->ids;
    if (after->becomes[number] == number) {
        if (is_living(before, number))
            return;
        uint32_t origin = origin_of(work, cluster);
        add_event(work->result, GOLDEN_REVIVED, number, origin == number ? GOLDEN_NONE : origin);
    } else if (after->becomes[number] == GOLDEN_NONE) {
        if (is_living(before, number))
            add_event(work->result, GOLDEN_RETIRED, number, GOLDEN_NONE);
    } else if (after->becomes[number] != before->becomes[number]) {
        /* Told of an alias again when its id has moved on: so the last event of an id says in one
         * step what it became, as of any run. */
        add_event(work->result, GOLDEN_MERGED_INTO, number, after->becomes[number]);
    }
}

static void tell_events(struct assigning *work, struct arena *arena)
{
    uint32_t issued = work->result->ids.issued;
    uint32_t *cluster_of = arena_allocate_array(arena, (size_t)issued + 1, sizeof(*cluster_of));
    for (uint32_t i = 0; i < work->members->count; i++)
        cluster_of[work->result->number[i]] = work->members->cluster[i];
    work->result->events =
        arena_allocate_array(arena, (size_t)issued * 2 + 1, sizeof(*work->result->events));
    for (uint32_t n = 1; n <= issued; n++) {
        if (n > work->ids->issued)
            tell_new(work, n, cluster_of[n]);
        else
            tell_former(work, n, cluster_of[n]);
    }
}

struct golden_assignment *golden_assign(struct arena *arena, const struct golden_ids *ids,
                                        const struct golden_members *members, bool all_touched)
{
    size_t count = members->count;
    struct arena *scratch = arena_create();
    struct golden_assignment *result = arena_allocate(arena, sizeof(*result));
    struct assigning work = {
        .ids = ids,
        .members = members,
        .former = arena_allocate_array(scratch, count, sizeof(uint32_t)),
        .claimant = arena_allocate_array(scratch, (size_t)ids->issued + 1, sizeof(uint32_t)),
        .home_claimant = arena_allocate_array(scratch, (size_t)ids->issued + 1, sizeof(uint32_t)),
        .number = arena_allocate_array(scratch, count, sizeof(uint32_t)),
        .last = arena_allocate_array(scratch, count, sizeof(uint32_t)),
        .eldest = arena_allocate_array(scratch, count, sizeof(uint32_t)),
        .changed = arena_allocate_array(scratch, count, sizeof(bool)),
        .result = result,
    };
    result->count = members->count;
    result->number = arena_allocate_array(arena, count, sizeof(*result->number));
    result->home = arena_allocate_array(arena, count, sizeof(*result->home));
    result->touched = arena_allocate_array(arena, count, sizeof(*result->touched));
    find_claimants(&work);
    grant_claims(&work, true);
    grant_claims(&work, false);
    grant_levels(&work);
    settle_ids(&work, arena, issue_numbers(&work));
    settle_homes(&work, scratch);
    mark_touched(&work, all_touched);
    tell_events(&work, scratch);
    struct golden_event *events = arena_allocate_array(arena, result->event_count, sizeof(*events));
    if (result->event_count)
        memcpy(events, result->events, result->event_count * sizeof(*events));
    result->events = events;
    arena_destroy(scratch);
    return result;
}
