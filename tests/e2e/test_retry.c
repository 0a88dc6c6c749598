#include "cust360/base/memory.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Rejected rows, read again once what was wrong with the mapping, the rules or the rows is mended.
 */

#define DAY   " --as-of 2026-06-30"
#define STATE "state/state.db"

static void write_mapping(void)
{
    write_text("one.yaml",
               "kind: csv\nencoding: gb18030\ntables:\n  - name: customers\n    entities:\n"
               "      customer:\n        key: No\n        fields:\n"
               "          type: {column: Kind, codes: {P: person}}\n"
               "          name: {column: Name, required: true}\n"
               "          mobile: {column: Mobile, required: true}\n");
}

/* Of five rows two have too few columns. */
static void open_retry(void)
{
    workspace_open();
    write_text("cust360.yaml", "name: Retry\nmappings: @MAPPINGS@\nfeeds: feeds\nstate: state\n"
                               "out: out\nsources:\n"
                               "  - {id: D01, path: D01.csv, mapping: one.yaml, mode: delta}\n"
                               "  - {id: D02, path: D02.csv, mapping: one.yaml}\n");
    shell("sed -i \"s|@MAPPINGS@|$PWD/mappings|\" '%s'", in_workspace("cust360.yaml"));
    write_mapping();
    shell("mkdir -p '%s'", in_workspace("feeds"));
    write_text("utf8.csv", "No,Kind,Name,Mobile\n1,P,王小明,13800138001\n2,P,李雷,13800138002\n"
                           "3,P,韩梅梅\n4,P,张伟\n5,P,,13800138005\n");
    shell("iconv -f utf-8 -t gb18030 '%s' > '%s'", in_workspace("utf8.csv"),
          in_workspace("feeds/D01.csv"));
    shell("printf 'No,Kind,Name,Mobile\\n7,P,Ann Lee,13900139007\\n' > '%s'",
          in_workspace("feeds/D02.csv"));
    struct finished finished = run("run -c @/cust360.yaml" DAY);
    expect_exit(finished, 0);
    finished_release(&finished);
}

TestSuite(retry, .init = open_retry, .fini = workspace_close, .timeout = 120);

static struct finished retry(const char *options, int code)
{
    struct finished finished = run("retry-rejects -c @/cust360.yaml" DAY " %s", options);
    expect_exit(finished, code);
    return finished;
}

static long customers(void)
{
    return query_number(STATE, "SELECT count(*) FROM record_customer");
}

/* The rows are mended where they lie. */
static void mend_row(const char *from, const char *to)
{
    shell("LC_ALL=C sed -i 's/%s/%s/' '%s'", from, to,
          in_workspace("state/rejects/D01.rejects.csv"));
}

Test(retry, nothing_passes_and_nothing_is_run_before_anything_is_mended)
{
    long runs = query_number(STATE, "SELECT max(run_id) FROM run");
    long before = customers();
    struct finished finished = retry("", 0);
    expect_contains(finished.output, "2 rejected rows, 0 of them pass now");
    finished_release(&finished);
    cr_expect_eq(query_number(STATE, "SELECT max(run_id) FROM run"), runs);
    cr_expect_eq(customers(), before);
    cr_expect_not(exists("state/rejects.retry"));
}

/* The feed still has the rows as they were: that is no fault, and the balance says so. */
Test(retry, reconcile_balances_after_rows_were_taken_in)
{
    mend_row("^3,P,.*$", "&,13800138003");
    struct finished finished = retry("", 0);
    finished_release(&finished);
    finished = run("reconcile -c @/cust360.yaml" DAY);
    expect_exit(finished, 0);
    expect_contains(finished.output, "everything has arrived");
    expect_contains(finished.output, "rows rejected before, taken in by retry-rejects");
    expect_lacks(finished.output, "rows_extra");
    finished_release(&finished);
    shell("sqlite3 '%s' \"DELETE FROM record_customer WHERE source_key = '1'\"",
          in_workspace(STATE));
    finished = run("reconcile -c @/cust360.yaml" DAY);
    expect_exit(finished, 1);
    expect_contains(finished.output, "rows_missing  D01 customer: 1 ");
    finished_release(&finished);
}

