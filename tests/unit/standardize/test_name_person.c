#include "check_support.h"

#include "cust360/base/text.h"

#include <criterion/criterion.h>

#define CHECK "person_or_company_name"

#define EXPECT_CASES(cases) expect_cases(CHECK, "type", cases, sizeof(cases) / sizeof((cases)[0]))

Test(name_person, is_parted_into_surname_and_given_name)
{
    static const struct check_case cases[] = {
        {"王伟", "王伟", NULL, {{"surname", "王"}, {"given", "伟"}, {"key", "王伟"}}, NULL},
        {"王建国", "王建国", NULL, {{"surname", "王"}, {"given", "建国"}}, NULL},
        {"欧阳娜", "欧阳娜", NULL, {{"surname", "欧阳"}, {"given", "娜"}}, NULL},
        {"司马相如", "司马相如", NULL, {{"surname", "司马"}, {"given", "相如"}}, NULL},
        {"爱新觉罗溥仪", NULL, NULL, {{"surname", "爱新觉罗"}, {"given", "溥仪"}}, NULL},
        {"张李国强", "张李国强", NULL, {{"surname", "张"}, {"given", "李国强"}}, NULL},
        {"浩然",
         "浩然",
         NULL,
         {{"surname", "浩"}, {"given", "然"}},
         NULL}, /* no compound surname */
        {"歐陽震華", "歐陽震華", NULL, {{"surname", "欧阳"}, {"key", "欧阳震华"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, is_spelled_as_surnames_are_read)
{
    static const struct check_case cases[] = {
        {"单雄信", NULL, NULL, {{"pinyin", "shanxiongxin"}}, NULL},
        {"曾国藩", NULL, NULL, {{"pinyin", "zengguofan"}}, NULL},
        {"任我行", NULL, NULL, {{"pinyin", "renwoxing"}}, NULL},
        {"查良镛", NULL, NULL, {{"pinyin", "zhaliangyong"}}, NULL},
        {"尉迟恭", NULL, NULL, {{"pinyin", "yuchigong"}}, NULL},
        {"呂布", NULL, NULL, {{"pinyin", "lvbu"}, {"key", "吕布"}}, NULL},
        {"葛曾",
         NULL,
         NULL,
         {{"pinyin", "geceng"}},
         NULL}, /* in the given name: the usual reading */
    };
    EXPECT_CASES(cases);
}

Test(name_person, spelling_variants_share_a_key)
{
    static const char *const groups[][4] = {
        {"李志庆", "李志慶", "李 志 庆", "　李志庆 "},
        {"吴吉", "吳𠮷", "呉吉", "吴 吉"},
        {"钟峰", "鍾峯", "鐘峰", "锺峰"},
        {"买买提·阿不都拉", "买买提.阿不都拉", "买买提•阿不都拉", "买买提阿不都拉"},
        {"高黄温", "髙黃溫", "高 黄温", "高黄溫"},
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++) {
        struct check_output first =
            check_run(reference, arena, CHECK, slice_of(groups[group][0]), NULL, NULL);
        cr_expect_gt(output_part(&first, "key").length, 0);
        for (size_t i = 1; i < 4; i++) {
            struct check_output other =
                check_run(reference, arena, CHECK, slice_of(groups[group][i]), NULL, NULL);
            cr_expect(slice_equal(output_part(&first, "key"), output_part(&other, "key")), "%s",
                      groups[group][i]);
        }
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_person, titles_are_taken_off_and_tell_the_gender)
{
    static const struct check_case cases[] = {
        {"王建国先生", "王建国", NULL, {{"gender", "M"}, {"key", "王建国"}}, NULL},
        {"王建国(先生)", "王建国", NULL, {{"gender", "M"}}, NULL},
        {"王丽（女士）", "王丽", NULL, {{"gender", "F"}}, NULL},
        {"王丽（女）", "王丽", NULL, {{"gender", "F"}}, NULL},
        {"王麗小姐", "王麗", NULL, {{"gender", "F"}, {"key", "王丽"}}, NULL},
        {"王建国总经理", "王建国", NULL, {{"gender", ""}, {"given", "建国"}}, NULL},
        {"王建国经理先生", "王建国", NULL, {{"gender", "M"}}, NULL},
        {"王建国总", "王建国", NULL, {{"given", "建国"}}, NULL},
        {"王建国(车主)", "王建国", NULL, {{"given", "建国"}}, NULL},
        {"王建国【送修人】", "王建国", NULL, {{"given", "建国"}}, NULL},
        {"Mr.王建国", "王建国", NULL, {{"gender", "M"}}, NULL},
        {"Ms 王丽", "王丽", NULL, {{"gender", "F"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, given_names_that_look_like_titles_stay)
{
    static const struct check_case cases[] = {
        {"陈小生", "陈小生", NULL, {{"given", "小生"}}, NULL},
        {"王董", "王", "surname_only", {{"surname", "王"}}, NULL},
        {"王小董", "王小董", NULL, {{"given", "小董"}}, NULL},
        {"张三女", "张三女", NULL, {{"given", "三女"}}, NULL},
        {"李胜男", "李胜男", NULL, {{"given", "胜男"}}, NULL},
        {"周君", "周君", NULL, {{"given", "君"}}, NULL},
        {"老舍", "老舍", NULL, {{"key", "老舍"}}, NULL},
        {"小泽", "小泽", NULL, {{"key", "小泽"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, a_surname_alone_matches_no_full_name)
{
    static const struct check_case cases[] = {
        {"王", "王", "surname_only", {{"surname", "王"}, {"key", ""}, {"pinyin", ""}}, NULL},
        {"王先生", "王", "surname_only", {{"surname", "王"}, {"gender", "M"}, {"key", ""}}, NULL},
        {"欧阳女士", "欧阳", "surname_only", {{"surname", "欧阳"}, {"gender", "F"}}, NULL},
        {"司徒", "司徒", "surname_only", {{"surname", "司徒"}, {"given", ""}}, NULL},
        {"陈生", "陈", "surname_only", {{"gender", "M"}, {"key", ""}}, NULL},
        {"小李", "李", "surname_only", {{"surname", "李"}}, NULL},
        {"龘", "龘", "incomplete", {{"key", ""}, {"surname", ""}}, NULL},
        {"王**", "王**", "masked", {{"surname", "王"}, {"key", ""}}, NULL},
        {"李*明", "李*明", "masked", {{"surname", "李"}, {"key", ""}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, minorities_names_are_not_parted)
{
    static const struct check_case cases[] = {
        {"买买提·阿不都拉", NULL, NULL, {{"surname", ""}, {"given", ""}}, NULL},
        {"马合木提-依明", "马合木提·依明", NULL, {{"surname", ""}}, NULL},
        {"古丽．巴哈尔", "古丽·巴哈尔", NULL, {{"key", "古丽巴哈尔"}}, NULL},
        {"古丽。巴哈尔", "古丽·巴哈尔", NULL, {{"pinyin", "gulibahaer"}}, NULL},
        {"·王伟·", "王伟", NULL, {{"surname", "王"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, clerks_notes_are_left_out)
{
    static const struct check_case cases[] = {
        {"张伟2", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"张伟(新车)", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"张伟(", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"(张伟)", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"张伟，", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"\"张伟\"", "张伟", NULL, {{"key", "张伟"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, placeholders_are_refused)
{
    static const char *const values[] = {
        "测试", "測試", "测试客户", "客户测试A", "test", "TEST01",     "散客",
        "无",   "無",   "未知",     "客户",      "先生", "王先生测试", "123",
        "0",    "-",    "???",      "....",      "aaa",  "ＸＸＸ",     "客户先生",
        "(无)", "N/A",  "null",     "某某",      "（）", "张三",       "13800138000",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(values[i]), NULL, NULL);
        cr_expect_eq(output.value.length, 0, "%s", values[i]);
        cr_expect_eq(output.part_count, 0, "%s", values[i]);
        cr_expect(output_has(&output, "placeholder"), "%s", values[i]);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_person, what_may_be_a_name_is_kept_with_a_warning)
{
    static const struct check_case cases[] = {
        {"王小明", "王小明", "possible_placeholder", {{"key", "王小明"}}, NULL},
        {"Testa", "Testa", NULL, {{"key", "testa"}}, NULL},
        {"吴敏", "吴敏", NULL, {{"key", "吴敏"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_latin, letters_are_the_key)
{
    static const struct check_case cases[] = {
        {"Wang Xiaoming", "Wang Xiaoming", NULL, {{"key", "wangxiaoming"}}, NULL},
        {"WANGXIAOMING", "Wangxiaoming", NULL, {{"pinyin", "wangxiaoming"}}, NULL},
        {"wang  xiao-ming", "Wang Xiao-Ming", NULL, {{"key", "wangxiaoming"}}, NULL},
        {"Xiaoming Wang", "Xiaoming Wang", NULL, {{"key", "wangxiaoming"}}, NULL},
        {"Yu WANG", "Yu WANG", NULL, {{"key", "wangyu"}}, NULL},
        {"WANG Yu", "WANG Yu", NULL, {{"key", "wangyu"}}, NULL},
        {"Yu, Wang", "YU Wang", NULL, {{"key", "yuwang"}}, NULL},
        {"Shen Jia Bin", "Shen Jia Bin", NULL, {{"key", "shenjiabin"}}, NULL},
        {"Lǚ Bù", "Lǚ Bù", NULL, {{"key", "lvbu"}}, NULL},
        {"JOSÉ GARCÍA", "José García", NULL, {{"key", "josegarcia"}}, NULL},
        {"Mr. John Smith", "John Smith", NULL, {{"gender", "M"}, {"key", "johnsmith"}}, NULL},
        {"O'Neil", "O'Neil", NULL, {{"key", "oneil"}}, NULL},
        {"Иван Петров", "Иван Петров", NULL, {{"key", "иванпетров"}}, NULL},
        {"Wang", "Wang", "surname_only", {{"key", ""}}, NULL},
        {"A", "A", "incomplete", {{"key", ""}}, NULL},
        {"a b c d e f g h i j k l m n o p", NULL, NULL, {{"key", "abcdefghijklmnop"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_person, random_names_never_break_anything)
{
    static const char *const seeds[] = {
        "欧阳娜娜(女士)",  "Mr. Wang, Xiao-Ming",
        "买买提·阿不都拉", "上海鑫达（集团）有限公司分公司",
        "王*明先生2",      "ABC Co., Ltd.",
    };
    struct slice alphabet = SLICE(
        "王欧阳先生总经理老小女()（【】[]·.-*, 0９aＺǘ公司有限厂店上海中国测试无𠮷\uFF0E\u3000");
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    uint64_t state = 11;
    for (int i = 0; i < 30000; i++) {
        struct slice name = text_mutate(arena, slice_of(seeds[i % 6]), alphabet, &state);
        if (name.length == 0)
            continue;
        struct check_output output =
            check_run(reference, arena, CHECK, name, "type", i % 3 == 0 ? "organisation" : NULL);
        cr_assert(text_is_valid(output.value, NULL), "%.*s", SLICE_ARGUMENTS(name));
        for (size_t part = 0; part < output.part_count; part++)
            cr_assert(text_is_valid(output.parts[part].text, NULL), "%.*s", SLICE_ARGUMENTS(name));
        cr_assert(output.value.length > 0 || output.finding_count > 0, "%.*s",
                  SLICE_ARGUMENTS(name));
        arena_reset(arena);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}
