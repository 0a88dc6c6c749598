#include "cust360/merge.h"
#include "world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* The store and merging together, night by night. What the match finds is given: customers with
 * the same name are one. */

static struct world world;
static struct arena *arena;
static struct store_golden_counts counts;
static const char *rules_text;

static const char usual_rules[] = "entity: customer\n"
                                  "attributes:\n"
                                  "  name: {rules: [steward, frequent]}\n"
                                  "  mobile: {rules: [steward, frequent, trusted]}\n";

static void begin(void)
{
    arena = arena_create();
    rules_text = usual_rules;
    world_begin(&world);
    world_open(&world);
}

static void end(void)
{
    world_end(&world);
    arena_destroy(arena);
}

TestSuite(store_golden, .init = begin, .fini = end);

static struct survivorship *load_rules(void)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/rules.yaml", world.folder);
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(rules_text, file);
    fclose(file);
    struct survivorship *survivorship = survivorship_load(arena, path, &world_model, &world.error);
    cr_assert(survivorship, "%s", world.error.message);
    unlink(path);
    return survivorship;
}

/* Members with equal names are one cluster. */
static uint32_t *match_by_name(uint32_t *count)
{
    static const struct store_attribute name = {NULL, "name", NULL};
    struct store_member member;
    struct slice names[64];
    uint32_t *cluster = arena_allocate_array(arena, 64, sizeof(*cluster));
    struct store_scan *scan = store_scan_open(world.store, "customer", &name, 1, &world.error);
    cr_assert(scan, "%s", world.error.message);
    *count = 0;
    while (store_scan_next(scan, &member, &world.error) == ACCEPTED) {
        names[*count] = arena_copy(arena, member.values[0].items[0]);
        uint32_t first = 0;
        while (!slice_equal(names[first], names[*count]))
            first++;
        cluster[(*count)++] = first;
    }
    store_scan_close(scan);
    return cluster;
}

static void merge_all(struct survivorship *survivorship, struct golden_assignment *assignment)
{
    const size_t *fields;
    const struct store_golden_value *values;
    size_t value_count;
    struct store_record record;
    struct golden_record golden;
    struct merge *merge = merge_create(survivorship, assignment);
    cr_assert(store_golden_values(world.store, &values, &value_count, &world.error));
    for (size_t i = 0; i < value_count; i++)
        merge_decide(merge, values[i].member, arena_text(arena, values[i].column), values[i].value);
    size_t field_count = survivorship_fields(survivorship, &fields);
    struct store_read *read = store_read_open(world.store, fields, field_count, &world.error);
    cr_assert(read, "%s", world.error.message);
    enum outcome outcome;
    while ((outcome = store_read_next(read, &record, &world.error)) == ACCEPTED) {
        struct merge_record taken = {record.member, record.source, record.trust, record.values,
                                     record.flagged};
        if (merge_add(merge, &taken, &golden))
            cr_assert(store_golden_put(world.store, &golden, &world.error), "%s",
                      world.error.message);
    }
    cr_assert_eq(outcome, ENDED, "%s", world.error.message);
    store_read_close(read);
    merge_destroy(merge);
}

static void resolve(void)
{
    uint32_t count;
    struct golden_basis basis;
    struct store_golden_state state;
    struct survivorship *survivorship = load_rules();
    uint32_t *cluster = match_by_name(&count);
    basis.column_count = survivorship_columns(survivorship, &basis.columns);
    basis.hash = survivorship_hash(survivorship);
    cr_assert(store_golden_begin(world.store, &basis, cluster, &state, &world.error), "%s",
              world.error.message);
    cr_assert_eq(state.members.count, count);
    struct golden_assignment *assignment =
        golden_assign(arena, &state.ids, &state.members, state.all_touched);
    cr_assert(store_golden_assign(world.store, assignment, &world.error), "%s",
              world.error.message);
    merge_all(survivorship, assignment);
    store_golden_counts(world.store, &counts);
}

/* A whole night of one source, matched and merged. */
static void night(const char *source, const char *const *customers)
{
    world_run_begin(&world);
    world_source_begin(&world, source);
    for (; *customers; customers++) {
        char key[32];
        char name[32];
        char mobile[32];
        cr_assert_eq(sscanf(*customers, "%31s %31s %31s", key, name, mobile), 3);
        world_customer(&world, key, name, mobile);
    }
    world_source_end(&world);
    resolve();
    world_run_commit(&world);
}

static void night_without_sources(void)
{
    world_run_begin(&world);
    resolve();
    world_run_commit(&world);
}

