#include "desk.h"

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/golden.h"
#include "cust360/review_publish.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* What the review refuses when it is asked for what is not there, any more, or makes no sense. */

TestSuite(review_refused, .init = desk_open, .fini = desk_close, .timeout = 60);

static struct review_answer answer;

static void expect_message(bool done, int exit_code, const char *part)
{
    cr_expect_not(done, "%s", part);
    cr_expect_eq(desk.error.exit_code, exit_code, "%s", desk.error.message);
    cr_expect(strstr(desk.error.message, part), "%s: %s", part, desk.error.message);
}

static bool decide(const struct review_verdict *verdict)
{
    return review_decide(desk.review, verdict, desk.arena, &answer, &desk.error);
}

static void run_sql(const char *sql)
{
    cr_assert(database_run(desk.state, sql, &desk.error), "%s", desk.error.message);
}

Test(review_refused, what_is_no_case_is_said_so_whatever_is_wanted_of_it)
{
    struct review_page page;
    struct review_glance *glances;
    struct review_case found;
    struct review_preview preview;
    const char *const none[] = {"zzz"};
    const struct review_verdict verdict = {.key = "zzz", .who = "anna", .word = REVIEW_SAME};
    expect_message(review_case(desk.review, "zzz", desk.arena, &found, &desk.error), EXIT_USAGE,
                   "a case's key is 16 of the characters");
    expect_message(review_flag(desk.review, "anna", "zzz", true, &desk.error), EXIT_USAGE,
                   "a case's key is 16 of the characters");
    expect_message(review_release(desk.review, "anna", "zzz", &desk.error), EXIT_USAGE,
                   "a case's key is 16 of the characters");
    expect_message(review_alike(desk.review, "anna", "zzz", 50, desk.arena, &page, &desk.error),
                   EXIT_USAGE, "a case's key is 16 of the characters");
    expect_message(review_glance_at(desk.review, none, 1, desk.arena, &glances, &desk.error),
                   EXIT_USAGE, "a case's key is 16 of the characters");
    expect_message(decide(&verdict), EXIT_USAGE, "the verdict is on no case");
    expect_message(review_preview(desk.review, &verdict, desk.arena, &preview, &desk.error),
                   EXIT_USAGE, "the verdict is on no case");
}

Test(review_refused, a_verdict_has_its_steward_and_several_have_their_number)
{
    struct review_bulk bulk;
    size_t count = 0;
    struct review_verdict verdict = desk_verdict(desk_case(REVIEW_POSSIBLE), "", REVIEW_SAME);
    expect_message(decide(&verdict), EXIT_USAGE, "a verdict names who gives it");
    expect_message(review_decide_bulk(desk.review, &verdict, 0, desk.arena, &bulk, &desk.error),
                   EXIT_USAGE, "from 1 to 50 cases are decided at once");
    expect_message(review_undo_bulk(desk.review, "anna", "zzz", desk.arena, &count, &desk.error),
                   EXIT_FAILED, "no decisions in force were given together like this");
}

Test(review_refused, customers_and_decisions_that_are_not_there)
{
    struct review_customer customer;
    expect_message(review_customer(desk.review, "C1", desk.arena, &customer, &desk.error),
                   EXIT_FAILED, "a golden id is C and nine characters");
    char id[GOLDEN_ID_BYTES];
    golden_id_format(99999, id);
    expect_message(review_customer(desk.review, id, desk.arena, &customer, &desk.error),
                   EXIT_FAILED, "no customer has the id C");
    expect_message(review_dismiss(desk.review, 7, &desk.error), EXIT_FAILED,
                   "no decision 7 has failed");
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    cr_assert(decide(&verdict), "%s", desk.error.message);
    int64_t decision = answer.decision_id;
    cr_assert(review_undo(desk.review, "berta", decision, desk.arena, &answer, &desk.error));
    expect_message(review_undo(desk.review, "anna", decision, desk.arena, &answer, &desk.error),
                   EXIT_CONFLICT, "berta has taken this decision back at");
    expect_message(review_undo(desk.review, "anna", 99, desk.arena, &answer, &desk.error),
                   EXIT_FAILED, "there is no decision 99");
}

Test(review_refused, what_waits_for_the_run_is_not_said_twice)
{
    const char *key = desk_case(REVIEW_POSSIBLE);
    struct review_verdict first = desk_verdict(key, "anna", REVIEW_NOT_SAME);
    struct review_verdict second = desk_verdict(key, "berta", REVIEW_SAME);
    desk.locked = true;
    cr_assert(decide(&first), "%s", desk.error.message);
    expect_message(decide(&second), EXIT_CONFLICT, "anna has decided this case at");
    cr_expect(strstr(desk.error.message, "it waits for the run"), "%s", desk.error.message);
}

Test(review_refused, records_that_are_gone_since_the_case_was_made)
{
    struct review_case found;
    const char *key = desk_case(REVIEW_POSSIBLE);
    struct review_verdict verdict = desk_verdict(key, "anna", REVIEW_NOT_SAME);
    verdict.seen = NULL;
    run_sql("DELETE FROM record_customer WHERE record_id IN (SELECT record_b FROM review_case)");
    expect_message(decide(&verdict), EXIT_FAILED, "a record of the case is gone");
    run_sql("DELETE FROM record_customer");
    expect_message(review_case(desk.review, key, desk.arena, &found, &desk.error), EXIT_FAILED,
                   "the records of the case are gone");
}

Test(review_refused, of_many_at_once_the_last_is_looked_at_as_the_first_is)
{
    struct review_glance *glances;
    const char *key = desk_case(REVIEW_POSSIBLE);
    const char *const keys[] = {key, key, key, key, key, "zzz"};
    expect_message(review_glance_at(desk.review, keys, 6, desk.arena, &glances, &desk.error),
                   EXIT_USAGE, "a case's key is 16 of the characters");
}

