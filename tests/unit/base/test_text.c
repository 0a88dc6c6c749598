#include "cust360/base/slice.h"
#include "cust360/base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(slice, compares_by_bytes_then_length)
{
    static const struct {
        const char *a;
        const char *b;
        int order;
    } cases[] = {{"", "", 0},    {"", "a", -1},    {"a", "", 1},     {"a", "b", -1},
                 {"ab", "a", 1}, {"张", "王", -1}, {"abc", "abc", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice a = slice_of(cases[i].a);
        struct slice b = slice_of(cases[i].b);
        /* 张 is U+5F20, 王 is U+738B. */
        cr_assert_eq(slice_compare(a, b), cases[i].order, "%s ? %s", cases[i].a, cases[i].b);
        cr_assert_eq(slice_equal(a, b), cases[i].order == 0);
    }
}

Test(slice, finds_cuts_and_trims)
{
    cr_assert_eq(slice_find(SLICE("customer"), SLICE("tom")), 3);
    cr_assert_eq(slice_find(SLICE("customer"), SLICE("x")), -1);
    cr_assert_eq(slice_find(SLICE("ab"), SLICE("abc")), -1);
    cr_assert_eq(slice_find(SLICE("ab"), SLICE("")), 0);
    cr_assert(slice_equal(slice_trim(SLICE(" \t a b \r\n")), SLICE("a b")));
    cr_assert(slice_is_empty(slice_trim(SLICE("   "))));
    cr_assert(slice_equal(slice_cut(SLICE("abcdef"), 2, 4), SLICE("cd")));
    cr_assert(slice_equal(slice_cut(SLICE("abcdef"), 4, 99), SLICE("ef")));
    cr_assert(slice_is_empty(slice_cut(SLICE("abc"), 9, 2)));
    cr_assert(slice_starts_with(SLICE("D01_x"), SLICE("D01")));
    cr_assert_not(slice_starts_with(SLICE("D0"), SLICE("D01")));
    cr_assert(slice_ends_with(SLICE("a.csv"), SLICE(".csv")));
    cr_assert_not(slice_ends_with(SLICE("csv"), SLICE(".csv")));
}

Test(text, validity_follows_rfc_3629)
{
    static const struct {
        struct slice text;
        bool valid;
        size_t offset;
    } cases[] = {
        {{"plain ascii, long enough", 24}, true, 0},
        {{"\xE7\x8E\x8B", 3}, true, 0},
        {{"\xF0\xA0\xAE\xB7", 4}, true, 0},   /* 𠮷 */
        {{"12345678\xC0\x80", 10}, false, 8}, /* overlong NUL */
        {{"\xE0\x80\x80", 3}, false, 0},      /* overlong */
        {{"a\xED\xA0\x80", 4}, false, 1},     /* surrogate */
        {{"\xF4\x90\x80\x80", 4}, false, 0},  /* above U+10FFFF */
        {{"\xF5\x80\x80\x80", 4}, false, 0},
        {{"ab\xE7\x8E", 4}, false, 2}, /* cut short */
        {{"\x80", 1}, false, 0},
        {{"\xE7\x8E\x41", 3}, false, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t offset = 99;
        cr_assert_eq(text_is_valid(cases[i].text, &offset), cases[i].valid, "case %zu", i);
        if (!cases[i].valid)
            cr_assert_eq(offset, cases[i].offset, "case %zu: %zu", i, offset);
    }
}

Test(text, every_code_point_survives_encoding)
{
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point < 0xE000)
            continue;
        char bytes[4];
        struct slice text = slice_make(bytes, text_encode(code_point, bytes));
        size_t position = 0;
        if (text_next(text, &position) != code_point || position != text.length ||
            !text_is_valid(text, NULL))
            cr_assert_fail("U+%04X", code_point);
    }
}

Test(text, next_passes_over_what_is_not_utf8)
{
    struct slice text = slice_make("a\xFF\xE7\x8Ez", 5);
    static const uint32_t expected[] = {'a', 0xFFFD, 0xFFFD, 0xFFFD, 'z', UINT32_MAX};
    size_t position = 0;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        cr_assert_eq(text_next(text, &position), expected[i], "at %zu", i);
}

Test(text, length_prefix_and_width_count_characters)
{
    cr_assert_eq(text_length(SLICE("王a𠮷")), 3);
    cr_assert(slice_equal(text_prefix(SLICE("王小明"), 2), SLICE("王小")));
    cr_assert(slice_equal(text_prefix(SLICE("王"), 9), SLICE("王")));
    cr_assert_eq(text_width(SLICE("王a𠮷")), 5);
    cr_assert(text_is_han(0x738B));
    cr_assert(text_is_han(0x3007));
    cr_assert_not(text_is_han('a'));
    cr_assert_not(text_is_han(0xFF21));
}

