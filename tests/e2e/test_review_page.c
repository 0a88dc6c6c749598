#include "cust360/base/memory.h"
#include "night.h"
#include "visitor.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two stewards at the page of the sample group's night: what the server has answered holds,
 * whatever happens to the server, and in every rebuild. */

#define SAMPLE   "-c samples/group/cust360.yaml"
#define STATE_DB "state/state.db"

/* Customers by their records' source keys and with their values, not by ids. */
#define CUSTOMERS(database)                                                                        \
    query(database, "SELECT group_concat(line, x'0A') FROM (SELECT group_concat(k) || '|' ||"      \
                    " coalesce(name, '') || '|' || coalesce(id_number, '') || '|' ||"              \
                    " coalesce(mobile, '') || '|' || coalesce(address, '') AS line FROM"           \
                    " (SELECT x.golden_number, s.name || ':' || r.source_key AS k FROM"            \
                    " crosswalk x JOIN record_customer r USING (record_id) JOIN source s USING"    \
                    " (source_id) WHERE closed_run IS NULL ORDER BY 1, 2) JOIN golden g USING"     \
                    " (golden_number) GROUP BY g.golden_number ORDER BY 1)")

static struct served served;

static void start_server(void)
{
    char project[900];
    snprintf(project, sizeof(project), SAMPLE " --state '%s' --out '%s'", in_workspace("state"),
             in_workspace("out"));
    served_start(&served, project, "");
}

static void open_page(void)
{
    night_open();
    night_run("", 0);
    write_text("stewards.csv", "name,role\n王芳,steward\n李强,steward\n");
    start_server();
    sign_in(&served, 0);
}

static void close_page(void)
{
    cr_expect_eq(served_end(&served, SIGTERM), 0, "the server ends cleanly");
    workspace_close();
}

TestSuite(review_page, .init = open_page, .fini = close_page, .timeout = 120);

/* What jq finds in an answer; freed by the caller. */
static char *told(const char *answer, const char *filter)
{
    const char *body = strstr(answer, "\r\n\r\n");
    cr_assert(body, "%s", answer);
    write_text("answer.json", body);
    shell("jq -rj '%s' '%s' > '%s'", filter, in_workspace("answer.json"), in_workspace("told"));
    return read_text("told");
}

static char *get(const char *target)
{
    char headers[256];
    char *answer;
    snprintf(headers, sizeof(headers), "Host: %s\r\nCookie: %s\r\n", served.host, served.cookie);
    cr_assert_eq(ask(&served, "GET", target, headers, "", &answer), 200, "%s: %s", target, answer);
    return answer;
}

/* The first open case of a kind, as "key=…&seen=…". */
static char *first_case(const char *kind)
{
    char text[128];
    snprintf(text, sizeof(text), "/api/queue?limit=1&kind=%s", kind);
    char *answer = get(text);
    char *key = told(answer, ".items[0].key // \"\"");
    memory_free(answer);
    snprintf(text, sizeof(text), "/api/case?key=%s", key);
    answer = get(text);
    char *fields = told(answer, "\"key=\" + .item.key + \"&seen=\" + .seen");
    memory_free(answer);
    memory_free(key);
    return fields;
}

static int change(const char *target, const char *fields, char **answer)
{
    static unsigned changes;
    char body[1024];
    snprintf(body, sizeof(body), "mark=%020u&%s", ++changes, fields);
    return ask(&served, "POST", target, change_headers(&served), body, answer);
}

/* Says `word` (and what belongs to it) on a case; the decision's number. */
static long say(const char *case_fields, const char *word)
{
    char fields[600];
    char *answer;
    snprintf(fields, sizeof(fields), "%s&word=%s", case_fields, word);
    cr_assert_eq(change("/api/decide", fields, &answer), 200, "%s: %s", fields, answer);
    char *number = told(answer, ".decision_id");
    long decision = strtol(number, NULL, 10);
    memory_free(number);
    memory_free(answer);
    return decision;
}

static long say_first(const char *kind, const char *word)
{
    char *fields = first_case(kind);
    long decision = say(fields, word);
    memory_free(fields);
    return decision;
}

