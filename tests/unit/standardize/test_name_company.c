#include "check_support.h"

#include <criterion/criterion.h>

#define CHECK "person_or_company_name"

#define EXPECT_CASES(cases) expect_cases(CHECK, "type", cases, sizeof(cases) / sizeof((cases)[0]))

Test(name_company, all_spellings_of_one_company_share_a_key)
{
    static const char *const spellings[] = {
        "上海鑫达商贸有限公司",
        "上海市鑫达商贸有限公司",
        "鑫达商贸有限公司",
        "鑫达商贸有限责任公司",
        "鑫达商贸公司",
        "鑫达商贸（上海）有限公司",
        "鑫达(上海)商贸有限公司",
        "鑫達商貿有限公司",
        "上海鑫達商貿有限責任公司 ",
        "上海（鑫达）商贸有限公司",
        "上海市浦东新区鑫达商贸有限公司",
        "中国鑫达商贸有限公司",
        "鑫达商贸【上海】有限公司",
        "上海 鑫达 商贸 有限公司",
        "鑫达商贸有限公司（中国）",
        "广西壮族自治区南宁市鑫达商贸有限公司",
        "甘南藏族自治州鑫达商贸公司",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(spellings[i]), NULL, NULL);
        struct slice key = output_part(&output, "key");
        cr_expect(slice_equal(key, SLICE("鑫达商贸")), "%s: %.*s", spellings[i],
                  SLICE_ARGUMENTS(key));
        cr_expect(slice_equal(output_part(&output, "pinyin"), SLICE("xindashangmao")));
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_company, other_companies_have_other_keys)
{
    static const struct check_case cases[] = {
        {"鑫达商贸股份有限公司", NULL, NULL, {{"key", "鑫达商贸股份"}, {"core", "鑫达商贸"}}, NULL},
        {"鑫达商贸股份公司", NULL, NULL, {{"key", "鑫达商贸股份"}}, NULL},
        {"鑫达集团有限公司", NULL, NULL, {{"key", "鑫达集团"}, {"core", "鑫达"}}, NULL},
        {"鑫达(集团)有限公司", NULL, NULL, {{"key", "鑫达集团"}}, NULL},
        {"鑫达集团", NULL, NULL, {{"key", "鑫达集团"}}, NULL},
        {"鑫达商贸有限公司上海分公司", NULL, NULL, {{"key", "鑫达商贸上海分公司"}}, NULL},
        {"鑫达商贸有限公司", NULL, NULL, {{"key", "鑫达商贸"}}, NULL},
        {"黄山旅游有限公司", NULL, NULL, {{"key", "黄山旅游"}}, NULL},
        {"长春汽车有限公司", NULL, NULL, {{"key", "长春汽车"}}, NULL},
        {"北京市朝阳区人民医院", NULL, NULL, {{"key", "北京市朝阳区人民医院"}}, NULL},
        {"大安区人民法院", NULL, NULL, {{"key", "大安区人民法院"}}, NULL},
        {"鑫达企业管理合伙企业（有限合伙）", NULL, NULL, {{"key", "鑫达企业管理合伙企业"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, is_written_in_one_form)
{
    static const struct check_case cases[] = {
        {"鑫达商贸(上海)有限公司", "鑫达商贸（上海）有限公司", NULL, {{NULL, NULL}}, NULL},
        {"鑫达商贸[上海]有限公司", "鑫达商贸（上海）有限公司", NULL, {{NULL, NULL}}, NULL},
        {"鑫达　商贸 有限公司", "鑫达商贸有限公司", NULL, {{NULL, NULL}}, NULL},
        {"ＡＢＣ商贸有限公司", "ABC商贸有限公司", NULL, {{"key", "abc商贸"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, in_letters_loses_its_legal_form)
{
    static const struct check_case cases[] = {
        {"ABC Co., Ltd.", "ABC Co., Ltd.", NULL, {{"key", "abc"}}, NULL},
        {"ABC CO LTD", "ABC CO LTD", NULL, {{"key", "abc"}}, NULL},
        {"Abc Trading Company Limited", NULL, NULL, {{"key", "abctrading"}}, NULL},
        {"Siemens GmbH", NULL, NULL, {{"key", "siemens"}}, NULL},
        {"Bosch Inc.", NULL, NULL, {{"core", "bosch"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, the_name_decides_when_nothing_else_does)
{
    static const struct check_case cases[] = {
        {"鑫达汽修厂", NULL, NULL, {{"key", "鑫达汽修厂"}, {"surname", ""}}, NULL},
        {"幸福路小学", NULL, NULL, {{"surname", ""}}, NULL},
        {"王中心", NULL, NULL, {{"surname", "王"}}, NULL},
        {"鑫达商贸有限公司", NULL, "type_conflict", {{"key", "鑫达商贸"}}, "person"},
        {"王建国", NULL, NULL, {{"key", "王建国"}, {"surname", ""}}, "organisation"},
        {"王建国", NULL, NULL, {{"key", "王建国"}, {"surname", "王"}}, "person"},
        {"软件测试有限公司", "软件测试有限公司", NULL, {{"key", "软件测试"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, placeholders_are_refused)
{
    static const struct check_case cases[] = {
        {"公司", "", "placeholder", {{"key", ""}}, "organisation"},
        {"测试", "", "placeholder", {{"key", ""}}, "organisation"},
        {"保险公司", "", "placeholder", {{"key", ""}}, NULL},
        {"123", "", "placeholder", {{"key", ""}}, "organisation"},
    };
    EXPECT_CASES(cases);
}
