/* How good a source's records are, as the run keeps it. */
#include "cust360/base/hash.h"
#include "world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct world world;

static void begin(void)
{
    world_begin(&world);
    world_open(&world);
}

static void end(void)
{
    world_end(&world);
}

TestSuite(store_quality, .init = begin, .fini = end);

/* A customer with marks of name and mobile, and what was refused (JSON; may be NULL). */
static void put(const char *key, const char *name, const char *mobile, unsigned mobile_marks,
                const char *refused)
{
    struct slice values[CUSTOMER_FIELDS] = {slice_of(name), slice_of(mobile), {NULL, 0}};
    unsigned char marks[CUSTOMER_FIELDS] = {0, (unsigned char)mobile_marks, 0};
    struct finding finding = {.entity = CUSTOMER,
                              .field = MOBILE,
                              .code = "format",
                              .rule = "",
                              .message = "m",
                              .severity = SEVERITY_WARNING,
                              .key = slice_of(key)};
    struct record record = {.entity = CUSTOMER,
                            .key = slice_of(key),
                            .values = values,
                            .marks = marks,
                            .refused = slice_of(refused)};
    for (size_t i = 0; i < CUSTOMER_FIELDS; i++)
        record.hash = hash_combine(record.hash, hash_bytes(values[i], 0));
    struct place place = {.file = "customers.csv", .line = world.rows + 2};
    struct row_result row = {.outcome = ACCEPTED,
                             .records = &record,
                             .record_count = 1,
                             .findings = &finding,
                             .finding_count = mobile_marks & FIELD_WARNED ? 1 : 0};
    world.rows++;
    cr_assert(store_put(world.store, &row, &place, NULL, &world.error), "%s", world.error.message);
}

static void reject(const char *key)
{
    struct finding finding = {.entity = CUSTOMER,
                              .field = NAME,
                              .code = "required",
                              .rule = "",
                              .message = "m",
                              .severity = SEVERITY_FATAL,
                              .key = slice_of(key)};
    struct place place = {.file = "customers.csv", .line = world.rows + 2};
    struct row_result row = {.outcome = REJECTED, .findings = &finding, .finding_count = 1};
    world.rows++;
    cr_assert(store_put(world.store, &row, &place, NULL, &world.error), "%s", world.error.message);
}

static void begin_night(void)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
}

static void end_night(void)
{
    world_source_end(&world);
    world_run_commit(&world);
}

/* rows, filled, repaired, warned and refused of the mobile in the last run. */
static const char *mobile_quality(void)
{
    return world_text(&world, "SELECT rows, filled, repaired, warned, refused FROM data_quality_run"
                              " WHERE field='mobile' ORDER BY run_id DESC LIMIT 1");
}

Test(store_quality, counts_what_is_put)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    put("2", "B", "139", FIELD_REPAIRED | FIELD_WARNED, NULL);
    put("3", "C", NULL, FIELD_REFUSED, "{\"mobile\":\"x\"}");
    put("4", NULL, "137", 0, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "4,3,2,1,1");
    cr_expect_str_eq(world_text(&world, "SELECT entity, field, filled FROM data_quality_run"),
                     "customer,mobile,3; customer,name,3; customer,spent,0");
    cr_expect_str_eq(world_text(&world, "SELECT source_key, repaired FROM record_customer"
                                        " WHERE repaired IS NOT NULL ORDER BY source_key"),
                     "1,2; 2,2");
}

Test(store_quality, a_row_that_says_the_same_again_counts_once)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "1,1,1,0,0");
}

Test(store_quality, of_two_contents_the_last_one_counts)
{
    begin_night();
    put("1", "A", NULL, FIELD_REFUSED, "{\"spent\":\"\\\"mobile\\\":\",\"mobile\":\"x\"}");
    put("1", "A", "139", FIELD_REPAIRED | FIELD_WARNED, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "1,1,1,1,0");
    begin_night();
    put("1", "A", "139", FIELD_REPAIRED | FIELD_WARNED, NULL);
    put("1", "A", NULL, 0, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "1,0,0,0,0");
}