Test(retry, what_passes_is_told_by_a_dry_run_and_taken_in_by_a_run)
{
    long before = customers();
    mend_row("^3,P,.*$", "&,13800138003");
    struct finished finished = retry("--dry-run", 0);
    expect_contains(finished.output, "D01  2 rejected rows, 1 pass now");
    finished_release(&finished);
    cr_expect_eq(customers(), before, "a dry run took rows in");
    finished = retry("", 0);
    finished_release(&finished);
    cr_expect_eq(customers(), before + 1);
    char *name = query(STATE, "SELECT name FROM record_customer WHERE source_key = '3'");
    cr_expect_str_eq(name, "韩梅梅");
    memory_free(name);
    /* The balance of the run's rows, those of the other source unchanged. */
    cr_expect_eq(query_number(STATE,
                              "SELECT count(*) FROM run_source WHERE run_id = (SELECT"
                              " max(run_id) FROM run) AND rows_read = 2 AND rows_accepted = 1"
                              " AND rows_rejected = 1"),
                 1);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE source_key = '7'"),
                 1);
    char *rejects = read_text("state/rejects/D01.rejects.csv");
    cr_expect(strncmp(rejects, "No,Kind,Name,Mobile\n4,", 22) == 0, "%s", rejects);
    memory_free(rejects);
    cr_expect_not(exists("state/rejects.retry"));
    cr_expect(exists("out/customer360.db"));
}

Test(retry, trying_once_more_changes_nothing)
{
    mend_row("^3,P,.*$", "&,13800138003");
    struct finished finished = retry("", 0);
    finished_release(&finished);
    long runs = query_number(STATE, "SELECT max(run_id) FROM run");
    long after = customers();
    finished = retry("--format json", 0);
    expect_contains(finished.output, "\"passing\": 0");
    expect_contains(finished.output, "\"rows\": 1");
    finished_release(&finished);
    cr_expect_eq(query_number(STATE, "SELECT max(run_id) FROM run"), runs);
    cr_expect_eq(customers(), after);
}

Test(retry, reasons_are_grouped)
{
    struct finished finished = retry("--dry-run --format json", 0);
    write_text("told.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.rows == 2 and .sources[0].source == \"D01\" and ([.sources[0].reasons[] |"
          " select(.code == \"columns\")][0].rows == 2)' '%s' > /dev/null",
          in_workspace("told.json"));
}

/* ---- other kinds of sources ---- */

#define ENTITIES                                                                                   \
    "    entities:\n      customer:\n        key: no\n        fields:\n"                           \
    "          name: {column: name, required: true}\n"                                             \
    "          mobile: {column: phone, required: true}\n"

/* A project of one source with two rows, of which the second has no key. */
static void run_single(const char *feed, const char *mapping)
{
    shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
    char text[1024];
    snprintf(text, sizeof(text),
             "name: Retry\nmappings: @MAPPINGS@\nfeeds: feeds\nstate: state\nout: out\nsources:\n"
             "  - {id: D09, path: %s, mapping: own.yaml}\n",
             feed);
    write_text("cust360.yaml", text);
    shell("sed -i \"s|@MAPPINGS@|$PWD/mappings|\" '%s'", in_workspace("cust360.yaml"));
    write_text("own.yaml", mapping);
    struct finished finished = run("run -c @/cust360.yaml" DAY);
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_assert_eq(customers(), 1);
}

