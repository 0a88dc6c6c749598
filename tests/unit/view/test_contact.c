#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_contact, .init = view_test_open, .fini = view_test_close);

/* G1 is known by an old mobile at D01 and by the present one at D02 and D03. */
Test(view_contact, quality_tells_confirmed_former_and_single)
{
    put_customer(2, "1", 1, "王伟", "13800138001");
    put_customer(3, "1", 1, "王伟", "13800138001");
    put_customer(1, "1", 1, "王伟", "13900139009");
    put_customer(1, "2", 2, "李娜", "13800138002");
    in_state("UPDATE record_customer SET updated_at = '2019-01-01T00:00:00' WHERE source_id = 1;"
             "UPDATE record_customer SET updated_at = '2025-01-01T00:00:00' WHERE source_id <> 1");
    build_view();
    expect_rows("SELECT golden_id, value, quality, is_preferred, records FROM contact_point"
                " ORDER BY golden_id, value",
                "G1|13800138001|confirmed|1|2 G1|13900139009|former|0|1 "
                "G2|13800138002|single|1|1");
}

/* A salesman's mobile, typed for four customers; contact_shared_from is 4. */
Test(view_contact, a_mobile_of_many_is_shared)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138001");
    put_customer(1, "3", 3, "赵敏", "13800138001");
    put_customer(1, "5", 5, "钱多", "13800138005");
    put_customer(1, "6", 6, "孙六", "13800138005");
    build_view();
    expect_rows("SELECT DISTINCT quality, shared_by FROM contact_point ORDER BY 2",
                "single|2 single|3");
    put_customer(1, "4", 4, "周四", "13800138001");
    build_view();
    expect_rows("SELECT DISTINCT quality, shared_by FROM contact_point ORDER BY 2",
                "single|2 shared|4");
}

Test(view_contact, every_channel_has_its_points)
{
    put_customer(1, "1", 1, "王伟", NULL);
    in_state("UPDATE record_customer SET email = 'a@b.cn', landline = '02012345678';"
             "UPDATE golden SET email = 'a@b.cn'");
    build_view();
    expect_rows("SELECT channel, value, is_preferred FROM contact_point ORDER BY channel",
                "email|a@b.cn|1 landline|02012345678|0");
}

Test(view_contact, numbers_have_their_international_form_beside_them)
{
    static const struct {
        const char *landline;
        const char *e164;
    } cases[] = {{"021-62345678-801", "+862162345678"},  {"0755-87654321", "+8675587654321"},
                 {"4008608608", "+864008608608"},        {"+886223456789-123", "+886223456789"},
                 {"17012345678-1234", "+8617012345678"}, {"62345678#12", ""}};
    put_customer(1, "1", 1, "王伟", "13800138001");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "UPDATE record_customer SET landline = '%s'",
                 cases[i].landline);
        in_state(text);
        build_view();
        snprintf(text, sizeof(text), "%s +8613800138001", cases[i].e164[0] ? cases[i].e164 : "-");
        expect_rows("SELECT coalesce(e164, '-') FROM contact_point ORDER BY channel", text);
    }
}

/* ---- consent ---- */

static void put_consent(const char *key, const char *values)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_consent(source_id, source_key, mobile, channel, purpose,"
             " decision, decided_at) VALUES (6, '%s', %s)",
             key, values);
    in_state(sql);
}

static const char consents[] = "SELECT golden_id, contact_value, channel, decision FROM consent"
                               " ORDER BY contact_value, channel, golden_id";

Test(view_contact, the_newest_word_holds_and_on_a_tie_the_stricter)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_consent("1", "'13800138001', 'phone', 'marketing', 'withdrawn', '2024-01-01T00:00:00'");
    put_consent("2", "'13800138001', 'phone', 'marketing', 'granted', '2025-01-01T00:00:00'");
    put_consent("3", "'13800138001', 'sms', 'marketing', 'granted', '2025-01-01T00:00:00'");
    put_consent("4", "'13800138001', 'sms', 'marketing', 'withdrawn', '2025-01-01T00:00:00'");
    put_consent("5", "'13800138001', 'email', 'marketing', 'withdrawn', NULL");
    put_consent("6", "'13800138001', 'email', 'marketing', 'granted', '2025-01-01T00:00:00'");
    put_consent("7", "'13800138001', 'wechat', 'marketing', 'granted', NULL");
    put_consent("8", "'13800138001', 'wechat', 'marketing', 'withdrawn', '2020-01-01T00:00:00'");
    build_view();
    expect_rows(consents, "G1|13800138001|email|withdrawn G1|13800138001|phone|granted "
                          "G1|13800138001|sms|withdrawn G1|13800138001|wechat|withdrawn");
}

/* A source that loses its records must not bring back who has refused. */
Test(view_contact, a_refusal_outlives_its_record_and_a_grant_does_not)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_consent("1", "'13800138001', 'phone', 'marketing', 'withdrawn', '2024-01-01T00:00:00'");
    put_consent("2", "'13800138001', 'sms', 'marketing', 'granted', '2024-01-01T00:00:00'");
    in_state("UPDATE record_consent SET closed_run = 2");
    build_view();
    expect_rows(consents, "G1|13800138001|phone|withdrawn");
}

/* G1 has two mobiles since two records were merged; only the old one has a consent, so the one in
 * use has none. */
Test(view_contact, a_merge_does_not_widen_a_consent)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(2, "1", 1, "王伟", "13900139009");
    put_consent("1", "'13900139009', 'phone', 'marketing', 'granted', '2024-01-01T00:00:00'");
    build_view();
    expect_rows(consents, "G1|13900139009|phone|granted");
    expect_rows("SELECT mobile, may_call, may_message FROM precall", "13800138001|0|0");
}

/* Two customers have the mobile; a refusal by it holds for both, and one that nobody has stays. */
Test(view_contact, a_refusal_holds_for_all_who_have_the_value)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138001");
    put_consent("1", "'13800138001', 'phone', 'marketing', 'withdrawn', '2024-01-01T00:00:00'");
    put_consent("2", "'13700137000', 'phone', 'marketing', 'withdrawn', '2024-01-01T00:00:00'");
    build_view();
    expect_rows(consents, "-|13700137000|phone|withdrawn G1|13800138001|phone|withdrawn "
                          "G2|13800138001|phone|withdrawn");
}

Test(view_contact, a_member_has_what_is_left_of_the_points)
{
    put_customer(5, "M1", 1, "王伟", "13800138001");
    in_state("INSERT INTO record_membership(source_id, source_key, customer_key, card_number,"
             " joined_on, prepaid, points_earned, points_spent) VALUES"
             " (5, 'M1', 'M1', 'M1', '2020-01-01', 3000, 500, 120),"
             " (5, 'M2', 'M9', 'M2', NULL, NULL, 70, NULL)");
    build_view();
    expect_rows("SELECT golden_id, card_number, points FROM membership ORDER BY card_number",
                "G1|M1|380 -|M2|70");
}
