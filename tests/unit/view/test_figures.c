#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_figures, .init = view_test_open, .fini = view_test_close);

static void put_answer(const char *sheet, const char *mobile, const char *dealer,
                       const char *indicator, int score)
{
    char sql[400];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_survey(source_id, source_key, answer, mobile, dealer, answered_on,"
             " indicator, score) VALUES (6, '%s|%s', '%s', '%s', '%s', '2026-01-01', '%s', %d)",
             sheet, indicator, sheet, mobile, dealer, indicator, score);
    in_state(sql);
}

/* Two cards of one customer: 4000 + 1500 points are silver from 5000 on; what is left is 5500 -
 * 700. G2 has no points but 5000 prepaid: gold. */
Test(view_figures, the_cards_of_a_customer_count_together)
{
    put_customer(5, "M1", 1, "王伟", "13800138001");
    put_customer(5, "M2", 1, "王伟", "13800138001");
    put_customer(5, "M3", 2, "李娜", "13800138002");
    in_state("INSERT INTO record_membership(source_id, source_key, customer_key, card_number,"
             " joined_on, prepaid, points_earned, points_spent) VALUES"
             " (5, 'M1', 'M1', 'M1', '2024-02-01', 0, 4000, 700),"
             " (5, 'M2', 'M2', 'M2', '2023-02-01', 999, 1500, 0),"
             " (5, 'M3', 'M3', 'M3', '2025-02-01', 5000, 0, NULL)");
    build_view();
    expect_rows("SELECT golden_id, cards, joined_on, prepaid, points_earned, points, level"
                " FROM member_level",
                "G1|2|2023-02-01|999.0|5500|4800|silver G2|1|2025-02-01|5000.0|0|0|gold");
}

/* Of the tree: sales and product are equal, service is worth twice each: 0.25, 0.5, 0.25. Of the
 * product quality counts 0.75 and comfort 0.25. D01 got 8 for the quality of the car and 4 for its
 * comfort: product = 80 * 0.75 + 40 * 0.25 = 70, and nothing else was asked: overall is 70 too. D02
 * got 10 for the quality: 100 (comfort was not asked). In the group quality is 90 and comfort 40:
 * 90 * 0.75 + 40 * 0.25 = 77.5. */
Test(view_figures, satisfaction_is_the_weighted_mean_of_what_was_asked)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_answer("S1", "13800138001", "D01", "product_quality", 8);
    put_answer("S1", "13800138001", "D01", "product_comfort", 4);
    put_answer("S2", "13900139000", "D02", "product_quality", 10);
    build_view();
    expect_rows("SELECT criterion, round(weight, 3) FROM ahp_weight WHERE tree = 'satisfaction'"
                " AND level = 1 ORDER BY 1",
                "product|0.25 sales|0.25 service|0.5");
    expect_rows("SELECT scope, name, criterion, index_value, place FROM satisfaction"
                " WHERE criterion IN ('overall', 'product') ORDER BY scope, name, criterion",
                "dealer|D01|overall|70.0|2 dealer|D01|product|70.0|2"
                " dealer|D02|overall|100.0|1 dealer|D02|product|100.0|1"
                " group|all|overall|77.5|1 group|all|product|77.5|1"
                " stage|prospect|overall|70.0|1 stage|prospect|product|70.0|1");
    expect_rows("SELECT golden_id FROM survey_answer WHERE answer = 'S2'", "-");
}

/* A prospect who was never asked: everything is 0 but satisfaction, 0.5: the score is half its
 * weight, grade E. The other has each criterion full but two: the score is 100 times the weights of
 * the rest. */
