#include "cust360/base/buffer.h"
#include "cust360/merge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Records as texts: fields parted by "|", as many as the survivorship reads. */

enum { MEMBERS = 8, FIELDS_MOST = 40 };

static struct arena *arena;
static struct model *model;
static struct survivorship *survivorship;
static struct golden_assignment assignment;

static void begin(void)
{
    struct error error;
    arena = arena_create();
    model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    survivorship = survivorship_load(arena, "mappings/survivorship.yaml", model, &error);
    cr_assert(survivorship, "%s", error.message);
}

static void end(void)
{
    arena_destroy(arena);
}

TestSuite(merge, .init = begin, .fini = end);

struct typed {
    const char *field;
    const char *value;
};

/* All members of one customer unless the test says otherwise. */
static void assign(uint32_t count)
{
    assignment = (struct golden_assignment){.count = count};
    assignment.number = arena_allocate_array(arena, MEMBERS, sizeof(uint32_t));
    assignment.ids.issued = MEMBERS;
    assignment.ids.record_count = arena_allocate_array(arena, MEMBERS + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < count; i++)
        assignment.number[i] = 1;
    assignment.ids.record_count[1] = count;
}

/* "name_simplified=王伟 mobile=13800138000": a record of source `source`. */
static struct merge_record record(uint32_t member, uint32_t source, const char *text)
{
    const size_t *fields;
    size_t count = survivorship_fields(survivorship, &fields);
    struct slice *values = arena_allocate_array(arena, count, sizeof(*values));
    struct merge_record result = {
        .member = member, .source = source, .trust = 50, .values = values};
    const struct model_entity *entity = &model->entities[survivorship_entity(survivorship)];
    struct slice rest = slice_of(text);
    while (rest.length) {
        ptrdiff_t space = slice_find(rest, SLICE(" "));
        struct slice word = slice_cut(rest, 0, space < 0 ? rest.length : (size_t)space);
        rest = slice_cut(rest, word.length + 1, rest.length);
        size_t equals = (size_t)slice_find(word, SLICE("="));
        struct slice name = slice_cut(word, 0, equals);
        struct slice value = slice_cut(word, equals + 1, word.length);
        bool found = false;
        if (slice_equal(name, SLICE("trust"))) {
            result.trust = (int)(value.data[0] - 0x30) * 10;
            continue;
        }
        if (slice_equal(name, SLICE("flagged"))) {
            result.flagged = value;
            continue;
        }
        for (size_t i = 0; i < count; i++)
            if (slice_equal(name, slice_of(entity->fields[fields[i]].name))) {
                values[i] = value;
                found = true;
            }
        cr_assert(found, "no field %.*s", SLICE_ARGUMENTS(name));
    }
    return result;
}

static size_t column_of(const char *name)
{
    const struct golden_column *columns;
    size_t count = survivorship_columns(survivorship, &columns);
    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i].name, name) == 0)
            return i;
    cr_assert_fail("no column %s", name);
    return 0;
}

static void expect_value(const struct golden_record *golden, const char *column, const char *value,
                         const char *rule)
{
    const struct golden_column *columns;
    survivorship_columns(survivorship, &columns);
    size_t index = column_of(column);
    struct slice got = golden->values[index];
    cr_expect(slice_equal(got, slice_of(value)), "%s is %.*s and not %s", column,
              SLICE_ARGUMENTS(got), value ? value : "");
    const char *got_rule = golden->choices[columns[index].choice].rule;
    if (rule)
        cr_expect(got_rule && strcmp(got_rule, rule) == 0, "%s by %s and not by %s", column,
                  got_rule ? got_rule : "none", rule);
    else
        cr_expect_null(got_rule);
}

struct scene {
    const char *records[5]; /* member 0, 1 …; a digit in front is the source */
    const char *column;
    const char *value;
    const char *rule;
};

