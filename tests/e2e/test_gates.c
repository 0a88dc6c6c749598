#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Gates, sources that misbehave, dealers that have left: a small group of the tests' own, whose
 * nights are made of a few hundred generated customers. */

TestSuite(gates, .init = small_group_open, .fini = workspace_close, .timeout = 300);

static void expect_gate(const char *expected) /* "": nothing */
{
    char *said = query(STATE, "SELECT group_concat(gate || ' ' || coalesce(source, '-') || ' ' || "
                              "outcome || coalesce(' ' || reason, ''), '; ') FROM (SELECT * FROM "
                              "run_gate WHERE run_id=(SELECT max(run_id) FROM run) AND gate <> "
                              "'stale_days' ORDER BY gate, source)");
    cr_assert_str_eq(said ? said : "", expected);
    memory_free(said);
}

/* ---- gates of a source ---- */

Test(gates, a_shrunken_source_is_frozen_until_it_is_accepted)
{
    quiet_night("2026-06-01", "", 0);
    long before = customers();
    write_feed("feeds/D01.csv", 1, 200, "");
    char *messages = night("2026-06-02", "", 3);
    expect_contains(messages, "frozen by the gate ");
    expect_contains(messages, "--accept removals:D01,source_rows:D01");
    memory_free(messages);
    expect_gate("removals D01 frozen; source_rows D01 frozen");
    cr_assert_eq(customers(), before);
    shell("jq -e '.sources[] | select(.id == \"D01\") | .status == \"frozen\" and .stale_days == 1 "
          "and .last_good_as_of == \"2026-06-01\"' '%s'",
          in_workspace("out/report.json"));
    cr_assert_eq(query_number(VIEW, "SELECT stale_days FROM source_status WHERE source='D01'"), 1);
    quiet_night("2026-06-02",
                "--accept removals:D01,source_rows:D01,golden_count --reason sold_a_branch", 0);
    expect_gate("golden_count - accepted sold_a_branch; removals D01 accepted sold_a_branch; "
                "source_rows D01 accepted sold_a_branch");
    cr_assert_eq(customers(), 800);
    shell("jq -e '[.gates[] | select(.outcome == \"accepted\") | .reason] == [\"sold_a_branch\", "
          "\"sold_a_branch\", \"sold_a_branch\"]' '%s'",
          in_workspace("out/report.json"));
}

Test(gates, an_acceptance_holds_for_one_source_and_one_run)
{
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 250, "");
    expect_message("2026-06-02", "--accept removals:E01,source_rows:E01 --reason x", 3,
                   "nothing of it had to be accepted");
    expect_gate("removals D01 frozen; source_rows D01 frozen");
    quiet_night("2026-06-02", "--accept removals,source_rows,golden_count --reason x", 0);
    write_feed("feeds/D01.csv", 1, 20, "");
    quiet_night("2026-06-03", "", 3);
}

Test(gates, an_empty_source_is_frozen_however_small_it_is)
{
    write_feed("feeds/D01.csv", 1, 3, "");
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 0, "");
    expect_message("2026-06-02", "", 3, "no rows, though former nights had some");
    cr_assert_eq(customers(), 603);
    quiet_night("2026-06-02", "--accept source_rows:D01 --reason closed", 0);
    cr_assert_eq(customers(), 600);
}

/* A dealer's customers in one file, their visits in another, ten to a customer. */
static void write_customers_and_visits(int customers, int visits)
{
    char command[600];
    write_feed("feeds/D01.csv", 1, customers, "");
    snprintf(command, sizeof(command),
             "awk 'BEGIN { print \"No,Mileage,Date\"; for (i = 0; i < %d; i++) print 1 + i %% 600 "
             "\",\" 1000 + i \",2026-05-01\" }' | tee '%s' > '%s'",
             visits, in_workspace("feeds/visits-D01.csv"), in_workspace("feeds/visits-E01.csv"));
    shell("%s", command);
}

Test(gates, one_entity_that_shrinks_freezes_its_source_though_the_others_are_whole)
{
    static const struct {
        int before;
        int after;
        int exit_code;
        const char *said;
    } cases[] = {
        {600, 0, 3, "600 of 600 records of customer are gone"},
        {600, 200, 3, "400 of 600 records of customer are gone"},
        {600, 560, 0, "40 of 600 records of customer are gone"}, /* a warning */
        {600, 590, 0, ""},
        {40, 0, 3, "40 of 40 records of customer are gone"}, /* few, but all of them */
        {40, 1, 0, ""},
    };
    write_text(
        "dms/flat.yaml",
        "kind: csv\nencoding: utf-8\ntables:\n  - name: customers\n    file: '{source}.csv'\n"
        "    entities:\n      customer:\n        key: No\n        fields:\n"
        "          name: Name\n          mobile: {column: Mobile, required: false}\n"
        "  - name: visits\n    file: 'visits-{source}.csv'\n    entities:\n      service:\n"
        "        key: [No, Mileage]\n        fields:\n          customer_key: No\n"
        "          odometer_km: Mileage\n          service_date: Date\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        write_customers_and_visits(cases[i].before, 6000);
        quiet_night("2026-06-01", "", 0);
        write_customers_and_visits(cases[i].after, 6000);
        expect_message("2026-06-02", "", cases[i].exit_code, cases[i].said);
        expect_gate(cases[i].exit_code ? "removals D01 frozen"
                    : *cases[i].said   ? "removals D01 warned"
                                       : "");
    }
}

