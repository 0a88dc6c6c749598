#include "support.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/merge.h"
#include "cust360/store_golden.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static char folder[256];
static struct arena *arena;
static struct buffer answer = BUFFER_EMPTY;
static struct database *state;

unsigned build_threads = 2;
int64_t build_run = 2;
int64_t build_former_run = 0;
bool build_reversed = false;
const char *build_as_of = "2026-06-30";

static void run_sql(const char *sql)
{
    struct error error;
    cr_assert(database_run(state, sql, &error), "%s", error.message);
}

static void expect_done(bool done, const struct error *error)
{
    cr_assert(done, "%s:%d: %s", error->file, (int)error->line, error->message);
}

/* The golden tables have the columns of survivorship.yaml; they are made when a match is saved. */
static void make_golden_tables(struct store *store, const struct model *model)
{
    struct error error;
    struct survivorship *survivorship =
        survivorship_load(arena, "mappings/survivorship.yaml", model, &error);
    cr_assert(survivorship, "%s", error.message);
    struct store_scan *scan = store_scan_open(store, "customer", NULL, 0, &error);
    cr_assert(scan, "%s", error.message);
    struct store_member member;
    cr_assert_eq(store_scan_next(scan, &member, &error), ENDED);
    store_scan_close(scan);
    struct golden_basis basis = {.hash = survivorship_hash(survivorship)};
    basis.column_count = survivorship_columns(survivorship, &basis.columns);
    uint32_t cluster[1] = {0};
    struct store_golden_state nobody;
    expect_done(store_golden_begin(store, &basis, cluster, &nobody, &error), &error);
}

/* The store itself makes the tables, so that the view is tested on what it will meet. */
static void make_state(void)
{
    struct error error;
    struct model *model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    struct store *store = store_open(folder, model, STORE_WRITE, 0, &error);
    cr_assert(store, "%s", error.message);
    expect_done(store_run_begin(store, "2026-06-29", 0, &error), &error);
    make_golden_tables(store, model);
    expect_done(store_run_commit(store, "done", &error), &error);
    store_close(store);
}

void view_test_open(void)
{
    const char *base = getenv("TMPDIR");
    struct error error;
    snprintf(folder, sizeof(folder), "%s/cust360-view-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
    make_state();
    state = database_open(state_file(), DATABASE_WRITE, &error);
    cr_assert(state, "%s", error.message);
    run_sql("PRAGMA synchronous=OFF");
    run_sql("INSERT INTO run(run_id, as_of) VALUES (2, '2026-06-30');"
            "INSERT INTO source(source_id, name, kind, trust, status) VALUES"
            " (1,'D01','csv',50,'ok'), (2,'D02','csv',50,'ok'), (3,'D03','xml',50,'ok'),"
            " (4,'hq_complaints','csv',60,'ok'), (5,'hq_members','csv',60,'ok'),"
            " (6,'hq_consents','csv',60,'ok'), (7,'fin_contracts','csv',60,'ok'),"
            " (8,'ins_policies','csv',60,'ok'), (9,'leads_adf','xml',60,'ok');");
}

void view_test_close(void)
{
    database_close(state);
    arena_destroy(arena);
    buffer_release(&answer);
    struct buffer command = BUFFER_EMPTY;
    buffer_format(&command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command.data), 0);
    buffer_release(&command);
}