static void watch_writing(void)
{
    static const char *const tables[] = {"golden",       "golden_choice",  "crosswalk",
                                         "golden_alias", "golden_history", "meta"};
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE TEMP TABLE written(what TEXT);");
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        for (int j = 0; j < 3; j++) {
            static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
            buffer_format(&sql,
                          "CREATE TEMP TRIGGER watch_%s_%d AFTER %s ON %s BEGIN INSERT INTO"
                          " written VALUES('%s %s'); END;",
                          tables[i], j, events[j], tables[i], events[j], tables[i]);
        }
    cr_assert(database_run(store_database(world.store), sql.data, &world.error), "%s",
              world.error.message);
    buffer_release(&sql);
}

static const char golden_sql[] =
    "SELECT golden_number, name, mobile, source_count, record_count, first_run, changed_run"
    " FROM golden ORDER BY golden_number";
static const char crosswalk_sql[] = "SELECT record_id, golden_number FROM crosswalk ORDER BY 1";

static const char *const d01[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
static const char *const d02[] = {"1 王伟 13800138000", "2 张三 13700137000", NULL};

Test(store_golden, customers_get_ids_and_values)
{
    night("D01", d01);
    cr_assert_eq(counts.created, 2);
    cr_assert_eq(counts.total, 2);
    night("D02", d02);
    cr_assert_str_eq(world_text(&world, golden_sql), "1,王伟,13800138000,2,2,1,2; "
                                                     "2,李娜,13900139000,1,1,1,1; "
                                                     "3,张三,13700137000,1,1,2,2");
    cr_assert_str_eq(world_text(&world, crosswalk_sql), "1,1; 2,2; 3,1; 4,3");
    cr_assert_str_eq(
        world_text(&world, "SELECT golden_id FROM golden ORDER BY golden_number LIMIT 2"),
        "CXZVS8WFR4; C36Z957BF0");
    cr_assert_str_eq(world_text(&world, "SELECT run_id, as_of, golden_id, event, other_id FROM"
                                        " golden_history WHERE run_id=1"),
                     "1,2026-06-30,CXZVS8WFR4,issued,; 1,2026-06-30,C36Z957BF0,issued,");
    cr_assert_eq(counts.created, 1);
    cr_assert_eq(counts.changed, 1);
    cr_assert_eq(counts.unchanged, 1);
}

Test(store_golden, an_equal_night_writes_nothing)
{
    night("D01", d01);
    night("D02", d02);
    watch_writing();
    night("D02", d02);
    cr_assert_str_eq(world_text(&world, "SELECT what FROM written"), "");
    cr_assert_eq(counts.unchanged, 3);
    cr_assert_eq(counts.total, 3);
    cr_assert_eq(counts.changed + counts.created + counts.merged + counts.retired, 0);
}

Test(store_golden, only_what_changed_is_written)
{
    static const char *const later[] = {"1 王伟 13800138000", "2 李娜 13900139999", NULL};
    night("D01", d01);
    watch_writing();
    night("D01", later);
    cr_assert_str_eq(world_text(&world, "SELECT what FROM written"), "UPDATE golden");
    cr_assert_eq(counts.changed, 1);
}

Test(store_golden, every_value_tells_where_it_is_from)
{
    static const char value_sql[] = "SELECT golden_number, attribute, record_id, rule FROM"
                                    " golden_value ORDER BY golden_number, attribute";
    static const char *const other[] = {"1 王伟 13800138111", "2 张三 13700137000", NULL};
    night("D01", d01);
    night("D02", other);
    cr_assert_str_eq(world_text(&world, value_sql),
                     "1,mobile,1,first; 1,name,1,agreed; 2,mobile,2,only; 2,name,2,only; "
                     "3,mobile,4,only; 3,name,4,only");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM golden_choice"), 2,
                 "a single record needs no rows");
    static const char *const gone[] = {"2 张三 13700137000", NULL};
    night("D02", gone);
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM golden_choice"), 0);
    cr_assert_str_eq(world_text(&world, value_sql),
                     "1,mobile,1,only; 1,name,1,only; 2,mobile,2,only; 2,name,2,only; "
                     "3,mobile,4,only; 3,name,4,only");
}

