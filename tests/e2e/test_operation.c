#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* What operations live with: status, signals, going back to a former view. */

TestSuite(operation, .init = small_group_open, .fini = workspace_close, .timeout = 300);

static char *said(const char *line, int exit_code)
{
    struct finished finished = run("%s -c @/cust360.yaml", line);
    expect_exit(finished, exit_code);
    char *text = finished.output;
    if (exit_code) {
        text = finished.messages;
        finished.messages = finished.output;
    }
    memory_free(finished.messages);
    return text;
}

static void expect_said(const char *line, int exit_code, const char *part)
{
    char *text = said(line, exit_code);
    expect_contains(text, part);
    memory_free(text);
}

/* ---- status ---- */

Test(operation, status_before_the_first_run)
{
    expect_said("status", 10, "cust360 run");
}

Test(operation, status_tells_runs_sources_and_gates)
{
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 10, "");
    quiet_night("2026-06-03", "", 3);
    char *text = said("status --as-of 2026-06-05", 0);
    expect_contains(text, "lock       free");
    expect_contains(text, "last run   run 2 as of 2026-06-03: incomplete");
    expect_contains(text, "view       of run 2 as of 2026-06-03; kept: runs 1");
    expect_contains(text, "source_rows of D01 frozen: 10 rows, 600 in the middle of former runs");
    expect_contains(text, "D01     frozen  2026-06-01         4   600");
    expect_contains(text, "E01     ok      2026-06-03         2   600");
    memory_free(text);
    write_feed("feeds/E02.csv", 2001, 2600, "");
    quiet_night("2026-06-04", "", 5);
    text = said("status --as-of 2026-06-05", 0);
    expect_contains(text, "last run   run 3 as of 2026-06-04: stopped");
    expect_contains(text, "last good  run 2 as of 2026-06-03: incomplete");
    expect_contains(text, "golden_count stopped");
    memory_free(text);
}

Test(operation, status_as_json)
{
    quiet_night("2026-06-01", "", 0);
    struct finished finished =
        run("status -c @/cust360.yaml --as-of 2026-06-02 --format json --out @/out");
    expect_exit(finished, 0);
    write_text("status.json", finished.output);
    shell("jq -e '.lock_holder == null and .readable and .last_run.run_id == 1 and "
          ".last_run.status == \"done\" and .view.run_id == 1 and .view.kept == [] and .gates == "
          "[] and [.sources[] | .id + \" \" + .status + \" \" + (.stale_days | tostring)] == "
          "[\"D01 ok 1\", \"E01 ok 1\"]' '%s' > /dev/null",
          in_workspace("status.json"));
    finished_release(&finished);
    expect_said("status --format xml", 2, "--format is text or json, not xml");
}

Test(operation, status_tells_who_holds_the_lock_and_is_not_in_the_way)
{
    quiet_night("2026-06-01", "", 0);
    shell("flock '%s' sleep 20 > /dev/null 2>&1 & echo $! > '%s'; sleep 0.5",
          in_workspace("state/lock"), in_workspace("pid"));
    expect_said("status", 0, "held by process");
    shell("kill $(cat '%s') || true", in_workspace("pid"));
}

Test(operation, status_while_the_state_is_being_written)
{
    quiet_night("2026-06-01", "", 0);
    shell(
        "(exec 9>> '%s'; flock 9; exec python3 -c \"import sqlite3, sys, time; d = "
        "sqlite3.connect(sys.argv[1], isolation_level=None); d.execute('BEGIN EXCLUSIVE'); "
        "open(sys.argv[2], 'w').close(); time.sleep(30)\" '%s' '%s') > /dev/null 2>&1 & echo $! > "
        "'%s'; for i in $(seq 100); do test -e '%s' && break; sleep 0.1; done",
        in_workspace("state/lock"), in_workspace(STATE), in_workspace("ready"), in_workspace("pid"),
        in_workspace("ready"));
    char *text = said("status", 0);
    expect_contains(text, "held by process");
    expect_contains(text, "is being written");
    expect_contains(text, "view       of run 1");
    memory_free(text);
    shell("kill $(cat '%s')", in_workspace("pid"));
}

/* ---- going back ---- */

static void expect_view_of(long run_id, long count)
{
    cr_assert_eq(query_number(VIEW, "SELECT value FROM parameter WHERE name='run_id'"), run_id);
    cr_assert_eq(customers(), count);
}

static void three_nights(void)
{
    write_project("keep: {views: 2}\n", "");
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 601, "");
    quiet_night("2026-06-02", "", 0);
    write_feed("feeds/D01.csv", 1, 602, "");
    quiet_night("2026-06-03", "", 0);
    expect_view_of(3, 1202);
}

Test(operation, a_former_view_is_put_back_and_the_next_run_publishes_again)
{
    three_nights();
    shell("sha256sum < '%s' > '%s'", in_workspace("out/views/run-000002.db"),
          in_workspace("before"));
    memory_free(said("publish --run N-1", 0));
    expect_view_of(2, 1201);
    shell("sha256sum < '%s' | cmp - '%s'", in_workspace(VIEW), in_workspace("before"));
    expect_said("status", 0, "view       of run 2 as of 2026-06-02; kept: runs 1, 2, 3");
    memory_free(said("publish --run 1", 0));
    expect_view_of(1, 1200);
    memory_free(said("publish --run 3", 0));
    expect_view_of(3, 1202);
    memory_free(said("publish --run N-2", 0));
    expect_view_of(1, 1200);
    /* Nothing has changed, and yet the night publishes. */
    quiet_night("2026-06-03", "", 0);
    expect_view_of(4, 1202);
    cr_assert_not(exists("out/customer360.db.back"));
}

