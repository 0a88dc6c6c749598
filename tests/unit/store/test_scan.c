#include "world.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct world world;

static const struct store_attribute attributes[] = {
    {NULL, "name", NULL},
    {"car", "vin", "customer_key"},
    {NULL, "mobile", NULL},
};

enum { ATTRIBUTES = sizeof(attributes) / sizeof(attributes[0]) };

static void begin(void)
{
    world_begin(&world);
    world_open(&world);
}

static void end(void)
{
    world_end(&world);
}

TestSuite(store_scan, .init = begin, .fini = end);

/* "D01/1 王伟 [V1 V2] 13800138000; …" */
static const char *text_of(struct store_scan *scan)
{
    static char text[4096];
    size_t length = 0;
    struct store_member member;
    cr_assert(scan, "%s", world.error.message);
    uint32_t expected = 0;
    text[0] = '\0';
    while (store_scan_next(scan, &member, &world.error) == ACCEPTED) {
        cr_assert_eq(member.member, expected++);
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%.*s/%.*s",
                                   length ? "; " : "", SLICE_ARGUMENTS(member.source),
                                   SLICE_ARGUMENTS(member.key));
        for (size_t a = 0; a < ATTRIBUTES; a++)
            for (size_t v = 0; v < member.values[a].count; v++)
                length += (size_t)snprintf(text + length, sizeof(text) - length, " %.*s",
                                           SLICE_ARGUMENTS(member.values[a].items[v]));
    }
    store_scan_close(scan);
    return text;
}

static const char *scan_text(void)
{
    return text_of(store_scan_open(world.store, "customer", attributes, ATTRIBUTES, &world.error));
}

static const char *chosen_text(const int64_t *record_ids, size_t count)
{
    const struct store_choice choice = {record_ids, count};
    return text_of(store_scan_open_chosen(world.store, "customer", attributes, ATTRIBUTES, &choice,
                                          &world.error));
}

Test(store_scan, members_come_by_source_and_key_with_what_refers_to_them)
{
    world_run_begin(&world);
    world_source_begin(&world, "D02"); /* before D01: ids are not names */
    world_customer(&world, "7", "赵六", NULL);
    world_car(&world, "c1", "7", "V7");
    world_source_end(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "2", "李娜", "13900139000");
    world_customer(&world, "10", "张三", NULL);
    world_customer(&world, "1", "王伟", "13800138000");
    world_car(&world, "c1", "7", "V0"); /* of nobody at this source */
    world_car(&world, "c2", "2", "V2");
    world_car(&world, "c3", "1", "V1b");
    world_car(&world, "c4", "1", "V1a");
    world_car(&world, "c5", "2", NULL);
    world_car(&world, "c6", NULL, "V9");
    world_source_end(&world);
    cr_assert_str_eq(scan_text(), "D01/1 王伟 V1a V1b 13800138000; D01/10 张三; "
                                  "D01/2 李娜 V2 13900139000; D02/7 赵六 V7");
    world_run_commit(&world);
    cr_assert_str_eq(scan_text(), "D01/1 王伟 V1a V1b 13800138000; D01/10 张三; "
                                  "D01/2 李娜 V2 13900139000; D02/7 赵六 V7");
}

Test(store_scan, what_is_closed_is_left_out)
{
    static const char *const both[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
    static const char *const one[] = {"2 李娜 13900139000", NULL};
    world_night(&world, "D01", both);
    world_night(&world, "D01", one);
    cr_assert_str_eq(scan_text(), "D01/2 李娜 13900139000");
}

Test(store_scan, many_values_of_one_member)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "车队", NULL);
    for (int i = 0; i < 100; i++) {
        char vin[16];
        snprintf(vin, sizeof(vin), "V%03d", i);
        world_car(&world, vin, "1", vin);
    }
    world_source_end(&world);
    struct store_member member;
    struct store_scan *scan =
        store_scan_open(world.store, "customer", attributes, ATTRIBUTES, &world.error);
    cr_assert_eq(store_scan_next(scan, &member, &world.error), ACCEPTED);
    cr_assert_eq(member.values[1].count, 100);
    for (int i = 0; i < 100; i++) {
        char vin[16];
        snprintf(vin, sizeof(vin), "V%03d", i);
        cr_assert(slice_equal(member.values[1].items[i], slice_of(vin)));
    }
    cr_assert_eq(store_scan_next(scan, &member, &world.error), ENDED);
    store_scan_close(scan);
}

