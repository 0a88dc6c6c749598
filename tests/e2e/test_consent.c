#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Consent that is withdrawn tonight holds in tonight's view, with whomever its holder is merged. */

#define VIEW  "out/customer360.db"
#define STATE "state/state.db"

TestSuite(consent, .init = night_open, .fini = workspace_close, .timeout = 240);

/* Two customers of one record each whom tonight's plan contacts for marketing, by their only
 * mobile. */
static void choose_two(void)
{
    shell(
        "sqlite3 '%s' \"SELECT s.source, s.source_key, p.contact_value FROM contact_plan p JOIN"
        " customer c ON c.golden_id = p.golden_id JOIN customer_source s ON s.golden_id ="
        " p.golden_id WHERE c.records = 1 AND c.type = 'person' AND p.contact_value = c.mobile AND"
        " EXISTS (SELECT 1 FROM contact_plan_lead l JOIN lead_type t ON t.type = l.type WHERE"
        " l.plan_golden_id = p.golden_id AND t.purpose = 'marketing') ORDER BY p.golden_id LIMIT"
        " 2\" > '%s' && test $(wc -l < '%s') = 2",
        in_workspace(VIEW), in_workspace("two"), in_workspace("two"));
}

/* One of both of them: column 1 is the source, 2 the number there, 3 the mobile. */
static char *of_chosen(int row, int column)
{
    shell("sed -n %dp '%s' | cut -d'|' -f%d | tr -d '\\n' > '%s'", row, in_workspace("two"), column,
          in_workspace("one"));
    return read_text("one");
}

static void next_night(const char *day)
{
    struct finished finished = run("run " NIGHT " --as-of %s --no-summary", day);
    expect_exit(finished, 0);
    finished_release(&finished);
}

static char sql[400];

#define COUNT(text, mobile) (snprintf(sql, sizeof(sql), text, mobile), query_number(VIEW, sql))

static void expect_left_alone(const char *mobile)
{
    cr_expect_eq(COUNT("SELECT count(*) FROM contact_plan WHERE contact_value = '%s'", mobile), 0);
    cr_expect_eq(
        COUNT("SELECT sum(may_call + may_message) FROM precall WHERE mobile = '%s'", mobile), 0);
    cr_expect_eq(COUNT("SELECT count(*) FROM contact_plan_lead l JOIN lead_type t ON t.type ="
                       " l.type JOIN contact_plan p ON p.golden_id = l.plan_golden_id WHERE"
                       " t.purpose <> 'request' AND p.contact_value = '%s'",
                       mobile),
                 0);
    cr_expect_gt(COUNT("SELECT count(*) FROM suppression WHERE contact_value = '%s'", mobile), 0);
}

static void say_that_both_are_one(void)
{
    char *parts[4] = {of_chosen(1, 1), of_chosen(1, 2), of_chosen(2, 1), of_chosen(2, 2)};
    shell("sqlite3 '%s' \"INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a,"
          " source_b, key_b, word) VALUES('2026-07-01T08:00:00', 'steward', 'same', '%s', '%s',"
          " '%s', '%s', 'same')\"",
          in_workspace(STATE), parts[0], parts[1], parts[2], parts[3]);
    for (size_t i = 0; i < 4; i++)
        memory_free(parts[i]);
}

static long holders_of_both(const char *first, const char *second)
{
    snprintf(sql, sizeof(sql),
             "SELECT count(DISTINCT golden_id) FROM contact_point WHERE value IN ('%s', '%s')",
             first, second);
    return query_number(VIEW, sql);
}

Test(consent, withdrawn_tonight_holds_tonight_whatever_is_merged_or_split)
{
    night_run("--no-summary", 0);
    choose_two();
    char *withdrawn = of_chosen(1, 3);
    char *other = of_chosen(2, 3);
    cr_assert_eq(holders_of_both(withdrawn, other), 2);
    shell("printf '%%s,,,withdrawn,2026-07-01T07:30:00+08:00\\n' %s >> '%s'", withdrawn,
          in_workspace("feeds/hq_consents.csv"));
    say_that_both_are_one();
    next_night("2026-07-01");
    cr_assert_eq(holders_of_both(withdrawn, other), 1, "the steward's word was followed");
    expect_left_alone(withdrawn);
    shell("sqlite3 '%s' 'UPDATE decision SET undone = 1'", in_workspace(STATE));
    next_night("2026-07-02");
    cr_assert_eq(holders_of_both(withdrawn, other), 2, "and taken back");
    expect_left_alone(withdrawn);
    next_night("2026-07-03 --rebuild");
    expect_left_alone(withdrawn);
    memory_free(withdrawn);
    memory_free(other);
}

/* A purpose and a channel of its own: the others stay as they were granted. */
Test(consent, withdrawn_for_one_channel_closes_that_channel)
{
    night_run("--no-summary", 0);
    choose_two();
    char *mobile = of_chosen(1, 3);
    shell("for c in phone wechat app sms email; do printf '%%s,%%s,marketing,%%s,%%s\\n' %s $c "
          "$(test $c = phone && echo withdrawn || echo granted) 2026-07-01T07:30:00+08:00; done >> "
          "'%s'",
          mobile, in_workspace("feeds/hq_consents.csv"));
    next_night("2026-07-01");
    cr_expect_eq(COUNT("SELECT may_call FROM precall WHERE mobile = '%s'", mobile), 0);
    cr_expect_eq(COUNT("SELECT may_message FROM precall WHERE mobile = '%s'", mobile), 1);
    cr_expect_eq(COUNT("SELECT count(*) FROM contact_plan WHERE channel = 'phone' AND contact_value"
                       " = '%s' AND script NOT LIKE '%%asked%%'",
                       mobile),
                 0);
    memory_free(mobile);
}
