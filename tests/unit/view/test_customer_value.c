#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void close_test(void)
{
    build_as_of = "2026-06-30";
    view_test_close();
}

TestSuite(view_value, .init = view_test_open, .fini = close_test);

static void put_person(int number)
{
    char key[16];
    snprintf(key, sizeof(key), "%d", number);
    put_customer(1, key, number, "王伟", NULL);
}

/* Customer N with a car bought on a day, and visits on up to three. */
static void put_history(int number, const char *bought, const char *const visits[3])
{
    char key[16];
    char vin[16];
    put_person(number);
    snprintf(key, sizeof(key), "%d", number);
    snprintf(vin, sizeof(vin), "LFV%d", number);
    put_car(1, key, vin, bought);
    for (int i = 0; i < 3 && visits[i]; i++)
        put_service(1, key, vin, visits[i], NULL);
}

/* As of 2026-06-30: new since 2025-07-01, active since 2025-09-30, lost before 2025-06-30. */
Test(view_value, the_stage_changes_on_the_day)
{
    static const struct {
        const char *bought;
        const char *visits[3];
        const char *stage;
    } people[] = {
        /* Exactly 12 months ago is not lost yet, a day earlier is. */
        {"2018-01-01", {"2025-06-30"}, "at_risk"},
        {"2018-01-01", {"2025-06-29"}, "lost"},
        /* Exactly 9 months ago is active; the visit before was less than 12 months earlier. */
        {"2018-01-01", {"2025-03-01", "2025-09-30"}, "active"},
        {"2018-01-01", {"2025-03-01", "2025-09-29"}, "at_risk"},
        /* Bought within 12 months, not 12 months ago. */
        {"2025-07-01", {NULL}, "new"},
        {"2025-06-30", {NULL}, "at_risk"},
        /* Away for more than 12 months, and exactly 12 months. */
        {"2018-01-01", {"2024-01-10", "2026-01-11"}, "won_back"},
        {"2018-01-01", {"2025-03-05", "2026-03-05"}, "active"},
        {"2018-01-01", {"2025-03-05", "2026-03-06"}, "won_back"},
        /* A car without a date and without a visit. */
        {NULL, {NULL}, "lost"},
        /* A visit dated after today (a clock in another time zone) does not count. */
        {"2018-01-01", {"2026-07-01"}, "lost"},
    };
    enum { COUNT = sizeof(people) / sizeof(people[0]) };
    for (int i = 0; i < COUNT; i++)
        put_history(i + 1, people[i].bought, people[i].visits);
    put_person(COUNT + 1);
    build_view();
    for (int i = 0; i < COUNT; i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "SELECT stage FROM customer_value WHERE golden_id = 'G%d'",
                 i + 1);
        cr_assert_str_eq(view_rows(sql), people[i].stage, "case %d: %s, not %s", i, view_rows(sql),
                         people[i].stage);
    }
    /* The customer with no car and no visit. */
    expect_rows("SELECT stage, first_activity_on, rfm, clv_historic, clv_expected, home_dealer"
                " FROM customer_value WHERE golden_id = 'G12'",
                "prospect|-|111|0.0|0.0|-");
}

/* As of 2024-02-29 twelve months ago is 2023-02-28, for 2023 has no 29th. */
Test(view_value, twelve_months_before_a_leap_day_is_the_last_of_february)
{
    static const char *const on_the_day[3] = {"2023-02-28"};
    static const char *const before[3] = {"2023-02-27"};
    build_as_of = "2024-02-29";
    put_history(1, "2018-01-01", on_the_day);
    put_history(2, "2018-01-01", before);
    build_view();
    expect_rows("SELECT golden_id, stage FROM customer_value", "G1|at_risk G2|lost");
}

/* A car for 200000 in 2018 and three visits of 500, all within 36 months, the last on 2026-03-01:
 * recency 4 (within 6 months), frequency 3 (2 to 3 visits), monetary 1 (below 2000).
 * Historic: 0.06 * 200000 + 0.4 * 1500 = 12600. Expected: active, r = 0.8, d = 0.1: factor
 * 1/1.1 + 0.8/1.21 + 0.64/1.331 + 0.512/1.4641 + 0.4096/1.61051 = 2.655122; a year's contribution
 * 0.4 * 1500 / 3 + 0.06 * 200000 / 6 = 2200; 2200 * 2.655122 = 5841.27. */
Test(view_value, rfm_and_lifetime_value_follow_their_formulas)
{
    static const char *const visits[3] = {"2025-05-01", "2025-12-01", "2026-03-01"};
    put_history(1, "2018-01-01", visits);
    in_state("UPDATE record_ownership SET price = 200000");
    build_view();
    expect_rows("SELECT stage, sales, visits, spent_sales, spent_service, recent_spent, recency,"
                " frequency, monetary, rfm, clv_historic, clv_expected, home_dealer"
                " FROM customer_value",
                "active|1|3|200000.0|1500.0|1500.0|4|3|1|431|12600.0|5841.27|D01");
    expect_rows("SELECT clv_factor FROM stage WHERE stage = 'active'", "2.655122");
}

/* Known for a quarter of a year only: the year's share is not blown up beyond what was spent. */
Test(view_value, whoever_is_new_counts_as_known_for_a_year)
{
    static const char *const visits[3] = {"2026-06-01"};
    put_history(1, "2026-04-01", visits);
    build_view();
    /* new, r = 0.85: factor 2.897976; 0.4 * 500 / 1 = 200; no price, no share of a next car. */
    expect_rows("SELECT stage, clv_expected FROM customer_value", "new|579.6");
}

/* One visit of 500. Known for twelve months to the day: a year's share is all of it, 0.4 * 500 =
 * 200. A day longer: 13 months are begun, 200 * 12 / 13 = 184.62. Both are active, factor 2.655122.
 */
Test(view_value, months_that_have_begun_count_as_known)
{
    static const char *const visits[3] = {"2026-06-01"};
    put_history(1, "2025-06-30", visits);
    put_history(2, "2025-06-29", visits);
    build_view();
    expect_rows("SELECT golden_id, stage, clv_expected FROM customer_value",
                "G1|active|531.02 G2|active|490.18");
}

/* G1 and G2 share an address with a number, G2 and G3 a landline, G4 an address without a number,
 * G5 lives alone. Four at one address (contact_shared_from) are no household. */
Test(view_value, households_share_an_address_or_a_number)
{
    for (int i = 1; i <= 9; i++)
        put_person(i);
    in_state(
        "UPDATE golden SET address = '上海市徐汇区漕溪路12号301室' WHERE golden_number IN (1, 2);"
        "UPDATE golden SET address = '上海市' WHERE golden_number IN (4, 5);"
        "UPDATE golden SET address = '上海市浦东新区1号' WHERE golden_number > 5;"
        "UPDATE golden SET landline = '021-62345678' WHERE golden_number IN (2, 3);"
        "UPDATE record_customer SET landline = '021-62345678' WHERE source_key IN ('2', '3')");
    build_view();
    expect_rows("SELECT golden_id, household_id, evidence FROM household ORDER BY 1",
                "G1|G1|address G2|G1|address G3|G1|contact");
    expect_rows("SELECT household_id FROM customer_value WHERE golden_id IN ('G3', 'G5')", "G1 G5");
}
