#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(run, .init = night_open, .fini = workspace_close, .timeout = 300);

#define VIEW  "out/customer360.db"
#define STATE "state/state.db"

Test(run, publishes_the_whole_view)
{
    static const char *const tables[] = {
        "customer", "customer_source", "contact_point", "vehicle",    "ownership", "dealer",
        "event",    "contract",        "consent",       "membership", "precall",   "data_quality"};
    night_run("", 0);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char sql[80];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", tables[i]);
        cr_assert_gt(query_number(VIEW, sql), 0, "%s is empty", tables[i]);
    }
    static const char *const types[] = {"sale", "service", "complaint", "lead"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        char sql[80];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM event WHERE type='%s'", types[i]);
        cr_assert_gt(query_number(VIEW, sql), 0, "no event of type %s", types[i]);
    }
    cr_assert_eq(query_number(VIEW, "SELECT count(*) FROM customer_source WHERE golden_id NOT IN "
                                    "(SELECT golden_id FROM customer)"),
                 0);
    cr_assert(exists("out/report.json"));
    cr_assert_not(exists("out/customer360.db-wal"));
    cr_assert_not(exists("out/customer360.db-journal"));
    cr_assert_not(exists("out/customer360.db.new"));
}

Test(run, every_record_of_the_truth_is_in_the_crosswalk)
{
    night_run("", 0);
    shell("sqlite3 -csv '%s' \"SELECT source, source_key FROM customer_source WHERE source GLOB "
          "'D[0-9][0-9]'\" | sort > '%s'",
          in_workspace(VIEW), in_workspace("crosswalk"));
    shell(
        "tail -n +2 samples/group/truth/customers.csv | tr -d '\\r' | cut -d, -f1,2 | sort > '%s'",
        in_workspace("expected"));
    shell("tr -d '\"\\r' < '%s' | sort | diff - '%s'", in_workspace("crosswalk"),
          in_workspace("expected"));
}

Test(run, rows_that_no_loader_can_take_are_rejected_with_their_place)
{
    night_run("", 0);
    /* D01_archive.csv,495,columns in the truth: the same in the reasons, and its bytes in the
     * rejects under the heading as it came. */
    shell("tail -n +2 samples/group/truth/rejects.csv | tr -d '\\r' | sort > '%s'",
          in_workspace("expected"));
    shell("cat '%s'/state/rejects/D*.reasons.tsv | awk -F'\\t' '$1 != \"run\" && $8 == \"columns\" "
          "{print $3 \",\" $4 \",\" $8}' | sort | diff - '%s'",
          in_workspace("."), in_workspace("expected"));
    shell("(sed -n 1p samples/group/feeds/D01_archive.csv; sed -n 495p "
          "samples/group/feeds/D01_archive.csv) | cmp - '%s'",
          in_workspace("state/rejects/D01.rejects.csv"));
}

Test(run, rows_of_every_file_balance)
{
    night_run("", 0);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM run_source WHERE rows_read <> "
                                     "rows_accepted + rows_rejected + rows_discarded + "
                                     "rows_suppressed"),
                 0);
    shell("jq -e '[.sources[].files[] | select(.rows_read != .rows_accepted + .rows_rejected + "
          ".rows_discarded + .rows_suppressed)] | length == 0' '%s'",
          in_workspace("out/report.json"));
    /* The lines of a file less its heading. */
    shell("test $(jq '[.sources[] | select(.id == \"D06\") | .files[].rows_read] | add' '%s') = "
          "$(($(wc -l < samples/group/feeds/D06_archive.csv) - 1))",
          in_workspace("out/report.json"));
}

Test(run, again_on_the_same_feeds_changes_nothing)
{
    night_run("", 0);
    shell("sha256sum < '%s' > '%s'", in_workspace(VIEW), in_workspace("before"));
    char *golden = query(STATE, "SELECT group_concat(golden_id||changed_run) FROM golden");
    night_run("", 0);
    shell("sha256sum < '%s' | cmp - '%s'", in_workspace(VIEW), in_workspace("before"));
    char *again = query(STATE, "SELECT group_concat(golden_id||changed_run) FROM golden");
    cr_assert_str_eq(golden, again);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM golden_history WHERE run_id > 1"), 0);
    memory_free(golden);
    memory_free(again);
}

