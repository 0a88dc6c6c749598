#include "cust360/base/memory.h"
#include "review/contrast.h"
#include "review/make.h"

#include <criterion/criterion.h>
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

TestSuite(review_contrast, .init = open_arena, .fini = close_arena);

Test(review_contrast, characters_that_the_other_has_not_are_marked)
{
    static const char *const cases[][3] = {
        {"13800200001", "13800200001", "00000000000"},
        {"13800200001", "13800300001", "00000100000"},
        {"刘自林", "劉自林", "100"},
        {"abc", "", "111"},
        {"", "abc", ""},
        {"1990-01-05", "1990-05-01", "0000001001"},
        {"xabc", "abc", "1000"},
        {"abcx", "abc", "0001"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *marks = contrast_marks(arena, slice_of(cases[i][0]), slice_of(cases[i][1]));
        size_t marked = 0;
        size_t expected = 0;
        cr_expect_eq(strlen(marks), strlen(cases[i][2]), "%s", marks);
        for (const char *at = marks; *at; at++)
            marked += *at == '1';
        for (const char *at = cases[i][2]; *at; at++)
            expected += *at == '1';
        cr_expect_eq(marked, expected, "%s and %s: %s", cases[i][0], cases[i][1], marks);
        if (i != 5) /* there two answers are as good */
            cr_expect_str_eq(marks, cases[i][2]);
    }
}

Test(review_contrast, long_values_are_compared_by_their_ends)
{
    char one[400];
    char other[400];
    memset(one, 'a', sizeof(one));
    memset(other, 'a', sizeof(other));
    one[399] = other[398] = '\0';
    one[200] = 'b';
    const char *marks = contrast_marks(arena, slice_of(one), slice_of(other));
    cr_expect_eq(strlen(marks), 399);
    cr_expect_eq(marks[0], '0');
    cr_expect_eq(marks[200], '1');
    cr_expect_eq(marks[398], '0');
}

static struct review_cell cells[3][3];
static struct review_field fields[3];

static struct review_case make_case(void)
{
    static const char *const values[3][3] = {
        {"same", "same", ""}, {"1990-01-05", "1990-01-06", "1990-01-05"}, {"one", "", "two"}};
    static const char *const kinds[] = {"text", "birth_date", "text"};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++)
            cells[i][j] = (struct review_cell){.value = values[i][j], .given = "", .finding = ""};
        fields[i] = (struct review_field){.name = kinds[i], .kind = kinds[i], .cells = cells[i]};
    }
    return (struct review_case){.fields = fields, .field_count = 3, .record_count = 3};
}

Test(review_contrast, fields_that_exclude_each_other_come_first_and_those_alike_last)
{
    struct review_case found = make_case();
    contrast_find(arena, &found);
    cr_expect_eq(found.fields[0].difference, REVIEW_CONTRARY);
    cr_expect_eq(found.fields[1].difference, REVIEW_DIFFERS);
    cr_expect_eq(found.fields[2].difference, REVIEW_EQUAL);
    cr_expect_str_eq(found.fields[2].cells[0].differs, "");
    cr_expect_str_eq(found.fields[1].cells[1].differs, "", "nothing is compared with nothing");
}

Test(review_contrast, values_are_compared_with_the_surviving_one)
{
    struct review_case found = make_case();
    cells[1][1].wins = true;
    contrast_find(arena, &found);
    cr_expect_str_eq(found.fields[0].cells[0].differs, "0000000001");
    cr_expect_str_eq(found.fields[0].cells[1].differs, "0000000001", "itself with the first other");
    cr_expect_str_eq(found.fields[0].cells[2].differs, "0000000001");
}

Test(review_contrast, records_hang_together_by_their_bonds_but_the_one_that_is_cut)
{
    struct bonds bonds = {0};
    bonds_add(&bonds, 1, 2, 5);
    bonds_add(&bonds, 3, 2, 1);
    bonds_add(&bonds, 3, 4, BOND_SAID);
    cr_expect(bonds_reach(&bonds, bonds.count, 1, 4));
    cr_expect(bonds_reach(&bonds, bonds.count, 4, 1));
    cr_expect_not(bonds_reach(&bonds, 1, 1, 4), "the bridge is cut");
    cr_expect_not(bonds_reach(&bonds, bonds.count, 1, 5), "a stranger");
    bonds_add(&bonds, 1, 4, BOND_SAID);
    cr_expect(bonds_reach(&bonds, 1, 1, 3), "another way round");
    memory_free(bonds.items);
}
