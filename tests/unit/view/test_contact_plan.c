#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_plan, .init = view_test_open, .fini = view_test_close);

/* A customer whose policy ends on 2026-07-20 (a service lead), and whose finance ends on 2026-08-20
 * (a marketing lead). */
static void put_owner(int number, const char *mobile)
{
    char key[8];
    char vin[8];
    char sql[600];
    snprintf(key, sizeof(key), "%d", number);
    snprintf(vin, sizeof(vin), "LFV%d", number);
    put_customer(1, key, number, "王伟", mobile);
    put_car(1, key, vin, "2019-02-01");
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
             " ends_on) VALUES (8, 'i%d', 'I%d', 'insurance', '%s', '2025-07-20', '2026-07-20'),"
             " (7, 'f%d', 'F%d', 'finance', '%s', '2023-08-20', '2026-08-20')",
             number, number, vin, number, number, vin);
    in_state(sql);
}

static void decide(const char *mobile, const char *channel, const char *purpose,
                   const char *decision, const char *at)
{
    char sql[500];
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO record_consent(source_id, source_key, mobile, channel, purpose, decision,"
        " decided_at) SELECT 6, 'd' || count(*), '%s', nullif('%s', ''), nullif('%s', ''), '%s',"
        " nullif('%s', '') FROM record_consent",
        mobile, channel, purpose, decision, at);
    in_state(sql);
}

#define ONE "13800138001"
#define TWO "13800138002"

Test(view_plan, unknown_means_no_marketing)
{
    put_owner(1, ONE);
    build_view();
    expect_rows("SELECT count(*) FROM contact_plan", "0");
    expect_rows("SELECT type, reason FROM contact_plan_lead ORDER BY type",
                "finance_maturity|consent_unknown insurance_renewal|consent_unknown");
}

/* A consent to service reminders carries the policy, not the finance. */
Test(view_plan, each_lead_needs_the_consent_of_its_purpose)
{
    put_owner(1, ONE);
    decide(ONE, "sms", "service", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows(
        "SELECT golden_id, channel, contact_value, plan_on, points, value FROM contact_plan",
        "G1|sms|13800138001|2026-07-14|1|2000.0");
    expect_rows("SELECT type, plan_golden_id, place, reason FROM contact_plan_lead ORDER BY type",
                "finance_maturity|-|-|consent_unknown insurance_renewal|G1|1|-");
}

/* Both leads are one contact, the more valuable first, on the channel that comes first. */
Test(view_plan, all_leads_of_a_customer_are_one_contact)
{
    put_owner(1, ONE);
    decide(ONE, "sms", "marketing", "granted", "2025-01-01T00:00:00");
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows(
        "SELECT golden_id, channel, points, value, replace(script, char(10), '/')"
        " FROM contact_plan",
        "G1|phone|2|7000.0|1. Finance contract ends (ends on 2026-08-20)/2. Insurance to be "
        "renewed (ends on 2026-07-20)");
}

/* G1 and G2 live together and both agreed: one contact, with G1 (the smaller id at equal value). */
Test(view_plan, a_household_has_one_contact)
{
    put_owner(1, ONE);
    put_owner(2, TWO);
    in_state("UPDATE golden SET address = '上海市徐汇区漕溪路12号301室'");
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    decide(TWO, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT golden_id, household_id, points, value FROM contact_plan",
                "G1|G1|4|14000.0");
}

/* G1 agreed, G2 at the same home withdrew: G2's leads are not told to G1. */
Test(view_plan, nobody_is_told_what_another_does_not_want)
{
    put_owner(1, ONE);
    put_owner(2, TWO);
    in_state("UPDATE golden SET address = '上海市徐汇区漕溪路12号301室'");
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    decide(TWO, "phone", "marketing", "withdrawn", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT golden_id, points FROM contact_plan", "G1|2");
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead WHERE golden_id = 'G2'",
                "opted_out");
}

/* What stands against a grant to be called on 2025-01-01, and whether there is a contact. */
Test(view_plan, a_refusal_holds)
{
    static const struct {
        const char *channel;
        const char *purpose;
        const char *at;
        const char *plans;
    } refusals[] = {
        {"phone", "marketing", "2025-06-01T00:00:00", "0"},
        {"", "", "2025-06-01T00:00:00", "0"},             /* of everything */
        {"", "marketing", "", "0"},                       /* undated: for good */
        {"phone", "", "2025-01-01T00:00:00", "0"},        /* the same moment: the stricter */
        {"", "", "2024-06-01T00:00:00", "1"},             /* taken back by the grant */
        {"sms", "marketing", "2025-06-01T00:00:00", "1"}, /* of another channel */
        {"phone", "survey", "2025-06-01T00:00:00", "1"},  /* of another purpose */
    };
    put_owner(1, ONE);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        in_state("DELETE FROM record_consent");
        decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
        decide(ONE, refusals[i].channel, refusals[i].purpose, "withdrawn", refusals[i].at);
        build_view();
        const char *plans = view_rows("SELECT count(*) FROM contact_plan");
        cr_assert_str_eq(plans, refusals[i].plans, "%zu: %s", i, plans);
    }
}

