#include "cust360/base/csv.h"
#include "lab.h"
#include "match/compare/confusions.h"

#include <math.h>

Test(match_comparators, jaro_winkler_gives_the_published_values)
{
    /* Winkler 1990 and 1994, tables; Jaro's own examples. */
    static const struct {
        const char *a;
        const char *b;
        double similarity;
    } cases[] = {
        {"MARTHA", "MARHTA", 0.9611},
        {"DIXON", "DICKSONX", 0.8133},
        {"DWAYNE", "DUANE", 0.8400},
        {"JONES", "JOHNSON", 0.8323},
        {"ABROMS", "ABRAMS", 0.9222},
        {"CRATE", "TRACE", 0.7333},
        {"SAME", "SAME", 1},
        {"ABC", "XYZ", 0},
        {"", "", 1},
        {"", "A", 0},
        {"SHACKLEFORD", "SHACKELFORD", 0.9818},
        {"JERALDINE", "GERALDINE", 0.9259},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double found = jaro_winkler_similarity(slice_of(cases[i].a), slice_of(cases[i].b));
        cr_expect(fabs(found - cases[i].similarity) < 0.0001, "%s %s: %f", cases[i].a, cases[i].b,
                  found);
    }
}

Test(match_comparators, edits_are_counted_in_characters_and_know_swaps)
{
    static const struct {
        const char *a;
        const char *b;
        size_t distance;
    } cases[] = {
        {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"ab", "ba", 1},
        {"ca", "abc", 3}, /* restricted: no place is edited twice */
        {"王伟", "王玮", 1},      {"王伟", "伟王", 1}, {"", "abc", 3},
        {"张三", "张三丰", 1},    {"same", "same", 0}, {"abcdef", "badcfe", 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice a = slice_of(cases[i].a);
        struct slice b = slice_of(cases[i].b);
        cr_expect_eq(edit_distance(a, b, 16), cases[i].distance, "%s %s", cases[i].a, cases[i].b);
        for (size_t limit = 0; limit < cases[i].distance; limit++)
            cr_expect_gt(edit_distance(a, b, limit), limit, "%s %s within %zu", cases[i].a,
                         cases[i].b, limit);
    }
}

/* By its definition, without bounds. */
static size_t plain_distance(const char *a, const char *b)
{
    size_t table[12][12];
    size_t m = strlen(a);
    size_t n = strlen(b);
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            size_t best = i + j;
            if (i && table[i - 1][j] + 1 < best)
                best = table[i - 1][j] + 1;
            if (j && table[i][j - 1] + 1 < best)
                best = table[i][j - 1] + 1;
            if (i && j && table[i - 1][j - 1] + (a[i - 1] != b[j - 1]) < best)
                best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                table[i - 2][j - 2] + 1 < best)
                best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    return table[m][n];
}

Test(match_comparators, edits_within_a_limit_are_those_of_the_plain_computation)
{
    uint64_t state = 7;
    for (int round = 0; round < 20000; round++) {
        char texts[2][12] = {"", ""};
        for (int k = 0; k < 2; k++)
            for (uint32_t i = lab_random(&state, 9); i-- > 0;)
                texts[k][i] = (char)('a' + lab_random(&state, 3));
        /* Lengths vary by cutting at a random place. */
        texts[0][lab_random(&state, 9)] = texts[1][lab_random(&state, 9)] = '\0';
        size_t plain = plain_distance(texts[0], texts[1]);
        for (size_t limit = 0; limit < 5; limit++) {
            size_t found = edit_distance(slice_of(texts[0]), slice_of(texts[1]), limit);
            cr_assert_eq(found <= limit, plain <= limit, "%s %s %zu", texts[0], texts[1], limit);
            cr_assert(found > limit || found == plain);
        }
    }
}

static bool holds(const struct comparator *comparator, double limit, const char *a, const char *b)
{
    struct comparator_argument argument = {limit, NULL};
    bool one = comparator->holds(slice_of(a), slice_of(b), &argument);
    bool other = comparator->holds(slice_of(b), slice_of(a), &argument);
    cr_assert_eq(one, other, "%s of %s and %s is not symmetric", comparator->name, a, b);
    return one;
}

