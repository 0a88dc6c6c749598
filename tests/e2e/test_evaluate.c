#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(evaluate, .init = night_open, .fini = workspace_close, .timeout = 300);

#define EVALUATE "evaluate -c samples/group/cust360.yaml --state @/state"
#define TRUTH    "--truth samples/group/truth/customers.csv"
#define GOLDEN   "--golden samples/group/truth/golden.csv"

/* A number of the JSON that was printed into the workspace's file. */
static double figure(const char *path)
{
    char command[600];
    char line[64] = "";
    snprintf(command, sizeof(command), "jq -r '%s' '%s'", path, in_workspace("evaluation.json"));
    FILE *pipe = popen(command, "r");
    cr_assert(pipe);
    cr_assert(fgets(line, sizeof(line), pipe), "%s is not there", path);
    cr_assert_eq(pclose(pipe), 0);
    return strtod(line, NULL);
}

static void evaluate(const char *options)
{
    struct finished finished = run(EVALUATE " %s --format json", options);
    expect_exit(finished, 0);
    write_text("evaluation.json", finished.output);
    finished_release(&finished);
}

Test(evaluate, the_sample_nights_customers_are_found)
{
    night_run("", 0);
    evaluate(TRUTH " " GOLDEN);
    cr_expect_geq(figure(".pairwise.precision"), 0.998);
    cr_expect_geq(figure(".pairwise.recall"), 0.95);
    cr_expect_geq(figure(".bcubed.f1"), 0.98);
    cr_expect_gt(figure(".pairwise.true_pairs"), 100);
    cr_expect_gt(figure(".pairwise.found_pairs"), 100);
    cr_expect_geq(figure(".clusters.exact") / figure(".clusters.true"), 0.97);
    cr_expect_geq(figure(".golden.kind"), 0.99);
    cr_expect_geq(figure(".golden.name"), 0.9);
    cr_expect_geq(figure(".golden.mobile"), 0.85);
    cr_expect_eq(figure(".records_missing"), 0);
}

Test(evaluate, the_state_itself_is_a_perfect_truth_and_what_it_lacks_is_counted)
{
    night_run("", 0);
    shell("(echo source,key,entity; sqlite3 -csv '%s' \"SELECT source.name, source_key, "
          "golden_number "
          "FROM crosswalk JOIN record_customer USING (record_id) JOIN source USING (source_id)\"; "
          "echo D01,no-such-key,1; echo D01,nor-this-one,1) > '%s'",
          in_workspace("state/state.db"), in_workspace("truth.csv"));
    evaluate("--truth @/truth.csv");
    cr_expect_eq(figure(".pairwise.precision"), 1);
    cr_expect_lt(figure(".pairwise.recall"), 1);
    cr_expect_eq(figure(".records_missing"), 2);
    cr_expect_gt(figure(".pairwise.found_pairs"), 1000);
    cr_expect_eq(figure(".clusters.over_merged"), 0);
    cr_expect_eq(figure(".clusters.split"), 1);
    struct finished finished = run(EVALUATE " --truth @/truth.csv");
    expect_exit(finished, 0);
    expect_contains(finished.output, "2 of them not in the state");
    finished_release(&finished);
}

Test(evaluate, what_is_missing_is_told)
{
    static const struct {
        const char *options;
        int exit_code;
        const char *message;
    } cases[] = {
        {"", 2, "--truth is missing"},
        {TRUTH " --format xml", 2, "--format is text or json"},
        {TRUTH, 10, ""},
        {"--truth @/nowhere.csv", 1, "nowhere.csv"},
        {"--truth samples/group/truth/rejects.csv", 1, "source"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run(EVALUATE " %s", cases[i].options);
        expect_exit(finished, cases[i].exit_code);
        expect_contains(finished.messages, cases[i].message);
        cr_expect_str_eq(finished.output, "");
        finished_release(&finished);
    }
}
