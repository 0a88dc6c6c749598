#include "cust360/base/memory.h"
#include "night.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The sample group's night, then stewards at work on it by the terminal's keys, from a pipe. */

#define PROJECT "-c samples/group/cust360.yaml --state @/state --out @/out"
#define SHELL_PROJECT                                                                              \
    "\"${CUST360:-build/cust360}\" review -c samples/group/cust360.yaml --state '%s' --out '%s'"
#define STATE_DB "state/state.db"

/* Customers as lists of source keys: what "the same clusters" means. */
#define CLUSTERS                                                                                   \
    "SELECT group_concat(line, '; ') FROM (SELECT group_concat(k) AS line FROM (SELECT"            \
    " x.golden_number AS g, s.name || ':' || r.source_key AS k FROM crosswalk x JOIN"              \
    " record_customer r USING (record_id) JOIN source s USING (source_id) WHERE closed_run IS"     \
    " NULL ORDER BY 1, 2) GROUP BY g ORDER BY 1)"

static void open_review(void)
{
    night_open();
    night_run("", 0);
}

TestSuite(review, .init = open_review, .fini = workspace_close, .timeout = 300);

/* Types keys as a steward; `options` as --kind. */
static void type_keys(const char *who, const char *options, const char *keys)
{
    shell("printf '%s' | " SHELL_PROJECT " --language en --who %s %s > '%s' 2>&1", keys,
          in_workspace("state"), in_workspace("out"), who, options, in_workspace("screen"));
}

static char *first_case(const char *kind)
{
    struct finished finished = run("review queue -n 1 --kind %s " PROJECT, kind);
    expect_exit(finished, 0);
    write_text("queue.json", finished.output);
    finished_release(&finished);
    shell("jq -rj '.items[0].key' '%s' > '%s'", in_workspace("queue.json"), in_workspace("key"));
    return read_text("key");
}

Test(review, the_queue_counts_what_each_facet_would_leave)
{
    struct finished finished = run("review queue -n 5 " PROJECT);
    expect_exit(finished, 0);
    write_text("queue.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.total > 10 and (.items | length) == 5 and"
          " ([.facets.kind[].count] | add) == .total and"
          " ([.items[].priority] | . == (sort | reverse))' '%s'",
          in_workspace("queue.json"));
}

Test(review, decisions_make_at_once_what_a_rebuild_makes)
{
    long before = query_number(STATE_DB, "SELECT count(*) FROM golden");
    type_keys("anna", "--kind possible", "mnmmnzmnq");
    char *page = query(STATE_DB, CLUSTERS);
    char *golden = query(STATE_DB, "SELECT group_concat(golden_id || name || coalesce(mobile, ''))"
                                   " FROM golden");
    cr_expect_neq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before);
    cr_expect_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"),
                 query_number(STATE_DB, "SELECT count(*) FROM golden"),
                 "the view follows when the session ends");
    night_run("--rebuild", 0);
    char *rebuilt = query(STATE_DB, CLUSTERS);
    char *again = query(STATE_DB, "SELECT group_concat(golden_id || name || coalesce(mobile, ''))"
                                  " FROM golden");
    cr_expect_str_eq(page, rebuilt);
    cr_expect_str_eq(golden, again);
    memory_free(page);
    memory_free(rebuilt);
    memory_free(golden);
    memory_free(again);
}

Test(review, a_rebuild_from_nothing_gives_the_clusters_that_the_page_showed)
{
    type_keys("anna", "--kind possible", "mmnnmq");
    type_keys("anna", "--kind weak_link", "nmnq");
    char *page = query(STATE_DB, CLUSTERS);
    shell("sqlite3 '%s' '.dump decision' | grep '^INSERT' > '%s'; rm -r '%s'",
          in_workspace(STATE_DB), in_workspace("decisions.sql"), in_workspace("state"));
    night_run("", 0);
    shell("sqlite3 '%s' < '%s'", in_workspace(STATE_DB), in_workspace("decisions.sql"));
    night_run("", 0);
    char *rebuilt = query(STATE_DB, CLUSTERS);
    cr_expect_str_eq(page, rebuilt);
    memory_free(page);
    memory_free(rebuilt);
}

Test(review, taking_back_gives_both_ids_their_values_back)
{
    char *before = query(STATE_DB, "SELECT group_concat(golden_id || name || coalesce(mobile, '')"
                                   " || coalesce(address, '')) FROM golden");
    type_keys("anna", "--kind possible", "mmmq");
    night_run("", 0);
    for (int i = 1; i <= 3; i++) {
        char sql[120];
        snprintf(sql, sizeof(sql),
                 "SELECT min(decision_id) FROM decision WHERE batch = decision_id AND NOT undone");
        struct finished finished =
            run("review undo %ld --who berta " PROJECT, query_number(STATE_DB, sql));
        expect_exit(finished, 0);
        finished_release(&finished);
    }
    char *after = query(STATE_DB, "SELECT group_concat(golden_id || name || coalesce(mobile, '')"
                                  " || coalesce(address, '')) FROM golden");
    cr_expect_str_eq(before, after);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden_alias"), 0);
    memory_free(before);
    memory_free(after);
}

