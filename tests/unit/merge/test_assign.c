#include "cust360/merge.h"

#include <criterion/criterion.h>

/* A small world: up to eight records, whose member number is also their place here. */
enum { MOST = 8 };

struct world {
    struct arena *arena;
    struct golden_ids ids;
    uint32_t count;
    uint32_t former[MOST];
    uint32_t home[MOST];
    int64_t age[MOST];
    bool changed[MOST];
    struct golden_assignment *last;
};

static struct world world;

static void begin(void)
{
    world = (struct world){.arena = arena_create(), .count = MOST};
    world.ids.becomes = arena_allocate_array(world.arena, 1, sizeof(uint32_t));
    world.ids.merged_into = arena_allocate_array(world.arena, 1, sizeof(uint32_t));
    world.ids.record_count = arena_allocate_array(world.arena, 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < MOST; i++)
        world.age[i] = i + 1;
}

static void end(void)
{
    arena_destroy(world.arena);
}

TestSuite(assign, .init = begin, .fini = end);

/* One run over the first records; "aabb": the first two are a customer, the next two another. */
static struct golden_assignment *run(const char *clusters)
{
    uint32_t cluster[MOST];
    world.count = (uint32_t)strlen(clusters);
    for (uint32_t i = 0; i < world.count; i++)
        cluster[i] = (uint32_t)(strchr(clusters, clusters[i]) - clusters);
    struct golden_members members = {world.count, cluster,   world.former,
                                     world.home,  world.age, world.changed};
    struct golden_assignment *result = golden_assign(world.arena, &world.ids, &members, false);
    for (uint32_t i = 0; i < world.count; i++) {
        world.former[i] = result->number[i];
        world.home[i] = result->home[i];
    }
    world.ids = result->ids;
    world.last = result;
    return result;
}

static void expect_numbers(const char *expected)
{
    for (uint32_t i = 0; i < world.count; i++)
        cr_expect_eq(world.last->number[i], (uint32_t)(expected[i] - '0'), "member %u has %u", i,
                     world.last->number[i]);
}

static void expect_touched(const char *expected)
{
    for (uint32_t i = 0; i < world.count; i++)
        cr_expect_eq(world.last->touched[i], expected[i] == 'x', "member %u", i);
}

static bool has_event(enum golden_event_kind kind, uint32_t number, uint32_t other)
{
    for (size_t i = 0; i < world.last->event_count; i++) {
        const struct golden_event *event = &world.last->events[i];
        if (event->kind == kind && event->number == number && event->other == other)
            return true;
    }
    return false;
}

Test(assign, numbers_are_issued_in_the_order_of_last_members)
{
    run("abab");
    expect_numbers("1212");
    expect_touched("xxxx");
    cr_assert(has_event(GOLDEN_ISSUED, 1, GOLDEN_NONE));
    cr_assert_eq(world.last->event_count, 2);
    cr_assert_eq(world.ids.record_count[2], 2);
}

Test(assign, nothing_happens_when_nothing_changed)
{
    run("aabc");
    run("aabc");
    expect_numbers("1123");
    expect_touched("....");
    cr_assert_eq(world.last->event_count, 0);
}

Test(assign, a_changed_record_touches_its_own_customer_only)
{
    run("aabc");
    world.changed[1] = true;
    run("aabc");
    expect_touched("xx..");
    cr_assert_eq(world.last->event_count, 0);
}

Test(assign, all_are_touched_when_the_rules_changed)
{
    run("aab");
    uint32_t cluster[] = {0, 0, 2};
    struct golden_members members = {3,          cluster,   world.former,
                                     world.home, world.age, world.changed};
    world.last = golden_assign(world.arena, &world.ids, &members, true);
    expect_touched("xxx");
}

Test(assign, the_older_id_lives_when_customers_join)
{
    run("abc");
    run("abb");
    expect_numbers("122");
    expect_touched(".xx");
    cr_assert_eq(world.ids.becomes[3], 2);
    cr_assert(has_event(GOLDEN_MERGED_INTO, 3, 2));
    cr_assert_eq(world.last->event_count, 1);
}

Test(assign, the_part_with_the_oldest_record_keeps_the_id)
{
    world.age[0] = 9;
    run("aaa");
    run("abb");
    expect_numbers("211");
    cr_assert(has_event(GOLDEN_ISSUED, 2, GOLDEN_NONE));
    cr_assert(has_event(GOLDEN_SPLIT_FROM, 2, 1));
}

Test(assign, parting_what_was_joined_gives_everyone_their_id_back)
{
    run("aabbc");
    run("aaaaa");
    expect_numbers("11111");
    run("aabbc");
    expect_numbers("11223");
    cr_assert(has_event(GOLDEN_REVIVED, 2, 1));
    cr_assert(has_event(GOLDEN_REVIVED, 3, 1));
    cr_assert_eq(world.last->event_count, 2);
    cr_assert_eq(world.ids.becomes[2], 2);
    run("aabbc");
    expect_touched(".....");
}

