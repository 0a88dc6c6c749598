/* Names of persons as clerks type them: what each form comes to. */
#include "check_support.h"

#include "cust360/base/text.h"

#include <criterion/criterion.h>

#define CHECK "person_or_company_name"

#define EXPECT_CASES(cases) expect_cases(CHECK, "type", cases, sizeof(cases) / sizeof((cases)[0]))

Test(name_forms, every_dot_in_use_is_the_middle_dot)
{
    static const char *const dots[] = {
        "·", "・", "•", "‧", ".", "．", "。", "●", "⋅", "∙", "･", "˙", "᛫", "⸱", "﹒", "-", " · ",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(dots) / sizeof(dots[0]); i++) {
        const char *name = arena_format(arena, "阿不都热依木%s买买提", dots[i]);
        struct check_output output = check_run(reference, arena, CHECK, slice_of(name), NULL, NULL);
        cr_expect(slice_equal(output.value, SLICE("阿不都热依木·买买提")), "%s: %.*s", name,
                  SLICE_ARGUMENTS(output.value));
        cr_expect_eq(output_part(&output, "surname").length, 0, "%s", name);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_forms, long_names_without_a_dot_are_not_parted)
{
    static const struct check_case cases[] = {
        {"阿不都热依木买买提", NULL, NULL, {{"key", "阿不都热依木买买提"}, {"surname", ""}}, NULL},
        {"阿不都热依木 买买提", NULL, NULL, {{"key", "阿不都热依木买买提"}, {"surname", ""}}, NULL},
        {"阿不都热依木?买买提", "阿不都热依木·买买提", NULL, {{"surname", ""}}, NULL},
        {"次仁卓玛", NULL, NULL, {{"surname", ""}}, NULL},
        {"陈方安生", NULL, NULL, {{"surname", "陈"}, {"given", "方安生"}}, NULL},
        {"尉迟敬德", NULL, NULL, {{"surname", "尉迟"}, {"pinyin", "yuchijingde"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, titles_with_and_without_a_given_name)
{
    static const char *const titles[] = {
        "先生", "女士", "小姐", "太太", "经理", "总经理", "老师", "师傅", "總",   "總經理",
        "医生", "醫生", "主任", "会计", "司机", "老师傅", "律师", "教授", "科长", "老板"};
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        const char *surname = arena_format(arena, "王%s", titles[i]);
        const char *whole = arena_format(arena, "王建国%s", titles[i]);
        struct check_output one = check_run(reference, arena, CHECK, slice_of(surname), NULL, NULL);
        cr_expect(slice_equal(one.value, SLICE("王")), "%s", surname);
        cr_expect(output_has(&one, "surname_only"), "%s", surname);
        cr_expect_eq(output_part(&one, "key").length, 0, "%s", surname);
        struct check_output two = check_run(reference, arena, CHECK, slice_of(whole), NULL, NULL);
        cr_expect(slice_equal(two.value, SLICE("王建国")), "%s", whole);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_forms, words_about_the_person)
{
    static const struct check_case cases[] = {
        {"小张师傅", "张", "surname_only", {{"surname", "张"}}, NULL},
        {"老王师傅", "王", "surname_only", {{"surname", "王"}}, NULL},
        {"先生王伟", "王伟", NULL, {{"gender", "M"}}, NULL},
        {"王伟先生/女士", "王伟", NULL, {{"gender", ""}, {"key", "王伟"}}, NULL},
        {"王伟,女", "王伟", NULL, {{"gender", "F"}}, NULL},
        {"王伟 男", "王伟", NULL, {{"gender", "M"}}, NULL},
        {"王美女", "王", "surname_only", {{"gender", "F"}}, NULL},
        {"王某", "王", "surname_only", {{"surname", "王"}}, NULL},
        {"王某某", "王", "surname_only", {{"surname", "王"}}, NULL},
        {"王氏", "王", "surname_only", {{"surname", "王"}}, NULL},
        {"某某", "", "placeholder", {{"key", ""}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, somebody_of_the_family_is_somebody_else)
{
    static const struct check_case cases[] = {
        {"王伟家属", "王伟家属", "relative", {{"key", ""}, {"surname", ""}}, NULL},
        {"王伟之妻", "王伟之妻", "relative", {{"key", ""}}, NULL},
        {"王伟老婆", "王伟老婆", "relative", {{"key", ""}, {"gender", ""}}, NULL},
        {"欧阳娜夫妇", "欧阳娜夫妇", "relative", {{"key", ""}}, NULL},
        {"王儿子", "王儿子", NULL, {{"given", "儿子"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, two_names_in_one_field)
{
    static const char *const names[] = {
        "张伟/李娜",  "张伟、李娜", "张伟,李娜", "张伟；李娜", "张伟 李娜", "张伟　李娜",
        "张伟和李娜", "张伟与李娜", "张伟&李娜", "张伟+李娜",  "张伟|李娜", "张伟先生/李娜女士",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(names[i]), NULL, NULL);
        cr_expect(slice_equal(output.value, SLICE("张伟")), "%s", names[i]);
        cr_expect(slice_equal(output_part(&output, "other"), SLICE("李娜")), "%s", names[i]);
        cr_expect(output_has(&output, "several"), "%s", names[i]);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_forms, spaces_within_one_name)
{
    static const struct check_case cases[] = {
        {"张 伟", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"欧阳 娜娜", "欧阳娜娜", NULL, {{"surname", "欧阳"}}, NULL},
        {"李 明 华", "李明华", NULL, {{"key", "李明华"}}, NULL},
        {"张、伟", "张伟", NULL, {{"key", "张伟"}}, NULL},
        {"白玛 次仁", "白玛次仁", NULL, {{"key", "白玛次仁"}}, NULL},
        {"谢和平", "谢和平", NULL, {{"key", "谢和平"}}, NULL},
        {"张三/李四", "", "placeholder", {{"key", ""}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, numbers_and_plates_are_left_out)
{
    static const char *const names[] = {
        "王伟13812345678",
        "王伟 13812345678",
        "13812345678王伟",
        "王伟138****5678",
        "王伟:13812345678",
        "王伟（代办）",
        "王伟(13812345678)",
        "王伟京A12345",
        "京A12345 王伟",
        "王伟01",
        "1王伟",
        "王伟A",
        "王伟 A",
        "王伟-1",
        "王伟（上海鑫达公司）",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(names[i]), NULL, NULL);
        cr_expect(slice_equal(output.value, SLICE("王伟")), "%s: %.*s", names[i],
                  SLICE_ARGUMENTS(output.value));
        cr_expect(slice_equal(output_part(&output, "key"), SLICE("王伟")), "%s", names[i]);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_forms, hidden_and_lost_characters)
{
    static const struct check_case cases[] = {
        {"王×明", "王*明", "masked", {{"surname", "王"}, {"key", ""}}, NULL},
        {"王XX", "王**", "masked", {{"surname", "王"}, {"key", ""}}, NULL},
        {"王○○", "王**", "masked", {{"surname", "王"}}, NULL},
        {"王?明", "王*明", "masked", {{"surname", "王"}, {"key", ""}}, NULL},
        {"王\uFFFD明", "王*明", "masked", {{"surname", "王"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, a_spelling_beside_the_name_is_its_alias)
{
    static const struct check_case cases[] = {
        {"陈大海 Chan Tai Hoi",
         "陈大海",
         NULL,
         {{"key", "陈大海"}, {"alias", "Chan Tai Hoi"}},
         NULL},
        {"CHAN TAI HOI 陳大海", "陳大海", NULL, {{"key", "陈大海"}}, NULL},
        {"王伟Peter", "王伟", NULL, {{"alias", "Peter"}}, NULL},
        {"张Wei", "张Wei", NULL, {{"pinyin", "zhangwei"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_forms, letters_in_either_order_have_one_key)
{
    static const char *const groups[][6] = {
        {"ZHANG Wei", "Wei Zhang", "Zhang, Wei", "ZhangWei", "WEI ZHANG", "zhang wei"},
        {"Li Xiaoming", "Xiaoming Li", "Xiao Ming Li", "Li Xiao-Ming", "LI, XIAOMING",
         "Li Xiao Ming"},
        {"Ouyang Nana", "Nana Ouyang", "Ou Yang Na Na", "Na Na Ou Yang", "OUYANG Na Na",
         "Ouyang, Nana"},
        {"Chan Tai Man", "Tai Man Chan", "CHAN Tai Man", "Chan, Tai Man", "Tai-Man CHAN",
         "chan tai man"},
        {"Zhuge Liang", "Liang Zhuge", "ZHUGE, Liang", "Liang ZHUGE", "zhuge liang", "ZhugeLiang"},
        {"LYU Bu", "Lü Bu", "Lv Bu", "Bu LYU", "Lyu, Bu", "Bu Lü"},
        {"José García", "García, José", "JOSÉ GARCÍA", "Jose Garcia", "Mr. José García",
         "Garcia, Jose"},
        {"Zhang Wei Mr.", "Mr Zhang Wei", "Zhang Wei", "Mr. Wei Zhang", "ZHANG WEI MR",
         "Zhang Wei (Mr)"},
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++) {
        struct check_output first =
            check_run(reference, arena, CHECK, slice_of(groups[group][0]), NULL, NULL);
        for (size_t i = 1; i < 6; i++) {
            struct check_output other =
                check_run(reference, arena, CHECK, slice_of(groups[group][i]), NULL, NULL);
            struct slice key = output_part(&other, "key");
            cr_expect(slice_equal(output_part(&first, "key"), key), "%s: %.*s", groups[group][i],
                      SLICE_ARGUMENTS(key));
        }
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_forms, letters)
{
    static const struct check_case cases[] = {
        {"Hans Müller", "Hans Müller", NULL, {{"key", "hansmuller"}}, NULL},
        {"Mrs. Smith", "Smith", "surname_only", {{"gender", "F"}, {"key", ""}}, NULL},
        {"Wang Mr", "Wang", "surname_only", {{"gender", "M"}}, NULL},
        {"Peter CHAN Tai Man", "Peter CHAN Tai Man", NULL, {{"key", "chantaimanpeter"}}, NULL},
        {"Chan Tai Man, Peter", "Chan Tai Man Peter", NULL, {{"key", "chantaimanpeter"}}, NULL},
        {"Tsai, Ing-wen", "TSAI Ing-wen", NULL, {{"key", "tsaiingwen"}}, NULL},
        {"Ping Yeh", NULL, NULL, {{"key", "yehping"}}, NULL},
        {"Li Yang", NULL, NULL, {{"key", "liyang"}}, NULL},
    };
    EXPECT_CASES(cases);
}
