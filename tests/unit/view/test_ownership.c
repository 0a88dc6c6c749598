#include "support.h"

#include <criterion/criterion.h>

TestSuite(view_ownership, .init = view_test_open, .fini = view_test_close);

/* What most tests ask. */
static const char who_had_it[] = "SELECT golden_id, from_date, to_date, role FROM ownership"
                                 " ORDER BY vin, from_date, golden_id";

Test(view_ownership, one_record_makes_an_owner)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", "2020-05-01");
    build_view();
    expect_rows(who_had_it, "G1|2020-05-01|-|owner");
    expect_rows("SELECT vin, owner_golden_id, owned_since, owners, model FROM vehicle",
                "LFV1|G1|2020-05-01|1|Golf");
    expect_rows("SELECT cars_owned, cars_ever FROM customer", "1|1");
}

/* Bought by G1 in 2018 and by G2 in 2021: since 2021 G2 has it. */
Test(view_ownership, a_later_sale_ends_the_former_ownership)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "2", "LFV1", "2021-03-01");
    put_car(1, "1", "LFV1", "2018-01-01");
    build_view();
    expect_rows(who_had_it, "G1|2018-01-01|2021-03-01|former_owner G2|2021-03-01|-|owner");
    expect_rows("SELECT owner_golden_id, owned_since, owners, first_sold_on FROM vehicle",
                "G2|2021-03-01|2|2018-01-01");
    expect_rows("SELECT golden_id, cars_owned, cars_ever FROM customer", "G1|0|1 G2|1|1");
    expect_rows("SELECT evidence FROM ownership WHERE golden_id = 'G1'",
                "later sale to another customer");
}

/* The same sale under two numbers of one customer, and again at another dealer. */
Test(view_ownership, records_of_one_customer_make_one_ownership)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 1, "王伟", "13800138001");
    put_customer(2, "7", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "2", "LFV1", "2020-05-01");
    put_car(2, "7", "LFV1", "2020-05-04");
    build_view();
    expect_rows(who_had_it, "G1|2020-05-01|-|owner");
    expect_rows("SELECT count(*) FROM event WHERE type = 'sale'", "1");
    expect_rows("SELECT owners FROM vehicle", "1");
}

/* G1 sold it to G2 and bought it back. */
Test(view_ownership, a_car_can_come_back)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2018-01-01");
    put_car(1, "2", "LFV1", "2020-01-01");
    put_car(1, "1", "LFV1", "2022-01-01");
    build_view();
    expect_rows(who_had_it, "G1|2018-01-01|2020-01-01|former_owner "
                            "G2|2020-01-01|2022-01-01|former_owner G1|2022-01-01|-|owner");
    expect_rows("SELECT cars_owned, cars_ever FROM customer WHERE golden_id = 'G1'", "1|1");
}

/* Nobody can say which of the two was later. */
Test(view_ownership, sales_of_one_day_make_joint_owners)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "2", "LFV1", "2020-05-01");
    build_view();
    expect_rows(who_had_it, "G1|2020-05-01|-|owner G2|2020-05-01|-|owner");
    expect_rows("SELECT owner_golden_id, owners FROM vehicle", "-|2");
}

/* Without a date it neither ends G1's ownership nor is ended by it. */
Test(view_ownership, an_undated_record_beside_a_dated_sale_is_unclear)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "2", "LFV1", NULL);
    build_view();
    expect_rows(who_had_it, "G2|-|-|unclear G1|2020-05-01|-|owner");
    expect_rows("SELECT owner_golden_id FROM vehicle", "G1");
}

Test(view_ownership, an_undated_record_alone_makes_an_owner)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "1", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", NULL);
    put_car(2, "1", "LFV1", NULL);
    build_view();
    expect_rows(who_had_it, "G1|-|-|owner");
    expect_rows("SELECT count(*) FROM event", "0");
}

/* The clerk's VIN was refused; the other record of the same sale has it. A third record has neither
 * plate nor day in common: that is another car. */
Test(view_ownership, a_record_without_vin_is_a_car_only_when_no_other_record_is_it)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", "2020-05-01");
    put_car(1, "1", NULL, "2020-05-01");
    put_car(1, "1", NULL, "2023-05-01");
    build_view();
    expect_rows("SELECT vin, from_date, role FROM ownership ORDER BY from_date",
                "LFV1|2020-05-01|owner -|2023-05-01|owner");
    expect_rows("SELECT cars_owned FROM customer", "2");
}

/* What has left the source's full export counts no more. */
Test(view_ownership, closed_records_do_not_count)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV1", "2020-05-01");
    in_state("UPDATE record_ownership SET closed_run = 2");
    build_view();
    expect_rows(who_had_it, "");
}

/* The newest plate holds; a brand that the newest record lacks comes from an older one. */
Test(view_ownership, a_vehicle_takes_the_newest_value_there_is)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_car(1, "1", "LFV1", "2018-01-01");
    in_state("UPDATE record_ownership SET plate = '苏A11111', brand = '大众', model = 'Bora'");
    put_car(1, "2", "LFV1", "2021-01-01");
    in_state("UPDATE record_ownership SET plate = '苏A22222' WHERE plate IS NULL");
    build_view();
    expect_rows("SELECT plate, brand, model FROM vehicle", "苏A22222|大众|Golf");
}