Test(assign, an_id_comes_back_though_an_older_record_was_joined)
{
    /* The record of id 2 is older than the one that joined id 1 later. */
    world.count = 2;
    run("ab");
    world.age[0] = 7;
    run("aba");
    world.former[0] = GOLDEN_NONE; /* the first record is gone for good, another is in its place */
    world.home[0] = GOLDEN_NONE;
    run("bba");
    run("bbb");
    run("bba");
    expect_numbers("221");
}

Test(assign, an_alias_follows_its_own_records)
{
    run("abcd");
    run("aaac");
    cr_assert_eq(world.ids.becomes[3], 1);
    run("aabb");
    expect_numbers("1144");
    cr_assert_eq(world.ids.becomes[2], 1);
    cr_assert_eq(world.ids.becomes[3], 4, "the record that was known as 3 is now part of 4");
    cr_assert(has_event(GOLDEN_MERGED_INTO, 3, 4));
}

Test(assign, parting_goes_back_merge_by_merge)
{
    run("abcd");
    run("abcc");
    run("abbb");
    run("aaaa");
    run("abbb");
    expect_numbers("1222");
    cr_assert_eq(world.ids.becomes[4], 2);
    run("abcc");
    expect_numbers("1233");
    run("abcd");
    expect_numbers("1234");
    cr_assert_eq(world.ids.issued, 4);
}

Test(assign, parting_all_at_once_gives_each_their_id_back)
{
    run("abcd");
    run("abcc");
    run("aaaa");
    run("dcba");
    expect_numbers("1234");
}

Test(assign, an_alias_of_an_alias_resolves_in_one_step)
{
    run("abc");
    run("abb");
    run("aaa");
    cr_assert_eq(world.ids.becomes[3], 1);
    cr_assert_eq(world.ids.becomes[2], 1);
    cr_assert(has_event(GOLDEN_MERGED_INTO, 3, 1));
    cr_assert(has_event(GOLDEN_MERGED_INTO, 2, 1));
}

Test(assign, a_customer_without_records_is_retired_and_comes_back)
{
    run("abc");
    run("ab");
    cr_assert(has_event(GOLDEN_RETIRED, 3, GOLDEN_NONE));
    cr_assert_eq(world.ids.becomes[3], GOLDEN_NONE);
    run("ab");
    cr_assert_eq(world.last->event_count, 0);
    world.changed[2] = true;
    run("abc");
    expect_numbers("123");
    cr_assert(has_event(GOLDEN_REVIVED, 3, GOLDEN_NONE));
    cr_assert_eq(world.ids.issued, 3);
}

Test(assign, a_living_id_goes_before_an_older_retired_one)
{
    world.count = 2;
    run("ab");
    uint32_t former = world.former[0];
    /* Record 0 is gone; then it is back, and is the customer of record 1. */
    uint32_t cluster[] = {0};
    struct golden_members alone = {
        1, cluster, &world.former[1], &world.home[1], &world.age[1], &world.changed[1]};
    struct golden_assignment *without = golden_assign(world.arena, &world.ids, &alone, false);
    cr_assert_eq(without->ids.becomes[former], GOLDEN_NONE);
    world.ids = without->ids;
    run("aa");
    expect_numbers("22");
    cr_assert_eq(world.ids.becomes[1], 2);
    cr_assert(has_event(GOLDEN_MERGED_INTO, 1, 2));
}

Test(assign, an_alias_outlives_the_id_it_became)
{
    run("aab");
    run("aaa");
    run("");
    cr_assert_eq(world.ids.becomes[2], 1, "it still says what it became");
    cr_assert_eq(world.ids.becomes[1], GOLDEN_NONE);
    run("a");
    cr_assert_eq(world.ids.becomes[2], 1);
    expect_numbers("1");
}

Test(assign, a_record_that_moves_takes_its_home_along)
{
    run("aab");
    run("abb"); /* the second record turned out to be of the other customer */
    expect_numbers("122");
    cr_assert_eq(world.last->home[1], 2);
    run("abc"); /* and is parted from it: it has no claim on either */
    cr_assert_eq(world.last->number[0], 1);
    cr_assert_neq(world.last->number[1], world.last->number[2]);
    cr_assert_eq(world.ids.issued, 3);
}

Test(assign, a_customer_that_loses_a_record_is_touched)
{
    run("aab");
    world.former[1] = world.former[2];
    world.home[1] = world.home[2];
    run("ab");
    expect_numbers("12");
    expect_touched("x.");
}

Test(assign, no_members_at_all)
{
    run("");
    cr_assert_eq(world.last->event_count, 0);
    cr_assert_eq(world.ids.issued, 0);
}