/* All of the state but the time of day: when a run began and ended, when a file was looked at. */
static void dump_state(const char *name)
{
    shell(
        "d='%s'; { sqlite3 \"$d\" .dump | grep -vE '^INSERT INTO (run|source_file) VALUES'; for t "
        "in run source_file; do c=$(sqlite3 \"$d\" \"SELECT group_concat(name) FROM "
        "pragma_table_info('$t') WHERE name NOT IN ('started_at', 'finished_at', 'seen_ns')\"); "
        "sqlite3 "
        "\"$d\" \"SELECT $c FROM $t ORDER BY 1, 2\"; done; } > '%s'",
        in_workspace(STATE), in_workspace(name));
}

Test(run, threads_do_not_matter)
{
    static const char *const threads[] = {"--threads 2", "--threads 3", "--threads 8"};
    night_run("--threads 1", 0);
    char *one = view_content();
    dump_state("one.sql");
    shell("cp '%s' '%s'", in_workspace(VIEW), in_workspace("one.db"));
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        night_run(threads[i], 0);
        char *more = view_content();
        cr_assert_str_eq(one, more, "%s", threads[i]);
        memory_free(more);
        dump_state("more.sql");
        shell("cmp '%s' '%s' && cmp '%s' '%s'", in_workspace("one.sql"), in_workspace("more.sql"),
              in_workspace("one.db"), in_workspace(VIEW));
    }
    memory_free(one);
}

Test(run, a_customer_gone_from_a_full_feed_is_closed_and_comes_back)
{
    night_run("", 0);
    char *before = view_content();
    shell("cp '%s' '%s' && sed -i '2d' '%s'", in_workspace("feeds/D07_customers.csv"),
          in_workspace("whole.csv"), in_workspace("feeds/D07_customers.csv"));
    night_run("", 0);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer r JOIN source s USING "
                                     "(source_id) WHERE s.name='D07' AND closed_run IS NOT NULL"),
                 1);
    shell("cp '%s' '%s'", in_workspace("whole.csv"), in_workspace("feeds/D07_customers.csv"));
    night_run("", 0);
    char *after = view_content();
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE closed_run IS NOT "
                                     "NULL"),
                 0);
    cr_assert_str_eq(before, after, "back again under the same ids");
    memory_free(before);
    memory_free(after);
}

Test(run, is_refused_while_another_holds_the_state)
{
    night_run("", 0);
    shell("flock '%s' sleep 20 > /dev/null 2>&1 & echo $! > '%s'; sleep 0.5",
          in_workspace("state/lock"), in_workspace("pid"));
    char *messages = night_messages("", 11);
    expect_contains(messages, "lock");
    memory_free(messages);
    shell("kill $(cat '%s') || true", in_workspace("pid"));
}

Test(run, killed_at_any_moment_leaves_the_former_view_and_runs_again)
{
    night_run("", 0);
    char *before = view_content();
    for (int i = 1; i <= 12; i++) {
        /* Something to do each time, and a day of its own, so that the view is made anew. */
        shell("sed -i '%ds/$//;%dd' '%s'; timeout -s KILL 0.%02d \"${CUST360:-build/cust360}\" run "
              "-c samples/group/cust360.yaml --feeds '%s' --state '%s' --out '%s' --as-of "
              "2026-06-30 > /dev/null 2>&1 || true",
              i + 1, i + 1, in_workspace("feeds/D06_archive.csv"), i * 7, in_workspace("feeds"),
              in_workspace("state"), in_workspace("out"));
        shell("test \"$(sqlite3 '%s' 'PRAGMA integrity_check')\" = ok", in_workspace(VIEW));
        cr_assert_gt(query_number(VIEW, "SELECT count(*) FROM customer"), 0);
    }
    copy_sample_feeds();
    night_run("", 0);
    shell("test \"$(sqlite3 '%s' 'PRAGMA integrity_check')\" = ok", in_workspace(STATE));
    char *after = view_content();
    cr_assert_str_eq(before, after);
    memory_free(before);
    memory_free(after);
}

Test(run, steward_would_see_the_unsure_pairs)
{
    night_run("", 0);
    cr_assert_gt(query_number(STATE, "SELECT count(*) FROM possible_match"), 0);
}

Test(run, logs_carry_no_personal_value)
{
    struct finished finished = run("run " NIGHT " " AS_OF " --log json");
    expect_exit(finished, 0);
    /* Any mainland mobile that the sample holds would be one of these shapes. */
    shell("! grep -E '1[3-9][0-9]{9}' '%s' '%s' '%s'", in_workspace(".stderr"),
          in_workspace(".stdout"), in_workspace("out/report.json"));
    shell("! cut -f11 '%s'/state/rejects/*.tsv | grep -E '1[3-9][0-9]{9}'", in_workspace("."));
    finished_release(&finished);
}