Test(view_figures, the_grade_is_the_weighted_sum)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    build_view();
    expect_rows(
        "SELECT g.grade, g.is_vip, abs(g.score - 50 * w.weight) < 0.006 FROM customer_grade g,"
        " ahp_weight w WHERE w.tree = 'grade' AND w.criterion = 'satisfaction'",
        "E|0|1");
    expect_rows("SELECT round(sum(weight), 6), max(consistency_ratio) < 0.1 FROM ahp_weight"
                " WHERE tree = 'grade'",
                "1.0|1");
    /* Three cars bought this year for 300000 and eight visits; no card, never asked. */
    for (int i = 0; i < 3; i++) {
        char vin[24];
        snprintf(vin, sizeof(vin), "LFV%d", i);
        put_car(1, "1", vin, "2026-05-01");
    }
    in_state("UPDATE record_ownership SET price = 300000");
    for (int i = 1; i < 9; i++) {
        char day[24];
        snprintf(day, sizeof(day), "2026-06-0%d", i);
        put_service(1, "1", "LFV1", day, NULL);
    }
    build_view();
    /* Expected: new, 2.897976 * (0.4 * 4000 + 0.06 * 300000 / 6) = 13330.69, over 40000: 0.3333. */
    expect_rows(
        "SELECT expected_value, recency, frequency, spending, cars, membership, satisfaction"
        " FROM customer_grade",
        "0.3333|1.0|1.0|1.0|1.0|0.0|0.5");
    expect_rows("SELECT abs(g.score - (SELECT 100 * sum(weight * CASE criterion"
                " WHEN 'expected_value' THEN 0.3333 WHEN 'membership' THEN 0"
                " WHEN 'satisfaction' THEN 0.5 ELSE 1 END) FROM ahp_weight WHERE tree = 'grade'))"
                " < 0.006 FROM customer_grade g",
                "1");
}

/* An organisation with five cars. Sales of 400000 a year ago or less bring 24000, visits of 20000
 * bring 8000: 32000, strategic from 30000 on. The year before: a sale of 100000, 6000. One of two
 * contracts is overdue: credit C, and an account that does not pay is not strategic. */
Test(view_figures, fleets_are_rated_by_what_they_bring_and_how_they_pay)
{
    put_customer(1, "1", 1, "上海远行汽车租赁有限公司", "13800138001");
    in_state("UPDATE golden SET type = 'organisation'");
    for (int i = 0; i < 5; i++) {
        char vin[24];
        snprintf(vin, sizeof(vin), "LFV%d", i);
        put_car(1, "1", vin, i == 0 ? "2025-06-30" : "2025-07-01");
    }
    put_service(1, "1", "LFV1", "2026-01-01", NULL);
    in_state(
        "UPDATE record_ownership SET price = 100000; UPDATE record_service SET amount = 20000;"
        "INSERT INTO record_contract(source_id, source_key, number, type, vin, name, starts_on,"
        " ends_on, status) VALUES (7, '1', 'F1', 'finance', 'LFV1', '上海远行汽车租赁有限公司',"
        " '2025-07-01', '2027-07-01', 'open'), (7, '2', 'F2', 'finance', 'LFV2',"
        " '上海远行汽车租赁有限公司', '2025-07-01', '2027-07-01', 'open')");
    build_view();
    expect_rows("SELECT cars, contracts, overdue, credit, contribution, contribution_before,"
                " is_strategic, was_strategic, rating FROM fleet",
                "5|2|0|A|32000.0|6000.0|1|0|promoted");
    in_state("UPDATE record_contract SET status = 'overdue' WHERE number = 'F1'");
    build_view();
    expect_rows("SELECT overdue, credit, is_strategic, rating FROM fleet", "1|C|0|none");
}

/* A driver brings the fleet's car; another person shares its number. Both speak for it. */
Test(view_figures, a_fleet_has_contacts)
{
    put_customer(1, "1", 1, "上海远行汽车租赁有限公司", "13800138001");
    put_customer(2, "2", 2, "王伟", "13800138002");
    put_customer(2, "3", 3, "李娜", "13800138001");
    in_state("UPDATE golden SET type = 'organisation' WHERE golden_number = 1");
    for (int i = 0; i < 5; i++) {
        char vin[24];
        snprintf(vin, sizeof(vin), "LFV%d", i);
        put_car(1, "1", vin, "2024-07-01");
    }
    put_service(2, "2", "LFV1", "2025-01-01", NULL);
    put_service(2, "2", "LFV2", "2025-02-01", NULL);
    build_view();
    expect_rows("SELECT golden_id, evidence, times FROM fleet_contact", "G2|visits|2 G3|number|1");
}

static const char *share(const char *formula, const char *scope, const char *month)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "SELECT name, numerator, denominator FROM figure_month WHERE formula = '%s'"
             " AND scope = '%s' AND month = '%s' ORDER BY name",
             formula, scope, month);
    return view_rows(sql);
}

/* Three cars, sold by D01 (2020-03, 2026-06) and D02 (2020-03). LFV1 was last in a workshop in June
 * 2025: it counts up to May 2026. LFV2 in July 2025: up to June 2026. LFV3 is sold in June 2026. */