Test(review, the_second_of_two_stewards_is_told)
{
    char *key = first_case("possible");
    type_keys("anna", "--kind possible", "nq");
    struct finished finished = run("review case %s " PROJECT, key);
    expect_exit(finished, 4);
    expect_contains(finished.messages, "anna has decided this case");
    finished_release(&finished);
    memory_free(key);
}

/* Two of a number are a question; when a third comes, they are none, though they did not change. */
Test(review, who_gets_a_number_that_two_have_ends_what_was_asked_of_them, .init = small_group_open)
{
#define HAS_IT(who, called) "if (i == " who ") { name = \"" called "\"; mobile = 13999990001 }"
#define RELATIONS           "SELECT count(*) FROM review_case WHERE kind = 4"
    write_text("dms/flat.yaml",
               "kind: csv\nencoding: utf-8\ntables:\n  - name: customers\n    entities:\n      "
               "customer:\n        key: No\n        fields:\n          name: Name\n          "
               "mobile: Mobile\n          type: {constant: person}\n");
    write_feed("feeds/D01.csv", 1, 600, HAS_IT("7", "王芳") ";" HAS_IT("300", "赵强"));
    quiet_night("2026-06-01", "", 0);
    cr_expect_eq(query_number(STATE_DB, RELATIONS), 1);
    write_feed("feeds/D01.csv", 1, 600,
               HAS_IT("7", "王芳") ";" HAS_IT("300", "赵强") ";" HAS_IT("500", "孙悦"));
    quiet_night("2026-06-02", "", 0);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden WHERE mobile = '13999990001'"),
                 3);
    cr_expect_eq(query_number(STATE_DB, RELATIONS), 0);
    write_feed("feeds/D01.csv", 1, 600, HAS_IT("300", "赵强") ";" HAS_IT("500", "孙悦"));
    quiet_night("2026-06-03", "", 0);
    cr_expect_eq(query_number(STATE_DB, RELATIONS), 1);
}

/* Merged, an unclear pair is a weak link, and its birth dates may exclude each other. */
Test(review, what_was_called_one_is_not_asked_again_under_another_name)
{
#define ASKED_INSIDE "SELECT count(*) FROM review_case WHERE kind IN (1, 2)"
    long before = query_number(STATE_DB, ASKED_INSIDE);
    type_keys("anna", "--kind possible", "mmmmmmmmmmmmmmmmmmq");
    cr_expect_gt(query_number(STATE_DB, "SELECT count(*) FROM golden_alias"), 10);
    cr_expect_leq(query_number(STATE_DB, ASKED_INSIDE), before);
    night_run("--rebuild", 0);
    cr_expect_leq(query_number(STATE_DB, ASKED_INSIDE), before);
    shell("sqlite3 '%s' \"UPDATE decision SET undone = 1\"", in_workspace(STATE_DB));
    night_run("--rebuild", 0);
    cr_expect_eq(query_number(STATE_DB, ASKED_INSIDE), before);
}

Test(review, what_is_never_to_be_asked_again_is_not)
{
    long before = query_number(STATE_DB, "SELECT count(*) FROM review_case WHERE kind = 3");
    type_keys("anna", "--kind value", "xq");
    night_run("--rebuild", 0);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM review_case WHERE kind = 3"),
                 before - 1);
}

Test(review, a_decision_whose_records_have_changed_comes_back)
{
    type_keys("anna", "--kind possible", "nq");
    shell("sqlite3 '%s' \"UPDATE record_customer SET name = name || '甲' WHERE record_id = (SELECT"
          " r.record_id FROM decision d JOIN source s ON s.name = d.source_a JOIN record_customer r"
          " ON r.source_id = s.source_id AND r.source_key = d.key_a)\"",
          in_workspace(STATE_DB));
    shell("sqlite3 '%s' 'DELETE FROM meta WHERE name = \"note resolved\"'", in_workspace(STATE_DB));
    night_run("", 0);
    char *key = first_case("stale");
    struct finished finished = run("review case %s " PROJECT, key);
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"stale\": true");
    expect_contains(finished.output, "\"changed\": \"name\"");
    finished_release(&finished);
    memory_free(key);
    type_keys("anna", "--kind stale", "mq");
    char *screen = read_text("screen");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM review_case WHERE kind = 6"), 0, "%s",
                 screen);
    memory_free(screen);
}

Test(review, every_twentieth_case_is_a_known_pair)
{
    type_keys("anna", "--kind possible", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnq");
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM control WHERE given ="
                                                 " expected"),
                 1);
    struct finished finished = run("review stats --language en " PROJECT);
    expect_exit(finished, 0);
    expect_contains(finished.output, "known pairs: 1 asked again, 1 agreed");
    finished_release(&finished);
}