/* The first undecided value becomes one that nobody has, until a day. */
static void take_a_value(void)
{
    char text[300];
    char *fields = first_case("value");
    snprintf(text, sizeof(text), "/api/case?%.*s", (int)strcspn(fields, "&"), fields);
    char *answer = get(text);
    char *attribute = told(answer, ".item.attribute");
    snprintf(text, sizeof(text), "take&attribute=%s&value=X2026&until=2099-12-31&comment=told",
             attribute);
    say(fields, text);
    memory_free(attribute);
    memory_free(answer);
    memory_free(fields);
}

/* The first record of the first weak link is another customer. */
static void split_one(void)
{
    char text[300];
    char *fields = first_case("weak_link");
    snprintf(text, sizeof(text), "/api/case?%.*s", (int)strcspn(fields, "&"), fields);
    char *answer = get(text);
    char *record = told(answer, ".records[0].record_id");
    snprintf(text, sizeof(text), "split&split=%s", record);
    say(fields, text);
    memory_free(record);
    memory_free(answer);
    memory_free(fields);
}

Test(review_page, an_answer_holds_when_the_server_is_killed_right_after_it)
{
    static const char *const said[][2] = {{"possible", "same"},
                                          {"possible", "not_same"},
                                          {"weak_link", "not_same"},
                                          {"relation", "accept"}};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        char sql[256];
        long decision = say_first(said[i][0], said[i][1]);
        cr_expect_eq(served_end(&served, SIGKILL), SIGKILL);
        cr_expect_gt(decision, 0);
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM decision d WHERE decision_id = %ld AND word = '%s' AND"
                 " decided_by = '王芳' AND NOT undone AND NOT EXISTS (SELECT 1 FROM review_case c"
                 " WHERE c.case_key = d.case_key)",
                 decision, said[i][1]);
        cr_expect_eq(query_number(STATE_DB, sql), 1, "%s", said[i][1]);
        start_server();
        sign_in(&served, 0);
    }
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden_alias"), 1, "they are one");
}

/* A copy of the state's decisions and crosswalk, made anew; and a state that never was, given the
 * decisions alone. */
Test(review_page, rebuilds_give_the_customers_that_the_page_showed)
{
    say_first("possible", "same");
    say_first("possible", "same");
    say_first("possible", "not_same");
    say_first("weak_link", "not_same");
    say_first("conflict", "same");
    split_one();
    take_a_value();
    char *page = CUSTOMERS(STATE_DB);
    shell("cp -r '%s' '%s'; sqlite3 '%s' '.dump decision' | grep '^INSERT' > '%s'",
          in_workspace("state"), in_workspace("copy"), in_workspace(STATE_DB),
          in_workspace("decisions.sql"));
    struct finished finished = run("run " SAMPLE " --feeds @/feeds --state @/copy --out @/out-copy"
                                   " " AS_OF " --rebuild");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *rebuilt = CUSTOMERS("copy/state.db");
    cr_expect_str_eq(page, rebuilt);
    expect_contains(page, "X2026");
    memory_free(rebuilt);
    for (int night = 0; night < 2; night++) {
        finished = run("run " SAMPLE " --feeds @/feeds --state @/new --out @/out-new " AS_OF);
        expect_exit(finished, 0);
        finished_release(&finished);
        if (night == 0)
            shell("sqlite3 '%s' < '%s'", in_workspace("new/state.db"),
                  in_workspace("decisions.sql"));
    }
    rebuilt = CUSTOMERS("new/state.db");
    cr_expect_str_eq(page, rebuilt);
    memory_free(rebuilt);
    memory_free(page);
}

/* "KEY SEEN,KEY SEEN…" of the first possible matches. */
static char *first_glances(void)
{
    char target[512];
    char *answer = get("/api/queue?limit=4&kind=possible");
    char *keys = told(answer, "[.items[].key] | join(\",\")");
    snprintf(target, sizeof(target), "/api/look?keys=%s", keys);
    memory_free(answer);
    answer = get(target);
    char *glances = told(answer, "[.[] | .key + \" \" + .seen] | join(\",\")");
    memory_free(answer);
    memory_free(keys);
    return glances;
}

