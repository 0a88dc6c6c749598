/* Addresses in letters beside the Chinese ones of the same places. More of them stand in
 * tests/data/standard-cases.csv. */
#include "check_support.h"

#include "cust360/base/arena.h"

#include <criterion/criterion.h>

#define CHECK "address"

/* The parts that compare, of a place in letters and in Chinese. */
static void expect_same_place(const struct reference *reference, struct arena *arena,
                              const char *letters, const char *chinese)
{
    static const char *const parts[] = {"province", "city",     "district", "code",
                                        "number",   "building", "postcode", "room"};
    struct check_output a = check_run(reference, arena, CHECK, slice_of(letters), NULL, NULL);
    struct check_output b = check_run(reference, arena, CHECK, slice_of(chinese), NULL, NULL);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        cr_expect(slice_equal(output_part(&a, parts[i]), output_part(&b, parts[i])), "%s: %s",
                  letters, parts[i]);
}

Test(spelled, compares_with_the_chinese_one)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    expect_same_place(reference, arena, "No. 88 Century Avenue, Pudong New Area, Shanghai",
                      "上海市浦东新区世纪大道88号");
    expect_same_place(reference, arena,
                      "Rm 1203, Bldg 5, 100 Nanjing West Rd., Jing'an District, Shanghai",
                      "上海市静安区南京西路100号5号楼1203室");
    expect_same_place(reference, arena,
                      "Room 501, No. 3, Lane 595, Caoxi North Road, Xuhui District, Shanghai",
                      "上海市徐汇区漕溪北路595弄3号501室");
    expect_same_place(reference, arena, "Flat B, 12/F, 100 Nathan Road, Kowloon, Hong Kong",
                      "香港九龍彌敦道100號12樓B室");
    expect_same_place(reference, arena, "Tower A, 15 Keyuan Rd, Nanshan, Shenzhen, Guangdong",
                      "深圳市南山区科苑路15号A座");
    arena_destroy(arena);
    reference_destroy(reference);
}

/* Whatever is typed, no word is read twice and nothing beyond the text. */
Test(spelled, that_say_nothing)
{
    static const char *const texts[] = {
        "a",
        "#",
        "# # #",
        "No.",
        "No. No. No.",
        "Rm",
        "12-",
        "-12",
        "1-2-3-4-5",
        "Road",

        "District",
        "New Area",
        "china",
        "P.R.",
        "200120",
        ",,,a,,,",
        "20/F",
        "Unit",
        "Shanghai Shanghai",

        "5#",
        "# 5 # 5",
        "autonomous region",
        "Zhuang Autonomous Region",
        "x'",
        "o'o'o'",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    char lengthy[300];
    memset(lengthy, 'a', sizeof(lengthy));
    for (size_t i = 1; i < sizeof(lengthy); i += 2)
        lengthy[i] = ' ';
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(texts[i]), NULL, NULL);
        cr_expect(output_part(&output, "road").length == 0, "%s", texts[i]);
        cr_expect_eq(output_part(&output, "district").length, 0, "%s", texts[i]);
    }
    struct check_output output =
        check_run(reference, arena, CHECK, slice_make(lengthy, sizeof(lengthy)), NULL, NULL);
    cr_expect_eq(output_part(&output, "road").length, 0);
    arena_destroy(arena);
    reference_destroy(reference);
}
