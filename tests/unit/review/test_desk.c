#include "desk.h"

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/review_json.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(review_desk, .init = desk_open, .fini = desk_close, .timeout = 60);

static struct review_answer answer;

static bool decide(const struct review_verdict *verdict)
{
    return review_decide(desk.review, verdict, desk.arena, &answer, &desk.error);
}

static void expect_refusal(const struct review_verdict *verdict, int exit_code, const char *part)
{
    cr_expect_not(decide(verdict));
    cr_expect_eq(desk.error.exit_code, exit_code, "%s", desk.error.message);
    cr_expect(strstr(desk.error.message, part), "%s", desk.error.message);
}

static struct review_page queue(struct review_filter filter)
{
    struct review_page page;
    cr_assert(review_queue(desk.review, &filter, 0, 10, desk.arena, &page, &desk.error), "%s",
              desk.error.message);
    return page;
}

Test(review_desk, the_first_steward_finds_the_cases_by_impact_times_uncertainty)
{
    struct review_page page = queue((struct review_filter)REVIEW_FILTER_ALL);
    cr_expect_eq(page.total, 3);
    for (size_t i = 1; i < page.count; i++)
        cr_expect_geq(page.items[i - 1].priority, page.items[i].priority);
    cr_expect_eq(desk_number("SELECT count(*) FROM review_case WHERE kind = 2"), 1, "a conflict");
}

Test(review_desk, facets_count_what_each_choice_would_leave)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    filter.kind = REVIEW_POSSIBLE;
    struct review_page page = queue(filter);
    cr_expect_eq(page.total, 2);
    size_t of_kinds = 0;
    for (size_t i = 0; i < page.facet_count; i++)
        if (strcmp(page.facets[i].name, "kind") == 0)
            for (size_t j = 0; j < page.facets[i].value_count; j++)
                of_kinds += page.facets[i].values[j].count;
    cr_expect_eq(of_kinds, 3, "the kinds are counted as if none was chosen");
    filter.source = "D03";
    cr_expect_eq(queue(filter).total, 0);
}

Test(review_desk, a_case_is_one_stewards_until_he_gives_it_back)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct review_page first;
    struct review_page second;
    filter.kind = REVIEW_POSSIBLE;
    cr_assert(review_claim(desk.review, "anna", &filter, desk.arena, &first, &desk.error));
    cr_assert(review_claim(desk.review, "berta", &filter, desk.arena, &second, &desk.error));
    cr_assert_eq(first.count, 1);
    cr_assert_eq(second.count, 1);
    cr_expect_str_neq(first.items[0].key, second.items[0].key);
    struct review_verdict verdict = desk_verdict(first.items[0].key, "berta", REVIEW_NOT_SAME);
    expect_refusal(&verdict, EXIT_CONFLICT, "anna has this case in hand");
    cr_assert(review_release(desk.review, "anna", NULL, &desk.error));
    cr_expect(decide(&verdict), "%s", desk.error.message);
}

Test(review_desk, the_second_is_told_who_was_first_and_nothing_is_written)
{
    const char *key = desk_case(REVIEW_POSSIBLE);
    struct review_verdict first = desk_verdict(key, "anna", REVIEW_NOT_SAME);
    struct review_verdict second = desk_verdict(key, "berta", REVIEW_SAME);
    cr_assert(decide(&first), "%s", desk.error.message);
    expect_refusal(&second, EXIT_CONFLICT, "anna has decided this case");
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 1);
}

Test(review_desk, what_has_changed_since_it_was_seen_is_not_decided)
{
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    cr_assert(
        database_run(desk.state, "UPDATE record_customer SET mobile = '13800209999'", &desk.error));
    expect_refusal(&verdict, EXIT_CONFLICT, "the records have changed");
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 0);
}

Test(review_desk, a_decision_is_kept_with_who_why_keys_and_what_was_seen)
{
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    verdict.comment = "father and daughter";
    cr_assert(decide(&verdict), "%s", desk.error.message);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision WHERE kind = 'different' AND decided_by"
                             " = 'anna' AND comment = 'father and daughter' AND decided_at IS NOT"
                             " NULL AND source_a IS NOT NULL AND key_b IS NOT NULL AND seen_hash <>"
                             " 0 AND seen LIKE '%13800%'"),
                 1);
    desk_reopen();
    cr_expect_eq(desk_number("SELECT count(*) FROM review_case WHERE kind = 0"), 1);
}

