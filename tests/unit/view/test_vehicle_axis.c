#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void set_day(const char *day)
{
    build_as_of = day;
}

static void close_test(void)
{
    build_as_of = "2026-06-30";
    view_test_close();
}

TestSuite(view_vehicle, .init = view_test_open, .fini = close_test);

/* A visit with an odometer reading; the job is maintenance unless said otherwise. */
static void put_reading(const char *vin, const char *day, int km, const char *job)
{
    char sql[512];
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO record_service(source_id, source_key, customer_key, vin, service_date, job,"
        " amount, odometer_km) SELECT 1, 'r' || count(*), '1', '%s', '%s', '%s', 300, %d"
        " FROM record_service",
        vin, day, job, km);
    in_state(sql);
}

static void put_owner(const char *vin, const char *bought)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_car(1, "1", vin, bought);
}

/* The car was in the workshop on 2021-02-28, sold on 2021-03-01, and in the workshop again: the
 * sale alone changes the owner. */
Test(view_vehicle, a_car_sold_between_two_visits_changes_its_owner_on_the_sale)
{
    put_owner("LFV1", "2018-01-01");
    put_customer(2, "2", 2, "李娜", NULL);
    put_service(1, "1", "LFV1", "2021-02-28", "A");
    put_service(2, "2", "LFV1", "2021-03-02", "B");
    put_car(2, "2", "LFV1", "2021-03-01");
    build_view();
    expect_rows("SELECT vin, changed_on, from_golden_id, to_golden_id, former_dealer, dealer,"
                " owned_from FROM owner_change",
                "LFV1|2021-03-01|G1|G2|D01|D02|2018-01-01");
    expect_rows("SELECT owner_golden_id, owner_changes, visits, dealer FROM vehicle_status",
                "G2|1|2|D02");
}

/* A second visit by somebody else is no sale. */
Test(view_vehicle, a_visit_by_somebody_else_changes_no_owner)
{
    put_owner("LFV1", "2018-01-01");
    put_customer(2, "2", 2, "李娜", NULL);
    put_service(2, "2", "LFV1", "2021-03-02", "B");
    build_view();
    expect_rows("SELECT count(*) FROM owner_change", "0");
    expect_rows("SELECT owner_golden_id, owner_changes FROM vehicle_status", "G1|0");
}

/* The sale of 2018 names 京A11111; the policies of 2022 and 2023 name 京B22222, which therefore
 * holds from 2022-05-01. A policy that names it again begins nothing. */
Test(view_vehicle, plates_follow_one_another)
{
    put_owner("LFV1", "2018-01-01");
    in_state("UPDATE record_ownership SET plate = '京A11111';"
             "INSERT INTO record_contract(source_id, source_key, number, type, vin, plate,"
             " starts_on, ends_on) VALUES"
             " (8, '1', 'P1', 'insurance', 'LFV1', '京A11111', '2021-05-01', '2022-05-01'),"
             " (8, '2', 'P2', 'insurance', 'LFV1', '京B22222', '2022-05-01', '2023-05-01'),"
             " (8, '3', 'P3', 'insurance', 'LFV1', '京B22222', '2023-05-01', '2024-05-01')");
    build_view();
    expect_rows("SELECT from_date, plate, to_date FROM vehicle_plate ORDER BY from_date",
                "2018-01-01|京A11111|2022-05-01 2022-05-01|京B22222|-");
}

/* 10000, 20000, 90000, 30000, 40000: only the 90000 stands out, a slip. 50000, 60000, 15000: two
 * readings are above the last, which is a roll-back. 5000, 800, 9000: the 800 is a slip. */
Test(view_vehicle, readings_that_cannot_be_are_told_apart)
{
    static const struct {
        const char *vin;
        int km[5];
        const char *findings;
    } cars[] = {
        {"LFV1", {10000, 20000, 90000, 30000, 40000}, "2020-03-01|90000|too_high|20000"},
        {"LFV2", {40000, 50000, 60000, 15000, 16000}, "2020-04-01|15000|rollback|60000"},
        {"LFV3", {5000, 800, 9000, 9500, 9500}, "2020-02-01|800|too_low|5000"},
        {"LFV4", {10, 20, 30, 40, 40}, ""},
    };
    put_customer(1, "1", 1, "王伟", "13800138001");
    for (size_t c = 0; c < sizeof(cars) / sizeof(cars[0]); c++) {
        put_car(1, "1", cars[c].vin, "2019-01-01");
        for (int i = 0; i < 5; i++) {
            char day[24];
            snprintf(day, sizeof(day), "2020-0%d-01", i + 1);
            put_reading(cars[c].vin, day, cars[c].km[i], "repair");
        }
    }
    build_view();
    for (size_t c = 0; c < sizeof(cars) / sizeof(cars[0]); c++) {
        char sql[256];
        snprintf(sql, sizeof(sql),
                 "SELECT read_on, odometer_km, kind, before_km FROM odometer_finding"
                 " WHERE vin = '%s'",
                 cars[c].vin);
        expect_rows(sql, cars[c].findings);
    }
    /* After the roll-back of 2020-04-01: 1000 km in 30 days. LFV1: 30000 km in 121 days. */
    expect_rows("SELECT vin, rollbacks, km_per_day FROM vehicle_status WHERE vin < 'LFV3'",
                "LFV1|0|247.9 LFV2|1|33.3");
}

