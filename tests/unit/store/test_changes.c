#include "cust360/store_changes.h"
#include "world.h"

#include <criterion/criterion.h>

/* The lists of what a run has changed. */

static struct world world;

static void begin(void)
{
    world_begin(&world);
    world_open(&world);
}

static void end(void)
{
    world_end(&world);
}

TestSuite(store_changes, .init = begin, .fini = end);

static const char listed[] = "SELECT entity, record_id, change FROM changed_record"
                             " ORDER BY entity, record_id";

Test(store_changes, the_first_run_lists_nothing)
{
    static const char *const night[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
    int64_t since = -1;
    world_night(&world, "D01", night);
    cr_assert_str_eq(world_text(&world, listed), "");
    cr_assert(store_changes_since(world.store, &since, &world.error));
    cr_assert_eq(since, 0);
}

Test(store_changes, a_night_lists_what_is_new_changed_closed_and_back)
{
    static const char *const first[] = {"1 王伟 13800138000", "2 李娜 13900139000", "3 张敏 -",
                                        NULL};
    static const char *const second[] = {"1 王伟 13800138000", "2 李娜 13700137000",
                                         "4 赵磊 13600136000", NULL};
    static const char *const third[] = {"1 王伟 13800138000", "2 李娜 13700137000", "3 张敏 -",
                                        "4 赵磊 13600136000", NULL};
    int64_t since = -1;
    world_night(&world, "D01", first);
    world_night(&world, "D01", second);
    cr_assert_str_eq(world_text(&world, listed),
                     "customer,2,changed; customer,3,closed; customer,4,new");
    cr_assert(store_changes_since(world.store, &since, &world.error));
    cr_assert_eq(since, 1);
    world_night(&world, "D01", third);
    cr_assert_str_eq(world_text(&world, listed), "customer,3,reopened");
    cr_assert(store_has_changes(world.store));
    world_night(&world, "D01", third);
    cr_assert_str_eq(world_text(&world, listed), "");
    cr_assert_not(store_has_changes(world.store));
}

Test(store_changes, a_run_that_is_taken_back_leaves_the_lists_of_the_one_before)
{
    static const char *const first[] = {"1 王伟 13800138000", NULL};
    static const char *const second[] = {"1 王伟 13700137000", NULL};
    world_night(&world, "D01", first);
    world_night(&world, "D01", second);
    world_run_begin(&world);
    cr_assert_str_eq(world_text(&world, listed), "");
    cr_assert(store_run_abandon(world.store, "stopped", &world.error));
    cr_assert_str_eq(world_text(&world, listed), "customer,1,changed");
}
