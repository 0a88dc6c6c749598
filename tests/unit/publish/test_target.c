#include "bench.h"

#include <criterion/criterion.h>

/* Whole publications to a SQLite file behind ODBC: sender, difference, ledger and what was sent. */

static struct bench bench;

static void begin(void)
{
    bench_begin(&bench);
}

static void end(void)
{
    bench_end(&bench);
}

TestSuite(publish_target, .init = begin, .fini = end);

static void initialize(void)
{
    size_t made = 0;
    cr_assert(target_init(bench.arena, &bench.options, &made, &bench.error), "%s",
              bench.error.message);
    cr_assert_gt(made, 0);
}

static struct target_table publish(const char *table)
{
    struct target_result result;
    cr_assert(target_publish(bench.arena, &bench.options, &result, &bench.error), "%s",
              bench.error.message);
    for (size_t i = 0; i < result.table_count; i++)
        if (strcmp(result.tables[i].name, table) == 0)
            return result.tables[i];
    cr_assert(false, "%s was not published", table);
    return (struct target_table){.name = NULL};
}

static void expect_counts(struct target_table table, uint64_t rows, uint64_t upserted,
                          uint64_t deleted)
{
    cr_expect_eq(table.rows, rows, "%s: %llu rows", table.name, (unsigned long long)table.rows);
    cr_expect_eq(table.upserted, upserted, "%s: %llu upserted", table.name,
                 (unsigned long long)table.upserted);
    cr_expect_eq(table.deleted, deleted, "%s: %llu deleted", table.name,
                 (unsigned long long)table.deleted);
}

Test(publish_target, nothing_is_made_that_nobody_asked_for)
{
    struct target_result result;
    cr_expect_not(target_publish(bench.arena, &bench.options, &result, &bench.error));
    cr_expect(strstr(bench.error.hint, "--init"), "%s", bench.error.hint);
}

Test(publish_target, all_rows_then_only_what_differs)
{
    initialize();
    expect_counts(publish("customer"), 3, 3, 0);
    expect_counts(publish("customer"), 3, 0, 0);
    bench_change_view(&bench, "UPDATE customer SET name='Anna' WHERE golden_id='C1';"
                              "DELETE FROM customer WHERE golden_id='C2';"
                              "INSERT INTO customer VALUES('C4','Dora',4,4.25,NULL);"
                              "UPDATE parameter SET value='2' WHERE name='run_id'");
    expect_counts(publish("customer"), 3, 2, 1);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE golden_id IN"
                                         " ('C1','C3','C4') AND name IN ('Anna','','Dora')"),
                 3);
}

Test(publish_target, equal_rows_without_a_key_are_counted)
{
    initialize();
    expect_counts(publish("event"), 3, 3, 0);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_event WHERE golden_id='C1'"), 2);
    bench_change_view(&bench, "DELETE FROM event WHERE rowid=1;"
                              "UPDATE parameter SET value='2' WHERE name='run_id'");
    expect_counts(publish("event"), 2, 0, 1);
}

Test(publish_target, null_and_empty_text_are_two_things)
{
    initialize();
    publish("customer");
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE name=''"), 1);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer WHERE visits IS NULL"),
                 1);
}

Test(publish_target, what_somebody_else_has_written_is_put_right)
{
    initialize();
    publish("customer");
    bench_at_target(&bench, "SELECT 1");
    struct error error;
    struct session session;
    cr_assert(session_open(&session, bench.arena, &bench.target, bench.options.connection, &error));
    cr_assert(session_run(&session, "DELETE FROM c_customer WHERE golden_id='C2'", &error));
    session_close(&session);
    bench_change_view(&bench, "UPDATE parameter SET value='2' WHERE name='run_id'");
    publish("customer");
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_customer"), 3);
}

static struct error warning;

static bool check(void)
{
    return target_check(bench.arena, &bench.options, &warning, &bench.error);
}

Test(publish_target, rare_characters_come_back_as_they_went)
{
    cr_expect(check(), "%s", bench.error.message);
    cr_expect(strstr(warning.message, "its tables are not made yet"), "%s", warning.message);
    cr_expect(strstr(warning.hint, "--init"), "%s", warning.hint);
    initialize();
    cr_expect(check(), "%s", bench.error.message);
    cr_expect_eq(warning.exit_code, 0, "%s", warning.message);
    cr_expect_eq(bench_at_target(&bench, "SELECT count(*) FROM c_cust360_ledger"), 0);
}

static void at_target(const char *sql)
{
    struct error error;
    struct session session;
    cr_assert(session_open(&session, bench.arena, &bench.target, bench.options.connection, &error));
    cr_assert(session_run(&session, sql, &error), "%s", error.message);
    session_close(&session);
}

/* What would stop a publication stops the check, and how many tables more is said. */
Test(publish_target, a_table_that_is_missing_or_refuses_is_named)
{
    initialize();
    at_target("DROP TABLE c_event");
    cr_expect_not(check());
    cr_expect(strstr(bench.error.message, "table event: the table is not there"), "%s",
              bench.error.message);
    at_target("DROP TABLE c_customer");
    cr_expect_not(check());
    cr_expect(strstr(bench.error.message, "table customer: the table is not there; 1 other tables"),
              "%s", bench.error.message);
}

/* What somebody has put behind the table takes the row away. */
Test(publish_target, a_canary_that_is_not_as_it_was_written_is_told)
{
    initialize();
    at_target("CREATE TRIGGER eats AFTER INSERT ON c_cust360_ledger BEGIN DELETE FROM "
              "c_cust360_ledger WHERE publication = 0; END");
    cr_expect_not(check());
    cr_expect(strstr(bench.error.message, "the row that was written is not there"), "%s",
              bench.error.message);
}
