#include "desk.h"
#include "cust360/base/database.h"
#include "cust360/review_engine.h"
#include "cust360/store.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct desk desk;

static struct model_field fields[] = {
    {.name = "name", .kind = "name", .label = "Name", .from = FIELD_NONE, .personal = true},
    {.name = "mobile", .kind = "mobile", .label = "Mobile", .from = FIELD_NONE, .personal = true},
    {.name = "birth_date", .kind = "birth_date", .label = "Birth date", .from = FIELD_NONE},
};
static struct model_entity entities[] = {{"customer", "Customer", fields, 3, false}};
static struct model model = {.entities = entities, .entity_count = 1};
static struct project project;
static struct review_engine engine;

/* Records 1 and 2 are one customer, 3, 4 and 5 one each; three questions, the first weighs most. */
static const char people[] =
    "INSERT INTO run(run_id, as_of, status) VALUES(1, '2026-06-30', 'done');"
    "INSERT INTO source(source_id, name, trust, mapping) VALUES(1, 'D01', 50, 'wide'),"
    " (2, 'D02', 60, 'tw');"
    "INSERT INTO record_customer(record_id, source_id, source_key, name, mobile, birth_date) VALUES"
    " (1, 1, 'a', '王芳', '13800200001', '1990-01-05'), (2, 2, 'a', '王芳', '13800200001',"
    " '1990-01-06'), (3, 1, 'b', '王方', '13800200001', NULL), (4, 2, 'b', '李强', '13800200002',"
    " NULL), (5, 1, 'c', '李强', '13800200003', NULL);"
    "UPDATE record_customer SET delivered = '{\"birth_date\":\"5.1.90\"}' WHERE record_id = 1;"
    "INSERT INTO crosswalk(record_id, golden_number) VALUES(1, 1), (2, 1), (3, 2), (4, 3), (5, 4);"
    "DROP TABLE IF EXISTS golden; CREATE TABLE golden(golden_number INTEGER PRIMARY KEY, golden_id"
    " TEXT, name TEXT, mobile TEXT, birth_date TEXT, source_count INTEGER, record_count INTEGER);"
    "INSERT INTO golden VALUES(1, 'C1', '王芳', '13800200001', '1990-01-05', 2, 2), (2, 'C2',"
    " '王方', '13800200001', NULL, 1, 1), (3, 'C3', '李强', '13800200002', NULL, 1, 1), (4, 'C4',"
    " '李强', '13800200003', NULL, 1, 1);"
    "INSERT INTO possible_match(record_a, record_b, weight) VALUES(1, 3, 0.5), (4, 5, -1);"
    "INSERT INTO link(record_a, record_b, weight) VALUES(1, 2, 30);";

static bool lock(void *context, unsigned wait_seconds, struct error *error)
{
    (void)context;
    (void)wait_seconds;
    if (desk.locked)
        return error_set(error, EXIT_LOCKED, "a run holds the state");
    return database_run(desk.state, "BEGIN IMMEDIATE", error);
}

static bool unlock(void *context, bool commit, struct error *error)
{
    (void)context;
    return database_run(desk.state, commit ? "COMMIT" : "ROLLBACK", error);
}

static bool apply(void *context, const int64_t *records, size_t count, struct arena *arena,
                  struct review_applied *applied, struct error *error)
{
    (void)context;
    (void)records;
    (void)arena;
    (void)error;
    (void)count;
    *applied = (struct review_applied){0};
    return true;
}

static bool explain(void *context, int64_t record_a, int64_t record_b, struct arena *arena,
                    struct review_evidence *evidence, struct error *error)
{
    (void)context;
    (void)arena;
    (void)error;
    *evidence = (struct review_evidence){
        .bits = (double)(record_a + record_b),
        .sentence = record_a + record_b == desk.unlike ? "Names differ." : "Same mobile.",
        .sentence_zh = "",
        .blocks = "phone",
        .blocks_zh = "电话"};
    return true;
}

static bool consents(void *context, const char *const *golden_ids, size_t count,
                     struct arena *arena, struct review_consents *counted, struct error *error)
{
    (void)context;
    (void)golden_ids;
    (void)arena;
    (void)error;
    *counted = (struct review_consents){.granted = count, .refused = 1, .contrary = 1};
    return true;
}

static const char *rule_in_words(const char *rule)
{
    return rule;
}

static bool page(void *context, const char *golden_id, struct buffer *json, struct error *error)
{
    (void)context;
    (void)golden_id;
    (void)json;
    (void)error;
    return true;
}

static void make_state(void)
{
    struct store *store = store_open(desk.folder, &model, STORE_WRITE, 0, &desk.error);
    cr_assert(store, "%s", desk.error.message);
    store_close(store);
}

void desk_reopen(void)
{
    const struct review_setup setup = {&project, &engine};
    review_close(desk.review);
    desk.review = review_open(&setup, &desk.error);
    cr_assert(desk.review, "%s", desk.error.message);
}

void desk_open(void)
{
    char path[300];
    const char *base = getenv("TMPDIR");
    desk = (struct desk){.arena = arena_create()};
    snprintf(desk.folder, sizeof(desk.folder), "%s/cust360-desk-%d", base ? base : "/tmp",
             (int)getpid());
    make_state();
    snprintf(path, sizeof(path), "%s/state.db", desk.folder);
    desk.state = database_open(path, DATABASE_WRITE, &desk.error);
    cr_assert(desk.state, "%s", desk.error.message);
    cr_assert(database_run(desk.state, people, &desk.error), "%s", desk.error.message);
    project = (struct project){.state = desk.folder, .out = desk.folder, .model = &model};
    project.operation.review = (struct review_rules){
        .lease_cases = 1, .lease_minutes = 15, .weak_bits = 5, .apply_records = 100};
    desk.rules = &project.operation.review;
    engine = (struct review_engine){.state = desk.state,
                                    .entity = "customer",
                                    .lock = lock,
                                    .unlock = unlock,
                                    .apply = apply,
                                    .explain = explain,
                                    .rule_in_words = rule_in_words,
                                    .consents = consents,
                                    .page = page};
    desk_reopen();
}

void desk_close(void)
{
    char command[300];
    review_close(desk.review);
    database_close(desk.state);
    arena_destroy(desk.arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", desk.folder);
    cr_expect_eq(system(command), 0);
}

int64_t desk_number(const char *sql)
{
    int64_t number = 0;
    cr_assert(database_integer(desk.state, sql, -1, &number, &desk.error), "%s",
              desk.error.message);
    return number;
}

const char *desk_case(enum review_kind kind)
{
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct review_page found;
    filter.kind = (int)kind;
    cr_assert(review_queue(desk.review, &filter, 0, 1, desk.arena, &found, &desk.error), "%s",
              desk.error.message);
    cr_assert_eq(found.count, 1, "there is no case of kind %s", review_kind_name(kind));
    return found.items[0].key;
}

struct review_verdict desk_verdict(const char *key, const char *who, enum review_word word)
{
    struct review_case *found = arena_allocate_array(desk.arena, 1, sizeof(*found));
    cr_assert(review_case(desk.review, key, desk.arena, found, &desk.error), "%s",
              desk.error.message);
    return (struct review_verdict){.key = key, .seen = found->seen, .who = who, .word = word};
}
