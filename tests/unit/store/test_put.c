#include "world.h"

#include <criterion/criterion.h>

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

TestSuite(store_put, .init = begin, .fini = end);

static const char *const first_night[] = {"1 王伟 13800138000", "2 李娜 13900139000",
                                          "3 张三 13700137000", NULL};

static const char records_sql[] =
    "SELECT source_key, name, first_run, changed_run, closed_run FROM record_customer"
    " ORDER BY record_id";

Test(store_put, a_first_night_fills_the_tables)
{
    struct store_counts counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.read, 3);
    cr_assert_eq(counts.accepted, 3);
    cr_assert_eq(counts.records_new, 3);
    cr_assert_str_eq(world_text(&world, records_sql), "1,王伟,1,1,; 2,李娜,1,1,; 3,张三,1,1,");
    cr_assert_str_eq(world_text(&world, "SELECT typeof(spent), spent, file, line FROM"
                                        " record_customer LIMIT 1"),
                     "real,12.5,customers.csv,2");
    cr_assert_str_eq(world_text(&world, "SELECT name, kind, mapping, trust, status, last_good_run,"
                                        " last_good_as_of FROM source"),
                     "D01,csv,wide,50,ok,1,2026-06-30");
}

Test(store_put, the_index_is_made_by_the_end_of_the_first_run)
{
    world_night(&world, "D01", first_night);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM sqlite_master WHERE type='index' AND"
                                      " name LIKE 'record%key'"),
                 ENTITIES);
}

Test(store_put, an_equal_night_writes_no_record)
{
    world_night(&world, "D01", first_night);
    cr_assert(database_run(
        store_database(world.store),
        "CREATE TEMP TABLE written(n);"
        "CREATE TEMP TRIGGER u AFTER UPDATE ON record_customer BEGIN INSERT INTO written VALUES(1);"
        " END;"
        "CREATE TEMP TRIGGER i AFTER INSERT ON record_customer BEGIN INSERT INTO written VALUES(1);"
        " END;",
        &world.error));
    struct store_counts counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.records_unchanged, 3);
    cr_assert_eq(counts.records_new + counts.records_changed + counts.records_closed, 0);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM written"), 0);
    cr_assert_str_eq(world_text(&world, records_sql), "1,王伟,1,1,; 2,李娜,1,1,; 3,张三,1,1,");
}

Test(store_put, changes_losses_and_returns)
{
    static const char *const second[] = {"2 李娜 13900139001", "3 张三 13700137000",
                                         "4 赵六 13600136000", NULL};
    world_night(&world, "D01", first_night);
    struct store_counts counts = world_night(&world, "D01", second);
    cr_assert_eq(counts.records_new, 1);
    cr_assert_eq(counts.records_changed, 1);
    cr_assert_eq(counts.records_closed, 1);
    cr_assert_str_eq(world_text(&world, records_sql),
                     "1,王伟,1,1,2; 2,李娜,1,2,; 3,张三,1,1,; 4,赵六,2,2,");
    counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.records_reopened, 1);
    cr_assert_eq(counts.records_unchanged, 2);
    cr_assert_eq(counts.records_closed, 1);
    cr_assert_str_eq(world_text(&world, records_sql),
                     "1,王伟,1,3,; 2,李娜,1,3,; 3,张三,1,1,; 4,赵六,2,2,3");
}

Test(store_put, a_closed_record_is_not_closed_again)
{
    static const char *const less[] = {"1 王伟 13800138000", NULL};
    world_night(&world, "D01", first_night);
    world_night(&world, "D01", less);
    struct store_counts counts = world_night(&world, "D01", less);
    cr_assert_eq(counts.records_closed, 0);
    cr_assert_str_eq(world_text(&world, "SELECT DISTINCT closed_run FROM record_customer WHERE"
                                        " closed_run IS NOT NULL"),
                     "2");
}

Test(store_put, sources_do_not_share_keys)
{
    world_night(&world, "D02", first_night);
    struct store_counts counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.records_new, 3);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM record_customer"), 6);
    counts = world_night(&world, "D02", first_night);
    cr_assert_eq(counts.records_unchanged, 3);
}

