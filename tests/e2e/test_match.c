#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(match, .init = night_open, .fini = workspace_close, .timeout = 300);

#define MATCH "match -c samples/group/cust360.yaml --feeds @/feeds " AS_OF " "

static void match(const char *options, int exit_code)
{
    struct finished finished = run(MATCH "%s", options);
    expect_exit(finished, exit_code);
    finished_release(&finished);
}

/* The same records in the same groups: there are as many customers as clusters, and as many pairs
 * of both. */
static void expect_clusters_of_view(const char *clusters)
{
    shell("sqlite3 '%s' '.import --csv \"%s\" found' "
          "'ATTACH \"%s\" AS view' "
          "'CREATE TABLE both AS SELECT f.cluster, s.golden_id FROM found f "
          "JOIN view.customer_source s ON s.source = f.source AND s.source_key = f.key'",
          in_workspace("compare.db"), in_workspace(clusters), in_workspace("out/customer360.db"));
    long records = query_number("compare.db", "SELECT count(*) FROM found");
    cr_expect_gt(records, 3000);
    cr_expect_eq(records,
                 query_number("out/customer360.db", "SELECT count(*) FROM customer_source"));
    cr_expect_eq(records, query_number("compare.db", "SELECT count(*) FROM both"));
    long customers = query_number("compare.db", "SELECT count(DISTINCT golden_id) FROM both");
    cr_expect_eq(customers, query_number("compare.db", "SELECT count(DISTINCT cluster) FROM both"));
    cr_expect_eq(customers,
                 query_number("compare.db", "SELECT count(*) FROM "
                                            "(SELECT DISTINCT golden_id, cluster FROM both)"));
}

Test(match, finds_the_customers_of_a_run)
{
    night_run("", 0);
    match("--out @/clusters.csv", 0);
    expect_clusters_of_view("clusters.csv");
}

Test(match, the_number_of_threads_changes_no_byte)
{
    match("--threads 1 --out @/c1.csv --pairs @/p1.csv", 0);
    match("--threads 3 --out @/c3.csv --pairs @/p3.csv", 0);
    struct finished finished = run(MATCH "-q");
    expect_exit(finished, 0);
    write_text("printed.csv", finished.output);
    finished_release(&finished);
    shell("cmp '%s' '%s'", in_workspace("c1.csv"), in_workspace("c3.csv"));
    shell("cmp '%s' '%s'", in_workspace("p1.csv"), in_workspace("p3.csv"));
    shell("cmp '%s' '%s'", in_workspace("c1.csv"), in_workspace("printed.csv"));
    char *pairs = read_text("p1.csv");
    expect_contains(pairs, ",link,\n");
    expect_contains(pairs, ",question,");
    memory_free(pairs);
}

Test(match, trains_on_the_records_at_hand)
{
    match("--train --model @/model.yaml --out @/trained.csv --report @/report.json", 0);
    match("--model @/model.yaml --out @/again.csv", 0);
    shell("cmp '%s' '%s'", in_workspace("trained.csv"), in_workspace("again.csv"));
    shell("jq -e '.records > 3000 and .clusters < .records and .stages.train > 0 and "
          ".peak_memory_bytes > 0' '%s'",
          in_workspace("report.json"));
    cr_expect_not(exists("state/state.db"));
}

Test(match, a_source_that_is_missing_is_told_and_one_that_fails_ends_it)
{
    shell("rm '%s'", in_workspace("feeds/hq_members.csv"));
    match("--out @/clusters.csv", 3);
    cr_expect(exists("clusters.csv"));
    write_text("feeds/hq_members.csv", "card_no,card_no,name,mobile\n1,2,3,4\n");
    match("--out @/none.csv", 1);
    cr_expect_not(exists("none.csv"));
    match("--threads 0", 2);
}