Test(store_scan, an_empty_state_has_no_members)
{
    cr_assert_str_eq(scan_text(), "");
    store_scan_close(NULL);
}

Test(store_scan, names_that_the_model_lacks_are_told)
{
    static const struct {
        const char *entity;
        struct store_attribute attribute;
        const char *message;
    } cases[] = {
        {"client", {NULL, "name", NULL}, "the model has no entity client"},
        {"customer", {NULL, "nome", NULL}, "the model has no field nome"},
        {"customer", {"bike", "vin", "customer_key"}, "the model has no entity bike"},
        {"customer", {"car", "colour", "customer_key"}, "the model has no field colour"},
        {"customer", {"car", "vin", "owner"}, "the model has no field owner"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_null(
            store_scan_open(world.store, cases[i].entity, &cases[i].attribute, 1, &world.error));
        cr_expect_str_eq(world.error.message, cases[i].message);
        cr_expect_eq(world.error.exit_code, EXIT_CONFIGURATION);
    }
}

/* ---- decisions ---- */

static void decide(const char *values)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql,
                  "INSERT INTO decision(kind, source_a, key_a, source_b, key_b, attribute, value,"
                  " undone) VALUES(%s)",
                  values);
    cr_assert(database_run(store_database(world.store), sql.data, &world.error), "%s",
              world.error.message);
    buffer_release(&sql);
}

static void three_customers(void)
{
    static const char *const night[] = {"1 王伟 13800138000", "2 李娜 13900139000",
                                        "3 张三 13700137000", NULL};
    world_night(&world, "D01", night);
}

Test(store_scan, decisions_speak_of_members)
{
    const struct store_decision *decisions;
    size_t count;
    three_customers();
    decide("'same','D01','3','D01','1',NULL,NULL,0");
    decide("'different','D01','1','D01','2',NULL,NULL,0");
    decide("'same','D01','1','D01','99',NULL,NULL,0");     /* not there (any more) */
    decide("'same','D01','1','D01','1',NULL,NULL,0");      /* says nothing */
    decide("'different','D01','2','D01','3',NULL,NULL,1"); /* undone */
    decide("'different','D01','1','D01','3',NULL,NULL,0"); /* the later word on 1 and 3 */
    decide("'hearsay','D01','1','D01','2',NULL,NULL,0");   /* of a later version */
    scan_text();
    cr_assert(store_decisions(world.store, &decisions, &count, &world.error));
    cr_assert_eq(count, 2);
    cr_assert(decisions[0].a == 0 && decisions[0].b == 1 && !decisions[0].same);
    cr_assert(decisions[1].a == 0 && decisions[1].b == 2 && !decisions[1].same);
}

Test(store_scan, decided_values_come_in_their_order)
{
    const struct store_golden_value *values;
    size_t count;
    three_customers();
    decide("'value','D01','2',NULL,NULL,'mobile','13600136000',0");
    decide("'value','D01','2',NULL,NULL,'mobile','13600136001',0");
    decide("'value','D01','1',NULL,NULL,'name','王玮',1");
    decide("'value','D09','1',NULL,NULL,'name','谁',0");
    scan_text();
    cr_assert(store_golden_values(world.store, &values, &count, &world.error));
    cr_assert_eq(count, 2);
    cr_assert_eq(values[0].member, 1);
    cr_assert(slice_equal(values[0].column, SLICE("mobile")));
    cr_assert(slice_equal(values[1].value, SLICE("13600136001")));
}