Test(review_page, several_are_decided_whole_or_each_that_stands_in_the_way_is_told)
{
    char fields[400];
    char *answer;
    char *glances = first_glances();
    char *kept = first_case("possible");
    snprintf(fields, sizeof(fields), "word=not_same&cases=%s", glances);
    const struct served mine = served;
    sign_in(&served, 1);
    say(kept, "unsure&comment=look");
    served = mine;
    cr_expect_eq(change("/api/decide_bulk", fields, &answer), 409, "%s", answer);
    char *refused = told(answer, "(.refused | length), \" \", .error.code, \" \","
                                 " .refused[0].reason");
    cr_expect_str_eq(refused, "1 conflict the records have changed since the case was shown");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(DISTINCT batch) FROM decision"), 1);
    memory_free(refused);
    memory_free(answer);
    snprintf(fields, sizeof(fields), "word=not_same&cases=%s", strchr(glances, ',') + 1);
    cr_expect_eq(change("/api/decide_bulk", fields, &answer), 200, "%s", answer);
    char *bulk = told(answer, "\"bulk=\" + .bulk");
    memory_free(answer);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(DISTINCT batch) FROM decision"), 4);
    cr_expect_eq(change("/api/undo_bulk", bulk, &answer), 200, "%s", answer);
    expect_contains(answer, "\"undone\":3");
    memory_free(answer);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE kind = 'different'"
                                        " AND NOT undone"),
                 0);
    memory_free(bulk);
    memory_free(kept);
    memory_free(glances);
}

#define CAR_OF_A_CASE                                                                              \
    " FROM review_case c JOIN record_customer r ON r.record_id = c.record_a JOIN record_ownership" \
    " o ON o.source_id = r.source_id AND o.customer_key = r.source_key WHERE o.plate IS NOT NULL"  \
    " AND o.closed_run IS NULL AND c.kind = 0 ORDER BY c.priority DESC, o.vin LIMIT 1"

Test(review_page, of_cars_the_plate_is_masked_and_not_the_number)
{
    char fields[64];
    char target[80];
    char *key = query(STATE_DB, "SELECT printf('%016x', c.case_key)" CAR_OF_A_CASE);
    char *vin = query(STATE_DB, "SELECT o.vin" CAR_OF_A_CASE);
    char *plate = query(STATE_DB, "SELECT o.plate" CAR_OF_A_CASE);
    snprintf(target, sizeof(target), "/api/case?key=%s", key);
    snprintf(fields, sizeof(fields), "key=%s", key);
    char *masked = get(target);
    char *whole;
    cr_expect_eq(change("/api/reveal", fields, &whole), 200, "%s", whole);
    expect_contains(masked, vin);
    expect_lacks(masked, plate);
    expect_contains(whole, vin);
    expect_contains(whole, plate);
    char *all[] = {key, vin, plate, masked, whole};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        memory_free(all[i]);
}

/* Of the first undecided value: "attribute=…&record=…" of the last record that has one, and it. */
#define LAST_WITH_A_VALUE                                                                          \
    ". as $c | (.fields[] | select(.name == $c.item.attribute)) as $f | [range(.records | length)" \
    " | select($f.cells[.].value != \"\")] | last as $i | "

Test(review_page, a_records_value_is_previewed_masked_and_taken_unseen)
{
    char target[300];
    char *answer;
    char *fields = first_case("value");
    cr_assert_eq(change("/api/reveal", fields, &answer), 200, "%s", answer);
    char *taken =
        told(answer, LAST_WITH_A_VALUE "\"&word=take&attribute=\" + $f.name + \"&record=\""
                                       " + ($c.records[$i].record_id | tostring)");
    char *value = told(answer, LAST_WITH_A_VALUE "$f.cells[$i].value");
    memory_free(answer);
    long before = query_number(STATE_DB, "SELECT count(*) FROM decision");
    snprintf(target, sizeof(target), "/api/preview?%s%s", fields, taken);
    answer = get(target);
    expect_lacks(answer, value);
    char *shown = told(answer, "(.before | length), \" \", (.after | length), \" \","
                               " ([.after[0].values[] | select(contains(\"*\"))] != [])");
    cr_expect_str_eq(shown, "1 1 true");
    memory_free(shown);
    memory_free(answer);
    snprintf(target, sizeof(target), "%s%s", fields, taken);
    cr_expect_eq(change("/api/preview_whole", target, &answer), 200, "%s", answer);
    expect_contains(answer, value);
    memory_free(answer);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), before);
    snprintf(target, sizeof(target), "%s&word=take&attribute=id_number&record=987654321", fields);
    cr_expect_eq(change("/api/decide", target, &answer), 400, "%s", answer);
    expect_contains(answer, "that record of this case has no value of that field");
    memory_free(answer);
    snprintf(target, sizeof(target), "%s&word=take&record=1", fields);
    cr_expect_eq(change("/api/decide", target, &answer), 400, "%s", answer);
    memory_free(answer);
    say(fields, strstr(taken, "word=") + strlen("word="));
    answer = query(STATE_DB, "SELECT value FROM decision ORDER BY decision_id DESC LIMIT 1");
    cr_expect_str_eq(answer, value);
    char *all[] = {answer, value, taken, fields};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        memory_free(all[i]);
}

