#include "bench.h"
#include "cust360/base/file.h"
#include "publish/delta.h"
#include "publish/structure.h"

#include <criterion/criterion.h>

/* Two views; what makes one of the other is sent to a SQLite file behind ODBC. */

static struct bench bench;
static struct database *former;
static struct database *fresh;

static void begin(void)
{
    size_t made = 0;
    bench_begin(&bench);
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error), "%s",
              bench.error.message);
    bench_connect(&bench);
}

static void end(void)
{
    database_close(former);
    database_close(fresh);
    bench_end(&bench);
}

TestSuite(publish_delta, .init = begin, .fini = end);

static struct database *open_view(const char *name)
{
    const char *path = file_join(bench.arena, bench.folder, name);
    cr_assert(file_copy(file_join(bench.arena, bench.folder, "view.db"), path, &bench.error));
    struct database *database = database_open(path, DATABASE_READ, &bench.error);
    cr_assert(database, "%s", bench.error.message);
    return database;
}

static struct delta send(const char *name)
{
    struct delta delta = {{0, 0, 0}, 0, 0};
    const struct sent_table *table = sent_table_of(&bench.session, bench_shape(&bench, name));
    cr_assert(session_begin(&bench.session, &bench.error));
    cr_assert(delta_send(&bench.session, table, former, fresh, &delta, &bench.error), "%s",
              bench.error.message);
    cr_assert(session_run(&bench.session, "COMMIT", &bench.error), "%s", bench.error.message);
    return delta;
}

static void expect_sent(const char *name, uint64_t rows, uint64_t upserted, uint64_t deleted)
{
    struct delta delta = send(name);
    cr_expect_eq(delta.sum.rows, rows, "%llu rows", (unsigned long long)delta.sum.rows);
    cr_expect_eq(delta.upserted, upserted, "%llu upserted", (unsigned long long)delta.upserted);
    cr_expect_eq(delta.deleted, deleted, "%llu deleted", (unsigned long long)delta.deleted);
}

/* The target has the view as it is; `sql` makes the next one. */
static void send_and_change(const char *sql)
{
    fresh = open_view("one.db");
    send("customer");
    send("event");
    former = fresh;
    bench_change_view(&bench, sql);
    fresh = open_view("two.db");
}

Test(publish_delta, without_a_former_side_all_rows_come)
{
    fresh = open_view("one.db");
    expect_sent("customer", 3, 3, 0);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer"), 3);
}

Test(publish_delta, of_equal_sides_nothing_is_sent)
{
    send_and_change("UPDATE parameter SET value='2' WHERE name='run_id'");
    expect_sent("customer", 3, 0, 0);
    expect_sent("event", 3, 0, 0);
}

Test(publish_delta, a_row_that_changes_under_its_key_is_not_deleted)
{
    send_and_change("UPDATE customer SET name='Anna' WHERE golden_id='C1'");
    expect_sent("customer", 3, 1, 0);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE name='Anna'"), 1);
}

Test(publish_delta, a_key_that_changes_is_one_deleted_and_one_come)
{
    send_and_change("UPDATE customer SET golden_id='C9' WHERE golden_id='C1'");
    expect_sent("customer", 3, 1, 1);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE golden_id='C1'"),
                 0);
}

Test(publish_delta, of_equal_rows_without_a_key_as_many_go_as_are_gone)
{
    send_and_change("INSERT INTO event VALUES('C1','visit'),('C1','visit');"
                    "DELETE FROM event WHERE golden_id='C2'");
    expect_sent("event", 4, 2, 1);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_event WHERE what='visit'"), 4);
    database_close(former);
    former = fresh;
    bench_change_view(&bench, "DELETE FROM event WHERE rowid IN (SELECT rowid FROM event LIMIT 3)");
    fresh = open_view("three.db");
    expect_sent("event", 1, 0, 3);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_event"), 1);
}

Test(publish_delta, everything_may_go)
{
    send_and_change("DELETE FROM customer; DELETE FROM event");
    expect_sent("customer", 0, 0, 3);
    expect_sent("event", 0, 0, 3);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer"), 0);
}

Test(publish_delta, a_table_that_is_gone_there_is_told)
{
    struct delta delta;
    fresh = open_view("one.db");
    const struct sent_table *table = sent_table_of(&bench.session, bench_shape(&bench, "customer"));
    cr_assert(session_run(&bench.session, "DROP TABLE c_customer", &bench.error));
    cr_expect_not(delta_send(&bench.session, table, NULL, fresh, &delta, &bench.error));
    cr_expect(strstr(bench.error.message, "target crm, table customer"), "%s", bench.error.message);
}