const char *in_folder(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

const char *state_file(void)
{
    return in_folder("state.db");
}

const char *view_file(void)
{
    return in_folder("out/customer360.db");
}

void write_file(const char *name, const char *text)
{
    struct error error;
    const char *path = in_folder(name);
    cr_assert(file_make_folder(file_folder(arena, path), &error));
    cr_assert(file_replace(path, slice_of(text), &error), "%s", error.message);
}

void in_state(const char *sql)
{
    run_sql(sql);
}

static void run_bound(const char *sql, const char *const *texts, int count)
{
    struct error error;
    struct statement *statement = statement_prepare(state, sql, &error);
    cr_assert(statement, "%s", error.message);
    for (int i = 0; i < count; i++)
        statement_bind_text(statement, i + 1, slice_of(texts[i]));
    cr_assert(statement_run(statement, &error), "%s", error.message);
    statement_destroy(statement);
}

void put_customer(int source, const char *key, int golden, const char *name, const char *mobile)
{
    char sql[1024];
    const char *values[] = {key, name, mobile};
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_customer(source_id, source_key, name, name_key, mobile, type,"
             " first_run, changed_run, file, line)"
             " VALUES (%d, ?1, ?2, ?2, ?3, 'person', 1, 1, 'a.csv', 2)",
             source);
    run_bound(sql, values, 3);
    snprintf(sql, sizeof(sql),
             "INSERT INTO crosswalk(record_id, golden_number)"
             " SELECT max(record_id), %d FROM record_customer WHERE ?1 IS ?1 AND ?2 IS ?2"
             " AND ?3 IS ?3",
             golden);
    run_bound(sql, values, 3);
    snprintf(sql, sizeof(sql),
             "INSERT INTO golden(golden_number, golden_id, type, name, name_key, mobile,"
             " source_count, record_count, first_run, changed_run)"
             " VALUES (%d, 'G%d', 'person', ?2, ?2, ?3, 1, ?1 IS ?1, 1, 2)"
             " ON CONFLICT DO UPDATE SET record_count = record_count + 1",
             golden, golden);
    run_bound(sql, values, 3);
}

void put_car(int source, const char *key, const char *vin, const char *bought)
{
    char sql[512];
    const char *values[] = {key, vin, bought};
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_ownership(source_id, source_key, customer_key, vin, model,"
             " purchase_date)"
             " SELECT %d, ?1 || '|' || count(*), ?1, ?2, 'Golf', ?3 FROM record_ownership",
             source);
    run_bound(sql, values, 3);
}

void put_service(int source, const char *key, const char *vin, const char *date, const char *order)
{
    char sql[512];
    const char *values[] = {key, vin, date, order};
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_service(source_id, source_key, customer_key, vin, service_date,"
             " order_number, job, amount, odometer_km)"
             " SELECT %d, coalesce(?1, '') || '|' || count(*), ?1, ?2, ?3, ?4, 'repair', 500,"
             " 20000 FROM record_service",
             source);
    run_bound(sql, values, 4);
}

bool build_from(const char *sql_folder, struct view_result *result, struct error *error)
{
    int32_t as_of = 0;
    cr_assert(date_parse(slice_of(build_as_of), &as_of));
    struct view_options options = {.folder = sql_folder ? sql_folder : "mappings/view",
                                   .state_path = state_file(),
                                   .path = view_file(),
                                   .run_id = build_run,
                                   .former_run_id = build_former_run,
                                   .as_of_days = as_of,
                                   .threads = build_threads,
                                   .reversed = build_reversed};
    /* The state is on the disk now: an exclusive lock would keep the view out. */
    database_close(state);
    state = NULL;
    bool built = view_build(arena, &options, result, error);
    struct error reopen_error;
    state = database_open(state_file(), DATABASE_WRITE, &reopen_error);
    cr_assert(state, "%s", reopen_error.message);
    return built;
}

void build_view(void)
{
    struct view_result result;
    struct error error;
    cr_assert(build_from(NULL, &result, &error), "%s:%d: %s", error.file, (int)error.line,
              error.message);
}

const char *view_rows(const char *sql)
{
    struct error error;
    struct database *view = database_open(view_file(), DATABASE_READ, &error);
    cr_assert(view, "%s", error.message);
    struct statement *select = statement_prepare(view, sql, &error);
    cr_assert(select, "%s: %s", sql, error.message);
    buffer_clear(&answer);
    buffer_append_text(&answer, "");
    enum outcome outcome;
    while ((outcome = statement_step(select, &error)) == ACCEPTED) {
        for (int i = 0; i < statement_columns(select); i++) {
            if (i > 0 || answer.length > 0)
                buffer_append_byte(&answer, i > 0 ? '|' : ' ');
            buffer_append(&answer,
                          statement_is_null(select, i) ? SLICE("-") : statement_text(select, i));
        }
    }
    cr_assert_eq(outcome, ENDED, "%s", error.message);
    statement_destroy(select);
    database_close(view);
    return answer.data;
}
