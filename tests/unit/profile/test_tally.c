#include "cust360/profile_tally.h"
#include "profile/shape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void open_arena(void)
{
    arena = arena_create();
}

static void close_arena(void)
{
    arena_destroy(arena);
}

TestSuite(profile_tally, .init = open_arena, .fini = close_arena);

static void add_numbers(struct tally *tally, unsigned from, unsigned to)
{
    char text[32];
    for (unsigned i = from; i < to; i++)
        tally_add(tally, slice_make(text, (size_t)snprintf(text, sizeof(text), "N%07u", i)));
}

static struct profile_column finish(struct tally *tally)
{
    struct profile_column column = {0};
    tally_finish(tally, arena, &column);
    tally_destroy(tally);
    return column;
}

Test(profile_tally, counts_values_and_lengths)
{
    static const char *const values[] = {"王", "王", " 张三 ", "", "  ", "138"};
    struct tally *tally = tally_create(64);
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
        tally_add(tally, slice_of(values[i]));
    tally_add_empty(tally, 4);
    struct profile_column column = finish(tally);
    cr_assert_eq(column.values, 10);
    cr_assert_eq(column.filled, 4);
    cr_assert_eq(column.distinct, 3);
    cr_assert(column.distinct_exact);
    cr_assert_not(column.unique);
    cr_assert_eq(column.shortest, 1);
    cr_assert_eq(column.longest, 3);
    cr_assert(slice_equal(column.top[0].text, SLICE("王")));
    cr_assert_eq(column.top[0].count, 2);
}

Test(profile_tally, estimates_many_values_and_sees_that_none_comes_twice)
{
    struct tally *tally = tally_create(1024);
    add_numbers(tally, 0, 100000);
    struct profile_column column = finish(tally);
    cr_assert_not(column.distinct_exact);
    cr_assert(column.unique);
    cr_assert_eq(column.distinct, 100000, "what is unique is as many as there are");
    struct tally *twice = tally_create(1024);
    add_numbers(twice, 0, 50000);
    add_numbers(twice, 0, 50000);
    column = finish(twice);
    cr_assert_not(column.unique);
    cr_assert(column.distinct > 45000 && column.distinct < 55000, "%llu",
              (unsigned long long)column.distinct);
}

Test(profile_tally, joins_parts_as_if_they_were_one)
{
    struct tally *whole = tally_create(256);
    struct tally *parts[3];
    add_numbers(whole, 0, 9000);
    for (unsigned i = 0; i < 3; i++) {
        parts[i] = tally_create(256);
        add_numbers(parts[i], i * 3000, (i + 1) * 3000);
    }
    tally_join(parts[0], parts[1]);
    tally_join(parts[0], parts[2]);
    struct profile_column a = finish(whole);
    struct profile_column b = finish(parts[0]);
    tally_destroy(parts[1]);
    tally_destroy(parts[2]);
    cr_assert_eq(a.filled, b.filled);
    cr_assert_eq(a.distinct, b.distinct);
    cr_assert_eq(a.sample_count, b.sample_count);
    for (size_t i = 0; i < a.sample_count; i++)
        cr_assert(slice_equal(a.sample[i], b.sample[i]));
    cr_assert_eq(a.sketch_count, b.sketch_count);
    cr_assert_eq(memcmp(a.sketch, b.sketch, a.sketch_count * sizeof(*a.sketch)), 0);
}

Test(profile_tally, keeps_the_frequent_among_very_many)
{
    struct tally *tally = tally_create(256);
    for (unsigned i = 0; i < 50; i++) {
        add_numbers(tally, i * 1000, (i + 1) * 1000);
        for (unsigned k = 0; k < 200; k++)
            tally_add(tally, SLICE("无"));
    }
    struct profile_column column = finish(tally);
    cr_assert(slice_equal(column.top[0].text, SLICE("无")));
    cr_assert_leq(column.top[0].count, 10000);
    cr_assert_geq(column.top[0].count, 9000);
}

Test(profile_tally, tells_day_from_month)
{
    struct tally *tally = tally_create(64);
    static const char *const dates[] = {"25/08/2013", "05/08/2013", "7/7/2013",
                                        "8-25-13",    "45/99/2013", "2013-08-25"};
    for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
        tally_add(tally, slice_of(dates[i]));
    struct profile_column column = finish(tally);
    cr_assert_eq(column.dates_day_first, 1);
    cr_assert_eq(column.dates_month_first, 1);
    cr_assert_eq(column.dates_either, 1);
}

