#include "cust360/base/memory.h"
#include "cust360/merge.h"

#include <criterion/criterion.h>

/* Long random histories: records appear, go and come back; customers join and part. After every
 * run the promises of golden ids must hold, and the events alone must tell the whole state. */

enum { RECORDS = 60, RUNS = 150, SEEDS = 20, IDS_MOST = RECORDS * RUNS };

struct history {
    uint64_t random;
    struct arena *arena[2]; /* of this run's result and of the former one's */
    struct golden_ids ids;
    uint32_t customer[RECORDS]; /* what the match says: any number, equal for equal customers */
    bool live[RECORDS];
    uint32_t former[RECORDS]; /* as the crosswalk keeps it, also of records that are gone */
    uint32_t home[RECORDS];
    uint32_t told[IDS_MOST]; /* what the events say that each id becomes */
};

static uint32_t pick(struct history *history, uint32_t below)
{
    history->random = history->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(history->random >> 33) % below;
}

static void play(struct history *history)
{
    for (uint32_t changes = pick(history, 6); changes > 0; changes--) {
        uint32_t record = pick(history, RECORDS);
        uint32_t other = pick(history, RECORDS);
        uint32_t from = history->customer[record];
        switch (pick(history, 5)) {
        case 0: /* two customers join */
            for (uint32_t i = 0; i < RECORDS; i++)
                if (history->customer[i] == from)
                    history->customer[i] = history->customer[other];
            break;
        case 1: /* a customer is parted at random */
            for (uint32_t i = 0; i < RECORDS; i++)
                if (history->customer[i] == from && pick(history, 2))
                    history->customer[i] = RECORDS + record;
            break;
        case 2: /* a record moves */
            history->customer[record] = history->customer[other];
            break;
        case 3:
            history->customer[record] = 2 * RECORDS + record;
            break;
        default:
            history->live[record] = !history->live[record];
        }
    }
}

struct view { /* the live records, as members */
    struct golden_members members;
    uint32_t record[RECORDS];
    uint32_t cluster[RECORDS];
    uint32_t former[RECORDS];
    uint32_t home[RECORDS];
    int64_t age[RECORDS];
    bool changed[RECORDS];
};

static void look(const struct history *history, struct view *view)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (!history->live[i])
            continue;
        uint32_t first = 0;
        while (first < count && history->customer[view->record[first]] != history->customer[i])
            first++;
        view->record[count] = i;
        view->cluster[count] = first;
        view->former[count] = history->former[i];
        view->home[count] = history->home[i];
        view->age[count] = (int64_t)i * 37 % RECORDS + 1;
        view->changed[count] = false;
        count++;
    }
    view->members = (struct golden_members){count,      view->cluster, view->former,
                                            view->home, view->age,     view->changed};
}

static void check_members(const struct view *view, const struct golden_assignment *result)
{
    uint32_t *held = memory_allocate_array((size_t)result->ids.issued + 1, sizeof(*held));
    for (uint32_t i = 0; i < view->members.count; i++) {
        uint32_t number = result->number[i];
        cr_assert(number >= 1 && number <= result->ids.issued);
        cr_assert_eq(result->ids.becomes[number], number, "a record's id lives");
        held[number]++;
        for (uint32_t j = 0; j < i; j++)
            cr_assert_eq(result->number[j] == number, view->cluster[j] == view->cluster[i],
                         "one customer, one id");
    }
    for (uint32_t n = 1; n <= result->ids.issued; n++) {
        cr_assert_eq(held[n], result->ids.record_count[n]);
        cr_assert_eq(held[n] > 0, result->ids.becomes[n] == n, "an id lives by its records");
    }
    memory_free(held);
}

static void check_ids(const struct history *history, const struct golden_assignment *result)
{
    cr_assert_geq(result->ids.issued, history->ids.issued);
    for (uint32_t n = 1; n <= result->ids.issued; n++) {
        uint32_t target = result->ids.becomes[n];
        bool resolved = target == GOLDEN_NONE || result->ids.becomes[target] == target ||
                        result->ids.becomes[target] == GOLDEN_NONE;
        cr_assert(resolved, "%u becomes %u, which becomes %u", n, target,
                  result->ids.becomes[target]);
        uint32_t steps = 0;
        for (uint32_t at = n; result->ids.merged_into[at]; at = result->ids.merged_into[at])
            cr_assert_leq(++steps, result->ids.issued, "what was merged goes round in a ring");
    }
}