Test(store_quality, what_is_rejected_today_counts_as_it_was)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED | FIELD_WARNED, NULL);
    put("2", "B", NULL, FIELD_REFUSED, "{\"mobile\":\"x\"}");
    end_night();
    begin_night();
    reject("1");
    end_night();
    cr_expect_str_eq(mobile_quality(), "1,1,1,1,0", "2 is gone, 1 is kept");
}

Test(store_quality, a_delta_counts_what_it_does_not_speak_of)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    put("2", "B", NULL, FIELD_REFUSED, "{\"mobile\":\"x\"}");
    end_night();
    struct source delta = world_source("D01");
    delta.delta = true;
    world_run_begin(&world);
    world.rows = 0;
    cr_assert(store_source_begin(world.store, &delta, &world.error));
    put("2", "B", "139", 0, NULL);
    put("3", "C", "137", FIELD_WARNED, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "3,3,1,1,0");
}

Test(store_quality, a_delta_that_ends_what_never_came_counts_all_the_same)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    put("2", "B", "139", 0, NULL);
    end_night();
    struct source delta = world_source("D01");
    delta.delta = true;
    world_run_begin(&world);
    world.rows = 0;
    cr_assert(store_source_begin(world.store, &delta, &world.error));
    world_customer_gone(&world, "9", "never there");
    end_night();
    cr_expect_str_eq(mobile_quality(), "2,2,1,0,0");
}

Test(store_quality, a_repair_at_the_source_changes_the_record)
{
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    end_night();
    begin_night();
    put("1", "A", "138", 0, NULL);
    struct store_counts counts = world_source_end(&world);
    world_run_commit(&world);
    cr_expect_eq(counts.records_changed, 1);
    cr_expect_str_eq(mobile_quality(), "1,1,0,0,0");
}

Test(store_quality, a_source_that_fails_counts_nothing)
{
    begin_night();
    put("1", "A", "138", 0, NULL);
    end_night();
    struct error why = {.message = "broken"};
    begin_night();
    put("1", "A", "139", 0, NULL);
    cr_assert(store_source_fail(world.store, &why, &world.error));
    world_run_commit(&world);
    cr_expect_eq(world_number(&world, "SELECT max(run_id) FROM data_quality_run"), 1);
}

/* ---- older states ---- */

static void make_version_1(void)
{
    cr_assert(
        database_run(store_database(world.store),
                     "UPDATE meta SET value='1' WHERE name='schema_version';"
                     "DROP TABLE data_quality_run; DROP TABLE changed_record;"
                     "DROP TABLE changed_golden; DROP TABLE changed_value; DROP TABLE source_file;"
                     "DROP TABLE source_reading; DROP TABLE source_watermark;"
                     "DROP TABLE run_gate; DROP TABLE run_figure; DROP TABLE review_case;"
                     "DROP TABLE review_touched; DROP TABLE shared_value; DROP TABLE decision;"
                     "CREATE TABLE decision(decision_id INTEGER PRIMARY KEY, decided_at TEXT,"
                     " decided_by TEXT, kind TEXT, source_a TEXT, key_a TEXT, source_b TEXT,"
                     " key_b TEXT, attribute TEXT, value TEXT, seen_hash INTEGER,"
                     " undone INTEGER NOT NULL DEFAULT 0);"
                     "ALTER TABLE finding DROP COLUMN given;"
                     "ALTER TABLE finding DROP COLUMN proposal;"
                     "ALTER TABLE record_customer DROP COLUMN repaired;"
                     "ALTER TABLE record_car DROP COLUMN repaired;",
                     &world.error),
        "%s", world.error.message);
    store_close(world.store);
    world.store = NULL;
}

Test(store_quality, a_state_of_version_1_is_brought_up_to_date)
{
    static const char *const night[] = {"1 A 13800138000", NULL};
    world_night(&world, "D01", night);
    make_version_1();
    cr_assert_null(store_open(world.folder, &world_model, STORE_READ, 0, &world.error));
    cr_expect_eq(world.error.exit_code, EXIT_STATE);
    world_open(&world);
    cr_expect_eq(world_number(&world, "SELECT value FROM meta WHERE name='schema_version'"), 5);
    begin_night();
    put("1", "A", "138", FIELD_REPAIRED, NULL);
    end_night();
    cr_expect_str_eq(mobile_quality(), "1,1,1,0,0");
    cr_expect_eq(world_number(&world, "SELECT count(*) FROM record_customer"), 1);
}
