#include "support.h"

#include <criterion/criterion.h>

TestSuite(view_derived, .init = view_test_open, .fini = view_test_close);

/* G1 has two cars and has sold a third to G2. The newest car is the Golf of 2022. */
static void put_world(void)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", NULL);
    put_car(1, "1", "LFV1", "2018-01-01");
    put_car(1, "2", "LFV1", "2021-03-01");
    put_car(1, "1", "LFV2", "2019-05-01");
    put_car(1, "1", "LFV3", "2022-07-01");
    in_state("UPDATE record_ownership SET model = 'Bora' WHERE vin = 'LFV2'");
    put_service(1, "1", "LFV2", "2023-01-01", NULL);
    put_service(1, "1", "LFV3", "2025-02-03", NULL);
    in_state("UPDATE record_service SET odometer_km = 31000 WHERE vin = 'LFV3'");
}

Test(view_derived, the_precall_line_has_what_a_caller_needs)
{
    put_world();
    in_state("INSERT INTO record_complaint(source_id, source_key, case_number, opened_on, vin,"
             " mobile, category, status, closed_on) VALUES"
             " (4, '1', 'CP1', '2025-03-01', 'LFV3', '13800138001', 'service', 'closed',"
             " '2025-03-09'),"
             " (4, '2', 'CP2', '2026-05-01', 'LFV3', '13800138001', 'quality', 'open', NULL);"
             "INSERT INTO record_consent(source_id, source_key, mobile, channel, purpose,"
             " decision, decided_at) VALUES"
             " (6, '1', '13800138001', 'phone', 'marketing', 'granted', '2024-01-01T00:00:00'),"
             " (6, '2', '13800138001', 'sms', 'service', 'granted', '2024-01-01T00:00:00')");
    build_view();
    expect_rows("SELECT golden_id, name, mobile, models, cars_owned, purchase_date, vin FROM"
                " precall WHERE golden_id = 'G1'",
                "G1|王伟|13800138001|Golf, Bora|2|2022-07-01|LFV3");
    expect_rows("SELECT complaints, complaints_open, complaint_history FROM precall"
                " WHERE golden_id = 'G1'",
                "2|1|2026-05-01 quality open; 2025-03-01 service closed");
    expect_rows("SELECT last_service_on, last_service_dealer, last_service_km, may_call,"
                " may_message FROM precall WHERE golden_id = 'G1'",
                "2025-02-03|D01|31000|1|0");
}

Test(view_derived, every_customer_has_one_precall_line)
{
    put_world();
    put_customer(1, "9", 9, "赵敏", NULL);
    build_view();
    expect_rows("SELECT golden_id, models, cars_owned, complaints, last_service_on, may_call"
                " FROM precall WHERE golden_id <> 'G1' ORDER BY golden_id",
                "G2|Golf|1|0|-|0 G9|-|0|0|-|0");
}

/* The run counts; the view takes each source's last good run and shows its shares. */
Test(view_derived, data_quality_is_of_the_last_good_run)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "1", 4, "钱多", NULL);
    in_state("UPDATE source SET last_good_run = 1 WHERE name = 'D01';"
             "UPDATE source SET last_good_run = 2 WHERE name = 'D02';"
             "INSERT INTO data_quality_run VALUES"
             " (1, 1, 'customer', 'mobile', 3, 2, 1, 1, 1, 2),"
             " (1, 1, 'ownership', 'vin', 1, 0, 0, 0, 0, 0),"
             " (1, 2, 'customer', 'mobile', 9, 9, 0, 0, 0, 0),"
             " (2, 2, 'customer', 'mobile', 1, 0, 0, 0, 0, 0)");
    build_view();
    expect_rows("SELECT dealer, rows, filled, valid, repaired, warned, refused, shared,"
                " filled_share, valid_share, repaired_share, refused_share, shared_share"
                " FROM data_quality WHERE field = 'mobile' ORDER BY dealer",
                "D01|3|2|1|1|1|1|2|0.6667|0.3333|0.3333|0.3333|0.6667"
                " D02|1|0|0|0|0|0|0|0.0|0.0|0.0|0.0|0.0");
    expect_rows("SELECT dealer, customers, records, cars, services FROM dealer"
                " WHERE dealer < 'D03' ORDER BY dealer",
                "D01|1|3|1|0 D02|1|1|0|0");
    expect_rows("SELECT run_id, dealer, rows, valid, shared FROM data_quality_trend"
                " WHERE field = 'mobile' ORDER BY run_id, dealer",
                "1|D01|3|1|2 1|D02|9|9|0 2|D02|1|0|0");
}

/* ---- who is who ---- */

Test(view_derived, the_crosswalk_lists_every_record)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "7", 1, "王 伟", NULL);
    in_state("UPDATE record_customer SET closed_run = 2 WHERE source_key = '7'");
    build_view();
    expect_rows("SELECT golden_id, source, source_key, name, first_seen, closed_on, file, line"
                " FROM customer_source ORDER BY source",
                "G1|D01|1|王伟|2026-06-29|-|a.csv|2 G1|D02|7|王 伟|2026-06-29|2026-06-30|a.csv|2");
    expect_rows("SELECT golden_id, sources, records, first_seen, last_changed FROM customer",
                "G1|1|2|2026-06-29|2026-06-30");
}

/* Columns of one choice (the name and what is derived of it) are one line. */
Test(view_derived, provenance_names_the_record_and_the_rule)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "7", 1, "王伟", NULL);
    in_state("INSERT INTO golden_choice(golden_number, choice, record_id, rule) VALUES"
             " (1, 0, 1, 'agreed'), (1, 1, 2, 'frequent'), (1, 4, NULL, 'steward')");
    build_view();
    expect_rows("SELECT attribute, source, source_key, rule FROM customer_provenance ORDER BY 1",
                "id_number|-|-|steward name|D02|7|frequent type|D01|1|agreed");
}

Test(view_derived, ids_and_open_questions_are_there)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "王玮", "13800138001");
    in_state("INSERT INTO golden_alias(golden_id, becomes) VALUES ('G7', 'G1');"
             "INSERT INTO golden_history VALUES (1, '2026-06-29', 'G7', 'issued', NULL),"
             " (2, '2026-06-30', 'G7', 'merged_into', 'G1');"
             "INSERT INTO possible_match(record_a, record_b, weight, probability, reason)"
             " VALUES (1, 2, 6.5, 0.93, 'homophone')");
    build_view();
    expect_rows("SELECT golden_id, becomes FROM golden_alias", "G7|G1");
    expect_rows("SELECT golden_id, event, other_id FROM golden_history ORDER BY run_id",
                "G7|issued|- G7|merged_into|G1");
    expect_rows("SELECT golden_a, golden_b, weight_bits, reason, source_a, key_b FROM"
                " possible_match",
                "G1|G2|6.5|homophone|D01|2");
}

/* Two cars of a model bought on one day: it is said once, and the VIN does not depend on the order
 * of the records. */
Test(view_derived, of_two_equal_cars_the_sheet_names_one)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_car(1, "1", "LFV2", "2021-05-01");
    put_car(1, "1", "LFV1", "2021-05-01");
    put_car(1, "1", "LFV0", "2020-05-01");
    build_view();
    expect_rows("SELECT models, cars_owned, purchase_date, vin FROM precall",
                "Golf|3|2021-05-01|LFV1");
}