/* The number said no when it was G1's; now it is G2's record that has it. */
Test(view_plan, an_opt_out_stays_with_the_number)
{
    put_owner(2, ONE);
    decide(ONE, "", "", "withdrawn", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT contact_value, channel, purpose FROM suppression", "13800138001|*|*");
    expect_rows("SELECT count(*) FROM contact_plan", "0");
    in_state("DELETE FROM crosswalk; DELETE FROM golden;"
             "UPDATE record_customer SET mobile = NULL");
    build_view();
    expect_rows("SELECT contact_value, channel, purpose FROM suppression", "13800138001|*|*");
}

/* Contacted on 2026-06-10: free on 2026-07-10, which is later than the lead's own day would be (its
 * 2026-07-20 is cut to 14 days on). On 2026-06-20: free on 2026-07-20, beyond the plan: dropped. */
Test(view_plan, contacts_are_capped)
{
    put_owner(1, ONE);
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    in_state("UPDATE record_contract SET ends_on = '2026-07-02' WHERE type = 'insurance';"
             "INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
             " VALUES (6, '1', '13800138001', 'phone', '2026-06-10T10:00:00')");
    build_view();
    expect_rows("SELECT plan_on FROM contact_plan", "2026-07-10");
    in_state("UPDATE record_contact SET contacted_at = '2026-06-20T10:00:00'");
    build_view();
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead", "frequency_cap");
    /* Eight within a year, the last long enough ago, are enough. */
    in_state("DELETE FROM record_contact;"
             "INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
             " SELECT 6, value, '13800138001', 'phone', '2026-01-0' || value || 'T10:00:00'"
             " FROM json_each('[1,2,3,4,5,6,7,8]')");
    build_view();
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead", "frequency_cap");
    in_state("DELETE FROM record_contact WHERE source_key = '8'");
    build_view();
    expect_rows("SELECT count(*) FROM contact_plan", "1");
}

/* A number that four customers have is nobody's own. */
Test(view_plan, a_shared_number_is_no_contact_point)
{
    for (int i = 1; i <= 4; i++)
        put_owner(i, ONE);
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT count(*) FROM contact_plan", "0");
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead", "no_contact_point");
}

/* Lost (no visit for 12 months) and due for inspection is one question to the owner of the car. */
Test(view_plan, one_car_is_asked_to_the_workshop_once)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2018-07-20");
    put_service(1, "1", "LFV1", "2025-01-10", NULL);
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT type, place, reason FROM contact_plan_lead ORDER BY type",
                "inspection_due|-|same_car win_back|1|-");
}

