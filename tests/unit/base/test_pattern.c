#include "cust360/base/pattern.h"

#include <criterion/criterion.h>

static struct pattern *compiled(const char *text, bool whole)
{
    struct error error;
    struct pattern *pattern = pattern_compile(slice_of(text), whole, &error);
    cr_assert(pattern, "%s", error.message);
    return pattern;
}

Test(pattern, matches_with_named_groups)
{
    struct pattern *pattern = compiled("(?:\\+?86)?(?<number>1[3-9]\\d{9})", true);
    struct matcher *matcher = matcher_create();
    cr_assert_eq(pattern_match(pattern, matcher, SLICE("+8613800138000")), PATTERN_MATCH);
    int group = pattern_group(pattern, "number");
    cr_assert_gt(group, 0);
    cr_assert(slice_equal(matcher_group(matcher, group), SLICE("13800138000")));
    cr_assert(slice_is_empty(matcher_group(matcher, 9)));
    cr_assert_eq(pattern_group(pattern, "other"), -1);
    cr_assert_eq(pattern_match(pattern, matcher, SLICE("13800138000x")), PATTERN_NO_MATCH);
    matcher_destroy(matcher);
    pattern_destroy(pattern);
}

Test(pattern, syntax_error_tells_the_character)
{
    static const struct {
        const char *text;
        uint64_t column;
    } cases[] = {{"(ab", 4}, {"王[a", 4}, {"a**", 0}, {"(?<1>x)", 4}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        struct pattern *pattern = pattern_compile(slice_of(cases[i].text), false, &error);
        if (cases[i].column == 0) {
            pattern_destroy(pattern);
            continue;
        }
        cr_assert_null(pattern, "%s", cases[i].text);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
        cr_assert_eq(error.column, cases[i].column, "%s: %d", cases[i].text, (int)error.column);
    }
}

Test(pattern, replaces_every_match)
{
    struct pattern *pattern = compiled("(\\d{4})/(\\d+)/(\\d+)", false);
    struct matcher *matcher = matcher_create();
    struct buffer result = BUFFER_EMPTY;
    cr_assert_eq(
        pattern_replace(pattern, matcher, SLICE("2024/1/2 2025/3/4"), SLICE("$1-$2-$3"), &result),
        PATTERN_MATCH);
    cr_assert_str_eq(result.data, "2024-1-2 2025-3-4");
    buffer_clear(&result);
    cr_assert_eq(pattern_replace(pattern, matcher, SLICE("none"), SLICE("x"), &result),
                 PATTERN_NO_MATCH);
    cr_assert_eq(result.length, 0);
    buffer_release(&result);
    matcher_destroy(matcher);
    pattern_destroy(pattern);
}

Test(pattern, replacement_may_be_longer_than_the_room_first_taken)
{
    struct pattern *pattern = compiled("a", false);
    struct matcher *matcher = matcher_create();
    struct buffer result = BUFFER_EMPTY;
    char subject[500];
    memset(subject, 'a', sizeof(subject));
    cr_assert_eq(pattern_replace(pattern, matcher, slice_make(subject, sizeof(subject)),
                                 SLICE("王小明"), &result),
                 PATTERN_MATCH);
    cr_assert_eq(result.length, 500 * strlen("王小明"));
    buffer_release(&result);
    matcher_destroy(matcher);
    pattern_destroy(pattern);
}

Test(pattern, explosion_hits_the_limit)
{
    struct pattern *pattern = compiled("^(a+)+$", false);
    struct matcher *matcher = matcher_create();
    char subject[61];
    memset(subject, 'a', sizeof(subject));
    subject[60] = '!';
    cr_assert_eq(pattern_match(pattern, matcher, slice_make(subject, sizeof(subject))),
                 PATTERN_LIMIT);
    cr_assert_eq(pattern_match(pattern, matcher, SLICE("aaa")), PATTERN_MATCH, "usable after it");
    matcher_destroy(matcher);
    pattern_destroy(pattern);
}

Test(pattern, not_utf8_is_refused)
{
    struct error error;
    cr_assert_null(pattern_compile(slice_make("a\xFF", 2), false, &error));
    cr_assert_str_eq(error.message, "pattern: not UTF-8 at byte 2");
}

/* What a pattern may begin with is worked out without PCRE2_UCP, and must hold with it. */
Test(pattern, shortcut_finds_what_the_library_finds)
{
    static const char *const patterns[] = {"\\s*\\(x\\)$", "\\d+$", "\\w\\w",      "[\\s,]+b",
                                           "(?i)k",        "\\bx",  "[[:alpha:]]", "(?<=c)[;\\s]b",
                                           "\\p{Han}",     "[^a]b", "\\h+x",       "\\N{U+3000}",
                                           "(?:\\s|,)b"};
    static const char *const subjects[] = {"(x)",
                                           "a (x)",
                                           "a\xC2\xA0(x)",
                                           "a\xE3\x80\x80(x)",
                                           "\xE2\x80\x83(x)",
                                           "\xC2\x85(x)",
                                           "\xEF\xBC\x91",
                                           "7",
                                           "\xE7\x8E\x8B\xE6\x98\x8E",
                                           "ab",
                                           "\xE3\x80\x80"
                                           "b",
                                           ",b",
                                           "K",
                                           "\xE2\x84\xAA",
                                           "\xC3\xA9",
                                           "c;b",
                                           "c\xE1\x9A\x80"
                                           "b",
                                           "\xE4\xB8\xAD"
                                           "b",
                                           "\xE3\x80\x80x",
                                           "",
                                           "-x"};
    struct matcher *quick = matcher_create();
    struct matcher *thorough = matcher_create();
    matcher_be_thorough(thorough);
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        struct pattern *pattern = compiled(patterns[i], false);
        for (size_t j = 0; j < sizeof(subjects) / sizeof(subjects[0]); j++)
            cr_assert_eq(pattern_match(pattern, quick, slice_of(subjects[j])),
                         pattern_match(pattern, thorough, slice_of(subjects[j])), "%s in \"%s\"",
                         patterns[i], subjects[j]);
        pattern_destroy(pattern);
    }
    matcher_destroy(quick);
    matcher_destroy(thorough);
}
