#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <string.h>

static void open_with_run(void)
{
    night_open();
    night_run("", 0);
}

TestSuite(evaluate_causes, .init = open_with_run, .fini = workspace_close, .timeout = 300);

#define EVALUATE "evaluate -c samples/group/cust360.yaml --state @/state"
#define TRUTH    "--truth samples/group/truth/customers.csv"

static void evaluate(const char *options)
{
    struct finished finished = run(EVALUATE " %s --format json", options);
    expect_exit(finished, 0);
    write_text("evaluation.json", finished.output);
    finished_release(&finished);
}

/* A jq filter that must give true. */
static void expect(const char *filter)
{
    shell("jq -e '%s' '%s' > '%s'", filter, in_workspace("evaluation.json"),
          in_workspace("answer"));
}

Test(evaluate_causes, the_curve_passes_through_the_run_and_tells_the_wished_threshold)
{
    evaluate(TRUTH " --precision 0.999");
    expect(".pairwise as $run | .merge_threshold as $merge | .curve | length > 20 and"
           " (map(select(.threshold == $merge)) | length == 1 and .[0].precision == $run.precision"
           " and .[0].recall == $run.recall and .[0].found_pairs == $run.found_pairs)");
    expect(".curve | map(.threshold) | . == sort");
    expect(".curve | .[0].found_pairs > .[-1].found_pairs and .[0].recall > .[-1].recall");
    expect(".wished_precision | length == 1 and .[0].met and .[0].precision >= 0.999");
    evaluate(TRUTH);
    expect(".wished_precision == []");
}

Test(evaluate_causes, every_missed_pair_has_a_cause)
{
    evaluate(TRUTH " --examples 3");
    expect(".pairwise.true_pairs as $true | .pairwise.recall as $recall | .missed |"
           " (.pairs - $true * (1 - $recall) | fabs < 0.5) and .pairs > 0 and"
           " ([.causes[].pairs] | add) == .pairs");
    expect(".missed.causes | all(.examples | length <= 3) and all(.pairs > 0) and"
           " (map(.pairs) | . == (sort | reverse)) and all(.cause != \"not_merged_yet\")");
    expect(".falsely_merged.pairs == 0 and .falsely_merged.causes == []");
    evaluate(TRUTH " --examples 0");
    expect(".missed.causes | all(.examples == [])");
}

Test(evaluate_causes, what_is_explained_of_an_example_agrees_with_its_cause)
{
    evaluate(TRUTH " --examples 1");
    shell("jq -r '[.missed.causes[] | select(.cause == \"for_the_steward\") | .examples[0]][0] |"
          " .a + \" \" + .b' '%s' > '%s'",
          in_workspace("evaluation.json"), in_workspace("pair"));
    char *pair = read_text("pair");
    pair[strcspn(pair, "\n")] = '\0';
    struct finished finished =
        run("explain -c samples/group/cust360.yaml --state @/state --out @/out %s", pair);
    expect_exit(finished, 0);
    expect_contains(finished.output, "Two customers so far");
    finished_release(&finished);
    memory_free(pair);
}

Test(evaluate_causes, no_value_is_shown_whole)
{
    struct finished finished = run(EVALUATE " " TRUTH " --examples 100 --html @/page.html");
    expect_exit(finished, 0);
    write_text("evaluation.txt", finished.output);
    expect_contains(finished.output, "Pairs of one customer that were not found");
    expect_contains(finished.output, "as in match.yaml");
    finished_release(&finished);
    shell("! grep -E '1[3-9][0-9]{9}|LFV[0-9A-Z]{14}' '%s' '%s'", in_workspace("evaluation.txt"),
          in_workspace("page.html"));
    char *page = read_text("page.html");
    expect_contains(page, "<svg ");
    expect_contains(page, "class=\"curve\"");
    expect_contains(page, "</html>");
    expect_lacks(page, "<script");
    memory_free(page);
}

/* Each record an entity of its own: all that was merged is wrong. */
Test(evaluate_causes, false_merges_are_blamed_on_links_and_chains)
{
    shell("awk -F, 'NR == 1 {print; next} {print $1 \",\" $2 \",\" NR}'"
          " samples/group/truth/customers.csv > '%s' && head -1 '%s' | grep -q"
          " '^source,key,entity'",
          in_workspace("alone.csv"), in_workspace("alone.csv"));
    evaluate("--truth @/alone.csv");
    expect(".pairwise.found_pairs as $found | .falsely_merged | .pairs == $found and .pairs > 500"
           " and ([.causes[].pairs] | add) == .pairs and"
           " ([.causes[].cause] | index(\"direct\") != null and index(\"chain\") != null)");
    expect(".missed.pairs == 0");
}

Test(evaluate_causes, a_blocking_key_that_is_missing_is_proposed)
{
    shell("cp -r mappings '%s' && sed 's,../../mappings,mappings,' samples/group/cust360.yaml >"
          " '%s'",
          in_workspace("mappings"), in_workspace("cust360.yaml"));
    /* The matching is spoilt on purpose, and the gates would rightly stop it. */
    shell("echo 'gates: off' >> '%s'", in_workspace("cust360.yaml"));
    shell(
        "sed -i -E '/^    (phone|name|plate|surname and birth|name and (home|road|most.*|end.*)): "
        "/d; s/relatives: \\[phone, /relatives: [/' '%s'",
        in_workspace("mappings/match.yaml"));
    struct finished finished =
        run("run -c @/cust360.yaml --feeds @/feeds --state @/state --out @/out " AS_OF);
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("evaluate -c @/cust360.yaml --state @/state " TRUTH " --format json");
    expect_exit(finished, 0);
    write_text("evaluation.json", finished.output);
    finished_release(&finished);
    expect(".missed.causes | map(select(.cause == \"not_compared\")) | map(.pairs) | add > 10");
    expect(".keys_that_would_have_found | map(.key) | any(contains(\"phone\"))");
    expect(".keys_that_would_have_found | all(.missed_pairs > 0 and .pairs_to_compare >="
           " .missed_pairs)");
}

Test(evaluate_causes, brief_leaves_out_thresholds_and_causes)
{
    evaluate(TRUTH " --brief");
    expect("(has(\"curve\") or has(\"missed\") | not) and .pairwise.precision > 0.9");
    struct finished finished = run(EVALUATE " " TRUTH " --brief");
    expect_exit(finished, 0);
    expect_lacks(finished.output, "Thresholds");
    finished_release(&finished);
}

Test(evaluate_causes, threads_do_not_matter)
{
    struct finished one = run(EVALUATE " " TRUTH " --precision 0.99 --threads 1");
    struct finished three = run(EVALUATE " " TRUTH " --precision 0.99 --threads 3");
    expect_exit(one, 0);
    expect_exit(three, 0);
    cr_expect_str_eq(one.output, three.output);
    finished_release(&one);
    finished_release(&three);
}

Test(evaluate_causes, options_that_make_no_sense_are_refused)
{
    static const struct {
        const char *options;
        const char *message;
    } cases[] = {
        {"--precision 1.5", "--precision is above 0 and at most 1"},
        {"--precision much", "--precision is above 0 and at most 1"},
        {"--examples -1", "--examples"},
        {"--brief --html @/page.html", "--brief leaves out"},
        {"--threads 0", "--threads"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run(EVALUATE " " TRUTH " %s", cases[i].options);
        expect_exit(finished, 2);
        expect_contains(finished.messages, cases[i].message);
        cr_expect_str_eq(finished.output, "");
        finished_release(&finished);
    }
}