/* 12000 km from 2025-01-01 to 2025-12-27 are 360 days: 33.3 a day. The next 10000 km after the
 * maintenance at 12000 take 300 days: 2026-10-23, before the 12 months (2026-12-27). LFV2 has
 * driven 3600 km in the time, 10 a day: 1000 days; the 12 months are first. */
Test(view_vehicle, the_next_service_is_by_date_or_distance_whichever_is_first)
{
    put_owner("LFV1", "2024-06-01");
    put_car(1, "1", "LFV2", "2024-06-01");
    put_reading("LFV1", "2025-01-01", 0, "repair");
    put_reading("LFV1", "2025-12-27", 12000, "maintenance");
    put_reading("LFV2", "2025-01-01", 0, "repair");
    put_reading("LFV2", "2025-12-27", 3600, "maintenance");
    build_view();
    expect_rows("SELECT vin, km_per_day, next_service_on, next_service_by, next_service_km"
                " FROM vehicle_status",
                "LFV1|33.3|2026-10-23|distance|22000 LFV2|10.0|2026-12-27|date|13600");
}

/* Readings 29 days apart say nothing of the use; 30 do. 30000 km in 30 days are cut to 300 a day.
 */
Test(view_vehicle, use_needs_thirty_days_and_is_kept_in_bounds)
{
    put_owner("LFV1", "2024-06-01");
    put_car(1, "1", "LFV2", "2024-06-01");
    put_reading("LFV1", "2025-01-01", 1000, "repair");
    put_reading("LFV1", "2025-01-30", 2000, "repair");
    put_reading("LFV2", "2025-01-01", 1000, "repair");
    put_reading("LFV2", "2025-01-31", 31000, "repair");
    build_view();
    expect_rows("SELECT vin, km_per_day FROM vehicle_status", "LFV1|- LFV2|300.0");
}

/* A repair does not set the maintenance back, a maintenance does; without any it counts from the
 * sale: 12 months after 2024-02-29 is the last of February, 2025-02-28. */
Test(view_vehicle, only_maintenance_sets_the_next_one_back_and_leap_days_clamp)
{
    put_owner("LFV1", "2024-02-29");
    put_car(1, "1", "LFV2", "2024-02-29");
    put_reading("LFV1", "2024-12-01", 5000, "repair");
    put_reading("LFV2", "2024-12-01", 5000, "maintenance");
    build_view();
    expect_rows("SELECT vin, next_service_on, last_maintenance_on, last_maintenance_km"
                " FROM vehicle_status",
                "LFV1|2025-02-28|-|- LFV2|2025-12-01|2024-12-01|5000");
    expect_rows("SELECT warranty_ends_on, connected_ends_on FROM vehicle_status WHERE vin = 'LFV1'",
                "2027-02-28|2027-02-28");
}

/* 80000 km in 800 days are 100 a day, so 100000 km are there 200 days after 2026-03-12, before the
 * three years. */
Test(view_vehicle, the_warranty_ends_by_distance_when_that_is_first)
{
    put_owner("LFV1", "2024-01-02");
    put_reading("LFV1", "2024-01-02", 0, "repair");
    put_reading("LFV1", "2026-03-12", 80000, "repair");
    build_view();
    expect_rows("SELECT warranty_ends_on, warranty_ends_by FROM vehicle_status",
                "2026-09-28|distance");
}

/* As of 2026-06-30: LFV1, sold 2020-07-01, is due in its sixth year, 2026-07-01; LFV2, sold
 * 2020-06-30, is due today; LFV3, sold 2020-06-29, had its sixth yesterday and is due in the
 * eighth. LFV4 is over ten years old: each year. LFV5 did its sixth on 2026-05-01, up to 90 days
 * early. */