static char *published(const char *id)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "SELECT group_concat(golden_id || '|' || name || '|' || coalesce(mobile, '') || '|' ||"
             " coalesce(address, '')) FROM customer WHERE golden_id IN (%s)",
             id);
    return query("out/customer360.db", sql);
}

Test(review_page, taking_back_after_publishing_gives_both_ids_their_values_again)
{
    char text[128];
    char *fields = first_case("possible");
    snprintf(text, sizeof(text), "/api/case?%.*s", (int)strcspn(fields, "&"), fields);
    char *answer = get(text);
    char *ids = told(answer, "[.records[].golden_id] | unique | map(\"\\\"\" + . + \"\\\"\") |"
                             " join(\",\")");
    for (char *at = ids; *at; at++)
        if (*at == '"')
            *at = '\'';
    char *before = published(ids);
    long decision = say(fields, "same");
    night_run("", 0);
    char *merged = published(ids);
    cr_expect_str_neq(before, merged, "it was published");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden_alias"), 1);
    char number[64];
    snprintf(number, sizeof(number), "decision=%ld", decision);
    char *undone;
    cr_expect_eq(change("/api/undo", number, &undone), 200, "%s", undone);
    night_run("", 0);
    char *after = published(ids);
    cr_expect_str_eq(before, after);
    memory_free(undone);
    cr_expect_eq(change("/api/undo", number, &undone), 409, "once is enough");
    char *all[] = {fields, answer, ids, before, merged, undone, after};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        memory_free(all[i]);
}

/* Both have the case before them and press at the same moment. */
Test(review_page, of_two_stewards_at_the_same_moment_one_is_told)
{
    struct served other = served;
    int peers[2];
    int status[2];
    char *fields = first_case("possible");
    sign_in(&other, 1);
    for (int i = 0; i < 2; i++) {
        char text[4096];
        char body[300];
        snprintf(body, sizeof(body), "mark=%020d&%s&word=%s", 900 + i, fields,
                 i ? "same" : "not_same");
        int length = snprintf(text, sizeof(text),
                              "POST /api/decide HTTP/1.1\r\n%sContent-Length: %zu\r\n"
                              "Connection: close\r\n\r\n%s",
                              change_headers(i ? &other : &served), strlen(body), body);
        peers[i] = visit(&served);
        cr_assert_eq(send(peers[i], text, (size_t)length, MSG_NOSIGNAL), length);
    }
    char told_second[4096] = "";
    for (int i = 0; i < 2; i++) {
        char text[4096] = "";
        size_t filled = 0;
        ssize_t got;
        while (filled + 1 < sizeof(text) &&
               (got = recv(peers[i], text + filled, sizeof(text) - 1 - filled, 0)) > 0)
            filled += (size_t)got;
        close(peers[i]);
        status[i] = (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
        if (status[i] == 409)
            memcpy(told_second, text, sizeof(told_second));
    }
    cr_expect_eq(status[0] + status[1], 200 + 409, "%d and %d", status[0], status[1]);
    expect_contains(told_second, status[0] == 200 ? "王芳" : "李强");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(DISTINCT decided_by) FROM decision"), 1);
    memory_free(fields);
}

Test(review_page, what_was_recorded_of_a_former_session_opens_nothing)
{
    char *fields = first_case("possible");
    char *answer;
    cr_expect_eq(change("/api/sign-out", "", NULL), 200);
    cr_expect_eq(change("/api/decide", fields, &answer), 401, "%s", answer);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
    memory_free(answer);
    served_end(&served, SIGKILL);
    start_server();
    cr_expect_eq(change("/api/decide", fields, &answer), 401, "%s", answer);
    memory_free(answer);
    memory_free(fields);
}
