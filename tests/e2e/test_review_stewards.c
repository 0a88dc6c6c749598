#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Several stewards, lists from spreadsheets, and runs that are in the way. */

#define STATE_DB "state/state.db"
#define PROJECT  "-c @/cust360.yaml --state @/state --out @/out"
#define SHELL_PROJECT                                                                              \
    "\"${CUST360:-build/cust360}\" review -c '%s' --language en --state '%s' --out '%s'"
#define SETTINGS in_workspace("cust360.yaml"), in_workspace("state"), in_workspace("out")

/* The sample group's night; every merge of more than `records` records needs a second steward. */
static void open_group(const char *records)
{
    night_open();
    shell(
        "sed \"s|\\.\\./\\.\\.|$PWD|; s|: \\./|: $PWD/samples/group/|\" samples/group/cust360.yaml"
        " > '%s'; printf 'review:\\n  four_eyes_records: %s\\n' >> '%s'",
        in_workspace("cust360.yaml"), records, in_workspace("cust360.yaml"));
    night_run("", 0);
}

static void open_two(void)
{
    open_group("1");
}

/* So does what parts a customer of more than one record. */
static void open_parting(void)
{
    open_group("1\\n  four_eyes_splits: true");
}

static void open_one(void)
{
    open_group("60");
}

TestSuite(review_stewards, .init = open_one, .fini = workspace_close, .timeout = 120);

static void type_keys(const char *before, const char *who, const char *keys)
{
    shell("%sprintf '%s' | " SHELL_PROJECT " --who %s --kind possible > '%s' 2>&1", before, keys,
          SETTINGS, who, in_workspace("screen"));
}

static void hold_state_and_type(const char *who, const char *keys)
{
    char before[600];
    snprintf(before, sizeof(before), "exec 9>>'%s'; flock 9; ", in_workspace("state/lock"));
    type_keys(before, who, keys);
}

static void expect_screen(const char *part)
{
    char *screen = read_text("screen");
    expect_contains(screen, part);
    memory_free(screen);
}

static long in_force(void)
{
    return query_number(STATE_DB, "SELECT count(DISTINCT batch) FROM decision WHERE kind = 'same'"
                                  " AND confirmed AND NOT undone");
}

Test(review_stewards, a_merge_takes_effect_when_a_second_steward_says_the_same, .init = open_two)
{
    long before = query_number(STATE_DB, "SELECT count(*) FROM golden");
    type_keys("", "anna", "mq");
    expect_screen("a second steward has to say the same");
    cr_expect_eq(in_force(), 0);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before);
    type_keys("", "anna", "q");
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM lease"), 0);
    type_keys("", "berta", "mq");
    expect_screen("same: applied");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before - 1);
}

static void type_on_weak_link(const char *who, const char *keys)
{
    shell("printf '%s' | " SHELL_PROJECT " --who %s --kind weak_link > '%s' 2>&1", keys, SETTINGS,
          who, in_workspace("screen"));
}

Test(review_stewards, a_large_customer_is_parted_when_a_second_steward_says_the_same,
     .init = open_parting)
{
    static const char *const waiting = "a second steward has to say the same";
    long before = query_number(STATE_DB, "SELECT count(*) FROM golden");
    type_on_weak_link("anna", "nq");
    expect_screen(waiting);
    type_on_weak_link("berta", "s1\\nq");
    expect_screen(waiting);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(DISTINCT batch) FROM decision WHERE word ="
                                        " 'not_same' AND kind <> 'undo' AND undone"),
                 1, "another word takes the first one back");
    type_on_weak_link("anna", "s1 2\\nq");
    expect_screen("berta has marked other records");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before);
    type_on_weak_link("anna", "s1\\nq");
    expect_screen("split: applied");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before + 1);
}

Test(review_stewards, a_second_word_waits_for_a_run_as_a_first_one_does, .init = open_two)
{
    long before = query_number(STATE_DB, "SELECT count(*) FROM golden");
    type_keys("", "anna", "mq");
    hold_state_and_type("berta", "mq");
    expect_screen("a run holds the state");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before);
    struct finished finished = run("review stats " PROJECT);
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM golden"), before - 1);
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM waiting"), 0);
}

