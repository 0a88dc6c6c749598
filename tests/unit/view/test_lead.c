#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void close_test(void)
{
    build_as_of = "2026-06-30";
    view_test_close();
}

TestSuite(view_lead, .init = view_test_open, .fini = close_test);

static void put_world(void)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
}

static void put_contract(const char *type, const char *ends)
{
    char sql[400];
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
        " ends_on) SELECT 8, 'c' || count(*), 'N' || count(*), '%s', 'LFV1', '2020-01-01', '%s'"
        " FROM record_contract",
        type, ends);
    in_state(sql);
}

static const char *leads(void)
{
    return view_rows("SELECT type, subject, due_on FROM open_lead ORDER BY type, subject");
}

/* As of 2026-06-30, 90 days on is 2026-09-28: a contract that ends then is a lead, a day later is
 * not; policies are looked back for 30 days (2026-05-31). */
Test(view_lead, contracts_that_end_are_leads_within_their_window)
{
    static const struct {
        const char *type;
        const char *ends;
        const char *wanted;
    } cases[] = {
        {"finance", "2026-09-28", "finance_maturity|LFV1|2026-09-28"},
        {"finance", "2026-09-29", ""},
        {"finance", "2026-06-30", "finance_maturity|LFV1|2026-06-30"},
        {"finance", "2026-06-29", ""},
        {"insurance", "2026-08-29", "insurance_renewal|LFV1|2026-08-29"},
        {"insurance", "2026-05-31", "insurance_renewal|LFV1|2026-05-31"},
        {"insurance", "2026-05-30", ""},
    };
    put_world();
    put_car(1, "1", "LFV1", "2019-02-01");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        in_state("DELETE FROM record_contract");
        put_contract(cases[i].type, cases[i].ends);
        build_view();
        cr_assert_str_eq(leads(), cases[i].wanted, "%zu: %s", i, leads());
    }
}

/* Sold 2023-08-01: warranty and connected services end after 36 months, 2026-08-01, within 90 and
 * 60 days; with an extension to 2028 there is nothing to extend. The first service was due on
 * 2024-08-01, too long ago for a reminder; nobody was ever there, so nobody is won back. */
Test(view_lead, warranty_and_connected_services_end_after_three_years)
{
    put_world();
    put_car(1, "1", "LFV1", "2023-08-01");
    build_view();
    cr_assert_str_eq(leads(),
                     "connected_services|LFV1|2026-08-01 extended_warranty|LFV1|2026-08-01", "%s",
                     leads());
    put_contract("warranty", "2028-08-01");
    build_view();
    cr_assert_str_eq(leads(), "connected_services|LFV1|2026-08-01", "%s", leads());
}

/* The last visit exactly 12 months ago: not lost, but due for service since that day; a day
 * earlier: lost. A car that was resold is the new owner's: the former owner has no lead of it. */
Test(view_lead, a_car_that_stays_away_is_won_back_from_its_owner)
{
    put_world();
    put_customer(2, "2", 2, "李娜", NULL);
    put_car(1, "1", "LFV1", "2018-02-01");
    put_car(2, "2", "LFV1", "2024-02-01");
    put_service(2, "2", "LFV1", "2025-06-29", NULL);
    build_view();
    expect_rows("SELECT golden_id, type FROM open_lead", "G2|win_back");
    in_state("UPDATE record_service SET service_date = '2025-06-30', job = 'maintenance'");
    build_view();
    expect_rows("SELECT golden_id, type, due_on FROM open_lead", "G2|service_due|2026-06-30");
    /* Whoever was there 29 days ago or less is not reminded. */
    put_service(2, "2", "LFV1", "2026-06-01", NULL);
    build_view();
    expect_rows("SELECT count(*) FROM open_lead WHERE type = 'service_due'", "0");
}

/* Anniversaries of the purchase within 14 days (to 2026-07-14): after 3 years bought back, from 5
 * on traded in. A Golf of 4 years is an upgrade candidate too, unless its owner was over 50 or
 * works as something else. */
Test(view_lead, anniversaries_of_the_purchase_bring_the_next_car)
{
    static const struct {
        const char *bought;
        const char *change; /* of the customer */
        const char *types;
    } cases[] = {
        {"2023-07-14", "UPDATE golden SET birth_date = NULL", "buy_back upgrade"},
        {"2023-07-15", "UPDATE golden SET birth_date = NULL", ""},
        {"2021-07-01", "UPDATE golden SET birth_date = NULL", "trade_in upgrade"},
        /* 51 years old at the purchase, for the birthday was the day before it. */
        {"2022-07-10", "UPDATE golden SET birth_date = '1971-07-09'", "birthday buy_back"},
        {"2022-07-10", "UPDATE golden SET birth_date = '1971-07-11'", "birthday buy_back upgrade"},
        {"2022-07-10", "UPDATE golden SET birth_date = NULL, occupation = '农民'", "buy_back"},
        {"2022-07-10", "UPDATE golden SET birth_date = NULL, occupation = '医生'",
         "buy_back upgrade"},
    };
    put_world();
    put_car(1, "1", "LFV1", "2018-01-01");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "UPDATE record_ownership SET purchase_date = '%s'",
                 cases[i].bought);
        in_state(sql);
        in_state(cases[i].change);
        build_view();
        const char *found =
            view_rows("SELECT type FROM open_lead WHERE type IN"
                      " ('buy_back', 'trade_in', 'upgrade', 'birthday') ORDER BY 1");
        cr_assert_str_eq(found, cases[i].types, "%zu: %s", i, found);
    }
}

