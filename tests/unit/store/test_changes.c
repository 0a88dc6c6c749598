#include "cust360/store_changes.h"
#include "cust360/store_reading.h"
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

/* ---- deletions by a marker ---- */

static const char living[] = "SELECT source_key, closed_run FROM record_customer ORDER BY 1";

/* A night of a delta: whether the customer 1 is gone, or there. */
static struct store_counts delta_night(bool gone)
{
    struct source source = world_source("D01");
    source.delta = true;
    world_run_begin(&world);
    world.rows = 0;
    cr_assert(store_source_begin(world.store, &source, &world.error), "%s", world.error.message);
    if (gone)
        world_customer_gone(&world, "1", "王伟");
    else
        world_customer(&world, "1", "王伟", "13800138000");
    struct store_counts counts = world_source_end(&world);
    world_run_commit(&world);
    return counts;
}

Test(store_changes, a_delta_closes_what_it_says_is_gone_and_nothing_else)
{
    static const char *const first[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
    world_night(&world, "D01", first);
    struct store_counts counts = delta_night(true);
    cr_assert_eq(counts.records_closed, 1);
    cr_assert_str_eq(world_text(&world, living), "1,2; 2,");
    cr_assert_str_eq(world_text(&world, listed), "customer,1,closed");
    cr_assert_str_eq(world_text(&world, "SELECT rows FROM data_quality_run WHERE run_id=2 AND"
                                        " field='name'"),
                     "1");
    delta_night(true);
    cr_assert_str_eq(world_text(&world, listed), "", "it is gone already");
    delta_night(false);
    cr_assert_str_eq(world_text(&world, living), "1,; 2,");
    cr_assert_str_eq(world_text(&world, "SELECT rows FROM data_quality_run WHERE run_id=4 AND"
                                        " field='name'"),
                     "2");
}

Test(store_changes, the_last_row_of_a_reading_says_whether_a_record_is_gone)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer_gone(&world, "1", "王伟");
    world_customer(&world, "1", "王伟", "13800138000");
    world_customer(&world, "2", "李娜", "13900139000");
    world_customer_gone(&world, "2", "李娜");
    world_customer_gone(&world, "3", "张敏");
    struct store_counts counts = world_source_end(&world);
    world_run_commit(&world);
    cr_assert_eq(counts.records_new, 2);
    cr_assert_str_eq(world_text(&world, living), "1,; 2,1");
}

Test(store_changes, a_watermark_is_kept_with_the_rows_it_came_with)
{
    struct arena *arena = arena_create();
    const char *watermark = NULL;
    world_run_begin(&world);
    world_source_begin(&world, "D04");
    cr_assert(store_watermark_write(world.store, "sales", "2026-06-30", &world.error));
    world_source_end(&world);
    world_source_begin(&world, "D04");
    cr_assert(store_watermark_write(world.store, "sales", "2026-07-01", &world.error));
    error_set(&world.error, EXIT_FAILED, "lost the connection");
    struct error why = world.error;
    cr_assert(store_source_fail(world.store, &why, &world.error));
    world_run_commit(&world);
    cr_assert(store_watermark_read(world.store, "D04", "sales", arena, &watermark, &world.error));
    cr_expect_str_eq(watermark, "2026-06-30", "what is taken back comes again");
    cr_assert(store_watermark_read(world.store, "D04", "cars", arena, &watermark, &world.error));
    cr_expect_str_eq(watermark, "");
    arena_destroy(arena);
}