Test(store_put, a_row_said_twice_is_suppressed)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    cr_assert_not(world_customer(&world, "1", "王伟", "13800138000"));
    cr_assert(world_customer(&world, "1", "王伟", "13800138000"));
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.read, 2);
    cr_assert_eq(counts.accepted, 1);
    cr_assert_eq(counts.suppressed, 1);
    cr_assert_eq(counts.records_repeated, 1);
    cr_assert_eq(counts.findings, 0);
}

Test(store_put, a_key_with_other_content_is_a_finding_and_the_last_counts)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", "13800138000");
    cr_assert_not(world_customer(&world, "1", "王玮", "13800138000"));
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.accepted, 2);
    cr_assert_eq(counts.records_different, 1);
    cr_assert_eq(counts.findings, 1);
    cr_assert_str_eq(world_text(&world, "SELECT name FROM record_customer"), "王玮");
    cr_assert_str_eq(
        world_text(&world, "SELECT code, severity, entity, source_key, line FROM finding"),
        "duplicate_key,warning,customer,1,3");
}

/* A wide export says a customer in each car's row, and not always the same. */
Test(store_put, rows_that_contradict_each_other_change_nothing_when_they_come_again)
{
    for (int night = 0; night < 3; night++) {
        world_run_begin(&world);
        world_source_begin(&world, "D01");
        world_customer(&world, "1", "王伟", "13800138000");
        world_customer(&world, "1", "王玮", "13800138000");
        struct store_counts counts = world_source_end(&world);
        world_run_commit(&world);
        cr_expect_eq(counts.records_new, night == 0, "night %d", night);
        cr_expect_eq(counts.records_changed, 0, "night %d: %llu", night,
                     (unsigned long long)counts.records_changed);
        cr_expect_eq(counts.records_unchanged, night > 0);
        cr_expect_eq(counts.findings, 1);
    }
}

Test(store_put, the_last_of_rows_that_contradict_each_other_is_what_has_changed)
{
    static const char *const nights[][2] = {{"王伟", "王玮"}, {"王玮", "王伟"}, {"王维", "王伟"}};
    static const unsigned changed[] = {0, 1, 0};
    for (size_t night = 0; night < sizeof(nights) / sizeof(*nights); night++) {
        world_run_begin(&world);
        world_source_begin(&world, "D01");
        for (size_t i = 0; i < 2; i++)
            world_customer(&world, "1", nights[night][i], "13800138000");
        struct store_counts counts = world_source_end(&world);
        world_run_commit(&world);
        cr_expect_eq(counts.records_changed, changed[night], "night %zu", night);
    }
    cr_expect_str_eq(world_text(&world, "SELECT name FROM record_customer"), "王伟");
}

Test(store_put, a_row_with_something_new_is_not_suppressed)
{
    /* One row a car: the customer is the same in both, the cars are not. */
    struct slice customer[CUSTOMER_FIELDS] = {SLICE("王伟")};
    struct slice car[2][CAR_FIELDS] = {{SLICE("1"), SLICE("LFV1")}, {SLICE("1"), SLICE("LFV2")}};
    struct place place = {.file = "wide.csv", .line = 2};
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    for (int i = 0; i < 2; i++) {
        struct record records[2] = {
            {.entity = CUSTOMER, .key = SLICE("1"), .values = customer, .hash = 1},
            {.entity = CAR, .key = car[i][VIN], .values = car[i], .hash = 2},
        };
        struct row_result row = {.outcome = ACCEPTED, .records = records, .record_count = 2};
        bool suppressed = true;
        cr_assert(store_put(world.store, &row, &place, &suppressed, &world.error));
        cr_assert_not(suppressed);
        world.rows++;
    }
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.accepted, 2);
    cr_assert_eq(counts.records_repeated, 1);
}

Test(store_put, a_delta_closes_nothing)
{
    static const char *const first[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
    struct source source = world_source("D01");
    struct store_counts counts;
    source.delta = true;
    world_night(&world, "D01", first);
    world_run_begin(&world);
    cr_assert(store_source_begin(world.store, &source, &world.error));
    world.rows = 0;
    world_customer(&world, "2", "李娜", "13900139001");
    counts = world_source_end(&world);
    cr_assert_eq(counts.records_closed, 0);
    cr_assert_eq(counts.records_changed, 1);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM record_customer WHERE closed_run IS"
                                      " NULL"),
                 2);
}

