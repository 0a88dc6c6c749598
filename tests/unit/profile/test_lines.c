#include "cust360/base/buffer.h"
#include "cust360/profile_lines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
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

TestSuite(profile_lines, .init = open_arena, .fini = close_arena);

static bool all_digits(struct slice value, size_t length)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return value.length == length;
}

/* Stands in for the rules: enough to see a mobile and a date. */
static double judge(void *context, const char *kind, struct slice value)
{
    (void)context;
    if (strcmp(kind, "mobile") == 0)
        return all_digits(value, 11) && value.data[0] == '1' && value.data[1] == '3';
    if (strcmp(kind, "date") == 0)
        return all_digits(value, 8) && strncmp(value.data, "20", 2) == 0 && value.data[4] < '2';
    return 0;
}

/* Looks at a text and surveys it, in pieces of a few bytes. */
static bool look_at(const char *text, const char *encoding, struct lines_look *look)
{
    const struct profile_judge_of_values rules = {judge, NULL};
    const struct lines_head head = {slice_of(text), encoding, &rules};
    if (!lines_look_at(arena, &head, look))
        return false;
    struct lines_survey *survey = lines_survey_create(look);
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += 7)
        lines_survey_feed(survey, slice_cut(head.text, at, at + 7));
    lines_survey_finish(survey, arena, look);
    return true;
}

/* "0: 3-9 10-20 | 1<0: …": the types' places and parents. */
static const char *describe(const struct lines_look *look)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t t = 0; t < look->type_count; t++) {
        const struct lines_type *type = &look->types[t];
        buffer_format(&text, "%s%s", t ? " | " : "", type->type ? type->type : "");
        if (type->parent != SIZE_MAX)
            buffer_format(&text, "<%s", look->types[type->parent].type);
        buffer_format(&text, " x%llu:", (unsigned long long)type->lines);
        for (size_t i = 0; i < type->cut_count; i++)
            buffer_format(&text, " %zu-%zu%s%s", type->cuts[i].first, type->cuts[i].last,
                          type->cuts[i].name ? "=" : "",
                          type->cuts[i].name ? type->cuts[i].name : "");
    }
    for (size_t i = 0; i < look->count_count; i++)
        buffer_format(&text, " #%s@%zu-%zu", look->counts[i].of, look->counts[i].first,
                      look->counts[i].last);
    const char *result = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return result;
}

static void expect_look(const char *text, const char *encoding, const char *expected)
{
    struct lines_look look;
    cr_assert(look_at(text, encoding, &look), "%s", text);
    cr_assert_str_eq(describe(&look), expected);
}

Test(profile_lines, columns_begin_behind_blanks_known_values_and_at_rises)
{
    /* Key and mobile touch; the name fills its places once; the amount stands right. */
    expect_look("00012013811112222ANN BLUME  S20160131   12.50\n"
                "00032913911113333BO         N20171130 1212.50\n"
                "00047213611114444CHARLOTTE  W20170131    2.75\n"
                "00059113711115555DAN        S20180131  120.00\n"
                "00061813511116666EVE        N20191231   99.90\n",
                "utf-8", " x5: 1-6 7-17 18-28 29-29 30-37 38-45");
}

Test(profile_lines, a_line_of_names_names_the_columns)
{
    struct lines_look look;
    cr_assert(look_at("NUMBER NAME      PHONE\n"
                      "000121 ANN BLUME 13811112222\n"
                      "000329 BO        13911113333\n"
                      "000472 CHARLOTTE 13611114444\n",
                      "utf-8", &look));
    cr_assert(look.names);
    cr_assert_str_eq(describe(&look), " x3: 1-7=NUMBER 8-17=NAME 18-28=PHONE");
}