Test(store_scan, decisions_need_a_scan)
{
    const struct store_decision *decisions;
    const struct store_golden_value *values;
    size_t count;
    cr_assert_not(store_decisions(world.store, &decisions, &count, &world.error));
    cr_assert_not(store_golden_values(world.store, &values, &count, &world.error));
}

/* ---- pairs ---- */

Test(store_scan, pairs_are_kept_and_only_differences_written)
{
    static const struct store_pair first[] = {{0, 1, 10.0, NULL}, {1, 2, 4.5, "same mobile"}};
    static const struct store_pair second[] = {{0, 2, -1.0, "twins"}, {1, 2, 4.5, "same mobile"}};
    static const char sql[] = "SELECT record_a, record_b, weight, round(probability, 3), reason"
                              " FROM possible_match ORDER BY 1, 2";
    three_customers();
    scan_text();
    cr_assert(store_pairs_save(world.store, first, 1, first, 2, &world.error));
    cr_assert_str_eq(world_text(&world, sql), "1,2,10.0,0.999,; 2,3,4.5,0.958,same mobile");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM link"), 1);
    cr_assert(database_run(store_database(world.store),
                           "CREATE TEMP TABLE written(n);"
                           "CREATE TEMP TRIGGER i AFTER INSERT ON possible_match BEGIN"
                           " INSERT INTO written VALUES(NEW.record_a); END;"
                           "CREATE TEMP TRIGGER d AFTER DELETE ON possible_match BEGIN"
                           " INSERT INTO written VALUES(-OLD.record_a); END;",
                           &world.error));
    cr_assert(store_pairs_save(world.store, NULL, 0, second, 2, &world.error));
    cr_assert_str_eq(world_text(&world, sql), "1,3,-1.0,0.333,twins; 2,3,4.5,0.958,same mobile");
    cr_assert_str_eq(world_text(&world, "SELECT n FROM written ORDER BY n"), "-1; 1");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM link"), 0);
}

Test(store_scan, a_pair_with_another_weight_or_reason_is_written_anew)
{
    static const struct store_pair nights[][1] = {
        {{0, 1, 10.0, NULL}}, {{0, 1, 10.5, NULL}}, {{1, 0, 10.5, "a steward said so"}}};
    three_customers();
    scan_text();
    for (size_t i = 0; i < 3; i++)
        cr_assert(store_pairs_save(world.store, nights[i], 1, NULL, 0, &world.error));
    cr_assert_str_eq(world_text(&world, "SELECT record_a, record_b, weight, reason FROM link"),
                     "1,2,10.5,a steward said so");
}

Test(store_scan, chosen_records_come_alone_with_what_refers_to_them)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", "13800138000");
    world_customer(&world, "2", "李娜", NULL);
    world_customer(&world, "3", "赵六", NULL);
    world_car(&world, "c1", "2", "V2");
    world_car(&world, "c2", "1", "V1");
    world_car(&world, "c3", "3", "V3");
    world_source_end(&world);
    world_source_begin(&world, "D02");
    world_customer(&world, "1", "孙七", NULL);
    world_source_end(&world);
    world_run_commit(&world);
    world_reopen(&world);
    int64_t ids[] = {
        world_number(&world, "SELECT record_id FROM record_customer WHERE name='孙七'"),
        world_number(&world, "SELECT record_id FROM record_customer WHERE name='李娜'"),
        world_number(&world, "SELECT record_id FROM record_customer WHERE name='李娜'"),
    };
    cr_expect_str_eq(chosen_text(ids, 3), "D01/2 李娜 V2; D02/1 孙七");
    cr_expect_str_eq(chosen_text(ids, 1), "D02/1 孙七", "the former choice is forgotten");
    cr_expect_str_eq(chosen_text(NULL, 0), "");
}
