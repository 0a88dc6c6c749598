#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Sources that give only what has changed: rows that say that their record is gone, and tables that
 * are read from where they were read last. Whatever came in which order, the customers are those
 * that a new state finds in everything at once. */

static void write_group(const char *mode)
{
    char text[2048];
    write_project("", "");
    char *root = read_text("root");
    root[strcspn(root, "\n")] = '\0';
    snprintf(text, sizeof(text),
             "name: deltas\nmappings: %s/mappings\nfeeds: feeds\nstate: state\nout: out\n"
             "dms: dms\nsources:\n"
             "  - {id: D01, path: D01.csv, mapping: marked, mode: %s}\n"
             "  - {id: W01, path: W01.sqlite, mapping: watched, mode: %s}\n",
             root, mode, mode);
    write_text("cust360.yaml", text);
    memory_free(root);
}

/* Freed by the caller. */
static char *query_text(const char *database, const char *sql)
{
    shell("sqlite3 '%s' \"%s\" | tr -d '\\n' > '%s'", in_workspace(database), sql,
          in_workspace("answer"));
    return read_text("answer");
}

static void fill_table(const char *sql)
{
    shell("sqlite3 '%s' \"%s\"", in_workspace("feeds/W01.sqlite"), sql);
}

static void deltas_open(void)
{
    small_group_open();
    shell("rm '%s'/*", in_workspace("feeds"));
    write_text("dms/marked.yaml",
               "kind: csv\nencoding: utf-8\ntables:\n  - name: customers\n"
               "    entities:\n      customer:\n        key: No\n"
               "        deleted: {column: State, in: [D]}\n        fields:\n"
               "          name: Name\n          mobile: {column: Mobile, required: false}\n");
    write_text(
        "dms/watched.yaml",
        "kind: odbc\nconnection: 'Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;'\n"
        "tables:\n  - name: customers\n"
        "    query: select no, name, mobile, changed from t where changed >= {since} order by"
        " no\n"
        "    watermark: changed\n    look_back_days: 1\n"
        "    entities:\n      customer:\n        key: \"no\"\n        fields:\n"
        "          name: name\n          mobile: {column: mobile, required: false}\n");
    write_group("delta");
    write_text("feeds/D01.csv", "No,Name,Mobile,State\n1,Li Mei,13800200001,\n"
                                "2,Wang Fang,13800200002,\n3,Zhao Yun,13800200003,\n");
    fill_table("create table t(no text primary key, name text, mobile text, changed text);"
               "insert into t values('1','Li Mei','13800200001','2026-06-01 10:00:00'),"
               "('2','Sun Wu','13800300002','2026-06-02 10:00:00'),"
               "('3','Qian Long','13800300003','2026-06-20 10:00:00')");
}

TestSuite(deltas, .init = deltas_open, .fini = workspace_close, .timeout = 300);

#define LIVING                                                                                     \
    "SELECT group_concat(name || ' ' || source_key || ' ' || mobile, ', ') FROM (SELECT s.name,"   \
    " r.source_key, r.mobile FROM record_customer r JOIN source s USING(source_id) WHERE"          \
    " r.closed_run IS NULL ORDER BY 1, 2)"

static void expect_living(const char *expected)
{
    char *living = query_text(STATE, LIVING);
    cr_expect_str_eq(living, expected);
    memory_free(living);
}

Test(deltas, a_row_may_say_that_its_record_is_gone_and_another_that_it_is_back)
{
    quiet_night("2026-06-30", "", 0);
    cr_expect_eq(customers(), 5, "one is known to both");
    write_text("feeds/D01.csv", "No,Name,Mobile,State\n2,Wang Fang,13800200002,D\n"
                                "3,Zhao Yun,13800200033,\n");
    quiet_night("2026-07-01", "", 0);
    cr_expect_eq(customers(), 4);
    expect_living("D01 1 13800200001, D01 3 13800200033, W01 1 13800200001, W01 2 13800300002,"
                  " W01 3 13800300003");
    char *first = query_text(VIEW, "SELECT golden_id FROM golden_history WHERE event='retired'");
    write_text("feeds/D01.csv", "No,Name,Mobile,State\n2,Wang Fang,13800200002,\n");
    quiet_night("2026-07-02", "", 0);
    cr_expect_eq(customers(), 5);
    char *back = query_text(VIEW, "SELECT golden_id FROM golden_history WHERE event='revived'");
    cr_expect_str_eq(first, back, "it is the same customer");
    memory_free(first);
    memory_free(back);
}