Test(profile_tally, shapes_name_classes_and_runs)
{
    static const struct {
        const char *value;
        const char *shape;
    } cases[] = {{"13800138000", "9{11}"},
                 {"京A-12345", "汉A-9{5}"},
                 {"ab@c.com", "a{2}@a.a{3}"},
                 {"", ""},
                 {"é", "～"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct shape shape;
        shape_of(slice_of(cases[i].value), &shape);
        cr_assert(slice_equal(slice_make(shape.text, shape.length), slice_of(cases[i].shape)),
                  "%s: %.*s", cases[i].value, (int)shape.length, shape.text);
    }
}

Test(profile_tally, a_long_shape_is_cut)
{
    struct shape shape;
    shape_of(SLICE("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"),
             &shape);
    cr_assert_leq(shape.length, (size_t)SHAPE_BYTES);
    cr_assert(slice_ends_with(slice_make(shape.text, shape.length), SLICE("…")));
    cr_assert_eq(shape.characters, 72);
}

/* ---- delimited text ---- */

Test(profile_tally, finds_delimiter_and_heading)
{
    static const struct {
        const char *head;
        char delimiter;
        bool header;
        size_t columns;
    } cases[] = {
        {"No;Name\n1;\"a;b\"\n2;c\n", ';', true, 2},
        {"客户编号,手机\n1,13800138000\n", ',', true, 2},
        {"\xEF\xBB\xBF"
         "a\tb\tc\n1\t2\t3\n",
         '\t', true, 3},
        {"0001|13912345678|2020-01-02\n0002|13912345679|2020-01-03\n", '|', false, 3},
        {"only\none\n", ',', true, 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct csv_look look;
        cr_assert(csv_look_at(arena, slice_of(cases[i].head), &look));
        cr_assert_eq(look.delimiter, cases[i].delimiter, "%s", cases[i].head);
        cr_assert_eq(look.header, cases[i].header, "%s", cases[i].head);
        cr_assert_eq(look.column_count, cases[i].columns, "%s", cases[i].head);
    }
}

Test(profile_tally, titles_stand_above_the_heading)
{
    static const char sheet[] = "销售台账 2026,,,,\n\n制表：,王强,,,\n"
                                "编号,姓名,\"手机\n号码\",车型,日期\n1,a,2,b,c\n2,a,2,b,c\n";
    struct csv_look look;
    cr_assert(csv_look_at(arena, slice_of(sheet), &look));
    cr_expect_eq(look.skip, 2, "%zu", look.skip);
    cr_expect(look.header);
    cr_expect(slice_equal(look.headings[1], SLICE("姓名")));
    cr_expect_not_null(strstr(look.why, "behind 2"), "%s", look.why);
    /* A table in which hardly a field is filled has no titles. */
    cr_assert(csv_look_at(arena, SLICE("a,,,,\nb,,,,\nc,,,,\n"), &look));
    cr_expect_eq(look.skip, 0);
}

Test(profile_tally, nothing_is_no_table)
{
    struct csv_look look;
    cr_assert_not(csv_look_at(arena, SLICE(""), &look));
    cr_assert_not(csv_look_at(arena, SLICE("\xEF\xBB\xBF\n\n"), &look));
}

Test(profile_tally, tells_xml_from_text)
{
    cr_assert(text_looks_like_xml(SLICE("<?xml version='1.0'?>")));
    cr_assert(text_looks_like_xml(SLICE("\xEF\xBB\xBF \n<A/>")));
    cr_assert_not(text_looks_like_xml(SLICE("a,<b>")));
    cr_assert_not(text_looks_like_xml(SLICE("<")));
    cr_assert(text_looks_like_xml(SLICE("From: \"Li\" <li@x.cn>\n\n <?ADF VERSION '1.0'?><adf/>")));
    cr_assert(text_looks_like_xml(SLICE("A lead:\n<adf>\n<prospect id='1'/></adf>")));
    cr_assert_not(text_looks_like_xml(SLICE("no,text\n1,\"x\n<p><b>y</b></p>\"\n")));
    cr_assert_not(text_looks_like_xml(SLICE("name\n<li@x.cn>\n<an@x.cn>\n")));
}