Test(review_desk, taking_back_is_a_row_of_its_own_and_once_is_enough)
{
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    cr_assert(decide(&verdict), "%s", desk.error.message);
    int64_t decision = answer.decision_id;
    cr_assert(review_undo(desk.review, "berta", decision, desk.arena, &answer, &desk.error), "%s",
              desk.error.message);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision WHERE undone AND undone_by = 'berta'"),
                 1);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision WHERE kind = 'undo'"), 1);
    cr_expect_not(review_undo(desk.review, "anna", decision, desk.arena, &answer, &desk.error));
    cr_expect_eq(desk.error.exit_code, EXIT_CONFLICT);
    cr_expect_not(review_undo(desk.review, "anna", 99, desk.arena, &answer, &desk.error));
}

Test(review_desk, decisions_are_listed_by_whom_in_force_and_page_by_page)
{
    struct review_decision *decisions;
    size_t count;
    for (int i = 0; i < 2; i++) {
        struct review_verdict verdict =
            desk_verdict(desk_case(REVIEW_POSSIBLE), i ? "berta" : "anna", REVIEW_NOT_SAME);
        cr_assert(decide(&verdict), "%s", desk.error.message);
    }
    cr_assert(
        review_undo(desk.review, "berta", answer.decision_id, desk.arena, &answer, &desk.error));
    const struct {
        struct review_decisions_asked asked;
        size_t count;
    } cases[] = {{{.limit = 9}, 2},
                 {{.limit = 1}, 1},
                 {{.who = "anna", .limit = 9}, 1},
                 {{.in_force = true, .limit = 9}, 1},
                 {{.who = "berta", .in_force = true, .limit = 9}, 0},
                 {{.before = 2, .limit = 9}, 1},
                 {{.before = 1, .limit = 9}, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert(review_decisions(desk.review, &cases[i].asked, desk.arena, &decisions, &count,
                                   &desk.error));
        cr_expect_eq(count, cases[i].count, "%zu: %zu", i, count);
    }
}

Test(review_desk, words_that_do_not_fit_the_question_are_refused)
{
    const char *key = desk_case(REVIEW_CONFLICT);
    static const enum review_word unfit[] = {REVIEW_NOT_SAME, REVIEW_ACCEPT, REVIEW_REFUSE,
                                             REVIEW_KEEP, REVIEW_WORDS};
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
        struct review_verdict verdict = desk_verdict(key, "anna", unfit[i]);
        expect_refusal(&verdict, EXIT_USAGE, "is no answer");
    }
    struct review_verdict unsure = desk_verdict(key, "anna", REVIEW_DONT_KNOW);
    expect_refusal(&unsure, EXIT_USAGE, "says why");
    struct review_verdict split = desk_verdict(key, "anna", REVIEW_SPLIT);
    expect_refusal(&split, EXIT_USAGE, "mark the records");
    struct review_verdict value = desk_verdict(key, "anna", REVIEW_TAKE);
    expect_refusal(&value, EXIT_USAGE, "a value needs its attribute");
    value.attribute = "birth_date";
    value.value = "1990-01-05";
    value.until = "2026-02-30";
    expect_refusal(&value, EXIT_USAGE, "date");
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 0);
}

Test(review_desk, whoever_is_unsure_leaves_the_case_to_another)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_DONT_KNOW);
    verdict.comment = "who is this?";
    cr_assert(decide(&verdict), "%s", desk.error.message);
    cr_expect_eq(answer.effect, REVIEW_NOTED);
    filter.status = REVIEW_UNSURE;
    cr_expect_eq(queue(filter).total, 1);
}

Test(review_desk, a_word_waits_while_a_run_holds_the_state)
{
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    size_t waiting = 0;
    desk.locked = true;
    cr_assert(decide(&verdict), "%s", desk.error.message);
    cr_expect_eq(answer.effect, REVIEW_WAITS);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 0);
    desk_reopen();
    desk.locked = false;
    cr_assert(review_settle(desk.review, &waiting, &desk.error), "%s", desk.error.message);
    cr_expect_eq(waiting, 0);
    cr_expect_eq(desk_number("SELECT count(*) FROM decision WHERE decided_by = 'anna'"), 1);
}

Test(review_desk, a_flag_stays_and_goes)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    const char *key = desk_case(REVIEW_POSSIBLE);
    filter.flagged = true;
    cr_assert(review_flag(desk.review, "anna", key, true, &desk.error));
    cr_expect_eq(queue(filter).total, 1);
    cr_assert(review_flag(desk.review, "berta", key, false, &desk.error));
    cr_expect_eq(queue(filter).total, 0);
}