/* A row of one customer with one finding on its mobile. */
static void put_flagged(const char *key, enum severity severity, const char *code)
{
    struct slice values[CUSTOMER_FIELDS] = {SLICE("王伟"), SLICE("13800138000")};
    struct record record = {.entity = CUSTOMER, .key = slice_of(key), .values = values, .hash = 1};
    struct finding finding = {.entity = CUSTOMER,
                              .field = MOBILE,
                              .code = code,
                              .rule = "mobile.yaml:14",
                              .message = "A sentence.",
                              .severity = severity,
                              .value = SLICE("138****8000"),
                              .key = slice_of(key)};
    struct row_result row = {.outcome = severity == SEVERITY_FATAL ? REJECTED : ACCEPTED,
                             .records = &record,
                             .record_count = severity == SEVERITY_FATAL ? 0 : 1,
                             .findings = &finding,
                             .finding_count = 1};
    struct place place = {.file = "customers.csv", .line = world.rows + 2, .byte_offset = 40};
    cr_assert(store_put(world.store, &row, &place, NULL, &world.error));
    world.rows++;
}

Test(store_put, findings_are_kept_whole)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_flagged("1", SEVERITY_WARNING, "format");
    world_source_end(&world);
    cr_assert_str_eq(world_text(&world, "SELECT run_id, source_id, file, line, byte_offset,"
                                        " entity, source_key, field, code, rule, severity, value,"
                                        " message FROM finding"),
                     "1,1,customers.csv,2,40,customer,1,mobile,format,mobile.yaml:14,warning,"
                     "138****8000,A sentence.");
    cr_assert_str_eq(world_text(&world, "SELECT flagged FROM record_customer"), "mobile,");
}

Test(store_put, a_full_reading_replaces_the_findings)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_flagged("1", SEVERITY_WARNING, "format");
    put_flagged("2", SEVERITY_ERROR, "check_digit");
    world_source_end(&world);
    world_run_commit(&world);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_flagged("2", SEVERITY_ERROR, "check_digit");
    world_source_end(&world);
    cr_assert_str_eq(world_text(&world, "SELECT run_id, source_key FROM finding"), "2,2");
}

Test(store_put, a_delta_replaces_the_findings_of_what_it_speaks_of)
{
    struct source source = world_source("D01");
    source.delta = true;
    for (int night = 0; night < 2; night++) {
        world_run_begin(&world);
        cr_assert(store_source_begin(world.store, &source, &world.error));
        world.rows = 0;
        if (night == 0)
            put_flagged("1", SEVERITY_WARNING, "format");
        put_flagged("2", SEVERITY_ERROR, "check_digit");
        world_source_end(&world);
        world_run_commit(&world);
    }
    cr_assert_str_eq(
        world_text(&world, "SELECT run_id, source_key FROM finding ORDER BY source_key"),
        "1,1; 2,2");
}

Test(store_put, a_delta_forgets_what_was_found_in_records_that_are_gone)
{
    struct source source = world_source("D01");
    source.delta = true;
    for (int night = 0; night < 2; night++) {
        world_run_begin(&world);
        cr_assert(store_source_begin(world.store, &source, &world.error));
        world.rows = 0;
        if (night == 0)
            put_flagged("1", SEVERITY_WARNING, "format");
        else
            world_customer_gone(&world, "1", "x");
        world_source_end(&world);
        world_run_commit(&world);
    }
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM finding"), 0);
}

Test(store_put, a_warning_that_is_new_changes_the_record)
{
    for (int night = 0; night < 3; night++) {
        world_run_begin(&world);
        world_source_begin(&world, "D01");
        put_flagged("1", night < 2 ? SEVERITY_WARNING : SEVERITY_ERROR, "format");
        struct store_counts counts = world_source_end(&world);
        cr_assert_eq(counts.records_changed, night == 2, "the rule now says something else");
        world_run_commit(&world);
    }
}