static void play(const struct scene *scene)
{
    uint32_t count = 0;
    struct golden_record golden = {0};
    while (count < 5 && scene->records[count])
        count++;
    assign(count);
    struct merge *merge = merge_create(survivorship, &assignment);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scene->records[i];
        struct merge_record taken = record(i, (uint32_t)(text[0] - '0'), text + 2);
        cr_assert_eq(merge_add(merge, &taken, &golden), i + 1 == count);
    }
    expect_value(&golden, scene->column, scene->value, scene->rule);
    merge_destroy(merge);
}

Test(merge, values_survive_by_the_groups_rules)
{
    static const struct scene scenes[] = {
        {{"1 mobile=13800138000"}, "mobile", "13800138000", "only"},
        {{"1 name_simplified=王伟", "2 mobile=13800138000"}, "mobile", "13800138000", "only"},
        {{"1 mobile=13800138000", "2 mobile=13800138000"}, "mobile", "13800138000", "agreed"},
        {{"1 name_simplified=王伟"}, "mobile", NULL, NULL},
        /* A number typed by two dealers goes before a newer one of one dealer. */
        {{"1 mobile=13800138000", "2 mobile=13900139000 updated_at=2026-01-01",
          "3 mobile=13800138000"},
         "mobile",
         "13800138000",
         "frequent"},
        /* Two dealers go before two records of one dealer. */
        {{"1 mobile=13800138000", "1 mobile=13800138000", "2 mobile=13900139000",
          "3 mobile=13900139000"},
         "mobile",
         "13900139000",
         "frequent"},
        {{"1 mobile=13800138000 updated_at=2026-05-01T10:00:00",
          "2 mobile=13900139000 updated_at=2026-05-01T10:00:01"},
         "mobile",
         "13900139000",
         "recent"},
        {{"1 mobile=13800138000", "2 mobile=13900139000 updated_at=2019-01-01"},
         "mobile",
         "13900139000",
         "recent"},
        {{"1 mobile=13800138000 trust=80", "2 mobile=13900139000 updated_at=2026-01-01"},
         "mobile",
         "13800138000",
         "trusted"},
        {{"1 mobile=13800138000 flagged=mobile,", "2 mobile=13900139000",
          "3 mobile=13800138000 flagged=name,mobile,"},
         "mobile",
         "13900139000",
         "validated"},
        {{"1 mobile=13800138000 flagged=mobile_phone,", "2 mobile=13900139000"},
         "mobile",
         "13800138000",
         "first"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge, names)
{
    static const struct scene scenes[] = {
        /* Pinyin gives way even when it is newer. */
        {{"1 name_simplified=Wang_Wei updated_at=2026-01-01",
          "2 name_simplified=王伟 name_key=王伟"},
         "name",
         "王伟",
         "han"},
        {{"1 name_simplified=Smith updated_at=2020-01-01",
          "2 name_simplified=Smyth updated_at=2021-01-01"},
         "name",
         "Smyth",
         "recent"},
        /* A bare surname is what is left of a name. */
        {{"1 name_simplified=王 name_key=王 surname=王 updated_at=2026-01-01",
          "2 name_simplified=王伟 name_key=王伟 surname=王 given_name=伟"},
         "name",
         "王伟",
         "complete"},
        /* Spellings of one name stand together: they outvote the slip. */
        {{"1 name_simplified=买买提阿不都拉 name_key=买买提阿不都拉",
          "2 name_simplified=买买提阿不都 name_key=买买提阿不都 updated_at=2026-01-01",
          "3 name_simplified=买买提·阿不都拉 name_key=买买提阿不都拉 updated_at=2020-01-01"},
         "name",
         "买买提·阿不都拉",
         "recent"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge, what_an_identity_number_tells_goes_before_what_was_typed)
{
    static const struct scene scenes[] = {
        {{"1 gender=M", "2 gender=M id_gender=F", "3 gender=M"}, "gender", "F", "only"},
        {{"1 gender=M", "2 name_gender=F"}, "gender", "M", "only"},
        {{"1 name_gender=F"}, "gender", "F", "only"},
        {{"1 birth_date=1980-01-01", "2 birth_date=1980-01-01",
          "3 birth_date=1980-01-01 id_birth_date=1980-01-02"},
         "birth_date",
         "1980-01-02",
         "only"},
        /* A finding on the number speaks against the date in it. */
        {{"1 id_birth_date=1980-01-02 flagged=id_number,", "2 id_birth_date=1980-01-03"},
         "birth_date",
         "1980-01-03",
         "validated"},
        {{"1 id_number=110101800101001 id_key=110101198001010010",
          "2 id_number=110101198001010010 id_key=110101198001010010"},
         "id_number",
         "110101198001010010",
         "longest"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge, addresses)
{
    static const char nanjing[] =
        "1 address=A province=江苏省 city=南京市 district=玄武区 division_code=320102 road=人民路 "
        "updated_at=2020-01-01";
    static const char suzhou[] =
        "2 address=B province=江苏省 city=苏州市 district=姑苏区 division_code=320508 "
        "updated_at=2025-01-01";
    static const struct scene scenes[] = {
        /* Who has moved is where they were last. */
        {{nanjing, suzhou}, "address", "B", "recent"},
        {{nanjing, suzhou}, "road", NULL, "recent"}, /* and not in a road of the former city */
        {{nanjing, suzhou, "3 address=C updated_at=2026-01-01"}, "address", "B", "recent"},
        /* Within the district the one with most detail. */
        {{nanjing, "2 address=B province=江苏省 city=南京市 district=玄武区 division_code=320102 "
                   "updated_at=2025-01-01"},
         "address",
         "A",
         "complete"},
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
        play(&scenes[i]);
}

Test(merge, what_belongs_together_comes_from_one_record)
{
    struct golden_record golden = {0};
    assign(2);
    struct merge *merge = merge_create(survivorship, &assignment);
    struct merge_record first = record(
        0, 1, "address=A province=江苏省 city=南京市 district=玄武区 division_code=320102 room=1");
    struct merge_record second =
        record(1, 2,
               "address=B province=江苏省 city=南京市 district=玄武区 division_code=320102 "
               "road=人民路 estate=阳光花园");
    cr_assert_not(merge_add(merge, &first, &golden));
    cr_assert(merge_add(merge, &second, &golden));
    expect_value(&golden, "address", "B", "complete");
    expect_value(&golden, "estate", "阳光花园", "complete");
    expect_value(&golden, "room", NULL, "complete");
    const struct golden_column *columns;
    survivorship_columns(survivorship, &columns);
    cr_assert_eq(golden.choices[columns[column_of("room")].choice].member, 1);
    merge_destroy(merge);
}

Test(merge, clusters_come_when_their_last_record_has_come)
{
    struct golden_record golden = {0};
    assign(5);
    static const uint32_t numbers[] = {1, 2, 1, 3, 2};
    memcpy(assignment.number, numbers, sizeof(numbers));
    assignment.ids.record_count[1] = 2;
    assignment.ids.record_count[2] = 2;
    assignment.ids.record_count[3] = 1;
    struct merge *merge = merge_create(survivorship, &assignment);
    static const struct {
        const char *text;
        uint32_t source;
        uint32_t number; /* 0: none comes */
        const char *name;
        uint32_t sources;
    } steps[] = {
        {"name_simplified=王伟 updated_at=2026-01-01", 0, 0, NULL, 0},
        {"name_simplified=李娜", 0, 0, NULL, 0},
        {"name_simplified=王玮 updated_at=2025-01-01", 1, 1, "王伟", 2},
        {"name_simplified=张三", 1, 3, "张三", 1},
        {"name_simplified=李娜", 0, 2, "李娜", 1},
    };
    for (uint32_t i = 0; i < 5; i++) {
        /* The texts are gone after the call: what waits must have been copied. */
        char *text = arena_text(arena, slice_of(steps[i].text));
        struct merge_record taken = record(i, steps[i].source, text);
        cr_assert_eq(merge_add(merge, &taken, &golden), steps[i].number != 0);
        if (steps[i].number) {
            cr_expect_eq(golden.number, steps[i].number);
            cr_expect_eq(golden.source_count, steps[i].sources);
            cr_expect_eq(golden.record_count, assignment.ids.record_count[golden.number]);
            expect_value(&golden, "name", steps[i].name, golden.choices[1].rule);
        }
        memset(text, '#', strlen(text));
    }
    merge_destroy(merge);
}

Test(merge, what_waits_is_freed)
{
    struct golden_record golden;
    assign(3);
    struct merge *merge = merge_create(survivorship, &assignment);
    struct merge_record taken = record(0, 1, "name_simplified=王伟");
    cr_assert_not(merge_add(merge, &taken, &golden));
    merge_destroy(merge);
    merge_destroy(NULL);
}

Test(merge, a_stewards_value_goes_before_all)
{
    struct golden_record golden = {0};
    assign(2);
    struct merge *merge = merge_create(survivorship, &assignment);
    cr_assert(merge_decide(merge, 0, "mobile", SLICE("13700137000")));
    cr_assert(merge_decide(merge, 1, "name", SLICE("王偉")));
    cr_assert(merge_decide(merge, 1, "name", SLICE("王玮"))); /* the later word counts */
    cr_assert(merge_decide(merge, 1, "email", SLICE("")));
    cr_assert(merge_decide(merge, 1, "estate", SLICE("阳光花园")));
    cr_assert_not(merge_decide(merge, 1, "shoe_size", SLICE("43")));
    struct merge_record first =
        record(0, 1, "name_simplified=王伟 name_key=王伟 mobile=13800138000 email=a@b.cn");
    struct merge_record second = record(
        1, 2, "name_simplified=王玮 name_key=王玮 mobile=13800138000 address=A estate=金色家园");
    merge_add(merge, &first, &golden);
    cr_assert(merge_add(merge, &second, &golden));
    expect_value(&golden, "mobile", "13700137000", "steward");
    expect_value(&golden, "name", "王玮", "steward");
    expect_value(&golden, "name_key", "王玮", "steward");
    expect_value(&golden, "email", NULL, "steward");
    expect_value(&golden, "estate", "阳光花园", "only");
    const struct golden_column *columns;
    survivorship_columns(survivorship, &columns);
    cr_assert_eq(golden.choices[columns[column_of("mobile")].choice].member, UINT32_MAX);
    cr_assert_eq(golden.choices[columns[column_of("name")].choice].member, 1);
    merge_destroy(merge);
}

Test(merge, equal_input_gives_equal_output_whatever_the_cluster_size)
{
    /* A hundred records in one cluster: the winner is the value most sources have. */
    struct golden_record golden = {0};
    assignment = (struct golden_assignment){.count = 100};
    assignment.number = arena_allocate_array(arena, 100, sizeof(uint32_t));
    assignment.ids.issued = 1;
    assignment.ids.record_count = arena_allocate_array(arena, 2, sizeof(uint32_t));
    assignment.ids.record_count[1] = 100;
    for (uint32_t i = 0; i < 100; i++)
        assignment.number[i] = 1;
    struct merge *merge = merge_create(survivorship, &assignment);
    for (uint32_t i = 0; i < 100; i++) {
        char text[64];
        snprintf(text, sizeof(text), "mobile=139%08u", i % 7 == 3 ? 3 : i);
        struct merge_record taken = record(i, i / 10, text);
        cr_assert_eq(merge_add(merge, &taken, &golden), i == 99);
    }
    expect_value(&golden, "mobile", "13900000003", "frequent");
    cr_assert_eq(golden.source_count, 10);
    merge_destroy(merge);
}