/* Mended in the file of rejects, the row is taken in, once. */
static void mend_and_retry(const char *file, const char *from, const char *to)
{
    struct finished finished = retry("--dry-run", 0);
    expect_contains(finished.output, "1 rejected rows, 0 pass now");
    finished_release(&finished);
    shell("LC_ALL=C sed -i 's/%s/%s/' '%s'", from, to, in_workspace(file));
    finished = retry("", 0);
    expect_contains(finished.output, "1 rejected rows, 1 pass now");
    finished_release(&finished);
    cr_assert_eq(customers(), 2);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE source_key = '2'"
                                     " AND mobile = '13800138002'"),
                 1);
    finished = retry("", 0);
    finished_release(&finished);
    cr_assert_eq(customers(), 2);
}

/* The mapping took the wrong column for the key: what it rejected passes once it takes the right
 * one. */
Test(retry, what_a_mended_mapping_lets_pass_is_taken_in)
{
    static const char mapping[] =
        "kind: csv\nencoding: utf-8\ntables:\n  - name: people\n    entities:\n"
        "      customer:\n        key: %s\n        fields:\n"
        "          name: {column: name, required: true}\n"
        "          mobile: {column: phone, required: true}\n";
    char text[sizeof(mapping) + 8];
    write_text("feeds/D09.csv", "no,card,name,phone\n1,1,Ann Blume,13800138001\n"
                                "2,,Bo Chen,13800138002\n");
    snprintf(text, sizeof(text), mapping, "card");
    run_single("D09.csv", text);
    struct finished finished = retry("", 0);
    expect_contains(finished.output, "1 rejected rows, 0 of them pass now");
    finished_release(&finished);
    snprintf(text, sizeof(text), mapping, "no");
    write_text("own.yaml", text);
    finished = retry("", 0);
    expect_contains(finished.output, "1 rejected rows, 1 pass now");
    finished_release(&finished);
    cr_expect_eq(customers(), 2);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE source_key = '2'"
                                     " AND mobile = '13800138002'"),
                 1);
    cr_expect_not(exists("state/rejects/D09.rejects.csv"));
}

Test(retry, elements_of_xml_are_read_again)
{
    write_text("feeds/D09.xml",
               "<?xml version=\"1.0\"?>\n<all><list>"
               "<one><no>1</no><name>王小明</name><phone>13800138001</phone></one>\n"
               "<one><no></no><name>李雷</name><phone>13800138002</phone></one>\n"
               "</list></all>\n");
    run_single("D09.xml", "kind: xml\nencoding: utf-8\ntables:\n  - name: people\n"
                          "    record: /all/list/one\n" ENTITIES);
    mend_and_retry("state/rejects/D09.rejects.xml", "<no><", "<no>2<");
}

Test(retry, lines_are_read_again)
{
    write_text("feeds/D09.txt", "HD20260630\nCU1Ann Blume 13800138001\n"
                                "CU Bo Chen   13800138002\nTR02\n");
    run_single("D09.txt", "kind: lines\nencoding: utf-8\nlines:\n  type: 1-2\n"
                          "  header: {type: HD}\n  trailer: {type: TR, counts: {rows: 3-4}}\n"
                          "tables:\n  - name: people\n    type: CU\n"
                          "    columns: {no: 3, name: 4-13, phone: 14-24}\n" ENTITIES);
    mend_and_retry("state/rejects/D09.rejects.txt", "^CU Bo", "CU2Bo");
}

Test(retry, rows_of_a_database_are_read_again)
{
    shell("sqlite3 '%s' \"CREATE TABLE people(no TEXT, name TEXT, phone TEXT);"
          "INSERT INTO people VALUES('1','王小明','13800138001'),('','李雷','13800138002')\"",
          in_workspace("feeds/D09.sqlite"));
    run_single(
        "D09.sqlite",
        "kind: odbc\nconnection: 'Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;'\n"
        "tables:\n  - name: people\n    query: select no, name, phone from people\n" ENTITIES);
    mend_and_retry("state/rejects/D09.rejects.csv", "^\"*,", "2,");
}