Test(text, what_is_shown_steers_no_terminal_and_ends_no_line)
{
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"王小明 a~", "王小明 a~"},
        {"", ""},
        {"a\nb\r\tc", "a b  c"},
        {"\x1B[31m\x07\x7F", "?[31m??"},
        {"a\xC2\x9B"
         "b\xC2\xA0",
         "a??b\xC2\xA0"},
        {"\xE2\x80\xAE"
         "abc\xE2\x81\xA6",
         "\xEF\xBF\xBD"
         "abc\xEF\xBF\xBD"},
        {"\xE2\x80\xA8\xE2\x80\xA6", "\xEF\xBF\xBD\xE2\x80\xA6"},
        {"\xC2", "\xC2"},
        {"\xE2\x80", "\xE2\x80"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[32];
        snprintf(text, sizeof(text), "%s", cases[i].text);
        text_make_showable(text);
        cr_expect_str_eq(text, cases[i].shown, "%zu: %s", i, text);
    }
}

Test(text, mask_never_shows_a_whole_value)
{
    static const struct {
        const char *value;
        const char *masked;
    } cases[] = {{"13812345678", "138****5678"},
                 {"440308199901011512", "440***********1512"},
                 {"张", "*"},
                 {"欧阳", "欧*"},
                 {"王小明", "王**"},
                 {"abcde", "a***e"},
                 {"\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE\xFF",
                  "\uFFFD\uFFFD\uFFFD****\uFFFD\uFFFD\uFFFD\uFFFD"},
                 {"", ""}};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice masked = text_mask(arena, slice_of(cases[i].value));
        cr_assert(slice_equal(masked, slice_of(cases[i].masked)), "%s: %.*s", cases[i].value,
                  SLICE_ARGUMENTS(masked));
    }
    arena_destroy(arena);
}

Test(text, masked_keys_keep_the_numbers_of_a_source)
{
    static const struct {
        const char *key;
        const char *masked;
    } cases[] = {{"15984528822|2026-06-22T10:00:00+08:00|phone",
                  "159****8822|2026-06-22T10:00:00+08:00|phone"},
                 {"0000036", "0000036"},
                 {"0000096|LFV13CKLXT9860968", "0000096|LFV13CKLXT9860968"},
                 {"00000000036|", "00000000036|"},
                 {"44030819990101151X", "440***********151X"},
                 {"a|me@example.com|王小明", "a|me@*******.com|王**"},
                 {"", ""}};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice masked = text_mask_key(arena, slice_of(cases[i].key));
        cr_expect(slice_equal(masked, slice_of(cases[i].masked)), "%s: %.*s", cases[i].key,
                  SLICE_ARGUMENTS(masked));
    }
    arena_destroy(arena);
}

Test(text, distance_counts_slips)
{
    static const struct {
        const char *a;
        const char *b;
        size_t distance;
    } cases[] = {{"encoding", "encodng", 1}, {"name", "name", 0}, {"ab", "ba", 1},
                 {"王小明", "王小民", 1},    {"", "abc", 3},      {"kitten", "sitting", 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_eq(text_distance(slice_of(cases[i].a), slice_of(cases[i].b)), cases[i].distance);
        cr_assert_eq(text_distance(slice_of(cases[i].b), slice_of(cases[i].a)), cases[i].distance);
    }
}

Test(text, numbers_are_whole_or_refused)
{
    static const struct {
        const char *text;
        bool is_integer;
        bool is_number;
    } cases[] = {
        {"0", true, true},     {"-12", true, true},    {"010", true, true},
        {"1.5", false, true},  {"1e3", false, true},   {"", false, false},
        {" 1", false, false},  {"1x", false, false},   {"-", false, false},
        {"nan", false, false}, {"0x10", false, false}, {"99999999999999999999", false, true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t integer = 0;
        double number = 0;
        cr_assert_eq(text_to_integer(slice_of(cases[i].text), &integer), cases[i].is_integer, "%s",
                     cases[i].text);
        cr_assert_eq(text_to_number(slice_of(cases[i].text), &number), cases[i].is_number, "%s",
                     cases[i].text);
    }
    int64_t ten = 0;
    cr_assert(text_to_integer(SLICE("010"), &ten));
    cr_assert_eq(ten, 10);
}

Test(text, lower_leaves_other_letters)
{
    struct arena *arena = arena_create();
    cr_assert(slice_equal(text_lower(arena, SLICE("AbC-Ä王")), SLICE("abc-Ä王")));
    arena_destroy(arena);
}