Test(review_stewards, a_word_that_waited_in_vain_is_told_with_the_reason_until_it_is_dismissed)
{
    hold_state_and_type("anna", "mq");
    shell("sqlite3 '%s' \"UPDATE record_customer SET name = name || '甲'\"",
          in_workspace(STATE_DB));
    struct finished finished = run("review stats --format json " PROJECT);
    expect_exit(finished, 0);
    expect_contains(finished.output, "the records have changed since the case was shown");
    expect_contains(finished.output, "\"who\": \"anna\"");
    finished_release(&finished);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
    type_keys("", "anna", "q");
    expect_screen("not carried out");
    char words[64];
    snprintf(words, sizeof(words), "review dismiss %ld " PROJECT,
             query_number("state/review.db", "SELECT waiting_id FROM waiting"));
    finished = run("%s", words);
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("%s", words);
    expect_exit(finished, 1);
    finished_release(&finished);
}

Test(review_stewards, two_who_claim_get_different_cases)
{
    shell("(printf ' '; sleep 3; printf 'q') | " SHELL_PROJECT " --who anna --kind possible > '%s'"
          " 2>&1 & sleep 1; printf 'nq' | " SHELL_PROJECT
          " --who berta --kind possible > '%s' 2>&1;"
          " wait",
          SETTINGS, in_workspace("screen-a"), SETTINGS, in_workspace("screen"));
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE decided_by = 'berta'"),
                 1);
    cr_expect_eq(query_number(STATE_DB, "SELECT case_key = (SELECT case_key FROM review_case WHERE"
                                        " kind = 0 ORDER BY priority DESC LIMIT 1) FROM decision"),
                 0, "the first twenty are anna's");
}

static void export_list(const char *options)
{
    struct finished finished =
        run("review export @/list.csv --kind possible -n 3 %s " PROJECT, options);
    expect_exit(finished, 0);
    finished_release(&finished);
}

Test(review_stewards, a_list_about_records_that_have_changed_is_refused)
{
    export_list("");
    shell("awk -F, -v OFS=, 'NR==2{$15=\"same\"} {print}' '%s' > '%s'", in_workspace("list.csv"),
          in_workspace("filled.csv"));
    shell("sqlite3 '%s' \"UPDATE record_customer SET name = name || '甲'\"",
          in_workspace(STATE_DB));
    struct finished finished = run("review import @/filled.csv --who anna " PROJECT);
    expect_exit(finished, 4);
    expect_contains(finished.messages, "filled.csv:2");
    expect_contains(finished.messages, "the records have changed");
    finished_release(&finished);
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
}

Test(review_stewards, a_list_in_UTF_16_with_semicolons_is_read)
{
    export_list("");
    shell("awk -F, -v OFS=';' 'NR==2{$15=\"not_same\"} {$1=$1; print}' '%s' | sed"
          " '1s/^\\xef\\xbb\\xbf//' | iconv -f UTF-8 -t UTF-16 > '%s'",
          in_workspace("list.csv"), in_workspace("wide.csv"));
    struct finished finished = run("review import @/wide.csv --who anna " PROJECT);
    expect_exit(finished, 0);
    expect_contains(finished.output, "1 decided, 2 rows without a verdict");
    finished_release(&finished);
}

Test(review_stewards, what_a_spreadsheet_would_run_is_written_as_text)
{
    static const char signs[] = "=+-@";
    for (const char *sign = signs; *sign; sign++) {
        shell("sqlite3 '%s' \"UPDATE record_customer SET name = '%cSUM(1)'\"",
              in_workspace(STATE_DB), *sign);
        export_list("--unmasked");
        char guarded[32];
        char *list = read_text("list.csv");
        snprintf(guarded, sizeof(guarded), ",'%cSUM(1)", *sign);
        expect_contains(list, guarded);
        memory_free(list);
    }
}

Test(review_stewards, names_in_a_list_are_masked_unless_they_are_asked_for_which_is_noted)
{
    char *name = query(STATE_DB, "SELECT r.name FROM review_case c JOIN record_customer r ON"
                                 " r.record_id = c.record_a WHERE kind = 0 ORDER BY priority DESC"
                                 " LIMIT 1");
    export_list("");
    char *masked = read_text("list.csv");
    expect_contains(masked, ",who,evidence\r\n");
    expect_contains(masked, "ame mobile");
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM revealed"), 0);
    export_list("--unmasked");
    char *whole = read_text("list.csv");
    expect_lacks(masked, name);
    expect_contains(whole, name);
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM revealed WHERE what ="
                                                 " 'work list'"),
                 1);
    memory_free(name);
    memory_free(masked);
    memory_free(whole);
}