Test(review_desk, a_case_as_JSON_masks_what_is_personal_and_shows_where_it_differs)
{
    struct review_case found;
    struct buffer text = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER_COMPACT(&text);
    cr_assert(
        review_case(desk.review, desk_case(REVIEW_CONFLICT), desk.arena, &found, &desk.error));
    review_json_case(&json, NULL, &found, true);
    buffer_append_byte(&text, '\0');
    cr_expect_not(strstr(text.data, "13800200001"), "%s", text.data);
    cr_expect(strstr(text.data, "\"differs\":\"0000000001\""), "%s", text.data);
    cr_expect(strstr(text.data, "\"difference\":\"contrary\""), "%s", text.data);
    cr_expect(strstr(text.data, "\"given\":\"5.1.90\""), "as it came: %s", text.data);
    cr_expect(strstr(text.data, "\"system\":\"wide\""), "%s", text.data);
    cr_expect(strstr(text.data, "\"blocks\":\"phone\""), "%s", text.data);
    buffer_release(&text);
}

Test(review_desk, a_preview_tells_of_consents)
{
    struct review_preview preview;
    struct review_verdict verdict = desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_SAME);
    cr_assert(review_preview(desk.review, &verdict, desk.arena, &preview, &desk.error), "%s",
              desk.error.message);
    cr_expect_eq(preview.consents.refused, 1);
    cr_expect_eq(preview.consents.contrary, 1);
}

Test(review_desk, what_is_assigned_to_oneself_is_counted_and_found_alone)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct review_page page;
    filter.who = "anna";
    page = queue(filter);
    cr_expect_str_eq(page.facets[page.facet_count - 1].name, "mine");
    cr_expect_eq(page.facets[page.facet_count - 1].values[0].count, 0);
    cr_assert(review_claim(desk.review, "anna", &filter, desk.arena, &page, &desk.error));
    cr_assert_eq(page.count, 1);
    const char *key = page.items[0].key;
    page = queue(filter);
    cr_expect_eq(page.facets[page.facet_count - 1].values[0].count, 1);
    cr_expect_eq(page.total, 3);
    filter.mine = "anna";
    page = queue(filter);
    cr_assert_eq(page.total, 1);
    cr_expect_str_eq(page.items[0].key, key);
    cr_assert(review_release(desk.review, "anna", NULL, &desk.error));
    cr_assert(review_claim(desk.review, "anna", &filter, desk.arena, &page, &desk.error));
    cr_expect_eq(page.count, 0, "no further ones");
}

Test(review_desk, cases_with_the_same_evidence_are_alike_and_ones_own_from_then_on)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct review_page page;
    const char *key = desk_case(REVIEW_POSSIBLE);
    cr_assert(review_alike(desk.review, "anna", key, 50, desk.arena, &page, &desk.error), "%s",
              desk.error.message);
    cr_expect_eq(page.count, 2);
    cr_expect_str_eq(page.items[0].key, key, "itself first");
    filter.mine = "anna";
    cr_expect_eq(queue(filter).total, 2);
    cr_assert(review_alike(desk.review, "berta", desk_case(REVIEW_CONFLICT), 50, desk.arena, &page,
                           &desk.error));
    cr_expect_eq(page.count, 1, "of another kind there is one");
    cr_assert(review_alike(desk.review, "berta", key, 50, desk.arena, &page, &desk.error));
    cr_expect_str_eq(page.items[0].leased_by, "anna", "what another has stays his");
    cr_assert(review_release(desk.review, "anna", NULL, &desk.error));
    desk.unlike = desk_number("SELECT record_a + record_b FROM review_case WHERE kind = 0"
                              " ORDER BY priority DESC LIMIT 1");
    cr_assert(review_alike(desk.review, "anna", key, 50, desk.arena, &page, &desk.error));
    cr_expect_eq(page.count, 1, "the evidence reads otherwise");
}

Test(review_desk, figures_count_what_is_left_and_what_each_has_cleared)
{
    struct review_stats stats;
    struct review_verdict verdict =
        desk_verdict(desk_case(REVIEW_POSSIBLE), "anna", REVIEW_NOT_SAME);
    cr_assert(decide(&verdict), "%s", desk.error.message);
    cr_assert(review_stats(desk.review, desk.arena, &stats, &desk.error), "%s", desk.error.message);
    cr_expect_eq(stats.left, 2);
    cr_expect_eq(stats.cleared, 1);
    cr_expect_eq(stats.steward_count, 1);
    cr_expect_str_eq(stats.stewards[0].who, "anna");
}