Test(store_golden, joined_and_parted)
{
    static const char *const joined[] = {"1 王伟 13800138000", "2 王伟 13900139000", NULL};
    static const char alias_sql[] = "SELECT golden_id, becomes FROM golden_alias";
    night("D01", d01);
    night("D01", joined);
    cr_assert_eq(counts.merged, 1);
    cr_assert_str_eq(world_text(&world, alias_sql), "C36Z957BF0,CXZVS8WFR4");
    cr_assert_str_eq(world_text(&world, crosswalk_sql), "1,1; 2,1");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM golden"), 1);
    night("D01", d01);
    cr_assert_eq(counts.revived, 1);
    cr_assert_eq(counts.split, 1, "the customer has fallen apart");
    cr_assert_eq(counts.created, 0);
    cr_assert_str_eq(world_text(&world, alias_sql), "");
    cr_assert_str_eq(world_text(&world, crosswalk_sql), "1,1; 2,2");
    cr_assert_str_eq(world_text(&world, golden_sql),
                     "1,王伟,13800138000,1,1,1,3; 2,李娜,13900139000,1,1,3,3");
    cr_assert_str_eq(world_text(&world, "SELECT run_id, golden_id, event, other_id FROM"
                                        " golden_history WHERE run_id>1"),
                     "2,C36Z957BF0,merged_into,CXZVS8WFR4; 3,C36Z957BF0,revived,CXZVS8WFR4");
}

Test(store_golden, a_split_is_told)
{
    static const char *const one[] = {"1 王伟 13800138000", "2 王伟 13900139000", NULL};
    night("D01", one);
    night("D01", d01);
    cr_assert_eq(counts.split, 1);
    cr_assert_eq(counts.created, 1);
    cr_assert_str_eq(world_text(&world, "SELECT golden_id, event, other_id FROM golden_history"
                                        " WHERE run_id=2"),
                     "C36Z957BF0,issued,; C36Z957BF0,split_from,CXZVS8WFR4");
}

Test(store_golden, gone_and_back_again)
{
    static const char *const less[] = {"1 王伟 13800138000", NULL};
    night("D01", d01);
    night("D01", less);
    cr_assert_eq(counts.retired, 1);
    cr_assert_eq(counts.total, 1);
    cr_assert_str_eq(world_text(&world, crosswalk_sql), "1,1; 2,2",
                     "it is still known who that was");
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM golden"), 1);
    night("D01", less);
    cr_assert_eq(counts.retired, 0);
    night("D01", d01);
    cr_assert_eq(counts.revived, 1);
    cr_assert_eq(counts.split, 0);
    cr_assert_str_eq(world_text(&world, "SELECT event FROM golden_history WHERE"
                                        " golden_id='C36Z957BF0'"),
                     "issued; retired; revived");
}

Test(store_golden, what_is_gone_follows_the_id_that_lives)
{
    static const char *const three[] = {"1 王伟 13800138000", "2 李娜 13900139000",
                                        "3 李娜 13900139000", NULL};
    static const char *const two[] = {"1 王伟 13800138000", "2 李娜 13900139000", NULL};
    static const char *const joined[] = {"1 王伟 13800138000", "2 王伟 13900139000", NULL};
    night("D01", three);
    night("D01", two);
    cr_assert_eq(counts.changed, 1, "a record fewer");
    night("D01", joined);
    cr_assert_str_eq(world_text(&world, crosswalk_sql), "1,1; 2,1; 3,1");
}

Test(store_golden, a_stewards_value_comes_and_goes)
{
    static const char decide[] = "INSERT INTO decision(kind, source_a, key_a, attribute, value)"
                                 " VALUES('value','D01','2','mobile','13600136000')";
    night("D01", d01);
    cr_assert(database_run(store_database(world.store), decide, &world.error));
    night_without_sources();
    cr_assert_eq(counts.changed, 1);
    cr_assert_str_eq(world_text(&world, "SELECT mobile FROM golden WHERE golden_number=2"),
                     "13600136000");
    cr_assert_str_eq(world_text(&world, "SELECT attribute, record_id, rule FROM golden_value WHERE"
                                        " golden_number=2 ORDER BY 1"),
                     "mobile,,steward; name,2,only");
    night_without_sources();
    cr_assert_eq(counts.changed, 0);
    cr_assert(
        database_run(store_database(world.store), "UPDATE decision SET undone=1", &world.error));
    night_without_sources();
    cr_assert_str_eq(world_text(&world, "SELECT mobile FROM golden WHERE golden_number=2"),
                     "13900139000");
}

