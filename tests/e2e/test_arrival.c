#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Sources that are late, half-written, gone for good, or not as they were. */

TestSuite(arrival, .init = small_group_open, .fini = workspace_close, .timeout = 300);

static void expect_source(const char *id, const char *filter)
{
    shell("jq -e '.sources[] | select(.id == \"%s\") | %s' '%s' > /dev/null || (jq "
          "'.sources[]' '%s' >&2; exit 1)",
          id, filter, in_workspace("out/report.json"), in_workspace("out/report.json"));
}

/* ---- late ---- */

Test(arrival, an_export_counts_when_its_done_file_is_there)
{
    write_project("", ", done_file: '{id}.done'");
    expect_message("2026-06-01", "", 3, "D01.done");
    expect_source("D01", ".status == \"late\" and .stale_days == null");
    cr_assert_eq(customers(), 600);
    write_text("feeds/D01.done", "");
    quiet_night("2026-06-02", "", 0);
    cr_assert_eq(customers(), 1200);
    /* Tomorrow's export is being written over it while the done file of today still lies there. */
    shell("touch -d '1 day ago' '%s'", in_workspace("feeds/D01.done"));
    write_feed("feeds/D01.csv", 1, 100, "");
    expect_message("2026-06-03", "", 3, "has changed since it was said to be done");
    expect_source("D01", ".status == \"late\" and .stale_days == 1");
    cr_assert_eq(customers(), 1200);
}

Test(arrival, a_done_file_may_be_named_after_the_export)
{
    write_project("", ", done_file: '{file}.ok'");
    quiet_night("2026-06-01", "", 3);
    write_text("feeds/D01.csv.ok", "");
    quiet_night("2026-06-01", "", 0);
}

Test(arrival, a_control_file_counts_the_rows)
{
    static const struct {
        const char *control;
        int exit_code;
        const char *message; /* NULL: none */
    } cases[] = {
        {"600\n", 0, NULL},
        {"D01.csv;600\n", 0, NULL},
        {"D01.csv 600\n\n600", 0, NULL},
        {"601\n", 3, "600 rows are there, and the control file says 601"},
        {"D01.csv,599\n", 3, "599"},
        {"D01_other.csv 5\n", 3, "0 rows are there"},
        {"all of them\n", 3, "counts nothing"},
        {"", 3, "is empty"},
    };
    write_project("", ", control_file: '{id}.count'");
    expect_message("2026-06-01", "", 3, "could not open");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("rm -rf '%s'", in_workspace("state"));
        write_text("feeds/D01.count", cases[i].control);
        char *messages = night("2026-06-01", "", cases[i].exit_code);
        cr_expect(!cases[i].message || strstr(messages, cases[i].message), "%s: %s",
                  cases[i].control, messages);
        memory_free(messages);
        cr_expect_eq(customers(), cases[i].exit_code ? 600 : 1200, "%s", cases[i].control);
    }
}

Test(arrival, an_export_that_is_being_written_is_waited_for)
{
    write_project("", ", settle: 2");
    /* Somebody writes for as long as the mark is there (at most a minute). */
    write_text("writing", "");
    shell("(for i in $(seq 300); do [ -e '%s' ] || break; touch '%s'; sleep 0.2; done)"
          " > /dev/null 2>&1 &",
          in_workspace("writing"), in_workspace("feeds/D01.csv"));
    expect_message("2026-06-01", "", 3, "is still being written");
    expect_source("D01", ".status == \"late\"");
    shell("rm '%s'; sleep 0.4; printf '601,Li Meizzz,13911113333\\n' >> '%s'; sleep 2",
          in_workspace("writing"), in_workspace("feeds/D01.csv"));
    quiet_night("2026-06-01", "", 0);
    cr_assert_eq(customers(), 1201);
}

/* ---- stale ---- */

Test(arrival, stale_data_warn_and_then_stop_by_policy)
{
    write_project("", ", max_stale_days: 2");
    quiet_night("2026-06-01", "", 0);
    shell("mv '%s' '%s'", in_workspace("feeds/D01.csv"), in_workspace("kept.csv"));
    expect_message("2026-06-02", "", 3, "stale(1 day): its last good data are of 2026-06-01");
    quiet_night("2026-06-03", "", 3);
    cr_assert_eq(query_number(VIEW, "SELECT stale_days FROM source_status WHERE source='D01' AND "
                                    "status='missing' AND last_good_as_of='2026-06-01'"),
                 2);
    cr_assert_eq(query_number(VIEW, "SELECT stale_days FROM source_status WHERE source='E01' AND "
                                    "status='ok'"),
                 0);
    cr_assert_eq(customers(), 1200);
    expect_message("2026-06-04", "", 5, "stopped by the gate stale_days of D01");
    cr_assert_eq(query_number(VIEW, "SELECT stale_days FROM source_status WHERE source='D01'"), 2,
                 "the former view stands");
    quiet_night("2026-06-04", "--accept stale_days:D01 --reason on_holiday", 3);
    shell("mv '%s' '%s'", in_workspace("kept.csv"), in_workspace("feeds/D01.csv"));
    quiet_night("2026-06-05", "", 0);
    cr_assert_eq(query_number(VIEW, "SELECT sum(stale_days) FROM source_status"), 0);
}

