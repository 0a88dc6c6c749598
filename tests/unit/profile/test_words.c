/* What headings say word by word, and what single values are. */
#include "cust360/profile.h"
#include "profile/judge.h"

#include <criterion/criterion.h>
#include <string.h>

static struct profile_words *words;

static void open_words(void)
{
    struct error error = {0};
    words = profile_words_load("mappings/profile", "mappings/reference", &error);
    cr_assert_not_null(words, "%s", error.message);
}

static void close_words(void)
{
    profile_words_destroy(words);
}

TestSuite(profile_words, .init = open_words, .fini = close_words);

static bool says(const char *heading, const char *atom)
{
    struct atoms atoms;
    words_read(words, slice_of(heading), &atoms);
    return atoms_have(&atoms, words_atom(words, atom));
}

Test(profile_words, traditional_headings_are_read_as_simplified)
{
    struct atoms traditional;
    struct atoms simplified;
    words_read(words, SLICE("顧客姓名"), &traditional);
    words_read(words, SLICE("顾客姓名"), &simplified);
    cr_expect_eq(traditional.count, simplified.count);
    cr_expect_eq(traditional.unknown, 0);
    cr_expect(atoms_have(&traditional, words_atom(words, "customer")));
}

Test(profile_words, words_are_known_when_they_are_shortened_or_misspelt)
{
    struct atoms atoms;
    cr_expect(says("ODMTRREADING", "mileage"));
    cr_expect(says("Adresss", "address"));
    cr_expect(says("Telepohne", "phone"));
    cr_expect(says("CUST_BIRTHD", "birth"));
    words_read(words, SLICE("CUST_BIRTHD"), &atoms);
    cr_expect_eq(atoms.guessed, 1);
    /* pro…: province, product, profit: nobody can tell. */
    words_read(words, SLICE("pro"), &atoms);
    cr_expect_eq(atoms.count, 0);
    cr_expect_eq(atoms.unknown, 1);
}

Test(profile_words, digits_tell_columns_apart_and_say_nothing_else)
{
    struct atoms atoms;
    words_read(words, SLICE("NAME1"), &atoms);
    cr_expect_eq(atoms.unknown, 0);
    cr_expect(says("ADDR_2", "second"));
    cr_expect_not(says("ADDR_1", "second"));
}

Test(profile_words, unknown_characters_in_a_row_are_one_unknown_word)
{
    struct atoms atoms;
    words_read(words, SLICE("手机号码甲乙丙"), &atoms);
    cr_expect_eq(atoms.unknown, 1);
    words_read(words, SLICE("甲手机号码乙"), &atoms);
    cr_expect_eq(atoms.unknown, 2);
}

Test(profile_words, accents_and_full_width_letters_are_read_as_plain_ones)
{
    cr_expect(says("Prénom", "first"));
    cr_expect(says("Straße", "address"));
    cr_expect(says("ＶＩＮ", "vin"));
    cr_expect(says("車名・型式", "model"));
}

Test(profile_words, codes_and_makes_are_known_in_any_case)
{
    cr_expect(words_has_code(words, "brand", SLICE("AUDI")));
    cr_expect(words_has_code(words, "gender", SLICE("女")));
    cr_expect_not(words_has_code(words, "gender", SLICE("")));
    cr_expect_not(words_has_code(words, "brand", SLICE("奥迪A4L")));
    cr_expect(words_begins_with_code(words, "brand", SLICE("奥迪A4L")));
    cr_expect_not(words_begins_with_code(words, "brand", SLICE("白色")));
}

Test(profile_words, numbers_are_known_with_their_marks)
{
    static const struct {
        const char *text;
        double number;
        bool comma;
    } cases[] = {{"320000.50", 320000.5, false},
                 {"320.000,50", 320000.5, true},
                 {"320,000.50", 320000.5, false},
                 {"1,234", 1234, false},
                 {"12,5", 12.5, true},
                 {"¥1,234,567", 1234567, false},
                 {"1.234.567", 1234567, false},
                 {"1.234,567", 1234.567, true},
                 {"1 234,50", 1234.5, true},
                 {"1 234 567,5", 1234567.5, true},
                 {"1'234.50", 1234.5, false},
                 {"1’234", 1234, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        double number = 0;
        bool comma = false;
        cr_expect(value_number(slice_of(cases[i].text), &number, &comma), "%s", cases[i].text);
        cr_expect_float_eq(number, cases[i].number, 1e-9, "%s: %f", cases[i].text, number);
        cr_expect_eq(comma, cases[i].comma, "%s", cases[i].text);
    }
    double number;
    bool comma;
    cr_expect_not(value_number(SLICE("A,5"), &number, &comma));
    cr_expect_not(value_number(SLICE("138 001 380"), &number, &comma), "it may be a telephone");
    cr_expect_not(value_number(SLICE("138 0013,80"), &number, &comma));
}

/* What a column tells of its marks: the comma stands before the decimals, or nobody knows. */
Test(profile_words, a_column_tells_what_stands_before_its_decimals)
{
    enum { VALUES = 4 };
    static const struct {
        const char *values[VALUES];
        bool comma;
        bool dotted;
    } cases[] = {{{"1.234,50", "1.234", "300", "17"}, true, false},
                 {{"1.234.567", "1.234", "300", "17"}, true, false},
                 {{"1.234", "2.500", "300", "17"}, false, true},
                 {{"1.234", "2.500", "300.5", "17"}, false, false},
                 {{"1,234", "2,500", "12,5", "17"}, false, false},
                 {{"1,234.50", "2,500", "12.5", "17"}, false, false},
                 {{"1", "2", "3", "17"}, false, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct slice values[VALUES];
        for (size_t j = 0; j < VALUES; j++)
            values[j] = slice_of(cases[i].values[j]);
        struct profile_column column = {.name = "n", .sample = values, .sample_count = VALUES};
        struct value_facts facts;
        value_facts_find(&column, &facts);
        cr_expect_eq(facts.comma, cases[i].comma, "%s", cases[i].values[0]);
        cr_expect_eq(facts.dotted, cases[i].dotted, "%s", cases[i].values[0]);
    }
}

Test(profile_words, tables_of_words_that_are_missing_are_named)
{
    struct error error = {0};
    cr_assert_null(profile_words_load("mappings/nowhere", "mappings/reference", &error));
    cr_expect(strstr(error.file, "nowhere") || strstr(error.message, "nowhere"));
}