Test(match_comparators, a_slip_replaces_one_character_or_swaps_two)
{
    cr_expect(holds(&comparator_slip, 0, "13800138000", "13800138001"));
    cr_expect(holds(&comparator_slip, 0, "13800138000", "18300138000"));
    cr_expect(holds(&comparator_slip, 0, "LFV", "LFW"));
    cr_expect_not(holds(&comparator_slip, 0, "13800138000", "1380013800"));
    cr_expect_not(holds(&comparator_slip, 0, "13800138000", "18300138001"));
    cr_expect_not(holds(&comparator_slip, 0, "12", "34"));
    cr_expect_not(holds(&comparator_slip, 0, "abc", "cba"));
}

Test(match_comparators, a_date_slips_by_a_day_a_digit_or_its_order)
{
    cr_expect(holds(&comparator_date_slip, 0, "1980-03-04", "1980-04-03"));
    cr_expect(holds(&comparator_date_slip, 0, "1980-03-31", "1980-04-01"));
    cr_expect(holds(&comparator_date_slip, 0, "1980-03-04", "1989-03-04"));
    cr_expect(holds(&comparator_date_slip, 0, "1979-12-31", "1980-01-01"));
    cr_expect_not(holds(&comparator_date_slip, 0, "1980-03-04", "1981-04-03"));
    cr_expect_not(holds(&comparator_date_slip, 0, "1980-03-04", "1980-03-16"));
    cr_expect_not(holds(&comparator_date_slip, 0, "unknown", "1980-03-16"));
}

Test(match_comparators, numbers_and_dates_lie_within_a_distance)
{
    cr_expect(holds(&comparator_within, 2, "10", "12"));
    cr_expect(holds(&comparator_within, 2.5, "-1.25", "1.25"));
    cr_expect_not(holds(&comparator_within, 1.9, "10", "12"));
    cr_expect(holds(&comparator_within, 30, "1980-01-31", "1980-03-01"));
    cr_expect_not(holds(&comparator_within, 29, "1980-01-31", "1980-03-01"));
    cr_expect_not(holds(&comparator_within, 1000000, "ten", "10"));
}

Test(match_comparators, words_stand_in_any_order_with_some_edits_each)
{
    cr_expect(holds(&comparator_words, 0, "anna maria", "maria anna"));
    cr_expect(holds(&comparator_words, 1, "anna marie", "maria anna"));
    cr_expect(holds(&comparator_words, 1, "ab ac", "ac ad"), "the exact one goes first");
    cr_expect_not(holds(&comparator_words, 0, "anna marie", "maria anna"));
    cr_expect_not(holds(&comparator_words, 1, "anna maria", "anna"));
    cr_expect_not(holds(&comparator_words, 1, "", ""));
    cr_expect(holds(&comparator_word_share, 0.5, "the palm", "palm"));
    cr_expect_not(holds(&comparator_word_share, 0.51, "the palm", "palm"));
    cr_expect_float_eq(word_share(SLICE("a b c"), SLICE("c d a")), 0.5, 1e-9);
    cr_expect_float_eq(word_share(SLICE("a a"), SLICE("a")), 0.5, 1e-9);
    cr_expect_float_eq(word_share(SLICE(""), SLICE("")), 1, 1e-9);
}

Test(match_comparators, pairs_of_characters_are_shared)
{
    /* night, nacht with blanks around: _n ni ig gh ht t_, _n na ac ch ht t_: three of six. */
    cr_expect_float_eq(qgram_similarity(SLICE("night"), SLICE("nacht")), 0.5, 1e-9);
    cr_expect_float_eq(qgram_similarity(SLICE("上海路"), SLICE("上海街")), 0.5, 1e-9);
    cr_expect_float_eq(qgram_similarity(SLICE(""), SLICE("")), 1, 1e-9);
    cr_expect_float_eq(qgram_similarity(SLICE("a"), SLICE("")), 0, 1e-9);
    for (int i = 1; i <= 10; i++) {
        double limit = i / 10.0;
        static const char *const texts[] = {"wallaby place", "wallaby pl", "上海路12号", "路", "a"};
        for (size_t j = 0; j < 5; j++)
            for (size_t k = 0; k < 5; k++)
                cr_expect_eq(holds(&comparator_qgrams, limit, texts[j], texts[k]),
                             qgram_similarity(slice_of(texts[j]), slice_of(texts[k])) >= limit,
                             "%s %s at %g", texts[j], texts[k], limit);
    }
}