/* Born on a leap day: in 2026 the birthday is on 28 February. */
Test(view_lead, a_leap_day_birthday_is_kept)
{
    build_as_of = "2026-02-20";
    put_world();
    put_car(1, "1", "LFV1", "2018-05-01");
    in_state("UPDATE golden SET birth_date = '1980-02-29'");
    build_view();
    expect_rows("SELECT type, due_on, reason FROM open_lead WHERE type = 'birthday'",
                "birthday|2026-02-28|46 years old");
}

static void put_request(const char *number, const char *at, const char *timeframe,
                        const char *dealer)
{
    char sql[400];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_lead(source_id, source_key, customer_key, number, requested_at,"
             " interest, model, timeframe, dealer, status) VALUES (9, '%s', '7', '%s', '%s', 'buy',"
             " 'Golf', '%s', '%s', 'new')",
             number, number, at, timeframe, dealer);
    in_state(sql);
}

/* Asked at 23:30 on the 29th, to buy within 3 months: to be contacted by 23:30 on 1 July, in the
 * local time of the asking. */
Test(view_lead, an_intent_within_three_months_is_contacted_within_48_hours)
{
    put_customer(9, "7", 7, "赵敏", "13900139007");
    put_request("L1", "2026-06-29T23:30:00", "3 months", "D02");
    build_view();
    expect_rows("SELECT type, subject, dealer, due_on, contact_by FROM open_lead",
                "new_car_intent|L1|D02|2026-07-01|2026-07-01T23:30:00");
    expect_rows("SELECT golden_id, channel, contact_value, dealer, plan_on, contact_by"
                " FROM contact_plan",
                "G7|phone|13900139007|D02|2026-07-01|2026-07-01T23:30:00");
}

/* Monthly, quarterly, half-yearly from the request or from the last contact; after 12 months quiet.
 */
Test(view_lead, prospects_are_contacted_by_their_intent)
{
    static const struct {
        const char *at;
        const char *timeframe;
        const char *wanted;
    } cases[] = {
        {"2026-06-05T10:00:00", "3 months", "prospect_contact|2026-07-05"},
        {"2026-04-05T10:00:00", "6 months", "prospect_contact|2026-07-05"},
        {"2026-01-05T10:00:00", "12 months", "prospect_contact|2026-07-05"},
        {"2026-01-05T10:00:00", "", "prospect_contact|2026-07-05"},
        {"2026-03-05T10:00:00", "12 months", ""}, /* half a year later is in September */
        {"2025-06-29T10:00:00", "3 months", "dormant_prospect|2026-06-30"},
        {"2025-06-30T10:00:00", "3 months", "prospect_contact|2026-06-30"},
    };
    put_customer(9, "7", 7, "赵敏", "13900139007");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        in_state("DELETE FROM record_lead");
        put_request("L1", cases[i].at, cases[i].timeframe, "D02");
        build_view();
        const char *found = view_rows("SELECT type, due_on FROM open_lead");
        cr_assert_str_eq(found, cases[i].wanted, "%zu: %s", i, found);
    }
    /* A contact on 2026-06-20 puts the next one off: a month later is beyond the 14 days. */
    in_state("INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
             " VALUES (6, '1', '13900139007', 'phone', '2026-06-20T10:00:00')");
    build_view();
    expect_rows("SELECT count(*) FROM open_lead", "0");
}

/* The same interest at a second dealer 30 days later is the same request, 31 days later another. */
Test(view_lead, a_request_at_several_dealers_is_one)
{
    put_customer(9, "7", 7, "赵敏", "13900139007");
    put_request("L1", "2026-05-30T10:00:00", "3 months", "D01");
    put_request("L2", "2026-06-29T09:00:00", "3 months", "D02");
    build_view();
    expect_rows("SELECT number, dealer, duplicate_of FROM demand ORDER BY number",
                "L1|D01|- L2|D02|L1");
    expect_rows("SELECT subject, reason FROM contact_plan_lead WHERE reason IS NOT NULL"
                " AND subject = 'L2'",
                "L2|duplicate_request");
    in_state("UPDATE record_lead SET requested_at = '2026-06-30T09:00:00' WHERE number = 'L2'");
    build_view();
    expect_rows("SELECT count(*) FROM demand WHERE duplicate_of IS NOT NULL", "0");
}

/* Open complaints, and those closed within 14 days. */
Test(view_lead, complaints_are_followed_up)
{
    put_world();
    put_car(1, "1", "LFV1", "2018-02-01");
    in_state("INSERT INTO record_complaint(source_id, source_key, case_number, opened_on, vin,"
             " mobile, category, status, closed_on) VALUES"
             " (4, '1', 'CP1', '2026-05-01', 'LFV1', '13800138001', 'service', 'open', NULL),"
             " (4, '2', 'CP2', '2026-05-01', 'LFV1', '13800138001', 'service', 'closed',"
             " '2026-06-16'),"
             " (4, '3', 'CP3', '2026-05-01', 'LFV1', '13800138001', 'service', 'closed',"
             " '2026-06-15')");
    build_view();
    expect_rows("SELECT subject, reason FROM open_lead WHERE type = 'complaint_follow_up'",
                "CP1|service, open since 2026-05-01 CP2|service, closed on 2026-06-16");
}

/* A customer since 2018-07-01 who was there within 9 months, with two cars. */
Test(view_lead, loyal_customers_have_an_anniversary)
{
    put_world();
    put_car(1, "1", "LFV1", "2018-07-01");
    put_car(1, "1", "LFV2", "2019-03-01");
    put_service(1, "1", "LFV1", "2025-09-01", NULL);
    put_service(1, "1", "LFV1", "2026-03-01", NULL);
    put_service(1, "1", "LFV1", "2024-10-01", NULL);
    build_view();
    expect_rows("SELECT type, due_on FROM open_lead WHERE type = 'loyalty'", "loyalty|2026-07-01");
}
