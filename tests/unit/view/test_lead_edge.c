#include "cust360/base/buffer.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(view_lead_edge, .init = view_test_open, .fini = view_test_close);

#define ONE "13800138001"
#define TWO "13800138002"

#define LEADS "SELECT golden_id, type, due_on FROM open_lead WHERE type IN "

static void put_contract(int golden, const char *type, const char *starts, const char *ends)
{
    char sql[400];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_contract(source_id, source_key, number, type, vin, id_key,"
             " starts_on, ends_on) SELECT 7, 'k' || count(*), 'N' || count(*), '%s', 'LFV1', 'K%d',"
             " '%s', '%s' FROM record_contract",
             type, golden, starts, ends);
    in_state(sql);
}

/* G1 sold the car to G2 on 2024-05-01. What G1 still pays off and had insured is not G2's business;
 * the extended warranty goes with the car, and so is no lead for one that ends later. */
Test(view_lead_edge, a_resold_car_brings_its_new_owner_s_leads_only)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    in_state("UPDATE record_customer SET id_key = 'K' || source_key");
    put_car(1, "1", "LFV1", "2023-08-20");
    put_car(1, "2", "LFV1", "2024-05-01");
    put_contract(1, "finance", "2023-08-20", "2026-08-20");
    put_contract(1, "insurance", "2023-08-20", "2026-07-20");
    build_view();
    expect_rows(LEADS "('finance_maturity', 'insurance_renewal')", "");
    expect_rows(LEADS "('extended_warranty')", "G2|extended_warranty|2026-08-20");
    put_contract(2, "finance", "2024-05-01", "2026-09-01");
    put_contract(1, "warranty", "2023-08-20", "2027-08-20");
    build_view();
    expect_rows(LEADS "('finance_maturity', 'insurance_renewal')",
                "G2|finance_maturity|2026-09-01");
    expect_rows(LEADS "('extended_warranty')", "");
    expect_rows("SELECT count(*) FROM open_lead WHERE golden_id = 'G1'", "0");
}

/* A month after 31 January is 28 February, half a year before it was 31 July; in SQLite's own
 * reckoning a month after 31 January is 3 March. */
Test(view_lead_edge, terms_that_end_with_the_month_end_there)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2020-01-31");
    in_state("INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
             " months) VALUES (7, 'a', 'A', 'finance', 'LFV1', '2026-01-31', 1),"
             " (7, 'b', 'B', 'finance', 'LFV1', '2024-01-31', 1),"
             " (7, 'c', 'C', 'finance', 'LFV1', '2025-08-31', 13)");
    build_view();
    expect_rows("SELECT number, ends_on FROM contract ORDER BY number",
                "A|2026-02-28 B|2024-02-29 C|2026-09-30");
}

/* Asked on 31 May, within three months: contacted again each month, so on 30 June, its last day. */
Test(view_lead_edge, a_prospect_of_the_31st_is_contacted_on_the_last_of_june)
{
    put_customer(9, "1", 1, "王伟", ONE);
    in_state("INSERT INTO record_lead(source_id, source_key, customer_key, number, requested_at,"
             " timeframe, interest) VALUES (9, 'a', '1', 'L1', '2026-05-31T10:00:00', '3', 'buy')");
    build_view();
    expect_rows("SELECT type, due_on FROM open_lead", "prospect_contact|2026-06-30");
}

/* 36 months before 29 February 2028 was 28 February 2025: that visit still counts, the one of the
 * day before does not. */
Test(view_lead_edge, on_a_leap_day_months_go_back_to_the_last_of_february)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "1", "LFV2", "2020-05-01");
    put_service(1, "1", "LFV1", "2025-02-28", "O1");
    put_service(1, "1", "LFV2", "2025-02-27", "O2");
    build_as_of = "2028-02-29";
    build_view();
    build_as_of = "2026-06-30";
    expect_rows("SELECT subject FROM open_lead WHERE type = 'win_back'", "LFV1");
}