Test(store_golden, other_rules_touch_all)
{
    night("D01", d01);
    rules_text = "entity: customer\nattributes:\n  name: {rules: [steward]}\n"
                 "  mobile: {rules: [longest]}\n";
    night_without_sources();
    cr_assert_eq(counts.changed, 0, "looked at, but not different");
    static const char *const other[] = {"1 王伟 13800138111", NULL};
    rules_text = usual_rules;
    night("D02", other);
    cr_assert_str_eq(world_text(&world, "SELECT mobile FROM golden WHERE golden_number=1"),
                     "13800138000");
    struct source source = world_source("D02");
    source.trust = 90;
    world_run_begin(&world);
    world.rows = 0;
    cr_assert(store_source_begin(world.store, &source, &world.error));
    world_customer(&world, "1", "王伟", "13800138111");
    world_source_end(&world);
    resolve();
    world_run_commit(&world);
    cr_assert_str_eq(world_text(&world, "SELECT mobile FROM golden WHERE golden_number=1"),
                     "13800138111", "a source is now trusted more");
}

Test(store_golden, other_columns_make_the_table_anew)
{
    night("D01", d01);
    rules_text = "entity: customer\nattributes:\n  mobile: {with: spent, rules: [recent]}\n";
    night_without_sources();
    cr_assert_eq(counts.changed, 2);
    cr_assert_str_eq(world_text(&world, "SELECT golden_number, mobile, spent, first_run FROM"
                                        " golden ORDER BY 1"),
                     "1,13800138000,12.5,1; 2,13900139000,12.5,1");
    cr_assert_str_eq(world_text(&world, "SELECT DISTINCT attribute FROM golden_value ORDER BY 1"),
                     "mobile; spent");
    night_without_sources();
    cr_assert_eq(counts.changed, 0);
}

Test(store_golden, few_changes_among_many_records)
{
    /* So few that records are looked up one by one and not passed over. */
    const char *customers[51] = {NULL};
    static char lines[50][48];
    for (int i = 0; i < 50; i++) {
        snprintf(lines[i], sizeof(lines[i]), "%d customer%d 138%08d", 100 + i, i / 2, i);
        customers[i] = lines[i];
    }
    night("D01", customers);
    cr_assert_eq(counts.created, 25);
    snprintf(lines[6], sizeof(lines[6]), "106 customer3 13999999999");
    snprintf(lines[49], sizeof(lines[49]), "149 somebody 13999999999");
    night("D01", customers);
    cr_assert_eq(counts.changed, 2);
    cr_assert_eq(counts.created, 1);
    cr_assert_str_eq(world_text(&world, "SELECT name, record_count FROM golden WHERE"
                                        " changed_run=2 ORDER BY golden_number"),
                     "customer3,2; customer24,1; somebody,1");
}

Test(store_golden, a_run_that_is_abandoned_issues_nothing)
{
    night("D01", d01);
    world_run_begin(&world);
    world_source_begin(&world, "D02");
    world_customer(&world, "9", "赵六", "13600136000");
    world_source_end(&world);
    resolve();
    cr_assert_eq(counts.created, 1);
    cr_assert(store_run_abandon(world.store, "stopped", &world.error));
    cr_assert_eq(world_number(&world, "SELECT count(*) FROM golden"), 2);
    cr_assert_eq(world_number(&world, "SELECT value FROM meta WHERE name='golden_issued'"), 2);
}

/* ---- many nights are worth one ---- */

enum { KEYS = 30, NIGHTS = 25 };

static uint64_t random_state = 42;

static uint32_t pick(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

struct typed { /* what a source says of a key tonight; name NULL: nothing */
    const char *name;
    const char *mobile;
};

static void change(struct typed feeds[2][KEYS])
{
    static const char *const names[] = {"王伟", "李娜", "张三", "赵六", "钱七", "孙八"};
    static const char *const mobiles[] = {"13800138000", "13900139000", "13700137000", NULL};
    for (uint32_t changes = pick(5); changes > 0; changes--) {
        struct typed *typed = &feeds[pick(2)][pick(KEYS)];
        if (pick(4) == 0)
            *typed = (struct typed){NULL, NULL};
        else
            *typed = (struct typed){names[pick(6)], mobiles[pick(4)]};
    }
}

static void read_feed(const char *source, const struct typed feed[KEYS])
{
    world_source_begin(&world, source);
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        if (feed[i].name)
            world_customer(&world, key, feed[i].name, feed[i].mobile);
    }
    world_source_end(&world);
}

