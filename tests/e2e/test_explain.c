#include "cust360/base/memory.h"
#include "night.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_with_run(void)
{
    night_open();
    night_run("", 0);
}

TestSuite(explain, .init = open_with_run, .fini = workspace_close, .timeout = 300);

#define STATE   "state/state.db"
#define EXPLAIN "explain -c samples/group/cust360.yaml --state @/state --out @/out"

/* Two records' names, of a row that the condition chooses among links or possible matches. */
#define PAIR_FROM(table, condition)                                                                \
    "SELECT sa.name || ':' || a.source_key || ' ' || sb.name || ':' || b.source_key FROM " table   \
    " p JOIN record_customer a ON a.record_id = p.record_a"                                        \
    " JOIN source sa ON sa.source_id = a.source_id"                                                \
    " JOIN record_customer b ON b.record_id = p.record_b"                                          \
    " JOIN source sb ON sb.source_id = b.source_id WHERE " condition                               \
    " ORDER BY record_a, record_b LIMIT 1"

/* Explains as JSON and asks jq; the filter must give true. */
static void expect_json(const char *arguments, const char *filter)
{
    struct finished finished = run(EXPLAIN " %s --format json", arguments);
    expect_exit(finished, 0);
    write_text("explained.json", finished.output);
    finished_release(&finished);
    shell("jq -e '%s' '%s' > '%s'", filter, in_workspace("explained.json"), in_workspace("answer"));
}

static void expect_failure(const char *arguments, int exit_code, const char *message)
{
    struct finished finished = run(EXPLAIN " %s", arguments);
    expect_exit(finished, exit_code);
    expect_contains(finished.messages, message);
    cr_expect_str_eq(finished.output, "");
    finished_release(&finished);
}

Test(explain, every_link_and_possible_match_adds_up_to_what_the_run_gave_it)
{
    struct finished finished = run(EXPLAIN " --check");
    expect_exit(finished, 0);
    long pairs = query_number(STATE, "SELECT (SELECT count(*) FROM link) +"
                                     " (SELECT count(*) FROM possible_match)");
    cr_assert_gt(pairs, 500);
    cr_expect_eq(strtol(finished.output, NULL, 10), pairs);
    expect_contains(finished.output, ", 0 do not");
    finished_release(&finished);
}

Test(explain, a_state_weighed_by_another_model_is_told)
{
    shell("cp -r mappings '%s' && sed 's,../../mappings,mappings,' samples/group/cust360.yaml >"
          " '%s' && sed -i 's/^relatives: .*/relatives: 0.4/' '%s'",
          in_workspace("mappings"), in_workspace("cust360.yaml"),
          in_workspace("mappings/match.model.yaml"));
    struct finished finished = run("explain -c @/cust360.yaml --state @/state --check");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "rules or model have changed since the last run");
    finished_release(&finished);
    char *pair = query(STATE, PAIR_FROM("link", "1"));
    finished = run("explain -c @/cust360.yaml --state @/state %s", pair);
    expect_exit(finished, 0);
    expect_contains(finished.output, "The last run gave them");
    finished_release(&finished);
    memory_free(pair);
}

/* A part of the records is read for two; what it gives must be what all of them gave. */
Test(explain, what_is_explained_from_a_part_is_what_was_decided_from_all)
{
    static const char *const conditions[] = {"record_a % 3 = 0", "record_a % 3 = 1",
                                             "record_a % 3 = 2"};
    for (size_t i = 0; i < 6; i++) {
        const char *table = i % 2 ? "link" : "possible_match";
        char sql[900];
        char filter[200];
        snprintf(sql, sizeof(sql), PAIR_FROM("%s", "%s"), table, conditions[i / 2]);
        char *pair = query(STATE, sql);
        snprintf(sql, sizeof(sql),
                 "SELECT weight FROM %s WHERE %s ORDER BY record_a, record_b LIMIT 1", table,
                 conditions[i / 2]);
        char *weight = query(STATE, sql);
        snprintf(filter, sizeof(filter), ".pairs[0] | .compared and (.weight - %s | fabs < 0.001)",
                 weight);
        expect_json(pair, filter);
        memory_free(pair);
        memory_free(weight);
    }
}

