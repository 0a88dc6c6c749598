#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_relation, .init = view_test_open, .fini = view_test_close);

#define ONE "13800138001"
#define TWO "13800138002"

/* A steward's word on the records a and b of D01. */
static void say(const char *kind, const char *about, const char *a, const char *b)
{
    char sql[400];
    snprintf(sql, sizeof(sql),
             "INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a, source_b, key_b,"
             " attribute) VALUES ('2026-06-01T09:00:00', 'lin', '%s', 'D01', '%s', 'D01', '%s',"
             " '%s')",
             kind, a, b, about);
    in_state(sql);
}

#define RELATIONS "SELECT golden_id, other_golden_id, type, evidence FROM relation ORDER BY 1, 2, 3"

/* ---- roles ---- */

/* G1 owned the car from 2020-02-01 to the day when G2 bought it, 2024-05-01. G2 brought it in 2023
 * already, and after the sale; G3 brought it twice, once under each owner. */
Test(view_relation, who_brings_a_car_that_is_another_s_is_its_service_contact)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    put_customer(1, "3", 3, "张强", NULL);
    put_car(1, "1", "LFV1", "2020-02-01");
    put_car(1, "2", "LFV1", "2024-05-01");
    put_service(1, "1", "LFV1", "2022-01-01", "O1");
    put_service(1, "2", "LFV1", "2023-01-01", "O2");
    put_service(1, "2", "LFV1", "2024-05-01", "O3"); /* the day of the sale: the new owner's */
    put_service(1, "3", "LFV1", "2024-04-30", "O4");
    put_service(1, "3", "LFV1", "2025-01-01", "O5");
    build_view();
    expect_rows("SELECT golden_id, role, from_date, to_date, times FROM vehicle_role ORDER BY 1",
                "G2|service_contact|2023-01-01|2023-01-01|1"
                " G3|service_contact|2024-04-30|2025-01-01|2");
    expect_rows("SELECT golden_id, other_golden_id, type, since, times FROM relation"
                " WHERE evidence = 'visits' ORDER BY 1, 2, 3",
                "G1|G2|served_by|2023-01-01|1 G1|G3|served_by|2024-04-30|2"
                " G2|G1|service_contact|2023-01-01|1 G2|G3|served_by|2024-04-30|2"
                " G3|G1|service_contact|2024-04-30|2 G3|G2|service_contact|2024-04-30|2");
    expect_rows("SELECT golden_id, other_golden_id, type, since FROM relation"
                " WHERE evidence = 'sale' ORDER BY 1",
                "G1|G2|former_owner|2024-05-01 G2|G1|later_owner|2024-05-01");
}

/* Of an organisation's car it is the driver. */
Test(view_relation, who_brings_an_organisation_s_car_drives_it)
{
    put_customer(1, "1", 1, "上海运输有限公司", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    in_state("UPDATE golden SET type = 'organisation' WHERE golden_number = 1");
    put_car(1, "1", "LFV1", "2020-02-01");
    put_service(1, "2", "LFV1", "2023-01-01", "O2");
    build_view();
    expect_rows("SELECT golden_id, role FROM vehicle_role", "G2|driver");
    expect_rows(RELATIONS, "G1|G2|driven_by|visits G2|G1|driver|visits");
}

/* G2 pays for G1's car in two contracts, one without an end; G1 has insured it. Warranties name no
 * role. */
Test(view_relation, contracts_tell_who_pays_and_who_is_insured)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    in_state("UPDATE record_customer SET id_key = 'K' || source_key");
    put_car(1, "1", "LFV1", "2020-02-01");
    in_state("INSERT INTO record_contract(source_id, source_key, number, type, vin, id_key,"
             " starts_on, ends_on) VALUES"
             " (7, 'a', 'F1', 'finance', 'LFV1', 'K2', '2020-02-01', '2022-02-01'),"
             " (7, 'b', 'F2', 'finance', 'LFV1', 'K2', '2022-02-01', NULL),"
             " (8, 'c', 'I1', 'insurance', 'LFV1', 'K1', '2025-02-01', '2026-02-01'),"
             " (8, 'd', 'W1', 'warranty', 'LFV1', 'K1', '2025-02-01', '2026-02-01')");
    build_view();
    expect_rows("SELECT golden_id, role, from_date, to_date, times FROM vehicle_role ORDER BY 1",
                "G1|insured|2025-02-01|2026-02-01|1 G2|payer|2020-02-01|-|2");
}

/* ---- relations ---- */

Test(view_relation, a_person_with_an_organisation_s_number_works_there)
{
    put_customer(1, "1", 1, "上海运输有限公司", ONE);
    put_customer(1, "2", 2, "李娜", ONE);
    in_state("UPDATE golden SET type = 'organisation' WHERE golden_number = 1");
    build_view();
    expect_rows(RELATIONS, "G1|G2|employer|number G2|G1|employee|number");
    say("no_relation", "employer", "2", "1");
    build_view();
    expect_rows(RELATIONS, "");
}

/* Nothing but the steward's word ties the two; it is theirs in whichever order it was said. */
Test(view_relation, an_accepted_household_is_one)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    say("relation", "household", "2", "1");
    build_view();
    expect_rows("SELECT golden_id, household_id, evidence FROM household ORDER BY 1",
                "G1|G1|steward G2|G1|steward");
    expect_rows("SELECT golden_id, household_id FROM customer_value ORDER BY 1", "G1|G1 G2|G1");
    expect_rows(RELATIONS, "G1|G2|household|steward G2|G1|household|steward");
}

Test(view_relation, a_refused_household_is_none)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", ONE);
    build_view();
    expect_rows("SELECT golden_id, household_id, evidence FROM household ORDER BY 1",
                "G1|G1|contact G2|G1|contact");
    say("no_relation", "household", "1", "2");
    build_view();
    expect_rows("SELECT count(*) FROM household", "0");
    in_state("UPDATE golden SET address = '上海市徐汇区漕溪路12号301室'");
    build_view();
    expect_rows("SELECT count(*) FROM household", "0");
}

/* Taken back, not confirmed by a second steward, over, or replaced by a later word. */
Test(view_relation, a_word_that_does_not_hold_relates_nobody)
{
    static const char *const ends[] = {
        "UPDATE decision SET undone = 1",
        "UPDATE decision SET confirmed = 0",
        "UPDATE decision SET until = '2026-06-29'",
        ("INSERT INTO decision(kind, source_a, key_a, source_b, key_b, attribute)"
         " VALUES ('no_relation', 'D01', '2', 'D01', '1', 'household')"),
    };
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 2, "李娜", TWO);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        in_state("DELETE FROM decision");
        say("relation", "household", "1", "2");
        in_state(ends[i]);
        build_view();
        const char *rows = view_rows("SELECT (SELECT count(*) FROM household)"
                                     " + (SELECT count(*) FROM relation)");
        cr_assert_str_eq(rows, "0", "%zu: %s", i, rows);
    }
}

/* The two records became one customer: nobody lives with themselves. */
Test(view_relation, a_word_on_records_that_were_merged_says_nothing)
{
    put_customer(1, "1", 1, "王伟", ONE);
    put_customer(1, "2", 1, "王伟", ONE);
    say("relation", "household", "1", "2");
    build_view();
    expect_rows("SELECT count(*) FROM relation_decision", "0");
}
