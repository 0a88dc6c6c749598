#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* What runs tell about themselves, and what of former runs is kept. */

TestSuite(reports, .init = small_group_open, .fini = workspace_close, .timeout = 300);

static void expect_files(const char *folder, const char *wanted)
{
    shell("cd '%s' && ls | tr '\\n' ' ' > '%s'", in_workspace(folder), in_workspace("list"));
    char *found = read_text("list");
    cr_assert_str_eq(found, wanted);
    memory_free(found);
}

static void expect_text(const char *name, const char *part)
{
    char *text = read_text(name);
    cr_assert(text, "there is no %s", name);
    expect_contains(text, part);
    memory_free(text);
}

/* ---- the page ---- */

Test(reports, a_page_shows_the_run_in_pictures)
{
    static const char *const parts[] = {
        "<h2>Gates</h2>",
        "Rows by source and outcome",
        "Customers by number of their records",
        "<h2>Match weights",
        "<h2>Quality by dealer</h2>",
        "<h2>Trend over runs</h2>",
        "frozen",
        "source_rows",
        "stale(1 day)",
        "run 1, 2026-06-01",
        "run 2, 2026-06-02",
        "exit code 3",
    };
    /* Two who are one, so that there are weights to show. */
    write_feed("feeds/E02.csv", 1, 5, "key = i + 3000");
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 10, "");
    quiet_night("2026-06-02", "", 3);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        expect_text("out/report.html", parts[i]);
    /* One file: nothing is fetched, nothing runs; and the pictures are well-formed. */
    shell("! grep -E 'src=|href=|url\\(|<script|@import' '%s'", in_workspace("out/report.html"));
    shell("python3 -c \"import re, sys, xml.dom.minidom; page = open(sys.argv[1]).read(); pictures "
          "= re.findall('<svg.*?</svg>', page, re.S); [xml.dom.minidom.parseString(p) for p in "
          "pictures]; sys.exit(len(pictures) < 8)\" '%s'",
          in_workspace("out/report.html"));
    shell("! grep -E '1380020[0-9]{4}|Li Mei' '%s' '%s' '%s'", in_workspace("out/report.html"),
          in_workspace("out/report.json"), in_workspace("out/report.txt"));
}

Test(reports, a_run_that_is_stopped_leaves_its_report)
{
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/E02.csv", 2001, 2600, "");
    quiet_night("2026-06-02", "", 5);
    expect_text("out/report.html", "stopped by the gate golden_count");
    expect_text("out/report.txt", "stopped by the gate golden_count");
    expect_text("out/reports/run-000002.txt", "gate golden_count stopped");
    shell("cmp '%s' '%s'", in_workspace("out/report.json"),
          in_workspace("out/reports/run-000002.json"));
}

/* ---- what is kept ---- */

Test(reports, reports_are_kept_for_as_many_runs_as_configured)
{
    write_project("keep: {reports: 2}\n", "");
    quiet_night("2026-06-01", "", 0);
    quiet_night("2026-06-02", "", 0);
    quiet_night("2026-06-03", "", 0);
    expect_files("out/reports", "run-000002.html run-000002.json run-000002.txt run-000003.html "
                                "run-000003.json run-000003.txt ");
    write_project("keep: {reports: 0}\n", "");
    quiet_night("2026-06-04", "", 0);
    expect_files("out/reports", "");
    shell("jq -e '.run_id == 4' '%s'", in_workspace("out/report.json"));
}

Test(reports, rejects_and_feeds_are_kept_for_as_many_days_as_configured)
{
    static const char broken[] = "if (i == 7) mobile = mobile \",x\"";
    write_project("keep: {rejects: 2, raw: 1}\n", "");
    write_feed("feeds/D01.csv", 1, 600, broken);
    quiet_night("2026-06-01", "", 0);
    expect_files("state/rejects/run-000001", "D01.reasons.tsv D01.rejects.csv ");
    expect_files("state/raw/run-000001", "D01.csv E01.csv ");
    shell("cmp '%s' '%s'", in_workspace("feeds/D01.csv"),
          in_workspace("state/raw/run-000001/D01.csv"));
    write_feed("feeds/D01.csv", 1, 601, broken);
    quiet_night("2026-06-02", "", 0);
    expect_files("state/raw", "run-000001 run-000002 ");
    write_feed("feeds/D01.csv", 1, 602, broken);
    quiet_night("2026-06-03", "", 0);
    expect_files("state/raw", "run-000002 run-000003 ");
    write_feed("feeds/D01.csv", 1, 602, "");
    quiet_night("2026-06-04", "", 0);
    expect_files("state/rejects", "run-000002 run-000003 ");
    write_project("", "");
    quiet_night("2026-10-04", "", 0);
    expect_files("state/rejects", "");
    expect_files("state/raw", "");
}

/* ---- metrics ---- */

static void expect_metric(const char *line)
{
    char *text = read_text("metrics/cust360.prom");
    expect_contains(text, line);
    memory_free(text);
}

static long success_seconds(void)
{
    shell("sed -n 's/^cust360_last_success_timestamp_seconds //p' '%s' > '%s'",
          in_workspace("metrics/cust360.prom"), in_workspace("seconds"));
    char *text = read_text("seconds");
    long seconds = strtol(text, NULL, 10);
    memory_free(text);
    return seconds;
}

Test(reports, metrics_are_for_the_node_exporter)
{
    write_text("metrics/other.prom", "");
    write_project("metrics: metrics/cust360.prom\n", "");
    quiet_night("2026-06-01", "", 0);
    expect_metric("cust360_last_run_exit_code 0\n");
    expect_metric("cust360_last_run_published 1\n");
    expect_metric("cust360_golden_records 1200\n");
    expect_metric("cust360_source_rows{source=\"D01\",outcome=\"accepted\"} 600\n");
    expect_metric("cust360_source_up{source=\"E01\"} 1\n");
    expect_metric("cust360_stage_seconds{stage=\"read\"} ");
    long success = success_seconds();
    shell("test $(date +%%s) -ge %ld && test $(date +%%s) -lt %ld", success, success + 600);
    shell("test \"$(stat -c %%a '%s')\" = 644", in_workspace("metrics/cust360.prom"));
    shell("! grep -vE '^(# (HELP|TYPE) cust360_[a-z_]+ .+|cust360_[a-z_]+(\\{[^}]*\\})? "
          "[-+.0-9e]+)$' '%s'",
          in_workspace("metrics/cust360.prom"));
    expect_files("metrics", "cust360.prom other.prom ");
    /* A run that is stopped says so, and does not count as a success. */
    write_feed("feeds/D01.csv", 1, 10, "");
    write_feed("feeds/E02.csv", 2001, 2600, "");
    shell("sleep 1.1");
    quiet_night("2026-06-02", "", 5);
    expect_metric("cust360_last_run_exit_code 5\n");
    expect_metric("cust360_gates{outcome=\"stopped\"} 1\n");
    expect_metric("cust360_gates{outcome=\"frozen\"} 2\n");
    expect_metric("cust360_source_up{source=\"D01\"} 0\n");
    expect_metric("cust360_source_stale_days{source=\"D01\"} 1\n");
    cr_assert_eq(success_seconds(), success);
}

Test(reports, metrics_that_cannot_be_written_stop_nothing)
{
    write_project("metrics: nowhere/cust360.prom\n", "");
    expect_message("2026-06-01", "", 0, "warning: could not create");
    cr_assert_eq(customers(), 1200);
}