Test(profile_lines, bytes_are_counted_where_they_make_lines_even)
{
    struct lines_look look;
    cr_assert(look_at("000121王建国    13811112222\n000329欧阳明明  13911113333\n"
                      "000472张伟      13611114444\n",
                      "gb18030", &look));
    cr_assert(look.bytes);
    cr_assert_not(look.trimmed);
    cr_assert_str_eq(describe(&look), " x3: 1-6 7-16 17-27");
    cr_assert(look_at("000121王建国  13811112222\n000329欧阳明明 13911113333\n"
                      "000472张伟   13611114444\n",
                      "gb18030", &look));
    cr_assert_not(look.bytes);
}

Test(profile_lines, types_parents_header_and_counts)
{
    struct lines_look look;
    cr_assert(look_at("HD20260731 D06\nCU000121ANN  13811112222\nVE20180131 A1\nVE20190131 B2\n"
                      "CU000329BO   13911113333\nVE20170131 C3\nCU000472CHARL13611114444\n"
                      "TR000006000003000003\n",
                      "utf-8", &look));
    cr_assert_str_eq(look.header, "HD");
    cr_assert_str_eq(look.trailer, "TR");
    cr_assert_eq(look.type_first, 1);
    cr_assert_eq(look.type_last, 2);
    cr_assert_str_eq(describe(&look), "CU x3: 3-8 9-13 14-24 | VE<CU x3: 3-10 11-13 "
                                      "#rows@3-8 #CU@9-14");
}

Test(profile_lines, digits_may_be_types_and_blocks_have_no_parents)
{
    struct lines_look look;
    cr_assert(look_at("01A20260731\n10000121 13811112222\n10000329 13911113333\n"
                      "20000121 20180131\n20000329 20190131\n99B0000004\n",
                      "utf-8", &look));
    cr_assert_str_eq(look.header, "01");
    cr_assert_str_eq(look.trailer, "99");
    cr_assert_str_eq(describe(&look), "10 x2: 3-9 10-20 | 20 x2: 3-9 10-17 #rows@4-10");
}

Test(profile_lines, delimited_types_differ_in_their_fields)
{
    struct lines_look look;
    cr_assert(look_at("H|D06|20260731\nC|1|ANN|13811112222\nC|2|BO|13911113333\nV|1|A1\nT|3\n",
                      "utf-8", &look));
    cr_assert_eq(look.delimiter, '|');
    cr_assert_str_eq(look.header, "H");
    cr_assert_str_eq(look.trailer, "T");
    cr_assert_str_eq(describe(&look), "C x2: 2-2 3-3 4-4 | V x1: 2-2 3-3 #rows@2-2");
}

Test(profile_lines, delimited_text_and_lists_are_none)
{
    static const char *const texts[] = {
        "no,name,phone\n1,ANN,13811112222\n2,BO,13911113333\n3,CY,13611114444\n",
        "sex;name\nM;ANN\nF;BO\nM;CY\n",
        "13811112222\n13911113333\n13611114444\n",
        "one\ntwo\n",
        "",
        "A short note.\nNothing in it stands\nbelow anything.\n"};
    struct lines_look look;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        cr_assert_not(look_at(texts[i], "utf-8", &look), "%s", texts[i]);
}

/* Any text ends as a look or as none. */
Test(profile_lines, random_texts_end)
{
    static const char alphabet[] = "HCT019 |,\n\nab\xE7\x8E\x8B\r";
    unsigned seed = 11;
    for (int round = 0; round < 2000; round++) {
        char text[200] = "";
        size_t length = (size_t)rand_r(&seed) % (sizeof(text) - 1);
        struct lines_look look;
        for (size_t i = 0; i < length; i++)
            text[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
        if (look_at(text, round % 2 ? "gb18030" : "utf-8", &look))
            for (size_t t = 0; t < look.type_count; t++)
                for (size_t i = 0; i < look.types[t].cut_count; i++)
                    cr_assert_leq(look.types[t].cuts[i].first, look.types[t].cuts[i].last);
        arena_reset(arena);
    }
}