Test(store_put, a_rejected_row_leaves_its_record_as_it_was)
{
    world_night(&world, "D01", first_night);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_flagged("2", SEVERITY_FATAL, "required");
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.rejected, 1);
    cr_assert_eq(counts.records_closed, 2);
    cr_assert_str_eq(world_text(&world, "SELECT source_key FROM record_customer WHERE closed_run"
                                        " IS NULL"),
                     "2");
}

/* Of three nights, the second rejects: what the first said stays, and what a new state would be
 * made of is that. */
static const char kept_records[] =
    "SELECT 'customer', source_key, name, closed_run IS NULL FROM record_customer UNION ALL"
    " SELECT 'car', source_key, vin, closed_run IS NULL FROM record_car ORDER BY 1, 2";

static void put_row_of_two(bool rejected, const char *customer_key, const char *car_key)
{
    struct slice customer_values[CUSTOMER_FIELDS] = {SLICE("new"), SLICE("1"), SLICE("2")};
    struct slice car_values[CAR_FIELDS] = {slice_of(customer_key), SLICE("NEW")};
    struct record records[] = {
        {.entity = CAR, .key = slice_of(car_key), .values = car_values, .hash = 77},
        {.entity = CUSTOMER, .key = slice_of(customer_key), .values = customer_values, .hash = 78},
    };
    struct finding finding = {.entity = CUSTOMER,
                              .field = NAME,
                              .code = "required",
                              .rule = "",
                              .message = "It is needed.",
                              .severity = SEVERITY_FATAL,
                              .key = slice_of(customer_key)};
    struct row_result row = {.outcome = rejected ? REJECTED : ACCEPTED,
                             .records = records,
                             .record_count = rejected ? 0 : 1,
                             .held_count = rejected ? 1 : 0,
                             .findings = &finding,
                             .finding_count = 1};
    struct place place = {.file = "customers.csv", .line = world.rows + 2};
    world.rows++;
    cr_assert(store_put(world.store, &row, &place, NULL, &world.error), "%s", world.error.message);
}

static void first_customer_and_car(void)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "old", "13800138000");
    world_car(&world, "1-A", "1", "OLD");
    world_car(&world, "1-B", "1", "GONE");
    world_source_end(&world);
    world_run_commit(&world);
}

Test(store_put, what_came_in_a_rejected_row_stays_as_it_was_with_it)
{
    first_customer_and_car();
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_row_of_two(true, "1", "1-A");
    cr_assert_eq(world_source_end(&world).records_closed, 1);
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, kept_records),
                     "car,1-A,OLD,1; car,1-B,GONE,0; customer,1,old,1");
}

Test(store_put, a_record_that_is_rejected_in_a_good_row_stays_as_it_was)
{
    first_customer_and_car();
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_row_of_two(false, "1", "1-A");
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.accepted, 1);
    cr_assert_eq(counts.records_changed, 1);
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, kept_records),
                     "car,1-A,NEW,1; car,1-B,GONE,0; customer,1,old,1");
}

Test(store_put, what_is_kept_is_gone_once_no_row_names_it)
{
    first_customer_and_car();
    for (int night = 0; night < 2; night++) {
        world_run_begin(&world);
        world_source_begin(&world, "D01");
        if (night == 0)
            put_row_of_two(true, "1", "1-A");
        world_source_end(&world);
        world_run_commit(&world);
    }
    cr_assert_str_eq(world_text(&world, kept_records),
                     "car,1-A,OLD,0; car,1-B,GONE,0; customer,1,old,0");
}

Test(store_put, a_rejected_row_does_not_hide_a_good_one)
{
    world_night(&world, "D01", first_night);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    put_flagged("2", SEVERITY_FATAL, "required");
    cr_assert_not(world_customer(&world, "2", "李娜", "13900139000"));
    struct store_counts counts = world_source_end(&world);
    cr_assert_eq(counts.accepted, 1);
    cr_assert_eq(counts.records_unchanged, 1);
}