/* A recall needs no consent, stands apart, and is done when a workshop has done it. */
Test(view_plan, recalls_stand_apart)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2024-03-20");
    decide(ONE, "", "", "withdrawn", "2025-01-01T00:00:00");
    in_state("INSERT INTO record_recall(source_id, source_key, campaign, vin, title, issued_on)"
             " VALUES (6, '1', 'R1', 'LFV1', '更换气囊', '2026-05-01')");
    build_view();
    expect_rows("SELECT campaign, vin, golden_id, mobile FROM safety_notice",
                "R1|LFV1|G1|13800138001");
    expect_rows("SELECT count(*) FROM contact_plan", "0");
    put_service(1, "1", "LFV1", "2026-05-02", NULL);
    in_state("UPDATE record_service SET job = 'recall'");
    build_view();
    expect_rows("SELECT count(*) FROM safety_notice", "0");
    expect_rows("SELECT done_on FROM recall_car", "2026-05-02");
}

/* Asked for a car (a request may be called about), and agreed to marketing by message only: the
 * call is about the request, what is marketing waits for a message of its own. */
Test(view_plan, what_is_agreed_to_for_messages_is_not_told_on_the_phone)
{
    put_owner(1, ONE);
    put_customer(9, "L1", 1, "王伟", ONE);
    decide(ONE, "sms", "marketing", "granted", "2025-01-01T00:00:00");
    in_state(
        "INSERT INTO record_lead(source_id, source_key, customer_key, number, interest, dealer,"
        " requested_at, timeframe) VALUES (9, 'L1', 'L1', 'N1', 'buy', 'D01',"
        " '2026-06-30T09:00:00', '1')");
    build_view();
    const char *plan = view_rows("SELECT count(*), max(channel), max(points) FROM contact_plan");
    cr_assert_str_eq(plan, "1|phone|1", "%s", plan);
    expect_rows("SELECT type, reason FROM contact_plan_lead ORDER BY type",
                "finance_maturity|other_channel insurance_renewal|other_channel new_car_intent|-");
}

/* G1's reminder goes to G1, who has agreed to reminders; what G2 at the same home has agreed to as
 * marketing is not told to G1, who has not. G1's policy (2000) is worth more than G2's birthday. */
Test(view_plan, nobody_hears_marketing_for_another_without_a_consent_of_their_own)
{
    put_owner(1, ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    put_car(1, "2", "LFV2", "2019-01-01");
    in_state(
        "UPDATE golden SET address = '上海市徐汇区漕溪路12号301室', birth_date = '1990-07-05'");
    decide(ONE, "phone", "service", "granted", "2025-01-01T00:00:00");
    decide(TWO, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT golden_id, points FROM contact_plan", "G1|1");
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead WHERE golden_id = 'G2'"
                " AND type = 'birthday'",
                "other_channel");
}

/* A company and its manager have one number; no household, and one call: the company's, whose two
 * cars bring more. */
Test(view_plan, a_number_is_called_once)
{
    put_owner(1, ONE);
    put_owner(2, ONE);
    in_state("UPDATE golden SET type = 'organisation' WHERE golden_number = 2;"
             "UPDATE record_customer SET type = 'organisation' WHERE source_key = '2';"
             "INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
             " ends_on) VALUES (8, 'x', 'X', 'insurance', 'LFV3', '2025-07-20', '2026-07-20')");
    put_car(1, "2", "LFV3", "2019-02-01");
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    build_view();
    expect_rows("SELECT golden_id, points FROM contact_plan", "G2|3");
    expect_rows("SELECT DISTINCT reason FROM contact_plan_lead WHERE golden_id = 'G1'",
                "same_number");
}

/* Four calls to a number that a couple shares are four contacts of the household, not eight. */
Test(view_plan, a_call_to_a_shared_number_is_one_contact)
{
    put_owner(1, ONE);
    put_owner(2, ONE);
    decide(ONE, "phone", "marketing", "granted", "2025-01-01T00:00:00");
    in_state("INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
             " SELECT 6, value, '13800138001', 'phone', '2026-01-0' || value || 'T10:00:00'"
             " FROM json_each('[1,2,3,4]')");
    build_view();
    expect_rows("SELECT golden_id, household_id FROM contact_plan", "G1|G1");
    expect_rows("SELECT count(*) FROM contact_plan_lead WHERE reason = 'frequency_cap'", "0");
}
