#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_event, .init = view_test_open, .fini = view_test_close);

static const char services[] = "SELECT golden_id, date, dealer, number FROM event"
                               " WHERE type = 'service' ORDER BY date, dealer, number";

/* One car of G1, who is known at D01 under the numbers 1 and 2. */
static void put_customer_with_two_numbers(void)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "2", "LFV1", "2020-05-01");
}

/* The same visit stands under both numbers; the one of 2022 under the second only. */
Test(view_event, a_visit_under_two_customer_numbers_counts_once)
{
    put_customer_with_two_numbers();
    put_service(1, "1", "LFV1", "2021-05-01", NULL);
    put_service(1, "2", "LFV1", "2021-05-01", NULL);
    put_service(1, "2", "LFV1", "2022-05-01", NULL);
    build_view();
    expect_rows(services, "G1|2021-05-01|D01|- G1|2022-05-01|D01|-");
    expect_rows("SELECT count(*) FROM event WHERE type = 'sale'", "1");
}

/* The second record of the customer got an order number of its own for the same visit. */
Test(view_event, order_numbers_of_two_customer_numbers_do_not_part_a_visit)
{
    put_customer_with_two_numbers();
    put_service(1, "1", "LFV1", "2021-05-01", "R1");
    put_service(1, "2", "LFV1", "2021-05-01", "R9");
    build_view();
    expect_rows(services, "G1|2021-05-01|D01|R1");
}

/* Two orders on one day under number 1, copied under number 2 with new order numbers: two visits.
 */
Test(view_event, orders_under_one_customer_number_are_two_visits)
{
    put_customer_with_two_numbers();
    put_service(1, "1", "LFV1", "2021-05-01", "R1");
    put_service(1, "1", "LFV1", "2021-05-01", "R2");
    put_service(1, "2", "LFV1", "2021-05-01", "R8");
    put_service(1, "2", "LFV1", "2021-05-01", "R9");
    build_view();
    expect_rows(services, "G1|2021-05-01|D01|R1 G1|2021-05-01|D01|R2");
}

/* Nothing but the odometer tells the two visits apart. */
Test(view_event, visits_that_differ_in_anything_are_two)
{
    put_customer_with_two_numbers();
    put_service(1, "1", "LFV1", "2021-05-01", NULL);
    put_service(1, "2", "LFV1", "2021-05-01", NULL);
    in_state("UPDATE record_service SET odometer_km = 20001 WHERE customer_key = '2'");
    build_view();
    expect_rows("SELECT count(*) FROM event WHERE type = 'service'", "2");
}

/* Equal to the last digit, but of two customers, or at two dealers. */
Test(view_event, visits_of_others_and_elsewhere_are_never_the_same)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_customer(2, "1", 1, "王伟", "13800138001");
    put_service(1, "1", "LFV1", "2021-05-01", NULL);
    put_service(1, "2", "LFV1", "2021-05-01", NULL);
    put_service(2, "1", "LFV1", "2021-05-01", NULL);
    build_view();
    expect_rows(services, "G1|2021-05-01|D01|- G2|2021-05-01|D01|- G1|2021-05-01|D02|-");
}

/* G1 had the car until 2021-03-01. */
Test(view_event, a_visit_without_customer_number_is_of_the_owner_that_day)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2018-01-01");
    put_car(1, "2", "LFV1", "2021-03-01");
    put_service(1, NULL, "LFV1", "2021-02-28", NULL);
    put_service(1, NULL, "LFV1", "2021-03-01", NULL);
    put_service(1, NULL, "LFV9", "2021-03-02", NULL);
    put_service(1, NULL, "LFV1", "2017-03-02", NULL);
    build_view();
    expect_rows(services, "-|2017-03-02|D01|- G1|2021-02-28|D01|- G2|2021-03-01|D01|- "
                          "-|2021-03-02|D01|-");
    expect_rows("SELECT DISTINCT linked_by FROM event WHERE golden_id = 'G2' AND type = 'service'",
                "VIN's owner");
}

Test(view_event, a_lead_is_of_its_prospect_at_the_dealer_asked)
{
    put_customer(9, "L1", 1, "王伟", "13800138001");
    in_state("INSERT INTO record_lead(source_id, source_key, customer_key, number, requested_at,"
             " interest, brand, model, dealer, status) VALUES (9, 'L1', 'L1', 'L1',"
             " '2026-06-01T10:00:00', 'buy', '奥迪', '奥迪A4L', 'D02', 'new')");
    build_view();
    expect_rows("SELECT golden_id, type, date, dealer, number, detail, status, source FROM event",
                "G1|lead|2026-06-01|D02|L1|buy 奥迪 奥迪A4L|new|leads_adf");
}

/* ---- complaints ---- */

/* The car was G1's until 2021-03-01 and is G2's since; G3 has nothing to do with it. */
static void put_car_that_was_sold_on(void)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_customer(1, "3", 3, "赵敏", "13800138003");
    put_car(1, "1", "LFV1", "2018-01-01");
    put_car(1, "2", "LFV1", "2021-03-01");
}

static void put_complaint(const char *values)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_complaint(source_id, source_key, case_number, opened_on, vin,"
             " name, mobile) SELECT 4, count(*), 'CP' || count(*), %s FROM record_complaint",
             values);
    in_state(sql);
}

static const char complaints[] =
    "SELECT number, golden_id, linked_by FROM event WHERE type = 'complaint' ORDER BY number";

Test(view_event, a_complaint_is_of_whom_the_strongest_evidence_names)
{
    put_car_that_was_sold_on();
    put_complaint("'2022-01-01', 'LFV1', '李娜', '13800138002'"); /* CP0: all agrees */
    put_complaint("'2022-01-01', 'LFV1', '王伟', NULL");          /* CP1: the former owner */
    put_complaint("'2020-01-01', 'LFV1', '某人', '13900139000'"); /* CP2: a driver of G1's car */
    put_complaint("'2022-01-01', 'LFV9', '赵敏', '13800138003'"); /* CP3: a car nobody knows */
    put_complaint("'2022-01-01', NULL, '某人', '13800138003'");   /* CP4: only the mobile */
    put_complaint("'2022-01-01', NULL, '赵敏', NULL");            /* CP5: a name is not enough */
    put_complaint("'2022-01-01', 'LFV1', '赵敏', '13800138003'"); /* CP6: mobile and name */
    build_view();
    expect_rows(complaints, "CP0|G2|VIN and mobile CP1|G1|VIN and name CP2|G1|VIN's owner "
                            "CP3|G3|mobile and name CP4|G3|mobile CP5|-|- CP6|G3|mobile and name");
}

/* A family's mobile, and a caller whom nobody knows by name. */
Test(view_event, a_mobile_of_several_customers_alone_links_nobody)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138001");
    put_complaint("'2022-01-01', NULL, '某人', '13800138001'");
    put_complaint("'2022-01-01', NULL, '李娜', '13800138001'");
    build_view();
    expect_rows(complaints, "CP0|-|- CP1|G2|mobile and name");
}