Test(gates, each_gate_of_a_source_warns_freezes_or_stops)
{
    static const struct {
        const char *gates; /* of the project */
        const char *extra; /* on the second night's rows */
        int rows;          /* of the second night */
        int exit_code;
        const char *expected;
    } cases[] = {
        /* rejected rows: too many columns */
        {"", "if (i % 40 == 0) mobile = mobile \",x\"", 600, 0, "reject_share D01 warned"},
        {"gates: {removals: off}\n", "if (i % 5 == 0) mobile = mobile \",x\"", 600, 3,
         "reject_share D01 frozen"},
        {"gates: {reject_share: {stop: 10 % or 5}}\n", "if (i % 100 == 0) mobile = mobile \",x\"",
         600, 3, "reject_share D01 frozen"},
        {"gates: {reject_share: {stop: 10 % and 200}, removals: off}\n",
         "if (i % 5 == 0) mobile = mobile \",x\"", 600, 0, "reject_share D01 warned"},
        {"gates: {reject_share: {action: stop}, removals: off}\n",
         "if (i % 5 == 0) mobile = mobile \",x\"", 600, 5, "reject_share D01 stopped"},
        {"gates: {reject_share: {least: 1000}, removals: off}\n",
         "if (i % 5 == 0) mobile = mobile \",x\"", 600, 0, NULL},
        {"gates: {reject_share: off, removals: off}\n", "if (i % 5 == 0) mobile = mobile \",x\"",
         600, 0, NULL},
        {"gates: off\n", "if (i % 2 == 0) mobile = mobile \",x\"", 300, 0, NULL},
        /* rows against former runs */
        {"gates: {removals: off}\n", "", 450, 0, "source_rows D01 warned"},
        {"gates: {source_rows: {direction: rise}, removals: off, golden_count: off}\n", "", 250, 0,
         NULL},
        {"gates: {source_rows: {direction: rise, stop: 50}, golden_count: off}\n", "", 660, 3,
         "source_rows D01 frozen"},
        /* fields */
        {"", "if (i % 6 == 0) mobile = \"\"", 600, 0, "fill_rate D01 warned"},
        {"", "mobile = \"\"", 600, 3, "fill_rate D01 frozen"},
        {"gates: {fill_rate: {stop: 20 %}}\n", "if (i % 4 == 0) mobile = \"\"", 600, 3,
         "fill_rate D01 frozen"},
        {"gates: {fill_rate: {fields: [customer.email]}}\n", "mobile = \"\"", 600, 0, NULL},
        {"gates: {fill_rate: {fields: customer.mobile}}\n", "mobile = \"\"", 600, 3,
         "fill_rate D01 frozen"},
        /* keys that come again */
        {"gates: {golden_count: off, source_rows: off, removals: off}\n", "key = int(i / 2)", 600,
         3, "duplicate_keys D01 frozen"},
        /* records gone */
        {"gates: {source_rows: off}\n", "", 550, 0, "removals D01 warned"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        write_project(cases[i].gates, "");
        write_feed("feeds/D01.csv", 1, 600, "");
        quiet_night("2026-06-01", "", 0);
        write_feed("feeds/D01.csv", 1, cases[i].rows, cases[i].extra);
        char *messages = night("2026-06-02", "", cases[i].exit_code);
        char *said = query(STATE, "SELECT group_concat(gate || ' ' || source || ' ' || outcome, "
                                  "'; ') FROM (SELECT * FROM run_gate WHERE run_id=2 AND gate <> "
                                  "'stale_days' ORDER BY gate)");
        cr_assert(cases[i].expected ? said && strcmp(said, cases[i].expected) == 0
                                    : !said || !*said,
                  "case %zu: %s, not %s\n%s", i, said, cases[i].expected, messages);
        memory_free(said);
        memory_free(messages);
    }
}

/* ---- gates of the run ---- */

Test(gates, a_run_that_a_gate_stops_leaves_state_and_view_alone)
{
    quiet_night("2026-06-01", "", 0);
    shell("sha256sum < '%s' > '%s'", in_workspace(VIEW), in_workspace("before"));
    write_feed("feeds/E02.csv", 2001, 2600, "");
    expect_message("2026-06-02", "", 5, "--accept golden_count --reason");
    expect_gate("golden_count - stopped");
    shell("sha256sum < '%s' | cmp - '%s'", in_workspace(VIEW), in_workspace("before"));
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM record_customer"), 1200);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM source"), 2);
    shell("jq -e '.published == false and .exit_code == 5 and (.gates | length == 1)' '%s'",
          in_workspace("out/report.json"));
    /* The same feeds, once accepted, and no more questions on the night after. */
    expect_message("2026-06-02", "--accept golden_count --reason a_new_dealer", 0, "a_new_dealer");
    expect_gate("golden_count - accepted a_new_dealer");
    cr_assert_eq(customers(), 1800);
    quiet_night("2026-06-03", "", 0);
}