Test(match_comparators, a_short_form_begins_the_long_one)
{
    cr_expect(holds(&comparator_begins, 3, "rob", "robert"));
    cr_expect_not(holds(&comparator_begins, 4, "rob", "robert"));
    cr_expect_not(holds(&comparator_begins, 3, "bert", "robert"));
}

Test(match_comparators, dates_share_parts)
{
    cr_expect(holds(&comparator_date_parts, 2, "1980-03-04", "1980-03-14"));
    cr_expect(holds(&comparator_date_parts, 2, "1980-03-04", "1981-03-04"));
    cr_expect(holds(&comparator_date_parts, 1, "1980-03-04", "1980-05-06"));
    cr_expect_not(holds(&comparator_date_parts, 2, "1980-03-04", "1980-05-06"));
    cr_expect_not(holds(&comparator_date_parts, 1, "1980-03-04", "1981-05-06"));
    cr_expect_not(holds(&comparator_date_parts, 1, "unknown", "1980-05-06"));
}

Test(match_comparators, one_text_contains_another_of_some_length)
{
    cr_expect(holds(&comparator_contains, 2, "华信", "上海华信科技"));
    cr_expect_not(holds(&comparator_contains, 3, "华信", "上海华信科技"));
    cr_expect_not(holds(&comparator_contains, 2, "华新", "上海华信科技"));
}

Test(match_comparators, every_comparator_is_found_by_its_name)
{
    for (size_t i = 0; comparator_names[i]; i++) {
        const struct comparator *comparator = comparator_find(slice_of(comparator_names[i]));
        cr_assert(comparator, "%s", comparator_names[i]);
        cr_expect_str_eq(comparator->name, comparator_names[i]);
        cr_expect_eq(comparator->relation >= RELATION_TEXTS, comparator->holds != NULL);
    }
    cr_expect_null(comparator_find(SLICE("sounds_like")));
}

Test(match_comparators, characters_of_any_width_are_decoded)
{
    uint32_t characters[CHARACTERS_MAX];
    cr_assert_eq(characters_decode(SLICE("aé王\xF0\xA0\x80\x80z"), characters), 5);
    const uint32_t wanted[] = {'a', 0xE9, 0x738B, 0x20000, 'z'};
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(characters[i], wanted[i]);
    char long_text[CHARACTERS_MAX * 2];
    memset(long_text, 'x', sizeof(long_text));
    cr_expect_eq(characters_decode(slice_make(long_text, sizeof(long_text)), characters),
                 CHARACTERS_MAX);
}

Test(match_comparators, confusions_are_sets_or_what_one_character_is_taken_for)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    const char *path = lab_write(&lab, "confusions.csv",
                                 "kind,key,members,note\n"
                                 "homophone,wei,伟 玮 炜,\n"
                                 "lookalike,王,王 玉 汪,\n");
    const struct confusions *table = confusions_load(lab.arena, path, &lab.error);
    cr_assert(table, "%s", lab.error.message);
    cr_expect(confusions_has(table, 0x4F1F, 0x73AE), "伟 玮");
    cr_expect(confusions_has(table, 0x709C, 0x4F1F), "炜 伟");
    cr_expect(confusions_has(table, 0x7389, 0x738B), "玉 王");
    cr_expect_not(confusions_has(table, 0x7389, 0x6C6A), "玉 汪: only 王 is taken for them");
    struct comparator_argument once = {1, table};
    struct comparator_argument twice = {2, table};
    bool (*confusable)(struct slice, struct slice, const struct comparator_argument *) =
        comparator_confusable.holds;
    cr_expect(confusable(SLICE("王伟"), SLICE("王玮"), &once));
    cr_expect_not(confusable(SLICE("王伟"), SLICE("汪玮"), &once));
    cr_expect(confusable(SLICE("王伟"), SLICE("汪玮"), &twice));
    cr_expect_not(confusable(SLICE("王伟"), SLICE("王伟伟"), &twice));
    cr_expect_not(confusable(SLICE("王伟"), SLICE("王三"), &twice));
    cr_expect_null(confusions_load(lab.arena, "/nowhere/confusions.csv", &lab.error));
    path = lab_write(&lab, "other.csv", "kind,note\n");
    cr_expect_null(confusions_load(lab.arena, path, &lab.error));
    lab_end(&lab);
}