Test(review_desk, several_cases_are_decided_all_or_none)
{
    struct review_bulk bulk;
    size_t count = 0;
    struct review_filter filter = REVIEW_FILTER_ALL;
    filter.kind = REVIEW_POSSIBLE;
    struct review_page page = queue(filter);
    struct review_verdict verdicts[2];
    for (size_t i = 0; i < 2; i++)
        verdicts[i] = desk_verdict(page.items[i].key, "anna", REVIEW_NOT_SAME);
    const char *seen = verdicts[1].seen;
    verdicts[1].seen = "0000000000000000";
    cr_expect_not(review_decide_bulk(desk.review, verdicts, 2, desk.arena, &bulk, &desk.error));
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 0);
    cr_expect_eq(desk.error.exit_code, EXIT_CONFLICT);
    cr_assert_eq(bulk.refused_count, 1);
    cr_expect_str_eq(bulk.refused[0].key, verdicts[1].key);
    cr_expect_str_eq(bulk.refused[0].reason, "the records have changed since the case was shown");
    verdicts[1].seen = seen;
    cr_assert(review_decide_bulk(desk.review, verdicts, 2, desk.arena, &bulk, &desk.error), "%s",
              desk.error.message);
    cr_expect_eq(bulk.decided, 2);
    cr_assert(review_undo_bulk(desk.review, "anna", bulk.token, desk.arena, &count, &desk.error));
    cr_expect_eq(count, 2);
}

Test(review_desk, each_that_stands_in_the_way_of_several_is_told_with_its_reason)
{
    struct review_bulk bulk;
    struct review_filter filter = REVIEW_FILTER_ALL;
    filter.kind = REVIEW_POSSIBLE;
    struct review_page page = queue(filter);
    struct review_page claimed;
    struct review_verdict verdicts[2];
    for (size_t i = 0; i < 2; i++)
        verdicts[i] = desk_verdict(page.items[i].key, "anna", REVIEW_NOT_SAME);
    struct review_verdict first = verdicts[0];
    first.who = "berta";
    cr_assert(decide(&first), "%s", desk.error.message);
    cr_assert(review_claim(desk.review, "carla", &filter, desk.arena, &claimed, &desk.error));
    cr_expect_not(review_decide_bulk(desk.review, verdicts, 2, desk.arena, &bulk, &desk.error));
    cr_expect_eq(desk.error.exit_code, EXIT_CONFLICT);
    cr_expect_str_eq(desk.error.message, "2 of 2 cases cannot be decided so; nothing was recorded");
    cr_assert_eq(bulk.refused_count, 2);
    cr_expect(strstr(bulk.refused[0].reason, "berta has decided this case"), "%s",
              bulk.refused[0].reason);
    cr_expect_str_eq(bulk.refused[1].reason, "carla has this case in hand");
    cr_expect_eq(desk_number("SELECT count(*) FROM decision"), 1);
    verdicts[0].word = REVIEW_SPLIT;
    cr_expect_not(review_decide_bulk(desk.review, verdicts, 2, desk.arena, &bulk, &desk.error));
    cr_expect_eq(desk.error.exit_code, EXIT_USAGE);
    cr_expect_eq(bulk.refused_count, 0);
}

Test(review_desk, several_cases_are_glanced_at_in_one_go)
{
    struct review_glance *glances;
    struct review_filter filter = REVIEW_FILTER_ALL;
    filter.kind = REVIEW_POSSIBLE;
    struct review_page page = queue(filter);
    const char *keys[] = {page.items[0].key, "0000000000000001", page.items[1].key,
                          page.items[1].key, page.items[1].key,  page.items[0].key};
    cr_assert(review_glance_at(desk.review, keys, 6, desk.arena, &glances, &desk.error), "%s",
              desk.error.message);
    for (size_t i = 0; i < 6; i++) {
        struct review_case found;
        cr_expect_str_eq(glances[i].key, keys[i]);
        if (i == 1)
            continue;
        cr_assert(review_case(desk.review, keys[i], desk.arena, &found, &desk.error));
        cr_expect_str_eq(glances[i].seen, found.seen);
        cr_expect_str_eq(glances[i].sentence, i == 5 || found.blind ? "" : found.sentence);
    }
    cr_expect_str_empty(glances[1].seen, "it is not open");
    keys[1] = "none";
    cr_expect_not(review_glance_at(desk.review, keys, 6, desk.arena, &glances, &desk.error));
    cr_expect_eq(desk.error.exit_code, EXIT_USAGE);
}

Test(review_desk, names_for_machines_are_found_again)
{
    for (enum review_kind kind = 0; kind < REVIEW_KINDS; kind++)
        cr_expect_eq(review_kind_find(slice_of(review_kind_name(kind))), kind);
    for (enum review_word word = 0; word < REVIEW_WORDS; word++)
        cr_expect_eq(review_word_find(slice_of(review_word_name(word))), word);
    cr_expect_eq(review_kind_find(SLICE("none")), REVIEW_KINDS);
    cr_expect_eq(review_word_find(SLICE("perhaps")), REVIEW_WORDS);
}