Test(store_put, rows_are_counted_by_file)
{
    static const struct row_result discarded = {.outcome = ACCEPTED, .discarded = true};
    static const struct row_result rejected = {.outcome = REJECTED};
    struct place place = {.file = "cars.csv", .line = 9};
    size_t count = 0;
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", "13800138000");
    cr_assert(store_put(world.store, &discarded, &place, NULL, &world.error));
    cr_assert(store_put(world.store, &rejected, &place, NULL, &world.error));
    world_customer(&world, "1", "王伟", "13800138000");
    world.rows += 2;
    world_source_end(&world);
    const struct store_file *files = store_source_files(world.store, &count);
    cr_assert_eq(count, 2);
    cr_assert_str_eq(files[0].name, "customers.csv");
    cr_assert_eq(files[0].suppressed, 1);
    cr_assert_eq(files[1].rejected, 1);
    cr_assert_str_eq(world_text(&world, "SELECT file, rows_read, rows_accepted, rows_rejected,"
                                        " rows_discarded, rows_suppressed, findings FROM"
                                        " run_source"),
                     "customers.csv,2,1,0,0,1,0; cars.csv,2,0,1,1,0,0");
}

Test(store_put, rows_that_do_not_balance_fail)
{
    struct store_counts counts;
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", "13800138000");
    cr_assert_not(store_source_end(world.store, 2, &counts, &world.error));
    cr_assert_str_eq(world.error.message,
                     "rows do not balance: 2 read, but 1 accepted, 0 rejected, 0 discarded, "
                     "0 suppressed");
    cr_assert_str_eq(world.error.source, "D01");
}

Test(store_put, a_source_that_fails_keeps_what_it_had)
{
    static const struct error why = {.exit_code = EXIT_FAILED, .message = "the file ends early"};
    world_night(&world, "D01", first_night);
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "somebody else", "13800138999");
    world_customer(&world, "9", "new", "13600136000");
    put_flagged("10", SEVERITY_WARNING, "format");
    cr_assert(store_source_fail(world.store, &why, &world.error), "%s", world.error.message);
    cr_assert(store_notice(world.store, "encoding", "It is not UTF-8.", &world.error));
    world_source_begin(&world, "D02");
    world_customer(&world, "1", "赵六", "13600136000");
    world_source_end(&world);
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, records_sql),
                     "1,王伟,1,1,; 2,李娜,1,1,; 3,张三,1,1,; 1,赵六,2,2,");
    cr_assert_str_eq(world_text(&world, "SELECT name, status, message, last_good_run FROM source"),
                     "D01,failed,the file ends early,1; D02,ok,,2");
    cr_assert_str_eq(world_text(&world, "SELECT run_id, source_id, code, text FROM run_notice"),
                     "2,1,encoding,It is not UTF-8.");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM finding"), 0);
}

Test(store_put, a_source_that_is_missing_changes_nothing)
{
    static const struct error why = {.exit_code = EXIT_FAILED, .message = "could not find D01.csv"};
    struct source source = world_source("D01");
    world_night(&world, "D01", first_night);
    world_run_begin(&world);
    cr_assert(store_source_absent(world.store, &source, "missing", &why, &world.error));
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, records_sql), "1,王伟,1,1,; 2,李娜,1,1,; 3,张三,1,1,");
    cr_assert_str_eq(world_text(&world, "SELECT status, message, last_good_run FROM source"),
                     "missing,could not find D01.csv,1");
    struct store_counts counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.records_unchanged, 3);
    cr_assert_str_eq(world_text(&world, "SELECT status, message FROM source"), "ok,");
}

Test(store_put, a_source_that_failed_at_first_can_come_later)
{
    static const struct error why = {.exit_code = EXIT_FAILED, .message = "no"};
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", "13800138000");
    cr_assert(store_source_fail(world.store, &why, &world.error));
    world_run_commit(&world);
    struct store_counts counts = world_night(&world, "D01", first_night);
    cr_assert_eq(counts.records_new, 3);
}

Test(store_put, a_missing_value_is_null)
{
    world_run_begin(&world);
    world_source_begin(&world, "D01");
    world_customer(&world, "1", "王伟", NULL);
    world_customer(&world, "2", "李娜", "");
    world_source_end(&world);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM record_customer WHERE mobile IS NULL"),
                 2);
}