Test(deltas, a_table_is_read_from_a_day_before_where_it_was_read_last)
{
    quiet_night("2026-06-30", "", 0);
    cr_expect_eq(query_number(STATE, "SELECT rows_read FROM run_source JOIN source USING(source_id)"
                                     " WHERE run_id=1 AND name='W01'"),
                 3);
    fill_table("update t set mobile='13800300022', changed='2026-06-30 09:00:00' where no='2';"
               "insert into t values('4','Zhou Yu','13800300004','2026-06-19 12:00:00');"
               "insert into t values('5','He Zhi','13800300005','2026-06-10 12:00:00')");
    quiet_night("2026-07-01", "", 0);
    cr_expect_eq(query_number(STATE, "SELECT rows_read FROM run_source JOIN source USING(source_id)"
                                     " WHERE run_id=2 AND name='W01'"),
                 3, "the changed one, and what came late within a day of the last");
    expect_living("D01 1 13800200001, D01 2 13800200002, D01 3 13800200003, W01 1 13800200001,"
                  " W01 2 13800300022, W01 3 13800300003, W01 4 13800300004");
    quiet_night("2026-07-02", "--rebuild", 0);
    cr_expect_eq(query_number(STATE,
                              "SELECT count(*) FROM record_customer r JOIN source"
                              " USING(source_id) WHERE source.name='W01' AND closed_run IS NULL"),
                 5, "a rebuild begins with everything");
}

Test(deltas, a_new_state_finds_the_same_customers_in_everything_at_once)
{
    static const char customer_values[] =
        "SELECT group_concat(line, ', ') FROM (SELECT name || ' ' || mobile || ' ' || (SELECT"
        " count(*) FROM customer_source s WHERE s.golden_id = c.golden_id) AS line FROM customer c"
        " ORDER BY 1)";
    quiet_night("2026-06-30", "", 0);
    write_text("feeds/D01.csv", "No,Name,Mobile,State\n2,Wang Fang,13800200002,D\n"
                                "4,Qian Long,13800300003,\n");
    fill_table("update t set mobile='13800200003', name='Zhao Yun', changed='2026-06-30 09:00:00'"
               " where no='2'");
    quiet_night("2026-07-01", "", 0);
    char *grown = query_text(VIEW, customer_values);
    write_text("feeds/D01.csv", "No,Name,Mobile,State\n1,Li Mei,13800200001,\n"
                                "3,Zhao Yun,13800200003,\n4,Qian Long,13800300003,\n");
    shell("rm -r '%s' '%s'", in_workspace("state"), in_workspace("out"));
    quiet_night("2026-07-01", "", 0);
    char *anew = query_text(VIEW, customer_values);
    cr_expect_str_eq(grown, anew);
    cr_expect(strstr(anew, "Zhao Yun 13800200003 2"), "%s", anew);
    memory_free(grown);
    memory_free(anew);
}

/* A row of a database stands in no file: reports name the mapping's table in its place. */
Test(deltas, a_row_of_a_database_is_traced_by_its_table)
{
    quiet_night("2026-06-30", "", 0);
    struct finished finished = run("trace -c @/cust360.yaml customers:1");
    expect_exit(finished, 0);
    expect_contains(finished.output, "customers:1 as it came (W01, table customers)");
    expect_contains(finished.output, "became: customer 1, a record of customer C");
    finished_release(&finished);
    finished = run("trace -c @/cust360.yaml nowhere:1");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "nobody has this value");
    finished_release(&finished);
}
