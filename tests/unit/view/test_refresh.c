#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Whatever happens in a night, the view that is brought up to date is, row for row, the one that is
 * made anew. The state is changed at random, the lists of what has changed are found by comparing
 * it with itself of the night before. */

TestSuite(view_refresh, .init = view_test_open, .fini = view_test_close);

static const char *const record_tables[] = {"customer", "ownership", "service",    "complaint",
                                            "contract", "consent",   "membership", "lead"};
enum { RECORD_TABLES = sizeof(record_tables) / sizeof(record_tables[0]) };

static uint64_t random_state;

/* 0 … limit - 1; the same in each run of the test. */
static unsigned pick(unsigned limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % limit;
}

__attribute__((format(printf, 1, 2))) static void change(const char *format, ...)
{
    char sql[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    in_state(sql);
}

/* 'text3' or NULL, in a buffer of its own for a few calls. */
static const char *maybe(const char *text, unsigned limit)
{
    static char values[16][48];
    static unsigned next;
    char *value = values[next++ % 16];
    unsigned number = pick(limit + 1);
    if (number == limit)
        snprintf(value, sizeof(values[0]), "NULL");
    else
        snprintf(value, sizeof(values[0]), "'%s%u'", text, number);
    return value;
}

static const char *some_day(void)
{
    static char days[8][16];
    static unsigned next;
    char *day = days[next++ % 8];
    if (pick(10) == 0)
        return "NULL";
    if (pick(2))
        snprintf(day, sizeof(days[0]), "'2024-%02u-15'", 7 + pick(5));
    else
        snprintf(day, sizeof(days[0]), "'%u-%02u-%02u'", 2023 + pick(4), 1 + pick(12),
                 1 + pick(28));
    return day;
}

/* A number at a dealer that a customer record may have, and some that none has yet. */
static const char *customer_key(void)
{
    return maybe("C", 16);
}

/* ---- one thing that happens ---- */

static void put_some_customer(void)
{
    unsigned source = 1 + pick(3);
    unsigned key = pick(12);
    change(
        "INSERT INTO record_customer(source_id, source_key, name, name_key, mobile, landline,"
        " email, id_key, id_number, address, type, updated_at, first_run, changed_run, file, line)"
        " VALUES (%u, 'C%u', %s, %s, %s, %s, %s, %s, %s, %s, 'person', %s, 1, 1, 'a.csv', 2)"
        " ON CONFLICT (source_id, source_key) DO UPDATE SET name = excluded.name,"
        " name_key = excluded.name_key, mobile = excluded.mobile, landline = excluded.landline,"
        " email = excluded.email, id_key = excluded.id_key, address = excluded.address,"
        " updated_at = excluded.updated_at, closed_run = NULL",
        source, key, maybe("N", 4), maybe("N", 4), maybe("1380013800", 8), maybe("021-6234567", 5),
        maybe("a@b.c", 4), maybe("ID", 6), maybe("ID", 6), maybe("Road ", 4), some_day());
    change("INSERT OR IGNORE INTO crosswalk(record_id, golden_number) SELECT record_id, %u"
           " FROM record_customer WHERE source_id = %u AND source_key = 'C%u'",
           1 + 9 * pick(20), source, key);
}

static void move_some_customer(void)
{
    change("UPDATE crosswalk SET golden_number = %u WHERE record_id = %u", 1 + 9 * pick(20),
           1 + pick(30));
}

static void put_some_car(void)
{
    change("INSERT INTO record_ownership(source_id, source_key, customer_key, vin, plate, brand, "
           "model,"
           " purchase_date, price) VALUES (%u, 'O%u', coalesce(%s, 'C1'), %s, %s, 'VW', %s, %s, %u)"
           " ON CONFLICT (source_id, source_key) DO UPDATE SET vin = excluded.vin,"
           " customer_key = excluded.customer_key, plate = excluded.plate, model = excluded.model,"
           " purchase_date = excluded.purchase_date, closed_run = NULL",
           1 + pick(3), pick(12), customer_key(), maybe("VIN", 10), maybe("P", 5), maybe("M", 3),
           some_day(), 1000 * pick(3));
}

static void put_some_service(void)
{
    change("INSERT INTO record_service(source_id, source_key, customer_key, vin, service_date,"
           " order_number, job, amount, odometer_km) VALUES (%u, 'S%u', %s, %s, %s, %s, 'repair',"
           " 500, %u) ON CONFLICT (source_id, source_key) DO UPDATE SET vin = excluded.vin,"
           " customer_key = excluded.customer_key, service_date = excluded.service_date,"
           " order_number = excluded.order_number, closed_run = NULL",
           1 + pick(3), pick(40), customer_key(), maybe("VIN", 10), some_day(), maybe("R", 3),
           1000 * pick(3));
}

static void put_some_complaint(void)
{
    change("INSERT INTO record_complaint(source_id, source_key, case_number, opened_on, vin, name,"
           " mobile, category, status) VALUES (4, 'K%u', 'K', %s, %s, %s, %s, 'quality', %s)"
           " ON CONFLICT (source_id, source_key) DO UPDATE SET opened_on = excluded.opened_on,"
           " vin = excluded.vin, name = excluded.name, mobile = excluded.mobile,"
           " status = excluded.status, closed_run = NULL",
           pick(12), some_day(), maybe("VIN", 10), maybe("N", 4), maybe("1380013800", 8),
           maybe("s", 2));
}

static void put_some_contract(void)
{
    change(
        "INSERT INTO record_contract(source_id, source_key, number, type, name, name_key, id_key,"
        " vin, plate, starts_on, months) VALUES (7, 'F%u', 'F', 'finance', %s, %s, %s, %s, %s,"
        " %s, 24) ON CONFLICT (source_id, source_key) DO UPDATE SET name = excluded.name,"
        " name_key = excluded.name_key, id_key = excluded.id_key, vin = excluded.vin,"
        " starts_on = excluded.starts_on, closed_run = NULL",
        pick(14), maybe("N", 4), maybe("N", 4), maybe("ID", 6), maybe("VIN", 10), maybe("P", 5),
        some_day());
}

static void put_some_consent(void)
{
    change("INSERT INTO record_consent(source_id, source_key, mobile, email, channel, purpose, "
           "decision,"
           " decided_at) VALUES (6, 'E%u', %s, %s, 'phone', 'marketing', '%s', %s)"
           " ON CONFLICT (source_id, source_key) DO UPDATE SET mobile = excluded.mobile,"
           " email = excluded.email, decision = excluded.decision,"
           " decided_at = excluded.decided_at, closed_run = NULL",
           pick(12), maybe("1380013800", 8), maybe("a@b.c", 4), pick(2) ? "granted" : "refused",
           some_day());
}

static void put_some_card(void)
{
    change(
        "INSERT INTO record_membership(source_id, source_key, customer_key, card_number,"
        " points_earned) VALUES (%u, 'M%u', %s, 'M', %u)"
        " ON CONFLICT (source_id, source_key) DO UPDATE SET customer_key = excluded.customer_key,"
        " points_earned = excluded.points_earned, closed_run = NULL",
        1 + pick(3), pick(8), customer_key(), pick(100));
}

static void put_some_lead(void)
{
    change(
        "INSERT INTO record_lead(source_id, source_key, customer_key, number, requested_at, dealer)"
        " VALUES (%u, 'L%u', %s, 'L', %s, 'D01')"
        " ON CONFLICT (source_id, source_key) DO UPDATE SET customer_key = excluded.customer_key,"
        " requested_at = excluded.requested_at, closed_run = NULL",
        1 + pick(3), pick(8), customer_key(), some_day());
}

static void close_some_record(void)
{
    change("UPDATE record_%s SET closed_run = CASE WHEN closed_run IS NULL THEN 2 END"
           " WHERE record_id = %u",
           record_tables[pick(RECORD_TABLES)], 1 + pick(30));
}

/* A steward accepts or refuses a relation of two records, or takes a word back. */
static void say_something(void)
{
    change("INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a, source_b, key_b,"
           " attribute, until) SELECT '2026-07-01', 'lin', '%s', s.name, a.source_key, t.name,"
           " b.source_key, '%s', %s FROM record_customer a JOIN source s USING (source_id),"
           " record_customer b JOIN source t ON t.source_id = b.source_id"
           " WHERE a.record_id <> b.record_id ORDER BY (a.record_id * 7 + b.record_id) %% %u,"
           " a.record_id, b.record_id LIMIT 1",
           pick(3) ? "relation" : "no_relation", pick(3) ? "household" : "employer",
           pick(4) ? "NULL" : "'2026-08-01'", 1 + pick(40));
    if (pick(3) == 0)
        change("UPDATE decision SET undone = 1 WHERE decision_id %% 5 = %u", pick(5));
}

static void something_happens(void)
{
    static void (*const happenings[])(void) = {
        put_some_customer,  move_some_customer, put_some_car,  put_some_service,
        put_some_complaint, put_some_contract,  put_some_card, put_some_consent,
        put_some_lead,      close_some_record,  say_something,
    };
    happenings[pick(sizeof(happenings) / sizeof(happenings[0]))]();
}

/* ---- what a run would make of it ---- */

static void merge(void)
{
    in_state("DELETE FROM golden; DELETE FROM golden_choice;"
             "INSERT INTO golden(golden_number, golden_id, type, name, name_key, mobile, landline,"
             " email, address, source_count, record_count, first_run, changed_run)"
             " SELECT x.golden_number, 'G' || x.golden_number,"
             " CASE WHEN x.golden_number % 5 = 0 THEN 'organisation' ELSE 'person' END, max(name), "
             "max(name_key),"
             " max(mobile), max(landline), max(email), max(address), count(DISTINCT source_id),"
             " count(*), 1, 1 FROM crosswalk x JOIN record_customer r ON r.record_id = x.record_id"
             " WHERE closed_run IS NULL GROUP BY 1;"
             "INSERT INTO golden_choice SELECT golden_number, 0, max(record_id), 'longest'"
             " FROM golden JOIN crosswalk USING (golden_number) WHERE record_count > 1 GROUP BY 1;"
             /* So that what the few here change counts as little. */
             "INSERT INTO golden(golden_number, golden_id, source_count, record_count)"
             " VALUES (1000, 'G1000', 0, 0);");
}

static void remember(void)
{
    for (size_t i = 0; i < RECORD_TABLES; i++)
        change("DROP TABLE IF EXISTS was_%s; CREATE TABLE was_%s AS SELECT * FROM record_%s;",
               record_tables[i], record_tables[i], record_tables[i]);
    in_state("DROP TABLE IF EXISTS was_golden; CREATE TABLE was_golden AS SELECT * FROM golden;"
             "DROP TABLE IF EXISTS was_crosswalk; CREATE TABLE was_crosswalk AS SELECT * FROM"
             " crosswalk;");
}

static void list_former(const char *entity, const char *field)
{
    change("INSERT OR IGNORE INTO changed_value SELECT '%s', '%s', w.%s FROM was_%s w"
           " JOIN record_%s r ON r.record_id = w.record_id WHERE w.%s IS NOT r.%s"
           " AND w.%s IS NOT NULL",
           entity, field, field, entity, entity, field, field, field);
}

static void list_changes(void)
{
    in_state("DELETE FROM changed_record; DELETE FROM changed_golden; DELETE FROM changed_value;");
    for (size_t i = 0; i < RECORD_TABLES; i++)
        change("INSERT INTO changed_record SELECT '%s', record_id,"
               " CASE WHEN closed_run IS NULL THEN 'changed' ELSE 'closed' END"
               " FROM (SELECT * FROM record_%s EXCEPT SELECT * FROM was_%s)",
               record_tables[i], record_tables[i], record_tables[i]);
    list_former("ownership", "vin");
    list_former("ownership", "customer_key");
    list_former("consent", "mobile");
    list_former("consent", "email");
    in_state(
        "INSERT INTO changed_golden SELECT golden_number, 'touched' FROM ("
        "SELECT golden_number FROM (SELECT * FROM golden EXCEPT SELECT * FROM was_golden)"
        " UNION SELECT golden_number FROM (SELECT * FROM was_golden EXCEPT SELECT * FROM golden)"
        " UNION SELECT golden_number FROM (SELECT * FROM crosswalk EXCEPT SELECT * FROM"
        " was_crosswalk)"
        " UNION SELECT golden_number FROM (SELECT * FROM was_crosswalk EXCEPT SELECT * FROM"
        " crosswalk)"
        " UNION SELECT x.golden_number FROM changed_record c JOIN crosswalk x"
        " ON x.record_id = c.record_id WHERE c.entity = 'customer')");
}

/* A day later, each night; some nights are two weeks long, so that anniversaries are passed. */
static void pass_time(void)
{
    static char day[32];
    static unsigned days;
    days += pick(8) ? 1 : 14;
    unsigned months = 6 + days / 28;
    snprintf(day, sizeof(day), "%04u-%02u-%02u", 2026 + months / 12, 1 + months % 12,
             1 + days % 28);
    build_as_of = day;
}

static void pass_night(unsigned happenings)
{
    pass_time();
    remember();
    for (unsigned i = 0; i < happenings; i++)
        something_happens();
    merge();
    list_changes();
    build_former_run = build_run++;
    change("INSERT INTO run(run_id, as_of, status) VALUES (%d, '%s', 'done')", (int)build_run,
           build_as_of);
}

/* ---- a view of what is brought up to date ---- */

static const char parameters[] =
    "parameters:\n  contact_shared_from: 3\n  trend_runs: 3\n  contract_warranty_types: "
    "[warranty]\n"
    "  contract_warranty_products: [extended]\n  complaint_closed_status: [s1]\n"
    "  consent_granted: granted\n  marketing_purpose: marketing\n  call_channel: phone\n"
    "  message_channel: sms\n";

static void copy_files(struct arena *arena, const char *pattern)
{
    struct error error;
    char **paths = NULL;
    size_t count = 0;
    cr_assert(file_glob(arena, pattern, &paths, &count, &error) && count > 0);
    for (size_t i = 0; i < count; i++) {
        char name[256];
        snprintf(name, sizeof(name), "view/%s", file_name(paths[i]));
        cr_assert(file_copy(paths[i], in_folder(name), &error), "%s", error.message);
    }
}

/* Files that are run anew come out equal by themselves, and take long. */
static void make_sql_folder(void)
{
    struct arena *arena = arena_create();
    write_file("view/view.yaml", parameters);
    copy_files(arena, "mappings/view/[0-3]*.sql");
    copy_files(arena, "mappings/view/580*.sql");
    copy_files(arena, "mappings/view/columns.sql");
    copy_files(arena, "mappings/view/touched.sql");
    arena_destroy(arena);
}

static bool with_all_files; /* of the project, not those of make_sql_folder only */

static void build(struct view_result *result)
{
    struct error error = {0};
    cr_assert(build_from(with_all_files ? NULL : in_folder("view"), result, &error), "%s:%d: %s",
              error.file, (int)error.line, error.message);
}

/* ---- comparing ---- */

static const char *difference_of(const char *table)
{
    static char sql[1024];
    snprintf(
        sql, sizeof(sql),
        "SELECT '%s made anew', * FROM (SELECT * FROM main.\"%s\" EXCEPT SELECT * FROM "
        "other.\"%s\")"
        " UNION ALL SELECT '%s refreshed', * FROM (SELECT * FROM other.\"%s\" EXCEPT SELECT * FROM"
        " main.\"%s\")",
        table, table, table, table, table, table);
    return sql;
}

static void expect_same_table(struct database *view, const char *table)
{
    struct error error;
    int64_t difference = 0;
    char count[512];
    struct statement *rows = statement_prepare(view, difference_of(table), &error);
    cr_assert(rows, "%s: %s", table, error.message);
    struct buffer differing = BUFFER_EMPTY;
    while (statement_step(rows, &error) == ACCEPTED)
        for (int i = 0; i < statement_columns(rows); i++)
            buffer_format(&differing, "%s%.*s|", i ? "" : "\n",
                          SLICE_ARGUMENTS(statement_text(rows, i)));
    cr_assert_eq(differing.length, 0, "run %d, rows of one only: %s", (int)build_run,
                 differing.data);
    statement_destroy(rows);
    snprintf(count, sizeof(count),
             "SELECT (SELECT count(*) FROM main.\"%s\") - (SELECT count(*) FROM other.\"%s\")",
             table, table);
    cr_assert(database_integer(view, count, -1, &difference, &error));
    cr_assert_eq(difference, 0, "%s: rows more in the one made anew: %d", table, (int)difference);
}

static void expect_same_views(const char *refreshed)
{
    struct error error;
    int64_t tables = 0;
    struct database *view = database_open(view_file(), DATABASE_READ, &error);
    cr_assert(view && database_attach(view, refreshed, "other", &error), "%s", error.message);
    struct statement *names = statement_prepare(
        view, "SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name", &error);
    while (statement_step(names, &error) == ACCEPTED) {
        char name[128];
        snprintf(name, sizeof(name), "%.*s", SLICE_ARGUMENTS(statement_text(names, 0)));
        expect_same_table(view, name);
    }
    statement_destroy(names);
    cr_assert(
        database_integer(view,
                         "SELECT count(*) FROM (SELECT type, name, sql FROM main.sqlite_master"
                         " EXCEPT SELECT type, name, sql FROM other.sqlite_master)",
                         -1, &tables, &error));
    cr_assert_eq(tables, 0);
    database_close(view);
}

/* Brings the view up to date, makes it anew, and compares. */
static void expect_refresh_as_anew(void)
{
    struct view_result result;
    struct error error = {0};
    char refreshed[512];
    snprintf(refreshed, sizeof(refreshed), "%s", in_folder("refreshed.db"));
    build(&result);
    cr_assert(result.refreshed, "run %d", (int)build_run);
    cr_assert(file_copy(view_file(), refreshed, &error));
    int64_t former = build_former_run;
    build_former_run = 0;
    build(&result);
    cr_assert_not(result.refreshed);
    build_former_run = former;
    expect_same_views(refreshed);
}

static void live_through(uint64_t seed, unsigned nights)
{
    struct view_result result;
    random_state = seed;
    make_sql_folder();
    for (unsigned i = 0; i < 150; i++)
        something_happens();
    merge();
    build(&result);
    for (unsigned i = 0; i < nights; i++) {
        pass_night(1 + pick(6));
        expect_refresh_as_anew();
    }
}

/* The view made anew, its rows read in the order that is asked for, in both orders where none is.
 */
static void expect_same_in_any_order(void)
{
    struct view_result result;
    struct error error = {0};
    char forward[512];
    snprintf(forward, sizeof(forward), "%s", in_folder("forward.db"));
    build_former_run = 0;
    build(&result);
    cr_assert(file_copy(view_file(), forward, &error));
    build_reversed = true;
    build(&result);
    build_reversed = false;
    expect_same_views(forward);
}

/* CUST360_LONG=1000 lives through so many nights of each seed. */
static unsigned nights_to_live(void)
{
    const char *long_mode = getenv("CUST360_LONG");
    return long_mode ? (unsigned)strtoul(long_mode, NULL, 10) : 12;
}

Test(view_refresh, after_any_night_it_is_the_view_made_anew_1)
{
    live_through(1, nights_to_live());
}

Test(view_refresh, after_any_night_it_is_the_view_made_anew_2)
{
    live_through(2, nights_to_live());
}

Test(view_refresh, after_any_night_it_is_the_view_made_anew_3)
{
    live_through(3, nights_to_live());
}

Test(view_refresh, after_any_night_it_is_the_view_made_anew_4)
{
    live_through(4, nights_to_live());
}

Test(view_refresh, with_all_the_projects_files)
{
    with_all_files = true;
    live_through(5, nights_to_live());
}

/* What depends on the day alone: stages, classes, months known, households of nobody who moved. */
Test(view_refresh, when_nothing_happens_but_days_pass)
{
    struct view_result result;
    with_all_files = true;
    random_state = 7;
    make_sql_folder();
    for (unsigned i = 0; i < 250; i++)
        something_happens();
    merge();
    build(&result);
    for (unsigned i = 0; i < 2 * nights_to_live(); i++) {
        pass_night(0);
        expect_refresh_as_anew();
    }
}

/* Equal days, amounts and names everywhere: whatever is left to the order of rows shows. */
Test(view_refresh, rows_in_any_order_give_the_same_view)
{
    make_sql_folder();
    with_all_files = true;
    for (unsigned round = 0; round < 4; round++) {
        random_state = 11 + round;
        for (unsigned i = 0; i < 120; i++)
            something_happens();
        merge();
        expect_same_in_any_order();
    }
}

/* What does depend on it is seen, or the test above could not fail. */
Test(view_refresh, the_order_of_rows_is_turned_round)
{
    struct view_result result;
    make_sql_folder();
    write_file("view/900-first.sql", "CREATE TABLE first_one (value);"
                                     "CREATE TEMP TABLE many (value);"
                                     "INSERT INTO many VALUES (1), (2), (3);"
                                     "INSERT INTO first_one SELECT value FROM many LIMIT 1;");
    build(&result);
    expect_rows("SELECT value FROM first_one", "1");
    build_reversed = true;
    build(&result);
    build_reversed = false;
    expect_rows("SELECT value FROM first_one", "3");
}
