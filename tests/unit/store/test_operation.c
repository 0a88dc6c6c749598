#include "cust360/store_operation.h"
#include "world.h"

#include <criterion/criterion.h>
#include <string.h>

/* Gates, figures, medians and how sources stand. */

static struct world world;

static void open_world(void)
{
    world_begin(&world);
    world_open(&world);
}

static void close_world(void)
{
    world_end(&world);
}

TestSuite(store_operation, .init = open_world, .fini = close_world);

static void note(const char *gate, const char *outcome, const char *reason)
{
    struct store_gate said = {
        .gate = gate, .source = "D01", .outcome = outcome, .text = "a sentence", .reason = reason};
    store_gate_note(world.store, &said);
}

Test(store_operation, gates_are_kept_with_the_run)
{
    world_run_begin(&world);
    note("reject_share", "warned", NULL);
    note("removals", "accepted", "a big clean-up");
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, "SELECT run_id, gate, source, outcome, "
                                        "coalesce(reason,'-') FROM run_gate ORDER BY gate"),
                     "1,reject_share,D01,warned,-; 1,removals,D01,accepted,a big clean-up");
}

Test(store_operation, gates_of_a_run_that_is_taken_back_are_kept_too)
{
    world_run_begin(&world);
    cr_assert(store_figure_put(world.store, "golden", 7, &world.error));
    note("golden_count", "stopped", NULL);
    cr_assert(store_run_abandon(world.store, "stopped", &world.error), "%s", world.error.message);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM run_gate WHERE run_id=1"), 1);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM run_figure"), 0);
}

Test(store_operation, figures_are_those_of_the_last_run_that_has_them)
{
    double value = 0;
    bool found = true;
    world_run_begin(&world);
    cr_assert(store_figure_former(world.store, "golden", &value, &found, &world.error));
    cr_assert_not(found);
    cr_assert(store_figure_put(world.store, "golden", 7, &world.error));
    world_run_commit(&world);
    world_reopen(&world);
    world_run_begin(&world);
    cr_assert(store_figure_put(world.store, "golden", 9, &world.error));
    cr_assert(store_figure_former(world.store, "golden", &value, &found, &world.error));
    cr_assert(found);
    cr_assert_float_eq(value, 7, 0.001);
}

static void night_of(size_t customers)
{
    static const char *const rows[] = {"1 A 13800138000", "2 B -", "3 C -", "4 D -", "5 E -"};
    const char *night[8] = {NULL};
    memcpy(night, rows, customers * sizeof(*night));
    world_reopen(&world);
    world_night(&world, "D01", night);
}

Test(store_operation, medians_are_of_the_last_readings)
{
    static const struct {
        uint32_t count;
        double median;
    } cases[] = {{1, 2}, {2, 3.5}, {3, 2}, {9, 2.5}};
    night_of(3);
    night_of(1);
    night_of(5);
    night_of(2);
    world_reopen(&world);
    world_run_begin(&world);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store_median what = {.count = cases[i].count};
        double median = 0;
        bool found = false;
        cr_assert(store_median_former(world.store, "D01", &what, &median, &found, &world.error));
        cr_assert(found);
        cr_expect_float_eq(median, cases[i].median, 0.001, "%u: %f", cases[i].count, median);
    }
    struct store_median what = {.count = 3};
    double median = 0;
    bool found = true;
    cr_assert(store_median_former(world.store, "D99", &what, &median, &found, &world.error));
    cr_assert_not(found);
}

Test(store_operation, a_reading_can_be_judged_before_it_counts)
{
    struct store_counts counts = {0};
    struct error why;
    night_of(5);
    world_reopen(&world);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "A", NULL);
    cr_assert(store_source_count(world.store, world.rows, &counts, &world.error), "%s",
              world.error.message);
    cr_assert_eq(counts.records_closed, 4);
    int64_t records = 0;
    int64_t filled = 0;
    cr_assert(store_fill(world.store, world_model.entities[CUSTOMER].name,
                         world_model.entities[CUSTOMER].fields[NAME].name, &records, &filled,
                         &world.error));
    cr_assert_eq(records, 1);
    cr_assert_eq(filled, 1);
    error_set(&why, EXIT_SOURCE_MISSING, "shrunken");
    cr_assert(store_source_freeze(world.store, &why, &world.error), "%s", world.error.message);
    world_run_commit(&world);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM record_customer WHERE closed_run IS "
                                      "NULL"),
                 5);
    cr_assert_str_eq(world_text(&world, "SELECT status, message FROM source"), "frozen,shrunken");
    struct store_standing standing;
    cr_assert(store_source_standing(world.store, "D01", &standing, &world.error));
    cr_assert_eq(standing.last_good_run, 1);
    cr_assert_eq(strlen(standing.last_good_as_of), 10);
}

Test(store_operation, a_source_is_marked_and_a_stranger_passed_over)
{
    night_of(1);
    cr_assert(store_source_mark(world.store, "D01", "left", "gone", &world.error));
    cr_assert(store_source_mark(world.store, "D99", "left", NULL, &world.error));
    cr_assert_str_eq(world_text(&world, "SELECT name, status, message FROM source"),
                     "D01,left,gone");
    struct store_standing standing;
    cr_assert(store_source_standing(world.store, "D99", &standing, &world.error));
    cr_assert_str_eq(standing.last_good_as_of, "");
}

Test(store_operation, a_notice_is_known_after_its_run)
{
    bool known = true;
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    cr_assert(store_notice(world.store, "column_new", "X is new", &world.error));
    cr_assert(store_notice_known(world.store, "column_new", "X is new", &known, &world.error));
    cr_assert_not(known);
    world_source_end(&world);
    world_run_commit(&world);
    world_reopen(&world);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    cr_assert(store_notice_known(world.store, "column_new", "X is new", &known, &world.error));
    cr_assert(known);
    cr_assert(store_notice_known(world.store, "column_new", "Y is new", &known, &world.error));
    cr_assert_not(known);
}

Test(store_operation, old_runs_are_forgotten_but_new_columns_stay_known)
{
    world_run_begin(&world);
    note("reject_share", "warned", NULL);
    world_source_begin(&world, "D01");
    cr_assert(store_notice(world.store, "column_new", "X is new", &world.error));
    cr_assert(store_notice(world.store, "column_missing", "Y is missing", &world.error));
    world_source_end(&world);
    world_run_commit(&world);
    cr_assert(store_forget_runs(world.store, 2, &world.error));
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM run_gate"), 0);
    cr_assert_str_eq(world_text(&world, "SELECT code FROM run_notice"), "column_new");
}

Test(store_operation, a_view_that_was_put_back_is_to_be_published_again)
{
    night_of(1);
    cr_assert(store_run_published(world.store, 1, &world.error));
    night_of(2);
    cr_assert(store_run_published(world.store, 2, &world.error));
    cr_assert(store_view_put_back(world.store, 1, &world.error));
    cr_assert_str_eq(world_text(&world, "SELECT run_id, published FROM run ORDER BY run_id"),
                     "1,1; 2,0");
}