Test(review_stewards, whole_values_are_shown_when_asked_for_and_that_is_noted)
{
    char *key = query(STATE_DB, "SELECT printf('%016x', case_key) FROM review_case WHERE kind = 0"
                                " LIMIT 1");
    struct finished finished = run("review case %s " PROJECT, key);
    expect_exit(finished, 0);
    expect_contains(finished.output, "*");
    finished_release(&finished);
    cr_expect_eq(query_number("state/review.db", "SELECT count(*) FROM revealed"), 0);
    finished = run("review case %s --unmasked --who anna " PROJECT, key);
    expect_exit(finished, 0);
    expect_lacks(finished.output, "*");
    finished_release(&finished);
    cr_expect_eq(
        query_number("state/review.db", "SELECT count(*) FROM revealed WHERE who = 'anna'"), 1);
    memory_free(key);
}

Test(review_stewards, an_organisation_is_found_with_its_place_and_without)
{
    static const char *const columns[] = {"substr(name, 1, 5)", "substr(name_key, 1, 3)"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        char sql[200];
        snprintf(sql, sizeof(sql),
                 "SELECT %s FROM customer WHERE type <> 'person' AND name <> name_key LIMIT 1",
                 columns[i]);
        char *typed = query("out/customer360.db", sql);
        struct finished finished = run("review search %s --unmasked " PROJECT, typed);
        expect_exit(finished, 0);
        expect_contains(finished.output, "\"found_by\": \"name\"");
        finished_release(&finished);
        memory_free(typed);
    }
}

Test(review_stewards, what_stewards_say_changes_what_train_learns)
{
    static const char *const models[] = {"before.yaml", "after.yaml"};
    for (size_t i = 0; i < 2; i++) {
        struct finished finished =
            run("train -c @/cust360.yaml --state @/state --out @/%s", models[i]);
        expect_exit(finished, 0);
        finished_release(&finished);
        if (i == 0)
            type_keys("", "anna", "nnnnnnnnmmmmmmq");
    }
    shell("! cmp -s '%s' '%s'", in_workspace(models[0]), in_workspace(models[1]));
}

/* Anna, with further options. */
static void type_at(const char *options, const char *keys)
{
    shell("printf '%s' | " SHELL_PROJECT " --who anna %s > '%s' 2>&1", keys, SETTINGS, options,
          in_workspace("screen"));
}

#define REVEALED "SELECT count(*) FROM revealed"

Test(review_stewards, the_terminal_masks_values_until_they_are_shown_which_is_noted)
{
    char *mobile = query(STATE_DB, "SELECT r.mobile FROM review_case c JOIN record_customer r ON"
                                   " r.record_id = c.record_a WHERE kind = 0 AND r.mobile IS NOT"
                                   " NULL ORDER BY priority DESC LIMIT 1");
    type_at("--kind possible", "d     q");
    char *screen = read_text("screen");
    expect_lacks(screen, mobile);
    memory_free(screen);
    cr_expect_eq(query_number("state/review.db", REVEALED), 0);
    type_at("--kind possible", "dp p p p p p q");
    expect_screen(mobile);
    cr_expect_geq(query_number("state/review.db", REVEALED), 6);
    type_at("--kind possible --unmasked", "dq");
    cr_expect_geq(query_number("state/review.db", REVEALED), 7);
    memory_free(mobile);
}

Test(review_stewards, the_terminal_has_the_keys_of_the_page)
{
    type_at("--kind relation", "mnxq");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE kind IN ('relation',"
                                        " 'no_relation', 'never_ask')"),
                 3);
    type_at("--kind possible", "whlvjk?gC0\nq");
    expect_screen("source records, customers");
    expect_screen("m same, accept, still holds");
    expect_screen("weak bridge");
}

#define ALIKE_IN_FORCE                                                                             \
    "SELECT count(DISTINCT batch) FROM decision WHERE NOT undone AND kind <> 'undo' AND token "    \
    "LIKE"                                                                                         \
    " '%/%'"

Test(review_stewards, the_terminal_says_one_word_on_all_that_look_alike_and_takes_it_back_as_one)
{
    char *name = query(STATE_DB, "SELECT r.name FROM review_case c JOIN record_customer r ON"
                                 " r.record_id = c.record_a WHERE kind = 4 ORDER BY priority DESC"
                                 " LIMIT 1");
    type_at("--kind relation", "aq q");
    expect_screen("one word on these");
    char *screen = read_text("screen");
    expect_lacks(screen, name);
    memory_free(screen);
    memory_free(name);
    cr_expect_eq(query_number(STATE_DB, ALIKE_IN_FORCE), 0, "another key leaves them");
    type_at("--kind relation", "anq");
    expect_screen("decided: refuse");
    long decided = query_number(STATE_DB, ALIKE_IN_FORCE);
    cr_expect_gt(decided, 1);
    cr_expect_eq(
        query_number(STATE_DB, "SELECT count(*) FROM decision WHERE kind <> 'no_relation'"), 0);
    type_at("--kind relation", "axzq");
    expect_screen("taken back");
    cr_expect_eq(query_number(STATE_DB, ALIKE_IN_FORCE), decided, "the second word only");
    type_at("--kind relation --language zh", "aq");
    expect_screen("作同一决定");
    type_at("--kind conflict", "maq");
    expect_screen("no other case looks like this one");
}