Test(arrival, the_gate_holds_for_sources_of_a_pattern_too)
{
    write_project("gates: {stale_days: {warn: 1, stop: 2}}\n", "");
    quiet_night("2026-06-01", "", 0);
    shell("rm '%s'", in_workspace("feeds/E01.csv"));
    char *messages = night("2026-06-02", "", 3);
    expect_lacks(messages, "gate stale_days");
    memory_free(messages);
    expect_message("2026-06-03", "", 3, "gate stale_days of E01 warned");
    quiet_night("2026-06-04", "", 5);
}

Test(arrival, a_required_source_must_be_whole_and_not_frozen)
{
    write_project("", ", required: true, done_file: D01.done");
    expect_message("2026-06-01", "", 5, "the required source D01 is late");
    write_text("feeds/D01.done", "");
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 10, "");
    expect_message("2026-06-02", "", 5, "the required source D01 is frozen");
}

/* ---- left ---- */

Test(arrival, a_dealer_that_has_left_is_not_expected_any_more)
{
    quiet_night("2026-06-01", "", 0);
    shell("rm '%s'", in_workspace("feeds/E01.csv"));
    expect_message("2026-06-02", "", 3, "E01");
    write_project("left: {E01: 2026-06-15, D01: 2026-06-20}\n", "");
    quiet_night("2026-06-14", "", 3);
    quiet_night("2026-06-15", "", 0);
    cr_assert_eq(customers(), 1200, "its records stay");
    expect_source("E01", ".status == \"left\" and (.message | contains(\"2026-06-15\"))");
    char *status = query(VIEW, "SELECT status || ' ' || message FROM source_status WHERE "
                               "source='E01'");
    cr_assert_str_eq(status, "left left on 2026-06-15; its records stay");
    memory_free(status);
    /* A last file that still lies there is not read. */
    write_feed("feeds/D01.csv", 1, 10, "");
    quiet_night("2026-06-20", "", 0);
    cr_assert_eq(customers(), 1200);
    expect_source("D01", ".status == \"left\"");
    write_feed("feeds/D01.csv", 1, 600, "");
    write_feed("feeds/E01.csv", 1001, 1600, "");
    write_project("", "");
    quiet_night("2026-06-21", "", 0);
    expect_source("E01", ".status == \"ok\"");
}

/* ---- the schema ---- */

Test(arrival, a_new_column_is_told_once)
{
    shell("sed -i '1s/$/,Hobby/; 2,$s/$/,chess/' '%s'", in_workspace("feeds/D01.csv"));
    expect_message("2026-06-01", "", 0, "Hobby");
    char *messages = night("2026-06-02", "", 0);
    expect_lacks(messages, "Hobby");
    memory_free(messages);
    shell("sed -i '1s/$/,Pet/; 2,$s/$/,cat/' '%s'", in_workspace("feeds/D01.csv"));
    messages = night("2026-06-03", "", 0);
    expect_lacks(messages, "Hobby");
    expect_contains(messages, "Pet");
    memory_free(messages);
}

Test(arrival, an_optional_column_that_is_renamed_is_proposed_each_night)
{
    write_project("gates: {fill_rate: off}\n", "");
    quiet_night("2026-06-01", "", 0);
    shell("sed -i '1s/Mobile/Mobiles/' '%s'", in_workspace("feeds/D01.csv"));
    expect_message("2026-06-02", "", 0, "if it was renamed, write \"Mobiles\"");
    shell("sed -i '$d' '%s'", in_workspace("feeds/D01.csv"));
    expect_message("2026-06-03", "", 0, "if it was renamed, write \"Mobiles\"");
    shell("sed -i '1s/,Mobiles//; 2,$s/,[^,]*$//' '%s'", in_workspace("feeds/D01.csv"));
    expect_message("2026-06-04", "", 0, "the column \"Mobile\" is missing; it stays empty");
}

/* ---- the encoding ---- */

Test(arrival, a_changed_encoding_is_read_and_told)
{
    write_project("", ", encoding: auto");
    quiet_night("2026-06-01", "", 0);
    shell("cd '%s' && iconv -f utf-8 -t utf-16 D01.csv > x && mv x D01.csv", in_workspace("feeds"));
    expect_message("2026-06-02", "", 0, "it was utf-8 and is now utf-16le");
    cr_assert_eq(customers(), 1200);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE closed_run IS NOT "
                                     "NULL OR changed_run > 1"),
                 0);
    shell("touch '%s'", in_workspace("feeds/D01.csv"));
    char *messages = night("2026-06-03", "", 0);
    expect_lacks(messages, "encoding");
    memory_free(messages);
    write_project("", ", encoding: utf-8");
    expect_message("2026-06-04", "", 3, "the encoding looks wrong");
}
