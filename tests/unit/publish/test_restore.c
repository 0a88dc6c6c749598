#include "bench.h"
#include "cust360/base/file.h"
#include "publish/restore.h"
#include "publish/structure.h"

#include <criterion/criterion.h>

/* A SQLite file behind ODBC holds the rows; what is read of it stands in another. */

static struct bench bench;
static struct database *scratch;

static void begin(void)
{
    size_t made = 0;
    bench_begin(&bench);
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error), "%s",
              bench.error.message);
    struct target_result result;
    cr_assert(target_publish(bench.arena, &bench.options, &result, &bench.error), "%s",
              bench.error.message);
    bench_connect(&bench);
    scratch = database_open(file_join(bench.arena, bench.folder, "scratch.db"), DATABASE_SCRATCH,
                            &bench.error);
    cr_assert(scratch);
}

static void end(void)
{
    database_close(scratch);
    bench_end(&bench);
}

TestSuite(publish_restore, .init = begin, .fini = end);

static const struct sent_table *table_of(const char *name)
{
    return sent_table_of(&bench.session, bench_shape(&bench, name));
}

static int64_t in_scratch(const char *sql)
{
    int64_t number = -1;
    cr_assert(database_integer(scratch, sql, -1, &number, &bench.error), "%s", bench.error.message);
    return number;
}

static void at_target(const char *sql)
{
    cr_assert(session_run(&bench.session, sql, &bench.error), "%s", bench.error.message);
}

static bool fits(const char *name)
{
    bool same = false;
    cr_assert(shape_fits(bench.arena, bench_shape(&bench, name), scratch, &same, &bench.error));
    return same;
}

Test(publish_restore, rows_come_as_they_were_sent)
{
    cr_assert(restore_table(&bench.session, table_of("customer"), scratch, &bench.error), "%s",
              bench.error.message);
    cr_expect_eq(in_scratch("SELECT count(*) FROM customer"), 3);
    cr_expect_eq(in_scratch("SELECT count(*) FROM customer WHERE name=''"), 1);
    cr_expect_eq(in_scratch("SELECT count(*) FROM customer WHERE visits IS NULL"), 1);
    cr_expect_eq(in_scratch("SELECT count(*) FROM customer WHERE since='2020-01-01'"), 1);
    cr_expect(fits("customer"));
}

Test(publish_restore, a_row_that_is_not_what_its_hash_says_has_all_sent_again)
{
    at_target("UPDATE c_customer SET name='somebody else' WHERE golden_id='C1'");
    cr_assert(restore_table(&bench.session, table_of("customer"), scratch, &bench.error));
    cr_expect_eq(in_scratch("SELECT count(*) FROM customer"), 3);
    cr_expect_not(fits("customer"), "none of its rows counts as sent");
}

Test(publish_restore, a_copy_to_look_at_spoils_and_deletes_nothing)
{
    at_target("UPDATE c_customer SET name='somebody else' WHERE golden_id='C1'");
    cr_assert(restore_copy(&bench.session, table_of("customer"), scratch, &bench.error));
    cr_assert(restore_copy(&bench.session, table_of("event"), scratch, &bench.error));
    cr_expect(fits("customer"));
    cr_expect_eq(in_scratch("SELECT count(*) FROM event"), 3);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_event"), 3);
}

Test(publish_restore, rows_without_a_key_are_deleted_there)
{
    cr_assert(restore_table(&bench.session, table_of("event"), scratch, &bench.error));
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_event"), 0);
    cr_expect_eq(in_scratch("SELECT count(*) FROM sqlite_master WHERE name='event'"), 0);
}

Test(publish_restore, the_sum_counts_rows_and_moves_with_any_of_them)
{
    struct shape_sum before;
    struct shape_sum after;
    const struct sent_table *table = table_of("customer");
    cr_assert(restore_sum(&bench.session, table, &before, &bench.error));
    cr_expect_eq(before.rows, 3);
    at_target("UPDATE c_customer SET row_hash=row_hash+1 WHERE golden_id='C1'");
    cr_assert(restore_sum(&bench.session, table, &after, &bench.error));
    cr_expect_not(shape_sum_equal(&before, &after));
    at_target("DELETE FROM c_customer");
    cr_assert(restore_sum(&bench.session, table, &after, &bench.error));
    cr_expect(after.rows == 0 && after.low == 0 && after.high == 0, "NULL is a sum of nothing");
}

Test(publish_restore, a_table_that_somebody_has_dropped_is_named)
{
    const struct sent_table *table = table_of("customer");
    struct shape_sum sum;
    at_target("DROP TABLE c_customer");
    cr_expect_not(restore_sum(&bench.session, table, &sum, &bench.error));
    cr_expect(strstr(bench.error.message, "target crm, table customer"), "%s", bench.error.message);
    at_target("DROP TABLE c_event");
    cr_expect_not(restore_table(&bench.session, table_of("event"), scratch, &bench.error));
}