Test(view_vehicle, inspections_are_each_second_year_then_each_year)
{
    put_owner("LFV1", "2020-07-01");
    put_car(1, "1", "LFV2", "2020-06-30");
    put_car(1, "1", "LFV3", "2020-06-29");
    put_car(1, "1", "LFV4", "2013-06-29");
    put_car(1, "1", "LFV5", "2020-07-01");
    put_reading("LFV5", "2026-05-01", 60000, "inspection");
    build_view();
    expect_rows("SELECT vin, inspection_due_on FROM vehicle_status",
                "LFV1|2026-07-01 LFV2|2026-06-30 LFV3|2028-06-29 LFV4|2027-06-29"
                " LFV5|2028-07-01");
}

/* The last running contract of each type; a cancelled policy ends nothing. */
Test(view_vehicle, contracts_tell_the_ends)
{
    put_owner("LFV1", "2024-01-02");
    in_state("INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
             " ends_on, status) VALUES"
             " (8, '1', 'P1', 'insurance', 'LFV1', '2024-01-02', '2025-01-02', NULL),"
             " (8, '2', 'P2', 'insurance', 'LFV1', '2025-01-02', '2026-01-02', 'open'),"
             " (8, '3', 'P3', 'insurance', 'LFV1', '2026-01-02', '2027-01-02', 'cancelled'),"
             " (7, '4', 'F1', 'finance', 'LFV1', '2024-01-02', '2027-01-02', 'overdue'),"
             " (8, '5', 'W1', 'warranty', 'LFV1', '2024-01-02', '2029-01-02', 'open')");
    build_view();
    expect_rows("SELECT insurance_ends_on, finance_ends_on, extended_warranty_ends_on"
                " FROM vehicle_status",
                "2026-01-02|2027-01-02|2029-01-02");
}

/* Sold on 2020-02-29: as of 2022-02-28 the second year ends that day, for 2022 has no 29th; LFV2,
 * sold a day earlier, is due the same day. */
Test(view_vehicle, a_leap_day_has_its_anniversary_on_the_last_of_february)
{
    set_day("2022-02-28");
    put_owner("LFV1", "2020-02-29");
    put_car(1, "1", "LFV2", "2020-02-28");
    build_view();
    expect_rows("SELECT vin, inspection_due_on FROM vehicle_status",
                "LFV1|2022-02-28 LFV2|2022-02-28");
}

/* As of 2026-06-30, sold on 2024-06-10. Visits in this month, 12 and 24 months ago: 1 + 2^12 +
 * 2^24; one that is dated ahead of the month is not there yet. Of the years since the sale the
 * first ends on its anniversary: the visit on the day of the sale is in none, that of 2025-06-10 in
 * the first, the next day's in the second, this month's in the third: 1 + 2 + 4. */
Test(view_vehicle, months_and_years_with_a_visit_are_bits)
{
    static const char *const days[] = {"2024-06-10", "2025-06-10", "2025-06-11", "2026-06-15",
                                       "2026-07-01"};
    put_customer(1, "1", 1, "王伟", NULL);
    put_car(1, "1", "LFV1", "2024-06-10");
    put_car(1, "1", "LFV2", "2024-06-10");
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
        put_service(1, "1", "LFV1", days[i], NULL);
    build_view();
    expect_rows("SELECT visit_months, served_years FROM vehicle_status ORDER BY vin",
                "16781313|7 0|0");
    expect_rows("SELECT vin, seller, first_sold_on FROM vehicle ORDER BY vin",
                "LFV1|D01|2024-06-10 LFV2|D01|2024-06-10");
}

/* As of 2026-06-30: the visit and the resale of 2026-07-01 are not yet; on 2026-07-01 they are. */
Test(view_vehicle, what_is_dated_after_today_does_not_count)
{
    put_owner("LFV1", "2020-01-01");
    put_reading("LFV1", "2026-05-01", 50000, "maintenance");
    put_reading("LFV1", "2026-06-30", 52000, "repair");
    put_reading("LFV1", "2026-07-01", 99000, "maintenance");
    put_customer(2, "2", 2, "李娜", NULL);
    put_car(2, "2", "LFV1", "2026-07-01");
    static const char sql[] = "SELECT visits, last_visit_on, odometer_km, odometer_on,"
                              " last_maintenance_on, last_maintenance_km, visit_months,"
                              " owner_changes FROM vehicle_status";
    set_day("2026-06-30");
    build_view();
    expect_rows(sql, "2|2026-06-30|52000|2026-06-30|2026-05-01|50000|3|0");
    expect_rows("SELECT last_service_on FROM precall WHERE golden_id = 'G1'", "2026-06-30");
    set_day("2026-07-01");
    build_view();
    expect_rows(sql, "3|2026-07-01|99000|2026-07-01|2026-07-01|99000|7|1");
    /* A visit without a day is one all the same. */
    in_state("UPDATE record_service SET service_date = NULL WHERE odometer_km = 99000");
    build_view();
    expect_rows("SELECT visits, last_visit_on FROM vehicle_status", "3|2026-06-30");
}