Test(explain, records_that_were_merged_directly_say_so)
{
    char *pair = query(STATE, PAIR_FROM("link", "p.reason IS NULL"));
    struct finished finished = run(EXPLAIN " %s", pair);
    expect_exit(finished, 0);
    expect_contains(finished.output, "merged directly, by their own weight");
    expect_contains(finished.output, "They were compared because they share:");
    expect_contains(finished.output, "thresholds: merged from +");
    expect_contains(finished.output, "against strangers");
    finished_release(&finished);
    expect_json(pair, ".pairs[0] | .same_customer and .compared and .outcome == \"merged\" and"
                      " (([.comparisons[].against_stranger] | add) + .prior.against_stranger"
                      " - .sum.against_stranger | fabs < 0.001) and"
                      " (([.comparisons[].against_relative] | add) + .prior.against_relative"
                      " - .sum.against_relative | fabs < 0.001) and"
                      " (.weight - ([.sum.against_stranger, .sum.against_relative] | min) | fabs"
                      " < 0.001)");
    memory_free(pair);
}

Test(explain, records_merged_through_others_show_the_path)
{
    char *pair =
        query(STATE, "SELECT sa.name || ':' || ra.source_key || ' ' || sb.name || ':' ||"
                     " rb.source_key FROM crosswalk a JOIN crosswalk b ON a.golden_number ="
                     " b.golden_number AND a.record_id < b.record_id"
                     " JOIN record_customer ra ON ra.record_id = a.record_id"
                     " JOIN source sa ON sa.source_id = ra.source_id"
                     " JOIN record_customer rb ON rb.record_id = b.record_id"
                     " JOIN source sb ON sb.source_id = rb.source_id"
                     " WHERE NOT EXISTS (SELECT 1 FROM link WHERE record_a = a.record_id AND"
                     " record_b = b.record_id) ORDER BY a.record_id, b.record_id LIMIT 1");
    expect_json(pair, ".pairs[0] | .same_customer and .outcome == \"merged_through_others\" and"
                      " (.path | length) >= 2 and .path[0].a == (.a.source + \":\" + .a.key) and"
                      " .path[-1].b == (.b.source + \":\" + .b.key)");
    struct finished finished = run(EXPLAIN " %s", pair);
    expect_contains(finished.output, "The strongest path between them");
    finished_release(&finished);
    memory_free(pair);
}

Test(explain, what_a_steward_is_asked_says_what_is_lacking)
{
    char *pair = query(STATE, PAIR_FROM("possible_match", "p.reason IS NULL"));
    expect_json(pair, ".pairs[0] | (.same_customer | not) and .outcome == \"for_the_steward\" and"
                      " (.sentences | map(select(contains(\"bits are lacking\"))) | length) == 1");
    memory_free(pair);
    pair = query(STATE, PAIR_FROM("possible_match", "p.reason LIKE 'family?%'"));
    expect_json(pair, ".pairs[0] | (.outcome == \"ask\" and .hard_rules[0].verdict == \"ask\") or"
                      " (.outcome | IN(\"held_apart\", \"not_alone\"))");
    memory_free(pair);
}

Test(explain, strangers_were_never_compared_and_keys_tell_why)
{
    char *pair = query(STATE, "SELECT 'D01:' || (SELECT source_key FROM record_customer JOIN source"
                              " USING (source_id) WHERE source.name = 'D01' AND surname = '王'"
                              " ORDER BY source_key LIMIT 1) || ' D07:' || (SELECT source_key FROM"
                              " record_customer JOIN source USING (source_id) WHERE source.name ="
                              " 'D07' AND surname = '李' ORDER BY source_key LIMIT 1)");
    expect_json(pair, ".pairs[0] | (.same_customer | not) and (.compared | not) and (.keys | "
                      "map(.shared) | any | not) and (.keys |"
                      " map(.missing | length > 0) | all) and .weight < 0");
    memory_free(pair);
}