Test(review_refused, of_a_blind_case_none_are_told_that_are_alike)
{
    struct review_page page;
    run_sql("UPDATE review_case SET case_key = case_key / 10 * 10 WHERE kind = 0");
    const char *key = desk_case(REVIEW_POSSIBLE);
    expect_message(review_alike(desk.review, "anna", key, 50, desk.arena, &page, &desk.error),
                   EXIT_USAGE, "a case that is decided blind stands alone");
}

Test(review_refused, a_known_pair_of_which_a_record_is_gone)
{
    char path[300];
    struct review_case found;
    snprintf(path, sizeof(path), "%s/review.db", desk.folder);
    struct database *own = database_open(path, DATABASE_WRITE, &desk.error);
    cr_assert(own, "%s", desk.error.message);
    cr_assert(database_run(own,
                           "INSERT INTO control(case_key, decision_id, who, record_a, record_b,"
                           " expected) VALUES(7, 1, 'anna', 1, 77, 'same')",
                           &desk.error),
              "%s", desk.error.message);
    database_close(own);
    expect_message(review_case(desk.review, "0000000000000007", desk.arena, &found, &desk.error),
                   EXIT_FAILED, "a record of the case is gone");
}

/* Every merge needs a second steward. */
static struct review_verdict first_word_of_two(const char *key)
{
    desk.rules->four_eyes_records = 1;
    struct review_verdict verdict = desk_verdict(key, "anna", REVIEW_SAME);
    cr_assert(decide(&verdict), "%s", desk.error.message);
    cr_assert_eq(answer.effect, REVIEW_NEEDS_SECOND);
    return desk_verdict(key, "anna", REVIEW_SAME);
}

Test(review_refused, nobody_is_ones_own_second)
{
    const struct review_verdict again = first_word_of_two(desk_case(REVIEW_POSSIBLE));
    expect_message(decide(&again), EXIT_CONFLICT, "this needs another steward than anna");
    desk.locked = true;
    expect_message(decide(&again), EXIT_CONFLICT, "this needs another steward than anna");
}

Test(review_refused, a_second_word_on_a_first_that_is_taken_back_before_it)
{
    struct review_stats stats;
    struct review_verdict second = first_word_of_two(desk_case(REVIEW_POSSIBLE));
    int64_t first = answer.decision_id;
    second.who = "berta";
    desk.locked = true;
    cr_assert(review_undo(desk.review, "anna", first, desk.arena, &answer, &desk.error));
    cr_assert(decide(&second), "%s", desk.error.message);
    cr_expect_eq(answer.effect, REVIEW_WAITS);
    desk.locked = false;
    cr_assert(review_settle(desk.review, NULL, &desk.error), "%s", desk.error.message);
    cr_assert(review_stats(desk.review, desk.arena, &stats, &desk.error), "%s", desk.error.message);
    cr_assert_eq(stats.failure_count, 1);
    cr_expect_str_eq(stats.failures->who, "berta");
    cr_expect_str_eq(stats.failures->reason, "the first steward's word was taken back meanwhile");
    cr_expect_eq(desk_number("SELECT count(*) FROM decision WHERE NOT undone AND kind = 'same'"),
                 0);
}

Test(review_refused, of_a_split_some_records_go_and_some_stay)
{
    const char *key = desk_case(REVIEW_CONFLICT);
    struct review_verdict verdict = desk_verdict(key, "anna", REVIEW_SPLIT);
    static const int64_t strangers[] = {77};
    verdict.split = strangers;
    verdict.split_count = 1;
    expect_message(decide(&verdict), EXIT_USAGE, "records some go and some stay; 1 are marked");
}

Test(review_refused, nobody_is_there_to_publish)
{
    bool begun = true;
    expect_message(review_publish(desk.review, &begun, &desk.error), EXIT_FAILED,
                   "nobody publishes beside this session");
    cr_expect_not(begun);
}

static void expect_list(struct slice content, const char *part)
{
    char path[400];
    struct review_import_result result;
    snprintf(path, sizeof(path), "%s/list.csv", desk.folder);
    cr_assert(file_replace(path, content, &desk.error), "%s", desk.error.message);
    expect_message(review_import(desk.review, path, "anna", desk.arena, &result, &desk.error),
                   EXIT_FAILED, part);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 0);
}

Test(review_refused, lists_that_cannot_be_taken)
{
    struct buffer text = BUFFER_EMPTY;
    const char *key = desk_case(REVIEW_POSSIBLE);
    expect_list(SLICE(""), "the list is empty");
    expect_list(SLICE("case,verdict\n\xFF\xFF\xFF\n"), "could not read the text of the list");
    expect_list(SLICE("case,verdict\n\"a,b\n"), "a quote");
    buffer_format(&text, "case,verdict\n%s,perhaps\n", key);
    expect_list(buffer_slice(&text), "\"perhaps\" is no verdict for a list");
    buffer_clear(&text);
    buffer_format(&text, "case,verdict\n%s,13911112222\n", key);
    expect_list(buffer_slice(&text), "\"139****2222\" is no verdict for a list");
    buffer_clear(&text);
    buffer_format(&text, "case,verdict\n%s,not_same\n%s,not_same\n", key, key);
    expect_list(buffer_slice(&text), "the case stands in the list twice");
    buffer_clear(&text);
    buffer_append_text(&text, "case,verdict\n");
    for (int i = 0; i <= 100000; i++)
        buffer_format(&text, "%s,not_same\n", key);
    expect_list(buffer_slice(&text), "a list has at most 100000 rows");
    buffer_release(&text);
}
