#include "bench.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

/* What may go wrong at a target: nothing of the night arrives, the message says what to do, and the
 * next publication puts right what there is. */

static struct bench bench;

static void begin(void)
{
    size_t made = 0;
    struct target_result result;
    log_configure(LOG_ERROR, LOG_TEXT);
    bench_begin(&bench);
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error), "%s",
              bench.error.message);
    cr_assert(target_publish(bench.arena, &bench.options, &result, &bench.error), "%s",
              bench.error.message);
}

static void end(void)
{
    bench_end(&bench);
}

TestSuite(publish_troubles, .init = begin, .fini = end);

#define NIGHT                                                                                      \
    "UPDATE customer SET name='Anna' WHERE golden_id='C1'; UPDATE parameter SET value='2' WHERE"   \
    " name='run_id'"

static void at_target(const char *sql)
{
    struct session session;
    cr_assert(
        session_open(&session, bench.arena, &bench.target, bench.options.connection, &bench.error));
    cr_assert(session_run(&session, sql, &bench.error), "%s", bench.error.message);
    session_close(&session);
}

static void expect_failure(const char *message)
{
    struct target_result result;
    cr_assert_not(target_publish(bench.arena, &bench.options, &result, &bench.error));
    cr_expect(strstr(bench.error.message, message), "%s", bench.error.message);
    cr_expect(strstr(bench.error.message, "target crm"), "%s", bench.error.message);
    cr_expect_eq(bench_at_target(&bench, "SELECT max(run_id) FROM c_cust360_ledger"), 1);
}

static void expect_publication(void)
{
    struct target_result result;
    cr_assert(target_publish(bench.arena, &bench.options, &result, &bench.error), "%s",
              bench.error.message);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE golden_id='C1' AND"
                                         " name='Anna'"),
                 1);
    cr_expect_eq(bench_at_target(&bench, "SELECT max(run_id) FROM c_cust360_ledger"), 2);
}

/* A trigger makes other rows of those that are sent: what is read back has another hash. */
Test(publish_troubles, what_is_read_back_is_not_what_was_sent)
{
    bench_change_view(&bench, NIGHT);
    at_target("CREATE TRIGGER meddle AFTER INSERT ON c_customer BEGIN"
              " UPDATE c_customer SET row_hash=7 WHERE golden_id=new.golden_id; END");
    at_target("CREATE TRIGGER meddle_too AFTER UPDATE OF name ON c_customer BEGIN"
              " UPDATE c_customer SET row_hash=7 WHERE golden_id=new.golden_id; END");
    expect_failure("it has other rows than were sent");
    cr_expect(strstr(bench.error.hint, "trigger"), "%s", bench.error.hint);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE name='Anna'"), 0);
    at_target("DROP TRIGGER meddle");
    at_target("DROP TRIGGER meddle_too");
    expect_publication();
}

/* A trigger that adds rows: more are counted than were sent. */
Test(publish_troubles, there_are_more_rows_than_were_sent)
{
    bench_change_view(&bench, NIGHT ";INSERT INTO customer VALUES('C4','Dora',4,4.25,NULL)");
    at_target("CREATE TRIGGER meddle AFTER INSERT ON c_customer WHEN new.golden_id='C4' BEGIN"
              " INSERT INTO c_customer(golden_id, row_hash) VALUES('X', 1); END");
    expect_failure("it has other rows than were sent: 5, and 4 are expected");
    at_target("DROP TRIGGER meddle");
    expect_publication();
}

Test(publish_troubles, another_session_holds_the_lock)
{
    struct session other;
    bench.options.connection = arena_format(bench.arena, "%sTimeout=50;", bench.options.connection);
    cr_assert(
        session_open(&other, bench.arena, &bench.target, bench.options.connection, &bench.error));
    cr_assert(session_begin(&other, &bench.error), "%s", bench.error.message);
    cr_assert(session_run(&other, "DELETE FROM c_event WHERE 0", &bench.error));
    bench_change_view(&bench, NIGHT);
    struct target_result result;
    cr_assert_not(target_publish(bench.arena, &bench.options, &result, &bench.error));
    cr_expect_eq(bench.error.exit_code, EXIT_LOCKED, "%s", bench.error.message);
    session_close(&other);
    expect_publication();
}

Test(publish_troubles, a_table_that_somebody_has_dropped_is_made_when_asked)
{
    size_t made = 0;
    bench_change_view(&bench, NIGHT);
    at_target("DROP TABLE c_customer");
    expect_failure("table customer: the table is not there");
    cr_expect(strstr(bench.error.hint, "--init"), "%s", bench.error.hint);
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error));
    cr_expect_eq(made, 1);
    expect_publication();
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer"), 3);
}

Test(publish_troubles, a_column_that_somebody_has_dropped_is_told)
{
    bench_change_view(&bench, NIGHT);
    at_target("ALTER TABLE c_customer DROP COLUMN visits");
    expect_failure("table customer: the column visits is not there");
}

/* The owner's column must have a value, and nobody can know which. */
Test(publish_troubles, a_row_that_the_owners_constraint_refuses_is_named)
{
    bench_change_view(&bench, NIGHT ";INSERT INTO customer VALUES('C4','Dora',4,4.25,NULL)");
    at_target("CREATE UNIQUE INDEX one_name ON c_customer(name)");
    bench_change_view(&bench, "UPDATE customer SET name='Anna' WHERE golden_id='C4'");
    expect_failure("table customer: row golden_id C");
    cr_expect_null(strstr(bench.error.message, "Anna"), "%s", bench.error.message);
    at_target("DROP INDEX one_name");
    expect_publication();
}

/* Missing rights: as its owner, root writes whatever the mode says, so the connection itself asks
 * for reading only. */
Test(publish_troubles, a_target_that_may_only_be_read_is_left_as_it_was)
{
    bench_change_view(&bench, NIGHT);
    const char *connection = bench.options.connection;
    bench.options.connection =
        arena_format(bench.arena, "Driver={SQLite3};Database=file:%s/target.db?mode=ro;StepAPI=1;",
                     bench.folder);
    struct target_result result;
    cr_assert_not(target_publish(bench.arena, &bench.options, &result, &bench.error));
    cr_expect(bench.error.message[0]);
    bench.options.connection = connection;
    cr_expect_eq(bench_at_target(&bench, "SELECT max(run_id) FROM c_cust360_ledger"), 1);
    expect_publication();
}

Test(publish_troubles, the_ledger_is_gone)
{
    size_t made = 0;
    bench_change_view(&bench, NIGHT);
    at_target("DROP TABLE c_cust360_ledger");
    struct target_result result;
    cr_assert_not(target_publish(bench.arena, &bench.options, &result, &bench.error));
    cr_expect(strstr(bench.error.hint, "--init"), "%s", bench.error.hint);
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error));
    expect_publication();
}