Test(gates, merged_shares_and_large_clusters_stop)
{
    write_project("gates: {golden_count: off, fill_rate: off, "
                  "largest_cluster: {warn: 3, stop: 50 % and 10}}\n",
                  "");
    quiet_night("2026-06-01", "", 0);
    /* One person twelve times; then every second one somebody else's twin. */
    write_feed("feeds/D01.csv", 1, 600,
               "if (i > 588) { name = \"Wang Xiaoming\"; mobile = 13911112222 }");
    expect_message("2026-06-02", "", 5, "records in the largest customer");
    expect_gate("largest_cluster - stopped");
    write_feed("feeds/D01.csv", 1, 600,
               "if (i % 2 == 0) { name = \"Li Mei\" sprintf(\"%c%c%c\", 97 + (i - 1) % 26, 97 + "
               "int((i - 1) / 26) % 26, 97 + int((i - 1) / 676)); mobile -= 37 }");
    expect_message("2026-06-02", "", 5, "records are merged");
    expect_gate("merge_share - stopped");
}

/* ---- the command line and the configuration ---- */

Test(gates, options_are_checked)
{
    static const struct {
        const char *options;
        const char *message;
    } cases[] = {
        {"--accept golden_count", "needs a reason"},
        {"--reason why", "goes with --accept"},
        {"--accept golden_cont --reason why", "did you mean golden_count?"},
        {"--accept zzz --reason why", "there is no gate zzz"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_message("2026-06-01", cases[i].options, 2, cases[i].message);
    cr_assert_not(exists(STATE));
}

Test(gates, configuration_is_checked)
{
    static const struct {
        const char *keys;
        const char *source_keys;
        const char *message;
    } cases[] = {
        {"gates: {golden_cont: off}\n", "", "golden_count"},
        {"gates: {golden_count: {stop: many}}\n", "", "cannot be the limit of a gate"},
        {"gates: {golden_count: {stop: 5 % and 6 %}}\n", "", "cannot be the limit of a gate"},
        {"gates: {golden_count: {stop: 5 % nor 6}}\n", "", "cannot be the limit of a gate"},
        {"gates: {golden_count: {action: freeze}}\n", "", "cannot freeze a source"},
        {"gates: {golden_count: {action: faint}}\n", "", "faint"},
        {"gates: {golden_count: {fields: [customer.name]}}\n", "", "has no meaning"},
        {"gates: {golden_count: {runs: 3}}\n", "", "has no meaning"},
        {"gates: {removals: {direction: fall}}\n", "", "has no meaning"},
        {"gates: {source_rows: {direction: down}}\n", "", "down"},
        {"gates: {fill_rate: {fields: [customer.nam]}}\n", "", "no field \"customer.nam\""},
        {"gates: {source_rows: {runs: 0}}\n", "", "1"},
        {"gates: {source_rows: {lest: 3}}\n", "", "least"},
        {"gates: on\n", "", "gates are written as"},
        {"keep: {report: 3}\n", "", "reports"},
        {"keep: {views: -1}\n", "", "0"},
        {"left: {D01: yesterday}\n", "", "is a date"},
        {"", ", settle: long", "settle"},
        {"", ", max_stale_days: -2", "max_stale_days"},
        {"", ", done_file: '{day}.done'", "{id} and {file}"},
        {"", ", control_file: '{count}'", "{id} and {file}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_project(cases[i].keys, cases[i].source_keys);
        char *messages = night("2026-06-01", "", 78);
        cr_expect(strstr(messages, cases[i].message), "%s%s: %s", cases[i].keys,
                  cases[i].source_keys, messages);
        cr_expect(strstr(messages, "cust360.yaml:"), "%s", messages);
        memory_free(messages);
    }
}