static void check_events(struct history *history, const struct golden_assignment *result)
{
    for (size_t i = 0; i < result->event_count; i++) {
        const struct golden_event *event = &result->events[i];
        uint32_t *told = &history->told[event->number];
        switch (event->kind) {
        case GOLDEN_ISSUED:
            cr_assert_gt(event->number, history->ids.issued, "an id is issued once");
            *told = event->number;
            break;
        case GOLDEN_REVIVED:
            cr_assert_neq(*told, event->number);
            *told = event->number;
            break;
        case GOLDEN_MERGED_INTO:
            *told = event->other;
            break;
        case GOLDEN_RETIRED:
            *told = GOLDEN_NONE;
            break;
        case GOLDEN_SPLIT_FROM:
            cr_assert_neq(event->other, GOLDEN_NONE);
            break;
        case GOLDEN_ERASED:
            cr_assert_fail("nobody was erased");
        }
    }
    for (uint32_t n = 1; n <= result->ids.issued; n++)
        cr_assert_eq(history->told[n], result->ids.becomes[n], "the events of %u", n);
}

/* As the store does: records that are gone keep what they were, but for aliases. */
static void keep(struct history *history, const struct view *view,
                 const struct golden_assignment *result)
{
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t former = history->former[i];
        if (former && result->ids.becomes[former])
            history->former[i] = result->ids.becomes[former];
    }
    for (uint32_t i = 0; i < view->members.count; i++) {
        history->former[view->record[i]] = result->number[i];
        history->home[view->record[i]] = result->home[i];
    }
    history->ids = result->ids;
}

static struct golden_assignment *run(struct history *history, struct view *view)
{
    struct arena *arena = history->arena[1];
    history->arena[1] = history->arena[0];
    history->arena[0] = arena;
    arena_reset(arena);
    look(history, view);
    return golden_assign(arena, &history->ids, &view->members, false);
}

static void check_rest(struct history *history)
{
    struct view view;
    struct golden_assignment *again = run(history, &view);
    cr_assert_eq(again->event_count, 0, "nothing changed");
    for (uint32_t i = 0; i < view.members.count; i++) {
        cr_assert_eq(again->number[i], history->former[view.record[i]]);
        cr_assert_eq(again->home[i], history->home[view.record[i]]);
        cr_assert_not(again->touched[i]);
    }
    keep(history, &view, again);
}

/* Joining two customers and parting them again leaves everything as it was. */
static void check_inverse(struct history *history)
{
    struct view view;
    uint32_t before[RECORDS];
    uint32_t customer[RECORDS];
    memcpy(before, history->former, sizeof(before));
    memcpy(customer, history->customer, sizeof(customer));
    uint32_t from = history->customer[pick(history, RECORDS)];
    uint32_t into = history->customer[pick(history, RECORDS)];
    for (uint32_t i = 0; i < RECORDS; i++)
        if (history->customer[i] == from)
            history->customer[i] = into;
    struct golden_assignment *joined = run(history, &view);
    check_events(history, joined);
    keep(history, &view, joined);
    memcpy(history->customer, customer, sizeof(customer));
    struct golden_assignment *parted = run(history, &view);
    check_events(history, parted);
    keep(history, &view, parted);
    for (uint32_t i = 0; i < view.members.count; i++)
        cr_assert_eq(history->former[view.record[i]], before[view.record[i]], "record %u",
                     view.record[i]);
}

static void begin(struct history *history, uint64_t seed)
{
    *history = (struct history){.random = seed};
    history->arena[0] = arena_create();
    history->arena[1] = arena_create();
    history->ids.becomes = arena_allocate_array(history->arena[0], 1, sizeof(uint32_t));
    history->ids.merged_into = arena_allocate_array(history->arena[0], 1, sizeof(uint32_t));
    history->ids.record_count = arena_allocate_array(history->arena[0], 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < RECORDS; i++) {
        history->customer[i] = i % 40;
        history->live[i] = pick(history, 4) > 0;
    }
}

Test(assign_random, promises_hold_in_every_history)
{
    struct history *history = memory_allocate_array(1, sizeof(*history));
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(history, seed);
        for (int i = 0; i < RUNS; i++) {
            struct view view;
            play(history);
            struct golden_assignment *result = run(history, &view);
            check_members(&view, result);
            check_ids(history, result);
            check_events(history, result);
            keep(history, &view, result);
            check_rest(history);
            check_inverse(history);
        }
        arena_destroy(history->arena[0]);
        arena_destroy(history->arena[1]);
    }
    memory_free(history);
}