Test(review, a_list_is_taken_whole_or_not_at_all)
{
    struct finished finished = run("review export @/list.csv --kind possible -n 4 " PROJECT);
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("awk -F, -v OFS=, 'NR==2{$15=\"same\"} NR==3{$15=\"perhaps\"} {print}' '%s' > '%s'",
          in_workspace("list.csv"), in_workspace("wrong.csv"));
    finished = run("review import @/wrong.csv --who anna " PROJECT);
    expect_exit(finished, 1);
    expect_contains(finished.messages, "wrong.csv:3");
    finished_release(&finished);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
    shell("awk -F, -v OFS=, 'NR==2{$15=\"same\"} NR==3{$15=\"not_same\"} {print}' '%s' | iconv -f"
          " UTF-8 -t GB18030 > '%s'",
          in_workspace("list.csv"), in_workspace("right.csv"));
    finished = run("review import @/right.csv --who anna " PROJECT);
    expect_exit(finished, 0);
    expect_contains(finished.output, "2 decided, 2 rows without a verdict");
    finished_release(&finished);
    finished = run("review import @/right.csv --who anna " PROJECT);
    expect_exit(finished, 4);
    finished_release(&finished);
}

Test(review, while_a_run_holds_the_state_a_decision_waits_and_survives)
{
    char *key = first_case("possible");
    shell("exec 9>>'%s'; flock 9; printf 'nq' | " SHELL_PROJECT
          " --language en --who anna --kind possible > '%s' 2>&1",
          in_workspace("state/lock"), in_workspace("state"), in_workspace("out"),
          in_workspace("screen"));
    char *screen = read_text("screen");
    expect_contains(screen, "a run holds the state");
    memory_free(screen);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM waiting"), 1);
    night_run("", 0);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE kind = 'different'"),
                 1);
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM waiting"), 0);
    memory_free(key);
}

Test(review, a_decision_survives_a_kill_right_after_its_answer)
{
    shell("mkfifo '%s'; (printf 'm'; sleep 20) > '%s' & feeder=$!; " SHELL_PROJECT
          " --language en --who anna --kind possible < '%s' > '%s' 2>&1 & victim=$!;"
          " for i in $(seq 200); do grep -q 'same: applied' '%s' && break; sleep 0.05; done;"
          " kill -9 $victim $feeder; wait 2>/dev/null; true",
          in_workspace("keys"), in_workspace("keys"), in_workspace("state"), in_workspace("out"),
          in_workspace("keys"), in_workspace("screen"), in_workspace("screen"));
    cr_expect_eq(query_number(STATE_DB,
                              "SELECT count(*) FROM decision WHERE kind='same' AND NOT undone") > 0,
                 1);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden_alias"), 1);
}

Test(review, a_search_finds_by_the_beginning_of_anything)
{
    static const char *const columns[] = {"substr(golden_id, 1, 6)", "substr(name_key, 1, 2)",
                                          "substr(lower(replace(name_pinyin, ' ', '')), 1, 6)",
                                          "substr(mobile, 1, 7)", "substr(id_number, 1, 10)"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        char sql[256];
        snprintf(sql, sizeof(sql),
                 "SELECT %s FROM customer WHERE type = 'person' AND mobile IS NOT NULL AND"
                 " id_number IS NOT NULL LIMIT 1",
                 columns[i]);
        char *typed = query("out/customer360.db", sql);
        struct finished finished = run("review search %s " PROJECT, typed);
        expect_exit(finished, 0);
        cr_expect(strstr(finished.output, "golden_id"), "%s: %s", columns[i], typed);
        finished_release(&finished);
        memory_free(typed);
    }
}

Test(review, stewards_words_teach_the_model)
{
    type_keys("anna", "--kind possible", "mmnnq");
    struct finished finished = run("train -c samples/group/cust360.yaml --state @/state"
                                   " --out @/model.yaml");
    expect_exit(finished, 0);
    cr_expect(exists("model.yaml"));
    finished_release(&finished);
    finished = run("review stats --format json " PROJECT);
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"cleared\": 4");
    finished_release(&finished);
}

Test(review, wrong_words_are_refused_with_what_to_do)
{
    struct finished finished = run("review frobnicate " PROJECT);
    expect_exit(finished, 2);
    expect_contains(finished.messages, "there is no frobnicate");
    finished_release(&finished);
    finished = run("review undo 99 " PROJECT);
    expect_exit(finished, 1);
    expect_contains(finished.messages, "there is no decision 99");
    finished_release(&finished);
    finished = run("review queue --kind nothing " PROJECT);
    expect_exit(finished, 2);
    finished_release(&finished);
    finished = run("review import @/absent.csv " PROJECT);
    expect_exit(finished, 1);
    finished_release(&finished);
    finished = run("review queue -c samples/group/cust360.yaml --state @/elsewhere --out @/out");
    expect_exit(finished, 10);
    finished_release(&finished);
}