/* The same state as of two days: the policy ends on 2026-07-20, and is a lead for 60 days before.
 */
Test(view_lead_edge, leads_are_those_of_the_day)
{
    put_customer(1, "1", 1, "王伟", ONE);
    in_state("UPDATE record_customer SET id_key = 'K' || source_key");
    put_car(1, "1", "LFV1", "2019-02-01");
    put_contract(1, "insurance", "2025-07-20", "2026-07-20");
    build_as_of = "2026-05-20";
    build_view();
    expect_rows(LEADS "('insurance_renewal')", "");
    build_as_of = "2026-05-21";
    build_view();
    build_as_of = "2026-06-30";
    expect_rows(LEADS "('insurance_renewal')", "G1|insurance_renewal|2026-07-20");
}

/* D01 has left the group. G1 was at D02 before, which gets the leads; nobody else knows G2. */
Test(view_lead_edge, leads_of_a_dealer_that_has_left_go_to_another)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    put_customer(2, "8", 1, "王伟", ONE);
    in_state("UPDATE record_customer SET id_key = 'K' || source_key");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "2", "LFV2", "2020-05-01");
    put_service(2, "8", "LFV1", "2023-01-01", "O0");
    put_service(1, "1", "LFV1", "2024-01-01", "O1");
    put_service(1, "2", "LFV2", "2024-01-01", "O2");
    build_view();
    expect_rows("SELECT subject, dealer FROM open_lead WHERE type = 'win_back' ORDER BY 1",
                "LFV1|D01 LFV2|D01");
    in_state("UPDATE source SET status = 'left' WHERE name = 'D01'");
    build_view();
    expect_rows("SELECT subject, dealer FROM open_lead WHERE type = 'win_back' ORDER BY 1",
                "LFV1|D02 LFV2|-");
}

/* The group's own terms: a car is bought back after two years, not three. The purchase was two
 * years before 2026-07-05, which is within anniversary_days. */
Test(view_lead_edge, the_terms_are_those_of_view_yaml)
{
    struct view_result result;
    struct error error;
    struct buffer command = BUFFER_EMPTY;
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2024-07-05");
    build_view();
    expect_rows(LEADS "('buy_back')", "");
    buffer_format(&command,
                  "cp -r mappings/view '%s' && mkdir '%s' && cp mappings/reference/ahp_ri.csv '%s'"
                  " && sed -i 's/^  buy_back_years: 3$/  buy_back_years: 2/' '%s'",
                  in_folder("view"), in_folder("reference"), in_folder("reference"),
                  in_folder("view/view.yaml"));
    cr_assert_eq(system(command.data), 0);
    buffer_release(&command);
    cr_assert(build_from(in_folder("view"), &result, &error), "%s", error.message);
    expect_rows(LEADS "('buy_back')", "G1|buy_back|2026-07-05");
}

/* Who was erased is nobody's customer: no lead, no contact, no car of theirs; the number stays
 * suppressed. */
Test(view_lead_edge, whoever_was_erased_is_left_alone)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_car(1, "1", "LFV1", "2019-02-01");
    put_contract(1, "insurance", "2025-07-20", "2026-07-20");
    in_state("INSERT INTO record_consent(source_id, source_key, mobile, decision, decided_at)"
             " VALUES (6, 'd', '" ONE "', 'withdrawn', '2025-01-01T00:00:00')");
    build_view();
    expect_rows("SELECT type, reason FROM contact_plan_lead WHERE type = 'insurance_renewal'",
                "insurance_renewal|opted_out");
    in_state("DELETE FROM crosswalk; DELETE FROM golden; DELETE FROM record_customer;");
    build_view();
    expect_rows("SELECT (SELECT count(*) FROM open_lead) + (SELECT count(*) FROM contact_plan)"
                " + (SELECT count(*) FROM ownership)",
                "0");
    expect_rows("SELECT contact_value FROM suppression", ONE);
}