Test(explain, a_customer_shows_its_links_and_what_the_weakest_holds)
{
    char *id = query(STATE, "SELECT golden_id FROM golden ORDER BY record_count DESC, golden_id"
                            " LIMIT 1");
    long records = query_number(STATE, "SELECT max(record_count) FROM golden");
    char filter[500];
    snprintf(filter, sizeof(filter),
             "(.records | length) == %ld and (.links | length) >= %ld and (.links |"
             " map(select(.strongest_tree)) | length) == %ld and (.links | map(select(.weakest)) |"
             " length) == 1 and (.links | map(.weight == .weight_now) | all) and (.cut_off |"
             " length) > 0",
             records, records - 1, records - 1);
    expect_json(id, filter);
    struct finished finished = run(EXPLAIN " %s", id);
    expect_exit(finished, 0);
    expect_contains(finished.output, "The weakest link that holds it");
    expect_contains(finished.output, "└─ ");
    finished_release(&finished);
    memory_free(id);
}

Test(explain, possible_matches_of_a_customer_are_listed_with_the_reason)
{
    char *id = query(STATE, "SELECT golden_id FROM possible_match p JOIN crosswalk x ON"
                            " x.record_id = p.record_a JOIN golden USING (golden_number) WHERE"
                            " p.reason LIKE 'family?%' ORDER BY record_a LIMIT 1");
    expect_json(id, ".possible_matches | length >= 1 and (map(.reason != null and .outcome != "
                    "\"not_merged_yet\") | any)");
    memory_free(id);
}

Test(explain, customers_are_explained_by_all_their_pairs_strongest_first)
{
    char *ids = query(STATE, "SELECT (SELECT golden_id FROM golden WHERE record_count = 3 ORDER BY"
                             " golden_id LIMIT 1) || ' ' || (SELECT golden_id FROM golden WHERE"
                             " record_count = 2 ORDER BY golden_id LIMIT 1)");
    char arguments[200];
    snprintf(arguments, sizeof(arguments), "%s --pairs 2", ids);
    expect_json(arguments, "(.pairs | length) == 2 and (.others | length) == 4 and ([.pairs[],"
                           " .others[]] | map(.weight) | . == (sort | reverse))");
    memory_free(ids);
}

Test(explain, a_stewards_word_is_told_with_name_and_day)
{
    char *pair = query(STATE, PAIR_FROM("link", "p.reason IS NULL"));
    shell("sqlite3 '%s' \"INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a,"
          " source_b, key_b) SELECT '2026-06-29', 'Fang', 'different', sa.name, a.source_key,"
          " sb.name, b.source_key FROM link p JOIN record_customer a ON a.record_id = p.record_a"
          " JOIN source sa ON sa.source_id = a.source_id JOIN record_customer b ON b.record_id ="
          " p.record_b JOIN source sb ON sb.source_id = b.source_id WHERE p.reason IS NULL ORDER BY"
          " record_a, record_b LIMIT 1\"",
          in_workspace(STATE));
    night_run("", 0);
    struct finished finished = run(EXPLAIN " %s", pair);
    expect_exit(finished, 0);
    expect_contains(finished.output, "Two customers: Fang has said on 2026-06-29 that");
    finished_release(&finished);
    memory_free(pair);
}

Test(explain, who_is_meant_may_be_said_in_many_ways)
{
    char *mobile = query(STATE, "SELECT mobile FROM golden WHERE mobile IS NOT NULL GROUP BY mobile"
                                " HAVING count(*) = 1 ORDER BY golden_number LIMIT 1");
    struct finished finished = run(EXPLAIN " %s", mobile);
    expect_exit(finished, 0);
    finished_release(&finished);
    memory_free(mobile);
    char *id = query(STATE, "SELECT lower(golden_id) FROM golden ORDER BY golden_number LIMIT 1");
    finished = run(EXPLAIN " %s", id);
    expect_exit(finished, 0);
    finished_release(&finished);
    memory_free(id);
}