/* Between the list and the word, another records change what one of them says. */
Test(review_stewards, the_terminal_tells_what_stands_in_the_way_of_several)
{
    static const char changed[] =
        "UPDATE record_customer SET name = name || '甲' WHERE record_id IN (SELECT record_a FROM"
        " review_case WHERE kind = 4 ORDER BY priority DESC LIMIT 1)";
    static const char *const answers[] = {"nnq", "nyq"};
    for (size_t i = 0; i < 2; i++) {
        shell("rm -f '%s'; (printf 'a'; until grep -q 'one word' '%s'; do sleep 0.1; done; sqlite3"
              " '%s' \"%s\"; printf %s) | " SHELL_PROJECT " --who anna --kind relation > '%s' 2>&1",
              in_workspace("screen"), in_workspace("screen"), in_workspace(STATE_DB), changed,
              answers[i], SETTINGS, in_workspace("screen"));
        expect_screen("the records have changed since the case was shown");
        expect_screen("nothing is recorded; decide the other");
        cr_expect_eq(query_number(STATE_DB, ALIKE_IN_FORCE) > 1, i == 1);
    }
    expect_screen("decided: refuse");
}

Test(review_stewards, a_value_of_ones_own_has_a_reason_and_may_end)
{
    type_at("--kind value", "ewritten\n\n\nq");
    expect_screen("needs a reason");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision"), 0);
    type_at("--kind value", "ewritten\nthe customer said so\n2030-02-30\nq");
    expect_screen("is a date");
    type_at("--kind value", "ewritten\nthe customer said so\n2030-01-31\nq");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE value = 'written' AND"
                                        " until = '2030-01-31' AND comment = 'the customer said"
                                        " so'"),
                 1);
}

#define VALUE_CASES "SELECT count(*) FROM review_case WHERE kind = 3"

Test(review_stewards, a_value_with_an_end_holds_to_its_last_day_and_is_asked_for_again_behind_it)
{
    static const struct {
        const char *day;
        bool holds;
    } nights[] = {{"2026-07-01", true}, {"2026-07-02", true}, {"2026-07-03", false}};
    long before = query_number(STATE_DB, VALUE_CASES);
    type_at("--kind value", "eX2026\nfor now\n2026-07-02\nq");
    cr_expect_eq(query_number(STATE_DB, VALUE_CASES), before - 1);
    for (size_t i = 0; i < sizeof(nights) / sizeof(nights[0]); i++) {
        struct finished finished = run("run -c @/cust360.yaml --feeds @/feeds --state @/state --out"
                                       " @/out --as-of %s",
                                       nights[i].day);
        expect_exit(finished, 0);
        finished_release(&finished);
        cr_expect_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer WHERE"
                                                        " 'X2026' IN (name, address)"),
                     nights[i].holds, "%s", nights[i].day);
        cr_expect_eq(query_number(STATE_DB, VALUE_CASES), before - nights[i].holds, "%s",
                     nights[i].day);
    }
}

Test(review_stewards, former_sessions_are_taken_back_one_after_the_other_to_the_first)
{
    type_at("--kind possible", "nnnq");
    type_at("--kind possible", "nq");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE NOT undone"), 4);
    type_at("--kind possible", "zzzzzq");
    expect_screen("nothing to take back");
    cr_expect_eq(query_number(STATE_DB, "SELECT count(*) FROM decision WHERE NOT undone AND kind <>"
                                        " 'undo'"),
                 0);
}

Test(review_stewards, a_blind_case_tells_nothing_of_its_reasons)
{
    type_at("--kind possible", "                    q");
    char *screen = read_text("screen");
    const char *hidden = strstr(screen, "The reasons are hidden");
    cr_assert(hidden, "one in ten is blind: %s", screen);
    const char *end = strstr(hidden, "\n>");
    const char *bits = strstr(hidden, " bits\n");
    cr_expect(end && (!bits || end < bits), "%s", hidden);
    memory_free(screen);
}
