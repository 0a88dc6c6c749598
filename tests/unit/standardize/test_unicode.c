#include "check_support.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"
#include <criterion/criterion.h>

struct pair {
    const char *input;
    const char *output;
};

typedef struct slice convert_function(const struct reference *reference, struct slice text,
                                      struct arena *arena);

static void expect_pairs(convert_function *convert, const struct pair *pairs, size_t count)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < count; i++) {
        struct slice result = convert(reference, slice_of(pairs[i].input), arena);
        cr_expect(slice_equal(result, slice_of(pairs[i].output)), "'%s': '%.*s', not '%s'",
                  pairs[i].input, SLICE_ARGUMENTS(result), pairs[i].output);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

#define EXPECT_PAIRS(convert, pairs)                                                               \
    expect_pairs(convert, pairs, sizeof(pairs) / sizeof((pairs)[0]))

Test(unicode, cleaning_changes_width_spaces_and_compatibility_forms)
{
    static const struct pair pairs[] = {
        {"", ""},
        {"王伟", "王伟"},
        {"ＡＢＣ１２３（）", "ABC123()"},
        {"王\u3000伟", "王 伟"},
        {"  a \t\u00A0 b\r\n", "a b"},
        {"\u3000\u00A0", ""},
        {"王\u200B伟\uFEFF", "王伟"},
        {"\u202E王伟\u202C", "王伟"},
        {"王\uFE00伟\U000E0100", "王伟"},
        {"⾼⻓", "高长"},                 /* Kangxi radical, radical supplement */
        {"\uF900", "豈"},                 /* compatibility ideograph */
        {"\uFA0E\uFA29", "\uFA0E\uFA29"}, /* two of the twelve unified ones */
        {"\uE81E", "龴"},                 /* moved out of the private-use area in 2022 */
        {"\uE7C7", "ḿ"},
        {"e\u0301", "é"},
        {"Jose\u0301 １", "José 1"},
        {"\uFFE5100", "\u00A5100"},
        {"\x01\x7F王", "王"},
        {"買買提・阿不都拉", "買買提・阿不都拉"},
    };
    EXPECT_PAIRS(unicode_clean, pairs);
}

Test(unicode, cleaning_borrows_what_is_clean)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct slice text = SLICE("  王伟 Wang 12 ");
    struct slice clean = unicode_clean(reference, text, arena);
    cr_assert_eq(clean.data, text.data + 2);
    cr_assert_eq(clean.length, text.length - 3);
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(unicode, folding_keeps_spaces_and_appends)
{
    struct reference *reference = reference_open();
    struct buffer buffer = BUFFER_EMPTY;
    buffer_append_text(&buffer, "=");
    unicode_fold(reference, SLICE(" Ａ\u3000\u3000b "), &buffer);
    cr_assert_str_eq(buffer.data, "= A  b ");
    buffer_clear(&buffer);
    unicode_fold(reference, SLICE(""), &buffer);
    cr_assert_eq(buffer.length, 0);
    buffer_release(&buffer);
    reference_destroy(reference);
}

Test(unicode, nfkc_is_the_standards)
{
    static const struct pair pairs[] = {
        {"", ""},
        {"abc", "abc"},
        {"①", "1"},
        {"㎡", "m2"},
        {"ﬁ", "fi"},
        {"e\u0301", "é"},
        {"Å", "Å"},
        {"ｶﾞ", "ガ"},
        {"（", "("},
        {"\uF900", "豈"},
        {"\uFDFA", "صلى الله عليه وسلم"},
    };
    struct buffer buffer = BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        buffer_clear(&buffer);
        unicode_nfkc(slice_of(pairs[i].input), &buffer);
        cr_expect(slice_equal(buffer_slice(&buffer), slice_of(pairs[i].output)), "%s: %.*s",
                  pairs[i].input, SLICE_ARGUMENTS(buffer_slice(&buffer)));
    }
    buffer_release(&buffer);
}

Test(unicode, simplified_is_one_form_for_all)
{
    static const struct pair pairs[] = {
        {"王伟", "王伟"},
        {"臺灣", "台湾"},
        {"鍾鐘锺", "钟钟钟"},
        {"黃呂吳", "黄吕吴"},
        {"呉髙𠮷曽", "吴高吉曾"}, /* Japanese and old forms */
        {"峯群羣裡裏", "峰群群里里"},
        {"徐著明", "徐著明"},
        {"楊世乾", "杨世乾"}, /* not 干 */
        {"於洪區", "于洪区"},
        {"ABC 1", "ABC 1"},
    };
    EXPECT_PAIRS(unicode_simplify, pairs);
}

Test(unicode, simplifying_twice_changes_nothing_more)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (uint32_t character = 0x3400; character < 0x2FA20; character++) {
        char bytes[4];
        struct slice text = slice_make(bytes, text_encode(character, bytes));
        struct slice once = unicode_simplify(reference, text, arena);
        struct slice twice = unicode_simplify(reference, once, arena);
        cr_assert(slice_equal(once, twice), "U+%X", character);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(unicode, every_default_traditional_form_comes_back)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct reference_table table;
    struct error error;
    cr_assert(reference_read(reference, arena, "simp_trad.csv",
                             (const char *const[]){"simp", "trads_first_is_default", NULL}, &table,
                             &error));
    size_t lost = 0;
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice simple = reference_cell(&table, row, 0);
        struct slice traditional = text_prefix(reference_cell(&table, row, 1), 1);
        lost += !slice_equal(unicode_simplify(reference, simple, arena),
                             unicode_simplify(reference, traditional, arena));
    }
    /* 乾 of 干 stays itself; a few defaults are words of their own. */
    cr_expect_leq(lost, 4, "%zu of %zu", lost, table.csv.row_count);
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(unicode, letters_are_for_comparing)
{
    static const struct pair pairs[] = {
        {"中国Café 2", "zhongguocafe2"},
        {"呂", "lv"},
        {"Lǚ LÜ", "lvlv"},
        {"Straße", "strasse"},
        {"Łódź", "łodz"},
        {"O'Neil-Smith", "oneilsmith"},
        {"（）·-", ""},
        {"Иван", "иван"},
    };
    EXPECT_PAIRS(unicode_spell, pairs);
}

Test(unicode, random_text_stays_valid_and_clean)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct slice alphabet =
        SLICE("aé\u0301\u0308ＡＺ　 \u200B王髙\uF900\u2E9F\U0002F800\uE81E\uFDFAﬁ한ᄀ\u3099カ\t");
    uint64_t state = 7;
    struct slice seed = SLICE("王伟 Café ＡＢＣ e\u0301 ⻓ 12号");
    for (int i = 0; i < 20000; i++) {
        struct slice text = text_mutate(arena, seed, alphabet, &state);
        struct slice clean = unicode_clean(reference, text, arena);
        cr_assert(text_is_valid(clean, NULL));
        cr_assert(slice_equal(unicode_clean(reference, clean, arena), clean), "%.*s",
                  SLICE_ARGUMENTS(text));
        cr_assert(text_is_valid(unicode_spell(reference, text, arena), NULL));
        cr_assert(text_is_valid(unicode_simplify(reference, text, arena), NULL));
        arena_reset(arena);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}