/* Everything but ids and runs: what is known of whom, and why. */
static void describe_all(char *text, size_t bytes)
{
    static const char sql[] =
        "SELECT s.name, r.source_key, g.name, g.mobile, g.source_count, g.record_count,"
        " (SELECT group_concat(v.attribute || v.rule || coalesce(vs.name || vr.source_key, ''))"
        "  FROM golden_value v LEFT JOIN record_customer vr ON vr.record_id=v.record_id"
        "  LEFT JOIN source vs ON vs.source_id=vr.source_id"
        "  WHERE v.golden_number=g.golden_number)"
        " FROM record_customer r JOIN source s USING(source_id) JOIN crosswalk x USING(record_id)"
        " JOIN golden g USING(golden_number) WHERE r.closed_run IS NULL ORDER BY 1, 2";
    snprintf(text, bytes, "%s", world_text(&world, sql));
}

static void one_night(struct typed feeds[2][KEYS])
{
    world_run_begin(&world);
    read_feed("D01", feeds[0]);
    read_feed("D02", feeds[1]);
    resolve();
    world_run_commit(&world);
}

Test(store_golden, after_any_nights_the_values_are_those_of_a_rebuild)
{
    static struct typed feeds[2][KEYS];
    static char after_nights[16384];
    static char rebuilt[16384];
    for (int i = 0; i < NIGHTS; i++) {
        change(feeds);
        one_night(feeds);
        describe_all(after_nights, sizeof(after_nights));
        struct world kept = world;
        world = (struct world){0};
        snprintf(world.folder, sizeof(world.folder), "%.200s/fresh%d", kept.folder, i);
        world_open(&world);
        one_night(feeds);
        describe_all(rebuilt, sizeof(rebuilt));
        world_end(&world);
        world = kept;
        cr_assert_str_eq(after_nights, rebuilt, "after night %d", i);
        cr_assert_lt(strlen(rebuilt), sizeof(rebuilt) - 1);
    }
}

/* ---- a state that was tampered with ---- */

static void expect_begin_refused(const char *sql, int exit_code, const char *message)
{
    uint32_t count;
    struct golden_basis basis;
    struct store_golden_state state;
    struct survivorship *survivorship = load_rules();
    cr_assert(database_run(store_database(world.store), sql, &world.error), "%s",
              world.error.message);
    world_run_begin(&world);
    uint32_t *cluster = match_by_name(&count);
    basis.column_count = survivorship_columns(survivorship, &basis.columns);
    basis.hash = survivorship_hash(survivorship);
    cr_assert_not(store_golden_begin(world.store, &basis, cluster, &state, &world.error));
    cr_assert_eq(world.error.exit_code, exit_code);
    cr_assert(strstr(world.error.message, message), "%s", world.error.message);
    cr_assert(store_run_abandon(world.store, "failed", &world.error));
}

Test(store_golden, aliases_of_nobody_are_told)
{
    night("D01", d01);
    expect_begin_refused("INSERT INTO golden_alias VALUES('C000000001','CXZVS8WFR4','CXZVS8WFR4')",
                         EXIT_STATE, "an id of nobody");
    expect_begin_refused("DELETE FROM golden_alias;"
                         "INSERT INTO golden_alias VALUES('CWRK0CQ2NH','CXZVS8WFR4','CXZVS8WFR4')",
                         EXIT_STATE, "an id of nobody");
}

Test(store_golden, tables_that_are_gone_are_told)
{
    night("D01", d01);
    expect_begin_refused("ALTER TABLE crosswalk RENAME TO elsewhere", EXIT_FAILED,
                         "no such table: crosswalk");
    expect_begin_refused("ALTER TABLE golden RENAME TO elsewhere2", EXIT_FAILED,
                         "no such table: golden");
}

Test(store_golden, a_golden_record_that_cannot_be_written_is_told)
{
    night("D01", d01);
    world_run_begin(&world);
    resolve();
    struct slice values[2] = {SLICE("王伟"), SLICE("1")};
    struct golden_choice choices[2] = {{0, "recent"}, {0, "recent"}};
    struct golden_record golden = {
        .number = 1, .record_count = 2, .values = values, .choices = choices};
    cr_assert(database_run(store_database(world.store),
                           "CREATE TEMP TRIGGER refuse BEFORE INSERT ON golden_choice BEGIN"
                           " SELECT RAISE(ABORT, 'refused'); END",
                           &world.error));
    cr_assert_not(store_golden_put(world.store, &golden, &world.error));
    cr_assert_eq(world.error.exit_code, EXIT_FAILED);
    cr_assert(strstr(world.error.message, "refused"), "%s", world.error.message);
}
