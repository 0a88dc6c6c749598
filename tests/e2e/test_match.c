#include "cust360/base/memory.h"
#include "night.h"
#include "small_group.h"

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

/* More than one part's bytes (1 MiB): a file whose rows have line feeds within quotes and, now and
 * then, a quote in the wrong place. */
static void write_large_file(void)
{
    shell("mkdir -p '%s' && awk 'BEGIN { "
          "print \"rec_id,true_id,dealer,name,gender,mobile,phone2,id_no,birth,email,address,vin,"
          "plate,company_flag,updated_at\"; "
          "pad = sprintf(\"%%150s\", \"\"); gsub(/ /, \"x\", pad); "
          "for (i = 1; i <= 14000; i++) { "
          "printf \"K%%07d,,D1,王%%s,M,139%%08d,,,,,\", i, i %% 3 ? \"明\" : \"芳\", i / 2; "
          "printf i %% 5 ? \"\\\"%%s\\n%%d\\\"\" : \"%%s%%d\", pad, i; "
          "printf i %% 4000 ? \",,,0,\\n\" : \"\\\"x,,,0,\\n\" } }' > '%s'",
          in_workspace("large"), in_workspace("large/customers.csv"));
}

#define LARGE "-c samples/customers/cust360.yaml --feeds @/large " AS_OF " "

Test(match, a_large_file_is_read_in_parts_to_the_same_bytes)
{
    write_large_file();
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        struct finished finished =
            run("match " LARGE "-q --threads %u --out @/large%u.csv --report @/report%u.json",
                threads, threads, threads);
        expect_exit(finished, 0);
        finished_release(&finished);
    }
    shell("cmp '%s' '%s'", in_workspace("large1.csv"), in_workspace("large4.csv"));
    /* Behind a broken quote reading begins again at the next line that is a row by itself. */
    shell("jq -e '.rows_read == 13988 and .rows_rejected == 3 and .records == 13985' '%s'",
          in_workspace("report4.json"));
}

Test(match, a_run_tells_the_lines_of_a_large_file)
{
    write_large_file();
    struct finished finished =
        run("run " LARGE "-q --threads 3 --no-summary --state @/state --out @/out");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("grep -nE '^K00(04000|08000|12000),' '%s' | cut -d: -f1 > '%s'",
          in_workspace("large/customers.csv"), in_workspace("expected"));
    shell("awk -F'\t' 'NR > 1 && $8 == \"quote\" { print $4 }' '%s' | cmp - '%s'",
          in_workspace("state/rejects/customers.reasons.tsv"), in_workspace("expected"));
}

Test(match, what_a_reader_notices_of_a_feed_is_told_as_in_a_run, .init = small_group_open)
{
    shell("sed -i 's/$/,x/; 1s/,x$/,Fax/' '%s'", in_workspace("feeds/D01.csv"));
    struct finished finished = run("match -c @/cust360.yaml --as-of 2026-06-30 --out @/found.csv");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "source D01: ");
    expect_contains(finished.messages, "Fax");
    finished_release(&finished);
}