Test(explain, a_page_is_whole_and_shows_nothing_that_is_masked)
{
    char *pair = query(STATE, PAIR_FROM("link", "p.reason IS NULL AND a.mobile = b.mobile"));
    char *mobile = query(STATE, "SELECT a.mobile FROM link p JOIN record_customer a ON a.record_id"
                                " = p.record_a JOIN record_customer b ON b.record_id = p.record_b"
                                " WHERE p.reason IS NULL AND a.mobile = b.mobile ORDER BY record_a,"
                                " record_b LIMIT 1");
    struct finished finished = run(EXPLAIN " %s --unmasked --html @/page.html", pair);
    expect_exit(finished, 0);
    finished_release(&finished);
    char *page = read_text("page.html");
    expect_contains(page, "<svg ");
    expect_contains(page, "prefers-color-scheme:dark");
    expect_contains(page, "@media print");
    expect_contains(page, mobile);
    expect_lacks(page, "<script");
    expect_lacks(page, "src=");
    expect_lacks(page, "href=");
    memory_free(page);
    finished = run(EXPLAIN " %s --html @/masked.html", pair);
    expect_exit(finished, 0);
    finished_release(&finished);
    page = read_text("masked.html");
    expect_contains(page, "</html>");
    expect_lacks(page, mobile);
    memory_free(page);
    shell("test $(grep -c '\"event\":\"unmasked\".*\"command\":\"explain\"' '%s') = 1",
          in_workspace("state/audit.log"));
    /* What is plain in the model is shown, what is personal is not. */
    finished = run(EXPLAIN " %s", pair);
    expect_lacks(finished.output, mobile);
    finished_release(&finished);
    expect_json(pair, "[.. | objects | select(has(\"attribute\")) | select(.attribute =="
                      " \"mobile\" or .attribute == \"name_key\") | .a, .b | select(. != null)"
                      " | contains(\"*\")] | length > 1 and all");
    memory_free(mobile);
    memory_free(pair);
}

Test(explain, what_cannot_be_explained_is_told)
{
    expect_failure("", 2, "an argument is missing");
    expect_failure("a b c", 2, "unexpected argument c");
    expect_failure("--check D01:1", 2, "--check takes no records");
    expect_failure("D01:1 --format xml", 2, "--format is text or json");
    expect_failure("D01:1 --pairs 0", 2, "--pairs");
    expect_failure("D01:no-such-key", 1, "the source D01 has no record of this key");
    expect_failure("nobody-of-this-name", 1, "no record or customer is meant by");
    expect_failure("13911112222", 1, "is meant by \"139****2222\"");
    expect_failure("王", 1, "several customers are meant by \"*\"");
    char *record = query(STATE, "SELECT s.name || ':' || source_key FROM record_customer JOIN"
                                " source s USING (source_id) ORDER BY record_id LIMIT 1");
    char twice[200];
    snprintf(twice, sizeof(twice), "%s %s", record, record);
    expect_failure(twice, 1, "are the same record");
    char *single = query(STATE, "SELECT golden_id FROM golden WHERE record_count = 1 ORDER BY"
                                " golden_number LIMIT 1");
    snprintf(twice, sizeof(twice), "%s %s", single, single);
    expect_failure(twice, 1, "are the same customer");
    shell("sqlite3 '%s' \"UPDATE record_customer SET closed_run = 1 WHERE record_id = (SELECT"
          " min(record_id) FROM record_customer)\"",
          in_workspace(STATE));
    expect_failure(record, 1, "is not among the records that are matched");
    shell("rm -r '%s'", in_workspace("state"));
    expect_failure(record, 10, "there is no state");
    memory_free(record);
    memory_free(single);
}

Test(explain, a_record_and_the_customer_that_it_makes_alone_are_no_pair)
{
    char *pair = query(STATE, "SELECT s.name || ':' || r.source_key || ' ' || g.golden_id FROM"
                              " golden g JOIN crosswalk x USING (golden_number)"
                              " JOIN record_customer r USING (record_id) JOIN source s USING"
                              " (source_id) WHERE g.record_count = 1 ORDER BY 1 LIMIT 1");
    expect_failure(pair, 1, " have one record between them");
    memory_free(pair);
}

/* The view is of a state with 1,200 customers, the state of a later start with ten. */
Test(explain, a_customer_of_another_states_view_is_told, .init = small_group_open)
{
    quiet_night("2026-06-30", "--no-summary", 0);
    shell("cd '%s' && rm -r state && rm feeds/E01.csv && sed -i '12,$d' feeds/D01.csv",
          in_workspace("."));
    quiet_night("2026-06-30", "--no-summary --out @/later", 0);
    struct finished finished = run("explain -c @/cust360.yaml 13800259200");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "the view's customer C");
    expect_contains(finished.messages, "is not in the state");
    expect_contains(finished.messages, "state and view are of different runs");
    finished_release(&finished);
}