Test(view_figures, retention_counts_cars_seen_within_twelve_months)
{
    put_customer(1, "1", 1, "王伟", NULL);
    put_customer(2, "2", 2, "李娜", NULL);
    put_car(1, "1", "LFV1", "2020-03-01");
    put_car(2, "2", "LFV2", "2020-03-01");
    put_car(1, "1", "LFV3", "2026-06-01");
    put_service(1, "1", "LFV1", "2025-06-30", NULL);
    put_service(2, "2", "LFV2", "2025-07-01", NULL);
    put_service(2, "2", "LFV2", "2025-09-01", NULL);
    build_view();
    cr_assert_str_eq(share("retention_12m", "group", "2026-05"), "all|2|2", "%s",
                     share("retention_12m", "group", "2026-05"));
    cr_assert_str_eq(share("retention_12m", "group", "2026-06"), "all|1|3");
    cr_assert_str_eq(share("retention_12m", "dealer", "2026-06"), "D01|0|2 D02|1|1");
    expect_rows("SELECT count(*), min(month), max(month) FROM figure_month WHERE scope = 'group'"
                " AND formula = 'retention_12m'",
                "13|2025-06|2026-06");
}

/* Sold on 2024-06-10 and seen by 2025-06-10, on the day: served. LFV2 a day later: not. Sales of
 * June 2024 count from June 2025 on for twelve months. */
Test(view_figures, sales_to_service_looks_twelve_months_after_the_sale)
{
    put_customer(1, "1", 1, "王伟", NULL);
    put_car(1, "1", "LFV1", "2024-06-10");
    put_car(1, "1", "LFV2", "2024-06-10");
    put_service(1, "1", "LFV1", "2025-06-10", NULL);
    put_service(1, "1", "LFV2", "2025-06-11", NULL);
    build_view();
    cr_assert_str_eq(share("sales_to_service_12m", "group", "2025-06"), "all|1|2", "%s",
                     share("sales_to_service_12m", "group", "2025-06"));
    cr_assert_str_eq(share("sales_to_service_12m", "group", "2026-05"), "all|1|2");
    cr_assert_str_eq(share("sales_to_service_12m", "group", "2026-06"), "");
    expect_rows("SELECT sold_in, year, cars, served FROM retention_cohort",
                "2024|1|2|1 2024|2|2|1");
}

/* One household: a BMW in 2018, an Audi in 2026-02 (not loyal, conquest), an Audi in 2026-03 by the
 * other member (loyal, no conquest). A stranger's first Audi in 2026-04 is conquest. */
Test(view_figures, loyalty_and_conquest_are_of_households)
{
    put_customer(1, "1", 1, "王伟", NULL);
    put_customer(1, "2", 2, "李娜", NULL);
    put_customer(1, "3", 3, "赵敏", NULL);
    in_state("UPDATE golden SET address = '上海市徐汇区漕溪路12号301室' WHERE golden_number < 3");
    put_car(1, "1", "LBV1", "2018-01-01");
    put_car(1, "1", "LFV1", "2026-02-01");
    put_car(1, "2", "LFV2", "2026-03-01");
    put_car(1, "3", "LFV3", "2026-04-01");
    in_state(
        "UPDATE record_ownership SET brand = CASE WHEN vin = 'LBV1' THEN 'BMW' ELSE 'Audi' END");
    build_view();
    cr_assert_str_eq(share("loyalty_brand", "group", "2026-06"), "all|1|2", "%s",
                     share("loyalty_brand", "group", "2026-06"));
    cr_assert_str_eq(share("conquest_brand", "brand", "2026-06"), "Audi|2|3");
    cr_assert_str_eq(share("conquest_brand", "group", "2026-02"), "all|1|1");
}

/* One of two requests names a customer who recommended the group. */
Test(view_figures, referrals_are_requests_that_name_a_customer)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(9, "7", 7, "赵敏", "13900139007");
    put_customer(9, "8", 8, "钱多", "13900139008");
    in_state("INSERT INTO record_lead(source_id, source_key, customer_key, number, requested_at,"
             " interest, dealer, status, referrer) VALUES"
             " (9, 'L1', '7', 'L1', '2026-06-01T10:00:00', 'buy', 'D01', 'new', '13800138001'),"
             " (9, 'L2', '8', 'L2', '2026-06-01T10:00:00', 'buy', 'D01', 'new', '13700137000')");
    build_view();
    expect_rows("SELECT number, referrer_golden_id FROM demand", "L1|G1 L2|-");
    cr_assert_str_eq(share("referral", "dealer", "2026-06"), "D01|1|2");
}
