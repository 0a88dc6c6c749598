#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <string.h>

/* A workspace with the group's project and mappings, so that a test can put another model there. */
static void open_group(void)
{
    night_open();
    shell("cp -r mappings '%s'; sed 's,../../mappings,mappings,' samples/group/cust360.yaml > '%s'",
          in_workspace("mappings"), in_workspace("cust360.yaml"));
}

TestSuite(train, .init = open_group, .fini = workspace_close, .timeout = 300);

#define PROJECT "-c @/cust360.yaml --state @/state"

static void train(const char *options)
{
    struct finished finished = run("train " PROJECT " %s", options);
    expect_exit(finished, 0);
    expect_contains(finished.output, "random pairs");
    finished_release(&finished);
}

Test(train, a_model_trained_on_the_night_itself_serves_the_night)
{
    night_run("", 0);
    train("--note sample-night");
    char *model = read_text("mappings/match.model.yaml");
    expect_contains(model, "by: 'cust360 train --seed 1; sample-night'");
    memory_free(model);
    struct finished finished =
        run("run -c @/cust360.yaml --feeds @/feeds --state @/state --out @/out " AS_OF);
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("evaluate " PROJECT " --truth samples/group/truth/customers.csv --format json");
    expect_exit(finished, 0);
    write_text("evaluation.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.pairwise.precision >= 0.995 and .pairwise.recall >= 0.95' '%s'",
          in_workspace("evaluation.json"));
}

Test(train, the_same_records_and_seed_give_the_same_bytes)
{
    night_run("", 0);
    train("--seed 7 --threads 1 --out @/a.yaml");
    train("--seed 7 --threads 3 --out @/b.yaml");
    train("--seed 8 --out @/c.yaml");
    shell("cmp '%s' '%s'", in_workspace("a.yaml"), in_workspace("b.yaml"));
    shell("! cmp -s '%s' '%s'", in_workspace("a.yaml"), in_workspace("c.yaml"));
}

Test(train, feeds_teach_the_same_as_the_state_that_they_make)
{
    night_run("", 0);
    train("--out @/state.yaml");
    train("--feeds @/feeds " AS_OF " --state @/nowhere --out @/feeds.yaml");
    shell("cmp '%s' '%s'", in_workspace("state.yaml"), in_workspace("feeds.yaml"));
}

Test(train, without_a_state_or_feeds_there_is_nothing_to_learn_from)
{
    struct finished finished = run("train " PROJECT " --feeds @/nowhere --state @/nowhere");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "the folder of the feeds is not there");
    finished_release(&finished);
    finished = run("train " PROJECT " --seed x");
    expect_exit(finished, 2);
    expect_contains(finished.messages, "--seed is a whole number");
    finished_release(&finished);
}

/* A sample of another shape: run with the model that is shipped, then trained anew from its feeds.
 */
static void expect_quality(const char *sample, const char *limits)
{
    struct finished finished =
        run("run -c samples/%s/cust360.yaml --state @/state --out @/out " AS_OF, sample);
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("evaluate -c samples/%s/cust360.yaml --state @/state"
                   " --truth samples/%s/truth/customers.csv --format json",
                   sample, sample);
    expect_exit(finished, 0);
    write_text("evaluation.json", finished.output);
    finished_release(&finished);
    shell("jq -e '%s' '%s'", limits, in_workspace("evaluation.json"));
}

Test(train, persons_of_febrl_are_found)
{
    expect_quality("febrl", ".pairwise.f1 >= 0.9995");
}

Test(train, persons_of_fake_1000_are_found_and_trained_from_their_feeds)
{
    expect_quality("fake_1000", ".pairwise.f1 >= 0.95");
    struct finished finished =
        run("train -c samples/fake_1000/cust360.yaml --state @/none --out @/model.yaml"
            " --chart @/weights.svg " AS_OF);
    expect_exit(finished, 0);
    expect_contains(finished.output, "swapped");
    char *chart = read_text("weights.svg");
    expect_contains(chart, "</svg>");
    memory_free(chart);
    expect_contains(finished.output, "1000 records");
    finished_release(&finished);
    shell("cmp '%s' samples/fake_1000/match.model.yaml", in_workspace("model.yaml"));
}

Test(train, labels_are_used_and_said)
{
    struct finished finished =
        run("train -c samples/fake_1000/cust360.yaml --state @/none --out @/model.yaml"
            " --truth samples/fake_1000/truth/customers.csv");
    expect_exit(finished, 0);
    expect_contains(finished.output, "labels: 1000 records are known, 2031 pairs");
    finished_release(&finished);
    write_text("other.csv", "source,key,entity\nelsewhere,1,1\n");
    finished = run("train -c samples/fake_1000/cust360.yaml --state @/none --out @/model.yaml"
                   " --truth @/other.csv");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "none of the 1000 records is named by the truth");
    finished_release(&finished);
    finished = run("train -c samples/fake_1000/cust360.yaml --state @/none --out @/model.yaml"
                   " --truth @/missing.csv");
    expect_exit(finished, 1);
    finished_release(&finished);
    write_text("columns.csv", "source,key\nfake,1\n");
    finished = run("train -c samples/fake_1000/cust360.yaml --state @/none --out @/model.yaml"
                   " --truth @/columns.csv");
    cr_expect_neq(finished.exit_code, 0);
    expect_contains(finished.messages, "entity");
    finished_release(&finished);
}

/* What is suggested for fake_1000 can be pasted, and then finds what it says. */
Test(train, blocking_keys_are_suggested_from_the_data)
{
    struct finished finished = run("train -c samples/fake_1000/cust360.yaml --state @/none"
                                   " --blocking --truth samples/fake_1000/truth/customers.csv");
    expect_exit(finished, 0);
    expect_contains(finished.output, "2031 pairs of one customer, as the truth names them");
    write_text("table.txt", finished.output);
    finished_release(&finished);
    shell("root=$PWD; cp -r samples/fake_1000 '%s' && cd '%s' &&"
          " sed -i \"s,../../mappings,$root/mappings,\" fake_1000/cust360.yaml &&"
          " sed -n '/^blocking:/,$p' table.txt >> fake_1000/match.yaml &&"
          " grep -q 'keys:' fake_1000/match.yaml",
          in_workspace(""), in_workspace(""));
    finished = run("match -c @/fake_1000/cust360.yaml --train --out @/clusters.csv --report"
                   " @/report.json");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("jq -e '.pairs_compared < 100000' '%s'", in_workspace("report.json"));
    finished = run("train -c samples/fake_1000/cust360.yaml --state @/none --blocking --format "
                   "json");
    expect_exit(finished, 0);
    write_text("keys.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.records == 1000 and (.matches_are_known | not) and (.set | length) >= 3 and"
          " (.set[0].rank == 1) and ([.set[].missed_by_set_so_far] | . == (sort | reverse))' '%s'",
          in_workspace("keys.json"));
    finished = run("train -c samples/fake_1000/cust360.yaml --format json");
    expect_exit(finished, 2);
    expect_contains(finished.messages, "goes with --blocking");
    finished_release(&finished);
}