Test(operation, former_views_are_kept_for_as_many_runs_as_configured)
{
    three_nights();
    write_feed("feeds/D01.csv", 1, 603, "");
    quiet_night("2026-06-04", "", 0);
    cr_assert_not(exists("out/views/run-000001.db"));
    cr_assert(exists("out/views/run-000002.db"));
    cr_assert(exists("out/views/run-000003.db"));
    write_project("keep: {views: 0}\n", "");
    quiet_night("2026-06-05", "", 0);
    shell("test -z \"$(ls '%s')\"", in_workspace("out/views"));
    expect_said("publish --run N-1", 1, "keep: {views: N}");
}

Test(operation, what_cannot_be_put_back_is_told)
{
    static const struct {
        const char *line;
        int exit_code;
        const char *message;
    } cases[] = {
        {"publish", 2, "--run N"},
        {"publish --run 7", 1, "kept are those of the runs 1, 2"},
        {"publish --run N-9", 1, "there is no view N-9 to go back to"},
        {"publish --run yesterday", 2, "a run's number or N-1"},
        {"publish --run 0", 2, "a run's number or N-1"},
        {"publish --run N-0", 2, "a run's number or N-1"},
    };
    expect_said("publish --run 1", 10, "cust360 run");
    three_nights();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_said(cases[i].line, cases[i].exit_code, cases[i].message);
    expect_view_of(3, 1202);
    shell("flock '%s' sleep 20 > /dev/null 2>&1 & echo $! > '%s'; sleep 0.5",
          in_workspace("state/lock"), in_workspace("pid"));
    expect_said("publish --run 1", 11, "in use");
    shell("kill $(cat '%s') || true", in_workspace("pid"));
}

/* ---- signals ---- */

/* Sends the signal to a run as soon as it holds the state; the run has a long file to read. */
static void expect_signalled(const char *signal, int exit_code)
{
    shell("cd '%s' && (\"$OLDPWD/${CUST360:-build/cust360}\" run -c cust360.yaml --as-of "
          "2026-06-02 > out.txt 2> err.txt & pid=$!; for i in $(seq 200); do test -n "
          "\"$(find state -name '*-journal' -size +20k)\" && break; sleep 0.02; done; kill -%s "
          "$pid; wait "
          "$pid; echo $? > code)",
          in_workspace("."), signal);
    char *code = read_text("code");
    char *messages = read_text("err.txt");
    cr_assert_eq(strtol(code, NULL, 10), exit_code, "%s: %s\n%s", signal, code, messages);
    memory_free(code);
    memory_free(messages);
}

Test(operation, a_signal_takes_the_run_back)
{
    static const struct {
        const char *signal;
        int exit_code;
    } cases[] = {{"TERM", 143}, {"INT", 130}};
    quiet_night("2026-06-01", "", 0);
    write_project("gates: off\n", "");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_feed("feeds/E03.csv", 100000, 160000, "");
        expect_signalled(cases[i].signal, cases[i].exit_code);
        char *messages = read_text("err.txt");
        expect_contains(messages, "stopped by SIG");
        memory_free(messages);
        expect_view_of(1, 1200);
        cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer"), 1200);
        cr_assert_eq(query_number(STATE, "SELECT count(*) FROM run WHERE status='failed'"),
                     (long)i + 1);
        cr_assert_not(exists("state/state.db-journal"));
    }
    shell("rm '%s'", in_workspace("feeds/E03.csv"));
    quiet_night("2026-06-02", "", 0);
}

/* The signal comes as soon as the run listens for it, and waits for another to let go. */
Test(operation, a_signal_ends_a_run_that_waits_for_another)
{
    quiet_night("2026-06-01", "", 0);
    shell("cd '%s' && exec 9>>state/lock && flock 9 && "
          "(\"$OLDPWD/${CUST360:-build/cust360}\" run -c cust360.yaml --as-of 2026-06-02 "
          "--lock-wait 100 2> err.txt 9>&- & pid=$!; for i in $(seq 500); do grep -q "
          "'^SigBlk:.*4202$' /proc/$pid/status && break; sleep 0.02; done; kill -TERM $pid; "
          "wait $pid; echo $? > code)",
          in_workspace("."));
    char *code = read_text("code");
    char *messages = read_text("err.txt");
    cr_expect_str_eq(code, "143\n");
    expect_contains(messages, "stopped by SIGTERM before the run began");
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM run"), 1);
    memory_free(code);
    memory_free(messages);
}

Test(operation, sigusr1_tells_how_far_the_run_is_and_it_goes_on)
{
    quiet_night("2026-06-01", "", 0);
    write_project("gates: off\n", "");
    write_feed("feeds/E03.csv", 100000, 120000, "");
    expect_signalled("USR1", 0);
    char *messages = read_text("err.txt");
    expect_contains(messages, "run 2, ");
    expect_contains(messages, "s so far: ");
    memory_free(messages);
}

Test(operation, usage_errors_are_json_too_when_asked_for)
{
    struct finished finished = run("run -c @/cust360.yaml --log json --acept x");
    expect_exit(finished, 2);
    expect_contains(finished.messages, "\"level\":\"error\"");
    expect_contains(finished.messages, "did you mean --accept?");
    finished_release(&finished);
}
